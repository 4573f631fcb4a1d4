"""Who a patient is: names and cards with their history, their status, and records that are one person's."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, may, only_for, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.entries import Act
from pcc_desk.domain.identity import (
    Caregiver,
    CareLink,
    Consent,
    Details,
    FormerName,
    Merge,
    PatientStatus,
    Physician,
    Standing,
)
from pcc_desk.domain.intake import IntakeState
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.people_entries import (
    CardNoted,
    DetailsNoted,
    PatientChanged,
    PatientStatusSet,
)
from pcc_desk.domain.requests import Request
from pcc_desk.domain.withheld import Withheld


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a patient, as far as the role of whoever looks is given it."""

    patient: Patient
    cards: tuple[Card, ...]
    standing: Standing
    details: Details
    former_names: tuple[FormerName, ...] | Withheld
    caregivers: tuple[tuple[CareLink, Caregiver], ...]
    consents: tuple[Consent, ...] | Withheld
    merges: tuple[tuple[Merge, Patient | None], ...]
    """Each with the patient of the record that is not kept, as it stands."""
    physician: Physician | None
    requests: tuple[Request, ...] | Withheld
    """What the patient asked of their record."""
    intake: IntakeState | Withheld | None
    """None: no intake was begun."""


@dataclass(frozen=True, slots=True)
class Changed:
    """It is on record; what the record says of the patient now."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class NoReason:
    """Nobody said why, and that is to be on record."""


@dataclass(frozen=True, slots=True)
class CardTaken:
    """The card is another's: of another patient, or of a caregiver, by which they buy for a patient."""

    card: Card
    patient: Patient


def known_of(ledger: Ledger, patient_id: UUID, *, act: Act) -> Known:
    """Return what is known of a patient. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.OPEN_CHART, patient_id)
    known = all_known_of(ledger, patient_id)
    seen = sight_of(ledger, act)
    details, caregivers = known.details, known.caregivers
    if not may(ledger, act.by, Right.READ_CONTACT):
        details = _without_contact(details)
        caregivers = tuple(
            (link, replace(who, phone=only_for(Right.READ_CONTACT), born=None)) for link, who in caregivers
        )
    sees_people = may(ledger, act.by, Right.CHANGE_PEOPLE) or may(ledger, act.by, Right.ANSWER_REQUESTS)
    withheld = only_for(Right.CHANGE_PEOPLE)
    return replace(
        known,
        patient=seen(known.patient),
        details=details,
        former_names=known.former_names if sees_people else withheld,
        caregivers=caregivers,
        consents=known.consents if sees_people else withheld,
        merges=tuple((each, seen(other) if other else None) for each, other in known.merges),
        physician=known.physician if may(ledger, act.by, Right.READ_PAPERS) else None,
        requests=known.requests if sees_people else withheld,
        intake=known.intake if sees_people else withheld,
    )


def all_known_of(ledger: Ledger, patient_id: UUID) -> Known:
    """Return all that is known of a patient, as they themselves may see it. Raises `NoSuchRecord` for an unknown id."""
    patient = _patient(ledger, patient_id)
    details = ledger.details(patient.id)
    intake = ledger.intake(patient.id)
    return Known(
        patient=patient,
        cards=ledger.cards(patient.id),
        standing=ledger.patient_status(patient.id),
        details=details,
        former_names=ledger.former_names(patient.id),
        caregivers=ledger.caregivers(patient.id),
        consents=ledger.consents(patient.id),
        merges=tuple((each, ledger.unmerged(each.merged_id)) for each in ledger.merges(patient.id)),
        physician=ledger.physician(details.physician_id) if details.physician_id else None,
        requests=ledger.requests(patient.id),
        intake=intake.state if intake else None,
    )


def _without_contact(details: Details) -> Details:
    withheld = only_for(Right.READ_CONTACT)
    return replace(
        details,
        accessibility=withheld,
        address=withheld,
        email=withheld,
        shared_contact=withheld,
        emergency_name=withheld,
        emergency_relation=withheld,
        emergency_phone=withheld,
    )


def _patient(ledger: Ledger, patient_id: UUID) -> Patient:
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    return patient


def change_patient(ledger: Ledger, patient: Patient, why: str, *, act: Act) -> Changed | NoReason:
    """Put other names, another birth date, telephone, certification or remarks on record.

    The former name stays on record and finds the patient still; so another name or birth date needs a reason.
    Raises `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, Right.CHANGE_PEOPLE, patient.id)
    before = _patient(ledger, patient.id)
    patient = replace(patient, id=before.id)
    called = before.family_name, before.given_name, before.born
    if called != (patient.family_name, patient.given_name, patient.born) and not why.strip():
        return NoReason()
    if patient != before:
        ledger.record(PatientChanged(patient, why.strip()), act)
    return Changed(patient)


def note_details(ledger: Ledger, patient_id: UUID, details: Details, *, act: Act) -> Changed:
    """Put on record what is known of a patient. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    patient = _patient(ledger, patient_id)
    if details != ledger.details(patient.id):
        ledger.record(DetailsNoted(patient.id, details), act)
    return Changed(patient)


def note_card(
    ledger: Ledger, patient_id: UUID, number: str, expires_on: date, replaces: str = "", *, act: Act
) -> Changed | CardTaken:
    """Put a patient's own card on record: a first one, or one that renews another, whose number finds them still.

    Raises `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    patient = _patient(ledger, patient_id)
    card = Card(number, patient.id, Holder.PATIENT, f"{patient.given_name} {patient.family_name}", expires_on)
    for each in ledger.cards_numbered(card.key):
        other = ledger.patient(each.patient_id)
        if other is not None and (each.holder is Holder.CAREGIVER or other.id != patient.id):
            return CardTaken(each, other)
    old = next((each for each in ledger.cards(patient.id) if replaces and each.number == replaces), None)
    if old is not None and old.holder is Holder.CAREGIVER:
        return CardTaken(old, patient)
    if old is not None and old.patient_id != patient.id:
        card = replace(card, patient_id=old.patient_id)
    ledger.record(CardNoted(patient.id, card, replaces), act)
    return Changed(patient)


def set_status(ledger: Ledger, patient_id: UUID, status: PatientStatus, why: str, *, act: Act) -> Changed | NoReason:
    """Put on record how a patient stands with the shop, and why. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    patient = _patient(ledger, patient_id)
    if not why.strip():
        return NoReason()
    ledger.record(PatientStatusSet(patient.id, status, why.strip()), act)
    return Changed(patient)
