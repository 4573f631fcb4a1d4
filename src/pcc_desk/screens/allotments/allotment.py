"""Allotment: what a patient may be dispensed now, and how that is known."""

from collections.abc import Iterable, Mapping
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.audit import note_look, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.records import FoundPatient
from pcc_desk.desk.rights import Right
from pcc_desk.desk.standing import PatientStanding, read_standing
from pcc_desk.desk.stock import packages
from pcc_desk.domain.audit_entries import Sight
from pcc_desk.domain.products import Package
from pcc_desk.domain.what_if import understand
from pcc_desk.screens.allotments.by_hand import ask_registry, read_by_hand
from pcc_desk.screens.allotments.limit_lines import by_tightness, limit_names
from pcc_desk.screens.allotments.low_list import LowAllotments
from pcc_desk.screens.allotments.papers import PatientPapers
from pcc_desk.screens.allotments.patient_sheet import PatientSheet
from pcc_desk.screens.allotments.rules_sheet import RulesSheet
from pcc_desk.screens.allotments.standing_sheet import standing_lines
from pcc_desk.screens.allotments.what_if_words import what_if_lines
from pcc_desk.screens.chart.purchase_lines import purchase_lines
from pcc_desk.screens.finder import Finder
from pcc_desk.screens.frame import GoTo
from pcc_desk.screens.words import card_end
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet

FOUND = (Column("Name", 28), Column("Born", 10), Column("Card", 18), Column("", 4, grow=True))

NOBODY_FOUND = "Nobody is found by that. f3 puts a new patient on record."
NOBODY = "Type a card number, a name or a birth date."
NOT_READ = "The standing is being read. f5 reads it again."

WHAT_IF = "w what if: 3.5 g flower + 2 x 100 mg gummies, or 0.5 g flower a day"

HEAD = 3
"""Lines of the sheet before an empty one, in which the answer to the last key stands."""


class Allotment(Finder):
    """One screen for one patient: the answer, then the evidence, then what would fit."""

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
        Binding("f3,n", "register", "New", id="allotment.register", tooltip="Put a new patient on record", show=False),
        Binding("r", "ask", "Ask registry", id="allotment.ask", tooltip="Ask the registry now"),
        Binding("w", "what_if", "What if", id="allotment.what_if", tooltip="Type amounts and see whether they fit"),
        Binding("enter", "purchases", "Purchases", id="allotment.purchases", tooltip="What each figure is made of"),
        Binding("c", "chart", "Chart", id="allotment.chart", tooltip="Open the patient's chart"),
        Binding("s", "sheet", "Sheet", id="allotment.sheet", tooltip="The standing in plain words, for the patient"),
        Binding("l", "rules", "Rules", id="allotment.rules", tooltip="The rules in force: amounts, sources, outage"),
        Binding(
            "e", "papers", "Papers", id="allotment.papers", tooltip="Put on record what is particular to a patient"
        ),
        Binding("m", "low", "Who is low", id="allotment.low", tooltip="Everybody who has little left, for the morning"),
        Binding("h", "by_hand", "By hand", id="allotment.by_hand", tooltip="Type what you read elsewhere", show=False),
        Binding("f5", "read_again", "Again", id="allotment.again", tooltip="Read again", show=False),
        Binding("escape", "back", "Back", id="allotment.back", tooltip="Leave what is typed, or the list"),
        Binding("down", "move(1)", "Down", id="allotment.down", tooltip="Down the list", show=False),
        Binding("up", "move(-1)", "Up", id="allotment.up", tooltip="Up the list", show=False),
        Binding("right", "limit(1)", "Next limit", id="allotment.next", tooltip="Purchases of the next", show=False),
        Binding("left", "limit(-1)", "Last limit", id="allotment.last", tooltip="Purchases of the last", show=False),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "search": Right.FIND_PATIENT,
        "register": Right.REGISTER,
        "ask": Right.ASK_REGISTRY,
        "by_hand": Right.ASK_REGISTRY,
        "chart": Right.OPEN_CHART,
        "sheet": Right.PRINT,
        "papers": Right.NOTE_PAPERS,
    }

    known: reactive[PatientStanding | None] = reactive(None, init=False, always_update=True)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.patient_id: UUID | None = None
        self.stock: tuple[Package, ...] = ()
        self.shown_limit: int | None = None
        """Of which limit the purchases are shown; None: the standing is."""
        self.said = ""
        self.is_look = False
        """Another patient is to be shown, which goes on record first."""

    def body(self) -> Iterable[Widget]:
        """Return the search line, the sheet and the list that takes its place while searching, and the question."""
        yield Field(placeholder="/ to search: card, name or birth date", id="search")
        yield Sheet(id="standing", can_focus=True)
        yield Listing(FOUND, id="found", empty=NOBODY_FOUND)
        yield Field(placeholder=WHAT_IF, id="what-if")
        yield Sheet(id="verdict", wraps=True)

    async def on_mount(self) -> None:
        """Begin with the search when nobody was chosen."""
        self.query_one("#found").display = False
        if self.patient_id is None:
            self.set_focus(self.query_one("#search"))
            self.show_standing()

    def turn_to(self, patient_id: UUID) -> None:
        """Turn to a patient. Until their standing is read there is none, and no key means anybody."""
        if patient_id != self.patient_id:
            self.patient_id = patient_id
            self.known = None
            if self.is_mounted:
                self.query_one("#what-if", Field).value = ""
        self.shown_limit = None
        self.said = ""
        self.is_look = True

    def read_again(self) -> None:
        """Read what the desk knows again."""
        if self.known is not None:
            self.read_known()

    @work(exclusive=True, group="known")
    async def read_known(self) -> None:
        """Read the standing behind what goes on meanwhile."""
        await self.read_patient()

    async def read_patient(self) -> None:
        """Read what the desk knows, asking nobody. A look at another patient is on record before anything is shown."""
        if self.patient_id is None:
            return
        is_look = self.is_look
        if is_look:
            await on_record(self.desk, note_look, self.patient_id, Sight.ALLOTMENT, act=self.desk.act())
            self.is_look = False
        known = await read_standing(self.desk, self.patient_id)
        if is_look:  # whom one looked for stays in sight until there is something to show of them
            self.query_one("#search", Field).value = ""
            self.show_searching(is_searching=False)
        self.known = known
        if not self.query_one("#what-if").has_focus:
            self.set_focus(self.query_one("#standing"))

    @work(exclusive=True, group="ask")
    async def action_ask(self) -> None:
        """Ask the registry by the patient's card."""
        known = self.known
        card = next((each for each in known.cards if not each.renewed_as), None) if known else None
        if known is None or card is None:
            return
        self.said = "Asking the registry …"
        self.show_standing()
        self.said = await ask_registry(self.app, self.desk, known.patient.id, card.number)
        self.known = await read_standing(self.desk, known.patient.id)
        self.show_status()

    @work(exclusive=True, group="ask")
    async def action_by_hand(self) -> None:
        """Type what was read elsewhere, be the registry up or down."""
        known = self.known
        card = next((each for each in known.cards if not each.renewed_as), None) if known else None
        if known is None or card is None:
            return
        self.said = await read_by_hand(self.app, self.desk, known.patient.id, card.number)
        self.known = await read_standing(self.desk, known.patient.id)

    def watch_known(self) -> None:
        """Draw the standing, and judge again what is asked about."""
        if self.is_mounted:
            self.show_standing()
            self.judge()

    def show_standing(self) -> None:
        """Draw the sheet: the standing, or the purchases behind it."""
        sheet = self.query_one("#standing", Sheet)
        known = self.known
        if known is None:
            sheet.show((((NOBODY if self.patient_id is None else NOT_READ, "muted"),),))
        elif self.shown_limit is not None and known.standing.limits:
            standings = by_tightness(known.standing.limits)
            index = self.shown_limit % len(standings)
            place = f"{index + 1} of {len(standings)}"
            sheet.show(purchase_lines(known, standings[index], limit_names(standings)[index], place))
        else:
            lines = standing_lines(known, self.desk.shop, self.desk.today)
            sheet.show((*lines[:HEAD], ((self.said, "muted"),), *lines[HEAD + 1 :]))

    @on(Field.Changed, "#what-if")
    def judge(self) -> None:
        """Judge what is typed as it is typed."""
        typed = self.query_one("#what-if", Field).value
        verdict = self.query_one("#verdict", Sheet)
        if self.known is None or not typed.strip():
            verdict.show(())
            return
        standing = self.known.standing
        verdict.show(what_if_lines(understand(typed, standing, self.stock), standing, self.desk.today))

    def show_searching(self, is_searching: bool) -> None:
        """Put the list in the place of the sheet while somebody is looked for."""
        self.query_one("#found").display = is_searching
        self.query_one("#standing").display = not is_searching

    def show_found(self, found: tuple[FoundPatient, ...]) -> None:
        """Draw who was found."""
        listing = self.query_one(Listing)
        listing.empty = self.nobody(NOBODY_FOUND)
        listing.show(
            tuple(
                Row(
                    str(each.patient_id),
                    (each.name, str(each.born.year), card_end(each.card_number), ""),
                )
                for each in found
            )
        )

    def registered(self, patient_id: UUID, card_number: str, said: str) -> None:
        """Show what a patient who was just put on record may buy."""
        self.turn_to(patient_id)
        self.said = said
        self.read_known()

    def take(self, key: str) -> None:
        """Turn to whoever was chosen; keys typed meanwhile are meant for them."""
        if key:
            self.post_message(GoTo(self.PLACE, UUID(key)))

    def action_back(self) -> None:
        """Leave what is typed, the search, or the purchases."""
        what_if = self.query_one("#what-if", Field)
        if what_if.has_focus and what_if.value:
            what_if.value = ""
            return
        self.query_one("#search", Field).value = ""
        self.shown_limit = None
        self.show_standing()
        self.set_focus(self.query_one("#standing"))

    def action_what_if(self) -> None:
        """Put the cursor into the question."""
        self.set_focus(self.query_one("#what-if"))
        self.read_stock()

    @work(exclusive=True, group="stock")
    async def read_stock(self) -> None:
        """Read the stock, whose products may be asked about by name."""
        self.stock = await self.desk.store.read(packages)
        self.judge()

    def action_purchases(self) -> None:
        """Show what the figures are made of, or the figures again."""
        if self.known is not None:
            self.shown_limit = 0 if self.shown_limit is None else None
            self.show_standing()

    def action_limit(self, by: int) -> None:
        """Show the purchases behind another limit."""
        if self.known is not None and self.shown_limit is not None:
            self.shown_limit += by
            self.show_standing()

    @work(exclusive=True, group="low")
    async def action_low(self) -> None:
        """Show who has little left, and go on with the one who is chosen."""
        chosen = await self.app.push_screen_wait(LowAllotments(self.desk))
        if chosen:
            self.post_message(GoTo(self.PLACE, UUID(chosen)))

    @work(exclusive=True, group="papers")
    async def action_papers(self) -> None:
        """Put on record what is particular to the patient, and show what was saved with the standing it makes."""
        if self.known is not None:
            await on_record(self.desk, note_look, self.known.patient.id, Sight.PAPERS, act=self.desk.act())
            self.said = await self.app.push_screen_wait(PatientPapers(self.desk, self.known)) or ""
            self.read_again()

    @work(exclusive=True, group="sheet")
    async def action_sheet(self) -> None:
        """Show the standing in plain words, for the patient."""
        if self.known is not None:
            await self.app.push_screen_wait(PatientSheet(self.desk, self.known))

    @work(exclusive=True, group="rules")
    async def action_rules(self) -> None:
        """Show the rules in force."""
        await self.app.push_screen_wait(RulesSheet(self.desk))
        self.read_again()

    def action_chart(self) -> None:
        """Open the patient's chart."""
        if self.patient_id is not None:
            self.post_message(GoTo("Chart", self.patient_id))

    def action_read_again(self) -> None:
        """Read what the desk knows again, or for the first time where that failed."""
        self.read_known()
