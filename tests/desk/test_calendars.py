"""Appointments from elsewhere: never twice, never guessed, and nobody vanishes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pcc_desk.desk.appointments import When, move_appointment
from pcc_desk.desk.calendars import (
    AS_IT_WAS,
    BOOKED,
    CALLED_OFF,
    MOVED,
    LeftToPeople,
    Taken,
    import_calendar,
    import_guests,
    take_event,
)
from pcc_desk.desk.queue import move_visit
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.calendars import Calendar, CalendarEvent, names_in, reason_in
from pcc_desk.domain.entries import PatientRegistered
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.shelf import Guest
from pcc_desk.domain.visits import Reason, VisitState
from tests.desk.counter import CHIDI, MARA, MARAS_CARD, OPENING, SHOP, TODAY, Counter, expected

HOUR = timedelta(hours=1)
EVENT = CalendarEvent("ics:a", OPENING + HOUR, 30, "Lindqvist, Mara - refill")


def take(counter: Counter, event: CalendarEvent = EVENT) -> Taken | LeftToPeople:
    return take_event(counter.ledger, event, shop=SHOP, hours=Hours(), act=counter.act())


def taken(counter: Counter, event: CalendarEvent = EVENT) -> str:
    outcome = take(counter, event)
    assert isinstance(outcome, Taken), outcome
    return outcome.what


def test_an_event_is_booked_once_however_often_its_file_comes(counter: Counter) -> None:
    assert taken(counter) == BOOKED
    before = dict(counter.ledger.acts)
    assert taken(counter) == AS_IT_WAS
    assert counter.ledger.acts == before
    (row,) = counter.ledger.queue(TODAY)
    assert (row.patient, row.visit.reason, row.visit.minutes) == (MARA, Reason.REFILL, 30)


def test_one_that_moved_or_was_called_off_takes_its_appointment_along(counter: Counter) -> None:
    taken(counter)
    later = replace(EVENT, at=EVENT.at + 24 * HOUR, link="https://meet.example/r")
    assert taken(counter, later) == MOVED
    (row,) = counter.ledger.queue(TODAY + timedelta(days=1))
    assert (row.visit.appointment_at, row.visit.link) == (later.at, later.link)
    assert taken(counter, replace(later, is_cancelled=True)) == CALLED_OFF
    visit = counter.ledger.visit(row.visit.id)
    assert visit is not None
    assert visit.state is VisitState.CANCELLED


def test_a_link_typed_by_a_person_stays_where_the_event_has_none(counter: Counter) -> None:
    outcome = take(counter)
    assert isinstance(outcome, Taken)
    when = When(EVENT.at, EVENT.minutes, "https://meet.example/r")
    move_appointment(counter.ledger, outcome.visit.id, when, shop=SHOP, hours=Hours(), act=counter.act())
    assert taken(counter) == AS_IT_WAS
    assert taken(counter, replace(EVENT, at=EVENT.at + HOUR)) == MOVED
    visit = counter.ledger.visit(outcome.visit.id)
    assert visit is not None
    assert visit.link == "https://meet.example/r"


def test_who_came_already_is_left_alone_whatever_the_file_says(counter: Counter) -> None:
    outcome = take(counter)
    assert isinstance(outcome, Taken)
    move_visit(counter.ledger, outcome.visit.id, VisitState.ARRIVED, act=counter.act())
    assert taken(counter, replace(EVENT, is_cancelled=True)) == AS_IT_WAS
    assert taken(counter, replace(EVENT, at=EVENT.at + HOUR)) == AS_IT_WAS


@pytest.mark.parametrize(
    "summary", ["Mara Lindqvist", "lindqvist mara", "Refill: LINDQVIST, Mara (phone)", f"Visit {MARAS_CARD.number}"]
)
def test_a_whole_name_or_a_card_says_whose_it_is(counter: Counter, summary: str) -> None:
    assert taken(counter, replace(EVENT, summary=summary)) == BOOKED


@pytest.mark.parametrize("summary", ["Mara", "Lindqvis, Mara", "Team meeting", "", "Lindqvist"])
def test_half_a_name_is_never_taken_for_a_whole_one(counter: Counter, summary: str) -> None:
    outcome = take(counter, replace(EVENT, summary=summary))
    assert isinstance(outcome, LeftToPeople)
    assert "fits nobody" in outcome.why
    assert counter.ledger.queue(TODAY) == ()


def test_of_two_people_of_one_name_neither_is_chosen_and_the_card_decides(counter: Counter) -> None:
    other = replace(MARA, id=counter.desk.new_id(), born=MARA.born + timedelta(days=900))
    counter.put(PatientRegistered(other, ()))
    outcome = take(counter)
    assert isinstance(outcome, LeftToPeople)
    assert "fits 2 patients of that name" in outcome.why
    assert taken(counter, replace(EVENT, description=f"card {MARAS_CARD.number}")) == BOOKED


def test_what_is_over_is_left_and_one_called_off_before_it_was_taken_is_nothing(counter: Counter) -> None:
    over = take(counter, replace(EVENT, at=OPENING - HOUR))
    assert isinstance(over, LeftToPeople)
    assert "is over" in over.why
    assert isinstance(take(counter, replace(EVENT, is_cancelled=True)), LeftToPeople)


def test_the_title_says_what_it_is_for() -> None:
    assert reason_in(replace(EVENT, summary="New patient: Okafor")) is Reason.NEW
    assert reason_in(replace(EVENT, summary="Okafor")) is Reason.FOLLOW_UP
    assert "Okafor, Chidi" in names_in(replace(EVENT, summary="Okafor, Chidi - follow-up"))


async def test_a_file_is_taken_with_progress_and_what_stands_at_the_same_time_is_told(counter: Counter) -> None:
    counter.book(expected(CHIDI, 1))
    events = (EVENT, replace(EVENT, origin="ics:b", at=EVENT.at + 48 * HOUR), replace(EVENT, origin="c", summary="x"))
    steps: list[tuple[int, int]] = []
    done = await import_calendar(counter.desk, Calendar(events, ("One was left out.",)), lambda *at: steps.append(at))
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert (done.counts[BOOKED], done.beside, len(done.left)) == (2, 1, 2)
    assert done.words.startswith("2 booked, 0 moved, 0 called off, 0 as it was, 2 left to you. 1 at a time")
    again = await import_calendar(counter.desk, Calendar(events, ()), lambda *at: None)
    assert again.counts == {BOOKED: 0, MOVED: 0, CALLED_OFF: 0, AS_IT_WAS: 2}


# The queue of the point of sale


async def test_who_is_checked_in_at_the_till_arrives_here_once_and_stays_when_they_vanish_there(
    counter: Counter,
) -> None:
    coming = counter.book(expected(CHIDI, 1))
    counter.pos.guests = (
        Guest("Chidi Okafor", OPENING, number="17"),
        Guest("Lindqvist, Mara", OPENING - 5 * timedelta(minutes=1), number="18"),
        Guest("Nobody Known", OPENING, number="19"),
        Guest("Mara Lindqvist", OPENING - timedelta(days=3), number="1"),
    )
    done = await import_guests(counter.desk)
    assert not isinstance(done, Unanswered)
    assert (done.counts[BOOKED], done.counts[MOVED], len(done.left)) == (1, 1, 1)
    assert {row.patient.id: row.visit.state for row in counter.ledger.queue(TODAY)} == {
        CHIDI.id: VisitState.ARRIVED,
        MARA.id: VisitState.ARRIVED,
    }
    assert counter.ledger.queue(TODAY)[0].visit.arrived_at == OPENING - timedelta(minutes=5)
    counter.pos.guests = ()
    again = await import_guests(counter.desk)
    assert not isinstance(again, Unanswered)
    assert set(again.counts.values()) == {0}
    visit = counter.ledger.visit(coming.id)
    assert visit is not None
    assert visit.state is VisitState.ARRIVED


async def test_a_point_of_sale_without_a_queue_says_so(counter: Counter) -> None:
    counter.pos.silence = Unanswered(Silence.ABSENT, "it tells no queue")
    assert await import_guests(counter.desk) == counter.pos.silence
