"""What is on record of one patient beside what was bought: groups, first days, amounts that somebody set on paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PaperAmount:
    """An amount that a paper sets for one patient, in the unit of the limit, from a day to a day, both included.

    `amount` None, in a waiver only: the limit does not bind.
    """

    limit_id: str
    amount: Decimal | None
    is_waiver: bool
    """Whether the agency set it aside of the rules, instead of a practitioner within them."""
    starts: date
    ends: date
    paper: str
    """By whom, and which document."""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Papers:
    """What is on record of a patient."""

    groups: tuple[str, ...] = ()
    """As the rule files name them, in the order of the alphabet."""
    anchor: date | None = None
    """The first day of the recommendation, of the order, or of the present supply. None: not known."""
    order_began: date | None = None
    """When the practitioner's order began: an old one may stay under older rules. None: not known."""
    amounts: tuple[PaperAmount, ...] = ()
    """By limit, practitioner's amounts before waivers, then by their first days. One for each of these."""

    def set_for(self, limit_id: str, *, is_waiver: bool) -> tuple[PaperAmount, ...]:
        """Return the amounts of one kind for one limit, by their first days."""
        return tuple(each for each in self.amounts if (each.limit_id, each.is_waiver) == (limit_id, is_waiver))

    def in_force(self, limit_id: str, day: date, *, is_waiver: bool) -> PaperAmount | None:
        """Return the amount of one kind that holds on a day: of several, the one that began last."""
        holding = [each for each in self.set_for(limit_id, is_waiver=is_waiver) if each.holds_on(day)]
        return max(holding, key=lambda each: each.starts, default=None)


NO_PAPERS = Papers()
"""A patient of whom nothing particular is on record."""
