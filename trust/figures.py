"""One row of the table, what a measurement is given, and the list of measurements.

A module of a subject declares its measurements with `@measures(number, …)`; `trust.__main__` imports the modules and
runs what is declared. Numbers are those of section 7 of the security reference.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `is_met` is None where it could not be measured here: that is never called met."""

    number: int
    name: str
    goal: str
    measured: str
    is_met: bool | None
    is_speed: bool = False
    """How fast this computer was just now: the short form shares it with other work, and fails by none of these."""

    @property
    def line(self) -> str:
        """The row as it is printed."""
        mark = {True: "ok ", False: "NOT", None: "-- "}[self.is_met]
        return f"{mark} {self.number:>2}  {self.name:<58}  {self.goal:<24}  {self.measured}"


@dataclass(slots=True)
class Run:
    """One run of the suite: everything drawn by chance comes from its seed."""

    seed: int
    is_short: bool
    folder: Path
    """Where everything is made; it is taken away at the end."""
    _made: int = field(default=0)

    def dice(self, name: str) -> Random:
        """Return the dice of one measurement: the same whichever others run."""
        return Random(f"{self.seed}/{name}")  # noqa: S311 - drawn anew from a seed

    def times(self, whole: int, short: int) -> int:
        """Return how often something is done in a whole run, or in a short one."""
        return short if self.is_short else whole

    def new_folder(self, name: str) -> Path:
        """Return an empty folder."""
        self._made += 1
        folder = self.folder / f"{self._made:03}-{name}"
        folder.mkdir(mode=0o700)
        return folder

    def done_with(self, folder: Path) -> None:
        """Take a folder away that is no longer needed."""
        shutil.rmtree(folder, ignore_errors=True)


Measure = Callable[[Run], Iterator[Figure]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement as it was declared."""

    numbers: tuple[int, ...]
    run: Measure
    in_short: bool


MEASUREMENTS: list[Measurement] = []


def measures(*numbers: int, in_short: bool = True) -> Callable[[Measure], Measure]:
    """Declare a measurement of the figures with these numbers. `in_short`: the short form of the suite runs it too."""

    def declare(run: Measure) -> Measure:
        MEASUREMENTS.append(Measurement(numbers, run, in_short))
        return run

    return declare


def nothing_wrong(
    number: int, name: str, wrong: Sequence[str], goal: str, of: str, *, is_enough: bool = True
) -> Figure:
    """Return a figure whose goal is that nothing goes wrong, with some of what did. `is_enough`: as often as wanted."""
    more = f": {'; '.join(wrong[:3])}" if wrong else ""
    return Figure(number, name, goal, f"{len(wrong)} in {of}{more}", not wrong and is_enough)


def not_measured(number: int, name: str, goal: str, why: str) -> Figure:
    """Return that a figure could not be measured on this computer."""
    return Figure(number, name, goal, f"not measured here: {why}", None)
