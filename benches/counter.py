"""What a person at the counter waits for: the first place after the passphrase, and that names are covered."""

import statistics
import sys
import time
from pathlib import Path

from benches.figures import Row, percentile, spread
from benches.shop import FIRST_IN_QUEUE, PASSPHRASE
from pcc_desk.store.vault import unlock
from tests.terminal import Terminal

RUNS = 20
LOCKS = 5
HEADER = 4


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


def hiding_rows(home: Path) -> list[Row]:
    """Measure from the key to a screen without a patient: the curtain, and the lock."""
    took: dict[str, list[float]] = {"f7": [], "f8": []}
    with desk(home) as terminal:
        open_again(terminal, "passphrase")
        for key in ("f7",) * RUNS + ("f8",) * LOCKS:
            pressed = terminal.press(key)
            gone = terminal.first_seen(lambda lines: FIRST_IN_QUEUE not in "\n".join(lines), 0.5)
            if gone is None:
                raise RuntimeError(f"{key} covered nobody:\n{terminal.text}")
            took[key].append(gone - pressed)
            if key == "f7":
                terminal.press("f7")
            open_again(terminal, "Type your secret" if key == "f7" else "passphrase")
        terminal.press("f10")
        terminal.end()
    return [
        Row("curtain over the screen", percentile(took["f7"], 0.95) * 1000, 100, "ms at p95", spread(took["f7"])),
        Row("lock, patients off the screen", percentile(took["f8"], 0.95) * 1000, 100, "ms at p95", spread(took["f8"])),
    ]


def open_again(terminal: Terminal, asked: str) -> None:
    """Type the passphrase where it is asked for, at the shut door or at the curtain, and wait for the patients."""
    terminal.see(asked)
    terminal.type(PASSPHRASE)
    terminal.press("enter")
    terminal.see(FIRST_IN_QUEUE)
    terminal.settle()
