"""One desk for one store: a lock on its folder that a dead holder never keeps."""

import fcntl
import os
from pathlib import Path

from pcc_desk.desk.errors import DeskError

LOCK_FILE = "desk.lock"


class StoreInUse(DeskError):
    """Another desk has this store open."""


class FolderLock:
    """Held from creation until `release`. Raises `StoreInUse` when another process holds it."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._descriptor)
            raise StoreInUse(
                f"This store is open in another desk on this computer (process {holder}). Close that one first."
            ) from error
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go. Nothing happens when it was let go before."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
