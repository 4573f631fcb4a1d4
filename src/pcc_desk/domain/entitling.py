"""What a patient's papers and age come to for the limits."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from pcc_desk.domain.cohorts import Belongs, NamedGroup
from pcc_desk.domain.entitlement import Entitlement, SetAmount
from pcc_desk.domain.papers import PaperAmount, Papers
from pcc_desk.domain.people import age_on
from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.domain.windows import FixedPeriod, OrderLife, Refill

VISITORS = frozenset({"visiting", "nonresident"})
"""What rule files call those whose card is from elsewhere. Who is noted as one belongs there without a paper."""


def entitlement_of(papers: Papers, born: date, day: date, *, is_visitor: bool = False) -> Entitlement:
    """Return what these papers, the age on a day and a home elsewhere come to for the limits."""
    belongs = Belongs(age_on(born, day), frozenset(papers.groups) | (VISITORS if is_visitor else frozenset()))
    by_limit: dict[str, list[PaperAmount]] = {}
    for each in papers.amounts:
        by_limit.setdefault(each.limit_id, []).append(each)
    return Entitlement(belongs, papers.anchor, tuple(each for one in by_limit.values() for each in _one_a_day(one)))


def _one_a_day(amounts: list[PaperAmount]) -> Iterator[SetAmount]:
    """Yield the amounts of one limit, at most one on each day: a waiver first, then the one that began last.

    When that one ends, the one before is in force again.
    """
    turns = {each.starts for each in amounts}
    turns |= {each.ends + timedelta(days=1) for each in amounts if each.ends < date.max}
    firsts = sorted(turns)
    for first, after in zip(firsts, [*firsts[1:], None], strict=True):
        holding = [each for each in amounts if each.holds_on(first)]
        if holding:
            best = max(holding, key=lambda each: (each.is_waiver, each.starts))
            last = date.max if after is None else after - timedelta(days=1)
            amount = None if best.amount is None else Fraction(best.amount)
            yield SetAmount(best.limit_id, amount, best.is_waiver, first, last, best.paper)


def limits_of(rules: Rules) -> tuple[Limit, ...]:
    """Return every limit of a rule set, those for an outage last."""
    return (*rules.limits, *rules.outage.limits)


def groups_of(rules: Rules) -> tuple[str, ...]:
    """Return the groups that a patient can be put into by these rules. An age is told by the birth date instead."""
    named = (cohort for limit in limits_of(rules) for cohort in limit.cohort)
    return tuple(sorted({cohort.name for cohort in named if isinstance(cohort, NamedGroup)}))


def binds_visitors(rules: Rules) -> bool:
    """Whether a limit of these rules is for those whose card is from elsewhere."""
    return not VISITORS.isdisjoint(groups_of(rules))


def is_from_elsewhere(home: str, rules: Rules) -> bool:
    """Whether a home jurisdiction that was told, by code or by name, is another than that of the rules."""
    told = home.strip().casefold()
    return bool(told) and told not in {rules.jurisdiction.casefold(), rules.name.casefold()}


def begun_by(limit: Limit) -> str:
    """Return what begins on the first day that a limit counts from, as a paper says it: the order. Empty: none does."""
    match limit.window:
        case FixedPeriod(anchor=anchor):
            return anchor.words
        case Refill():
            return "the present supply"
        case OrderLife():
            return "the order"
        case _:
            return ""
