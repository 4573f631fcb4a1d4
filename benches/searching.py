"""Who is found while one types: the whole desk over its encrypted store, beside a DataTable and fzf over plain rows."""

import os
import random
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from pathlib import Path

from benches.counter import desk
from benches.crowd import PAGE, Crowd, make_crowd
from benches.figures import Row, percentile, spread
from benches.reconciling import RIVALS
from benches.shop import PASSPHRASE
from tests.terminal import Terminal

MILLION = 1_000_000
SIZES = (1_000, 10_000, 100_000, MILLION)
COMPARED = 100_000
"""From so many on others are measured beside the desk."""
WITH_MILLION = "PCC_BENCH_MILLION"
"""A million is left out where this is 0: it takes six minutes, 1 GB of memory and 2 GB on the disk."""
KEYS = 200
"""Timed of each contestant: of 100, the 99th in a hundred would be the slowest of all."""
KEY_EVERY_S = 0.2
SLOW_EVERY_S = 0.5
"""How long fzf may look through a million rows."""
GROWTH = 1.3
"""How much longer than with a tenth of them a search among a million may take."""
LATE_S = 2.0
"""How long results that are late are waited for, to tell them from wrong ones."""
NOTICE_S = 9.0
"""After how long what is told to whoever comes in no longer covers a part of the list."""
HEADER = 4
BELOW = 3
"""Rows below the list: two about the patient, and the keys."""
Lines = list[str]


@dataclass(slots=True)
class Contestant:
    """Something that finds people, in a terminal of its own, and how long it took."""

    terminal: Terminal
    echoes: Callable[[Lines, str], bool]
    """Whether what was typed stands on the screen."""
    shows: Callable[[Lines, str], Callable[[Lines], bool]]
    """Return of what was typed whether a screen shows it with exactly who is found."""
    begin: tuple[str, ...]
    end: tuple[str, ...]
    every: float = KEY_EVERY_S
    results: list[float] = field(default_factory=list)
    echo: list[float] = field(default_factory=list)
    late: int = 0
    """Keys whose results did not come before the next key."""
    missed: str = ""
    """What was typed last for which they never came, and what stood there instead."""

    def clear(self, keys: tuple[str, ...]) -> None:
        """Press what begins or ends a search."""
        self.terminal.press(*keys)
        self.terminal.settle(0.2, within=2)

    def type(self, whole: str, untimed: int) -> None:
        """Type something key by key, and note how long each took beyond those that are not timed."""
        self.clear(self.begin)
        for length in range(1, len(whole) + 1):
            typed = whole[:length]
            if length <= untimed or typed.endswith(" "):
                self.terminal.press(typed[-1])
                self.terminal.settle(0.1, within=1)
            else:
                self._key(typed)
        self.clear(self.end)

    def _key(self, typed: str) -> None:
        is_right, echoed = self.shows(self.terminal.lines, typed), 0.0

        def holds(lines: Lines) -> bool:
            nonlocal echoed
            if not echoed and self.echoes(lines, typed):
                echoed = self.terminal.chunks[-1][0]
            return is_right(lines)

        pressed = time.monotonic()
        self.terminal.press(typed[-1])
        seen = self.terminal.first_seen(holds, self.every)
        self.echo.append(echoed - pressed if echoed else self.every)
        if seen is None:
            self.late += 1
            self.terminal.settle(LATE_S, within=LATE_S)
            if not is_right(self.terminal.lines):
                self.missed = f"“{typed}”:\n{self.terminal.text}"
        self.results.append(self.every if seen is None else seen - pressed)


def rows(folder: Path) -> Iterator[Row]:
    """Measure each size."""
    took: dict[int, Contestant] = {}
    for size in SIZES if os.environ.get(WITH_MILLION) != "0" else SIZES[:-1]:
        home = folder / f"crowd-{size}"
        crowd = make_crowd(home, size)
        contestants = compared(folder, home, crowd) if size >= COMPARED else {"desk": the_desk(home, crowd)}
        try:
            measure(crowd, list(contestants.values()))
        finally:
            for each in contestants.values():
                each.terminal.__exit__(None, None, None)
        took[size] = contestants["desk"]
        if took[size].missed:
            raise RuntimeError(f"The list was not right after {took[size].missed}")
        yield from size_rows(size, contestants)
        shutil.rmtree(home)
    yield growth_row(took)


def size_rows(size: int, contestants: dict[str, Contestant]) -> Iterator[Row]:
    """Yield what was measured of one size."""
    found, count = contestants["desk"], f"{size:,} patients"
    name, growth = f"key to right results, {count}", GROWTH if size == MILLION else 1
    yield Row(name, percentile(found.results, 0.99) * 1000, 16 * growth, "ms at p99", behind(found))
    if size < COMPARED:
        return
    yield Row(name, statistics.median(found.results) * 1000, 8 * growth, "ms at p50", "as above")
    yield Row(f"key to its echo, {count}", percentile(found.echo, 0.99) * 1000, 16, "ms at p99", spread(found.echo))
    yield beside(f"search / DataTable, {size:,}", found, contestants["DataTable"], 1 / 6)
    if "fzf" in contestants:
        yield beside(f"search / fzf, {size:,}", found, contestants["fzf"], 1)
    else:
        yield Row(f"search / fzf, {size:,}", None, 1, "x at p99", "fzf is not installed: run make bench")


def beside(name: str, ours: Contestant, theirs: Contestant, goal: float) -> Row:
    """Return the row of the desk beside another."""
    times = percentile(ours.results, 0.99) / percentile(theirs.results, 0.99)
    return Row(name, times, goal, "x at p99", behind(theirs))


def behind(found: Contestant) -> str:
    """Return what was measured of one of them."""
    return f"{spread(found.results)}, {found.late} not before the next key"


def growth_row(took: dict[int, Contestant]) -> Row:
    """Return how much longer a million takes than a tenth of it."""
    name, million = "search of 1,000,000 / of 100,000", took.get(MILLION)
    if million is None:
        return Row(name, None, GROWTH, "x at p99", f"left out: {WITH_MILLION}=0")
    p50, p99 = (percentile(million.results, at) / percentile(took[COMPARED].results, at) for at in (0.5, 0.99))
    return Row(name, p99, GROWTH, "x at p99", f"{p50:.2f} x at p50")


def measure(crowd: Crowd, contestants: list[Contestant]) -> None:
    """Let each search for the same, in turn: a family name, both names, a birth date."""
    dice = random.Random(3)  # noqa: S311 - who is looked for
    turn = 0
    while len(contestants[0].results) < KEYS:
        one = dice.choice(crowd.everybody)
        whole = (one.family[:6], f"{one.family[:4]} {one.given[:3]}", one.born)[turn % 3]
        for each in contestants:
            each.type(whole, 3 if turn % 3 == 2 else 0)
        turn += 1


def the_desk(home: Path, crowd: Crowd) -> Contestant:
    """Start the desk and go to its queue."""
    terminal = desk(home)
    terminal.type(f"{PASSPHRASE}\r")
    terminal.see("[Today")
    terminal.settle(NOTICE_S)
    terminal.press("q")
    terminal.see("[Queue")
    terminal.settle(1.0)
    room = terminal.rows - HEADER - 1 - BELOW

    def shows(_: Lines, typed: str) -> Callable[[Lines], bool]:
        return listed([(each.name, str(each.born.year)) for each in crowd.found_by(typed)][:room], typed)

    return Contestant(terminal, lambda lines, typed: lines[HEADER - 1].strip() == typed, shows, ("/",), ("escape",))


def listed(wanted: list[tuple[str, str]], typed: str) -> Callable[[Lines], bool]:
    """Return whether a screen of the desk shows what was typed and, in order, exactly these."""

    def is_right(lines: Lines) -> bool:
        header = lines[HEADER]
        name, born = header.find("Name"), header.find("Born")
        if name < 0 or lines[HEADER - 1].strip() != typed:
            return False
        if not wanted:
            return "Nobody by that" in lines[HEADER + 1]
        shown = [
            (row[name:born].strip(), row[born : born + 10].strip()) for row in lines[HEADER + 1 : -BELOW] if row.strip()
        ]
        return len(shown) == len(wanted) and all(
            at[1] == want[1] and (at[0] == want[0] or (at[0].endswith("…") and want[0].startswith(at[0][:-1])))
            for at, want in zip(shown, wanted, strict=True)
        )

    return is_right


def compared(folder: Path, home: Path, crowd: Crowd) -> dict[str, Contestant]:
    """Start the desk, a DataTable over an unencrypted database of the same people, and fzf when there is one."""
    base, text = folder / "crowd.sqlite", folder / "crowd.txt"
    base.unlink(missing_ok=True)
    plain = sqlite3.connect(base)
    plain.execute("CREATE TABLE one (family, given, id, born, card)")
    cards = (f"MI-P-{number:07}" for number in range(len(crowd.everybody)))
    plain.executemany("INSERT INTO one VALUES (?, ?, ?, ?, ?)", ((*x[:4], next(cards)) for x in crowd.everybody))
    plain.execute("CREATE INDEX by_name ON one (family, given, id)")
    plain.execute("CREATE INDEX by_birth ON one (born, family, given, id)")
    plain.commit()
    plain.close()
    lines = [f"{each.family} {each.given} {each.born}" for each in crowd.everybody]
    text.write_text("\n".join(lines), encoding="utf-8")
    contestants = {"desk": the_desk(home, crowd), "DataTable": the_data_table(base, crowd)}
    fzf = shutil.which("fzf", path=os.pathsep.join((str(RIVALS.parent), os.environ.get("PATH", os.defpath))))
    return {**contestants, "fzf": the_fuzzy_finder(fzf, text, lines)} if fzf else contestants


def the_data_table(base: Path, crowd: Crowd) -> Contestant:
    """Start the DataTable. It only has to find family names, with given ones behind, and birth dates."""
    terminal = Terminal([sys.executable, "-m", "benches.rivals.data_table", str(base)])
    terminal.see("Born")
    terminal.settle(1.0)

    def shows(_: Lines, typed: str) -> Callable[[Lines], bool]:
        first, second = typed.partition(" ")[::2]
        if first[0].isdigit():
            born = (each for each in crowd.everybody if each.born.startswith(first))
            found = nsmallest(PAGE, born, key=lambda each: (each.born, *each[:3]))
        else:
            named = (
                each for each in crowd.everybody if each.family.startswith(first) and each.given.startswith(second)
            )
            found = list(islice(named, PAGE))
        wanted = [f"{each.family}, {each.given}" for each in found[: terminal.rows - 2]]

        def is_right(lines: Lines) -> bool:
            listed = [line.lower().split("  ")[0].strip() for line in lines[2:] if line.strip()]
            return lines[0].strip() == typed and listed == wanted

        return is_right

    return Contestant(terminal, lambda lines, typed: lines[0].strip() == typed, shows, (), ("backspace",) * 12)


def the_fuzzy_finder(program: str, text: Path, lines: list[str]) -> Contestant:
    """Start fzf over the same rows as lines of text, matching exactly and in their order."""
    command = f"{program} --exact --no-sort --layout=reverse < {text}"
    terminal = Terminal(["/bin/sh", "-c", command])
    terminal.see(lines[0])
    terminal.settle(1.0)
    every = SLOW_EVERY_S if len(lines) > COMPARED else KEY_EVERY_S

    def echoes(screen: Lines, typed: str) -> bool:
        return screen[0].strip() == f"> {typed}"

    def shows(_: Lines, typed: str) -> Callable[[Lines], bool]:
        words = typed.split()
        found = (each for each in lines if all(word in each for word in words))
        wanted = list(islice(found, terminal.rows - 2))
        return lambda screen: (
            echoes(screen, typed) and [row[2:].rstrip("│ ") for row in screen[2:] if row.strip("│ ")] == wanted
        )

    return Contestant(terminal, echoes, shows, (), ("backspace",) * 12, every)
