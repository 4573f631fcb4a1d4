"""Everybody's standing by our own record: who has little left, told before anybody comes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.entitlements import entitlement_on
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.allotment import Release, evaluate
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.entitlement import Entitlement, Figure
from pcc_desk.domain.entries import Act
from pcc_desk.domain.looking_back import look_back
from pcc_desk.domain.people import Patient
from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.domain.totals import Sums, sums_for, used

AT_ONCE = 250
"""Patients read in one go; between two of them other work of the store comes in."""

LITTLE = Fraction(1, 5)
"""From which share on little is left."""


@dataclass(frozen=True, slots=True)
class Low:
    """A patient with little left of a limit, or of whom it cannot be told."""

    patient: Patient
    limit: Limit
    left: Figure
    """In the limit's unit."""
    amount: Figure
    then: Release | None
    """When more comes back."""

    @property
    def share(self) -> Fraction:
        """What is left of the whole; nothing where it cannot be told."""
        if isinstance(self.left, CannotTell) or isinstance(self.amount, CannotTell) or not self.amount:
            return Fraction(0)
        return self.left / self.amount


@dataclass(frozen=True, slots=True)
class Part:
    """What was found among some patients, and where to go on. `last` None: there are no more."""

    low: tuple[Low, ...]
    read: int
    last: UUID | None


def low_among(ledger: Ledger, after: UUID | None, *, rules_on: RulesOn, day: date, act: Act) -> Part:
    """Return who has little left among the next patients, by what was dispensed here: the registry may say less."""
    require(ledger, act, Right.SEE_ALLOTMENT)
    seen = sight_of(ledger, act)
    patients = ledger.patients_after(after, AT_ONCE)
    found = []
    plans: dict[tuple[str, Entitlement], Sums | None] = {}
    for patient in patients:
        papers = ledger.entitlement(patient.id)
        rules = rules_on(day, papers.order_began)
        entitlement = entitlement_on(ledger, patient, papers, rules, day)
        plan = rules.ruleset, entitlement
        if plan not in plans:
            plans[plan] = sums_for(rules, day, entitlement)
        low = _low(ledger, patient, rules=rules, entitlement=entitlement, day=day, sums=plans[plan])
        if low is not None:
            found.append(replace(low, patient=seen(low.patient)))
    is_last = len(patients) < AT_ONCE
    return Part(tuple(found), len(patients), None if is_last else patients[-1].id)


def low_of(ledger: Ledger, patient: Patient, *, rules_on: RulesOn, day: date) -> Low | None:
    """Return the limit of which one patient has the least left by our own record, when that is little."""
    papers = ledger.entitlement(patient.id)
    rules = rules_on(day, papers.order_began)
    entitlement = entitlement_on(ledger, patient, papers, rules, day)
    return _low(ledger, patient, rules=rules, entitlement=entitlement, day=day, sums=sums_for(rules, day, entitlement))


def _low(
    ledger: Ledger, patient: Patient, *, rules: Rules, entitlement: Entitlement, day: date, sums: Sums | None
) -> Low | None:
    """Return the limit of which a patient has the least left, when that is little."""
    totals = ledger.totals(patient.id, sums) if sums is not None else None
    if sums is not None and totals is not None:
        found = used(sums, totals)
        if not any(_is_little(entitlement.amount(limit, day), each) for limit, each in found):
            return None
    standing = evaluate(
        rules, ledger.purchases(patient.id, look_back(rules, day)), None, None, day, entitlement=entitlement
    )
    low = [
        Low(patient, each.limit, each.left, each.amount, next(iter(each.releases), None))
        for each in standing.limits
        if each.counter.rule.limit.terms and _is_little(each.amount, each.used)
    ]
    return min(low, key=lambda each: each.share, default=None)


def _is_little(amount: Figure, used_up: Figure) -> bool:
    """Whether something was used of a limit and little is left of it, or that cannot be told."""
    if isinstance(used_up, CannotTell):
        return True
    if isinstance(amount, CannotTell):
        return False
    return used_up > 0 and amount - used_up < amount * LITTLE


async def low_standings(desk: Desk, on_progress: Callable[[int, int], None]) -> tuple[Low, ...]:
    """Return everybody who has little left, least first, then whose standing cannot be told. May be cancelled.

    `on_progress` is told how many of how many patients were looked at.
    """
    total = await desk.store.read(lambda ledger: ledger.count_patients())
    found: list[Low] = []
    done, last = 0, None
    act = desk.act()
    while True:
        part = await desk.store.read(low_among, last, rules_on=desk.rules_on, day=desk.today, act=act)
        found += part.low
        done, last = done + part.read, part.last
        on_progress(done, max(total, done))
        if last is None:
            return tuple(sorted(found, key=_order))


def _order(each: Low) -> tuple[bool, Fraction, str]:
    return isinstance(each.left, CannotTell), each.share, each.patient.name
