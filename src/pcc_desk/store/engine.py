"""The store: one thread owns the one encrypted connection, and runs use cases on it one after another."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError, ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import RollBack
from pcc_desk.domain.audit_entries import AnchorState
from pcc_desk.domain.entries import Act
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store import journal, marks
from pcc_desk.store.anchor import Anchors, FilePlace, Finding, RolledBack, Wanting, paper_form
from pcc_desk.store.backups.snapshots import Snapshots
from pcc_desk.store.connection import STORE_FILE as STORE_FILE  # noqa: PLC0414 - others know it from here
from pcc_desk.store.connection import Connection, StoreDamaged
from pcc_desk.store.faults import (
    GONE,
    NOT_KNOWN,
    SHUT_FOR_GOOD,
    Kind,
    is_of_the_database,
    kind_of,
    not_read,
    not_saved,
)
from pcc_desk.store.faults import StoreFault as StoreFault  # noqa: PLC0414 - others know it from here
from pcc_desk.store.generations import ChainKeys, chain_keys
from pcc_desk.store.key_change import finish, prepare, rekey
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.marks import SLOTS_REASON
from pcc_desk.store.reopening import Reopening, first_connection
from pcc_desk.store.vault import Opened
from pcc_desk.store.vault.attempts import Attempts, Tries
from pcc_desk.store.working_keys import WorkingKeys

if TYPE_CHECKING:
    from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")

ANCHOR_EVERY_S = 60.0
"""How long the anchor may lag behind the journal while the store is open, as long as it has a moment's rest."""

READ_CREDENTIALS = "SELECT name, value FROM credential WHERE system = ? ORDER BY name"
KEEP_CREDENTIAL = "INSERT OR REPLACE INTO credential VALUES (?, ?, ?)"

Job = tuple[Callable[[Connection], Any], "Future[Any]"]


ROOM_GIVEN_BACK = "The room that the desk keeps for this was given back, so that what is begun can be finished."
KEY_NOT_CHANGED = "The change of the store's key was not finished. Leave the desk and open it again, which finishes it."
"""What is written from then on would be sealed by the key before it, where the next one's part began."""
FAILURES_BORNE = 1
"""After how many faults of the disk the store is opened again to go on; after one more it is only read."""


class EncryptedStore:
    """Implements `desk.ports.Store`. Begin with `EncryptedStore.open` or `.make`, end with `close`."""

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
        try:
            lock = FolderLock(folder)
        except BaseException:
            opened.wipe()
            raise
        try:
            at = at or datetime.now(UTC)
            earlier = [WorkingKeys.derived_from(each) for each in (opened.key, opened.next_key) if each]
            connection, read_only = first_connection(folder / STORE_FILE, opened, at)
        except BaseException:
            opened.wipe()
            lock.release()
            raise
        keys = WorkingKeys.derived_from(opened.key)
        anchors = Anchors([FilePlace(folder)], keys.anchor, earlier=[each.anchor for each in earlier])
        try:
            anchors.look(connection, made_at=at)
            troubles = marks.troubles(connection, opened)
            if not read_only:
                if not troubles:
                    marks.keep(connection, opened)
                anchors.keep(connection)
            anchors.earlier = ()
            for each in earlier:
                each.wipe()
        except BaseException as error:
            opened.wipe()
            keys.wipe()
            connection.close()
            lock.release()
            if is_of_the_database(error):
                raise StoreFault(NOT_KNOWN) from error
            raise
        reopening = Reopening(folder / STORE_FILE, opened.key, opened.salt)
        opened.wipe()
        store = cls(connection, keys, lock, reopening, opened.key_generation, anchors=anchors)
        store.vault_troubles = troubles
        store.read_only = read_only or store.read_only or store._vault_reason
        return store

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

    @property
    def anchor_finding(self) -> Finding:
        """How the journal stood to its anchor when the store was opened, until that is settled."""
        return self._anchors.finding

    @property
    def roll_back(self) -> RollBack | None:
        """What was found when the store was opened, until somebody explains it."""
        found = self._anchors.finding
        if not isinstance(found, RolledBack):
            return None
        known, last = found.known, found.found
        return RollBack(known.seq, known.mac.hex(), last.seq, last.mac.hex(), found.reason)

    def paper_head(self) -> str:
        """Return the number and the seal of the last entry as 20 characters for paper."""
        return self._submit(lambda it: paper_form(*journal.head(it))).result()

    @property
    def anchor_wanting(self) -> AnchorState | None:
        """What is to be put on record of an anchor that was gone or not ours; then call `settle_anchor`."""
        finding = self._anchors.finding
        return finding.state if isinstance(finding, Wanting) else None

    def settle_anchor(self) -> None:
        """Anchor the journal as it stands, now that what was found of its anchor is on record."""
        self._anchors.settle()
        self.keep_anchor()

    def keep_anchor(self) -> None:
        """Write the anchor now: the day is closed."""
        self._submit(self._anchors.keep).result()

    def explain_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case that says why the journal is not the one its anchor knew, though nothing else is written.

        It records that, or refuses; afterwards, when something was recorded, the store is written again.
        """
        return self._submit(lambda it: self._run_explaining(it, use_case, *args, **kwargs)).result()

    async def explain(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same without holding up who waits. Cancelling the caller does not stop it."""
        future = self._submit(lambda it: self._run_explaining(it, use_case, *args, **kwargs))
        return await asyncio.shield(asyncio.wrap_future(future))

    @property
    def _vault_reason(self) -> str:
        """Return why nothing is written, where that is because of the slot file."""
        return SLOTS_REASON if set(self.vault_troubles) & {VaultTrouble.SLOTS_CHANGED, VaultTrouble.SLOTS_BACK} else ""

    def seal_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case by which a manager answers for who can open the store, though nothing else is written."""

        def run(connection: Connection) -> T:
            if self.read_only and self.read_only != self._vault_reason:
                raise ReadOnly(self.read_only)
            with (
                self._telling(connection, is_explaining=True),
                self._transaction(connection, "BEGIN IMMEDIATE", "COMMIT"),
            ):
                outcome = use_case(SqlLedger(connection, bytes(self._keys.audit)), *args, **kwargs)
            self.vault_troubles, self.read_only = (), ""
            return outcome

        return self._submit(run).result()

    def told_of(self, tries: Tries | None) -> None:
        """Go on from what was found at the opening, now that it is on record: of the anchor, of tries that failed."""
        if tries is not None and VaultTrouble.TRIES_BACK in self.vault_troubles:
            self._submit(lambda it: marks.keep_tries(it, tries)).result()
        if tries is not None and tries.failed_at:
            with suppress(OSError):  # they are told once more then
                Attempts(self._reopening.path.parent).told(tries.salt)
        if self.anchor_wanting is not None:
            self.settle_anchor()

    def keep_generation(self, generation: int) -> None:
        """Remember how far the slot file came, so that an older one put in its place is noticed."""
        self._submit(lambda it: marks.keep_generation(it, generation)).result()

    async def credentials(self, system: str) -> dict[str, str]:
        """Return the keys kept for a system. They are in no journal."""
        return await asyncio.wrap_future(
            self._submit(lambda it: dict(it.execute(READ_CREDENTIALS, (system,)).fetchall()))
        )

    def keep_credential(self, system: str, name: str, value: str) -> None:
        """Keep a key for a system, in place of an earlier one of that name. Raises `ReadOnly`."""

        def keep(connection: Connection) -> None:
            self._require_writable()
            with self._transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
                connection.execute(KEEP_CREDENTIAL, (system, name, value))

        self._submit(keep).result()

    def change_key(self, opened: Opened, following: bytearray, act: Act) -> None:
        """Encipher everything under another key, to which `begin_key_change` sealed the slots; wipe both.

        It takes about 2 s for 100 MB, in which nothing else is done. Raises `ReadOnly`, or `StoreFault` when it could
        not be finished: whoever opens the store next finishes it.
        """

        def run(connection: Connection) -> None:
            self._require_writable()
            with self.snapshots.none_meanwhile():
                try:
                    self._change_key(connection, opened, following, act)
                except BaseException:
                    self.read_only = KEY_NOT_CHANGED
                    raise

        try:
            self._submit(run).result()
        finally:
            opened.wipe()
            following[:] = bytes(len(following))

    def _change_key(self, connection: Connection, opened: Opened, following: bytearray, act: Act) -> None:
        keys, path = WorkingKeys.derived_from(following), self._reopening.path
        prepare(connection, self._keys, keys, self.key_generation, act)
        rekey(connection, following, opened.salt)
        before, self._keys = self._keys, keys
        self._anchors.change_key(connection, keys.anchor)
        before.wipe()
        self._reopening.wipe()
        self._reopening = Reopening(path, following, opened.salt)
        self.key_generation += 1
        finish(path.parent, connection, following, self.key_generation)

    def chain_keys(self) -> ChainKeys:
        """Return the keys that sealed the journal. Raises `StoreDamaged`."""
        return self._submit(lambda it: chain_keys(it, self._keys, self.key_generation)).result()

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

    @property
    def keys(self) -> WorkingKeys:
        """The keys that the open store works with; wiped when it closes."""
        return self._keys

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

    def _run_explaining(
        self, connection: Connection, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        found, ledger = self._anchors.finding, SqlLedger(connection, bytes(self._keys.audit))
        if self.read_only and not (isinstance(found, RolledBack) and self.read_only == found.reason):
            raise ReadOnly(self.read_only)
        with self._telling(connection, is_explaining=True), self._transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
            outcome = use_case(ledger, *args, **kwargs)
        if ledger.recorded:
            self.read_only = ""
            self._anchors.settle()
            self._anchors.keep(connection)
        return outcome

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
