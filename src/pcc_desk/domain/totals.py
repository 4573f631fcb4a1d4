"""What was used of the limits, out of sums that a store makes by itself, without a look at each line.

For lists of many patients. Only limits that simply add up over the days of a calendar or the last so many days can be
told so; `sums_for` says when that is not so, and the patient's history has to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.entitlement import Entitlement, Figure
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.domain.weighing import MEASURE_WORDS, Compiled, compiled
from pcc_desk.domain.windows import (
    FOREVER,
    CalendarDay,
    CalendarMonth,
    CalendarWeek,
    Possession,
    RollingDays,
    Span,
    Transaction,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over the lines of some days, both included, and some categories. `last` None: without end."""

    first: date
    last: date | None
    categories: tuple[str, ...]
    measure: Basis | None
    """None: only whether there are such lines is asked."""
    is_but: bool = False
    """Whether all other categories are meant."""


@dataclass(frozen=True, slots=True)
class Total:
    """What a sum came to. `unknown` is in how many lines the measure is not known, or how many lines there are."""

    amount: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What to ask of a store for a rule set on a day."""

    asked: tuple[Sum, ...]
    parts: tuple[tuple[Limit, Compiled, tuple[tuple[int, int], ...]], ...]
    """Of each limit, which sums count with how many parts for one smallest unit; 0 parts: such lines puzzle it."""


def sums_for(rules: Rules, on: date, entitlement: Entitlement, *, strict: bool = True) -> Sums | None:
    """Return what to ask of a store for every limit that counts over time; None when lines have to be read."""
    asked: dict[Sum, int] = {}
    told: list[tuple[Limit, Compiled, tuple[tuple[int, int], ...]]] = []
    for limit in entitlement.binding(rules, on):
        if isinstance(limit.window, Transaction | Possession) or not limit.terms:
            continue
        rule = compiled(rules, limit)
        if not isinstance(limit.window, RollingDays | CalendarDay | CalendarWeek | CalendarMonth) or not rule.is_linear:
            return None
        span = limit.window.span(on.toordinal(), (), None, strict=strict)
        told.append((limit, rule, tuple(_sums(rules, rule, span, asked))))
    return Sums(tuple(asked), tuple(told))


def _sums(rules: Rules, rule: Compiled, span: Span, asked: dict[Sum, int]) -> list[tuple[int, int]]:
    first = date.fromordinal(span.first)
    if rules.ignores_before is not None:
        first = max(first, rules.ignores_before)
    last = None if span.last >= FOREVER else date.fromordinal(span.last)
    alike: dict[tuple[Basis, int], list[str]] = {}
    for category, weights in rule.weights.items():
        for weight in weights:
            alike.setdefault((weight.measure, weight.parts), []).append(category)
    wanted = [(Sum(first, last, tuple(categories), measure), parts) for (measure, parts), categories in alike.items()]
    wanted.append((Sum(first, last, tuple(sorted(rules.listed - rule.limit.unknown)), None, is_but=True), 0))
    return [(asked.setdefault(each, len(asked)), parts) for each, parts in wanted]


def used(sums: Sums, totals: Sequence[Total]) -> list[tuple[Limit, Figure]]:
    """Return what was used of each limit, from the totals of what was asked, in its unit."""
    return [(limit, _used(sums, rule, parts, totals)) for limit, rule, parts in sums.parts]


def _used(sums: Sums, rule: Compiled, parts: Sequence[tuple[int, int]], totals: Sequence[Total]) -> Figure:
    amount = 0
    for index, each in parts:
        total, measure = totals[index], sums.asked[index].measure
        if total.unknown and measure is None:
            return CannotTell("something was dispensed of which no conversion is published")
        if total.unknown and measure is not None:
            return CannotTell(f"the {MEASURE_WORDS[measure]} of something that was dispensed is not known")
        amount += total.amount * each
    return Fraction(amount, rule.unit)
