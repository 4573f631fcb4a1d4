"""Changing the database key, so that whoever left cannot open the store as it is from now on.

    the slots hold both keys -> the database is enciphered anew -> the slots hold the new key only

A kill at any point leaves a store that one of the two keys opens, and everybody who stays has both. Whoever opens it
next finishes what was begun.
"""

from collections.abc import Callable
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.domain.entries import Act
from pcc_desk.domain.staff_entries import KeyChanged
from pcc_desk.store import generations
from pcc_desk.store.connection import Connection, StoreDamaged, key_spec
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.vault import Opened
from pcc_desk.store.vault.staffing import finish_key_change
from pcc_desk.store.working_keys import WorkingKeys

Opener = Callable[[Path, bytearray, bytes], Connection]


def opened_with_either(path: Path, opened: Opened, opener: Opener) -> Connection:
    """Open the database with the key that it has, which is then the one in `opened`. Raises as `opener` does.

    Where that is the next one the change is all but done: `opened` is as if it were, but for its `next_key`.
    """
    try:
        return opener(path, opened.key, opened.salt)
    except StoreDamaged:
        if opened.next_key is None:
            raise
    connection = opener(path, opened.next_key, opened.salt)
    opened.key[:] = opened.next_key
    opened.key_generation += 1
    return connection


def finish_begun(folder: Path, connection: Connection, opened: Opened, act: Act) -> None:
    """Finish a change of the key that was begun, if one was. What is in `opened` is then the only key."""
    following = opened.next_key
    if following is None:
        return
    if opened.key != following:
        keys, next_keys = WorkingKeys.derived_from(opened.key), WorkingKeys.derived_from(following)
        prepare(connection, keys, next_keys, opened.key_generation, act)
        rekey(connection, following, opened.salt)
        opened.key[:] = following
        opened.key_generation += 1
    finish(folder, connection, following, opened.key_generation)


def prepare(connection: Connection, keys: WorkingKeys, following: WorkingKeys, key_generation: int, act: Act) -> None:
    """Put on record that the key changes here, and let the next key read what sealed the journal so far."""
    if generations.is_prepared(connection, key_generation + 1):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        SqlLedger(connection, bytes(keys.audit)).record(KeyChanged(key_generation + 1), act)
        generations.prepare(connection, keys, following, key_generation)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def rekey(connection: Connection, following: bytearray, salt: bytes) -> None:
    """Encipher the database anew, move the log into the file, and check every page. Raises `StoreDamaged`."""
    spec = key_spec(following, salt)
    try:
        connection.reset_key(spec)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        complaints = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        verdict = connection.execute("PRAGMA quick_check").fetchall()
    except sqlcipher.DatabaseError as error:
        raise StoreDamaged(
            f"The store could not be enciphered anew ({error}). Make room on the disk, then open the desk again: "
            "it goes on where it stopped, and nothing is lost."
        ) from error
    finally:
        spec[:] = bytes(len(spec))
    if complaints or verdict != [("ok",)]:
        raise StoreDamaged("Enciphered anew, the store does not pass its checks. Restore the last backup.")


def finish(folder: Path, connection: Connection, following: bytes | bytearray, key_generation: int) -> None:
    """Let the new key be the only one."""
    finish_key_change(folder, following)
    generations.forget_others(connection, key_generation)
