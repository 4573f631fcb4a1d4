"""What a person at the counter waits for: the first place after the passphrase."""

import statistics
import sys
import time
from pathlib import Path

from benches.figures import Row, spread
from benches.shop import FIRST_IN_QUEUE, PASSPHRASE
from pcc_desk.store.vault import unlock
from tests.terminal import Terminal

RUNS = 20
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
