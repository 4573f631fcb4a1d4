"""What may be dispensed now, exactly, and how that is known.

Three kinds of figure are kept apart: a number, zero, and `CannotTell` with its reason. A registry figure is never
raised by our own sum, nor our sum by the registry's: the lower wins.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell, Unanswered
from pcc_desk.domain.categories import category_standings
from pcc_desk.domain.counter import Counter, Release
from pcc_desk.domain.counting import History, history_of
from pcc_desk.domain.entitlement import ORDINARY, Entitlement, Figure, SetAmount
from pcc_desk.domain.purchases import Purchase, PurchaseKind
from pcc_desk.domain.registry import RegistryAnswer, RegistryStanding
from pcc_desk.domain.registry_figures import Asking, registry_left
from pcc_desk.domain.rules import Confidence, Limit, OutagePolicy, Rules
from pcc_desk.domain.standing import Bound, CategoryStanding, LimitStanding, NotForAge, NotLimited, Standing
from pcc_desk.domain.weighing import compiled
from pcc_desk.domain.windows import Possession, Transaction

__all__ = [
    "Bound",
    "CannotTell",
    "CategoryStanding",
    "Entitlement",
    "Figure",
    "History",
    "LimitStanding",
    "NotForAge",
    "NotLimited",
    "Purchase",
    "PurchaseKind",
    "Release",
    "SetAmount",
    "Standing",
    "counted",
    "evaluate",
    "history_of",
]


def evaluate(
    rules: Rules,
    purchases: Iterable[Purchase] | History,
    answer: RegistryAnswer | None,
    asked_at: datetime | None,
    on: date,
    *,
    go_by_own_record: bool = False,
    entitlement: Entitlement = ORDINARY,
    held: Mapping[str, Fraction] | None = None,
    strict: bool = True,
    is_confirmed: bool = False,
) -> Standing:
    """Return a patient's standing on a business day.

    `answer` is what the registry said when asked at `asked_at`; None leaves the registry out on purpose, and the rules
    alone decide. With `go_by_own_record`, an outage (and only an outage) leaves our own sums to decide; otherwise
    nothing is known that the registry did not say. `held` is what is set aside for the patient in another visit, by
    limit, in its unit. Strictly, a purchase counts until the safe day where the return day is disputed. `is_confirmed`
    says that the shop's compliance officer confirmed rules of low confidence. A history is taken as it is counted
    already (`history_of`).
    """
    history = purchases if isinstance(purchases, History) else history_of(rules, purchases)
    is_out = go_by_own_record and isinstance(answer, Unanswered) and answer.is_outage
    is_free = rules.outage.policy is OutagePolicy.NOT_REGISTRY_BOUND and isinstance(answer, Unanswered)
    is_trusted = is_confirmed or rules.confidence is not Confidence.LOW
    binding = [*entitlement.binding(rules, on), *(rules.outage.limits if is_out else ())]
    asking = Asking(answer, asked_at, answer is None or is_out or is_free, is_confirmed, is_trusted)
    limits = []
    for limit in binding:
        own = history.at(entitlement.dispensary) if limit.is_per_dispensary else history
        aside = held.get(limit.id, Fraction(0)) if held else Fraction(0)
        counter = Counter(compiled(rules, limit), own, entitlement, strict, aside, rules.ounce_mg)
        limits.append(_limit_standing(counter, asking, on))
    only = _sold_in_outage(rules) if is_out and rules.outage.limits else None
    return Standing(
        rules=rules,
        on=on,
        asked_at=asked_at,
        limits=tuple(limits),
        categories=category_standings(rules, limits, on, only, entitlement.belongs.age),
        rests_on_own_record=asking.own_decides and answer is not None,
        is_trusted=is_trusted,
        only_in_outage=only,
        years=entitlement.belongs.age,
    )


def _sold_in_outage(rules: Rules) -> frozenset[str]:
    return frozenset(category for limit in rules.outage.limits for term in limit.terms for category in term.categories)


def _limit_standing(counter: Counter, asking: Asking, on: date) -> LimitStanding:
    limit = counter.rule.limit
    span = counter.span(on.toordinal())
    amount, used = counter.amount(on, span), counter.used(span)
    own_left: Figure
    if isinstance(amount, CannotTell):
        own_left = amount
    else:
        own_left = used if isinstance(used, CannotTell) else amount - used - counter.held
    from_registry = registry_left(counter, asking, span)
    return LimitStanding(
        limit=limit,
        amount=amount,
        used=used,
        own_left=own_left,
        registry_left=from_registry,
        left=_not_below_zero(_what_counts(limit, asking, own_left, from_registry)),
        held=counter.held,
        remark=counter.entitlement.remark(limit, on),
        span=span,
        counter=counter,
        asking=asking,
    )


def _what_counts(limit: Limit, asking: Asking, own: Figure, registry: Figure) -> Figure:
    """Return what counts. The registry sees every shop, we see one: where it has a say, nothing is known without it."""
    if not isinstance(registry, CannotTell):
        return registry if isinstance(own, CannotTell) else min(own, registry)
    has_answered = isinstance(asking.answer, RegistryStanding) and asking.answer.active
    bounds_sale = isinstance(limit.window, Transaction | Possession)
    if not (asking.own_decides or (bounds_sale and has_answered)):
        return registry
    is_unsure = limit.confidence is Confidence.LOW and not asking.is_confirmed
    if not asking.is_trusted or is_unsure:
        return CannotTell("these rules are of low confidence and not confirmed by the shop; ask the registry")
    return own


def _not_below_zero(left: Figure) -> Figure:
    return left if isinstance(left, CannotTell) else max(left, Fraction(0))


def counted(standing: LimitStanding) -> tuple[tuple[Purchase, Figure], ...]:
    """Return the purchases that make up what was used, oldest first, each with its share in the limit's unit.

    Where a limit rounds up or counts sales, a sale's share stands with its first line.
    """
    counter = standing.counter
    lines = counter.counted(standing.span)
    if counter.rule.is_linear:
        return tuple((line, counter.share([line])) for line in lines)
    sales: dict[tuple[date, datetime], list[Purchase]] = {}
    for line in lines:
        sales.setdefault((line.on, line.at), []).append(line)
    shares: list[tuple[Purchase, Figure]] = []
    for sale in sales.values():
        shares.append((sale[0], counter.share(sale)))
        shares.extend((line, Fraction(0)) for line in sale[1:])
    return tuple(shares)
