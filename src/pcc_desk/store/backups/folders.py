"""A folder of copies: what lies in it whole, how a copy gets into it, what is cleared away."""

import errno
import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pcc_desk.home import sync_folder, write_private
from pcc_desk.store.backups.record import CopyRecord, CopyUnusable, parsed

BACKUPS_FOLDER = "backups"
LARGEST_RECORD = 16 * 1024 * 1024
BLOCK = 1024 * 1024
PART, SCRATCH = ".part", ".scratch"


@dataclass(frozen=True, slots=True)
class CopyFolder:
    """A folder that holds copies, of one shop's vault or of several."""

    path: Path

    def store_of(self, name: str) -> Path:
        """Return where the copy itself lies."""
        return self.path / name

    def record_of(self, name: str) -> Path:
        """Return where what is known of a copy lies."""
        return self.path / Path(name).with_suffix(".json").name

    def part_of(self, record_name: str, vault: str) -> Path:
        """Return where a copy lies that is not whole yet."""
        return self.path / f".{vault[:8]}-{record_name}{PART}"

    def read(self, name: str) -> CopyRecord:
        """Return what is known of a copy. Raises `CopyUnusable`."""
        try:
            with self.record_of(name).open("rb") as file:
                content = file.read(LARGEST_RECORD + 1)
        except OSError as error:
            raise CopyUnusable(f"There is no whole copy {name} in {self.path}.") from error
        record = parsed(content, name)
        try:
            is_whole = record.name == name and self.store_of(name).stat().st_size == record.size
        except OSError as error:
            raise CopyUnusable(f"{name} is not in {self.path}; only what is known of it is.") from error
        if not is_whole:
            raise CopyUnusable(f"{name} is cut or was exchanged: it is not the size that it was made. Take another.")
        return record

    def names(self) -> tuple[str, ...]:
        """Return the names of what looks like a copy, newest first. Nothing where the folder is not there."""
        try:
            found = [each.stem + ".db" for each in self.path.glob("copy-*.json")]
        except OSError:
            return ()
        return tuple(sorted(found, key=_age, reverse=True))

    def whole(self, vault: str) -> tuple[CopyRecord, ...]:
        """Return the copies of a vault that are there whole, newest first."""
        found = []
        for name in self.names():
            with suppress(CopyUnusable):
                record = self.read(name)
                if record.vault == vault:
                    found.append(record)
        return tuple(found)

    def put(self, record: CopyRecord, part: Path) -> None:
        """Let a copy be one: the store under its name first, what is known of it last. Raises `OSError`."""
        part.replace(self.store_of(record.name))
        sync_folder(self.path)
        self.put_record(record)

    def put_record(self, record: CopyRecord) -> None:
        """Write what is known of a copy, whole or not at all. Raises `OSError`."""
        write_private(self.record_of(record.name), record.written())

    def take_from(self, other: "CopyFolder", record: CopyRecord) -> None:
        """Copy a whole copy from another folder, and read back what was written. Raises `OSError`."""
        part = self.part_of(record.name, record.vault)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with other.store_of(record.name).open("rb") as source, os.fdopen(descriptor, "wb") as target:
                while block := source.read(BLOCK):
                    target.write(block)
                    target.flush()
                    os.fdatasync(target.fileno())
            _require_digest(part, record.sha256)
            self.put(record, part)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def remove(self, name: str) -> None:
        """Delete a copy: what is known of it first, so that no half of it is taken for a copy. Raises `OSError`."""
        self.record_of(name).unlink(missing_ok=True)
        sync_folder(self.path)
        self.store_of(name).unlink(missing_ok=True)

    def clear(self, vault: str) -> None:
        """Delete what a copy, or a proof, that was broken off left of itself."""
        with suppress(OSError):
            for each in self.path.iterdir():
                if each.name.startswith(f".{vault[:8]}-") and each.name.endswith((PART, SCRATCH)):
                    each.unlink(missing_ok=True)

    def clear_own(self, vault: str) -> None:
        """Delete that, and stores without a record, in the folder that belongs to one shop alone."""
        self.clear(vault)
        with suppress(OSError):
            for each in self.path.glob("copy-*.db"):
                if not self.record_of(each.name).exists():
                    each.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Return how much room there is."""
        return shutil.disk_usage(self.path).free


def _age(name: str) -> tuple[str, int, str]:
    stem, _, number = name.removesuffix(".db").removeprefix("copy-").partition("-")
    return stem, int(number) if number.isdigit() else 1, name


def _require_digest(path: Path, expected: str) -> None:
    if digest_of(path) != expected:
        raise OSError(errno.EIO, "what was written does not read back as it was")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
