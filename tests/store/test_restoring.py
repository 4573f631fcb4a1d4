"""Restoring: on a bare machine, over a store that is damaged or gone, and never over anything."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.desk.rights import NotPermitted
from pcc_desk.domain.audit_entries import StoreRestored
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.store import journal
from pcc_desk.store.backups import restoring
from pcc_desk.store.backups.folders import CopyFolder
from pcc_desk.store.backups.record import CopyUnusable
from pcc_desk.store.backups.restoring import (
    ASIDE,
    OwnSecret,
    Restoration,
    RestoreRefused,
    SheetCode,
    StaysShut,
    restore,
)
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.lock import FolderLock, StoreInUse
from pcc_desk.store.vault import Cost, MustWait, Opened, Owner, Secret, unlock
from pcc_desk.store.vault.staffing import begin_key_change, give_secret
from tests import fakes
from tests.fakes import NOON
from tests.store.shops import IDA, PASSPHRASE, SETTINGS, SHEET, KeptShop, another_vault, make_shop
from tests.store.stores import act, new_id, put

pytestmark = pytest.mark.usefixtures("quick_secrets")

BEN, BENS = Person(UUID(int=0xBE7), "Ben Osei", Role.COORDINATOR), "eleven quiet herons"


def acting(at: datetime, by: UUID, counter: str) -> Any:
    return fakes.act(at, by, new_id())


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[KeptShop]:
    made = make_shop(tmp_path / "desk")
    yield made
    made.store.close()


def stick(shop: KeptShop, tmp_path: Path) -> CopyFolder:
    """Return the copies of a shop on another medium."""
    shutil.copytree(shop.folder.path, tmp_path / "stick")
    return CopyFolder(tmp_path / "stick")


def rows(store: EncryptedStore, last: int) -> dict[str, list[Any]]:
    """Return every row that entries up to `last` have left, and the journal's."""
    tables = ("patient", "card", "staff", "shop")

    def read(connection: Any) -> dict[str, list[Any]]:
        every = "SELECT * FROM {} ORDER BY 1"
        found = {each: connection.execute(every.format(each)).fetchall() for each in tables}
        found["journal"] = connection.execute("SELECT * FROM journal WHERE seq <= ? ORDER BY seq", (last,)).fetchall()
        return found

    return store.on_connection(read)


def opened(home: Path, secret: str = PASSPHRASE, person: UUID = IDA.id) -> EncryptedStore:
    outcome = unlock(home, secret, person)
    assert isinstance(outcome, Opened), outcome
    return EncryptedStore.open(home, outcome, datetime.now(UTC))


def verified(store: EncryptedStore) -> Any:
    keys = store.chain_keys()
    return store.on_connection(lambda it: journal.verify(it, keys.at))


def last_entry(store: EncryptedStore) -> Any:
    return store.on_connection(lambda it: list(journal.entries(it)))[-1]


def newest(folder: CopyFolder) -> str:
    return folder.names()[0]


def by_sheet(shop: KeptShop, home: Path, folder: CopyFolder) -> Restoration:
    return restore(home, folder, newest(folder), SheetCode(shop.code), acting)


# On a bare machine


def test_the_sheet_and_the_newest_copy_are_all_that_a_bare_machine_needs(shop: KeptShop, tmp_path: Path) -> None:
    made = shop.copy()
    before = rows(shop.store, made.seq)
    folder, bare = stick(shop, tmp_path), tmp_path / "bare"
    shop.store.close()
    shutil.rmtree(shop.home)
    done = by_sheet(shop, bare, folder)
    assert (done.record.seq, done.seq, done.lost, done.aside) == (made.seq, made.seq + 1, None, None)
    store = opened(bare)
    try:
        assert rows(store, made.seq) == before
        assert verified(store) == made.seq + 1
        entry, by = last_entry(store)
        assert entry == StoreRestored(made.copy.name, NOON, made.seq, done.record.seal, 0, "")
        assert by.by == SHEET.id
    finally:
        store.close()
    assert (bare / "settings.toml").read_text() == SETTINGS
    assert (bare / "jurisdictions" / "us-mi.toml").read_text() == "# the shop's own\n"
    assert bare.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in bare.rglob("*") if each.is_file()} == {0o600}
    assert not (bare / restoring.STAGING).exists()


def test_a_managers_passphrase_does_as_well(shop: KeptShop, tmp_path: Path) -> None:
    shop.copy()
    folder = stick(shop, tmp_path)
    done = restore(tmp_path / "bare", folder, newest(folder), OwnSecret(PASSPHRASE, "ida nkemelu"), acting)
    assert done.seq == 7


def test_a_coordinator_may_not_restore_and_leaves_nothing_behind(shop: KeptShop, tmp_path: Path) -> None:
    give_secret(shop.home, shop.unlocked(), Owner(BEN.id, BEN.name), Secret(SecretKind.PASSPHRASE, BENS, Cost()))
    shop.store.write_now(lambda ledger: put(ledger, StaffAdded(BEN)))
    shop.copy()
    folder = stick(shop, tmp_path)
    with pytest.raises(NotPermitted, match="Restoring a backup is for a manager"):
        restore(tmp_path / "bare", folder, newest(folder), OwnSecret(BENS, BEN.name), acting)
    assert not (tmp_path / "bare").exists()


@pytest.mark.parametrize("code", ["AAAA-BBBB", "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567-AAAA"])
def test_a_wrong_code_opens_nothing_and_leaves_nothing_behind(shop: KeptShop, tmp_path: Path, code: str) -> None:
    shop.copy()
    folder = stick(shop, tmp_path)
    with pytest.raises(StaysShut):
        restore(tmp_path / "bare", folder, newest(folder), SheetCode(code), acting)
    assert not (tmp_path / "bare").exists()


def test_restoring_gains_no_guess_and_takes_no_pin(shop: KeptShop) -> None:
    shop.copy()
    shop.store.close()
    for _ in range(3):
        with pytest.raises(StaysShut, match="not the passphrase"):
            restore(shop.home, shop.folder, newest(shop.folder), OwnSecret("not this passphrase"), acting)
    with pytest.raises(StaysShut, match="Too many wrong tries"):
        restore(shop.home, shop.folder, newest(shop.folder), OwnSecret(PASSPHRASE), acting)
    with pytest.raises(StaysShut, match="A PIN restores nothing"):
        restore(shop.home, shop.folder, newest(shop.folder), OwnSecret("385912"), acting)
    by_sheet(shop, shop.home, shop.folder)
    outcome = unlock(shop.home, PASSPHRASE, IDA.id)
    assert isinstance(outcome, MustWait)


def test_a_restored_record_accuses_nobody_of_an_older_count_of_tries(shop: KeptShop, tmp_path: Path) -> None:
    for _ in range(3):
        shop.unlocked().wipe()
    shop.copy()
    folder = stick(shop, tmp_path)
    restore(tmp_path / "bare", folder, newest(folder), OwnSecret(PASSPHRASE), acting)
    outcome = unlock(tmp_path / "bare", PASSPHRASE, IDA.id)
    assert isinstance(outcome, Opened)
    store = EncryptedStore.open(tmp_path / "bare", outcome)
    assert (store.vault_troubles, store.read_only) == ((), "")
    store.close()


def test_a_copy_on_a_medium_that_takes_nothing_is_restored(shop: KeptShop, tmp_path: Path) -> None:
    shop.copy()
    folder = stick(shop, tmp_path)
    for each in folder.path.iterdir():
        each.chmod(0o400)
    folder.path.chmod(0o500)
    before = sorted(each.name for each in folder.path.iterdir())
    by_sheet(shop, tmp_path / "bare", folder)
    assert sorted(each.name for each in folder.path.iterdir()) == before
    folder.path.chmod(0o700)


def test_a_damaged_copy_changes_nothing(shop: KeptShop, tmp_path: Path) -> None:
    made = shop.copy()
    folder = stick(shop, tmp_path)
    path = folder.store_of(made.copy.name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CopyUnusable, match="something in it was changed"):
        by_sheet(shop, tmp_path / "bare", folder)
    assert not (tmp_path / "bare").exists()


# Where a store lies already


def test_what_lay_there_is_moved_aside_whole_and_what_is_lost_is_told(shop: KeptShop, tmp_path: Path) -> None:
    made = shop.copy()
    shop.register("Afterwards")
    shop.register("Later")
    shop.store.close()
    (shop.home / f"{STORE_FILE}-wal").write_bytes(b"what a crash left")
    lay = (shop.home / STORE_FILE).read_bytes()
    (shop.home / f"{STORE_FILE}-wal").unlink()
    done = by_sheet(shop, shop.home, shop.folder)
    assert done.lost == 2
    assert done.aside is not None
    assert done.aside.name.startswith(ASIDE)
    assert (done.aside / STORE_FILE).read_bytes() == lay
    store = opened(shop.home)
    try:
        assert store.read_now(lambda ledger: ledger.count_patients()) == 3
        entry, _ = last_entry(store)
        assert (entry.copy_seq, entry.left_seq) == (made.seq, made.seq + 2)
    finally:
        store.close()


def test_a_log_of_the_old_store_is_not_played_into_the_restored_one(shop: KeptShop) -> None:
    shop.copy()
    for number in range(20):
        shop.register(f"Afterwards{number}")
    log = (shop.home / f"{STORE_FILE}-wal").read_bytes()
    assert log
    shop.store.close()
    (shop.home / STORE_FILE).write_bytes(os.urandom(8192))
    (shop.home / f"{STORE_FILE}-wal").write_bytes(log)
    done = by_sheet(shop, shop.home, shop.folder)
    assert done.lost == 20, "the log alone tells how far it had come"
    assert done.aside is not None
    assert (done.aside / f"{STORE_FILE}-wal").read_bytes() == log
    store = opened(shop.home)
    try:
        assert store.read_now(lambda ledger: ledger.count_patients()) == 3
    finally:
        store.close()


def test_an_open_desk_is_left_alone(shop: KeptShop) -> None:
    shop.copy()
    with pytest.raises(StoreInUse):
        by_sheet(shop, shop.home, shop.folder)
    assert shop.store.read_now(lambda ledger: ledger.count_patients()) == 3


def test_another_shops_folder_is_left_alone(shop: KeptShop, tmp_path: Path) -> None:
    shop.copy()
    other = tmp_path / "other"
    another_vault(other)
    before = {each.name: each.read_bytes() for each in other.iterdir()}
    with pytest.raises(RestoreRefused, match="is of another shop"):
        by_sheet(shop, other, shop.folder)
    FolderLock(other).release()
    (other / "desk.lock").unlink()
    assert {each.name: each.read_bytes() for each in other.iterdir()} == before


def test_a_power_cut_in_the_middle_of_the_change_is_mended_by_restoring_again(
    shop: KeptShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shop.copy()
    shop.store.close()
    real = Path.replace
    for stop_after in range(8):
        done = 0

        def until_then(self: Path, target: Any, stop: int = stop_after) -> Any:
            nonlocal done
            is_of_the_change = target.parent.name.startswith(ASIDE) or self.parent.name == restoring.STAGING
            if is_of_the_change and not self.name.startswith("."):
                done += 1
                if done > stop:
                    raise KeyboardInterrupt
            return real(self, target)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", until_then)
            with suppress(KeyboardInterrupt):
                by_sheet(shop, shop.home, shop.folder)
        restored = by_sheet(shop, shop.home, shop.folder)
        store = opened(shop.home)
        try:
            assert store.read_now(lambda ledger: ledger.count_patients()) == 3
            assert verified(store) == made.seq + 1
        finally:
            store.close()
        assert restored.record.seq == made.seq


# After somebody left


def test_a_copy_from_before_somebody_left_comes_back_without_them(shop: KeptShop, tmp_path: Path) -> None:
    give_secret(shop.home, shop.unlocked(), Owner(BEN.id, BEN.name), Secret(SecretKind.PASSPHRASE, BENS, Cost()))
    made = shop.copy()
    for _ in range(2):
        mine = shop.unlocked()
        shop.store.change_key(mine, begin_key_change(shop.home, mine, frozenset({BEN.id})), act())
        shop.register("Between")
    shop.copies.renew_now()
    folder, bare = stick(shop, tmp_path), tmp_path / "bare"
    by_sheet(shop, bare, folder)
    store = opened(bare)
    try:
        assert verified(store) == made.seq + 1
    finally:
        store.close()
    assert BENS not in (bare / "slots.json").read_text()
    assert BEN.name not in (bare / "slots.json").read_text()
    store = opened(bare)
    store.close()


def test_who_has_a_pin_is_told_to_use_a_passphrase_elsewhere(shop: KeptShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.copy()
    shop.store.close()
    monkeypatch.setattr(restoring, "_pins", lambda file: ("Ben Osei",))
    assert by_sheet(shop, shop.home, shop.folder).without_pins == ("Ben Osei",)


def test_a_restored_store_makes_copies_of_its_own(shop: KeptShop) -> None:
    shop.copy()
    shop.store.close()
    by_sheet(shop, shop.home, shop.folder)
    shop.open_again()
    made = shop.copy(NOON + timedelta(days=1))
    assert made.seq == 7
