"""The keyring of a computer knows how far the record came too: what the file beside the store cannot tell, it tells."""

import shutil
from pathlib import Path

import pytest

from pcc_desk.desk.audit import Explained, explain_roll_back
from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.records import Elsewhere
from pcc_desk.domain.audit_entries import AnchorState
from pcc_desk.store.anchor import ANCHOR_FILE, Agrees, RolledBack
from pcc_desk.store.checking import Known, check
from pcc_desk.store.elsewhere import KeyringPlace, keyring_place
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.vault import create_vault, device
from tests.fakes import ANA
from tests.store.keyrings import Failing, Forgetful, Hanging, SystemKeyring
from tests.store.stores import opened
from tests.store.test_anchor import IDA, LATER, by, folder, grow

pytestmark = pytest.mark.usefixtures("quick_secrets")

__all__ = ["folder"]

NAME = "a vault journal here"


def at(folder: Path, keyring: device.Keyring) -> EncryptedStore:
    """Open a store on a computer with a keyring."""
    store = EncryptedStore.open(folder, opened(), LATER)
    store.second_place = KeyringPlace(NAME, keyring)
    return store


def kinds(store: EncryptedStore) -> list[str]:
    """Return what a check of the journal finds."""
    keys = store.chain_keys()
    return [each.kind for each in store.on_connection(lambda it: check(it, keys.at, Known.of(store), None)).findings]


@pytest.fixture
def keyring(folder: Path) -> SystemKeyring:
    """Return a keyring that knows the store as it is, after a day at it; older copies of all lie in "before"."""
    keyring, before = SystemKeyring(), folder / "before"
    before.mkdir()
    for name in (STORE_FILE, ANCHOR_FILE):
        shutil.copy(folder / name, before / name)
    store = at(folder, keyring)
    assert store.look_elsewhere_now() == Elsewhere()
    grow(store, 3)
    store.close()
    return keyring


def put_back(folder: Path) -> None:
    """Put the store and the anchor beside it back, both of the same earlier moment."""
    for name in (STORE_FILE, ANCHOR_FILE):
        shutil.copy(folder / "before" / name, folder / name)


def test_what_it_knows_grows_when_the_store_is_shut_and_agrees_when_it_opens_again(
    folder: Path, keyring: SystemKeyring
) -> None:
    (kept,) = keyring.kept.values()
    assert '"seq": 16' in kept
    store = at(folder, keyring)
    assert store.look_elsewhere_now() == Elsewhere()
    assert (store.read_only, kinds(store), store.heard.silence) == ("", [], "")
    store.close()


def test_a_store_and_its_anchor_put_back_together_are_told_by_it_and_not_written_until_a_manager_says_why(
    folder: Path, keyring: SystemKeyring
) -> None:
    put_back(folder)
    store = at(folder, keyring)
    assert (store.read_only, store.anchor_finding) == ("", Agrees())
    told = store.look_elsewhere_now()
    assert told.words.startswith("This store is older than it was: it ends at entry 13")
    assert store.read_only == told.words
    assert isinstance(store.anchor_finding, RolledBack)
    assert kinds(store) == ["rolled back"]
    with pytest.raises(ReadOnly):
        grow(store, 1)
    before = dict(keyring.kept)
    store.close()
    assert keyring.kept == before, "what is known of the newer one stays until it is explained"
    store = at(folder, keyring)
    store.look_elsewhere_now()
    found = store.roll_back
    assert found is not None
    assert store.explain_now(explain_roll_back, found, "Monday's copy", act=by(IDA)) == Explained()
    grow(store, 1)
    store.close()
    store = at(folder, keyring)
    assert (store.look_elsewhere_now(), store.read_only) == (Elsewhere(), "")
    store.close()


def test_one_that_lagged_behind_what_was_explained_is_accounted_for_too(folder: Path, keyring: SystemKeyring) -> None:
    store = EncryptedStore.open(folder, opened(), LATER)
    grow(store, 4)
    store.close()
    known = (folder / ANCHOR_FILE).read_bytes()
    put_back(folder)
    (folder / ANCHOR_FILE).write_bytes(known)
    store = at(folder, keyring)
    found = store.roll_back
    assert found is not None
    act = by(IDA)
    later = type(act)(act.id, LATER, act.by, act.counter, act.proof)
    store.explain_now(explain_roll_back, found, "the disk failed", act=later)
    assert store.look_elsewhere_now() == Elsewhere()
    assert store.read_only == ""
    store.close()


def test_what_somebody_changed_there_or_took_out_is_told_and_the_desk_goes_on(
    folder: Path, keyring: SystemKeyring
) -> None:
    (name,) = keyring.kept
    for kept, state, words in (
        ({name: "no anchor"}, AnchorState.UNSOUND, "changed by somebody"),
        ({}, AnchorState.MISSING, "no longer knows"),
    ):
        keyring.kept = dict(kept)
        store = at(folder, keyring)
        told = store.look_elsewhere_now()
        assert (told.wanting, told.is_alarming, store.read_only) == (state, True, "")
        assert words in told.words
        assert kinds(store) == [f"keyring {state}"]
        store.close()
        store = at(folder, keyring)
        assert store.look_elsewhere_now() == Elsewhere(), "it is told once, and kept anew"
        store.close()


def test_what_was_sealed_before_the_key_changed_is_known_for_ours_by_its_entry(
    folder: Path, keyring: SystemKeyring
) -> None:
    (name,) = keyring.kept
    text = keyring.kept[name]
    keyring.kept[name] = text.replace('"seal": "', '"seal": "00')
    store = at(folder, keyring)
    assert store.look_elsewhere_now() == Elsewhere()
    store.close()


@pytest.mark.parametrize("silent", [Failing("KeyringLocked"), Failing("NoKeyringError"), Hanging()])
def test_a_keyring_that_cannot_be_asked_is_told_of_once_and_is_no_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch, silent: device.Keyring
) -> None:
    monkeypatch.setattr(device, "LONGEST_S", 0.2)
    store = at(folder, silent)
    told = store.look_elsewhere_now()
    assert told.words.startswith("This computer")
    assert told.words.endswith("How far the record came is kept beside the store only.")
    assert (told.wanting, told.is_alarming) == (None, False)
    assert "passphrase" not in told.words
    assert (store.read_only, kinds(store)) == ("", [])
    grow(store, 1)
    store.close()
    store = at(folder, silent)
    assert store.look_elsewhere_now() == Elsewhere()
    store.second_place = KeyringPlace(NAME, SystemKeyring())
    store.look_elsewhere_now()
    store.second_place = KeyringPlace(NAME, silent)
    assert store.look_elsewhere_now().words, "it could be asked meanwhile, so it is told again"
    store.close()


def test_one_that_keeps_nothing_is_not_written_twice_and_stops_nobody(folder: Path) -> None:
    store = at(folder, Forgetful())
    assert store.look_elsewhere_now() == Elsewhere()
    grow(store, 1)
    store.keep_anchor()
    store.close()


def test_it_is_written_at_once_when_the_day_is_closed_and_not_before_it_was_asked(folder: Path) -> None:
    keyring = SystemKeyring()
    store = at(folder, keyring)
    store.keep_anchor()
    assert keyring.kept == {}
    store.look_elsewhere_now()
    grow(store, 1)
    store.keep_anchor()
    (kept,) = keyring.kept.values()
    assert '"seq": 14' in kept
    store.close()


def test_a_folder_has_an_entry_of_its_own_in_the_keyring(tmp_path: Path) -> None:
    create_vault(tmp_path / "one", ANA, "correct horse, zwölf staples").wipe()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    one, two = (keyring_place(tmp_path / each) for each in ("one", "two"))
    assert one is not None
    assert two is not None
    assert one.name.split()[0] == two.name.split()[0]
    assert one.name != two.name
    assert keyring_place(tmp_path / "none") is None
