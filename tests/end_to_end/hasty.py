"""Runs the desk on a computer whose hours are short: `python -m tests.end_to_end.hasty SPEED ARGUMENTS`."""

import sys
import time

from pcc_desk.cli import main
from pcc_desk.screens.door import lock

SPEED = float(sys.argv[1]) if __name__ == "__main__" else 1.0


class Hasty:
    """Counts more than a second for each."""

    def passed(self) -> float:
        """Return the seconds since it was started."""
        return time.monotonic() * SPEED

    def awake(self) -> float:
        """Return the same: it never sleeps."""
        return self.passed()


if __name__ == "__main__":
    lock.SystemBoottime = Hasty  # type: ignore[attr-defined, assignment]
    sys.exit(main(sys.argv[2:]))
