"""Small rules and histories for examples by hand: one unit of a limit is a gram unless a test says otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

from pcc_desk.domain.allotment import (
    CannotTell,
    Entitlement,
    LimitStanding,
    Purchase,
    PurchaseKind,
    Standing,
    evaluate,
)
from pcc_desk.domain.entitlement import ORDINARY
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.rules import Limit, Rules, Term
from pcc_desk.domain.windows import Window
from tests.domain.random_rules import ruled

GRAM = Fraction(1000)
FLOWER = (Term(("flower",), Basis.NET_G, GRAM),)


def a_limit(window: Window, amount: str | None = "10", terms: Sequence[Term] = FLOWER, name: str = "limit") -> Limit:
    """Return a limit on grams of flower."""
    return Limit(
        id=name,
        amount=None if amount is None else Fraction(amount),
        unit="g",
        window=window,
        terms=tuple(terms),
        unknown=frozenset(),
        excluded=frozenset(),
    )


def sold(on: str, grams: str = "1", category: str = "flower", *, hour: int = 12, product: str = "A") -> Purchase:
    """Return so many grams of something that was sold, seen by the state at once."""
    day = date.fromisoformat(on)
    at = datetime.combine(day, time(hour), UTC)
    net_mg = int(Decimal(grams) * 1000)
    return Purchase(day, at, category, Measures(net_mg, None, None, 0), product, posted_at=at)


def brought_back(on: str, grams: str, **more: str) -> Purchase:
    """Return so many grams that came back."""
    return replace(sold(on, grams, **more), kind=PurchaseKind.RETURN)  # type: ignore[arg-type]


def ask(
    rules: Rules | Limit,
    on: str,
    purchases: Sequence[Purchase] = (),
    patient: Entitlement = ORDINARY,
    *,
    anchor: str | None = None,
    strict: bool = False,
    held: str = "0",
) -> Standing:
    """Return the standing by our own record."""
    if anchor is not None:
        patient = replace(patient, anchor=date.fromisoformat(anchor))
    asked = rules if isinstance(rules, Rules) else ruled(rules)
    aside = {each.id: Fraction(held) for each in asked.limits}
    day = date.fromisoformat(on)
    return evaluate(asked, purchases, None, None, day, entitlement=patient, strict=strict, held=aside)


def first(where: Standing) -> LimitStanding:
    """Return the first limit's standing."""
    return where.limits[0]


def left(
    rules: Rules | Limit,
    on: str,
    purchases: Sequence[Purchase] = (),
    patient: Entitlement = ORDINARY,
    *,
    anchor: str | None = None,
    strict: bool = False,
) -> Fraction | None:
    """Return what is left of the first limit by our own record; None when nobody knows."""
    found = first(ask(rules, on, purchases, patient, anchor=anchor, strict=strict)).left
    return None if isinstance(found, CannotTell) else found


def back(where: Standing) -> list[tuple[str, Fraction]]:
    """Return what comes back of the first limit, and when."""
    return [(each.on.isoformat(), each.amount) for each in first(where).releases]


def now(where: Standing, category: str = "flower") -> int | str:
    """Return how much of a category may be dispensed, in its smallest unit, or why that is not known."""
    found = next(each.now for each in where.categories if each.category == category)
    if isinstance(found, int):
        return found
    return found.reason if isinstance(found, CannotTell) else "not limited"
