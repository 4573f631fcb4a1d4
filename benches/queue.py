"""The queue of a busy day: 300 visits, read from the store and drawn."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from textual.app import App, ComposeResult
from uuid6 import uuid7

from benches.figures import Row, percentile, spread
from benches.shop import Town, open_store
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.queue import queue_of
from pcc_desk.domain.entries import Act, VisitBooked
from pcc_desk.domain.visits import QueueRow, Reason, Visit, VisitState
from pcc_desk.screens.queue.queue_rows import COLUMNS
from pcc_desk.screens.words import wait
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.widgets.listing import Listing
from pcc_desk.widgets.listing import Row as Shown
from pcc_desk.widgets.theme import THEMES

VISITS = 300
RUNS = 40
STATES = (
    VisitState.WAITING,
    VisitState.VERIFIED,
    VisitState.WITH_COORDINATOR,
    VisitState.PARKED,
    VisitState.EXPECTED,
    VisitState.DONE,
)


def queue_rows(home: Path, town: Town) -> list[Row]:
    """Measure reading the queue of a day of 300 visits and drawing it anew, with another order each time."""
    store = open_store(home)
    try:
        shop = store.read_now(lambda ledger: ledger.shop())
        if shop is None:
            raise LookupError("the shop was not set up")
        now = datetime.now(UTC)
        day = shop.day(now) + timedelta(days=2)
        person = store.read_now(lambda ledger: next(iter(ledger.everybody()))).id
        store.write_now(_fill, town, day, Act(uuid7(), now, person, shop.counter))
        took = asyncio.run(_measured(store, day, now, person, shop.counter))
    finally:
        store.close()
    p95 = percentile(took, 0.95) * 1000
    return [Row(f"queue of {VISITS} visits read and drawn", p95, 50, "ms at p95", spread(took))]


def _fill(ledger: Ledger, town: Town, day: date, by: Act) -> None:
    for number, patient in enumerate(town.patients[:VISITS]):
        at = by.at + timedelta(minutes=number)
        state = STATES[number % len(STATES)]
        visit = Visit(uuid7(), patient.id, day, state, Reason.REFILL, at, at)
        ledger.record(VisitBooked(visit), replace(by, id=uuid7()))


class _Shown(App[None]):
    def __init__(self) -> None:
        super().__init__()
        for each in THEMES:
            self.register_theme(each)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield Listing(COLUMNS)


async def _measured(store: EncryptedStore, day: date, now: datetime, person: UUID, counter: str) -> list[float]:
    app = _Shown()
    took = []
    async with app.run_test(size=(100, 30)) as pilot:
        listing = app.query_one(Listing)
        for run in range(RUNS):
            act = Act(uuid7(), now + timedelta(minutes=run * 7), person, counter)
            begun = time.perf_counter()
            rows = store.read_now(queue_of, day, act=act)
            listing.show(tuple(_shown(row, act.at) for row in rows))
            for y in range(30):
                listing.render_line(y)
            took.append(time.perf_counter() - begun)
            await pilot.pause(0)
    return took


def _shown(row: QueueRow, now: datetime) -> Shown:
    since = wait(now - row.visit.arrived_at) if row.visit.arrived_at else "–"
    cells = (since, row.patient.name, str(row.patient.born), row.visit.reason.value, row.served_by_name, "")
    return Shown(str(row.visit.id), cells)
