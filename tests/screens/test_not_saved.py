"""The disk fails or is full while somebody is at the counter: they are told what is true, and go on."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import pytest

from pcc_desk.desk.audit import on_record, pay
from pcc_desk.desk.chart import note_opening
from pcc_desk.desk.errors import NotSaved, ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.room import Room
from tests.desk.counter import MARA, TODAY, Counter
from tests.fakes import FakeLedger, FakeStore
from tests.screens.seat import Seat, at_the_queue
from tests.screens.test_flows import in_the_chart_after_asking, visits, with_a_basket
from tests.screens.test_intake import at_the_intake

P = ParamSpec("P")
T = TypeVar("T")

FULL = "This was not saved. The disk is full. Make room on it, then do it again."
SHUT = "The disk failed more than once: the record can be read and not added to. Leave the desk."


class FailingStore(FakeStore):
    """A fake store whose disk fails when it is told to."""

    def __init__(self, ledger: FakeLedger) -> None:
        super().__init__(ledger)
        self.fails: NotSaved | None = None

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one transaction, unless the disk fails."""
        if self.fails is not None:
            raise self.fails
        return await super().write(use_case, *args, **kwargs)


def told(seat: Seat) -> list[str]:
    """Return what was told beside the screens."""
    return [each.message for each in seat.app._notifications]


@pytest.fixture
def store(counter: Counter) -> FailingStore:
    """Return the store of the counter."""
    store = FailingStore(counter.ledger)
    counter.desk.store = store
    return store


async def test_what_was_not_saved_is_told_and_stands_there_to_be_saved_again(
    counter: Counter, store: FailingStore
) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        store.fails = NotSaved(FULL)
        await seat.press("f2")
        assert told(seat) == [FULL]
        assert "Dispense to Lindqvist, Mara" in seat.text
        assert counter.recorded("dispensation.recorded") == 0
        store.fails = None
        await seat.press("f2")
        await seat.see("dispensed for")
        assert counter.recorded("dispensation.recorded") == 1


async def test_a_record_that_is_only_read_says_so_on_top_and_is_read_on(counter: Counter, store: FailingStore) -> None:
    store.fails = ReadOnly(SHUT)
    store.read_only = SHUT
    async with at_the_queue(counter) as seat:
        assert "READ ONLY. The disk failed more than once" in seat.lines[1]
        before = visits(counter)
        await seat.press("space")
        assert SHUT in told(seat)
        assert visits(counter) == before
        await seat.press("enter")
        await seat.see("Lindqvist, Mara   born")
        assert "READ ONLY." in seat.lines[1]


async def test_with_too_little_room_nothing_new_is_handed_over_and_the_visit_is_finished(counter: Counter) -> None:
    counter.desk.room = lambda: Room(120_000_000)
    async with at_the_queue(counter) as seat:
        assert "The disk has 120 MB left" in seat.lines[1]
        await with_a_basket(seat)
        await seat.press("f2")
        await seat.see("Not recorded. The disk has 120 MB left. Make room on it")
        assert counter.recorded("dispensation.recorded") == 0
        await seat.press("escape", "y")
        await seat.press("n")
        await seat.see("Consultation note")
        await seat.type("Sleeps better.")
        await seat.press("f2")
        await seat.see("the note is signed.")
        assert counter.recorded("note.signed") == 1


async def test_with_little_room_it_is_said_and_things_are_handed_over(counter: Counter) -> None:
    counter.desk.room = lambda: Room(700_000_000)
    async with at_the_queue(counter) as seat:
        await seat.see("The disk has 700 MB left: make room.")
        await dispensed(seat, counter)


async def dispensed(seat: Seat, counter: Counter) -> None:
    await with_a_basket(seat)
    await seat.press("f2")
    await seat.see("dispensed for")
    assert counter.recorded("dispensation.recorded") == 1
    assert counter.ledger.queue(TODAY)


async def with_a_note(seat: Seat) -> None:
    await in_the_chart_after_asking(seat)
    await seat.press("n")
    await seat.see("Consultation note")
    await seat.type("Sleeps better.")


async def test_a_desk_whose_disk_is_full_is_locked_all_the_same(counter: Counter, store: FailingStore) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_note(seat)
        store.fails = NotSaved(FULL)
        await seat.press("f8")
        text = await seat.see("Locked.")
        assert "Sleeps" not in text
        assert not seat.door.is_open


async def test_a_desk_whose_disk_is_full_is_left_after_a_question(counter: Counter, store: FailingStore) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_note(seat)
        store.fails = NotSaved(FULL)
        await seat.press("f10")
        await seat.see("The words that are not signed are lost.")
        await seat.press("n")
        await seat.see("Consultation note")
        store.fails = None
        await seat.press("f10")
        await seat.see("is not signed")
        assert counter.recorded("draft.kept") == 1


async def test_with_a_full_disk_a_search_that_is_pending_does_not_keep_the_desk_open(
    counter: Counter, store: FailingStore
) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("/")
        await seat.type("lind")
        store.fails = NotSaved(FULL)
        await seat.press("f8")
        await seat.see("Locked.")
        assert seat.app.is_shut
        assert not seat.door.is_open
        assert seat.door.shut_for == "Locked."


async def test_with_a_full_disk_a_patient_is_looked_at_and_the_look_is_on_record_once_there_is_room(
    counter: Counter, store: FailingStore
) -> None:
    async with at_the_queue(counter) as seat:
        store.fails = NotSaved(FULL)
        await seat.press("down", "down", "enter")
        await seat.see("[ ] photo")
        assert counter.recorded("record.looked_at") == 0
        store.fails = None
        await pay(counter.desk)
        assert counter.recorded("record.looked_at") == 1


async def test_a_look_that_could_not_be_told_whether_it_was_saved_is_on_record_once(
    counter: Counter, store: FailingStore
) -> None:
    act = counter.desk.act()
    store.fails = NotSaved("That cannot be told now.")
    await on_record(counter.desk, note_opening, MARA.id, act=act)
    store.fails = None
    note_opening(counter.ledger, MARA.id, act=act)
    await pay(counter.desk)
    assert (counter.recorded("chart.opened"), counter.desk.owed) == (1, [])


async def test_an_answer_that_calls_for_help_and_was_not_saved_is_not_shown_as_acknowledged(
    counter: Counter, store: FailingStore
) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("phq9_9")
        await seat.type("1\r")
        await seat.press("f3")
        await seat.see("Done at once: Lindqvist, Mara")
        await seat.type("her sister is with her\r")
        await seat.see("AT ONCE, acknowledged")
        store.fails = NotSaved(FULL)
        form.go_to("phq9_9")
        await seat.press("ctrl+u")
        await seat.type("2\r")
        assert told(seat) == [FULL]
        assert "AT ONCE: Stay with the patient" in seat.text
        assert "acknowledged" not in seat.text
        assert "f3: say what was done" not in seat.text
        store.fails = None
        form.go_to("phq9_9")
        await seat.press("ctrl+u")
        await seat.type("3\r")
        await seat.see("f3: say what was done.")
