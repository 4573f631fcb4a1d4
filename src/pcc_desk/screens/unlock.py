"""The first screen: the shop's name, and one field for a secret. Nothing about patients."""

from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from pcc_desk.desk.door import Door, StaysShut
from pcc_desk.widgets.secret import SecretField
from pcc_desk.widgets.sheet import Line, Sheet

if TYPE_CHECKING:
    from pcc_desk.desk.desk import Desk


class Unlock(Screen[None]):
    """Asks for a secret until the desk opens."""

    CSS_PATH = "unlock.tcss"

    class Opened(Message):
        """The desk is open."""

        def __init__(self, desk: "Desk") -> None:
            super().__init__()
            self.desk = desk

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door

    def compose(self) -> ComposeResult:
        """Draw two widgets: the fewer, the sooner it stands."""
        yield Sheet(id="welcome")
        yield SecretField()

    def on_mount(self) -> None:
        """Say whose desk it is and wait for the secret."""
        self.say("", "muted")
        self.set_focus(self.query_one(SecretField))

    def say(self, words: str, tone: str) -> None:
        """Show a line below the shop's name."""
        lines: list[Line] = [
            ((self.door.shop_name, "heading"),),
            (("PCC Desk", "muted"),),
            (),
            ((self.door.hint or "Type your passphrase, then enter.", ""),),
            (),
            ((words, tone),),
            (("passphrase", "muted"),),
        ]
        self.query_one(Sheet).show(tuple(lines))

    @on(SecretField.Submitted)
    def try_secret(self) -> None:
        """Try what was typed."""
        secret = self.query_one(SecretField).take()
        if secret:
            self.open(secret)

    @on(SecretField.Refused)
    def say_refused(self, event: SecretField.Refused) -> None:
        """Say why something was not taken into the field."""
        self.say(event.reason, "warning")

    @work(exclusive=True)
    async def open(self, secret: str) -> None:
        """Open the door; the key is worked out in a thread, and takes as long as it must."""
        self.say("Opening …", "muted")
        outcome = await self.door.open(secret)
        if isinstance(outcome, StaysShut):
            self.say(outcome.reason, "danger")
        else:
            self.post_message(self.Opened(outcome))
