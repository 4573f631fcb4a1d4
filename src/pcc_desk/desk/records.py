"""What a ledger hands out beside the domain's own values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.people import Patient
from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """A row of a search: enough to tell people apart, no more."""

    patient: Patient
    card_number: str
    card_expires: date | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """A line that was dispensed here, as the limits count it."""

    on: date
    at: datetime
    category: str
    measures: Measures
    product: str
    quantity: Quantity
    is_posted: bool
    posted_at: datetime | None
    """When the state's acceptance was recorded."""


class HappeningKind(StrEnum):
    """What a line of the timeline speaks of."""

    VISIT = "visit"
    NOTE = "note"
    DISPENSED = "dispensed"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a patient's timeline. `by` is a name."""

    at: datetime
    kind: HappeningKind
    text: str
    by: str
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that were not signed yet."""

    visit_id: UUID
    person_id: UUID
    text: str
    kept_at: datetime
