"""The store: one thread owns the one encrypted connection, and runs use cases on it one after another."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError, ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.store.connection import Connection, StoreDamaged, connect
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.migrations import migrate
from pcc_desk.store.vault import Opened
from pcc_desk.store.working_keys import WorkingKeys

if TYPE_CHECKING:
    from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")

STORE_FILE = "store.db"

READ_CREDENTIALS = "SELECT name, value FROM credential WHERE system = ? ORDER BY name"
KEEP_CREDENTIAL = "INSERT OR REPLACE INTO credential VALUES (?, ?, ?)"

Job = tuple[Callable[[Connection], Any], "Future[Any]"]


class StoreFault(DeskError):
    """The database failed at work: a full disk, a damaged page."""


class EncryptedStore:
    """Implements `desk.ports.Store`. Begin with `EncryptedStore.open` or `.make`, end with `close`."""

    def __init__(self, connection: Connection, keys: WorkingKeys, lock: FolderLock) -> None:
        self._connection = connection
        self._keys = keys
        self._lock = lock
        self.read_only = ""
        """Why nothing may be written, as a sentence that says what to do; empty when everything may."""
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._is_open = True
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    @classmethod
    def make(cls, folder: Path, opened: Opened, at: datetime | None = None) -> "EncryptedStore":
        """Make the store of a folder whose vault was just made, encrypted, and open it. Else as `open`."""
        return cls._begin(folder, opened, at)

    @classmethod
    def open(cls, folder: Path, opened: Opened, at: datetime | None = None) -> "EncryptedStore":
        """Open the store of a folder, bringing it to today's schema.

        The key in `opened` is wiped. Raises `StoreInUse`, `StoreDamaged` or `NewerSchema`: a store that is gone is
        damaged, and never begun anew.
        """
        path = folder / STORE_FILE
        if not path.is_file() or path.stat().st_size == 0:
            raise StoreDamaged(f"{STORE_FILE} is missing or empty: the record is gone. Restore the last backup.")
        return cls._begin(folder, opened, at)

    @classmethod
    def _begin(cls, folder: Path, opened: Opened, at: datetime | None) -> "EncryptedStore":
        lock = FolderLock(folder)
        try:
            connection = connect(folder / STORE_FILE, opened.key, opened.salt)
            try:
                migrate(connection, at or datetime.now(UTC))
            except BaseException:
                connection.close()
                raise
        except BaseException:
            lock.release()
            raise
        keys = WorkingKeys.derived_from(opened.key)
        opened.wipe()
        return cls(connection, keys, lock)

    async def read(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads. Cancelled before it began, it is not run."""
        return await asyncio.wrap_future(self._submit(lambda it: self._run_read(it, use_case, *args, **kwargs)))

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one durable transaction. Cancelling the caller does not stop it. Raises `ReadOnly`."""
        future = self._submit(lambda it: self._run_write(it, use_case, *args, **kwargs))
        return await asyncio.shield(asyncio.wrap_future(future))

    def read_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads, and wait for it."""
        return self._submit(lambda it: self._run_read(it, use_case, *args, **kwargs)).result()

    def write_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one durable transaction, and wait for it. Raises `ReadOnly`."""
        return self._submit(lambda it: self._run_write(it, use_case, *args, **kwargs)).result()

    async def credentials(self, system: str) -> dict[str, str]:
        """Return the keys kept for a system. They are in no journal."""
        return await asyncio.wrap_future(
            self._submit(lambda it: dict(it.execute(READ_CREDENTIALS, (system,)).fetchall()))
        )

    def keep_credential(self, system: str, name: str, value: str) -> None:
        """Keep a key for a system, in place of an earlier one of that name. Raises `ReadOnly`."""

        def keep(connection: Connection) -> None:
            self._require_writable()
            connection.execute(KEEP_CREDENTIAL, (system, name, value))

        self._submit(keep).result()

    def with_session(self, use: Callable[["Session"], T]) -> T:
        """Run something over the SQLModel tables, on the same connection: for rare forms, not for a hot path."""

        def run(connection: Connection) -> T:
            from pcc_desk.store.rare import session_on

            with session_on(connection) as session:
                return use(session)

        return self._submit(run).result()

    def on_connection(self, use: Callable[[Connection], T]) -> T:
        """Run something on the bare connection: for checks of the whole store."""
        future: Future[T] = self._submit(use)
        return future.result()

    def close(self) -> None:
        """Finish what was begun, move the log into the file, close it and forget the key."""
        if not self._is_open:
            return
        self._is_open = False
        self._jobs.put(None)
        self._thread.join()
        self._keys.wipe()
        self._lock.release()

    def _require_writable(self) -> None:
        if self.read_only:
            raise ReadOnly(self.read_only)

    def _submit(self, run: Callable[[Connection], T]) -> "Future[T]":
        if not self._is_open:
            raise RuntimeError("the store is closed")
        future: Future[T] = Future()
        self._jobs.put((run, future))
        return future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            run, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = run(self._connection)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
            del job, run, future
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.close()

    def _run_read(
        self, connection: Connection, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self._telling(connection), _transaction(connection, "BEGIN", "ROLLBACK"):
            return use_case(SqlLedger(connection, None), *args, **kwargs)

    def _run_write(
        self, connection: Connection, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        self._require_writable()
        with self._telling(connection), _transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
            return use_case(SqlLedger(connection, bytes(self._keys.audit)), *args, **kwargs)

    @contextmanager
    def _telling(self, connection: Connection) -> Iterator[None]:
        """Put on record, in a transaction of its own, what a fault says of itself: its own was rolled back.

        An act that was tried twice under one id is on record once. A store that is not written cannot be told.
        """
        try:
            yield
        except DeskError as error:
            if error.on_record is not None and not self.read_only:
                entry, act = error.on_record
                with _transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
                    ledger = SqlLedger(connection, bytes(self._keys.audit))
                    if not ledger.is_recorded(act.id):
                        ledger.record(entry, act)
            raise


def _fault(error: BaseException) -> StoreFault:
    """Return what to say of a fault of the database; its own words hold no value that was stored."""
    if "full" in str(error):
        return StoreFault("The disk is full: the last act was not saved. Make room, then open the desk again.")
    return StoreFault(f"The store could not be used ({error}). Look at the disk. Restore the last backup.")


@contextmanager
def _transaction(connection: Connection, begin: str, end: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute(end)
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if type(error) in {sqlcipher.OperationalError, sqlcipher.DatabaseError}:
            raise _fault(error) from error
        raise
