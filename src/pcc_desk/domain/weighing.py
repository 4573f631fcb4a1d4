"""What the lines of a sale use up of a limit, in whole numbers.

Rules are compiled once: each limit gets the least whole number of parts into which its unit, its amount and every
conversion can be divided, so that a share of it is a whole number of parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Protocol

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.quantity import rounded_down
from pcc_desk.domain.rules import Limit, Potency, Rules, Term

Parts = int | CannotTell
"""So many parts of a limit, or that it cannot be told."""


class Weighable(Protocol):
    """Something that uses up a limit: a line of a sale that was made, or of one that somebody wants to make."""

    @property
    def category(self) -> str:
        """The category of the rule files."""
        ...

    @property
    def product(self) -> str:
        """Which product it is; two lines of one product have the same."""
        ...

    @property
    def measures(self) -> Measures:
        """What it amounts to."""
        ...

    @property
    def thc_percent(self) -> Fraction | None:
        """THC in percent of the weight as the label says; None: told from the measures."""
        ...


@dataclass(frozen=True, slots=True)
class Weight:
    """A conversion in whole numbers: a measure times `parts` is its share in parts of the limit."""

    term: Term
    measure: Basis
    parts: int
    where: Potency | None
    rounds_up: bool


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A limit in whole numbers."""

    limit: Limit
    unit: int
    """Parts in one unit of the limit."""
    weights: dict[str, tuple[Weight, ...]]
    """By category."""
    listed: frozenset[str]
    """The categories that any limit of the rule set names. One that none names counts by no known conversion."""
    is_linear: bool
    """Whether the share of a sum is the sum of the shares: no tiers, no rounding, no counting of sales."""

    def speaks_of(self, category: str) -> bool:
        """Whether a category counts here, by whatever conversion."""
        return category in self.weights or category in self.limit.unknown

    def weighs(self, category: str) -> bool:
        """Whether a category counts here by a known conversion."""
        return category in self.weights

    def puzzles(self, category: str) -> bool:
        """Whether a category counts here by a conversion that nobody knows."""
        if category in self.limit.unknown:
            return True
        return bool(self.limit.terms or self.limit.unknown) and category not in self.listed


def _compiled(limit: Limit, listed: frozenset[str]) -> Compiled:
    shares = [(1000 if term.basis is Basis.VISIT else 1) / term.per for term in limit.terms]
    amounts = [each for each in (limit.amount, limit.first_amount) if each is not None]
    unit = lcm(*(each.denominator for each in (*shares, *amounts)), 1)
    weights: dict[str, tuple[Weight, ...]] = {}
    for term, share in zip(limit.terms, shares, strict=True):
        weight = Weight(term, term.basis, int(share * unit), term.where, term.rounds_up)
        for category in term.categories:
            weights[category] = (*weights.get(category, ()), weight)
    is_linear = not any(term.where or term.rounds_up or term.basis is Basis.VISIT for term in limit.terms)
    return Compiled(limit, unit, weights, listed, is_linear)


def compiled(rules: Rules, limit: Limit) -> Compiled:
    """Return a limit of a rule set in whole numbers; worked out once for each."""
    found = rules.worked_out.get(limit.id)
    if not isinstance(found, Compiled) or found.limit is not limit:
        found = rules.worked_out[limit.id] = _compiled(limit, rules.listed)
    return found


def weigh(rule: Compiled, items: Iterable[Weighable]) -> Parts:
    """Return what the lines of one sale use up of a limit, in its parts."""
    total, visits = 0, 0
    whole: dict[tuple[Term, str], int] = {}
    for item in items:
        weights = rule.weights.get(item.category)
        if weights is None:
            if rule.puzzles(item.category):
                return CannotTell(f"no conversion of {item.category} is published; ask the registry")
            continue
        for weight in _that_hold(weights, item):
            if isinstance(weight, CannotTell):
                return weight
            if weight.measure is Basis.VISIT:
                visits = max(visits, weight.parts)
                continue
            measure = item.measures.of(weight.measure)
            if measure is None:
                return CannotTell(f"the {MEASURE_WORDS[weight.measure]} of {item.product} is not known")
            if weight.rounds_up:
                key = weight.term, item.product
                whole[key] = whole.get(key, 0) + measure * weight.parts
            else:
                total += measure * weight.parts
    return total + visits + sum(-(-parts // rule.unit) * rule.unit for parts in whole.values())


def _that_hold(weights: tuple[Weight, ...], item: Weighable) -> Iterable[Weight | CannotTell]:
    """Yield the conversions that hold for a line; where they go by potency, the one of its tier."""
    if all(weight.where is None for weight in weights):
        yield from weights
        return
    percent = item.thc_percent if item.thc_percent is not None else item.measures.thc_percent
    if percent is None:
        yield CannotTell(f"the THC content of {item.product} is not known")
        return
    holding = [weight for weight in weights if weight.where is None or weight.where.holds(percent)]
    yield from holding
    if not holding:
        yield CannotTell(f"no conversion is published for {item.product} with {rounded_down(percent, 2)} % THC")


MEASURE_WORDS = {
    Basis.NET_G: "net weight",
    Basis.NET_OZ: "net weight",
    Basis.NET_ML: "volume",
    Basis.NET_FLOZ: "volume",
    Basis.THC_MG: "THC content",
    Basis.OTHER_CANNABINOID_MG: "content of other cannabinoids",
    Basis.PRODUCER_EQUIV_G: "equivalent weight that the producer states",
    Basis.COUNT: "number of pieces",
    Basis.DOSE: "number of daily doses",
    Basis.VISIT: "number of sales",
}
