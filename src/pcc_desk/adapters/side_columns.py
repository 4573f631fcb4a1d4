"""One file of a day's comparison, column by column: what its cells mean, and which of its lines want a closer look."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.pos.cells import (
    LONGEST_WORD,
    NOTHING,
    SHORTEST_WORD,
    Instants,
    cents,
    identity,
    is_nothing,
    milli,
    tag,
    word,
)
from pcc_desk.adapters.pos.reading import BUYERS, EXACT_DIGITS, Reader
from pcc_desk.adapters.pos.tables import Damaged, Table, body, open_table
from pcc_desk.adapters.rows_by_column import CutRows, NotPlain, ReadRows, RowsByColumn
from pcc_desk.domain.card_keys import card_key
from pcc_desk.domain.columns import ColumnMap, SaleField, title_key
from pcc_desk.domain.quantity import QuantityError
from pcc_desk.domain.reconciling.facts import is_open, oversold_tags
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Buyer, LineUnit, Sale, line_unit

NOTHING_KNOWN = Context()
FIRST_YEAR = "1901"
PLAIN_SIGNS = ("-", "-", ":", ":")
"""Between the figures of a time by the shop's clock; with an offset in place of the seconds one is just as long."""
TELL_EVERY = 20_000
"""Rows after which somebody who watches is told."""

EMPTY_IF_PLAIN = frozenset(
    {
        SaleField.RETURNED, SaleField.VOIDED, SaleField.KIND, SaleField.REFERS_TO, SaleField.CAREGIVER, SaleField.STORE,
        SaleField.SOURCE_LABEL,
    }
)  # fmt: skip
"""Columns that, where they say something, want the whole look."""
KEY = (SaleField.TIME, SaleField.LABEL, SaleField.QUANTITY, SaleField.PRICE)
READ_BESIDES = frozenset(
    {SaleField.WEIGHT, SaleField.DISCOUNT, SaleField.TAX, SaleField.OPENED, SaleField.RECORDED}
)  # fmt: skip
"""Columns that are not compared, or not always, and in which a cell that cannot be read makes a file useless."""
SAME_OR_UNKNOWN = (SaleField.BUYER, SaleField.UNIT, SaleField.WEIGHT)
"""Columns that must say the same where both sides have them."""

SIGNS_IN_NUMBERS = str.maketrans("", "", "-_#/.")
UNREAD = -1
"""What a cell means that cannot be read."""

Line = tuple[str, str, str, int, int]
"""When, by the shop's clock; who; the tag; thousandths; cents."""
Progress = Callable[[str, int], None]


class _Known(dict[str, Any]):
    """What texts mean, each worked out once; `unclear` for what wants the whole look, or means nothing."""

    def __init__(self, read: Callable[[str], object], unclear: object) -> None:
        super().__init__()
        self._read = read
        self._unclear = unclear

    def __missing__(self, text: str) -> Any:
        try:
            found = self._read(text)
        except (QuantityError, Damaged, ValueError, OverflowError):
            found = self._unclear
        self[text] = found
        return found


class Readers:
    """What the cells of both files mean."""

    def __init__(self, zone: ZoneInfo, terms: Terms, context: Context = NOTHING_KNOWN) -> None:
        instants = Instants(zone)
        least = max(terms.least_cents, 0)

        def moment(text: str) -> str:
            if len(text) == 19 and (text[4], text[7], text[13], text[16]) == PLAIN_SIGNS and text > FIRST_YEAR:
                datetime.fromisoformat(text)
                return f"{text[:10]}T{text[11:]}"
            at = instants.at(text)
            if at is not None and at.fold:
                raise ValueError(text)  # in the hour that comes twice the text does not tell the order
            return "" if at is None else at.replace(tzinfo=None).isoformat()

        def patient(text: str) -> str:
            plain = text.isascii() and "+" not in text and len(text) > SHORTEST_WORD and text.isprintable()
            return card_key(text if plain else identity(0, text, "the patient")) if text else ""

        self.terms = terms
        self.context = context
        oversold = oversold_tags(context)
        packages = context.packages or {}
        self.at_night = _Known(
            lambda text: text and not is_open(terms.hours, datetime.fromisoformat(text)), unclear=True
        )
        self.doubtful_tag = _Known(
            lambda tag: tag not in packages or packages[tag].held_from is not None or tag in oversold, unclear=True
        )
        self.person = _Known(patient, None)
        """Patients are compared as they are written, and by their keys only where the files write them otherwise."""
        self.of: dict[SaleField, _Known] = {
            SaleField.TIME: _Known(moment, ""),
            SaleField.LABEL: _Known(lambda text: tag(0, text), ""),
            SaleField.QUANTITY: _Known(lambda text: found if (found := milli(text)) > 0 else -1, -1),
            SaleField.PRICE: _Known(lambda text: found if (found := cents(text)) >= least else -1, -1),
            SaleField.BUYER: _Known(lambda text: BUYERS.get(word(text).lower(), Buyer.UNKNOWN), Buyer.UNKNOWN),
            SaleField.UNIT: _Known(line_unit, LineUnit.UNKNOWN),
            SaleField.WEIGHT: _Known(lambda text: None if is_nothing(text) else milli(text), -1),
            SaleField.DISCOUNT: _Known(lambda text: None if is_nothing(text) else cents(text), UNREAD),
            SaleField.TAX: _Known(lambda text: None if is_nothing(text) else cents(text), UNREAD),
            SaleField.OPENED: _Known(instants.at, UNREAD),
            SaleField.RECORDED: _Known(instants.at, UNREAD),
        }

    def refuse_lost_digits(self) -> None:
        """Raise `NotPlain` where a spreadsheet may have cut the digits of tags: it takes all of them to tell."""
        if any(len(each) > EXACT_DIGITS and each.isdigit() for each in self.of[SaleField.LABEL].values() if each):
            raise NotPlain


def are_plain_numbers(numbers: list[str]) -> bool:
    """Whether numbers are written as they are read, so that different ones are of different sales."""
    letters = "".join(numbers).translate(SIGNS_IN_NUMBERS)
    if not (letters.isascii() and letters.isalnum()) or len(max(numbers, key=len)) > LONGEST_WORD:
        return False
    return NOTHING.isdisjoint({each.lower() for each in numbers if len(each) <= SHORTEST_WORD})


@dataclass(slots=True)
class Side:
    """One file, column by column."""

    table: Table
    columns: ColumnMap
    rows: RowsByColumn
    lines: list[Line]
    numbers: list[str]
    wants_a_look: list[int]
    """The places of lines that cannot be judged by themselves."""
    more: dict[SaleField, list[object]]
    externals: list[str]
    referred: set[str]
    """Numbers of sales that something else takes back or corrects."""
    tells_people: bool = False
    is_one_line_each: bool = False
    """Whether no number stands in it twice."""

    @property
    def sha256(self) -> str:
        """The hash of the whole file."""
        return self.table.bytes.sha256


def read_side(
    path: Path, known: frozenset[str], meaning: Callable[[Table], ColumnMap], readers: Readers, progress: Progress
) -> Side:
    """Read a file column by column. `known` are titles, `meaning` tells what the columns of a table mean.

    The file is read once; what is left of it is looked at again in memory. Raises what `meaning` does, `NotPlain`,
    `Damaged` and `OSError`.
    """
    raw = path.read_bytes()
    with open_table(raw, known) as table:
        if not table.bytes.ends_its_line:
            raise NotPlain
        columns = meaning(table)
        try:
            return _Columns(columns, table, CutRows(raw, table), readers).read(path.name, progress)
        except NotPlain:
            return _Columns(columns, table, ReadRows(raw, table), readers).read(path.name, progress)


class _Columns:
    """Reads one table."""

    def __init__(self, columns: ColumnMap, table: Table, rows: RowsByColumn, readers: Readers) -> None:
        keys = [title_key(each) for each in table.titles]
        if any(keys.count(title) != 1 for _, title in columns.titles):
            raise NotPlain
        self._places = {field: keys.index(title) for field, title in columns.titles}
        self._readers = readers
        more: dict[SaleField, list[object]] = {field: [] for field in SAME_OR_UNKNOWN if field in self._places}
        self.side = Side(table, columns, rows, [], [], [], more, [], set())

    def read(self, name: str, progress: Progress) -> Side:
        """Return the side, some rows after the other."""
        side, told = self.side, 0
        fields = tuple(self._places)
        for columns in side.rows.columns(tuple(self._places.values())):
            self._take(dict(zip(fields, columns, strict=True)))
            if len(side.lines) >= told + TELL_EVERY:
                told = len(side.lines)
                progress(name, told)
        side.is_one_line_each = len(set(side.numbers)) == len(side.numbers)
        return side

    def _take(self, cells: dict[SaleField, list[str]]) -> None:
        side, first = self.side, len(self.side.lines)
        read = self._readers.of
        people = cells.get(SaleField.PATIENT) or [""] * len(cells[SaleField.NUMBER])
        moments, tags, amounts, prices = (list(map(read[field].__getitem__, cells[field])) for field in KEY)
        lines: list[Line] = list(zip(moments, people, tags, amounts, prices, strict=True))
        side.lines += lines
        side.numbers += cells[SaleField.NUMBER]
        for field in side.more:
            side.more[field] += map(read[field].__getitem__, cells[field])
        side.externals += cells.get(SaleField.EXTERNAL, ())
        looks = side.wants_a_look
        if -1 in amounts or -1 in prices or "" in moments or "" in tags:
            looks += [
                place
                for place, (moment, _, tag, amount, price) in enumerate(lines, first)
                if amount == -1 or price == -1 or not moment or not tag
            ]
        if "+" in "".join(people):
            looks += [place for place, person in enumerate(people, first) if "+" in person]
        if not are_plain_numbers(cells[SaleField.NUMBER]):
            raise NotPlain
        side.referred.update(cells.get(SaleField.REFERS_TO, ()))
        for field in READ_BESIDES & cells.keys():
            unread = {text for text in set(cells[field]) if read[field][text] == UNREAD}
            looks += [place for place, cell in enumerate(cells[field], first) if cell in unread] if unread else ()
        for field in EMPTY_IF_PLAIN & cells.keys():
            if any(cells[field]):
                looks += [place for place, cell in enumerate(cells[field], first) if cell]
        if SaleField.RECORDED in cells and self._readers.terms.posting_window is not None:
            self._look_at_late(moments, cells[SaleField.RECORDED], first)
        self._look_at_rules(lines, cells[SaleField.NUMBER], first)

    def _look_at_rules(self, lines: list[Line], numbers: list[str], first: int) -> None:
        """Note what the hours, the packages, the cards or the limits that are known say something of."""
        looks, readers, context = self.side.wants_a_look, self._readers, self._readers.context
        if readers.terms.hours:
            looks += [place for place, line in enumerate(lines, first) if readers.at_night[line[0]]]
        if context.packages:
            looks += [place for place, line in enumerate(lines, first) if readers.doubtful_tag[line[2]]]
        if context.cards:
            looks += [place for place, line in enumerate(lines, first) if readers.person[line[1]] in context.cards]
        if context.over_limit:
            looks += [place for place, number in enumerate(numbers, first) if word(number) in context.over_limit]

    def _look_at_late(self, moments: list[str], cells: list[str], first: int) -> None:
        """Note what may have been recorded too late."""
        window = self._readers.terms.posting_window
        is_a_day = window is not None and window.total_seconds() >= 86_400
        read = self._readers.of[SaleField.TIME].__getitem__
        recorded = [read(cell) if cell else "" for cell in cells]
        self.side.wants_a_look += [
            place
            for place, (sold, moment) in enumerate(zip(moments, recorded, strict=True), first)
            if moment and not (is_a_day and str(moment)[:10] == sold[:10])
        ]


def rest_of(side: Side, left: set[int], zone: ZoneInfo) -> tuple[Sale, ...]:
    """Read the lines that are left of a file. Raises `Damaged` and `OSError`."""
    table = replace(side.table, rows=body(side.table.titles, [], side.rows.rows(sorted(left))))
    return Reader(table, side.columns, zone).read()[0]
