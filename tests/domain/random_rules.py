"""Random rule sets, patients and histories for Hypothesis: every window, tier, group and amount of the schema."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

from pcc_desk.domain.allotment import Entitlement, Purchase, PurchaseKind, SetAmount
from pcc_desk.domain.cohorts import AgeGroup, Belongs, Cohort, NamedGroup
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.rules import Limit, OutageRule, Potency, Rules, Source, Term
from pcc_desk.domain.windows import (
    Anchor,
    CalendarDay,
    CalendarMonth,
    CalendarWeek,
    FixedPeriod,
    OrderLife,
    Possession,
    Refill,
    RollingDays,
    Transaction,
    Window,
)


def examples(percent: int) -> settings:
    """Return so many percent of the usual number of examples, so that a longer search is longer here too."""
    return (
        settings(max_examples=max(1, settings.default.max_examples * percent // 100))
        if settings.default
        else settings()
    )


TODAYS = tuple(
    date.fromisoformat(day)
    for day in ("2024-02-29", "2024-03-01", "2023-12-31", "2025-01-01", "2026-03-31", "2026-04-30", "2025-03-01")
)
"""Around the ends of months and years and on a leap day."""

CATEGORIES = ("flower", "concentrate", "edible", "liquid")
UNLISTED = "plant"
NORMAL = date(2025, 6, 1)
PERS = (Fraction(1000), Fraction(2835, 1), Fraction("2520.5"), Fraction(7000, 3))
AMOUNTS = (Fraction(60), Fraction(0), Fraction(1), Fraction(5, 2), Fraction(6), Fraction("12.25"), Fraction(20))
SMALLEST = {
    Basis.THC_MG: 1000,
    Basis.OTHER_CANNABINOID_MG: 1000,
    Basis.VISIT: 1000,
    Basis.COUNT: 1000,
    Basis.DOSE: 1000,
}
GROUPS: tuple[Cohort, ...] = (
    AgeGroup(21, None, "age>=21"),
    AgeGroup(18, 20, "age 18-20"),
    NamedGroup("visiting"),
    NamedGroup("enhanced"),
)

cohorts: st.SearchStrategy[tuple[Cohort, ...]] = st.sampled_from(
    ((), (), (), *((each,) for each in GROUPS), (GROUPS[0], GROUPS[2]))
)
few_days = st.integers(1, 40)


@st.composite
def rolling(draw: st.DrawFn) -> Window:
    days = draw(few_days)
    return RollingDays(days, days + draw(st.integers(0, 1)), days + draw(st.integers(1, 3)))


@st.composite
def fixed(draw: st.DrawFn) -> Window:
    days = draw(st.integers(1, 25))
    first = draw(st.just(days) | st.integers(1, 30))
    periods = draw(st.none() | st.integers(1, 6))
    return FixedPeriod(days, first, draw(st.sampled_from(list(Anchor))), draw(st.booleans()), periods)


@st.composite
def refill(draw: st.DrawFn) -> Window:
    days = draw(st.integers(2, 30))
    early, remaining = (draw(st.none() | st.integers(0, days - 1)) for _ in range(2))
    return Refill(days, 0 if early is None and remaining is None else early, remaining)


@st.composite
def order(draw: st.DrawFn) -> Window:
    days = draw(st.none() | st.integers(1, 30))
    return OrderLife(days, None if days is None else draw(st.none() | st.integers(0, 4)))


KINDS: dict[str, st.SearchStrategy[Window]] = {
    "rolling days": rolling(),
    "a calendar day": st.just(CalendarDay()),
    "a calendar week": st.integers(0, 6).map(CalendarWeek),
    "a calendar month": st.just(CalendarMonth()),
    "fixed periods": fixed(),
    "refills": refill(),
    "the life of an order": order(),
    "one sale": st.just(Transaction()),
    "what is held": st.just(Possession()),
}
windows = st.one_of(*KINDS.values())


@st.composite
def terms_for(draw: st.DrawFn, categories: tuple[str, ...]) -> tuple[Term, ...]:
    """Return the terms for a group of categories: one, one that rounds up, two tiers, a sum of two, or visits."""
    per = draw(st.sampled_from(PERS))
    match draw(st.sampled_from(("plain", "plain", "whole", "tiers", "sum", "visit"))):
        case "whole":
            return (Term(categories, Basis.NET_G, per, rounds_up=True),)
        case "tiers":
            rounds = draw(st.booleans())
            low, high = Potency(None, Fraction(20)), Potency(Fraction(20), draw(st.none() | st.just(Fraction(35))))
            return (
                Term(categories, Basis.NET_G, per, low, rounds),
                Term(categories, Basis.NET_G, per * Fraction(2, 3), high, rounds),
            )
        case "sum":
            return (
                Term(categories, Basis.THC_MG, per * 1000),
                Term(categories, Basis.OTHER_CANNABINOID_MG, per * 2000),
            )
        case "visit":
            return (Term(categories, Basis.VISIT, Fraction(1000)),)
    basis = draw(st.sampled_from([each for each in Basis if each is not Basis.VISIT]))
    return (Term(categories, basis, per * SMALLEST.get(basis, 1)),)


@st.composite
def limits(draw: st.DrawFn, number: int, kind: st.SearchStrategy[Window] = windows) -> Limit:
    """Return a limit; each category is weighed, of unknown conversion, excluded, or not spoken of."""
    places = [draw(st.sampled_from("AAAAAAAABBBuxn")) for _ in CATEGORIES]
    groups = {mark: tuple(c for c, p in zip(CATEGORIES, places, strict=True) if p == mark) for mark in "ABuxn"}
    terms = tuple(term for mark in "AB" if groups[mark] for term in draw(terms_for(groups[mark])))
    window = draw(kind)
    amount = draw(st.sampled_from(AMOUNTS))
    source = draw(st.sampled_from((Source.FIXED, Source.FIXED, Source.PRACTITIONER)))
    is_ceiling = source is Source.PRACTITIONER and draw(st.booleans())
    is_set = source is Source.PRACTITIONER and not is_ceiling and draw(st.booleans())
    in_periods = isinstance(window, FixedPeriod) and not is_set
    return Limit(
        id=f"limit-{number}",
        amount=None if is_set else amount,
        unit="unit",
        window=window,
        terms=terms,
        unknown=frozenset(groups["u"]),
        excluded=frozenset(groups["x"]),
        first_amount=draw(st.none() | st.sampled_from(AMOUNTS)) if in_periods else None,
        source=source,
        is_ceiling=is_ceiling,
        cohort=draw(cohorts),
        is_per_dispensary=draw(st.sampled_from((False, False, True))),
        is_per_item=draw(st.sampled_from((False, False, False, True))) and isinstance(window, Transaction),
    )


def ruled(*its: Limit, ignores_before: date | None = None, gives_back: frozenset[str] = frozenset()) -> Rules:
    """Return a rule set of limits."""
    return Rules(
        jurisdiction="XX",
        name="Examplia",
        ruleset="xx-1",
        as_of=NORMAL,
        citation=("Rule 1",),
        limits=its,
        outage=OutageRule(sales_allowed=False, why=""),
        ounce_mg=Fraction(28_350),
        ignores_before=ignores_before,
        gives_back=gives_back,
    )


@st.composite
def rule_sets(draw: st.DrawFn, today: date, kind: st.SearchStrategy[Window] = windows, most: int = 3) -> Rules:
    count = draw(st.integers(1, most))
    its = [draw(limits(number, kind if number == 0 else windows)) for number in range(count)]
    if count > 1 and its[-1].cohort and draw(st.booleans()):
        its[-1] = replace(its[-1], replaces=its[0].id)
    before = draw(st.sampled_from((None, None, None, 0, 3, 30)))
    return ruled(
        *its,
        ignores_before=None if before is None else today - timedelta(days=before),
        gives_back=draw(st.frozensets(st.sampled_from(("return", "void")))),
    )


def of_weight(net_mg: int) -> Iterator[Measures]:
    """Yield measures of one weight, with THC around the ends of the tiers, or with something unknown."""
    for tenths in (0, 50, 200, 201, 350, 351):
        yield Measures(net_mg, net_mg + 500, net_mg * tenths, 1000, net_mg * 300, net_mg * 2, 3000)
    yield Measures(None, net_mg, None, 2000, None, net_mg, 500)
    yield Measures(net_mg, None, None, None, 0, None, None)


MEASURES = tuple(each for net_mg in (500, 1500, 2500, 2835, 7000, 12_500) for each in of_weight(net_mg))
KNOWN = tuple(each for each in MEASURES if None not in each.all)
measures = st.sampled_from((*KNOWN * 3, *MEASURES, Measures(0, 0, 0, 0, 0, 0, 0)))
PLACES = tuple((product, place) for product in "AB" for place in ("", "here", "there"))
PERCENTS = (None, None, None, None, Fraction(20), Fraction("20.01"), Fraction(36))


@st.composite
def purchases(draw: st.DrawFn, today: date, most_ago: int = 75, kinds: tuple[PurchaseKind, ...] = ()) -> Purchase:
    ago = [each for each in (*range(12), *range(-1, 45, 3), 60, 74) if each <= most_ago]
    on = today - timedelta(days=draw(st.sampled_from(ago)))
    at = datetime.combine(on, time(draw(st.sampled_from((9, 15)))), UTC)
    product, place = draw(st.sampled_from(PLACES))
    return Purchase(
        on=on,
        at=at,
        category=draw(st.sampled_from((*CATEGORIES * 8, UNLISTED))),
        measures=draw(measures),
        product=product,
        posted_at=at,
        dispensary=place,
        thc_percent=draw(st.sampled_from(PERCENTS)),
        kind=draw(st.sampled_from(kinds)) if kinds else PurchaseKind.SALE,
    )


def histories(today: date, *, with_returns: bool = True, most: int = 6) -> st.SearchStrategy[list[Purchase]]:
    kinds = (PurchaseKind.SALE,) * 4 + (PurchaseKind.RETURN, PurchaseKind.VOID) if with_returns else ()
    lines = purchases(today, kinds=kinds)
    return st.lists(lines, min_size=3, max_size=most) | st.lists(lines, max_size=2)


@st.composite
def set_amounts(draw: st.DrawFn, today: date) -> SetAmount:
    is_waiver = draw(st.booleans())
    amount = draw(st.none() | st.sampled_from(AMOUNTS)) if is_waiver else draw(st.sampled_from(AMOUNTS))
    first, last = (draw(st.none() | st.integers(-40, 40)) for _ in range(2))
    return SetAmount(
        f"limit-{draw(st.integers(0, 2))}",
        amount,
        is_waiver,
        date.min if first is None else today + timedelta(days=min(first, last if last is not None else first)),
        date.max if last is None else today + timedelta(days=last),
    )


@st.composite
def entitlements(draw: st.DrawFn, today: date, *, has_amounts: bool = True) -> Entitlement:
    anchor = draw(st.none() | st.integers(0, 80) | st.integers(-2, 0))
    names = draw(st.frozensets(st.sampled_from(("visiting", "enhanced", "age>=21"))))
    return Entitlement(
        Belongs(draw(st.none() | st.integers(16, 23)), names),
        None if anchor is None else today - timedelta(days=anchor),
        tuple(draw(st.lists(set_amounts(today), max_size=2))) if has_amounts else (),
        draw(st.sampled_from(("", "", "here"))),
    )
