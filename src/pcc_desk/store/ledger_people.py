"""The part of the ledger over the encrypted database that is about who people are."""

from collections.abc import Mapping
from uuid import UUID

from pcc_desk.desk.ports_people import RecordLine
from pcc_desk.domain.identity import (
    NO_DETAILS,
    Caregiver,
    CareLink,
    Consent,
    Details,
    FormerName,
    Merge,
    Physician,
    Standing,
)
from pcc_desk.domain.intake import Intake
from pcc_desk.domain.people import Card, Patient
from pcc_desk.domain.requests import Request
from pcc_desk.domain.standing_alarms import StandingAlarm
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries import alarms, merged, patients, people


class PeopleOnRecord:
    """Implements `desk.ports_people.PeopleLedger`."""

    _connection: Connection

    def patients_like(self, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
        """Return the patients among whom one that is like this may be, by id."""
        return people.like(self._connection, patient, cards)

    def namesakes(self, patient: Patient) -> tuple[Patient, ...]:
        """Return the patients of the same birth date and names."""
        return people.namesakes(self._connection, patient)

    def kept_as(self, patient_id: UUID) -> UUID:
        """Return under which record a person is kept."""
        return merged.kept_as(self._connection, patient_id)

    def unmerged(self, patient_id: UUID) -> Patient | None:
        """Return the patient of one record as it stands."""
        return patients.one(self._connection, patient_id)

    def merges(self, patient_id: UUID) -> tuple[Merge, ...]:
        """Return which records were merged into one."""
        return merged.merges(self._connection, patient_id)

    def former_names(self, patient_id: UUID) -> tuple[FormerName, ...]:
        """Return what a patient was called, the last first."""
        found, _ = merged.gathered(self._connection, patient_id, people.former_names)
        return found

    def patient_status(self, patient_id: UUID) -> Standing:
        """Return how a patient stands with the shop."""
        return merged.status(self._connection, self.kept_as(patient_id))

    def details(self, patient_id: UUID) -> Details:
        """Return what is known of a patient."""
        ids = merged.of_one(self._connection, patient_id)
        told = (people.details(self._connection, one) for one in ids)
        return next((each for each in told if each != NO_DETAILS), NO_DETAILS)

    def caregivers(self, patient_id: UUID) -> tuple[tuple[CareLink, Caregiver], ...]:
        """Return who may buy for a patient, or might once."""
        found, _ = merged.gathered(self._connection, patient_id, people.care_of)
        return found

    def cared_for(self, caregiver_id: UUID) -> tuple[CareLink, ...]:
        """Return for whom a caregiver may buy, or might once."""
        return people.cared_for(self._connection, caregiver_id)

    def caregiver(self, caregiver_id: UUID) -> Caregiver | None:
        """Return a caregiver."""
        return people.caregiver(self._connection, caregiver_id)

    def caregivers_on(self, number: str) -> tuple[Caregiver, ...]:
        """Return the caregivers with a card of this number."""
        return people.caregivers_on(self._connection, number)

    def physician(self, physician_id: UUID) -> Physician | None:
        """Return a physician."""
        return people.physician(self._connection, physician_id)

    def physicians(self, typed: str, limit: int) -> tuple[Physician, ...]:
        """Return the physicians whose names begin with what was typed."""
        return people.physicians(self._connection, typed, limit)

    def physicians_numbered(self, npi: str) -> tuple[Physician, ...]:
        """Return the physicians with a National Provider Identifier."""
        return people.physicians_numbered(self._connection, npi)

    def consents(self, patient_id: UUID) -> tuple[Consent, ...]:
        """Return what a patient agreed to or not."""
        found, _ = merged.gathered(self._connection, patient_id, people.consents)
        return found

    def intake(self, patient_id: UUID) -> Intake | None:
        """Return the last intake of a patient."""
        ids = merged.of_one(self._connection, patient_id)
        begun = [each for one in ids if (each := people.intake(self._connection, one)) is not None]
        return max(begun, key=lambda each: (each.begun_at, each.id.hex), default=None)

    def standing_alarms(self, patient_id: UUID) -> tuple[StandingAlarm, ...]:
        """Return what has to be done at once for a patient."""
        return alarms.standing(self._connection, merged.of_one(self._connection, patient_id))

    def requests(self, patient_id: UUID) -> tuple[Request, ...]:
        """Return what a patient asked of their record."""
        found, _ = merged.gathered(self._connection, patient_id, people.requests)
        return found

    def patient_columns(self, header: str) -> Mapping[str, str]:
        """Return under which title each field of a file of patients stands, as somebody said last."""
        return people.columns_said(self._connection, header)

    def record_of(self, patient_id: UUID) -> tuple[RecordLine, ...]:
        """Return every entry about a patient, of every record of the person, by time."""
        found, _ = merged.gathered(self._connection, patient_id, people.record_of)
        return tuple(sorted(found, key=lambda each: (each.at, each.seq)))

    def open_requests(self) -> tuple[Request, ...]:
        """Return the requests that are not settled."""
        return people.open_requests(self._connection)
