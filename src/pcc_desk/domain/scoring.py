"""Outcome measures: what their items come to, and which answer somebody has to act on at once.

An item without an answer is never 0: a measure that lacks one is not scored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Way(StrEnum):
    """How items come to a score."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Band:
    """What scores from one to another, both included, are called."""

    least: int
    most: int
    words: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """An outcome measure whose items may be shipped. Items are whole numbers from `least` to `most`."""

    id: str
    title: str
    way: Way
    least: int
    most: int
    items: tuple[str, ...]
    bands: tuple[Band, ...] = ()
    alarm_item: int = 0
    """The item, counted from 1, of which any answer above 0 is acted on at once; 0: none."""
    alarm: str = ""
    """What to do then, to be read aloud."""

    def key(self, item: int) -> str:
        """Return the key of an item's answer, counted from 1."""
        return f"{self.id}_{item}"

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the answers to its items."""
        return frozenset(self.key(item) for item in range(1, len(self.items) + 1))


@dataclass(frozen=True, slots=True)
class Scored:
    """What the items come to. `band` is empty where the measure has none."""

    value: Fraction
    band: str = ""

    def __str__(self) -> str:
        """Return the figure with one place where it is no whole number, and what it is called."""
        whole = self.value.denominator == 1
        figure = str(self.value) if whole else f"{float(self.value):.1f}"
        return f"{figure} {self.band}".strip()


@dataclass(frozen=True, slots=True)
class NotScored:
    """Items have no answer, or one that no item can have."""

    lacking: int
    of: int

    def __str__(self) -> str:
        """Return why, as a clause."""
        return f"not scored: {self.lacking} of {self.of} items have no answer"


def item_answer(instrument: Instrument, answer: str) -> int | None:
    """Return the answer to an item; None where there is none, or it is none that an item can have."""
    if not (answer.isascii() and answer.isdecimal()) or len(answer) > 2:
        return None
    value = int(answer)
    return value if instrument.least <= value <= instrument.most else None


def score(instrument: Instrument, answers: Mapping[str, str]) -> Scored | NotScored:
    """Return what the items come to, or that they do not: a missing item is never 0."""
    count = len(instrument.items)
    given = [item_answer(instrument, answers.get(instrument.key(item), "")) for item in range(1, count + 1)]
    whole = [each for each in given if each is not None]
    if len(whole) < count:
        return NotScored(count - len(whole), count)
    total = Fraction(sum(whole))
    value = total / count if instrument.way is Way.MEAN else total
    band = next((each.words for each in instrument.bands if each.least <= value <= each.most), "")
    return Scored(value, band)


def alarm(instrument: Instrument, answers: Mapping[str, str]) -> str:
    """Return what to do at once by one answer, whatever the others are and however many are missing; else empty."""
    if not instrument.alarm_item:
        return ""
    answer = item_answer(instrument, answers.get(instrument.key(instrument.alarm_item), ""))
    return instrument.alarm if answer is not None and answer > 0 else ""
