"""The vault: who may open the store, and what becomes of a slot file that somebody or something touched."""

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.domain.people import Person, Role
from pcc_desk.store.vault import (
    SLOT_FILES,
    Opened,
    Owner,
    SecretRefused,
    VaultDamaged,
    VaultExists,
    WrongSecret,
    create_vault,
    derived,
    owners,
    unlock,
)
from pcc_desk.store.vault.attempts import ATTEMPTS_FILE

pytestmark = pytest.mark.usefixtures("quick_secrets")

ANA = Person(UUID(int=0xA1), "Ana Ruiz", Role.COORDINATOR)
SECRET = "correct horse, zwölf staples"
FIRST, SECOND = SLOT_FILES

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Return the folder of a vault, made once because it takes its time, and its key."""
    folder = tmp_path_factory.mktemp("vault") / "shop"
    return folder, bytes(create_vault(folder, ANA, SECRET).key)


@pytest.fixture
def folder(made: tuple[Path, bytes], tmp_path: Path) -> Path:
    """Return a copy of the vault that may be spoiled."""
    copy = tmp_path / "shop"
    shutil.copytree(made[0], copy, ignore=shutil.ignore_patterns(ATTEMPTS_FILE))
    return copy


def change(folder: Path, how: Change, *names: str) -> None:
    for name in names or SLOT_FILES:
        content = json.loads((folder / name).read_text())
        how(content)
        (folder / name).write_text(json.dumps(content))


def test_the_passphrase_opens_what_was_made_with_it(made: tuple[Path, bytes]) -> None:
    opened = unlock(made[0], SECRET)
    assert isinstance(opened, Opened)
    assert (opened.owner, opened.generation, opened.is_whole) == (Owner(ANA.id, ANA.name), 1, True)
    assert bytes(opened.key) == made[1]
    opened.wipe()
    assert bytes(opened.key) == bytes(32)


def test_the_same_letters_typed_on_another_keyboard_open_it(made: tuple[Path, bytes]) -> None:
    assert isinstance(unlock(made[0], "correct horse, zwo\u0308lf staples", ANA.id), Opened)


@pytest.mark.parametrize("secret", ["", SECRET.upper(), f"{SECRET} "])
def test_a_wrong_passphrase_is_said_to_be_one(folder: Path, secret: str) -> None:
    wrong = unlock(folder, secret)
    assert wrong == WrongSecret()
    assert "not the passphrase" in wrong.reason


def test_a_passphrase_opens_no_slot_but_its_persons(made: tuple[Path, bytes]) -> None:
    assert unlock(made[0], SECRET, UUID(int=0xB2)) == WrongSecret()


def test_the_slot_files_are_two_copies_that_only_their_owner_reads(folder: Path, made: tuple[Path, bytes]) -> None:
    assert stat.S_IMODE(made[0].stat().st_mode) == 0o700
    assert [stat.S_IMODE((made[0] / name).stat().st_mode) for name in SLOT_FILES] == [0o600, 0o600]
    assert (folder / FIRST).read_bytes() == (folder / SECOND).read_bytes()


def test_the_slot_files_hold_neither_the_key_nor_the_passphrase(made: tuple[Path, bytes]) -> None:
    content = (made[0] / FIRST).read_text()
    assert made[1].hex() not in content
    assert "staples" not in content


def test_who_may_open_it_is_known_before_it_is_opened(folder: Path) -> None:
    assert owners(folder) == (Owner(ANA.id, ANA.name),)
    assert owners(folder / "nowhere") == ()


@pytest.mark.parametrize("damaged", SLOT_FILES)
@pytest.mark.parametrize("content", [b"", b"[1, 2]", b"{}", b"\xff\xfe", b'{"format": 1, "slots": 3}', None])
def test_one_good_copy_is_enough(folder: Path, damaged: str, content: bytes | None) -> None:
    if content is None:
        (folder / damaged).unlink()
    else:
        (folder / damaged).write_bytes(content)
    assert owners(folder) == (Owner(ANA.id, ANA.name),)


def test_with_the_first_copy_cut_in_half_the_second_opens(folder: Path) -> None:
    whole = (folder / FIRST).read_bytes()
    (folder / FIRST).write_bytes(whole[: len(whole) // 2])
    opened = unlock(folder, SECRET)
    assert isinstance(opened, Opened)
    assert opened.is_whole


def test_a_copy_whose_sum_is_wrong_yields_to_the_one_that_is_sound(folder: Path) -> None:
    change(folder, lambda it: it.update(generation=9, salt="AAAAAAAAAAAAAAAAAAAAAA=="), FIRST)
    opened = unlock(folder, SECRET)
    assert isinstance(opened, Opened)
    assert (opened.generation, opened.is_whole) == (1, True)


def test_with_both_copies_gone_it_says_so_and_what_to_do(folder: Path) -> None:
    (folder / FIRST).write_bytes(b"\0" * 100)
    (folder / SECOND).unlink()
    damaged = unlock(folder, SECRET)
    assert isinstance(damaged, VaultDamaged)
    assert damaged.reason.endswith("Restore them from a backup.")
    assert owners(folder) == ()


def test_a_slot_file_that_somebody_changed_opens_and_says_it_is_not_whole(folder: Path) -> None:
    change(folder, lambda it: it.update(generation=7))
    opened = unlock(folder, SECRET)
    assert isinstance(opened, Opened)
    assert not opened.is_whole


def test_slots_of_a_newer_desk_are_not_guessed_at(folder: Path) -> None:
    change(folder, lambda it: it.update(format=2))
    newer = unlock(folder, SECRET)
    assert isinstance(newer, VaultDamaged)
    assert "newer version" in newer.reason


SPOILED: dict[str, Change] = {
    "another name": lambda slot: slot["person"].update(name="Ben Okafor"),
    "another public key": lambda slot: slot.update(public_key="AAAA"),
    "one pass": lambda slot: slot["kdf"].update(passes=1),
    "little memory": lambda slot: slot["kdf"].update(memory_kib=8),
    "endless memory": lambda slot: slot["kdf"].update(memory_kib=2**40),
    "no lanes": lambda slot: slot["kdf"].update(lanes=0),
    "endless lanes": lambda slot: slot["kdf"].update(lanes=2**40),
    "no salt": lambda slot: slot["kdf"].update(salt=""),
    "another way to stretch": lambda slot: slot["kdf"].update(alg="none"),
    "a short nonce": lambda slot: slot["private_key"].update(nonce="AAAA"),
    "no sealed key": lambda slot: slot.update(sealed_key={}),
    "another kind": lambda slot: slot.update(kind="badge"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_slot_that_was_changed_opens_nothing_and_stops_nobody(folder: Path, how: str) -> None:
    change(folder, lambda it: SPOILED[how](it["slots"][0]))
    assert unlock(folder, SECRET) == WrongSecret()


@pytest.mark.parametrize("slot", [None, 3, "x", {}, {"person": 4}, {"person": {"id": 5, "name": ""}}])
def test_a_slot_that_cannot_be_read_does_not_lock_out_the_others(folder: Path, slot: object) -> None:
    change(folder, lambda it: it["slots"].insert(0, slot))
    assert owners(folder) == (Owner(ANA.id, ANA.name),)


def test_a_slot_that_asks_for_an_impossible_cost_does_not_lock_out_the_others(folder: Path) -> None:
    def insert(content: dict[str, Any]) -> None:
        spoiled = json.loads(json.dumps(content["slots"][0]))
        spoiled["kdf"]["lanes"] = 0
        content["slots"].insert(0, spoiled)

    change(folder, insert)
    opened = unlock(folder, SECRET)
    assert isinstance(opened, Opened)
    assert not opened.is_whole


def test_a_vault_is_not_made_over_another(made: tuple[Path, bytes], folder: Path) -> None:
    before = (folder / SECOND).read_bytes()
    (folder / FIRST).unlink()
    with pytest.raises(VaultExists):
        create_vault(folder, ANA, SECRET)
    assert (folder / SECOND).read_bytes() == before


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SecretRefused, match="at least 15 characters; this one has 14"):
        create_vault(tmp_path, ANA, "fourteen chars")
    assert list(tmp_path.iterdir()) == []


def test_keys_for_two_purposes_have_nothing_to_do_with_each_other() -> None:
    key = bytes(range(32))
    assert derived(key, "audit") == derived(bytearray(key), "audit")
    assert len({key, derived(key, "audit"), derived(key, "slots-mac")}) == 3
