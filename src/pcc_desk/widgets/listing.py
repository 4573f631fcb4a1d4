"""A list of rows with a cursor: as quick with a million rows as with ten, because it knows only those it shows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.events import Blur, Click, Focus, MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message

from pcc_desk.widgets.drawn import Drawn, Line
from pcc_desk.widgets.plain import fit

PAGE = 256
"""Rows fetched at once."""

PAGES_KEPT = 8

MARK = "▸"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. One of a listing may grow into the width that is left."""

    title: str
    width: int
    align: Literal["left", "right"] = "left"
    grow: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row. A heading's first words go across the columns, and the cursor passes over it."""

    key: str
    cells: tuple[str, ...]
    tone: str = ""


Fetch = Callable[[int, int], Awaitable[tuple[Row, ...]]]
"""Return `limit` rows from `offset`."""


class Listing(Drawn, can_focus=True):
    """Rows under a line of titles. Fill it with `show`, or with `browse` when they are many."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
        Binding("enter", "choose", "Open", tooltip="Open what is under the cursor"),
    ]

    class Highlighted(Message):
        """The cursor came to another row, or the row under it changed. The key is empty when there is none."""

        def __init__(self, listing: "Listing", key: str) -> None:
            super().__init__()
            self.listing = listing
            self.key = key

        @property
        def control(self) -> "Listing":
            """The listing."""
            return self.listing

    class Chosen(Message):
        """Enter was pressed on a row, or it was clicked twice."""

        def __init__(self, listing: "Listing", key: str) -> None:
            super().__init__()
            self.listing = listing
            self.key = key

        @property
        def control(self) -> "Listing":
            """The listing."""
            return self.listing

    def __init__(
        self,
        columns: tuple[Column, ...],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        empty: str = "",
        opens: bool = True,
    ) -> None:
        """Take the columns, what to say when there are no rows, and whether enter does something with one."""
        super().__init__(id=id)
        self.opens = opens
        self.columns = columns
        self.empty = empty
        self.count = 0
        self._pages: dict[int, tuple[Row, ...]] = {}
        self._asked: set[int] = set()
        self._fetch: Fetch | None = None
        self._cursor = 0
        self._top = 0

    # What is shown

    def show(self, rows: tuple[Row, ...]) -> None:
        """Show these rows. The cursor stays on its row when that is among them; else it goes to the first."""
        key = self.cursor_key
        before = self._visible()
        self._fetch = None
        self.count = len(rows)
        self._pages = {at // PAGE: rows[at : at + PAGE] for at in range(0, len(rows), PAGE)}
        at = next((index for index, row in enumerate(rows) if key and row.key == key), None)
        self._cursor = self._selectable(0, 1) if at is None else at
        self._scroll_to_cursor()
        self._repaint(before)
        if self.cursor_key != key or at is not None:
            self._tell()

    def browse(self, count: int, fetch: Fetch) -> None:
        """Show `count` rows that are fetched in pages when they come into view."""
        self._fetch = fetch
        self._pages, self._asked = {}, set()
        self.count = count
        self._cursor, self._top = 0, 0
        self.refresh()

    def row(self, index: int) -> Row | None:
        """Return a row, or None when it is beyond the end or not there yet; it is then asked for."""
        if not 0 <= index < self.count:
            return None
        page, place = divmod(index, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            self._ask_for(page)
            return None
        return rows[place] if place < len(rows) else None

    def _ask_for(self, page: int) -> None:
        if self._fetch is not None and page not in self._asked:
            self._asked.add(page)
            self.run_worker(self._bring(self._fetch, page), group=f"page {page}")

    async def _bring(self, fetch: Fetch, page: int) -> None:
        rows = await fetch(page * PAGE, min(PAGE, self.count - page * PAGE))
        if self._fetch is not fetch:
            return
        self._asked.discard(page)
        self._pages[page] = rows
        while len(self._pages) > PAGES_KEPT:
            del self._pages[max(self._pages, key=lambda each: abs(each - self._cursor // PAGE))]
        self.refresh()
        if self._cursor // PAGE == page:
            self._tell()

    # The cursor

    @property
    def cursor_key(self) -> str:
        """The key of the row under the cursor; empty when there is none."""
        row = self.row(self._cursor)
        return row.key if row is not None else ""

    @property
    def cut_cells(self) -> frozenset[str]:
        """What stands in the row under the cursor and is longer than there is room for."""
        row = self.row(self._cursor)
        if row is None:
            return frozenset()
        return frozenset(cell for cell, width in zip(row.cells, self._widths, strict=True) if cell_len(cell) > width)

    def move_to(self, key: str) -> None:
        """Put the cursor on a row that is shown."""
        for page, rows in self._pages.items():
            for place, row in enumerate(rows):
                if row.key == key:
                    self._go(page * PAGE + place)

    def move(self, by: int) -> None:
        """Move the cursor by rows; over headings it goes on in the same direction."""
        step = 1 if by > 0 else -1
        self._go(self._selectable(max(min(self._cursor + by, self.count - 1), 0), step))

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.move(by * max(self._height - 1, 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self._go(self._selectable(0, 1))

    def action_last(self) -> None:
        """Go to the last row."""
        self._go(self._selectable(self.count - 1, -1))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave enter to others where nothing can be opened."""
        return self.opens if action == "choose" else True

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.cursor_key:
            self.post_message(self.Chosen(self, self.cursor_key))

    def _selectable(self, index: int, step: int) -> int:
        """Return the nearest row that is no heading: in the direction of `step`, or else in the other."""
        for direction in (step, -step):
            at = index
            while 0 <= at < self.count:
                row = self.row(at)
                if row is None or row.tone != "heading":
                    return at
                at += direction
        return max(index, 0)

    def _go(self, index: int) -> None:
        if index == self._cursor or not 0 <= index < self.count:
            return
        before, top = self._cursor, self._top
        self._cursor = index
        self._scroll_to_cursor()
        if self._top == top:
            self.paint((before - top + 1, index - top + 1))
        else:
            self.refresh()
        self._tell()

    def _tell(self) -> None:
        self.post_message(self.Highlighted(self, self.cursor_key))

    # Drawing

    @property
    def _height(self) -> int:
        return max(self.size.height - 1, 1)

    def _scroll_to_cursor(self) -> None:
        if self._cursor < self._top:
            self._top = self._cursor
        elif self._cursor >= self._top + self._height:
            self._top = self._cursor - self._height + 1
        if self._cursor - self._top < self._height - 1 and self._is_heading(self._top - 1):
            self._top -= 1
        self._top = max(min(self._top, self.count - self._height), 0)

    def _is_heading(self, index: int) -> bool:
        row = self.row(index)
        return row is not None and row.tone == "heading"

    def _visible(self) -> tuple[int, int, int, tuple[Row | None, ...]]:
        shown = tuple(self.row(self._top + y) for y in range(self._height))
        return self._top, self._cursor, self.count, shown

    def _repaint(self, before: tuple[int, int, int, tuple[Row | None, ...]]) -> None:
        top, cursor, count, shown = before
        _, _, _, showing = self._visible()
        changed = {y + 1 for y, (old, new) in enumerate(zip(shown, showing, strict=False)) if old != new}
        if (top, cursor) != (self._top, self._cursor):
            changed |= {cursor - top + 1, self._cursor - self._top + 1}
        if 0 in {count, self.count}:
            changed.add(1)
        self.paint(sorted(changed))

    def line(self, y: int) -> Line:
        """Return the titles, or a row."""
        if y == 0:
            titles = Row("", tuple(each.title for each in self.columns))
            return ((f"  {self._cells(titles)}", "muted"),)
        index = self._top + y - 1
        if self.count == 0:
            return ((f"  {self.empty}", "muted"),) if y == 1 else ()
        if index >= self.count:
            return ()
        row = self.row(index)
        if row is None:
            return (("  …", "muted"),)
        if row.tone == "heading":
            words = " ".join(each for each in row.cells if each)
            return ((f"  ── {words} {'─' * self.size.width}"[: self.size.width], "muted"),)
        is_here = index == self._cursor
        tone = ("cursor" if self.has_focus else "cursor-away") if is_here else row.tone
        return ((f"{MARK if is_here else ' '} {self._cells(row)}", tone),)

    @property
    def _widths(self) -> tuple[int, ...]:
        fixed = sum(each.width for each in self.columns if not each.grow) + len(self.columns) - 1 + 2
        left = self.size.width - fixed
        return tuple(max(left, each.width) if each.grow else each.width for each in self.columns)

    def _cells(self, row: Row) -> str:
        return " ".join(
            fit(cell, width, each.align)
            for cell, width, each in zip(row.cells, self._widths, self.columns, strict=True)
        )

    # Events

    def on_focus(self, event: Focus) -> None:
        """Draw the cursor as one that moves."""
        self.paint((self._cursor - self._top + 1,))

    def on_blur(self, event: Blur) -> None:
        """Draw the cursor as one that rests."""
        self.paint((self._cursor - self._top + 1,))

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view."""
        top = self._top
        self._scroll_to_cursor()
        if self._top != top:
            self.refresh()

    def on_click(self, event: Click) -> None:
        """Put the cursor where the click was; a second click chooses."""
        index = self._top + event.y - 1
        row = self.row(index) if event.y > 0 else None
        if row is None or row.tone == "heading":
            return
        if index == self._cursor and event.chain > 1:
            self.action_choose()
        self._go(index)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move down."""
        self.move(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move up."""
        self.move(-3)
