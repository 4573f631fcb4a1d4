"""Strike: voids what was dispensed, for a reason that goes on record."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.amending import NoReasonGiven, PutRight, void
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.rights import Right
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.outages.outbox_words import decided_words
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Sheet


class Strike(ModalScreen[str], Permitting[str]):
    """Asks why a dispensation is void. Closes with what to say of it; empty when nothing was done."""

    CSS_PATH = "strike.tcss"
    CALLED = "A void"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Void", id="strike.save", tooltip="Void it for this reason, as enter does"),
        Binding("escape", "close", "Back", id="strike.close", tooltip="Leave it as it is"),
    ]

    def __init__(self, desk: Desk, stands: Dispensation, who: str) -> None:
        """Take what the record says was handed over, and the patient's name."""
        super().__init__()
        self.desk = desk
        self.stands = stands
        self.who = who

    def compose(self) -> ComposeResult:
        """Draw what was dispensed, the field, and the line that answers."""
        yield Sheet(id="struck", wraps=True)
        yield Field(id="why", placeholder="why it is void, such as: rung up twice", takes=self.entered)
        yield Sheet(id="said", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say what is struck, and what comes of it."""
        stands, system = self.stands, self.desk.state.name
        when = self.desk.shop.written(stands.at)
        self.query_one("#struck", Sheet).show(
            (
                ((f"Void what was dispensed to {self.who}", "heading"),),
                ((f"{when} · card {stands.card_number} · ours {stands.external_number}", ""),),
                ((stands.summary, ""),),
                (
                    (
                        f"It is struck here and in {system}'s record. Whether it gives allotment back is the law's.",
                        "muted",
                    ),
                ),
            )
        )
        self.set_focus(self.query_one(Field))

    def entered(self, typed: str) -> None:
        """Void it. Pressed again meanwhile, the key does nothing."""
        if not any(each.node is self and not each.is_finished for each in self.workers):
            self.save(typed)

    @work(group="save")
    async def save(self, typed: str) -> None:
        """Put the void on record, or say why not."""
        if not typed.strip():
            self.say(*decided_words(NoReasonGiven(), ""))
            return
        act, system = await proved_act(self.app, self.desk, Right.VOID), self.desk.state.name
        if act is None:
            self.say(NOT_PROVED, "warning")
            return
        outcome = await void(self.desk, self.stands.id, typed, act)
        done = f"Saved {local_time(act.at, self.desk.shop)}: voided. {system} is told, unless it never heard of it."
        words, tone = decided_words(outcome, done)
        if isinstance(outcome, PutRight):
            self.dismiss(words)
        else:
            self.say(words, tone)

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def action_save(self) -> None:
        """Void it for what is typed."""
        self.entered(self.query_one(Field).value)

    def action_close(self) -> None:
        """Leave it as it is."""
        self.dismiss("")
