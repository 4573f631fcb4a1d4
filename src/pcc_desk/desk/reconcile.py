"""End of day: the point of sale's sales beside the state's receipts."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from pcc_desk.desk.columns import let_it_know
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.finished import packages_of_missing
from pcc_desk.desk.monitor import kept_back
from pcc_desk.desk.outbox import LIST_LAG
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.reconcile_context import Beside, beside, on_record, terms_of
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sides import Sides
from pcc_desk.desk.sold import sold_on
from pcc_desk.domain.amendments import as_it_stands
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.dispensing import DispensedLine, Posting, PostingState, PostKind
from pcc_desk.domain.entries import Act, DayCompared
from pcc_desk.domain.people import card_key
from pcc_desk.domain.prints import fingerprint
from pcc_desk.domain.quantity import Unit
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import DayComparison, NotCompared
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import Buyer, Dispensed, LineUnit, Pull, Receipt, ReceiptPull, SoldLine, tag_key
from pcc_desk.domain.shop import Shop


def keep_comparison(
    ledger: Ledger, comparison: DayComparison, compared: str | None = None, *, act: Act
) -> DayComparison:
    """Put the outcome of a comparison on record. Earlier ones of the day stay in the journal.

    `compared` are the prints of all sides; None where one could not be read. They are kept once for each fingerprint.
    """
    require(ledger, act, Right.RECONCILE)
    if compared is None:
        ledger.record(DayCompared(comparison), act)
        return comparison
    sides = fingerprint(compared)
    is_kept = any(each.entry.sides == sides for each in ledger.comparisons_of(comparison.day))
    ledger.record(DayCompared(comparison, sides, "" if is_kept else compared), act)
    return comparison


def last_comparison(ledger: Ledger, day: date, *, act: Act) -> DayComparison | None:
    """Return the newest comparison of a day."""
    require(ledger, act, Right.RECONCILE)
    return ledger.last_comparison(day)


def own_of_day(ledger: Ledger, shop: Shop, day: date, system: str, now: datetime) -> tuple[Dispensed, ...]:
    """Return what the desk handed out on a day and wants in the state's record, with how far each is on its way there.

    See `own_between`.
    """
    return own_between(ledger, shop, (day, day), system, now)


def own_between(
    ledger: Ledger, shop: Shop, days: tuple[date, date], system: str, now: datetime
) -> tuple[Dispensed, ...]:
    """Return the same of all days from one to another.

    A post that was accepted a moment ago is in the record, but lists may lag. What nothing is sent of any more is
    there with the reason, unless it was struck: then the state need never hear of it.
    """
    first, last = days
    fresh = {each.id for each in ledger.accepted_since(now - LIST_LAG)}
    given_up = ledger.given_up(shop.starts(first), shop.ends(last))
    postings: dict[UUID, list[Posting]] = {}
    for each in (*ledger.accepted_since(shop.starts(first)), *ledger.unposted(), *given_up):
        postings.setdefault(each.dispensation_id, []).append(each)
    own = []
    for of, some in postings.items():
        given = ledger.dispensation(of)
        if given is None or not first <= shop.day(given.at) <= last:
            continue
        amendments = ledger.amendments(of)
        stands = as_it_stands(given, amendments)
        is_void = any(each.kind is PostKind.VOID for each in amendments)
        is_given_up = any(_is_given_up(each) for each in some)
        if is_given_up and is_void:
            continue
        own.append(
            Dispensed(
                number=given.external_number,
                sold_at=shop.local(given.at),
                lines=tuple(_line(each) for each in stands.lines),
                receipt=next((each.receipt for each in some if each.receipt), ""),
                why_unposted=_why(some, system, fresh),
                is_given_up=is_given_up,
                is_parked=any(each.state is PostingState.PARKED for each in some),
                is_void=is_void,
                buyer=Buyer.CAREGIVER if given.caregiver_card else Buyer.PATIENT,
                patient_key=card_key(given.card_number),
                caregiver_key=card_key(given.caregiver_card),
            )
        )
    return tuple(own)


def _is_given_up(posting: Posting) -> bool:
    return posting.kind is PostKind.SALE and posting.state is PostingState.GIVEN_UP


def _why(postings: Sequence[Posting], system: str, fresh: set[UUID]) -> str:
    """Return why the state may not list a dispensation as it is here; empty when nothing keeps it."""
    for each in postings:
        if not each.state.is_settled or _is_given_up(each):
            return each.why or f"it is {each.state.value}"
        if each.id in fresh:
            return f"it is {system}'s receipt {each.receipt} already; its list may lag by a minute"
    return ""


def _line(line: DispensedLine) -> SoldLine:
    unit = LineUnit.GRAMS if line.quantity.unit is Unit.GRAMS else LineUnit.EACH
    return SoldLine(tag_key(line.label), line.quantity.milli, line.price_cents, line.product, unit=unit)


async def point_of_sales_day(desk: Desk, day: date) -> Pull | Unanswered:
    """Return the point of sale's day; in the practice shop its report is written first, by nobody else."""
    not_written = await desk.practice.export_sales(day) if desk.practice is not None else None
    if not_written is not None:
        return not_written
    await let_it_know(desk)
    return await desk.pos.sales(day)


async def receipts_around(desk: Desk, day: date, at: datetime) -> tuple[Receipt, ...] | Unanswered:
    """Return the state's day as known at `at`, and what it has of the days around it, for counterparts past midnight.

    A day around it that is not told is left out; only one into which the business day reaches is needed.
    """
    receipts = await desk.state.posted_on(day, at)
    if isinstance(receipts, Unanswered):
        return receipts
    found = [*receipts]
    begins_at_midnight = desk.shop.day_begins == time()
    for near in (day - timedelta(days=1), day + timedelta(days=1)):
        if near > desk.shop.local(at).date():
            continue
        more = await desk.state.posted_on(near, at)
        if not isinstance(more, Unanswered):
            found += more
        elif near > day and not begins_at_midnight:
            return more
    return tuple(sorted(found, key=lambda each: (each.sold_at, each.number)))


async def _receipts(desk: Desk, day: date, at: datetime) -> tuple[Receipt, ...] | Unanswered:
    """Return the state's day and those around it, unless it is known to be out of reach."""
    out_of_reach = await kept_back(desk)
    if out_of_reach is not None:
        return out_of_reach
    receipts = await receipts_around(desk, day, at)
    desk.links.heard(desk.state.name, receipts, desk.clock.now())
    return receipts


async def read_sides(desk: Desk, day: date, at: datetime) -> Sides:
    """Read all sides of a day, and remember them until the next time."""
    sales, receipts = await asyncio.gather(point_of_sales_day(desk, day), _receipts(desk, day, at))
    now = desk.clock.now()
    desk.links.heard(desk.pos.name, sales, now)
    days = (day - timedelta(days=1), day + timedelta(days=1))
    own = await desk.store.read(own_between, desk.shop, days, desk.state.name, now)
    desk.sides[day] = sides = Sides(
        sales,
        receipts,
        tuple(each for each in own if desk.shop.day(each.sold_at) == day),
        now,
        await desk.pos.closing(day),
        day,
        desk.shop.day_begins,
        own_around=tuple(each for each in own if desk.shop.day(each.sold_at) != day),
    )
    return sides


async def compare_day(desk: Desk, day: date) -> DayComparison:
    """Read both sides of a day, compare them and keep the outcome. A side that cannot be read compares nothing."""
    act = desk.act()
    await desk.store.read(require, act, Right.RECONCILE)
    sides = await read_sides(desk, day, act.at)
    sold = await asyncio.to_thread(sold_on, sides)
    told = await desk.store.read(on_record, sides, sold, desk.shop, rules_on=desk.rules_on)
    known = await asyncio.to_thread(beside, sides, told, desk.fresh_for, desk.legal_hours)
    comparison = await _with_causes(desk, day, sides, known)
    prints = None if comparison.not_compared else sides.prints(desk.pos.name, desk.state.name)
    return await desk.store.write(keep_comparison, comparison, prints, act=act)


async def _with_causes(desk: Desk, day: date, sides: Sides, known: Beside) -> DayComparison:
    """Compare a day; where sales are missing, ask what became of their packages, and compare by that too."""
    terms = terms_of(desk.shop, desk.rules_on(day), desk.legal_hours)
    comparison = await asyncio.to_thread(_compared, desk, day, sides, known, terms)
    if comparison.not_compared:
        return comparison
    packages = await packages_of_missing(desk, comparison)
    if packages.told:
        context = replace(known.context, packages=packages.told, knows_all_packages=False)
        known = replace(known, context=context)
        comparison = await asyncio.to_thread(_compared, desk, day, sides, known, terms)
    desk.sides[day] = replace(sides, terms=terms, context=known.context)
    return replace(comparison, looked_at=(*comparison.looked_at, packages.looked_at))


def _compared(desk: Desk, day: date, sides: Sides, known: Beside, terms: Terms) -> DayComparison:
    sales, receipts, now = sides.sales, sides.receipts, sides.read_at
    pos = NotCompared(desk.pos.name, sales.reason) if isinstance(sales, Unanswered) else sales
    state = (
        NotCompared(desk.state.name, receipts.reason)
        if isinstance(receipts, Unanswered)
        else ReceiptPull(receipts, desk.state.name, read_at=now)
    )
    closing = None if isinstance(sides.closing, Unanswered) else sides.closing
    names = desk.pos.name, desk.state.name
    outcome = compare(pos, state, day, desk=sides.own, terms=terms, context=known.context, closing=closing, names=names)
    return DayComparison(
        day=day,
        zone=desk.shop.zone,
        compared_at=now,
        sales=len(sides.sales_of_day),
        receipts=sum(not each.is_void for each in sides.receipts_of_day),
        matched=outcome.matched,
        findings=outcome.findings,
        not_compared=outcome.not_compared,
        source=""
        if isinstance(sales, Unanswered) or outcome.not_compared
        else f"{sales.source} · {sales.rows} rows · sha256 {sales.sha256[:12]}",
        dispensed=len(sides.own),
        totals=outcome.totals,
        looked_at=() if outcome.not_compared else known.looked_at,
    )
