"""The store: encrypted, owned by one thread, watched; opened with what a vault hands out."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.entries import Act
from pcc_desk.store import marks
from pcc_desk.store.anchor import Anchors, FilePlace
from pcc_desk.store.connection import STORE_FILE as STORE_FILE  # noqa: PLC0414 - others know it from here
from pcc_desk.store.connection import Connection, StoreDamaged
from pcc_desk.store.faults import NOT_KNOWN, is_of_the_database
from pcc_desk.store.faults import StoreFault as StoreFault  # noqa: PLC0414 - others know it from here
from pcc_desk.store.generations import ChainKeys, chain_keys
from pcc_desk.store.key_change import finish, prepare, rekey
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.reopening import Reopening, first_connection
from pcc_desk.store.vault import Opened
from pcc_desk.store.watched import Watched
from pcc_desk.store.working_keys import WorkingKeys

if TYPE_CHECKING:
    from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")

READ_CREDENTIALS = "SELECT name, value FROM credential WHERE system = ? ORDER BY name"
KEEP_CREDENTIAL = "INSERT OR REPLACE INTO credential VALUES (?, ?, ?)"

KEY_NOT_CHANGED = "The change of the store's key was not finished. Leave the desk and open it again, which finishes it."
"""What is written from then on would be sealed by the key before it, where the next one's part began."""


class EncryptedStore(Watched):
    """Implements `desk.ports.Store`. Begin with `EncryptedStore.open` or `.make`, end with `close`."""

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
        self.keep_elsewhere()

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

    async def read_ahead(self, use: Callable[[Connection], T]) -> T:
        """Run something that only reads on the bare connection, in its turn."""
        return await asyncio.wrap_future(self._submit(use))

    @property
    def keys(self) -> WorkingKeys:
        """The keys that the open store works with; wiped when it closes."""
        return self._keys
