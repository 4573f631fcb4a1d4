"""Copies of the record: what is on record of them, how old the newest good one is, which are kept for how long."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

OLDEST_GOOD = timedelta(hours=24)
"""How old the newest proved copy may become, from 45 CFR 164.308(a)(7)(ii)(A) as the shop reads it."""

DAYS, WEEKS, MONTHS, YEARS = 7, 5, 12, 7
"""Of how many days, weeks, months and years that have a copy the newest is kept; the years cover the six of 164.316."""


class Second(StrEnum):
    """What became of the same copy in the second folder."""

    NOT_SET = "not set"
    """The shop has named no second folder."""
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A copy of the record was made. Its last entry is `seq`. `why` says why the second folder has none."""

    name: ClassVar = "backup.made"
    version: ClassVar = 1
    copy: str
    made_at: datetime
    seq: int
    size: int
    second: Second
    why: str = ""


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """A copy was to be made and was not."""

    name: ClassVar = "backup.failed"
    version: ClassVar = 1
    why: str


@dataclass(frozen=True, slots=True)
class BackupProved:
    """A copy was restored into a scratch file, and what came out was whole to its last entry."""

    name: ClassVar = "backup.proved"
    version: ClassVar = 1
    copy: str
    made_at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class BackupNotProved:
    """A copy was tried so, and is not good."""

    name: ClassVar = "backup.not_proved"
    version: ClassVar = 1
    copy: str
    made_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class BackupsRemoved:
    """Copies whose time was over were deleted."""

    name: ClassVar = "backups.removed"
    version: ClassVar = 1
    copies: tuple[str, ...]


BackupEntry = BackupMade | BackupFailed | BackupProved | BackupNotProved | BackupsRemoved


@dataclass(frozen=True, slots=True)
class CopyOnDisk:
    """A whole copy that lies in the shop's own folder."""

    name: str
    made_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class CopyMade:
    """A copy lies in the shop's own folder. `why` says why the second folder has none."""

    copy: CopyOnDisk
    seq: int
    second: Second
    why: str


@dataclass(frozen=True, slots=True)
class CopyNotMade:
    """No copy was made. `why` is a sentence that ends with what to do."""

    why: str


@dataclass(frozen=True, slots=True)
class Proved:
    """A copy was restored into a scratch file and is whole to its last entry."""

    copy: str
    made_at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class NotProved:
    """A copy is not good, or could not be tried. `made_at` is None where not even that can be read."""

    copy: str
    made_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class BackupOnRecord:
    """What the record knows of a copy. `proved_at` is when it was last proved; None: never, or not since it failed."""

    copy: str
    made_at: datetime
    second: Second
    second_why: str
    proved_at: datetime | None
    failed: str
    """Why it was not proved, the last time that it was tried; empty when it was."""


@dataclass(frozen=True, slots=True)
class BackupState:
    """How the record is provided for, as far as it is known now."""

    newest_proved: datetime | None
    """When the newest copy was made that is there and was proved; None: there is none."""
    trouble: str = ""
    """Why the last one was not made, or is not good, or has no second; empty when nothing is wrong."""

    def age(self, at: datetime) -> timedelta | None:
        """Return how old the newest proved copy is; None where there is none."""
        return None if self.newest_proved is None else at - self.newest_proved

    def is_late(self, at: datetime) -> bool:
        """Whether the newest proved copy is older than it may be. No copy at all is never fine."""
        age = self.age(at)
        return age is None or age >= OLDEST_GOOD


def newest_proved(copies: Iterable[CopyOnDisk], proved: frozenset[str]) -> CopyOnDisk | None:
    """Return the newest copy that is there and was proved."""
    return max((each for each in copies if each.name in proved), key=lambda each: each.made_at, default=None)


def outlived(copies: tuple[CopyOnDisk, ...], proved: frozenset[str]) -> tuple[CopyOnDisk, ...]:
    """Return the copies whose time is over, oldest first.

    Of each of the last days, weeks, months and years that have a copy, one is kept: the newest that was proved, else
    the newest. None goes that is not older than the newest proved one, nor that one itself: while nothing was proved,
    nothing goes.
    """
    safe = newest_proved(copies, proved)
    if safe is None:
        return ()
    kept = {safe.name}
    for periods, period_of in _PERIODS:
        best: dict[object, CopyOnDisk] = {}
        for each in sorted(copies, key=lambda it: (it.name in proved, it.made_at)):
            best[period_of(each.made_at.date())] = each
        newest_first = sorted(best.values(), key=lambda it: it.made_at, reverse=True)
        kept |= {each.name for each in newest_first[:periods]}
    gone = (each for each in copies if each.name not in kept and each.made_at < safe.made_at)
    return tuple(sorted(gone, key=lambda it: it.made_at))


def _week(day: date) -> object:
    return day.isocalendar()[:2]


def _month(day: date) -> object:
    return day.year, day.month


_PERIODS: tuple[tuple[int, Callable[[date], object]], ...] = (
    (DAYS, lambda day: day),
    (WEEKS, _week),
    (MONTHS, _month),
    (YEARS, lambda day: day.year),
)
