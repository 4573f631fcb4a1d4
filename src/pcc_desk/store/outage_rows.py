"""Applies entries about outages and announced exceptions to their tables; `projection` calls it."""

from uuid import UUID

from pcc_desk.domain import entries as happened
from pcc_desk.domain.entries import Act
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros


def began(entry: happened.OutageBegan, connection: Connection, act: Act) -> None:
    """Put an outage there."""
    outage = entry.outage
    ended_at = micros(outage.ended_at) if outage.ended_at else None
    row = (outage.id.hex, outage.system, micros(outage.since), ended_at, codec.written(entry))
    connection.execute("INSERT INTO outage VALUES (?, ?, ?, ?, ?)", row)


def ended(entry: happened.OutageEnded, connection: Connection, act: Act) -> None:
    """End an outage."""
    connection.execute("UPDATE outage SET ended_at = ? WHERE id = ?", (micros(entry.ended_at), entry.outage_id.hex))


def noted(entry: happened.OutageNoted, connection: Connection, act: Act) -> None:
    """Put a note to its outage."""
    note = entry.note
    row = (note.outage_id.hex, micros(note.at), note.id.hex, note.by.hex, note.kind.value, note.text)
    connection.execute("INSERT INTO outage_note VALUES (?, ?, ?, ?, ?, ?)", row)


def sold(outage_id: UUID, entry: happened.DispensationRecorded, connection: Connection) -> None:
    """Put a dispensation to its outage."""
    given = entry.dispensation
    exception_id = entry.exception_id.hex if entry.exception_id else None
    row = (outage_id.hex, micros(given.at), given.id.hex, exception_id)
    connection.execute("INSERT INTO outage_sale VALUES (?, ?, ?, ?)", row)


def reviewed(entry: happened.OutageReviewed, connection: Connection, act: Act) -> None:
    """Put a review to its outage."""
    review = entry.review
    row = (review.outage_id.hex, micros(review.at), act.id.hex, codec.written(entry))
    connection.execute("INSERT INTO outage_review VALUES (?, ?, ?, ?)", row)


def sheet_given(entry: happened.OutageSheetGiven, connection: Connection, act: Act) -> None:
    """Change no table: the journal's line is what there is to keep."""


def announced(entry: happened.ExceptionAnnounced, connection: Connection, act: Act) -> None:
    """Put an exception there."""
    exception = entry.exception
    withdrawn_at = micros(exception.withdrawn_at) if exception.withdrawn_at else None
    times = (micros(exception.ends), micros(exception.announced_at), withdrawn_at)
    row = (exception.id.hex, *times, codec.written(entry))
    connection.execute("INSERT INTO announced_exception VALUES (?, ?, ?, ?, ?)", row)


def withdrawn(entry: happened.ExceptionWithdrawn, connection: Connection, act: Act) -> None:
    """Take an exception back."""
    connection.execute(
        "UPDATE announced_exception SET withdrawn_at = ? WHERE id = ?", (micros(act.at), entry.exception_id.hex)
    )
