"""A patient's standing in lines: what may be dispensed now, then the limits behind it, then what comes back."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import assert_never

from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.allotment import CannotTell, CategoryStanding, LimitStanding, NotForAge, NotLimited
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.people import Card, Patient, age_on
from pcc_desk.domain.registry import CardNotFound, RegistryStanding
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.verification import NotVerified, UnderOutage, Verified
from pcc_desk.domain.windows import Possession
from pcc_desk.domain.withheld import Withheld
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


def limits(known: PatientStanding) -> Iterator[Line]:
    """Yield each limit, the one that binds most first, with what was used, what is left, and how that is known."""
    standings = by_tightness(known.standing.limits)
    names = limit_names(standings)
    wide = max(map(len, names), default=0) + 2
    yield (("LIMITS", "heading"), (f"{'amount':>{wide + 9}}{'own used':>13}{'left':>13}   known from", "muted"))
    for name, each in zip(names, standings, strict=True):
        whole = figure(each.amount) + ("" if isinstance(each.amount, CannotTell) else f" {short_unit(each.limit.unit)}")
        tone = "warning" if isinstance(each.left, CannotTell) else ""
        yield (
            (f"  {name:<{wide}}{whole:>13}{_used(each):>13}", ""),
            (f"{figure(each.left):>13}   ", tone),
            (_known_from(known, each), "muted"),
        )
        if _is_on_paper(known, each):
            yield ((f"      {each.remark}", "muted"),)


def by_tightness(limits: Sequence[LimitStanding]) -> list[LimitStanding]:
    """Return limits, the one that binds most first."""
    return sorted(limits, key=_tightness)


def _tightness(each: LimitStanding) -> tuple[int, Fraction]:
    """Return what limits are sorted by: the least share left first, what cannot be told last."""
    if isinstance(each.left, CannotTell) or isinstance(each.amount, CannotTell):
        return 1, Fraction(0)
    return 0, each.left / each.amount if each.amount else Fraction(0)


def _used(each: LimitStanding) -> str:
    """Return what was used; of what a patient holds at home nothing is seen."""
    return "not seen" if isinstance(each.limit.window, Possession) else used_figure(each.used)


LONGEST_NAME = 26


def limit_names(limits: Sequence[LimitStanding]) -> list[str]:
    """Return what limits are called: by their time, and by what they count where several have the same time."""
    times = [str(each.limit.window) for each in limits]
    names = []
    for time, each in zip(times, limits, strict=True):
        of_what = each.limit.unit.removeprefix(short_unit(each.limit.unit)).strip(" ,")
        name = f"{time} {of_what}".strip() if times.count(time) > 1 else time
        names.append(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…")
    return names


def _is_on_paper(known: PatientStanding, each: LimitStanding) -> bool:
    """Whether the amount was set for this patient by a paper."""
    return any(amount.limit_id == each.limit.id for amount in known.entitlement.amounts)


def _known_from(known: PatientStanding, each: LimitStanding) -> str:
    aside = f" · {figure(each.held)} held in another visit" if each.held else ""
    remark = f" · {each.remark}" if each.remark and not _is_on_paper(known, each) else ""
    if known.standing.rests_on_own_record:
        return f"own record only{aside}{remark}"
    if isinstance(each.registry_left, CannotTell):
        is_own = isinstance(each.left, Fraction)
        return f"own rules, one sale at a time{remark}" if is_own else each.registry_left.reason
    system = known.verification.source if known.verification else "registry"
    if isinstance(each.own_left, CannotTell):
        return f"{system} {figure(each.registry_left)} · own sum: {each.own_left.reason}"
    said = f"{system} {figure(each.registry_left)} · own sum {figure(each.own_left)}"
    if each.registry_left == each.own_left:
        return f"{said}{aside}{remark}"
    return f"{said} · {system if each.registry_left < each.own_left else 'own sum'} counts{aside}{remark}"


TIMELINE = 31
"""Cells of the small timeline."""

HEIGHTS = "▁▂▃▄▅▆▇█"


def comes_back(known: PatientStanding, today: date) -> Iterator[Line]:
    """Yield when our own purchases come back, limit by limit: a small timeline, then the days."""
    standings = [each for each in by_tightness(known.standing.limits) if each.releases]
    if not standings:
        is_untold = any(isinstance(each.used, CannotTell) for each in known.standing.limits)
        words = "cannot tell what counts now" if is_untold else "nothing: no purchase of here counts now"
        yield (("COMES BACK", "heading"), (f"   {words}", "muted"))
        return
    last = max(back.on for each in standings for back in each.releases)
    days = (last - today).days
    span = f"{days} days" if days != 1 else "tomorrow"
    yield (("COMES BACK", "heading"), (f"   of what was dispensed here, today to {day_words(last)} ({span})", "muted"))
    names = limit_names(standings)
    wide = max(map(len, names)) + 2
    for name, each in zip(names, standings, strict=True):
        told = [f"{day_words(back.on)} {figure(back.amount)}" for back in each.releases]
        words = " · ".join(told[:4]) + (f" · {len(told) - 4} more" if len(told) > 4 else "")
        yield ((f"  {name:<{wide}}", ""), (f"▕{timeline(each, today, days)}▏ ", "good"), (words, ""))


def timeline(standing: LimitStanding, today: date, days: int) -> str:
    """Return a row of cells from today on, each as high as the share of the limit that comes back in it."""
    per_cell = max(-(-days // TIMELINE), 1)
    cells = [Fraction(0)] * min(max(-(-(days + 1) // per_cell), 1), TIMELINE + 1)
    whole = standing.amount if isinstance(standing.amount, Fraction) and standing.amount else Fraction(1)
    for back in standing.releases:
        cells[max((back.on - today).days, 0) // per_cell] += back.amount / whole
    return "".join(HEIGHTS[min(int(share * len(HEIGHTS)), len(HEIGHTS) - 1)] if share else "·" for share in cells)


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
