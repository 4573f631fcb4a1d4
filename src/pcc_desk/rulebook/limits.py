"""Reads the limits of a rule set: terms, cohorts, and what may not stand together."""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from pcc_desk.domain.cohorts import AgeGroup, Cohort, NamedGroup
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Confidence, Limit, Potency, RegistryFigure, Source, Term
from pcc_desk.domain.windows import FixedPeriod
from pcc_desk.rulebook.tables import Table, shown
from pcc_desk.rulebook.windows import read_window
from pcc_desk.rulebook.words import CATEGORIES, smallest

CONFIDENCE = tuple(Confidence)
"""From the surest to the least sure."""

ROUNDS_UP = "ceil_per_product_id"

_AGE = re.compile(r"age\s*(?:(>=|<=|>|<)\s*(\d{1,3})|(\d{1,3})\s*-\s*(\d{1,3}))", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much a limit allows, and who says so."""

    amount: Fraction | None
    first: Fraction | None
    source: Source
    is_ceiling: bool


def read_limits(table: Table, ounce_mg: Fraction, of_what: str) -> tuple[Limit, ...]:
    """Return the limits of a table, and note what is wrong with them one by one and together."""

    def name(position: int, data: dict[str, Any]) -> str:
        called = data.get("id")
        return f"limit {called}" if isinstance(called, str) and called else f"limit {position + 1} of {of_what}"

    limits = []
    tables = []
    for each in table.tables("limit", name):
        tables.append(each)
        limits.append(_limit(each, ounce_mg))
    names = [limit.id for limit in limits]
    for position, (each, limit) in enumerate(zip(tables, limits, strict=True)):
        if limit.id and limit.id in names[:position]:
            each.refuse("id", f"two limits of {of_what} are called so; give each a name of its own")
        if limit.replaces and (limit.replaces == limit.id or limit.replaces not in names):
            known = ", ".join(other for other in names if other != limit.id)
            each.refuse("replaces", f"{of_what} has no other limit {shown(limit.replaces)}; write one of {known}")
        if limit.replaces and not limit.cohort:
            each.refuse(
                "replaces", 'only a limit for some may replace one for all; write cohort = ["…"], whom it binds'
            )
    return tuple(limits)


def _limit(table: Table, ounce_mg: Fraction) -> Limit:
    terms = _terms(table, ounce_mg)
    window = read_window(table)
    amount = _amount(table, in_periods=isinstance(window, FixedPeriod))
    unknown = read_categories(table, "unknown")
    excluded = read_categories(table, "excluded")
    limit = Limit(
        id=table.text("id"),
        amount=amount.amount,
        unit=table.text("unit"),
        window=window,
        terms=terms,
        unknown=frozenset(unknown),
        excluded=frozenset(excluded),
        registry=_registry(table),
        first_amount=amount.first,
        source=amount.source,
        is_ceiling=amount.is_ceiling,
        cohort=_cohort(table),
        replaces=table.text("replaces", needed=False),
        is_per_dispensary=table.choice("scope", ("state", "dispensary"), "state") == "dispensary",
        is_per_item=table.flag("per_item"),
        confidence=_confidence(table),
    )
    weighed = [category for term in terms for category in term.categories]
    _once(table, "unknown", unknown, weighed)
    _once(table, "excluded", excluded, [*weighed, *unknown])
    table.end("a limit")
    return limit


def _amount(table: Table, *, in_periods: bool) -> _Amount:
    source = Source(table.choice("source_of_amount", tuple(Source), Source.FIXED))
    amount = table.number("amount", needed=False)
    first = table.number("first_amount", needed=False)
    ceiling = table.flag("ceiling")
    if amount is None and source is Source.FIXED:
        others = '"practitioner" or source_of_amount = "registry" where they say it'
        table.refuse("amount", f'is missing; write amount = "2.5", or source_of_amount = {others}')
    if ceiling and (amount is None or source is not Source.PRACTITIONER):
        table.refuse(
            "ceiling", 'is for an amount above which no practitioner may go; write source_of_amount = "practitioner"'
        )
    if first is not None and (amount is None or not in_periods):
        table.refuse("first_amount", "is for the first of several fixed periods; take it out, or correct the window")
    return _Amount(amount, first, source, ceiling)


def _confidence(table: Table) -> Confidence:
    """Return the lower of what is said of the limit and of its terms."""
    said = [table.choice(key, CONFIDENCE, Confidence.HIGH) for key in ("confidence", "terms_confidence")]
    return Confidence(max(said, key=CONFIDENCE.index))


def _registry(table: Table) -> RegistryFigure | None:
    figure = table.table("registry", f"{table.name}, registry")
    if figure is None:
        return None
    column = figure.choice("column", ("flower", "thc", "concentrate", "infused"), "")
    read = RegistryFigure(figure.whole("days"), column or None, figure.whole("decimals", least=0, most=9))
    figure.end("a registry's figure")
    return read


def _cohort(table: Table) -> tuple[Cohort, ...]:
    groups = tuple(_group(table, written) for written in table.texts("cohort"))
    if table.has("cohort") and table.data["cohort"] == []:
        table.refuse("cohort", "is empty; name whom the limit binds, or leave the key out when it binds everybody")
    return groups


def _group(table: Table, written: str) -> Cohort:
    if not re.match(r"age\b", written):
        return NamedGroup(written)
    found = _AGE.fullmatch(written.strip())
    if found is None:
        table.refuse("cohort", f'{shown(written)} is no age; write "age>=21", "age<18" or "age 18-20"')
        return NamedGroup(written)
    sign, years, first, last = found.groups()
    if sign is None:
        if int(first) > int(last):
            table.refuse("cohort", f"{shown(written)} ends before it begins; write the lower age first")
        return AgeGroup(int(first), int(last), written)
    if sign.startswith(">"):
        return AgeGroup(int(years) + (sign == ">"), None, written)
    return AgeGroup(None, int(years) - (sign == "<"), written)


def _terms(table: Table, ounce_mg: Fraction) -> tuple[Term, ...]:
    wanted = 'terms = [{ cat = ["flower"], basis = "net_g", per = "1" }], or terms = [] where nothing can be weighed'
    read = []
    if not table.has("terms"):
        table.refuse("terms", f"is missing; write {wanted}")
    for each in table.tables("terms", lambda position, _: f"{table.name}, term {position + 1}"):
        categories = read_categories(each, "cat", needed=True)
        basis = Basis(each.choice("basis", tuple(Basis)))
        per = each.number("per")
        where = _potency(each)
        rounds_up = each.choice("round", (ROUNDS_UP,), "") == ROUNDS_UP
        each.end("a term")
        read.append((each, Term(categories, basis, (per or Fraction(1)) * smallest(basis, ounce_mg), where, rounds_up)))
    for (_, one), (later, other) in combinations(read, 2):
        _apart(later, one, other)
    return tuple(term for _, term in read)


def _apart(table: Table, one: Term, other: Term) -> None:
    """Refuse a category that two terms weigh in the same way: their sum would count it twice."""
    both = [category for category in other.categories if category in one.categories]
    if not both or one.basis is not other.basis or _are_disjoint(one.where, other.where):
        return
    why = "an earlier term weighs it by the same basis"
    if one.where is not None or other.where is not None:
        why += ", and the two tiers of THC overlap"
    table.refuse("cat", f"{', '.join(both)} would count twice: {why}; leave it in one of them")


def _are_disjoint(one: Potency | None, other: Potency | None) -> bool:
    if one is None or other is None:
        return False
    above = max(tier.above if tier.above is not None else Fraction(-1) for tier in (one, other))
    at_most = min(tier.at_most if tier.at_most is not None else Fraction(101) for tier in (one, other))
    return above >= at_most


def _potency(table: Table) -> Potency | None:
    tier = table.table("where", f"{table.name}, where")
    if tier is None:
        return None
    above = tier.number("thc_pct_min_excl", needed=False, zero=True)
    at_most = tier.number("thc_pct_max", needed=False)
    tier.end("a tier of THC")
    if above is None and at_most is None:
        tier.refuse("", 'names no THC content; write where = { thc_pct_max = "23" }')
    if max(above or 0, at_most or 0) > 100 or (above is not None and at_most is not None and above >= at_most):
        tier.refuse("", "holds no product: write percents up to 100, thc_pct_min_excl below thc_pct_max")
    return Potency(above, at_most)


def read_categories(table: Table, key: str, *, needed: bool = False) -> tuple[str, ...]:
    """Return a list of categories of product."""
    named = table.texts(key, needed=needed)
    for category in dict.fromkeys(each for each in named if each not in CATEGORIES):
        table.refuse(key, f"{shown(category)} is no category; write one of {', '.join(CATEGORIES)}")
    if needed and table.data.get(key) == []:
        table.refuse(key, 'is empty; name what it is: cat = ["flower"]')
    for category in sorted({each for each in named if named.count(each) > 1 and each in CATEGORIES}):
        table.refuse(key, f"lists {category} more than once; leave it once")
    return named


def _once(table: Table, key: str, named: tuple[str, ...], elsewhere: list[str]) -> None:
    for category in dict.fromkeys(each for each in named if each in elsewhere):
        table.refuse(key, f"{category} stands in another list of this limit as well; leave it in one of them")
