"""Who has little left of the allotment, by our own record: for the morning, before anybody comes."""

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.audit import note_list, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.morning import Low, low_standings
from pcc_desk.domain.answers import CannotTell
from pcc_desk.screens.frame import Framed
from pcc_desk.screens.words import day_words, figure, short_unit
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet, bar

LOW = (
    Column("Name", 18, grow=True),
    Column("Born", 10),
    Column("Left", 11, align="right"),
    Column("Of", 9),
    Column("", 5),
    Column("Comes back", 19),
)
BAR_WIDTH = 30


class LowAllotments(Framed):
    """Closes with the id of the patient who was chosen; empty when nobody was."""

    PLACE = "Allotment"
    CSS_PATH = "low_list.tcss"
    CALLED = "Who is low"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "read_again", "Again", id="low.again", tooltip="Look at everybody again"),
        Binding("escape", "close", "Back", id="low.close", tooltip="Back to one patient; stops looking"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: tuple[Low, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Return the line that says how far it is, and the list."""
        yield Sheet(id="head")
        yield Listing(LOW, id="low", empty="")

    async def on_mount(self) -> None:
        """Begin to look."""
        self.set_focus(self.query_one(Listing))
        self.look()

    @work(exclusive=True, group="low")
    async def look(self) -> None:
        """Look at everybody, saying how far it is."""
        self.say(0, 0)
        self.found = await low_standings(self.desk, self.say)
        await on_record(self.desk, note_list, "who is low", len(self.found), act=self.desk.act())
        day = day_words(self.desk.today)
        words = f"{len(self.found)} with less than a fifth left on {day}, by what was dispensed here."
        self.query_one("#head", Sheet).show((((words, "heading"), ("  The registry may allow less.", "muted")),))
        listing = self.query_one(Listing)
        listing.empty = "Nobody has less than a fifth left."
        listing.show(tuple(_row(each) for each in self.found))

    def say(self, done: int, total: int) -> None:
        """Say how far it is."""
        share = Fraction(done, total) if total else Fraction(0)
        words = f"Looking at everybody   {bar(share, BAR_WIDTH)}   {done:,} of {total:,}"
        self.query_one("#head", Sheet).show((((words, ""),),))

    @on(Listing.Chosen)
    def choose(self, event: Listing.Chosen) -> None:
        """Close with the patient under the cursor."""
        self.dismiss(event.key)

    def action_read_again(self) -> None:
        """Look again."""
        self.look()

    def action_close(self) -> None:
        """Close, and stop looking."""
        self.dismiss("")


def _row(low: Low) -> Row:
    unit = short_unit(low.limit.unit)
    is_told = not isinstance(low.left, CannotTell)
    left = f"{figure(low.left)} {unit}" if is_told else "cannot tell"
    back = f"{day_words(low.then.on)} +{figure(low.then.amount)} {unit}" if low.then else ""
    cells = (
        low.patient.name,
        str(low.patient.born),
        left,
        str(low.limit.window),
        bar(low.share, 5) if is_told else "ask",
        back,
    )
    return Row(str(low.patient.id), cells, "" if is_told else "muted")
