"""What can go wrong between a desk and a state system, and with which call it does."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Does(StrEnum):
    """What a fault does to a call."""

    REFUSE = "refuse"
    """Drops the call undone; connections are refused for so many seconds."""
    HANG = "hang"
    """Never answers; nothing is done."""
    HANG_AFTER = "hang_after"
    """Does what is asked, and never answers."""
    RESET_BEFORE = "reset_before"
    """Resets the connection; nothing is done."""
    RESET_AFTER = "reset_after"
    """Does what is asked, then resets the connection: whoever asked cannot know."""
    ANSWER = "answer"
    """Gives another answer: a status, JSON, a page, or nothing; done or not done."""
    SLOW = "slow"
    """Does it, and sends the answer byte by byte, so many seconds between two."""
    TRUNCATE = "truncate"
    """Does it, and sends half of the answer as if that were all."""
    CUT_OFF = "cut_off"
    """Does it, and resets the connection in the middle of the answer."""
    EMPTY = "empty"
    """Does it, and sends the answer without its body."""
    LEAK_HEADER = "leak_header"
    """Does it; the text of a header stands before the answer, as BioTrack's server does."""
    KEYED = "keyed"
    """Does it; arrays named `data` come as objects keyed "0", "1", as Leaf's pages may."""
    SWITCH = "switch"
    """Turns switches before the call; after so many seconds they turn back."""
    LATE = "late"
    """Does it; what was posted shows in lists and look-ups only so many seconds later."""
    ELSEWHERE = "elsewhere"
    """Another shop sells to the same patient, just before the call is done or just after."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls which call."""

    does: Does
    method: str = "*"
    path: str = "*"
    """`*` stands for anything."""
    action: str = ""
    """The `action` in the body of BioTrack's calls; empty for any."""
    nth: frozenset[int] = frozenset()
    """Which of the calls that match, the first being 1; empty for each."""
    chance: Decimal | None = None
    """How likely each of them is hit, from 0 to 1; by the seed."""
    seconds: Decimal = Decimal(0)
    status: int = 500
    body: str = "html"
    retry_after: int | None = None
    location: str = ""
    processed: bool = False
    switches: Mapping[str, bool | int] = field(default_factory=dict)
    card: str = ""
    label: str = ""
    quantity: Decimal = Decimal(0)
    when: str = "before"
    shows_after_s: int = 0

    def is_about(self, method: str, path: str, action: str) -> bool:
        """Whether a call is one that this may befall."""
        pattern = ".*".join(map(re.escape, self.path.split("*")))
        return (
            self.method in {"*", method}
            and self.action in {"", action}
            and re.fullmatch(pattern, path, re.DOTALL) is not None
        )


class Faults:
    """The faults that are set, and how often each one's calls have come."""

    def __init__(self, seed: int = 0) -> None:
        self.begin(seed)

    def begin(self, seed: int) -> None:
        """Forget everything, and draw lots from a seed."""
        self.seed = seed
        self._last = 0
        self._set: dict[int, Fault] = {}
        self._seen: dict[int, int] = {}
        self._chances: dict[int, random.Random] = {}

    def add(self, fault: Fault) -> int:
        """Set a fault and return its number. Its calls are counted from now on."""
        self._last += 1
        self._set[self._last] = fault
        self._seen[self._last] = 0
        self._chances[self._last] = random.Random(f"{self.seed}/{self._last}")  # noqa: S311 - to repeat it, not to hide it
        return self._last

    def remove(self, number: int) -> bool:
        """Take a fault away; return whether there was one of this number."""
        return self._set.pop(number, None) is not None

    def clear(self) -> None:
        """Take all of them away."""
        self._set.clear()

    def met(self, method: str, path: str, action: str = "") -> list[Fault]:
        """Count a call, and return what befalls it, in the order in which the faults were set."""
        return [
            fault for number, fault in self._set.items() if fault.is_about(method, path, action) and self._hits(number)
        ]

    def _hits(self, number: int) -> bool:
        fault = self._set[number]
        self._seen[number] += 1
        if fault.nth and self._seen[number] not in fault.nth:
            return False
        return fault.chance is None or Decimal(self._chances[number].random()) < fault.chance

    def shown(self) -> list[dict[str, object]]:
        """Return the faults for people: number, what it does, to which calls, how many of these came."""
        return [
            {
                "fault": number,
                "does": fault.does.value,
                "route": f"{fault.method} {fault.path}",
                "action": fault.action or None,
                "nth": sorted(fault.nth),
                "seen": self._seen[number],
            }
            for number, fault in self._set.items()
        ]
