"""How much a hold comes to, and what a dispensing draws of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import Wanted, weighed
from pcc_desk.domain.holds import Draw, HeldAmount, Hold
from pcc_desk.domain.rules import Limit
from pcc_desk.domain.standing import Standing
from pcc_desk.domain.windows import Possession, Transaction


def adds_up(limit: Limit) -> bool:
    """Whether what one visit buys leaves less for another. A bound on each sale or each item is there for both."""
    return not isinstance(limit.window, Transaction | Possession) and not limit.is_per_item


def free(standing: Standing) -> dict[str, Fraction]:
    """Return what can be set aside: all that is left of each limit that adds up, where that is known."""
    return {
        each.limit.id: each.left
        for each in standing.limits
        if adds_up(each.limit) and not isinstance(each.left, CannotTell)
    }


def sized(before: Hold | None, standing: Standing) -> tuple[HeldAmount, ...]:
    """Return what a visit's hold comes to by the standing of now: what was drawn, and all that is left.

    `standing` counts what is set aside elsewhere, and not this hold. Of a limit of which nothing can be told now, as
    much stays as was set aside; of one that binds no longer, only what was drawn.
    """
    now = free(standing)
    names = {each.limit.id for each in standing.limits if adds_up(each.limit)}
    known = {each.limit_id: each for each in before.amounts} if before else {}
    is_open = before is not None and before.is_open
    amounts = []
    for name in sorted(names | known.keys()):
        had = known.get(name, HeldAmount(name, Fraction(0)))
        stays = had.left if is_open and name in names else Fraction(0)
        amounts.append(replace(had, amount=had.used + now.get(name, stays)))
    return tuple(each for each in amounts if each.amount > 0)


def draws(hold: Hold, standing: Standing, lines: Sequence[Wanted]) -> tuple[Draw, ...]:
    """Return what lines that fit a standing take of a hold: what they need, and never more than it has."""
    needed = _needed(standing, lines)
    taken = (Draw(each.limit_id, min(each.left, needed.get(each.limit_id, Fraction(0)))) for each in hold.amounts)
    return tuple(each for each in taken if each.amount > 0)


def _needed(standing: Standing, lines: Sequence[Wanted]) -> Mapping[str, Fraction]:
    found = weighed(standing, lines)
    if isinstance(found, CannotTell):
        return {}
    return {
        each.limit.id: each.left - after
        for each, after in found
        if adds_up(each.limit) and not isinstance(each.left, CannotTell)
    }
