"""Tables as points of sale and spreadsheets write them, read row by row (POS reference, 7.2).

Which letters, which sign between cells, and which row holds the titles is found out; what is cut or broken is refused
with the row. Nothing is held but the rows in hand: a million lines need no more memory than ten.
"""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pcc_desk.adapters.clean import cleaned
from pcc_desk.domain.columns import LONGEST_TITLE, MOST_COLUMNS, header_hash, title_key

HEADER_WITHIN = 20
"""Titles may stand above the header."""
SAMPLE = 64 * 1024
CHUNK = 1024 * 1024
DELIMITERS = ",;\t|"
PREVIEW_ROWS = 6
ONE_BYTE = {"utf-8", "utf-8-sig", "cp1252"}
"""Encodings in which a byte of zero is no part of a letter."""
NO_TEXT = {
    b"PK\x03\x04": "it is a workbook or a ZIP, not CSV; export it as CSV",
    b"\xd0\xcf\x11\xe0": "it is a workbook, not CSV; export it as CSV",
    b"\x1f\x8b": "it is compressed; unpack it",
    b"%PDF": "it is a PDF, not CSV; export it as CSV",
}
"""How files begin that are no text, whatever they are called."""

Source = bytes | Path
Row = tuple[int, list[str]]
"""A row with the number it has in the file, the first being 1."""


class Damaged(ValueError):
    """A file cannot be used; the text says in which row and why, in a clause."""


@dataclass(frozen=True, slots=True)
class Bytes:
    """What the bytes of a file are."""

    sha256: str
    size: int
    encoding: str
    ends_its_line: bool


@dataclass(slots=True)
class Table:
    """An open table. `rows` can be read once; it raises `Damaged` at the row that cannot be used."""

    bytes: Bytes
    delimiter: str
    titles: tuple[str, ...]
    """As they are written, cleaned."""
    header_at: int
    """The row of the titles."""
    is_header_known: bool
    """Whether that row holds titles that are known; else it is the first that looks like one."""
    rows: Iterator[Row]

    @property
    def header(self) -> str:
        """By what this kind of report is known again."""
        return header_hash(self.titles)


@contextmanager
def open_table(source: Source, known: Collection[str], headers: Collection[str] = ()) -> Iterator[Table]:
    """Open a table. `known` are titles as `title_key` makes them, `headers` what is known of whole rows of titles.

    Raises `Damaged`, and `OSError` for a file that cannot be read.
    """
    with _opened(source) as file:
        found = examine(file)
        file.seek(0)
        sample = _sample(file.read(SAMPLE), found.encoding)
        file.seek(0)
        delimiter = _delimiter(sample, known)
        text = io.TextIOWrapper(file, encoding=found.encoding, newline="")
        try:
            yield _table(found, delimiter, text, known, headers)
        finally:
            text.detach()


def _opened(source: Source) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


# Letters


def examine(file: BinaryIO) -> Bytes:
    """Return what the bytes of a file are. Raises `Damaged` when nobody can tell its letters."""
    digest, size, last, first = hashlib.sha256(), 0, b"", b""
    utf8, lines, nothing_in = _Utf8(), 0, 0
    while chunk := file.read(CHUNK):
        first = first or chunk[:4096]
        if size == 0 and (no_text := next((why for mark, why in NO_TEXT.items() if first.startswith(mark)), "")):
            raise Damaged(no_text)
        digest.update(chunk)
        utf8.take(chunk)
        if not nothing_in and b"\0" in chunk:
            nothing_in = lines + chunk.count(b"\n", 0, chunk.index(b"\0")) + 1
        lines += chunk.count(b"\n")
        size, last = size + len(chunk), chunk[-4:]
    encoding = _by_mark(first) or utf8.encoding()
    if nothing_in and encoding in ONE_BYTE:
        raise Damaged(f"line {nothing_in} holds bytes of zero, which no text does; export it again")
    return Bytes(digest.hexdigest(), size, encoding, last.rstrip(b"\x00")[-1:] in {b"\n", b"\r", b""})


def _by_mark(first: bytes) -> str:
    """Return the encoding that a mark at the beginning tells, or that the zeros of two-byte letters do."""
    if first.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if first.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if len(first) >= 8:
        even, odd = first[0::2].count(0), first[1::2].count(0)
        if odd > len(first) // 4 and not even:
            return "utf-16-le"
        if even > len(first) // 4 and not odd:
            return "utf-16-be"
    return ""


class _Utf8:
    """Judges bytes as they come: UTF-8, or one byte for each letter, or neither."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._is_plain = True
        """Whether every letter so far takes one byte."""
        self._lines = 0
        self._wrong = 0
        """The line of the first byte that is no UTF-8; 0: none yet."""

    def take(self, chunk: bytes) -> None:
        """Judge the next bytes."""
        if chunk.isascii() and not self._wrong and not self._decoder.getstate()[0]:
            self._lines += chunk.count(b"\n")
            return
        if self._wrong:
            self._is_plain = self._is_plain and chunk.decode(errors="ignore").isascii()
            return
        try:
            text = self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            after = error.object[error.end :].decode(errors="ignore")
            self._is_plain = self._is_plain and before.isascii() and after.isascii()
            self._wrong = self._lines + before.count(b"\n") + 1
            return
        self._is_plain = self._is_plain and text.isascii()
        self._lines += chunk.count(b"\n")

    def encoding(self) -> str:
        """Return the encoding. Raises `Damaged`: a few wrong letters among right ones are no other alphabet."""
        if not self._wrong:
            try:
                self._decoder.decode(b"", final=True)
            except UnicodeDecodeError as error:
                raise Damaged("its end is cut in the middle of a letter; export it again") from error
            return "utf-8"
        if not self._is_plain:
            raise Damaged(f"a letter in line {self._wrong} is broken; export it again, as UTF-8")
        return "cp1252"


def _sample(raw: bytes, encoding: str) -> str:
    """Return the beginning as text; what is broken there is told when it is read."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(raw)


# Columns


def _delimiter(sample: str, known: Collection[str]) -> str:
    """Return the sign between cells: the one by which most titles are known, then the one by which rows fit best."""
    return max(DELIMITERS, key=lambda each: (_fit(sample, each, known), -DELIMITERS.index(each)))


def _fit(sample: str, delimiter: str, known: Collection[str]) -> tuple[int, int]:
    rows = _first_rows(sample, delimiter)
    titles = max((_known_in(row, known) for row in rows[:HEADER_WITHIN]), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return titles, max(widths.values(), default=0)


def _first_rows(sample: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), HEADER_WITHIN * 2))
    except csv.Error:
        return rows
    return rows


def _known_in(row: list[str], known: Collection[str]) -> int:
    return len({key for cell in row[:MOST_COLUMNS] if (key := title_key(cell[:LONGEST_TITLE])) in known})


def _table(
    found: Bytes, delimiter: str, text: io.TextIOWrapper, known: Collection[str], headers: Collection[str]
) -> Table:
    rows = _numbered(text, delimiter)
    first = list(islice(rows, HEADER_WITHIN + PREVIEW_ROWS))
    place, is_known = _header(first, known, headers)
    if place is None:
        none = f"no row of titles is among its first {HEADER_WITHIN} rows; it may be no table"
        raise Damaged(none if first else "it is empty")
    number, row = first[place]
    if len(row) > MOST_COLUMNS:
        raise Damaged(f"row {number} has {len(row)} columns; nobody's report has so many")
    titles = tuple(cleaned(each.replace("\ufeff", ""), LONGEST_TITLE) for each in row)
    return Table(found, delimiter, titles, number, is_known, body(titles, first[place + 1 :], rows))


def _numbered(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    """Yield each row with its number. Raises `Damaged` for what is no table any more."""
    number = 0
    try:
        for number, row in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            yield number, row
    except csv.Error as error:
        raise Damaged(f"row {number + 1}: it is cut or not a table ({cleaned(str(error), 60)})") from error
    except UnicodeError as error:
        raise Damaged(f"row {number + 1}: its letters are written in an unknown way; export it as UTF-8") from error


def _header(first: list[Row], known: Collection[str], headers: Collection[str]) -> tuple[int | None, bool]:
    """Return where the titles stand: a row known as a whole, else the one with most known names, else the likeliest."""
    above = first[:HEADER_WITHIN]
    for place, (_, row) in enumerate(above):
        if headers and header_hash(each[:LONGEST_TITLE] for each in row[:MOST_COLUMNS]) in headers:
            return place, True
    scores = [_known_in(row, known) for _, row in above]
    best = max(scores, default=0)
    if best >= 2:
        return scores.index(best), True
    widths = Counter(len(row) for _, row in first if sum(map(bool, row)) > 1)
    if not widths:
        return None, False
    width = max(widths, key=lambda each: (widths[each], each))
    likely = (place for place, (_, row) in enumerate(above) if len(row) == width and sum(map(bool, row)) > 1)
    return next(likely, None), False


FOOTERS = ("total", "grand total", "totals", "summary", "report total")


def body(titles: tuple[str, ...], first: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows below the titles: no empty ones, no second row of titles, no totals below.

    Titles stand again on each page of some reports. Raises `Damaged` where the first row stands below them again too,
    for a row with fewer cells than there are titles, or with more that hold something.
    """
    width = len(titles)
    again = [title_key(each) for each in titles]
    top: list[str] = []
    is_below_again = False
    for rows in (first, rest):
        for number, row in rows:
            if len(row) == width:
                if row[0] == titles[0] and [title_key(each) for each in row] == again:
                    is_below_again = True
                elif row[0] or any(row):
                    if is_below_again and row == top:
                        raise Damaged(f"row {number}: the whole report stands in the file again; export it once")
                    top, is_below_again = top or row, False
                    yield number, row
                continue
            fitted = _fitted(number, row, width)
            if fitted:
                yield number, fitted


def _fitted(number: int, row: list[str], width: int) -> list[str]:
    """Return a row of another width as it is meant; empty for one that says nothing."""
    if not any(row) or is_footer(row):
        return []
    if len(row) < width:
        raise Damaged(f"row {number} has {len(row)} columns, the header has {width}; it may be cut")
    if any(row[width:]):
        raise Damaged(f"row {number} has {len(row)} columns, the header has {width}; a cell may be broken in two")
    return row[:width]


def is_footer(row: list[str]) -> bool:
    """Whether a row is the sum below a report."""
    return is_sum(next((each for each in row if each.strip()), ""))


def is_sum(cell: str) -> bool:
    """Whether a cell says that its row is the sum below a report."""
    return title_key(cell[:40]).rstrip(":") in FOOTERS
