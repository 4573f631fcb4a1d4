"""While the day goes on: sales that should be in the state's record by now and are not."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.monitor import kept_back
from pcc_desk.desk.reconcile import own_of_day, point_of_sales_day, receipts_around
from pcc_desk.desk.reconcile_context import terms_of
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.early import Early
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.terms import Context
from pcc_desk.domain.reconciling.totals import needs_receipt
from pcc_desk.domain.sales import ReceiptPull

FIRST_LOOK = timedelta(minutes=5)
LOOK_EVERY = timedelta(minutes=15)

NAMES = POS, STATE = "POS", "state"

LATE_AFTER = timedelta(minutes=15)
"""A sale that is older and has no receipt is late: within it the two records of a sale lie as a rule (8.2, 2)."""


async def look_early(desk: Desk) -> Early | None:
    """Return the sales of today that are late; None where a side cannot be read just now, which says nothing.

    Where the state's list was read and holds nothing of today, all of them are late. Nothing of it is put on record:
    the comparison at the end of the day is.
    """
    if await kept_back(desk) is not None:
        return None
    day, now = desk.today, desk.clock.now()
    sales, receipts = await asyncio.gather(point_of_sales_day(desk, day), receipts_around(desk, day, now))
    if isinstance(sales, Unanswered) or isinstance(receipts, Unanswered):
        return None
    own = await desk.store.read(own_of_day, desk.shop, day, desk.state.name, now)
    terms = replace(terms_of(desk.shop, desk.rules), visible_after=LATE_AFTER)
    state = ReceiptPull(receipts, desk.state.name, read_at=now)
    context = Context(now=now)
    outcome = await asyncio.to_thread(compare, sales, state, day, desk=own, terms=terms, context=context, names=NAMES)
    if any(each.side != STATE for each in outcome.not_compared):
        return None
    if outcome.not_compared:
        sold = (each.sold_at for each in sales.sales if needs_receipt(each) and desk.shop.day(each.sold_at) == day)
        late = [at for at in sold if now - at >= LATE_AFTER]
    else:
        missing = (each.sale for each in outcome.findings if each.kind is FindingClass.MISSING_IN_STATE)
        late = [sale.sold_at for sale in missing if sale is not None]
    return Early(now, len(late), min(late, default=None))


async def keep_looking_early(desk: Desk, told: Callable[[], None]) -> None:
    """Look until cancelled whether sales are late. `told` hears that something was looked at."""
    await asyncio.sleep(FIRST_LOOK.total_seconds())
    while True:
        found = await look_early(desk)
        if found is not None:
            desk.early = found
            told()
        await asyncio.sleep(LOOK_EVERY.total_seconds())
