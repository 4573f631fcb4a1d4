"""Whether two sides can be compared at all, and whether the point of sale's own closing report says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

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
    silent = [*_failed(pos, names[0]), *_failed(state, names[1])]
    if silent or isinstance(pos, NotCompared) or isinstance(state, NotCompared):
        return tuple(silent)
    if aside is not None and aside.last is not None and aside.last >= day:
        return ()
    sales = [each.sold_at for each in pos.sales if _needs_receipt(each)]
    receipts = [each.sold_at for each in state.receipts if not each.is_void]
    for name, source, mine, other in (
        (names[0], pos.source, sales, receipts),
        (names[1], state.source, receipts, sales),
    ):
        last = reckoning.day(max(mine)) if mine else None
        if last is not None and last >= day:
            continue
        count = sum(reckoning.day(each) == day for each in other)
        if count >= SUSPECT:
            what = "is empty" if last is None else f"ends on {last} and holds nothing of {day}"
            why = f"{source} {what}, and the other side has {count} of that day; read it again"
            silent.append(NotCompared(name, why))
    return tuple(silent)


def _failed(side: Pull | ReceiptPull | NotCompared, name: str) -> Iterable[NotCompared]:
    if isinstance(side, NotCompared):
        yield side
    elif not side.is_complete:
        yield NotCompared(name, f"{side.source}: {side.why_partial or 'only a part of it was read'}")


def _needs_receipt(sale: Sale) -> bool:
    return (sale.kind is Kind.SALE or sale.kind is Kind.EXCHANGE) and any(line.label for line in sale.lines)


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
