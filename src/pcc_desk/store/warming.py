"""What a search looks through, read once behind the first place: pages that were decrypted before are found at once."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from pcc_desk.store.connection import Connection
from pcc_desk.store.faults import StoreFault, is_of_the_database

if TYPE_CHECKING:
    from pcc_desk.store.engine import EncryptedStore

FAMILIES = """
SELECT family_key, given_key, id FROM patient INDEXED BY patient_by_family
WHERE (family_key, given_key, id) > (?, ?, ?) ORDER BY family_key, given_key, id LIMIT ?"""
GIVEN = """
SELECT given_key, family_key, id FROM patient INDEXED BY patient_by_given
WHERE (given_key, family_key, id) > (?, ?, ?) ORDER BY given_key, family_key, id LIMIT ?"""
BIRTHS = """
SELECT born, family_key, given_key, id FROM patient INDEXED BY patient_by_birth
WHERE (born, family_key, given_key, id) > (?, ?, ?, ?) ORDER BY born, family_key, given_key, id LIMIT ?"""
PATIENTS = "SELECT id FROM patient WHERE id > ? ORDER BY id LIMIT ?"
INSIDE = "SELECT rowid FROM name_inside WHERE rowid > CAST(? AS INTEGER) ORDER BY rowid LIMIT ?"
ALL = ((FAMILIES, 3), (INSIDE, 1), (GIVEN, 3), (BIRTHS, 4), (PATIENTS, 1))
"""Each with how many columns tell where to go on."""

AT_ONCE = 1000
"""Rows read in one go, some milliseconds: whoever types meanwhile waits no longer than that."""
PAUSE_S = 0.002
MOST = 150_000
"""Rows of each kind. More pages than those hold are not kept in memory."""


async def warm(store: "EncryptedStore") -> int:
    """Read what a search looks through, piece by piece between other work; return how many rows.

    What cannot be read is left to whoever asks for it, and is told to them.
    """
    count = 0
    with suppress(RuntimeError, StoreFault):  # the store was closed meanwhile, or is gone after a fault of the disk
        for query, columns in ALL:
            after: tuple[str | int, ...] = ("",) * columns
            for _ in range(MOST // AT_ONCE):
                found = await store.read_ahead(partial(_rows, query, after))
                count += len(found)
                if len(found) < AT_ONCE:
                    break
                after = found[-1]
                await asyncio.sleep(PAUSE_S)
    return count


def _rows(query: str, after: tuple[str | int, ...], connection: Connection) -> list[tuple[str | int, ...]]:
    try:
        found: list[tuple[str | int, ...]] = connection.execute(query, (*after, AT_ONCE)).fetchall()
    except Exception as error:
        if not is_of_the_database(error):
            raise
        return []
    return found
