"""The key of the store is changed when somebody leaves: those who stay open it, and whoever left does not."""

import shutil
from pathlib import Path
from uuid import UUID

import pytest

from pcc_desk.desk.errors import ReadOnly
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store import engine, journal
from pcc_desk.store.connection import StoreDamaged, connect
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.generations import chain_keys
from pcc_desk.store.vault import Cost, Opened, Owner, Secret, WrongSecret, create_vault, load, save, seal, unlock
from pcc_desk.store.vault.attempts import ATTEMPTS_FILE
from pcc_desk.store.vault.slot_file import SlotFile
from pcc_desk.store.vault.staffing import SlotRefused, begin_key_change, give_secret, take_pin
from pcc_desk.store.vault_in_hand import VaultInHand
from tests.store.stores import act, ledger_of, put

pytestmark = pytest.mark.usefixtures("quick_secrets")

IDA = Person(UUID(int=0x1DA), "Ida Larsen", Role.MANAGER)
BEN = Person(UUID(int=0xBE7), "Ben Okafor", Role.COORDINATOR)
IDAS, BENS = "birch wood relief desk", "eleven quiet herons"
CAUSE = RuntimeError("the power went")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop with two persons and a little on record, made once because it takes its time."""
    home = tmp_path_factory.mktemp("key") / "shop"
    opened = create_vault(home, IDA, IDAS)
    give_secret(home, opened, Owner(BEN.id, BEN.name), Secret(SecretKind.PASSPHRASE, BENS, Cost()))
    store = EncryptedStore.make(home, opened)
    put(ledger_of(store), StaffAdded(IDA), StaffAdded(BEN))
    store.close()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    copy = tmp_path / "shop"
    shutil.copytree(made, copy, ignore=shutil.ignore_patterns(ATTEMPTS_FILE))
    return copy


def opened(home: Path, secret: str = IDAS, person: Person = IDA) -> Opened:
    found = unlock(home, secret, person.id)
    assert isinstance(found, Opened), found
    return found


def let_go(home: Path, *persons: Person) -> None:
    """Change the key as a manager does, leaving persons out."""
    store = EncryptedStore.open(home, opened(home))
    try:
        mine = opened(home)
        store.change_key(mine, begin_key_change(home, mine, frozenset(each.id for each in persons)), act())
    finally:
        store.close()


def names(home: Path, secret: str = IDAS, person: Person = IDA) -> list[str]:
    """Return whom the record knows, read by somebody."""
    store = EncryptedStore.open(home, opened(home, secret, person))
    try:
        return [each.name for each in store.read_now(lambda ledger: ledger.everybody())]
    finally:
        store.close()


def file_of(home: Path) -> SlotFile:
    file = load(home)
    assert isinstance(file, SlotFile)
    return file


def test_who_stays_opens_the_store_and_who_left_does_not(home: Path) -> None:
    let_go(home, BEN)
    assert names(home) == ["Ben Okafor", "Ida Larsen"]
    assert unlock(home, BENS, BEN.id) == WrongSecret()
    assert not file_of(home).is_changing_key
    assert file_of(home).key_generation == 2


def test_a_slot_file_that_somebody_copied_before_leaving_opens_nothing_any_more(home: Path, tmp_path: Path) -> None:
    carried_off = tmp_path / "carried off"
    shutil.copytree(home, carried_off)
    let_go(home, BEN)
    old = opened(carried_off, BENS, BEN)
    with pytest.raises(StoreDamaged):
        connect(home / STORE_FILE, old.key, old.salt)


@pytest.mark.parametrize("stopped_in", ["prepare", "rekey", "finish"])
@pytest.mark.parametrize(("secret", "person"), [(IDAS, IDA), (BENS, BEN)], ids=["the manager", "somebody else"])
def test_wherever_it_stops_whoever_opens_the_store_next_finishes_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, stopped_in: str, secret: str, person: Person
) -> None:
    def stop(*_: object) -> None:
        raise CAUSE

    with monkeypatch.context() as patch:
        patch.setattr(engine, stopped_in, stop)
        with pytest.raises(RuntimeError, match="the power went"):
            let_go(home)
    assert file_of(home).is_changing_key
    assert names(home, secret, person) == ["Ben Okafor", "Ida Larsen"]
    assert not file_of(home).is_changing_key
    assert names(home, BENS, BEN) == names(home)


def test_whoever_was_let_go_cannot_finish_what_was_stopped(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise CAUSE

    with monkeypatch.context() as patch:
        patch.setattr(engine, "rekey", stop)
        with pytest.raises(RuntimeError):
            let_go(home, BEN)
    assert unlock(home, BENS, BEN.id) == WrongSecret()


def test_the_whole_journal_is_sealed_by_keys_that_are_still_known(home: Path) -> None:
    for _ in range(2):
        let_go(home)
    mine = opened(home)
    store = EncryptedStore.open(home, mine)
    try:
        put(ledger_of(store), StaffAdded(Person(UUID(int=7), "Cleo Marsh", Role.COORDINATOR)))
        keys = store.chain_keys()
        assert keys.firsts == (1, 4, 5)
        assert len(set(keys.keys)) == 3
        assert store.on_connection(lambda it: journal.verify(it, keys.at)) == 5
        broken = store.on_connection(lambda it: journal.verify(it, keys.keys[-1]))
        assert isinstance(broken, journal.Broken)
    finally:
        store.close()


def test_a_key_that_somebody_else_sealed_to_everybody_is_not_taken_up(home: Path) -> None:
    foreign, file = bytes(range(32)), file_of(home)
    planted = [{**each.content, "next_key": seal(foreign, each.public_key)} for each in file.slots]
    save(home, file.with_slots(planted), foreign)
    mine = opened(home)
    assert (mine.is_whole, mine.next_key) == (False, None)
    store = EncryptedStore.open(home, mine)
    assert store.vault_troubles == (VaultTrouble.SLOTS_CHANGED,)
    assert "pcc-desk staff seal" in store.read_only
    store.close()
    with pytest.raises(StoreDamaged):
        connect(home / STORE_FILE, foreign, file.salt)


def test_a_secret_given_after_a_change_was_finished_at_the_opening_opens_the_store(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_key_change(home, opened(home))
    mine = opened(home)
    kept = mine.copy()
    store = EncryptedStore.open(home, mine)
    kept.follow(store.key_generation)
    VaultInHand(home, store, kept, Cost()).give_secret(IDA, SecretKind.PASSPHRASE, "a wholly other one")
    store.close()
    assert names(home, "a wholly other one") == names(home, BENS, BEN)


def test_a_list_that_somebody_changed_while_the_store_was_open_is_not_sealed(home: Path) -> None:
    mine, file = opened(home), file_of(home)
    stranger = [{**file.slots[0].content, "public_key": "A" * 43 + "="}, *(each.content for each in file.slots[1:])]
    save(home, file.with_slots(stranger), bytes(32))
    for attempt in (
        lambda: give_secret(home, mine, Owner(BEN.id, BEN.name), Secret(SecretKind.PASSPHRASE, BENS, Cost())),
        lambda: begin_key_change(home, mine),
        lambda: take_pin(home, mine, BEN.id),
    ):
        with pytest.raises(SlotRefused, match="Somebody changed who can open the store"):
            attempt()


def test_nothing_is_written_after_a_change_that_was_not_finished_and_the_journal_holds(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise CAUSE

    store = EncryptedStore.open(home, opened(home))
    mine = opened(home)
    with monkeypatch.context() as patch:
        patch.setattr(engine, "rekey", stop)
        with pytest.raises(RuntimeError):
            store.change_key(mine, begin_key_change(home, mine), act())
    with pytest.raises(ReadOnly, match="was not finished"):
        put(ledger_of(store), StaffAdded(Person(UUID(int=8), "Zoe Quist", Role.COORDINATOR)))
    store.close()
    store = EncryptedStore.open(home, opened(home))
    put(ledger_of(store), StaffAdded(Person(UUID(int=8), "Zoe Quist", Role.COORDINATOR)))
    keys = store.chain_keys()
    assert isinstance(store.on_connection(lambda it: journal.verify(it, keys.at)), int)
    store.close()


def test_nobody_is_let_go_who_is_the_only_one_with_a_passphrase(home: Path) -> None:
    mine = opened(home)
    with pytest.raises(SlotRefused, match="Nobody else has a passphrase"):
        begin_key_change(home, mine, frozenset({IDA.id, BEN.id}))
    assert not file_of(home).is_changing_key


def test_no_secret_is_given_while_the_key_is_changing(home: Path) -> None:
    mine = opened(home)
    begin_key_change(home, mine)
    with pytest.raises(SlotRefused, match="not finished"):
        give_secret(home, mine, Owner(BEN.id, BEN.name), Secret(SecretKind.PASSPHRASE, BENS, Cost()))


def test_the_keys_of_earlier_parts_cannot_be_read_with_another_key(home: Path) -> None:
    let_go(home)
    store = EncryptedStore.open(home, opened(home))
    try:
        keys = store._keys
        keys.chain[0] ^= 1
        with pytest.raises(StoreDamaged, match="earlier part"):
            store.on_connection(lambda it: chain_keys(it, keys, 2))
    finally:
        store.close()
