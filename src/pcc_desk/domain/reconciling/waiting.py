"""Sales that wait for what they are of, and what is offered to them: paired by all but tags, the surest first."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.records import Order, Reckoning, Record, is_known_other, is_known_same, record
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import Receipt, Sale, SoldLine

Priced = tuple[tuple[int, int], ...]
"""Thousandths and cents of each line, the smallest first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sale without tags that waits for its receipt."""

    place: int
    record: Record[Sale]
    priced: Priced
    amounts: tuple[int, ...]
    names: tuple[str, ...]
    """The numbers that it is known by."""

    @classmethod
    def of(cls, place: int, sale: Sale, reckoning: Reckoning) -> "Waiting":
        """Return a sale in the form in which its receipt is looked for."""
        priced = _priced(sale.lines)
        names = tuple({sale.number, sale.external_number, *sale.other_numbers} - {""})
        return cls(place, record(sale, reckoning, {}), priced, _amounts(priced), names)


@dataclass(frozen=True, slots=True)
class Offered:
    """A receipt that may be that of a sale without tags."""

    place: int
    record: Record[Receipt]
    priced: Priced
    amounts: tuple[int, ...]
    names: tuple[str, ...]
    tags: frozenset[str]

    @classmethod
    def of(cls, place: int, receipt: Receipt, reckoning: Reckoning) -> "Offered":
        """Return a receipt in the form in which it is looked for."""
        priced = _priced(receipt.lines)
        names = (receipt.external_number,) if receipt.external_number else ()
        tags = frozenset(line.label for line in receipt.lines)
        return cls(place, record(receipt, reckoning, {}), priced, _amounts(priced), names, tags)


def _priced(lines: Iterable[SoldLine]) -> Priced:
    return tuple(sorted((line.milli, line.price_cents) for line in lines if line.label))


def _amounts(priced: Priced) -> tuple[int, ...]:
    return tuple(milli for milli, _ in priced)


Pair = tuple[Waiting, Offered]
Keys = Callable[[Waiting | Offered], Iterable[Hashable]]


class Step(NamedTuple):
    """By what a sale and what is offered belong together: a key in common, what must fit besides, and how near."""

    keys: Keys
    fits: Callable[[Waiting, Offered], bool]
    within: int


def _same(name: str) -> Keys:
    of = attrgetter(name)
    return lambda each: (of(each),)


def _anything(each: Waiting | Offered) -> Iterable[Hashable]:
    return ("",)


def steps(terms: Terms) -> Iterator[Step]:
    """Yield by what a sale and a receipt belong together, the surest first."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(attrgetter("names"), lambda one, other: one.amounts == other.amounts, far)
    yield Step(_same("priced"), _is_one, near)
    yield Step(_same("priced"), _may_be, near)
    yield Step(_same("amounts"), _may_be, near)
    yield Step(_anything, _is_one, near)
    yield Step(_anything, lambda one, other: _is_part(one.priced, other.priced) and _may_be(one, other), near)
    yield Step(_anything, lambda one, other: _is_of_the_same(one, other) and _may_be(one, other), near)
    yield Step(_same("priced"), _is_one, far)
    yield Step(_same("priced"), _may_be, far)


def paired(waiting: Sequence[Waiting], offered: Sequence[Offered], steps: Iterable[Step]) -> list[Pair]:
    """Return what belongs together, step by step, each with at most one other."""
    found: list[Pair] = []
    for step in steps:
        pairs = _nearest(waiting, offered, step)
        if not pairs:
            continue
        found += pairs
        places, others = {one.place for one, _ in pairs}, {other.place for _, other in pairs}
        waiting = [each for each in waiting if each.place not in places]
        offered = [each for each in offered if each.place not in others]
    return found


def _nearest(waiting: Sequence[Waiting], offered: Sequence[Offered], step: Step) -> list[Pair]:
    """Return pairs that fit: those whose packages the till's stock speaks for first, then the nearest in time."""
    ours, theirs = {each.place: each for each in waiting}, {each.place: each for each in offered}
    candidates = sorted({_rank(one, other) for one, other in _about(waiting, offered, step) if step.fits(one, other)})
    taken: list[Pair] = []
    for *_, place, other in candidates:
        if place in ours and other in theirs:
            taken.append((ours.pop(place), theirs.pop(other)))
    return taken


def _rank(one: Waiting, other: Offered) -> tuple[bool, int, Order, Order, int, int]:
    apart = abs(one.record.at - other.record.at)
    return not _is_likely(one, other), apart, one.record.order, other.record.order, one.place, other.place


def _about(waiting: Sequence[Waiting], offered: Sequence[Offered], step: Step) -> Iterator[Pair]:
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


def _is_part(one: Priced, other: Priced) -> bool:
    """Whether all lines of the shorter one are in the other one."""
    short, long = sorted((one, other), key=len)
    return bool(short) and not Counter(short) - Counter(long)


def _is_one(one: Waiting, other: Offered) -> bool:
    return is_known_same(one.record.person, other.record.person)


def _may_be(one: Waiting, other: Offered) -> bool:
    return not is_known_other(one.record.person, other.record.person)


def _is_of_the_same(one: Waiting, other: Offered) -> bool:
    """Whether both have as many lines, each of a product whose packages in stock are among those of the receipt."""
    lines = [line for line in one.record.of.lines if line.label]
    return len(lines) == len(other.amounts) and all(other.tags & set(line.may_be) for line in lines)


def _is_likely(one: Waiting, other: Offered) -> bool:
    """Whether every line may be of a package of the receipt, by what the till's stock says of its product."""
    return all(not line.may_be or not other.tags.isdisjoint(line.may_be) for line in one.record.of.lines)
