"""Opens the encrypted database, never in plain, with every measured trap shut."""

import os
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError

KEY_BYTES = 32
SALT_BYTES = 16
PLAIN_HEADER = b"SQLite format 3"
SQLITE_ATTACH = 24
SQLITE_OK, SQLITE_DENY = 0, 1

Connection = Any


class StoreDamaged(DeskError):
    """The database cannot be opened with its own key, or is not encrypted."""


def connect(path: Path, key: bytes | bytearray, salt: bytes) -> Connection:
    """Return a connection to the encrypted database at `path`, made 0600 when it is new.

    `key` has 32 bytes and `salt` 16. Transactions are begun and ended by the caller. Raises `StoreDamaged`.
    """
    if len(key) != KEY_BYTES or len(salt) != SALT_BYTES:
        raise ValueError("a key has 32 bytes and a salt 16")
    if path.exists():
        with path.open("rb") as file:
            if file.read(len(PLAIN_HEADER)) == PLAIN_HEADER:
                raise StoreDamaged(f"{path.name} is not encrypted. It is not opened. Restore the last backup.")
    else:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        _unlock(connection, key, salt)
        _settle(connection)
    except sqlcipher.DatabaseError as error:
        connection.close()
        raise StoreDamaged(
            f"{path.name} does not open with its own key: it is damaged. Restore the last backup."
        ) from error
    return connection


def _unlock(connection: Connection, key: bytes | bytearray, salt: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    spec = bytearray(b"x'" + bytes(key).hex().encode() + salt.hex().encode() + b"'")
    try:
        connection.set_key(spec)
    finally:
        spec[:] = bytes(len(spec))
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise StoreDamaged("This Python's database library cannot encrypt. Install the desk again.")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _settle(connection: Connection) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = 2",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchone()
    connection.set_authorizer(_no_attach)


def _no_attach(action: int, *_: object) -> int:
    return SQLITE_DENY if action == SQLITE_ATTACH else SQLITE_OK
