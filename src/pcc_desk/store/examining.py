"""The whole store looked at: each page by its seal, the tree of pages, every entry of the journal. Writes no entry.

Both checks of the database are run: one misses a file that was cut between two pages, the other what was added to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.domain.backups import BackupState, newest_proved
from pcc_desk.store import journal, marks
from pcc_desk.store.anchor import Agrees, Anchors, FilePlace, Place
from pcc_desk.store.backups.folders import BACKUPS_FOLDER, CopyFolder
from pcc_desk.store.connection import STORE_FILE, Connection, connect
from pcc_desk.store.elsewhere import Heard, elsewhere_words, heard
from pcc_desk.store.faults import kind_of
from pcc_desk.store.folding import unlike_the_journal
from pcc_desk.store.generations import chain_keys
from pcc_desk.store.key_change import opened_with_either
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.migrations import is_current
from pcc_desk.store.vault import Opened, SlotFile, load
from pcc_desk.store.working_keys import WorkingKeys


@dataclass(frozen=True, slots=True)
class Examined:
    """What one check came to. `complaint` is a clause; empty when all is well."""

    check: str
    """pages, tree, journal, tables, anchor, keyring, slots, copies."""
    complaint: str
    counted: int = 0
    remark: str = ""
    """What is to be known of it besides, as a sentence."""


def examine_store(folder: Path, opened: Opened, second_place: Place | None = None) -> tuple[Examined, ...]:
    """Run every check of a store that nobody has open. The key in `opened` is wiped.

    What the log holds is moved into the file first: the seals are checked in the file alone. Raises `StoreInUse`,
    `StoreDamaged` or `StoreFault` when it does not even open.
    """
    try:
        lock = FolderLock(folder)
    except BaseException:
        opened.wipe()
        raise
    try:
        connection = opened_with_either(folder / STORE_FILE, opened, connect)
        keys = WorkingKeys.derived_from(opened.key)
        try:
            return tuple(_examined(connection, keys, opened, folder, second_place))
        finally:
            connection.close()
            keys.wipe()
    finally:
        opened.wipe()
        lock.release()


def _examined(
    connection: Connection, keys: WorkingKeys, opened: Opened, folder: Path, second_place: Place | None
) -> Iterator[Examined]:
    path = folder / STORE_FILE

    def guarded(name: str, look: Callable[[], tuple[str, int]]) -> Examined:
        try:
            return Examined(name, *look())
        except (sqlcipher.Error, UnicodeError) as error:
            return Examined(name, f"it cannot be read to its end: {kind_of(error, path)}")

    yield guarded("pages", lambda: _pages(connection))
    yield guarded("tree", lambda: _tree(connection))
    yield guarded("journal", lambda: _journal(connection, keys, opened.key_generation))
    if not _is_todays(connection):
        return
    yield guarded("tables", lambda: _tables(connection))
    yield guarded("anchor", lambda: _anchor(connection, keys, folder))
    if second_place is not None:
        yield _elsewhere(connection, keys, heard(second_place))
    yield guarded("slots", lambda: _slots(connection, opened))
    yield guarded("copies", lambda: _copies(connection, folder))


def _is_todays(connection: Connection) -> bool:
    """Whether the rest can be asked: what an older version left gets today's shape when the desk opens it."""
    try:
        return is_current(connection)
    except sqlcipher.Error:
        return False


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


def _tables(connection: Connection) -> tuple[str, int]:
    return ", ".join(unlike_the_journal(connection)), 0


def _anchor(connection: Connection, keys: WorkingKeys, folder: Path) -> tuple[str, int]:
    found = Anchors([FilePlace(folder)], keys.anchor).look(connection)
    return ("", 0) if isinstance(found, Agrees) else (found.reason, 0)


def _elsewhere(connection: Connection, keys: WorkingKeys, told: Heard) -> Examined:
    """Return how the journal stands to what the keyring of this computer knows."""
    if told.silence:
        return Examined("keyring", "", remark=f"Not compared with what this computer's keyring knows. {told.silence}")
    was_kept = marks.is_known(connection, marks.KEPT_ELSEWHERE)
    found = Anchors([], keys.anchor).judge(connection, told.text, was_kept=was_kept)
    if told.text is None and isinstance(found, Agrees):
        return Examined("keyring", "", remark="This computer's keyring knows nothing of the record yet.")
    return Examined("keyring", elsewhere_words(found).words)


def _slots(connection: Connection, opened: Opened) -> tuple[str, int]:
    found = marks.troubles(connection, opened)
    return (f"Somebody touched who can open the store: {', '.join(found)}", 0) if found else ("", 0)


def _copies(connection: Connection, folder: Path) -> tuple[str, int]:
    """Return what is wrong with the copies in the shop's own folder, or the age of the newest good one in hours."""
    file = load(folder)
    listed = CopyFolder(folder / BACKUPS_FOLDER).whole(file.vault) if isinstance(file, SlotFile) else ()
    proved = frozenset(each.copy for each in SqlLedger(connection, None).backups() if each.proved_at is not None)
    newest = newest_proved((each.on_disk for each in listed), proved)
    state = BackupState(newest.made_at if newest else None)
    age = state.age(datetime.now(UTC))
    if age is None:
        return "There is no copy of the record that was proved", 0
    hours = int(age.total_seconds()) // 3600
    return (f"The newest copy that was proved is {hours} h old" if state.is_late(datetime.now(UTC)) else "", hours)


def _journal(connection: Connection, keys: WorkingKeys, key_generation: int) -> tuple[str, int]:
    held = journal.verify(connection, chain_keys(connection, keys, key_generation).at)
    return (held.why, held.seq) if isinstance(held, journal.Broken) else ("", held)
