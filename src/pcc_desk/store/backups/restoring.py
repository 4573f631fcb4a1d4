"""Restoring a copy: beside what is there, checked, and only then in its place. Nothing is ever written over."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, proved, require
from pcc_desk.domain.audit_entries import StoreRestored
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import SecretKind, name_key
from pcc_desk.home import SETTINGS_FILE, make_private, sync_folder, write_private
from pcc_desk.store import generations, marks
from pcc_desk.store.backups.copies import RULES_FOLDER
from pcc_desk.store.backups.folders import CopyFolder
from pcc_desk.store.backups.proving import Into, NotRestored, restored
from pcc_desk.store.backups.record import CopyRecord, CopyUnusable
from pcc_desk.store.connection import STORE_FILE, StoreDamaged, connect, connect_for_reading
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.faults import StoreFault
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.vault import (
    SLOT_FILES,
    Attempts,
    Opened,
    Owner,
    SlotFile,
    VaultDamaged,
    derived,
    load,
    open_private,
    owners,
    parsed,
    recovery_slots,
    unlock,
    unlock_by_recovery,
)
from pcc_desk.store.vault.secrets import kind_of, recovery_words
from pcc_desk.store.working_keys import WorkingKeys

STAGING = ".restoring"
ASIDE = "replaced"
LIVE = (STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm", f"{STORE_FILE}-journal", "anchor.log", *SLOT_FILES)
"""What is moved aside together. A log that stayed behind would be played into the store that comes."""


class RestoreRefused(DeskError):
    """Nothing was restored and nothing was changed. The message says why and what to do."""


class StaysShut(RestoreRefused):
    """The secret does not open the copy."""


class Secret(Protocol):
    """What somebody has to open a copy with."""

    def open(self, folder: Path, attempts: Attempts) -> Opened | str:
        """Open the vault of a folder, the try being counted; else say why it stays shut."""
        ...

    def copy_key(self, record: CopyRecord) -> bytearray | None:
        """Return the copy's key where the vault's key does not tell it."""
        ...


@dataclass(frozen=True, slots=True)
class SheetCode:
    """The code of a recovery sheet."""

    code: str

    def open(self, folder: Path, attempts: Attempts) -> Opened | str:
        """Open the vault of a folder, the try being counted; else say why it stays shut."""
        outcome = unlock_by_recovery(folder, self.code, attempts)
        return outcome if isinstance(outcome, Opened) else outcome.reason

    def copy_key(self, record: CopyRecord) -> bytearray | None:
        """Return the copy's key, which is sealed to the sheet itself."""
        file = parsed(record.slots)
        if isinstance(file, VaultDamaged):
            return None
        opened = (open_private(each, recovery_words(self.code)) for each in recovery_slots(file))
        keys = (record.key_for_sheet(private) for private in opened if private is not None)
        return next((key for key in keys if key is not None), None)


@dataclass(frozen=True, slots=True)
class OwnSecret:
    """A person's passphrase. Without a name it is the only person's there is."""

    words: str
    name: str = ""

    def open(self, folder: Path, attempts: Attempts) -> Opened | str:
        """Open the vault of a folder, the try being counted; else say why it stays shut."""
        if kind_of(self.words) is SecretKind.PIN:
            return "A PIN restores nothing. Use a passphrase, or the code of the recovery sheet."
        known = owners(folder)
        person_id = next((each.id for each in known if name_key(each.name) == name_key(self.name)), None)
        if self.name and person_id is None:
            return f"Nobody called {self.name} opens this shop's record. Those who do: {_listed(known)}."
        outcome = unlock(folder, self.words, person_id, attempts)
        return outcome if isinstance(outcome, Opened) else outcome.reason

    def copy_key(self, record: CopyRecord) -> bytearray | None:
        """Return nothing: a passphrase opens the vault, and a copy by nothing else."""
        return None


def _listed(known: tuple[Owner, ...]) -> str:
    return ", ".join(each.name for each in known) or "nobody"


@dataclass(frozen=True, slots=True)
class Taken:
    """An opened vault, and the key of the copy that it opened."""

    opened: Opened
    copy_key: bytearray

    def wipe(self) -> None:
        """Forget both."""
        self.opened.wipe()
        self.copy_key[:] = bytes(len(self.copy_key))


ActOf = Callable[[datetime, UUID, str], Act]
"""Make an act of a person at an instant and a counter."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """What was restored and what became of what lay there."""

    record: CopyRecord
    seq: int
    """The entry that says it."""
    left_seq: int
    """How far the journal had come that was given up for it; 0: not known."""
    aside: Path | None
    """Where what lay there was moved; None: nothing lay there."""
    without_pins: tuple[str, ...]
    """Whose PIN does not work on another computer."""

    @property
    def lost(self) -> int | None:
        """How many entries are known to be newer than the copy; None where nothing tells."""
        return max(self.left_seq - self.record.seq, 0) if self.left_seq else None


def restore(home: Path, folder: CopyFolder, name: str, secret: Secret, act_of: ActOf) -> Restoration:
    """Restore a copy into a data folder, which need not be there yet.

    The settings and rules that lie there stay; where there are none they come from the copy. The people who may open
    it are those of the folder's own slot file when it opens the copy, else those of the copy. Raises `StoreInUse`,
    `CopyUnusable`, `RestoreRefused`, `NotPermitted`, `NewerSchema` or `OSError`; what lay there is then as it was.
    """
    record = folder.read(name)
    is_new = not home.exists()
    make_private(home)
    lock = FolderLock(home)
    staging = home / STAGING
    is_done = False
    try:
        _refuse_another_shop(home, record)
        shutil.rmtree(staging, ignore_errors=True)
        make_private(staging)
        taken = _taken(home, staging, record, secret)
        try:
            restoration = _restored(home, folder, record, taken, act_of)
        finally:
            taken.wipe()
        is_done = True
        return restoration
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if is_new and not is_done:
            shutil.rmtree(home, ignore_errors=True)
        lock.release()


def _restored(home: Path, folder: CopyFolder, record: CopyRecord, taken: Taken, act_of: ActOf) -> Restoration:
    staging, opened = home / STAGING, taken.opened
    into = Into(staging / STORE_FILE, bytes(opened.key), opened.salt)
    outcome = restored(record, folder.store_of(record.name), taken.copy_key, into)
    if isinstance(outcome, NotRestored):
        raise CopyUnusable(f"{outcome.why} Nothing was changed. Take another copy.")
    _bring_to_key(record, taken, into)
    left_seq, left_seal = _left(home, opened)
    now = datetime.now(UTC)
    entry = StoreRestored(record.name, record.made_at, record.seq, record.seal, left_seq, left_seal)
    owner = opened.owner.id
    store = EncryptedStore.make(staging, opened, now)
    try:
        store.explain_now(_record, entry, lambda counter: act_of(now, owner, counter))
        store.on_connection(marks.forget_computer)
    finally:
        store.close()
    file = load(staging)
    pins = () if isinstance(file, VaultDamaged) else _pins(file)
    return Restoration(record, record.seq + 1, left_seq, _swap(home, staging, record, now), pins)


def _bring_to_key(record: CopyRecord, taken: Taken, into: Into) -> None:
    """Let the present key of the store read what sealed the journal of a copy that was made under an earlier one."""
    opened, keys = taken.opened, record.journal_keys(taken.copy_key)
    if opened.key_generation == record.key_generation or keys is None:
        return
    connection = connect(into.path, into.key, into.salt)
    try:
        following = WorkingKeys.derived_from(opened.key)
        generations.prepare(connection, keys, following, record.key_generation, after=opened.key_generation)
        generations.forget_others(connection, opened.key_generation)
    finally:
        connection.close()


def _record(ledger: Ledger, entry: StoreRestored, act_at: Callable[[str], Act]) -> None:
    shop = ledger.shop()
    act = act_at(shop.counter if shop else "")
    act = proved(act, Right.RESTORE, act.at)  # by the secret that opened the copy
    require(ledger, act, Right.RESTORE)
    ledger.record(entry, act)


def _refuse_another_shop(home: Path, record: CopyRecord) -> None:
    file = load(home)
    if isinstance(file, SlotFile) and file.vault != record.vault:
        raise RestoreRefused(
            f"{record.name} is of another shop than {home}. Restore it into a folder of its own: --home FOLDER."
        )


def _taken(home: Path, staging: Path, record: CopyRecord, secret: Secret) -> Taken:
    """Open the folder's own slots, which are as new as can be; where they do not open the copy, the copy's own."""
    why = ""
    own = tuple(_text_of(home / name) for name in SLOT_FILES)
    tried: SlotFile | None = None
    for texts in (own, (record.slots, record.slots)):
        file = parsed(*texts)
        if isinstance(file, VaultDamaged) or (tried is not None and file.slots == tried.slots):
            continue  # one secret is tried once on the same slots
        tried = file
        for name, content in zip(SLOT_FILES, texts, strict=True):
            write_private(staging / name, (content or texts[0] or texts[1]).encode())
        opened = secret.open(staging, Attempts(home))
        if isinstance(opened, str):
            why = why or opened
            continue
        if not opened.is_whole:
            why = why or "Somebody changed who can open this copy: its seal does not hold. Take another."
            opened.wipe()
            continue
        key = record.key_for_store((derived(opened.key, "audit"),)) or secret.copy_key(record)
        if key is not None:
            return Taken(opened, key)
        opened.wipe()
    raise StaysShut(why or "Neither the shop's key slots nor the copy's open this copy. Take another.")


def _left(home: Path, opened: Opened) -> tuple[int, str]:
    """Return how far the journal had come that lies there; zero and empty where that cannot be told."""
    path = home / STORE_FILE
    if not path.is_file():
        return 0, ""
    try:
        connection = connect_for_reading(path, opened.key, opened.salt)
        try:
            row = connection.execute("SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        finally:
            connection.close()
    except (StoreDamaged, StoreFault, sqlcipher.DatabaseError):
        return 0, ""
    return (int(row[0]), bytes(row[1]).hex()) if row else (0, "")


def _pins(file: SlotFile) -> tuple[str, ...]:
    return tuple(sorted({each.owner.name for each in file.slots if each.kind is SecretKind.PIN}))


def _swap(home: Path, staging: Path, record: CopyRecord, now: datetime) -> Path | None:
    """Move what lies there aside, all of it, and then what was restored into its place, the store last."""
    aside: Path | None = None
    lying = [home / name for name in LIVE if (home / name).exists()]
    if lying:
        aside = _new_folder(home, now)
        for each in lying:
            each.replace(aside / each.name)
        sync_folder(aside)
        sync_folder(home)
    if record.settings and not (home / SETTINGS_FILE).exists():
        write_private(home / SETTINGS_FILE, record.settings.encode())
    _put_rules(home / RULES_FOLDER, record.rules)
    others = sorted(each.name for each in staging.iterdir() if each.name not in {STORE_FILE, "desk.lock"})
    for name in (*others, STORE_FILE):
        (staging / name).replace(home / name)
    sync_folder(home)
    return aside


def _new_folder(home: Path, now: datetime) -> Path:
    number, stem = 1, f"{ASIDE}-{now:%Y%m%dT%H%M%SZ}"
    while (home / f"{stem}{'' if number == 1 else f'-{number}'}").exists():
        number += 1
    folder = home / f"{stem}{'' if number == 1 else f'-{number}'}"
    make_private(folder)
    sync_folder(home)
    return folder


def _put_rules(folder: Path, rules: dict[str, str]) -> None:
    """Put the shop's own rule files where there are none. A name that is more than a name is left out."""
    for name, content in rules.items():
        if os.sep not in name and name.endswith(".toml") and not name.startswith("."):
            make_private(folder)
            if not (folder / name).exists():
                write_private(folder / name, content.encode())


def _text_of(path: Path) -> str:
    with suppress(OSError, ValueError):
        return path.read_text(encoding="utf-8")
    return ""
