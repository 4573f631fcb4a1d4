"""What happens to appointments, and the check before the shop opens, as the journal keeps it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pcc_desk.domain.visits import Reason


@dataclass(frozen=True, slots=True)
class AppointmentMoved:
    """An appointment is at another time, or for something else."""

    name: ClassVar = "appointment.moved"
    version: ClassVar = 1
    visit_id: UUID
    patient_id: UUID
    day: date
    appointment_at: datetime
    minutes: int
    link: str
    reason: Reason | None = None
    """What the patient comes for from then on; None: what they came for before."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of the morning check, as it stood when somebody said that it was done."""

    what: str
    words: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class MorningChecked:
    """Somebody answered for the check before the shop opens."""

    name: ClassVar = "morning.checked"
    version: ClassVar = 1
    day: date
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class MorningsExplained:
    """Somebody said why nobody did the check on mornings of which the shop had visits or sales."""

    name: ClassVar = "mornings.explained"
    version: ClassVar = 1
    days: tuple[date, ...]
    why: str


@dataclass(frozen=True, slots=True)
class BriefPrinted:
    """The brief of a day, which names nobody, went to the printer."""

    name: ClassVar = "brief.printed"
    version: ClassVar = 1
    day: date


VisitEntry = AppointmentMoved | MorningChecked | MorningsExplained | BriefPrinted
