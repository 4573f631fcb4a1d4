"""What every ledger keeps of what an allotment rests on: papers, rules on record, holds."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Confirmation, RulesOnRecord
from pcc_desk.domain import entries as happened
from pcc_desk.domain.holds import Draw, HeldAmount, Hold
from pcc_desk.domain.papers import NO_PAPERS, PaperAmount, Papers
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.visits import VisitState
from tests.fakes import ANA, NOON
from tests.store.stores import DAY, MINUTE, a_patient, act, arrived, given, new_id, put, registered

BEN = Person(new_id(), "Ben Osei", Role.COMPLIANCE)
ORDER = PaperAmount("order", Decimal("1.50"), False, DAY, date.max, "Dr. I. Mensah, order of 3 March")
WAIVER = PaperAmount("order", None, True, date.min, DAY, "Agency, letter 17")
THIRD = Fraction(1, 3)


# Papers


def test_of_most_patients_nothing_particular_is_on_record(ledger: Ledger) -> None:
    assert ledger.entitlement(registered(ledger, a_patient()).id) == NO_PAPERS == Papers()


def test_what_is_particular_to_a_patient_is_what_was_noted_last(ledger: Ledger) -> None:
    patient = a_patient()
    put(ledger, happened.EntitlementNoted(patient.id, ("visiting", "enhanced"), DAY, date(2025, 1, 31)))
    put(ledger, happened.EntitlementNoted(a_patient().id, (), None, None))
    assert ledger.entitlement(patient.id) == Papers(("enhanced", "visiting"), DAY, date(2025, 1, 31))
    put(ledger, happened.EntitlementNoted(patient.id, ("visiting",), None, None))
    assert ledger.entitlement(patient.id) == Papers(("visiting",))


def test_amounts_come_back_with_every_digit_and_in_their_order(ledger: Ledger) -> None:
    patient = a_patient()
    later = replace(ORDER, starts=DAY + timedelta(days=9), amount=Decimal("0.1"))
    other = replace(ORDER, limit_id="day")
    put(ledger, *(happened.AmountSet(patient.id, each) for each in (later, WAIVER, ORDER, other)))
    put(ledger, happened.AmountSet(a_patient().id, replace(ORDER, amount=Decimal(9))))
    assert repr(ledger.entitlement(patient.id).amounts) == repr((other, ORDER, later, WAIVER))


def test_an_amount_takes_the_place_of_one_of_the_same_limit_kind_and_first_day(ledger: Ledger) -> None:
    patient = a_patient()
    ended = replace(ORDER, ends=DAY, amount=Decimal(1))
    put(ledger, happened.EntitlementNoted(patient.id, ("visiting",), DAY, None))
    put(ledger, *(happened.AmountSet(patient.id, each) for each in (ORDER, ended)))
    assert ledger.entitlement(patient.id) == Papers(("visiting",), DAY, None, (ended,))
    put(ledger, happened.EntitlementNoted(patient.id, (), None, None))
    assert ledger.entitlement(patient.id) == Papers(amounts=(ended,))


# Rules


def test_rules_come_back_as_they_were_taken_up(ledger: Ledger) -> None:
    put(ledger, happened.RulesTakenUp("MI", "mi-2026", "abc", "{}"), happened.StaffAdded(BEN))
    assert ledger.rules_on_record("abc") == RulesOnRecord("abc", "MI", "mi-2026", "{}", NOON, None)
    assert ledger.rules_on_record("") is None
    assert not ledger.is_confirmed("abc")


def test_rules_are_confirmed_by_whom_and_with_what_they_said(ledger: Ledger) -> None:
    put(ledger, happened.RulesTakenUp("MI", "mi-2026", "abc", "{}"), happened.StaffAdded(BEN))
    ledger.record(happened.RulesConfirmed("abc", "compared with R 420.506"), replace(act(NOON + MINUTE), by=BEN.id))
    kept = ledger.rules_on_record("abc")
    assert kept is not None
    assert kept.confirmed == Confirmation(NOON + MINUTE, "Ben Osei", "compared with R 420.506")
    assert (ledger.is_confirmed("abc"), ledger.is_confirmed("xyz")) == (True, False)


def test_a_person_knows_the_rules_they_read_of_or_dispensed_under_last(ledger: Ledger) -> None:
    patient = a_patient()
    assert ledger.known_rules(ANA.id) == ""
    put(ledger, happened.RulesAcknowledged("abc"))
    assert (ledger.known_rules(ANA.id), ledger.known_rules(BEN.id)) == ("abc", "")
    put(ledger, given(patient))
    assert ledger.known_rules(ANA.id) == "abc"
    put(ledger, replace(given(patient), rules="of an old order", rules_known="def"))
    assert ledger.known_rules(ANA.id) == "def"


# Holds


def hold(patient_id: UUID, visit_id: UUID, day: date = DAY, *amounts: HeldAmount) -> Hold:
    held = amounts or (HeldAmount("30 days", Fraction(10) - THIRD), HeldAmount("day", Fraction(5, 2), THIRD))
    return Hold(new_id(), patient_id, visit_id, day, held)


def test_a_hold_comes_back_exactly_and_a_later_size_takes_its_place(ledger: Ledger) -> None:
    patient = a_patient()
    first, later = hold(patient.id, new_id()), hold(patient.id, new_id(), DAY + timedelta(days=1))
    put(ledger, *(happened.HoldPlaced(each) for each in (later, first, hold(a_patient().id, new_id()))))
    assert ledger.holds(patient.id, DAY) == (first, later)
    assert ledger.holds(patient.id, DAY + timedelta(days=1)) == (later,)
    assert ledger.holds(patient.id, DAY + timedelta(days=2)) == ()
    smaller = replace(first, amounts=(HeldAmount("day", Fraction(1), THIRD),))
    put(ledger, happened.HoldPlaced(smaller))
    assert ledger.holds(patient.id, DAY) == (smaller, later)


def test_a_dispensing_draws_on_its_hold_and_on_no_other(ledger: Ledger) -> None:
    patient = a_patient()
    mine, other = hold(patient.id, new_id()), hold(patient.id, new_id())
    put(ledger, happened.HoldPlaced(mine), happened.HoldPlaced(other))
    put(ledger, replace(given(patient), hold_id=mine.id, draws=(Draw("day", Fraction(1, 7)), Draw("year", THIRD))))
    month, day = mine.amounts
    drawn = replace(mine, amounts=(month, replace(day, used=THIRD + Fraction(1, 7))))
    assert set(ledger.holds(patient.id, DAY)) == {drawn, other}
    put(ledger, given(patient))
    assert set(ledger.holds(patient.id, DAY)) == {drawn, other}


def test_closing_gives_one_hold_back(ledger: Ledger) -> None:
    patient = a_patient()
    mine, other = hold(patient.id, new_id()), hold(patient.id, new_id())
    put(ledger, happened.HoldPlaced(mine), happened.HoldPlaced(other))
    put(ledger, happened.HoldClosed(mine.id, patient.id, mine.visit_id, DAY))
    assert set(ledger.holds(patient.id, DAY)) == {replace(mine, is_open=False), other}


@pytest.mark.parametrize("state", VisitState)
def test_a_visit_that_ends_gives_its_hold_back_with_it(ledger: Ledger, state: VisitState) -> None:
    patient = registered(ledger, a_patient())
    visit, other = arrived(patient, 0), arrived(patient, 1)
    mine, others = hold(patient.id, visit.id), hold(patient.id, other.id)
    put(ledger, happened.VisitBooked(visit), happened.HoldPlaced(mine), happened.HoldPlaced(others))
    put(ledger, happened.VisitMoved(visit.id, patient.id, state, None))
    assert set(ledger.holds(patient.id, DAY)) == {replace(mine, is_open=not state.is_over), others}
