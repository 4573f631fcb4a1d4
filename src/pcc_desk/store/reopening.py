"""Opens an open store once more after a fault of the disk: nothing that was in memory is trusted any longer."""

import secrets
from contextlib import suppress
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.store.ballast import give_back
from pcc_desk.store.connection import Connection, connect, connect_for_reading
from pcc_desk.store.faults import Kind, StoreFault, kind_of


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
