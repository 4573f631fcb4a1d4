"""Folding the journal from nothing, to tell whether the tables are what it gives.

A page of a table that somebody put back as it was earlier passes its own seal and every check of the database. Only the
journal, whose entries are chained, tells that it is older.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.store import journal, projection
from pcc_desk.store.connection import Connection
from pcc_desk.store.migrations import migrate
from pcc_desk.store.schema_search import INDEX_CONTENT, INDEX_TABLES

NOT_FOLDED = frozenset(
    {"journal", "schema_migration", "credential", "journal_generation", "vault_mark", *INDEX_TABLES} - {INDEX_CONTENT}
)
"""Tables that hold what no entry of the journal gives, or that lie otherwise each time they are made."""


def unlike_the_journal(connection: Connection) -> tuple[str, ...]:
    """Return which tables are not, row for row, what the journal gives. The fold is made in memory."""
    folded = sqlcipher.connect(":memory:", isolation_level=None)
    try:
        migrate(folded, datetime.now(UTC))
        folded.execute("BEGIN")
        for seq, (entry, act) in enumerate(journal.entries(connection), 1):
            projection.follow(folded, seq, entry, act)
        folded.execute("COMMIT")
        return tuple(name for name in _tables(connection) if not _are_alike(name, connection, folded))
    finally:
        folded.close()


def _tables(connection: Connection) -> Iterator[str]:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        if name not in NOT_FOLDED:
            yield name


def _are_alike(table: str, one: Connection, other: Connection) -> bool:
    return all(here == there for here, there in zip_longest(_rows(table, one), _rows(table, other)))


def _rows(table: str, connection: Connection) -> Iterator[tuple[Any, ...]]:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    key = ", ".join(name for _, name, *_, at in sorted(columns, key=lambda each: each[-1]) if at)
    return iter(connection.execute(f"SELECT * FROM {table} ORDER BY {key}"))  # noqa: S608 - a table of ours
