"""The whole store looked at: each page by its seal, the tree of pages, every entry of the journal. Writes no entry.

Both checks of the database are run: one misses a file that was cut between two pages, the other what was added to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.store import journal
from pcc_desk.store.connection import STORE_FILE, Connection, connect
from pcc_desk.store.faults import kind_of
from pcc_desk.store.generations import chain_keys
from pcc_desk.store.key_change import opened_with_either
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.vault import Opened
from pcc_desk.store.working_keys import WorkingKeys


@dataclass(frozen=True, slots=True)
class Examined:
    """What one check came to. `complaint` is a clause; empty when all is well."""

    check: str
    """pages, tree, journal."""
    complaint: str
    counted: int = 0


def examine_store(folder: Path, opened: Opened) -> tuple[Examined, ...]:
    """Run every check of a store that nobody has open. The key in `opened` is wiped.

    What the log holds is moved into the file first: the seals are checked in the file alone. Raises `StoreInUse`,
    `StoreDamaged` or `StoreFault` when it does not even open.
    """
    lock = FolderLock(folder)
    try:
        connection = opened_with_either(folder / STORE_FILE, opened, connect)
        keys = WorkingKeys.derived_from(opened.key)
        try:
            return tuple(_examined(connection, keys, opened.key_generation, folder / STORE_FILE))
        finally:
            connection.close()
            keys.wipe()
    finally:
        opened.wipe()
        lock.release()


def _examined(connection: Connection, keys: WorkingKeys, key_generation: int, path: Path) -> Iterator[Examined]:
    def guarded(name: str, look: Callable[[], tuple[str, int]]) -> Examined:
        try:
            return Examined(name, *look())
        except (sqlcipher.Error, UnicodeError) as error:
            return Examined(name, f"it cannot be read to its end: {kind_of(error, path)}")

    yield guarded("pages", lambda: _pages(connection))
    yield guarded("tree", lambda: _tree(connection))
    yield guarded("journal", lambda: _journal(connection, keys, key_generation))


def _pages(connection: Connection) -> tuple[str, int]:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    complaints = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    if not complaints:
        return "", pages
    more = f", and {len(complaints) - 1} more" if len(complaints) > 1 else ""
    return f"{complaints[0][0]}{more}", pages


def _tree(connection: Connection) -> tuple[str, int]:
    said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return ("", 0) if said == ["ok"] else (said[0].splitlines()[0], 0)


def _journal(connection: Connection, keys: WorkingKeys, key_generation: int) -> tuple[str, int]:
    held = journal.verify(connection, chain_keys(connection, keys, key_generation).at)
    return (held.why, held.seq) if isinstance(held, journal.Broken) else ("", held)
