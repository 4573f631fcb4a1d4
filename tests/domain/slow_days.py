"""Which days count, walked one by one, for the slow evaluator: every kind of window of `limits.toml`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pcc_desk.domain.rules import Limit
from pcc_desk.domain.windows import (
    Anchor,
    CalendarDay,
    CalendarMonth,
    CalendarWeek,
    FixedPeriod,
    OrderLife,
    Possession,
    Refill,
    RollingDays,
    Transaction,
    Window,
)

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counting:
    """Which days' purchases count today, in which period, and the first days of the periods so far."""

    first: date
    last: date
    begins: tuple[date, ...] = ()

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


NO_DAYS = Counting(date.max, date.min)


def counting(limit: Limit, today: date, bought: Sequence[date], anchor: date | None, strict: bool) -> Counting | None:
    """Return the days that count today; None when nobody knows."""
    match limit.window:
        case RollingDays(returns=returns, returns_safe=safe):
            first = today
            while (today - (first - DAY)).days < (safe if strict else returns):
                first -= DAY
            return Counting(first, date.max)
        case FixedPeriod() | OrderLife():
            return by_paper(limit.window, today, bought, anchor)
        case Refill() as supply:
            return of_supply(supply, today, bought, anchor)
        case Transaction() | Possession():
            return NO_DAYS
    return of_calendar(limit.window, today)


def of_calendar(window: Window, today: date) -> Counting:
    first = today
    match window:
        case CalendarWeek(starts=starts):
            while first.weekday() != starts:
                first -= DAY
        case CalendarMonth():
            while (first - DAY).month == today.month:
                first -= DAY
        case _:
            assert isinstance(window, CalendarDay)
    return Counting(first, date.max)


def by_paper(
    window: FixedPeriod | OrderLife, today: date, bought: Sequence[date], anchor: date | None
) -> Counting | None:
    if isinstance(window, OrderLife):
        if window.supply_days is None:
            return None if anchor is None or today < anchor else Counting(anchor, date.max)
        fills = None if window.refills is None else 1 + window.refills
        days = window.supply_days
        window = FixedPeriod(days, days, Anchor.ORDER_START, carries_over=False, periods=fills)
    if anchor is None and window.anchor is Anchor.FIRST_PURCHASE:
        if not bought:
            return NO_DAYS
        anchor = min(bought[0], today)
    return in_periods(window, today, anchor)


def in_periods(row: FixedPeriod, today: date, anchor: date | None) -> Counting | None:
    if anchor is None or today < anchor:
        return None
    begins, day, left = [anchor], anchor, row.first_days
    while day < today:
        day += DAY
        left -= 1
        if left == 0:
            begins.append(day)
            left = row.days
    if row.periods is not None and len(begins) > row.periods:
        return None
    return Counting(anchor if row.carries_over else begins[-1], date.max, tuple(begins))


def of_supply(supply: Refill, today: date, bought: Sequence[date], anchor: date | None) -> Counting | None:
    """Walk the days; a supply lasts so many days, and what is bought once the next may be begun begins it."""
    if anchor is not None and today < anchor:
        return None
    given = [each for each in (supply.early_days, supply.remaining_days) if each is not None]
    ends = None if anchor is None else anchor + supply.supply_days * DAY
    counts_from = anchor
    for day in sorted(set(bought)):
        if day > today or (anchor is not None and day < anchor):
            continue
        if ends is None:
            ends, counts_from = day + supply.supply_days * DAY, day
        elif all((ends - day).days <= each for each in given):
            ends, counts_from = max(ends, day) + supply.supply_days * DAY, day
    if ends is None or counts_from is None or all((ends - today).days <= each for each in given):
        return Counting(today + DAY, date.max)
    return Counting(counts_from, date.max)
