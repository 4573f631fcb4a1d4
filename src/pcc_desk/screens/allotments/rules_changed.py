"""What is different in the rules, to be read before the next dispensing."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.rules import RulesChanged
from pcc_desk.rulebook import binding_differences, differences
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Line, Sheet


class ReadChanges(ModalScreen[bool]):
    """The differences between the rules a person knew and those of today. Closes with whether they have read them."""

    CSS_PATH = "../dialogs.tcss"
    CALLED = "Changed rules"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "I have read it", id="changes.yes", tooltip="Go on under the rules of today"),
        Binding("n,escape", "answer(False)", "Not now", id="changes.no", tooltip="Nothing is recorded"),
    ]

    def __init__(self, changed: RulesChanged) -> None:
        super().__init__()
        self.changed = changed

    def compose(self) -> ComposeResult:
        """Draw the text; it scrolls."""
        yield Sheet(id="changes", can_focus=True, wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is different."""
        sheet = self.query_one(Sheet)
        sheet.show(tuple(_lines(self.changed)))
        self.set_focus(sheet)

    def action_answer(self, has_read: bool) -> None:
        """Close with the answer."""
        self.dismiss(has_read)


def _lines(changed: RulesChanged) -> Iterator[Line]:
    binding = binding_differences(changed.known_text, changed.new_text)
    others = tuple(each for each in differences(changed.known_text, changed.new_text) if each not in binding)
    yield (("The rules have changed since you last dispensed.", "heading"),)
    yield (("Read what is different. That you have read it goes on record.", ""),)
    for heading, told in (("What a sale goes by", binding), ("What is said of it", others)):
        if told:
            yield ()
            yield ((heading, "heading"),)
            for each in told:
                yield ((f"· {each}", ""),)
