"""What may be dispensed now, exactly, and how that is known.

Three kinds of figure are kept apart: a number, zero, and `CannotTell` with its reason. A registry figure is never
raised by our own sum, nor our sum by the registry's: the lower wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.products import Basis, Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, RegistryAnswer, RegistryStanding
from pcc_desk.domain.rules import CalendarDay, Limit, Rules

REGISTRY_CACHE = timedelta(seconds=60)
"""METRC may answer with patient data up to a minute old (state-systems reference, section 2.7)."""

SCALE_STEP_MG = 10
"""What the counter's scale shows: 0.01 g."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """A figure nobody knows. `reason` is a clause to be read aloud."""

    reason: str


Figure = Fraction | CannotTell


@dataclass(frozen=True, slots=True)
class Purchase:
    """A line that was dispensed here, as the limits count it."""

    on: date
    at: datetime
    category: str
    measures: Measures
    product: str
    quantity: Quantity
    is_posted: bool
    posted_at: datetime | None
    """When the state's acceptance was recorded."""

    def may_be_unseen(self, asked_at: datetime) -> bool:
        """Whether an answer asked for at `asked_at` may lack this purchase: not posted by then, or too lately."""
        return self.posted_at is None or self.posted_at > asked_at - REGISTRY_CACHE


@dataclass(frozen=True, slots=True)
class Release:
    """How much comes back on a day, at the start of it. In the limit's unit, or in the category's smallest one."""

    on: date
    amount: Fraction


@dataclass(frozen=True, slots=True)
class LimitStanding:
    """One limit for one patient at one moment, in the limit's own unit."""

    limit: Limit
    used: Figure
    """By our own record."""
    own_left: Figure
    """The amount less what was used; below zero when too much was."""
    registry_left: Figure
    """The registry's figure less what was dispensed here and it cannot have seen; below zero when that was too much."""
    left: Figure
    """What counts: the lower of the two, and never below zero."""
    releases: tuple[Release, ...]
    """When our own purchases come back."""
    registry_releases: tuple[Release, ...]
    """Those of them that the registry's figure surely still lacks: it may give back on the earlier of disputed days."""


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """How much of a category of product may be dispensed now, in mg, µL, µg or thousandths of a piece."""

    category: str
    basis: Basis | None
    now: int | CannotTell
    whole: int | CannotTell
    """What it would be with nothing bought: the full bar."""
    binding: Limit | None
    """The limit that sets `now`; None when nothing does."""
    then: Release | None
    """The next day on which more may be dispensed, and how much more than now."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole answer for one patient on one day."""

    rules: Rules
    on: date
    asked_at: datetime | None
    limits: tuple[LimitStanding, ...]
    categories: tuple[CategoryStanding, ...]
    rests_on_own_record: bool
    """Whether the registry was out of reach and the law lets the shop go by its own record."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A quantity of a package that somebody wants to hand over."""

    package: Package
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Fits:
    """Within every limit. `left` is what remains of the tightest one afterwards."""

    limit: Limit
    left: Fraction


@dataclass(frozen=True, slots=True)
class OverLimit:
    """Over a limit by so much of its unit; `largest` is the most of each line that fits with the others as they are."""

    limit: Limit
    over: Fraction
    largest: tuple[Quantity, ...]


Verdict = Fits | OverLimit | CannotTell


def evaluate(
    rules: Rules,
    purchases: Sequence[Purchase],
    answer: RegistryAnswer,
    asked_at: datetime | None,
    on: date,
    *,
    go_by_own_record: bool = False,
) -> Standing:
    """Return a patient's standing on a business day.

    `answer` is what the registry said when asked at `asked_at`. With `go_by_own_record`, an outage (and only an outage)
    leaves our own sums to decide; otherwise nothing is known that the registry did not say.
    """
    own_decides = go_by_own_record and isinstance(answer, Unanswered) and answer.is_outage
    limits = tuple(
        _limit_standing(each, purchases, answer, asked_at, on, own_decides=own_decides) for each in rules.limits
    )
    return Standing(
        rules=rules,
        on=on,
        asked_at=asked_at,
        limits=limits,
        categories=tuple(_category_standing(category, limits, purchases, on) for category in rules.categories),
        rests_on_own_record=own_decides,
    )


def judge(standing: Standing, lines: Sequence[Proposed]) -> Verdict:
    """Return whether all of `lines` together may be dispensed.

    The tightest limit is named when they fit, the most exceeded one (as a share of its amount) when they do not.
    """
    tightest: Fits | None = None
    worst: tuple[Fraction, LimitStanding, Fraction] | None = None
    for each in standing.limits:
        needed = _needed(each.limit, lines)
        if isinstance(needed, CannotTell):
            return needed
        if needed == 0 and not _speaks_of(each.limit, lines):
            continue
        if isinstance(each.left, CannotTell):
            return each.left
        remaining = each.left - needed
        if remaining < 0:
            share = -remaining / each.limit.amount
            if worst is None or share > worst[0]:
                worst = share, each, -remaining
        elif tightest is None or remaining / each.limit.amount < tightest.left / tightest.limit.amount:
            tightest = Fits(each.limit, remaining)
    if worst is not None:
        largest = tuple(largest_fit(standing, lines, index) for index in range(len(lines)))
        return OverLimit(worst[1].limit, worst[2], largest)
    return tightest or CannotTell("no limit speaks of these products")


def largest_fit(standing: Standing, lines: Sequence[Proposed], index: int) -> Quantity:
    """Return the most of one line that fits beside the others as they are, on the scale's step; zero when none does."""
    line = lines[index]
    others = [*lines[:index], *lines[index + 1 :]]
    step = SCALE_STEP_MG if line.quantity.unit is Unit.GRAMS else 1000
    fitting, too_many = 0, line.package.remaining.milli // step + 1
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        if _fits(standing, [*others, Proposed(line.package, Quantity(middle * step, line.quantity.unit))]):
            fitting = middle
        else:
            too_many = middle
    return Quantity(fitting * step, line.quantity.unit)


def _fits(standing: Standing, lines: Sequence[Proposed]) -> bool:
    for each in standing.limits:
        needed = _needed(each.limit, lines)
        if isinstance(needed, CannotTell) or (isinstance(each.left, CannotTell) and _speaks_of(each.limit, lines)):
            return False
        if not isinstance(each.left, CannotTell) and needed > each.left:
            return False
    return True


def _speaks_of(limit: Limit, lines: Sequence[Proposed]) -> bool:
    return any(line.package.category not in limit.excluded for line in lines)


def _needed(limit: Limit, lines: Sequence[Proposed]) -> Figure:
    total = Fraction(0)
    for line in lines:
        share = _share(limit, line.package.category, line.package.measures(line.quantity), line.package.product)
        if isinstance(share, CannotTell):
            return share
        total += share
    return total


def _share(limit: Limit, category: str, measures: Measures, product: str) -> Figure:
    """Return what a quantity uses up of a limit."""
    if category in limit.excluded:
        return Fraction(0)
    term = limit.term(category)
    if term is None:
        return CannotTell(f"no conversion of {category} is published; ask the registry")
    amount = measures.of(term.basis)
    if amount is None:
        return CannotTell(f"the {_BASIS_WORDS[term.basis]} of {product} is not known")
    return Fraction(amount) / term.per


_BASIS_WORDS = {
    Basis.NET_G: "net weight",
    Basis.NET_OZ: "net weight",
    Basis.NET_ML: "volume",
    Basis.NET_FLOZ: "volume",
    Basis.THC_MG: "THC content",
    Basis.COUNT: "number of pieces",
}


def _limit_standing(
    limit: Limit,
    purchases: Sequence[Purchase],
    answer: RegistryAnswer,
    asked_at: datetime | None,
    on: date,
    *,
    own_decides: bool,
) -> LimitStanding:
    counted = [each for each in purchases if limit.window.counts(each.on, on)]
    used = _sum(limit, counted)
    own_left = used if isinstance(used, CannotTell) else limit.amount - used
    registry_left = _registry_left(limit, counted, answer, asked_at)
    surely_off = [each for each in counted if limit.window.surely_counts(each.on, on) or _is_unseen(each, asked_at)]
    return LimitStanding(
        limit=limit,
        used=used,
        own_left=own_left,
        registry_left=registry_left,
        left=_not_below_zero(own_left if own_decides else _lower(own_left, registry_left)),
        releases=_releases(limit, counted),
        registry_releases=_releases(limit, surely_off),
    )


def _lower(own: Figure, registry: Figure) -> Figure:
    """Return what counts. The registry sees every shop, we see one: without its figure nothing is known."""
    if isinstance(registry, CannotTell) or isinstance(own, CannotTell):
        return registry
    return min(own, registry)


def _not_below_zero(left: Figure) -> Figure:
    return left if isinstance(left, CannotTell) else max(left, Fraction(0))


def _sum(limit: Limit, purchases: Sequence[Purchase]) -> Figure:
    total = Fraction(0)
    for each in purchases:
        share = _share(limit, each.category, each.measures, each.product)
        if isinstance(share, CannotTell):
            return CannotTell(f"{each.product} was dispensed on {each.on:%d %b}, and {share.reason}")
        total += share
    return total


def _registry_left(
    limit: Limit, counted: Sequence[Purchase], answer: RegistryAnswer, asked_at: datetime | None
) -> Figure:
    match answer:
        case Unanswered(reason=reason):
            return CannotTell(reason)
        case CardNotFound(card_number=number):
            return CannotTell(f"the registry knows no card {number}")
        case RegistryStanding(active=False, card_number=number):
            return CannotTell(f"the registry says that card {number} is not active")
        case RegistryStanding():
            said = _registry_says(limit, answer)
    if isinstance(said, CannotTell):
        return said
    unseen = _sum(limit, [each for each in counted if _is_unseen(each, asked_at)])
    return unseen if isinstance(unseen, CannotTell) else said - unseen


def _is_unseen(purchase: Purchase, asked_at: datetime | None) -> bool:
    """Whether an answer may lack a purchase; one asked for at an unknown time may lack any."""
    return asked_at is None or purchase.may_be_unseen(asked_at)


def _registry_says(limit: Limit, answer: RegistryStanding) -> Figure:
    """Return the registry's figure for a limit: the lowest where its answer has several."""
    column = limit.registry
    if column is None:
        return CannotTell("the registry does not say this limit")
    rows = (each.figure(column.column) for each in answer.windows if each.days == column.days)
    figures = [Fraction(each) for each in rows if each is not None]
    if not figures:
        return CannotTell(f"the registry gave no {column.column} figure for {column.days} days")
    return min(figures)


def _releases(limit: Limit, counted: Sequence[Purchase]) -> tuple[Release, ...]:
    back: dict[date, Fraction] = {}
    for each in counted:
        share = _share(limit, each.category, each.measures, each.product)
        if not isinstance(share, CannotTell) and share > 0:
            day = limit.window.returns_on(each.on)
            back[day] = back.get(day, Fraction(0)) + share
    return tuple(Release(day, back[day]) for day in sorted(back))


def _category_standing(
    category: str, limits: Sequence[LimitStanding], purchases: Sequence[Purchase], on: date
) -> CategoryStanding:
    speaking = [each for each in limits if category not in each.limit.excluded]
    basis: Basis | None = None
    binding: tuple[int, Limit] | None = None
    whole: int | None = None
    for each in speaking:
        term = each.limit.term(category)
        if term is None:
            unknown = CannotTell("no conversion is published; ask the registry")
            return CategoryStanding(category, None, unknown, unknown, each.limit, None)
        if isinstance(each.left, CannotTell):
            return CategoryStanding(category, term.basis, each.left, each.left, each.limit, None)
        bound = _floor(each.left * term.per)
        basis = term.basis
        whole = (
            min(_floor(each.limit.amount * term.per), whole)
            if whole is not None
            else _floor(each.limit.amount * term.per)
        )
        if binding is None or bound < binding[0]:
            binding = bound, each.limit
    if binding is None or whole is None:
        nothing = CannotTell("no limit speaks of it")
        return CategoryStanding(category, basis, nothing, nothing, None, None)
    then = _next_release(category, speaking, on, binding[0])
    return CategoryStanding(category, basis, binding[0], whole, binding[1], then)


def _next_release(category: str, limits: Sequence[LimitStanding], on: date, now: int) -> Release | None:
    """Return the first day on which more than `now` may be dispensed.

    It is the minimum over the limits on that day, not the sum of what comes back. What was bought elsewhere comes back
    on a day we do not know, so the amount is the least that is certain.
    """
    days = {release.on for each in limits for release in each.releases}
    if any(isinstance(each.limit.window, CalendarDay) for each in limits):
        days.add(on + timedelta(days=1))
    for day in sorted(days):
        bounds = []
        for each in limits:
            term = each.limit.term(category)
            left = left_on(each, day)
            if term is None or isinstance(left, CannotTell):
                return None
            bounds.append(_floor(left * term.per))
        if min(bounds) > now:
            return Release(day, Fraction(min(bounds) - now))
    return None


def left_on(standing: LimitStanding, day: date) -> Figure:
    """Return the least that is certainly left of a limit at the start of a later day, if nothing more is bought."""
    if isinstance(standing.left, CannotTell):
        return standing.left
    if isinstance(standing.limit.window, CalendarDay):
        return standing.limit.amount
    known = [standing.limit.amount]
    for left, releases in (
        (standing.own_left, standing.releases),
        (standing.registry_left, standing.registry_releases),
    ):
        if not isinstance(left, CannotTell):
            known.append(left + sum(each.amount for each in releases if each.on <= day))
    return max(min(known), Fraction(0))


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
