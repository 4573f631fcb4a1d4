"""The brief as it will stand on paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports_visits import MorningCheck
from pcc_desk.desk.rights import Right
from pcc_desk.desk.today import Rest, print_brief
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.entries import Act
from pcc_desk.domain.visits import QueueRow
from pcc_desk.screens.paper import PaperSheet
from pcc_desk.screens.today.brief import brief_lines


class BriefSheet(PaperSheet):
    """The day on one page, without anybody's name."""

    CSS_PATH = "../dialogs.tcss"
    CALLED = "The brief"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "print", "Print", id="brief.print", tooltip="Send it to the shop's printer; the record says so"),
        Binding("escape", "close", "Close", id="brief.close", tooltip="Back to Today"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {"print": Right.CHECK_MORNING}

    def __init__(self, desk: Desk, rows: tuple[QueueRow, ...], rest: Rest, check: MorningCheck | None) -> None:
        super().__init__(desk)
        self.lines_to_print = tuple(brief_lines(desk, rows, rest, check))

    def text_at(self, at: datetime) -> tuple[str, ...]:
        """Return the brief as it was when it was opened."""
        return self.lines_to_print

    async def send(self, text: str, act: Act) -> Unanswered | None:
        """Print it."""
        return await print_brief(self.desk, text, act)
