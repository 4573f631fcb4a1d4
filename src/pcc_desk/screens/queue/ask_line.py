"""One line that is asked for over a place; it stays until what is typed can be used."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.widgets.field import Field
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Sheet


class AskLine(ModalScreen[str]):
    """Closes with what was typed; with "" when nothing is to be done."""

    CSS_PATH = "appointments.tcss"
    CALLED = "A line to type"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="line.close", tooltip="Leave it as it is"),
    ]

    def __init__(
        self,
        title: str,
        how: str,
        typed: str = "",
        judge: Callable[[str], str] = lambda typed: "",
        *,
        is_refused: bool = False,
    ) -> None:
        """Take a title, how to type it, what stands there first, and what says why something typed cannot be used.

        `is_refused`: what stands there was refused, and `how` says why.
        """
        super().__init__()
        self.heading = title
        self.how = how
        self.typed = typed
        self.judge = judge
        self.is_refused = is_refused

    def compose(self) -> ComposeResult:
        """Draw the question, the line, and the keys."""
        yield Sheet(id="asked", wraps=True)
        yield Field(id="line")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is asked."""
        self.say(self.how, "warning" if self.is_refused else "muted")
        field = self.query_one(Field)
        field.value = self.typed
        field.cursor_position = len(self.typed)
        self.set_focus(field)

    def say(self, words: str, tone: str) -> None:
        """Answer above the line."""
        self.query_one(Sheet).show((((self.heading, "heading"),), ((words, tone),)))

    @on(Field.Submitted, "#line")
    def submit(self, event: Field.Submitted) -> None:
        """Close with what is typed, or say why it cannot be used."""
        event.stop()
        trouble = self.judge(event.value)
        if trouble:
            self.say(trouble, "warning")
        else:
            self.dismiss(event.value)

    def action_close(self) -> None:
        """Close without anything."""
        self.dismiss("")
