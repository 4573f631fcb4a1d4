"""The rows of a table column by column, many rows at a time, and afterwards some of them again by their places.

Where no cell is quoted, a line is a row and a cell is what stands between two signs: what is cut at the signs is
exactly what a reader of CSV would read, in half the time. Everything else is read as CSV.
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Protocol

from pcc_desk.adapters.pos.tables import Row, Table, open_table

PIECE = csv.field_size_limit()
"""Bytes that are cut at a time. A longer line may hold a cell that is longer than a reader of CSV takes."""
CHUNK = 20_000
MOST_KEPT = 250_000
"""Rows of a quoted table that are held in hand; of more, those that are asked for again are read a second time."""
UTF8 = {"utf-8", "utf-8-sig"}

Columns = list[list[str]]


class NotPlain(Exception):
    """Two files cannot be judged line by line: they are read whole."""


class RowsByColumn(Protocol):
    """The rows below the titles."""

    def columns(self, wanted: tuple[int, ...]) -> Iterator[Columns]:
        """Yield the wanted columns of some rows after the other. Raises `NotPlain` or `Damaged`."""
        ...

    def rows(self, places: Iterable[int]) -> Iterator[Row]:
        """Yield rows by their places, the lowest first; the first below the titles is 0."""
        ...


class CutRows:
    """Rows of which no cell is quoted. Making it raises `NotPlain` where one is, or letters are no UTF-8."""

    def __init__(self, raw: bytes, table: Table) -> None:
        if table.bytes.encoding not in UTF8 or b'"' in raw or raw[-1:] != b"\n":
            raise NotPlain
        self._end = "\r\n" if b"\r" in raw else "\n"
        self._raw = raw
        self._delimiter = table.delimiter
        self._width = len(table.titles)
        self._first = table.titles[0]
        self._above = table.header_at
        self._pieces: list[tuple[int, int, int]] = []
        """The place of the first row of each piece, and where the piece begins and ends."""

    def columns(self, wanted: tuple[int, ...]) -> Iterator[Columns]:
        """Yield the wanted columns.

        Raises `NotPlain` for a row of another width or another end, or the titles once more.
        """
        step, mark = self._width + 1, f"{self._delimiter}\n{self._delimiter}"
        self._pieces = []
        count = 0
        for start, end in self._cuts():
            text = self._text(start, end)
            marked = text.replace(self._end, mark)
            cells = marked.split(self._delimiter)
            cells.pop()
            lines = text.count("\n")
            if "\r" in marked or lines * step != len(cells) or cells[self._width :: step].count("\n") != lines:
                raise NotPlain
            if self._first in cells[0::step]:
                raise NotPlain
            self._pieces.append((count, start, end))
            count += lines
            yield [cells[place::step] for place in wanted]

    def rows(self, places: Iterable[int]) -> Iterator[Row]:
        """Yield rows by their places."""
        pieces = iter(self._pieces)
        first, lines = 0, list[str]()
        for place in places:
            while place >= first + len(lines):
                first, start, end = next(pieces)
                lines = self._text(start, end).split(self._end)
                lines.pop()
            yield self._above + 1 + place, lines[place - first].split(self._delimiter)

    def _text(self, start: int, end: int) -> str:
        return self._raw[start:end].decode()

    def _cuts(self) -> Iterator[tuple[int, int]]:
        """Yield where pieces of whole lines begin and end."""
        start = 0
        for _ in range(self._above):
            start = self._raw.index(b"\n", start) + 1
        while start < len(self._raw):
            end = self._raw.rfind(b"\n", start, start + PIECE) + 1
            if not end:
                raise NotPlain
            yield start, end
            start = end


class ReadRows:
    """Rows as a reader of CSV reads them."""

    def __init__(self, raw: bytes, table: Table) -> None:
        self._raw = raw
        self._table = table
        self._header = table.header
        self._kept: list[list[str]] | None = []

    def columns(self, wanted: tuple[int, ...]) -> Iterator[Columns]:
        """Yield the wanted columns. Raises `Damaged` as the table does."""
        width, count = len(self._table.titles), 0
        while chunk := [row for _, row in islice(self._table.rows, CHUNK)]:
            count += len(chunk)
            if self._kept is not None:
                self._kept = self._kept + chunk if count <= MOST_KEPT else None
            cells = list(chain.from_iterable(chunk))
            yield [cells[place::width] for place in wanted]

    def rows(self, places: Iterable[int]) -> Iterator[Row]:
        """Yield rows by their places."""
        above, kept = self._table.header_at + 1, self._kept
        if kept is not None:
            yield from ((above + place, kept[place]) for place in places)
            return
        wanted = set(places)
        with open_table(self._raw, (), {self._header}) as again:
            yield from (row for place, row in enumerate(again.rows) if place in wanted)
