"""What must be settled in the process before Textual is imported for the first time. Imports nothing heavy."""

import os
from collections.abc import MutableMapping

FRAMES_A_SECOND = "1000"
"""Repaint when something changed, not on the next tick of a 60 Hz clock: four times sooner on the screen."""

ESCAPE_MS = "20"
"""How long a lone escape is waited for to become the beginning of a longer key."""


def settle(environ: MutableMapping[str, str] = os.environ) -> None:
    """Take away what could make Textual log keys, save pictures, open a console or misjudge the terminal's size.

    Set how soon it draws. A size that a shell once exported is not the terminal's.

    `TEXTUAL_FPS` is left as it is, for slow lines.
    """
    unwanted = [each for each in environ if each.startswith("TEXTUAL") and each != "TEXTUAL_FPS"]
    for name in (*unwanted, "COLUMNS", "LINES"):
        environ.pop(name, None)
    environ.setdefault("TEXTUAL_FPS", FRAMES_A_SECOND)
    environ.setdefault("ESCDELAY", ESCAPE_MS)
