"""Implements `desk.ports.Copies`: the copies of one open store, in its own folder and in a second one."""

import asyncio
import errno
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk import __version__
from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.backups import CopyMade, CopyNotMade, CopyOnDisk, NotProved, Proved, Second
from pcc_desk.home import SETTINGS_FILE, make_private
from pcc_desk.store.backups.child import Prover
from pcc_desk.store.backups.folders import BACKUPS_FOLDER, CopyFolder, digest_of
from pcc_desk.store.backups.record import CopyRecord, CopyUnusable, Slots, journal_keys_for, name_of
from pcc_desk.store.backups.snapshots import CopyGivenUp
from pcc_desk.store.connection import KEY_BYTES, SALT_BYTES, STORE_FILE
from pcc_desk.store.faults import DO_NEXT, Kind, kind_of
from pcc_desk.store.vault import SLOT_FILES, VaultDamaged, parsed
from pcc_desk.store.vault.ciphers import text
from pcc_desk.store.working_keys import WorkingKeys

if TYPE_CHECKING:
    from pcc_desk.store.engine import EncryptedStore

RULES_FOLDER = "jurisdictions"
QUICK_BYTES = 16 * 1024 * 1024
"""What is copied in a third of a second."""
OLD_AT_CLOSE = timedelta(hours=12)
SPARE_BYTES = 16 * 1024 * 1024
"""Room that is left beside a copy and the scratch file that proves it."""


@dataclass(slots=True)
class StoreCopies:
    """The copies of an open store. What takes long runs in a thread and reads beside the store's own work."""

    store: "EncryptedStore"
    home: Path
    second: Path | None = None
    _prover: Prover = field(default_factory=Prover)

    @property
    def folder(self) -> CopyFolder:
        """The shop's own folder of copies."""
        return CopyFolder(self.home / BACKUPS_FOLDER)

    async def make(self, at: datetime) -> CopyMade | CopyNotMade:
        """Make a copy of the store as it stands now."""
        return await asyncio.to_thread(self.make_now, at)

    async def prove(self, name: str) -> Proved | NotProved:
        """Restore a copy into a scratch file and check everything."""
        return await asyncio.to_thread(self.prove_now, name)

    async def renew(self) -> None:
        """Let those who open the store now, and nobody else, open its copies."""
        await asyncio.to_thread(self.renew_now)

    async def listed(self) -> tuple[CopyOnDisk, ...]:
        """Return the copies that are there whole, newest first."""
        return await asyncio.to_thread(self.listed_now)

    async def remove(self, copies: tuple[CopyOnDisk, ...]) -> tuple[str, ...]:
        """Delete copies from both folders; return which are gone."""
        return await asyncio.to_thread(self.remove_now, copies)

    def make_now(self, at: datetime) -> CopyMade | CopyNotMade:
        """Make a copy, and wait for it."""
        folder = self.folder
        try:
            slots = _slots_in(self.home)
            make_private(folder.path)
            folder.clear_own(slots.file.vault)
            missing = self._missing_room(folder)
            if missing:
                return CopyNotMade(missing)
            record = self._made(folder, at, slots)
        except (OSError, DeskError) as error:
            return CopyNotMade(_words_of(error, folder.path))
        except sqlcipher.DatabaseError as error:
            kind = kind_of(error, folder.path)
            return CopyNotMade(DO_NEXT[kind] if kind is not Kind.FULL else _full(folder.path))
        second, why = self._second(folder, record)
        self.store.keep_elsewhere()
        return CopyMade(record.on_disk, record.seq, second, why)

    def _made(self, folder: CopyFolder, at: datetime, slots: Slots) -> CopyRecord:
        name = _free_name(folder, at)
        part = folder.part_of(name, slots.file.vault)
        keys, generation = self.store.keys, self.store.key_generation
        now = WorkingKeys(*(bytearray(each) for each in (keys.audit, keys.anchor, keys.chain)))
        key, salt = os.urandom(KEY_BYTES), os.urandom(SALT_BYTES)
        try:
            manifest = self.store.snapshots.take(part, key, salt)  # which begins on an open store: `now` is true
            self._require_generation(generation)
            journal_key, chain_key = journal_keys_for(key, now, f"{slots.file.vault} {name}".encode())
            record = CopyRecord(
                name=name,
                vault=slots.file.vault,
                version=__version__,
                made_at=at,
                seq=manifest.seq,
                seal=manifest.seal,
                counts=manifest.counts,
                size=part.stat().st_size,
                sha256=digest_of(part),
                salt=text(salt),
                wrapped_key={},
                sealed_keys=(),
                key_generation=generation,
                journal_key=journal_key,
                chain_key=chain_key,
                slots=slots.text,
                settings=_text_of(self.home / SETTINGS_FILE),
                rules={each.name: _text_of(each) for each in sorted((self.home / RULES_FOLDER).glob("*.toml"))},
            ).with_keys_for(key, now.audit, slots)
            folder.put(record, part)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        finally:
            now.wipe()
        return record

    def _require_generation(self, generation: int) -> None:
        if generation != self.store.key_generation:
            raise CopyGivenUp("The key of the store was changed meanwhile. Back up again.")

    def _missing_room(self, folder: CopyFolder) -> str:
        needed = 2 * (self.home / STORE_FILE).stat().st_size + SPARE_BYTES
        free = folder.free_bytes()
        if free >= needed:
            return ""
        return (
            f"The disk is too full for a copy and its proof: they need {_megabytes(needed)}, "
            f"{_megabytes(free)} are free in {folder.path}. Make room, then back up again."
        )

    def _second(self, folder: CopyFolder, record: CopyRecord) -> tuple[Second, str]:
        """Put the same copy into the second folder, which is never made: it is where the other medium is."""
        if self.second is None:
            return Second.NOT_SET, ""
        if not self.second.is_dir():
            return Second.FAILED, f"{self.second} is not there. Connect the medium, then back up again."
        other = CopyFolder(self.second)
        try:
            other.clear(record.vault)
            other.take_from(folder, record)
        except OSError as error:
            return Second.FAILED, _words_of(error, self.second)
        return Second.KEPT, ""

    def prove_now(self, name: str) -> Proved | NotProved:
        """Prove a copy, and wait for it."""
        folder = self.folder
        try:
            record = folder.read(name)
        except CopyUnusable as error:
            return NotProved(name, None, str(error))
        made_at = record.made_at
        key = record.key_for_store(self._audit_keys())
        if key is None:
            return NotProved(name, made_at, "Its key was made for another store: it cannot be proved from here.")
        try:
            why = self._prover.try_copy(folder, name, key)
        except OSError as error:
            return NotProved(name, made_at, f"It could not be tried. {_words_of(error, folder.path)}")
        finally:
            key[:] = bytes(len(key))
        if why:
            return NotProved(name, made_at, why)
        return Proved(name, made_at, record.seq)

    def renew_now(self) -> None:
        """Let those who open the store now, and nobody else, open its copies; where it cannot be done, later."""
        try:
            slots, keys = _slots_in(self.home), self._audit_keys()
        except DeskError:
            return
        for folder in (self.folder, *((CopyFolder(self.second),) if self.second is not None else ())):
            for record in folder.whole(slots.file.vault):
                key = None if record.is_for(slots) else record.key_for_store(keys)
                if key is not None:
                    with suppress(OSError):
                        folder.put_record(record.with_keys_for(key, keys[0], slots))
                    key[:] = bytes(len(key))

    def _audit_keys(self) -> tuple[bytes, ...]:
        """Return every key that sealed a part of the journal, the present one first."""
        return tuple(reversed(self.store.chain_keys().keys))

    def before_close(self, at: datetime) -> None:
        """Make a copy before the store is shut, when that is quick and the newest one is old.

        The next desk proves it.
        """
        if self.store.read_only or (self.home / STORE_FILE).stat().st_size > QUICK_BYTES:
            return
        newest = next(iter(self.listed_now()), None)
        if newest is None or at - newest.made_at >= OLD_AT_CLOSE:
            self.make_now(at)

    def close(self) -> None:
        """End what is under way."""
        self._prover.close()

    def listed_now(self) -> tuple[CopyOnDisk, ...]:
        """Return the copies that are there whole, newest first, and wait for it."""
        try:
            vault = _slots_in(self.home).file.vault
        except CopyUnusable:
            return ()
        return tuple(each.on_disk for each in self.folder.whole(vault))

    def remove_now(self, copies: tuple[CopyOnDisk, ...]) -> tuple[str, ...]:
        """Delete copies, and wait for it."""
        gone = []
        for each in copies:
            try:
                self.folder.remove(each.name)
                if self.second is not None and self.second.is_dir():
                    CopyFolder(self.second).remove(each.name)
            except OSError:
                continue
            gone.append(each.name)
        return tuple(gone)


def _free_name(folder: CopyFolder, at: datetime) -> str:
    number = 1
    while folder.record_of(name_of(at, number)).exists() or folder.store_of(name_of(at, number)).exists():
        number += 1
    return name_of(at, number)


def _slots_in(home: Path) -> Slots:
    """Return the better copy of the slot file. Raises `CopyUnusable`."""
    found = []
    for name in SLOT_FILES:
        content = _text_of(home / name)
        file = parsed(content)
        if not isinstance(file, VaultDamaged):
            found.append(Slots(content, file))
    if not found:
        raise CopyUnusable("The key slots cannot be read, and a copy without them opens nowhere. Run pcc-desk doctor.")
    return max(found, key=lambda each: each.file.generation)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _megabytes(size: int) -> str:
    return f"{-(-size // 1_000_000):,} MB"


def _full(folder: Path) -> str:
    return f"The disk of {folder} is full. Make room, then back up again."


def _words_of(error: OSError | DeskError, folder: Path) -> str:
    """Return why nothing was written, and what to do."""
    if isinstance(error, DeskError):
        return str(error)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _full(folder)
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return f"Nothing can be written into {folder}. Make it writable, then back up again."
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return f"{folder} is not there any more. Connect the medium, then back up again."
        case _:
            return f"{folder} cannot be used: {error.strerror or 'a fault of the disk'}. Look at the disk."
