"""Sales of which the till does not tell the packages: tied to receipts by everything else before tags are compared.

A tag that is not told differs from none and agrees with none. A sale takes over the tags of the receipt that it must be
of, so that quantities, prices, people and times are compared as ever, and nothing is said of its packages.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.records import Reckoning, Record, is_known_other, is_known_same, record
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import NOT_TOLD, Kind, Receipt, Sale, SoldLine

Fits = Callable[["_Open", "_Free"], bool]

OF_A_SALE = {Kind.SALE, Kind.EXCHANGE, Kind.VOID}


@dataclass(slots=True)
class Lent:
    """Sales with the tags of their receipts, and which of them are the till's own."""

    sales: Sequence[Sale]
    told: dict[int, Sale] = field(default_factory=dict)
    """As the till told them, by the `id` of those that took tags over."""

    def as_told(self, sale: Sale | None) -> Sale | None:
        """Return a sale as the till told it."""
        return self.told.get(id(sale), sale)


Priced = tuple[tuple[int, int], ...]
"""Thousandths and cents of each line, the smallest first."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A sale without tags that waits for its receipt."""

    place: int
    record: Record[Sale]
    priced: Priced
    amounts: tuple[int, ...]
    numbers: frozenset[str]

    @classmethod
    def of(cls, place: int, sale: Sale, reckoning: Reckoning) -> "_Open":
        """Return a sale in the form in which its receipt is looked for."""
        priced = _priced(sale.lines)
        numbers = frozenset((sale.number, sale.external_number, *sale.other_numbers)) - {""}
        return cls(place, record(sale, reckoning, {}), priced, tuple(milli for milli, _ in priced), numbers)


@dataclass(frozen=True, slots=True)
class _Free:
    """A receipt that may be that of a sale without tags."""

    record: Record[Receipt]
    priced: Priced
    amounts: tuple[int, ...]
    tags: frozenset[str]

    @classmethod
    def of(cls, receipt: Receipt, reckoning: Reckoning) -> "_Free":
        """Return a receipt in the form in which it is looked for."""
        priced = _priced(receipt.lines)
        tags = frozenset(line.label for line in receipt.lines)
        return cls(record(receipt, reckoning, {}), priced, tuple(milli for milli, _ in priced), tags)


def _priced(lines: Iterable[SoldLine]) -> Priced:
    return tuple(sorted((line.milli, line.price_cents) for line in lines if line.label))


def is_untold(sale: Sale) -> bool:
    """Whether the till does not tell from which packages a sale is."""
    return any(line.label == NOT_TOLD for line in sale.lines)


def with_tags(sales: Sequence[Sale], receipts: Sequence[Receipt], reckoning: Reckoning, terms: Terms) -> Lent:
    """Return the sales, those without tags with the tags of the receipts that they must be of."""
    waiting = [
        _Open.of(place, each, reckoning)
        for place, each in enumerate(sales)
        if each.kind in OF_A_SALE and is_untold(each)
    ]
    if not waiting:
        return Lent(sales)
    free = [_Free.of(each, reckoning) for each in receipts if not each.is_void]
    found = list(sales)
    lent = Lent(found)
    for fits, within in _steps(terms):
        for one, other in _nearest(waiting, free, fits, within):
            waiting.remove(one)
            free.remove(other)
            found[one.place] = _taken_over(one, other.record.of)
            lent.told[id(found[one.place])] = one.record.of
    _returns(found, lent)
    return lent


def _steps(terms: Terms) -> Iterator[tuple[Fits, int]]:
    """Yield by what a sale and a receipt belong together, the surest first, and how far apart they may be."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield lambda one, other: other.record.of.external_number in one.numbers and one.amounts == other.amounts, far
    yield lambda one, other: one.priced == other.priced and _is_one(one, other), near
    yield lambda one, other: one.priced == other.priced and _may_be(one, other), near
    yield lambda one, other: one.amounts == other.amounts and _may_be(one, other), near
    yield _is_one, near
    yield lambda one, other: _is_part(one.priced, other.priced) and _may_be(one, other), near
    yield lambda one, other: _is_of_the_same(one, other) and _may_be(one, other), near
    yield lambda one, other: one.priced == other.priced and _is_one(one, other), far
    yield lambda one, other: one.priced == other.priced and _may_be(one, other), far


def _nearest(waiting: Sequence[_Open], free: Sequence[_Free], fits: Fits, within: int) -> list[tuple[_Open, _Free]]:
    """Return pairs that fit: those whose packages the till's stock speaks for first, then the nearest in time."""
    pairs = sorted(
        (not _is_likely(one, other), apart, one.record.order, other.record.order, place, number)
        for place, one in enumerate(waiting)
        for number, other in enumerate(free)
        if (apart := abs(one.record.at - other.record.at)) <= within and fits(one, other)
    )
    gone: set[tuple[bool, int]] = set()
    taken = []
    for *_, place, number in pairs:
        if not {(True, place), (False, number)} & gone:
            gone |= {(True, place), (False, number)}
            taken.append((waiting[place], free[number]))
    return taken


def _is_part(one: Priced, other: Priced) -> bool:
    """Whether all lines of the shorter one are in the other one."""
    short, long = sorted((one, other), key=len)
    return bool(short) and not Counter(short) - Counter(long)


def _is_one(one: _Open, other: _Free) -> bool:
    return is_known_same(one.record.person, other.record.person)


def _may_be(one: _Open, other: _Free) -> bool:
    return not is_known_other(one.record.person, other.record.person)


def _is_of_the_same(one: _Open, other: _Free) -> bool:
    """Whether both have as many lines, each of a product whose packages in stock are among those of the receipt."""
    lines = [line for line in one.record.of.lines if line.label]
    return len(lines) == len(other.amounts) and all(other.tags & set(line.may_be) for line in lines)


def _is_likely(one: _Open, other: _Free) -> bool:
    """Whether every line may be of a package of the receipt, by what the till's stock says of its product."""
    return all(not line.may_be or other.tags & set(line.may_be) for line in one.record.of.lines)


def _taken_over(one: _Open, receipt: Receipt) -> Sale:
    """Return a sale with the tags of a receipt, each line with that of the line that is most like it."""
    left = [line for line in receipt.lines if line.label]
    lines = []
    for line in one.record.of.lines:
        like = min(left, key=lambda theirs: _unlikeness(line, theirs), default=None)
        if line.label != NOT_TOLD or like is None:
            lines.append(line)
            continue
        left.remove(like)
        lines.append(replace(line, label=like.label))
    return replace(one.record.of, lines=tuple(lines))


def _unlikeness(line: SoldLine, theirs: SoldLine) -> tuple[bool, bool, bool, str]:
    is_unlikely = bool(line.may_be) and theirs.label not in line.may_be
    return is_unlikely, line.milli != theirs.milli, line.price_cents != theirs.price_cents, theirs.label


def _returns(found: list[Sale], lent: Lent) -> None:
    """Let what was taken back bear the tags that its sale took over."""
    tagged = {number: each for each in found if id(each) in lent.told for number in (each.number, *each.other_numbers)}
    for place, each in enumerate(found):
        sold = tagged.get(each.refers_to)
        if each.kind is Kind.RETURN and sold is not None and is_untold(each):
            found[place] = replace(each, lines=tuple(_taken_back(line, sold) for line in each.lines))
            lent.told[id(found[place])] = each


def _taken_back(line: SoldLine, sold: Sale) -> SoldLine:
    same = [each for each in sold.lines if each.product == line.product and each.label]
    return replace(line, label=same[0].label) if line.label == NOT_TOLD and same else line
