"""What the desk needs of the world, as protocols. `store` and `adapters` implement them; tests have fakes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from pcc_desk.desk.ports_closing import ClosingLedger
from pcc_desk.desk.ports_people import PeopleLedger
from pcc_desk.desk.ports_pos import PosLedger
from pcc_desk.desk.ports_search import Finding
from pcc_desk.desk.ports_visits import VisitLedger
from pcc_desk.desk.records import (
    Disclosure,
    Draft,
    Elsewhere,
    Event,
    EventsAsked,
    FormDraft,
    FoundPatient,
    Happening,
    OutboxRow,
    PostsWaiting,
    Purchase,
    Review,
    RollBack,
    RulesOnRecord,
)
from pcc_desk.domain.amendments import Amendment
from pcc_desk.domain.backups import BackupOnRecord, CopyMade, CopyNotMade, CopyOnDisk, NotProved, Proved
from pcc_desk.domain.dispensing import Dispensation, Posting
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.holds import Hold
from pcc_desk.domain.outages import AnnouncedException, Outage, OutageNote, OutageReview
from pcc_desk.domain.papers import Papers
from pcc_desk.domain.people import Card, Patient, Person
from pcc_desk.domain.products import Package
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.totals import Sums
from pcc_desk.domain.visits import QueueRow, Visit

P = ParamSpec("P")
T = TypeVar("T")


class Clock(Protocol):
    """The only source of the time."""

    def now(self) -> datetime:
        """Return the present instant in UTC, aware."""
        ...


class Boottime(Protocol):
    """How long the computer has run: what no setting of its clock moves."""

    def passed(self) -> float:
        """Return the seconds since it was started, those that it slept included."""
        ...

    def awake(self) -> float:
        """Return the same without those that it slept; only differences have a meaning."""
        ...


class RulesOn(Protocol):
    """Where the rules come from."""

    def __call__(self, day: date, order_began: date | None = None, /) -> Rules:
        """Return the rules in force on a business day; those for a practitioner's order may be older ones."""
        ...


class Ledger(ClosingLedger, PeopleLedger, PosLedger, VisitLedger, Finding, Protocol):
    """An open transaction on the record. Use cases read it, decide, and record at most once; they never commit."""

    def record(self, entry: Entry, act: Act) -> None:
        """Append an entry to the journal and apply it to the tables.

        Raises `AlreadyRecorded` when an act of that id is in the journal.
        """
        ...

    def is_recorded(self, act_id: UUID) -> bool:
        """Return whether an act of that id is in the journal."""
        ...

    def was_set_back(self, act_id: UUID, before: datetime) -> bool:
        """Return whether what was recorded after an act is dated before an instant: the clock was set back since."""
        ...

    def shop(self) -> Shop | None:
        """Return the shop, or None before it is set up."""
        ...

    def person(self, person_id: UUID) -> Person | None:
        """Return a member of staff."""
        ...

    def everybody(self) -> tuple[Person, ...]:
        """Return everybody who is or was on the staff: those who are first, by name."""
        ...

    def patient(self, patient_id: UUID) -> Patient | None:
        """Return a patient."""
        ...

    def cards(self, patient_id: UUID) -> tuple[Card, ...]:
        """Return the cards of a patient, their own first and of these the longest valid first."""
        ...

    def cards_numbered(self, key: str) -> tuple[Card, ...]:
        """Return the cards with this key (see `people.card_key`): several when a caregiver serves several patients."""
        ...

    def find_patients(self, typed: str, limit: int) -> tuple[FoundPatient, ...]:
        """Return patients whose card, number, birth date or names begin with what was typed, at most `limit`.

        Name parts in any order, accents and case folded; a birth date as 1958-03-11, 3/11/1958 or 03111958, or the
        beginning of the first, alone or behind names. Cards come by number, then birth dates, then telephone numbers.
        Of names, first those whose family name begins so, by family and given name; then those whose given name does,
        by given and family name; then former names. Where these are few, those who have what was typed inside their
        name or number; and where there is none, those whose name differs by slips of the hand. A tag: see `queue`.
        """
        ...

    def queue(self, day: date) -> tuple[QueueRow, ...]:
        """Return the visits of a day, and earlier ones that are neither over nor expected, by `visits.place`."""
        ...

    def visit(self, visit_id: UUID) -> Visit | None:
        """Return a visit."""
        ...

    def open_visit(self, patient_id: UUID, day: date) -> Visit | None:
        """Return the patient's visit of that day that is not over, expected ones included."""
        ...

    def verifications(self, patient_id: UUID, since: datetime) -> tuple[Verification, ...]:
        """Return the verifications of a patient asked at an instant or after it, the newest first."""
        ...

    def last_verification(self, patient_id: UUID) -> Verification | None:
        """Return the newest verification of a patient, whatever was answered."""
        ...

    def last_page(self) -> str:
        """Return on which page somebody last read a standing by hand; empty when nobody did lately."""
        ...

    def verification(self, patient_id: UUID, verification_id: UUID) -> Verification | None:
        """Return a verification."""
        ...

    def purchases(self, patient_id: UUID, since: date) -> tuple[Purchase, ...]:
        """Return what this shop dispensed to a patient on and after a day, oldest first.

        What was struck, or corrected away, is told as void lines; what a correction added, as sales of their own.
        """
        ...

    def has_bought(self, patient_id: UUID) -> bool:
        """Return whether anything was ever handed out here to a patient."""
        ...

    def totals(self, patient_id: UUID, sums: Sums) -> tuple[int, ...] | None:
        """Return what each sum over what this shop dispensed to a patient comes to.

        None: there is a line that the sums do not tell, such as one that was corrected or struck, and the history
        must be read.
        """
        ...

    def patients_after(self, last: UUID | None, limit: int) -> tuple[Patient, ...]:
        """Return the patients whose ids come after `last` (None: from the first on), by id, at most `limit`."""
        ...

    def count_patients(self) -> int:
        """Return how many patients are on record."""
        ...

    def timeline(self, patient_id: UUID, limit: int) -> tuple[Happening, ...]:
        """Return what happened to a patient, newest first: visits, notes, dispensations with their receipts.

        Corrections and voids are lines of their own.
        """
        ...

    def form_draft(self, person_id: UUID, form: str, about: UUID) -> FormDraft | None:
        """Return what a person typed in a form about something and did not save."""
        ...

    def draft(self, visit_id: UUID, person_id: UUID) -> Draft | None:
        """Return the words that a person left unsigned for a visit."""
        ...

    def packages(self) -> tuple[Package, ...]:
        """Return the stock by product and tag, less what was dispensed here and is not yet in the state's record."""
        ...

    def package(self, label: str) -> Package | None:
        """Return one package in stock."""
        ...

    def dispensation(self, dispensation_id: UUID) -> Dispensation | None:
        """Return what was handed over, as it was recorded first."""
        ...

    def amendments(self, dispensation_id: UUID) -> tuple[Amendment, ...]:
        """Return what was put right of a dispensation, oldest first."""
        ...

    def posting(self, of: UUID) -> Posting | None:
        """Return how far a dispensation, or an amendment, is on its way."""
        ...

    def postings_under(self, receipt: str) -> tuple[Posting, ...]:
        """Return the dispensations that are in the state's record under a number."""
        ...

    def due_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        """Return the postings to work on at `at`, oldest first: not parked, and `next_try_at` reached.

        Of each patient the oldest that is not settled: nothing overtakes it.
        """
        ...

    def unposted(self) -> tuple[Posting, ...]:
        """Return every posting that is not settled, oldest first, parked ones included."""
        ...

    def count_unposted(self) -> PostsWaiting:
        """Return how many these are."""
        ...

    def outbox(self) -> tuple[OutboxRow, ...]:
        """Return the same with what each tells of whom."""
        ...

    def accepted_since(self, at: datetime) -> tuple[Posting, ...]:
        """Return the dispensations that reached the state's record at `at` or later, oldest first."""
        ...

    def given_up(self, since: datetime, until: datetime) -> tuple[Posting, ...]:
        """Return what was dispensed from `since` on and before `until` and is not sent any more, oldest first."""
        ...

    def entitlement(self, patient_id: UUID) -> Papers:
        """Return what is on record of a patient beside what was bought; of one of whom nothing is, empty papers."""
        ...

    def holds(self, patient_id: UUID, since: date) -> tuple[Hold, ...]:
        """Return what was set aside for a patient on and after a day, by day and visit, closed holds included."""
        ...

    def rules_on_record(self, fingerprint: str) -> RulesOnRecord | None:
        """Return rules that came into use at this shop, with their confirmation."""
        ...

    def is_confirmed(self, fingerprint: str) -> bool:
        """Return whether the shop answers for these rules."""
        ...

    def known_rules(self, person_id: UUID) -> str:
        """Return the fingerprint of the rules that a person knew last, by reading of them or by dispensing under them.

        Empty when they never knew any.
        """
        ...

    def outages(self, limit: int) -> tuple[Outage, ...]:
        """Return the outages that began last, newest first, at most `limit`."""
        ...

    def outage(self, outage_id: UUID) -> Outage | None:
        """Return an outage."""
        ...

    def open_outage(self, system: str) -> Outage | None:
        """Return the outage of a system that lasts; the newest of several."""
        ...

    def outage_notes(self, outage_id: UUID) -> tuple[OutageNote, ...]:
        """Return what was noted of an outage, oldest first."""
        ...

    def outage_sales(self, outage_id: UUID) -> tuple[UUID, ...]:
        """Return what was dispensed under an outage, by time."""
        ...

    def outage_review(self, outage_id: UUID) -> OutageReview | None:
        """Return how the sales of an outage were last judged again."""
        ...

    def backups(self) -> tuple[BackupOnRecord, ...]:
        """Return the copies of the record that are on record and not deleted, newest first."""
        ...

    def exceptions(self, at: datetime) -> tuple[AnnouncedException, ...]:
        """Return the exceptions that end after an instant, withdrawn ones included, by when they were entered."""
        ...

    def events(self, asked: EventsAsked, limit: int, offset: int) -> tuple[Event, ...]:
        """Return the events that were asked for, newest first; of the same instant the later entry first."""
        ...

    def count_events(self, asked: EventsAsked) -> int:
        """Return how many events these are."""
        ...

    def events_after(self, seq: int, last: int, limit: int) -> tuple[Event, ...]:
        """Return the events of the entries after `seq` up to `last`, in the order of the journal, at most `limit`."""
        ...

    def last_seq(self) -> int:
        """Return the number of the journal's last entry; zero when there is none."""
        ...

    def kinds_of_acts(self) -> tuple[str, ...]:
        """Return the kinds of acts that ever happened, by name."""
        ...

    def last_sign_in(self, person_id: UUID) -> datetime | None:
        """Return when a person last signed in."""
        ...

    def glass_broken(self, first: int, last: int) -> tuple[str, ...]:
        """Return who said they were who opened the store in an emergency, among the entries from `first` to `last`."""
        ...

    def had_visit(self, patient_id: UUID, day: date) -> bool:
        """Return whether a patient had a visit on a day, expected ones included."""
        ...

    def signed_reviews(self, limit: int) -> tuple[Review, ...]:
        """Return the reviews of what happened that were signed, the last first."""
        ...

    def disclosures(self, patient_id: UUID, since: date) -> tuple[Disclosure, ...]:
        """Return what was disclosed of a patient on and after a day, oldest first, corrected ones included."""
        ...


class Store(Protocol):
    """Runs use cases on the one connection, each in a transaction of its own."""

    @property
    def read_only(self) -> str:
        """Why nothing may be written, as a sentence that says what to do; empty when everything may."""
        ...

    async def read(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads. May be cancelled."""
        ...

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one durable transaction; returning means that what it recorded is durable.

        Raises `NotSaved` when it is not: never for something that is on record.
        Cancelling the caller does not stop it.
        """
        ...


class Keeper(Protocol):
    """What knows how far the journal came, outside of it."""

    @property
    def roll_back(self) -> RollBack | None:
        """What was found when the store was opened, until somebody explains it."""
        ...

    async def explain(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case that says why; when it recorded something, the store is written again."""
        ...

    async def look_elsewhere(self) -> Elsewhere:
        """Compare the journal with what this computer knows of it outside of the data folder; it may take seconds."""
        ...

    def keep_anchor(self) -> None:
        """Keep how far the journal has come now: the day is closed."""
        ...

    def paper_head(self) -> str:
        """Return the number and the seal of the last entry as 20 characters for paper."""
        ...


class Copies(Protocol):
    """Copies of the record, made while the desk is at work. None of its calls holds up the store."""

    async def make(self, at: datetime) -> CopyMade | CopyNotMade:
        """Make a copy of the record as it stands now, in the shop's own folder and in the second one."""
        ...

    async def prove(self, name: str) -> Proved | NotProved:
        """Restore a copy into a scratch file and check everything that can be checked of it."""
        ...

    async def renew(self) -> None:
        """Let those who open the record now, and nobody who left, open its copies."""
        ...

    async def listed(self) -> tuple[CopyOnDisk, ...]:
        """Return the copies that are there whole, newest first."""
        ...

    async def remove(self, copies: tuple[CopyOnDisk, ...]) -> tuple[str, ...]:
        """Delete copies; return the names of those that are gone."""
        ...
