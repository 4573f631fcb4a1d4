"""Numbers 15 and 16: a bare machine gets the whole record back, and a copy holds nobody up."""

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.backups import OLDEST_GOOD, CopyMade, Proved
from pcc_desk.domain.entries import Act, NoteSigned, ShopOpened, StaffAdded
from pcc_desk.domain.people import RECOVERY_NAME, Person, Role
from pcc_desk.store.backups.copies import StoreCopies
from pcc_desk.store.backups.folders import CopyFolder
from pcc_desk.store.backups.restoring import SheetCode, restore
from pcc_desk.store.connection import STORE_FILE
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Cost, Opened, Owner, create_vault, unlock
from pcc_desk.store.vault.staffing import give_recovery
from trust.figures import Figure, Run, measures
from trust.shop import training

MOST_MINUTES, MOST_MS = 15, 250
AT_ONCE = 500
PASSPHRASE = "seven lamps over the harbor"
IDA = Person(UUID(int=0x1DA), "Ida Nkemelu", Role.MANAGER)
SHEET = Person(UUID(int=0x5EE7), RECOVERY_NAME, Role.RECOVERY)
PATIENT = UUID(int=7)


def _act() -> Act:
    return Act(uuid7(), datetime.now(UTC), IDA.id, "counter-1")


def _open_shop(ledger: Ledger) -> None:
    ledger.record(ShopOpened(training().shop), _act())
    for person in (IDA, SHEET):
        ledger.record(StaffAdded(person), _act())


def _sign(ledger: Ledger, count: int) -> None:
    for _ in range(count):
        ledger.record(NoteSigned(uuid7(), PATIENT, uuid7(), uuid7(), "slept well; two drops at night. " * 55), _act())


def _grown(home: Path, size: int) -> tuple[EncryptedStore, str]:
    """Return the open store of a new shop, grown to a size, and the code of its recovery sheet."""
    opened = create_vault(home, IDA, PASSPHRASE, Cost())
    code = give_recovery(home, opened, Owner(SHEET.id, SHEET.name), Cost())
    (home / "settings.toml").write_text("# the shop's settings\n")
    store = EncryptedStore.make(home, opened)
    store.write_now(_open_shop)
    while (home / STORE_FILE).stat().st_size < size:
        store.write_now(_sign, AT_ONCE)
    return store, code


def _rows(store: EncryptedStore, last: int) -> dict[str, Any]:
    """Return a sum over every row of every table but the journal's own, and over the journal up to an entry."""

    def read(connection: Any) -> dict[str, Any]:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('journal', 'event')"
        found: dict[str, Any] = {}
        for (name,) in connection.execute(listed).fetchall():
            found[name] = hash(tuple(connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2')))  # noqa: S608 - ours
        found["head"] = connection.execute("SELECT mac FROM journal WHERE seq = ?", (last,)).fetchone()
        return found

    return store.on_connection(read)


@measures(15, 16, in_short=False)
def copied_and_restored(run: Run) -> Iterator[Figure]:
    """Copy a large store while acts are saved, take the computer away, and restore on another one."""
    home, stick = run.new_folder("shop"), run.new_folder("stick")
    store, code = _grown(home, 400_000_000)
    copies = StoreCopies(store, home, stick)
    size = (home / STORE_FILE).stat().st_size / 1e6
    waits: list[float] = []
    is_over = threading.Event()

    def save() -> None:
        while not is_over.is_set():
            before = time.perf_counter()
            store.write_now(_sign, 1)
            waits.append(time.perf_counter() - before)
            is_over.wait(0.01)

    saving = threading.Thread(target=save)
    saving.start()
    began = time.perf_counter()
    made = copies.make_now(datetime.now(UTC))
    copied = time.perf_counter() - began
    proof = copies.prove_now(made.copy.name) if isinstance(made, CopyMade) else None
    proved = time.perf_counter() - began - copied
    is_over.set()
    saving.join()
    slowest = max(waits) * 1000
    yield Figure(
        16,
        f"the slowest act saved while {size:.0f} MB are copied and proved",
        f"<= {MOST_MS} ms",
        f"{slowest:.0f} ms of {len(waits):,} (copied in {copied:.1f} s, proved in {proved:.1f} s)",
        slowest <= MOST_MS and isinstance(proof, Proved),
    )
    hours = OLDEST_GOOD.total_seconds() / 3600
    yield Figure(16, "age at which the desk makes a copy by itself", "<= 24 h", f"{hours:.0f} h", hours <= 24)
    if not isinstance(made, CopyMade):
        yield Figure(15, "a bare machine", f"<= {MOST_MINUTES} min", f"no copy: {made.why}", False)
        return
    newest = copies.make_now(datetime.now(UTC))
    before = _rows(store, newest.seq) if isinstance(newest, CopyMade) else {}
    store.close()
    shutil.rmtree(home)
    yield _restored(run.new_folder("bare") / "desk", CopyFolder(stick), code, before)
    run.done_with(stick)


def _restored(bare: Path, stick: CopyFolder, code: str, before: dict[str, Any]) -> Figure:
    began = time.perf_counter()
    done = restore(
        bare, stick, stick.names()[0], SheetCode(code), lambda at, by, counter: Act(uuid7(), at, by, counter)
    )
    took = time.perf_counter() - began
    opened = unlock(bare, PASSPHRASE, IDA.id)
    if not isinstance(opened, Opened):
        return Figure(15, "a bare machine", f"<= {MOST_MINUTES} min", opened.reason, False)
    store = EncryptedStore.open(bare, opened)
    try:
        after = _rows(store, done.record.seq)
    finally:
        store.close()
    is_same = after == before
    measured = f"{took:.0f} s, {'the same' if is_same else 'other'} rows and head over {done.record.seq:,} entries"
    is_met = is_same and took <= MOST_MINUTES * 60
    name = "the sheet and the newest copy on a bare machine"
    return Figure(15, name, f"<= {MOST_MINUTES} min, the same", measured, is_met)
