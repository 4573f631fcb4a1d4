"""Sales without tags that stand in the state's record by one receipt together."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from pcc_desk.domain.sales import NOT_TOLD, Receipt, Sale, SoldLine
from tests.domain.reconciling.untold_days import GUMMIES, HALF, OTHER_HALF, PEOPLE, outcome, receipt, sale, same_as_told

LINES = (HALF, GUMMIES, replace(OTHER_HALF, label="1A4050100000111000000950", product="OG Kush"))
"""Two of them weigh and cost the same, and are of two products."""


def without_stock(of: Sale) -> Sale:
    return replace(of, lines=tuple(replace(each, label=NOT_TOLD) for each in of.lines))


def together(*sales: Sale, **other: object) -> Receipt:
    """Return the receipt of sales that were posted as one."""
    return receipt(sales[0], *(line for each in sales for line in each.lines), **other)


@PEOPLE
@pytest.mark.parametrize("count", [2, 3])
def test_sales_that_were_posted_as_one_receipt_agree(patient: str, count: int) -> None:
    sales = [sale(str(place), 2 * place, line, patient_key=patient) for place, line in enumerate(LINES[:count])]
    theirs = together(*sales)
    assert same_as_told(sales, [theirs]) == []
    found = outcome(list(map(without_stock, sales)), [theirs])
    assert (found.findings, found.matched, found.totals.merged) == ((), count, 1)


def test_as_much_of_one_product_in_two_sales_may_be_one_line_of_their_receipt() -> None:
    sales = [sale("1", 0, HALF), sale("2", 3, HALF, GUMMIES)]
    theirs = receipt(sales[0], replace(HALF, milli=7000, price_cents=10400), GUMMIES)
    assert same_as_told(sales, [theirs]) == []


@pytest.mark.parametrize("change", ["a cent", "a thousandth", "a person", "an hour"])
def test_what_is_not_the_same_altogether_is_not_one(change: str) -> None:
    sales = [sale("1", 0, HALF, patient_key="P1"), sale("2", 2, GUMMIES)]
    more = {"a cent": replace(HALF, price_cents=5201), "a thousandth": replace(HALF, milli=3501)}
    theirs = receipt(sales[0], more.get(change, HALF), GUMMIES, patient_key="P2" if change == "a person" else "")
    theirs = replace(theirs, sold_at=theirs.sold_at + timedelta(hours=change == "an hour"))
    assert outcome(list(map(without_stock, sales)), [theirs]).totals.merged == 0


def test_a_receipt_that_differs_in_the_price_alone_is_not_taken_for_two_sales_that_come_to_as_much() -> None:
    dear = SoldLine(HALF.label, HALF.milli, 6000, "Blue Dream")
    sales = [sale("1", 0, HALF), sale("2", 2, GUMMIES), sale("3", 1, dear, GUMMIES)]
    found = same_as_told(sales, [together(*sales[:2])])
    assert sorted(each[:2] for each in found) == [("MISSING_IN_STATE", "1"), ("MISSING_IN_STATE", "2"), ("PRICE", "3")]


def test_the_order_in_which_both_sides_come_is_nothing_to_it() -> None:
    sales = [without_stock(sale(str(place), place, LINES[place % 3])) for place in range(5)]
    theirs = [together(*sales[:2]), together(*sales[2:4], number="92")]
    theirs = [
        replace(each, lines=tuple(replace(line, label=f"{line.product}{line.milli}") for line in each.lines))
        for each in theirs
    ]
    found = outcome(sales, theirs)
    assert found.totals.merged == 2
    for some in permutations(sales):
        assert outcome(some, theirs[::-1]) == found
