"""The sales of a day, each with what this desk handed out that it is, and with whose it is."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pcc_desk.desk.sides import Sides
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.reconciling.comparing import Comparing
from pcc_desk.domain.reconciling.pool import Match
from pcc_desk.domain.reconciling.records import Record
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Dispensed, Kind, Sale

AMENDING = {Kind.RETURN, Kind.ADJUSTMENT}
FAR = Terms().far
"""Within it what was handed out here and what was sold at the till may be the same."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale of the day with what else is known of it."""

    sale: Sale
    """With the tags of its receipt where the till tells none."""
    own: Dispensed | None
    """What this desk handed out that it is; None: it was sold at the till alone."""
    person: str
    """The patient's number: as the desk read it off the card, else as the till or the state has it; empty: not told."""
    is_of_another_day: bool = False
    """Whether it was handed out here on another business day, on the other side of midnight."""

    @property
    def at(self) -> datetime:
        """When it was handed over here, or else sold."""
        return self.own.sold_at if self.own is not None else self.sale.sold_at


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Of whom something was brought back or corrected at the till on a day, as far as it is told."""

    people: frozenset[str] = frozenset()
    """By the patient's number."""
    sales: frozenset[str] = frozenset()
    """By the number of the sale."""
    may_be_anybodys: bool = False
    """Whether one of them names nobody and no sale."""
    may_be_of_earlier: bool = False
    """Whether one of them names nobody, and a sale of which it was not read whose it is: one of an earlier day."""

    @classmethod
    def among(cls, sales: Iterable[Sale], buyers: Mapping[str, Collection[str]]) -> "TakenBack":
        """Return what is told by the returns and corrections among some sales.

        `buyers` tells whose the sales are that were read, by each of their numbers; among them an empty one: of one of
        an earlier day it could not be told.
        """
        back = [each for each in sales if each.kind in AMENDING]
        nameless = [each.refers_to for each in back if not each.patient_key]
        theirs = {person for number in nameless if number for person in buyers.get(number, ("",))}
        return cls(
            frozenset({*(each.patient_key for each in back), *theirs} - {""}),
            frozenset(each.refers_to for each in back) - {""},
            "" in nameless,
            "" in theirs,
        )

    def is_of(self, people: Iterable[str], sales: Iterable[str]) -> bool:
        """Whether any of it is of somebody of these numbers, or of one of these sales."""
        return not (self.people.isdisjoint(people) and self.sales.isdisjoint(sales))


@dataclass(frozen=True, slots=True)
class SoldDay:
    """The sales of a day by time, and what may be one of them."""

    on: date
    sales: tuple[Sold, ...] = ()
    untied: Mapping[str, tuple[Dispensed, ...]] = field(default_factory=dict)
    """What this desk handed out then or on the days around it, and no sale could be tied to, by the patient's number.

    What was struck is not in it.
    """
    back: TakenBack = TakenBack()
    twice: frozenset[str] = frozenset()
    """The numbers that several of the sales bear, so that none of them can be told by it."""

    def may_count_twice(self, numbers: Iterable[str], sold: Iterable[Sold]) -> bool:
        """Whether a sale of the till alone may be what this desk handed out to the same patient: within a day of it."""
        at_till = [each.at for each in sold if each.own is None]
        untied = [own.sold_at for number in numbers for own in self.untied.get(number, ())]
        return any(abs(at - handed_out) <= FAR for at in at_till for handed_out in untied)


def sold_on(sides: Sides) -> SoldDay:
    """Return the sales of a day, each with the dispensing and the person that its counterparts tell.

    What was handed out just before midnight may be rung up after it: the desk's own record of the days around is
    looked through too.
    """
    if isinstance(sides.sales, Unanswered) or isinstance(sides.receipts, Unanswered):
        return SoldDay(sides.day)
    own = (*sides.own, *sides.own_around)
    terms = Terms(day_begins=sides.day_begins)
    comparing = Comparing(sides.sales.sales, sides.receipts, sides.day, own, terms, Context())
    comparing.outcome()
    matches = {id(sale): match for match in comparing.pool.matches for sale in match.sales}
    counting = {each.number for each in sales_that_count(sides)}
    sales = tuple(
        _sold(each, matches.get(id(each)), comparing)
        for each in comparing.sides.sales
        if each.day == sides.day and each.number in counting
    )
    numbers = Counter(each.sale.number for each in sales)
    return SoldDay(
        on=sides.day,
        sales=sales,
        untied=_untied(comparing),
        back=TakenBack.among(sides.sales_of_day, _buyers(comparing, matches)),
        twice=frozenset(number for number, count in numbers.items() if count > 1),
    )


def _sold(sale: Record[Sale], match: Match | None, comparing: Comparing) -> Sold:
    """Return a sale with its counterparts. Of several sales in one receipt what was handed out is each one's."""
    own = comparing.own.of(sale, match.sale if match is not None else None)
    told = (own, sale.of, match.receipt.of if match is not None else None)
    person = next((each.patient_key for each in told if each is not None and each.patient_key), "")
    return Sold(sale.of, own, person, own is not None and comparing.reckoning.day(own.sold_at) != comparing.day)


def _buyers(comparing: Comparing, matches: Mapping[int, Match]) -> Mapping[str, Collection[str]]:
    """Return whose the sales are that were read, by each of their numbers. Of the day itself what is told counts."""
    people: dict[str, set[str]] = {}
    for each in comparing.sides.sales:
        person = _sold(each, matches.get(id(each)), comparing).person
        for number in (each.number, *each.of.other_numbers):
            people.setdefault(number, set()).update({person} if person or each.day != comparing.day else ())
    return people


def _untied(comparing: Comparing) -> Mapping[str, tuple[Dispensed, ...]]:
    sales = {id(each) for each in comparing.sides.sales}
    untied: dict[str, tuple[Dispensed, ...]] = {}
    for each in comparing.own.dispensed:
        side = comparing.own.sides.get(id(each))
        if id(side) not in sales and not each.of.is_void:
            untied[each.of.patient_key] = (*untied.get(each.of.patient_key, ()), each.of)
    return untied


def sales_that_count(sides: Sides) -> tuple[Sale, ...]:
    """Return the sales of the day that stand, of goods that the state tracks."""
    return tuple(
        each
        for each in sides.sales_of_day
        if each.kind in {Kind.SALE, Kind.EXCHANGE} and any(line.label for line in each.lines)
    )
