"""The journal: insert-only, each entry sealed with a key the database does not hold, chained to the one before."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import AlreadyRecorded
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, micros

FIRST = bytes(32)
"""What the first entry is chained to."""

KeyOf = Callable[[int], bytes | bytearray]
"""Return the key by which the entry of a number is sealed."""

_LAST = "SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1"
_APPEND = "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ALL = "SELECT seq, id, at, by_person, counter, name, version, body, mac FROM journal ORDER BY seq"
_ONE = "SELECT seq, id, at, by_person, counter, name, version, body, mac FROM journal WHERE seq = ?"
_IS_RECORDED = "SELECT 1 FROM journal INDEXED BY journal_id WHERE id = ?"

_SET_BACK = """
SELECT 1 FROM journal WHERE seq > (SELECT seq FROM journal INDEXED BY journal_id WHERE id = ?) AND at < ? LIMIT 1"""


def append(connection: Connection, key: bytes | bytearray, entry: Entry, act: Act) -> int:
    """Append an entry and return its number. Raises `AlreadyRecorded` when an act of that id is there."""
    last = connection.execute(_LAST).fetchone()
    seq, before = (last[0] + 1, last[1]) if last else (1, FIRST)
    body = codec.written(entry)
    row = (seq, act.id.hex, micros(act.at), act.by.hex, act.counter, entry.name, entry.version, body)
    try:
        connection.execute(_APPEND, (*row, seal(key, before, *row)))
    except sqlcipher.IntegrityError as error:
        raise AlreadyRecorded(f"The act {act.id} is on record already.") from error
    return seq


def head(connection: Connection) -> tuple[int, bytes]:
    """Return the number and the seal of the last entry; of an empty journal zero and what the first is chained to."""
    last = connection.execute(_LAST).fetchone()
    return (last[0], last[1]) if last else (0, FIRST)


def is_recorded(connection: Connection, act_id: UUID) -> bool:
    """Return whether an act of that id is in the journal."""
    return connection.execute(_IS_RECORDED, (act_id.hex,)).fetchone() is not None


def was_set_back(connection: Connection, act_id: UUID, before: datetime) -> bool:
    """Return whether an entry after that of an act is dated before an instant."""
    return connection.execute(_SET_BACK, (act_id.hex, micros(before))).fetchone() is not None


def seal(key: bytes | bytearray, before: bytes, *row: object) -> bytes:
    """Return the seal of a row: over every column and the seal before, so that nothing can be changed or moved."""
    *columns, body = row
    text = "\x1f".join(map(str, columns)) + f"\x1e{body}"
    return hmac.digest(key, before + text.encode(), "sha256")


def entries(connection: Connection) -> Iterator[tuple[Entry, Act]]:
    """Yield everything that happened, in order."""
    for _, act_id, at, by, counter, name, version, body, _ in connection.execute(_ALL):
        yield codec.read(name, version, body), Act(UUID(act_id), instant(at), UUID(by), counter)


class Breach(StrEnum):
    """What was done to a chain, as far as what is left of it tells."""

    CHANGED = "changed"
    DELETED = "deleted"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Broken:
    """The chain does not hold from this entry on."""

    seq: int
    why: str
    breach: Breach = Breach.CHANGED


def verify(connection: Connection, key: bytes | bytearray | KeyOf) -> int | Broken:
    """Return how many entries the chain holds, or the first at which it breaks and what was done there."""
    key_of: KeyOf = key if callable(key) else lambda _: key
    digest, same = hmac.digest, hmac.compare_digest
    before, expected = FIRST, 0
    try:
        for seq, act_id, at, by, counter, name, version, body, mac in connection.execute(_ALL):
            expected += 1
            if seq != expected:
                return Broken(expected, f"entry {expected} is missing", Breach.DELETED)
            text = f"{seq}\x1f{act_id}\x1f{at}\x1f{by}\x1f{counter}\x1f{name}\x1f{version}\x1e{body}"
            sealed = digest(key_of(seq), before + text.encode(), "sha256")
            if not isinstance(mac, bytes) or not same(mac, sealed):
                return _diagnosed(connection, key_of, seq)
            before = mac
    except (UnicodeError, sqlcipher.OperationalError) as error:
        unreadable = _first_unreadable(connection, expected)
        if unreadable is None:
            raise error from None
        return Broken(unreadable, f"entry {unreadable} was changed")
    return expected


def _first_unreadable(connection: Connection, after: int) -> int | None:
    """Return the first entry whose text is none; it may lie a little behind where reading stopped."""
    for seq in range(after + 1, after + 4):
        try:
            connection.execute(_ONE, (seq,)).fetchall()
        except (UnicodeError, sqlcipher.OperationalError) as error:
            if isinstance(error, UnicodeError) or "decode" in str(error).lower():
                return seq
    return None


def _diagnosed(connection: Connection, key_of: KeyOf, at: int) -> Broken:
    """Return what was done to an entry whose seal does not hold, by looking where it would hold.

    An entry that holds in another place came from there. Where what follows holds as the entry after next, one was
    taken out and the gap closed. In every other case it counts as changed.
    """
    kept = connection.execute(_ALL).fetchall()
    seals = {row[0]: row[-1] for row in kept if isinstance(row[-1], bytes)} | {0: FIRST}
    here = kept[at - 1]
    for seq in range(1, len(kept) + 2):
        for before in (seq - 1, seq, seq + 1):
            if seq != at and before in seals and _holds(key_of, seals[before], seq, here):
                return Broken(at, f"where entry {at} belongs stands entry {seq}", Breach.MOVED)
    if at < len(kept) and at in seals:
        for skipped in range(1, len(kept) + 1):
            if _holds(key_of, seals[at], at + 1 + skipped, kept[at]):
                return Broken(at, f"{_entries(skipped)} before entry {at} were taken out", Breach.DELETED)
    return Broken(at, f"entry {at} was changed")


def _entries(number: int) -> str:
    return f"{number} or more entries" if number > 1 else "one or more entries"


def _holds(key_of: KeyOf, before: bytes, seq: int, row: tuple[object, ...]) -> bool:
    mac = row[-1]
    sealed = seal(key_of(seq), before, seq, *row[1:-1])
    return isinstance(mac, bytes) and hmac.compare_digest(mac, sealed)
