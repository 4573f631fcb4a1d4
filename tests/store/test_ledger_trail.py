"""Who did what to whom: one event for each entry, found by time, person, patient and act, and no value in it."""

import re
from dataclasses import fields
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Disclosure, Event, EventsAsked, Review
from pcc_desk.domain.audit_entries import Disclosed, PatientsSearched, ReviewSigned, SignedIn, SignInFailed, Typed
from pcc_desk.domain.entries import Act, ChartOpened, Entry, PatientRegistered, StaffAdded, VisitBooked
from pcc_desk.domain.people import Patient, Person, Role
from pcc_desk.domain.told import told_of
from tests.fakes import ANA, NOON, a_card
from tests.store.stores import DAY, a_patient, arrived, new_id, put
from tests.store.test_fold import any_value

IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)
HOUR = timedelta(hours=1)


def by(person: Person, hours: int) -> Act:
    return Act(new_id(), NOON + hours * HOUR, person.id, "counter-1")


@pytest.fixture
def patients(ledger: Ledger) -> tuple[Patient, Patient]:
    """Put two patients on record, of whom Ana and Ida open the charts, hour after hour."""
    chidi, mara = a_patient(), a_patient("Lindqvist", "Mara")
    put(ledger, StaffAdded(ANA), StaffAdded(IDA))
    put(ledger, PatientRegistered(chidi, (a_card(chidi),)), PatientRegistered(mara, ()))
    for hours, (person, patient) in enumerate([(ANA, chidi), (IDA, chidi), (ANA, mara), (ANA, chidi)], 1):
        ledger.record(ChartOpened(patient.id), by(person, hours))
    ledger.record(PatientsSearched(Typed.NAME, 3), by(IDA, 5))
    return chidi, mara


def found(ledger: Ledger, **asked: Any) -> list[int]:
    """Return the hours at which what was asked for happened."""
    question = EventsAsked(**({"since": NOON + HOUR, "until": NOON + 9 * HOUR} | asked))
    events = ledger.events(question, 100, 0)
    assert ledger.count_events(question) == len(events)
    assert ledger.events(question, 1, 1) == events[1:2]
    return [(each.at - NOON) // HOUR for each in events]


def test_events_are_found_by_time_person_patient_and_act(ledger: Ledger, patients: tuple[Patient, Patient]) -> None:
    chidi, mara = patients
    assert found(ledger) == [5, 4, 3, 2, 1]
    assert found(ledger, since=NOON + 2 * HOUR, until=NOON + 4 * HOUR) == [3, 2]
    assert found(ledger, by=IDA.id) == [5, 2]
    assert found(ledger, patient_id=chidi.id) == [4, 2, 1]
    assert found(ledger, patient_id=chidi.id, by=ANA.id) == [4, 1]
    assert found(ledger, act="patients.searched") == [5]
    assert found(ledger, act="chart.opened", by=ANA.id, patient_id=mara.id) == [3]
    assert found(ledger, by=UUID(int=0xFFF)) == []


def test_an_event_says_who_did_what_to_whom(ledger: Ledger, patients: tuple[Patient, Patient]) -> None:
    chidi, _ = patients
    newest = ledger.events(EventsAsked(NOON, NOON + 9 * HOUR), 2, 0)
    assert newest[0] == Event(
        9, NOON + 5 * HOUR, IDA.id, IDA.name, "manager", "patients.searched", None, "", "3 found by name"
    )
    assert newest[1] == Event(
        8, NOON + 4 * HOUR, ANA.id, ANA.name, "coordinator", "chart.opened", chidi.id, chidi.name, "done"
    )
    assert ledger.events_after(2, 4, 9)[0].changed[-1] == "cards"
    assert [each.seq for each in ledger.events_after(2, 7, 3)] == [3, 4, 5]
    assert ledger.last_seq() == 9
    assert ledger.kinds_of_acts() == ("chart.opened", "patient.registered", "patients.searched", "staff.added")


def test_before_anything_happened_there_is_nothing_to_find(ledger: Ledger) -> None:
    assert (ledger.last_seq(), ledger.kinds_of_acts(), ledger.everybody()) == (0, (), ())
    assert ledger.signed_reviews(5) == ()
    assert ledger.last_sign_in(ANA.id) is None


def test_the_last_sign_in_is_that_of_the_person(ledger: Ledger) -> None:
    put(ledger, StaffAdded(ANA), StaffAdded(IDA))
    for person, hours in ((ANA, 1), (IDA, 2), (ANA, 3)):
        ledger.record(SignedIn("desk", 0), by(person, hours))
    ledger.record(SignInFailed("desk"), by(IDA, 4))
    assert ledger.last_sign_in(ANA.id) == NOON + 3 * HOUR
    assert ledger.last_sign_in(IDA.id) == NOON + 2 * HOUR
    assert ledger.everybody() == (ANA, IDA)


def test_a_visit_of_the_day_is_known(ledger: Ledger) -> None:
    patient = a_patient()
    put(ledger, PatientRegistered(patient, ()), VisitBooked(arrived(patient, 0)))
    assert ledger.had_visit(patient.id, DAY)
    assert not ledger.had_visit(patient.id, DAY - timedelta(days=1))
    assert not ledger.had_visit(new_id(), DAY)


def test_reviews_are_told_the_last_first_and_the_first_of_two_alike_stands(ledger: Ledger) -> None:
    put(ledger, StaffAdded(ANA), StaffAdded(IDA))
    one, two, again = by(IDA, 1), by(IDA, 2), by(ANA, 3)
    ledger.record(ReviewSigned(1, 2, NOON, NOON + HOUR, 1, "d1"), one)
    ledger.record(ReviewSigned(3, 3, NOON + HOUR, NOON + 2 * HOUR, 0, "d2"), two)
    ledger.record(ReviewSigned(3, 3, NOON + HOUR, NOON + 2 * HOUR, 5, "d3"), again)
    assert ledger.signed_reviews(9) == (
        Review(two.id, 3, 3, NOON + HOUR, NOON + 2 * HOUR, 0, "reviewed", IDA.id, IDA.name, two.at),
        Review(one.id, 1, 2, NOON, NOON + HOUR, 1, "reviewed", IDA.id, IDA.name, one.at),
    )
    assert len(ledger.signed_reviews(1)) == 1


def test_disclosures_are_told_by_day_and_a_correction_beside_what_it_corrects(ledger: Ledger) -> None:
    chidi, mara = a_patient(), a_patient("Lindqvist", "Mara")
    put(ledger, StaffAdded(ANA), PatientRegistered(chidi, ()), PatientRegistered(mara, ()))
    first, second = by(ANA, 1), by(ANA, 2)
    told = Disclosed(first.id, chidi.id, date(2026, 3, 2), "State police", "Lansing", "purchases", "court order")
    better = Disclosed(second.id, chidi.id, date(2026, 3, 2), "State police", "Flint", "purchases", "order", first.id)
    ledger.record(told, first)
    ledger.record(better, second)
    put(ledger, Disclosed(new_id(), mara.id, date(2026, 3, 2), "Insurer", "Detroit", "card", "asked"))
    assert ledger.disclosures(chidi.id, date(2026, 3, 2)) == (
        Disclosure(first.id, chidi.id, told.made_on, "State police", "Lansing", "purchases", "court order", None,
                   ANA.name, first.at),
        Disclosure(second.id, chidi.id, told.made_on, "State police", "Flint", "purchases", "order", first.id,
                   ANA.name, second.at),
    )  # fmt: skip
    assert ledger.disclosures(chidi.id, date(2026, 3, 3)) == ()


WORDS = re.compile(
    r"done|failed|denied|missing|unsound|answered|no answer|card not found"
    r"|-?\d+ (found by (name|card|birth date|licence|tag|phone)|listed|shown)"
    r"|allotment|papers|check-in|disclosures|waiting|sending|accepted|parked|expected|with coordinator|left|given up"
    r"|fixed|explained|assigned|open again|coordinator|pharmacist|inventory manager|compliance officer|manager"
    r"|recovery sheet"
)


@pytest.mark.parametrize("kind", get_args(Entry))
def test_no_entry_tells_a_value_of_its_fields(kind: Any) -> None:
    states = {each.value for hint in _enums(kind) for each in hint}

    @settings(max_examples=25)
    @given(any_value(kind))
    def holds(entry: Entry) -> None:
        told = told_of(entry)
        assert told.act == entry.name
        assert told.outcome in states or WORDS.fullmatch(told.outcome)
        names = {each.name for each in fields(entry)} | {each.name for each in fields(Patient)}
        assert set(told.changed) <= names
        assert not {"id", "patient_id"} & set(told.changed)

    holds()


def _enums(kind: Any) -> list[Any]:
    from enum import Enum
    from typing import get_type_hints

    return [hint for hint in get_type_hints(kind).values() if isinstance(hint, type) and issubclass(hint, Enum)]
