"""Sales without tags that stand in the state's record by several receipts."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.records import is_known_other
from pcc_desk.domain.reconciling.taking_over import is_made_up_of
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.reconciling.waiting import Offered, Pair, Step, Waiting, about, anything, are_one, may_be_one

MOST_PARTS = 4
MOST_CANDIDATES = 8


def in_parts(waiting: Sequence[Waiting], offered: Sequence[Offered], terms: Terms) -> list[Pair]:
    """Return sales with the receipts that make them up together, to the thousandth and the cent, each of one person."""
    parts: dict[int, dict[int, Offered]] = {}
    for step in _steps(terms):
        for one, other in about(waiting, offered, step):
            if step.fits(one, other) and all(
                ours > theirs > 0 for ours, theirs in zip(one.sums, other.sums, strict=True)
            ):
                parts.setdefault(one.place, {})[other.place] = other
    found: list[Pair] = []
    gone: set[int] = set()
    for one in sorted(waiting, key=lambda each: each.record.order):
        free = [each for place, each in parts.get(one.place, {}).items() if place not in gone]
        some = _making_up(one, free)
        gone |= {each.place for each in some}
        found += [(one, each) for each in some]
    return found


def _steps(terms: Terms) -> Iterator[Step]:
    yield Step(lambda each: (each.record.person,) if each.record.person else (), are_one, microseconds(terms.far))
    yield Step(anything, may_be_one, microseconds(terms.near))


def _making_up(one: Waiting, free: Sequence[Offered]) -> tuple[Offered, ...]:
    """Return the fewest receipts that make up a sale; of as many the nearest."""
    near = sorted(free, key=lambda each: (abs(each.record.at - one.record.at), each.record.order))[:MOST_CANDIDATES]
    for count in range(2, min(MOST_PARTS, len(near)) + 1):
        for some in combinations(near, count):
            if _is_made_up(one, some):
                return some
    return ()


def _is_made_up(one: Waiting, some: Sequence[Offered]) -> bool:
    sums = tuple(map(sum, zip(*(each.sums for each in some), strict=True)))
    people = [each.record.person for each in some]
    if sums != one.sums or any(is_known_other(this, that) for this, that in combinations(people, 2)):
        return False
    return is_made_up_of(one.record.of.lines, [*chain.from_iterable(each.record.of.lines for each in some)])
