"""Holds: what a patient may still buy is set aside for the visit they are in, and given back when it ends.

A hold keeps others from what is set aside; it lets nothing out by itself. Every dispensing is judged by the standing of
that moment, and then draws on the hold of its visit: what was drawn is never more than what was set aside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HeldAmount:
    """What is set aside of one limit, and what was drawn of it, in the limit's unit."""

    limit_id: str
    amount: Fraction
    used: Fraction = Fraction(0)
    """Never more than `amount`."""

    @property
    def left(self) -> Fraction:
        """What nobody else may have."""
        return self.amount - self.used


@dataclass(frozen=True, slots=True)
class Hold:
    """What is set aside for one visit. There is at most one for each."""

    id: UUID
    patient_id: UUID
    visit_id: UUID
    day: date
    """The business day with which it expires."""
    amounts: tuple[HeldAmount, ...]
    """By the limits' names."""
    is_open: bool = True

    def is_live(self, on: date) -> bool:
        """Whether it may be drawn on, and counts against others: it is open, and its day is not over."""
        return self.is_open and on <= self.day

    @property
    def has_left(self) -> bool:
        """Whether anything is set aside still."""
        return any(each.left > 0 for each in self.amounts)


@dataclass(frozen=True, slots=True)
class Draw:
    """How much a dispensing took of what was set aside of a limit."""

    limit_id: str
    amount: Fraction


def set_aside_elsewhere(holds: Iterable[Hold], visit_id: UUID | None, on: date) -> dict[str, Fraction]:
    """Return what is set aside for visits other than this one, by limit."""
    aside: dict[str, Fraction] = {}
    for hold in holds:
        if hold.visit_id != visit_id and hold.is_live(on):
            for each in hold.amounts:
                aside[each.limit_id] = aside.get(each.limit_id, Fraction(0)) + each.left
    return aside
