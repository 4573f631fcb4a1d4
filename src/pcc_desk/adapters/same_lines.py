"""Lines that are the same in two files, found before anything is made of them.

Most lines of a day are the same on both sides. They are paired as the texts that stand in the files, column by column,
and only what is left is read into sales and receipts. What is laid aside is exactly what the comparison would pair
first and say nothing of (`pcc_desk.domain.reconciling.aside`); whatever is not plain here is left to it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.pos.cells import SHORTEST_WORD, Instants, cents, identity, milli, word
from pcc_desk.adapters.pos.reading import BUYERS, EXACT_DIGITS, Reader
from pcc_desk.adapters.pos.tables import Damaged, Table, open_table
from pcc_desk.domain.columns import ColumnMap, SaleField, title_key
from pcc_desk.domain.people import card_key
from pcc_desk.domain.quantity import QuantityError
from pcc_desk.domain.reconciling.aside import Aside
from pcc_desk.domain.reconciling.judging import Told
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import Buyer, LineUnit, Sale, line_unit, tag_key

CHUNK = 20_000
MOST_KEPT = 250_000
"""Rows that are held in hand; of more, those that are left are read a second time."""
FIRST_YEAR = "1901"
A_SECOND = timedelta(seconds=1)

EMPTY_IF_PLAIN = frozenset(
    {
        SaleField.RETURNED, SaleField.VOIDED, SaleField.KIND, SaleField.REFERS_TO, SaleField.CAREGIVER, SaleField.STORE,
        SaleField.SOURCE_LABEL,
    }
)  # fmt: skip
"""Columns that, where they say something, want the whole look."""
KEY = (SaleField.TIME, SaleField.PATIENT, SaleField.LABEL, SaleField.QUANTITY, SaleField.PRICE)
SAME_OR_UNKNOWN = (SaleField.BUYER, SaleField.UNIT, SaleField.WEIGHT)
"""Columns that must say the same where both sides have them."""

Line = tuple[str, str, str, int, int]
"""When, by the shop's clock; who; the tag; thousandths; cents."""
Progress = Callable[[str, int], None]


class NotPlain(Exception):
    """Two files cannot be judged line by line: they are read whole."""


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

    def __init__(self, zone: ZoneInfo, terms: Terms) -> None:
        instants = Instants(zone)
        least = max(terms.least_cents, 0)

        def moment(text: str) -> str:
            if len(text) == 19 and text[4] == "-" and text[10] in " T" and text > FIRST_YEAR:
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
        self.person = _Known(patient, None)
        """Patients are compared as they are written, and by their keys only where the files write them otherwise."""
        self.of: dict[SaleField, _Known] = {
            SaleField.TIME: _Known(moment, ""),
            SaleField.LABEL: _Known(lambda text: tag_key(identity(0, text, "the tag")), ""),
            SaleField.QUANTITY: _Known(lambda text: found if (found := milli(text)) > 0 else -1, -1),
            SaleField.PRICE: _Known(lambda text: found if (found := cents(text)) >= least else -1, -1),
            SaleField.BUYER: _Known(lambda text: BUYERS.get(word(text).lower(), Buyer.UNKNOWN), Buyer.UNKNOWN),
            SaleField.UNIT: _Known(line_unit, LineUnit.UNKNOWN),
            SaleField.WEIGHT: _Known(lambda text: milli(text) if text.strip() else None, -1),
        }

    def refuse_lost_digits(self) -> None:
        """Raise `NotPlain` where a spreadsheet may have cut the digits of tags: it takes all of them to tell."""
        if any(len(each) > EXACT_DIGITS and each.isdigit() for each in self.of[SaleField.LABEL].values() if each):
            raise NotPlain


@dataclass(slots=True)
class Side:
    """One file, column by column."""

    path: Path
    columns: ColumnMap
    header: str
    """By what its titles are known."""
    lines: list[Line]
    numbers: list[str]
    wants_a_look: list[int]
    """The places of lines that cannot be judged by themselves."""
    more: dict[SaleField, list[object]]
    externals: list[str]
    referred: set[str]
    """Numbers of sales that something else takes back or corrects."""
    sha256: str = ""
    rows: int = 0
    kept: list[list[str]] | None = None
    """The rows themselves, while they are few enough to be held."""
    tells_people: bool = False


def read_side(path: Path, columns: tuple[ColumnMap, str], readers: Readers, progress: Progress) -> Side:
    """Read a file column by column; `columns` with the hash of its titles. Raises `NotPlain`, `Damaged`, `OSError`."""
    with open_table(path, (), {columns[1]}) as table:
        if not table.bytes.ends_its_line:
            raise NotPlain
        return _Columns(path, columns[0], table, readers).read(progress)


class _Columns:
    """Reads one table."""

    def __init__(self, path: Path, columns: ColumnMap, table: Table, readers: Readers) -> None:
        keys = [title_key(each) for each in table.titles]
        if any(keys.count(title) != 1 for _, title in columns.titles):
            raise NotPlain
        self._at = {field: keys.index(title) for field, title in columns.titles}
        self._table = table
        self._readers = readers
        more: dict[SaleField, list[object]] = {field: [] for field in SAME_OR_UNKNOWN if field in self._at}
        self.side = Side(path, columns, table.header, [], [], [], more, [], set(), table.bytes.sha256)

    def read(self, progress: Progress) -> Side:
        """Return the side, chunk by chunk."""
        side, rows = self.side, self._table.rows
        side.kept = []
        while chunk := [row for _, row in islice(rows, CHUNK)]:
            self._take(list(zip(*chunk, strict=True)))
            side.rows += len(chunk)
            if side.kept is not None:
                side.kept = side.kept + chunk if side.rows <= MOST_KEPT else None
            progress(side.path.name, side.rows)
        return side

    def _take(self, columns: list[tuple[str, ...]]) -> None:
        side, at, first = self.side, self._at, self.side.rows
        read = self._readers.of
        people = columns[at[SaleField.PATIENT]] if SaleField.PATIENT in at else ("",) * len(columns[0])
        moments, tags, amounts, prices = (
            list(map(read[field].__getitem__, columns[at[field]])) for field in KEY if field in read
        )
        lines: list[Line] = list(zip(moments, people, tags, amounts, prices, strict=True))
        side.lines += lines
        side.numbers += columns[at[SaleField.NUMBER]]
        for field in side.more:
            side.more[field] += map(read[field].__getitem__, columns[at[field]])
        if SaleField.EXTERNAL in at:
            side.externals += columns[at[SaleField.EXTERNAL]]
        looks = side.wants_a_look
        if -1 in amounts or -1 in prices or "" in moments or "" in tags:
            looks += [
                place
                for place, (moment, _, tag, amount, price) in enumerate(lines, first)
                if amount == -1 or price == -1 or not moment or not tag
            ]
        if any("+" in person for person in people):
            looks += [place for place, person in enumerate(people, first) if "+" in person]
        if SaleField.REFERS_TO in at:
            side.referred.update(columns[at[SaleField.REFERS_TO]])
        for field in EMPTY_IF_PLAIN & at.keys():
            cells = columns[at[field]]
            if any(cells):
                looks += [place for place, cell in enumerate(cells, first) if cell]
        self._late_or_at_night(lines, columns, first)

    def _late_or_at_night(self, lines: list[Line], columns: list[tuple[str, ...]], first: int) -> None:
        """Note what was sold outside the legal hours, or may have been recorded too late."""
        looks, terms = self.side.wants_a_look, self._readers.terms
        at = self._at.get(SaleField.RECORDED)
        if at is not None and terms.posting_window is not None:
            read = self._readers.of[SaleField.TIME].__getitem__
            recorded = [read(cell) if cell else "" for cell in columns[at]]
            day = terms.posting_window.total_seconds() >= 86_400
            looks += [
                place
                for place, (line, moment) in enumerate(zip(lines, recorded, strict=True), first)
                if moment and not (day and str(moment)[:10] == line[0][:10])
            ]


@dataclass(slots=True)
class Left:
    """What is left of two files, and what was laid aside."""

    pos: Side
    state: Side
    of_pos: set[int]
    """The places of the lines that are left."""
    of_state: set[int]
    aside: Aside


def laid_aside(pos: Side, state: Side, readers: Readers) -> Left:
    """Lay aside what is the same in both files."""
    who = readers.person
    for side in (pos, state):
        side.tells_people = any(line[1] and who[line[1]] for line in side.lines)
    if pos.tells_people != state.tells_people:
        for side in (pos, state):
            side.lines = [(line[0], "", *line[2:]) for line in side.lines]
    pairs = _pairs(pos, state)
    if len(pairs) * 2 < len(pos.lines) and pos.tells_people and state.tells_people:
        for side in (pos, state):  # the two write the numbers of people each in its own way
            side.lines = [(line[0], str(who[line[1]]), *line[2:]) for line in side.lines]
        pairs = _pairs(pos, state)
    if pos.more or state.more or state.externals or pos.referred:
        pairs = {mine: other for mine, other in pairs.items() if _same(pos, mine, state, other)}
    places = pairs
    left_pos, left_state = _closed(pos, state, places)
    # What is put back finds its own counterpart again first: it is looked at, and draws nothing else after it.
    for place in _doubled(pos, state, left_state, places):
        left_pos.add(place)
        left_state.add(places.pop(place))
    return Left(pos, state, left_pos, left_state, _aside(pos, state, places))


def _pairs(pos: Side, state: Side) -> dict[int, int]:
    """Return the places of lines that stand in each file once and are the same."""
    there = dict(zip(state.lines, count()))
    if len(there) < len(state.lines):
        for line in [line for line, times in Counter(state.lines).items() if times > 1]:
            del there[line]
    found = {mine: other for mine, other in enumerate(map(there.get, pos.lines)) if other is not None}
    if len(set(found.values())) < len(found):
        times = Counter(found.values())
        found = {mine: other for mine, other in found.items() if times[other] == 1}
    looks = set(pos.wants_a_look), set(state.wants_a_look)
    if not looks[0] and not looks[1]:
        return found
    return {mine: other for mine, other in found.items() if mine not in looks[0] and other not in looks[1]}


def _same(pos: Side, mine: int, state: Side, other: int) -> bool:
    """Whether the rest of two lines is the same, and no number ties the receipt to another sale."""
    for field in SAME_OR_UNKNOWN:
        ours, theirs = pos.more.get(field), state.more.get(field)
        if ours is not None and theirs is not None:
            if ours[mine] != theirs[other]:
                return False
        elif Buyer.CAREGIVER in {ours[mine] if ours else None, theirs[other] if theirs else None}:
            return False
    if pos.numbers[mine] in pos.referred:
        return False
    return not state.externals or state.externals[other] in {"", pos.numbers[mine]}


def _closed(pos: Side, state: Side, places: dict[int, int]) -> tuple[set[int], set[int]]:
    """Take whole sales back where a line of them, or of their receipts, is left; return the lines that are left.

    Changes `places` to the pairs whose sale and receipt are whole and each other's alone.
    """
    is_one_line_each = all(len(set(side.numbers)) == len(side.numbers) for side in (pos, state))
    while not is_one_line_each:
        numbers = [(pos.numbers[mine], state.numbers[other]) for mine, other in places.items()]
        whole_pos, whole_state = Counter(pos.numbers), Counter(state.numbers)
        whole_pair = Counter(numbers)
        gone = [
            mine
            for mine, pair in zip(places, numbers, strict=True)
            if not whole_pair[pair] == whole_pos[pair[0]] == whole_state[pair[1]]
        ]
        if not gone:
            break
        for mine in gone:
            del places[mine]
    return set(range(len(pos.lines))) - places.keys(), set(range(len(state.lines))).difference(places.values())


def _doubled(pos: Side, state: Side, left: set[int], places: Mapping[int, int]) -> list[int]:
    """Return the pairs of which something that is left of the receipts may be a second posting."""
    alike: dict[tuple[str, int, int], set[str]] = {}
    named: set[str] = set()
    for place in left:
        _, person, tag, amount, price = state.lines[place]
        alike.setdefault((tag, amount, price), set()).add(person)
        if state.externals:
            named.add(state.externals[place])
    named.discard("")
    back = [place for place in places if pos.numbers[place] in named] if named else []
    for mine in places:
        people = alike.get(pos.lines[mine][2:])
        if people is not None and any(_may_be_one(card_key(person), card_key(pos.lines[mine][1])) for person in people):
            back.append(mine)
    return _whole_sales(pos, back, places) if back else []


def _whole_sales(pos: Side, back: list[int], places: Mapping[int, int]) -> list[int]:
    numbers = {pos.numbers[place] for place in back}
    return [place for place in places if pos.numbers[place] in numbers]


def _may_be_one(one: str, other: str) -> bool:
    return not (one and other) or one.endswith(other) or other.endswith(one)


def _aside(pos: Side, state: Side, places: Mapping[int, int]) -> Aside:
    money: dict[str, int] = {}
    for place in places:
        line = pos.lines[place]
        day = line[0][:10]
        money[day] = money.get(day, 0) + line[4]
    first = {pos.numbers[place]: place for place in places}
    agreeing = sum(state.externals[places[place]] != "" for place in first.values()) if state.externals else 0
    days = Counter(pos.lines[place][0][:10] for place in first.values())
    told = Told(pos.tells_people, state.tells_people, sales_caregivers=False, receipts_caregivers=False)
    return Aside(
        told,
        {date.fromisoformat(day): count for day, count in days.items()},
        {date.fromisoformat(day): cents for day, cents in money.items()},
        agreeing,
        _Between(pos, first),
    )


class _Between:
    """Tells whether something that was laid aside was sold between two sales."""

    def __init__(self, pos: Side, first: Mapping[str, int]) -> None:
        self._pos = pos
        self._first = first
        self._at: dict[str, list[tuple[str, int, str]]] = {}

    def __call__(self, one: Sale, other: Sale) -> bool:
        """Whether there is one: at a second in between, or at that of one of the two, by the number."""
        if not self._at:
            for number, place in self._first.items():
                moment = self._pos.lines[place][0]
                self._at.setdefault(moment[:19], []).append((moment, len(number), number))
        before, after = _order(one), _order(other)
        at, end = (each.sold_at.replace(tzinfo=None, microsecond=0) for each in (one, other))
        while at <= end:
            if any(before < order < after for order in self._at.get(at.isoformat(), ())):
                return True
            at += A_SECOND
        return False


def _order(sale: Sale) -> tuple[str, int, str]:
    return sale.sold_at.replace(tzinfo=None).isoformat(), len(sale.number), sale.number


def rest_of(side: Side, left: set[int], zone: ZoneInfo) -> tuple[Sale, ...]:
    """Read the lines that are left of a file. Raises `Damaged` and `OSError`."""
    with open_table(side.path, (), {side.header}) as table:
        kept = side.kept
        table.rows = (
            (row for place, row in enumerate(table.rows) if place in left)
            if kept is None
            else ((table.header_at + 1 + place, kept[place]) for place in sorted(left))
        )
        return Reader(table, side.columns, zone).read()[0]
