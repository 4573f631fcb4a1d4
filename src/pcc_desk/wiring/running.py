"""Runs the desk in the terminal: the only place that knows both the store and the application."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pcc_desk.home import FirstLook
from pcc_desk.wiring.door import StoreDoor

if TYPE_CHECKING:
    from pcc_desk.desk.ports_outside import PracticeWorld

LONGEST_TURN_S = 0.0005
"""For how long one thread may keep another waiting: what was drawn has to be written, what was read has to be drawn."""


def open_desk(home: Path, look: FirstLook, practice: "PracticeWorld | None" = None, hint: str = "") -> int:
    """Run the desk in this terminal until somebody leaves it. Return the exit status.

    The collector rests until the door has warmed up: nothing that is loaded until then becomes garbage.
    """
    from pcc_desk.widgets.environment import settle

    gc.disable()
    sys.setswitchinterval(LONGEST_TURN_S)
    settle()
    from pcc_desk.app import DeskApp

    app = DeskApp(StoreDoor(home, look.shop_name, practice, hint), look.theme)
    app.crash_folder = home / "crash"
    app.run()
    return app.return_code or 0
