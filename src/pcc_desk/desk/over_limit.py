"""Whether the sales of a day were within what their patients may have, by the allotment engine.

Only what is certain is said: this desk's own record lacks what was sold elsewhere, so that it can tell a sale over a
limit and never one within. A sale that cannot be judged is told as not looked at.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil
from uuid import UUID

from pcc_desk.desk.entitlements import entitlement_on
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.sold import Sold, SoldDay
from pcc_desk.domain.allotment import Purchase, PurchaseKind, evaluate
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import weighed
from pcc_desk.domain.entitlement import Entitlement
from pcc_desk.domain.looking_back import look_back
from pcc_desk.domain.people import Holder, Patient, card_key
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit, plain, rounded_down
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import LookedAt
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.sales import LineUnit, Sale, SoldLine
from pcc_desk.domain.scalable import Scalable
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.standing import LimitStanding, Standing

UNITS = {LineUnit.GRAMS: Unit.GRAMS, LineUnit.EACH: Unit.EACH}

NOBODY = "of nobody who is known here by a card"
STRUCK = "struck at this desk"
TAKEN_BACK = "of somebody who brought something back at the till, or had a sale corrected there"
MAY_BE_TAKEN_BACK = (
    "of somebody whose it may be that was brought back or corrected, as the till does not say whose it is"
)
TWICE = "of somebody to whom this desk handed out what no sale could be tied to"
ON_ANOTHER_DAY = "handed out at this desk on another business day"
NUMBER_TWICE = "of which the till gave one number to several"
NOT_WEIGHED = "of a package that this desk cannot weigh"
AFTER_IT = "of somebody who had bought what this desk cannot weigh"
ON_RECORD = {STRUCK, ON_ANOTHER_DAY}
"""What is not looked at, and is in this desk's own record as it is."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was over a limit, and how many sales could be judged at all."""

    over: Mapping[str, str]
    """By the number of the sale: by how much, a clause."""
    looked_at: LookedAt


@dataclass(slots=True)
class _Telling:
    """What is told, while the sales are gone through."""

    not_looked: Counter[str]
    over: dict[str, str] = field(default_factory=dict)
    looked: int = 0


@dataclass(frozen=True, slots=True)
class Buyers:
    """Who bought on a day, with all that is on record here by which their sales are judged."""

    people: tuple[tuple["_Person", tuple[Sold, ...]], ...] = ()
    packages: Mapping[str, Package | None] = field(default_factory=dict)
    """What the till alone sold, by its tag; None: it is not known here."""
    nobodys: int = 0
    """How many sales are of nobody who is known here."""
    of: int = 0
    """How many sales there are."""


def buyers_of(ledger: Ledger, day: SoldDay, shop: Shop, *, rules_on: RulesOn) -> Buyers:
    """Read whose the sales of a day are, and everything that was sold to them before."""
    by_patient: dict[UUID, tuple[Patient, list[Sold]]] = {}
    nobodys = 0
    for each in day.sales:
        patient = _patient(ledger, each.person)
        if patient is None:
            nobodys += 1
        else:
            by_patient.setdefault(patient.id, (patient, []))[1].append(each)
    since = shop.starts(day.on)
    people = tuple(
        (_Person.of(ledger, patient, day, some, rules_on=rules_on, since=since), tuple(some))
        for patient, some in by_patient.values()
    )
    lines = (line for each in day.sales if each.own is None for line in each.sale.lines)
    labels = dict.fromkeys(label for line in lines for label in (line.raw_label, line.label) if label)
    return Buyers(people, {each: ledger.package(each) for each in labels}, nobodys, len(day.sales))


def over_limits(buyers: Buyers, fresh_for: timedelta) -> Judged:
    """Judge the sales of a day whose patients are known here, each with everything that was sold before it."""
    telling = _Telling(not_looked=Counter({NOBODY: buyers.nobodys} if buyers.nobodys else {}))
    for person, sold in buyers.people:
        person.judge(buyers.packages, sold, telling, fresh_for)
    why = "; ".join(f"{count} {reason}" for reason, count in sorted(telling.not_looked.items()))
    return Judged(telling.over, LookedAt(FindingClass.OVER_LIMIT, telling.looked, buyers.of, why))


def _patient(ledger: Ledger, number: str) -> Patient | None:
    """Return whose own card bears a number; None: nobody's here, or it could be several people's."""
    cards = ledger.cards_numbered(number) if number else ()
    people = {each.patient_id for each in cards if each.holder is Holder.PATIENT}
    return ledger.patient(people.pop()) if len(people) == 1 else None


@dataclass(frozen=True, slots=True)
class _Person:
    """A patient on a day: by which rules, and what was bought by our own record."""

    day: SoldDay
    rules: Rules
    entitlement: Entitlement
    is_confirmed: bool
    history: tuple[Purchase, ...]
    asked: tuple[Verification, ...]
    """What the registry was asked on the day. What it said the day before was left of that day is not left of this."""
    why_not_at_till: str
    """Why nothing can be said of a sale that the till alone has; empty: something can."""

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        patient: Patient,
        day: SoldDay,
        sold: Sequence[Sold],
        *,
        rules_on: RulesOn,
        since: datetime,
    ) -> "_Person":
        """Return what is on record of a patient, and what stands in the way of counting what the till sold to them."""
        papers = ledger.entitlement(patient.id)
        rules = rules_on(day.on, papers.order_began)
        numbers = {each.key for each in ledger.cards(patient.id) if each.holder is Holder.PATIENT}
        history = ledger.purchases(patient.id, look_back(rules, day.on))
        has_earlier = any(each.at < since for each in history)
        return cls(
            day=day,
            rules=rules,
            entitlement=entitlement_on(ledger, patient, papers, rules, day.on),
            is_confirmed=ledger.is_confirmed(rules.fingerprint),
            history=history,
            asked=ledger.verifications(patient.id, since),
            why_not_at_till=_why_not_at_till(day, numbers, sold, has_earlier=has_earlier),
        )

    def judge(
        self, packages: Mapping[str, Package | None], sold: Sequence[Sold], telling: _Telling, fresh_for: timedelta
    ) -> None:
        """Judge the sales of this patient in the order of time: by this desk's clock what it handed out itself."""
        at_till: list[Purchase] = []
        is_whole = True
        for each in sorted(sold, key=lambda one: one.at):
            bought = self._bought(packages, each)
            if isinstance(bought, str):
                telling.not_looked[bought] += 1
                is_whole = is_whole and bought in ON_RECORD
                continue
            before = [line for line in self.history if line.at < each.at] + at_till
            over = self._over(before, bought, _fresh(self.asked, each.at, fresh_for))
            if isinstance(over, CannotTell):
                telling.not_looked[f"of which nothing can be told ({over.reason})"] += 1
            elif over:
                telling.over[each.sale.number] = over
                telling.looked += 1
            elif is_whole:
                telling.looked += 1
            else:
                telling.not_looked[AFTER_IT] += 1
            at_till += bought if each.own is None else ()

    def _bought(self, packages: Mapping[str, Package | None], sold: Sold) -> tuple[Purchase, ...] | str:
        """Return the lines of a sale as the limits count them, or why they cannot be counted."""
        if sold.sale.number in self.day.twice:
            return NUMBER_TWICE
        if sold.is_of_another_day:
            return ON_ANOTHER_DAY
        if sold.own is not None:
            lines = tuple(each for each in self.history if each.at == sold.at and each.kind is PurchaseKind.SALE)
            return STRUCK if sold.own.is_void else lines or NOT_WEIGHED
        if self.why_not_at_till:
            return self.why_not_at_till
        found = [_line(packages, each, sold.sale, self.day.on) for each in sold.sale.lines if each.label]
        known = tuple(each for each in found if each is not None)
        return known if len(known) == len(found) else NOT_WEIGHED

    def _over(
        self, before: Sequence[Purchase], bought: Sequence[Purchase], asked: Sequence[Verification]
    ) -> str | CannotTell:
        """Return by how much a sale was over a limit; empty when it was not, as far as is known here.

        First by our own record; then by what the registry said just before, which knows of other shops: of several
        answers the one that left least decides.
        """
        lines = [_wanted(each) for each in bought]
        own = weighed(self._standing(before, None), lines)
        worst = _worst(own)
        if worst is not None:
            return _own_words(*worst)
        by_registry = [weighed(self._standing(before, each), lines) for each in asked]
        over = [
            (worst, each.system) for each, found in zip(asked, by_registry, strict=True) if (worst := _worst(found))
        ]
        if over:
            worst, system = max(over, key=lambda one: _share(*one[0]))
            return _registry_words(*worst, system)
        is_told = any(not isinstance(each, CannotTell) for each in by_registry)
        return own if isinstance(own, CannotTell) and not is_told else ""

    def _standing(self, before: Sequence[Purchase], asked: Verification | None) -> Standing:
        return evaluate(
            self.rules,
            before,
            asked.answer if asked is not None else None,
            asked.asked_at if asked is not None else None,
            self.day.on,
            entitlement=self.entitlement,
            is_confirmed=self.is_confirmed,
        )


def _why_not_at_till(day: SoldDay, people: Collection[str], sold: Sequence[Sold], *, has_earlier: bool) -> str:
    """Return why nothing can be said of what the till alone sold to somebody; empty: something can.

    `has_earlier` tells whether this desk handed out something to them before the day, which may be what came back.
    """
    if day.may_count_twice(people, sold):
        return TWICE
    sales = {number for each in sold for number in (each.sale.number, *each.sale.other_numbers)}
    if day.back.is_of(people, sales):
        return TAKEN_BACK
    return MAY_BE_TAKEN_BACK if day.back.may_be_anybodys or (has_earlier and day.back.may_be_of_earlier) else ""


def _fresh(asked: Iterable[Verification], at: datetime, fresh_for: timedelta) -> tuple[Verification, ...]:
    """Return the registry's last word before a sale for each card of the patient, while it was fresh.

    `asked` comes newest first. The registry may not know that two cards are one person's.
    """
    newest: dict[str, Verification] = {}
    for each in asked:
        if each.is_good and each.asked_at <= at <= each.asked_at + fresh_for:
            newest.setdefault(card_key(each.card_number), each)
    return tuple(newest.values())


def _line(packages: Mapping[str, Package | None], line: SoldLine, sale: Sale, day: date) -> Purchase | None:
    """Return what the till sold as a purchase; None where its package is not known here, or is counted otherwise.

    The till tells the state of its own sales: the registry is taken to have known of it at once.
    """
    package = packages.get(line.raw_label or line.label) or packages.get(line.label)
    if package is None or UNITS.get(line.unit, package.remaining.unit) is not package.remaining.unit:
        return None
    if line.unit not in {*UNITS, LineUnit.UNKNOWN} or line.milli <= 0:
        return None
    quantity = Quantity(ceil(line.milli), package.remaining.unit)
    measures = package.measures(quantity)
    return Purchase(day, sale.sold_at, package.category, measures, package.product, quantity, sale.sold_at)


def _wanted(line: Purchase) -> Scalable:
    quantity = line.quantity
    is_counted = quantity is not None and quantity.unit is Unit.EACH and quantity.milli % 1000 == 0
    pieces = quantity.milli // 1000 if quantity is not None and is_counted else None
    return Scalable(line.category, line.product, line.measures, Fraction(1), line.thc_percent, pieces or None)


def _worst(found: list[tuple[LimitStanding, Fraction]] | CannotTell) -> tuple[LimitStanding, Fraction] | None:
    """Return the limit that is exceeded most, as a share of its amount, and by how much; None: none is."""
    over = [] if isinstance(found, CannotTell) else [(each, -after) for each, after in found if after < 0]
    return max(over, key=lambda pair: _share(*pair), default=None)


def _share(each: LimitStanding, over: Fraction) -> Fraction:
    return over / each.amount if isinstance(each.amount, Fraction) and each.amount else over


def _own_words(each: LimitStanding, over: Fraction) -> str:
    limit = each.limit
    amount = f" of {plain(rounded_down(each.amount, 3))}" if isinstance(each.amount, Fraction) else ""
    return f"{_figure(over)} {limit.unit} over the limit{amount} ({limit.window}), by this desk's own record"


def _registry_words(each: LimitStanding, over: Fraction, system: str) -> str:
    limit = each.limit
    return f"{_figure(over)} {limit.unit} more than {system} said just before was left ({limit.window})"


def _figure(over: Fraction) -> str:
    """Return by how much a limit is exceeded, rounded up: never to nothing."""
    return plain(-rounded_down(-over, 2))
