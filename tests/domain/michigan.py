"""A Michigan counter for the domain's tests: its rules, invented packages and purchases, the registry's words."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from pcc_desk.domain.allotment import (
    CategoryStanding,
    Figure,
    LimitStanding,
    NotForAge,
    NotLimited,
    Purchase,
    Standing,
    evaluate,
)
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import Proposed
from pcc_desk.domain.products import Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import RegistryAnswer, RegistryStanding, RegistryWindow
from pcc_desk.domain.rules import Limit, RegistryFigure, Rules, Term
from pcc_desk.domain.windows import RollingDays
from pcc_desk.rulebook import rules_for

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 15, 30, tzinfo=UTC)
CARD = "MI-P-0032-1187"
OUNCE_MG = Fraction("28349.5")
FLUID_OUNCE_UL = Fraction("29573.5295625")
MICHIGAN = rules_for("MI", TODAY)

DOWN = Unanswered(Silence.DOWN, "METRC cannot be reached")


def limit(limit_id: str, rules: Rules = MICHIGAN) -> Limit:
    """Return one limit of the rules."""
    return next(each for each in rules.limits if each.id == limit_id)


def said(day: str | None, month: str | None, *, active: bool = True) -> RegistryStanding:
    """Return the registry's answer: ounces of flower left for 1 day and for 30; None leaves the row out."""
    windows = tuple(
        RegistryWindow(Decimal(days), (("flower", Decimal(figure)),))
        for days, figure in ((1, day), (30, month))
        if figure is not None
    )
    return RegistryStanding(CARD, active, windows)


NOTHING_BOUGHT = said("2.5", "10")


def flower(grams: str | int, *, days_ago: int = 0, is_posted: bool = True, at: datetime | None = None) -> Purchase:
    """Return a purchase of flower on an earlier day, seen by the registry long ago unless it says otherwise."""
    mg = int(Decimal(grams) * 1000)
    return bought(
        "flower", Measures(mg, None, None, 0), Quantity(mg, Unit.GRAMS), days_ago=days_ago, is_posted=is_posted, at=at
    )


def equivalent(amount: str, *, days_ago: int = 0, is_posted: bool = True) -> Purchase:
    """Return a purchase that uses up exactly so many ounces of a limit: infused solids of 16 times the weight."""
    mg = Fraction(amount) * 16 * OUNCE_MG
    assert mg.denominator == 1
    measures = Measures(int(mg), None, None, 1000)
    return bought("edible", measures, Quantity(1000, Unit.EACH), days_ago=days_ago, is_posted=is_posted)


def concentrate(grams: int, *, days_ago: int = 0, is_posted: bool = True) -> Purchase:
    """Return a purchase whose conversion nobody published."""
    measures = Measures(grams * 1000, None, None, 0)
    return bought("concentrate", measures, Quantity(grams * 1000, Unit.GRAMS), days_ago=days_ago, is_posted=is_posted)


def bought(
    category: str,
    measures: Measures,
    quantity: Quantity,
    *,
    days_ago: int,
    is_posted: bool = True,
    at: datetime | None = None,
) -> Purchase:
    """Return a purchase of something."""
    on = TODAY - timedelta(days=days_ago)
    when = at or datetime.combine(on, time(14), UTC)
    posted_at = when + timedelta(seconds=2) if is_posted else None
    return Purchase(on, when, category, measures, f"some {category}", quantity, posted_at)


def jar(grams: str = "500", *, category: str = "flower") -> Package:
    """Return a package counted in grams."""
    mg = int(Decimal(grams) * 1000)
    return Package("1A4050100000111000000417", f"jar of {category}", category, Quantity(mg, Unit.GRAMS))


def pieces(
    category: str = "edible", *, net_mg: int | None = None, volume_ul: int | None = None, count: int = 500
) -> Package:
    """Return a package counted in pieces."""
    label = "1A4050100000111000000933"
    return Package(
        label, f"box of {category}", category, Quantity(count * 1000, Unit.EACH), net_mg, volume_ul, unit_thc_ug=10_000
    )


def line(package: Package, amount: str | int) -> Proposed:
    """Return a quantity of a package to be judged."""
    return Proposed(package, Quantity(int(Decimal(amount) * 1000), package.remaining.unit))


def standing(
    purchases: Sequence[Purchase] = (),
    answer: RegistryAnswer = NOTHING_BOUGHT,
    *,
    on: date = TODAY,
    asked_at: datetime | None = NOW,
    own_record: bool = False,
    rules: Rules = MICHIGAN,
) -> Standing:
    """Return a patient's standing."""
    return evaluate(rules, purchases, answer, asked_at, on, go_by_own_record=own_record)


def left(where: Standing, limit_id: str) -> Figure:
    """Return what is left of a limit."""
    return of_limit(where, limit_id).left


def of_limit(where: Standing, limit_id: str) -> LimitStanding:
    """Return the standing in one limit."""
    return next(each for each in where.limits if each.limit.id == limit_id)


def category(where: Standing, name: str) -> CategoryStanding:
    """Return the standing in one category."""
    return next(each for each in where.categories if each.category == name)


def known(figure: Figure | int | NotLimited | NotForAge | None) -> Fraction:
    """Return a figure that must be known."""
    assert isinstance(figure, int | Fraction), figure
    return Fraction(figure)


def rolling(amount: str, days: int, *, per: Sequence[Term], safe: int | None = None) -> Limit:
    """Return a rolling limit for tests of the general shape."""
    return Limit(
        f"{days}d",
        Fraction(amount),
        "oz",
        RollingDays(days, days, safe or days),
        tuple(per),
        frozenset(),
        frozenset(),
        RegistryFigure(days, "flower"),
    )
