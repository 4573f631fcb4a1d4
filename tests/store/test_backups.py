"""Copies of an open store: whole, encrypted with a key of their own, and known for what they are."""

import json
import os
import random
import resource
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.domain.backups import CopyMade, CopyNotMade, NotProved, Proved, Second
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.store.backups import copies as copies_module
from pcc_desk.store.backups import snapshots
from pcc_desk.store.backups.child import try_copy
from pcc_desk.store.backups.copies import StoreCopies
from pcc_desk.store.backups.folders import CopyFolder
from pcc_desk.store.backups.proving import NotRestored
from pcc_desk.store.backups.record import CopyUnusable
from pcc_desk.store.backups.snapshots import manifest_of
from pcc_desk.store.connection import connect_beside
from pcc_desk.store.vault import Cost, Owner, Secret
from pcc_desk.store.vault.staffing import begin_key_change, give_secret
from tests.fakes import NOON
from tests.store.shops import PASSPHRASE, KeptShop, another_vault, make_shop
from tests.store.stores import act

pytestmark = pytest.mark.usefixtures("quick_secrets")

BEN, BENS = Person(UUID(int=0xBE7), "Ben Osei", Role.COORDINATOR), "eleven quiet herons"
ROWS = ("journal", "patient", "card", "staff")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[KeptShop]:
    made = make_shop(tmp_path / "desk")
    yield made
    made.store.close()


def journal_of(shop: KeptShop) -> list[Any]:
    return shop.store.on_connection(lambda it: it.execute("SELECT * FROM journal ORDER BY seq").fetchall())


def opened_copy(shop: KeptShop, name: str) -> dict[str, list[Any]]:
    """Return the rows of a copy, read with the key that its record holds for the open store."""
    record = shop.folder.read(name)
    key = record.key_for_store((shop.store.keys.audit,))
    assert key is not None
    connection = connect_beside(shop.folder.store_of(name), key, record.database_salt, read_only=True)
    try:
        read = "SELECT * FROM {} ORDER BY 1"
        return {table: connection.execute(read.format(table)).fetchall() for table in ROWS}
    finally:
        connection.close()


# What a copy is


def test_a_copy_holds_every_row_and_is_proved(shop: KeptShop) -> None:
    made = shop.copy()
    proof = shop.copies.prove_now(made.copy.name)
    assert proof == Proved(made.copy.name, NOON, made.seq)
    assert opened_copy(shop, made.copy.name)["journal"] == journal_of(shop)
    assert [each.name for each in shop.copies.listed_now()] == [made.copy.name]


def test_every_copy_has_a_key_and_a_salt_of_its_own_and_nothing_of_it_is_readable(shop: KeptShop) -> None:
    first, second = shop.copy().copy.name, shop.copy(NOON + timedelta(hours=1)).copy.name
    one, other = (shop.folder.read(name) for name in (first, second))
    keys = [each.key_for_store((shop.store.keys.audit,)) for each in (one, other)]
    assert keys[0] != keys[1]
    heads = {path.read_bytes()[:16] for path in (shop.folder.store_of(first), shop.folder.store_of(second))}
    assert len(heads) == 2
    assert (shop.home / "store.db").read_bytes()[:16] not in heads
    told = b"".join(each.read_bytes() for each in shop.folder.path.iterdir())
    for words in (b"Okafor", b"SQLite format", PASSPHRASE.encode()):
        assert words not in told


def test_copies_are_for_their_owner_alone(shop: KeptShop) -> None:
    made = shop.copy()
    shop.copies.prove_now(made.copy.name)
    modes = {stat.S_IMODE(each.stat().st_mode) for each in shop.folder.path.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(shop.folder.path.stat().st_mode) == 0o700
    assert sorted(each.suffix for each in shop.folder.path.iterdir()) == [".db", ".json"]


def test_two_copies_of_one_second_are_two(shop: KeptShop) -> None:
    first, second = shop.copy(), shop.copy()
    assert first.copy.name != second.copy.name
    assert [each.name for each in shop.copies.listed_now()] == [second.copy.name, first.copy.name]


def test_a_copy_is_the_store_of_one_moment_whatever_is_written_meanwhile(
    shop: KeptShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        shop.register(f"Before{number}")
    before = journal_of(shop)
    monkeypatch.setattr(snapshots, "PIECE_PAGES", 1)
    pieces = 0
    real = os.fdatasync

    def write_between(descriptor: int) -> None:
        nonlocal pieces
        if threading.current_thread() is threading.main_thread() and pieces < 40:
            pieces += 1
            shop.register(f"Meanwhile{pieces}")
        real(descriptor)

    monkeypatch.setattr(os, "fdatasync", write_between)
    made = shop.copy()
    assert pieces >= 10, "it was written between pieces, and the copy did not begin again"
    assert opened_copy(shop, made.copy.name)["journal"] == before
    assert len(journal_of(shop)) == len(before) + pieces
    assert isinstance(shop.copies.prove_now(made.copy.name), Proved)


def test_a_store_that_is_shut_gives_the_copy_up_and_leaves_nothing_of_it(
    shop: KeptShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PIECE_PAGES", 1)
    closing = threading.Thread(target=shop.store.close)
    real = os.fdatasync

    def shut(descriptor: int) -> None:
        if closing.ident is None:
            closing.start()
            while not shop.store.snapshots._is_shut:
                pass
        real(descriptor)

    monkeypatch.setattr(os, "fdatasync", shut)
    made = shop.copies.make_now(NOON)
    closing.join()
    assert made == CopyNotMade(snapshots.GIVEN_UP)
    assert list(shop.folder.path.iterdir()) == []


# What is not a copy


def test_half_a_copy_is_no_copy_and_is_cleared_away_by_the_next(shop: KeptShop) -> None:
    folder = shop.folder
    made = shop.copy()
    folder.store_of("copy-20260101T000000Z.db").write_bytes(b"half")
    vault = folder.read(made.copy.name).vault
    part = folder.part_of("copy-20260102T000000Z.db", vault)
    part.write_bytes(b"half")
    assert [each.name for each in shop.copies.listed_now()] == [made.copy.name]
    shop.copy(NOON + timedelta(hours=1))
    assert len(list(folder.path.iterdir())) == 4
    folder.store_of(made.copy.name).unlink()
    assert len(shop.copies.listed_now()) == 1


def test_a_copy_that_was_cut_is_not_listed(shop: KeptShop) -> None:
    made = shop.copy()
    os.truncate(shop.folder.store_of(made.copy.name), made.copy.size - 4096)
    assert shop.copies.listed_now() == ()
    with pytest.raises(CopyUnusable, match="is cut or was exchanged"):
        shop.folder.read(made.copy.name)


def test_a_flipped_bit_anywhere_in_a_copy_is_found(shop: KeptShop) -> None:
    made = shop.copy()
    path = shop.folder.store_of(made.copy.name)
    good = path.read_bytes()
    chance = random.Random(7)  # noqa: S311 - which bit
    key = shop.folder.read(made.copy.name).key_for_store((shop.store.keys.audit,))
    assert key is not None
    for _ in range(100):
        at = chance.randrange(len(good))
        path.write_bytes(good[:at] + bytes([good[at] ^ (1 << chance.randrange(8))]) + good[at + 1 :])
        assert isinstance(try_copy(shop.folder, made.copy.name, key), NotRestored)
    assert isinstance(shop.copies.prove_now(made.copy.name), NotProved)
    path.write_bytes(good)
    assert isinstance(shop.copies.prove_now(made.copy.name), Proved)


@pytest.mark.parametrize("field", ["seq", "counts", "made_at", "slots", "settings", "sha256", "seal", "salt"])
def test_what_is_written_beside_a_copy_cannot_be_changed_either(shop: KeptShop, field: str) -> None:
    made = shop.copy()
    path = shop.folder.record_of(made.copy.name)
    content = json.loads(path.read_bytes())
    changed = {
        "seq": content["seq"] - 1,
        "counts": {**content["counts"], "patient": 1},
        "made_at": "2026-11-27T00:00:00Z",
        "sha256": "00" * 32,
        "seal": "00" * 32,
        "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    content[field] = changed.get(field, content.get(field, "") and "another")
    path.write_text(json.dumps(content))
    key = shop.folder.read(made.copy.name).key_for_store((shop.store.keys.audit,))
    assert key is not None
    proof = try_copy(shop.folder, made.copy.name, key)
    assert proof == NotRestored("What is written beside the copy was changed.")


def test_any_flipped_bit_beside_a_copy_is_a_sentence_and_never_a_good_copy(shop: KeptShop) -> None:
    made = shop.copy()
    path = shop.folder.record_of(made.copy.name)
    good = path.read_bytes()
    record = shop.folder.read(made.copy.name)
    chance = random.Random(11)  # noqa: S311 - which bit
    for _ in range(300):
        at = chance.randrange(len(good))
        path.write_bytes(good[:at] + bytes([good[at] ^ (1 << chance.randrange(8))]) + good[at + 1 :])
        try:
            changed = shop.folder.read(made.copy.name)
        except CopyUnusable:
            continue
        key = changed.key_for_store((shop.store.keys.audit,))
        assert key is None or not changed.is_sealed_by(key) or changed == record


def test_a_copy_made_by_a_newer_version_says_so(shop: KeptShop) -> None:
    made = shop.copy()
    path = shop.folder.record_of(made.copy.name)
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "format": 2, "novelty": True}))
    with pytest.raises(CopyUnusable, match=r"newer version of the desk\. Install that version"):
        shop.folder.read(made.copy.name)


def test_a_copy_of_a_journal_that_does_not_hold_is_not_good(shop: KeptShop) -> None:
    def meddle(connection: Any) -> None:
        connection.execute("DROP TRIGGER IF EXISTS journal_is_not_changed")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE journal SET body = replace(body, 'Okafor1', 'Okafor9') WHERE seq = 5")

    shop.store.on_connection(meddle)
    proof = shop.copies.prove_now(shop.copy().copy.name)
    assert isinstance(proof, NotProved)
    assert proof.why == "The journal does not hold: entry 5 was changed."


def test_a_copy_of_another_shop_is_neither_listed_nor_proved_here(shop: KeptShop, tmp_path: Path) -> None:
    other = make_shop(tmp_path / "other")
    for path in other.home.glob("slots.json*"):
        path.unlink()
    another_vault(other.home)
    other.store.keys.audit[:] = os.urandom(32)
    name = other.copy().copy.name
    for path in other.folder.path.iterdir():
        shop.folder.path.mkdir(mode=0o700, exist_ok=True)
        (shop.folder.path / path.name).write_bytes(path.read_bytes())
    other.store.close()
    assert shop.copies.listed_now() == ()
    proof = shop.copies.prove_now(name)
    assert isinstance(proof, NotProved)
    assert "another store" in proof.why


# The second folder, and disks that fail


def second(shop: KeptShop, folder: Path) -> StoreCopies:
    return StoreCopies(shop.store, shop.home, folder)


def test_the_second_folder_gets_the_same_copy(shop: KeptShop, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    made = second(shop, tmp_path / "stick").make_now(NOON)
    assert isinstance(made, CopyMade)
    assert made.second is Second.KEPT
    for path in shop.folder.path.iterdir():
        assert (tmp_path / "stick" / path.name).read_bytes() == path.read_bytes()
        assert stat.S_IMODE((tmp_path / "stick" / path.name).stat().st_mode) == 0o600


def test_a_second_medium_that_is_not_there_is_said_and_never_made(shop: KeptShop, tmp_path: Path) -> None:
    made = second(shop, tmp_path / "stick").make_now(NOON)
    assert isinstance(made, CopyMade)
    assert made.second is Second.FAILED
    assert made.why == f"{tmp_path / 'stick'} is not there. Connect the medium, then back up again."
    assert not (tmp_path / "stick").exists()
    assert isinstance(shop.copies.prove_now(made.copy.name), Proved)


def test_a_medium_that_goes_away_in_the_middle_leaves_no_half_and_the_first_copy_counts(
    shop: KeptShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    real = CopyFolder.put

    def gone(self: CopyFolder, record: Any, part: Path) -> None:
        if self.path == stick:
            stick.rename(tmp_path / "pulled out")
        real(self, record, part)

    monkeypatch.setattr(CopyFolder, "put", gone)
    made = second(shop, stick).make_now(NOON)
    assert isinstance(made, CopyMade)
    assert made.second is Second.FAILED
    assert made.why == f"{stick} is not there any more. Connect the medium, then back up again."
    assert len(shop.copies.listed_now()) == 1
    monkeypatch.undo()
    (tmp_path / "pulled out").rename(stick)
    vault = shop.folder.read(made.copy.name).vault
    assert CopyFolder(stick).whole(vault) == ()
    assert isinstance(second(shop, stick).make_now(NOON), CopyMade)
    assert len(CopyFolder(stick).whole(vault)) == 1
    assert len(list(stick.iterdir())) == 2, "what was broken off is cleared away"


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_too_little_room_is_said_before_anything_is_written(shop: KeptShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CopyFolder, "free_bytes", lambda self: 1_000_000)
    made = shop.copies.make_now(NOON)
    assert isinstance(made, CopyNotMade)
    assert made.why.startswith("The disk is too full for a copy and its proof: they need ")
    assert made.why.endswith("Make room, then back up again.")
    assert list(shop.folder.path.iterdir()) == []


def test_a_disk_that_takes_no_more_leaves_no_half_copy(shop: KeptShop) -> None:
    with no_file_larger_than(64 * 1024):
        made = shop.copies.make_now(NOON)
    assert isinstance(made, CopyNotMade)
    assert list(shop.folder.path.iterdir()) == []
    shop.register("Afterwards")
    assert isinstance(shop.copies.make_now(NOON), CopyMade)


def test_deleting_a_copy_deletes_it_in_both_folders(shop: KeptShop, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    copies = second(shop, tmp_path / "stick")
    made = copies.make_now(NOON)
    assert isinstance(made, CopyMade)
    assert copies.remove_now((made.copy,)) == (made.copy.name,)
    assert list(shop.folder.path.iterdir()) == list((tmp_path / "stick").iterdir()) == []


# When somebody leaves


def test_whoever_left_opens_no_copy_any_more_and_those_who_stay_open_every_one(shop: KeptShop) -> None:
    give_secret(shop.home, shop.unlocked(), Owner(BEN.id, BEN.name), Secret(SecretKind.PASSPHRASE, BENS, Cost()))
    old = shop.copy().copy.name
    before = shop.folder.read(old)
    known_to_ben = bytes(shop.store.keys.audit)
    assert BEN.name in before.slots
    opened = shop.unlocked()
    shop.store.change_key(opened, begin_key_change(shop.home, opened, frozenset({BEN.id})), act())
    new = shop.copy(NOON + timedelta(hours=1)).copy.name
    assert isinstance(shop.copies.prove_now(old), Proved), "it opens even before it is known who left"
    shop.copies.renew_now()
    after = shop.folder.read(old)
    assert BEN.name not in after.slots
    assert before.key_for_store((known_to_ben,)) is not None
    assert after.key_for_store((known_to_ben,)) is None
    for name in (old, new):
        assert isinstance(shop.copies.prove_now(name), Proved)
    written = shop.folder.record_of(old).stat().st_mtime_ns
    shop.copies.renew_now()
    assert shop.folder.record_of(old).stat().st_mtime_ns == written, "what is as it should be is left alone"


# When the desk is shut


def test_a_small_store_is_copied_before_it_is_shut_when_the_newest_copy_is_old(
    shop: KeptShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = shop.copies
    copies.before_close(NOON)
    copies.before_close(NOON + timedelta(hours=11))
    assert len(copies.listed_now()) == 1
    copies.before_close(NOON + timedelta(hours=12))
    assert len(copies.listed_now()) == 2
    monkeypatch.setattr(copies_module, "QUICK_BYTES", 1000)
    copies.before_close(NOON + timedelta(hours=48))
    assert len(copies.listed_now()) == 2


def test_nothing_is_tried_any_more_once_the_desk_is_shut(shop: KeptShop) -> None:
    copies = shop.copies
    made = shop.copy()
    copies.close()
    proof = copies.prove_now(made.copy.name)
    assert isinstance(proof, NotProved)
    assert proof.why.startswith("It could not be tried.")


def test_the_manifest_counts_every_table_but_the_databases_own(shop: KeptShop) -> None:
    manifest = shop.store.on_connection(manifest_of)
    assert manifest.counts["patient"] == 3
    assert manifest.seq == len(journal_of(shop)) == 6
    assert not any(name.startswith("sqlite_") for name in manifest.counts)
    record = shop.folder.read(shop.copy().copy.name)
    key = record.key_for_store((shop.store.keys.audit,))
    assert key is not None
    keys = record.journal_keys(key)
    assert keys is not None
    assert keys.audit == shop.store.keys.audit
