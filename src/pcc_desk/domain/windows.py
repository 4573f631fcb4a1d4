"""The windows a limit counts in: which days' purchases count on a day, and when they count no longer.

Days are ordinals of business days here (`date.toordinal`): the shop's calendar made a day of each instant before. A
window is asked with the sorted days on which something was bought that the limit counts, because two kinds of window
begin with a purchase, and with the patient's anchor, because two begin with a paper. What is dated later counts in
every window that counts over time: a clock that was set back frees nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pcc_desk.domain.answers import CannotTell

FOREVER = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose purchases count on a day, both ends included. Empty when `first` is after `last`."""

    first: int
    last: int
    resets_on: int | None = None
    """The first day on which none of them counts any more; None when each goes by itself, or never."""
    period: int = 0
    """How many periods lie before this one, where the window has periods."""


NOTHING = Span(FOREVER + 1, FOREVER)
"""No purchase counts."""


@dataclass(frozen=True, slots=True)
class RollingDays:
    """Counts purchases while (day of sale - day of purchase) < `returns`.

    `returns_safe` is a later day on which the amount is certainly back, for rules whose return day is disputed. Going
    strictly, it is the one used.
    """

    days: int
    returns: int
    returns_safe: int

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span:
        """Return what counts on a day."""
        return Span(on - self.counts_for(strict=strict) + 1, FOREVER)

    def counts_for(self, *, strict: bool) -> int:
        """Return for how many days a purchase counts, its own included."""
        return self.returns_safe if strict else self.returns

    def __str__(self) -> str:
        return f"{self.days} days"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Counts purchases of the same day of the shop's calendar."""

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span:
        """Return what counts on a day."""
        return Span(on, FOREVER, on + 1)

    def __str__(self) -> str:
        return "a day"


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """Counts purchases of the same week of the shop's calendar."""

    starts: int
    """The first day of a week as `date.weekday` numbers it: Monday is 0."""

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span:
        """Return what counts on a day."""
        first = on - (date.fromordinal(on).weekday() - self.starts) % 7
        return Span(first, FOREVER, first + 7)

    def __str__(self) -> str:
        return "a week"


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """Counts purchases of the same month of the shop's calendar."""

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span:
        """Return what counts on a day."""
        first = date.fromordinal(on).replace(day=1)
        after = (first + timedelta(days=31)).replace(day=1).toordinal()
        return Span(first.toordinal(), FOREVER, after)

    def __str__(self) -> str:
        return "a month"


class Anchor(StrEnum):
    """On which day the first of a row of fixed periods begins. The values are those of the rule files."""

    FIRST_PURCHASE = "first_purchase"
    ORDER_START = "order_start"
    RECOMMENDATION_START = "recommendation_start"

    @property
    def words(self) -> str:
        """What the day is called in a sentence."""
        return {
            Anchor.FIRST_PURCHASE: "the first purchase",
            Anchor.ORDER_START: "the order",
            Anchor.RECOMMENDATION_START: "the recommendation",
        }[self]


@dataclass(frozen=True, slots=True)
class FixedPeriod:
    """Counts purchases of the same period of so many days, in a row of periods from the anchor without gaps.

    The first period may have another length. With `carries_over`, what was not used of a period stays for the next.
    After `periods` of them the paper has run out.
    """

    days: int
    first_days: int
    anchor: Anchor
    carries_over: bool
    periods: int | None = None

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span | CannotTell:
        """Return what counts on a day. Where the first purchase begins the row and there is none, nothing does yet."""
        begins = anchor
        if begins is None and self.anchor is Anchor.FIRST_PURCHASE:
            if not bought:
                return NOTHING
            begins = min(bought[0], on)
        if begins is None:
            return CannotTell(f"the first day of {self.anchor.words} is not known")
        if on < begins:
            return CannotTell(f"{self.anchor.words} begins on {date.fromordinal(begins)} only")
        into = on - begins - self.first_days
        period = 0 if into < 0 else 1 + into // self.days
        if self.periods is not None and period >= self.periods:
            return CannotTell(
                f"the {self.periods} periods from {date.fromordinal(begins)} are over; the first day of a renewed "
                "one is needed"
            )
        ends = begins + self.first_days + period * self.days
        first = begins if period == 0 or self.carries_over else ends - self.days
        return Span(first, FOREVER, ends, period)

    def __str__(self) -> str:
        return f"{self.days}-day period"


@dataclass(frozen=True, slots=True)
class Refill:
    """Counts what was taken of the present supply, which the first purchase opens and which lasts `supply_days`.

    The next supply may be begun in the last `early_days` of the present one, or when only `remaining_days` of it are
    left (counted as if it had been taken whole and used at the set rate, which is never too early); with both, when
    both are so. It then follows on the present one without overlap, so that nobody gains days by coming early.
    What was not taken of a supply is lost with it.
    """

    supply_days: int
    early_days: int | None = None
    remaining_days: int | None = None

    @property
    def early(self) -> int:
        """How many days before the end of a supply the next may be begun."""
        given = [days for days in (self.early_days, self.remaining_days) if days is not None]
        return min(given, default=0)

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span | CannotTell:
        """Return what counts on a day."""
        if anchor is not None and on < anchor:
            return CannotTell(f"the present supply begins on {date.fromordinal(anchor)} only")
        wait = self.supply_days - self.early
        opened, counts_from = anchor, anchor
        for day in bought:
            if day > on:
                break
            if opened is None:
                opened = counts_from = day
            elif day >= opened + wait:
                opened, counts_from = max(opened + self.supply_days, day), day
        if opened is None or counts_from is None or on >= opened + wait:
            return Span(on + 1, FOREVER)
        return Span(counts_from, FOREVER, opened + wait)

    def __str__(self) -> str:
        return f"{self.supply_days}-day supply"


@dataclass(frozen=True, slots=True)
class Transaction:
    """Bounds one sale. What was bought before does not count."""

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span:
        """Return that nothing counts."""
        return NOTHING

    def __str__(self) -> str:
        return "one sale"


@dataclass(frozen=True, slots=True)
class Possession:
    """Bounds what a patient holds at one time. The desk does not see what is at home: it bounds one sale by it."""

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span:
        """Return that nothing counts."""
        return NOTHING

    def __str__(self) -> str:
        return "held at one time"


@dataclass(frozen=True, slots=True)
class OrderLife:
    """Counts everything since the practitioner's order began; with `supply_days`, in fills of that length."""

    supply_days: int | None = None
    refills: int | None = None

    def span(self, on: int, bought: Sequence[int], anchor: int | None, *, strict: bool) -> Span | CannotTell:
        """Return what counts on a day."""
        if self.supply_days is not None:
            fills = None if self.refills is None else self.refills + 1
            row = FixedPeriod(self.supply_days, self.supply_days, Anchor.ORDER_START, carries_over=False, periods=fills)
            return row.span(on, bought, anchor, strict=strict)
        if anchor is None:
            return CannotTell("the first day of the order is not known")
        if on < anchor:
            return CannotTell(f"the order begins on {date.fromordinal(anchor)} only")
        return Span(anchor, FOREVER)

    def __str__(self) -> str:
        return "the order"


Window = (
    RollingDays
    | CalendarDay
    | CalendarWeek
    | CalendarMonth
    | FixedPeriod
    | Refill
    | Transaction
    | Possession
    | OrderLife
)
