"""The page of a packet that people read: a PDF of headings, lines and pairs, with page numbers.

reportlab is imported when a report is drawn, never before. Its own open font is put into the file, so that it looks the
same everywhere; a character that the font lacks is written as its number, never dropped.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Any

PAGE = (612.0, 792.0)
"""US Letter, in points."""
MARGIN = 54.0
FONT, BOLD = "Vera", "VeraBd"


class Style(Enum):
    """How a line stands on the page: size in points, whether it is bold, room above it in points."""

    TITLE = (16.0, True, 0.0)
    HEADING = (11.0, True, 12.0)
    TEXT = (9.0, False, 2.0)
    SMALL = (7.5, False, 1.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report; a long one is wrapped. `left` is how far in it begins, in points."""

    text: str
    style: Style = Style.TEXT
    left: float = 0.0


def drawn(title: str, lines: Iterable[Line], footer: str) -> bytes:
    """Return a PDF. The same lines make the same bytes."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - 0.2 s, and only for a report

    _register()
    out = BytesIO()
    canvas: Any = Canvas(out, pagesize=PAGE, invariant=1, pageCompression=1)
    canvas.setTitle(_shown(title))
    canvas.setAuthor("PCC Desk")
    y, page = PAGE[1] - MARGIN, 1
    for line in lines:
        size, is_bold, above = line.style.value
        font = BOLD if is_bold else FONT
        for number, part in enumerate(_wrapped(_shown(line.text), font, size, PAGE[0] - 2 * MARGIN - line.left)):
            y -= size * 1.35 + (above if number == 0 else 0.0)
            if y < MARGIN + 20:
                _end_page(canvas, footer, page)
                y, page = PAGE[1] - MARGIN - size, page + 1
            canvas.setFont(font, size)
            canvas.drawString(MARGIN + line.left, y, part)
    _end_page(canvas, footer, page)
    canvas.save()
    return out.getvalue()


def _end_page(canvas: Any, footer: str, page: int) -> None:
    canvas.setFont(FONT, 7)
    canvas.drawString(MARGIN, MARGIN - 14, _shown(footer))
    canvas.drawRightString(PAGE[0] - MARGIN, MARGIN - 14, f"page {page}")
    canvas.showPage()


def _register() -> None:
    import reportlab  # noqa: PLC0415 - as above
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (FONT, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def _shown(text: str) -> str:
    """Return text as the font can draw it: what it lacks stands there as U+1234, control characters too."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - as above

    _register()
    known = pdfmetrics.getFont(FONT).face.charToGlyph
    return "".join(each if each.isprintable() and ord(each) in known else f"U+{ord(each):04X}" for each in text)


def _wrapped(text: str, font: str, size: float, width: float) -> Iterator[str]:
    """Part text into lines that fit, at spaces where there are any."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 - as above

    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if stringWidth(longer, font, size) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while stringWidth(line, font, size) > width:
            cut = max(1, int(len(line) * width / stringWidth(line, font, size)) - 1)
            yield line[:cut]
            line = line[cut:]
    yield line
