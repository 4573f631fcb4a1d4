"""Room kept on the disk for the day it is full: a file that holds nothing, given back so that what is begun can end."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from pcc_desk.desk.room import Room
from pcc_desk.home import PRIVATE_FILE
from pcc_desk.store.connection import STORE_FILE

BALLAST_FILE = "ballast"
BALLAST_BYTES = 32 * 1024 * 1024


def take_ballast(folder: Path, size: int = BALLAST_BYTES) -> bool:
    """Keep room in a folder, unless it is kept already or the disk has none to spare. Return whether it is kept."""
    path = folder / BALLAST_FILE
    if path.exists():
        return True
    if room_in(folder).is_low:
        return False
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except OSError:
        return False
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        path.unlink(missing_ok=True)
        return False
    finally:
        os.close(descriptor)
    return True


def give_back(folder: Path) -> bool:
    """Give the room back. Return whether there was any."""
    with suppress(OSError):
        (folder / BALLAST_FILE).unlink()
        return True
    return False


def room_in(folder: Path) -> Room:
    """Return how much room the disk of a data folder has, beside what its store takes."""
    store = folder / STORE_FILE
    try:
        return Room(shutil.disk_usage(folder).free, store.stat().st_size if store.exists() else 0)
    except OSError:
        return Room(0)
