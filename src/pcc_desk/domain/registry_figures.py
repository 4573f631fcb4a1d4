"""What the registry says of a limit, in the limit's own unit, and what it cannot have seen."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell, Unanswered
from pcc_desk.domain.counter import Counter, Release
from pcc_desk.domain.counting import History
from pcc_desk.domain.entitlement import Figure
from pcc_desk.domain.purchases import Purchase
from pcc_desk.domain.registry import CardNotFound, RegistryAnswer, RegistryStanding
from pcc_desk.domain.rules import Limit, RegistryFigure
from pcc_desk.domain.windows import RollingDays, Span

REGISTRY_CACHE = timedelta(seconds=60)
"""METRC may answer with patient data up to a minute old (state-systems reference, section 2.7)."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the registry said, and who decides."""

    answer: RegistryAnswer | None
    """None: it was left out on purpose."""
    asked_at: datetime | None
    own_decides: bool
    """Whether our own sums decide where the registry says nothing."""
    is_confirmed: bool
    """Whether the shop's compliance officer confirmed the rules."""
    is_trusted: bool
    """Whether the rule set as a whole may decide without the registry."""


def registry_left(counter: Counter, asking: Asking, span: Span | CannotTell) -> Figure:
    """Return the registry's figure less what was dispensed here and it cannot have seen, and what is set aside.

    Below zero when that was too much.
    """
    said = _said(counter, asking)
    if isinstance(said, CannotTell):
        return said
    unseen = Fraction(0)
    for sale in _unseen(counter, asking, span):
        share = counter.share(sale)
        if isinstance(share, CannotTell):
            return CannotTell(f"{sale[0].product} was dispensed on {sale[0].on:%d %b}, and {share.reason}")
        unseen += max(share, Fraction(0))
    return said - unseen - counter.held


def _said(counter: Counter, asking: Asking) -> Figure:
    match asking.answer:
        case None:
            return CannotTell("the registry was left out")
        case Unanswered(reason=reason):
            return CannotTell(reason)
        case CardNotFound(card_number=number):
            return CannotTell(f"the registry knows no card {number}")
        case RegistryStanding(active=False, card_number=number):
            return CannotTell(f"the registry says that card {number} is not active")
        case RegistryStanding() as answer:
            return _registry_says(counter, answer)


def _unseen(counter: Counter, asking: Asking, span: Span | CannotTell) -> list[list[Purchase]]:
    """Return the counted lines, by sale, that the registry's answer may lack: not posted by then, or too lately.

    An answer asked for at an unknown time may lack any.
    """
    lines = counter.history.lines if isinstance(span, CannotTell) else counter.counted(span)
    sales: dict[datetime, list[Purchase]] = {}
    for line in lines:
        if is_unseen(line, asking.asked_at):
            sales.setdefault(line.at, []).append(line)
    return list(sales.values())


def is_unseen(line: Purchase, asked_at: datetime | None) -> bool:
    """Whether an answer asked for at `asked_at` may lack a purchase."""
    return asked_at is None or line.posted_at is None or line.posted_at > asked_at - REGISTRY_CACHE


def _registry_says(counter: Counter, answer: RegistryStanding) -> Figure:
    """Return the registry's figure for a limit in its unit: the lowest where its answer has several."""
    limit = counter.rule.limit
    typed = [Fraction(figure) for name, figure in answer.by_limit if name == limit.id]
    if typed:
        return min(typed)
    place = limit.registry
    if place is None:
        return CannotTell("the registry does not say this limit")
    if answer.by_limit and not answer.windows and answer.grams is None:
        return CannotTell("what was read does not show this limit")
    if place.column is not None:
        return _column(counter, answer, place, place.column)
    if answer.grams is None:
        return CannotTell("the registry gave no figure in grams")
    return _in_units(limit, "flower", _less_rounding(Fraction(answer.grams), place) * 1000)


def _column(counter: Counter, answer: RegistryStanding, place: RegistryFigure, column: str) -> Figure:
    rows = (each.figure(column) for each in answer.windows if each.days == place.days)
    figures = [Fraction(each) for each in rows if each is not None]
    if not figures:
        return CannotTell(f"the registry gave no {column} figure for {place.days} days")
    return _ounces_in_units(counter, column, _less_rounding(min(figures), place))


def _less_rounding(figure: Fraction, place: RegistryFigure) -> Fraction:
    """Return the least that a rounded figure may stand for: half a step of its rounding is taken off."""
    return figure if place.decimals is None else figure - Fraction(1, 2 * 10**place.decimals)


_COLUMNS = {"flower": "flower", "concentrate": "concentrate", "infused": "edible", "thc": "edible"}
"""By which category a column of METRC's answer is read."""


def _ounces_in_units(counter: Counter, column: str, ounces: Fraction) -> Figure:
    milligrams = ounces * counter.ounce_mg
    return _in_units(counter.rule.limit, _COLUMNS[column], milligrams * 1000 if column == "thc" else milligrams)


def _in_units(limit: Limit, category: str, smallest: Fraction) -> Figure:
    """Return a quantity of a category, in the smallest unit of its measure, in the limit's unit."""
    term = limit.term(category)
    if term is None:
        return CannotTell(f"the registry's figure is for {category}, which this limit does not weigh")
    return smallest / term.per


def registry_releases(counter: Counter, asking: Asking, span: Span | CannotTell) -> tuple[Release, ...]:
    """Return when those purchases come back that the registry surely still counts, or has not seen."""
    if isinstance(span, CannotTell) or span.first > span.last:
        return ()
    window = counter.rule.limit.window
    if not isinstance(window, RollingDays):
        return counter.releases(span, counter.used(span))
    counts_for = window.counts_for(strict=counter.strict)
    sure = span.first + counts_for - min(window.returns, counts_for)
    if sure == span.first:
        return counter.rolling_off(span.first, counts_for)
    still = [line for line in counter.counted(span) if line.on.toordinal() >= sure or is_unseen(line, asking.asked_at)]
    narrowed = replace(counter, history=History(still))
    return narrowed.rolling_off(span.first, counts_for)
