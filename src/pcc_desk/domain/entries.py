"""What can happen, as the journal keeps it: past facts that carry all they changed.

An entry is applied without asking any rule again. `name` and `version` are what the journal stores; classes may be
renamed, those may not. Fields are strings, numbers, exact fractions, booleans, UUIDs, dates, UTC instants, enums, other
frozen dataclasses of these, tuples of these, or None. A field that came later has a default: older bodies lack it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pcc_desk.domain.amendments import Amendment
from pcc_desk.domain.audit_entries import AuditEntry
from pcc_desk.domain.backups import BackupEntry
from pcc_desk.domain.closing_entries import ClosingEntry
from pcc_desk.domain.dispensing import Dispensation, PostingState, Trouble
from pcc_desk.domain.holds import Draw, Hold
from pcc_desk.domain.outages import AnnouncedException, Outage, OutageNote, OutageReview
from pcc_desk.domain.papers import PaperAmount
from pcc_desk.domain.people import Card, Patient, Person
from pcc_desk.domain.people_entries import PeopleEntry
from pcc_desk.domain.pos_entries import PosEntry
from pcc_desk.domain.products import Package
from pcc_desk.domain.proof import Proof
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.staff_entries import StaffEntry
from pcc_desk.domain.visit_entries import VisitEntry
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
    proof: Proof | None = field(default=None, compare=False)
    """That they typed their secret for it, where it is risky. It is looked at before the act, and kept nowhere."""


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
class ActDenied:
    """Somebody tried what their role may not do. `right` names what it was; nothing else of it has happened."""

    name: ClassVar = "act.denied"
    version: ClassVar = 1
    right: str
    patient_id: UUID | None = None
    """Of whom it would have been; None: of nobody, or it is not known."""


@dataclass(frozen=True, slots=True)
class ProofFailed:
    """Before a risky act somebody did not prove, by their secret, that they are who unlocked the desk."""

    name: ClassVar = "proof.failed"
    version: ClassVar = 1
    right: str


@dataclass(frozen=True, slots=True)
class KeysKept:
    """Keys for a system were entered or replaced: which, never what they are. `system` is the adapter's name."""

    name: ClassVar = "keys.kept"
    version: ClassVar = 1
    system: str
    names: tuple[str, ...]


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
    """A visit came into another state. When it is over, what is left of its hold is given back with it."""

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
class SheetPrinted:
    """Something of a patient was sent to the printer. `what` names the kind of paper."""

    name: ClassVar = "sheet.printed"
    version: ClassVar = 1
    patient_id: UUID
    what: str


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
class FormKept:
    """What was typed in a form and not saved was kept for the person who typed it. Empty: it is no longer needed.

    `about` is what the form is about: a patient, a dispensation. `content` is JSON that only that form understands.
    """

    name: ClassVar = "form.kept"
    version: ClassVar = 1
    form: str
    about: UUID
    patient_id: UUID | None
    person_id: UUID
    content: str


DISPENSE_FORM = "dispense"
"""The form whose draft goes with what it is about: once the sale is on record, nothing may offer it again."""


@dataclass(frozen=True, slots=True)
class DispensationRecorded:
    """Something was handed over. `verification_id` is the proof it rests on. Its posting begins as waiting."""

    name: ClassVar = "dispensation.recorded"
    version: ClassVar = 1
    dispensation: Dispensation
    day: date
    """The business day it counts on."""
    verification_id: UUID
    rules: str = ""
    """The fingerprint of the rules it was judged by. Empty: not told."""
    rules_known: str = ""
    """The fingerprint of the rules of the day, which whoever did it knows from now on. Another one than `rules` where
    an old order stays under older rules. Empty: not told."""
    hold_id: UUID | None = None
    """The hold that it drew on."""
    draws: tuple[Draw, ...] = ()
    outage_id: UUID | None = None
    """The outage that it was made under."""
    exception_id: UUID | None = None
    """The announced exception that it rests on."""
    caregiver_untold: str = ""
    """Why nobody could tell of the caregiver's card, where a person went on by the card itself; empty: it was told."""


@dataclass(frozen=True, slots=True)
class PostingMoved:
    """A posting came into another state, by itself or by a person. The fields are its whole new condition."""

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
    amendment_id: UUID | None = None
    trouble: Trouble = Trouble.NONE
    entered_by: UUID | None = None
    """Who typed the receipt, where a person did."""


@dataclass(frozen=True, slots=True)
class DispensationCorrected:
    """It was put right what was handed over. The amendment's posting begins as waiting."""

    name: ClassVar = "dispensation.corrected"
    version: ClassVar = 1
    amendment: Amendment


@dataclass(frozen=True, slots=True)
class DispensationVoided:
    """A dispensation was struck. The amendment's posting begins as waiting."""

    name: ClassVar = "dispensation.voided"
    version: ClassVar = 1
    amendment: Amendment


@dataclass(frozen=True, slots=True)
class StockRead:
    """The packages in stock were read. What is not among them is no longer in stock."""

    name: ClassVar = "stock.read"
    version: ClassVar = 1
    packages: tuple[Package, ...]
    system: str


@dataclass(frozen=True, slots=True)
class PackageTyped:
    """A person typed a package in stock, in the place of one of the same tag. The others stay as they are."""

    name: ClassVar = "stock.typed"
    version: ClassVar = 1
    package: Package


@dataclass(frozen=True, slots=True)
class DayCompared:
    """A day's sales were compared with the state's record."""

    name: ClassVar = "day.compared"
    version: ClassVar = 1
    comparison: DayComparison
    sides: str = ""
    """The fingerprint of everything that was compared (`domain.prints`). Empty: not told, or not read whole."""
    prints: str = ""
    """What was compared, in short. Empty too where an earlier comparison of the day holds it under that fingerprint."""


@dataclass(frozen=True, slots=True)
class EntitlementNoted:
    """What is particular to a patient was noted. The fields are its whole new condition, amounts left as they are."""

    name: ClassVar = "entitlement.noted"
    version: ClassVar = 1
    patient_id: UUID
    groups: tuple[str, ...]
    anchor: date | None
    order_began: date | None


@dataclass(frozen=True, slots=True)
class AmountSet:
    """An amount was set on paper for a patient, in place of one of the same limit, kind and first day."""

    name: ClassVar = "amount.set"
    version: ClassVar = 1
    patient_id: UUID
    amount: PaperAmount


@dataclass(frozen=True, slots=True)
class RulesTakenUp:
    """Rules came into use at this shop; `text` is all that they say."""

    name: ClassVar = "rules.taken_up"
    version: ClassVar = 1
    jurisdiction: str
    ruleset: str
    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True)
class RulesAcknowledged:
    """A person has read what is different in the rules."""

    name: ClassVar = "rules.acknowledged"
    version: ClassVar = 1
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RulesConfirmed:
    """The shop answers for rules of low confidence: a person compared them with the law."""

    name: ClassVar = "rules.confirmed"
    version: ClassVar = 1
    fingerprint: str
    remark: str


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """What a patient may still buy was set aside for a visit, or set aside anew: `hold` is its whole new condition."""

    name: ClassVar = "hold.placed"
    version: ClassVar = 1
    hold: Hold


@dataclass(frozen=True, slots=True)
class HoldClosed:
    """What was left of a hold was given back."""

    name: ClassVar = "hold.closed"
    version: ClassVar = 1
    hold_id: UUID
    patient_id: UUID
    visit_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class OutageBegan:
    """A call to a state system failed, and so did the next. The outage has not ended yet."""

    name: ClassVar = "outage.began"
    version: ClassVar = 1
    outage: Outage


@dataclass(frozen=True, slots=True)
class OutageNoted:
    """Something that the state wants kept of an outage was written down."""

    name: ClassVar = "outage.noted"
    version: ClassVar = 1
    note: OutageNote


@dataclass(frozen=True, slots=True)
class OutageEnded:
    """A state system answered again; `ended_at` is the instant of the first good answer."""

    name: ClassVar = "outage.ended"
    version: ClassVar = 1
    outage_id: UUID
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class OutageReviewed:
    """Every sale of an outage was judged again."""

    name: ClassVar = "outage.reviewed"
    version: ClassVar = 1
    review: OutageReview


@dataclass(frozen=True, slots=True)
class OutageSheetGiven:
    """The sales of an outage left the desk as a sheet. `where` says how: printed, written out."""

    name: ClassVar = "outage.sheet_given"
    version: ClassVar = 1
    outage_id: UUID
    where: str


@dataclass(frozen=True, slots=True)
class ExceptionAnnounced:
    """A manager entered that the agency lets sales go on for a time."""

    name: ClassVar = "exception.announced"
    version: ClassVar = 1
    exception: AnnouncedException


@dataclass(frozen=True, slots=True)
class ExceptionWithdrawn:
    """An exception is no longer to be gone by: the agency took it back, or it was entered wrongly."""

    name: ClassVar = "exception.withdrawn"
    version: ClassVar = 1
    exception_id: UUID
    why: str


Entry = (
    AuditEntry
    | ShopOpened
    | StaffAdded
    | StaffEntry
    | ActDenied
    | ProofFailed
    | KeysKept
    | BackupEntry
    | ClosingEntry
    | PosEntry
    | PatientRegistered
    | PeopleEntry
    | VisitBooked
    | PatientCheckedIn
    | VisitMoved
    | ChartOpened
    | SheetPrinted
    | StandingAsked
    | NoteSigned
    | DraftKept
    | FormKept
    | DispensationRecorded
    | PostingMoved
    | DispensationCorrected
    | DispensationVoided
    | StockRead
    | PackageTyped
    | DayCompared
    | EntitlementNoted
    | AmountSet
    | RulesTakenUp
    | RulesAcknowledged
    | RulesConfirmed
    | HoldPlaced
    | HoldClosed
    | OutageBegan
    | OutageNoted
    | OutageEnded
    | OutageReviewed
    | OutageSheetGiven
    | ExceptionAnnounced
    | ExceptionWithdrawn
    | VisitEntry
)
