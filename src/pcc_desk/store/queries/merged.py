"""Records that are of one person: whatever is asked of one is answered from all of them.

Nothing is moved when two records are merged. Each keeps its rows, and each question about a patient is asked of every
record of the person, so that what was bought under either counts, and a merge can be undone.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from pcc_desk.desk.records import FoundPatient, Happening
from pcc_desk.domain.holds import Hold
from pcc_desk.domain.identity import Merge, Parting, Standing, standing_with
from pcc_desk.domain.lapses import Lapse, soonest_first
from pcc_desk.domain.people import Card, Holder, name_key
from pcc_desk.domain.purchases import Purchase
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.totals import Sums
from pcc_desk.domain.visits import QueueRow, Visit
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant
from pcc_desk.store.queries import alarms, allotments, inside, mornings, patients, people, records, totals, visits
from pcc_desk.store.queries.patients import LAST

T = TypeVar("T")

FEW = 5
"""Of fewer than this many it may be that somebody mistyped, or knows the middle of a name only."""

ANY_MERGED = "SELECT 1 FROM merged LIMIT 1"
KEPT_AS = "SELECT kept_id FROM merged WHERE merged_id = ?"
MERGED_INTO = "SELECT merged_id FROM merged INDEXED BY merged_by_kept WHERE kept_id = ? ORDER BY merged_id"
MERGES = """
SELECT merged_id, kept_id, at, by_person, why FROM merged INDEXED BY merged_by_kept WHERE kept_id = ?
ORDER BY at, merged_id"""
_PARTED = "SELECT merged_id, kept_id, since, until FROM parted"
PARTED_FROM = f"{_PARTED} WHERE merged_id = ? ORDER BY since, kept_id"
PARTED_INTO = f"{_PARTED} INDEXED BY parted_by_kept WHERE kept_id = ? ORDER BY since, merged_id"
FORMER_FAMILY = """
SELECT patient_id FROM former_name INDEXED BY former_name_by_family
WHERE family_key >= ? AND family_key < ? AND given_key >= ? AND given_key < ?
ORDER BY family_key, given_key, patient_id LIMIT ?"""
FORMER_GIVEN = """
SELECT patient_id FROM former_name INDEXED BY former_name_by_given
WHERE given_key >= ? AND given_key < ? AND family_key >= ? AND family_key < ?
ORDER BY given_key, family_key, patient_id LIMIT ?"""


def kept_as(connection: Connection, patient_id: UUID) -> UUID:
    """Return under which record a person is kept: the record itself unless it was merged into another."""
    seen = {patient_id.hex}
    current = patient_id.hex
    while row := connection.execute(KEPT_AS, (current,)).fetchone():
        if row[0] in seen:
            break
        seen.add(current := row[0])
    return UUID(current)


def of_one(connection: Connection, patient_id: UUID) -> tuple[UUID, ...]:
    """Return every record of a person, the one that is kept first."""
    found = [kept_as(connection, patient_id).hex]
    for each in found:
        found += [row[0] for row in connection.execute(MERGED_INTO, (each,)) if row[0] not in found]
    return tuple(map(UUID, found))


def merges(connection: Connection, kept_id: UUID) -> tuple[Merge, ...]:
    """Return which records were merged into one."""
    rows = connection.execute(MERGES, (kept_id.hex,))
    return tuple(Merge(UUID(row[0]), UUID(row[1]), instant(row[2]), UUID(row[3]), row[4]) for row in rows)


def gathered(
    connection: Connection, patient_id: UUID, ask: Callable[[Connection, UUID], tuple[T, ...]]
) -> tuple[tuple[T, ...], bool]:
    """Return what each record of a person has, and whether there are several."""
    ids = of_one(connection, patient_id)
    return tuple(each for one in ids for each in ask(connection, one)), len(ids) > 1


def cards(connection: Connection, patient_id: UUID) -> tuple[Card, ...]:
    """Return the cards of every record of a person, the best first; a card on two of them once."""
    found, several = gathered(connection, patient_id, patients.cards)
    if not several:
        return found
    unlike = {each.key: each for each in reversed(found)}
    return tuple(
        sorted(
            unlike.values(),
            key=lambda each: (
                each.holder is Holder.CAREGIVER,
                bool(each.renewed_as),
                -each.expires_on.toordinal(),
                each.key,
            ),
        )
    )


def purchases(connection: Connection, patient_id: UUID, since: date) -> tuple[Purchase, ...]:
    """Return what was dispensed under any record of a person, oldest first.

    With what was dispensed under another record while it counted as the same person's: it may have gone to either.
    """
    ids = of_one(connection, patient_id)
    found = [each for one in ids for each in records.purchases(connection, one, since)]
    shared = while_one(connection, ids)
    for other, (begins, ends) in shared.items():
        found += [each for each in records.purchases(connection, other, since) if begins <= each.at <= ends]
    return tuple(sorted(found, key=lambda each: each.at)) if len(ids) > 1 or shared else tuple(found)


def while_one(connection: Connection, ids: tuple[UUID, ...]) -> dict[UUID, tuple[datetime, datetime]]:
    """Return which other records counted as the person's of these once, and from when to when at the widest."""
    found: dict[UUID, tuple[datetime, datetime]] = {}
    to_ask = list(ids)
    while to_ask:
        one = to_ask.pop()
        for each in parted(connection, one):
            for other in of_one(connection, each.other(one)):
                begins, ends = found.get(other, (each.since, each.until))
                span = min(begins, each.since), max(ends, each.until)
                if other not in ids and span != found.get(other):
                    found[other] = span
                    to_ask.append(other)
    return found


def parted(connection: Connection, patient_id: UUID) -> tuple[Parting, ...]:
    """Return with which records one was merged once, whichever of the two was kept."""
    rows = [row for query in (PARTED_FROM, PARTED_INTO) for row in connection.execute(query, (patient_id.hex,))]
    return tuple(Parting(UUID(row[0]), UUID(row[1]), instant(row[2]), instant(row[3])) for row in rows)


def sums(connection: Connection, patient_id: UUID, asked: Sums) -> tuple[int, ...] | None:
    """Return what each sum over what was dispensed under any record of a person comes to.

    None where the database cannot sum it: also where another record counted as the same person's once.
    """
    ids = of_one(connection, patient_id)
    if while_one(connection, ids):
        return None
    whole: tuple[int, ...] | None = None
    for one in ids:
        part = totals.totals(connection, one, asked)
        if part is None:
            return None
        whole = part if whole is None else tuple(a + b for a, b in zip(whole, part, strict=True))
    return whole


def status(connection: Connection, patient_id: UUID, seen: frozenset[UUID] = frozenset()) -> Standing:
    """Return how the person of a record stands, with every record that was merged into it."""
    theirs = [each for each in merges(connection, patient_id) if each.merged_id not in seen]
    seen |= {patient_id, *(each.merged_id for each in theirs)}
    others = [(each.at, status(connection, each.merged_id, seen)) for each in theirs]
    return standing_with(people.status(connection, patient_id), others)


def timeline(connection: Connection, patient_id: UUID, limit: int) -> tuple[Happening, ...]:
    """Return what happened under any record of a person, newest first."""
    found, several = gathered(connection, patient_id, lambda on, one: records.timeline(on, one, limit))
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))[:limit] if several else found


def verifications(connection: Connection, patient_id: UUID, since: datetime) -> tuple[Verification, ...]:
    """Return the verifications of any record of a person since an instant, the newest first."""
    found, _ = gathered(connection, patient_id, lambda on, one: records.verifications(on, one, since))
    return tuple(sorted(found, key=lambda each: (each.asked_at, each.id.hex), reverse=True))


def last_verification(connection: Connection, patient_id: UUID) -> Verification | None:
    """Return the newest verification of any record of a person."""
    found = [records.last_verification(connection, one) for one in of_one(connection, patient_id)]
    asked = [each for each in found if each is not None]
    return max(asked, key=lambda each: (each.asked_at, each.id.hex), default=None)


def verification(connection: Connection, patient_id: UUID, verification_id: UUID) -> Verification | None:
    """Return a verification of any record of a person."""
    found = (records.verification(connection, one, verification_id) for one in of_one(connection, patient_id))
    return next((each for each in found if each is not None), None)


def holds(connection: Connection, patient_id: UUID, since: date) -> tuple[Hold, ...]:
    """Return what was set aside under any record of a person, by day and visit."""
    found, several = gathered(connection, patient_id, lambda on, one: allotments.holds(on, one, since))
    return tuple(sorted(found, key=lambda each: (each.day, each.visit_id.hex))) if several else found


def open_visit(connection: Connection, patient_id: UUID, day: date) -> Visit | None:
    """Return the visit of a day that is not over, under any record of a person; one under way before an expected."""
    found = [visits.open_one(connection, one, day) for one in of_one(connection, patient_id)]
    there = [each for each in found if each is not None]
    return min(there, key=lambda each: each.arrived_at is None, default=None)


def queue(connection: Connection, day: date) -> tuple[QueueRow, ...]:
    """Return the visits of a day, each under the name of the record that is kept."""
    rows = visits.queue(connection, day)
    alarmed = alarms.alarmed(connection)
    shown = under_kept(connection, rows)
    return tuple(_with_alarm(connection, row, alarmed) for row in shown) if alarmed else shown


def _with_alarm(connection: Connection, row: QueueRow, alarmed: frozenset[UUID]) -> QueueRow:
    ids = of_one(connection, row.patient.id)
    return row if alarmed.isdisjoint(ids) else row.with_alarms(alarms.standing(connection, ids))


def under_kept(connection: Connection, rows: tuple[QueueRow, ...]) -> tuple[QueueRow, ...]:
    """Return visits, each under the name of the record that is kept."""
    if connection.execute(ANY_MERGED).fetchone() is None:
        return rows
    return tuple(_under_kept(connection, row) for row in rows)


def lapses(connection: Connection, first: date, last: date, limit: int) -> tuple[Lapse, ...]:
    """Return whose card or certification ends on some days, each under the record that is kept, the soonest first."""
    found = []
    for each in mornings.lapses(connection, first, last, limit):
        kept = kept_as(connection, each.patient_id)
        patient = patients.one(connection, kept) if kept != each.patient_id else None
        found.append(replace(each, patient_id=kept, name=patient.name) if patient is not None else each)
    return tuple(sorted(found, key=soonest_first))


def _under_kept(connection: Connection, row: QueueRow) -> QueueRow:
    kept = kept_as(connection, row.patient.id)
    patient = patients.one(connection, kept) if kept != row.patient.id else None
    if patient is None:
        return row
    card = next(iter(cards(connection, kept)), None)
    return replace(
        row, patient=patient, card_number=card.number if card else "", card_expires=card.expires_on if card else None
    )


def find(connection: Connection, typed: str, limit: int) -> tuple[FoundPatient, ...]:
    """Return who is found by what was typed, by former names too, each under the record that is kept."""
    found = list(patients.find(connection, typed, limit))
    if len(found) < limit and not any(each.isdigit() for each in typed):
        found += _formerly(connection, typed, limit)
    if len(found) < FEW:
        found += _as_found(connection, _nearly(connection, typed, limit))
    if connection.execute(ANY_MERGED).fetchone() is not None:
        found = [_as_kept(connection, each) for each in found]
    unlike: dict[tuple[UUID, str], FoundPatient] = {}
    for each in found:
        unlike.setdefault((each.patient_id, each.card_number), each)
    return tuple(unlike.values())[:limit]


def _as_kept(connection: Connection, found: FoundPatient) -> FoundPatient:
    """Return somebody who was found under the record that is kept."""
    kept = kept_as(connection, found.patient_id)
    shown = patients.found_one(connection, kept) if kept != found.patient_id else None
    if shown is None:
        return found
    return replace(shown, card_number=found.card_number, card_expires=found.card_expires)


def _formerly(connection: Connection, typed: str, limit: int) -> list[FoundPatient]:
    """Return who was once called what was typed."""
    words = name_key(typed).split()
    ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1)]
    ids: dict[str, None] = {}
    for query in (FORMER_FAMILY, FORMER_GIVEN):
        for first, second in ways:
            span = first, first + LAST, second, second + LAST, limit
            ids |= dict.fromkeys(row[0] for row in connection.execute(query, span))
    return _as_found(connection, map(UUID, ids))


def _as_found(connection: Connection, ids: Iterable[UUID]) -> list[FoundPatient]:
    return [each for one in ids if (each := patients.found_one(connection, one)) is not None]


def _nearly(connection: Connection, typed: str, limit: int) -> list[UUID]:
    """Return who has what was typed inside their name or number; or else, of names, who is called nearly so."""
    held = inside.inside(connection, typed, limit)
    return held if held or any(each.isdigit() for each in typed) else inside.mistyped(connection, typed, limit)
