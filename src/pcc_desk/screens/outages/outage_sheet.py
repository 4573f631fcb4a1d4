"""The sheet of an outage: what was sold under it, by time of sale, to be entered by hand, or printed."""

from collections.abc import Mapping
from typing import ClassVar, assert_never

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.outages import NoOutage, OutageLook, print_outage_sheet
from pcc_desk.desk.rights import Right
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.outage_sheet import sheet_lines
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Sheet


class OutageSheet(ModalScreen[None], Permitting[None]):
    """Shows what was sold under an outage. Closes with nothing."""

    CSS_PATH = "outage_sheet.tcss"
    CALLED = "The sheet of an outage"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "print", "Print", id="outage_sheet.print", tooltip="Print the sheet"),
        Binding("escape", "close", "Close", id="outage_sheet.close", tooltip="Back to the outage"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {"print": Right.HAND_OUT_OUTAGES}

    def __init__(self, desk: Desk, look: OutageLook) -> None:
        super().__init__()
        self.desk = desk
        self.look = look

    def compose(self) -> ComposeResult:
        """Draw the text; it scrolls."""
        yield Sheet(id="sheet", can_focus=True, wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the sheet."""
        self.set_focus(self.query_one(Sheet))
        self.show("")

    def show(self, said: str) -> None:
        """Show what became of the printing, and the sheet."""
        lines = tuple(sheet_lines(self.look.glance.outage, self.look.sales, self.desk.shop))
        answer = (((said, "warning"),), ()) if said else ()
        self.query_one(Sheet).show((*answer, *(((line, ""),) for line in lines)))

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Print the sheet."""
        act = await proved_act(self.app, self.desk, Right.HAND_OUT_OUTAGES)
        if act is None:
            self.show(NOT_PROVED)
            return
        outcome = await print_outage_sheet(self.desk, self.look.glance.outage.id, act)
        match outcome:
            case Unanswered(reason=reason):
                self.show(f"Not printed: {reason}.")
            case NoOutage():
                self.show("Not printed: there is no such outage.")
            case None:
                self.show(f"Sent to the printer {local_time(act.at, self.desk.shop)}.")
            case _:
                assert_never(outcome)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
