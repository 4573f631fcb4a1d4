"""The ledger over the encrypted database: an open transaction, as use cases see it."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from pcc_desk.desk.records import (
    Disclosure,
    Draft,
    Event,
    EventsAsked,
    FormDraft,
    FoundPatient,
    Happening,
    OutboxRow,
    PostsWaiting,
    Review,
    RulesOnRecord,
)
from pcc_desk.domain.amendments import Amendment
from pcc_desk.domain.backups import BackupOnRecord
from pcc_desk.domain.dispensing import Dispensation, Posting
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.holds import Hold
from pcc_desk.domain.outages import AnnouncedException, Outage, OutageNote, OutageReview
from pcc_desk.domain.papers import Papers
from pcc_desk.domain.people import Card, Patient, Person, Role
from pcc_desk.domain.products import Package
from pcc_desk.domain.purchases import Purchase
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.totals import Sums
from pcc_desk.domain.visits import QueueRow, Visit
from pcc_desk.store import backup_rows, journal, projection
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import maybe_instant
from pcc_desk.store.ledger_closing import ClosingRecords
from pcc_desk.store.ledger_people import PeopleOnRecord
from pcc_desk.store.ledger_pos import PosRecords
from pcc_desk.store.ledger_search import SqlFinding
from pcc_desk.store.ledger_visits import SqlVisits
from pcc_desk.store.queries import allotments, merged, outages, patients, posts, records, trail, visits

SHOP = "SELECT name, licence, jurisdiction, zone, counter FROM shop LIMIT 1"
PERSON = "SELECT s.id, s.name, s.role, l.id FROM staff s LEFT JOIN staff_left l ON l.id = s.id WHERE s.id = ?"
EVERYBODY = (
    "SELECT s.id, s.name, s.role, l.id FROM staff s LEFT JOIN staff_left l ON l.id = s.id "
    "ORDER BY l.id IS NOT NULL, s.name, s.id"
)


class SqlLedger(ClosingRecords, PeopleOnRecord, PosRecords, SqlVisits, SqlFinding):
    """Implements `desk.ports.Ledger`. One handed to a read has no journal key and refuses to record."""

    def __init__(self, connection: Connection, journal_key: bytes | None) -> None:
        self._connection = connection
        self._journal_key = journal_key
        self.recorded: list[UUID] = []
        """The ids of the acts that were recorded in this transaction, by which they are looked up after a fault."""

    def record(self, entry: Entry, act: Act) -> None:
        """Append to the journal and apply to the tables, in the transaction that is open."""
        if self._journal_key is None:
            raise RuntimeError("a use case that only reads tried to record")
        seq = journal.append(self._connection, self._journal_key, entry, act)
        projection.follow(self._connection, seq, entry, act)
        self.recorded.append(act.id)

    def is_recorded(self, act_id: UUID) -> bool:
        """Return whether an act of that id is in the journal."""
        return journal.is_recorded(self._connection, act_id)

    def was_set_back(self, act_id: UUID, before: datetime) -> bool:
        """Return whether what was recorded after an act is dated before an instant: the clock was set back since."""
        return journal.was_set_back(self._connection, act_id, before)

    def shop(self) -> Shop | None:
        """Return the shop, or None before it is set up."""
        row = self._connection.execute(SHOP).fetchone()
        return Shop(*row) if row else None

    def person(self, person_id: UUID) -> Person | None:
        """Return a member of staff."""
        row = self._connection.execute(PERSON, (person_id.hex,)).fetchone()
        return _person(row) if row else None

    def everybody(self) -> tuple[Person, ...]:
        """Return everybody who is or was on the staff."""
        return tuple(map(_person, self._connection.execute(EVERYBODY)))

    def patient(self, patient_id: UUID) -> Patient | None:
        """Return a patient."""
        return patients.one(self._connection, merged.kept_as(self._connection, patient_id))

    def cards(self, patient_id: UUID) -> tuple[Card, ...]:
        """Return the cards of a patient, the best first."""
        return merged.cards(self._connection, patient_id)

    def cards_numbered(self, key: str) -> tuple[Card, ...]:
        """Return the cards with this key."""
        return patients.cards_numbered(self._connection, key)

    def find_patients(self, typed: str, limit: int) -> tuple[FoundPatient, ...]:
        """Return patients by the beginning of card, birth date or names."""
        return merged.find(self._connection, typed, limit)

    def queue(self, day: date) -> tuple[QueueRow, ...]:
        """Return the visits of a day."""
        return merged.queue(self._connection, day)

    def visit(self, visit_id: UUID) -> Visit | None:
        """Return a visit."""
        return visits.one(self._connection, visit_id)

    def open_visit(self, patient_id: UUID, day: date) -> Visit | None:
        """Return the patient's visit of that day that is not over."""
        return merged.open_visit(self._connection, patient_id, day)

    def verifications(self, patient_id: UUID, since: datetime) -> tuple[Verification, ...]:
        """Return the verifications of a patient since an instant, the newest first."""
        return merged.verifications(self._connection, patient_id, since)

    def last_verification(self, patient_id: UUID) -> Verification | None:
        """Return the newest verification of a patient."""
        return merged.last_verification(self._connection, patient_id)

    def last_page(self) -> str:
        """Return on which page somebody last read a standing by hand; empty when nobody did lately."""
        return records.last_page(self._connection)

    def verification(self, patient_id: UUID, verification_id: UUID) -> Verification | None:
        """Return a verification."""
        return merged.verification(self._connection, patient_id, verification_id)

    def purchases(self, patient_id: UUID, since: date) -> tuple[Purchase, ...]:
        """Return what was dispensed to a patient on and after a day."""
        return merged.purchases(self._connection, patient_id, since)

    def has_bought(self, patient_id: UUID) -> bool:
        """Return whether anything was ever handed out here to a patient."""
        return any(records.has_bought(self._connection, one) for one in merged.of_one(self._connection, patient_id))

    def totals(self, patient_id: UUID, sums: Sums) -> tuple[int, ...] | None:
        """Return what each sum over what was dispensed to a patient comes to."""
        return merged.sums(self._connection, patient_id, sums)

    def patients_after(self, last: UUID | None, limit: int) -> tuple[Patient, ...]:
        """Return the next patients by their ids."""
        return patients.after(self._connection, last, limit)

    def count_patients(self) -> int:
        """Return how many patients are on record."""
        return patients.count(self._connection)

    def timeline(self, patient_id: UUID, limit: int) -> tuple[Happening, ...]:
        """Return what happened to a patient, newest first."""
        return merged.timeline(self._connection, patient_id, limit)

    def form_draft(self, person_id: UUID, form: str, about: UUID) -> FormDraft | None:
        """Return what a person typed in a form and did not save."""
        return records.form_draft(self._connection, person_id, form, about)

    def draft(self, visit_id: UUID, person_id: UUID) -> Draft | None:
        """Return the words that a person left unsigned for a visit."""
        return records.draft(self._connection, visit_id, person_id)

    def packages(self) -> tuple[Package, ...]:
        """Return the stock by product and tag."""
        return posts.packages(self._connection)

    def package(self, label: str) -> Package | None:
        """Return one package in stock."""
        return posts.package(self._connection, label)

    def dispensation(self, dispensation_id: UUID) -> Dispensation | None:
        """Return what was handed over."""
        return posts.dispensation(self._connection, dispensation_id)

    def amendments(self, dispensation_id: UUID) -> tuple[Amendment, ...]:
        """Return what was put right of a dispensation, oldest first."""
        return posts.amendments(self._connection, dispensation_id)

    def posting(self, of: UUID) -> Posting | None:
        """Return how far a dispensation, or an amendment, is on its way."""
        return posts.posting(self._connection, of)

    def postings_under(self, receipt: str) -> tuple[Posting, ...]:
        """Return the dispensations that are in the state's record under a number."""
        return posts.postings_under(self._connection, receipt)

    def due_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        """Return the postings to work on, oldest first, of each patient at most one."""
        return posts.due(self._connection, at, limit, self.kept_as)

    def unposted(self) -> tuple[Posting, ...]:
        """Return every posting that is not settled, oldest first."""
        return posts.unposted(self._connection)

    def count_unposted(self) -> PostsWaiting:
        """Return how many postings are not settled."""
        return posts.count_unposted(self._connection)

    def outbox(self) -> tuple[OutboxRow, ...]:
        """Return every posting that is not settled, with what it tells of whom."""
        return posts.outbox(self._connection)

    def accepted_since(self, at: datetime) -> tuple[Posting, ...]:
        """Return the postings that reached the state's record since, oldest first."""
        return posts.accepted_since(self._connection, at)

    def given_up(self, since: datetime, until: datetime) -> tuple[Posting, ...]:
        """Return what was dispensed in a time and is not sent any more, oldest first."""
        return posts.given_up(self._connection, since, until)

    def entitlement(self, patient_id: UUID) -> Papers:
        """Return what is on record of a patient beside what was bought."""
        return allotments.entitlement(self._connection, merged.kept_as(self._connection, patient_id))

    def holds(self, patient_id: UUID, since: date) -> tuple[Hold, ...]:
        """Return what was set aside for a patient on and after a day, closed holds included."""
        return merged.holds(self._connection, patient_id, since)

    def rules_on_record(self, fingerprint: str) -> RulesOnRecord | None:
        """Return rules that came into use at this shop, with their confirmation."""
        return allotments.rules_on_record(self._connection, fingerprint)

    def is_confirmed(self, fingerprint: str) -> bool:
        """Return whether the shop answers for these rules."""
        return allotments.is_confirmed(self._connection, fingerprint)

    def known_rules(self, person_id: UUID) -> str:
        """Return the fingerprint of the rules that a person knew last; empty when they never knew any."""
        return allotments.known_rules(self._connection, person_id)

    def outages(self, limit: int) -> tuple[Outage, ...]:
        """Return the outages that began last, newest first."""
        return outages.newest(self._connection, limit)

    def outage(self, outage_id: UUID) -> Outage | None:
        """Return an outage."""
        return outages.one(self._connection, outage_id)

    def open_outage(self, system: str) -> Outage | None:
        """Return the outage of a system that lasts."""
        return outages.open_one(self._connection, system)

    def outage_notes(self, outage_id: UUID) -> tuple[OutageNote, ...]:
        """Return what was noted of an outage, oldest first."""
        return outages.notes(self._connection, outage_id)

    def outage_sales(self, outage_id: UUID) -> tuple[UUID, ...]:
        """Return what was dispensed under an outage, by time."""
        return outages.sales(self._connection, outage_id)

    def outage_review(self, outage_id: UUID) -> OutageReview | None:
        """Return how the sales of an outage were last judged again."""
        return outages.review(self._connection, outage_id)

    def backups(self) -> tuple[BackupOnRecord, ...]:
        """Return the copies that are on record and not deleted, newest first."""
        return backup_rows.newest(self._connection)

    def exceptions(self, at: datetime) -> tuple[AnnouncedException, ...]:
        """Return the announced exceptions that end after an instant, by when they were entered."""
        return outages.exceptions(self._connection, at)

    def events(self, asked: EventsAsked, limit: int, offset: int) -> tuple[Event, ...]:
        """Return the events that were asked for, newest first."""
        questions = self._of_every_record(asked)
        if len(questions) == 1:
            return trail.events(self._connection, asked, limit, offset)
        found = [each for one in questions for each in trail.events(self._connection, one, offset + limit, 0)]
        return tuple(sorted(found, key=lambda each: (each.at, each.seq), reverse=True)[offset : offset + limit])

    def _of_every_record(self, asked: EventsAsked) -> tuple[EventsAsked, ...]:
        """Return a question for each record of the person who is asked for."""
        if asked.patient_id is None:
            return (asked,)
        ids = merged.of_one(self._connection, asked.patient_id)
        return tuple(replace(asked, patient_id=one) for one in ids) if len(ids) > 1 else (asked,)

    def count_events(self, asked: EventsAsked) -> int:
        """Return how many events these are."""
        return sum(trail.count(self._connection, each) for each in self._of_every_record(asked))

    def events_after(self, seq: int, last: int, limit: int) -> tuple[Event, ...]:
        """Return the events of the entries after `seq` up to `last`, in the order of the journal."""
        return trail.after(self._connection, seq, last, limit)

    def last_seq(self) -> int:
        """Return the number of the journal's last entry; zero when there is none."""
        return trail.last_seq(self._connection)

    def kinds_of_acts(self) -> tuple[str, ...]:
        """Return the kinds of acts that ever happened, by name."""
        return trail.acts(self._connection)

    def last_sign_in(self, person_id: UUID) -> datetime | None:
        """Return when a person last signed in."""
        return maybe_instant(trail.last_sign_in(self._connection, person_id))

    def glass_broken(self, first: int, last: int) -> tuple[str, ...]:
        """Return who said they were who opened the store in an emergency, among the entries from `first` to `last`."""
        return trail.glass_broken(self._connection, first, last)

    def had_visit(self, patient_id: UUID, day: date) -> bool:
        """Return whether a patient had a visit on a day, expected ones included."""
        return any(trail.had_visit(self._connection, one, day) for one in merged.of_one(self._connection, patient_id))

    def signed_reviews(self, limit: int) -> tuple[Review, ...]:
        """Return the reviews of what happened that were signed, the last first."""
        return trail.reviews(self._connection, limit)

    def disclosures(self, patient_id: UUID, since: date) -> tuple[Disclosure, ...]:
        """Return what was disclosed of a patient on and after a day, oldest first."""
        found, _ = merged.gathered(self._connection, patient_id, lambda on, one: trail.disclosures(on, one, since))
        return tuple(sorted(found, key=lambda each: (each.made_on, each.id.hex)))


def _person(row: tuple[str, str, str, str | None]) -> Person:
    return Person(UUID(row[0]), row[1], Role(row[2]), row[3] is not None)
