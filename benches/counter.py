"""What a person at the counter waits for: the first place after the passphrase, the results after a key."""

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benches.figures import Row, percentile, spread
from benches.shop import FIRST_IN_QUEUE, PASSPHRASE, Town
from pcc_desk.store.vault import unlock
from tests.terminal import Terminal

RUNS = 20
KEYS = 150
KEY_EVERY_S = 0.12
HEADER = 4
BELOW = 3
"""Rows below the list: two about the patient, and the keys."""


def desk(home: Path) -> Terminal:
    """Start the desk, and let it load behind its first screen as it does while a person types."""
    terminal = Terminal([str(Path(sys.executable).parent / "pcc-desk"), "--home", str(home)])
    terminal.see("passphrase")
    terminal.settle(1.0)
    return terminal


def unlock_rows(home: Path) -> list[Row]:
    """Measure from enter to the first place, beside the key derivation alone."""
    took, derived = [], []
    for _ in range(RUNS):
        before = time.perf_counter()
        unlock(home, PASSPHRASE)
        derived.append(time.perf_counter() - before)
        with desk(home) as terminal:
            terminal.type(PASSPHRASE)
            terminal.settle(0.2)
            pressed = terminal.press("enter")
            seen = terminal.first_seen(lambda lines: FIRST_IN_QUEUE in "".join(lines[HEADER:]), 1.5)
            if seen is None:
                raise RuntimeError(f"the first place never came:\n{terminal.text}")
            took.append(seen - pressed)
            terminal.press("f10")
            terminal.end()
    more = (statistics.median(took) - statistics.median(derived)) * 1000
    behind = f"whole {spread(took)}; key derivation {spread(derived)}"
    return [Row("unlock to the first place, beyond the key derivation", more, 40, "ms at p50", behind)]


NOTICE_S = 9.0
"""After how long what is told to whoever comes in no longer covers a part of the list."""


def key_rows(home: Path, town: Town) -> list[Row]:
    """Type names as people do and take the instant at which the list is what it should be."""
    dice = random.Random(3)  # noqa: S311 - which names are typed
    took: list[float] = []
    with desk(home) as terminal:
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.see(FIRST_IN_QUEUE)
        terminal.settle(NOTICE_S)
        terminal.press("q")
        terminal.see("[Queue")
        terminal.settle(1.0)
        while len(took) < KEYS:
            terminal.press("/")
            terminal.settle(0.2)
            name = dice.choice(town.patients).family_name.lower()
            for length in range(1, min(len(name), 6) + 1):
                is_right = shows(town, name[:length], terminal)
                pressed = terminal.press(name[length - 1])
                seen = terminal.first_seen(is_right, KEY_EVERY_S)
                if seen is None:
                    raise RuntimeError(f"after “{name[:length]}” the list was not what it should be:\n{terminal.text}")
                took.append(seen - pressed)
            terminal.press("escape")
            terminal.settle(0.2)
    p99 = percentile(took, 0.99) * 1000
    return [Row(f"key to right results, {len(town.patients):,} patients", p99, 16, "ms at p99", spread(took))]


def shows(town: Town, typed: str, terminal: Terminal) -> Callable[[list[str]], bool]:
    """Return whether a screen shows what was typed and, in order, exactly those who are found by it."""
    room = terminal.rows - HEADER - 1 - BELOW
    wanted = [(each.name, str(each.born.year)) for each in town.found_by(typed)[:50]][:room]

    def is_right(lines: list[str]) -> bool:
        header = lines[HEADER]
        name, born = header.find("Name"), header.find("Born")
        if name < 0 or lines[HEADER - 1].strip() != typed:
            return False
        shown = [
            (row[name:born].strip(), row[born : born + 10].strip()) for row in lines[HEADER + 1 : -BELOW] if row.strip()
        ]
        return len(shown) == len(wanted) and all(
            at[1] == want[1] and (at[0] == want[0] or (at[0].endswith("…") and want[0].startswith(at[0][:-1])))
            for at, want in zip(shown, wanted, strict=True)
        )

    return is_right
