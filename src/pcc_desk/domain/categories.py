"""What the limits together leave of a category of product: the minimum over them, and when more comes back."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.counter import Release
from pcc_desk.domain.entitlement import Figure
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import AgeBar, Limit, Rules
from pcc_desk.domain.standing import Bound, CategoryStanding, LimitStanding, NotForAge, NotLimited
from pcc_desk.domain.weighing import Compiled
from pcc_desk.domain.windows import FOREVER, RollingDays, Span


def left_on(standing: LimitStanding, day: date) -> Figure:
    """Return the least that is certainly left of a limit at the start of a later day, if nothing more is bought."""
    if isinstance(standing.left, CannotTell):
        return standing.left
    counter = standing.counter
    span = counter.span(day.toordinal())
    amount = counter.amount(day, span)
    if isinstance(amount, CannotTell):
        return amount
    own = counter.left(day)
    known = [amount]
    if not isinstance(own, CannotTell):
        known.append(own)
    if not isinstance(standing.registry_left, CannotTell) and not _has_reset(standing, day):
        back = sum((each.amount for each in standing.registry_releases if each.on <= day), Fraction(0))
        known.append(standing.registry_left + back)
    if len(known) == 1 and isinstance(own, CannotTell):
        return own
    return max(min(known), Fraction(0))


def _has_reset(standing: LimitStanding, day: date) -> bool:
    """Whether the period of which the registry spoke is over by a day."""
    span = standing.span
    return isinstance(span, Span) and span.resets_on is not None and span.resets_on <= day.toordinal()


def category_standings(
    rules: Rules, limits: Sequence[LimitStanding], on: date, only: frozenset[str] | None, years: int | None = None
) -> tuple[CategoryStanding, ...]:
    """Return the standing of every category that the rules name, in the order of the file.

    `only` are the categories that may be sold at all while the registry is out; None: no such list. `years`: how old
    the patient is; None: not known.
    """
    named = rules.worked_out.get("categories")
    if not isinstance(named, tuple):
        named = rules.worked_out["categories"] = (*rules.categories, *sorted(rules.excluded))
    return tuple(
        _for_nobody_so_young(category, bar)
        if (bar := rules.barred(category, years)) is not None
        else _category_standing(category, rules, limits, on, only)
        for category in named
    )


def _for_nobody_so_young(category: str, bar: AgeBar) -> CategoryStanding:
    return CategoryStanding(category, None, NotForAge(bar), NotForAge(bar), None)


def _category_standing(
    category: str, rules: Rules, limits: Sequence[LimitStanding], on: date, only: frozenset[str] | None
) -> CategoryStanding:
    if only is not None and category not in only:
        return _untold(category, "the rules name no amount of it for while the registry is out")
    speaking = [each for each in limits if each.counter.rule.speaks_of(category) and not each.limit.is_per_item]
    if not speaking:
        if category in rules.excluded:
            return CategoryStanding(category, None, NotLimited(), NotLimited(), None)
        return _untold(category, "no limit speaks of it; ask the registry")
    for each in speaking:
        if category in each.limit.unknown:
            return _untold(category, "no conversion is published; ask the registry", each.limit)
        if isinstance(each.left, CannotTell):
            return _untold(category, each.left.reason, each.limit, _conversion(each.counter.rule, category)[0])
    bounds = [_bound(each, category, each.left) for each in speaking]
    main = _first_measured(bounds)
    alike = [each for each in bounds if _is_alike(each.basis, main.basis)]
    least = min(alike, key=lambda each: each.amount)
    others = [each for each in bounds if each not in alike]
    now = 0 if any(each.amount == 0 for each in others) else least.amount
    binding = least if now == least.amount else next(each for each in others if each.amount == 0)
    return CategoryStanding(
        category,
        least.basis,
        now,
        _whole(category, [each for each, bound in zip(speaking, bounds, strict=True) if bound in alike]),
        binding.limit,
        tuple(each for each in others if each.basis is not Basis.VISIT),
        is_at_most=bool([each for each in others if each.basis is not Basis.VISIT])
        or any(_is_summed(each.counter.rule, category) for each in speaking),
        outlook=_Ahead(category, tuple(speaking), main.basis, on, now),
    )


def _whole(category: str, limits: Sequence[LimitStanding]) -> int | CannotTell:
    """Return what limits allow of a category with nothing bought."""
    for each in limits:
        if isinstance(each.amount, CannotTell):
            return each.amount
    return min(_bound(each, category, each.amount).amount for each in limits)


def _untold(category: str, reason: str, binding: Limit | None = None, basis: Basis | None = None) -> CategoryStanding:
    return CategoryStanding(category, basis, CannotTell(reason), CannotTell(reason), binding)


def _bound(standing: LimitStanding, category: str, left: Figure) -> Bound:
    """Return what a limit leaves of a category; nothing when that cannot be told."""
    basis, per, rounds_up = _conversion(standing.counter.rule, category)
    if isinstance(left, CannotTell):
        return Bound(basis, 0, standing.limit)
    units = Fraction(_floor(left)) if rounds_up else left
    amount = _floor(units * per)
    return Bound(basis, amount - amount % 1000 if basis is Basis.VISIT else amount, standing.limit)


def _conversion(rule: Compiled, category: str) -> tuple[Basis, Fraction, bool]:
    """Return by what a category is measured for a limit, and the least that uses up one unit of it.

    Where it goes by potency, the tier that uses up most: which product it will be is not known yet. Where several
    measures are added up, the first of them.
    """
    weights = rule.weights[category]
    basis = weights[0].measure
    per = min(weight.term.per for weight in weights if weight.measure is basis)
    return basis, per, any(weight.rounds_up for weight in weights)


def _is_summed(rule: Compiled, category: str) -> bool:
    """Whether several measures of one product are added up."""
    return len({weight.measure for weight in rule.weights[category]}) > 1


def _first_measured(bounds: Iterable[Bound]) -> Bound:
    """Return the first bound by something that can be weighed, poured or counted out; else the first."""
    listed = list(bounds)
    return next((each for each in listed if each.basis is not Basis.VISIT), listed[0])


_ALIKE = {Basis.NET_OZ: Basis.NET_G, Basis.NET_FLOZ: Basis.NET_ML}


def _is_alike(one: Basis, other: Basis) -> bool:
    """Whether two measures have the same smallest unit, so that their amounts compare."""
    return _ALIKE.get(one, one) is _ALIKE.get(other, other)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The later days of one category. It is the minimum over the limits on each, not the sum of what comes back.

    What was bought elsewhere comes back on a day we do not know, so an amount is the least that is certain.
    """

    category: str
    limits: tuple[LimitStanding, ...]
    basis: Basis
    on: date
    now: int

    def schedule(self) -> Iterator[Release]:
        """Yield each later day on which more may be dispensed, and how much more than on the one before.

        It ends before the first day on which less may be, as when a waiver runs out, or nobody knows.
        """
        courses = [Course(each) for each in self.limits]
        before = self.now
        days = {day for course in courses for day in course.days if self.on.toordinal() < day <= FOREVER}
        for day in sorted(days):
            least: int | None = None
            for course in courses:
                left = course.left(day)
                if isinstance(left, CannotTell):
                    return
                bound = _bound(course.standing, self.category, left)
                if _is_alike(bound.basis, self.basis) or bound.amount == 0:
                    least = bound.amount if least is None else min(least, bound.amount)
            if least is not None and least < before:
                return
            if least is not None and least > before:
                yield Release(date.fromordinal(day), Fraction(least - before))
                before = least


class Course:
    """How one limit goes on from here, if nothing more is bought: on which days something happens, and what is left."""

    def __init__(self, standing: LimitStanding) -> None:
        self.standing = standing
        own, registry = standing.releases, standing.registry_releases
        amounts = standing.counter.entitlement.amounts
        is_known = not isinstance(standing.own_left, CannotTell)
        self._is_simple = isinstance(standing.limit.window, RollingDays) and not amounts and is_known
        self.days = {each.on.toordinal() for each in (*own, *registry)}
        if isinstance(standing.span, Span) and standing.span.resets_on is not None:
            self.days.add(standing.span.resets_on)
        for each in amounts:
            if each.limit_id == standing.limit.id:
                self.days |= {each.starts.toordinal(), each.ends.toordinal() + 1}
        self._sides = [
            (left, *_cumulated(releases))
            for left, releases in ((standing.own_left, own), (standing.registry_left, registry))
            if not isinstance(left, CannotTell)
        ]

    def left(self, day: int) -> Figure:
        """Return the least that is certainly left at the start of a day."""
        standing = self.standing
        if isinstance(standing.left, CannotTell) or isinstance(standing.amount, CannotTell) or not self._is_simple:
            return left_on(standing, date.fromordinal(day))
        known = standing.amount
        for left, days, sums in self._sides:
            known = min(known, left + sums[bisect_right(days, day)])
        return max(known, Fraction(0))


def _cumulated(releases: Sequence[Release]) -> tuple[list[int], list[Fraction]]:
    sums = [Fraction(0)]
    for each in releases:
        sums.append(sums[-1] + each.amount)
    return [each.on.toordinal() for each in releases], sums


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
