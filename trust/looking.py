"""What lies in a store after something happened to it, and whether every act in it is whole and there once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from pcc_desk.store import journal
from pcc_desk.store.connection import STORE_FILE, Connection, connect
from pcc_desk.store.folding import unlike_the_journal
from pcc_desk.store.vault import derived
from trust.shop import KEY, SALT


@dataclass(slots=True)
class Seen:
    """What was found. `wrong` holds a sentence for each thing that must not be."""

    acts: list[UUID]
    wrong: list[str] = field(default_factory=list)


def look(folder: Path, key: bytes = KEY, salt: bytes = SALT, *, is_thorough: bool = False) -> Seen:
    """Open a store as after a crash and look whether it is sound. `is_thorough`: fold the whole journal too."""
    connection = connect(folder / STORE_FILE, key, salt)
    try:
        return _looked(connection, key, is_thorough=is_thorough)
    finally:
        connection.close()


def _looked(connection: Connection, key: bytes, *, is_thorough: bool) -> Seen:
    seen = Seen([UUID(each) for (each,) in connection.execute("SELECT id FROM journal ORDER BY seq")])
    chain = journal.verify(connection, derived(key, "audit"))
    if chain != len(seen.acts):
        seen.wrong.append(f"the chain: {chain}")
    if len(set(seen.acts)) != len(seen.acts):
        seen.wrong.append("an act is there twice")
    if [row[0] for row in connection.execute("PRAGMA integrity_check")] != ["ok"]:
        seen.wrong.append("the tree check complains")
    seen.wrong += _torn(connection)
    if is_thorough:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if connection.execute("PRAGMA cipher_integrity_check").fetchall():
            seen.wrong.append("the seal of a page does not hold")
        seen.wrong += [f"table {name} is not what the journal gives" for name in unlike_the_journal(connection)]
    return seen


DISPENSED = "SELECT id, body FROM journal WHERE name = 'dispensation.recorded'"
LINES = "SELECT count(*) FROM dispensed_line WHERE dispensation_id = ?"
ROWS = "SELECT count(*), sum(posting <> '') FROM dispensation WHERE id = ?"
EVENTS = "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM journal)"


def _torn(connection: Connection) -> list[str]:
    """Return which dispensings are there in part: a row, its lines, its posting, its entry, its event go together."""
    wrong = []
    entries = connection.execute(DISPENSED).fetchall()
    for act_id, body in entries:
        given = json.loads(body)["dispensation"]
        number = UUID(given["id"]).hex
        row, posted = connection.execute(ROWS, (number,)).fetchone()
        (lines,) = connection.execute(LINES, (number,)).fetchone()
        if (row, posted, lines) != (1, 1, len(given["lines"])):
            wrong.append(f"dispensing {act_id}: {row} rows, {lines} lines, {posted} postings")
    (rows,) = connection.execute("SELECT count(*) FROM dispensation").fetchone()
    if rows != len(entries):
        wrong.append(f"{rows} dispensings beside {len(entries)} entries")
    events, acts = connection.execute(EVENTS).fetchone()
    if events != acts:
        wrong.append(f"{events} events beside {acts} entries")
    return wrong


def lost(acknowledged: Iterable[UUID], seen: Seen) -> list[str]:
    """Return which acts were said to be saved and are not there."""
    there = set(seen.acts)
    return [f"{each} was acknowledged and is gone" for each in acknowledged if each not in there]
