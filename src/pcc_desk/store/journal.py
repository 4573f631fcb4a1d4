"""The journal: insert-only, each entry sealed with a key the database does not hold, chained to the one before."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import AlreadyRecorded
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, micros

FIRST = bytes(32)
"""What the first entry is chained to."""

_LAST = "SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1"
_APPEND = "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ALL = "SELECT seq, id, at, by_person, counter, name, version, body, mac FROM journal ORDER BY seq"
_IS_RECORDED = "SELECT 1 FROM journal INDEXED BY journal_id WHERE id = ?"


def append(connection: Connection, key: bytes | bytearray, entry: Entry, act: Act) -> None:
    """Append an entry. Raises `AlreadyRecorded` when an act of that id is there."""
    last = connection.execute(_LAST).fetchone()
    seq, before = (last[0] + 1, last[1]) if last else (1, FIRST)
    body = codec.written(entry)
    row = (seq, act.id.hex, micros(act.at), act.by.hex, act.counter, entry.name, entry.version, body)
    try:
        connection.execute(_APPEND, (*row, _seal(key, before, row)))
    except sqlcipher.IntegrityError as error:
        raise AlreadyRecorded(f"The act {act.id} is on record already.") from error


def is_recorded(connection: Connection, act_id: UUID) -> bool:
    """Return whether an act of that id is in the journal."""
    return connection.execute(_IS_RECORDED, (act_id.hex,)).fetchone() is not None


def _seal(key: bytes | bytearray, before: bytes, row: tuple[object, ...]) -> bytes:
    """Return the seal of a row: over every column and the seal before, so that nothing can be changed or moved."""
    *columns, body = row
    sealed = "\x1f".join(str(each) for each in columns) + "\x1e" + str(body)
    return hmac.digest(bytes(key), before + sealed.encode(), "sha256")


@dataclass(frozen=True, slots=True)
class Broken:
    """The chain does not hold from this entry on."""

    seq: int
    why: str


def verify(connection: Connection, key: bytes | bytearray) -> int | Broken:
    """Return how many entries the chain holds, or the first at which it breaks."""
    before, expected = FIRST, 0
    for *row, mac in connection.execute(_ALL):
        expected += 1
        if row[0] != expected:
            return Broken(expected, f"entry {expected} is missing")
        if not isinstance(mac, bytes) or not hmac.compare_digest(mac, _seal(key, before, tuple(row))):
            return Broken(expected, f"entry {expected} was changed")
        before = mac
    return expected


def entries(connection: Connection) -> Iterator[tuple[Entry, Act]]:
    """Yield everything that happened, in order."""
    for _, act_id, at, by, counter, name, version, body, _ in connection.execute(_ALL):
        yield codec.read(name, version, body), Act(UUID(act_id), instant(at), UUID(by), counter)
