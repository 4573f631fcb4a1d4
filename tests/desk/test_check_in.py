"""Somebody arrives at the counter."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.check_in import (
    AlreadyWaiting,
    Arrived,
    CardExpired,
    CardRenewed,
    CheckedIn,
    MinorAlone,
    NotServed,
    UnknownCard,
    arrival,
    arrive,
    check_in,
)
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.identity import note_card, set_status
from pcc_desk.desk.queue import move_visit
from pcc_desk.domain.entries import PatientRegistered
from pcc_desk.domain.identity import PatientStatus
from pcc_desk.domain.people import Card, Holder
from pcc_desk.domain.people_entries import CardNoted
from pcc_desk.domain.visits import Reason, Visit, VisitState
from tests.desk.counter import (
    CHIDI,
    CHIDIS_CARD,
    CHIDIS_OLD_CARD,
    EVA,
    EVAS_CARD,
    MARA,
    MARAS_CARD,
    OLGA,
    OLGAS_CARD,
    TODAY,
    TOMAS_CARD,
    Counter,
    expected,
)


def test_a_minor_is_checked_in_by_the_card_of_a_caregiver_only(counter: Counter) -> None:
    alone = check_in(counter.ledger, EVA.id, EVAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert alone == MinorAlone(13)
    grown = check_in(counter.ledger, CHIDI.id, CHIDIS_CARD.number, Reason.REFILL, TODAY, act=counter.act(), of_age=69)
    assert grown == MinorAlone(68)
    through = check_in(counter.ledger, EVA.id, TOMAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(through, CheckedIn)


def test_a_walk_in_joins_the_queue_with_the_reason_that_was_given(counter: Counter) -> None:
    act = counter.act()
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=act)
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit == Visit(act.id, MARA.id, TODAY, VisitState.WAITING, Reason.REFILL, None, act.at)
    assert counter.ledger.open_visit(MARA.id, TODAY) == outcome.visit
    assert [row.visit for row in counter.ledger.queue(TODAY)] == [outcome.visit]


def test_an_expected_visit_becomes_the_one_that_waits_for_what_the_patient_comes_for_now(counter: Counter) -> None:
    booked = counter.book(expected(MARA, 1, Reason.FOLLOW_UP))
    counter.clock.advance(timedelta(minutes=50))
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.PROBLEM, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit.id == booked.id
    assert outcome.visit.reason is Reason.PROBLEM
    assert counter.ledger.open_visit(MARA.id, TODAY) == outcome.visit
    assert outcome.visit.appointment_at == booked.appointment_at
    assert outcome.visit.arrived_at == counter.clock.now()
    assert [row.visit.state for row in counter.ledger.queue(TODAY)] == [VisitState.WAITING]


def test_who_has_no_card_stands_in_the_queue_as_arrived_and_once(counter: Counter) -> None:
    nobody = replace(MARA, id=UUID(int=0xCA4D), given_name="Nils")
    counter.put(PatientRegistered(nobody, ()))
    act = counter.act()
    outcome = arrive(counter.ledger, nobody.id, Reason.NEW, TODAY, act=act)
    assert outcome == Arrived(Visit(act.id, nobody.id, TODAY, VisitState.ARRIVED, Reason.NEW, None, act.at))
    assert [row.visit for row in counter.ledger.queue(TODAY)] == [outcome.visit]
    assert arrive(counter.ledger, nobody.id, Reason.NEW, TODAY, act=counter.act()) == AlreadyWaiting(outcome.visit)


def test_who_was_expected_and_has_no_good_card_arrives_in_their_own_visit(counter: Counter) -> None:
    booked = counter.book(expected(MARA, 1, Reason.FOLLOW_UP))
    outcome = arrive(counter.ledger, MARA.id, Reason.FOLLOW_UP, TODAY, act=counter.act())
    assert isinstance(outcome, Arrived)
    assert outcome.visit.id == booked.id
    assert counter.ledger.open_visit(MARA.id, TODAY) == outcome.visit


def test_who_is_served_no_more_does_not_arrive_either(counter: Counter) -> None:
    set_status(counter.ledger, MARA.id, PatientStatus.BANNED, "threatened somebody", act=counter.act())
    outcome = arrive(counter.ledger, MARA.id, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, NotServed)
    assert counter.ledger.queue(TODAY) == ()


@pytest.mark.parametrize("state", [VisitState.WAITING, VisitState.WITH_COORDINATOR, VisitState.PARKED])
def test_who_is_in_the_queue_already_is_not_put_in_twice(counter: Counter, state: VisitState) -> None:
    first = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(first, CheckedIn)
    moved = move_visit(counter.ledger, first.visit.id, state, act=counter.act())
    again = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.PROBLEM, TODAY, act=counter.act())
    assert again == AlreadyWaiting(moved if isinstance(moved, Visit) else first.visit)
    assert len(counter.ledger.queue(TODAY)) == 1


def test_who_was_served_may_come_again_on_the_same_day(counter: Counter) -> None:
    first = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(first, CheckedIn)
    move_visit(counter.ledger, first.visit.id, VisitState.DONE, act=counter.act())
    again = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.PROBLEM, TODAY, act=counter.act())
    assert isinstance(again, CheckedIn)
    assert again.visit.id != first.visit.id


def test_a_card_that_was_replaced_is_answered_with_the_one_that_counts(counter: Counter) -> None:
    outcome = check_in(counter.ledger, CHIDI.id, CHIDIS_OLD_CARD.number, Reason.NEW, TODAY, act=counter.act())
    assert outcome == CardRenewed(CHIDIS_OLD_CARD)
    assert outcome.card.renewed_as == CHIDIS_CARD.number
    assert counter.ledger.queue(TODAY) == ()


def test_a_card_that_lapsed_yesterday_checks_nobody_in(counter: Counter) -> None:
    outcome = check_in(counter.ledger, OLGA.id, OLGAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert outcome == CardExpired(OLGAS_CARD)
    assert counter.ledger.queue(TODAY) == ()


def test_a_card_is_good_through_its_last_day(counter: Counter) -> None:
    day = OLGAS_CARD.expires_on
    outcome = check_in(counter.ledger, OLGA.id, OLGAS_CARD.number, Reason.REFILL, day, act=counter.act())
    assert isinstance(outcome, CheckedIn)


def test_another_patients_card_checks_nobody_in(counter: Counter) -> None:
    outcome = check_in(counter.ledger, MARA.id, CHIDIS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert outcome == UnknownCard(CHIDIS_CARD.number)
    assert counter.ledger.queue(TODAY) == ()


def test_a_caregiver_checks_the_patient_in_and_is_named(counter: Counter) -> None:
    outcome = check_in(counter.ledger, EVA.id, TOMAS_CARD.number, Reason.PICK_UP, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit.patient_id == EVA.id
    assert outcome.visit.through == "Tomás Reyes"


def test_a_card_may_be_typed_without_its_signs(counter: Counter) -> None:
    outcome = check_in(counter.ledger, MARA.id, "mi p 0032 1187", Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)


def test_who_stands_at_the_counter_is_shown_with_the_best_card(counter: Counter) -> None:
    shown = arrival(counter.ledger, CHIDI.id, TODAY, act=counter.act())
    assert shown.card == CHIDIS_CARD
    assert shown.visit is None
    assert set(shown.cards) == {CHIDIS_OLD_CARD, CHIDIS_CARD}


def test_a_replaced_card_that_was_scanned_leads_to_its_successor(counter: Counter) -> None:
    assert arrival(counter.ledger, CHIDI.id, TODAY, CHIDIS_OLD_CARD.number, act=counter.act()).card == CHIDIS_CARD


def test_the_card_that_was_scanned_is_the_one_to_ask_by(counter: Counter) -> None:
    assert arrival(counter.ledger, EVA.id, TODAY, TOMAS_CARD.number, act=counter.act()).card == TOMAS_CARD
    assert arrival(counter.ledger, EVA.id, TODAY, act=counter.act()).card == EVAS_CARD


def test_a_patient_who_is_not_on_record_cannot_arrive(counter: Counter) -> None:
    with pytest.raises(NoSuchRecord):
        arrival(counter.ledger, UUID(int=0xDEAD), TODAY, act=counter.act())
    outcome = check_in(counter.ledger, UUID(int=0xDEAD), "X", Reason.NEW, TODAY, act=counter.act())
    assert outcome == UnknownCard("X")


def test_a_card_that_was_renewed_twice_leads_to_the_last_and_a_ring_of_renewals_ends(counter: Counter) -> None:
    note_card(counter.ledger, CHIDI.id, "MI-P-0041-9", date(2028, 2, 28), CHIDIS_CARD.number, act=counter.act())
    shown = arrival(counter.ledger, CHIDI.id, TODAY, CHIDIS_OLD_CARD.number, act=counter.act())
    assert shown.card is not None
    assert shown.card.number == "MI-P-0041-9"
    back = Card(CHIDIS_OLD_CARD.number, CHIDI.id, Holder.PATIENT, "", TODAY)
    counter.put(CardNoted(CHIDI.id, replace(back, renewed_as=CHIDIS_CARD.number), "MI-P-0041-9"))
    assert arrival(counter.ledger, CHIDI.id, TODAY, "MI-P-0041-9", act=counter.act()).card is not None
