"""Who did what to whom, by time, person, patient or act; what was reviewed; what was disclosed."""

from datetime import date
from uuid import UUID

from pcc_desk.desk.records import Disclosure, Event, EventsAsked, Review
from pcc_desk.domain.staff_entries import GlassBroken
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, micros

_COLUMNS = (
    "SELECT e.seq, e.at, e.by_person, s.name, s.role, e.act, e.patient_id, p.family_name, p.given_name, e.outcome, "
    "e.changed FROM {} LEFT JOIN staff s ON s.id = e.by_person LEFT JOIN patient p ON p.id = e.patient_id "
)
_REST = "AND e.at >= ? AND e.at < ? AND (? IS NULL OR e.by_person = ?) AND (? IS NULL OR e.act = ?) "
_NEWEST_FIRST = "ORDER BY e.at DESC, e.seq DESC LIMIT ? OFFSET ?"

BY_TIME = _COLUMNS.format("event e INDEXED BY event_by_time") + "WHERE e.at >= ? AND e.at < ? " + _NEWEST_FIRST
OF_PATIENT = _COLUMNS.format("event e INDEXED BY event_by_patient") + "WHERE e.patient_id = ? " + _REST + _NEWEST_FIRST
BY_PERSON = _COLUMNS.format("event e INDEXED BY event_by_person") + "WHERE e.by_person = ? " + _REST + _NEWEST_FIRST
BY_ACT = _COLUMNS.format("event e INDEXED BY event_by_act") + "WHERE e.act = ? " + _REST + _NEWEST_FIRST

_COUNT = "SELECT count(*) FROM event e INDEXED BY {} WHERE {} "
COUNT_BY_TIME = _COUNT.format("event_by_time", "e.at >= ? AND e.at < ?")
COUNT_OF_PATIENT = _COUNT.format("event_by_patient", "e.patient_id = ?") + _REST
COUNT_BY_PERSON = _COUNT.format("event_by_person", "e.by_person = ?") + _REST
COUNT_BY_ACT = _COUNT.format("event_by_act", "e.act = ?") + _REST

AFTER = _COLUMNS.format("event e") + "WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ?"
LAST_SEQ = "SELECT max(seq) FROM event"
ACTS = (
    "WITH RECURSIVE kinds(act) AS (SELECT min(act) FROM event UNION ALL "
    "SELECT (SELECT min(e.act) FROM event e WHERE e.act > kinds.act) FROM kinds WHERE kinds.act IS NOT NULL) "
    "SELECT act FROM kinds WHERE act IS NOT NULL"
)
LAST_SIGN_IN = (
    "SELECT at FROM event INDEXED BY event_by_act WHERE act = 'person.signed_in' AND by_person = ? "
    "ORDER BY at DESC LIMIT 1"
)
GLASS_BROKEN = (
    "SELECT j.version, j.body FROM event e INDEXED BY event_by_act JOIN journal j ON j.seq = e.seq "
    "WHERE e.act = 'glass.broken' AND e.seq >= ? AND e.seq <= ?"
)
HAD_VISIT = "SELECT 1 FROM visit WHERE day = ? AND patient_id = ? LIMIT 1"
REVIEWS = (
    "SELECT r.id, r.first, r.last, r.since, r.until, r.anomalies, r.meaning, r.by_person, s.name, r.signed_at "
    "FROM review r LEFT JOIN staff s ON s.id = r.by_person ORDER BY r.last DESC LIMIT ?"
)
DISCLOSURES = (
    "SELECT d.id, d.made_on, d.recipient, d.address, d.what, d.purpose, d.corrects, s.name, d.recorded_at "
    "FROM disclosure d LEFT JOIN staff s ON s.id = d.by_person WHERE d.patient_id = ? AND d.made_on >= ? "
    "ORDER BY d.made_on, d.id"
)


def _way(asked: EventsAsked) -> tuple[str, str, tuple[object, ...]]:
    """Return the two statements that answer a question, and the values both take; the narrowest index leads."""
    span = micros(asked.since), micros(asked.until)
    by = asked.by.hex if asked.by else None
    rest = (*span, by, by, asked.act or None, asked.act or None)
    if asked.patient_id is not None:
        return OF_PATIENT, COUNT_OF_PATIENT, (asked.patient_id.hex, *rest)
    if asked.by is not None:
        return BY_PERSON, COUNT_BY_PERSON, (by, *rest)
    if asked.act:
        return BY_ACT, COUNT_BY_ACT, (asked.act, *rest)
    return BY_TIME, COUNT_BY_TIME, span


def events(connection: Connection, asked: EventsAsked, limit: int, offset: int) -> tuple[Event, ...]:
    """Return what was asked for, newest first."""
    statement, _, values = _way(asked)
    return tuple(_event(row) for row in connection.execute(statement, (*values, limit, offset)))


def count(connection: Connection, asked: EventsAsked) -> int:
    """Return how many these are."""
    _, statement, values = _way(asked)
    return int(connection.execute(statement, values).fetchone()[0])


def after(connection: Connection, seq: int, last: int, limit: int) -> tuple[Event, ...]:
    """Return the events after an entry up to another, in the order of the journal."""
    return tuple(_event(row) for row in connection.execute(AFTER, (seq, last, limit)))


def last_seq(connection: Connection) -> int:
    """Return the number of the last entry; zero when there is none."""
    return connection.execute(LAST_SEQ).fetchone()[0] or 0


def acts(connection: Connection) -> tuple[str, ...]:
    """Return the kinds of acts that ever happened, by name."""
    return tuple(act for (act,) in connection.execute(ACTS))


def last_sign_in(connection: Connection, person_id: UUID) -> int | None:
    """Return when a person last signed in, in microseconds."""
    row = connection.execute(LAST_SIGN_IN, (person_id.hex,)).fetchone()
    return row[0] if row else None


def glass_broken(connection: Connection, first: int, last: int) -> tuple[str, ...]:
    """Return who said they were who opened the store in an emergency, among the entries from `first` to `last`."""
    read = (
        codec.read(GlassBroken.name, version, body) for version, body in connection.execute(GLASS_BROKEN, (first, last))
    )
    return tuple(each.who for each in read if isinstance(each, GlassBroken))


def had_visit(connection: Connection, patient_id: UUID, day: date) -> bool:
    """Return whether a patient had a visit on a day, expected ones included."""
    return connection.execute(HAD_VISIT, (day.isoformat(), patient_id.hex)).fetchone() is not None


def reviews(connection: Connection, limit: int) -> tuple[Review, ...]:
    """Return the reviews that were signed, the last first."""
    return tuple(
        Review(UUID(row[0]), row[1], row[2], instant(row[3]), instant(row[4]), row[5], row[6], UUID(row[7]),
               row[8] or "", instant(row[9]))
        for row in connection.execute(REVIEWS, (limit,))
    )  # fmt: skip


def disclosures(connection: Connection, patient_id: UUID, since: date) -> tuple[Disclosure, ...]:
    """Return what was disclosed of a patient on and after a day, oldest first."""
    return tuple(
        Disclosure(UUID(row[0]), patient_id, date.fromisoformat(row[1]), row[2], row[3], row[4], row[5],
                   UUID(row[6]) if row[6] else None, row[7] or "", instant(row[8]))
        for row in connection.execute(DISCLOSURES, (patient_id.hex, since.isoformat()))
    )  # fmt: skip


def _event(row: tuple[object, ...]) -> Event:
    seq, at, by, name, role, act, patient, family, given, outcome, changed = row
    return Event(
        seq=int(str(seq)),
        at=instant(int(str(at))),
        by=UUID(str(by)),
        by_name=str(name or ""),
        by_role=str(role or ""),
        act=str(act),
        patient_id=UUID(str(patient)) if patient else None,
        patient_name=f"{family}, {given}" if family is not None else "",
        outcome=str(outcome),
        changed=tuple(str(changed).split(",")) if changed else (),
    )
