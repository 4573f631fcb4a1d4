"""The queue of a day, and single visits."""

from datetime import date
from typing import Any
from uuid import UUID

from pcc_desk.domain.visits import QueueRow, Reason, Visit, VisitState
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import maybe_instant
from pcc_desk.store.queries.patients import PATIENT, patient_of

VISIT = "patient_id, id, day, state, reason, appointment_at, arrived_at, through, served_by"
_VISIT = ", ".join(f"v.{each}" for each in VISIT.split(", "))
_PATIENT = ", ".join(f"p.{each}" for each in PATIENT.split(", "))

QUEUE = f"""
SELECT {_VISIT}, {_PATIENT}, c.number, c.expires_on, s.name,
       EXISTS (SELECT 1 FROM dispensation d WHERE d.patient_id = v.patient_id)
FROM visit v INDEXED BY visit_by_day
CROSS JOIN patient p ON p.id = v.patient_id
LEFT JOIN card c ON c.patient_id = v.patient_id AND c.number_key = (
    SELECT b.number_key FROM card b WHERE b.patient_id = v.patient_id
    ORDER BY b.holder = 'caregiver', b.renewed_as <> '', b.expires_on DESC, b.number_key LIMIT 1)
LEFT JOIN staff s ON s.id = v.served_by
WHERE v.day = ?"""
ONE = f"SELECT {VISIT} FROM visit INDEXED BY visit_by_id WHERE id = ?"
OPEN = f"""
SELECT {VISIT} FROM visit WHERE patient_id = ? AND day = ? AND state NOT IN ('done', 'left')
ORDER BY state = 'expected', arrived_at, appointment_at, id LIMIT 1"""

_ORDER = {
    VisitState.WAITING: 0,
    VisitState.WITH_COORDINATOR: 1,
    VisitState.PARKED: 2,
    VisitState.DONE: 3,
    VisitState.LEFT: 4,
    VisitState.EXPECTED: 5,
}


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
    """Return the visits of a day in the order in which the coordinator goes through them."""
    rows = connection.execute(QUEUE, (day.isoformat(),)).fetchall()
    names = [(row[10], row[11]) for row in rows]
    people = {row[9]: (row[10], row[11]) for row in rows}
    shared = {name for name in names if sum(each == name for each in people.values()) > 1}
    return tuple(sorted((_queue_row(row, shared) for row in rows), key=_place))


def _queue_row(row: tuple[Any, ...], shared: set[tuple[str, str]]) -> QueueRow:
    return QueueRow(
        visit=visit_of(row[:9]),
        patient=patient_of(row[9:17]),
        card_number=row[17] or "",
        card_expires=date.fromisoformat(row[18]) if row[18] else None,
        served_by_name=row[19] or "",
        is_known=bool(row[20]),
        shares_name=(row[10], row[11]) in shared,
    )


def _place(row: QueueRow) -> tuple[int, float, str, str]:
    visit = row.visit
    at = visit.appointment_at if visit.state is VisitState.EXPECTED else visit.arrived_at
    return _ORDER[visit.state], at.timestamp() if at else 0.0, row.patient.family_name, visit.id.hex
