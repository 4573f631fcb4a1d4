"""The base of our own widgets: lines of spans, each with a tone; only lines that changed are painted again."""

from collections.abc import Iterable
from typing import NamedTuple

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


class Look(NamedTuple):
    """How a tone looks: the theme's variables for text and background, and whether it is bold."""

    text: str
    background: str = ""
    is_bold: bool = False


TONES = {
    "muted": Look("text-muted"),
    "good": Look("text-success"),
    "warning": Look("text-warning"),
    "danger": Look("text-error", is_bold=True),
    "heading": Look("text-primary", is_bold=True),
    "cursor": Look("block-cursor-foreground", "block-cursor-background", is_bold=True),
    "cursor-away": Look("foreground", "surface-lighten-1", is_bold=True),
    "key": Look("text-accent", is_bold=True),
}
"""How something is meant, beside the words that say it: "" is plain."""


class Drawn(Widget):
    """Draws lines by the line API. A subclass says what stands in each line.

    Tones are looked up in the theme once, and not by style rules: those would be matched anew for every widget on
    every change of focus.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._styles_by_tone: dict[str, Style] = {}

    def line(self, y: int) -> Line:
        """Return what stands in a line of the content."""
        raise NotImplementedError

    def notify_style_update(self) -> None:
        """Forget the styles that were looked up: the theme may be another."""
        self._styles_by_tone.clear()
        super().notify_style_update()

    def tone_style(self, tone: str) -> Style:
        """Return the style of a tone."""
        style = self._styles_by_tone.get(tone)
        if style is None:
            style = self.rich_style
            if tone:
                look, variables = TONES[tone], self.app.theme_variables
                background = variables[look.background] if look.background else None
                style += Style(color=variables[look.text], bgcolor=background, bold=look.is_bold or None)
            self._styles_by_tone[tone] = style
        return style

    def render_line(self, y: int) -> Strip:
        """Draw one line, exactly as wide as the content. What does not fit is cut with an ellipsis, never silently.

        Half a figure would be another figure.
        """
        width = self.size.width
        strip = Strip(Segment(visible(text), self.tone_style(tone)) for text, tone in self.line(y) if text)
        if strip.cell_length > width > 0 and strip.crop(width).text.strip():
            strip = Strip([*strip.crop(0, width - 1), Segment("…", self.tone_style("muted"))])
        return strip.adjust_cell_length(width, self.tone_style(""))

    def paint(self, lines: Iterable[int]) -> None:
        """Have lines of the content painted again."""
        regions = [Region(0, y, self.size.width, 1) for y in lines if 0 <= y < self.size.height]
        if regions:
            self.refresh(*regions)
