"""A slow and obvious evaluator of purchase limits, written from `limits.toml`'s header and section 4 of the reference.

Nothing here comes from the engine but the shapes of its data. Days are walked one by one, sums are fractions, and what
nobody knows is None.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from pcc_desk.domain.cohorts import AgeGroup
from pcc_desk.domain.entitlement import Entitlement
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.purchases import Purchase, PurchaseKind
from pcc_desk.domain.rules import Limit, Rules, Term
from pcc_desk.domain.windows import FixedPeriod
from tests.domain.slow_days import counting

MEASURED = {
    Basis.NET_G: "net_mg",
    Basis.NET_OZ: "net_mg",
    Basis.NET_ML: "volume_ul",
    Basis.NET_FLOZ: "volume_ul",
    Basis.THC_MG: "thc_ug",
    Basis.OTHER_CANNABINOID_MG: "other_ug",
    Basis.PRODUCER_EQUIV_G: "equivalent_mg",
    Basis.COUNT: "count_milli",
    Basis.DOSE: "dose_milli",
}


def measured(basis: Basis | None) -> str | None:
    return None if basis is None else MEASURED.get(basis)


@dataclass(frozen=True)
class Line:
    """Something bought, or that somebody wants to buy."""

    category: str
    product: str
    measures: Measures
    thc_percent: Fraction | None = None


# -- what is counted


def as_counted(rules: Rules, purchases: Iterable[Purchase]) -> list[Purchase]:
    """Return the sales that count. What was brought back is taken off the oldest sales of the same product."""
    kept = sorted(
        (each for each in purchases if rules.ignores_before is None or each.on >= rules.ignores_before),
        key=lambda each: (each.on, each.at),
    )
    if "void" in rules.gives_back:
        kept = [each for each in kept if each.kind is not PurchaseKind.VOID]
    sales = [each for each in kept if each.kind is not PurchaseKind.RETURN]
    if "return" not in rules.gives_back:
        return sales
    for back in (each for each in kept if each.kind is PurchaseKind.RETURN):
        rest = list(back.measures.all)
        for index, sale in enumerate(sales):
            same = (sale.product, sale.category, sale.dispensary) == (back.product, back.category, back.dispensary)
            if not same or (sale.on, sale.at) > (back.on, back.at):
                continue
            less = list(sale.measures.all)
            for kind, (had, came) in enumerate(zip(sale.measures.all, rest, strict=True)):
                if had is not None and came is not None:
                    taken = min(had, came)
                    less[kind], rest[kind] = had - taken, came - taken
            percent = sale.thc_percent if sale.thc_percent is not None else percent_of(sale)
            sales[index] = replace(sale, measures=Measures(*less), thc_percent=percent)
    return sales


def percent_of(line: Line | Purchase) -> Fraction | None:
    if line.thc_percent is not None:
        return line.thc_percent
    thc, net = line.measures.thc_ug, line.measures.net_mg
    return None if thc is None or not net else Fraction(thc, 1000) / Fraction(net, 1000) / 10


def is_named(rules: Rules, category: str) -> bool:
    return any(
        category in limit.unknown
        or category in limit.excluded
        or any(category in each.categories for each in limit.terms)
        for limit in rules.limits
    )


def counts(rules: Rules, limit: Limit, category: str) -> bool | None:
    """Whether a category counts against a limit; None when it does, and nobody knows by how much."""
    if any(category in each.categories for each in limit.terms):
        return True
    if category in limit.unknown or ((limit.terms or limit.unknown) and not is_named(rules, category)):
        return None
    return False


def terms_of(limit: Limit, line: Line | Purchase) -> list[Term] | None:
    terms = [each for each in limit.terms if line.category in each.categories]
    if all(each.where is None for each in terms):
        return terms
    percent = percent_of(line)
    if percent is None:
        return None
    held = []
    for each in terms:
        above = each.where.above if each.where is not None else None
        at_most = each.where.at_most if each.where is not None else None
        if (above is None or percent > above) and (at_most is None or percent <= at_most):
            held.append(each)
    return held or None


def share(rules: Rules, limit: Limit, sale: Sequence[Line | Purchase]) -> Fraction | None:
    """Return what one sale uses up of a limit."""
    total = Fraction(0)
    visits = Fraction(0)
    by_product: dict[tuple[int, str], Fraction] = {}
    for line in sale:
        if counts(rules, limit, line.category) is None:
            return None
        terms = terms_of(limit, line)
        if terms is None:
            return None
        for term in terms:
            if term.basis is Basis.VISIT:
                visits = max(visits, 1000 / term.per)
                continue
            amount = getattr(line.measures, MEASURED[term.basis])
            if amount is None:
                return None
            if term.rounds_up:
                key = limit.terms.index(term), line.product
                by_product[key] = by_product.get(key, Fraction(0)) + amount / term.per
            else:
                total += amount / term.per
    whole = sum(-(-each.numerator // each.denominator) for each in by_product.values())
    return total + visits + whole


# -- whom it binds and how much it allows


def belongs(entitlement: Entitlement, limit: Limit) -> bool | None:
    answers: list[bool | None] = []
    for group in limit.cohort:
        if group.name in entitlement.belongs.names:
            answers.append(True)
        elif not isinstance(group, AgeGroup):
            answers.append(False)
        elif entitlement.belongs.age is None:
            answers.append(None)
        else:
            age = entitlement.belongs.age
            answers.append((group.at_least or 0) <= age <= (999 if group.at_most is None else group.at_most))
    if False in answers:
        return False
    return None if None in answers else True


def binding(rules: Rules, entitlement: Entitlement, today: date) -> list[Limit]:
    found = []
    for limit in rules.limits:
        is_in = belongs(entitlement, limit)
        if is_in is False or (limit.replaces and is_in is None):
            continue
        if any(each.replaces == limit.id and belongs(entitlement, each) for each in rules.limits):
            continue
        if any(
            each.is_waiver and each.amount is None and each.limit_id == limit.id and each.starts <= today <= each.ends
            for each in entitlement.amounts
        ):
            continue
        found.append(limit)
    return found


def allowed(limit: Limit, entitlement: Entitlement, day: date, period: int) -> Fraction | None:
    """Return the amount of one period: a waiver's, else the practitioner's, which a ceiling bounds, else the rule's."""
    own = limit.first_amount if period == 0 and limit.first_amount is not None else limit.amount
    here = [each for each in entitlement.amounts if each.limit_id == limit.id and each.starts <= day <= each.ends]
    waived = [each.amount for each in here if each.is_waiver and each.amount is not None]
    ordered = [each.amount for each in here if not each.is_waiver and each.amount is not None]
    if waived:
        return min(waived)
    if ordered:
        return min([*ordered, own]) if limit.is_ceiling and own is not None else min(ordered)
    return own


@dataclass(frozen=True)
class Figures:
    """One limit today: the amount, what is used, and what is left, below zero when too much was bought."""

    limit: Limit
    amount: Fraction | None
    used: Fraction | None
    own_left: Fraction | None

    @property
    def left(self) -> Fraction | None:
        return None if self.own_left is None else max(self.own_left, Fraction(0))


def figures(
    rules: Rules,
    limit: Limit,
    purchases: Iterable[Purchase],
    today: date,
    entitlement: Entitlement,
    *,
    strict: bool,
    held: Fraction = Fraction(0),
) -> Figures:
    lines = [each for each in as_counted(rules, purchases) if counts(rules, limit, each.category) is not False]
    if limit.is_per_dispensary and entitlement.dispensary:
        lines = [each for each in lines if each.dispensary in ("", entitlement.dispensary)]
    days = counting(limit, today, sorted(each.on for each in lines), entitlement.anchor, strict)
    if days is None:
        return Figures(limit, None, None, None)
    sales: dict[tuple[date, datetime], list[Purchase]] = {}
    for each in lines:
        if days.has(each.on):
            sales.setdefault((each.on, each.at), []).append(each)
    shares = [share(rules, limit, sale) for sale in sales.values()]
    used = None if None in shares else sum((each for each in shares if each is not None), Fraction(0))
    amount = allowed(limit, entitlement, today, max(len(days.begins) - 1, 0))
    if amount is not None and isinstance(limit.window, FixedPeriod) and limit.window.carries_over:
        for period, begins in enumerate(days.begins[:-1]):
            amount += allowed(limit, entitlement, begins, period) or 0
    return Figures(limit, amount, used, None if amount is None or used is None else amount - used - held)


def standing(
    rules: Rules,
    purchases: Sequence[Purchase],
    today: date,
    entitlement: Entitlement,
    *,
    strict: bool = False,
    held: Mapping[str, Fraction] | None = None,
) -> list[Figures]:
    return [
        figures(rules, each, purchases, today, entitlement, strict=strict, held=(held or {}).get(each.id, Fraction(0)))
        for each in binding(rules, entitlement, today)
    ]


def over(rules: Rules, found: Sequence[Figures], basket: Sequence[Line]) -> dict[str, Fraction] | None:
    """Return by how much a basket is over each limit; None when that cannot be told."""
    exceeded = {}
    bound = [each for each in found if any(counts_by_name(each.limit, line.category) for line in basket)]
    for line in basket:
        is_free = any(line.category in each.excluded for each in rules.limits) and not any(
            counts_by_name(each, line.category) for each in rules.limits
        )
        if not is_free and not any(counts_by_name(each.limit, line.category) for each in bound):
            return None
    for each in bound:
        needs = [share(rules, each.limit, [line]) for line in basket] if each.limit.is_per_item else []
        need = share(rules, each.limit, basket)
        if each.limit.is_per_item:
            need = None if None in needs else max(one for one in needs if one is not None)
        if need is None or each.left is None:
            return None
        if need > each.left:
            exceeded[each.limit.id] = need - each.left
    return exceeded


def counts_by_name(limit: Limit, category: str) -> bool:
    return category in limit.unknown or any(category in each.categories for each in limit.terms)


def most(limit: Limit, category: str, left: Fraction) -> tuple[Basis, int]:
    """Return the most of one product of a category that a limit leaves, in the smallest unit of its first measure.

    Of tiers the one that uses up most counts, as the product is not known yet. Visits are counted in whole ones.
    """
    terms = [each for each in limit.terms if category in each.categories]
    basis = terms[0].basis
    if any(each.rounds_up for each in terms):
        left = Fraction(left.numerator // left.denominator)
    bounds = [left * each.per for each in terms if each.basis is basis]
    amount = min(each.numerator // each.denominator for each in bounds)
    return basis, amount // 1000 * 1000 if basis is Basis.VISIT else amount
