"""Older files of the vault put in the place of newer ones are noticed, and so is a list that somebody changed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pcc_desk.desk.audit import sign_in
from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.staff import seal_slots
from pcc_desk.domain.entries import ShopOpened, StaffAdded
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import SLOT_FILES, Cost, Opened, create_vault, unlock
from pcc_desk.store.vault.attempts import ATTEMPTS_FILE
from pcc_desk.store.vault_in_hand import VaultInHand
from tests.fakes import SHOP
from tests.store.stores import act, ledger_of, new_id, put

pytestmark = pytest.mark.usefixtures("quick_secrets")

IDA = Person(new_id(), "Ida Larsen", Role.MANAGER)
FIRST, SECOND = "birch wood relief desk", "eleven quiet herons"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "shop"
    store = EncryptedStore.make(home, create_vault(home, IDA, FIRST))
    put(ledger_of(store), ShopOpened(SHOP), StaffAdded(IDA))
    store.close()
    return home


def come_in(home: Path, secret: str = FIRST) -> EncryptedStore:
    opened = unlock(home, secret)
    assert isinstance(opened, Opened), opened
    return EncryptedStore.open(home, opened)


def give_another_passphrase(home: Path) -> None:
    opened = unlock(home, FIRST)
    assert isinstance(opened, Opened)
    kept = opened.copy()
    store = EncryptedStore.open(home, opened)
    VaultInHand(home, store, kept, Cost()).give_secret(IDA, SecretKind.PASSPHRASE, SECOND)
    store.close()


def test_a_vault_that_nobody_touched_is_in_order_each_time(home: Path) -> None:
    for _ in range(3):
        store = come_in(home)
        assert (store.vault_troubles, store.read_only) == ((), "")
        store.close()


def test_an_older_list_of_who_can_open_the_store_is_noticed_and_nothing_is_written(home: Path, tmp_path: Path) -> None:
    for name in SLOT_FILES:
        shutil.copy(home / name, tmp_path / name)
    give_another_passphrase(home)
    for name in SLOT_FILES:
        shutil.copy(tmp_path / name, home / name)
    store = come_in(home)
    try:
        assert store.vault_troubles == (VaultTrouble.SLOTS_BACK,)
        with pytest.raises(ReadOnly, match="pcc-desk staff seal"):
            put(ledger_of(store), ShopOpened(SHOP))
    finally:
        store.close()


def test_a_list_that_somebody_changed_is_sealed_by_a_manager_and_then_all_is_in_order(home: Path) -> None:
    for name in SLOT_FILES:
        content = json.loads((home / name).read_text())
        content["slots"].append({"kind": "badge"})
        (home / name).write_text(json.dumps(content))
    opened = unlock(home, FIRST)
    assert isinstance(opened, Opened)
    kept = opened.copy()
    store = EncryptedStore.open(home, opened)
    assert store.vault_troubles == (VaultTrouble.SLOTS_CHANGED,)
    store.seal_now(seal_slots, "a test of ours", store.vault_troubles, act=replace(act(), by=IDA.id))
    VaultInHand(home, store, kept, Cost()).seal()
    assert store.read_only == ""
    names = store.on_connection(lambda it: [name for (name,) in it.execute("SELECT name FROM journal ORDER BY seq")])
    assert names[-2:] == ["vault.wanting", "slots.sealed"]
    store.close()
    store = come_in(home)
    assert (store.vault_troubles, store.read_only) == ((), "")
    store.close()


def test_a_count_of_tries_that_was_put_back_is_noticed_and_told(home: Path) -> None:
    come_in(home).close()
    before = (home / ATTEMPTS_FILE).read_bytes()
    for _ in range(2):
        unlock(home, "not this passphrase")
    come_in(home).close()
    (home / ATTEMPTS_FILE).write_bytes(before)
    store = come_in(home)
    try:
        assert (store.vault_troubles, store.read_only) == ((VaultTrouble.TRIES_BACK,), "")
        told = store.write_now(sign_in, (), act=act(), new_id=new_id, troubles=store.vault_troubles)
        assert told.troubles == (VaultTrouble.TRIES_BACK,)
        opened = unlock(home, FIRST)
        assert isinstance(opened, Opened)
        store.told_of(opened.tries)
    finally:
        store.close()
    store = come_in(home)
    assert store.vault_troubles == (), "it is told once"
    store.close()


def test_a_count_of_tries_that_was_deleted_is_noticed(home: Path) -> None:
    for _ in range(2):
        come_in(home).close()
    (home / ATTEMPTS_FILE).unlink()
    store = come_in(home)
    assert store.vault_troubles == (VaultTrouble.TRIES_BACK,)
    store.close()
