"""A sheet of lines to read: it scrolls, and paints only what changed."""

from fractions import Fraction
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import MouseScrollDown, MouseScrollUp

from pcc_desk.widgets.drawn import Drawn, Line

__all__ = ["Line", "Sheet", "bar"]


class Sheet(Drawn):
    """Shows lines. Focused, it scrolls by keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]

    def __init__(self, *, id: str | None = None, can_focus: bool = False) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.can_focus = can_focus
        self._lines: tuple[Line, ...] = ()
        self._top = 0

    @property
    def text(self) -> str:
        """What is shown, as plain lines."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._lines)

    def show(self, lines: tuple[Line, ...]) -> None:
        """Show other lines, from the top unless they scroll as far as before."""
        before, top = self._lines, self._top
        self._lines = lines
        self._top = max(min(top, len(lines) - self.size.height), 0)
        if self._top != top:
            self.refresh()
            return
        longest = max(len(before), len(lines))
        self.paint(y - top for y in range(longest) if _at(before, y) != _at(lines, y))

    def line(self, y: int) -> Line:
        """Return what stands in a line of the content."""
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

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Scroll down."""
        self.action_scroll(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Scroll up."""
        self.action_scroll(-3)


def _at(lines: tuple[Line, ...], index: int) -> Line:
    return lines[index] if 0 <= index < len(lines) else ()


def bar(share: Fraction, width: int) -> str:
    """Return a bar of `width` cells, filled by a share: a little never looks like nothing, nor most like all."""
    share = max(Fraction(0), min(share, Fraction(1)))
    full = int(share * width)
    if share > 0:
        full = max(full, 1)
    if share < 1:
        full = min(full, width - 1)
    return "█" * full + "░" * (width - full)
