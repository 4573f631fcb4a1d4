"""Tells in sentences what is different between two texts of rules (`rules_text`)."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Potency, RegistryFigure, Term
from pcc_desk.domain.windows import Anchor, Window
from pcc_desk.rulebook.canonical import KINDS, SCHEMA, Document
from pcc_desk.rulebook.words import measured, registry_words, smallest, unit_of, window_words

UNREADABLE = "the earlier rules were kept in a form that this version cannot compare"
NOT_SPOKEN_OF = "not spoken of"
EXCLUDED = "does not count"
UNKNOWN = "counts, by a conversion that nobody published"

_SETTERS = {"fixed": "the rules", "practitioner": "the practitioner", "registry": "the registry"}

_PLAIN = (
    ("confidence", "confidence"),
    ("ounce_g", "an ounce in grams"),
    ("card_ends", "a card is good until"),
    ("day_begins", "a day begins at"),
    ("of_age", "somebody buys for themselves at the age of"),
    ("not_below", "kept from the young"),
    ("gives_back", "gives allowance back"),
    ("ignores_before", "purchases do not count before"),
    ("orders_before", "older rules hold for orders that began before"),
)

_OUTAGE = (
    ("policy", "selling while the registry is out"),
    ("sales_allowed", "sales go on"),
    ("why", "why"),
    ("entry_deadline_hours", "hours to enter sales afterwards"),
    ("oversale_report_hours", "hours to report over-sales"),
    ("notice_first", "notice comes first"),
    ("override_forbidden", "letting a sale over a limit out by hand is forbidden"),
)

_OF_LIMIT = (
    ("first_amount", "amount of the first period"),
    ("is_ceiling", "no practitioner may go above it"),
    ("cohort", "binds only"),
    ("replaces", "takes the place of"),
    ("is_per_dispensary", "counts for each dispensary by itself"),
    ("is_per_item", "bounds each item"),
    ("confidence", "confidence"),
)

_WORDS = (
    ("ruleset", "rule set"),
    ("effective_from", "in force from"),
    ("effective_to", "in force until"),
    ("name", "name"),
    ("program", "programme"),
    ("as_of", "evidence as of"),
    ("retention_years", "years that records are kept"),
)


def differences(old_text: str, new_text: str) -> tuple[str, ...]:
    """Return what is different, a clause for each: what a sale goes by first, then the words about it."""
    return tuple(chain(binding_differences(old_text, new_text), _told(_words, old_text, new_text)))


def binding_differences(old_text: str, new_text: str) -> tuple[str, ...]:
    """Return only the differences that a sale goes by: those that change the fingerprint."""
    return _told(_binding, old_text, new_text)


def _told(compare: Callable[[Document, Document], Iterator[str]], old_text: str, new_text: str) -> tuple[str, ...]:
    try:
        old, new = json.loads(old_text), json.loads(new_text)
        if (old["schema"], new["schema"]) != (SCHEMA, SCHEMA):
            return (UNREADABLE,) if compare is _binding else ()
        return tuple(compare(old, new))
    except (ValueError, KeyError, TypeError, AttributeError):
        return (UNREADABLE,) if compare is _binding else ()


def _binding(old: Document, new: Document) -> Iterator[str]:
    if old["jurisdiction"] != new["jurisdiction"]:
        yield f"jurisdiction {old['jurisdiction']} → {new['jurisdiction']}"
    before, after = old["binding"], new["binding"]
    ounces = Fraction(before["ounce_g"]) * 1000, Fraction(after["ounce_g"]) * 1000
    yield from _limits(before["limits"], after["limits"], ounces, "")
    yield from _plain(before, after, _PLAIN, "")
    yield from _plain(before["outage"], after["outage"], _OUTAGE, "outage: ")
    yield from _limits(before["outage"]["limits"], after["outage"]["limits"], ounces, "outage: ")
    said, says = dict(before["people"]), dict(after["people"])
    yield from _plain(said, says, tuple((who, who) for who in sorted(said.keys() | says.keys())), "")


def _words(old: Document, new: Document) -> Iterator[str]:
    before, after = old["words"], new["words"]
    yield from _plain(before, after, _WORDS, "")
    for key, called in (("citation", "citation"), ("source", "source"), ("notes", "note")):
        yield from (f"{called} taken out: {each}" for each in before[key] if each not in after[key])
        yield from (f"{called} new: {each}" for each in after[key] if each not in before[key])


def _plain(before: Document, after: Document, keys: tuple[tuple[str, str], ...], about: str) -> Iterator[str]:
    for key, called in keys:
        if before.get(key) != after.get(key):
            yield f"{about}{called}: {_said(before.get(key))} → {_said(after.get(key))}"


def _said(value: Any) -> str:
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value).replace("_", " ")


def _limits(old: Document, new: Document, ounces: tuple[Fraction, Fraction], about: str) -> Iterator[str]:
    pairs = _pairs(old, new)
    for name in old:
        if name not in pairs.values():
            yield f"{about}the limit {name} is gone: {_whole(old[name])}"
    for name, limit in new.items():
        was = pairs.get(name)
        if was is None:
            yield f"{about}a new limit {name}: {_whole(limit)}"
            changes = _changed({}, _conversions(limit, ounces[1]), limit["unit"], limit["unit"])
        else:
            changes = _limit(old[was], limit, ounces)
        if was not in {name, None}:
            yield f"{about}the limit {was} is called {name} now"
        yield from (f"{about}{name}: {each}" for each in changes)


def _pairs(old: Document, new: Document) -> dict[str, str]:
    """Return for each new limit the old one that it is, or that it stands for: the likest of those without a match."""
    pairs = {name: name for name in new if name in old}
    for alike in (("window", "cohort", "unit"), ("window", "cohort"), ("unit", "cohort")):
        for name in new:
            for was in old:
                if (
                    name not in pairs
                    and was not in pairs.values()
                    and all(old[was][key] == new[name][key] for key in alike)
                ):
                    pairs[name] = was
    return pairs


def _whole(limit: Document) -> str:
    return f"{_amount(limit)}, {window_words(window_of(limit['window']))}"


def _amount(limit: Document) -> str:
    if limit["amount"] is None:
        return f"as {_SETTERS[limit['source']]} says, in {limit['unit']}"
    return f"{limit['amount']} {limit['unit']}"


def _limit(old: Document, new: Document, ounces: tuple[Fraction, Fraction]) -> Iterator[str]:
    if (old["amount"], old["unit"]) != (new["amount"], new["unit"]):
        before = old["amount"] if old["unit"] == new["unit"] and old["amount"] and new["amount"] else _amount(old)
        yield f"amount {before} → {_amount(new)}"
    if old["source"] != new["source"]:
        yield f"who sets the amount: {_SETTERS[old['source']]} → {_SETTERS[new['source']]}"
    if old["window"] != new["window"]:
        yield f"counts in {window_words(window_of(old['window']))} → {window_words(window_of(new['window']))}"
    yield from _changed(_conversions(old, ounces[0]), _conversions(new, ounces[1]), old["unit"], new["unit"])
    yield from _plain(old, new, _OF_LIMIT, "")
    if old["registry"] != new["registry"]:
        yield f"where the registry's figure stands: {_figure(old['registry'])} → {_figure(new['registry'])}"


def _figure(figure: Document | None) -> str:
    return registry_words(RegistryFigure(**figure)) if figure else "nowhere"


def _conversions(limit: Document, ounce_mg: Fraction) -> dict[str, str]:
    """Return what is said of each category that a limit names."""
    found = dict.fromkeys(limit["excluded"], EXCLUDED) | dict.fromkeys(limit["unknown"], UNKNOWN)
    for document in limit["terms"]:
        words = measured(term_of(document, ounce_mg), ounce_mg)
        for category in document["cat"]:
            joint = " or " if document["where"] else " + "
            found[category] = f"{found[category]}{joint}{words}" if category in found else words
    return found


def _changed(before: dict[str, str], after: dict[str, str], old_unit: str, unit: str) -> Iterator[str]:
    """Tell of the categories whose conversion changed, those of the same change together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for category in sorted(before.keys() | after.keys()):
        change = before.get(category, NOT_SPOKEN_OF), after.get(category, NOT_SPOKEN_OF)
        if change[0] != change[1]:
            groups.setdefault(change, []).append(category)
    for (said, says), categories in groups.items():
        named, one = ", ".join(categories), f"1 {unit_of(unit)} ="
        counts = "counts" if len(categories) == 1 else "count"
        if says in {NOT_SPOKEN_OF, EXCLUDED, UNKNOWN}:
            yield f"{named}: {says} now (before: {said})"
        elif said in {NOT_SPOKEN_OF, EXCLUDED}:
            yield f"{named} now {counts}: {one} {says}"
        elif said == UNKNOWN:
            yield f"{named} now {counts} by a known conversion: {one} {says}"
        else:
            yield f"{named}: 1 {unit_of(old_unit)} = {said} → {one} {says}"


def window_of(document: Document) -> Window:
    """Return the window that a text of rules has. Raises `KeyError` or `TypeError` for what it cannot be."""
    given = {key: value for key, value in document.items() if key != "kind"}
    if "anchor" in given:
        given["anchor"] = Anchor(given["anchor"])
    window: Window = KINDS[document["kind"]](**given)
    return window


def term_of(document: Document, ounce_mg: Fraction) -> Term:
    """Return the term that a text of rules has."""
    basis = Basis(document["basis"])
    tier = document["where"]
    where = Potency(_exact(tier["above"]), _exact(tier["at_most"])) if tier else None
    per = Fraction(document["per"]) * smallest(basis, ounce_mg)
    return Term(tuple(document["cat"]), basis, per, where, document["rounds_up"])


def _exact(written: str | None) -> Fraction | None:
    return None if written is None else Fraction(written)
