"""The store by itself: a long chart read, an act made durable beside the same rows in a bare transaction."""

import secrets
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from uuid6 import uuid7

from benches.figures import Row, percentile, spread
from benches.shop import CHART_ROWS, Town, open_store
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.entries import Act, DraftKept
from pcc_desk.store import journal
from pcc_desk.store.connection import Connection, connect
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.migrations import migrate

READS = 300
WRITES = 400
VERIFICATIONS = 7


def chart_rows(home: Path, town: Town) -> list[Row]:
    """Read a chart of 268 rows, and all that the standing needs, on the store's own thread."""
    store = open_store(home)

    def read(connection: Connection) -> list[float]:
        took = []
        ledger = SqlLedger(connection, None)
        for _ in range(READS):
            before = time.perf_counter()
            found = ledger.timeline(town.regular.id, CHART_ROWS)
            took.append(time.perf_counter() - before)
            if len(found) != CHART_ROWS:
                raise RuntimeError(f"the chart has {len(found)} rows")
        return took

    try:
        took = store.on_connection(read)
    finally:
        store.close()
    return [Row(f"chart of {CHART_ROWS} rows in the store", percentile(took, 0.5) * 1000, 1, "ms at p50", spread(took))]


def write_rows(home: Path, folder: Path) -> list[Row]:
    """Keep a draft through the journal, and insert the same two rows bare, in turn."""
    store = open_store(home)
    bare = connect(folder / "bare.db", secrets.token_bytes(32), secrets.token_bytes(16))
    migrate(bare, datetime.now(UTC))
    journaled, plain = [], []
    person, visit, patient = uuid7(), uuid7(), uuid7()

    def keep(ledger: Ledger, text: str) -> None:
        act = Act(uuid7(), datetime.now(UTC), person, "1")
        ledger.record(DraftKept(visit, patient, person, text), act)

    try:
        for number in range(WRITES):
            before = time.perf_counter()
            store.write_now(keep, f"half a sentence {number}")
            journaled.append(time.perf_counter() - before)
            before = time.perf_counter()
            _insert(bare, number)
            plain.append(time.perf_counter() - before)
    finally:
        store.close()
        bare.close()
    ratio = statistics.median(journaled) / statistics.median(plain)
    behind = f"journaled {spread(journaled)}; bare {spread(plain)}"
    return [Row("journaled write, durable / bare transaction", ratio, 2, "x", behind)]


def journal_rows(home: Path) -> list[Row]:
    """Check every entry of the journal and its seal."""
    store = open_store(home)
    try:
        keys = store.chain_keys()
        rates = []
        for _ in range(VERIFICATIONS):
            before = time.perf_counter()
            held = store.on_connection(lambda it: journal.verify(it, keys.at))
            took = time.perf_counter() - before
            if isinstance(held, journal.Broken):
                raise RuntimeError(held.why)  # noqa: TRY004 - no type is wrong
            rates.append(held / took)
    finally:
        store.close()
    fastest = max(rates)
    behind = f"{held:,} entries, {fastest:,.0f} a second at best, {min(rates):,.0f} at worst"
    return [Row("journal verified, per 100,000 entries", 100_000 / fastest, 1, "s", behind)]


def _insert(connection: Connection, number: int) -> None:
    body = '{"patient_id":"' + uuid7().hex + f'","text":"half a sentence {number}"' + "}"
    row = (number + 1, uuid7().hex, 1_764_000_000_000_000, uuid7().hex, "1", "draft.kept", 1, body, bytes(32))
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT OR REPLACE INTO draft VALUES ('visit', 'person', ?, 1764000000000000)", (body,))
    connection.execute("COMMIT")
