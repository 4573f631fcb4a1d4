"""Dispensations and how far they are on their way into the state's record; stock."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pcc_desk.domain.dispensing import Dispensation, DispensedLine, Posting, PostingState
from pcc_desk.domain.products import Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, micros

POSTING = "id, patient_id, external_number, posting, attempts, lookups_missed, next_try_at, receipt, why"

ONE_POSTING = f"SELECT {POSTING} FROM dispensation INDEXED BY dispensation_by_id WHERE id = ?"
UNPOSTED = f"""
SELECT {POSTING} FROM dispensation INDEXED BY dispensation_unposted WHERE posting <> 'accepted' ORDER BY at, id"""
DUE = f"""
SELECT {POSTING} FROM dispensation INDEXED BY dispensation_unposted
WHERE posting <> 'accepted' AND posting <> 'parked' AND next_try_at <= ? ORDER BY at, id LIMIT ?"""
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
WHERE d.posted_at IS NULL
UNION ALL
SELECT l.label, l.milli, d.posted_at FROM dispensation d INDEXED BY dispensation_by_posting
CROSS JOIN dispensed_line l ON l.patient_id = d.patient_id AND l.day = d.day AND l.dispensation_id = d.id
WHERE d.posted_at > ?"""

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
    )


def posting(connection: Connection, dispensation_id: UUID) -> Posting | None:
    """Return how far a dispensation is on its way."""
    row = connection.execute(ONE_POSTING, (dispensation_id.hex,)).fetchone()
    return posting_of(row) if row else None


def unposted(connection: Connection) -> tuple[Posting, ...]:
    """Return every posting that is not accepted, oldest first."""
    return tuple(posting_of(row) for row in connection.execute(UNPOSTED))


def due(connection: Connection, at: datetime, limit: int) -> tuple[Posting, ...]:
    """Return the postings to work on, oldest first."""
    return tuple(posting_of(row) for row in connection.execute(DUE, (micros(at), limit)))


def accepted_since(connection: Connection, at: datetime) -> tuple[Posting, ...]:
    """Return the postings that reached the state's record since, oldest first."""
    return tuple(posting_of(row) for row in connection.execute(ACCEPTED_SINCE, (micros(at),)))


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
        lines=tuple(_line(each) for each in connection.execute(LINES, (dispensation_id.hex,))),
    )


def _line(row: tuple[Any, ...]) -> DispensedLine:
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
    return list(connection.execute(TAKEN, (since - LAG_MICROSECONDS,)))


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
