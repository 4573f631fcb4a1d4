"""One desk for one store: a lock on its folder that a dead holder never keeps."""

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

from pcc_desk.desk.errors import DeskError

LOCK_FILE = "desk.lock"


class StoreInUse(DeskError):
    """Another desk has this store open."""


class FolderLock:
    """Held from creation until `release`. Raises `StoreInUse` when another process holds it."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = _opened(folder / LOCK_FILE)
        if self._descriptor < 0:
            return
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._descriptor)
            raise StoreInUse(
                f"This store is open in another desk on this computer (process {holder}). Close that one first."
            ) from error
        with suppress(OSError):  # a full disk, or one that is only read: then it is not told who holds it
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go. Nothing happens when it was let go before."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _opened(path: Path) -> int:
    """Return a descriptor of the lock file; on a disk that is only read, one to read, or -1 when there is no file."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
    try:
        return os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return -1
