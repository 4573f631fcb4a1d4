"""A sheet of lines to read: it scrolls, and paints only what changed."""

import re
from fractions import Fraction
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from textual.binding import Binding, BindingType
from textual.events import MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Size

from pcc_desk.widgets.drawn import Drawn, Line, Span
from pcc_desk.widgets.plain import visible

__all__ = ["Line", "Sheet", "bar"]


class Sheet(Drawn):
    """Shows lines. Focused, it scrolls by keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        can_focus: bool = False,
        wraps: bool = False,
    ) -> None:
        """Take whether it scrolls by keys, and whether lines too long go on in the next."""
        super().__init__(id=id)
        self.can_focus = can_focus
        self.wraps = wraps
        self._given: tuple[Line, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._top = 0

    @property
    def text(self) -> str:
        """What is shown, as plain lines."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._lines)

    def show(self, lines: tuple[Line, ...]) -> None:
        """Show other lines, from the top unless they scroll as far as before."""
        self._given = lines
        if self.wraps:
            lines = tuple(part for line in lines for part in wrapped(line, self.size.width))
        before, top = self._lines, self._top
        self._lines = lines
        if self.styles.is_auto_height and len(before) != len(lines):
            self.refresh(layout=True)
        self._top = max(min(top, len(lines) - self.size.height), 0)
        if self._top != top:
            self.refresh()
            return
        longest = max(len(before), len(lines))
        self.paint(y - top for y in range(longest) if _at(before, y) != _at(lines, y))
        if len(before) != len(lines):
            self.paint((self.size.height - 1,))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are, for a sheet whose style lets it grow with them."""
        return sum(len(wrapped(line, width)) for line in self._given) if self.wraps else len(self._given)

    def line(self, y: int) -> Line:
        """Return what stands in a line of the content. Where more follows below, the last line says how much."""
        below = len(self._lines) - self._top - self.size.height
        if self.can_focus and below > 0 and y == self.size.height - 1:
            return ((f"  ↓ {below + 1} more lines", "muted"),)
        return _at(self._lines, y + self._top)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        top = max(min(self._top + by, len(self._lines) - self.size.height), 0)
        if top != self._top:
            self._top = top
            self.refresh()

    def action_page(self, by: int) -> None:
        """Scroll by pages."""
        self.action_scroll(by * max(self.size.height - 1, 1))

    def on_resize(self, event: Resize) -> None:
        """Break lines anew."""
        if self.wraps:
            self.show(self._given)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Scroll down."""
        self.action_scroll(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Scroll up."""
        self.action_scroll(-3)


def _at(lines: tuple[Line, ...], index: int) -> Line:
    return lines[index] if 0 <= index < len(lines) else ()


def wrapped(line: Line, width: int) -> tuple[Line, ...]:
    """Return a line in as many lines of at most `width` cells as it takes, broken between words.

    What stands in a column of its own goes on in that column. A word that is longer than a line, such as a link, goes
    on in the next and is never cut short.
    """
    if width <= 0 or sum(cell_len(visible(text)) for text, _ in line) <= width:
        return (line,)
    column = _last_column(line, width)
    parts: list[list[Span]] = [[]]
    room = width
    for place, (text, tone) in enumerate(line):
        begins = column if place == len(line) - 1 else 0
        margin = [(" " * begins, "")] if begins else []
        for word in re.findall(r"\s*\S+|\s+$", visible(text)):
            if cell_len(word) > room and parts[-1]:
                parts.append([*margin])
                room = width - begins
                word = word.lstrip()  # noqa: PLW2901 - a new line begins without the space before the word
            *full, rest = chop_cells(word, width - begins) or [""]
            for piece in full:
                parts[-1].append((piece, tone))
                parts.append([*margin])
                room = width - begins
            parts[-1].append((rest, tone))
            room -= cell_len(rest)
    return tuple(tuple(part) for part in parts)


def _last_column(line: Line, width: int) -> int:
    """Return the cells before the last part of a line that is set off from what is before it, at most half of all."""
    before = "".join(visible(text) for text, _ in line[:-1])
    return cell_len(before) if before.endswith("  ") and cell_len(before) <= width // 2 else 0


def bar(share: Fraction, width: int) -> str:
    """Return a bar of `width` cells, filled by a share: a little never looks like nothing, nor most like all."""
    share = max(Fraction(0), min(share, Fraction(1)))
    full = int(share * width)
    if share > 0:
        full = max(full, 1)
    if share < 1:
        full = min(full, width - 1)
    return "█" * full + "░" * (width - full)
