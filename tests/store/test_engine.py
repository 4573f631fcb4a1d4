"""The open store: nothing of it lies about in clear, one desk has it, and a write is whole or is not."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError, ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import NotPermitted, Right, require
from pcc_desk.domain.entries import Act, DraftKept, PatientRegistered, ShopOpened, StaffAdded
from pcc_desk.domain.people import Patient, Person, Role
from pcc_desk.store import journal, warming
from pcc_desk.store.about import cipher_versions, is_plain
from pcc_desk.store.anchor import ANCHOR_FILE
from pcc_desk.store.connection import StoreDamaged, connect
from pcc_desk.store.engine import STORE_FILE, EncryptedStore, StoreFault
from pcc_desk.store.lock import LOCK_FILE, StoreInUse
from pcc_desk.store.vault import Opened, Owner, create_vault, derived, unlock
from tests.fakes import ANA, NOON, SHOP, a_card
from tests.store.stores import KEY, SALT, a_patient, act, new_id, open_store, opened

AUDIT_KEY = derived(KEY, "audit")
IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)


def add(ledger: Ledger, person: Person, by: Act) -> Person | None:
    ledger.record(StaffAdded(person), by)
    return ledger.person(person.id)


def chain(store: EncryptedStore) -> int | journal.Broken:
    return store.on_connection(lambda it: journal.verify(it, AUDIT_KEY))


def refuse(ledger: Ledger, by: Act) -> None:
    if by.by == ANA.id:
        with suppress(RuntimeError):  # a read cannot; a write can, and it is rolled back
            ledger.record(StaffAdded(IDA), act())
    require(ledger, by, Right.STAFF)


# What is denied


def test_what_is_denied_is_on_record_once_and_nothing_else_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.write_now(add, ANA, act())
    for tried in (act(), act()):
        for _ in range(2):  # the same act tried again is the same denial
            with pytest.raises(NotPermitted, match="Adding and removing staff is for a manager"):
                store.write_now(refuse, tried)
    with pytest.raises(NotPermitted):
        store.read_now(refuse, act())
    names = store.on_connection(lambda it: [row[0] for row in it.execute("SELECT name FROM journal ORDER BY seq")])
    assert names == ["staff.added", "act.denied", "act.denied", "act.denied"]
    assert store.read_now(lambda it: it.person(IDA.id)) is None
    assert chain(store) == 4
    store.close()


def test_a_store_that_only_reads_denies_and_says_so_all_the_same(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.write_now(add, ANA, act())
    store.read_only = "The disk cannot be written."
    with pytest.raises(NotPermitted):
        store.read_now(refuse, act())
    assert chain(store) == 1
    store.close()


# On the disk


def test_a_store_is_made_with_a_passphrase_and_opened_with_it_again(tmp_path: Path) -> None:
    first = EncryptedStore.make(tmp_path, create_vault(tmp_path, ANA, "correct horse battery"), NOON)
    first.write_now(lambda it: it.record(ShopOpened(SHOP), act()))
    first.close()
    again = unlock(tmp_path, "correct horse battery")
    assert isinstance(again, Opened)
    second = EncryptedStore.open(tmp_path, again)
    assert second.read_now(lambda it: it.shop()) == SHOP
    second.close()


def test_what_a_patient_is_called_is_in_no_file_in_clear(tmp_path: Path) -> None:
    create_vault(tmp_path, ANA, "correct horse battery").wipe()
    store = open_store(tmp_path)
    words = ("Quetzalcoatl", "Xochitl", "MI-P-8472-9931", "quetzalcoatl", "sleeps badly since", "pos-api-key-123")
    patient = Patient(new_id(), words[0], words[1], a_patient().born, remarks=words[4])
    store.write_now(lambda it: it.record(PatientRegistered(patient, (a_card(patient, words[2]),)), act()))
    store.keep_credential("pos", "key", words[5])
    files_while_open = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    store.close()
    files_after = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert {f"{STORE_FILE}-wal", f"{STORE_FILE}-shm", "slots.json", LOCK_FILE} <= set(files_while_open)
    assert len(files_while_open[f"{STORE_FILE}-wal"]) > 4096
    for files in (files_while_open, files_after):
        for name, content in files.items():
            for word in words:
                for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                    assert word.encode(encoding) not in content, name


def test_the_files_of_a_store_are_its_owners_and_not_a_plain_database(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.write_now(add, ANA, act())
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    store.close()
    assert set(modes.values()) == {0o600}, modes
    assert not (tmp_path / STORE_FILE).read_bytes().startswith(b"SQLite format 3")
    assert not is_plain(tmp_path / STORE_FILE)
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(tmp_path / STORE_FILE) as plain:
        plain.execute("SELECT * FROM sqlite_master")
    plain.close()


def test_a_plain_database_in_its_place_is_refused_and_left_alone(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / STORE_FILE)
    plain.execute("CREATE TABLE patient (name)")
    plain.close()
    before = (tmp_path / STORE_FILE).read_bytes()
    assert is_plain(tmp_path / STORE_FILE)
    with pytest.raises(StoreDamaged, match="not encrypted"):
        open_store(tmp_path)
    assert (tmp_path / STORE_FILE).read_bytes() == before


@pytest.mark.parametrize("at", [20, 2000, 4090])
def test_a_store_whose_first_page_is_damaged_says_so(tmp_path: Path, at: int) -> None:
    open_store(tmp_path).close()
    content = bytearray((tmp_path / STORE_FILE).read_bytes())
    content[at] ^= 1
    (tmp_path / STORE_FILE).write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"damaged\. Restore the last backup"):
        open_store(tmp_path)


def test_a_flipped_bit_anywhere_is_an_error_and_never_an_answer(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.write_now(add, ANA, act())
    where = "SELECT rootpage FROM sqlite_master WHERE name = 'staff'"
    (page,) = store.on_connection(lambda it: it.execute(where).fetchone())
    store.close()
    content = bytearray((tmp_path / STORE_FILE).read_bytes())
    content[(page - 1) * 4096 + 2000] ^= 1
    (tmp_path / STORE_FILE).write_bytes(content)
    store = open_store(tmp_path)
    with pytest.raises(StoreFault, match="Restore the last backup"):
        store.read_now(lambda it: it.person(ANA.id))
    store.close()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_store_that_is_gone_is_not_begun_anew(tmp_path: Path, is_there: bool) -> None:
    open_store(tmp_path).close()
    (tmp_path / STORE_FILE).unlink()
    if is_there:
        (tmp_path / STORE_FILE).touch()
    with pytest.raises(StoreDamaged, match="the record is gone"):
        EncryptedStore.open(tmp_path, opened())


def test_another_shops_key_opens_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with pytest.raises(StoreDamaged):
        EncryptedStore.open(tmp_path, Opened(bytearray(32), SALT, Owner(ANA.id, ANA.name)))
    open_store(tmp_path).close()


def test_the_key_is_forgotten_once_the_store_is_open(tmp_path: Path) -> None:
    key = opened()
    EncryptedStore.make(tmp_path, key, NOON).close()
    assert bytes(key.key) == bytes(32)


def test_a_key_of_another_length_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        connect(tmp_path / STORE_FILE, KEY[:31], SALT)
    assert not (tmp_path / STORE_FILE).exists()


def test_one_desk_has_a_store_until_it_closes_it(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    with pytest.raises(StoreInUse, match=f"process {os.getpid()}"):
        open_store(tmp_path)
    first.write_now(add, ANA, act())
    first.close()
    second = open_store(tmp_path)
    assert second.read_now(lambda it: it.person(ANA.id)) == ANA
    second.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("temp_store", 2),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("cache_size", -65536),
        ("cipher_use_hmac", "1"),
        ("integrity_check", "ok"),
    ],
)
def test_the_connection_is_settled(store: EncryptedStore, pragma: str, value: object) -> None:
    assert store.on_connection(lambda it: it.execute(f"PRAGMA {pragma}").fetchone()) == (value,)


@pytest.mark.parametrize("statement", ["ATTACH ':memory:' AS other", "VACUUM INTO '{}/plain.db'"])
def test_no_second_database_is_attached_where_things_could_be_copied_in_clear(
    store: EncryptedStore, tmp_path: Path, statement: str
) -> None:
    with pytest.raises(sqlcipher.DatabaseError, match=r"not authorized|authorization denied"):
        store.on_connection(lambda it: it.execute(statement.format(tmp_path)))
    assert not (tmp_path / "plain.db").exists()


def test_the_library_can_encrypt() -> None:
    versions = cipher_versions()
    assert set(versions) == {"sqlcipher", "sqlite", "provider"}
    assert all(versions.values())


# Reads and writes


def test_a_use_case_that_fails_leaves_nothing_and_the_store_goes_on(store: EncryptedStore) -> None:
    by = act()

    def fails(ledger: Ledger, error: BaseException) -> None:
        add(ledger, ANA, by)
        raise error

    for error in (ValueError("no"), KeyboardInterrupt()):
        with pytest.raises(type(error)):
            store.write_now(fails, error)
        assert not store.read_now(lambda it: it.is_recorded(by.id))
        assert store.read_now(lambda it: it.person(ANA.id)) is None
    assert store.write_now(add, ANA, by) == ANA
    assert chain(store) == 1


def test_a_read_that_records_is_refused(store: EncryptedStore) -> None:
    with pytest.raises(RuntimeError, match="only reads"):
        store.read_now(add, ANA, act())
    assert chain(store) == 0


async def test_a_store_that_may_not_be_written_says_why_and_is_read_still(store: EncryptedStore) -> None:
    store.write_now(add, ANA, act())
    store.read_only = "This store is older than it was. Ask a manager."
    for write in (
        lambda: store.write_now(add, IDA, act()),
        lambda: store.keep_credential("metrc", "user", "one"),
        lambda: asyncio.run(store.write(add, IDA, act())),
    ):
        with pytest.raises(ReadOnly, match=r"older than it was\. Ask a manager"):
            await asyncio.to_thread(write)
    assert store.read_now(lambda it: it.person(ANA.id)) == ANA
    assert await store.credentials("metrc") == {}
    store.read_only = ""
    assert store.write_now(add, IDA, act()) == IDA
    assert chain(store) == 2


async def test_a_write_whose_caller_gave_up_is_made_all_the_same(store: EncryptedStore) -> None:
    began, may_end = threading.Event(), threading.Event()

    def slow(ledger: Ledger, by: Act) -> None:
        began.set()
        may_end.wait()
        add(ledger, ANA, by)

    by = act()
    caller = asyncio.create_task(store.write(slow, by))
    await asyncio.to_thread(began.wait)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    may_end.set()
    assert await store.read(lambda it: it.is_recorded(by.id))


async def test_of_what_was_given_up_before_its_turn_writes_are_made_and_reads_are_not(store: EncryptedStore) -> None:
    began, may_end, looked = threading.Event(), threading.Event(), threading.Event()

    def slow(ledger: Ledger) -> None:
        began.set()
        may_end.wait()

    by = act()
    first = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(began.wait)
    callers = [asyncio.create_task(store.read(lambda it: looked.set())), asyncio.create_task(store.write(add, ANA, by))]
    await asyncio.sleep(0)
    for each in callers:
        each.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    may_end.set()
    await first
    assert await store.read(lambda it: it.is_recorded(by.id))
    assert not looked.is_set()


async def test_many_at_once_are_taken_one_after_another(store: EncryptedStore) -> None:
    visit = new_id()

    def lengthen(ledger: Ledger, by: Act) -> None:
        draft = ledger.draft(visit, ANA.id)
        ledger.record(DraftKept(visit, visit, ANA.id, f"{draft.text if draft else ''}x"), by)

    def length(ledger: Ledger) -> int:
        draft = ledger.draft(visit, ANA.id)
        return len(draft.text) if draft else 0

    writes_and_reads = [each for _ in range(50) for each in (store.write(lengthen, act()), store.read(length))]
    assert (await asyncio.gather(*writes_and_reads))[1::2] == list(range(1, 51))
    assert chain(store) == 50


async def test_keys_for_systems_outside_are_kept_by_system_and_in_no_journal(store: EncryptedStore) -> None:
    for name, value in (("user", "one"), ("vendor", "two"), ("user", "three")):
        store.keep_credential("metrc", name, value)
    assert await store.credentials("metrc") == {"user": "three", "vendor": "two"}
    assert await store.credentials("csv") == {}
    assert chain(store) == 0


def test_after_closing_nothing_is_run(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.write_now(add, ANA, act())
    store.close()
    store.close()
    calls: list[Callable[[], object]] = [
        lambda: store.read_now(lambda it: it.shop()),
        lambda: store.write_now(add, ANA, act()),
        lambda: store.keep_credential("metrc", "user", "one"),
        lambda: store.on_connection(lambda it: None),
        lambda: asyncio.run(store.credentials("metrc")),
        lambda: asyncio.run(store.read(lambda it: it.shop())),
        lambda: asyncio.run(store.write(add, ANA, act())),
    ]
    for call in calls:
        with pytest.raises(RuntimeError, match="the store is closed"):
            call()
    assert {each.name for each in tmp_path.iterdir()} == {STORE_FILE, LOCK_FILE, ANCHOR_FILE}


OPEN_AND_SEARCH = """
import sys
from pathlib import Path
from uuid import UUID
from tests.store.stores import open_store
store = open_store(Path(sys.argv[1]))
store.read_now(lambda ledger: ledger.find_patients("oka", 5))
store.close()
print(*sorted({"sqlmodel", "sqlalchemy", "pydantic"} & set(sys.modules)))
"""


def test_opening_an_up_to_date_store_loads_no_object_mapper(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    root = Path(__file__).parents[2]
    told = subprocess.run(
        [sys.executable, "-c", OPEN_AND_SEARCH, str(tmp_path)], capture_output=True, text=True, check=True, cwd=root
    )
    assert told.stdout == "\n"


# What is read ahead


async def test_all_that_a_search_looks_through_is_read_ahead_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    for number in range(7):
        patient = a_patient(f"Lind{number}", "Mara")
        store.write_now(
            lambda ledger, it, by: ledger.record(it, by),
            PatientRegistered(patient, (a_card(patient, f"MI-P-{number}"),)),
            act(),
        )
    monkeypatch.setattr(warming, "AT_ONCE", 3)
    monkeypatch.setattr(warming, "PAUSE_S", 0)
    assert await warming.warm(store) == 5 * 7, "names in three ways, births, patients"
    monkeypatch.setattr(warming, "MOST", 3)
    assert await warming.warm(store) == 5 * 3
    store.close()
    assert await warming.warm(store) == 0


async def test_a_store_that_is_gone_after_a_fault_is_not_read_ahead_and_tells_whoever_asks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> None:
        raise DeskError("the disk is gone")

    store = open_store(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(store, "_is_gone", True)
        patch.setattr(type(store._reopening), "again", cannot)
        assert await warming.warm(store) == 0
        with pytest.raises(StoreFault, match="could not be opened again"):
            await store.read(lambda ledger: ledger.count_patients())
    store.close()
