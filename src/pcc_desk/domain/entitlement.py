"""What is particular to one patient: groups, papers, amounts that a practitioner or the agency set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.cohorts import NOBODY_IN_PARTICULAR, Belongs
from pcc_desk.domain.rules import Limit, Rules, Source

Figure = Fraction | CannotTell


@dataclass(frozen=True, slots=True)
class SetAmount:
    """An amount that somebody set for this patient, in the unit of the limit, from a day to a day, both included.

    A practitioner's amount takes the place of the rule's, but under a ceiling only when it is lower. A waiver takes the
    place of either, whatever the rule says; with `amount` None the limit does not bind at all. Of several of a kind the
    lowest counts.
    """

    limit_id: str
    amount: Fraction | None
    is_waiver: bool = False
    starts: date = date.min
    ends: date = date.max
    paper: str = ""
    """By whom, and the document."""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What is particular to one patient beside what was bought."""

    belongs: Belongs = NOBODY_IN_PARTICULAR
    anchor: date | None = None
    """The first day of the recommendation, of the order, or of the present supply. None: not known."""
    amounts: tuple[SetAmount, ...] = ()
    dispensary: str = ""
    """Which dispensary sells, for limits counted at each by itself. Empty: not told, and all count."""

    def binding(self, rules: Rules, on: date) -> Iterable[Limit]:
        """Yield the limits that bind the patient on a day.

        One for a group to which nobody can tell whether the patient belongs binds: more limits are never too lax. One
        that takes another's place does so only for those who surely belong.
        """
        replaced = {each.replaces for each in rules.limits if each.replaces and self._is_in(each) is True}
        for limit in rules.limits:
            if limit.replaces and self._is_in(limit) is not True:
                continue
            if self._is_in(limit) is False or limit.id in replaced or self._is_waived(limit, on):
                continue
            yield limit

    def _is_in(self, limit: Limit) -> bool | None:
        known = [self.belongs.to(each) for each in limit.cohort]
        if False in known:
            return False
        return None if None in known else True

    def _is_waived(self, limit: Limit, on: date) -> bool:
        waivers = (each for each in self.amounts if each.is_waiver and each.limit_id == limit.id)
        return any(each.amount is None and each.holds_on(on) for each in waivers)

    def amount(self, limit: Limit, on: date, period: int = 0) -> Figure:
        """Return what a limit allows this patient on a day, in the `period`th of its periods."""
        amount = limit.first_amount if period == 0 and limit.first_amount is not None else limit.amount
        in_force = [each for each in self.amounts if each.limit_id == limit.id and each.holds_on(on)]
        waived = [each.amount for each in in_force if each.is_waiver and each.amount is not None]
        ordered = [each.amount for each in in_force if not each.is_waiver and each.amount is not None]
        if ordered and limit.is_ceiling and amount is not None:
            ordered.append(amount)
        amount = min(waived or ordered, default=amount)
        if amount is None:
            return CannotTell(f"the amount is {_WHERE[limit.source]} and is not known here")
        return amount

    def remark(self, limit: Limit, on: date) -> str:
        """Return what there is to say of the amount beside the rule itself; empty when nothing."""
        for each in self.amounts:
            if each.limit_id == limit.id and each.holds_on(on):
                kind = "waiver" if each.is_waiver else "practitioner's amount"
                return f"{kind}{f': {each.paper}' if each.paper else ''}"
        if limit.amount is None:
            return ""
        if limit.source is Source.PRACTITIONER:
            return "a ceiling: a practitioner may have set less" if limit.is_ceiling else "unless a practitioner set it"
        return "the registry's own figure decides" if limit.source is Source.REGISTRY else ""


_WHERE = {
    Source.FIXED: "not in the rules",
    Source.PRACTITIONER: "on the practitioner's order",
    Source.REGISTRY: "in the registry or on the order",
}

ORDINARY = Entitlement()
"""A patient of whom nothing particular is known."""
