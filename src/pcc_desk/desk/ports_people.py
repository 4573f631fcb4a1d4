"""What the desk needs of the record about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from pcc_desk.domain.identity import (
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


@dataclass(frozen=True, slots=True)
class RecordLine:
    """An entry about a patient: its number, when it was, and by whom; the name is empty for the desk itself."""

    seq: int
    at: datetime
    by_name: str
    entry: Any
    """One of `domain.entries.Entry`."""


class PeopleLedger(Protocol):
    """The part of `desk.ports.Ledger` that is about who people are.

    Whatever the ledger is asked of a patient whose record was merged, it answers for every record of that person.
    """

    def patients_like(self, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
        """Return the patients among whom one that is like this may be, by id.

        Those of the same birth date, with a card of the same number or the same telephone, and those whose names begin
        as these do, in either order: three letters of the one, the first of the other.
        """
        ...

    def namesakes(self, patient: Patient) -> tuple[Patient, ...]:
        """Return the patients of the same birth date and the same names, accents and case folded, by id."""
        ...

    def kept_as(self, patient_id: UUID) -> UUID:
        """Return under which record a person is kept: the record itself unless it was merged into another."""
        ...

    def unmerged(self, patient_id: UUID) -> Patient | None:
        """Return the patient of one record as it stands, though it was merged into another."""
        ...

    def merges(self, patient_id: UUID) -> tuple[Merge, ...]:
        """Return which records were merged into one and not parted again, oldest first."""
        ...

    def former_names(self, patient_id: UUID) -> tuple[FormerName, ...]:
        """Return what a patient was called, the last first."""
        ...

    def patient_status(self, patient_id: UUID) -> Standing:
        """Return how a patient stands with the shop; active unless somebody said otherwise.

        Who is not served by any record of the person is not served, unless somebody said so after the merge.
        """
        ...

    def details(self, patient_id: UUID) -> Details:
        """Return what is known of a patient beyond names and card."""
        ...

    def caregivers(self, patient_id: UUID) -> tuple[tuple[CareLink, Caregiver], ...]:
        """Return who may buy for a patient, or might once, by name."""
        ...

    def cared_for(self, caregiver_id: UUID) -> tuple[CareLink, ...]:
        """Return for whom a caregiver may buy, or might once."""
        ...

    def caregiver(self, caregiver_id: UUID) -> Caregiver | None:
        """Return a caregiver."""
        ...

    def caregivers_on(self, number: str) -> tuple[Caregiver, ...]:
        """Return the caregivers with a card of this number."""
        ...

    def physician(self, physician_id: UUID) -> Physician | None:
        """Return a physician."""
        ...

    def physicians(self, typed: str, limit: int) -> tuple[Physician, ...]:
        """Return the physicians whose names begin with what was typed, by name."""
        ...

    def physicians_numbered(self, npi: str) -> tuple[Physician, ...]:
        """Return the physicians with a National Provider Identifier, by id."""
        ...

    def consents(self, patient_id: UUID) -> tuple[Consent, ...]:
        """Return what a patient agreed to or not, the first first, withdrawn ones included."""
        ...

    def intake(self, patient_id: UUID) -> Intake | None:
        """Return the last intake of a patient with every answer so far."""
        ...

    def standing_alarms(self, patient_id: UUID) -> tuple[StandingAlarm, ...]:
        """Return what has to be done at once for a patient, of every record of the person, the first first.

        Each with who saw to it. Records that are parted again answer for themselves: what was acknowledged under the
        other is not, here.
        """
        ...

    def requests(self, patient_id: UUID) -> tuple[Request, ...]:
        """Return what a patient asked of their record, the first first."""
        ...

    def patient_columns(self, header: str) -> Mapping[str, str]:
        """Return under which title each field of a file of patients stands, as somebody said last."""
        ...

    def record_of(self, patient_id: UUID) -> tuple[RecordLine, ...]:
        """Return every entry about a patient, of every record of the person, by time."""
        ...

    def open_requests(self) -> tuple[Request, ...]:
        """Return the requests that are not settled, the oldest first."""
        ...
