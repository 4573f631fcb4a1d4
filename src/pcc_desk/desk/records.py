"""What a ledger hands out beside the domain's own values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.audit_entries import AnchorState
from pcc_desk.domain.dispensing import Posting, PostingState
from pcc_desk.domain.entries import DayCompared
from pcc_desk.domain.people import Patient
from pcc_desk.domain.purchases import Purchase

__all__ = [
    "ComparedOnRecord",
    "Confirmation",
    "Disclosure",
    "Draft",
    "Elsewhere",
    "Event",
    "EventsAsked",
    "FormDraft",
    "FoundPatient",
    "Happening",
    "HappeningKind",
    "OutboxRow",
    "PacketOnRecord",
    "Purchase",
    "Review",
    "RollBack",
    "RulesOnRecord",
]


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """A row of a search: enough to tell people apart, no more. The card is the one they are served by."""

    patient_id: UUID
    family_name: str
    given_name: str
    born: date
    card_number: str = ""
    card_expires: date | None = None

    @property
    def name(self) -> str:
        """Family name first, as lists are sorted."""
        return f"{self.family_name}, {self.given_name}"


class HappeningKind(StrEnum):
    """What a line of the timeline speaks of."""

    VISIT = "visit"
    NOTE = "note"
    DISPENSED = "dispensed"
    STANDING = "standing"
    CORRECTED = "corrected"
    VOIDED = "voided"
    AT_ONCE = "at once"
    """Somebody saw what has to be done at once, and said what was done."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a patient's timeline. `by` is a name."""

    at: datetime
    kind: HappeningKind
    text: str
    by: str
    receipt: str = ""
    posting: PostingState | None = None
    """How far it is on its way into the state's record; None: nobody tells the state of it."""
    next_try_at: datetime | None = None
    dispensation_id: str = ""
    """The dispensation that it speaks of, or that it puts right, as hex digits; empty: of none."""


@dataclass(frozen=True, slots=True)
class PostsWaiting:
    """How many postings are not settled, and how many of these wait for a person."""

    all: int
    parked: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A posting that is not settled, with what it tells of whom. `by` is a name."""

    posting: Posting
    patient: Patient | None
    made_at: datetime
    summary: str
    by: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that were not signed yet."""

    visit_id: UUID
    person_id: UUID
    text: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What somebody typed in a form and did not save. `content` is JSON that the form understands."""

    content: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That the shop answers for rules. `by` is a name."""

    at: datetime
    by: str
    remark: str


@dataclass(frozen=True, slots=True)
class RulesOnRecord:
    """Rules that came into use at this shop. `text` is all that they say."""

    fingerprint: str
    jurisdiction: str
    ruleset: str
    text: str
    taken_up_at: datetime
    confirmed: Confirmation | None


@dataclass(frozen=True, slots=True)
class ComparedOnRecord:
    """A comparison of a day, as it is on record."""

    id: UUID
    entry: DayCompared


@dataclass(frozen=True, slots=True)
class PacketOnRecord:
    """The evidence of a closed day that was written into a file. `digest` is what was signed for."""

    day: date
    at: datetime
    file: str
    sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class EventsAsked:
    """Which events are asked for: those from `since` on and before `until`, of one person, patient or kind of act."""

    since: datetime
    until: datetime
    by: UUID | None = None
    patient_id: UUID | None = None
    act: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What one entry of the journal tells of who did what to whom. `changed` are names of fields; no values."""

    seq: int
    at: datetime
    by: UUID
    by_name: str
    """Empty: not on record."""
    by_role: str
    act: str
    patient_id: UUID | None
    patient_name: str
    outcome: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """That somebody answers for having reviewed the entries from `first` to `last`."""

    id: UUID
    first: int
    last: int
    since: datetime
    until: datetime
    anomalies: int
    meaning: str
    by: UUID
    by_name: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class RollBack:
    """The journal is not the one that its anchor knew: the last entry that was known, and the last that was found."""

    known_seq: int
    known_seal: str
    found_seq: int
    found_seal: str
    reason: str
    """What to say: what is so, why, what to do."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What this computer knows of the record outside of the data folder: a sentence to tell, if there is any.

    `wanting`: what became of what was known there, to be put on record.
    """

    words: str = ""
    wanting: AnchorState | None = None
    is_alarming: bool = True


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was given to somebody outside, as it is on record. `by` is a name."""

    id: UUID
    patient_id: UUID
    made_on: date
    recipient: str
    address: str
    what: str
    purpose: str
    corrects: UUID | None
    by: str
    recorded_at: datetime
