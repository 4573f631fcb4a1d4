"""Purchase limits as data: a limit is a bound on a weighted sum over a window.

    used = Σ over counted purchases in the window of quantity / per,     allowed when used + sale ≤ amount

The shapes are those of `data/jurisdictions`; exact fractions throughout. See `pcc_desk.rulebook` for reading the files.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from pcc_desk.domain.products import Basis


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Counts purchases of the same day of the shop's calendar."""

    def counts(self, bought: date, on: date) -> bool:
        """Whether a purchase made on `bought` counts against a sale made on `on`."""
        return bought == on

    def surely_counts(self, bought: date, on: date) -> bool:
        """Whether nobody who applies the rule could have let go of the purchase by `on`."""
        return self.counts(bought, on)

    def returns_on(self, bought: date) -> date:
        """Return the first day on which a purchase made on `bought` counts no longer."""
        return bought + timedelta(days=1)

    def __str__(self) -> str:
        return "a day"


@dataclass(frozen=True, slots=True)
class RollingDays:
    """Counts purchases while (day of sale - day of purchase) < `returns`.

    `returns_safe` is a later day on which the amount is certainly back, for rules whose return day is disputed; it is
    the one used.
    """

    days: int
    returns: int
    returns_safe: int

    def counts(self, bought: date, on: date) -> bool:
        """Whether a purchase made on `bought` counts against a sale made on `on`; later purchases count too."""
        return (on - bought).days < self.returns_safe

    def surely_counts(self, bought: date, on: date) -> bool:
        """Whether nobody who applies the rule could have let go of the purchase by `on`: the earlier return day."""
        return (on - bought).days < self.returns

    def returns_on(self, bought: date) -> date:
        """Return the first day on which a purchase made on `bought` counts no longer."""
        return bought + timedelta(days=self.returns_safe)

    def __str__(self) -> str:
        return f"{self.days} days"


Window = CalendarDay | RollingDays


@dataclass(frozen=True, slots=True)
class Term:
    """One unit of the limit is used up by `per` of `basis` (in its smallest unit: mg, µL, µg, thousandths)."""

    categories: tuple[str, ...]
    basis: Basis
    per: Fraction


@dataclass(frozen=True, slots=True)
class RegistryColumn:
    """Where the registry's own figure for a limit stands in its answer."""

    days: int
    column: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on a weighted sum over a window."""

    id: str
    amount: Fraction
    unit: str
    window: Window
    terms: tuple[Term, ...]
    unknown: frozenset[str]
    """Categories that do count, but by a conversion that nobody published."""
    excluded: frozenset[str]
    registry: RegistryColumn | None = None

    def term(self, category: str) -> Term | None:
        """Return the term a category is weighed by; None when it is excluded or its conversion is not known."""
        return next((term for term in self.terms if category in term.categories), None)


@dataclass(frozen=True, slots=True)
class OutageRule:
    """What the law lets a shop do while the registry is out of reach."""

    sales_allowed: bool
    why: str
    entry_deadline_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one jurisdiction in force on one day."""

    jurisdiction: str
    """The short code: MI."""
    name: str
    ruleset: str
    as_of: date
    citation: tuple[str, ...]
    limits: tuple[Limit, ...]
    outage: OutageRule

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that a limit speaks of, in the order of the file."""
        named: dict[str, None] = {}
        for limit in self.limits:
            for term in limit.terms:
                named.update(dict.fromkeys(term.categories))
            named.update(dict.fromkeys(sorted(limit.unknown)))
        return tuple(named)
