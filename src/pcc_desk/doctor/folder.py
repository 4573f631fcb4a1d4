"""What lies in the data folder: its modes, settings, people, store, and the room around it."""

import stat
from collections.abc import Iterator
from pathlib import Path

from pcc_desk.desk.room import room_words
from pcc_desk.doctor.findings import Check, Finding, Found
from pcc_desk.home import PRIVATE_FILE, PRIVATE_FOLDER
from pcc_desk.settings import SettingsMissing, SettingsWrong, load_settings
from pcc_desk.store.about import is_plain
from pcc_desk.store.ballast import room_in
from pcc_desk.store.engine import STORE_FILE
from pcc_desk.store.faults import is_only_read
from pcc_desk.store.vault import owners


def data_folder(home: Path) -> Iterator[Finding]:
    """Whether the folder is there and closed to other people of this computer."""
    facts = {"folder": str(home)}
    if not home.exists():
        says = f"There is no folder {home} yet."
        yield Finding("data folder", Found.INFORMATION, says, "Run pcc-desk setup, or pcc-desk demo.", facts)
        return
    if not home.is_dir():
        says = f"{home} is no folder."
        yield Finding("data folder", Found.TROUBLE, says, "Name another with --home.", facts)
        return
    open_to_others = [path for path in (home, *sorted(home.rglob("*"))) if _is_open(path)]
    if open_to_others:
        named = ", ".join(path.name for path in open_to_others[:5])
        says = f"Other people of this computer can reach {len(open_to_others)} of its files: {named}."
        yield Finding("data folder", Found.WARNING, says, f'Run chmod -R u=rwX,go= "{home}"', facts)
    else:
        yield Finding("data folder", Found.FINE, f"{home}, closed to other people of this computer.", facts=facts)


def _is_open(path: Path) -> bool:
    if path.is_symlink():
        return False
    wanted = PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE
    return bool(stat.S_IMODE(path.stat().st_mode) & ~wanted & 0o077)


def settings(home: Path) -> Iterator[Finding]:
    """Whether the settings can be used."""
    try:
        kept = load_settings(home)
    except SettingsMissing as error:
        if (home / STORE_FILE).exists():
            says = f"A store lies in {home}, and its settings file is gone."
            yield Finding("settings", Found.TROUBLE, says, "Put settings.toml back from a copy.")
        else:
            yield Finding("settings", Found.INFORMATION, str(error))
        return
    except SettingsWrong as error:
        yield Finding("settings", Found.TROUBLE, str(error), "Mend that line, then run pcc-desk doctor again.")
        return
    state = kept.state_system.name if kept.state_system else "no state system"
    pos = kept.pos.name if kept.pos else "no point of sale"
    kind = "practice shop" if kept.practice else "shop"
    says = f"The {kind} {kept.shop.name}, {kept.shop.jurisdiction}, {kept.shop.zone}; {state}; {pos}."
    yield Finding("settings", Found.FINE, says)
    if kept.pos and kept.pos.folder and not Path(kept.pos.folder).is_dir():
        says = f"The folder of the POS's reports, {kept.pos.folder}, is not there."
        yield Finding("pos folder", Found.WARNING, says, "Make it, or correct pos.folder in settings.toml.")


def vault(home: Path) -> Iterator[Finding]:
    """Whether the slot file can be read, and whom it names."""
    if not (home / STORE_FILE).exists():
        return
    named = owners(home)
    if not named:
        says = "No key slot can be read, so nobody can open the store."
        yield Finding("keys", Found.TROUBLE, says, "Put slots.json back from a copy of the data folder.")
        return
    says = f"The store opens for {', '.join(each.name for each in named)}."
    yield Finding("keys", Found.FINE, says, facts={"people": str(len(named))})


def store(home: Path) -> Iterator[Finding]:
    """Whether the store is there and sealed."""
    path = home / STORE_FILE
    if not path.exists():
        if home.is_dir():
            yield Finding("store", Found.INFORMATION, "There is no store yet.", "Run pcc-desk setup, or pcc-desk demo.")
        return
    size = path.stat().st_size
    if is_plain(path):
        says = f"{path} is NOT encrypted: whoever can read the file reads the patients' records."
        yield Finding("store", Found.TROUBLE, says, "Stop using it, keep the file in a safe place, and ask for help.")
    elif size == 0:
        yield Finding("store", Found.TROUBLE, f"{path} is empty.", "Put it back from a copy of the data folder.")
    else:
        yield Finding("store", Found.FINE, f"Sealed, {size / 1e6:.1f} MB.", facts={"bytes": str(size)})


def room(home: Path) -> Iterator[Finding]:
    """Whether the disk has room."""
    there = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    left = room_in(there)
    facts = {"free_bytes": str(left.free_bytes), "wanted_bytes": str(left.wanted_bytes)}
    says = f"{room_words(left)} free."
    if is_only_read(there):
        mend = "Have the disk looked at: it takes no writes, so the desk can only be read."
        yield Finding("disk", Found.TROUBLE, f"The disk of {there} can only be read.", mend, facts)
    elif left.is_too_little:
        yield Finding("disk", Found.TROUBLE, f"{says} Nothing new is handed over.", "Make room on the disk.", facts)
    elif left.is_low:
        mend = f"Make room: {left.wanted_bytes / 1e9:.1f} GB should be free beside a store of this size."
        yield Finding("disk", Found.WARNING, says, mend, facts)
    else:
        yield Finding("disk", Found.FINE, says, facts=facts)


FOLDER_CHECKS: tuple[Check, ...] = (data_folder, settings, vault, store, room)
