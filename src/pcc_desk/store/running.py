"""One thread owns the one encrypted connection, and runs use cases on it one after another."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError, ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store.anchor import Anchors, RolledBack
from pcc_desk.store.backups.snapshots import Snapshots
from pcc_desk.store.connection import Connection
from pcc_desk.store.faults import (
    GONE,
    NOT_KNOWN,
    SHUT_FOR_GOOD,
    Kind,
    StoreFault,
    is_of_the_database,
    kind_of,
    not_read,
    not_saved,
)
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.reopening import Reopening
from pcc_desk.store.working_keys import WorkingKeys

P = ParamSpec("P")
T = TypeVar("T")

ANCHOR_EVERY_S = 60.0
"""How long the anchor may lag behind the journal while the store is open, as long as it has a moment's rest."""

Job = tuple[Callable[[Connection], Any], "Future[Any]"]


ROOM_GIVEN_BACK = "The room that the desk keeps for this was given back, so that what is begun can be finished."
FAILURES_BORNE = 1
"""After how many faults of the disk the store is opened again to go on; after one more it is only read."""


class Running:
    """A store at work: its thread, and what becomes of a use case whose transaction fails."""

    def __init__(
        self,
        connection: Connection,
        keys: WorkingKeys,
        lock: FolderLock,
        reopening: Reopening,
        key_generation: int,
        *,
        anchors: Anchors,
    ) -> None:
        self.key_generation = key_generation
        """Grows with each change of the database key."""
        self._connection = connection
        self._reopening = reopening
        self._failures = 0
        self._is_gone = False
        self._keys = keys
        self.snapshots = Snapshots(lambda: self._reopening.another())  # noqa: PLW0108 - another after a change of the key
        """The second way in, for copies."""
        self._lock = lock
        self._anchors = anchors
        self._anchor_due: float | None = None
        """When the anchor is written next, on the monotonic clock; None while the journal has not grown."""
        self.vault_troubles: tuple[VaultTrouble, ...] = ()
        """What was found wrong with the files that say who can open the store, when they opened it."""
        self.read_only = anchors.finding.reason if isinstance(anchors.finding, RolledBack) else ""
        """Why nothing may be written, as a sentence that says what to do; empty when everything may."""
        self.last_text: str | None = None
        """The anchor as it was when the store was closed."""
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._is_open = True
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what was begun, move the log into the file, close it and forget the key."""
        if not self._is_open:
            return
        self._is_open = False
        self.snapshots.close()
        self._jobs.put(None)
        self._thread.join()
        self._keys.wipe()
        self._reopening.wipe()
        self._lock.release()

    def _require_writable(self) -> None:
        if self.read_only:
            raise ReadOnly(self.read_only)

    def _require_there(self) -> None:
        """Open a store that could not be opened after a fault, to be read. Raises `StoreFault` when it still cannot."""
        if self._is_gone:
            try:
                self._connection, _ = self._reopening.again(self._connection)
            except DeskError as error:
                raise StoreFault(GONE) from error
            self._is_gone = False

    def _submit(self, run: Callable[[Connection], T]) -> "Future[T]":
        if not self._is_open:
            raise RuntimeError("the store is closed")
        future: Future[T] = Future()
        self._jobs.put((run, future))
        return future

    def _work(self) -> None:
        while (job := self._next_job()) is not None:
            run, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                self._require_there()
                result = run(self._connection)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
            del job, run, future
        with suppress(sqlcipher.Error):  # what the log holds stays in it, and is found there
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        with suppress(sqlcipher.Error):
            self._anchors.keep(self._connection)
            self.last_text = self._anchors.text(self._connection)
        with suppress(sqlcipher.Error):
            self._connection.close()

    def _next_job(self) -> Job | None:
        """Return what is to be done next. Once the anchor is due and nothing waits, write that meanwhile."""
        while True:
            try:
                left = None if self._anchor_due is None else max(self._anchor_due - time.monotonic(), 0.0)
                return self._jobs.get(timeout=left)
            except Empty:
                self._anchor_due = None
                with suppress(sqlcipher.Error):
                    self._anchors.keep(self._connection)

    def _run_read(
        self, connection: Connection, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            with self._telling(connection), self._transaction(connection, "BEGIN", "ROLLBACK"):
                return use_case(SqlLedger(connection, None), *args, **kwargs)
        except StoreFault as fault:
            self._go_on_after(fault)
            raise not_read(fault.kind) from fault

    def _run_write(
        self, connection: Connection, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        self._require_writable()
        ledger = SqlLedger(connection, bytes(self._keys.audit))
        outcomes: list[T] = []
        try:
            with self._telling(connection), self._transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
                outcomes.append(use_case(ledger, *args, **kwargs))
        except StoreFault as fault:
            more = self._go_on_after(fault)
            if not outcomes or not ledger.recorded or not self._is_on_record(ledger.recorded[-1]):
                raise not_saved(fault.kind, self.read_only or more) from fault
        if self._anchor_due is None:
            self._anchor_due = time.monotonic() + ANCHOR_EVERY_S
        return outcomes[0]

    def _go_on_after(self, fault: StoreFault) -> str:
        """Open the store again after a fault of the disk. Return what else is to be told.

        What may have reached the disk although it was reported as failed is known only then. A disk that fails again,
        and a store that is damaged, are read and not written from now on.
        """
        if fault.kind in {Kind.BUSY, Kind.OTHER}:
            return ""
        self.snapshots.give_up()
        told = ROOM_GIVEN_BACK if fault.kind is Kind.FULL and self._reopening.make_room() else ""
        try:
            self._connection, only_read = self._reopening.again(self._connection)
        except DeskError as error:
            self._is_gone, self.read_only = True, GONE
            raise StoreFault(NOT_KNOWN, fault.kind) from error
        self._failures += fault.kind is Kind.DISK
        if fault.kind is Kind.DAMAGED or self._failures > FAILURES_BORNE:
            only_read = fault.kind
        elif only_read in {Kind.FULL, Kind.BUSY}:
            only_read = None  # another program, or what takes the room, goes away again
        elif fault.kind in {Kind.READ_ONLY, Kind.TOO_LARGE}:
            only_read = fault.kind
        if only_read is not None:
            self.read_only = SHUT_FOR_GOOD[only_read]
        return told

    def _is_on_record(self, act_id: UUID) -> bool:
        try:
            return SqlLedger(self._connection, None).is_recorded(act_id)
        except sqlcipher.Error as error:
            self.read_only = GONE
            raise StoreFault(NOT_KNOWN) from error

    @contextmanager
    def _transaction(self, connection: Connection, begin: str, end: str) -> Iterator[None]:
        try:
            connection.execute(begin)
            yield
            connection.execute(end)
        except BaseException as error:
            with suppress(sqlcipher.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            if is_of_the_database(error):
                kind = kind_of(error, self._reopening.path)
                raise not_saved(kind) from error
            raise

    @contextmanager
    def _telling(self, connection: Connection, *, is_explaining: bool = False) -> Iterator[None]:
        """Put on record, in a transaction of its own, what a fault says of itself: its own was rolled back.

        An act that was tried twice under one id is on record once. A store that is not written cannot be told.
        """
        try:
            yield
        except DeskError as error:
            if error.on_record is not None and (is_explaining or not self.read_only):
                entry, act = error.on_record
                with self._transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
                    ledger = SqlLedger(connection, bytes(self._keys.audit))
                    if not ledger.is_recorded(act.id):
                        ledger.record(entry, act)
            raise
