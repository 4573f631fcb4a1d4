"""Numbers 9 and 10: somebody, or the disk, changes the files. Nothing changed is taken for the record unnoticed."""

import shutil
import traceback
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import StringIO
from pathlib import Path
from random import Random

from pcc_desk.desk.errors import DeskError
from pcc_desk.practice import furnish
from pcc_desk.store.connection import STORE_FILE
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.examining import examine_store
from pcc_desk.store.vault import SLOT_FILES, Opened, Owner, create_vault, unlock
from trust.figures import Figure, Run, measures, nothing_wrong
from trust.shop import a_day, training

SECRET = "birch wood relief desk"
LOG = f"{STORE_FILE}-wal"
SHARED = f"{STORE_FILE}-shm"
PAGE = 4096
FLIPS = 510
IN_SLOTS = 60
"""How many of the flips are in the slot files: each of these costs the stretching of a secret."""


class Told(StrEnum):
    """What became of opening a store whose files were changed."""

    SAME = "nothing of the record changed"
    NOTICED = "noticed"
    UNNOTICED = "changed unnoticed"
    FELL_OVER = "a raw fault"
    WRONG_KEY = "opened with a wrong key"


@dataclass(slots=True)
class Scene:
    """The files of a shop at one moment while its desk is at work, as a kill would leave them."""

    files: dict[str, bytes]
    key: bytes
    salt: bytes
    acts: int

    def put(self, folder: Path, changed: dict[str, bytes | None]) -> None:
        """Put the files into a folder, but for those that were changed; None takes one away."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        for name, content in {**self.files, **changed}.items():
            if content is not None:
                (folder / name).write_bytes(content)

    def opened(self) -> Opened:
        """Return what the vault hands out, without the work of opening it."""
        person = training().people[0]
        return Opened(bytearray(self.key), self.salt, Owner(person.id, person.name))


def scenes(run: Run) -> tuple[Scene, Scene]:
    """Return a shop with a full log, and the same shop some visits before that."""
    home = run.new_folder("tampered")
    create_vault(home, training().people[0], SECRET).wipe()
    opened = unlock(home, SECRET)
    if not isinstance(opened, Opened):
        raise TypeError(opened.reason)
    key, salt = bytes(opened.key), opened.salt
    store = EncryptedStore.make(home, opened)

    def scene() -> Scene:
        keep = getattr(store, "keep_anchor", None)  # what is anchored every few seconds while a desk is open
        if keep is not None:
            keep()
        files = {each.name: each.read_bytes() for each in home.iterdir() if each.name != SHARED}
        return Scene(files, key, salt, _count(store))

    try:
        store.write_now(furnish, training(), datetime.now(UTC))
        a_day(store, 1, 3, lambda _: None)
        store.on_connection(lambda it: it.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
        a_day(store, 2, 1, lambda _: None)
        earlier = scene()
        a_day(store, 3, 2, lambda _: None)
        return scene(), earlier
    finally:
        store.close()


def _count(store: EncryptedStore) -> int:
    counted: int = store.on_connection(lambda it: it.execute("SELECT count(*) FROM journal").fetchone()[0])
    return counted


def told(scene: Scene, folder: Path, opened: Opened) -> tuple[Told, str]:
    """Open a store as the desk does, then look through it as the doctor does; return what was told of it."""
    if bytes(opened.key) != scene.key:
        return Told.WRONG_KEY, ""
    said = StringIO()
    try:
        with redirect_stderr(said):
            return _told(scene, folder, opened), ""
    except DeskError:
        return Told.NOTICED, ""
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Told.FELL_OVER, f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"


def _told(scene: Scene, folder: Path, opened: Opened) -> Told:
    is_whole = opened.is_whole
    store = EncryptedStore.open(folder, opened)
    try:
        is_noticed = not is_whole or bool(store.read_only) or getattr(store, "anchor_wanting", None) is not None
    finally:
        store.close()
    examined = examine_store(folder, scene.opened())
    if is_noticed or any(each.complaint for each in examined if each.check != "copies"):
        return Told.NOTICED
    entries = next(each.counted for each in examined if each.check == "journal")
    return Told.SAME if entries >= scene.acts else Told.UNNOTICED


@measures(9, in_short=False)
def flips(run: Run) -> Iterator[Figure]:
    """Flip one bit at a time, anywhere in the database, its log and the slot files."""
    dice = run.dice("flips")
    scene, _ = scenes(run)
    folder = run.new_folder("flipped")
    wrong = _false_alarms(scene, folder)
    of = run.times(FLIPS, 36)
    in_slots = run.times(IN_SLOTS, 3)
    for number in range(of):
        name = dice.choice(SLOT_FILES) if number < in_slots else (STORE_FILE, LOG)[number % 2]
        at, changed = _flipped(scene.files[name], dice)
        both = name in SLOT_FILES and number % 2 == 0
        scene.put(folder, dict.fromkeys(SLOT_FILES, changed) if both else {name: changed})
        opened = unlock_quietly(folder) if name in SLOT_FILES else scene.opened()
        if isinstance(opened, str):
            wrong += [f"{name} at {at}: {opened}"] if opened else []
            continue
        what, why = told(scene, folder, opened)
        if what not in {Told.SAME, Told.NOTICED}:
            wrong.append(f"{name} at {at}: {what} {why}".strip())
    name = "bit flips: change unnoticed, raw fault, or a wrong key"
    yield nothing_wrong(9, name, wrong, "0 of 500", f"{of} flips")


def _false_alarms(scene: Scene, folder: Path) -> list[str]:
    """Return that files which nobody changed are said to be changed: then noticing a change says nothing."""
    scene.put(folder, {})
    what, why = told(scene, folder, scene.opened())
    return [] if what is Told.SAME else [f"untouched files: {what} {why}".strip()]


def _flipped(content: bytes, dice: Random) -> tuple[int, bytes]:
    at = dice.randrange(len(content))
    changed = bytearray(content)
    changed[at] ^= 1 << dice.randrange(8)
    return at, bytes(changed)


def unlock_quietly(folder: Path) -> Opened | str:
    """Return what opens; empty when it says in a sentence that it does not, else what went wrong."""
    try:
        opened = unlock(folder, SECRET, training().people[0].id)
    except DeskError:
        return ""
    except Exception as error:
        return f"{Told.FELL_OVER} {type(error).__name__}"
    return opened if isinstance(opened, Opened) else ""


@measures(10)
def roll_backs(run: Run) -> Iterator[Figure]:
    """Put older pages, an older log, no log, an older database, and older slot files in place, and open the store."""
    later, earlier = scenes(run)
    folder = run.new_folder("rolled")
    missed = _false_alarms(later, folder)
    ways = _ways(later, earlier)
    for name, changed in ways.items():
        later.put(folder, changed)
        what, why = told(later, folder, later.opened())
        if what is not Told.NOTICED:
            missed.append(f"{name} ({what} {why})".strip())
    yield nothing_wrong(10, "roll-backs not noticed at the next opening", missed, "0", f"{len(ways)} ways")


def _ways(later: Scene, earlier: Scene) -> dict[str, dict[str, bytes | None]]:
    log, old_log = later.files[LOG], earlier.files[LOG]
    frame = PAGE + 24
    return {
        "the log taken away": {LOG: None},
        "the log emptied": {LOG: b""},
        "an older log": {LOG: old_log},
        "the log cut by half": {LOG: log[: 32 + frame * ((len(log) - 32) // frame // 2)]},
        "one bit of the log": {LOG: log[: len(log) // 2] + bytes([log[len(log) // 2] ^ 1]) + log[len(log) // 2 + 1 :]},
        "an older database and log": {STORE_FILE: earlier.files[STORE_FILE], LOG: old_log},
        "an older database alone": {STORE_FILE: earlier.files[STORE_FILE], LOG: None},
    }
