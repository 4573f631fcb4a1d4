"""Whether two sides can be compared at all, and whether the point of sale's own closing report says the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.reconciling.aside import Aside
from pcc_desk.domain.reconciling.findings import NotCompared, Unlike
from pcc_desk.domain.reconciling.records import Reckoning
from pcc_desk.domain.sales import Closing, Kind, Pull, ReceiptPull, Sale, totals_of

SUSPECT = 5
"""From so many sales on, a state's record without a single receipt is taken for an outage and not for a loss."""

OURS = "the sales"


def why_not_compared(
    pos: Pull | NotCompared,
    state: ReceiptPull | NotCompared,
    day: date,
    reckoning: Reckoning,
    *,
    names: tuple[str, str],
    aside: Aside | None = None,
) -> tuple[NotCompared, ...]:
    """Return why sides cannot be compared; none: they can. `names` is how the two are called.

    An outage often answers with an empty list (POS reference, 9, PULL_FAILED), and a file left from yesterday holds
    nothing of today: neither says anything of the day.
    """
    silent = [*_failed(pos, names[0], day, reckoning), *_failed(state, names[1], day, reckoning)]
    if silent or isinstance(pos, NotCompared) or isinstance(state, NotCompared):
        return tuple(silent)
    days_of_sales = (reckoning.day(each.sold_at) for each in pos.sales if needs_receipt(each))
    days_of_receipts = (reckoning.day(each.sold_at) for each in state.receipts if not each.is_void)
    if day in days_of_sales and day in days_of_receipts:
        return ()
    sales = Counter(reckoning.day(each.sold_at) for each in pos.sales if needs_receipt(each))
    receipts = Counter(reckoning.day(each.sold_at) for each in state.receipts if not each.is_void)
    for count in (sales, receipts):
        count.update(aside.days if aside is not None else {})
    for name, source, mine, other in (
        (names[0], pos.source, sales, receipts),
        (names[1], state.source, receipts, sales),
    ):
        if other[day] >= SUSPECT and not mine[day] and not _is_a_day_late(mine, other, day):
            why = f"{source} {_holds(mine, day)}, and the other side has {other[day]} of that day; read it again"
            silent.append(NotCompared(name, why))
    return tuple(silent)


def _is_a_day_late(mine: Counter[date], other: Counter[date], day: date) -> bool:
    """Whether a side has more of a later day than the other one: a day that was recorded under the next date."""
    return any(count > other[each] for each, count in mine.items() if each > day)


def _holds(mine: Counter[date], day: date) -> str:
    last = max(mine, default=None)
    if last is None:
        return "is empty"
    return f"ends on {last} and holds nothing of {day}" if last < day else f"holds nothing of {day}"


def _failed(
    side: Pull | ReceiptPull | NotCompared, name: str, day: date, reckoning: Reckoning
) -> Iterable[NotCompared]:
    """Yield why a side says nothing of a day; what is not told whole of other days alone is no reason."""
    if isinstance(side, NotCompared):
        yield side
        return
    known = side.partial_at if isinstance(side, Pull) else ()
    if not side.is_complete and (not known or any(reckoning.day(each) == day for each in known)):
        yield NotCompared(name, f"{side.source}: {side.why_partial or 'only a part of it was read'}")


def needs_receipt(sale: Sale) -> bool:
    """Whether a record of the till must stand in the state's record."""
    return (sale.kind is Kind.SALE or sale.kind is Kind.EXCHANGE) and any(line.label for line in sale.lines)


def control(sales: Sequence[Sale], day: date, closing: Closing, reckoning: Reckoning) -> tuple[Unlike, ...]:
    """Return every control total of the closing report that the day's sales do not come to.

    Goods that were taken back may be left out of a closing report, or stand in it below zero: where the money differs
    by exactly what was returned, the report counts a return twice, and that is said.
    """
    of_day = [each for each in sales if reckoning.day(each.sold_at) == day]
    ours = totals_of(each for each in of_day if each.kind in {Kind.SALE, Kind.EXCHANGE})
    returns = totals_of(each for each in of_day if each.kind is Kind.RETURN)
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
            _unlike_units(tag, mine_of.get(tag, 0), closing.source, theirs_of.get(tag, 0))
            for tag in sorted(mine_of.keys() | theirs_of.keys())
            if mine_of.get(tag, 0) != theirs_of.get(tag, 0)
        ]
    return tuple(found)


def _unlike_units(tag: str, mine: Thousandths, source: str, theirs: Thousandths) -> Unlike:
    if isinstance(mine, int) and isinstance(theirs, int):
        return Unlike(f"thousandths of {tag}", OURS, mine, source, theirs)
    return Unlike(f"millionths of {tag}", OURS, int(mine * 1000), source, int(theirs * 1000))
