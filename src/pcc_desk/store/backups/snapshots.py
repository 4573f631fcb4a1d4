"""The second way into an open store: reads all of it as it stood at one moment, while the first goes on writing."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError
from pcc_desk.store.connection import Connection, connect_beside
from pcc_desk.store.schema_search import INDEX_TABLES

PIECE_PAGES = 1024
"""4 MiB: between two pieces a copy can be given up, and what was written of it is made durable."""

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
_HEAD = "SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1"


GIVEN_UP = "The desk was shut, or its disk failed, while a copy was being made."


class CopyGivenUp(DeskError):
    """The store was closed while a copy was being made, or has to be opened anew."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store holds at one moment: the last entry of its journal with its seal, and the rows of each table."""

    seq: int
    seal: str
    counts: dict[str, int]


def manifest_of(connection: Connection) -> Manifest:
    """Return what a database holds, as the open transaction sees it."""
    seq, seal = connection.execute(_HEAD).fetchone() or (0, b"")
    names = [row[0] for row in connection.execute(_TABLES) if row[0] not in INDEX_TABLES]
    count = "SELECT count(*) FROM "
    counts = {name: int(connection.execute(f'{count}"{name}"').fetchone()[0]) for name in names}
    return Manifest(seq, bytes(seal).hex(), counts)


def copy_into(source: Connection, path: Path, key: bytes, salt: bytes, is_wanted: Callable[[], bool]) -> Manifest:
    """Copy a database, as it stands now, into a new file under another key; durable on return.

    The pieces belong to one read transaction. Without it a copy in pieces begins again at every commit of another
    connection and never ends; with it none does, and the slowest commit meanwhile waits for less than with one big
    piece, whose sync at the end holds up the disk. Raises `CopyGivenUp`, `OSError` or a fault of the database.
    """
    target = connect_beside(path, key, salt, read_only=False)
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            source.execute("BEGIN")
            try:
                manifest = manifest_of(source)

                def after_piece(_status: int, _left: int, _all: int) -> None:
                    if not is_wanted():
                        raise CopyGivenUp(GIVEN_UP)
                    os.fdatasync(descriptor)

                source.backup(target, pages=PIECE_PAGES, progress=after_piece)
            finally:
                source.execute("ROLLBACK")
            target.execute("PRAGMA journal_mode = DELETE").fetchone()
            target.close()
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    finally:
        target.close()
    return manifest


class Snapshots:
    """Opens a connection of its own for each copy, and closes it after it."""

    def __init__(self, another: Callable[[], Connection]) -> None:
        self._another = another
        self._connection: Connection | None = None
        self._given_up = 0
        self._is_shut = False
        self._alone = Lock()

    def take(self, path: Path, key: bytes, salt: bytes) -> Manifest:
        """Copy the store into a new file, in the caller's thread. Raises what `copy_into` raises."""
        with self._alone:
            before = self._given_up
            if self._is_shut:
                raise CopyGivenUp(GIVEN_UP)
            self._connection = self._another()
            try:
                self._connection.execute("PRAGMA cache_size = -4096").fetchone()
                return copy_into(self._connection, path, key, salt, lambda: self._given_up == before)
            except sqlcipher.OperationalError as error:
                if self._given_up != before:
                    raise CopyGivenUp(GIVEN_UP) from error
                raise
            finally:
                connection, self._connection = self._connection, None
                connection.close()

    def give_up(self) -> None:
        """Give up the copy that is under way, if there is one."""
        with self.none_meanwhile():
            pass

    @contextmanager
    def none_meanwhile(self) -> Iterator[None]:
        """Give up the copy that is under way; none is begun until what is done meanwhile is done."""
        self._given_up += 1
        connection = self._connection
        if connection is not None:
            with suppress(sqlcipher.ProgrammingError):  # it was closed meanwhile
                connection.interrupt()
        with self._alone:
            yield

    def close(self) -> None:
        """Give up the copy that is under way; none is begun after it."""
        self._is_shut = True
        self.give_up()
