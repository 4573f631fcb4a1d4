"""The base of our own widgets: lines of spans, each with a tone; only lines that changed are painted again."""

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from pcc_desk.widgets.plain import visible

Span = tuple[str, str]
"""Text and tone."""

Line = tuple[Span, ...]
"""One line on the screen."""

TONES = ("muted", "good", "warning", "danger", "heading", "cursor", "cursor-away", "key")
"""How something is meant, beside the words that say it: "" is plain."""


class Drawn(Widget):
    """Draws lines by the line API. A subclass says what stands in each line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"drawn--{tone}" for tone in TONES}
    DEFAULT_CSS = """
    Drawn {
        .drawn--muted { color: $text-muted; }
        .drawn--good { color: $text-success; }
        .drawn--warning { color: $text-warning; }
        .drawn--danger { color: $text-error; text-style: bold; }
        .drawn--heading { text-style: bold; color: $text-primary; }
        .drawn--cursor { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
        .drawn--cursor-away { background: $surface-lighten-1; text-style: bold; }
        .drawn--key { color: $text-accent; text-style: bold; }
    }
    """

    def line(self, y: int) -> Line:
        """Return what stands in a line of the content."""
        raise NotImplementedError

    def tone_style(self, tone: str) -> Style:
        """Return the style of a tone."""
        return self.get_component_rich_style(f"drawn--{tone}") if tone else self.rich_style

    def render_line(self, y: int) -> Strip:
        """Draw one line, exactly as wide as the content."""
        base = self.rich_style
        segments = [Segment(visible(text), self.tone_style(tone)) for text, tone in self.line(y) if text]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def paint(self, lines: Iterable[int]) -> None:
        """Have lines of the content painted again."""
        regions = [Region(0, y, self.size.width, 1) for y in lines if 0 <= y < self.size.height]
        if regions:
            self.refresh(*regions)
