"""One appearance of a patient in the queue."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.people import Patient


class VisitState(StrEnum):
    """Where a visit stands."""

    EXPECTED = "expected"
    WAITING = "waiting"
    WITH_COORDINATOR = "with coordinator"
    PARKED = "parked"
    DONE = "done"
    LEFT = "left"

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for anything any more."""
        return self in {VisitState.DONE, VisitState.LEFT}


class Reason(StrEnum):
    """What a patient comes for."""

    NEW = "new patient"
    FOLLOW_UP = "follow-up"
    REFILL = "refill"
    PROBLEM = "problem"
    PICK_UP = "pick-up"


@dataclass(frozen=True, slots=True)
class Visit:
    """One appearance of a patient in the queue of `day`. Instants are UTC."""

    id: UUID
    patient_id: UUID
    day: date
    state: VisitState
    reason: Reason
    appointment_at: datetime | None = None
    arrived_at: datetime | None = None
    through: str = ""
    """The caregiver's name when a caregiver comes for the patient."""
    served_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A visit with what a coordinator needs to know before calling the name."""

    visit: Visit
    patient: Patient
    card_number: str
    """Empty when the patient has no card on record."""
    card_expires: date | None
    served_by_name: str
    is_known: bool
    """Whether the patient was dispensed to here before."""
    shares_name: bool
    """Whether another patient of today's queue has the same name."""
