"""What was used of the limits, out of sums that a store makes by itself, without a look at each line.

For lists of many patients. Only limits that simply add up over the days of a calendar or the last so many days can be
told so; `sums_for` says when that is not so. A line that is not told by the sums alone spoils them, and the store says
so: then the patient's history is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pcc_desk.domain.entitlement import Entitlement
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.domain.weighing import Compiled, compiled
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
    """A sum of a measure over some categories from a day to a day, both included. `last` None: without end."""

    measure: Basis
    categories: tuple[str, ...]
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """One sum of a limit: which of the sums asked it is, and how many parts of the limit one smallest unit takes."""

    index: int
    parts: int


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What to ask of a store for a rule set on a day."""

    asked: tuple[Sum, ...]
    first: date
    """The first day of all."""
    measured: tuple[tuple[Basis, tuple[str, ...]], ...]
    """Each measure with the categories that it must be known of; a line of which it is not spoils the sums."""
    categories: tuple[str, ...]
    """The categories of which it is known how they count; a line of any other spoils the sums."""
    limits: tuple[tuple[Limit, int, tuple[Part, ...]], ...]
    """Each limit with the parts in its unit, and its sums."""


def sums_for(rules: Rules, on: date, entitlement: Entitlement, *, strict: bool = True) -> Sums | None:
    """Return what to ask of a store for every limit that counts over time; None when lines have to be read."""
    asked: dict[Sum, int] = {}
    limits: list[tuple[Limit, int, tuple[Part, ...]]] = []
    measured: dict[Basis, set[str]] = {}
    known = set(rules.listed)
    for limit in entitlement.binding(rules, on):
        if isinstance(limit.window, Transaction | Possession) or not limit.terms:
            continue
        rule = compiled(rules, limit)
        if not isinstance(limit.window, RollingDays | CalendarDay | CalendarWeek | CalendarMonth) or not rule.is_linear:
            return None
        span = limit.window.span(on.toordinal(), (), None, strict=strict)
        limits.append((limit, rule.unit, tuple(_parts(rules, rule, span, asked))))
        known -= limit.unknown
        for category, weights in rule.weights.items():
            for weight in weights:
                measured.setdefault(weight.measure, set()).add(category)
    return Sums(
        asked=tuple(asked),
        first=min((each.first for each in asked), default=on),
        measured=tuple((measure, tuple(sorted(measured[measure]))) for measure in measured),
        categories=tuple(sorted(known)),
        limits=tuple(limits),
    )


def _parts(rules: Rules, rule: Compiled, span: Span, asked: dict[Sum, int]) -> list[Part]:
    first = date.fromordinal(span.first)
    if rules.ignores_before is not None:
        first = max(first, rules.ignores_before)
    last = None if span.last >= FOREVER else date.fromordinal(span.last)
    alike: dict[tuple[Basis, int], list[str]] = {}
    for category, weights in rule.weights.items():
        for weight in weights:
            alike.setdefault((weight.measure, weight.parts), []).append(category)
    return [
        Part(asked.setdefault(Sum(measure, tuple(categories), first, last), len(asked)), parts)
        for (measure, parts), categories in alike.items()
    ]


def used(sums: Sums, totals: Sequence[int]) -> list[tuple[Limit, Fraction]]:
    """Return what was used of each limit, in its unit, from what its sums came to."""
    return [
        (limit, Fraction(sum(totals[part.index] * part.parts for part in parts), unit))
        for limit, unit, parts in sums.limits
    ]
