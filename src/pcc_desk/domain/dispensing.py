"""What is handed over, and how the state comes to know of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity, money
from pcc_desk.domain.sales import short_tag


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
    GIVEN_UP = "given up"
    """Nothing is sent any more: a person said so, or something later took its place; `why` says which."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done, so that what comes later of the same patient may go."""
        return self in {PostingState.ACCEPTED, PostingState.GIVEN_UP}


class PostKind(StrEnum):
    """What a posting tells the state."""

    SALE = "sale"
    CORRECTION = "correction"
    """What was really handed over, in the place of what a receipt says."""
    VOID = "void"
    """That a receipt is struck."""


class Trouble(StrEnum):
    """What kept a posting, when it was tried last."""

    NONE = ""
    DOWN = "down"
    """The system was out of reach, and nothing was done there."""
    BUSY = "busy"
    """The system is asked too often, and nothing was done there."""
    LOST = "lost"
    """It may have arrived: no answer came, or none that could be read."""
    DENIED = "denied"
    """The key was refused."""
    DISABLED = "disabled"
    """The regulator switched the call off."""
    REFUSED = "refused"
    """The state understood, and will not take it. It is not there."""
    NOT_OFFERED = "not offered"
    """The state offers no such call. It is not there."""
    NO_LOOKUP = "no look-up"
    """It may have arrived, and the state offers no way to see."""
    DISAGREE = "answers disagree"
    """It may have arrived, and what the state says of it contradicts itself."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A dispensation, or an amendment of one, on its way into the state's record."""

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
    kind: PostKind = PostKind.SALE
    amendment_id: UUID | None = None
    """Which amendment of the dispensation it tells; None: the dispensation itself."""
    trouble: Trouble = Trouble.NONE
    entered_by: UUID | None = None
    """Who typed the receipt, where a person did."""

    @property
    def id(self) -> UUID:
        """The id under which it is found: the amendment's, or the dispensation's."""
        return self.amendment_id or self.dispensation_id

    @property
    def may_have_arrived(self) -> bool:
        """Whether the state may have it, as far as is known here."""
        on_its_way = self.state in {PostingState.SENDING, PostingState.IN_DOUBT}
        return on_its_way or self.trouble in {Trouble.NO_LOOKUP, Trouble.DISAGREE, Trouble.LOST}


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
