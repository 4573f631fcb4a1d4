"""Packages: those at the till beside those in the state's record, and what in the till's catalogue cannot be."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.shelves import Shelves, compare_shelves
from pcc_desk.domain.reconciling.shelves import PackageFinding
from pcc_desk.domain.sales import short_tag
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Line, Sheet

COLUMNS = (Column("Class", 16), Column("Tag", 10), Column("Product", 18), Column("What", 30, grow=True))


class Packages(ModalScreen[None], Permitting[None]):
    """Closes with nothing: packages are put right at the till or in the state's record, never by this desk."""

    CSS_PATH = "past_days.tcss"
    CALLED = "Packages, till and state"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "compare", "Again", id="packages.compare", tooltip="Read both sides again and compare"),
        Binding("escape", "close", "Back", id="packages.close", tooltip="Back to the day"),
    ]

    shelves: reactive[Shelves | None] = reactive(None, init=False, always_update=True)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        """Draw the list, and what is to be done about the one under the cursor."""
        yield Listing(COLUMNS, id="packages", opens=False, empty="")
        yield Sheet(id="about", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Read both sides."""
        self.set_focus(self.query_one(Listing))
        self.action_compare()

    @work(exclusive=True, group="compare")
    async def action_compare(self) -> None:
        """Read both sides and compare."""
        self.tell((("Reading the packages of both sides …", "muted"),))
        self.shelves = await compare_shelves(self.desk)

    def watch_shelves(self, shelves: Shelves | None) -> None:
        """Draw the list."""
        if shelves is None:
            return
        listing = self.query_one(Listing)
        listing.show(tuple(_row(index, each) for index, each in enumerate(self.found)))
        if not self.found:
            self.tell(*self._sum(shelves))

    @property
    def found(self) -> tuple[PackageFinding, ...]:
        """What differs, then what cannot be."""
        return (*self.shelves.differences, *self.shelves.catalogue) if self.shelves else ()

    def _sum(self, shelves: Shelves) -> tuple[Line, ...]:
        at = local_time(shelves.at, self.desk.shop)
        if shelves.not_compared:
            why = "; ".join(f"{each.side}: {each.why}" for each in shelves.not_compared)
            return (
                ((f"NOT COMPARED. {why}.", "warning"),),
                (("Nothing can be said of the packages. f5 tries again.", ""),),
            )
        agree = "all agree" if not shelves.differences else f"{len(shelves.differences)} differ"
        return (((f"Compared {at}: {shelves.till} at the till, {shelves.state} in the state's record, {agree}.", ""),),)

    @on(Listing.Highlighted)
    def show_one(self, event: Listing.Highlighted) -> None:
        """Tell what is to be done about a package."""
        if self.shelves is None or not event.key.isdecimal() or int(event.key) >= len(self.found):
            return
        found = self.found[int(event.key)]
        self.tell(
            *self._sum(self.shelves),
            ((f"{found.product}, {found.label}: ", "heading"), (found.what, "")),
            (("Sales first: a sale that was not posted explains most of these. ", "muted"),),
            (("Fix: ", "heading"), (f"{found.fix} ", ""), (found.never, "muted")),
        )

    def tell(self, *lines: Line) -> None:
        """Say something below the list."""
        self.query_one("#about", Sheet).show(tuple(lines))

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


def _row(index: int, found: PackageFinding) -> Row:
    return Row(str(index), (found.kind.value, short_tag(found.label) or "no tag", found.product, found.what))
