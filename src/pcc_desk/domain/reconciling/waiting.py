"""Sales that wait for what they are of, and what is offered to them: paired by all but tags, the surest first."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.most_pairs import as_many_as_can_be
from pcc_desk.domain.reconciling.records import Reckoning, Record, is_known_other, is_known_same, record
from pcc_desk.domain.reconciling.taking_over import is_made_up_of, taken_over
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import NOT_TOLD, Dispensed, LineUnit, Receipt, Sale, SoldLine

Priced = tuple[tuple[Thousandths, int], ...]
"""Thousandths and cents of each line, the smallest first."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What is compared of either."""

    place: int
    priced: Priced
    amounts: tuple[Thousandths, ...]
    """Thousandths of each line, in the same order."""
    sums: tuple[Thousandths, int]
    """Thousandths and cents of all lines together."""
    names: tuple[str, ...]
    """The numbers that it is known by."""
    tags: frozenset[str]
    """Those that are told."""


@dataclass(frozen=True, slots=True)
class Waiting(_Compared):
    """A sale that waits for what it is of: one without tags, or one beside those that must not lose its own to them."""

    record: Record[Sale]

    @classmethod
    def of(cls, place: int, sale: Sale, reckoning: Reckoning) -> "Waiting":
        """Return a sale in the form in which what it is of is looked for."""
        names = {sale.number, sale.external_number, *sale.other_numbers} - {""}
        return cls(place, *_contents(sale.lines), tuple(names), _tags(sale.lines), record(sale, reckoning, {}))


@dataclass(frozen=True, slots=True)
class Offered(_Compared):
    """A receipt, or what the desk handed out, that may be that of a sale without tags."""

    record: Record[Receipt] | Record[Dispensed]
    numbers: frozenset[str] = frozenset()
    """The state's own numbers of a receipt."""

    @classmethod
    def receipt(cls, place: int, of: Receipt, reckoning: Reckoning) -> "Offered":
        """Return a receipt in the form in which it is looked for."""
        names = (of.external_number,) if of.external_number else ()
        return cls(place, *_contents(of.lines), names, _tags(of.lines), record(of, reckoning, {}), of.numbers)

    @classmethod
    def dispensed(cls, place: int, of: Dispensed, reckoning: Reckoning) -> "Offered":
        """Return what the desk handed out in the form in which it is looked for."""
        return cls(place, *_contents(of.lines), (of.number,), _tags(of.lines), record(of, reckoning, {}))


def _contents(lines: Iterable[SoldLine]) -> tuple[Priced, tuple[Thousandths, ...], tuple[Thousandths, int]]:
    priced = tuple(sorted((line.milli, line.price_cents) for line in lines if line.label))
    amounts = tuple(milli for milli, _ in priced)
    return priced, amounts, (sum(amounts), sum(cents for _, cents in priced))


def _tags(lines: Iterable[SoldLine]) -> frozenset[str]:
    return frozenset(line.label for line in lines) - {"", NOT_TOLD}


Pair = tuple[Waiting, Offered]
Fits = Callable[[Waiting, Offered], bool]
Keys = Callable[[Waiting | Offered], Iterable[Hashable]]


class Step(NamedTuple):
    """By what a sale and what is offered belong together: a key in common, what must fit besides, and how near."""

    keys: Keys
    fits: Fits
    within: int
    is_likely: bool = False
    """Whether the till's stock must speak for the packages."""


def _same(name: str) -> Keys:
    of = attrgetter(name)
    return lambda each: (of(each),)


def anything(each: Waiting | Offered) -> Iterable[Hashable]:
    """Return the key of a step that asks for none."""
    return ("",)


def _comes_to(each: Waiting | Offered) -> Iterable[Hashable]:
    """Return what all lines come to; of what costs nothing, nothing."""
    cents = each.sums[1]
    return (cents,) if cents else ()


def sure_steps(terms: Terms) -> Iterator[Step]:
    """Yield by what a sale and a receipt of the same contents and prices belong together, the surest first."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(attrgetter("names"), lambda one, other: one.amounts == other.amounts or _is_made_up(one, other), far)
    for is_likely in (True, False):
        yield Step(_same("priced"), are_one, near, is_likely)
        yield Step(_same("priced"), may_be_one, near, is_likely)
        yield Step(_same("sums"), _is_made_up, near, is_likely)


def alike_steps(terms: Terms) -> Iterator[Step]:
    """Yield by what a sale and a receipt belong together of which only the prices differ, or the time."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(_same("amounts"), may_be_one, near, is_likely=True)
    yield Step(_same("priced"), are_one, far)


def other_steps(terms: Terms, stock: frozenset[str] = frozenset()) -> Iterator[Step]:
    """Yield by what a sale and a receipt belong together that are not the same, or too far apart to be sure.

    A late receipt is that of a sale which is like it to the cent, before it is that of one which is nearer and unlike.
    What is in no package of the till's stock any more is found by its number, by what all of it comes to, or last by
    its quantity alone; a package of `stock`, which is all that the till tells of, may be of no other product then.
    """
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(attrgetter("names"), may_be_one, near)
    yield Step(_same("priced"), may_be_one, far, is_likely=True)
    for fits in (are_one, _is_part, _is_of_the_same):
        yield Step(anything, fits, near, is_likely=True)
        yield Step(anything, fits, near)
    yield Step(_comes_to, _may_be_all_of, near)
    yield Step(_same("priced"), may_be_one, far)
    yield Step(
        _same("amounts"), lambda one, other: _is_as_much(one, other) and _is_of_no_other(one, other, stock), near
    )


def desk_steps(terms: Terms) -> Iterator[Step]:
    """Yield by what a sale and what the desk handed out belong together: other amounts are not taken for it."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(attrgetter("names"), _always, far)
    for is_likely in (True, False):
        for key in ("priced", "amounts"):
            yield Step(_same(key), lambda one, other: are_one(one, other) and _bears(one, other), near, is_likely)
            yield Step(_same(key), lambda one, other: may_be_one(one, other) and _bears(one, other), near, is_likely)
        yield Step(_same("sums"), _is_made_up, near, is_likely)


def paired(waiting: Sequence[Waiting], offered: Sequence[Offered], steps: Iterable[Step]) -> list[Pair]:
    """Return what belongs together, step by step, each with at most one other."""
    found: list[Pair] = []
    for step in steps:
        pairs = _of_a_step(waiting, offered, step)
        found += pairs
        places, others = {one.place for one, _ in pairs}, {other.place for _, other in pairs}
        waiting = [each for each in waiting if each.place not in places]
        offered = [each for each in offered if each.place not in others]
    return found


def _of_a_step(waiting: Sequence[Waiting], offered: Sequence[Offered], step: Step) -> list[Pair]:
    """Return pairs that fit, the nearest in time, and as many as can be."""
    fitting = {
        (abs(one.record.at - other.record.at), one.record.order, other.record.order, one.place, other.place)
        for one, other in about(waiting, offered, step)
        if step.fits(one, other) and (not step.is_likely or _is_likely(one, other))
    }
    ours, theirs = {each.place: each for each in waiting}, {each.place: each for each in offered}
    return [(ours[place], theirs[other]) for place, other in as_many_as_can_be([each[-2:] for each in sorted(fitting)])]


def about(waiting: Sequence[Waiting], offered: Sequence[Offered], step: Step) -> Iterator[Pair]:
    """Yield what has a key in common and lies within the time of a step."""
    by_key: dict[Hashable, tuple[list[int], list[Offered]]] = {}
    for other in sorted(offered, key=lambda each: each.record.at):
        for key in step.keys(other):
            times, others = by_key.setdefault(key, ([], []))
            times.append(other.record.at)
            others.append(other)
    for one in waiting:
        at = one.record.at
        for key in step.keys(one):
            if key in by_key:
                times, others = by_key[key]
                for other in others[bisect_left(times, at - step.within) : bisect_right(times, at + step.within)]:
                    yield one, other


def _always(one: Waiting, other: Offered) -> bool:
    return True


def _bears(one: Waiting, other: Offered) -> bool:
    """Whether what is offered has every tag that a sale tells."""
    return one.tags <= other.tags


def _is_made_up(one: Waiting, other: Offered) -> bool:
    return may_be_one(one, other) and is_made_up_of(one.record.of.lines, other.record.of.lines)


def _is_part(one: Waiting, other: Offered) -> bool:
    """Whether all lines of the shorter one are in the other one."""
    short, long = sorted((one.priced, other.priced), key=len)
    return bool(short) and may_be_one(one, other) and not Counter(short) - Counter(long)


def are_one(one: Waiting, other: Offered) -> bool:
    """Whether both certainly are of one person."""
    return is_known_same(one.record.person, other.record.person)


def may_be_one(one: Waiting, other: Offered) -> bool:
    """Whether both may be of one person."""
    return not is_known_other(one.record.person, other.record.person)


def _is_of_the_same(one: Waiting, other: Offered) -> bool:
    """Whether every line is of a product whose packages in stock are among those of the receipt.

    Where the receipt has more lines or fewer, none of its packages may be of anything else.
    """
    lines = [line for line in one.record.of.lines if line.label]
    if not may_be_one(one, other) or not all(other.tags.intersection(line.may_be) for line in lines):
        return False
    return len(lines) == len(other.amounts) or all(any(tag in line.may_be for line in lines) for tag in other.tags)


def _may_be_all_of(one: Waiting, other: Offered) -> bool:
    """Whether both may be of one person, and every line of a package of the receipt, and none of them is left over."""
    taken = taken_over(one.record.of.lines, other.record.of.lines)
    return may_be_one(one, other) and {line.label for line in taken if line.label} == other.tags


def _is_as_much(one: Waiting, other: Offered) -> bool:
    """Whether what weighs as much is counted in the same, as far as both tell it: a gram is no piece."""
    ours, theirs = (sorted(line.unit for line in each.record.of.lines if line.label) for each in (one, other))
    return may_be_one(one, other) and (ours == theirs or LineUnit.UNKNOWN in {*ours, *theirs})


def _is_of_no_other(one: Waiting, other: Offered, stock: frozenset[str]) -> bool:
    """Whether no package of a receipt is known to be of another product than those of a sale."""
    own = {tag for line in one.record.of.lines for tag in line.may_be}
    return other.tags.isdisjoint(stock - own)


def _is_likely(one: Waiting, other: Offered) -> bool:
    """Whether every line may be of a package of the receipt, by what the till's stock says of its product."""
    return all(not line.may_be or not other.tags.isdisjoint(line.may_be) for line in one.record.of.lines)
