"""Dispensations and how far they are on their way into the state's record; stock."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pcc_desk.desk.records import OutboxRow, PostsWaiting
from pcc_desk.domain.amendments import Amendment, added, whose_turn
from pcc_desk.domain.dispensing import Dispensation, DispensedLine, Posting, PostingState, PostKind, Trouble
from pcc_desk.domain.products import Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, micros
from pcc_desk.store.queries import patients

POSTING = (
    "id, patient_id, external_number, posting, attempts, lookups_missed, next_try_at, receipt, why, trouble, "
    "entered_by, 'sale', NULL"
)
MADE = ", at, by_person, summary"
AMENDING = (
    "a.dispensation_id, a.patient_id, d.external_number, a.posting, a.attempts, a.lookups_missed, a.next_try_at, "
    "a.receipt, a.why, a.trouble, a.entered_by, a.kind, a.id"
)
OF_ITS_SALE = "CROSS JOIN dispensation d INDEXED BY dispensation_by_id ON d.id = a.dispensation_id"

ONE_POSTING = f"SELECT {POSTING} FROM dispensation INDEXED BY dispensation_by_id WHERE id = ?"
ONE_AMENDING = f"SELECT {AMENDING} FROM amendment a INDEXED BY amendment_by_id {OF_ITS_SALE} WHERE a.id = ?"
POSTINGS_UNDER = f"SELECT {POSTING} FROM dispensation INDEXED BY dispensation_by_receipt WHERE receipt = ? ORDER BY id"
UNPOSTED = f"""
SELECT {POSTING}{MADE} FROM dispensation INDEXED BY dispensation_unposted
WHERE posting <> 'accepted' AND posting <> 'given up'"""
GIVEN_UP = f"""
SELECT {POSTING} FROM dispensation INDEXED BY dispensation_unposted
WHERE posting <> 'accepted' AND posting = 'given up' AND at >= ? AND at < ? ORDER BY at, id"""
UNPOSTED_AMENDING = f"""
SELECT {AMENDING}, a.at, a.by_person, a.summary FROM amendment a INDEXED BY amendment_unposted {OF_ITS_SALE}
WHERE a.posting <> 'accepted' AND a.posting <> 'given up'"""
COUNT_UNPOSTED = """
SELECT count(*), count(*) FILTER (WHERE posting = 'parked') FROM dispensation INDEXED BY dispensation_unposted
WHERE posting <> 'accepted' AND posting <> 'given up'"""
COUNT_UNPOSTED_AMENDING = """
SELECT count(*), count(*) FILTER (WHERE posting = 'parked') FROM amendment INDEXED BY amendment_unposted
WHERE posting <> 'accepted' AND posting <> 'given up'"""
AMENDMENTS = """
SELECT id, dispensation_id, patient_id, kind, at, by_person, reason FROM amendment INDEXED BY amendment_by_dispensation
WHERE dispensation_id = ? ORDER BY at, id"""
AMENDED_LINES = """
SELECT label, product, category, milli, unit, net_mg, volume_ul, thc_ug, count_milli, price_cents
FROM amended_line WHERE patient_id = ? AND amendment_id = ? ORDER BY line"""
STAFF_NAME = "SELECT name FROM staff WHERE id = ?"
ACCEPTED_SINCE = f"""
SELECT {POSTING} FROM dispensation INDEXED BY dispensation_by_posting WHERE posted_at >= ? ORDER BY posted_at, id"""
DISPENSATION = """
SELECT id, patient_id, visit_id, card_number, caregiver_card, at, by_person, external_number, outage
FROM dispensation INDEXED BY dispensation_by_id WHERE id = ?"""
LINES = """
SELECT l.label, l.product, l.category, l.milli, l.unit, l.net_mg, l.volume_ul, l.thc_ug, l.count_milli, l.price_cents
FROM dispensation d INDEXED BY dispensation_by_id
CROSS JOIN dispensed_line l ON l.patient_id = d.patient_id AND l.day = d.day AND l.dispensation_id = d.id
WHERE d.id = ? ORDER BY l.line"""

PACKAGE = (
    "label, product, category, milli, unit, unit_net_mg, unit_volume_ul, unit_thc_ug, blocked, expires_on, "
    "unit_price_cents, read_at"
)
PACKAGES = f"SELECT {PACKAGE} FROM package ORDER BY product_key, label"
ONE_PACKAGE = f"SELECT {PACKAGE} FROM package WHERE label = ?"
TAKEN = """
SELECT l.label, l.milli, d.posted_at FROM dispensation d INDEXED BY dispensation_by_posting
CROSS JOIN dispensed_line l ON l.patient_id = d.patient_id AND l.day = d.day AND l.dispensation_id = d.id
WHERE d.posted_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM amendment a INDEXED BY amendment_by_dispensation WHERE a.dispensation_id = d.id AND a.kind = 'void')
UNION ALL
SELECT l.label, l.milli, d.posted_at FROM dispensation d INDEXED BY dispensation_by_posting
CROSS JOIN dispensed_line l ON l.patient_id = d.patient_id AND l.day = d.day AND l.dispensation_id = d.id
WHERE d.posted_at > ?"""

CORRECTED_LATELY = """
SELECT a.dispensation_id, a.id, a.patient_id, a.posted_at FROM amendment a INDEXED BY amendment_by_posting
WHERE a.posted_at IS NULL AND a.kind = 'correction'
UNION ALL
SELECT a.dispensation_id, a.id, a.patient_id, a.posted_at FROM amendment a INDEXED BY amendment_by_posting
WHERE a.posted_at > ? AND a.kind = 'correction'"""

LAG_MICROSECONDS = 60_000_000
"""What was posted less than a minute before the stock was asked for may not be in the answer."""


def posting_of(row: tuple[Any, ...]) -> Posting:
    """Return the posting of a row of `POSTING`."""
    return Posting(
        dispensation_id=UUID(row[0]),
        patient_id=UUID(row[1]),
        external_number=row[2],
        state=PostingState(row[3]),
        attempts=row[4],
        lookups_missed=row[5],
        next_try_at=instant(row[6]),
        receipt=row[7],
        why=row[8],
        trouble=Trouble(row[9]),
        entered_by=UUID(row[10]) if row[10] else None,
        kind=PostKind(row[11]),
        amendment_id=UUID(row[12]) if row[12] else None,
    )


def posting(connection: Connection, of: UUID) -> Posting | None:
    """Return how far a dispensation, or an amendment, is on its way."""
    row = connection.execute(ONE_POSTING, (of.hex,)).fetchone()
    row = row or connection.execute(ONE_AMENDING, (of.hex,)).fetchone()
    return posting_of(row) if row else None


def postings_under(connection: Connection, receipt: str) -> tuple[Posting, ...]:
    """Return the dispensations that are in the state's record under a number."""
    return tuple(posting_of(row) for row in connection.execute(POSTINGS_UNDER, (receipt,))) if receipt else ()


def _unsettled(connection: Connection) -> list[tuple[Any, ...]]:
    """Return the rows of every posting that is not settled, oldest first; a sale before what amends it."""
    rows = [*connection.execute(UNPOSTED), *connection.execute(UNPOSTED_AMENDING)]
    return sorted(rows, key=lambda row: (row[13], row[12] is not None, row[12] or row[0]))


def unposted(connection: Connection) -> tuple[Posting, ...]:
    """Return every posting that is not settled, oldest first."""
    return tuple(posting_of(row) for row in _unsettled(connection))


def count_unposted(connection: Connection) -> PostsWaiting:
    """Return how many postings are not settled."""
    counted = (connection.execute(each).fetchone() for each in (COUNT_UNPOSTED, COUNT_UNPOSTED_AMENDING))
    return PostsWaiting(*map(sum, zip(*counted, strict=True)))


def due(connection: Connection, at: datetime, limit: int, kept_as: Callable[[UUID], UUID]) -> tuple[Posting, ...]:
    """Return the postings to work on, oldest first, of each patient at most one."""
    return whose_turn(unposted(connection), at, kept_as)[:limit]


def outbox(connection: Connection) -> tuple[OutboxRow, ...]:
    """Return every posting that is not settled, with what it tells of whom."""
    return tuple(
        OutboxRow(
            posting=posting_of(row),
            patient=patients.one(connection, UUID(row[1])),
            made_at=instant(row[13]),
            summary=row[15],
            by=_name(connection, row[14]),
        )
        for row in _unsettled(connection)
    )


def _name(connection: Connection, person_id: str) -> str:
    row = connection.execute(STAFF_NAME, (person_id,)).fetchone()
    return str(row[0]) if row else ""


def amendments(connection: Connection, dispensation_id: UUID) -> tuple[Amendment, ...]:
    """Return what was put right of a dispensation, oldest first."""
    rows = connection.execute(AMENDMENTS, (dispensation_id.hex,)).fetchall()
    return tuple(amendment_of(connection, row) for row in rows)


def amendment_of(connection: Connection, row: tuple[Any, ...]) -> Amendment:
    """Return the amendment of a row of `AMENDMENTS`."""
    lines = connection.execute(AMENDED_LINES, (row[2], row[0]))
    return Amendment(
        id=UUID(row[0]),
        dispensation_id=UUID(row[1]),
        patient_id=UUID(row[2]),
        kind=PostKind(row[3]),
        at=instant(row[4]),
        by=UUID(row[5]),
        why=row[6],
        lines=tuple(line_of(each) for each in lines),
    )


def accepted_since(connection: Connection, at: datetime) -> tuple[Posting, ...]:
    """Return the postings that reached the state's record since, oldest first."""
    return tuple(posting_of(row) for row in connection.execute(ACCEPTED_SINCE, (micros(at),)))


def given_up(connection: Connection, since: datetime, until: datetime) -> tuple[Posting, ...]:
    """Return the postings of what was dispensed in a time of which nothing is sent any more, oldest first."""
    return tuple(posting_of(row) for row in connection.execute(GIVEN_UP, (micros(since), micros(until))))


def dispensation(connection: Connection, dispensation_id: UUID) -> Dispensation | None:
    """Return what was handed over."""
    row = connection.execute(DISPENSATION, (dispensation_id.hex,)).fetchone()
    if row is None:
        return None
    return Dispensation(
        id=UUID(row[0]),
        patient_id=UUID(row[1]),
        visit_id=UUID(row[2]) if row[2] else None,
        card_number=row[3],
        caregiver_card=row[4],
        at=instant(row[5]),
        by=UUID(row[6]),
        external_number=row[7],
        outage=row[8],
        lines=tuple(line_of(each) for each in connection.execute(LINES, (dispensation_id.hex,))),
    )


def line_of(row: tuple[Any, ...]) -> DispensedLine:
    """Return a line of a dispensation or of a correction."""
    measures = Measures(row[5], row[6], row[7], row[8])
    return DispensedLine(row[0], row[1], row[2], Quantity(row[3], Unit(row[4])), measures, row[9])


def packages(connection: Connection) -> tuple[Package, ...]:
    """Return the stock by product and tag, less what the state's figures cannot know of."""
    rows = connection.execute(PACKAGES).fetchall()
    taken = _taken(connection, min((row[11] for row in rows), default=0))
    return tuple(_package(row, taken) for row in rows)


def package(connection: Connection, label: str) -> Package | None:
    """Return one package in stock."""
    row = connection.execute(ONE_PACKAGE, (label,)).fetchone()
    return _package(row, _taken(connection, row[11])) if row else None


def _taken(connection: Connection, since: int) -> list[tuple[str, int, int | None]]:
    since -= LAG_MICROSECONDS
    return [*connection.execute(TAKEN, (since,)), *_added(connection, since)]


def _added(connection: Connection, since: int) -> Iterator[tuple[str, int, int | None]]:
    """Yield what corrections took out of packages beyond what had been recorded, that the state may not know of."""
    for of, amendment_id, _, posted_at in connection.execute(CORRECTED_LATELY, (since,)).fetchall():
        dispensation_id = UUID(of)
        before = dispensation(connection, dispensation_id)
        if before is not None:
            for label, milli in added(before.lines, amendments(connection, dispensation_id), UUID(amendment_id)):
                yield label, milli, posted_at


def _package(row: tuple[Any, ...], taken: list[tuple[str, int, int | None]]) -> Package:
    unseen = sum(
        milli
        for label, milli, posted_at in taken
        if label == row[0] and (posted_at is None or posted_at > row[11] - LAG_MICROSECONDS)
    )
    return Package(
        label=row[0],
        product=row[1],
        category=row[2],
        remaining=Quantity(row[3] - unseen, Unit(row[4])),
        unit_net_mg=row[5],
        unit_volume_ul=row[6],
        unit_thc_ug=row[7],
        blocked=row[8],
        expires_on=date.fromisoformat(row[9]) if row[9] else None,
        unit_price_cents=row[10],
    )
