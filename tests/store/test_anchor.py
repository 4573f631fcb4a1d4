"""How far the journal came is known outside of it: what is older, cut or another one is told; a restore too."""

import shutil
import stat
import string
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcc_desk.desk.audit import Explained, NoReason, explain_roll_back
from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.rights import NotPermitted
from pcc_desk.domain.audit_entries import AnchorState, StoreRestored
from pcc_desk.domain.entries import Act, ChartOpened, PatientRegistered, ShopOpened, StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.store import running
from pcc_desk.store.anchor import (
    ANCHOR_FILE,
    LONG,
    Agrees,
    Anchor,
    Anchors,
    FilePlace,
    RolledBack,
    Wanting,
    _written,
    paper_form,
    read_paper,
)
from pcc_desk.store.checking import Checked, Known, check
from pcc_desk.store.connection import Connection
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.vault import derived
from tests.fakes import ANA, NOON, SHOP, TYPED
from tests.store.stores import KEY, a_patient, ledger_of, new_id, opened, put

pytestmark = pytest.mark.usefixtures("quick_secrets")

ANCHOR_KEY = derived(KEY, "anchor")
IDA = Person(new_id(), "Ida Nkemelu", Role.MANAGER)
LATER = NOON + timedelta(days=1)


def read_anchor(folder: Path, key: bytes) -> Anchor | AnchorState:
    """Return the anchor beside the store."""
    return Anchors([FilePlace(folder)], key).last()


def by(person: Person = ANA) -> Act:
    return Act(new_id(), NOON, person.id, "counter-1", TYPED)


def again(folder: Path) -> EncryptedStore:
    """Open the store a day later."""
    return EncryptedStore.open(folder, opened(), LATER)


def grow(store: EncryptedStore, number: int) -> None:
    patient = a_patient()
    store.write_now(lambda it: it.record(PatientRegistered(patient, ()), by()))
    for _ in range(number - 1):
        store.write_now(lambda it: it.record(ChartOpened(patient.id), by()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a store with 13 entries, closed, and a copy of it with 8 beside."""
    store = EncryptedStore.make(tmp_path, opened(), NOON)
    put(ledger_of(store), ShopOpened(SHOP), StaffAdded(ANA), StaffAdded(IDA))
    grow(store, 5)
    store.close()
    shutil.copy(tmp_path / STORE_FILE, tmp_path / "copy")
    store = again(tmp_path)
    grow(store, 5)
    store.close()
    return tmp_path


def tamper(folder: Path, *statements: str) -> None:
    """Change the file as somebody does who has its key, and takes the triggers away."""
    store = again(folder)

    def run(connection: Connection) -> None:
        for each in ("DROP TRIGGER journal_keeps_what_it_has", "DROP TRIGGER journal_keeps_every_row", *statements):
            connection.execute(each)

    kept = (folder / ANCHOR_FILE).read_bytes()
    store.on_connection(run)
    store.close()
    (folder / ANCHOR_FILE).write_bytes(kept)


def checked(folder: Path, paper: str | None = None) -> Checked:
    store = again(folder)
    try:
        keys = store.chain_keys()
        return store.on_connection(lambda it: check(it, keys.at, Known.of(store), paper))
    finally:
        store.close()


def kinds(folder: Path, paper: str | None = None) -> list[str]:
    return [each.kind for each in checked(folder, paper).findings]


def test_a_store_left_alone_goes_on_from_its_anchor(folder: Path) -> None:
    anchor = read_anchor(folder, ANCHOR_KEY)
    assert isinstance(anchor, Anchor)
    assert (anchor.seq, anchor.at) == (13, NOON)
    assert stat.S_IMODE((folder / ANCHOR_FILE).stat().st_mode) == 0o600
    assert checked(folder) == Checked(13, (), ())
    store = again(folder)
    assert (store.read_only, store.anchor_finding, store.roll_back) == ("", Agrees(), None)
    store.close()


@pytest.mark.parametrize(
    ("statements", "kind"),
    [
        (["UPDATE journal SET body = body || ' ' WHERE seq = 5"], "changed"),
        (["UPDATE journal SET at = at + 1 WHERE seq = 13"], "changed"),
        (["DELETE FROM journal WHERE seq = 5"], "deleted"),
        (["DELETE FROM journal WHERE seq = 5", "UPDATE journal SET seq = seq - 1 WHERE seq > 5"], "deleted"),
        (
            [
                "UPDATE journal SET seq = 0 WHERE seq = 5",
                "UPDATE journal SET seq = 5 WHERE seq = 9",
                "UPDATE journal SET seq = 9 WHERE seq = 0",
            ],
            "moved",
        ),
        (["DELETE FROM journal WHERE seq > 10"], "cut off"),
        (["DELETE FROM journal WHERE seq > 10", "DELETE FROM event WHERE seq > 10"], "rolled back"),
        (["DELETE FROM event WHERE seq = 4"], "cut off"),
    ],
)
def test_what_was_done_to_the_journal_is_told_by_name(folder: Path, statements: list[str], kind: str) -> None:
    tamper(folder, *statements)
    assert kind in kinds(folder)


def test_an_older_store_in_its_place_is_read_and_not_written_until_a_manager_says_why(folder: Path) -> None:
    shutil.copy(folder / "copy", folder / STORE_FILE)
    assert kinds(folder) == ["rolled back"]
    store = again(folder)
    assert store.read_only.startswith("This store is older than it was: it ends at entry 8 of 2026-11-24 17:00 UTC")
    assert "pcc-desk journal explain" in store.read_only
    with pytest.raises(ReadOnly, match="older than it was"):
        grow(store, 1)
    found = store.roll_back
    assert found is not None
    assert (found.known_seq, found.found_seq) == (13, 8)
    with pytest.raises(NotPermitted):
        store.explain_now(explain_roll_back, found, "it was me", act=by(ANA))
    assert store.read_only
    assert store.explain_now(explain_roll_back, found, "  ", act=by(IDA)) == NoReason()
    assert store.read_only
    assert store.explain_now(explain_roll_back, found, "disk failed, Monday's copy", act=by(IDA)) == Explained()
    assert (store.read_only, store.roll_back) == ("", None)
    grow(store, 1)
    store.close()
    account = checked(folder)
    assert account.is_whole
    assert [getattr(each, "reason", "") for each in account.accounts] == ["disk failed, Monday's copy"]


def test_who_was_denied_to_explain_it_is_on_record_all_the_same(folder: Path) -> None:
    shutil.copy(folder / "copy", folder / STORE_FILE)
    store = again(folder)
    found = store.roll_back
    assert found is not None
    with pytest.raises(NotPermitted):
        store.explain_now(explain_roll_back, found, "it was me", act=by(ANA))
    assert store.read_now(lambda it: it.kinds_of_acts())[0] == "act.denied"
    assert store.read_only
    store.close()


def test_closing_an_older_store_leaves_the_anchor_as_it_was(folder: Path) -> None:
    before = (folder / ANCHOR_FILE).read_bytes()
    shutil.copy(folder / "copy", folder / STORE_FILE)
    again(folder).close()
    assert (folder / ANCHOR_FILE).read_bytes() == before


def test_another_history_of_the_same_length_is_another_journal(folder: Path) -> None:
    shutil.copy(folder / "copy", folder / STORE_FILE)
    kept = (folder / ANCHOR_FILE).read_bytes()
    (folder / ANCHOR_FILE).unlink()
    store = again(folder)
    grow(store, 7)
    store.close()
    (folder / ANCHOR_FILE).write_bytes(kept)
    assert kinds(folder) == ["other journal"]


def test_acts_that_lay_in_a_log_that_was_removed_are_missed(folder: Path) -> None:
    store = again(folder)
    grow(store, 4)
    store.keep_anchor()
    shutil.copy(folder / STORE_FILE, folder / "without its log")
    store.close()
    anchored = (folder / ANCHOR_FILE).read_bytes()
    shutil.move(folder / "without its log", folder / STORE_FILE)
    (folder / ANCHOR_FILE).write_bytes(anchored)
    assert kinds(folder) == ["rolled back"]


def test_an_honest_restore_says_so_and_the_store_is_written(folder: Path) -> None:
    shutil.copy(folder / "copy", folder / STORE_FILE)
    store = again(folder)
    found = store.roll_back
    assert found is not None
    restored = StoreRestored(
        "copy-20261124T170000Z", NOON, found.found_seq, found.found_seal, found.known_seq, found.known_seal
    )
    store.explain_now(lambda it: it.record(restored, by(IDA)))
    assert store.read_only == ""
    store.close()
    assert checked(folder) == Checked(9, (), (restored,))


def test_a_restore_that_was_cut_short_before_its_anchor_is_taken_at_its_word(folder: Path) -> None:
    stale = (folder / ANCHOR_FILE).read_bytes()
    test_an_honest_restore_says_so_and_the_store_is_written(folder)
    (folder / ANCHOR_FILE).write_bytes(stale)
    store = again(folder)
    assert (store.read_only, store.roll_back) == ("", None)
    store.close()


@pytest.mark.parametrize("number", range(0, 120, 7))
def test_an_anchor_with_any_bit_flipped_is_not_ours(folder: Path, number: int) -> None:
    content = bytearray((folder / ANCHOR_FILE).read_bytes())
    content[number] ^= 1 << (number % 7)
    (folder / ANCHOR_FILE).write_bytes(content)
    store = again(folder)
    assert store.anchor_wanting is AnchorState.UNSOUND
    assert store.read_only == ""
    store.close()
    assert (folder / ANCHOR_FILE).read_bytes() == content, "it is not written anew before that is on record"


def test_a_missing_anchor_is_told_where_the_journal_is_long(folder: Path) -> None:
    (folder / ANCHOR_FILE).unlink()
    again(folder).close()
    assert (folder / ANCHOR_FILE).exists(), "a short journal is anchored at once"
    store = again(folder)
    grow(store, LONG)
    store.close()
    (folder / ANCHOR_FILE).unlink()
    store = again(folder)
    assert store.anchor_finding == Wanting(AnchorState.MISSING)
    store.close()
    assert not (folder / ANCHOR_FILE).exists()
    assert kinds(folder) == ["anchor missing"]
    store = again(folder)
    store.settle_anchor()
    assert (folder / ANCHOR_FILE).exists()
    store.close()


def test_the_anchor_follows_while_the_store_is_open_and_rests(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ANCHOR_EVERY_S", 0.0)
    store = again(folder)
    grow(store, 2)
    for _ in range(2000):
        store.on_connection(lambda _: None)
        anchor = read_anchor(folder, ANCHOR_KEY)
        if isinstance(anchor, Anchor) and anchor.seq == 15:
            break
    assert isinstance(anchor, Anchor)
    assert anchor.seq == 15
    store.close()


def test_an_anchor_that_cannot_be_written_stops_nobody(folder: Path) -> None:
    store = again(folder)
    grow(store, 1)
    (folder / ANCHOR_FILE).unlink()
    (folder / ANCHOR_FILE).mkdir()
    store.keep_anchor()
    grow(store, 1)
    store.close()
    (folder / ANCHOR_FILE).rmdir()


def test_what_is_on_paper_tells_the_journal_from_one_that_was_written_anew(folder: Path) -> None:
    store = again(folder)
    paper = store.paper_head()
    store.close()
    assert paper.startswith("13 ")
    assert kinds(folder, paper) == []
    assert kinds(folder, paper.lower().replace("-", " ").replace("0", "o")) == []
    wrong = paper[:-1] + ("A" if paper[-1] != "A" else "B")
    assert kinds(folder, wrong) == ["paper"]
    tamper(folder, "UPDATE journal SET mac = zeroblob(32) WHERE seq = 13")
    assert "paper" in kinds(folder, paper)


@given(st.integers(0, 10**7), st.binary(min_size=32, max_size=32), st.integers(0, 23), st.sampled_from(string.digits))
@settings(max_examples=200)
def test_a_slip_of_one_character_on_paper_is_noticed(seq: int, mac: bytes, at: int, other: str) -> None:
    paper = paper_form(seq, mac)
    read = read_paper(paper)
    assert read is not None
    assert read.seq == seq
    number, signs = paper.split(" ")
    place = at % len(signs)
    if signs[place] not in {"-", other}:
        slipped = f"{number} {signs[:place]}{other}{signs[place + 1 :]}"
        assert read_paper(slipped) is None


@pytest.mark.parametrize("typed", ["", "13", "13 ABCD", "x ABCD-EFGH-JKMN-PQRS-TVWX", "² ABCD-EFGH-JKMN-PQRS-TVWX"])
def test_what_is_no_paper_is_none(typed: str) -> None:
    assert read_paper(typed) is None


@given(st.integers(0, 2**40), st.binary(min_size=32, max_size=32), st.datetimes())
def test_an_anchor_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, seq: int, mac: bytes, at: object
) -> None:
    folder = tmp_path_factory.mktemp("anchor")
    anchor = Anchor(seq, mac, NOON)
    FilePlace(folder).write(_written(anchor, ANCHOR_KEY))
    assert read_anchor(folder, ANCHOR_KEY) == anchor
    assert read_anchor(folder, b"another key" * 3) is AnchorState.UNSOUND


def test_a_finding_says_why_it_is_one(folder: Path) -> None:
    tamper(folder, "DELETE FROM journal WHERE seq > 10")
    store = again(folder)
    found = store.anchor_finding
    assert isinstance(found, RolledBack)
    assert found.is_cut
    assert store.read_only.startswith("The journal was cut: it ends at entry 10 of 13.")
    store.close()
