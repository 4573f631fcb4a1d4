"""The sales of a day, each with what this desk handed out that it is, and with whose it is."""

from dataclasses import dataclass
from datetime import datetime

from pcc_desk.desk.sides import Sides
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.reconciling.comparing import Comparing
from pcc_desk.domain.reconciling.own import Own
from pcc_desk.domain.reconciling.records import Record
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Dispensed, Kind, Receipt, Sale


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale of the day with what else is known of it."""

    sale: Sale
    """With the tags of its receipt where the till tells none."""
    own: Dispensed | None
    """What this desk handed out that it is; None: it was sold at the till alone."""
    person: str
    """The patient's number: as the desk read it off the card, else as the till or the state has it; empty: not told."""

    @property
    def at(self) -> datetime:
        """When it was handed over here, or else sold."""
        return self.own.sold_at if self.own is not None else self.sale.sold_at


def sold_on(sides: Sides) -> tuple[Sold, ...]:
    """Return the sales of a day by time, each with the dispensing and the person that its counterparts tell."""
    if isinstance(sides.sales, Unanswered) or isinstance(sides.receipts, Unanswered):
        return ()
    terms = Terms(day_begins=sides.day_begins)
    comparing = Comparing(sides.sales.sales, sides.receipts, sides.day, sides.own, terms, Context())
    comparing.outcome()
    receipts = {id(sale): match.receipt for match in comparing.pool.matches for sale in match.sales}
    counting = {each.number for each in sales_that_count(sides)}
    return tuple(
        _sold(each, receipts.get(id(each)), comparing.own)
        for each in comparing.sides.sales
        if each.day == sides.day and each.number in counting
    )


def _sold(sale: Record[Sale], receipt: Record[Receipt] | None, own: Own) -> Sold:
    mine = own.of(sale, receipt)
    told = (mine, sale.of, receipt.of if receipt is not None else None)
    return Sold(sale.of, mine, next((each.patient_key for each in told if each is not None and each.patient_key), ""))


def sales_that_count(sides: Sides) -> tuple[Sale, ...]:
    """Return the sales of the day that stand, of goods that the state tracks."""
    return tuple(
        each
        for each in sides.sales_of_day
        if each.kind in {Kind.SALE, Kind.EXCHANGE} and any(line.label for line in each.lines)
    )
