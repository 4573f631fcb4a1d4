"""Applies entries about appointments and the morning check to their tables; `projection` calls it."""

from pcc_desk.domain.entries import Act, VisitMoved
from pcc_desk.domain.visit_entries import AppointmentMoved, BriefPrinted, MorningChecked, MorningsExplained
from pcc_desk.domain.visits import Visit, VisitState
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import maybe_micros, micros

GIVE_HOLD_BACK = "UPDATE hold SET is_open = 0 WHERE patient_id = ? AND visit_id = ?"


def put(connection: Connection, visit: Visit) -> None:
    """Put a visit there, in the place of what was known of it."""
    connection.execute(
        "INSERT OR REPLACE INTO visit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            visit.patient_id.hex,
            visit.id.hex,
            visit.day.isoformat(),
            visit.state.value,
            visit.reason.value,
            maybe_micros(visit.appointment_at),
            maybe_micros(visit.arrived_at),
            visit.through,
            visit.served_by.hex if visit.served_by else None,
            visit.minutes,
            visit.link,
            visit.origin,
        ),
    )


def moved(entry: VisitMoved, connection: Connection, act: Act) -> None:
    """Bring a visit into another state; with the patient's arrival they begin to wait, with its end nothing is held."""
    key = entry.patient_id.hex, entry.visit_id.hex
    connection.execute(
        "UPDATE visit SET state = ?, served_by = ? WHERE patient_id = ? AND id = ?",
        (entry.state.value, entry.served_by.hex if entry.served_by else None, *key),
    )
    if entry.state is VisitState.ARRIVED:
        connection.execute(
            "UPDATE visit SET arrived_at = ? WHERE patient_id = ? AND id = ? AND arrived_at IS NULL",
            (micros(act.at), *key),
        )
    if entry.state.is_over:
        connection.execute(GIVE_HOLD_BACK, key)


def rebooked(entry: AppointmentMoved, connection: Connection, act: Act) -> None:
    """Put an appointment to another time, and for something else where it says so."""
    connection.execute(
        "UPDATE visit SET day = ?, appointment_at = ?, minutes = ?, link = ?, reason = coalesce(?, reason)"
        " WHERE patient_id = ? AND id = ?",
        (
            entry.day.isoformat(),
            micros(entry.appointment_at),
            entry.minutes,
            entry.link,
            entry.reason.value if entry.reason is not None else None,
            entry.patient_id.hex,
            entry.visit_id.hex,
        ),
    )


def checked(entry: MorningChecked, connection: Connection, act: Act) -> None:
    """Remember who did the check of a day; what they saw is the journal's."""
    row = (entry.day.isoformat(), micros(act.at), act.id.hex, act.by.hex)
    connection.execute("INSERT INTO morning_check VALUES (?, ?, ?, ?)", row)


def explained(entry: MorningsExplained, connection: Connection, act: Act) -> None:
    """Remember of which mornings somebody said why nobody did the check."""
    for day in entry.days:
        row = (day.isoformat(), micros(act.at), act.id.hex, act.by.hex, entry.why)
        connection.execute("INSERT OR IGNORE INTO morning_missed VALUES (?, ?, ?, ?, ?)", row)


def printed(entry: BriefPrinted, connection: Connection, act: Act) -> None:
    """Change no table: the journal's line is what there is to keep."""
