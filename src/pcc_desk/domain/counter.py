"""One limit counted for one patient on any day: what counts, what is left, when it comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.counting import History
from pcc_desk.domain.entitlement import Entitlement, Figure
from pcc_desk.domain.purchases import Purchase
from pcc_desk.domain.weighing import Compiled, weigh
from pcc_desk.domain.windows import FOREVER, FixedPeriod, RollingDays, Span


@dataclass(frozen=True, slots=True)
class Release:
    """How much comes back on a day, at the start of it. In the limit's unit, or in the category's smallest one."""

    on: date
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts one limit for one patient on any day."""

    rule: Compiled
    history: History
    entitlement: Entitlement
    strict: bool
    """Whether a purchase counts until the safe day where its return day is disputed."""
    held: Fraction
    """What is set aside in another visit, in the limit's unit."""
    ounce_mg: Fraction
    """The jurisdiction's own ounce."""

    def span(self, day: int) -> Span | CannotTell:
        """Return what counts on a day."""
        window = self.rule.limit.window
        anchor = self.entitlement.anchor
        days = () if isinstance(window, RollingDays) else self.history.days(self.rule)
        return window.span(day, days, anchor.toordinal() if anchor else None, strict=self.strict)

    def amount(self, day: date, span: Span | CannotTell) -> Figure:
        """Return what is allowed on a day, in its period."""
        if isinstance(span, CannotTell):
            return span
        amount = self.entitlement.amount(self.rule.limit, day, span.period)
        if isinstance(amount, CannotTell) or not self._carries_over:
            return amount
        earlier = (self._amount_of_period(span, period) for period in range(span.period))
        return amount + sum(each for each in earlier if not isinstance(each, CannotTell))

    @property
    def _carries_over(self) -> bool:
        window = self.rule.limit.window
        return isinstance(window, FixedPeriod) and window.carries_over

    def _amount_of_period(self, span: Span, period: int) -> Figure:
        """Return what a period of a row allows, on its first day."""
        window = self.rule.limit.window
        first = span.first
        if period and isinstance(window, FixedPeriod):
            first += window.first_days + (period - 1) * window.days
        return self.entitlement.amount(self.rule.limit, date.fromordinal(first), period)

    def used(self, span: Span | CannotTell) -> Figure:
        """Return what was used in a span."""
        if isinstance(span, CannotTell):
            return span
        if span.first > span.last:
            return Fraction(0)
        parts = self.history.used(self.rule, span.first, span.last)
        return parts if isinstance(parts, CannotTell) else Fraction(max(parts, 0), self.rule.unit)

    def left(self, day: date) -> Figure:
        """Return what is left by our own record on a day, if nothing more is bought; below zero when too much was."""
        span = self.span(day.toordinal())
        amount, used = self.amount(day, span), self.used(span)
        if isinstance(amount, CannotTell):
            return amount
        return used if isinstance(used, CannotTell) else amount - used - self.held

    def releases(self, span: Span | CannotTell, used: Figure) -> tuple[Release, ...]:
        """Return when what counts now comes back; where it is carried over, what the next period adds instead."""
        if isinstance(span, CannotTell) or isinstance(used, CannotTell) or span.first > span.last:
            return ()
        window = self.rule.limit.window
        if isinstance(window, RollingDays):
            return self.rolling_off(span.first, window.counts_for(strict=self.strict))
        if self._carries_over and span.resets_on is not None:
            more = self._amount_of_period(span, span.period + 1)
            return () if isinstance(more, CannotTell) else (Release(date.fromordinal(span.resets_on), more),)
        if span.resets_on is None:
            return ()
        still = self.used(self.span(span.resets_on))
        if isinstance(still, CannotTell) or still >= used:
            return ()
        return (Release(date.fromordinal(span.resets_on), used - still),)

    def rolling_off(self, first: int, counts_for: int) -> tuple[Release, ...]:
        """Return when each day's purchases since `first` come back, with those counting for so many days."""
        by_day = self.history.used_by_day(self.rule, first, FOREVER)
        return tuple(
            Release(date.fromordinal(day + counts_for), Fraction(parts, self.rule.unit))
            for day, parts in by_day.items()
            if parts > 0
        )

    def counted(self, span: Span | CannotTell) -> tuple[Purchase, ...]:
        """Return the lines that count in a span, oldest first."""
        if isinstance(span, CannotTell) or span.first > span.last:
            return ()
        return self.history.counted(self.rule, span.first, span.last)

    def share(self, sale: Sequence[Purchase]) -> Figure:
        """Return what the lines of one sale use up, in the limit's unit."""
        parts = weigh(self.rule, sale)
        return parts if isinstance(parts, CannotTell) else Fraction(parts, self.rule.unit)
