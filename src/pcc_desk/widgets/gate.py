"""Tells a scanner's keys from a person's, by how closely they follow one another. Knows no terminal and no clock.

Keys of a scanner are collected and reach nothing: no binding, no button, no form. What turns out to be typing is given
back. In a field letters are let through at once, so that nothing is echoed late, and taken back when they were a scan;
words that come there in one go, as over a slow line, are typing however many they are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

FOLLOWS_S = 0.03
"""Keys that follow sooner may be a scanner's: nobody types six in a row so fast."""

SURE_AFTER = 6
"""So many keys that follow so closely are no person's."""

SILENCE_S = 0.15
"""A scan is over after so long without a key."""

LONGEST_S = 2.0
"""A scan that lasts longer is told to be cut; what follows of it is swallowed."""

SHORTEST_SCAN = 20
"""What is shorter and has no known shape goes back as typing. In a field that is so of whatever a person can type."""

MOST = 4000
"""Characters that are kept of one scan. The largest licence has a tenth of it."""

CONTROL = {
    "enter": "\r",
    "ctrl+j": "\n",
    "tab": "\t",
    "ctrl+b": "\x02",
    "ctrl+c": "\x03",
    "ctrl+d": "\x04",
    "ctrl+backslash": "\x1c",
    "ctrl+right_square_bracket": "\x1d",
    "ctrl+circumflex_accent": "\x1e",
    "ctrl+underscore": "\x1f",
    "ctrl+@": "",
}
"""What stands in a scan for keys that are no letter."""

A_PERSONS = "\r\t"
"""What of these a person types in a field, too."""


class Stroke(NamedTuple):
    """A key as the gate sees it; `event` is whatever brought it."""

    key: str
    text: str
    """The character, or the control character; empty: the key of no character."""
    at: float
    """In seconds, on any clock that only goes forward."""
    event: object


class Fate(Enum):
    """What becomes of a key now."""

    PASS = "pass"  # noqa: S105 - no secret
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Ended:
    """What was collected, and what it is."""

    text: str
    """All of it; for a scan."""
    is_scan: bool
    is_cut: bool
    """It went on for longer than a scan lasts."""
    given_back: tuple[Stroke, ...]
    """The keys that were held and are typing after all, in their order. Empty for a scan."""
    passed: int
    """How many were let through before it was known to be a scan; they are to be taken back."""
    is_held_down: bool = False
    """It is one key over and over."""


@dataclass(slots=True)
class Gate:
    """Collects. Every key goes through `key`; `rest` says how long to wait for the next before `end` is called."""

    is_shaped: Callable[[str], bool]
    prefix: str = ""
    """The key that the scanner sends first, where it was set to; what follows it is a scan at any pace."""
    holds_words: Callable[[str], bool] = lambda text: False
    """Whether something shaped so is words all the same where somebody types into a field."""
    _strokes: list[Stroke] = field(default_factory=list)
    _held: list[Stroke] = field(default_factory=list)
    _passed: int = 0
    _is_sure: bool = False
    _is_cut: bool = False
    _is_typing: bool = False
    _length: int = 0

    @property
    def is_collecting(self) -> bool:
        """Whether keys are under way of which it is not known yet what they are."""
        return bool(self._strokes)

    @property
    def is_sure(self) -> bool:
        """Whether what is under way is no person's typing."""
        return self._is_sure

    @property
    def rest(self) -> float:
        """How long a silence ends what is being collected, in seconds."""
        return SILENCE_S if self._is_sure else FOLLOWS_S

    def is_over(self, at: float) -> bool:
        """Whether a key that comes at `at` no longer belongs to what is being collected."""
        return bool(self._strokes) and at - self._strokes[-1].at > self.rest

    def key(self, stroke: Stroke, *, is_typing: bool) -> Fate:
        """Take a key in. `is_typing`: letters go into a field, so this one may be let through for now."""
        has_prefix = bool(self.prefix) and not self._strokes and stroke.key == self.prefix
        if not self._strokes:
            self._is_typing = is_typing
        self._is_sure = self._is_sure or has_prefix or len(self._strokes) + 1 >= SURE_AFTER
        self._strokes.append(stroke)
        if stroke.at - self._strokes[0].at > LONGEST_S or self._length >= MOST:
            self._is_cut = self._is_sure
        else:
            self._length += len(stroke.text)
        if is_typing and not (self._is_sure or self._held) and len(stroke.text) == 1 and stroke.text.isprintable():
            self._passed += 1
            return Fate.PASS
        self._held.append(stroke)
        return Fate.HOLD

    def end(self) -> Ended:
        """Say what was collected, and begin anew."""
        has_prefix = bool(self.prefix) and bool(self._strokes) and self._strokes[0].key == self.prefix
        strokes = self._strokes[1:] if has_prefix else self._strokes
        text = "".join(each.text for each in strokes)[: self._length]
        is_held_down = len(set(text)) < 2  # such a key repeats itself as fast as it was set to
        is_words = self._is_typing and all(each.isprintable() or each in A_PERSONS for each in text)
        is_shaped = self.is_shaped(text) and not (self._is_typing and self.holds_words(text))
        is_one = is_shaped or (len(text.strip()) >= SHORTEST_SCAN and not is_words)
        is_scan = has_prefix or (self._is_sure and is_one and not is_held_down)
        back, passed = ((), self._passed) if is_scan else (tuple(self._held), 0)
        ended = Ended(text, is_scan, self._is_cut, back, passed, is_held_down)
        self._strokes, self._held, self._passed, self._length = [], [], 0, 0
        self._is_sure = self._is_cut = False
        return ended
