"""Proving in a process of its own, behind everything else on the computer: the desk stays as quick as it was.

The copy's key comes on the standard input and goes nowhere else. The desk ends the process when it is shut.
"""

import base64
import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock

from pcc_desk.store.backups.folders import SCRATCH, CopyFolder
from pcc_desk.store.backups.proving import Into, NotRestored, Restored, restored
from pcc_desk.store.backups.record import CopyUnusable
from pcc_desk.store.connection import KEY_BYTES, SALT_BYTES

BEHIND_ALL_ELSE = 15


class NotTried(OSError):
    """The process ended without a word."""


def try_copy(folder: CopyFolder, name: str, key: bytearray) -> Restored | NotRestored:
    """Restore a copy into a scratch file beside it, check it, and delete the scratch. Raises `OSError`."""
    record = folder.read(name)
    scratch = folder.path / f".{record.vault[:8]}-{name}{SCRATCH}"
    try:
        scratch.unlink(missing_ok=True)
        into = Into(scratch, os.urandom(KEY_BYTES), os.urandom(SALT_BYTES))
        return restored(record, folder.store_of(name), key, into)
    finally:
        scratch.unlink(missing_ok=True)


class Prover:
    """Starts the process, and ends it when the desk is shut."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_shut = False
        self._handing_over = Lock()

    def try_copy(self, folder: CopyFolder, name: str, key: bytearray) -> str:
        """Return why a copy is not good; empty when it is. Raises `OSError` when that could not be found out."""
        asked = {"folder": str(folder.path), "name": name, "key": base64.b64encode(key).decode()}
        with self._handing_over:
            if self._is_shut:
                raise NotTried(0, "the desk was shut")
            self._process = subprocess.Popen(  # noqa: S603 - our own module, with this very Python
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ},
            )
        try:
            said, _ = self._process.communicate(json.dumps(asked).encode())
        finally:
            self._process = None
        try:
            told = json.loads(said)
            if "errno" in told:
                raise OSError(int(told["errno"]), os.strerror(int(told["errno"])))
            return str(told["why"])
        except (ValueError, KeyError, TypeError) as error:
            raise NotTried(0, "the trial was broken off") from error

    def close(self) -> None:
        """End what is under way; nothing is begun after it."""
        with self._handing_over:
            self._is_shut = True
            process = self._process
            if process is not None:
                with suppress(OSError):
                    process.kill()


def main() -> None:
    """Try the copy that is asked for on the standard input, and say on the standard output what came of it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    with suppress(OSError):
        os.nice(BEHIND_ALL_ELSE)
    asked = json.loads(sys.stdin.buffer.read())
    told: dict[str, object]
    try:
        outcome = try_copy(CopyFolder(Path(asked["folder"])), asked["name"], bytearray(base64.b64decode(asked["key"])))
        told = {"why": outcome.why if isinstance(outcome, NotRestored) else ""}
    except CopyUnusable as error:
        told = {"why": str(error)}
    except OSError as error:
        told = {"errno": error.errno or 5}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
