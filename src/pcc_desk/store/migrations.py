"""Numbered steps from an empty database to today's schema, each applied with its own record in one transaction."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.people_entries import MergeUndone, PatientsMerged
from pcc_desk.domain.typed_people import phone_key
from pcc_desk.store import journal, search_rows, trail
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros
from pcc_desk.store.queries import patients
from pcc_desk.store.schema import SCHEMA_1, SCHEMA_2, SCHEMA_3, SCHEMA_4, SCHEMA_5, SCHEMA_COPIES, SCHEMA_FORM_DRAFTS
from pcc_desk.store.schema_alarms import SCHEMA_ALARMS, SCHEMA_ALARMS_SEEN
from pcc_desk.store.schema_closing import SCHEMA_CLOSING
from pcc_desk.store.schema_keys import SCHEMA_STAFF_AND_KEYS, SCHEMA_VAULT_MARKS
from pcc_desk.store.schema_parted import SCHEMA_PARTED
from pcc_desk.store.schema_people import SCHEMA_PEOPLE
from pcc_desk.store.schema_pos import SCHEMA_POS
from pcc_desk.store.schema_search import SCHEMA_FOUND, SCHEMA_SEARCH
from pcc_desk.store.schema_visits import SCHEMA_MORNINGS, SCHEMA_VISITS


class NewerSchema(DeskError):
    """The store was written by a newer version of the desk."""


def _running(script: str) -> Callable[[Connection], None]:
    """Return a step that runs every statement of a script."""

    def run(connection: Connection) -> None:
        for statement in _statements(script):
            connection.execute(statement)

    return run


def _tell_events(connection: Connection) -> None:
    """Make the tables of the audit, and fill that of the events from what the journal holds already."""
    _running(SCHEMA_5)(connection)
    for seq, (entry, act) in enumerate(journal.entries(connection), 1):
        trail.keep(connection, seq, entry, act)


def _know_people(connection: Connection) -> None:
    """Make the tables about people, and let those who are on record already be found by telephone."""
    _running(SCHEMA_PEOPLE)(connection)
    for patient_id, phone in connection.execute("SELECT id, phone FROM patient").fetchall():
        if phone_key(phone):
            connection.execute("INSERT INTO patient_phone VALUES (?, ?)", (patient_id, phone_key(phone)))


def _find_inside(connection: Connection) -> None:
    """Let those who are on record already be found by any part of their names."""
    _running(SCHEMA_SEARCH)(connection)
    last: UUID | None = None
    while some := patients.after(connection, last, 1000):
        for each in some:
            search_rows.keep(connection, each)
        last = some[-1].id


def _remember_partings(connection: Connection) -> None:
    """Keep from when to when records counted as one person's, of those that the journal has parted already."""
    _running(SCHEMA_PARTED)(connection)
    merged: dict[tuple[UUID, UUID], datetime] = {}
    for entry, act in journal.entries(connection):
        match entry:
            case PatientsMerged():
                merged = {key: at for key, at in merged.items() if key[0] != entry.merged_id}
                merged[entry.merged_id, entry.patient_id] = act.at
            case MergeUndone() if (since := merged.pop((entry.merged_id, entry.patient_id), None)) is not None:
                row = (entry.merged_id.hex, entry.patient_id.hex, micros(since), micros(act.at))
                connection.execute("INSERT OR REPLACE INTO parted VALUES (?, ?, ?, ?)", row)


MIGRATIONS: tuple[tuple[int, str, Callable[[Connection], None]], ...] = (
    (1, "create every table", _running(SCHEMA_1)),
    (2, "keep entitlements, rules and holds", _running(SCHEMA_2)),
    (3, "keep corrections and voids, and what keeps a post", _running(SCHEMA_3)),
    (4, "keep outages and announced exceptions", _running(SCHEMA_4)),
    (5, "keep who did what to whom, reviews and disclosures", _tell_events),
    (6, "keep who left, and the keys of earlier parts of the journal", _running(SCHEMA_STAFF_AND_KEYS)),
    (7, "keep what is known of copies", _running(SCHEMA_COPIES)),
    (8, "keep drafts of every form", _running(SCHEMA_FORM_DRAFTS)),
    (9, "remember how far the vault's files came", _running(SCHEMA_VAULT_MARKS)),
    (10, "keep what was decided and signed at the end of a day", _running(SCHEMA_CLOSING)),
    (11, "keep appointments and morning checks", _running(SCHEMA_VISITS)),
    (12, "keep who people are", _know_people),
    (13, "keep what the columns of reports mean", _running(SCHEMA_POS)),
    (14, "find names by what is in them", _find_inside),
    (15, "keep which records counted as one person's", _remember_partings),
    (16, "keep what has to be done at once for a patient", _running(SCHEMA_ALARMS)),
    (17, "keep who saw to it", _running(SCHEMA_ALARMS_SEEN)),
    (18, "keep why nobody did the check of a morning", _running(SCHEMA_MORNINGS)),
    (19, "list who is found from the index alone", _running(SCHEMA_FOUND)),
)
"""Number, name, and what is done. A step that was released is never changed."""


def migrate(connection: Connection, at: datetime) -> int:
    """Bring a database to today's schema. Return the number of steps taken. Raises `NewerSchema`."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration "
        "(number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)"
    )
    last = int(connection.execute("SELECT coalesce(max(number), 0) FROM schema_migration").fetchone()[0])
    newest = MIGRATIONS[-1][0]
    if last > newest:
        raise NewerSchema(
            f"This store was written by a newer version of the desk (schema {last}; this one knows {newest}). "
            "Install the newer version; nothing was changed."
        )
    for number, name, step in MIGRATIONS[last:]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            step(connection)
            connection.execute("INSERT INTO schema_migration VALUES (?, ?, ?)", (number, name, micros(at)))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return newest - last


def is_current(connection: Connection) -> bool:
    """Return whether a database has today's schema. Writes nothing."""
    last = connection.execute("SELECT coalesce(max(number), 0) FROM schema_migration").fetchone()[0]
    return int(last) == MIGRATIONS[-1][0]


def _statements(script: str) -> list[str]:
    """Split a script into statements; one that makes a trigger ends with its own END."""
    statements: list[str] = []
    part = ""
    for line in script.strip().splitlines():
        part += line + "\n"
        is_whole = line.endswith("END;") if part.lstrip().startswith("CREATE TRIGGER") else line.endswith(";")
        if is_whole:
            statements.append(part.strip().removesuffix(";"))
            part = ""
    return statements
