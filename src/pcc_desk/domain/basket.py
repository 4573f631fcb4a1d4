"""Whether a basket may be dispensed, and how much of each line would fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, Self

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.products import Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.rules import Limit
from pcc_desk.domain.standing import LimitStanding, Standing
from pcc_desk.domain.weighing import Compiled, Parts, Weighable, weigh

SCALE_STEP_MG = 10
"""What the counter's scale shows: 0.01 g."""


class Wanted(Weighable, Protocol):
    """A line of a basket: so many steps of what the scale or the hand can part."""

    @property
    def item(self) -> Measures:
        """What one item of it amounts to."""
        ...

    @property
    def most_steps(self) -> int:
        """The most steps there can be of it."""
        ...

    def of_steps(self, steps: int) -> Self:
        """Return so many steps of the same."""
        ...


@dataclass(frozen=True, slots=True)
class Proposed:
    """A quantity of a package that somebody wants to hand over."""

    package: Package
    quantity: Quantity

    @property
    def category(self) -> str:
        """The package's."""
        return self.package.category

    @property
    def product(self) -> str:
        """The package's."""
        return self.package.product

    @property
    def measures(self) -> Measures:
        """What the quantity amounts to."""
        return self.package.measures(self.quantity)

    @property
    def thc_percent(self) -> Fraction | None:
        """Told from the measures."""
        return None

    @property
    def item(self) -> Measures:
        """What one piece amounts to; of what is weighed out, all of it."""
        one = Quantity(1000, Unit.EACH) if self.quantity.unit is Unit.EACH else self.quantity
        return self.package.measures(one)

    @property
    def step(self) -> int:
        """One step, in thousandths of the unit."""
        return SCALE_STEP_MG if self.quantity.unit is Unit.GRAMS else 1000

    @property
    def most_steps(self) -> int:
        """What the package holds."""
        return self.package.remaining.milli // self.step

    def of_steps(self, steps: int) -> "Proposed":
        """Return so many steps of the same package."""
        return Proposed(self.package, Quantity(steps * self.step, self.quantity.unit))


@dataclass(frozen=True, slots=True)
class Fits:
    """Within every limit. `left` is what remains of the tightest one afterwards; None and zero when none counts it."""

    limit: Limit | None
    left: Fraction


@dataclass(frozen=True, slots=True)
class OverLimit:
    """Over a limit by so much of its unit; `largest` is the most of each line that fits with the others as they are."""

    limit: Limit
    over: Fraction
    largest: tuple[Quantity, ...]
    exceeded: tuple[tuple[Limit, Fraction], ...] = ()
    """Every limit that it is over, and by how much, in the order of the rules."""
    held: Fraction = Fraction(0)
    """What of the limit is set aside for the patient in another visit."""


Verdict = Fits | OverLimit | CannotTell


def judge(standing: Standing, lines: Sequence[Proposed]) -> Verdict:
    """Return whether all of `lines` together may be dispensed.

    The tightest limit is named when they fit, the most exceeded one (as a share of its amount) when they do not.
    """
    found = weighed(standing, lines) if lines else CannotTell("there is nothing to judge")
    if isinstance(found, CannotTell):
        return found
    over = [(each.limit, -after) for each, after in found if after < 0]
    if over:
        largest = tuple(largest_fit(standing, lines, index) for index in range(len(lines)))
        worst = max(over, key=lambda pair: _share_of_amount(standing, *pair))
        held = next(each.held for each in standing.limits if each.limit is worst[0])
        return OverLimit(*worst, largest, tuple(over), held)
    if not found:
        return Fits(None, Fraction(0))
    tightest, after = min(found, key=lambda pair: _share_of_amount(standing, pair[0].limit, pair[1]))
    return Fits(tightest.limit, after)


def _share_of_amount(standing: Standing, limit: Limit, part: Fraction) -> Fraction:
    amount = next(each.amount for each in standing.limits if each.limit is limit)
    return part / amount if isinstance(amount, Fraction) and amount > 0 else part


def weighed(standing: Standing, lines: Sequence[Wanted]) -> list[tuple[LimitStanding, Fraction]] | CannotTell:
    """Return what would be left of each limit that speaks of the lines, below zero when they are too much.

    Of a limit on each item it is what the heaviest item leaves.
    """
    why_not = _cannot_be_sold(standing, lines)
    if why_not is not None:
        return why_not
    found = []
    for each in standing.limits:
        if not any(each.counter.rule.speaks_of(line.category) for line in lines):
            continue
        parts = _needed(each.counter.rule, lines)
        if isinstance(parts, CannotTell):
            return parts
        if isinstance(each.left, CannotTell):
            return each.left
        found.append((each, each.left - Fraction(parts, each.counter.rule.unit)))
    return found


def _cannot_be_sold(standing: Standing, lines: Sequence[Wanted]) -> CannotTell | None:
    """Return why of a line nothing can be told by any limit; None when of each something can.

    That somebody is too young is said before by whoever asks; here it only keeps a line from ever fitting.
    """
    for line in lines:
        bar = standing.rules.barred(line.category, standing.years)
        if bar is not None:
            return CannotTell(str(bar))
        only = standing.only_in_outage
        if only is not None and line.category not in only:
            return CannotTell(f"the rules name no amount of {line.category} for while the registry is out")
        if line.category in standing.rules.excluded:
            continue
        if not any(each.counter.rule.speaks_of(line.category) for each in standing.limits):
            return CannotTell(f"no limit speaks of {line.category}; ask the registry")
    return None


def _needed(rule: Compiled, lines: Sequence[Wanted]) -> Parts:
    if not rule.limit.is_per_item:
        return weigh(rule, lines)
    heaviest = 0
    for line in lines:
        parts = weigh(rule, [_Item(line)])
        if isinstance(parts, CannotTell):
            return parts
        heaviest = max(heaviest, parts)
    return heaviest


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a line."""

    line: Wanted

    @property
    def category(self) -> str:
        return self.line.category

    @property
    def product(self) -> str:
        return self.line.product

    @property
    def measures(self) -> Measures:
        return self.line.item

    @property
    def thc_percent(self) -> Fraction | None:
        return self.line.thc_percent


def fits(standing: Standing, lines: Sequence[Wanted]) -> bool:
    """Whether all lines together are known to be within every limit."""
    found = weighed(standing, lines)
    return not isinstance(found, CannotTell) and all(after >= 0 for _, after in found)


def largest_fit(standing: Standing, lines: Sequence[Proposed], index: int) -> Quantity:
    """Return the most of one line that fits beside the others as they are, on the scale's step; zero when none does."""
    return lines[index].of_steps(steps_that_fit(standing, lines, index)).quantity


def steps_that_fit(standing: Standing, lines: Sequence[Wanted], index: int) -> int:
    """Return the most steps of one line that fit beside the others as they are; zero when none does."""
    line = lines[index]
    others = [*lines[:index], *lines[index + 1 :]]
    fitting, too_many = 0, line.most_steps + 1
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        if fits(standing, [*others, line.of_steps(middle)]):
            fitting = middle
        else:
            too_many = middle
    return fitting
