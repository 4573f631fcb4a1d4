"""Fakes of the desk's own parts: a clock that stands still, a ledger in memory, a store that runs use cases on it."""

import copy
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar, get_args
from uuid import UUID

from pcc_desk.desk.errors import AlreadyRecorded, DeskError
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import (
    Confirmation,
    Disclosure,
    Draft,
    Event,
    EventsAsked,
    FormDraft,
    FoundPatient,
    Happening,
    HappeningKind,
    OutboxRow,
    PostsWaiting,
    Review,
    RulesOnRecord,
)
from pcc_desk.domain import audit_entries as audited
from pcc_desk.domain import entries as happened
from pcc_desk.domain.allotment import Purchase
from pcc_desk.domain.amendments import Amended, Amendment, added, counted_lines, whose_turn
from pcc_desk.domain.backups import (
    BackupEntry,
    BackupFailed,
    BackupMade,
    BackupNotProved,
    BackupOnRecord,
    BackupProved,
    BackupsRemoved,
    Second,
)
from pcc_desk.domain.closing_entries import ClosingEntry
from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState, PostKind
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.holds import Hold
from pcc_desk.domain.identity import FormerName, Merge, Parting
from pcc_desk.domain.outages import AnnouncedException, Outage, OutageNote, OutageReview
from pcc_desk.domain.papers import NO_PAPERS, PaperAmount, Papers
from pcc_desk.domain.people import Card, Holder, Patient, Person, Role, card_key, name_key
from pcc_desk.domain.people_entries import AlarmAcknowledged, PeopleEntry
from pcc_desk.domain.pos_entries import ColumnsSaid
from pcc_desk.domain.products import Package
from pcc_desk.domain.proof import Proof
from pcc_desk.domain.quantity import Quantity
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.staff_entries import (
    GlassBroken,
    KeyChanged,
    RoleGiven,
    SecretGiven,
    SecretTaken,
    SlotsSealed,
    StaffLeft,
    TriesAllowed,
    VaultWanting,
)
from pcc_desk.domain.told import told_of
from pcc_desk.domain.totals import Sum, Sums
from pcc_desk.domain.visit_entries import AppointmentMoved, BriefPrinted, MorningChecked, MorningsExplained
from pcc_desk.domain.visits import QueueRow, Visit, VisitState, place
from tests.fakes_closing import FakeClosings
from tests.fakes_pos import FakePosRecords
from tests.fakes_search import FEW, FakeFinding, begins_parts, begins_so, whole_date
from tests.fakes_visits import FakeVisits

P = ParamSpec("P")
T = TypeVar("T")

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
"""Noon in Detroit."""

SHOP = Shop("Lakeshore Wellness", "PC-000417", "MI", "America/Detroit", "counter-1")

ANA = Person(UUID(int=0xA), "Ana Reyes", Role.COORDINATOR)

_numbers = itertools.count(1)


def new_id() -> UUID:
    """Return an id that no test used before."""
    return UUID(int=(7 << 76) + (2 << 62) + next(_numbers))


class FixedClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self.at

    def advance(self, passed: timedelta) -> None:
        """Move it."""
        self.at += passed


class FixedBoottime:
    """A computer that has run for a while, and runs on only when it is told to."""

    def __init__(self) -> None:
        self._passed = 5000.0
        self._slept = 0.0

    def passed(self) -> float:
        """Return the seconds since it was started."""
        return self._passed

    def awake(self) -> float:
        """Return the same without those that it slept."""
        return self._passed - self._slept

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self._passed += seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass while it sleeps."""
        self._slept += seconds
        self._passed += seconds


class AnyProof(Proof):
    """A proof for tests that are about something else."""

    def carries(self, act_id: UUID, by: UUID, at: datetime, right: str) -> bool:
        """Carry anything."""
        return True


TYPED = AnyProof(ANA.id, "", NOON, ANA.id)


def act(at: datetime = NOON, by: UUID = ANA.id, act_id: UUID | None = None) -> Act:
    """Return an act of Ana's, for which she typed her secret, whatever it is."""
    return Act(act_id or new_id(), at, by, SHOP.counter, TYPED)


def a_patient(
    family: str = "Okafor", given: str = "Chidi", born: date = date(1958, 3, 11), remarks: str = ""
) -> Patient:
    """Return an invented patient whose certification runs for a while."""
    return Patient(new_id(), family, given, born, "313-555-0100", date(2027, 6, 1), "Dr. I. Mensah", remarks)


def a_card(patient: Patient, number: str = "", expires_on: date = date(2027, 2, 28), renewed_as: str = "") -> Card:
    """Return a patient's own card."""
    number = number or f"MI-P-{next(_numbers):04d}-0001"
    return Card(number, patient.id, Holder.PATIENT, "", expires_on, renewed_as)


def a_caregivers_card(patient: Patient, number: str = "MI-C-0012-0931", name: str = "Tomás Reyes") -> Card:
    """Return a caregiver's card through which a patient is served."""
    return Card(number, patient.id, Holder.CAREGIVER, name, date(2027, 2, 28))


@dataclass
class Dispensed:
    """A dispensation with its posting."""

    dispensation: Dispensation
    day: date
    posting: Posting
    posted_at: datetime | None = None


@dataclass
class Amending:
    """An amendment with its posting."""

    amendment: Amendment
    posting: Posting
    posted_at: datetime | None = None


@dataclass
class FakeLedger(FakeClosings, FakePosRecords, FakeVisits, FakeFinding):
    """Implements `desk.ports.Ledger` with dictionaries."""

    acts: dict[UUID, tuple[Entry, Act]] = field(default_factory=dict)
    the_shop: Shop | None = None
    staff: dict[UUID, Person] = field(default_factory=dict)
    patients: dict[UUID, Patient] = field(default_factory=dict)
    all_cards: list[Card] = field(default_factory=list)
    merged: dict[UUID, Merge] = field(default_factory=dict)
    noted_of: dict[UUID, list[UUID]] = field(default_factory=dict)
    parted: list[Parting] = field(default_factory=list)
    """By the record that is not kept."""
    former: list[tuple[UUID, FormerName, UUID]] = field(default_factory=list)
    """Each with whose it was, and the act that changed it."""
    visits: dict[UUID, Visit] = field(default_factory=dict)
    verifications_kept: list[Verification] = field(default_factory=list)
    notes: list[tuple[happened.NoteSigned, Act]] = field(default_factory=list)
    drafts: dict[tuple[UUID, UUID], Draft] = field(default_factory=dict)
    forms: dict[tuple[UUID, str, UUID], FormDraft] = field(default_factory=dict)
    dispensed: dict[UUID, Dispensed] = field(default_factory=dict)
    amended: dict[UUID, Amending] = field(default_factory=dict)
    stock: dict[str, tuple[Package, datetime]] = field(default_factory=dict)
    comparisons: list[tuple[DayComparison, UUID]] = field(default_factory=list)
    papers: dict[UUID, Papers] = field(default_factory=dict)
    rules: dict[str, RulesOnRecord] = field(default_factory=dict)
    confirmed: dict[str, tuple[happened.RulesConfirmed, Act]] = field(default_factory=dict)
    known_by: dict[UUID, str] = field(default_factory=dict)
    held: dict[UUID, Hold] = field(default_factory=dict)
    """By visit."""
    all_outages: dict[UUID, Outage] = field(default_factory=dict)
    noted: list[OutageNote] = field(default_factory=list)
    sold_in: list[tuple[UUID, Dispensation]] = field(default_factory=list)
    """Each with its outage."""
    reviews: list[tuple[OutageReview, UUID]] = field(default_factory=list)
    announced: dict[UUID, AnnouncedException] = field(default_factory=dict)
    signed: list[tuple[audited.ReviewSigned, Act]] = field(default_factory=list)
    disclosed: list[tuple[audited.Disclosed, Act]] = field(default_factory=list)
    copies: dict[str, BackupOnRecord] = field(default_factory=dict)

    # Recording

    def record(self, entry: Entry, act: Act) -> None:  # noqa: C901, PLR0912, PLR0915 - one way for each kind of entry
        """Keep an entry and apply it."""
        if act.id in self.acts:
            raise AlreadyRecorded(f"The act {act.id} is on record already.")
        self.acts[act.id] = entry, act
        match entry:
            case happened.ShopOpened(shop=shop):
                self.the_shop = shop
            case BackupMade() | BackupFailed() | BackupProved() | BackupNotProved() | BackupsRemoved():
                self._backup(entry, act)
            case happened.StaffAdded(person=person):
                self.staff[person.id] = person
            case StaffLeft(person_id=person_id) if person_id in self.staff:
                self.staff[person_id] = replace(self.staff[person_id], has_left=True)
            case RoleGiven(person_id=person_id, role=role) if person_id in self.staff:
                self.staff[person_id] = replace(self.staff[person_id], role=role)
            case (
                StaffLeft()
                | RoleGiven()
                | SecretGiven()
                | SecretTaken()
                | TriesAllowed()
                | KeyChanged()
                | GlassBroken()
                | VaultWanting()
                | SlotsSealed()
            ):
                pass
            case happened.PatientRegistered(patient=patient, cards=cards):
                self.patients[patient.id] = patient
                self.all_cards.extend(cards)
            case _ if isinstance(entry, get_args(PeopleEntry)):
                self.record_people(entry, act)
            case happened.VisitBooked(visit=visit) | happened.PatientCheckedIn(visit=visit):
                self.visits[visit.id] = visit
            case happened.VisitMoved():
                self._visit_moved(entry, act)
                if entry.state.is_over:
                    self._give_back(entry.visit_id)
            case AppointmentMoved():
                self._appointment_moved(entry)
            case MorningChecked() | MorningsExplained() | BriefPrinted():
                pass
            case happened.ChartOpened() | happened.SheetPrinted() | happened.KeysKept():
                pass
            case happened.ActDenied() | happened.ProofFailed():
                pass
            case _ if isinstance(entry, get_args(ClosingEntry)):
                pass
            case ColumnsSaid():
                pass
            case _ if isinstance(entry, get_args(audited.AuditEntry)):
                self._record_audit(entry, act)
            case happened.StandingAsked(verification=verification):
                self.verifications_kept.append(verification)
            case happened.NoteSigned():
                self.noted_of[act.id] = self.of_one(entry.patient_id)
                self.notes.append((entry, act))
                self.drafts.pop((entry.visit_id, act.by), None)
            case happened.DraftKept():
                self.drafts.pop((entry.visit_id, entry.person_id), None)
                if entry.text:
                    kept = Draft(entry.visit_id, entry.person_id, entry.text, act.at)
                    self.drafts[entry.visit_id, entry.person_id] = kept
            case happened.FormKept():
                self.forms.pop((entry.person_id, entry.form, entry.about), None)
                if entry.content:
                    self.forms[entry.person_id, entry.form, entry.about] = FormDraft(entry.content, act.at)
            case happened.DispensationRecorded():
                self.forms.pop((act.by, happened.DISPENSE_FORM, entry.dispensation.patient_id), None)
                self._dispensed(entry, act)
            case happened.PostingMoved():
                self._posting(entry, act)
            case happened.DispensationCorrected(amendment=amendment) | happened.DispensationVoided(amendment=amendment):
                self._amend(amendment)
            case happened.StockRead(packages=packages):
                self.stock = {each.label: (each, act.at) for each in packages}
            case happened.PackageTyped(package=package):
                self.stock[package.label] = package, act.at
            case happened.DayCompared(comparison=comparison):
                self.comparisons.append((comparison, act.id))
            case _:
                self._record_allotment(entry, act)

    def _record_audit(self, entry: Entry, act: Act) -> None:
        match entry:
            case audited.ReviewSigned() if not any(each.last == entry.last for each, _ in self.signed):
                self.signed.append((entry, act))
            case audited.Disclosed():
                self.disclosed.append((entry, act))

    def _record_allotment(self, entry: Entry, act: Act) -> None:
        match entry:
            case happened.EntitlementNoted():
                before = self.papers.get(entry.patient_id, NO_PAPERS)
                self.papers[entry.patient_id] = replace(
                    before,
                    groups=tuple(sorted(set(entry.groups))),
                    anchor=entry.anchor,
                    order_began=entry.order_began,
                )
            case happened.AmountSet(amount=amount):
                before = self.papers.get(entry.patient_id, NO_PAPERS)
                others = [each for each in before.amounts if _place_of(each) != _place_of(amount)]
                amounts = tuple(sorted([*others, amount], key=_place_of))
                self.papers[entry.patient_id] = replace(before, amounts=amounts)
            case happened.RulesTakenUp(jurisdiction=code, ruleset=ruleset, fingerprint=fingerprint, text=text):
                self.rules[fingerprint] = RulesOnRecord(fingerprint, code, ruleset, text, act.at, None)
            case happened.RulesAcknowledged(fingerprint=fingerprint):
                self.known_by[act.by] = fingerprint
            case happened.RulesConfirmed(fingerprint=fingerprint):
                self.confirmed[fingerprint] = entry, act
            case happened.HoldPlaced(hold=hold):
                self.held[hold.visit_id] = hold
            case happened.HoldClosed(visit_id=visit_id):
                self._give_back(visit_id)
            case _:
                self._record_outage(entry, act)

    def _record_outage(self, entry: Entry, act: Act) -> None:
        match entry:
            case happened.OutageBegan(outage=outage):
                self.all_outages[outage.id] = outage
            case happened.OutageEnded(outage_id=outage_id, ended_at=ended_at):
                self.all_outages[outage_id] = replace(self.all_outages[outage_id], ended_at=ended_at)
            case happened.OutageNoted(note=note):
                self.noted.append(note)
            case happened.OutageReviewed(review=review):
                self.reviews.append((review, act.id))
            case happened.OutageSheetGiven():
                pass
            case happened.ExceptionAnnounced(exception=exception):
                self.announced[exception.id] = exception
            case happened.ExceptionWithdrawn(exception_id=exception_id):
                self.announced[exception_id] = replace(self.announced[exception_id], withdrawn_at=act.at)
            case _:
                raise TypeError(f"nothing is known of {type(entry).__name__}")

    def _give_back(self, visit_id: UUID) -> None:
        if visit_id in self.held:
            self.held[visit_id] = replace(self.held[visit_id], is_open=False)

    def _dispensed(self, entry: happened.DispensationRecorded, act: Act) -> None:
        given = entry.dispensation
        if any(each.dispensation.external_number == given.external_number for each in self.dispensed.values()):
            raise ValueError("a number of our own is used once")
        posting = Posting(
            given.id, given.patient_id, given.external_number, PostingState.WAITING, 0, 0, given.at, "", ""
        )
        self.dispensed[given.id] = Dispensed(given, entry.day, posting)
        drawn = {each.limit_id: each.amount for each in entry.draws}
        for visit_id, hold in self.held.items():
            if hold.id == entry.hold_id:
                amounts = (replace(each, used=each.used + drawn.get(each.limit_id, 0)) for each in hold.amounts)
                self.held[visit_id] = replace(hold, amounts=tuple(amounts))
        if entry.rules_known:
            self.known_by[act.by] = entry.rules_known
        if entry.outage_id is not None:
            self.sold_in.append((entry.outage_id, given))

    def _posting(self, entry: happened.PostingMoved, act: Act) -> None:
        kept: Dispensed | Amending = self.dispensed[entry.dispensation_id]
        if entry.amendment_id is not None:
            kept = self.amended[entry.amendment_id]
        kept.posting = replace(
            kept.posting,
            state=entry.state,
            attempts=entry.attempts,
            lookups_missed=entry.lookups_missed,
            next_try_at=entry.next_try_at,
            receipt=entry.receipt,
            why=entry.why,
            trouble=entry.trouble,
            entered_by=entry.entered_by,
        )
        kept.posted_at = act.at if entry.state is PostingState.ACCEPTED else None

    def _amend(self, amendment: Amendment) -> None:
        posting = Posting(
            amendment.dispensation_id,
            amendment.patient_id,
            self.dispensed[amendment.dispensation_id].dispensation.external_number,
            PostingState.WAITING,
            0,
            0,
            amendment.at,
            "",
            "",
            kind=amendment.kind,
            amendment_id=amendment.id,
        )
        self.amended[amendment.id] = Amending(amendment, posting)

    # Who did what to whom

    def _events(self) -> list[Event]:
        return [self._event(seq, *each) for seq, each in enumerate(self.acts.values(), 1)]

    def _event(self, seq: int, entry: Entry, act: Act) -> Event:
        told, person = told_of(entry), self.staff.get(act.by)
        patient = self.patients.get(told.patient_id) if told.patient_id else None
        return Event(
            seq,
            act.at,
            act.by,
            person.name if person else "",
            person.role.value if person else "",
            told.act,
            told.patient_id,
            patient.name if patient else "",
            told.outcome,
            told.changed,
        )

    def _asked(self, asked: EventsAsked) -> list[Event]:
        found = [
            each
            for each in self._events()
            if asked.since <= each.at < asked.until
            and asked.by in {None, each.by}
            and (asked.patient_id is None or each.patient_id in self.of_one(asked.patient_id))
            and asked.act in {"", each.act}
        ]
        return sorted(found, key=lambda each: (each.at, each.seq), reverse=True)

    def events(self, asked: EventsAsked, limit: int, offset: int) -> tuple[Event, ...]:
        """Return the events that were asked for, newest first."""
        return tuple(self._asked(asked)[offset : offset + limit])

    def count_events(self, asked: EventsAsked) -> int:
        """Return how many events these are."""
        return len(self._asked(asked))

    def events_after(self, seq: int, last: int, limit: int) -> tuple[Event, ...]:
        """Return the events of the entries after `seq` up to `last`."""
        return tuple(self._events()[seq:last][:limit])

    def last_seq(self) -> int:
        """Return how many entries there are."""
        return len(self.acts)

    def kinds_of_acts(self) -> tuple[str, ...]:
        """Return the kinds of acts that ever happened."""
        return tuple(sorted({entry.name for entry, _ in self.acts.values()}))

    def last_sign_in(self, person_id: UUID) -> datetime | None:
        """Return when a person last signed in."""
        times = [
            act.at for entry, act in self.acts.values() if isinstance(entry, audited.SignedIn) and act.by == person_id
        ]
        return max(times, default=None)

    def glass_broken(self, first: int, last: int) -> tuple[str, ...]:
        """Return who said they were who opened the store in an emergency."""
        among = [entry for entry, _ in self.acts.values()][first - 1 : last]
        return tuple(each.who for each in among if isinstance(each, GlassBroken))

    def had_visit(self, patient_id: UUID, day: date) -> bool:
        """Return whether a patient had a visit on a day."""
        ids = self.of_one(patient_id)
        return any(each.patient_id in ids and each.day == day for each in self.visits.values())

    def signed_reviews(self, limit: int) -> tuple[Review, ...]:
        """Return the reviews that were signed, the last first."""
        ordered = sorted(self.signed, key=lambda each: each[0].last, reverse=True)
        return tuple(
            Review(act.id, of.first, of.last, of.since, of.until, of.anomalies, of.meaning, act.by,
                   self._name_of(act.by), act.at)
            for of, act in ordered[:limit]
        )  # fmt: skip

    def disclosures(self, patient_id: UUID, since: date) -> tuple[Disclosure, ...]:
        """Return what was disclosed of a patient on and after a day, oldest first."""
        ids = self.of_one(patient_id)
        found = [each for each in self.disclosed if each[0].patient_id in ids and each[0].made_on >= since]
        found.sort(key=lambda each: (each[0].made_on, each[0].disclosure_id.hex))
        return tuple(
            Disclosure(of.disclosure_id, of.patient_id, of.made_on, of.recipient, of.address, of.what, of.purpose,
                       of.corrects, self._name_of(act.by), act.at)
            for of, act in found
        )  # fmt: skip

    def _name_of(self, person_id: UUID) -> str:
        person = self.staff.get(person_id)
        return person.name if person else ""

    def is_recorded(self, act_id: UUID) -> bool:
        """Return whether an act of that id was recorded."""
        return act_id in self.acts

    def was_set_back(self, act_id: UUID, before: datetime) -> bool:
        """Return whether what was recorded after an act is dated before an instant."""
        acts = [act for _, act in self.acts.values()]
        place = next((place for place, act in enumerate(acts) if act.id == act_id), len(acts))
        return any(act.at < before for act in acts[place + 1 :])

    # People

    def shop(self) -> Shop | None:
        """Return the shop."""
        return self.the_shop

    def person(self, person_id: UUID) -> Person | None:
        """Return a member of staff."""
        return self.staff.get(person_id)

    def everybody(self) -> tuple[Person, ...]:
        """Return everybody who is or was on the staff."""
        return tuple(sorted(self.staff.values(), key=lambda each: (each.has_left, each.name, each.id)))

    def patient(self, patient_id: UUID) -> Patient | None:
        """Return a patient."""
        return self.patients.get(self.kept_as(patient_id))

    def cards(self, patient_id: UUID) -> tuple[Card, ...]:
        """Return a patient's cards, the best first."""
        unlike = {
            each.key: each
            for one in reversed(self.of_one(patient_id))
            for each in self.all_cards
            if each.patient_id == one
        }
        theirs = sorted(unlike.values(), key=lambda each: each.key)
        theirs.sort(key=lambda each: each.expires_on, reverse=True)
        return tuple(sorted(theirs, key=lambda each: (each.holder is Holder.CAREGIVER, bool(each.renewed_as))))

    def cards_numbered(self, key: str) -> tuple[Card, ...]:
        """Return the cards with this key."""
        found = [each for each in self.all_cards if each.key == key]
        return tuple(sorted(found, key=lambda each: each.patient_id.hex))

    def find_patients(self, typed: str, limit: int) -> tuple[FoundPatient, ...]:
        """Return patients by the beginning of card, birth date or names."""
        found = self._found(typed)
        if not any(each.isdigit() for each in typed):
            found += [self._with_best_card(each) for each in self._formerly(name_key(typed).split())]
        if len(found) < FEW:
            found += [self._with_best_card(each) for each in self.nearly(typed)]
        unlike: dict[tuple[UUID, str], FoundPatient] = {}
        for each in found:
            patient = self.patients[self.kept_as(each.patient_id)]
            found_so = _as_found(patient, each.card_number, each.card_expires)
            unlike.setdefault((patient.id, each.card_number), found_so)
        return tuple(unlike.values())[:limit]

    def _formerly(self, words: list[str]) -> list[Patient]:
        """Return who was once called so."""
        named = [
            (name_key(each.family_name), name_key(each.given_name), of.hex, of)
            for of, each, _ in self.former
            if words
            and (
                _is_called(name_key(each.family_name), name_key(each.given_name), words)
                or _is_called(name_key(each.given_name), name_key(each.family_name), words)
            )
        ]
        return [self.patients[of] for *_, of in sorted(named)]

    def _found(self, typed: str) -> list[FoundPatient]:
        typed = " ".join(typed.split())
        everybody = sorted(self.patients.values(), key=_by_family)
        if (born := whole_date(typed)) is not None:
            return [self._with_best_card(each) for each in everybody if each.born == born]
        names, _, last = typed.rpartition(" ")
        if names and not any(each.isdigit() for each in names) and (born := whole_date(last)) is not None:
            named = [each for each in everybody if each.born == born and begins_parts(each, names)]
            return [self._with_best_card(each) for each in named]
        if any(each.isdigit() for each in typed):
            cards = [each for each in self.all_cards if each.key.startswith(card_key(typed))]
            cards.sort(key=lambda each: (each.key, each.patient_id.hex))
            found = [_as_found(self.patients[each.patient_id], each.number, each.expires_on) for each in cards]
            return [*found, *(self._with_best_card(each) for each in self.numbered(typed))]
        words = name_key(typed).split()
        ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1)]
        by_given = sorted(
            everybody, key=lambda each: (name_key(each.given_name), name_key(each.family_name), each.id.hex)
        )
        found_in_order = [
            each
            for is_family in (True, False)
            for first, second in ways
            for each in (everybody if is_family else by_given)
            if begins_so(each, first, second, is_family=is_family)
        ]
        return [self._with_best_card(each) for each in dict.fromkeys(found_in_order)]

    def _with_best_card(self, patient: Patient) -> FoundPatient:
        best = next(iter(self.cards(patient.id)), None)
        return _as_found(patient, best.number if best else "", best.expires_on if best else None)

    # Visits

    def queue(self, day: date) -> tuple[QueueRow, ...]:
        """Return the visits of a day."""
        shown = [each for each in self.visits.values() if each.day == day or (each.day < day and _lingers(each))]
        rows = [self._row(each) for each in shown]
        under_kept = (self._under_kept(each) for each in sorted(rows, key=place))
        return tuple(each.with_alarms(self.standing_alarms(each.patient.id)) for each in under_kept)

    def _under_kept(self, row: QueueRow) -> QueueRow:
        kept = self.kept_as(row.patient.id)
        if kept == row.patient.id:
            return row
        best = self._with_best_card(self.patients[kept])
        return replace(row, patient=self.patients[kept], card_number=best.card_number, card_expires=best.card_expires)

    def _row(self, visit: Visit) -> QueueRow:
        patient = self.patients[visit.patient_id]
        best = self._with_best_card(patient)
        today = {each.patient_id for each in self.visits.values() if each.day == visit.day}
        same = [self.patients[each] for each in today if self.patients[each].name == patient.name]
        return QueueRow(
            visit=visit,
            patient=patient,
            card_number=best.card_number,
            card_expires=best.card_expires,
            served_by_name=self.staff[visit.served_by].name if visit.served_by in self.staff else "",
            is_known=any(each.dispensation.patient_id == patient.id for each in self.dispensed.values()),
            shares_name=len(same) > 1,
        )

    def visit(self, visit_id: UUID) -> Visit | None:
        """Return a visit."""
        return self.visits.get(visit_id)

    def open_visit(self, patient_id: UUID, day: date) -> Visit | None:
        """Return the patient's visit of that day that is not over."""
        theirs = [
            each
            for each in self.visits.values()
            if each.patient_id in self.of_one(patient_id) and each.day == day and not each.state.is_over
        ]
        theirs.sort(key=lambda each: (each.state is VisitState.EXPECTED, each.id.hex))
        return theirs[0] if theirs else None

    # Records

    def verifications(self, patient_id: UUID, since: datetime) -> tuple[Verification, ...]:
        """Return the verifications of a patient since an instant, the newest first."""
        ids = self.of_one(patient_id)
        theirs = [each for each in self.verifications_kept if each.patient_id in ids and each.asked_at >= since]
        return tuple(sorted(theirs, key=lambda each: (each.asked_at, each.id.hex), reverse=True))

    def last_verification(self, patient_id: UUID) -> Verification | None:
        """Return the newest verification of a patient."""
        theirs = [each for each in self.verifications_kept if each.patient_id in self.of_one(patient_id)]
        return max(theirs, key=lambda each: (each.asked_at, each.id.hex), default=None)

    def last_page(self) -> str:
        """Return on which page somebody last read a standing by hand."""
        pages = (each.read.page for each in reversed(self.verifications_kept[-50:]) if each.read)
        return next(pages, "")

    def verification(self, patient_id: UUID, verification_id: UUID) -> Verification | None:
        """Return a verification."""
        theirs = (each for each in self.verifications_kept if each.patient_id in self.of_one(patient_id))
        return next((each for each in theirs if each.id == verification_id), None)

    def purchases(self, patient_id: UUID, since: date) -> tuple[Purchase, ...]:
        """Return what was dispensed on and after a day, oldest first."""
        ids = self.of_one(patient_id)
        theirs = [each for each in self.dispensed.values() if each.dispensation.patient_id in ids and each.day >= since]
        for other, partings in self.while_one(patient_id).items():
            begins, ends = min(of.since for of in partings), max(of.until for of in partings)
            theirs += [
                each
                for each in self.dispensed.values()
                if each.dispensation.patient_id == other
                and each.day >= since
                and begins <= each.dispensation.at <= ends
            ]
        theirs.sort(key=lambda each: (each.dispensation.at, each.dispensation.id.hex))
        return tuple(
            Purchase(
                on=each.day,
                at=each.dispensation.at,
                category=counted.line.category,
                measures=counted.line.measures,
                product=counted.line.product,
                quantity=counted.line.quantity,
                posted_at=counted.posted_at,
                kind=counted.kind,
            )
            for each in theirs
            for counted in counted_lines(
                each.dispensation.lines,
                each.posted_at,
                [Amended(other.amendment, other.posted_at) for other in self._amendings(each.dispensation.id)],
            )
        )

    def _amendings(self, dispensation_id: UUID) -> list[Amending]:
        found = [each for each in self.amended.values() if each.amendment.dispensation_id == dispensation_id]
        return sorted(found, key=lambda each: (each.amendment.at, each.amendment.id.hex))

    def has_bought(self, patient_id: UUID) -> bool:
        """Return whether anything was ever handed out here to a patient."""
        ids = self.of_one(patient_id)
        return any(each.dispensation.patient_id in ids for each in self.dispensed.values())

    def totals(self, patient_id: UUID, sums: Sums) -> tuple[int, ...] | None:
        """Return what each sum comes to, line by line."""
        if self.while_one(patient_id):
            return None
        lines = self.purchases(patient_id, sums.first)
        if any(each.amendment.patient_id in self.of_one(patient_id) for each in self.amended.values()):
            return None
        if any(_spoils(line, sums) for line in lines):
            return None
        return tuple(sum(_in_sum(line, each) for line in lines) for each in sums.asked)

    def patients_after(self, last: UUID | None, limit: int) -> tuple[Patient, ...]:
        """Return the next patients by their ids."""
        kept = (each for each in self.patients.values() if each.id not in self.merged)
        ordered = sorted(kept, key=lambda each: each.id.hex)
        return tuple(each for each in ordered if last is None or each.id.hex > last.hex)[:limit]

    def count_patients(self) -> int:
        """Return how many patients are on record."""
        return len(self.patients)

    def timeline(self, patient_id: UUID, limit: int) -> tuple[Happening, ...]:
        """Return what happened to a patient, newest first."""
        ids = self.of_one(patient_id)
        happenings = [
            Happening(act.at, HappeningKind.NOTE, " ".join(note.text[:400].split())[:200], self._name(act.by))
            for note, act in self.notes
            if note.patient_id in self.of_one(patient_id)
        ]
        happenings += [self._given(each) for each in self.dispensed.values() if each.dispensation.patient_id in ids]
        happenings += [self._amending(each) for each in self.amended.values() if each.amendment.patient_id in ids]
        happenings += [
            Happening(each.asked_at, HappeningKind.STANDING, words, "")
            for each in self.verifications_kept
            if each.patient_id in self.of_one(patient_id) and (words := each.remark)
        ]
        happenings += [
            Happening(
                each.arrived_at,
                HappeningKind.VISIT,
                f"{each.reason}{f' through {each.through}' if each.through else ''}: {each.state}",
                "",
            )
            for each in self.visits.values()
            if each.patient_id in self.of_one(patient_id) and each.arrived_at is not None
        ]
        happenings += [
            Happening(act.at, HappeningKind.AT_ONCE, entry.text, self._name(act.by))
            for entry, act in self._told(AlarmAcknowledged)
            if entry.patient_id in ids
        ]
        return tuple(sorted(happenings, key=lambda each: each.at, reverse=True)[:limit])

    def _given(self, each: Dispensed) -> Happening:
        given = each.dispensation
        posting = each.posting
        kind, by = HappeningKind.DISPENSED, self._name(given.by)
        state, then = posting.state, posting.next_try_at
        return Happening(given.at, kind, given.summary, by, posting.receipt, state, then, given.id.hex)

    def _amending(self, each: Amending) -> Happening:
        told, posting = each.amendment, each.posting
        kind = HappeningKind.VOIDED if told.kind is PostKind.VOID else HappeningKind.CORRECTED
        by = self._name(told.by)
        state, then = posting.state, posting.next_try_at
        return Happening(told.at, kind, told.summary, by, posting.receipt, state, then, told.dispensation_id.hex)

    def _name(self, person_id: UUID) -> str:
        return self.staff[person_id].name if person_id in self.staff else ""

    def form_draft(self, person_id: UUID, form: str, about: UUID) -> FormDraft | None:
        """Return what a person typed in a form and did not save."""
        return self.forms.get((person_id, form, about))

    def draft(self, visit_id: UUID, person_id: UUID) -> Draft | None:
        """Return the words that a person left unsigned for a visit."""
        return self.drafts.get((visit_id, person_id))

    # Stock and posts

    def packages(self) -> tuple[Package, ...]:
        """Return the stock by product and tag."""
        labels = sorted(self.stock, key=lambda label: (name_key(self.stock[label][0].product), label))
        return tuple(self._less_unseen(label) for label in labels)

    def package(self, label: str) -> Package | None:
        """Return one package in stock."""
        return self._less_unseen(label) if label in self.stock else None

    def _less_unseen(self, label: str) -> Package:
        package, read_at = self.stock[label]
        unseen = sum(
            line.quantity.milli
            for each in self.dispensed.values()
            if self._is_unseen(each, read_at)
            for line in each.dispensation.lines
            if line.label == label
        )
        unseen += sum(
            milli
            for each in self.amended.values()
            if each.posted_at is None or each.posted_at > read_at - timedelta(seconds=60)
            for of, milli in added(
                self.dispensed[each.amendment.dispensation_id].dispensation.lines,
                self.amendments(each.amendment.dispensation_id),
                each.amendment.id,
            )
            if of == label
        )
        return replace(package, remaining=Quantity(package.remaining.milli - unseen, package.remaining.unit))

    def _is_unseen(self, each: Dispensed, read_at: datetime) -> bool:
        if each.posted_at is None:
            return all(other.kind is not PostKind.VOID for other in self.amendments(each.dispensation.id))
        return each.posted_at > read_at - timedelta(seconds=60)

    def dispensation(self, dispensation_id: UUID) -> Dispensation | None:
        """Return what was handed over."""
        found = self.dispensed.get(dispensation_id)
        return found.dispensation if found else None

    def amendments(self, dispensation_id: UUID) -> tuple[Amendment, ...]:
        """Return what was put right of a dispensation, oldest first."""
        return tuple(each.amendment for each in self._amendings(dispensation_id))

    def posting(self, of: UUID) -> Posting | None:
        """Return how far a dispensation, or an amendment, is on its way."""
        found = self.dispensed.get(of) or self.amended.get(of)
        return found.posting if found else None

    def postings_under(self, receipt: str) -> tuple[Posting, ...]:
        """Return the dispensations that are in the state's record under a number."""
        found = [each.posting for each in self.dispensed.values() if receipt and each.posting.receipt == receipt]
        return tuple(sorted(found, key=lambda each: each.id.hex))

    def due_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        """Return the postings to work on, oldest first."""
        return whose_turn(self.unposted(), at, self.kept_as)[:limit]

    def unposted(self) -> tuple[Posting, ...]:
        """Return every posting that is not settled, oldest first."""
        return tuple(row.posting for row in self.outbox())

    def count_unposted(self) -> PostsWaiting:
        """Return how many these are."""
        unposted = self.unposted()
        return PostsWaiting(len(unposted), sum(each.state is PostingState.PARKED for each in unposted))

    def outbox(self) -> tuple[OutboxRow, ...]:
        """Return the same with what each tells of whom."""
        told: list[tuple[Posting, Dispensation | Amendment]] = [
            *((each.posting, each.dispensation) for each in self.dispensed.values()),
            *((each.posting, each.amendment) for each in self.amended.values()),
        ]
        rows = [self._outbox_row(posting, of) for posting, of in told if not posting.state.is_settled]
        rows.sort(key=lambda row: (row.made_at, row.posting.kind is not PostKind.SALE, row.posting.id.hex))
        return tuple(rows)

    def _outbox_row(self, posting: Posting, of: Dispensation | Amendment) -> OutboxRow:
        return OutboxRow(posting, self.patients.get(posting.patient_id), of.at, of.summary, self._name(of.by))

    def accepted_since(self, at: datetime) -> tuple[Posting, ...]:
        """Return the postings that reached the state's record since, oldest first."""
        since = [(each.posted_at, each) for each in self.dispensed.values() if each.posted_at and each.posted_at >= at]
        return tuple(each.posting for _, each in sorted(since, key=lambda each: (each[0], each[1].dispensation.id.hex)))

    def given_up(self, since: datetime, until: datetime) -> tuple[Posting, ...]:
        """Return what was dispensed in a time and is not sent any more, oldest first."""
        found = [each for each in self.dispensed.values() if each.posting.state is PostingState.GIVEN_UP]
        found = [each for each in found if since <= each.dispensation.at < until]
        found.sort(key=lambda each: (each.dispensation.at, each.dispensation.id.hex))
        return tuple(each.posting for each in found)

    def last_comparison(self, day: date) -> DayComparison | None:
        """Return the newest comparison of a day."""
        of_day = [(each, key) for each, key in self.comparisons if each.day == day]
        return max(of_day, key=lambda each: (each[0].compared_at, each[1].hex))[0] if of_day else None

    # What an allotment rests on beside purchases

    def entitlement(self, patient_id: UUID) -> Papers:
        """Return what is on record of a patient beside what was bought."""
        return self.papers.get(self.kept_as(patient_id), NO_PAPERS)

    def holds(self, patient_id: UUID, since: date) -> tuple[Hold, ...]:
        """Return what was set aside for a patient on and after a day, by day and visit."""
        theirs = [
            each for each in self.held.values() if each.patient_id in self.of_one(patient_id) and each.day >= since
        ]
        return tuple(sorted(theirs, key=lambda each: (each.day, each.visit_id.hex)))

    def rules_on_record(self, fingerprint: str) -> RulesOnRecord | None:
        """Return rules that came into use at this shop."""
        found = self.rules.get(fingerprint)
        if found is None or fingerprint not in self.confirmed:
            return found
        entry, act = self.confirmed[fingerprint]
        return replace(found, confirmed=Confirmation(act.at, self._name(act.by), entry.remark))

    def is_confirmed(self, fingerprint: str) -> bool:
        """Return whether the shop answers for these rules."""
        return fingerprint in self.confirmed

    def known_rules(self, person_id: UUID) -> str:
        """Return the fingerprint of the rules that a person knew last."""
        return self.known_by.get(person_id, "")

    # Outages

    def outages(self, limit: int) -> tuple[Outage, ...]:
        """Return the outages that began last, newest first."""
        return tuple(sorted(self.all_outages.values(), key=_beginning, reverse=True)[:limit])

    def outage(self, outage_id: UUID) -> Outage | None:
        """Return an outage."""
        return self.all_outages.get(outage_id)

    def open_outage(self, system: str) -> Outage | None:
        """Return the outage of a system that lasts."""
        lasting = [each for each in self.all_outages.values() if each.system == system and each.ended_at is None]
        return max(lasting, key=_beginning, default=None)

    def outage_notes(self, outage_id: UUID) -> tuple[OutageNote, ...]:
        """Return what was noted of an outage, oldest first."""
        of_it = [each for each in self.noted if each.outage_id == outage_id]
        return tuple(sorted(of_it, key=lambda each: (each.at, each.id.hex)))

    def outage_sales(self, outage_id: UUID) -> tuple[UUID, ...]:
        """Return what was dispensed under an outage, by time."""
        of_it = [given for under, given in self.sold_in if under == outage_id]
        return tuple(each.id for each in sorted(of_it, key=lambda each: (each.at, each.id.hex)))

    def outage_review(self, outage_id: UUID) -> OutageReview | None:
        """Return how the sales of an outage were last judged again."""
        of_it = [each for each in self.reviews if each[0].outage_id == outage_id]
        newest = max(of_it, key=lambda each: (each[0].at, each[1].hex), default=None)
        return newest[0] if newest else None

    def _backup(self, entry: BackupEntry, act: Act) -> None:
        match entry:
            case BackupMade(copy=copy, made_at=made_at, second=second, why=why):
                self.copies[copy] = BackupOnRecord(copy, made_at, second, why, None, "")
            case BackupProved(copy=copy, made_at=made_at):
                known = self.copies.get(copy, BackupOnRecord(copy, made_at, Second.NOT_SET, "", None, ""))
                self.copies[copy] = replace(known, proved_at=act.at, failed="")
            case BackupNotProved(copy=copy, made_at=made_at, why=why):
                known = self.copies.get(copy, BackupOnRecord(copy, made_at, Second.NOT_SET, "", None, ""))
                self.copies[copy] = replace(known, proved_at=None, failed=why)
            case BackupsRemoved(copies=copies):
                for each in copies:
                    self.copies.pop(each, None)
            case BackupFailed():
                pass  # there is no copy to know of

    def backups(self) -> tuple[BackupOnRecord, ...]:
        """Return the copies that are on record and not deleted, newest first."""
        return tuple(sorted(self.copies.values(), key=lambda each: (each.made_at, each.copy), reverse=True))

    def exceptions(self, at: datetime) -> tuple[AnnouncedException, ...]:
        """Return the announced exceptions that end after an instant, by when they were entered."""
        lasting = [each for each in self.announced.values() if each.ends > at]
        return tuple(sorted(lasting, key=lambda each: (each.announced_at, each.id.hex)))


def _beginning(outage: Outage) -> tuple[datetime, str]:
    return outage.since, outage.id.hex


def _place_of(amount: PaperAmount) -> tuple[str, bool, date]:
    return amount.limit_id, amount.is_waiver, amount.starts


def _as_found(patient: Patient, card_number: str, card_expires: date | None) -> FoundPatient:
    return FoundPatient(patient.id, patient.family_name, patient.given_name, patient.born, card_number, card_expires)


def _by_family(patient: Patient) -> tuple[str, str, str]:
    return name_key(patient.family_name), name_key(patient.given_name), patient.id.hex


def _is_called(one: str, other: str, words: list[str]) -> bool:
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1)]
    return any(one.startswith(first) and other.startswith(second) for first, second in splits)


def _lingers(visit: Visit) -> bool:
    return not visit.state.is_over and visit.state is not VisitState.EXPECTED


class FakeStore:
    """Runs use cases on a fake ledger; what fails leaves nothing behind."""

    read_only = ""

    def __init__(self, ledger: FakeLedger | None = None) -> None:
        self.ledger = ledger or FakeLedger()
        self.read_only = ""

    async def read(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads."""
        return self.read_now(use_case, *args, **kwargs)

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one transaction."""
        return self.write_now(use_case, *args, **kwargs)

    def read_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads, on a copy: nothing it did would stay."""
        try:
            return use_case(copy.deepcopy(self.ledger), *args, **kwargs)
        except DeskError as error:
            self._tell(error)
            raise

    def write_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one transaction."""
        before = copy.deepcopy(self.ledger)
        try:
            return use_case(self.ledger, *args, **kwargs)
        except BaseException as error:
            self.ledger.__dict__.update(before.__dict__)
            if isinstance(error, DeskError):
                self._tell(error)
            raise

    def _tell(self, error: DeskError) -> None:
        """Put on record what a fault says of itself, once for each act."""
        if error.on_record is not None and not self.ledger.is_recorded(error.on_record[1].id):
            self.ledger.record(*error.on_record)


def _spoils(line: Purchase, sums: Sums) -> bool:
    return line.category not in sums.categories or any(
        line.category in categories and line.measures.of(measure) is None for measure, categories in sums.measured
    )


def _in_sum(line: Purchase, asked: Sum) -> int:
    is_counted = line.on >= asked.first and (asked.last is None or line.on <= asked.last)
    return (line.measures.of(asked.measure) or 0) if is_counted and line.category in asked.categories else 0
