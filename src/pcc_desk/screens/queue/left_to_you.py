"""What a calendar file, or the queue of a point of sale, leaves to a person."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Sheet


class LeftToYou(ModalScreen[None]):
    """Every sentence on what was not taken; it scrolls."""

    CSS_PATH = "../dialogs.tcss"
    CALLED = "What is left to you"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="left.close", tooltip="Back to the appointments"),
    ]

    def __init__(self, left: tuple[str, ...]) -> None:
        super().__init__()
        self.left = left

    def compose(self) -> ComposeResult:
        """Draw the text and the keys."""
        yield Sheet(id="help", can_focus=True, wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it."""
        sheet = self.query_one(Sheet)
        self.set_focus(sheet)
        sheet.show(((("Left to you", "heading"),), (), *(((each, ""),) for each in self.left)))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
