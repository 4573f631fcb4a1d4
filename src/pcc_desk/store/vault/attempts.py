"""How often a secret was tried: counted, durably, before it is tried, so that no kill and no clock gains a guess."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Protocol

from pcc_desk.domain.people import SecretKind
from pcc_desk.home import write_private
from pcc_desk.store.vault.slots import Slot

ATTEMPTS_FILE = "attempts.json"
FORMAT = 1

WAITS_S = (5, 15, 60, 300, 900, 1800, 3600)
"""How long to wait before the fourth try in a row, the fifth, and so on; the last for each after."""
FREE_TRIES = 3
MOST_TRIES = {SecretKind.PIN: 10, SecretKind.PASSPHRASE: 100, SecretKind.RECOVERY: 100}
"""Tries in a row after which a slot is off, from NIST SP 800-63B."""
REMEMBERED = 100


class Uptime(Protocol):
    """How long this computer has been running, sleep included; nobody can set it."""

    def boot(self) -> str:
        """Return which start of the computer it is."""
        ...

    def seconds(self) -> float:
        """Return the seconds since then."""
        ...


class ComputersUptime:
    """What the operating system says."""

    def boot(self) -> str:
        """Return which start of the computer it is; empty where that is not told."""
        try:
            return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def seconds(self) -> float:
        """Return the seconds since then."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Tries:
    """What is known of one slot. `salt` is the slot's: a slot that was made anew is tried anew."""

    salt: str
    tried: int = 0
    """How often it was ever tried. It never falls: one that did was put back."""
    wrong: int = 0
    """How often in a row it was tried in vain."""
    boot: str = ""
    at_s: float = 0.0
    """When it was last tried, in seconds since that start of the computer."""
    failed_at: tuple[str, ...] = ()
    """When it was tried in vain since somebody who came in was told, by the clock, in UTC."""


@dataclass(frozen=True, slots=True)
class MustWait:
    """Another try is not taken yet."""

    seconds: int

    @property
    def reason(self) -> str:
        """What to say."""
        left = f"{self.seconds} s" if self.seconds < 100 else f"{-(-self.seconds // 60)} min"
        return f"Too many wrong tries. The next one is taken in {left}."


@dataclass(frozen=True, slots=True)
class SlotOff:
    """The secret is no longer taken at all."""

    kind: SecretKind

    @property
    def reason(self) -> str:
        """What to say."""
        if self.kind is SecretKind.PIN:
            return "This PIN was tried too often and is off. Use your passphrase, or ask a manager for a new PIN."
        return "This was tried too often and is off. Ask a manager for a new one, or use the recovery sheet."


@dataclass(slots=True)
class Attempts:
    """The tries of every slot of a vault."""

    folder: Path
    uptime: Uptime = field(default_factory=ComputersUptime)

    def begin(self, slot: Slot) -> MustWait | SlotOff | None:
        """Count a try of a slot before it is made; None: go ahead. Raises `OSError` when it cannot be counted."""
        with self._alone():
            return self._begin(slot)

    def _begin(self, slot: Slot) -> MustWait | SlotOff | None:
        all_of_them = self._load()
        known = _of(all_of_them, slot)
        if known.wrong >= MOST_TRIES[slot.kind]:
            return SlotOff(slot.kind)
        left = self._left(known)
        if left > 0:
            return MustWait(ceil(left))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        counted = replace(
            known,
            tried=known.tried + 1,
            wrong=known.wrong + 1,
            boot=self.uptime.boot(),
            at_s=self.uptime.seconds(),
            failed_at=(*known.failed_at, now)[-REMEMBERED:],
        )
        self._save({**all_of_them, str(slot.id): counted})
        return None

    def opened(self, slot: Slot) -> Tries:
        """Note that a slot opened; return what was known of it, this try not among the failed ones.

        The failed ones are kept until they are on record: see `told`.
        """
        with self._alone():
            all_of_them = self._load()
            known = _of(all_of_them, slot)
            failed = known.failed_at[:-1]
            self._save({**all_of_them, str(slot.id): replace(known, wrong=0, failed_at=failed)})
        return replace(known, wrong=known.wrong - 1, failed_at=failed)

    def told(self, salt: str) -> None:
        """Forget when the slot of that salt was tried in vain: it is on record now. Raises `OSError`."""
        with self._alone():
            known = self._load()
            kept = {name: replace(each, failed_at=()) if each.salt == salt else each for name, each in known.items()}
            if kept != known:
                self._save(kept)

    def allow_again(self, slot: Slot) -> None:
        """Let a slot that is off be tried again."""
        with self._alone():
            all_of_them = self._load()
            self._save({**all_of_them, str(slot.id): replace(_of(all_of_them, slot), wrong=0)})

    def of(self, slot: Slot) -> Tries:
        """Return what is known of a slot."""
        return _of(self._load(), slot)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Count one try after another, whoever tries: two at once would be counted as one."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _left(self, known: Tries) -> float:
        """Return how many seconds are left to wait. After a start of the computer the whole wait begins again."""
        if known.wrong < FREE_TRIES:
            return 0
        wait = WAITS_S[min(known.wrong - FREE_TRIES, len(WAITS_S) - 1)]
        since = known.at_s if known.boot == self.uptime.boot() else 0.0
        return min(wait, since + wait - self.uptime.seconds())

    def _load(self) -> dict[str, Tries]:
        try:
            content = json.loads((self.folder / ATTEMPTS_FILE).read_text(encoding="utf-8"))
            return {
                str(name): Tries(
                    str(each["salt"]),
                    int(each["tried"]),
                    int(each["wrong"]),
                    str(each["boot"]),
                    float(each["at_s"]),
                    tuple(map(str, each["failed_at"])),
                )
                for name, each in content["slots"].items()
            }
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return {}  # it falls behind what the store remembers of it, and is said to when the store opens

    def _save(self, tries: dict[str, Tries]) -> None:
        content = {"format": FORMAT, "slots": {name: asdict(each) for name, each in tries.items()}}
        write_private(self.folder / ATTEMPTS_FILE, json.dumps(content, indent=1, sort_keys=True).encode())


def _of(tries: dict[str, Tries], slot: Slot) -> Tries:
    known = tries.get(str(slot.id))
    return known if known is not None and known.salt == slot.salt else Tries(slot.salt)
