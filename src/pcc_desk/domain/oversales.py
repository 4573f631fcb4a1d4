"""A sale of an outage judged again: by our own record of that day, and by what the registry says now."""

from datetime import date
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell, Unanswered
from pcc_desk.domain.outages import Verdict
from pcc_desk.domain.quantity import rounded_down
from pcc_desk.domain.registry import CardNotFound, RegistryAnswer, RegistryStanding
from pcc_desk.domain.standing import LimitStanding, Standing

Judged = tuple[Verdict, str]


def judged_again(
    then: Standing,
    now: Standing,
    answer: RegistryAnswer,
    sold_on: date,
    *,
    is_entered: bool,
    never_there: str = "",
) -> Judged:
    """Return how a sale of `sold_on` stands, and in a clause why.

    `then` is the standing of that day by our own record, with everything sold until that sale and nothing later; `now`
    is that of today by the registry's answer. A figure of today's that no longer covers the day of the sale says
    nothing of it. The registry can only count what is in its record (`is_entered`);
    `never_there` is a clause on why a sale never will be, empty where it may.
    """
    own = _worst(then.limits, own_only=True)
    if own is not None and own[1] < 0:
        return Verdict.OVER, f"by our own record {_over(own)}"
    match answer:
        case Unanswered(reason=reason):
            return Verdict.UNKNOWN, reason
        case CardNotFound(card_number=number):
            return Verdict.INACTIVE, f"the registry knows no card {number}"
        case RegistryStanding(active=False, card_number=number):
            return Verdict.INACTIVE, f"the registry says that card {number} is not active"
        case RegistryStanding() if is_entered:
            return _by_figures(now, sold_on)
        case RegistryStanding():
            by_ours = Verdict.WITHIN, f"by our own record; {never_there}"
            return by_ours if never_there else (Verdict.UNKNOWN, "it is not in the state's record yet")


def _by_figures(now: Standing, sold_on: date) -> Judged:
    covering = tuple(each for each in now.limits if _covers(each, sold_on))
    worst = _worst(covering, own_only=False)
    if worst is None:
        return Verdict.WITHIN, "by our own record; the registry's figures no longer cover that day"
    if worst[1] < 0:
        return Verdict.OVER, f"by the registry {_over(worst)}"
    if worst[1] == 0:
        return Verdict.NOTHING_LEFT, f"the registry says that nothing is left of {worst[0].limit.window}; look there"
    return Verdict.WITHIN, "by the registry and by our own record"


def _covers(each: LimitStanding, day: date) -> bool:
    span = each.span
    return not isinstance(span, CannotTell) and span.first <= day.toordinal() <= span.last


def _worst(limits: tuple[LimitStanding, ...], *, own_only: bool) -> tuple[LimitStanding, Fraction] | None:
    """Return the limit of which the least is left; those that cannot be told are left out."""
    left = [(each, each.own_left if own_only else each.registry_left) for each in limits]
    told = [(each, figure) for each, figure in left if not isinstance(figure, CannotTell)]
    return min(told, key=lambda each: each[1], default=None)


def _over(worst: tuple[LimitStanding, Fraction]) -> str:
    limit, left = worst[0].limit, worst[1]
    return f"{limit.window} over by {-rounded_down(left, 2)} {limit.unit}"
