"""Whether a copy is good: it is restored into a scratch file, and everything that can be checked of it is."""

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.store import generations, journal
from pcc_desk.store.backups.folders import digest_of
from pcc_desk.store.backups.record import CopyRecord
from pcc_desk.store.backups.snapshots import Manifest, copy_into, manifest_of
from pcc_desk.store.connection import Connection, StoreDamaged, connect_beside
from pcc_desk.store.faults import Kind, StoreFault, kind_of
from pcc_desk.store.working_keys import WorkingKeys


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of a copy is whole: both checks of the database, every seal of its journal, every row's count."""

    manifest: Manifest


@dataclass(frozen=True, slots=True)
class NotRestored:
    """What came out of a copy is not what went in, or nothing came out. `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Into:
    """A new file that a copy is restored into."""

    path: Path
    key: bytes
    salt: bytes


def restored(record: CopyRecord, path: Path, copy_key: bytearray, into: Into) -> Restored | NotRestored:
    """Restore a copy into a new file under another key and check it; a file that is not good is left for the caller.

    Raises `OSError` where the new file cannot be written.
    """
    keys = record.journal_keys(copy_key)
    if not record.is_sealed_by(copy_key) or keys is None:
        return NotRestored("What is written beside the copy was changed.")
    if digest_of(path) != record.sha256:
        return NotRestored("The copy is not as it was when it was made: something in it was changed.")
    try:
        source = connect_beside(path, copy_key, record.database_salt, read_only=True)
        try:
            why = _first("The copy", source.execute("PRAGMA cipher_integrity_check"), good=())
            if not why:
                copy_into(source, into.path, into.key, into.salt, lambda: True)
        finally:
            source.close()
        return NotRestored(why) if why else _checked(record, into, keys)
    except StoreDamaged:
        return NotRestored("The copy does not open with its own key: it is damaged.")
    except (StoreFault, sqlcipher.DatabaseError) as error:
        kind = error.kind if isinstance(error, StoreFault) else kind_of(error, into.path)
        if kind in {Kind.FULL, Kind.TOO_LARGE}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(into.path)) from error
        return NotRestored(f"The copy cannot be read whole: {kind.value}.")


def _checked(record: CopyRecord, into: Into, keys: WorkingKeys) -> Restored | NotRestored:
    connection = connect_beside(into.path, into.key, into.salt, read_only=True)
    try:
        found = manifest_of(connection)
        why = (
            _first("The restored store", connection.execute("PRAGMA cipher_integrity_check"), good=())
            or _first("The restored store", connection.execute("PRAGMA integrity_check"), good=("ok",))
            or _differing(record, found)
            or _unchained(connection, keys, record)
        )
    finally:
        connection.close()
    return NotRestored(why) if why else Restored(found)


def _first(what: str, findings: Iterable[tuple[object, ...]], good: tuple[str, ...]) -> str:
    """Return a sentence on the first thing that a check found; empty when it found nothing."""
    told = [str(row[0]) for row in findings]
    if tuple(told) == good:
        return ""
    return f"{what} is damaged in {len(told)} places." if len(told) > 1 else f"{what} is damaged."


def _differing(record: CopyRecord, found: Manifest) -> str:
    if (found.seq, found.seal) != (record.seq, record.seal):
        return f"The journal ends at entry {found.seq} and not at entry {record.seq}, or not as it was sealed."
    other = sorted(
        name for name in record.counts.keys() | found.counts.keys() if record.counts.get(name) != found.counts.get(name)
    )
    return f"Rows are missing or too many in: {', '.join(other)}." if other else ""


def _unchained(connection: Connection, keys: WorkingKeys, record: CopyRecord) -> str:
    try:
        known = generations.chain_keys(connection, keys, record.key_generation)
    except StoreDamaged:
        return "The keys of earlier parts of its journal cannot be read."
    held = journal.verify(connection, known.at)
    if isinstance(held, journal.Broken):
        return f"The journal does not hold: {held.why}."
    return "" if held == record.seq else f"The journal has {held} entries and not {record.seq}."
