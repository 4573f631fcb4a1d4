"""A patient's standing in lines: what may be dispensed now, then the limits behind it, then what comes back."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import assert_never

from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.allotment import CannotTell, CategoryStanding, NotForAge, NotLimited
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.people import Card, Patient, age_on
from pcc_desk.domain.registry import CardNotFound, RegistryStanding
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.verification import NotVerified, UnderOutage, Verified
from pcc_desk.domain.withheld import Withheld
from pcc_desk.screens.allotments.comes_back import comes_back
from pcc_desk.screens.allotments.limit_lines import limits
from pcc_desk.screens.words import (
    amount,
    answer_words,
    day_words,
    now_words,
    until,
)
from pcc_desk.widgets.sheet import Line, bar

BAR_WIDTH = 10

_SOLID = frozenset({"edible", "capsule", "topical", "suppository", "transdermal"})
_LIQUID = frozenset({"liquid", "tincture"})

TOGETHER = (
    ("flower", frozenset({"flower", "preroll", "shake"})),
    ("concentrate", frozenset({"concentrate", "vape", "infused_preroll"})),
    ("infused solid", _SOLID),
    ("infused liquid", _LIQUID),
    ("infused", _SOLID | _LIQUID),
    ("all but flower", _SOLID | _LIQUID | {"concentrate", "vape", "infused_preroll"}),
)
"""How a row of several categories is headed: by the first word that names no more than them all."""


def name_line(patient: Patient, today: date) -> Line:
    """Return who it is."""
    return ((patient.name, "heading"), (f"   born {patient.born} ({age_on(patient.born, today)})", ""))


def clocks_line(patient: Patient, cards: tuple[Card, ...], today: date) -> Line:
    """Return the two clocks: card and certification."""
    parts: list[tuple[str, str]] = []
    card = next((each for each in cards if not each.renewed_as), None)
    if card is None:
        parts.append(("no card on record", "danger"))
    else:
        left = until(card.expires_on, today)
        parts.append((f"card {card.number} to {card.expires_on}", "warning" if left else ""))
        if left:
            parts.append((f" ({left})", "warning"))
    certified = patient.certification_expires
    if isinstance(certified, Withheld):
        parts.append((f"   certification {certified}", "muted"))
    elif certified is None:
        parts.append(("   certification unknown", "warning"))
    else:
        left = until(certified, today)
        parts.append((f"   certification to {certified}{f' ({left})' if left else ''}", "warning" if left else ""))
    return tuple(parts)


def rules_words(known: PatientStanding) -> str:
    """Return which rules are gone by, and whose file says them."""
    rules = known.standing.rules
    return f"rules {rules.ruleset}{', the shop’s own file' if rules.is_shops_own else ''}"


def source_line(known: PatientStanding, shop: Shop, today: date) -> Line:
    """Return on what the figures rest."""
    words = answer_words(known.verification, shop, today)
    match known.proof:
        case UnderOutage():
            return ((f"Own record only: {words}.", "warning"),)
        case NotVerified(reason=reason, of_another=of_another):
            answer = known.verification.answer if known.verification else None
            is_stale = isinstance(answer, RegistryStanding | CardNotFound) and not of_another
            return ((f"No longer fresh: {words}. r asks again." if is_stale else reason, "warning"),)
        case Verified(verification=verification):
            if isinstance(verification.answer, Unanswered):
                words = "own rules: no registry is asked here"
            is_good = not isinstance(verification.answer, CardNotFound) and getattr(verification.answer, "active", True)
            return (
                (f"{words}{_beside(known)} · {rules_words(known)}", "" if is_good else "danger"),
                ("" if known.standing.is_trusted else "  of low confidence: the registry decides", "warning"),
            )
        case _:
            assert_never(known.proof)


def beside_line(known: PatientStanding) -> Line:
    """Return what came back for the other cards of the person; nothing where they have one."""
    if isinstance(known.proof, NotVerified) and known.proof.of_another:
        return ((known.proof.reason, "warning"),)
    others = ", ".join(each.card_number for each in known.beside)
    return ((f"Also asked for card {others}, which is theirs too: the lower answer counts.", ""),) if others else ()


def _beside(known: PatientStanding) -> str:
    """Return for which other cards of the person it was asked as well: the lower answer counts."""
    others = ", ".join(each.card_number for each in known.beside)
    return f", also for card {others}" if others else ""


def rows_together(known: PatientStanding) -> Iterator[tuple[str, CategoryStanding]]:
    """Yield one row for categories that are weighed alike, since their figures are one and the same."""
    alike: dict[tuple[object, ...], list[CategoryStanding]] = {}
    for each in known.standing.categories:
        terms = tuple(limit.limit.terms_for(each.category) for limit in known.standing.limits)
        key = (*terms, each.now) if isinstance(each.now, NotForAge) else terms if any(terms) else (each.category,)
        alike.setdefault(key, []).append(each)
    for rows in alike.values():
        yield together([each.category for each in rows], known.standing.rules.categories), rows[0]


def together(categories: Sequence[str], known: Sequence[str]) -> str:
    """Return how categories that are weighed alike are headed.

    By a word for them all, where all that the rules know of what the word names are among them; else by the first and
    how many more there are.
    """
    first = categories[0].replace("_", " ")
    for heading, members in TOGETHER:
        if len(categories) > 1 and set(categories) <= members and set(categories) >= members & set(known):
            return heading
    return first if len(categories) == 1 else f"{first} +{len(categories) - 1} more"


def may_be_dispensed(known: PatientStanding) -> Iterator[Line]:
    """Yield the answer: how much of each category may be dispensed now."""
    rows = list(rows_together(known))
    binding = next((each.binding for _, each in rows if each.binding and isinstance(each.now, int)), None)
    yield (("MAY BE DISPENSED NOW", "heading"), (f"      binding: {binding.window}" if binding else "", "muted"))
    for name, each in rows:
        yield _category_line(name, each)


def _category_line(name: str, each: CategoryStanding) -> Line:
    if isinstance(each.now, CannotTell):
        return ((f"  {name:<16}", ""), (f"{'cannot tell':>12}   ", "warning"), (each.now.reason, "muted"))
    if isinstance(each.now, NotForAge) or isinstance(each.whole, NotForAge):
        return ((f"  {name:<16}", ""), (f"{now_words(each):>12}   ", "danger"), (f"{each.now}", "muted"))
    if isinstance(each.now, NotLimited) or isinstance(each.whole, NotLimited):
        return ((f"  {name:<16}", ""), (f"{'no limit':>12}   ", "good"), ("the rules do not count it", "muted"))
    share = None if isinstance(each.whole, CannotTell) else Fraction(each.now, each.whole or 1)
    tone = "danger" if each.now == 0 else "warning" if share is not None and share < Fraction(1, 5) else ""
    words = "nothing left" if each.now == 0 else "" if share is None else f"{int(share * 100)} % left"
    parts: list[tuple[str, str]] = [
        (f"  {name:<16}", ""),
        (f"{('≤ ' if each.is_at_most else '') + now_words(each):>12}   ", tone or "good"),
        (f"{'of an unknown whole' if share is None else bar(share, BAR_WIDTH)} ", "muted" if share is None else tone),
        (f"{words:<13}", tone),
    ]
    if each.then is not None:
        more = amount(int(each.then.amount), each.basis)
        parts.append((f"{day_words(each.then.on)} +{more}", "muted"))
    beside = " · ".join(f"{amount(bound.amount, bound.basis)}" for bound in each.beside)
    if beside:
        parts.append((f"  and {beside}", "muted"))
    elif each.is_at_most:
        parts.append(("  other cannabinoids count too", "muted"))
    return tuple(parts)


def standing_lines(known: PatientStanding, shop: Shop, today: date) -> tuple[Line, ...]:
    """Return the whole sheet: the answer before the evidence."""
    return (
        name_line(known.patient, today),
        clocks_line(known.patient, known.cards, today),
        source_line(known, shop, today),
        (),
        *may_be_dispensed(known),
        (),
        *limits(known),
        (),
        *comes_back(known, today),
    )


def short_standing(known: PatientStanding) -> Line:
    """Return the standing in one line, for the chart's head."""
    told, untold = [], []
    for name, each in rows_together(known):
        if isinstance(each.now, CannotTell):
            untold.append(name)
        elif isinstance(each.now, int):
            told.append(f"{name.removeprefix('infused ')} {amount(each.now, each.basis, short=True)}")
    if not told:
        return (("now  cannot tell", "warning"),)
    ask = f" · ask for {', '.join(untold)}" if untold else ""
    return ((f"now  {' · '.join(told)}{ask}", ""),)
