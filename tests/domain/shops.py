"""Histories by hand for tests of the real rule files: a line in a few words, a standing by our own record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

from pcc_desk.domain.allotment import (
    CategoryStanding,
    Entitlement,
    Figure,
    LimitStanding,
    Purchase,
    SetAmount,
    Standing,
    evaluate,
)
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import weighed
from pcc_desk.domain.cohorts import Belongs
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.rules import Limit, Rules, Term
from pcc_desk.domain.scalable import Scalable
from pcc_desk.rulebook import rules_for

FIELD_OF = {
    "net_g": "net_mg",
    "net_oz": "net_mg",
    "net_ml": "volume_ul",
    "net_floz": "volume_ul",
    "thc_mg": "thc_ug",
    "other_cannabinoid_mg": "other_ug",
    "producer_equiv_g": "equivalent_mg",
    "count": "count_milli",
    "dose": "dose_milli",
}
FLUID_OUNCE_UL = Fraction("29573.5295625")
FINER = 10**7
"""In how many parts of a milligram (µL, µg …) these tests weigh, so that every ounce is a whole number of them."""


@dataclass(frozen=True)
class Bought:
    """A line as a person notes it: the day, the category, how much by basis."""

    on: str
    category: str
    q: Mapping[str, str]
    product: str = "some product"
    thc_pct: str | None = None
    dispensary: str = ""
    at: time = field(default=time(12))


def finer(rules: Rules) -> Rules:
    """Return the same rules for quantities in `FINER` parts of the smallest units."""

    def divided(limit: Limit) -> Limit:
        return replace(limit, terms=tuple(split(term) for term in limit.terms))

    def split(term: Term) -> Term:
        return term if term.basis is Basis.VISIT else replace(term, per=term.per * FINER)

    return replace(rules, limits=tuple(divided(each) for each in rules.limits), ounce_mg=rules.ounce_mg * FINER)


def measures(rules: Rules, q: Mapping[str, str]) -> Measures:
    """Return what quantities by basis amount to, in parts of the smallest units."""
    found: dict[str, int] = {}
    for basis, written in q.items():
        smallest = {"net_oz": rules.ounce_mg / FINER, "net_floz": FLUID_OUNCE_UL}.get(basis, Fraction(1000))
        amount = Fraction(Decimal(written)) * smallest * FINER
        assert amount.denominator == 1
        found[FIELD_OF[basis]] = int(amount)
    return Measures(
        found.get("net_mg"),
        found.get("volume_ul"),
        found.get("thc_ug"),
        found.get("count_milli"),
        found.get("other_ug"),
        found.get("equivalent_mg"),
        found.get("dose_milli"),
    )


def percent(written: str | None) -> Fraction | None:
    """Return a percentage as the label says."""
    return None if written is None else Fraction(Decimal(written))


def purchase(rules: Rules, line: Bought) -> Purchase:
    """Return a line as the limits count it."""
    on = date.fromisoformat(line.on)
    at = datetime.combine(on, line.at, UTC)
    return Purchase(
        on,
        at,
        line.category,
        measures(rules, line.q),
        line.product,
        posted_at=at,
        dispensary=line.dispensary,
        thc_percent=percent(line.thc_pct),
    )


def standing(
    code: str,
    on: str,
    lines: Iterable[Bought] = (),
    *,
    age: int | None = None,
    groups: Iterable[str] = (),
    anchor: str | None = None,
    amounts: Iterable[SetAmount] = (),
    dispensary: str = "",
    strict: bool = False,
    confirmed: bool = True,
    order_began: str | None = None,
) -> Standing:
    """Return the standing by the rule file of a jurisdiction and our own record, on a day."""
    began = None if order_began is None else date.fromisoformat(order_began)
    rules = finer(rules_for(code, date.fromisoformat(on), order_began=began))
    patient = Entitlement(
        Belongs(age, frozenset(groups)),
        None if anchor is None else date.fromisoformat(anchor),
        tuple(amounts),
        dispensary,
    )
    bought = [purchase(rules, each) for each in lines]
    return evaluate(
        rules,
        bought,
        None,
        None,
        date.fromisoformat(on),
        entitlement=patient,
        strict=strict,
        is_confirmed=confirmed,
    )


def of(where: Standing, limit_id: str) -> LimitStanding:
    """Return the standing in one limit."""
    return next(each for each in where.limits if each.limit.id == limit_id)


def left(where: Standing, limit_id: str) -> Figure:
    """Return what is left of a limit."""
    return of(where, limit_id).left


def used(where: Standing, limit_id: str) -> Figure:
    """Return what was used of a limit."""
    return of(where, limit_id).used


def limits(where: Standing) -> list[str]:
    """Return which limits bind."""
    return [each.limit.id for each in where.limits]


def category(where: Standing, name: str) -> CategoryStanding:
    """Return the standing in one category."""
    return next(each for each in where.categories if each.category == name)


def now(where: Standing, name: str, basis: str) -> Fraction:
    """Return how much of a category may be dispensed, in a basis; a milligram's part may be missing by rounding."""
    found = category(where, name)
    assert isinstance(found.now, int), found.now
    assert found.basis is Basis(basis)
    return in_basis(where, basis, Fraction(found.now))


def in_basis(where: Standing, basis: str, smallest: Fraction) -> Fraction:
    """Return an amount in parts of the smallest unit in its basis."""
    ounces = {"net_oz": where.rules.ounce_mg / FINER, "net_floz": FLUID_OUNCE_UL}
    return smallest / FINER / ounces.get(basis, Fraction(1000))


def back(where: Standing, limit_id: str) -> list[tuple[str, Fraction]]:
    """Return what comes back of a limit, and when."""
    return [(each.on.isoformat(), each.amount) for each in of(where, limit_id).releases]


def over(where: Standing, *lines: Bought) -> dict[str, Fraction] | CannotTell:
    """Return by how much a basket is over each limit: nothing when it may go out. `on` is not looked at."""
    wanted = []
    for line in lines:
        amount = measures(where.rules, line.q)
        pieces = int(line.q["count"]) if "count" in line.q else None
        wanted.append(Scalable(line.category, line.product, amount, Fraction(1), percent(line.thc_pct), pieces))
    found = weighed(where, wanted)
    return found if isinstance(found, CannotTell) else {e.limit.id: -after for e, after in found if after < 0}
