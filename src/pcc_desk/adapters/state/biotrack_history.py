"""A long history of sales, read in windows of transaction numbers where it does not fit into one answer (3.2)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from pcc_desk.adapters.http import is_too_much
from pcc_desk.domain.answers import Silence, Unanswered

FIRST_WINDOW = 16_384
"""Transactions in the first window: a row of a sale takes some 250 bytes, and 8 MB are read at most."""
MOST_WINDOWS = 400
WIDEST = 10**15

Row = dict[str, Any]
Ask = Callable[[Mapping[str, Any]], Awaitable[list[Row] | Unanswered]]


async def history(
    name: str, ask: Ask, start: int, newest_day: Callable[[list[Row]], date | None], until: date | None
) -> list[Row] | Unanswered:
    """Return the rows from a transaction on, whole or not at all.

    All of them are asked for at once; when that is more than one answer holds, a window after the other, each half as
    wide when it holds too much and twice as wide after it was read. Where the numbers end is not published: once a
    window is empty, or has come to the day `until`, the rest is asked for at once again. Windows overlap by one
    transaction, since whether an end is meant to be in it is inferred.
    """
    found: list[Row] = []
    width, tries_the_rest = FIRST_WINDOW, True
    for _ in range(MOST_WINDOWS):
        which = {"transaction_start": start}
        if not tries_the_rest:
            which["transaction_end"] = start + width
        rows = await ask(which)
        if isinstance(rows, Unanswered):
            if not is_too_much(rows) or (not tries_the_rest and width <= 1):
                return rows
            if not tries_the_rest:
                width //= 2
            tries_the_rest = False
            continue
        found += rows
        if tries_the_rest:
            return found
        start += width
        newest = newest_day(rows)
        tries_the_rest = newest is None or (until is not None and newest >= until)
        width = min(width * 2, WIDEST)
    return Unanswered(Silence.UNREADABLE, f"{name} has more sales than {MOST_WINDOWS} windows of them hold")
