"""Somebody like the new patient is on record: a person says whether it is the same one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.domain.look_alikes import Alikeness, LookAlike
from pcc_desk.domain.people import Patient
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet

SOMEBODY_ELSE = "somebody else"
"""What it closes with when it is none of them."""

WORDS = {
    Alikeness.SAME: "same person",
    Alikeness.LIKELY: "same person?",
    Alikeness.TWIN: "look-alike",
    Alikeness.SAME_NAME: "look-alike",
    Alikeness.SAME_PHONE: "same phone",
}

COLUMNS = (Column("", 12), Column("Name", 22), Column("Born", 10), Column("What is the same", 20, grow=True))


class AlikeFound(ModalScreen[str]):
    """Closes with the id of who it is, with `SOMEBODY_ELSE`, or empty when nobody decided."""

    CSS_PATH = "people.tcss"
    CALLED = "Somebody like them"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "new", "Somebody else", id="alike.new", tooltip="It is none of them: save the new patient"),
        Binding("escape", "close", "Back", id="alike.close", tooltip="Back to what is typed; nothing is saved"),
    ]

    def __init__(self, patient: Patient, alike: tuple[LookAlike, ...]) -> None:
        super().__init__()
        self.patient = patient
        self.alike = alike

    def compose(self) -> ComposeResult:
        """Draw the question, who is on record, and the keys."""
        yield Sheet(id="alike-head", wraps=True)
        yield Listing(COLUMNS, id="alike")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show who is like them."""
        who = f"{self.patient.name}, born {self.patient.born}"
        self.query_one("#alike-head", Sheet).show(
            (
                ((f"Is {who}, one of these? Nothing is saved yet.", "heading"),),
                (("Ask for the birth date and an address; do not guess. enter: it is the one under the cursor.", ""),),
            )
        )
        listing = self.query_one(Listing)
        listing.show(
            tuple(
                Row(
                    str(each.patient.id),
                    (WORDS[each.alikeness], each.patient.name, str(each.patient.born), each.why),
                    "warning" if each.alikeness <= Alikeness.LIKELY else "",
                )
                for each in self.alike
            )
        )
        self.set_focus(listing)

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """Go on with the one under the cursor."""
        event.stop()
        self.dismiss(event.key)

    def action_new(self) -> None:
        """Go on with a new patient."""
        self.dismiss(SOMEBODY_ELSE)

    def action_close(self) -> None:
        """Decide nothing."""
        self.dismiss("")
