"""Sales that wait for what they are of, and what is offered to them: paired by all but tags, the surest first."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.most_pairs import as_many_as_can_be
from pcc_desk.domain.reconciling.records import Reckoning, Record, is_known_other, is_known_same, record
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import NOT_TOLD, Dispensed, Receipt, Sale, SoldLine

Priced = tuple[tuple[int, int], ...]
"""Thousandths and cents of each line, the smallest first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sale that waits for what it is of: one without tags, or one beside those that must not lose its own to them."""

    place: int
    record: Record[Sale]
    priced: Priced
    amounts: tuple[int, ...]
    names: tuple[str, ...]
    """The numbers that it is known by."""
    tags: frozenset[str]
    """Those that are told."""

    @classmethod
    def of(cls, place: int, sale: Sale, reckoning: Reckoning) -> "Waiting":
        """Return a sale in the form in which what it is of is looked for."""
        priced = _priced(sale.lines)
        names = tuple({sale.number, sale.external_number, *sale.other_numbers} - {""})
        tags = frozenset(line.label for line in sale.lines) - {"", NOT_TOLD}
        return cls(place, record(sale, reckoning, {}), priced, _amounts(priced), names, tags)


@dataclass(frozen=True, slots=True)
class Offered:
    """A receipt, or what the desk handed out, that may be that of a sale without tags."""

    place: int
    record: Record[Receipt] | Record[Dispensed]
    priced: Priced
    amounts: tuple[int, ...]
    names: tuple[str, ...]
    """The number by which a sale may name it."""
    tags: frozenset[str]

    @classmethod
    def receipt(cls, place: int, of: Receipt, reckoning: Reckoning) -> "Offered":
        """Return a receipt in the form in which it is looked for."""
        return cls._made(place, record(of, reckoning, {}), of.external_number)

    @classmethod
    def dispensed(cls, place: int, of: Dispensed, reckoning: Reckoning) -> "Offered":
        """Return what the desk handed out in the form in which it is looked for."""
        return cls._made(place, record(of, reckoning, {}), of.number)

    @classmethod
    def _made(cls, place: int, made: Record[Receipt] | Record[Dispensed], name: str) -> "Offered":
        priced = _priced(made.of.lines)
        tags = frozenset(line.label for line in made.of.lines)
        return cls(place, made, priced, _amounts(priced), (name,) if name else (), tags)


def _priced(lines: Iterable[SoldLine]) -> Priced:
    return tuple(sorted((line.milli, line.price_cents) for line in lines if line.label))


def _amounts(priced: Priced) -> tuple[int, ...]:
    return tuple(milli for milli, _ in priced)


Pair = tuple[Waiting, Offered]
Fits = Callable[[Waiting, Offered], bool]
Keys = Callable[[Waiting | Offered], Iterable[Hashable]]


class Step(NamedTuple):
    """By what a sale and what is offered belong together: a key in common, what must fit besides, and how near."""

    keys: Keys
    fits: Fits
    within: int


def _same(name: str) -> Keys:
    of = attrgetter(name)
    return lambda each: (of(each),)


def _anything(each: Waiting | Offered) -> Iterable[Hashable]:
    return ("",)


def sure_steps(terms: Terms) -> Iterator[Step]:
    """Yield by what a sale and a receipt of the same contents belong together, the surest first."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(attrgetter("names"), lambda one, other: one.amounts == other.amounts, far)
    yield Step(_same("priced"), _is_one, near)
    yield Step(_same("priced"), _may_be, near)
    yield Step(_same("amounts"), _may_be, near)
    yield Step(_same("priced"), _is_one, far)


def other_steps(terms: Terms) -> Iterator[Step]:
    """Yield by what a sale and a receipt belong together that are not the same, or too far apart to be sure."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(_anything, _is_one, near)
    yield Step(_anything, lambda one, other: _is_part(one.priced, other.priced) and _may_be(one, other), near)
    yield Step(_anything, lambda one, other: _is_of_the_same(one, other) and _may_be(one, other), near)
    yield Step(_same("priced"), _may_be, far)


def desk_steps(terms: Terms) -> Iterator[Step]:
    """Yield by what a sale and what the desk handed out belong together: other amounts are not taken for it."""
    near, far = microseconds(terms.near), microseconds(terms.far)
    yield Step(attrgetter("names"), _always, far)
    for same in ("priced", "amounts"):
        yield Step(_same(same), lambda one, other: _is_one(one, other) and one.tags <= other.tags, near)
        yield Step(_same(same), lambda one, other: _may_be(one, other) and one.tags <= other.tags, near)


def paired(waiting: Sequence[Waiting], offered: Sequence[Offered], steps: Iterable[Step]) -> list[Pair]:
    """Return what belongs together, step by step, each with at most one other.

    In each step those go first whose packages the till's stock speaks for.
    """
    found: list[Pair] = []
    for step in steps:
        for is_likely in (_is_likely, _always):
            pairs = _of_a_step(waiting, offered, step, is_likely)
            found += pairs
            places, others = {one.place for one, _ in pairs}, {other.place for _, other in pairs}
            waiting = [each for each in waiting if each.place not in places]
            offered = [each for each in offered if each.place not in others]
    return found


def _of_a_step(waiting: Sequence[Waiting], offered: Sequence[Offered], step: Step, is_likely: Fits) -> list[Pair]:
    """Return pairs that fit, the nearest in time, and as many as can be."""
    fitting = {
        (abs(one.record.at - other.record.at), one.record.order, other.record.order, one.place, other.place)
        for one, other in _about(waiting, offered, step)
        if is_likely(one, other) and step.fits(one, other)
    }
    ours, theirs = {each.place: each for each in waiting}, {each.place: each for each in offered}
    return [(ours[place], theirs[other]) for place, other in as_many_as_can_be([each[-2:] for each in sorted(fitting)])]


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


def _always(one: Waiting, other: Offered) -> bool:
    return True


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
