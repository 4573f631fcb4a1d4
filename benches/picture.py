"""Draws the README's picture: the practice shop, in a terminal of its own, with a basket that does not fit."""

import re
import sys
import tempfile
from io import StringIO
from pathlib import Path

from pyte.screens import Char
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from pcc_desk.practice import PASSPHRASE
from tests.terminal import Terminal

CARD = "MI-P-0140-3193"
GROUND, INK = (18, 22, 27), (215, 220, 226)
"""Background and text of the dark theme, as in `widgets.theme`."""
THEME = TerminalTheme(GROUND, INK, [GROUND] * 8)

REMOTE_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""A picture fetches nothing."""


def main() -> int:
    """Visit the practice shop and write the picture to the path that was given."""
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="pcc-desk-picture-") as folder:
        command = [sys.executable, "-m", "pcc_desk", "--home", str(Path(folder) / "practice"), "demo"]
        with Terminal(command) as terminal:
            dispense_too_much(terminal)
            svg = drawn(terminal)
            terminal.press("f9")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(svg, encoding="utf-8")
    return 0


def dispense_too_much(terminal: Terminal) -> None:
    """Go from the passphrase to a basket over the allotment."""
    terminal.see("passphrase")
    terminal.type(PASSPHRASE + "\r")
    terminal.see("expected")
    terminal.type(f"/{CARD}\r")
    terminal.see("METRC answered")
    terminal.press("i", "p", "c", "enter")
    terminal.see("checked in.")
    terminal.press("space")
    terminal.see("with coordinator")
    terminal.press("enter")
    terminal.see("rules mi-2020")
    terminal.press("d")
    terminal.see("Cadillac Cookies")
    terminal.type("cherry gummies\r2\rblue dream\r90\r")
    terminal.see("It fits:")
    terminal.settle(0.5)


def drawn(terminal: Terminal) -> str:
    """Return the cells of a terminal as an SVG."""
    console = Console(
        record=True, width=terminal.columns, force_terminal=True, color_system="truecolor", file=StringIO()
    )
    segments: list[Segment] = []
    for row in terminal.cells:
        segments += [*Segment.simplify(Segment(cell.data, style_of(cell)) for cell in row), Segment.line()]
    console.print(Segments(segments), end="")
    svg = console.export_svg(title="PCC Desk, on invented people", theme=THEME)
    return REMOTE_FONT.sub("", svg)


def style_of(cell: Char) -> Style:
    """Return how a cell looks."""
    front, back = (None if colour == "default" else f"#{colour}" for colour in (cell.fg, cell.bg))
    if cell.reverse:
        front, back = back or "#12161b", front or "#d7dce2"
    return Style(color=front, bgcolor=back, bold=cell.bold)


if __name__ == "__main__":
    sys.exit(main())
