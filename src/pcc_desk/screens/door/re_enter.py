"""ReEnter: asks whoever sits at the desk for their secret again, before an act that is risky."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.ports_secrets import Vault
from pcc_desk.desk.proving import prove_again, take_in_hand
from pcc_desk.desk.rights import ASKS_AGAIN, Right, proved
from pcc_desk.domain.entries import Act
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.secret import SecretField
from pcc_desk.widgets.sheet import Sheet


class ReEnter(ModalScreen[datetime | None]):
    """Closes with when the person proved who they are, in UTC; with None when they did not, as by escape."""

    CSS_PATH = "../chart/strike.tcss"
    CALLED = "Your secret again"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="re_enter.close", tooltip="Nothing is done"),
    ]

    def __init__(self, desk: Desk, right: Right) -> None:
        super().__init__()
        self.desk = desk
        self.right = right

    def compose(self) -> ComposeResult:
        """Draw what it is for, the field, and the line that answers."""
        yield Sheet(id="struck", wraps=True)
        yield SecretField(id="secret")
        yield Sheet(id="said", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say what it is for."""
        what = self.right.value[0].upper() + self.right.value[1:]
        self.query_one("#struck", Sheet).show(
            (
                ((what, "heading"),),
                ((f"{self.desk.person.name}, type your PIN or passphrase again, then enter.", ""),),
                (("It is asked for this one act, so that nobody else does it in your name.", "muted"),),
            )
        )
        self.set_focus(self.query_one(SecretField))

    @on(SecretField.Submitted)
    def try_secret(self) -> None:
        """Try what was typed. Pressed again meanwhile, the key does nothing."""
        if any(each.node is self and not each.is_finished for each in self.workers):
            return
        secret = self.query_one(SecretField).take()
        if secret:
            self.prove(secret)

    @on(SecretField.Refused)
    def say_refused(self, event: SecretField.Refused) -> None:
        """Say why something was not taken into the field."""
        self.say(event.reason, "warning")

    @work(group="prove")
    async def prove(self, secret: str) -> None:
        """Check it; the key is worked out in a thread, and takes as long as it must."""
        self.say("Checking …", "muted")
        outcome = await self.check(secret)
        if outcome is True:
            self.dismiss(self.desk.clock.now())
        else:
            self.say(outcome.reason if isinstance(outcome, StaysShut) else "That is not your secret.", "danger")

    async def check(self, secret: str) -> bool | StaysShut:
        """Return whether it is the secret of who sits there."""
        return await prove_again(self.desk, secret, self.right)

    def say(self, words: str, tone: str) -> None:
        """Answer below the field."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def action_close(self) -> None:
        """Do nothing."""
        self.dismiss(None)


class TakeInHand(ReEnter):
    """Takes the vault into the hand of who proves who they are. Whoever asks closes it."""

    vault: Vault | None = None

    async def check(self, secret: str) -> bool | StaysShut:
        """Open the vault by it."""
        outcome = await take_in_hand(self.desk, secret, self.right)
        if isinstance(outcome, StaysShut):
            return outcome
        self.vault = outcome
        return True


@dataclass(frozen=True, slots=True)
class InHand:
    """The vault in the hand of somebody who has just typed their secret, and every act that they do with it."""

    vault: Vault
    new_act: Callable[[], Act]


async def in_hand(app: App[None], desk: Desk, right: Right) -> InHand | None:
    """Ask for the secret, and take the vault into hand by it; None: it was not typed."""
    asking = TakeInHand(desk, right)
    at: datetime | None = await app.push_screen_wait(asking)
    if at is None or asking.vault is None:
        return None
    return InHand(asking.vault, lambda: proved(desk.act(), right, at))


NOT_PROVED = "Not done: your secret was not typed again."


async def proved_act(app: App[None], desk: Desk, right: Right) -> Act | None:
    """Ask for the secret where an act is risky, and return the act with the proof of it; None: it was not typed.

    Who may not do it anyway is not asked: the use case refuses them.
    """
    if right not in ASKS_AGAIN or not desk.may(right):
        return desk.act()
    at: datetime | None = await app.push_screen_wait(ReEnter(desk, right))
    return None if at is None else proved(desk.act(), right, at)
