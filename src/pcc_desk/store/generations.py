"""Which key sealed which part of the journal: with the database key the key of the seals changes too.

The keys of earlier parts lie in the database, enciphered under the present database key. A row is readable `under` one
generation of it; the key of a generation sealed what is on record from `first_seq` on.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass

from pcc_desk.store.connection import Connection, StoreDamaged
from pcc_desk.store.vault import unwrap, wrap
from pcc_desk.store.working_keys import WorkingKeys

_READ = "SELECT generation, first_seq, wrapped FROM journal_generation WHERE under = ? ORDER BY generation"
_PUT = "INSERT OR REPLACE INTO journal_generation VALUES (?, ?, ?, ?)"
_DROP = "DELETE FROM journal_generation WHERE under <> ?"
_IS_PREPARED = "SELECT 1 FROM journal_generation WHERE under = ? LIMIT 1"
_NEXT_SEQ = "SELECT coalesce(max(seq), 0) + 1 FROM journal"


@dataclass(frozen=True, slots=True)
class ChainKeys:
    """The keys that sealed the journal, by the first entry of each, oldest first."""

    firsts: tuple[int, ...]
    keys: tuple[bytes, ...]

    def at(self, seq: int) -> bytes:
        """Return the key that sealed an entry."""
        return self.keys[max(bisect_right(self.firsts, seq) - 1, 0)]


def chain_keys(connection: Connection, keys: WorkingKeys, key_generation: int) -> ChainKeys:
    """Return the keys of the whole journal. Raises `StoreDamaged` when one cannot be read."""
    firsts, found = [], []
    for generation, first_seq, wrapped in connection.execute(_READ, (key_generation,)):
        key = bytes(keys.audit) if generation == key_generation else _unwrapped(wrapped, keys, generation)
        firsts.append(first_seq)
        found.append(key)
    return ChainKeys(tuple(firsts), tuple(found)) if found else ChainKeys((1,), (bytes(keys.audit),))


def _unwrapped(wrapped: str, keys: WorkingKeys, generation: int) -> bytes:
    try:
        key = unwrap(json.loads(wrapped), keys.chain, _bound(generation))
    except ValueError:
        key = None
    if key is None:
        raise StoreDamaged("The key of an earlier part of the journal cannot be read. Restore the last backup.")
    return bytes(key)


def is_prepared(connection: Connection, key_generation: int) -> bool:
    """Return whether the keys of earlier parts lie there already as the next generation reads them."""
    return connection.execute(_IS_PREPARED, (key_generation,)).fetchone() is not None


def prepare(
    connection: Connection,
    keys: WorkingKeys,
    following: WorkingKeys,
    key_generation: int,
    after: int | None = None,
) -> None:
    """Put the keys of all parts there as a later generation will read them, whose part begins with the next entry.

    `after` is that generation, the next one where it is left out.
    """
    known = chain_keys(connection, keys, key_generation)
    after = key_generation + 1 if after is None else after
    first = after - len(known.firsts)
    for generation, (first_seq, key) in enumerate(zip(known.firsts, known.keys, strict=True), start=first):
        wrapped = json.dumps(wrap(key, following.chain, _bound(generation)))
        connection.execute(_PUT, (after, generation, first_seq, wrapped))
    connection.execute(_PUT, (after, after, connection.execute(_NEXT_SEQ).fetchone()[0], ""))


def forget_others(connection: Connection, key_generation: int) -> None:
    """Drop what only another database key reads."""
    connection.execute(_DROP, (key_generation,))


def _bound(generation: int) -> bytes:
    return f"journal {generation}".encode()
