"""What both ledgers know of people: names, statuses, caregivers, consents, intakes, and records of one person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import EventsAsked, HappeningKind
from pcc_desk.domain import people_entries as told
from pcc_desk.domain.audit_entries import Disclosed
from pcc_desk.domain.entries import (
    Act,
    ChartOpened,
    NoteSigned,
    PatientRegistered,
    StaffAdded,
    StandingAsked,
    VisitBooked,
)
from pcc_desk.domain.identity import Caregiver, CareLink, Consent, Details, PatientStatus, Physician
from pcc_desk.domain.intake import IntakeState
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.registry import CardNotFound
from pcc_desk.domain.requests import Request, RequestKind, RequestOutcome
from pcc_desk.domain.standing_alarms import AlarmSeen, StandingAlarm
from pcc_desk.domain.totals import Sums
from tests.fakes import ANA, NOON, a_card
from tests.store.stores import DAY, a_patient, act, arrived, asked, booked, given, new_id, put

LATER = NOON + timedelta(hours=1)


STAY = "Stay with the patient."


def raise_alarm(ledger: Ledger, patient: Patient, at: datetime) -> UUID:
    """Put an answer on record for which somebody has to act at once. Return what raised it."""
    raised = act(at)
    ledger.record(told.IntakeAnswered(patient.id, new_id(), "phq9_9", "1", STAY), raised)
    return raised.id


def a_note(patient: Patient) -> NoteSigned:
    return NoteSigned(new_id(), patient.id, new_id(), new_id(), "Talked with her.")


def found(ledger: Ledger, typed: str) -> list[str]:
    return [each.name for each in ledger.find_patients(typed, 9)]


@pytest.fixture
def patients(ledger: Ledger) -> tuple[Patient, Patient]:
    """Put two records of one woman on record, each with a card and a purchase."""
    one, other = a_patient("Díaz", "Ana"), a_patient("Dias", "Anna")
    put(ledger, StaffAdded(ANA))
    for patient, number in ((one, "MI-P-1"), (other, "MI-P-2")):
        put(ledger, PatientRegistered(patient, (a_card(patient, number),)))
        put(ledger, given(patient))
    return one, other


def test_a_former_name_finds_the_patient_still(ledger: Ledger) -> None:
    patient = a_patient("Okafor", "Chidi")
    put(ledger, PatientRegistered(patient, ()))
    married = replace(patient, family_name="Brandt-Okafor")
    ledger.record(told.PatientChanged(married, "married"), act(LATER))
    ledger.record(told.PatientChanged(replace(married, phone="313-555-0999"), ""), act(LATER))
    assert found(ledger, "okafor chi") == found(ledger, "brandt") == ["Brandt-Okafor, Chidi"]
    assert found(ledger, "chidi okafor") == ["Brandt-Okafor, Chidi"]
    (former,) = ledger.former_names(patient.id)
    assert (former.family_name, former.until, former.why) == ("Okafor", LATER, "married")
    assert ledger.patient(patient.id) == replace(married, phone="313-555-0999")


def test_an_old_card_points_to_the_one_that_renewed_it(ledger: Ledger) -> None:
    patient = a_patient()
    old = a_card(patient, "MI-P-1")
    put(ledger, PatientRegistered(patient, (old,)))
    new = replace(old, number="MI-P-9", expires_on=date(2029, 1, 1))
    put(ledger, told.CardNoted(patient.id, new, "mi p 1"))
    assert ledger.cards(patient.id) == (new, replace(old, renewed_as="MI-P-9"))
    assert found(ledger, "MI-P-1") == [patient.name]


def test_a_search_shows_the_card_that_somebody_is_served_by_now(ledger: Ledger) -> None:
    def shown() -> set[tuple[str, date | None]]:
        typed = ("okafor", "chidi", str(patient.born), "okafor chidi", "chidi okafor", "okafro chidi", "5550100")
        return {(each.card_number, each.card_expires) for of in typed for each in ledger.find_patients(of, 9)}

    patient = a_patient()
    put(ledger, PatientRegistered(patient, ()))
    assert shown() == {("", None)}
    tomas = Caregiver(new_id(), "Reyes", "Tomás", None, "", "MI-C-7", date(2030, 1, 1))
    card = Card("MI-C-7", patient.id, Holder.CAREGIVER, "Tomás Reyes", tomas.card_expires)
    put(ledger, told.CaregiverLinked(patient.id, tomas, CareLink(patient.id, tomas.id, DAY, None), card))
    assert shown() == {("MI-C-7", date(2030, 1, 1))}
    old = a_card(patient, "MI-P-1", date(2029, 1, 1))
    put(ledger, told.CardNoted(patient.id, old))
    assert shown() == {("MI-P-1", date(2029, 1, 1))}
    put(ledger, told.CardNoted(patient.id, replace(old, number="MI-P-9", expires_on=date(2028, 1, 1)), "MI-P-1"))
    assert shown() == {("MI-P-9", date(2028, 1, 1))}
    put(ledger, told.CardNoted(patient.id, replace(old, number="MI-P-9", expires_on=date(2028, 6, 1))))
    assert shown() == {("MI-P-9", date(2028, 6, 1))}


def test_people_of_the_same_birth_date_card_telephone_or_name_are_looked_at(ledger: Ledger) -> None:
    born = a_patient("Aalto", "Eino")
    named = replace(a_patient("Okafo", "Chima"), born=date(1990, 1, 1), phone="")
    turned = replace(a_patient("Chidi", "Okafor"), born=date(1991, 1, 1), phone="")
    called = replace(a_patient("Brandt", "Elke"), born=date(1992, 1, 1), phone="(313) 555-0177")
    carded = replace(a_patient("Haddad", "Samir"), born=date(1993, 1, 1), phone="")
    nobody = replace(a_patient("Zhou", "Li"), born=date(1994, 1, 1), phone="")
    card = a_card(carded, "MI-P-7")
    for each in (born, named, turned, called, nobody):
        put(ledger, PatientRegistered(each, ()))
    put(ledger, PatientRegistered(carded, (card,)))
    me = replace(a_patient("Okafor", "Chidi"), phone="+1 313 555 0177")
    like = ledger.patients_like(me, (replace(card, patient_id=me.id),))
    assert set(like) == {born, named, turned, called, carded}


def test_a_status_is_the_last_one_that_was_set(ledger: Ledger) -> None:
    patient = a_patient()
    assert ledger.patient_status(patient.id).status is PatientStatus.ACTIVE
    put(ledger, told.PatientStatusSet(patient.id, PatientStatus.PENDING, "no card yet"))
    ledger.record(told.PatientStatusSet(patient.id, PatientStatus.DECEASED, "told by the daughter"), act(LATER))
    stands = ledger.patient_status(patient.id)
    assert (stands.status, stands.since, stands.why) == (PatientStatus.DECEASED, LATER, "told by the daughter")


def test_a_caregiver_is_a_person_with_patients_and_a_card_for_each(ledger: Ledger) -> None:
    eva, samir = a_patient("Reyes", "Eva"), a_patient("Haddad", "Samir")
    tomas = Caregiver(new_id(), "Reyes", "Tomás", date(1971, 1, 19), "", "MI-C-7", date(2027, 1, 1), samir.id)
    put(ledger, PatientRegistered(eva, ()), PatientRegistered(samir, ()), told.CaregiverKept(tomas))
    card = Card("MI-C-7", eva.id, Holder.CAREGIVER, "Tomás Reyes", tomas.card_expires)
    link = CareLink(eva.id, tomas.id, DAY, None, is_guardian=True)
    put(ledger, told.CaregiverLinked(eva.id, tomas, link, card))
    ended = replace(link, ends=DAY)
    put(ledger, told.CaregiverLinked(eva.id, tomas, ended, card, "she is of age"))
    assert ledger.caregivers(eva.id) == ((ended, tomas),)
    assert ledger.cared_for(tomas.id) == (ended,)
    assert ledger.caregivers_on("mi c 7") == (tomas,)
    assert ledger.caregiver(tomas.id) == tomas
    assert ledger.cards(eva.id) == (card,)
    assert ledger.caregivers(samir.id) == ()


def test_a_link_may_stand_under_several_records_of_one_person(ledger: Ledger) -> None:
    one, other = a_patient("Reyes", "Eva"), a_patient("Reyes", "Ewa")
    tomas = Caregiver(new_id(), "Reyes", "Tomás", None, "", "MI-C-7", date(2027, 1, 1))
    card = Card("MI-C-7", one.id, Holder.CAREGIVER, "Tomás Reyes", tomas.card_expires)
    link = CareLink(one.id, tomas.id, DAY, DAY)
    put(ledger, PatientRegistered(one, ()), PatientRegistered(other, ()))
    put(ledger, told.CaregiverLinked(one.id, tomas, link, card, also=(other.id,)))
    assert ledger.caregivers(one.id) == ((link, tomas),)
    assert ledger.caregivers(other.id) == ((replace(link, patient_id=other.id), tomas),)
    assert len(ledger.cared_for(tomas.id)) == 2


def test_physicians_are_found_by_the_beginning_of_their_name(ledger: Ledger) -> None:
    mensah, moreau = (Physician(new_id(), name, "L-1") for name in ("Mensah, Ike", "Moreau, Lise"))
    put(ledger, told.PhysicianKept(moreau), told.PhysicianKept(mensah))
    put(ledger, told.PhysicianKept(replace(mensah, npi="1234567893")))
    assert ledger.physicians("m", 9) == (replace(mensah, npi="1234567893"), moreau)
    assert ledger.physicians("m", 1) == ledger.physicians("mens", 9)
    assert ledger.physician(moreau.id) == moreau
    assert ledger.physician(new_id()) is None


def test_who_certifies_a_patient_is_a_physician_by_their_number_too(ledger: Ledger) -> None:
    patient = a_patient()
    mensah = Physician(
        new_id(), "Mensah, Ike", "L-1", "1234567893", "Elm Street", "313-555-0144", "mensah@direct.example"
    )
    after, details = replace(patient, certified_by=mensah.name), Details(language="Twi", physician_id=mensah.id)
    put(ledger, PatientRegistered(patient, ()), told.PhysicianNoted(patient.id, after, mensah, details))
    assert (ledger.patient(patient.id), ledger.details(patient.id)) == (after, details)
    assert ledger.physicians_numbered("1234567893") == ledger.physicians("mensah", 9) == (mensah,)
    assert ledger.physicians_numbered("1999999984") == ()


def test_a_consent_stands_until_it_is_withdrawn(ledger: Ledger) -> None:
    patient = a_patient()
    given_one = Consent(new_id(), patient.id, "messages", "2026-03", is_given=True, day=DAY, by_whom="")
    refused = Consent(new_id(), patient.id, "research", "2026-03", is_given=False, day=DAY)
    put(ledger, told.ConsentNoted(patient.id, given_one), told.ConsentNoted(patient.id, refused))
    assert [each.holds for each in ledger.consents(patient.id)] == [True, False]
    put(ledger, told.ConsentWithdrawn(patient.id, given_one.id, DAY, "a shared telephone"))
    (withdrawn, _) = ledger.consents(patient.id)
    assert (withdrawn.holds, withdrawn.withdrawn_why) == (False, "a shared telephone")


def test_an_intake_keeps_the_last_answer_of_each_field_and_where_somebody_was(ledger: Ledger) -> None:
    patient, key = a_patient(), new_id()
    assert ledger.intake(patient.id) is None
    put(ledger, PatientRegistered(patient, ()), told.IntakeBegun(patient.id, key, "2026-03"))
    for field, answer in (("pain", "7"), ("goal", "sleep"), ("pain", "8"), ("goal", "")):
        put(ledger, told.IntakeAnswered(patient.id, key, field, answer))
    kept = ledger.intake(patient.id)
    assert kept is not None
    assert (kept.answers, kept.last_field, kept.state) == ({"pain": "8"}, "goal", IntakeState.OPEN)
    details = Details(preferred_name="Chi")
    consent = Consent(new_id(), patient.id, "hipaa", "2026-03", is_given=True, day=DAY)
    moved = replace(patient, phone="313-555-0177")
    mensah = Physician(new_id(), "Mensah, Ike", "L-1")
    put(ledger, told.IntakeVerified(patient.id, key, moved, mensah, details, (consent,), (("phq9", "4"),), ()))
    assert (ledger.patient(patient.id), ledger.physicians("mensah", 9)) == (moved, (mensah,))
    verified = ledger.intake(patient.id)
    assert verified is not None
    assert verified.state is IntakeState.VERIFIED
    assert (ledger.details(patient.id), ledger.consents(patient.id)) == (details, (consent,))


def test_what_has_to_be_done_at_once_stands_for_every_record_of_the_person_until_a_note_is_signed(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    key = new_id()
    put(ledger, VisitBooked(arrived(one, 0)), told.IntakeBegun(other.id, key, "2026-03"))
    put(ledger, told.IntakeAnswered(other.id, key, "phq9_8", "3"))
    assert ledger.standing_alarms(other.id) == ()
    raised = raise_alarm(ledger, other, NOON)
    ledger.record(told.IntakeAnswered(other.id, key, "phq9_9", "0"), act(LATER))
    assert ledger.standing_alarms(other.id) == (StandingAlarm(other.id, NOON, raised, STAY),)
    assert ledger.standing_alarms(one.id) == ()
    assert [each.needs_help for each in ledger.queue(DAY)] == [False]
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    assert [each.words for each in ledger.standing_alarms(one.id)] == ["Stay with the patient."]
    assert [each.needs_help for each in ledger.queue(DAY)] == [True]
    put(ledger, NoteSigned(new_id(), one.id, new_id(), new_id(), "Talked with her; her sister takes her home."))
    assert ledger.standing_alarms(one.id) == ledger.standing_alarms(other.id) == ()
    assert [each.needs_help for each in ledger.queue(DAY)] == [False]


def test_what_was_acknowledged_stands_with_who_saw_to_it_and_a_later_one_calls_for_help_again(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    soon = NOON + timedelta(minutes=5)
    put(ledger, VisitBooked(arrived(one, 0)))
    raised = raise_alarm(ledger, other, NOON)
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    ledger.record(told.AlarmAcknowledged(one.id, (raised,), "Her sister is with her."), act(soon))
    seen = AlarmSeen(soon, ANA.name, "Her sister is with her.", (raised,))
    assert ledger.standing_alarms(other.id) == (StandingAlarm(other.id, NOON, raised, STAY, seen),)
    (row,) = ledger.queue(DAY)
    assert (row.needs_help, row.helped_by) == (False, ANA.name)
    (line,) = [each for each in ledger.timeline(one.id, 9) if each.kind is HappeningKind.AT_ONCE]
    assert (line.at, line.by, line.text) == (soon, ANA.name, "Her sister is with her.")
    raise_alarm(ledger, other, LATER)
    assert [each.seen for each in ledger.standing_alarms(one.id)] == [seen, None]
    (row,) = ledger.queue(DAY)
    assert (row.needs_help, row.helped_by) == (True, "")
    put(ledger, NoteSigned(new_id(), one.id, new_id(), new_id(), "Talked with her."))
    assert ledger.standing_alarms(one.id) == ()
    assert [each.kind for each in ledger.timeline(one.id, 9)].count(HappeningKind.AT_ONCE) == 1


def test_what_was_acknowledged_under_a_record_of_somebody_else_after_all_is_not(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    put(ledger, told.PatientsMerged(one.id, other.id, "same name"))
    raised = raise_alarm(ledger, other, NOON)
    ledger.record(told.AlarmAcknowledged(one.id, (raised,), "Her sister is with her."), act(LATER))
    put(ledger, told.MergeUndone(one.id, other.id, "two persons"))
    assert [each.seen for each in ledger.standing_alarms(other.id)] == [None]
    assert ledger.standing_alarms(one.id) == ()


def test_a_note_about_somebody_else_after_all_ends_nothing(ledger: Ledger, patients: tuple[Patient, Patient]) -> None:
    one, other = patients
    put(ledger, VisitBooked(arrived(other, 0)))
    raised, of_one = raise_alarm(ledger, other, NOON), raise_alarm(ledger, one, NOON)
    put(ledger, told.PatientsMerged(one.id, other.id, "same name"))
    put(ledger, a_note(one))
    assert ledger.standing_alarms(one.id) == ledger.standing_alarms(other.id) == ()
    assert [each.needs_help for each in ledger.queue(DAY)] == [False]
    put(ledger, told.MergeUndone(one.id, other.id, "two persons"))
    assert ledger.standing_alarms(one.id) == ()
    assert [each.id for each in ledger.standing_alarms(other.id)] == [raised] != [of_one]
    assert [each.needs_help for each in ledger.queue(DAY)] == [True]
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    assert ledger.standing_alarms(other.id) == ()
    put(ledger, a_note(other), told.MergeUndone(one.id, other.id, "two persons"))
    assert ledger.standing_alarms(other.id) == ()
    assert [each.needs_help for each in ledger.queue(DAY)] == [False]


def test_a_note_ends_nothing_that_stood_under_a_record_found_to_be_the_same_person_s_only_then(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    raised = raise_alarm(ledger, other, NOON)
    put(ledger, a_note(one), told.PatientsMerged(one.id, other.id, "the same passport"))
    assert [each.id for each in ledger.standing_alarms(one.id)] == [raised]


def test_a_note_under_a_record_that_is_merged_ends_what_stands_under_the_kept_one_as_long_as_it_is(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    raised = raise_alarm(ledger, one, NOON)
    put(ledger, told.PatientsMerged(one.id, other.id, "same name"), a_note(other))
    assert ledger.standing_alarms(one.id) == ()
    later = raise_alarm(ledger, one, LATER)
    assert [each.id for each in ledger.standing_alarms(one.id)] == [later]
    put(ledger, told.MergeUndone(one.id, other.id, "two persons"))
    assert [each.id for each in ledger.standing_alarms(one.id)] == [raised, later]


def test_what_nobody_saw_calls_for_help_also_after_its_record_is_merged_into_one_that_was_acknowledged(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    put(ledger, VisitBooked(arrived(one, 0)))
    raise_alarm(ledger, other, NOON)
    raised = raise_alarm(ledger, one, NOON + timedelta(minutes=5))
    ledger.record(told.AlarmAcknowledged(one.id, (raised,), "Her sister is with her."), act(LATER))
    assert [each.needs_help for each in ledger.queue(DAY)] == [False]
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    assert [(each.patient_id, each.seen is None) for each in ledger.standing_alarms(one.id)] == [
        (other.id, True),
        (one.id, False),
    ]
    assert [(each.needs_help, each.helped_by) for each in ledger.queue(DAY)] == [(True, "")]


def test_what_is_raised_after_the_clock_was_set_back_was_not_seen_before(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, _ = patients
    raised = raise_alarm(ledger, one, LATER)
    ledger.record(told.AlarmAcknowledged(one.id, (raised,), "Her sister is with her."), act(LATER))
    anew = raise_alarm(ledger, one, NOON)
    assert {each.id: each.seen is None for each in ledger.standing_alarms(one.id)} == {raised: False, anew: True}


def test_a_request_is_open_until_it_is_settled(ledger: Ledger) -> None:
    patient = a_patient()
    access = Request(new_id(), patient.id, RequestKind.ACCESS, DAY, "everything, on paper")
    amendment = Request(new_id(), patient.id, RequestKind.AMENDMENT, DAY - timedelta(days=1), "I never smoked")
    put(ledger, told.RequestNoted(patient.id, access), told.RequestNoted(patient.id, amendment))
    put(ledger, told.RequestSettled(patient.id, access.id, RequestOutcome.EXTENDED, "the archive is away"))
    assert [each.words for each in ledger.open_requests()] == ["I never smoked", "everything, on paper"]
    put(ledger, told.RequestSettled(patient.id, amendment.id, RequestOutcome.DENIED, "it is correct"))
    assert [each.due for each in ledger.open_requests()] == [DAY + timedelta(days=60)]
    assert [each.outcome for each in ledger.requests(patient.id)] == [RequestOutcome.DENIED, None]


# Records of one person


def test_whatever_is_asked_of_one_record_is_answered_from_both(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    visit = arrived(other, 5)
    put(ledger, StandingAsked(asked(other, CardNotFound("MI-P-2"))), VisitBooked(visit))
    before = {each.id: ledger.purchases(each.id, DAY - timedelta(days=40)) for each in patients}
    assert all(before.values())
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    for each in patients:
        assert ledger.kept_as(each.id) == one.id
        assert ledger.patient(each.id) == one
        assert set(ledger.purchases(each.id, DAY - timedelta(days=40))) == {*before[one.id], *before[other.id]}
        assert {card.number for card in ledger.cards(each.id)} == {"MI-P-1", "MI-P-2"}
        assert ledger.has_bought(each.id)
        assert len(ledger.timeline(each.id, 9)) == 4
        assert ledger.verifications(each.id, NOON) == (ledger.last_verification(each.id),)
        assert ledger.verifications(each.id, LATER) == ()
        assert ledger.open_visit(each.id, DAY) == visit
    assert found(ledger, "dias") == found(ledger, "MI-P-2") == ["Díaz, Ana"]
    assert [row.patient for row in ledger.queue(DAY)] == [one]
    assert [each.merged_id for each in ledger.merges(one.id)] == [other.id]
    assert ledger.unmerged(other.id) == other


def test_who_looked_at_a_person_is_told_whichever_record_is_asked(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    for number, patient in enumerate((one, other, other)):
        ledger.record(ChartOpened(patient.id), act(NOON + number * timedelta(minutes=1)))
    asked_for = EventsAsked(NOON, LATER, act="chart.opened")
    assert ledger.count_events(replace(asked_for, patient_id=one.id)) == 1
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    for each in patients:
        whole = replace(asked_for, patient_id=each.id)
        assert [of.patient_id for of in ledger.events(whole, 9, 0)] == [other.id, other.id, one.id]
        assert [of.patient_id for of in ledger.events(whole, 2, 1)] == [other.id, one.id]
        assert ledger.count_events(whole) == 3


def test_the_intake_that_was_begun_last_is_the_persons_and_is_written_where_it_was_begun(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    first, last = new_id(), new_id()
    ledger.record(told.IntakeBegun(one.id, first, "2026-03"), act(NOON))
    ledger.record(told.IntakeBegun(other.id, last, "2026-03"), act(NOON + timedelta(minutes=1)))
    put(ledger, told.IntakeAnswered(other.id, last, "allergies", "penicillin"))
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    for each in patients:
        intake = ledger.intake(each.id)
        assert intake is not None
        assert (intake.id, intake.patient_id, intake.answers) == (last, other.id, {"allergies": "penicillin"})
    details = Details(preferred_name="Chi")
    put(ledger, told.IntakeVerified(other.id, last, one, None, details, (), (), ()))
    verified = ledger.intake(one.id)
    assert verified is not None
    assert verified.state is IntakeState.VERIFIED
    assert ledger.details(one.id) == ledger.details(other.id) == details


def test_what_only_the_other_record_tells_of_a_person_is_not_lost(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    put(ledger, told.DetailsNoted(other.id, Details(language="Polish")))
    put(ledger, told.PatientsMerged(one.id, other.id, "the same passport"))
    assert ledger.details(one.id) == Details(language="Polish")
    put(ledger, told.DetailsNoted(one.id, Details(language="English")))
    assert ledger.details(other.id) == Details(language="English")


def test_a_merged_record_is_no_person_of_its_own_in_any_list(ledger: Ledger, patients: tuple[Patient, Patient]) -> None:
    one, other = patients
    soon = DAY + timedelta(days=400)
    visit = replace(booked(other, 60), patient_id=other.id)
    put(ledger, VisitBooked(visit), told.PatientsMerged(one.id, other.id, "the same passport"))
    assert [each.id for each in ledger.patients_after(None, 99)] == [one.id]
    assert {(each.patient_id, each.name) for each in ledger.lapses(DAY, soon, 99)} == {(one.id, one.name)}
    assert [row.patient for row in ledger.visits_between(DAY, DAY)] == [one]
    put(ledger, told.PatientStatusSet(one.id, PatientStatus.DECEASED, "told by his sister"))
    put(ledger, told.PatientStatusSet(other.id, PatientStatus.DECEASED, "told by his sister"))
    assert ledger.lapses(DAY, soon, 99) == ()


def test_the_accounting_of_disclosures_is_the_persons_whichever_record_is_asked(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    visit = arrived(other, 5)
    told_of = Disclosed(new_id(), other.id, DAY, "Wayne County", "Detroit", "what was bought", "a court order")
    put(ledger, told_of, VisitBooked(visit), told.PatientsMerged(one.id, other.id, "the same passport"))
    for each in patients:
        assert [(of.id, of.patient_id) for of in ledger.disclosures(each.id, DAY)] == [
            (told_of.disclosure_id, other.id)
        ]
        assert ledger.had_visit(each.id, DAY)
    put(ledger, told.MergeUndone(one.id, other.id, "sisters"))
    assert ledger.disclosures(one.id, DAY) == ()
    assert not ledger.had_visit(one.id, DAY)


def test_parted_again_each_record_has_what_it_had(ledger: Ledger, patients: tuple[Patient, Patient]) -> None:
    one, other = patients

    def everything() -> list[object]:
        ask: tuple[Callable[[Patient], object], ...] = (
            lambda each: ledger.patient(each.id),
            lambda each: ledger.purchases(each.id, DAY - timedelta(days=40)),
            lambda each: ledger.cards(each.id),
            lambda each: ledger.timeline(each.id, 9),
        )
        return [question(each) for question in ask for each in patients]

    before = everything()
    ledger.record(told.PatientsMerged(one.id, other.id, "the same passport"), act(LATER))
    assert everything() != before
    ledger.record(told.MergeUndone(one.id, other.id, "they are sisters"), act(LATER))
    assert everything() == before
    assert ledger.merges(one.id) == ()


def test_what_was_dispensed_while_two_records_counted_as_one_counts_for_both_for_good(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    third = a_patient("Okafor", "Chidi")
    put(ledger, PatientRegistered(third, ()))
    minute = timedelta(minutes=1)
    before = {each.id: ledger.purchases(each.id, DAY) for each in (*patients, third)}
    ledger.record(told.PatientsMerged(one.id, other.id, "the same passport"), act(LATER))
    put(ledger, given(one, at=LATER), given(one, at=LATER + minute))
    ledger.record(told.MergeUndone(one.id, other.id, "they are sisters"), act(LATER + minute))
    put(ledger, given(one, at=LATER + 2 * minute))
    theirs = ledger.purchases(other.id, DAY)
    assert [each.at for each in theirs] == [before[other.id][0].at, LATER, LATER + minute]
    assert len(ledger.purchases(one.id, DAY)) == len(before[one.id]) + 3
    sums = Sums((), DAY, (), ("flower",), ())
    assert ledger.totals(other.id, sums) is None
    assert ledger.purchases(third.id, DAY) == before[third.id] == ()
    assert ledger.totals(third.id, sums) is not None


def test_who_is_banned_by_one_record_is_banned_until_somebody_says_otherwise_of_the_person(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    third = a_patient("Dias", "A.")
    minute = timedelta(minutes=1)
    put(ledger, PatientRegistered(third, ()), told.PatientStatusSet(third.id, PatientStatus.BANNED, "threats"))
    put(ledger, told.PatientStatusSet(one.id, PatientStatus.PENDING, "no card yet"))
    ledger.record(told.PatientsMerged(other.id, third.id, "x"), act(LATER))
    ledger.record(told.PatientsMerged(one.id, other.id, "x"), act(LATER))
    for each in (one, other, third):
        assert (ledger.patient_status(each.id).status, ledger.patient_status(each.id).why) == (
            PatientStatus.BANNED,
            "threats",
        )
    ledger.record(told.PatientStatusSet(one.id, PatientStatus.ACTIVE, "it was another"), act(LATER + minute))
    assert ledger.patient_status(third.id).status is PatientStatus.ACTIVE
    ledger.record(told.MergeUndone(one.id, other.id, "two people"), act(LATER + 2 * minute))
    assert ledger.patient_status(other.id).status is PatientStatus.BANNED
    assert ledger.patient_status(one.id).status is PatientStatus.ACTIVE


def test_a_person_with_three_records_has_one_even_where_they_go_round(ledger: Ledger) -> None:
    one, two, three = (a_patient(f"Okafor{number}") for number in range(3))
    put(ledger, *(PatientRegistered(each, (a_card(each, f"MI-P-{each.family_name}"),)) for each in (one, two, three)))
    put(ledger, told.PatientsMerged(two.id, three.id, "x"), told.PatientsMerged(one.id, two.id, "x"))
    assert {ledger.kept_as(each.id) for each in (one, two, three)} == {one.id}
    assert len(ledger.cards(three.id)) == 3
    put(ledger, told.PatientsMerged(three.id, one.id, "a circle"))
    assert len(ledger.cards(one.id)) == 3


def test_what_was_done_by_whom_stays_with_the_record_it_was_done_to(
    ledger: Ledger, patients: tuple[Patient, Patient]
) -> None:
    one, other = patients
    ledger.record(told.PatientsMerged(one.id, other.id, "x"), Act(new_id(), LATER, ANA.id, "counter-1"))
    (merge,) = ledger.merges(one.id)
    assert (merge.at, merge.by, merge.why) == (LATER, ANA.id, "x")
