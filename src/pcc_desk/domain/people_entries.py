"""What can happen to what is known of people, as the journal keeps it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from uuid import UUID

from pcc_desk.domain.identity import Caregiver, CareLink, Consent, Details, PatientStatus, Physician
from pcc_desk.domain.people import Card, Patient
from pcc_desk.domain.requests import Request, RequestOutcome


@dataclass(frozen=True, slots=True)
class PatientChanged:
    """Names, birth date, telephone, certification or remarks of a patient are others. `patient` is the whole of it."""

    name: ClassVar = "patient.changed"
    version: ClassVar = 1
    patient: Patient
    why: str


@dataclass(frozen=True, slots=True)
class CardNoted:
    """A patient has another card. `replaces` is the number of the one that it renews; empty: none."""

    name: ClassVar = "card.noted"
    version: ClassVar = 1
    patient_id: UUID
    card: Card
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class PatientStatusSet:
    """How a patient stands with the shop is another."""

    name: ClassVar = "patient.status_set"
    version: ClassVar = 1
    patient_id: UUID
    status: PatientStatus
    why: str


@dataclass(frozen=True, slots=True)
class DetailsNoted:
    """What is known of a patient: the whole of it."""

    name: ClassVar = "patient.details"
    version: ClassVar = 1
    patient_id: UUID
    details: Details


@dataclass(frozen=True, slots=True)
class PatientsMerged:
    """A person found that two records are of one patient. What is on record under either counts for both."""

    name: ClassVar = "patients.merged"
    version: ClassVar = 1
    patient_id: UUID
    """The record that is kept."""
    merged_id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class MergeUndone:
    """Two records were not of one patient after all."""

    name: ClassVar = "patients.merge_undone"
    version: ClassVar = 1
    patient_id: UUID
    merged_id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class CaregiverKept:
    """A caregiver was put on record, or what is known of them is another."""

    name: ClassVar = "caregiver.kept"
    version: ClassVar = 1
    caregiver: Caregiver


@dataclass(frozen=True, slots=True)
class CaregiverLinked:
    """A caregiver may buy for a patient; `caregiver` and `link` are the whole condition of that, its end included."""

    name: ClassVar = "caregiver.linked"
    version: ClassVar = 1
    patient_id: UUID
    caregiver: Caregiver
    link: CareLink
    card: Card
    """The caregiver's card as one through which this patient is served."""
    why: str = ""
    also: tuple[UUID, ...] = ()
    """Other records of the same person, under which the link stands likewise."""

    @property
    def links(self) -> tuple[CareLink, ...]:
        """The link as it stands under each record of the person that has it."""
        return (self.link, *(replace(self.link, patient_id=each) for each in self.also))


@dataclass(frozen=True, slots=True)
class PhysicianKept:
    """A physician was put on record, or what is known of them is another."""

    name: ClassVar = "physician.kept"
    version: ClassVar = 1
    physician: Physician


@dataclass(frozen=True, slots=True)
class PhysicianNoted:
    """A physician certifies a patient, or what is known of the one who does is another.

    `patient` and `details` are what the record says of the patient from then on: by name, and by the physician's id.
    """

    name: ClassVar = "patient.physician"
    version: ClassVar = 1
    patient_id: UUID
    patient: Patient
    physician: Physician
    details: Details


@dataclass(frozen=True, slots=True)
class ConsentNoted:
    """A patient agreed to something, or did not."""

    name: ClassVar = "consent.noted"
    version: ClassVar = 1
    patient_id: UUID
    consent: Consent


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A patient took a consent back. What was done by it before stays done."""

    name: ClassVar = "consent.withdrawn"
    version: ClassVar = 1
    patient_id: UUID
    consent_id: UUID
    day: date
    why: str


@dataclass(frozen=True, slots=True)
class IntakeBegun:
    """The intake of a patient began. `form` is the version of its questions."""

    name: ClassVar = "intake.begun"
    version: ClassVar = 1
    patient_id: UUID
    intake_id: UUID
    form: str


@dataclass(frozen=True, slots=True)
class IntakeAnswered:
    """A field of an intake was left with another answer. Empty: it was taken out.

    `alarm` is what somebody has to do at once by this answer. It stands, though the answer be changed again or somebody
    acknowledge it, until a note about the patient is signed.
    """

    name: ClassVar = "intake.answered"
    version: ClassVar = 1
    patient_id: UUID
    intake_id: UUID
    field: str
    answer: str
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class AlarmAcknowledged:
    """Somebody saw what has to be done at once for a patient, and says in `text` what was done.

    `alarms` are those that they saw, by the ids of the acts that raised them: no other is acknowledged by this.
    """

    name: ClassVar = "alarm.acknowledged"
    version: ClassVar = 1
    patient_id: UUID
    alarms: tuple[UUID, ...]
    text: str


@dataclass(frozen=True, slots=True)
class IntakeVerified:
    """A person answers for an intake: nothing that is required is missing.

    `patient`, `physician`, `details` and `consents` are what follows from its answers; `alarms` what somebody has to be
    told at once.
    """

    name: ClassVar = "intake.verified"
    version: ClassVar = 1
    patient_id: UUID
    intake_id: UUID
    patient: Patient
    physician: Physician | None
    details: Details
    consents: tuple[Consent, ...]
    scores: tuple[tuple[str, str], ...]
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestNoted:
    """A patient asked for their record, or that it be amended."""

    name: ClassVar = "request.noted"
    version: ClassVar = 1
    patient_id: UUID
    request: Request


@dataclass(frozen=True, slots=True)
class RequestSettled:
    """A request was answered."""

    name: ClassVar = "request.settled"
    version: ClassVar = 1
    patient_id: UUID
    request_id: UUID
    outcome: RequestOutcome
    words: str


@dataclass(frozen=True, slots=True)
class RecordGiven:
    """A patient's whole record left the desk. `how`: file, printed."""

    name: ClassVar = "record.given"
    version: ClassVar = 1
    patient_id: UUID
    how: str


@dataclass(frozen=True, slots=True)
class PatientColumnsSaid:
    """Somebody said what the columns of a file of patients mean. `header` is the hash of its titles.

    `columns`: each field with the title it stands under.
    """

    name: ClassVar = "patients.columns_said"
    version: ClassVar = 1
    header: str
    columns: tuple[tuple[str, str], ...]


PeopleEntry = (
    PatientChanged
    | CardNoted
    | PatientStatusSet
    | DetailsNoted
    | PatientsMerged
    | MergeUndone
    | CaregiverKept
    | CaregiverLinked
    | PhysicianKept
    | PhysicianNoted
    | ConsentNoted
    | ConsentWithdrawn
    | IntakeBegun
    | IntakeAnswered
    | AlarmAcknowledged
    | IntakeVerified
    | RequestNoted
    | RequestSettled
    | RecordGiven
    | PatientColumnsSaid
)
