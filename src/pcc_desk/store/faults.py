"""What the database says when the disk fails it, and what a person is told of it."""

import os
import resource
from enum import StrEnum
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import NotSaved

PRIMARY = 0xFF
"""Which bits of a code of SQLite tell the kind; the others tell the place."""

BUSY, LOCKED, READ_ONLY, IO, CORRUPT, FULL, CANNOT_OPEN, NOT_A_DATABASE = 5, 6, 8, 10, 11, 13, 14, 26


class Kind(StrEnum):
    """What failed."""

    FULL = "the disk is full"
    TOO_LARGE = "the store may not grow"
    READ_ONLY = "the disk can only be read"
    DISK = "the disk failed"
    BUSY = "another program has the store"
    DAMAGED = "the store is damaged"
    OTHER = "the store could not be used"


class StoreFault(NotSaved):
    """The database failed at work. The message says what of it is saved, and what to do."""

    def __init__(self, words: str, kind: Kind = Kind.OTHER) -> None:
        super().__init__(words)
        self.kind = kind


DO_NEXT = {
    Kind.FULL: "The disk is full. Make room on it, then do it again.",
    Kind.TOO_LARGE: "The store may not grow: this account's limit for the size of a file (ulimit -f) is reached. "
    "Raise it, then open the desk again.",
    Kind.READ_ONLY: "The disk can only be read: the record can be looked at and not added to. Have the disk looked at, "
    "then open the desk again.",
    Kind.DISK: "The disk failed. Do it again; when it fails again, have the disk looked at.",
    Kind.BUSY: "Another program holds the store. Close it, then do it again.",
    Kind.DAMAGED: "The store is damaged: a part of it does not pass its own seal. Run pcc-desk doctor. "
    "Restore the last backup.",
    Kind.OTHER: "The store could not be used. Run pcc-desk doctor. Restore the last backup.",
}
"""What is the case, and what to do about it."""

SHUT_FOR_GOOD = {
    Kind.READ_ONLY: DO_NEXT[Kind.READ_ONLY],
    Kind.TOO_LARGE: DO_NEXT[Kind.TOO_LARGE],
    Kind.DISK: "The disk failed more than once: the record can be read and not added to. Leave the desk, have the disk "
    "looked at, then run pcc-desk doctor.",
    Kind.DAMAGED: f"{DO_NEXT[Kind.DAMAGED]} Until then it can be read and not added to.",
    Kind.FULL: "The disk is so full that the store can only be read. Make room on it, then open the desk again.",
}
"""Why a store is only read from now on."""

NOT_KNOWN = (
    "The store could not be opened again, so it cannot be told whether this was saved. Leave the desk, run pcc-desk "
    "doctor, and look whether it is on record before doing it again."
)


KINDS = {
    FULL: Kind.FULL,
    BUSY: Kind.BUSY,
    LOCKED: Kind.BUSY,
    CORRUPT: Kind.DAMAGED,
    NOT_A_DATABASE: Kind.DAMAGED,
    READ_ONLY: Kind.READ_ONLY,
    IO: Kind.DISK,
    CANNOT_OPEN: Kind.DISK,
}

GONE = "The store could not be opened again after the disk failed. Leave the desk, then run pcc-desk doctor."


def is_of_the_database(error: BaseException) -> bool:
    """Whether an error is one of the database itself, not one of what a statement asked for."""
    return type(error) in {sqlcipher.OperationalError, sqlcipher.DatabaseError}


def kind_of(error: BaseException, path: Path | None = None) -> Kind:
    """Return what failed; `path` is the store's, by which a disk that is only read is told from a broken one."""
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY
    kind = KINDS.get(code, Kind.OTHER)
    if kind not in {Kind.READ_ONLY, Kind.DISK} or path is None:
        return kind
    if is_only_read(path.parent):
        return Kind.READ_ONLY
    return Kind.TOO_LARGE if is_at_its_limit(path) else kind


def is_only_read(folder: Path) -> bool:
    """Whether the disk of a folder takes no writes."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def is_at_its_limit(path: Path) -> bool:
    """Whether the store or its log is as large as a file of this account may be."""
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit == resource.RLIM_INFINITY:
        return False
    sizes = (each.stat().st_size for each in (path, path.with_name(f"{path.name}-wal")) if each.exists())
    return max(sizes, default=0) > limit - 65_536


def not_saved(kind: Kind, more: str = "") -> StoreFault:
    """Return that an act is not on record, and why."""
    return StoreFault(" ".join(each for each in ("This was not saved.", DO_NEXT[kind], more) if each), kind)


def not_read(kind: Kind) -> StoreFault:
    """Return that something could not be read, and why."""
    return StoreFault(f"This could not be read. {DO_NEXT[kind]}", kind)
