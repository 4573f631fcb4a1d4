"""The disk fails the store at work: what is told of an act is what is true, and the record stays readable."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.entries import Act, PatientRegistered
from pcc_desk.domain.people import Patient
from pcc_desk.store import journal
from pcc_desk.store.ballast import BALLAST_FILE, give_back, room_in, take_ballast
from pcc_desk.store.connection import Connection, connect, connect_for_reading
from pcc_desk.store.engine import STORE_FILE, EncryptedStore, StoreFault
from pcc_desk.store.faults import Kind
from pcc_desk.store.vault import derived
from tests.fakes import a_card
from tests.store.stores import KEY, SALT, a_patient, act, open_store

ROOT = Path(__file__).parents[2]


def register(ledger: Ledger, by: Act, remarks: str = "") -> Patient:
    patient = a_patient(remarks=remarks)
    ledger.record(PatientRegistered(patient, (a_card(patient, by.id.hex),)), by)
    return patient


def chain(store: EncryptedStore) -> int | journal.Broken:
    return store.on_connection(lambda it: journal.verify(it, derived(KEY, "audit")))


def recorded(store: EncryptedStore, by: Act) -> bool:
    return store.read_now(lambda it: it.is_recorded(by.id))


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_store_that_may_not_grow_says_so_is_read_on_and_lost_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first, second = act(), act()
    store.write_now(register, first)
    with files_no_larger_than(300_000):
        with pytest.raises(StoreFault, match=r"^This was not saved\..*ulimit -f") as fault:
            store.write_now(register, second, "x" * 400_000)
        assert fault.value.kind is Kind.TOO_LARGE
        assert recorded(store, first)
        assert not recorded(store, second)
        with pytest.raises(ReadOnly, match="may not grow"):
            store.write_now(register, act())
    assert chain(store) == 1
    store.close()
    again = open_store(tmp_path)
    assert again.read_only == ""
    again.write_now(register, second)
    assert chain(again) == 2
    again.close()


def test_another_program_that_holds_the_store_is_named_and_nothing_is_saved(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.on_connection(lambda it: it.execute("PRAGMA busy_timeout = 10").fetchone())
    other = connect(tmp_path / STORE_FILE, KEY, SALT)
    other.execute("BEGIN IMMEDIATE")
    by = act()
    with pytest.raises(StoreFault, match=r"not saved\. Another program holds the store\. Close it"):
        store.write_now(register, by)
    assert not recorded(store, by)
    other.execute("ROLLBACK")
    other.close()
    store.write_now(register, by)
    assert store.read_only == ""
    store.close()


def test_a_damaged_page_ends_writing_and_what_can_be_read_is_read(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    by = act()
    store.write_now(register, by)
    where = "SELECT rootpage FROM sqlite_master WHERE name = 'card'"
    (page,) = store.on_connection(lambda it: it.execute(where).fetchone())
    store.close()
    content = bytearray((tmp_path / STORE_FILE).read_bytes())
    content[(page - 1) * 4096 + 2000] ^= 1
    (tmp_path / STORE_FILE).write_bytes(content)
    store = open_store(tmp_path)
    with pytest.raises(StoreFault, match=r"^This was not saved\. The store is damaged.*Restore the last backup"):
        store.write_now(register, act())
    assert recorded(store, by)
    with pytest.raises(ReadOnly, match="read and not added to"):
        store.write_now(register, act())
    store.close()


def count(connection: Connection) -> int:
    found: int = connection.execute("SELECT count(*) FROM patient").fetchone()[0]
    return found


def test_a_store_on_a_disk_that_takes_no_writes_is_read_with_and_without_its_log(tmp_path: Path) -> None:
    store = open_store(tmp_path / "")
    store.write_now(register, act())
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in (STORE_FILE, f"{STORE_FILE}-wal"):
        (crashed / name).write_bytes((tmp_path / name).read_bytes())
    store.close()
    for folder in (tmp_path, crashed):
        before = {each: each.read_bytes() for each in folder.iterdir() if each.is_file()}
        connection = connect_for_reading(folder / STORE_FILE, KEY, SALT)
        assert count(connection) == 1
        connection.close()
        assert {each: each.read_bytes() for each in folder.iterdir() if each.is_file()} == before


ON_A_SMALL_DISK = """
import os, subprocess, sys
from pathlib import Path
from pcc_desk.desk.errors import NotSaved
from pcc_desk.store.ballast import BALLAST_FILE
from tests.store.stores import act, open_store
from tests.store.test_faults import chain, recorded, register
folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(folder)], check=True)
store = open_store(folder)
(folder / BALLAST_FILE).write_bytes(bytes(500_000))
saved, said = [], []
def tried(by, size):
    try:
        store.write_now(register, by, "x" * size)
        saved.append(by)
    except NotSaved as fault:
        said.append(str(fault))
while len(said) < 3 and len(saved) < 100:
    by = act()
    tried(by, 60_000)
    assert recorded(store, by) == (by in saved)
assert not (folder / BALLAST_FILE).exists()
assert store.read_only == "", store.read_only
print(said[0]); print(said[1])
assert chain(store) == len(saved) > 10
subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True)
tried(act(), 60_000)
assert len(said) == 3, "made room, the desk goes on"
store.close()
subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
store = open_store(folder)
print(store.read_only)
assert chain(store) == len(saved)
tried(act(), 1)
print(said[-1])
store.close()
"""


def can_mount() -> bool:
    return subprocess.run([*alone(), "true"], capture_output=True, check=False).returncode == 0


def alone() -> list[str]:
    """Return a command whose mounts nobody else sees, and which end with it."""
    return ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]


@pytest.mark.skipif(not can_mount(), reason="this computer lets nobody mount a disk of their own")
def test_a_full_disk_and_one_that_is_only_read_end_nothing_but_the_act_at_hand(tmp_path: Path) -> None:
    done = subprocess.run(
        [*alone(), sys.executable, "-c", ON_A_SMALL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    first, second, only_read, refused = done.stdout.splitlines()
    full = "This was not saved. The disk is full. Make room on it, then do it again."
    assert (
        first == f"{full} The room that the desk keeps for this was given back, so that what is begun can be finished."
    )
    assert second == full
    assert only_read.startswith("The disk can only be read: the record can be looked at and not added to.")
    assert refused == only_read


# Room kept for the day the disk is full


def test_room_is_kept_once_and_given_back_once(tmp_path: Path) -> None:
    assert take_ballast(tmp_path, 1_000_000)
    assert take_ballast(tmp_path, 1_000_000)
    kept = (tmp_path / BALLAST_FILE).stat()
    assert kept.st_size == 1_000_000
    assert kept.st_blocks * 512 >= 1_000_000
    assert kept.st_mode & 0o777 == 0o600
    assert give_back(tmp_path)
    assert not give_back(tmp_path)


def test_how_much_room_there_is_is_told_beside_what_the_store_takes(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    room = room_in(tmp_path)
    assert room.store_bytes == (tmp_path / STORE_FILE).stat().st_size
    assert room.free_bytes > 0
