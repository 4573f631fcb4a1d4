"""The queue of a day, and single visits."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from pcc_desk.domain.visits import QueueRow, Reason, Visit, VisitState, place
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import maybe_instant
from pcc_desk.store.queries.patients import PATIENT, patient_of

VISIT = "patient_id, id, day, state, reason, appointment_at, arrived_at, through, served_by, minutes, link, origin"
_VISIT = ", ".join(f"v.{each}" for each in VISIT.split(", "))
_PATIENT = ", ".join(f"p.{each}" for each in PATIENT.split(", "))

OVER = "('done', 'left', 'no show', 'cancelled')"

_ROW = f"""
SELECT {_VISIT}, {_PATIENT}, c.number, c.expires_on, s.name,
       EXISTS (SELECT 1 FROM dispensation d WHERE d.patient_id = v.patient_id)
FROM visit v INDEXED BY """
_WITH = """
CROSS JOIN patient p ON p.id = v.patient_id
LEFT JOIN card c ON c.patient_id = v.patient_id AND c.number_key = (
    SELECT b.number_key FROM card b WHERE b.patient_id = v.patient_id
    ORDER BY b.holder = 'caregiver', b.renewed_as <> '', b.expires_on DESC, b.number_key LIMIT 1)
LEFT JOIN staff s ON s.id = v.served_by"""
QUEUE = f"{_ROW} visit_by_day {_WITH} WHERE v.day = ?"
LINGERING = f"""
{_ROW} visit_lingering {_WITH}
WHERE v.day < ? AND v.state NOT IN ('expected', 'done', 'left', 'no show', 'cancelled')"""
BETWEEN = f"""
{_ROW} visit_by_day {_WITH}
WHERE v.day >= ? AND v.day <= ? AND v.appointment_at IS NOT NULL ORDER BY v.appointment_at, v.id"""
FROM_ORIGIN = (
    f"SELECT {VISIT} FROM visit INDEXED BY visit_by_origin WHERE origin = ? AND origin <> '' ORDER BY id LIMIT 1"
)
ONE = f"SELECT {VISIT} FROM visit INDEXED BY visit_by_id WHERE id = ?"
OPEN = f"""
SELECT {VISIT} FROM visit WHERE patient_id = ? AND day = ? AND state NOT IN {OVER}
ORDER BY state = 'expected', arrived_at, appointment_at, id LIMIT 1"""


def visit_of(row: tuple[Any, ...]) -> Visit:
    """Return the visit of a row of `VISIT`."""
    return Visit(
        patient_id=UUID(row[0]),
        id=UUID(row[1]),
        day=date.fromisoformat(row[2]),
        state=VisitState(row[3]),
        reason=Reason(row[4]),
        appointment_at=maybe_instant(row[5]),
        arrived_at=maybe_instant(row[6]),
        through=row[7],
        served_by=UUID(row[8]) if row[8] else None,
        minutes=row[9],
        link=row[10],
        origin=row[11],
    )


def one(connection: Connection, visit_id: UUID) -> Visit | None:
    """Return a visit."""
    row = connection.execute(ONE, (visit_id.hex,)).fetchone()
    return visit_of(row) if row else None


def open_one(connection: Connection, patient_id: UUID, day: date) -> Visit | None:
    """Return the patient's visit of that day that is not over; one under way before one expected."""
    row = connection.execute(OPEN, (patient_id.hex, day.isoformat())).fetchone()
    return visit_of(row) if row else None


def queue(connection: Connection, day: date) -> tuple[QueueRow, ...]:
    """Return the visits of a day, and what lingers of earlier days, in the order of their places."""
    rows = connection.execute(QUEUE, (day.isoformat(),)).fetchall()
    rows += connection.execute(LINGERING, (day.isoformat(),)).fetchall()
    return tuple(sorted(_queue_rows(rows), key=place))


def between(connection: Connection, first: date, last: date) -> tuple[QueueRow, ...]:
    """Return the visits of some days that have a time, by that time."""
    return _queue_rows(connection.execute(BETWEEN, (first.isoformat(), last.isoformat())).fetchall())


def from_origin(connection: Connection, origin: str) -> Visit | None:
    """Return the visit that came from somewhere."""
    row = connection.execute(FROM_ORIGIN, (origin,)).fetchone() if origin else None
    return visit_of(row) if row else None


_PERSON, _MORE = 12, 20
"""Where the patient's columns begin in a row of the queue, and what follows them."""


def _queue_rows(rows: list[tuple[Any, ...]]) -> tuple[QueueRow, ...]:
    people = {row[_PERSON]: (row[_PERSON + 1], row[_PERSON + 2]) for row in rows}
    names = Counter(people.values())
    return tuple(_queue_row(row, names) for row in rows)


def _queue_row(row: tuple[Any, ...], names: Counter[tuple[str, str]]) -> QueueRow:
    return QueueRow(
        visit=visit_of(row[:_PERSON]),
        patient=patient_of(row[_PERSON:_MORE]),
        card_number=row[_MORE] or "",
        card_expires=date.fromisoformat(row[_MORE + 1]) if row[_MORE + 1] else None,
        served_by_name=row[_MORE + 2] or "",
        is_known=bool(row[_MORE + 3]),
        shares_name=names[row[_PERSON + 1], row[_PERSON + 2]] > 1,
    )
