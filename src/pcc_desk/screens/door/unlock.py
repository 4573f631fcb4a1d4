"""The first screen: the shop's name, who is who, and one field for a secret. Nothing about patients."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from pcc_desk.desk.door import Door, Sitters, StaysShut
from pcc_desk.widgets.secret import SecretField
from pcc_desk.widgets.sheet import Line, Sheet

if TYPE_CHECKING:
    from pcc_desk.desk.desk import Desk

ROWS = 8
"""How many names stand there at once."""


class Unlock(Screen[None]):
    """Asks who it is and for their secret, until the desk opens."""

    CSS_PATH = "unlock.tcss"
    CALLED = "Signing in"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="unlock.up", tooltip="The name above", show=False),
        Binding("down", "move(1)", "Down", id="unlock.down", tooltip="The name below", show=False),
    ]

    class Opened(Message):
        """The desk is open."""

        def __init__(self, desk: "Desk") -> None:
            super().__init__()
            self.desk = desk

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door
        self.sitters = Sitters()
        self.at = 0
        """Who is chosen; behind the last person stands the recovery sheet."""
        self._said: tuple[str, str] = "", "muted"

    def compose(self) -> ComposeResult:
        """Draw two widgets: the fewer, the sooner it stands."""
        yield Sheet(id="welcome", wraps=True)
        yield SecretField()

    def on_mount(self) -> None:
        """Say whose desk it is and wait for the secret."""
        self.look()
        self.say("", "muted")
        self.set_focus(self.query_one(SecretField))

    def look(self) -> None:
        """Read who may open the desk, whoever was last chosen."""
        self.sitters = self.door.who()
        self.at = self.sitters.at

    def on_screen_resume(self) -> None:
        """Read it again: people may have come and gone while the desk was open."""
        if self.is_mounted:
            self.look()
            self.draw()

    def say(self, words: str, tone: str) -> None:
        """Show a sentence below the names."""
        self._said = words, tone
        self.draw()

    def draw(self) -> None:
        """Show the shop's name, who may be chosen, and what was said."""
        lines: list[Line] = [
            ((self.door.shop_name, "heading"),),
            (("PCC Desk", "muted"),),
            (),
            ((self.door.hint or self._asking, ""),),
            (),
            *self._names(),
            (self._said,),
            (("" if self.is_at_sheet else "passphrase or PIN", "muted"),),
        ]
        sheet = self.query_one("#welcome", Sheet)
        sheet.styles.height = len(lines) + 1
        sheet.show(tuple(lines))

    @property
    def _asking(self) -> str:
        if self.is_at_sheet:
            return "In an emergency, press enter: the recovery sheet opens the desk."
        more = (
            " ↑ ↓ say who you are." if self._is_choice else " ↓ the recovery sheet." if self.sitters.has_sheet else ""
        )
        return f"Type your passphrase or PIN, then enter.{more}"

    @property
    def _is_choice(self) -> bool:
        return len(self.sitters.people) > 1 or self.is_at_sheet

    @property
    def is_at_sheet(self) -> bool:
        """Whether the recovery sheet is chosen."""
        return self.sitters.has_sheet and self.at == len(self.sitters.people)

    def _names(self) -> list[Line]:
        """Return the rows of names around the chosen one; none where there is nobody to choose from."""
        names = [name for _, name in self.sitters.people]
        if self.sitters.has_sheet:
            names.append("the recovery sheet")
        if not self._is_choice:
            return []
        first = max(0, min(self.at - ROWS // 2, len(names) - ROWS))
        shown = list(enumerate(names))[first : first + ROWS]
        return [((f"{'›' if at == self.at else ' '} {name}", "key" if at == self.at else ""),) for at, name in shown]

    def action_move(self, rows: int) -> None:
        """Choose another name."""
        last = len(self.sitters.people) - (0 if self.sitters.has_sheet else 1)
        self.at = max(0, min(self.at + rows, last))
        self.query_one(SecretField).forget()
        self.say("", "muted")

    @on(SecretField.Submitted)
    def try_secret(self) -> None:
        """Try what was typed."""
        secret = self.query_one(SecretField).take()
        if self.is_at_sheet:
            self.break_glass()
        elif secret:
            self.open(secret)

    @on(SecretField.Refused)
    def say_refused(self, event: SecretField.Refused) -> None:
        """Say why something was not taken into the field."""
        self.say(event.reason, "warning")

    @work(exclusive=True)
    async def open(self, secret: str) -> None:
        """Open the door; the key is worked out in a thread, and takes as long as it must."""
        self.say("Opening …", "muted")
        who = self.sitters.people[self.at][0] if self.at < len(self.sitters.people) else None
        outcome = await self.door.open(secret, who)
        if isinstance(outcome, StaysShut):
            self.say(outcome.reason, "danger")
        else:
            self.post_message(self.Opened(outcome))

    @work(exclusive=True)
    async def break_glass(self) -> None:
        """Ask for the code of the recovery sheet, who, and why."""
        from pcc_desk.screens.door.break_glass import BreakGlass  # noqa: PLC0415 - not before the first frame

        desk = await self.app.push_screen_wait(BreakGlass(self.door))
        if desk is not None:
            self.post_message(self.Opened(desk))
