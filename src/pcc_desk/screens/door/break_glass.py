"""Break-glass: opens the desk with the recovery sheet, when nobody's secret does."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.door import Door, Emergency, StaysShut
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.secret import SecretField
from pcc_desk.widgets.sheet import Sheet

HEAD = (
    (("Open with the recovery sheet", "heading"),),
    (("For an emergency: every act is marked, and somebody else has to review it. The desk locks after 4 hours.", ""),),
    (("Your name, then why, then the code of the sheet; enter goes on.", "muted"),),
)


class BreakGlass(ModalScreen[Desk | None]):
    """Asks who, why, and for the code. Closes with an open desk, or with None."""

    CSS_PATH = "break_glass.tcss"
    CALLED = "The recovery sheet"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "open", "Open", id="glass.open", tooltip="Open the desk, as enter does in the last line"),
        Binding("up", "before", "Before", id="glass.before", tooltip="Go to the line above", show=False),
        Binding("down", "after", "After", id="glass.after", tooltip="Go to the line below", show=False),
        Binding("escape", "close", "Back", id="glass.close", tooltip="Leave the desk shut"),
    ]

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door

    def compose(self) -> ComposeResult:
        """Draw what this is, the three lines, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Field(id="who", placeholder="your name", takes=lambda _: self.action_after())
        yield Field(id="why", placeholder="why nobody's own secret opens the desk", takes=lambda _: self.action_after())
        yield SecretField(id="code")
        yield Sheet(id="said", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say what this is, and begin with the name."""
        self.query_one("#head", Sheet).show(HEAD)
        self.set_focus(self.query_one("#who"))

    def action_after(self) -> None:
        """Go to the line below."""
        self.focus_next()

    def action_before(self) -> None:
        """Go to the line above."""
        self.focus_previous()

    @on(SecretField.Submitted)
    def action_open(self) -> None:
        """Open the desk. Pressed again meanwhile, the key does nothing."""
        if any(each.node is self and not each.is_finished for each in self.workers):
            return
        who, why = (self.query_one(f"#{name}", Field).value.strip() for name in ("who", "why"))
        if not who or not why:
            self.say("Type your name, and why, first: both go on record.", "warning")
            self.set_focus(self.query_one("#why" if who else "#who"))
            return
        self.open(Emergency(who, why), self.query_one(SecretField).take())

    @on(SecretField.Refused)
    def say_refused(self, event: SecretField.Refused) -> None:
        """Say why something was not taken into the field."""
        self.say(event.reason, "warning")

    @work(exclusive=True)
    async def open(self, emergency: Emergency, code: str) -> None:
        """Try the code."""
        self.say("Opening …", "muted")
        outcome = await self.door.open_by_sheet(code, emergency)
        if isinstance(outcome, StaysShut):
            self.say(outcome.reason, "danger")
            self.set_focus(self.query_one(SecretField))
        else:
            self.dismiss(outcome)

    def say(self, words: str, tone: str) -> None:
        """Show a sentence below the lines."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def action_close(self) -> None:
        """Leave the desk shut."""
        self.dismiss(None)
