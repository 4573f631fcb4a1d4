"""The suite that measures trust can be trusted: its disk forgets what was not synced, its eyes see what is torn."""

from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from pcc_desk.store.connection import STORE_FILE
from trust.disk_faults import Point, suffered
from trust.figures import Figure, Run, not_measured, nothing_wrong
from trust.looking import look, lost
from trust.recording import Disk, Event, recorded, strace
from trust.shop import a_day, make_template, open_store, put_template

needs_strace = pytest.mark.skipif(strace() is None, reason="strace is not installed here, or may not be used")
DICE = Random(4)  # noqa: S311


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with six weeks of history."""
    return make_template(tmp_path_factory.mktemp("template"))


def write(at: int, data: bytes) -> Event:
    return Event("write", "a", at, data)


def test_a_disk_keeps_what_was_synced_and_of_the_rest_none_all_or_some_sectors() -> None:
    disk = Disk({"a": b"old old old "})
    for event in (write(0, b"new"), Event("sync", "a"), write(4, b"x" * 2000)):
        disk.follow(event)
    assert disk.after_the_cut("none", DICE)["a"] == b"new old old "
    assert disk.after_the_cut("all", DICE)["a"] == b"new " + b"x" * 2000
    torn = {disk.after_the_cut("torn", DICE)["a"] for _ in range(40)}
    assert len(torn) > 8
    for each in torn:
        for start in range(0, 2004, 512):
            assert len(set(each[max(start, 12) : start + 512])) <= 1, "a sector is there, or is not"


def test_a_file_that_is_gone_is_gone_and_one_that_is_cut_is_cut_once_synced() -> None:
    disk = Disk({"a": b"0123456789", "b": b"b"})
    for event in (Event("cut", "a", 4), Event("gone", "b"), Event("open", "c")):
        disk.follow(event)
    assert disk.after_the_cut("none", DICE) == {"a": b"0123456789", "c": b""}
    assert disk.after_the_cut("all", DICE) == {"a": b"0123", "c": b""}


def test_what_was_acknowledged_is_known_from_what_was_said() -> None:
    disk = Disk({})
    disk.follow(Event("said", data=f"BEGINS\nACK {UUID(int=7)}\n".encode()))
    assert disk.acknowledged == [UUID(int=7)]


TORN = (
    ("DELETE FROM dispensed_line WHERE dispensation_id = (SELECT id FROM dispensation LIMIT 1)", "lines"),
    ("DELETE FROM event WHERE seq = 9", "events beside"),
    ("DELETE FROM dispensation WHERE id = (SELECT id FROM dispensation LIMIT 1)", "dispensings beside"),
    ("UPDATE visit SET reason = 'another'", "table visit is not what the journal gives"),
)


@pytest.mark.parametrize(("statement", "said"), TORN)
def test_an_act_that_is_there_in_part_is_seen(tmp_path: Path, template: Path, statement: str, said: str) -> None:
    put_template(template, tmp_path)
    assert look(tmp_path, is_thorough=True).wrong == []
    store = open_store(tmp_path)
    store.on_connection(lambda it: [it.execute("PRAGMA foreign_keys = OFF"), it.execute(statement)])
    store.close()
    assert any(said in each for each in look(tmp_path, is_thorough=True).wrong)


def test_an_act_that_was_said_and_is_not_there_is_seen(tmp_path: Path, template: Path) -> None:
    put_template(template, tmp_path)
    store = open_store(tmp_path)
    said: list[UUID] = []
    lived = a_day(store, 5, 2, said.append)
    store.close()
    assert (lived.visits, lived.dispensed) == (2, 2)
    seen = look(tmp_path)
    assert seen.acts[-len(said) :] == said
    assert lost(said, seen) == []
    assert lost([UUID(int=5)], seen) == [f"{UUID(int=5)} was acknowledged and is gone"]


@needs_strace
def test_what_a_desk_does_to_its_disk_is_recorded_whole(tmp_path: Path, template: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    put_template(template, folder)
    disk = Disk({STORE_FILE: (folder / STORE_FILE).read_bytes()})
    for each in recorded(str(strace()), folder, tmp_path / "trace", 3, 1):
        disk.follow(each)
    assert len(disk.acknowledged) > 5
    assert disk.after_the_cut("none", DICE)[STORE_FILE] == (folder / STORE_FILE).read_bytes()


@needs_strace
@pytest.mark.parametrize(
    "point",
    [
        Point("fsync", "EIO", 3, is_for_good=False),
        Point("fsync", "EIO", 3, is_for_good=True),
        Point("pwrite64", "ENOSPC", 40, is_for_good=False),
        Point("pwrite64", "EIO", 77, is_for_good=True),
    ],
    ids=lambda each: each.rule,
)
def test_whatever_the_disk_does_what_is_told_of_an_act_is_true(tmp_path: Path, template: Path, point: Point) -> None:
    outcome = suffered(str(strace()), Run(1, True, tmp_path), template, point)
    assert outcome.is_met
    assert (outcome.missing, outcome.twice, outcome.silent) == ([], [], [])


def test_a_figure_is_met_only_when_nothing_went_wrong_often_enough() -> None:
    assert nothing_wrong(1, "a", [], "0", "9").is_met
    assert not nothing_wrong(1, "a", ["b"], "0", "9").is_met
    assert not nothing_wrong(1, "a", [], "0", "9", is_enough=False).is_met
    unmeasured: Figure = not_measured(1, "a", "0", "no strace")
    assert unmeasured.is_met is None
    assert unmeasured.line.startswith("--")
