"""A form of rows in a list: the row under the cursor is typed in the one line below it."""

from typing import Generic, Protocol, TypeVar

from textual import on

from pcc_desk.desk.desk import Desk
from pcc_desk.screens.task import Form
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Listing, Row
from pcc_desk.widgets.sheet import Sheet


class Asked(Protocol):
    """Something that may be typed."""

    @property
    def key(self) -> str:
        """What no other row is called."""
        ...

    @property
    def example(self) -> str:
        """What to type."""
        ...


R = TypeVar("R", bound=Asked)


class RowForm(Form, Generic[R]):
    """What is typed stays with its row. The body holds a list, a field `entry` and a line `said`, which answers."""

    rows: tuple[R, ...]
    typed: dict[str, str]
    """What stands in each row, by its key."""
    current: R
    """The row that is typed in."""

    def __init__(self, desk: Desk, rows: tuple[R, ...], typed: dict[str, str]) -> None:
        super().__init__(desk)
        self.rows = rows
        self.typed = typed
        self.current = rows[0]

    def row_of(self, asked: R) -> Row:
        """Return a row as it is drawn, with what is typed so far."""
        raise NotImplementedError

    def hint(self, asked: R) -> str:
        """Return what stands in the field while nothing is typed."""
        return asked.example

    def changed(self) -> None:
        """Something else is typed than a moment ago."""

    def save_all(self) -> None:
        """Save what is typed, or say why not."""
        raise NotImplementedError

    def begin(self) -> None:
        """Show the rows, and begin at the current one."""
        self.query_one(Listing).can_focus = False
        self.make_room()
        self.go_to(self.current)

    def make_room(self) -> None:
        """Make the list as high as its rows."""
        self.query_one(Listing).styles.height = len(self.rows) + 1

    def go_to(self, asked: R) -> None:
        """Put the cursor on a row, behind what is typed there."""
        self.current = asked
        field = self.query_one(Field)
        field.value = self.typed.get(asked.key, "")
        field.placeholder = self.hint(asked)
        field.cursor_position = len(field.value)
        self.set_focus(field)
        self.show_rows()
        self.query_one(Listing).move_to(asked.key)

    def go_to_key(self, key: str) -> None:
        """Put the cursor on the row of that key; where there is none it stays."""
        self.go_to(next((each for each in self.rows if each.key == key), self.current))

    def show_rows(self) -> None:
        """Draw what is typed so far."""
        self.query_one(Listing).show(tuple(map(self.row_of, self.rows)))

    def take_typed(self) -> None:
        """Keep what stands in the field with its row."""
        self.typed[self.current.key] = self.query_one(Field).value

    @on(Field.Changed, "#entry")
    def keep_typed(self) -> None:
        """Show what is being typed in its row."""
        self.take_typed()
        self.show_rows()
        self.changed()

    @on(Listing.Chosen)
    def choose(self, event: Listing.Chosen) -> None:
        """Go to the row that was pointed at."""
        self.go_to_key(event.key)

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def action_move(self, by: int) -> None:
        """Go to the next row, or to the one before."""
        self.take_typed()
        self.keep_soon()
        index = self.rows.index(self.current) + by
        if 0 <= index < len(self.rows):
            self.go_to(self.rows[index])

    def action_save(self) -> None:
        """Save what is typed, or say why not. Pressed again meanwhile, the key does nothing."""
        if not self.is_at("save"):
            self.take_typed()
            self.save_all()
