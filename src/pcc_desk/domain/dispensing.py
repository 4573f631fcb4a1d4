"""What is handed over, and how the state comes to know of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity, money
from pcc_desk.domain.reconciliation import short_tag


@dataclass(frozen=True, slots=True)
class DispensedLine:
    """A quantity out of one package, with what it amounted to at that moment."""

    label: str
    product: str
    category: str
    quantity: Quantity
    measures: Measures
    price_cents: int
    """The line's total before tax and after discount."""


@dataclass(frozen=True, slots=True)
class Dispensation:
    """What was handed to one patient at one moment (UTC)."""

    id: UUID
    patient_id: UUID
    visit_id: UUID | None
    card_number: str
    caregiver_card: str
    """Empty when the patient came in person."""
    at: datetime
    by: UUID
    external_number: str
    """Our own number, which goes to the state with the posting and is never used twice."""
    lines: tuple[DispensedLine, ...]
    outage: str = ""
    """Why it was made without the registry's word; empty when the registry had answered."""

    @property
    def total_cents(self) -> int:
        """The sum of the lines."""
        return sum(line.price_cents for line in self.lines)

    @property
    def summary(self) -> str:
        """What it was in one line: quantities, products, tags, the total, and that it was made in an outage."""
        parts = (f"{line.quantity} {line.product} ({short_tag(line.label)})" for line in self.lines)
        remark = " · in an outage" if self.outage else ""
        return f"{', '.join(parts)} · {money(self.total_cents)}{remark}"


class PostingState(StrEnum):
    """How far a dispensation is on its way into the state's record."""

    WAITING = "waiting"
    """Not sent, or known not to have arrived: may be sent."""
    SENDING = "sending"
    """On its way. Found at a start, it is in doubt."""
    IN_DOUBT = "in doubt"
    """It may have arrived: look it up before anything else."""
    PARKED = "parked"
    """A person must decide."""
    ACCEPTED = "accepted"
    """In the state's record."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A dispensation on its way into the state's record."""

    dispensation_id: UUID
    patient_id: UUID
    external_number: str
    state: PostingState
    attempts: int
    lookups_missed: int
    """How often in a row the state answered that it has no such record since the last attempt."""
    next_try_at: datetime
    receipt: str
    """The state's number for it; empty until accepted."""
    why: str
    """The last thing that went wrong, in a sentence; empty when nothing did."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The state took it and gave it a number."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Voided:
    """The state struck a receipt from its record. Told again, it is as it was."""

    receipt: str


@dataclass(frozen=True, slots=True)
class PostRefused:
    """The state answered that it will not take it; `why` in its own words."""

    why: str


@dataclass(frozen=True, slots=True)
class NotPosted:
    """The state answered that it has no such record."""
