"""What can happen, as the journal keeps it: past facts that carry all they changed.

An entry is applied without asking any rule again. `name` and `version` are what the journal stores; classes may be
renamed, those may not. Fields are strings, numbers, booleans, UUIDs, dates, UTC instants, enums, other frozen
dataclasses of these, tuples of these, or None.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pcc_desk.domain.dispensing import Dispensation, PostingState
from pcc_desk.domain.people import Card, Patient, Person
from pcc_desk.domain.products import Package
from pcc_desk.domain.reconciliation import DayComparison
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.visits import Visit, VisitState


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when (UTC), at which counter, under which id.

    The id is made by the caller before the act is tried, so that after a failure the journal can be asked whether it
    happened.
    """

    id: UUID
    at: datetime
    by: UUID
    counter: str


@dataclass(frozen=True, slots=True)
class ShopOpened:
    """The shop was set up."""

    name: ClassVar = "shop.opened"
    version: ClassVar = 1
    shop: Shop


@dataclass(frozen=True, slots=True)
class StaffAdded:
    """A member of staff was added."""

    name: ClassVar = "staff.added"
    version: ClassVar = 1
    person: Person


@dataclass(frozen=True, slots=True)
class PatientRegistered:
    """A patient was put on record, with the cards that serve them."""

    name: ClassVar = "patient.registered"
    version: ClassVar = 1
    patient: Patient
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class VisitBooked:
    """A visit was put on a day's list."""

    name: ClassVar = "visit.booked"
    version: ClassVar = 1
    visit: Visit


@dataclass(frozen=True, slots=True)
class PatientCheckedIn:
    """A patient arrived, and a person looked at the photo and at the card."""

    name: ClassVar = "patient.checked_in"
    version: ClassVar = 1
    visit: Visit
    card_number: str
    card_expires: date


@dataclass(frozen=True, slots=True)
class VisitMoved:
    """A visit came into another state."""

    name: ClassVar = "visit.moved"
    version: ClassVar = 1
    visit_id: UUID
    patient_id: UUID
    state: VisitState
    served_by: UUID | None


@dataclass(frozen=True, slots=True)
class ChartOpened:
    """Somebody looked at a patient's record."""

    name: ClassVar = "chart.opened"
    version: ClassVar = 1
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class StandingAsked:
    """The registry was asked for a patient's standing; what came back, or that nothing did."""

    name: ClassVar = "standing.asked"
    version: ClassVar = 1
    verification: Verification


@dataclass(frozen=True, slots=True)
class NoteSigned:
    """A consultation note was signed."""

    name: ClassVar = "note.signed"
    version: ClassVar = 1
    note_id: UUID
    patient_id: UUID
    visit_id: UUID
    verification_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class DraftKept:
    """Words not yet signed were kept for the person who wrote them. Empty text: the draft is no longer needed."""

    name: ClassVar = "draft.kept"
    version: ClassVar = 1
    visit_id: UUID
    patient_id: UUID
    person_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class DispensationRecorded:
    """Something was handed over. `verification_id` is the proof it rests on. Its posting begins as waiting."""

    name: ClassVar = "dispensation.recorded"
    version: ClassVar = 1
    dispensation: Dispensation
    day: date
    """The business day it counts on."""
    verification_id: UUID


@dataclass(frozen=True, slots=True)
class PostingMoved:
    """A posting came into another state. The fields are its whole new condition."""

    name: ClassVar = "posting.moved"
    version: ClassVar = 1
    dispensation_id: UUID
    patient_id: UUID
    state: PostingState
    attempts: int
    lookups_missed: int
    next_try_at: datetime
    receipt: str
    why: str


@dataclass(frozen=True, slots=True)
class StockRead:
    """The packages in stock were read. What is not among them is no longer in stock."""

    name: ClassVar = "stock.read"
    version: ClassVar = 1
    packages: tuple[Package, ...]
    system: str


@dataclass(frozen=True, slots=True)
class DayCompared:
    """A day's sales were compared with the state's record."""

    name: ClassVar = "day.compared"
    version: ClassVar = 1
    comparison: DayComparison


Entry = (
    ShopOpened
    | StaffAdded
    | PatientRegistered
    | VisitBooked
    | PatientCheckedIn
    | VisitMoved
    | ChartOpened
    | StandingAsked
    | NoteSigned
    | DraftKept
    | DispensationRecorded
    | PostingMoved
    | StockRead
    | DayCompared
)
