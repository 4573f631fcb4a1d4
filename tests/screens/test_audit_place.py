"""The Audit place by keyboard: who sees it, what is asked, what is signed; and disclosures from the chart."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.audit import note_look
from pcc_desk.desk.care import note_request
from pcc_desk.desk.records import Elsewhere, RollBack
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.audit_entries import Sight
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.requests import RequestKind
from tests.desk.counter import CHIDI, MARA, OLGA, TODAY, Counter
from tests.screens.seat import Seat, at_the_queue
from tests.screens.test_flows import open_maras_chart

IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)


class FakeKeeper:
    """Found an older store, and takes one explanation."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.roll_back: RollBack | None = RollBack(13, "aa", 8, "bb", "This store is older than it was.")

    async def explain(self, use_case, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Run it; when it recorded something, there is nothing to explain any more."""
        before = self.counter.ledger.last_seq()
        outcome = use_case(self.counter.ledger, *args, **kwargs)
        if self.counter.ledger.last_seq() > before:
            self.roll_back = None
        return outcome

    async def look_elsewhere(self) -> Elsewhere:
        """Know nothing elsewhere."""
        return Elsewhere()

    def keep_anchor(self) -> None:
        """Keep nothing."""

    def paper_head(self) -> str:
        """Return no paper."""
        return ""


@pytest.fixture
def managed(counter: Counter) -> Counter:
    counter.put(StaffAdded(IDA))
    counter.desk = counter.desk_of(IDA)
    return counter


async def open_audit(seat: Seat) -> None:
    await seat.press("ctrl+g", "u")
    await seat.see("[Audit")
    await seat.see("events on record")


async def test_a_coordinator_is_not_offered_the_place(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g")
        text = await seat.see("Go to")
        assert "Audit" not in text
        await seat.press("u")
        assert "[Audit" not in seat.text


async def test_that_somebody_looks_at_the_trail_is_on_record_once_a_visit(managed: Counter) -> None:
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.press("f5", "a", "e")
        await seat.see("events on record")
        assert managed.recorded("trail.looked_at") == 1
        await seat.press("escape")
        await seat.see("[Queue")
        await open_audit(seat)
        assert managed.recorded("trail.looked_at") == 2


async def test_the_list_is_narrowed_by_typing_and_by_the_row_under_the_cursor(managed: Counter) -> None:
    note_look(managed.ledger, OLGA.id, Sight.PAPERS, act=managed.act())
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.type("/of petrov\r")
        text = await seat.see("3 events of Petrov, Olga")
        assert "record looked at" in text
        await seat.press("down", "d")
        await seat.see("1 event of Petrov, Olga, “record looked at”")
        await seat.press("escape")
        await seat.see("events on record")
        assert managed.recorded("trail.looked_at") == 2, "the place, and the one patient"


async def test_what_is_not_understood_is_said_and_stays_typed(managed: Counter) -> None:
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.type("/by zoe\r")
        text = await seat.see("Nobody called “zoe” ever worked here.")
        assert "by zoe" in text


async def test_a_review_is_signed_after_a_yes_and_not_twice(managed: Counter) -> None:
    note_look(managed.ledger, CHIDI.id, Sight.ALLOTMENT, act=managed.act())
    note_look(managed.ledger, OLGA.id, Sight.ALLOTMENT, act=managed.act())
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.press("f2")
        assert "Sign that you" not in seat.text
        await seat.press("a")
        text = await seat.see("1 thing out of the ordinary in")
        assert "no visit that day" in text
        assert "Nobody has signed a review yet." in text
        await seat.press("f2")
        await seat.see("Sign that you reviewed")
        await seat.press("n")
        assert managed.recorded("review.signed") == 0
        await seat.press("f2", "y")
        await seat.see("reviewed by Ida Nkemelu")
        assert managed.recorded("review.signed") == 1
        await seat.see("Nothing is out of the ordinary.")


async def test_enter_on_something_unusual_shows_what_was_done_that_day(managed: Counter) -> None:
    note_look(managed.ledger, OLGA.id, Sight.ALLOTMENT, act=managed.act())
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.press("a")
        await seat.see("out of the ordinary in")
        await seat.press("enter")
        await seat.see("by Ana Ruiz, of Petrov, Olga")


async def test_an_older_store_is_said_and_explained_with_a_reason(managed: Counter) -> None:
    managed.desk.keeper = FakeKeeper(managed)
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.see("This store is older than it was.")
        await seat.press("x", "enter")
        await seat.see("Type why: it goes on record.")
        await seat.type("the copy of Monday was put back\r")
        await seat.prove()
        await seat.see("Saved: it is on record, and the record is written again.")
        assert managed.recorded("roll_back.explained") == 1
        await seat.press("x")
        assert "why, such as" not in seat.text


async def test_who_may_not_restore_is_not_offered_to_explain_an_older_store(managed: Counter) -> None:
    managed.desk.person = replace(managed.desk.person, role=Role.COMPLIANCE)
    managed.desk.keeper = FakeKeeper(managed)
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.see("This store is older than it was.")
        await seat.press("x")
        assert "why, such as" not in seat.text


class CountingPrinter:
    """Counts what it is given."""

    def __init__(self) -> None:
        self.printed = 0

    async def print(self, text: str) -> Unanswered | None:
        """Count it."""
        self.printed += 1
        return None


async def test_an_accounting_of_disclosures_leaves_the_desk_only_after_the_secret(managed: Counter) -> None:
    printer = CountingPrinter()
    managed.desk.printer = printer
    async with at_the_queue(managed) as seat:
        await open_maras_chart(seat)
        await seat.press("l")
        await seat.see("Nothing was disclosed")
        await seat.press("p")
        await seat.see("type your PIN or passphrase again")
        await seat.press("escape")
        await seat.see("Not done: your secret was not typed again.")
        assert (printer.printed, managed.recorded("disclosures.told")) == (0, 0)
        await seat.press("p")
        await seat.prove()
        await seat.see("Sent to the printer")
        assert (printer.printed, managed.recorded("disclosures.told")) == (1, 1)


# Looks and searches, at the counter


async def test_a_search_is_one_event_however_it_was_typed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/okaf")
        await seat.see("Okafor, Chidi")
        assert counter.recorded("patients.searched") == 0
        await seat.press("enter")
        await seat.see("photo")
        assert counter.recorded("patients.searched") == 1
        assert counter.recorded("record.looked_at") == 1
        await seat.press("escape", "escape")
        assert counter.recorded("patients.searched") == 1


async def test_a_search_that_is_given_up_is_on_record_too(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/lind")
        await seat.see("Lindqvist, Mara")
        await seat.press("escape")
        assert counter.recorded("patients.searched") == 1
        await seat.type("/nobody")
        await seat.see("Nobody by that")
        await seat.press("f8")
        await seat.see("Locked.")
        found = [each for each in counter.ledger.events_after(0, 999, 999) if each.act == "patients.searched"]
        assert [each.outcome for each in found] == ["1 found by name", "0 found by name"]


async def test_looking_at_an_allotment_and_a_chart_is_one_event_each(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("a")
        await seat.see("MAY BE DISPENSED NOW")
        await seat.press("f5", "f5")
        assert counter.recorded("record.looked_at") == 1
        await seat.press("c")
        await seat.see("Lindqvist, Mara   born")
        await seat.press("f5", "f5")
        assert counter.recorded("chart.opened") == 1
        await seat.press("ctrl+g", "a")
        await seat.see("MAY BE DISPENSED NOW")
        await seat.press("e")
        await seat.see("Papers of")
        assert counter.recorded("record.looked_at") == 2


async def test_a_disclosure_is_typed_step_by_step_and_what_is_missing_is_asked_for(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("Lindqvist, Mara   born")
        await seat.press("l")
        await seat.see("Nothing was disclosed in the last six years.")
        await seat.press("n")
        await seat.type("\rState police\r\rpurchases\rcourt order\r")
        await seat.see("Not saved. Type the address: the law wants it kept.")
        await seat.type("Lansing")
        await seat.press("f2")
        await seat.see("disclosed to State police.")
        assert counter.recorded("disclosure.made") == 1
        (made,) = counter.ledger.disclosures(MARA.id, date(2000, 1, 1))
        assert (made.address, made.purpose) == ("Lansing", "court order")
        await seat.press("n")
        await seat.type("2026")
        await seat.press("escape")
        await seat.see("is not saved. Leave it?")
        await seat.press("y")
        await seat.press("escape")
        await seat.see("disclosed to State police.")


async def test_whose_requests_wait_is_told_to_who_answers_them_and_leads_to_the_chart(managed: Counter) -> None:
    note_request(
        managed.ledger, MARA.id, RequestKind.ACCESS, "all of it", TODAY - timedelta(days=25), act=managed.act()
    )
    managed.desk.person = replace(managed.desk.person, role=Role.COMPLIANCE)
    async with at_the_queue(managed) as seat:
        await open_audit(seat)
        await seat.press("q")
        await seat.see("1 request waits for an answer about the patient's own record.")
        await seat.see("due Tue 17 Mar, in 5 d")
        await seat.press("escape")
        await seat.see("[Audit")
        await seat.press("q", "enter")
        await seat.see("Lindqvist, Mara")
        assert "[Chart]" in seat.text
    assert managed.recorded("patients.listed") == 2
