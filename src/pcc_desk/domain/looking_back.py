"""How far back purchases can matter."""

from datetime import date, timedelta
from typing import assert_never

from pcc_desk.domain.entitling import limits_of
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.windows import (
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


def look_back(rules: Rules, on: date) -> date:
    """Return the first day whose purchases can count on a day by any limit, one for an outage included.

    The first day of all where a window begins with a purchase or a paper: the rules do not tell where that is.
    """
    return min((_first_day(limit.window, on) for limit in limits_of(rules) if limit.terms), default=on)


def _first_day(window: Window, on: date) -> date:
    match window:
        case RollingDays(days=days, returns=returns, returns_safe=safe):
            return on - timedelta(days=max(days, returns, safe))
        case CalendarDay() | Transaction() | Possession():
            return on
        case CalendarWeek():
            return on - timedelta(days=6)
        case CalendarMonth():
            return on.replace(day=1)
        case FixedPeriod() | Refill() | OrderLife():
            return date.min
        case _:
            assert_never(window)
