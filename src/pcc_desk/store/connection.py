"""Opens the encrypted database, never in plain, with every measured trap shut."""

import os
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError
from pcc_desk.store.faults import DO_NEXT, Kind, StoreFault, kind_of

KEY_BYTES = 32
SALT_BYTES = 16
PLAIN_HEADER = b"SQLite format 3"
SQLITE_ATTACH = 24
SQLITE_OK, SQLITE_DENY = 0, 1

Connection = Any

STORE_FILE = "store.db"
"""The database's name in the data folder."""

SETTLED = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = 2",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "cache_size = -65536",
)
SETTLED_FOR_READING = ("query_only = ON", *SETTLED[3:])
IN_MEMORY_LOG = "locking_mode = EXCLUSIVE"
"""Given before the first look at the log: what says where things are in it is then kept in memory, and no file made."""
UNSAFE = ("journal_mode = OFF", "synchronous = OFF")
"""For a file that counts for nothing before it is whole."""


class StoreDamaged(DeskError):
    """The database cannot be opened with its own key, or is not encrypted."""


def connect(path: Path, key: bytes | bytearray, salt: bytes) -> Connection:
    """Return a connection to the encrypted database at `path`, made 0600 when it is new.

    `key` has 32 bytes and `salt` 16. Transactions are begun and ended by the caller. Raises `StoreDamaged`, or
    `StoreFault` when it is the disk that fails.
    """
    _require_sealed(path, key, salt)
    if not path.exists():
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise StoreFault(f"{path.name} cannot be made: {error.strerror}. Look at the disk.") from error
    return _opened(str(path), path, key, salt, SETTLED)


def connect_for_reading(path: Path, key: bytes | bytearray, salt: bytes) -> Connection:
    """Return a connection that writes nothing at all, for a disk that takes no writes. Else as `connect`.

    Nobody else may have the store meanwhile: no locks are taken. With a log beside it, the log is read in memory.
    """
    _require_sealed(path, key, salt)
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    how = "vfs=unix-none" if has_log else "immutable=1"
    first = (IN_MEMORY_LOG,) if has_log else ()
    return _opened(f"{path.absolute().as_uri()}?mode=ro&{how}", path, key, salt, (*first, *SETTLED_FOR_READING))


def _require_sealed(path: Path, key: bytes | bytearray, salt: bytes) -> None:
    if len(key) != KEY_BYTES or len(salt) != SALT_BYTES:
        raise ValueError("a key has 32 bytes and a salt 16")
    if path.exists():
        with path.open("rb") as file:
            if file.read(len(PLAIN_HEADER)) == PLAIN_HEADER:
                raise StoreDamaged(f"{path.name} is not encrypted. It is not opened. Restore the last backup.")


def _opened(name: str, path: Path, key: bytes | bytearray, salt: bytes, pragmas: tuple[str, ...]) -> Connection:
    connection = None
    try:
        connection = sqlcipher.connect(name, isolation_level=None, check_same_thread=False, uri=name != str(path))
        _unlock(connection, key, salt, pragmas)
    except sqlcipher.DatabaseError as error:
        if connection is not None:
            connection.close()
        kind = kind_of(error, path)
        if kind in {Kind.DAMAGED, Kind.OTHER}:
            raise StoreDamaged(
                f"{path.name} does not open with its own key: it is damaged. Restore the last backup."
            ) from error
        raise StoreFault(f"The store cannot be opened. {DO_NEXT[kind]}", kind) from error
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    return connection


def key_spec(key: bytes | bytearray, salt: bytes) -> bytearray:
    """Return how the library wants a raw key and a salt written. Wipe it after use."""
    return bytearray(b"x'" + bytes(key).hex().encode() + salt.hex().encode() + b"'")


def connect_beside(path: Path, key: bytes | bytearray, salt: bytes, *, read_only: bool) -> Connection:
    """Return a connection to an encrypted file that is not the live store: nothing is written beside it.

    Read only, it may lie on a medium that takes nothing; else it is made 0600, and its maker sees to its durability.
    Raises as `connect`, or `OSError`.
    """
    _require_sealed(path, key, salt)
    if not read_only:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    how, first = ("mode=ro&immutable=1", ()) if read_only else ("mode=rw", UNSAFE)
    return _opened(f"{path.absolute().as_uri()}?{how}", path, key, salt, (*first, *SETTLED[3:6]))


def _unlock(connection: Connection, key: bytes | bytearray, salt: bytes, pragmas: tuple[str, ...]) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    spec = key_spec(key, salt)
    try:
        connection.set_key(spec)
    finally:
        spec[:] = bytes(len(spec))
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise StoreDamaged("This Python's database library cannot encrypt. Install the desk again.")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").fetchone()
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.set_authorizer(_no_attach)


def _no_attach(action: int, *_: object) -> int:
    return SQLITE_DENY if action == SQLITE_ATTACH else SQLITE_OK
