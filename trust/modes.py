"""Number 21: every file of the data folder is its owner's alone, also with a umask that would let others read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from trust.crashes import lived
from trust.figures import Figure, Run, measures, nothing_wrong


@measures(21, in_short=False)
def modes(run: Run) -> Iterator[Figure]:
    """Live a day with an open umask, kill it, live on, and look at every file and folder."""
    home = run.new_folder("modes") / "home"
    before = os.umask(0)
    try:
        lived(home, 2, 100, 30)
        while_killed = list(_open_ones(home))
        lived(home, 3, 2, None)
    finally:
        os.umask(before)
    wrong = [*while_killed, *_open_ones(home)]
    files = sum(1 for _ in home.rglob("*"))
    yield nothing_wrong(21, "files made with another mode than 0600, folders 0700", wrong, "0", f"{files} files")


def _open_ones(home: Path) -> Iterator[str]:
    for path in (home, *home.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode != (0o700 if path.is_dir() else 0o600):
            yield f"{path.relative_to(home.parent)} {mode:o}"
