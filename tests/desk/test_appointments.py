"""Appointments: nobody is booked twice at one time without somebody saying so."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.appointments import (
    Booked,
    InTheWay,
    NotBooked,
    When,
    appointments_of,
    book,
    cancel_appointment,
    move_appointment,
)
from pcc_desk.desk.check_in import CheckedIn, check_in
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.queue import NotFromHere, move_visit
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.visits import Reason, Visit, VisitState
from tests.desk.counter import CHIDI, EVA, MARA, MARAS_CARD, OPENING, SHOP, TODAY, Counter, expected, says

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OPEN = Hours(((time(9), time(17)),) * 7)
AT_ELEVEN = When(OPENING + HOUR, 30)


def booked(
    counter: Counter, when: When = AT_ELEVEN, patient_id: UUID = MARA.id, hours: Hours = OPEN, anyway: bool = False
) -> Booked | InTheWay | NotBooked:
    act = counter.act()
    return book(counter.ledger, patient_id, Reason.FOLLOW_UP, when, shop=SHOP, hours=hours, act=act, anyway=anyway)


def stands(outcome: object) -> Visit:
    assert isinstance(outcome, Booked), outcome
    return outcome.visit


def test_an_appointment_stands_on_its_day_and_in_the_queue_of_it(counter: Counter) -> None:
    visit = stands(booked(counter, replace(AT_ELEVEN, link="https://meet.example/r")))
    assert (visit.state, visit.day, visit.minutes) == (VisitState.EXPECTED, TODAY, 30)
    assert [row.visit for row in counter.ledger.queue(TODAY)] == [visit]
    assert [row.visit for row in appointments_of(counter.ledger, TODAY, TODAY, act=counter.act())] == [visit]


def test_a_second_one_at_that_time_is_said_and_booked_only_when_somebody_says_so(counter: Counter) -> None:
    first = stands(booked(counter))
    late = replace(AT_ELEVEN, at=AT_ELEVEN.at + 29 * MINUTE)
    way = booked(counter, late, CHIDI.id)
    assert isinstance(way, InTheWay)
    assert [row.visit for row in way.others] == [first]
    assert way.closed == ""
    assert len(counter.ledger.queue(TODAY)) == 1
    stands(booked(counter, late, CHIDI.id, anyway=True))
    assert len(counter.ledger.queue(TODAY)) == 2


def test_where_one_ends_as_the_other_begins_neither_is_in_the_way(counter: Counter) -> None:
    stands(booked(counter))
    stands(booked(counter, replace(AT_ELEVEN, at=AT_ELEVEN.at + 30 * MINUTE), CHIDI.id))
    stands(booked(counter, replace(AT_ELEVEN, at=AT_ELEVEN.at - 30 * MINUTE), EVA.id))


def test_two_coordinators_see_two_at_once_and_never_one_patient_twice(counter: Counter) -> None:
    two = replace(OPEN, at_once=2)
    stands(booked(counter, hours=two))
    again = booked(counter, hours=two)
    assert isinstance(again, InTheWay)
    assert [row.patient.id for row in again.others] == [MARA.id]
    stands(booked(counter, patient_id=CHIDI.id, hours=two))
    assert isinstance(booked(counter, patient_id=EVA.id, hours=two), InTheWay)


def test_an_appointment_of_the_day_before_that_lasts_past_midnight_is_in_the_way(counter: Counter) -> None:
    night = OPENING + 13 * HOUR + 30 * MINUTE  # half past eleven in the evening in Detroit
    stands(booked(counter, When(night, 60), hours=Hours()))
    assert isinstance(booked(counter, When(night + 45 * MINUTE, 30), CHIDI.id, Hours()), InTheWay)


def test_outside_the_opening_hours_it_is_said_and_booked_only_when_somebody_says_so(counter: Counter) -> None:
    late = replace(AT_ELEVEN, at=OPENING + 7 * HOUR)
    way = booked(counter, late)
    assert isinstance(way, InTheWay)
    assert way.closed == "the shop is open 09:00–17:00 that day"
    assert stands(booked(counter, late, anyway=True)).appointment_at == late.at


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (When(OPENING - HOUR, 30), "is over"),
        (When(OPENING + HOUR, 0), "lasts between"),
        (When(OPENING + HOUR, 481), "lasts between"),
        (When(OPENING + HOUR, 30, "http://meet.example"), "begins with https"),
    ],
)
def test_what_can_be_no_appointment_is_refused_whatever_somebody_says(counter: Counter, when: When, why: str) -> None:
    for anyway in (False, True):
        outcome = booked(counter, when, anyway=anyway)
        assert isinstance(outcome, NotBooked)
        assert why in outcome.why
    assert counter.ledger.queue(TODAY) == ()


def test_moving_takes_it_to_the_other_day_and_its_old_time_is_free(counter: Counter) -> None:
    visit, act = stands(booked(counter)), counter.act()
    tomorrow = When(AT_ELEVEN.at + timedelta(days=1), 45)
    moved = stands(move_appointment(counter.ledger, visit.id, tomorrow, shop=SHOP, hours=OPEN, act=act))
    assert (moved.day, moved.appointment_at, moved.minutes) == (TODAY + timedelta(days=1), tomorrow.at, 45)
    assert counter.ledger.visit(visit.id) == moved
    stands(booked(counter, patient_id=CHIDI.id))
    again = counter.act()
    assert stands(move_appointment(counter.ledger, visit.id, tomorrow, shop=SHOP, hours=OPEN, act=again)) == moved
    assert not counter.ledger.is_recorded(again.id)


def test_an_appointment_is_never_in_its_own_way(counter: Counter) -> None:
    visit, act = stands(booked(counter)), counter.act()
    later = replace(AT_ELEVEN, at=AT_ELEVEN.at + 10 * MINUTE)
    stands(move_appointment(counter.ledger, visit.id, later, shop=SHOP, hours=OPEN, act=act))


def test_moving_onto_another_is_said(counter: Counter) -> None:
    stands(booked(counter))
    other = stands(booked(counter, replace(AT_ELEVEN, at=AT_ELEVEN.at + HOUR), CHIDI.id))
    outcome = move_appointment(counter.ledger, other.id, AT_ELEVEN, shop=SHOP, hours=OPEN, act=counter.act())
    assert isinstance(outcome, InTheWay)
    assert counter.ledger.visit(other.id) == other


def test_one_that_is_called_off_frees_its_time_and_is_listed_no_more(counter: Counter) -> None:
    visit = stands(booked(counter))
    gone = stands(cancel_appointment(counter.ledger, visit.id, act=counter.act()))
    assert gone.state is VisitState.CANCELLED
    assert appointments_of(counter.ledger, TODAY, TODAY, act=counter.act()) == ()
    stands(booked(counter, patient_id=CHIDI.id))


def test_who_came_is_neither_moved_nor_called_off(counter: Counter) -> None:
    visit = counter.book(expected(MARA, 1))
    move_visit(counter.ledger, visit.id, VisitState.ARRIVED, act=counter.act())
    for outcome in (
        cancel_appointment(counter.ledger, visit.id, act=counter.act()),
        move_appointment(counter.ledger, visit.id, AT_ELEVEN, shop=SHOP, hours=OPEN, act=counter.act()),
    ):
        assert outcome == NotBooked("This visit is no appointment any more: arrived. Book a new one.")


def test_what_nobody_knows_is_a_fault(counter: Counter) -> None:
    with pytest.raises(NoSuchRecord):
        booked(counter, patient_id=UUID(int=0xDEAD))
    with pytest.raises(NoSuchRecord):
        cancel_appointment(counter.ledger, UUID(int=0xDEAD), act=counter.act())


# How a visit goes on


def test_who_was_seen_coming_waits_from_then_on_also_after_the_check_in(counter: Counter) -> None:
    visit = counter.book(replace(expected(MARA, 1), link="https://meet.example/r", minutes=20))
    came = counter.act()
    move_visit(counter.ledger, visit.id, VisitState.ARRIVED, act=came)
    counter.clock.advance(9 * MINUTE)
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, visit.reason, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit == replace(visit, state=VisitState.WAITING, arrived_at=came.at)


async def test_who_is_checked_in_with_an_answer_of_the_registry_is_verified(counter: Counter) -> None:
    await counter.ask()
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit.state is VisitState.VERIFIED


async def test_an_old_answer_or_none_verifies_nobody(counter: Counter) -> None:
    await counter.ask()
    counter.clock.advance(31 * MINUTE)
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit.state is VisitState.WAITING


async def test_a_card_that_is_not_active_or_an_outage_verifies_nobody(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = replace(says(MARAS_CARD), active=False)
    await counter.ask()
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit.state is VisitState.WAITING


@pytest.mark.parametrize("state", [VisitState.DONE, VisitState.AT_TILL, VisitState.WITH_COORDINATOR])
def test_nobody_is_served_who_did_not_come(counter: Counter, state: VisitState) -> None:
    visit = counter.book(expected(MARA, 1))
    assert move_visit(counter.ledger, visit.id, state, act=counter.act()) == NotFromHere(visit, state)
    assert counter.ledger.visit(visit.id) == visit


def test_the_pharmacist_who_takes_over_serves_from_then_on(counter: Counter) -> None:
    visit = counter.book(replace(expected(MARA, 1), state=VisitState.WAITING, arrived_at=OPENING))
    taken = move_visit(counter.ledger, visit.id, VisitState.WITH_PHARMACIST, act=counter.act())
    assert isinstance(taken, Visit)
    assert taken.served_by == counter.desk.person.id
