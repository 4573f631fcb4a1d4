"""Memory is tidied while nobody types: to look through all of it takes longer than a key may.

Python's collector looks through what is young often and quickly, and now and then through everything. The second waits
here for a moment in which nobody touches the desk.
"""

import gc

QUIET_S = 1.0
"""After how many seconds without a touch nobody is taken to be typing."""
DUE = 10
"""After how many rounds through what is younger everything is looked through, as Python itself has it."""
OVERDUE = 500
"""After how many it is done though somebody types."""
NEVER = 2**31 - 1


class Tidying:
    """When an application looks through all of its memory."""

    def __init__(self) -> None:
        self._before: tuple[int, int, int] | None = None

    def begin(self) -> None:
        """Leave to `tidy` when everything is looked through."""
        if self._before is None:
            self._before = gc.get_threshold()
            gc.set_threshold(*self._before[:2], NEVER)

    def tidy(self, untouched_s: float) -> bool:
        """Look through everything if it is due and nobody touched the desk for a while; return whether it was done."""
        rounds = gc.get_count()[2]
        if rounds < DUE or (untouched_s < QUIET_S and rounds < OVERDUE):
            return False
        gc.collect()
        return True

    def end(self) -> None:
        """Leave it to Python again."""
        if self._before is not None:
            gc.set_threshold(*self._before)
            self._before = None
