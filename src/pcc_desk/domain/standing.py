"""A patient's standing: the shapes of the answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.counter import Counter, Release
from pcc_desk.domain.entitlement import Figure
from pcc_desk.domain.products import Basis
from pcc_desk.domain.registry_figures import Asking, registry_releases
from pcc_desk.domain.rules import AgeBar, Limit, Rules
from pcc_desk.domain.windows import Span


@dataclass(frozen=True, slots=True)
class NotLimited:
    """No limit counts it: the rules say so."""


@dataclass(frozen=True, slots=True)
class NotForAge:
    """The patient is too young for it, whatever is left of the limits."""

    bar: AgeBar

    def __str__(self) -> str:
        """Return it as a clause."""
        return str(self.bar)


@dataclass(frozen=True, slots=True)
class LimitStanding:
    """One limit for one patient at one moment, in the limit's own unit."""

    limit: Limit
    amount: Figure
    """What it allows this patient now."""
    used: Figure
    """By our own record."""
    own_left: Figure
    """The amount less what was used and what is set aside elsewhere; below zero when too much was."""
    registry_left: Figure
    """The registry's figure less what was dispensed here and it cannot have seen; below zero when that was too much."""
    left: Figure
    """What counts: the lower of the two, and never below zero."""
    held: Fraction
    """What is set aside for this patient in another visit."""
    remark: str
    """Where the amount comes from, when not from the rule alone."""
    span: Span | CannotTell
    """The days whose purchases count."""
    counter: Counter = field(compare=False, repr=False)
    asking: Asking = field(compare=False, repr=False)

    @property
    def releases(self) -> tuple[Release, ...]:
        """When our own purchases come back. Worked out when asked for."""
        return self.counter.releases(self.span, self.used)

    @property
    def registry_releases(self) -> tuple[Release, ...]:
        """Those of them that the registry's figure surely still lacks. Worked out when asked for.

        It may give back on the earlier of disputed days.
        """
        return registry_releases(self.counter, self.asking, self.span)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a limit leaves of a category, in the smallest unit of the basis, rounded down."""

    basis: Basis
    amount: int
    limit: Limit


class Outlook(Protocol):
    """Sees ahead: on which later days more may be dispensed."""

    def schedule(self) -> Iterator[Release]:
        """Yield each later day on which more may be dispensed, and how much more than on the one before."""
        ...


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """How much of a category of product may be dispensed now, in mg, µL, µg or thousandths of a piece or dose."""

    category: str
    basis: Basis | None
    now: int | CannotTell | NotLimited | NotForAge
    whole: int | CannotTell | NotLimited | NotForAge
    """What it would be with nothing bought: the full bar."""
    binding: Limit | None
    """The limit that sets `now`; None when nothing does."""
    beside: tuple[Bound, ...] = ()
    """Limits that count it by another measure. They bind as well: `now` is then the most, and not surely so much."""
    is_at_most: bool = False
    """Whether something else of the product counts too, so that a product may be allowed less than `now`."""

    outlook: Outlook | None = field(default=None, compare=False, repr=False)

    @property
    def releases(self) -> tuple[Release, ...]:
        """The merged schedule: each later day on which more may be dispensed, and how much more than on the one before.

        Worked out when asked for.
        """
        return () if self.outlook is None else tuple(self.outlook.schedule())

    @property
    def then(self) -> Release | None:
        """The next day on which more may be dispensed, and how much more than now."""
        return None if self.outlook is None else next(self.outlook.schedule(), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole answer for one patient on one day."""

    rules: Rules
    on: date
    asked_at: datetime | None
    limits: tuple[LimitStanding, ...]
    categories: tuple[CategoryStanding, ...]
    rests_on_own_record: bool
    """Whether our own sums decide: the registry was out of reach and the law lets the shop go on, or it has no say."""
    is_trusted: bool
    """Whether the rules may decide without the registry: not of low confidence, or confirmed by the shop."""
    only_in_outage: frozenset[str] | None = None
    """The categories that may be sold while the registry is out, where the law names them. None: no such list."""
    years: int | None = None
    """How old the patient is; None: not known, and nothing is kept from them for that."""
