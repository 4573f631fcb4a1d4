"""Lines whose tags are not told beside the lines of the other record: which of them takes over which tag.

Several lines of one product may stand there as one, and one line as several packages. What is certainly of another
product, by the till's own stock, is never taken for the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import combinations

from pcc_desk.domain.quantity import Thousandths, size
from pcc_desk.domain.reconciling.records import priced_content
from pcc_desk.domain.sales import NOT_TOLD, SoldLine

MOST_PARTS = 4
MOST_CANDIDATES = 8


class Doubt(IntEnum):
    """How doubtful it is that a line is of a package."""

    LIKELY = 0
    UNKNOWN = 1
    """The package is not in the till's stock: it may be gone."""
    OF_ANOTHER = 2
    """It is one of another product of the same sale."""


def taken_over(lines: Sequence[SoldLine], theirs: Sequence[SoldLine]) -> tuple[SoldLine, ...]:
    """Return lines with the tags of other lines as far as those go; a line that is of several packages as several."""
    if len(lines) == len(theirs) == 1 and theirs[0].label:
        return (replace(lines[0], label=theirs[0].label),) if lines[0].label == NOT_TOLD else tuple(lines)
    open_ = {place: line for place, line in enumerate(lines) if line.label == NOT_TOLD}
    taking = _Taking(open_, dict(enumerate(_without_told(lines, theirs))))
    for doubt in (Doubt.LIKELY, Doubt.UNKNOWN):
        taking.alike(doubt)
        taking.several_as_one(doubt)
        taking.one_as_several(doubt)
    taking.rest()
    return tuple(each for place, line in enumerate(lines) for each in taking.found.get(place, (line,)))


def _without_told(lines: Sequence[SoldLine], theirs: Sequence[SoldLine]) -> list[SoldLine]:
    """Return the tagged lines that none of the lines names."""
    left = [each for each in theirs if each.label]
    for line in lines:
        same = [each for each in left if each.label == line.label]
        if same:
            left.remove(min(same, key=lambda each: size(each.milli - line.milli)))
    return left


def is_made_up_of(lines: Sequence[SoldLine], theirs: Sequence[SoldLine]) -> bool:
    """Whether lines can be of the same packages as other lines, to the thousandth of each and the cent altogether."""
    ours = priced_content(taken_over(lines, theirs))
    others = priced_content(tuple(theirs))
    return [each[:2] for each in ours] == [each[:2] for each in others] and _cents(ours) == _cents(others)


def _cents(priced: Iterable[tuple[str, Thousandths, int]]) -> int:
    return sum(cents for *_, cents in priced)


@dataclass(slots=True)
class _Taking:
    """Lines while they take over tags, by their places."""

    open: dict[int, SoldLine]
    free: dict[int, SoldLine]
    found: dict[int, tuple[SoldLine, ...]] = field(default_factory=dict)
    stock: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.stock = frozenset(tag for line in self.open.values() for tag in line.may_be)

    def alike(self, doubt: Doubt) -> None:
        """Pair lines of the same amount."""
        self._pair(doubt, lambda one, other: one.milli == other.milli)

    def rest(self) -> None:
        """Pair what is left, and let what is left of a product be of the package that another line of it took over."""
        before = set(self.found)
        self._pair(Doubt.OF_ANOTHER, lambda one, other: True)
        tags = {each.product: each.label for place, some in self.found.items() if place not in before for each in some}
        for place, line in self.open.items():
            if line.product in tags and line.product:
                self.found[place] = (replace(line, label=tags[line.product]),)

    def _pair(self, doubt: Doubt, fits: Callable[[SoldLine, SoldLine], bool]) -> None:
        pairs = sorted(
            (*self._unlikeness(one, other), place, there)
            for place, one in self.open.items()
            for there, other in self.free.items()
            if fits(one, other) and self._doubt(one, other) <= doubt
        )
        for *_, place, there in pairs:
            if place in self.open and there in self.free:
                self._take((place,), there)

    def several_as_one(self, doubt: Doubt) -> None:
        """Let several lines of one product be of a package that stands there with all of them together."""
        for there, other in sorted(self.free.items(), key=_largest):
            chosen = self._best(self._of_one_product(other, doubt), self.open, other)
            if chosen:
                self._take(chosen, there)

    def one_as_several(self, doubt: Doubt) -> None:
        """Let a line be of several packages that make it up together."""
        for place, one in sorted(self.open.items(), key=_largest):
            fitting = [there for there, other in self.free.items() if self._doubt(one, other) <= doubt]
            chosen = self._best([fitting], self.free, one)
            if chosen:
                self.found[place] = _parted(one, [self.free.pop(there) for there in chosen])
                del self.open[place]

    def _take(self, places: Iterable[int], there: int) -> None:
        label = self.free.pop(there).label
        for place in places:
            self.found[place] = (replace(self.open.pop(place), label=label),)

    def _of_one_product(self, other: SoldLine, doubt: Doubt) -> Iterator[list[int]]:
        """Yield lines that may be of one package: those of which the stock says it, and those of each product."""
        fitting = {place: one for place, one in self.open.items() if self._doubt(one, other) <= doubt}
        yield [place for place, one in fitting.items() if other.label in one.may_be]
        for product in dict.fromkeys(one.product for one in fitting.values()):
            yield [place for place, one in fitting.items() if one.product == product]

    def _best(self, choices: Iterable[list[int]], of: dict[int, SoldLine], whole: SoldLine) -> tuple[int, ...]:
        """Return the fewest lines that make up a whole one, at its price before any other; none: there are none."""
        fitting = [
            (sum(of[place].price_cents for place in some) != whole.price_cents, count, some)
            for places in ([place for place in some if of[place].milli > 0] for some in choices)
            for count in range(2, min(MOST_PARTS, len(places)) + 1)
            for some in combinations(places[:MOST_CANDIDATES], count)
            if sum(of[place].milli for place in some) == whole.milli
        ]
        return min(fitting, default=(False, 0, ()))[-1]

    def _unlikeness(self, one: SoldLine, other: SoldLine) -> tuple[Doubt, bool, bool, bool, str]:
        is_other_price, is_other_product = one.price_cents != other.price_cents, one.product != other.product
        return self._doubt(one, other), one.milli != other.milli, is_other_price, is_other_product, other.label

    def _doubt(self, one: SoldLine, other: SoldLine) -> Doubt:
        if other.label in one.may_be:
            return Doubt.LIKELY
        if other.label in self.stock:
            return Doubt.OF_ANOTHER
        return Doubt.UNKNOWN if one.may_be else Doubt.LIKELY


def _largest(line: tuple[int, SoldLine]) -> tuple[Thousandths, str, int]:
    return -line[1].milli, line[1].label, line[0]


def _parted(line: SoldLine, theirs: Sequence[SoldLine]) -> tuple[SoldLine, ...]:
    """Return a line as the packages that it is of; where the price is another one, by their share of the quantity."""
    prices = [each.price_cents for each in theirs]
    if sum(prices) != line.price_cents:
        prices = [line.price_cents * each.milli // line.milli for each in theirs]
        prices[0] += line.price_cents - sum(prices)
    part = replace(line, weight_mg=None, equivalent_mg=None, discount_cents=None, tax_cents=None)
    return tuple(
        replace(part, label=each.label, milli=each.milli, price_cents=cents)
        for each, cents in zip(theirs, prices, strict=True)
    )
