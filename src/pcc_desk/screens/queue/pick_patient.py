"""Whose appointment it is: any patient by card number, part of a name, or birth date."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.queue import find_patients
from pcc_desk.desk.records import FoundPatient
from pcc_desk.screens.looking import Looking, Looks, nobody_words
from pcc_desk.screens.words import card_end
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row

COLUMNS = (Column("Name", 28), Column("Born", 10), Column("Card", 18, grow=True))


class PickPatient(Looks, ModalScreen[str]):
    """Closes with the patient's id and name, parted by a bar; with "" when nobody was picked."""

    CSS_PATH = "appointments.tcss"
    CALLED = "Whose appointment"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="pick.close", tooltip="Book nothing"),
        Binding("down", "move(1)", "Down", id="pick.down", tooltip="Down the list", show=False),
        Binding("up", "move(-1)", "Up", id="pick.up", tooltip="Up the list", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.looking = Looking(self, desk)

    def compose(self) -> ComposeResult:
        """Draw the search line and who is found."""
        yield Field(placeholder="For whom: card, name or birth date", id="line")
        yield Listing(COLUMNS, id="found", empty="Type a card, a name or a birth date.", opens=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to type."""
        self.set_focus(self.query_one(Field))

    @on(Field.Changed, "#line")
    def search(self, event: Field.Changed) -> None:
        """Look for what is typed."""
        self.look_for(event.value)

    @work(exclusive=True, group="search")
    async def look_for(self, typed: str) -> None:
        """Ask the store; the newest question wins."""
        await self.find(typed)

    async def find(self, typed: str) -> None:
        """Show who is found by what is typed."""
        found = await self.desk.store.read(find_patients, typed, act=self.desk.act()) if typed.strip() else ()
        if typed != self.query_one(Field).value:
            return
        if typed.strip():
            self.looking.found(typed, len(found))
        else:
            self.looking.leave()
        listing = self.query_one(Listing)
        nobody = nobody_words(typed, self.desk, "Nobody by that card, name or birth date.")
        listing.empty = nobody if typed.strip() else "Type a card, a name or a birth date."
        patients = {each.patient_id: each for each in found}
        listing.show(tuple(_row(each) for each in patients.values()))

    @on(Field.Submitted, "#line")
    async def pick(self, event: Field.Submitted) -> None:
        """Close with whom the cursor is on, found by all that was typed."""
        event.stop()
        if self.looking.found_by != event.value:
            await self.find(event.value)
        key = self.query_one(Listing).cursor_key
        if key:
            await self.finish_looking()
            self.dismiss(key)

    def action_move(self, by: int) -> None:
        """Move the list's cursor while the line has the focus."""
        self.query_one(Listing).move(by)

    @work(exclusive=True, group="close")
    async def action_close(self) -> None:
        """Close without anybody."""
        await self.finish_looking()
        self.dismiss("")


def _row(found: FoundPatient) -> Row:
    """Return somebody who was found, masked like everywhere else where nobody is opened."""
    return Row(f"{found.patient_id}|{found.name}", (found.name, str(found.born.year), card_end(found.card_number)))
