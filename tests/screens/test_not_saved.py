"""The disk fails or is full while somebody is at the counter: they are told what is true, and go on."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

import pytest

from pcc_desk.desk.audit import on_record, pay
from pcc_desk.desk.chart import note_opening
from pcc_desk.desk.errors import NotSaved, ReadOnly
from pcc_desk.desk.intake import Verified, answer, verify_intake
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.room import Room
from pcc_desk.domain.people_entries import IntakeAnswered, IntakeBegun
from tests.desk.counter import MARA, TODAY, Counter
from tests.fakes import FakeLedger, FakeStore
from tests.screens.seat import NARROW, Seat, at_the_queue
from tests.screens.test_flows import in_the_chart_after_asking, visits, with_a_basket
from tests.screens.test_intake import WHOLE, answers, at_the_intake

P = ParamSpec("P")
T = TypeVar("T")

FULL = "This was not saved. The disk is full. Make room on it, then do it again."
UNREAD = "This could not be read. The disk failed. Do it again."
SHUT = "The disk failed more than once: the record can be read and not added to. Leave the desk."


class FailingStore(FakeStore):
    """A fake store whose disk fails when it is told to."""

    def __init__(self, ledger: FakeLedger) -> None:
        super().__init__(ledger)
        self.fails: NotSaved | None = None
        self.at: object = None
        """The one use case at which it fails; None: at every one."""

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one transaction, unless the disk fails."""
        if self.fails is not None and self.at in {None, use_case}:
            raise self.fails
        return await super().write(use_case, *args, **kwargs)


class UnreadStore(FakeStore):
    """A fake store whose disk cannot be read."""

    async def read(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Fail."""
        raise NotSaved(UNREAD)


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


async def at_the_question_before_leaving(seat: Seat, store: FailingStore) -> None:
    await with_a_note(seat)
    store.fails = NotSaved(FULL)
    await seat.press("f10")
    await seat.see("What is typed and not saved is lost.")


async def test_a_desk_whose_disk_is_full_is_left_after_a_question(counter: Counter, store: FailingStore) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_question_before_leaving(seat, store)
        await seat.press("n")
        await seat.see("Consultation note")
        store.fails = None
        await seat.press("f10")
        await seat.see("is not signed")
        assert counter.recorded("draft.kept") == 1


async def test_whoever_leaves_a_full_disk_all_the_same_is_asked_once(counter: Counter, store: FailingStore) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_question_before_leaving(seat, store)
        await seat.press("y")
        assert await seat.gone() == 0


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


async def test_an_answer_that_was_not_saved_is_saved_with_the_next_field_that_is_left(
    counter: Counter, store: FailingStore
) -> None:
    async with at_the_queue(counter, NARROW) as seat:
        form = await at_the_intake(seat)
        store.fails = NotSaved(FULL)
        await seat.type("Mara\r")
        assert told(seat) == [FULL]
        await seat.see("Not saved, tried again with the next field: likes to be called.")
        form.go_to("preferred_name")
        await seat.type(" L.\r")
        assert answers(counter) == {}
        store.fails = None
        await seat.press("down")
        await seat.see("Saved 10:00:00")
        assert answers(counter) == {"preferred_name": "Mara L."}
        assert counter.recorded("intake.answered") == 2
        await seat.press("escape")
        await seat.see("goes on where you left it")


async def test_an_answer_that_was_not_saved_is_tried_again_before_the_intake_is_left(
    counter: Counter, store: FailingStore
) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_intake(seat)
        store.fails = NotSaved(FULL)
        await seat.type("Mara L.\r")
        store.fails = None
        await seat.press("escape")
        await seat.see("goes on where you left it")
        assert answers(counter) == {"preferred_name": "Mara L."}


@pytest.mark.parametrize("typed", ["Mara L.\r", "Mara L."])
async def test_an_intake_with_an_answer_that_cannot_be_saved_is_left_after_a_question_and_says_what_is_lost(
    counter: Counter, store: FailingStore, typed: str
) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_intake(seat)
        store.fails = NotSaved(FULL)
        await seat.type(typed)
        await seat.press("escape")
        await seat.see("Not saved of the intake of Lindqvist, Mara: likes to be called. Leave it?")
        await seat.press("n")
        await seat.see("Intake of Lindqvist, Mara")
        await seat.press("escape", "y")
        text = await seat.see("born 1990-07-02")
        assert "Not saved of the intake of Lindqvist, Mara: likes to be called." in text
        assert "where you left it" not in text


async def test_a_desk_is_locked_on_an_answer_that_cannot_be_saved_and_says_that_it_is_lost(
    counter: Counter, store: FailingStore
) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_intake(seat)
        store.fails = NotSaved(FULL)
        await seat.type("Mara L.\rshe")
        await seat.press("f8")
        text = " ".join((await seat.see("Locked.")).split())
        assert FULL in text
        assert "What is typed and not saved is lost." in text
        assert "Mara" not in text


async def test_nobody_answers_for_an_intake_with_an_answer_that_could_not_be_saved(
    counter: Counter, store: FailingStore
) -> None:
    key = UUID(int=7)
    counter.put(IntakeBegun(MARA.id, key, "1"))
    counter.put(*(IntakeAnswered(MARA.id, key, field, words) for field, words in WHOLE.items()))
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        store.fails, store.at = NotSaved(FULL), answer
        form.go_to("goal")
        await seat.press("ctrl+u")
        await seat.type("walk again\r")
        await seat.press("f2")
        assert "Finish this intake?" not in seat.text
        store.fails = None
        await seat.press("f2")
        await seat.see("Finish this intake?")
        assert answers(counter)["goal"] == "walk again"


async def test_an_answer_to_an_intake_that_a_colleague_finished_meanwhile_is_not_dropped_in_silence(
    counter: Counter,
) -> None:
    key = UUID(int=7)
    counter.put(IntakeBegun(MARA.id, key, "1"))
    counter.put(*(IntakeAnswered(MARA.id, key, field, words) for field, words in WHOLE.items()))
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        verified = verify_intake(counter.ledger, MARA.id, counter.desk.intake_rules(), TODAY, act=counter.act())
        assert isinstance(verified, Verified)
        form.go_to("goal")
        await seat.press("ctrl+u")
        await seat.type("walk again\r")
        await seat.hear("Somebody finished this intake meanwhile.")
        await seat.press("escape")
        await seat.see("Not saved of the intake of Lindqvist, Mara: what shall be better")
        await seat.press("y")
        text = await seat.see("born 1990-07-02")
        assert "where you left it" not in text
    assert answers(counter)["goal"] == WHOLE["goal"]


async def test_a_record_that_could_not_be_read_is_nobodys_and_its_key_opens_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        quick = counter.desk.store
        counter.desk.store = UnreadStore(counter.ledger)
        await seat.press("enter")
        await seat.hear(UNREAD)
        await seat.see("The record is being read. f5 reads it again.")
        await seat.press("n")
        assert "Consultation note" not in seat.text
        counter.desk.store = quick
        await seat.press("f5")
        await seat.see("Lindqvist, Mara")
        await seat.press("n")
        await seat.see("Consultation note · Lindqvist, Mara")
