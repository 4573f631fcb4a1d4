"""The day's queue: who waits, who is served, who left."""

from uuid import UUID

import pytest

from pcc_desk.desk.check_in import CheckedIn, check_in
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.pulse import Pulse, take_pulse
from pcc_desk.desk.queue import VisitIsOver, find_patients, move_visit, queue_of
from pcc_desk.domain.visits import Reason, Visit, VisitState
from tests.desk.counter import ANA, BEN, CHIDI, CHIDIS_CARD, MARA, MARAS_CARD, TODAY, Counter, expected


def waiting(counter: Counter) -> Visit:
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    return outcome.visit


def test_a_visit_is_served_by_who_calls_the_patient(counter: Counter) -> None:
    moved = move_visit(counter.ledger, waiting(counter).id, VisitState.WITH_COORDINATOR, act=counter.act(BEN))
    assert isinstance(moved, Visit)
    assert moved.state is VisitState.WITH_COORDINATOR
    assert moved.served_by == BEN.id
    (row,) = queue_of(counter.ledger, TODAY, act=counter.act())
    assert row.served_by_name == BEN.name


def test_who_parks_a_visit_does_not_take_it_over(counter: Counter) -> None:
    visit = waiting(counter)
    move_visit(counter.ledger, visit.id, VisitState.WITH_COORDINATOR, act=counter.act(ANA))
    parked = move_visit(counter.ledger, visit.id, VisitState.PARKED, act=counter.act(BEN))
    assert isinstance(parked, Visit)
    assert (parked.state, parked.served_by) == (VisitState.PARKED, ANA.id)
    assert parked.arrived_at == visit.arrived_at


@pytest.mark.parametrize("over", [VisitState.DONE, VisitState.LEFT])
@pytest.mark.parametrize("then", [VisitState.WAITING, VisitState.WITH_COORDINATOR, VisitState.PARKED])
def test_a_visit_that_is_over_stays_over(counter: Counter, over: VisitState, then: VisitState) -> None:
    visit = waiting(counter)
    ended = move_visit(counter.ledger, visit.id, over, act=counter.act())
    assert isinstance(ended, Visit)
    assert move_visit(counter.ledger, visit.id, then, act=counter.act()) == VisitIsOver(ended)
    assert counter.ledger.visit(visit.id) == ended


def test_moving_a_visit_to_where_it_is_puts_nothing_on_record(counter: Counter) -> None:
    visit = waiting(counter)
    act = counter.act()
    assert move_visit(counter.ledger, visit.id, VisitState.WAITING, act=act) == visit
    assert not counter.ledger.is_recorded(act.id)


def test_a_visit_that_is_not_there_is_a_fault(counter: Counter) -> None:
    with pytest.raises(NoSuchRecord):
        move_visit(counter.ledger, UUID(int=0xDEAD), VisitState.DONE, act=counter.act())


def test_patients_are_found_by_card_name_and_birth_date(counter: Counter) -> None:
    for typed in ("mi-p-0032", "lind", "mara lind", "lindqvist m", "7/2/1990", "1990-07-02"):
        assert [each.patient_id for each in find_patients(counter.ledger, typed, act=counter.act())] == [MARA.id], typed
    assert find_patients(counter.ledger, "nobody", act=counter.act()) == ()


def test_the_pulse_counts_those_who_wait_and_not_those_expected_or_served(counter: Counter) -> None:
    assert take_pulse(counter.ledger, TODAY) == Pulse()
    counter.book(expected(CHIDI, 1))
    visit = waiting(counter)
    assert take_pulse(counter.ledger, TODAY).visits_waiting == 1
    move_visit(counter.ledger, visit.id, VisitState.WITH_COORDINATOR, act=counter.act())
    assert take_pulse(counter.ledger, TODAY).visits_waiting == 0
    check_in(counter.ledger, CHIDI.id, CHIDIS_CARD.number, Reason.NEW, TODAY, act=counter.act())
    assert take_pulse(counter.ledger, TODAY).visits_waiting == 1
