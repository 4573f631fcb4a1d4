"""Reads the window of a limit."""

from collections.abc import Callable

from pcc_desk.domain.rules import Confidence
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
from pcc_desk.rulebook.tables import Table
from pcc_desk.rulebook.words import WEEKDAYS


def read_window(limit: Table) -> Window:
    """Return the window of a limit."""
    table = limit.table("window", f"{limit.name}, window", needed='{ kind = "calendar_day" }')
    if table is None:
        return Transaction()
    kind = table.choice("kind", tuple(_KINDS))
    if kind != table.data.get("kind"):  # which other keys it should have cannot be told
        return Transaction()
    problems = len(table.page)
    window = _KINDS[kind](table)
    table.end(f"the window {kind}")
    return window if len(table.page) == problems else Transaction()


def _rolling(table: Table) -> Window:
    """Read any so many days. A return day of which nothing is said is taken to be unsure by a day."""
    days = table.whole("days", needed=True) or 1
    returns = table.whole("returns") or days
    sure = table.choice("returns_conf", tuple(Confidence), "") if table.has("returns_conf") else ""
    safe = table.whole("returns_safe")
    if safe is not None and safe < returns:
        table.refuse("returns_safe", f"is a day before returns; write {returns} or more")
    if sure in {Confidence.MEDIUM, Confidence.LOW} and safe is None:
        table.refuse(
            "returns_safe",
            f"is missing, and returns_conf is {sure}; write the day on which the amount is surely back: "
            f"returns_safe = {returns + 1}",
        )
    if safe is None:
        safe = returns if sure == Confidence.HIGH else returns + 1
    return RollingDays(days, returns, safe)


def _week(table: Table) -> Window:
    return CalendarWeek(WEEKDAYS.index(table.choice("starts", WEEKDAYS)))


def _fixed(table: Table) -> Window:
    days = table.whole("days", needed=True) or 1
    return FixedPeriod(
        days=days,
        first_days=table.whole("first_days") or days,
        anchor=Anchor(table.choice("anchor", tuple(Anchor))),
        carries_over=table.flag("carry_over"),
        periods=table.whole("periods"),
    )


def _refill(table: Table) -> Window:
    days = table.whole("supply_days", needed=True) or 1
    early = table.whole("early_days", least=0)
    remaining = table.whole("remaining_days", least=0)
    if early is None and remaining is None:
        table.refuse("", "does not say when the next supply may be had; write early_days = 7 or remaining_days = 7")
    for key, value in (("early_days", early), ("remaining_days", remaining)):
        if value is not None and value >= days:
            table.refuse(key, f"is no less than the supply itself; write fewer than {days}")
    return Refill(days, early, remaining)


def _order(table: Table) -> Window:
    days = table.whole("supply_days")
    refills = table.whole("refills", least=0)
    if refills is not None and days is None:
        table.refuse("refills", "needs the length of a fill; write supply_days = 90")
    if table.has("partial_fills") and not table.flag("partial_fills"):
        table.refuse("partial_fills", "cannot be forbidden yet; leave the key out, and let a person look at each fill")
    return OrderLife(days, refills)


_KINDS: dict[str, Callable[[Table], Window]] = {
    "rolling_days": _rolling,
    "calendar_day": lambda _: CalendarDay(),
    "calendar_week": _week,
    "calendar_month": lambda _: CalendarMonth(),
    "fixed_period": _fixed,
    "refill": _refill,
    "transaction": lambda _: Transaction(),
    "possession": lambda _: Possession(),
    "order": _order,
}
