"""A patient's standing in lines: what may be dispensed now, then the limits behind it, then what comes back."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import assert_never

from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.allotment import CannotTell, CategoryStanding, LimitStanding, NotLimited
from pcc_desk.domain.people import age_on
from pcc_desk.domain.registry import CardNotFound, RegistryStanding
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.verification import NotVerified, UnderOutage, Verified
from pcc_desk.screens.words import (
    amount,
    answer_words,
    day_words,
    figure,
    now_words,
    short_unit,
    until,
    used_figure,
)
from pcc_desk.widgets.sheet import Line, bar

BAR_WIDTH = 10

TOGETHER = {
    "flower": "flower",
    "edible": "infused solid",
    "vape": "vape",
    "liquid": "infused liquid",
}
"""How rows of categories that share a conversion are headed: by their first category in the rule file."""


def name_line(known: PatientStanding, today: date) -> Line:
    """Return who it is."""
    patient = known.patient
    return ((patient.name, "heading"), (f"   born {patient.born} ({age_on(patient.born, today)})", ""))


def clocks_line(known: PatientStanding, today: date) -> Line:
    """Return the two clocks: card and certification."""
    parts: list[tuple[str, str]] = []
    card = next((each for each in known.cards if not each.renewed_as), None)
    if card is None:
        parts.append(("no card on record", "danger"))
    else:
        left = until(card.expires_on, today)
        parts.append((f"card {card.number} to {card.expires_on}", "warning" if left else ""))
        if left:
            parts.append((f" ({left})", "warning"))
    certified = known.patient.certification_expires
    if certified is None:
        parts.append(("   certification unknown", "warning"))
    else:
        left = until(certified, today)
        parts.append((f"   certification to {certified}{f' ({left})' if left else ''}", "warning" if left else ""))
    return tuple(parts)


def source_line(known: PatientStanding, shop: Shop, today: date) -> Line:
    """Return on what the figures rest."""
    words = answer_words(known.verification, shop, today)
    match known.proof:
        case UnderOutage():
            return ((f"Own record only: {words}.", "warning"),)
        case NotVerified(reason=reason):
            answer = known.verification.answer if known.verification else None
            is_stale = isinstance(answer, RegistryStanding | CardNotFound)
            return ((f"No longer fresh: {words}. r asks again." if is_stale else reason, "warning"),)
        case Verified(verification=verification):
            is_good = isinstance(verification.answer, RegistryStanding) and verification.answer.active
            return ((f"{words} · rules {known.standing.rules.ruleset}", "" if is_good else "danger"),)
        case _:
            assert_never(known.proof)


def rows_together(known: PatientStanding) -> Iterator[tuple[str, CategoryStanding]]:
    """Yield one row for categories that are weighed alike, since their figures are one and the same."""
    seen: set[tuple[object, ...]] = set()
    for each in known.standing.categories:
        terms = tuple(limit.term(each.category) for limit in known.standing.rules.limits)
        if all(terms):
            if terms in seen:
                continue
            seen.add(terms)
        yield TOGETHER.get(each.category, each.category) if all(terms) else each.category, each


def may_be_dispensed(known: PatientStanding) -> Iterator[Line]:
    """Yield the answer: how much of each category may be dispensed now."""
    binding = next((each.binding for _, each in rows_together(known) if each.binding), None)
    yield (("MAY BE DISPENSED NOW", "heading"), (f"      binding: {binding.window}" if binding else "", "muted"))
    for name, each in rows_together(known):
        yield _category_line(name, each)


def _category_line(name: str, each: CategoryStanding) -> Line:
    if isinstance(each.now, CannotTell) or isinstance(each.whole, CannotTell):
        reason = each.now.reason if isinstance(each.now, CannotTell) else ""
        return ((f"  {name:<15}", ""), (f"{'cannot tell':>12}   ", "warning"), (reason, "muted"))
    if isinstance(each.now, NotLimited) or isinstance(each.whole, NotLimited):
        return ((f"  {name:<15}", ""), (f"{'no limit':>12}   ", "good"), ("the rules do not count it", "muted"))
    share = Fraction(each.now, each.whole) if each.whole else Fraction(0)
    tone = "danger" if each.now == 0 else "warning" if share < Fraction(1, 5) else ""
    words = "nothing left" if each.now == 0 else f"{int(share * 100)} % left"
    parts: list[tuple[str, str]] = [
        (f"  {name:<15}", ""),
        (f"{now_words(each):>12}   ", tone or "good"),
        (f"{bar(share, BAR_WIDTH)} ", tone),
        (f"{words:<13}", tone),
    ]
    if each.then is not None:
        more = amount(int(each.then.amount), each.basis)
        parts.append((f"{day_words(each.then.on)} +{more}", "muted"))
    return tuple(parts)


def limits(known: PatientStanding) -> Iterator[Line]:
    """Yield each limit with what was used, what is left, and from where that is known."""
    yield (("LIMITS", "heading"), (f"{'amount':>20}{'own used':>11}{'left':>13}   known from", "muted"))
    for each in known.standing.limits:
        unit = short_unit(each.limit.unit)
        whole = f"{figure(each.amount)} {unit}"
        tone = "warning" if isinstance(each.left, CannotTell) else ""
        yield (
            (f"  {each.limit.window!s:<12}{whole:>12}{used_figure(each.used):>11}", ""),
            (f"{figure(each.left):>13}   ", tone),
            (_known_from(known, each), "muted"),
        )


def _known_from(known: PatientStanding, each: LimitStanding) -> str:
    if known.standing.rests_on_own_record:
        return "own record only"
    if isinstance(each.registry_left, CannotTell):
        return each.registry_left.reason
    system = known.verification.system if known.verification else "registry"
    if isinstance(each.own_left, CannotTell):
        return f"{system} {figure(each.registry_left)} · own sum: {each.own_left.reason}"
    said = f"{system} {figure(each.registry_left)} · own sum {figure(each.own_left)}"
    if each.registry_left == each.own_left:
        return said
    return f"{said} · {system if each.registry_left < each.own_left else 'own sum'} counts"


def comes_back(known: PatientStanding) -> Iterator[Line]:
    """Yield when our own purchases come back, limit by limit."""
    yield (("COMES BACK", "heading"), ("   of what was dispensed here", "muted"))
    for each in known.standing.limits:
        days = [f"{day_words(back.on)} {figure(back.amount)}" for back in each.releases]
        words = " · ".join(days[:6]) + (f" · {len(days) - 6} more" if len(days) > 6 else "")
        yield ((f"  {each.limit.window!s:<12}{words or 'nothing to come back'}", ""),)


def standing_lines(known: PatientStanding, shop: Shop, today: date) -> tuple[Line, ...]:
    """Return the whole sheet: the answer before the evidence."""
    return (
        name_line(known, today),
        clocks_line(known, today),
        source_line(known, shop, today),
        (),
        *may_be_dispensed(known),
        (),
        *limits(known),
        (),
        *comes_back(known),
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
