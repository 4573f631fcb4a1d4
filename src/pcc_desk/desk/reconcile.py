"""End of day: the point of sale's sales beside the state's receipts."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.monitor import kept_back
from pcc_desk.desk.outbox import LIST_LAG
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.entries import Act, DayCompared
from pcc_desk.domain.reconciliation import DayComparison, NotCompared, compare
from pcc_desk.domain.sales import Kind, Pull, Receipt, Sale


def keep_comparison(ledger: Ledger, comparison: DayComparison, *, act: Act) -> DayComparison:
    """Put the outcome of a comparison on record. Earlier ones of the day stay in the journal."""
    require(ledger, act, Right.RECONCILE)
    ledger.record(DayCompared(comparison), act)
    return comparison


def last_comparison(ledger: Ledger, day: date, *, act: Act) -> DayComparison | None:
    """Return the newest comparison of a day."""
    require(ledger, act, Right.RECONCILE)
    return ledger.last_comparison(day)


def why_unposted(ledger: Ledger, system: str, now: datetime) -> dict[str, str]:
    """Return, by our own number, why each posting may not be in the state's list yet.

    One that was accepted a moment ago is in the record, but lists may lag.
    """
    fresh = ledger.accepted_since(now - LIST_LAG)
    return {
        **{each.external_number: each.why or each.state.value for each in ledger.unposted()},
        **{
            each.external_number: f"is {system}'s receipt {each.receipt} already; its list may lag by a minute"
            for each in fresh
        },
    }


async def _sales(desk: Desk, day: date) -> Pull | Unanswered:
    """Return the point of sale's day; in the practice shop its report is written first, by nobody else."""
    not_written = await desk.practice.export_sales(day) if desk.practice is not None else None
    return not_written or await desk.pos.sales(day)


def _with_receipts(sales: Iterable[Sale]) -> tuple[Sale, ...]:
    """Return the sales that the state has receipts of, each with what of it the state tracks and was not taken back."""
    tracked = (
        replace(each, lines=tuple(line for line in each.lines if line.label and not line.is_returned))
        for each in sales
        if each.kind in {Kind.SALE, Kind.EXCHANGE}
    )
    return tuple(each for each in tracked if each.lines)


async def _receipts(desk: Desk, day: date, at: datetime) -> tuple[Receipt, ...] | Unanswered:
    """Return the state's day, as known at `at`."""
    out_of_reach = await kept_back(desk)
    if out_of_reach is not None:
        return out_of_reach
    receipts = await desk.state.posted_on(day, at)
    desk.links.heard(desk.state.name, receipts, desk.clock.now())
    return receipts


async def compare_day(desk: Desk, day: date) -> DayComparison:
    """Read both sides of a day, compare them and keep the outcome. A side that cannot be read compares nothing."""
    act = desk.act()
    await desk.store.read(require, act, Right.RECONCILE)
    sales, receipts = await asyncio.gather(_sales(desk, day), _receipts(desk, day, act.at))
    now = desk.clock.now()
    desk.links.heard(desk.pos.name, sales, now)
    not_compared = tuple(
        NotCompared(name, side.reason)
        for name, side in ((desk.pos.name, sales), (desk.state.name, receipts))
        if isinstance(side, Unanswered)
    )
    if isinstance(sales, Unanswered) or isinstance(receipts, Unanswered):
        comparison = DayComparison(
            day=day,
            zone=desk.shop.zone,
            compared_at=now,
            sales=0 if isinstance(sales, Unanswered) else len(sales.sales),
            receipts=0 if isinstance(receipts, Unanswered) else sum(not each.is_void for each in receipts),
            matched=0,
            findings=(),
            not_compared=not_compared,
        )
    else:
        unposted = await desk.store.read(why_unposted, desk.state.name, now)
        matched, findings = compare(_with_receipts(sales.sales), receipts, unposted)
        comparison = DayComparison(
            day=day,
            zone=desk.shop.zone,
            compared_at=now,
            sales=len(sales.sales),
            receipts=sum(not each.is_void for each in receipts),
            matched=matched,
            findings=findings,
            not_compared=(),
            source=f"{sales.source} · {sales.rows} rows · sha256 {sales.sha256[:12]}",
        )
    return await desk.store.write(keep_comparison, comparison, act=act)
