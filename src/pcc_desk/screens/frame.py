"""The frame of every full screen, who and which systems above and keys below; and what a place is."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.pulse import take_pulse
from pcc_desk.domain.scans import Scan
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.status_line import status_view
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.statusbar import StatusBar


class GoTo(Message):
    """Somebody wants to be in another place, with a patient when it is about one, and to begin something there."""

    def __init__(self, place: str, patient_id: UUID | None = None, doing: str = "") -> None:
        super().__init__()
        self.place = place
        self.patient_id = patient_id
        self.doing = doing
        """An action of the place, by its name."""


class ShiftEnds(Message):
    """Somebody's work at this desk is over for today."""


class Framed(Permitting[str]):
    """A full screen with the frame around it."""

    PLACE: ClassVar[str]
    """The place it is, or belongs to."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    @property
    def place(self) -> str:
        """The place that is marked in the line on top."""
        return self.PLACE

    def body(self) -> Iterable[Widget]:
        """Return what stands inside the frame."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Draw the frame around the body."""
        yield StatusBar()
        yield from self.body()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show the frame's figures at once."""
        self.show_status()

    def show_status(self) -> None:
        """Draw the status line as things are now, where it stands: before the first frame there is none."""
        for bar in self.query(StatusBar):
            bar.show(status_view(self.desk, self.place))

    def is_at(self, group: str) -> bool:
        """Whether something of a group of work is under way on this screen."""
        return any(each.node is self and each.group == group and not each.is_finished for each in self.workers)

    def takes_scan(self, scan: Scan) -> bool:
        """Take something that was scanned here; whether it did. What nobody takes opens the check-in."""
        return False

    def changed(self) -> None:
        """Read again, because something reached the state's record meanwhile."""
        self.count_again()

    @work(exclusive=True, group="count")
    async def count_again(self) -> None:
        """Read what waits and show it."""
        self.desk.pulse = await self.desk.store.read(take_pulse, self.desk.today)
        self.show_status()


class Place(Framed):
    """A screen that one can go to from anywhere."""

    is_shut = False
    """The desk is being locked: nothing is read for it any more."""

    is_fresh = False
    """What it shows was read just now, before there was a frame."""

    def on_screen_resume(self) -> None:
        """Read again what may have changed while another screen stood before it."""
        if not self.is_shut and not self.is_fresh:
            self.read_again()
        self.is_fresh = False

    def read_again(self) -> None:
        """Read again what is shown."""

    async def finish_looking(self) -> None:
        """Put on record what was looked for and is not on record yet."""

    async def prepare(self) -> None:
        """Read what the first frame shows, before there is one: an empty one first would cost another drawing."""

    def turn_to(self, patient_id: UUID) -> None:
        """Turn to a patient, where the place is about one: nothing of another stays in sight or under a key."""

    async def read_patient(self) -> None:
        """Read and show what is known of the patient."""
