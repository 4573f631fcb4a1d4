"""Allotment: what a patient may be dispensed now, and how that is known."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.records import FoundPatient
from pcc_desk.desk.standing import PatientStanding, ask_standing, read_standing
from pcc_desk.screens.finder import Finder
from pcc_desk.screens.frame import GoTo
from pcc_desk.screens.standing_sheet import standing_lines
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet

FOUND = (Column("Name", 28), Column("Born", 10), Column("Card", 18), Column("", 4, grow=True))


class Allotment(Finder):
    """One screen for one patient: the answer, then the evidence."""

    PLACE = "Allotment"
    CSS_PATH = "allotment.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "search",
            "Search",
            id="allotment.search",
            tooltip="Find a patient by card, name or birth date",
            priority=True,
        ),
        Binding("r", "ask", "Ask registry", id="allotment.ask", tooltip="Ask the registry now"),
        Binding("enter", "purchases", "Purchases", id="allotment.purchases", tooltip="What the figures are made of"),
        Binding("c", "chart", "Chart", id="allotment.chart", tooltip="Open the patient's chart"),
        Binding("f5", "read_again", "Again", id="allotment.again", tooltip="Read again", show=False),
        Binding("escape", "back", "Back", id="allotment.back", tooltip="Leave the search or the purchases", show=False),
        Binding("down", "move(1)", "Down", id="allotment.down", tooltip="Down the list", show=False),
        Binding("up", "move(-1)", "Up", id="allotment.up", tooltip="Up the list", show=False),
    ]

    known: reactive[PatientStanding | None] = reactive(None, init=False, always_update=True)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.patient_id: UUID | None = None
        self.shows_purchases = False
        self.said = ""

    def body(self) -> Iterable[Widget]:
        """Return the search line, the sheet, and the list that takes its place while searching."""
        yield Field(placeholder="/ to search: card, name or birth date", id="search")
        yield Sheet(id="standing", can_focus=True)
        yield Listing(FOUND, id="found", empty="Nobody is found by that.")

    async def on_mount(self) -> None:
        """Begin with the search when nobody was chosen."""
        self.query_one("#found").display = False
        if self.patient_id is None:
            self.set_focus(self.query_one(Field))
            self.show_standing()

    def show_patient(self, patient_id: UUID) -> None:
        """Show a patient's standing as far as it is known."""
        self.patient_id = patient_id
        self.shows_purchases = False
        self.said = ""
        self.read_known()

    def read_again(self) -> None:
        """Read what the desk knows again."""
        if self.patient_id is not None:
            self.read_known()

    @work(exclusive=True, group="known")
    async def read_known(self) -> None:
        """Read what the desk knows, asking nobody."""
        if self.patient_id is not None:
            self.known = await read_standing(self.desk, self.patient_id)
            self.set_focus(self.query_one(Sheet))

    @work(exclusive=True, group="ask")
    async def action_ask(self) -> None:
        """Ask the registry by the patient's card."""
        known = self.known
        card = next((each for each in known.cards if not each.renewed_as), None) if known else None
        if known is None or card is None:
            return
        self.said = "Asking the registry …"
        self.show_standing()
        await ask_standing(self.desk, known.patient.id, card.number)
        self.said = ""
        self.known = await read_standing(self.desk, known.patient.id)
        self.show_status()

    def watch_known(self) -> None:
        """Draw the standing."""
        self.show_standing()

    def show_standing(self) -> None:
        """Draw the sheet: the standing, or the purchases behind it."""
        sheet = self.query_one("#standing", Sheet)
        if self.known is None:
            sheet.show(((("Type a card number, a name or a birth date.", "muted"),),))
        elif self.shows_purchases:
            sheet.show(self._purchase_lines(self.known))
        else:
            lines = standing_lines(self.known, self.desk.shop, self.desk.today)
            sheet.show((*lines, (), ((self.said, "muted"),)))

    def _purchase_lines(self, known: PatientStanding) -> tuple[tuple[tuple[str, str], ...], ...]:
        heading = ((f"Dispensed here to {known.patient.name}, newest first", "heading"),)
        rows = tuple(
            (
                (f"{day_words(each.on):<11}{each.quantity!s:>10}  {each.product[:28]:<30}", ""),
                (f"{each.category:<12}{'posted' if each.is_posted else 'post waits'}", "muted"),
            )
            for each in reversed(known.purchases)
        )
        return (heading, (), *(rows or ((("Nothing was dispensed here yet.", "muted"),),)))

    def show_searching(self, is_searching: bool) -> None:
        """Put the list in the place of the sheet while somebody is looked for."""
        self.query_one("#found").display = is_searching
        self.query_one("#standing").display = not is_searching

    def show_found(self, found: tuple[FoundPatient, ...]) -> None:
        """Draw who was found."""
        self.query_one(Listing).show(
            tuple(
                Row(str(each.patient.id), (each.patient.name, str(each.patient.born), each.card_number, ""))
                for each in found
            )
        )

    def take(self, key: str) -> None:
        """Leave the search with a patient."""
        if key:
            self.query_one(Field).value = ""
            self.show_patient(UUID(key))

    def action_back(self) -> None:
        """Leave the search, or the purchases."""
        self.query_one(Field).value = ""
        self.shows_purchases = False
        self.show_standing()
        self.set_focus(self.query_one(Sheet))

    def action_purchases(self) -> None:
        """Show what the figures are made of, or the figures again."""
        if self.known is not None:
            self.shows_purchases = not self.shows_purchases
            self.show_standing()

    def action_chart(self) -> None:
        """Open the patient's chart."""
        if self.patient_id is not None:
            self.post_message(GoTo("Chart", self.patient_id))

    def action_read_again(self) -> None:
        """Read what the desk knows again."""
        self.read_again()
