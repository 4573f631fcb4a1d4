"""Number 3: a desk with years of records is killed, and opens again while somebody waits at the counter."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from benches.start import QUIET_S, started
from pcc_desk.desk.chart import TIMELINE_LIMIT
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.pulse import take_pulse
from pcc_desk.domain.entries import Act, NoteSigned
from pcc_desk.practice import furnish
from pcc_desk.setup.making import set_up
from pcc_desk.setup.questions import parse_answers
from pcc_desk.store.connection import STORE_FILE
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Opened, create_vault, unlock
from trust.figures import Figure, Run, measures
from trust.shop import a_day, training

SECRET = "birch wood relief desk"
BYTES = 400_000_000
NOTE = "Slept better; the dose is kept, and the next visit is in a month. " * 30
TO_SCREEN_S, TO_PATIENT_S = 2.0, 1.0
"""From the start to the screen that asks who it is; from the secret to a patient's record."""


@measures(3, in_short=False)
def reopened(run: Run) -> Iterator[Figure]:
    """Grow a store, kill its desk at work, and take the time until a patient's record can be read."""
    home = run.new_folder("big")
    create_vault(home, training().people[0], SECRET).wipe()
    store = EncryptedStore.make(home, _opened(home))
    try:
        store.write_now(furnish, training(), datetime.now(UTC))
        while (home / STORE_FILE).stat().st_size < BYTES:
            store.write_now(_grown, 2000)
            store.on_connection(lambda it: it.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
    finally:
        store.close()
    size = (home / STORE_FILE).stat().st_size
    took = []
    for number in range(3):
        _killed_at_work(home, number)
        before = time.perf_counter()
        store = EncryptedStore.open(home, _opened(home))
        try:
            day = training().shop.day(datetime.now(UTC))
            store.read_now(lambda ledger, on: (ledger.queue(on), take_pulse(ledger, on)), day)
            store.read_now(lambda ledger, who: ledger.timeline(who, TIMELINE_LIMIT), training().patients[0].id)
            took.append(time.perf_counter() - before)
        finally:
            store.close()
    measured = f"{max(took):.2f} s at most of {len(took)}, the secret's stretching included"
    name = f"killed at {size / 1e6:.0f} MB: from the secret to a patient"
    yield Figure(3, name, f"<= {TO_PATIENT_S:.1f} s", measured, max(took) <= TO_PATIENT_S)
    run.done_with(home)


def _opened(home: Path) -> Opened:
    opened = unlock(home, SECRET)
    if not isinstance(opened, Opened):
        raise TypeError(opened.reason)
    return opened


def _grown(ledger: Ledger, notes: int) -> None:
    at, shop = datetime.now(UTC), training()
    for number in range(notes):
        patient = shop.patients[1 + number % (len(shop.patients) - 1)].id
        note = NoteSigned(uuid7(), patient, UUID(int=1), UUID(int=2), f"{NOTE}{number}")
        ledger.record(note, Act(uuid7(), at, shop.people[0].id, shop.shop.counter))


def _killed_at_work(home: Path, seed: int) -> None:
    """Let a process live a few visits over the store, and kill it."""
    hears, says = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hears)
            a_day(EncryptedStore.open(home, _opened(home)), seed, 100, lambda _: _said(says))
        finally:
            os._exit(1)
    os.close(says)
    for _ in range(30):
        os.read(hears, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(hears)


def _said(descriptor: int) -> None:
    os.write(descriptor, b".")


@measures(3, in_short=False)
def first_screen(run: Run) -> Iterator[Figure]:
    """Take the time from exec to a first screen that no longer changes; the store is not opened for it."""
    home = run.new_folder("start") / "desk"
    set_up(home, parse_answers(ANSWERS))
    desk = str(Path(sys.executable).parent / "pcc-desk")
    took = [started(([desk, "--home", str(home)], {}, QUIET_S)) for _ in range(4)][1:]
    measured = f"{max(took):.2f} s at most of {len(took)}"
    yield Figure(3, "from the start to the first screen", f"<= {TO_SCREEN_S:.1f} s", measured, max(took) <= TO_SCREEN_S)


ANSWERS = (
    '{"shop_name": "Birchwood Relief", "licence": "PC-000911", "jurisdiction": "MI", "zone": "America/Detroit", '
    f'"person_name": "Ida Larsen", "passphrase": "{SECRET}"' + "}"
).encode()
