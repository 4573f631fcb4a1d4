"""Filter as one types in the textbook way: Textual's DataTable, cleared and filled anew from a plain database."""

import sqlite3
import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input

QUERY = "SELECT family, given, born, card FROM one WHERE "
NAMED = QUERY + "family >= ? AND family < ? AND given >= ? AND given < ? ORDER BY family, given, id LIMIT 50"
BORN = QUERY + "born >= ? AND born < ? ORDER BY born, family, given, id LIMIT 50"
LAST = "\U0010ffff"
COLUMNS = (("Name", 40), ("Born", 10), ("Card", 14))
"""Each as wide as it is given: measured by itself, the names stay cut where longer ones come later."""


class Filtered(App[None]):
    """One line to type in above the table."""

    CSS: ClassVar[str] = "Input { border: none; height: 1; } DataTable { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Input()
        yield DataTable()

    def on_mount(self) -> None:
        self.base = sqlite3.connect(sys.argv[1])
        table = self.query_one(DataTable)
        for title, width in COLUMNS:
            table.add_column(title, width=width)

    def on_input_changed(self, event: Input.Changed) -> None:
        table = self.query_one(DataTable)
        table.clear()
        first, _, second = event.value.partition(" ")
        if first[:1].isdigit():
            rows = self.base.execute(BORN, (first, first + LAST))
        else:
            rows = self.base.execute(NAMED, (first, first + LAST, second, second + LAST))
        if event.value:
            table.add_rows((f"{family.capitalize()}, {given.capitalize()}", *rest) for family, given, *rest in rows)


if __name__ == "__main__":
    Filtered().run()
