"""Outages, what was noted and sold under them, and announced exceptions."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pcc_desk.domain.entries import ExceptionAnnounced, OutageBegan, OutageReviewed
from pcc_desk.domain.outages import AnnouncedException, NoteKind, Outage, OutageNote, OutageReview
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, micros

NEWEST = "SELECT body, ended_at FROM outage INDEXED BY outage_by_since ORDER BY since DESC, id DESC LIMIT ?"
ONE = "SELECT body, ended_at FROM outage WHERE id = ?"
OPEN = """
SELECT body, ended_at FROM outage INDEXED BY outage_open
WHERE system = ? AND ended_at IS NULL ORDER BY since DESC, id DESC LIMIT 1"""
NOTES = "SELECT id, at, by_person, kind, text FROM outage_note WHERE outage_id = ? ORDER BY at, id"
SALES = "SELECT dispensation_id FROM outage_sale WHERE outage_id = ? ORDER BY at, dispensation_id"
REVIEW = "SELECT body FROM outage_review WHERE outage_id = ? ORDER BY at DESC, id DESC LIMIT 1"
EXCEPTIONS = """
SELECT body, withdrawn_at FROM announced_exception INDEXED BY announced_exception_by_end
WHERE ends > ? ORDER BY announced_at, id"""


def newest(connection: Connection, limit: int) -> tuple[Outage, ...]:
    """Return the outages that began last, newest first."""
    return tuple(_outage(row) for row in connection.execute(NEWEST, (limit,)))


def one(connection: Connection, outage_id: UUID) -> Outage | None:
    """Return an outage."""
    row = connection.execute(ONE, (outage_id.hex,)).fetchone()
    return _outage(row) if row else None


def open_one(connection: Connection, system: str) -> Outage | None:
    """Return the outage of a system that lasts."""
    row = connection.execute(OPEN, (system,)).fetchone()
    return _outage(row) if row else None


def _outage(row: tuple[Any, ...]) -> Outage:
    began = codec.read(OutageBegan.name, OutageBegan.version, row[0])
    if not isinstance(began, OutageBegan):
        raise TypeError("a row of outages holds another entry")
    return replace(began.outage, ended_at=instant(row[1]) if row[1] is not None else None)


def notes(connection: Connection, outage_id: UUID) -> tuple[OutageNote, ...]:
    """Return what was noted of an outage, oldest first."""
    return tuple(
        OutageNote(UUID(row[0]), outage_id, instant(row[1]), UUID(row[2]), NoteKind(row[3]), row[4])
        for row in connection.execute(NOTES, (outage_id.hex,))
    )


def sales(connection: Connection, outage_id: UUID) -> tuple[UUID, ...]:
    """Return what was dispensed under an outage, by time."""
    return tuple(UUID(row[0]) for row in connection.execute(SALES, (outage_id.hex,)))


def review(connection: Connection, outage_id: UUID) -> OutageReview | None:
    """Return how the sales of an outage were last judged again."""
    row = connection.execute(REVIEW, (outage_id.hex,)).fetchone()
    if row is None:
        return None
    reviewed = codec.read(OutageReviewed.name, OutageReviewed.version, row[0])
    return reviewed.review if isinstance(reviewed, OutageReviewed) else None


def exceptions(connection: Connection, at: datetime) -> tuple[AnnouncedException, ...]:
    """Return the exceptions that end after an instant, withdrawn ones included, by when they were entered."""
    return tuple(_exception(row) for row in connection.execute(EXCEPTIONS, (micros(at),)))


def _exception(row: tuple[Any, ...]) -> AnnouncedException:
    announced = codec.read(ExceptionAnnounced.name, ExceptionAnnounced.version, row[0])
    if not isinstance(announced, ExceptionAnnounced):
        raise TypeError("a row of exceptions holds another entry")
    return replace(announced.exception, withdrawn_at=instant(row[1]) if row[1] is not None else None)
