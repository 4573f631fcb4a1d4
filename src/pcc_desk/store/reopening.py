"""Opens an open store once more: for a copy, or after a fault of the disk, when nothing in memory is trusted."""

import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher
from uuid6 import uuid7

from pcc_desk.domain.entries import Act
from pcc_desk.store.ballast import give_back
from pcc_desk.store.connection import Connection, connect, connect_for_reading
from pcc_desk.store.faults import DO_NEXT, SHUT_FOR_GOOD, Kind, StoreFault, is_of_the_database, kind_of
from pcc_desk.store.key_change import finish_begun, opened_with_either
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.migrations import is_current, migrate
from pcc_desk.store.vault import Opened


class Reopening:
    """How to open the store of a folder again. The key lies under a mask, and is wiped with `wipe`."""

    def __init__(self, path: Path, key: bytes | bytearray, salt: bytes) -> None:
        self.path = path
        self._salt = salt
        self._mask = bytearray(secrets.token_bytes(len(key)))
        self._masked = bytearray(a ^ b for a, b in zip(key, self._mask, strict=True))

    def wipe(self) -> None:
        """Forget the key."""
        for each in (self._mask, self._masked):
            each[:] = bytes(len(each))

    def another(self) -> Connection:
        """Return a second connection beside the one that is open. Raises as `connect`."""
        key = bytearray(a ^ b for a, b in zip(self._masked, self._mask, strict=True))
        try:
            return connect(self.path, key, self._salt)
        finally:
            key[:] = bytes(len(key))

    def again(self, broken: Connection) -> tuple[Connection, Kind | None]:
        """Close a connection and return another, and why that one may only be read; None: it may be written.

        What the log holds is moved into the file, so that what is found on record afterwards was written anew and does
        not rest on a page that the disk failed to take. Raises `StoreFault` or `StoreDamaged`: it does not open at all.
        """
        with suppress(sqlcipher.Error):
            broken.close()
        key = bytearray(a ^ b for a, b in zip(self._masked, self._mask, strict=True))
        try:
            return self._opened(key)
        finally:
            key[:] = bytes(len(key))

    def _opened(self, key: bytearray) -> tuple[Connection, Kind | None]:
        try:
            connection = connect(self.path, key, self._salt)
        except StoreFault as fault:
            return connect_for_reading(self.path, key, self._salt), fault.kind
        try:
            is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlcipher.Error as error:
            return connection, kind_of(error, self.path)
        return connection, Kind.BUSY if is_busy else None

    def make_room(self) -> bool:
        """Give back the room that is kept for a full disk. Return whether there was any."""
        return give_back(self.path.parent)


def first_connection(path: Path, opened: Opened, at: datetime) -> tuple[Connection, str]:
    """Return a connection to a store of today's schema, and why it may only be read; empty when it may be written."""
    try:
        connection = _with_room(path, opened)
    except StoreFault as fault:
        if fault.kind not in {Kind.READ_ONLY, Kind.FULL, Kind.TOO_LARGE} or not path.exists():
            raise
        connection = opened_with_either(path, opened, connect_for_reading)
        if is_current(connection):
            return connection, SHUT_FOR_GOOD[fault.kind]
        connection.close()
        raise
    try:
        migrate(connection, at)
        finish_begun(path.parent, connection, opened, _own_act(connection, opened, at))
    except BaseException as error:
        connection.close()
        if is_of_the_database(error):
            kind = kind_of(error, path)
            raise StoreFault(f"The store cannot be opened. {DO_NEXT[kind]}", kind) from error
        raise
    return connection, ""


def _with_room(path: Path, opened: Opened) -> Connection:
    """Return a connection; where the disk is full, the room that is kept for that is given back first."""
    try:
        return opened_with_either(path, opened, connect)
    except StoreFault as fault:
        if fault.kind is not Kind.FULL or not give_back(path.parent):
            raise
    return opened_with_either(path, opened, connect)


def _own_act(connection: Connection, opened: Opened, at: datetime) -> Act:
    """Return the act of whoever opens the store."""
    shop = SqlLedger(connection, None).shop()
    return Act(uuid7(), at, opened.owner.id, shop.counter if shop else "")
