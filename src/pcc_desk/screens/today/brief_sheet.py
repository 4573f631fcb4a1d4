"""The brief as it will stand on paper."""

from collections.abc import Mapping
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports_visits import MorningCheck
from pcc_desk.desk.rights import Right
from pcc_desk.desk.today import Rest, print_brief
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.visits import QueueRow
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.today.brief import brief_lines
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Sheet


class BriefSheet(ModalScreen[None], Permitting[None]):
    """The day on one page, without anybody's name."""

    CSS_PATH = "../dialogs.tcss"
    CALLED = "The brief"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "print", "Print", id="brief.print", tooltip="Send it to the shop's printer; the record says so"),
        Binding("escape", "close", "Close", id="brief.close", tooltip="Back to Today"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {"print": Right.CHECK_MORNING}

    def __init__(self, desk: Desk, rows: tuple[QueueRow, ...], rest: Rest, check: MorningCheck | None) -> None:
        super().__init__()
        self.desk = desk
        self.lines_to_print = brief_lines(desk, rows, rest, check)

    def compose(self) -> ComposeResult:
        """Draw the text, and a line that answers."""
        yield Sheet(id="help", can_focus=True, wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the text; it scrolls."""
        self.say("")
        self.set_focus(self.query_one(Sheet))

    def say(self, words: str) -> None:
        """Show the brief, with the answer to the last act above it."""
        answer = (((words, "warning"),), ()) if words else ()
        self.query_one(Sheet).show((*answer, *(((line, ""),) for line in self.lines_to_print)))

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Send it to the printer."""
        act = self.desk.act()
        outcome = await print_brief(self.desk, "\n".join(self.lines_to_print), act)
        if isinstance(outcome, Unanswered):
            self.say(f"Not printed: {outcome.reason}.")
        else:
            self.say(f"Sent to the printer {local_time(act.at, self.desk.shop)}.")

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
