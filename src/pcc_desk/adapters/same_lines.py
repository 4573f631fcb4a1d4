"""Lines that are the same in two files, found before anything is made of them.

Most lines of a day are the same on both sides. They are paired as the texts that stand in the files, column by column,
and only what is left is read into sales and receipts. What is laid aside is exactly what the comparison would pair
first and say nothing of (`pcc_desk.domain.reconciling.aside`); whatever is not plain here is left to it.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress, count, repeat
from operator import itemgetter, ne

from pcc_desk.adapters.rows_by_column import NotPlain
from pcc_desk.adapters.side_columns import SAME_OR_UNKNOWN, Readers, Side
from pcc_desk.domain.card_keys import card_key
from pcc_desk.domain.columns import SaleField
from pcc_desk.domain.reconciling.aside import Aside
from pcc_desk.domain.reconciling.judging import Told
from pcc_desk.domain.sales import Buyer, Sale

WHAT = itemgetter(2, 3, 4)
"""Of a line: the tag, the thousandths, the cents."""
MOMENT, PRICE = itemgetter(0), itemgetter(4)


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
    """Lay aside what is the same in both files.

    Raises `NotPlain` where the lines of one sale tell several people or times: its first row tells of all, and which
    that is is not known here.
    """
    for side in (pos, state):
        if not side.is_one_line_each:
            _require_one_buyer_each(side)
    who, as_read = readers.person, (pos.lines, state.lines)
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
    ours = pos.tells_people and any(who[as_read[0][mine][1]] for mine in places)
    theirs = state.tells_people and any(who[as_read[1][other][1]] for other in places.values())
    told = Told(ours, theirs, sales_caregivers=False, receipts_caregivers=False)
    return Left(pos, state, left_pos, left_state, _aside(pos, state, places, told))


def _pairs(pos: Side, state: Side) -> dict[int, int]:
    """Return the places of lines that stand in each file once and are the same."""
    there = dict(zip(state.lines, count()))
    if len(there) < len(state.lines):
        for line in [state.lines[place] for place in _others(there.values(), len(state.lines))]:
            there.pop(line, None)
    for place in state.wants_a_look:
        there.pop(state.lines[place], None)
    found = {mine: other for mine, other in enumerate(map(there.get, pos.lines)) if other is not None}
    if len(set(found.values())) < len(found):
        times = Counter(found.values())
        found = {mine: other for mine, other in found.items() if times[other] == 1}
    for place in pos.wants_a_look:
        found.pop(place, None)
    return found


def _others(places: Iterable[int], total: int) -> Iterator[int]:
    """Yield which of all places are none of these."""
    free = bytearray(b"\1") * total
    for place in places:
        free[place] = 0
    return compress(range(total), free)


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
    if not (pos.is_one_line_each and state.is_one_line_each):
        whole_pos, whole_state = Counter(pos.numbers), Counter(state.numbers)
        while True:
            numbers = [(pos.numbers[mine], state.numbers[other]) for mine, other in places.items()]
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
    return set(_others(places, len(pos.lines))), set(_others(places.values(), len(state.lines)))


def _require_one_buyer_each(side: Side) -> None:
    buyers = side.more.get(SaleField.BUYER) or repeat(None)
    heads = [(line[0], line[1], buyer) for line, buyer in zip(side.lines, buyers, strict=False)]
    of_number = dict(zip(side.numbers, heads, strict=True))
    if any(map(ne, map(of_number.__getitem__, side.numbers), heads)):
        raise NotPlain


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
    for mine in [mine for mine, what in enumerate(map(WHAT, pos.lines)) if what in alike]:
        one = card_key(pos.lines[mine][1])
        if mine in places and any(_may_be_one(card_key(person), one) for person in alike[WHAT(pos.lines[mine])]):
            back.append(mine)
    return _whole_sales(pos, back, places) if back else []


def _whole_sales(pos: Side, back: list[int], places: Mapping[int, int]) -> list[int]:
    numbers = {pos.numbers[place] for place in back}
    return [place for place in places if pos.numbers[place] in numbers]


def _may_be_one(one: str, other: str) -> bool:
    return not (one and other) or one.endswith(other) or other.endswith(one)


def _aside(pos: Side, state: Side, places: Mapping[int, int], told: Told) -> Aside:
    first = list(places if pos.is_one_line_each else {pos.numbers[place]: place for place in places}.values())
    agreeing = sum(state.externals[places[place]] != "" for place in first) if state.externals else 0
    laid = [pos.lines[place] for place in places]
    moments = list(map(MOMENT, laid))
    cents = _by_date(moments, list(map(PRICE, laid)))
    sold = moments if pos.is_one_line_each else [pos.lines[place][0] for place in first]
    sales = _by_date(sold, [1] * len(first))
    return Aside(told, sales, cents, agreeing, _Between(pos, first))


def _by_date(moments: Sequence[str], amounts: Sequence[int]) -> dict[date, int]:
    """Return what amounts come to on each day. Most files are of one."""
    if not moments:
        return {}
    day = min(moments)[:10]
    if day == max(moments)[:10]:
        return {date.fromisoformat(day): sum(amounts)}
    days: dict[str, int] = {}
    for moment, amount in zip(moments, amounts, strict=True):
        days[moment[:10]] = days.get(moment[:10], 0) + amount
    return {date.fromisoformat(day): total for day, total in days.items()}


class _Between:
    """Tells whether something that was laid aside was sold between two sales."""

    def __init__(self, pos: Side, first: Sequence[int]) -> None:
        self._pos = pos
        self._first = first
        self._moments: list[str] = []
        self._numbers: dict[str, list[str]] = {}
        """The numbers of what was sold, by the moment: made when it is asked for, which few days do."""

    def __call__(self, one: Sale, other: Sale) -> bool:
        """Whether there is one: at a moment in between, or at that of one of the two, by the number."""
        if not self._moments:
            self._look()
        before, after = _order(one), _order(other)
        place = bisect_right(self._moments, before[0])
        if place < len(self._moments) and self._moments[place] < after[0]:
            return True
        return any(
            before < (moment, len(number), number) < after
            for moment in (before[0], after[0])
            for number in self._numbers.get(moment, ())
        )

    def _look(self) -> None:
        numbers = defaultdict[str, list[str]](list)
        for place in self._first:
            numbers[self._pos.lines[place][0]].append(self._pos.numbers[place])
        self._numbers, self._moments = numbers, sorted(numbers)


def _order(sale: Sale) -> tuple[str, int, str]:
    return sale.sold_at.replace(tzinfo=None).isoformat(), len(sale.number), sale.number
