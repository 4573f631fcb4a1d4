"""How long nobody has touched the desk, and what follows from it: it locks by itself, also after the computer slept.

Measured on the clock that goes on while the computer sleeps, by a thread of its own: an application that is busy is no
reason to lock late.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pcc_desk.desk.ports import Boottime

CURTAIN_S = 30.0
"""How long the curtain may hang before the desk locks."""

RENEW_S = 15 * 60.0
"""How long a locked desk keeps its process: what once was in its memory goes with it only."""

STILL_TYPING_S = 20.0
"""A locked desk at which somebody typed just now is left to them."""

WARNING_S = 15
"""How long before it locks the desk says so."""

SLEPT_S = 2.0
"""By how much the two clocks part when the computer slept; what is less is the inexactness of reading them."""

LOOK_EVERY_S = 0.2


class SystemBoottime:
    """The computer's own clocks."""

    def passed(self) -> float:
        """Return the seconds since it was started, those that it slept included.

        Where there is no clock for that, the ordinary one counts them too.
        """
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def awake(self) -> float:
        """Return the same without those that it slept."""
        return time.monotonic()


class Due(Enum):
    """Why the desk is to be locked; the value is what the locked screen says of it."""

    IDLE = "Locked: nobody had touched the desk."
    SESSION = "Locked: the longest time for one sign-in is over."
    SLEPT = "Locked: the computer slept."
    CURTAIN = "Locked: the curtain was not drawn back."
    RENEWAL = "Locked."


class State(Enum):
    """How the desk stands: never opened, open, behind its curtain, locked."""

    SEALED = "sealed"
    OPEN = "open"
    CURTAIN = "curtain"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an open desk stays open, in seconds."""

    idle_s: float = 120.0
    session_s: float = 12 * 3600.0

    @classmethod
    def of(cls, lock_after: timedelta, session_limit: timedelta) -> "Limits":
        """Return the limits of a desk."""
        return cls(lock_after.total_seconds(), session_limit.total_seconds())


class Watch:
    """Remembers the last touch. May be asked from any thread."""

    def __init__(self, boottime: "Boottime") -> None:
        self._boottime = boottime
        self.state = State.SEALED
        self._limits = Limits()
        self._since = self._touched = boottime.passed()
        self._signed_in = self._since
        self._slept = self._asleep()

    def _asleep(self) -> float:
        return self._boottime.passed() - self._boottime.awake()

    def enter(self, state: State) -> None:
        """Begin to count for another state."""
        self._since = self._touched = self._boottime.passed()
        self._slept = self._asleep()
        self.state = state

    def sign_in(self, limits: Limits) -> None:
        """Begin to count for a person who signed in."""
        self._limits = limits
        self.enter(State.OPEN)
        self._signed_in = self._since

    def touch(self) -> None:
        """Somebody pressed a key, moved the mouse or pasted."""
        self._touched = self._boottime.passed()

    @property
    def untouched_s(self) -> float:
        """The seconds since the last touch."""
        return self._boottime.passed() - self._touched

    def due(self) -> Due | None:
        """Return why the desk is to be locked now; None while it is not."""
        now = self._boottime.passed()
        stood, untouched = now - self._since, now - self._touched
        slept = self._asleep() - self._slept
        is_open = self.state in {State.OPEN, State.CURTAIN}
        reasons = (
            (Due.SLEPT, is_open and slept > SLEPT_S),
            (Due.SESSION, is_open and now - self._signed_in >= self._limits.session_s),
            (Due.CURTAIN, self.state is State.CURTAIN and stood >= CURTAIN_S),
            (Due.IDLE, self.state is State.OPEN and untouched >= self._limits.idle_s),
            (Due.RENEWAL, self.state is State.LOCKED and stood >= RENEW_S and untouched >= STILL_TYPING_S),
        )
        return next((due for due, holds in reasons if holds), None)

    @property
    def locks_in(self) -> int | None:
        """In how many seconds an open desk locks by itself, or one behind its curtain; None while many are left."""
        now = self._boottime.passed()
        session = self._limits.session_s - (now - self._signed_in)
        match self.state:
            case State.OPEN:
                left = min(self._limits.idle_s - (now - self._touched), session)
            case State.CURTAIN:
                return max(round(min(CURTAIN_S - (now - self._since), session)), 0)
            case _:
                return None
        return max(round(left), 0) if left <= WARNING_S else None


class Lookout(threading.Thread):
    """Asks the watch again and again, and tells once of each thing that is due."""

    def __init__(self, watch: Watch, tell: Callable[[Due], None]) -> None:
        super().__init__(name="lookout", daemon=True)
        self._watch = watch
        self._tell = tell
        self._ended = threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        told = None
        while not self._ended.wait(LOOK_EVERY_S):
            due = self._watch.due()
            if due is not None and due is not told:
                self._tell(due)
            told = due

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
