"""What the ledger knows of appointments, of what lapses, and of the morning check; over the fake and the real store."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.ports_visits import MissedMorning, MorningCheck
from pcc_desk.domain import entries as happened
from pcc_desk.domain.lapses import STEPS, ClockKind, Lapse, LapseCount
from pcc_desk.domain.visit_entries import AppointmentMoved, BriefPrinted, MorningChecked, MorningsExplained, Seen
from pcc_desk.domain.visits import Reason, VisitState
from tests.fakes import ANA, NOON, a_card, a_caregivers_card, a_patient, new_id
from tests.store.stores import DAY, DREAM, GUMMIES, act, arrived, booked, given, put, registered

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("state", VisitState)
def test_who_is_still_here_from_an_earlier_day_never_vanishes(ledger: Ledger, state: VisitState) -> None:
    patient = registered(ledger, a_patient())
    visit = replace(arrived(patient, 0, state), day=DAY - timedelta(days=3))
    put(ledger, happened.VisitBooked(visit))
    lingers = not state.is_over and state is not VisitState.EXPECTED
    assert [row.visit for row in ledger.queue(DAY)] == ([visit] if lingers else [])
    assert [row.visit for row in ledger.queue(visit.day)] == [visit]
    assert ledger.queue(visit.day - timedelta(days=1)) == ()


def test_what_is_known_of_an_appointment_comes_back_whole(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    visit = replace(booked(patient, 60), minutes=45, link="https://meet.example/a", origin="ics:1")
    put(ledger, happened.VisitBooked(visit))
    assert ledger.visit(visit.id) == visit
    assert ledger.visit_from("ics:1") == visit
    assert ledger.visit_from("ics:2") is None
    assert ledger.visit_from("") is None


def test_an_appointment_is_at_its_new_time_with_the_rest_as_it_was(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    visit = replace(booked(patient, 60), minutes=45, link="https://meet.example/a")
    later = DAY + timedelta(days=2)
    put(ledger, happened.VisitBooked(visit))
    put(ledger, AppointmentMoved(visit.id, patient.id, later, NOON + 48 * HOUR, 20, ""))
    assert ledger.visit(visit.id) == replace(visit, day=later, appointment_at=NOON + 48 * HOUR, minutes=20, link="")
    assert ledger.queue(DAY) == ()
    put(ledger, AppointmentMoved(visit.id, patient.id, later, NOON + 48 * HOUR, 20, "", Reason.PROBLEM))
    moved = ledger.visit(visit.id)
    assert moved is not None
    assert moved.reason is Reason.PROBLEM


def test_appointments_of_some_days_come_by_their_time_and_walk_ins_do_not(ledger: Ledger) -> None:
    patients = [registered(ledger, a_patient(f"Person {letter}")) for letter in "ABCD"]
    visits = [
        booked(patients[0], 60),
        booked(patients[1], -60, DAY),
        booked(patients[2], 7 * 1440, DAY + timedelta(days=7)),
        arrived(patients[3], 0),
    ]
    put(ledger, *(happened.VisitBooked(each) for each in visits))
    found = ledger.visits_between(DAY, DAY + timedelta(days=6))
    assert [row.visit for row in found] == [visits[1], visits[0]]
    found = ledger.visits_between(DAY, DAY + timedelta(days=7))
    assert [row.visit for row in found] == [visits[1], visits[0], visits[2]]


def test_who_arrives_begins_to_wait_once(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    visit = booked(patient, 60)
    put(ledger, happened.VisitBooked(visit))
    ledger.record(happened.VisitMoved(visit.id, patient.id, VisitState.ARRIVED, None), act(NOON + HOUR))
    there = replace(visit, state=VisitState.ARRIVED, arrived_at=NOON + HOUR)
    assert ledger.visit(visit.id) == there
    ledger.record(happened.VisitMoved(visit.id, patient.id, VisitState.PARKED, ANA.id), act(NOON + 2 * HOUR))
    assert ledger.visit(visit.id) == replace(there, state=VisitState.PARKED, served_by=ANA.id)


def test_the_morning_check_is_the_newest_of_the_day_or_of_the_last_day_that_had_one(ledger: Ledger) -> None:
    put(ledger, happened.StaffAdded(ANA))
    assert ledger.last_morning_check(DAY) is None
    monday = DAY - timedelta(days=3)
    ledger.record(MorningChecked(monday, (Seen("METRC", "up", is_good=True),)), act(NOON))
    ledger.record(MorningChecked(DAY, ()), act(NOON + HOUR))
    ledger.record(MorningChecked(DAY, ()), act(NOON + 2 * HOUR))
    ledger.record(BriefPrinted(DAY), act())
    assert ledger.last_morning_check(DAY) == MorningCheck(DAY, NOON + 2 * HOUR, "Ana Reyes")
    assert ledger.last_morning_check(DAY - timedelta(days=1)) == MorningCheck(monday, NOON, "Ana Reyes")
    assert ledger.last_morning_check(monday - timedelta(days=1)) is None


def test_a_morning_without_a_check_is_one_on_which_somebody_came_or_was_sold_to_until_somebody_says_why(
    ledger: Ledger,
) -> None:
    patient = registered(ledger, a_patient())
    ago = [DAY - timedelta(days=days) for days in range(8)]
    put(ledger, happened.VisitBooked(replace(arrived(patient, 0), day=ago[1])))
    put(ledger, happened.VisitBooked(replace(arrived(patient, 0), day=ago[2])), MorningChecked(ago[2], ()))
    put(ledger, happened.VisitBooked(replace(booked(patient, 0), day=ago[3])))
    put(ledger, replace(given(patient), day=ago[4]), replace(given(patient), day=ago[5]))
    put(ledger, happened.VisitBooked(replace(arrived(patient, 0), day=ago[5])))
    put(ledger, replace(given(patient), day=ago[7]))
    assert ledger.missed_mornings(ago[6], ago[1]) == (ago[1], ago[4], ago[5])
    assert ledger.missed_mornings(ago[7], ago[2]) == (ago[4], ago[5], ago[7])
    put(ledger, MorningsExplained((ago[4], ago[1]), "The power was out."))
    assert ledger.missed_mornings(ago[6], ago[0]) == (ago[5],)


def test_what_was_said_of_mornings_without_a_check_is_told_with_who_and_when_the_last_morning_first(
    ledger: Ledger,
) -> None:
    put(ledger, happened.StaffAdded(ANA))
    ago = [DAY - timedelta(days=days) for days in range(8)]
    ledger.record(MorningsExplained((ago[2], ago[6]), "The power was out."), act(NOON))
    ledger.record(MorningsExplained((ago[4],), "Ill."), act(NOON + HOUR))
    said = ledger.explained_mornings(ago[6], ago[1])
    assert said == (
        MissedMorning(ago[2], "The power was out.", NOON, "Ana Reyes"),
        MissedMorning(ago[4], "Ill.", NOON + HOUR, "Ana Reyes"),
        MissedMorning(ago[6], "The power was out.", NOON, "Ana Reyes"),
    )
    assert ledger.explained_mornings(ago[5], ago[3]) == said[1:2]


def test_a_note_that_was_begun_and_not_signed_is_told_by_the_day_of_its_visit(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    first, second = replace(arrived(patient, 0), day=DAY - timedelta(days=8)), arrived(patient, 0)
    put(ledger, happened.VisitBooked(first), happened.VisitBooked(second))
    for person in (ANA.id, new_id()):
        put(ledger, happened.DraftKept(first.id, patient.id, person, "Slept"))
    assert ledger.unsigned_notes(patient.id) == (first.day,)
    put(ledger, happened.DraftKept(second.id, patient.id, ANA.id, "Better"))
    assert ledger.unsigned_notes(patient.id) == (first.day, second.day)
    assert ledger.unsigned_notes(new_id()) == ()


def test_two_clocks_end_each_by_itself(ledger: Ledger) -> None:
    mara = replace(a_patient("Lindqvist", "Mara"), certification_expires=DAY + timedelta(days=30))
    eva = replace(a_patient("Reyes", "Eva"), certification_expires=None)
    cards = (
        a_card(mara, "OLD", DAY + timedelta(days=2), renewed_as="NEW"),
        a_card(mara, "NEW", DAY + timedelta(days=7)),
    )
    put(ledger, happened.PatientRegistered(mara, cards))
    carried = replace(a_caregivers_card(eva), expires_on=DAY)
    put(ledger, happened.PatientRegistered(eva, (carried, a_card(eva, "EVA", DAY - timedelta(days=1)))))
    card, paper = ClockKind.CARD, ClockKind.CERTIFICATION
    soon = (
        Lapse(card, eva.id, eva.name, DAY, "Tomás Reyes"),
        Lapse(card, mara.id, mara.name, DAY + timedelta(days=7)),
        Lapse(paper, mara.id, mara.name, DAY + timedelta(days=30)),
    )
    assert ledger.lapses(DAY, DAY + timedelta(days=90), 9) == soon
    assert ledger.lapses(DAY, DAY + timedelta(days=90), 1) == (soon[0], soon[2])
    assert ledger.lapses(DAY, DAY + timedelta(days=29), 9) == soon[:2]
    assert ledger.count_lapses(DAY) == (
        *(LapseCount(card, step, 2) for step in STEPS),
        *(LapseCount(paper, step, int(step >= 30)) for step in STEPS),
    )


def test_the_stock_is_as_old_as_its_oldest_package(ledger: Ledger) -> None:
    assert ledger.stock_read_at() is None
    ledger.record(happened.StockRead((DREAM,), "METRC"), act(NOON))
    ledger.record(happened.PackageTyped(GUMMIES), act(NOON + HOUR))
    assert ledger.stock_read_at() == NOON


def test_old_bodies_of_visits_are_read_still() -> None:
    from pcc_desk.store import codec

    body = (
        '{"visit":{"appointment_at":null,"arrived_at":"2026-03-12T14:00:00.000000+00:00","day":"2026-03-12",'
        '"id":"00000000000000000000000000000001","patient_id":"00000000000000000000000000000002","reason":"refill",'
        '"served_by":null,"state":"waiting","through":""}}'
    )
    entry = codec.read(happened.VisitBooked.name, 1, body)
    assert isinstance(entry, happened.VisitBooked)
    assert (entry.visit.minutes, entry.visit.link, entry.visit.origin, entry.visit.day) == (
        0,
        "",
        "",
        date(2026, 3, 12),
    )
