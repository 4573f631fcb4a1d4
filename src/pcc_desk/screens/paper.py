"""A text as it will stand on paper, and the key that sends it to the printer."""

from datetime import datetime

from textual import work
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.entries import Act
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Sheet


class PaperSheet(ModalScreen[None], Permitting[None]):
    """Shows the text; it scrolls. What became of printing it stands above it, where it is seen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def text_at(self, at: datetime) -> tuple[str, ...]:
        """Return the lines of the text as they are at an instant."""
        raise NotImplementedError

    async def send(self, text: str, act: Act) -> Unanswered | None:
        """Put on record that it is printed, and print it; return why it was not."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Draw the text and the keys."""
        yield Sheet(id="help", can_focus=True, wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the text."""
        self.say("")
        self.set_focus(self.query_one(Sheet))

    def say(self, words: str) -> None:
        """Show the text, with the answer to the last act above it."""
        answer = (((words, "warning"),), ()) if words else ()
        lines = self.text_at(self.desk.clock.now())
        self.query_one(Sheet).show((*answer, *(((line, ""),) for line in lines)))

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Send it to the printer."""
        act = self.desk.act()
        outcome = await self.send("\n".join(self.text_at(act.at)), act)
        if isinstance(outcome, Unanswered):
            self.say(f"Not printed: {outcome.reason}.")
        else:
            self.say(f"Sent to the printer {local_time(act.at, self.desk.shop)}.")

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
