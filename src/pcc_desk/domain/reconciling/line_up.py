"""Interchangeable records of two sides paired so that together they lie as near in time as can be."""

from collections.abc import Sequence

from pcc_desk.domain.reconciling.records import Record
from pcc_desk.domain.sales import Receipt, Sale

MOST_CELLS = 40_000
"""Larger groups of equal records are paired nearest first; smaller ones exactly."""

Pair = tuple[Record[Sale], Record[Receipt]]


def line_up(sales: Sequence[Record[Sale]], receipts: Sequence[Record[Receipt]], within: int) -> list[Pair]:
    """Return pairs no further apart than `within` microseconds: as many as can be, then the least time in sum.

    On a line the best pairing never crosses, so that a swap of two equal sales is no difference.
    """
    if len(sales) == 1 and len(receipts) == 1:
        return [(sales[0], receipts[0])] if abs(sales[0].at - receipts[0].at) <= within else []
    ours = sorted(sales, key=lambda each: each.order)
    theirs = sorted(receipts, key=lambda each: each.order)
    if len(ours) == len(theirs):
        straight = list(zip(ours, theirs, strict=True))
        if all(abs(sale.at - receipt.at) <= within for sale, receipt in straight):
            return straight
    if len(ours) * len(theirs) <= MOST_CELLS:
        return _exactly(ours, theirs, within)
    return _nearest(ours, theirs, within)


def _exactly(ours: list[Record[Sale]], theirs: list[Record[Receipt]], within: int) -> list[Pair]:
    """Return the best pairing without crossing, from a table of pairs and time for every two beginnings."""
    width = len(theirs) + 1
    best = [[(0, 0)] * width]
    for sale in ours:
        above = best[-1]
        row = [(0, 0)] * width
        for column, receipt in enumerate(theirs, start=1):
            apart = abs(sale.at - receipt.at)
            left, up = row[column - 1], above[column]
            found = max(left, up)
            if apart <= within:
                pairs, near = above[column - 1]
                found = max(found, (pairs + 1, near - apart))
            row[column] = found
        best.append(row)
    return _walked_back(ours, theirs, best)


def _walked_back(
    ours: list[Record[Sale]], theirs: list[Record[Receipt]], best: list[list[tuple[int, int]]]
) -> list[Pair]:
    pairs: list[Pair] = []
    row, column = len(ours), len(theirs)
    while row and column:
        here = best[row][column]
        if here == best[row - 1][column]:
            row -= 1
        elif here == best[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((ours[row], theirs[column]))
    return pairs[::-1]


def _nearest(ours: list[Record[Sale]], theirs: list[Record[Receipt]], within: int) -> list[Pair]:
    """Return a pairing made by taking the nearest first."""
    gaps = []
    start = 0
    for place, sale in enumerate(ours):
        while start < len(theirs) and theirs[start].at < sale.at - within:
            start += 1
        beyond = min(len(theirs), start + len(ours))
        gaps += [
            (apart, place, other)
            for other in range(start, beyond)
            if (apart := abs(theirs[other].at - sale.at)) <= within
        ]
    gaps.sort()
    free_ours, free_theirs = [True] * len(ours), [True] * len(theirs)
    pairs: list[Pair] = []
    for _, place, other in gaps:
        if free_ours[place] and free_theirs[other]:
            free_ours[place] = free_theirs[other] = False
            pairs.append((ours[place], theirs[other]))
    return pairs
