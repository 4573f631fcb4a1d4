"""Type package: what is in stock, where no program reads it, told row by row as the state's page shows it."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.stock import keep_package
from pcc_desk.domain.products import Package
from pcc_desk.domain.typed_packages import NEEDED, NoPackage, Told, package_of
from pcc_desk.screens.task import Form
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet

ROWS = (Column("", 20), Column("The page shows", 20, grow=True))

EXAMPLES = {
    Told.LABEL: "the state's tag, all of it",
    Told.PRODUCT: "what it is called",
    Told.CATEGORY: "as the rules call it",
    Told.QUANTITY: "how much is left, such as 28.5 or 12",
    Told.UNIT: "g, or each",
    Told.WEIGHT: "grams in one piece; empty: not known",
    Told.VOLUME: "mL in one piece; empty: not known",
    Told.THC: "mg of THC in one piece, or in one gram; empty: not known",
    Told.PRICE: "of one piece or one gram, before tax; empty: not known",
    Told.EXPIRES: "2027-06-30; empty: none is shown",
}


class TypePackage(Form):
    """Closes with a sentence on what was saved; empty when nothing was."""

    PLACE = "Chart"
    ON_LEAVING = "What is typed is dropped."
    CSS_PATH = "type_package.tcss"
    CALLED = "A package that is typed"
    FORM = "package"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="package.save", tooltip="Save the package, as it is shown now"),
        Binding("down", "move(1)", "Next", id="package.next", tooltip="The next row; enter goes there as well"),
        Binding("up", "move(-1)", "Before", id="package.before", tooltip="The row before"),
        Binding("escape", "leave", "Back", id="package.leave", tooltip="Leave without saving"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.typed: dict[Told, str] = dict.fromkeys(Told, "")
        self.current = Told.LABEL

    def body(self) -> Iterable[Widget]:
        """Return the head, the rows, the field, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Listing(ROWS, id="told", opens=False)
        yield Field(id="entry", takes=self.entered)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Say what is told, and begin at the first row."""
        rest = f"Rows up to “{NEEDED[-1]}” are needed. One of the same tag is replaced."
        self.query_one("#head", Sheet).show(
            (
                (("A package in stock", "heading"),),
                ((f"Type what {self.desk.state.name} shows of it now. ", ""), (rest, "muted")),
            )
        )
        listing = self.query_one(Listing)
        listing.can_focus = False
        listing.styles.height = len(Told) + 1
        self.go_to(self.current)
        await self.take_up_draft()

    @property
    def about(self) -> UUID:
        """The stock, of which there is one."""
        return UUID(int=0)

    def typed_so_far(self) -> Typed:
        """Return what is typed in each row."""
        if not self.unsaved():
            return {}
        return {"rows": {each.value: self.typed[each] for each in Told}, "at": self.current.value}

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed."""
        self.typed = {each: typed["rows"].get(each.value, "") for each in Told}
        self.go_to(Told(typed["at"]))
        return ""

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def go_to(self, row: Told) -> None:
        """Put the cursor on a row, with what is typed there."""
        self.current = row
        field = self.query_one(Field)
        field.value = self.typed[row]
        field.cursor_position = len(field.value)
        field.placeholder = f"{row}: {EXAMPLES[row]}"
        self.set_focus(field)
        self.show_rows()
        self.query_one(Listing).move_to(row.value)

    def show_rows(self) -> None:
        """Draw what is typed so far."""
        self.query_one(Listing).show(tuple(Row(each.value, (each.value, self.typed[each])) for each in Told))

    @on(Field.Changed, "#entry")
    def keep_typed(self) -> None:
        """Show what is being typed in its row."""
        self.typed[self.current] = self.query_one(Field).value
        self.show_rows()

    @on(Listing.Chosen)
    def choose(self, event: Listing.Chosen) -> None:
        """Go to the row that was pointed at."""
        self.go_to(Told(event.key))

    def entered(self, typed: str) -> None:
        """Go on to the next row, or save after the last."""
        if self.is_at("save"):
            return
        self.typed[self.current] = typed
        if self.current is Told.EXPIRES:
            self.action_save()
        else:
            self.action_move(1)

    def unsaved(self) -> str:
        """Return what is typed and not saved."""
        return "The package is not saved" if any(each.strip() for each in self.typed.values()) else ""

    def action_move(self, by: int) -> None:
        """Go to the next row, or to the one before."""
        self.typed[self.current] = self.query_one(Field).value
        rows = tuple(Told)
        index = rows.index(self.current) + by
        if 0 <= index < len(rows):
            self.go_to(rows[index])

    def action_save(self) -> None:
        """Save the package, or go to the first row that cannot be used. Pressed again meanwhile, nothing happens."""
        if self.is_at("save"):
            return
        self.typed[self.current] = self.query_one(Field).value
        package = package_of(self.typed, self.desk.rules.listed)
        if isinstance(package, NoPackage):
            self.go_to(package.field)
            self.say(f"Not saved. {package.why}", "warning")
        else:
            self.save(package)

    @work(group="save")
    async def save(self, package: Package) -> None:
        """Put it on record."""
        act = self.desk.act()
        await self.desk.store.write(keep_package, package, act=act)
        saved = local_time(act.at, self.desk.shop)
        self.dismiss(f"Saved {saved}: {package.remaining} of {package.product} in stock.")
