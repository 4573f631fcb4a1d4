"""Sales paired with receipts by what they have in common, and by sums (POS reference, 8.2, 5 to 7)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.line_up import Pair
from pcc_desk.domain.reconciling.pool import By, Match, Pool
from pcc_desk.domain.reconciling.records import AnyRecord, Content, Record, is_known_other, is_known_same
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import Receipt, Sale

One = TypeVar("One", Record[Sale], Record[Receipt])
Many = TypeVar("Many", Record[Sale], Record[Receipt])

MOST_PARTS = 4
MOST_CANDIDATES = 8
LOOSE = 8
"""What is alone with its tags on both sides may lie so many times further apart than what is not."""


def by_sums(pool: Pool, terms: Terms, *, is_near: bool = False) -> None:
    """Pair a sale with several receipts that make it up to the thousandth and the cent, and several sales with one.

    With `is_near` only what was made within minutes.
    """
    near = microseconds(terms.near)
    far = near if is_near else microseconds(terms.far)
    used: set[int] = set()
    split = _made_up(pool.free_sales, pool.free_receipts, near, far, used)
    found = [Match((sale,), receipts, By.LIKENESS) for sale, receipts in split]
    merged = _made_up(pool.free_receipts, pool.free_sales, near, far, used)
    found += [Match(sales, (receipt,), By.LIKENESS) for receipt, sales in merged]
    pool.add(found)


def _made_up(
    ones: Sequence[One], parts: Sequence[Many], near: int, far: int, used: set[int]
) -> Iterator[tuple[One, tuple[Many, ...]]]:
    by_tag = _by_tag(parts)
    for one in sorted(ones, key=lambda each: each.order):
        if id(one) in used or one.is_foreign:
            continue
        close = _about(by_tag, one, far if one.person else near)
        if len(close) < 2:
            continue
        amounts = dict(one.content)
        found = [
            each
            for each in close
            if id(each) not in used
            and not each.is_foreign
            and all(0 < milli <= amounts.get(tag, 0) for tag, milli in each.content)
            and (is_known_same(one.person, each.person) or _is_near_and_not_other(one, each, near))
        ]
        chosen: tuple[Many, ...] = making_up(one, found)
        if chosen:
            used |= {id(one), *(id(each) for each in chosen)}
            yield one, chosen


def making_up(one: AnyRecord, parts: Sequence[Many], *, to_the_cent: bool = True) -> tuple[Many, ...]:
    """Return the fewest of the first parts that make up one record; of as many the first."""
    for count in range(2, MOST_PARTS + 1):
        for some in combinations(parts[:MOST_CANDIDATES], count):
            is_paid = not to_the_cent or sum(each.cents for each in some) == one.cents
            if is_paid and _sum(some) == one.content:
                return some
    return ()


def _sum(parts: Sequence[AnyRecord]) -> Content:
    amounts: dict[str, Thousandths] = {}
    for each in parts:
        for tag, milli in each.content:
            amounts[tag] = amounts.get(tag, 0) + milli
    return tuple(sorted(amounts.items()))


def by_likeness(pool: Pool, terms: Terms, *, is_near: bool = False) -> None:
    """Pair what is left by what it has in common: the likest first, each with at most one other.

    With `is_near` only what was made within minutes.
    """
    near = microseconds(terms.near)
    far = near if is_near else microseconds(terms.far)
    sales, receipts = pool.free_sales, pool.free_receipts
    alone = _alone(sales, receipts)
    found: dict[tuple[int, int], tuple[Likeness, Record[Sale], Record[Receipt]]] = {}
    by_tag, by_person, by_shape = _by_tag(receipts), _by_person(receipts), _by_shape(receipts)
    for sale in sales:
        others = {id(each): each for each in _about(by_tag, sale, far)}
        others |= {id(each): each for each in by_person.get(sale.person, ()) if abs(each.at - sale.at) <= far}
        others |= {id(each): each for each in _slice(by_shape.get(_shape(sale), ([], [])), sale.at, near)}
        for receipt in others.values():
            likeness = _likeness(sale, receipt, near, far, alone)
            if likeness is not None:
                found[id(sale), id(receipt)] = likeness, sale, receipt
    gone: set[int] = set()
    pairs: list[Pair] = []
    for _, sale, receipt in sorted(found.values(), key=lambda each: (each[0], each[1].order, each[2].order)):
        if id(sale) not in gone and id(receipt) not in gone:
            gone |= {id(sale), id(receipt)}
            pairs.append((sale, receipt))
    pool.take(pairs, By.LIKENESS)


LAST = 6
"""The step of what has nothing in common but an amount of a package, at another price, in a sale of other lines."""

Likeness = tuple[int, int, bool, int]
"""Step, lines not in common, whether the totals differ, microseconds apart: the least is the likest."""


def _likeness(sale: Record[Sale], receipt: Record[Receipt], near: int, far: int, alone: set[int]) -> Likeness | None:
    """Return how alike a sale and a receipt are; None when they are not the same sale as far as can be told."""
    apart = abs(sale.at - receipt.at)
    one_person = is_known_same(sale.person, receipt.person) and apart <= far
    other_person = is_known_other(sale.person, receipt.person)
    is_near = apart <= near
    foreign = sale.is_foreign or receipt.is_foreign
    if other_person or not (one_person or is_near or (not foreign and id(sale) in alone and id(receipt) in alone)):
        return None
    sold, reported = dict(sale.content), dict(receipt.content)
    common = sold.keys() & reported.keys()
    unlike = len(sold.keys() | reported.keys()) - sum(sold[tag] == reported[tag] for tag in common)
    other_total = sale.cents != receipt.cents
    if sold.keys() == reported.keys():
        if not (one_person or is_near) and apart > LOOSE * near:
            return None
        return (0 if one_person else 1), unlike, other_total, apart
    exact = sum(sold[tag] == reported[tag] for tag in common)
    is_part = exact and (exact == min(len(sold), len(reported)) or not other_total)
    if other_total and not (one_person or is_near):
        is_part = is_part and apart <= LOOSE * near and _is_mostly(sale, receipt)
    if common and (is_part or (one_person and (is_near or 2 * len(common) >= max(len(sold), len(reported))))):
        is_at_its_price = not other_total or not {*sale.priced}.isdisjoint(receipt.priced)
        return (2 if one_person else 3 if is_at_its_price else LAST), unlike, other_total, apart
    amounts = sorted(sold.values()) == sorted(reported.values())
    if (amounts and not other_total) or (one_person and (not other_total or (is_near and amounts))):
        return (4 if one_person else 5), unlike, other_total, apart
    return None


def _alone(sales: Sequence[Record[Sale]], receipts: Sequence[Record[Receipt]]) -> set[int]:
    """Return what is the only one with its tags on its side, by `id`."""
    found: set[int] = set()
    for side in (sales, receipts):
        by_tags: dict[tuple[str, ...], list[AnyRecord]] = {}
        for each in side:
            by_tags.setdefault(tuple(tag for tag, _ in each.content), []).append(each)
        found |= {id(some[0]) for some in by_tags.values() if len(some) == 1}
    return found


def _is_near_and_not_other(one: AnyRecord, other: AnyRecord, near: int) -> bool:
    return abs(one.at - other.at) <= near and not is_known_other(one.person, other.person)


def _shape(record: AnyRecord) -> tuple[int, tuple[Thousandths, ...]]:
    """Return what a record is without its tags: the total and the amounts."""
    return record.cents, tuple(sorted(milli for _, milli in record.content))


def _by_shape(records: Sequence[Many]) -> dict[tuple[int, tuple[Thousandths, ...]], tuple[list[int], list[Many]]]:
    by_shape: dict[tuple[int, tuple[Thousandths, ...]], list[Many]] = {}
    for each in records:
        by_shape.setdefault(_shape(each), []).append(each)
    return {shape: _in_time(some) for shape, some in by_shape.items()}


def _in_time(records: Sequence[Many]) -> tuple[list[int], list[Many]]:
    ordered = sorted(records, key=lambda each: each.order)
    return [each.at for each in ordered], ordered


def _by_tag(records: Sequence[Many]) -> dict[str, tuple[list[int], list[Many]]]:
    by_tag: dict[str, list[Many]] = {}
    for each in records:
        for tag, _ in each.content:
            by_tag.setdefault(tag, []).append(each)
    return {tag: _in_time(some) for tag, some in by_tag.items()}


def _by_person(records: Sequence[Many]) -> dict[str, list[Many]]:
    by_person: dict[str, list[Many]] = {}
    for each in records:
        if each.person:
            by_person.setdefault(each.person, []).append(each)
    return by_person


def _slice(timed: tuple[list[int], list[Many]], at: int, within: int) -> list[Many]:
    times, records = timed
    return records[bisect_left(times, at - within) : bisect_right(times, at + within)]


def _about(by_tag: dict[str, tuple[list[int], list[Many]]], one: AnyRecord, within: int) -> list[Many]:
    """Return what has a tag in common with a record and lies within a time of it, the nearest first."""
    found = {id(each): each for tag, _ in one.content if tag in by_tag for each in _slice(by_tag[tag], one.at, within)}
    if len(found) < 2:
        return list(found.values())
    return sorted(found.values(), key=lambda each: (abs(each.at - one.at), each.order))


def _is_mostly(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
    """Whether at least half of the lines of both are the same, the prices too: one popular package says nothing."""
    return 2 * len({*sale.priced} & {*receipt.priced}) >= max(len(sale.priced), len(receipt.priced))
