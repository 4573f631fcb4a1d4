"""What is on record of copies, as rows."""

from pcc_desk.domain.backups import (
    BackupFailed,
    BackupMade,
    BackupNotProved,
    BackupOnRecord,
    BackupProved,
    BackupsRemoved,
    Second,
)
from pcc_desk.domain.entries import Act
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, maybe_instant, micros

_KNOW = "INSERT OR IGNORE INTO backup VALUES (?, ?, ?, '', NULL, '')"
"""A copy that was made just before its store was shut is known by its proof alone."""

NEWEST = """
SELECT copy, made_at, second, second_why, proved_at, failed FROM backup
ORDER BY made_at DESC, copy DESC"""


def made(entry: BackupMade, connection: Connection, act: Act) -> None:
    """Keep that a copy was made."""
    connection.execute(
        "INSERT OR REPLACE INTO backup VALUES (?, ?, ?, ?, NULL, '')",
        (entry.copy, micros(entry.made_at), entry.second.value, entry.why),
    )


def failed(entry: BackupFailed, connection: Connection, act: Act) -> None:
    """Change no table: there is no copy to know of."""


def proved(entry: BackupProved, connection: Connection, act: Act) -> None:
    """Keep that a copy is good."""
    connection.execute(_KNOW, (entry.copy, micros(entry.made_at), Second.NOT_SET.value))
    connection.execute("UPDATE backup SET proved_at = ?, failed = '' WHERE copy = ?", (micros(act.at), entry.copy))


def not_proved(entry: BackupNotProved, connection: Connection, act: Act) -> None:
    """Keep that a copy is not good."""
    connection.execute(_KNOW, (entry.copy, micros(entry.made_at), Second.NOT_SET.value))
    connection.execute("UPDATE backup SET proved_at = NULL, failed = ? WHERE copy = ?", (entry.why, entry.copy))


def removed(entry: BackupsRemoved, connection: Connection, act: Act) -> None:
    """Forget copies that are gone."""
    connection.executemany("DELETE FROM backup WHERE copy = ?", [(each,) for each in entry.copies])


def newest(connection: Connection) -> tuple[BackupOnRecord, ...]:
    """Return the copies that are on record, newest first."""
    return tuple(
        BackupOnRecord(row[0], instant(row[1]), Second(row[2]), row[3], maybe_instant(row[4]), row[5])
        for row in connection.execute(NEWEST)
    )
