"""Whether two sides can be compared at all, and whether the point of sale's own closing report says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pcc_desk.domain.reconciling.findings import NotCompared, Unlike
from pcc_desk.domain.reconciling.records import Reckoning
from pcc_desk.domain.sales import Closing, Kind, Pull, Receipt, ReceiptPull, Sale, totals_of

SUSPECT = 5
"""From so many sales on, a state's record without a single receipt is taken for an outage and not for a loss."""

OURS = "the sales"


def why_not_compared(
    pos: Pull | NotCompared, state: ReceiptPull | NotCompared, day: date, reckoning: Reckoning
) -> tuple[NotCompared, ...]:
    """Return why sides cannot be compared; none: they can.

    An outage often answers with an empty list (POS reference, 9, PULL_FAILED), and a file left from yesterday holds
    nothing of today: neither says anything of the day.
    """
    silent = [*_failed(pos), *_failed(state)]
    if silent or isinstance(pos, NotCompared) or isinstance(state, NotCompared):
        return tuple(silent)
    sales = [each for each in pos.sales if _needs_receipt(each)]
    receipts = [each for each in state.receipts if not each.is_void]
    for source, mine, other in ((pos.source, sales, receipts), (state.source, receipts, sales)):
        silent += _stale(
            source, {reckoning.day(each.sold_at) for each in mine}, day, others=_of_day(other, day, reckoning)
        )
    for source, mine, other in ((pos.source, sales, receipts), (state.source, receipts, sales)):
        count = _of_day(other, day, reckoning)
        if not mine and count >= SUSPECT:
            why = f"it is empty, and the other side has {count} of that day; a system out of reach answers like that"
            silent.append(NotCompared(source, why))
    return tuple(silent)


def _failed(side: Pull | ReceiptPull | NotCompared) -> Iterable[NotCompared]:
    if isinstance(side, NotCompared):
        yield side
    elif not side.is_complete:
        yield NotCompared(side.source, side.why_partial or "only a part of it was read")


def _stale(source: str, days: set[date], day: date, *, others: int) -> Iterable[NotCompared]:
    if days and others >= SUSPECT and max(days) < day:
        yield NotCompared(source, f"it ends on {max(days)} and holds nothing of {day}; read it again")


def _needs_receipt(sale: Sale) -> bool:
    tagged = any(line.label for line in sale.lines)
    return tagged and sale.kind in {Kind.SALE, Kind.EXCHANGE}


def _of_day(records: Iterable[Sale | Receipt], day: date, reckoning: Reckoning) -> int:
    return sum(reckoning.day(each.sold_at) == day for each in records)


def control(sales: Sequence[Sale], day: date, closing: Closing) -> tuple[Unlike, ...]:
    """Return every control total of the closing report that the day's sales do not come to.

    Goods that were taken back may be left out of a closing report, or stand in it below zero: where the money differs
    by exactly what was returned, the report counts a return twice, and that is said.
    """
    of_day = [each for each in sales if each.business_day == day and each.kind in {Kind.SALE, Kind.EXCHANGE}]
    ours = totals_of(of_day)
    returns = totals_of(each for each in sales if each.business_day == day and each.kind is Kind.RETURN)
    found = [
        Unlike(what, OURS, mine, closing.source, theirs)
        for what, mine, theirs in (
            ("sales", ours.records, closing.sales),
            ("lines", ours.lines, closing.lines),
            ("cents before tax", ours.cents, closing.cents),
        )
        if theirs is not None and theirs != mine
    ]
    twice = abs(returns.cents)
    found = [
        replace(each, what="cents before tax, a return counted twice")
        if each.what == "cents before tax" and twice and each.other_says == ours.cents - twice
        else each
        for each in found
    ]
    if closing.units is not None:
        mine_of, theirs_of = dict(ours.units), dict(closing.units)
        found += [
            Unlike(f"thousandths of {tag}", OURS, mine_of.get(tag, 0), closing.source, theirs_of.get(tag, 0))
            for tag in sorted(mine_of.keys() | theirs_of.keys())
            if mine_of.get(tag, 0) != theirs_of.get(tag, 0)
        ]
    return tuple(found)
