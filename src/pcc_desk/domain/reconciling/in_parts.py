"""Sales without tags that stand in the state's record by several receipts, and several that stand there by one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import TypeVar

from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.records import Reckoning, is_known_other
from pcc_desk.domain.reconciling.taking_over import is_made_up_of, taken_over
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.reconciling.waiting import Offered, Pair, Step, Waiting, about, anything, are_one, may_be_one
from pcc_desk.domain.sales import Receipt, SoldLine

One = TypeVar("One", Waiting, Offered)
Part = TypeVar("Part", Waiting, Offered)

PLAIN = Reckoning()
"""By what a share of a receipt is reckoned: nothing but its lines is asked for."""
MOST_PARTS = 4
MOST_CANDIDATES = 8


def in_parts(waiting: Sequence[Waiting], offered: Sequence[Offered], terms: Terms) -> list[Pair]:
    """Return sales with the receipts that make them up together, to the thousandth and the cent, each of one person."""
    parts: dict[int, dict[int, Offered]] = {}
    for one, other in _close(waiting, offered, terms):
        if _is_less(other, one):
            parts.setdefault(one.place, {})[other.place] = other
    found: list[Pair] = []
    gone: set[int] = set()
    for one in sorted(waiting, key=lambda each: each.record.order):
        free = [each for place, each in parts.get(one.place, {}).items() if place not in gone]
        some = _making_up(one, free)
        gone |= {each.place for each in some}
        found += [(one, each) for each in some]
    return found


def as_one(waiting: Sequence[Waiting], offered: Sequence[Offered], terms: Terms) -> list[Pair]:
    """Return sales with the receipt that they make up together, each with the lines of it that are its own."""
    parts: dict[int, dict[int, Waiting]] = {}
    for one, other in _close(waiting, offered, terms):
        if _is_less(one, other):
            parts.setdefault(other.place, {})[one.place] = one
    found: list[Pair] = []
    gone: set[int] = set()
    for other in sorted(offered, key=lambda each: each.record.order):
        free = [each for place, each in parts.get(other.place, {}).items() if place not in gone]
        some, of = _making_up(other, free), other.record.of
        if some and isinstance(of, Receipt):
            gone |= {each.place for each in some}
            shares = (replace(of, lines=lines) for lines in _shares(some, of.lines))
            found += [(one, Offered.receipt(other.place, each, PLAIN)) for one, each in zip(some, shares, strict=True)]
    return found


def _shares(some: Sequence[Waiting], whole: tuple[SoldLine, ...]) -> Iterator[tuple[SoldLine, ...]]:
    """Yield what each sale takes over of one receipt: all lines of all of them are tied to it together."""
    lines = [replace(line, number=str(at)) for at, one in enumerate(some) for line in one.record.of.lines if line.label]
    taken = taken_over(tuple(lines), whole)
    for at in range(len(some)):
        yield tuple(line for line in taken if line.number == str(at))


def _close(waiting: Sequence[Waiting], offered: Sequence[Offered], terms: Terms) -> Iterator[Pair]:
    for step in _steps(terms):
        yield from ((one, other) for one, other in about(waiting, offered, step) if step.fits(one, other))


def _is_less(part: Waiting | Offered, whole: Waiting | Offered) -> bool:
    return all(more > less > 0 for less, more in zip(part.sums, whole.sums, strict=True))


def _steps(terms: Terms) -> Iterator[Step]:
    yield Step(lambda each: (each.record.person,) if each.record.person else (), are_one, microseconds(terms.far))
    yield Step(anything, may_be_one, microseconds(terms.near))


def _making_up(one: One, free: Sequence[Part]) -> tuple[Part, ...]:
    """Return the fewest that make up one together; of as many the nearest."""
    near = sorted(free, key=lambda each: (abs(each.record.at - one.record.at), each.record.order))[:MOST_CANDIDATES]
    for count in range(2, min(MOST_PARTS, len(near)) + 1):
        for some in combinations(near, count):
            if _is_made_up(one, some):
                return some
    return ()


def _is_made_up(one: Waiting | Offered, some: Sequence[Waiting] | Sequence[Offered]) -> bool:
    sums = tuple(map(sum, zip(*(each.sums for each in some), strict=True)))
    people = [each.record.person for each in some]
    if sums != one.sums or any(is_known_other(this, that) for this, that in combinations(people, 2)):
        return False
    whole = one.record.of.lines
    parts = [*chain.from_iterable(each.record.of.lines for each in some)]
    return is_made_up_of(whole, parts) if isinstance(one, Waiting) else is_made_up_of(parts, whole)
