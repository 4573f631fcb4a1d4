"""Receipts below zero: the way in which some points of sale tell a return."""

from pcc_desk.domain.quantity import size
from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.records import Content, Record, is_known_other
from pcc_desk.domain.reconciling.sides import Sides
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import Receipt, Sale


def told_by_receipts(sides: Sides, terms: Terms) -> list[Record[Receipt]]:
    """Take returns for told where a receipt below zero tells them; return the receipts that tell nothing known."""
    unknown: list[Record[Receipt]] = []
    open_sales = sorted((each for each in sides.sales if each.back), key=lambda each: each.order)
    open_returns = sorted((each for each in sides.returns), key=lambda each: each.order)
    for receipt in sorted(sides.below_zero, key=lambda each: each.order):
        taken = _without_sign(receipt.whole)
        sale = next((each for each in open_sales if _is_of(each, receipt, taken)), None)
        if sale is not None:
            open_sales.remove(sale)
            sale.is_whole_again()
            continue
        record = next(
            (
                each
                for each in open_returns
                if _without_sign(each.whole) == taken
                and not is_known_other(each.person, receipt.person)
                and abs(each.at - receipt.at) <= microseconds(terms.far)
            ),
            None,
        )
        if record is None:
            unknown.append(receipt)
        else:
            open_returns.remove(record)
            sides.untied = [each for each in sides.untied if each is not record]
    return unknown


def _is_of(sale: Record[Sale], receipt: Record[Receipt], taken: Content) -> bool:
    same = tuple(sorted(sale.back.items())) == taken
    return same and not is_known_other(sale.person, receipt.person) and sale.at <= receipt.at


def _without_sign(content: Content) -> Content:
    return tuple((tag, size(milli)) for tag, milli in content)
