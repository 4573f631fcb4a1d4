"""Exchanges: what was brought back and what was handed out for it stand in one record of the till."""

from dataclasses import replace

import pytest

from pcc_desk.domain.sales import Kind, Receipt, Sale, SoldLine
from tests.domain.reconciling.test_fixtures import GUMMY, LINE, at, classes, outcome, receipt, sale

FLOWER, GUMMIES = LINE, SoldLine(GUMMY, 3000, 1500)
BACK = replace(FLOWER, milli=-3500, price_cents=-5200)
ONE_BACK = replace(GUMMIES, milli=-1000, price_cents=-500)
EARLIER = sale("1", at(11), FLOWER)


def exchange(of: str = "1", *lines: SoldLine) -> Sale:
    return sale("2", at(13), *(lines or (BACK, GUMMIES)), kind=Kind.EXCHANGE, refers_to=of)


@pytest.mark.parametrize(
    "told",
    [
        (),
        (receipt("90", at(11), FLOWER), receipt("92", at(13, 1), BACK)),
    ],
)
def test_an_exchange_agrees_where_the_state_has_what_was_handed_out_and_what_came_back(
    told: tuple[Receipt, ...],
) -> None:
    """The receipt of the earlier sale is gone, or one below zero stands beside it."""
    found = outcome([EARLIER, exchange()], [receipt("91", at(13), GUMMIES), *told])
    assert classes(found) == []
    assert (found.matched, found.totals.returns) == (2 if told else 1, 1)


def test_an_exchange_agrees_with_a_receipt_that_tells_it_as_the_till_does() -> None:
    receipts = [receipt("90", at(11), FLOWER), receipt("91", at(13), BACK, GUMMIES)]
    assert classes(outcome([EARLIER, exchange()], receipts)) == []


def test_what_was_brought_back_in_an_exchange_is_a_return_of_the_sale_that_it_names() -> None:
    found = outcome([EARLIER, exchange()], [receipt("90", at(11), FLOWER), receipt("91", at(13), GUMMIES)])
    assert classes(found) == ["RETURN_NOT_PROPAGATED"]
    assert [each.sale for each in found.findings] == [EARLIER]


def test_an_exchange_that_names_no_sale_is_told_as_a_return_as_the_till_wrote_it() -> None:
    found = outcome([exchange("")], [receipt("91", at(13), GUMMIES)])
    assert classes(found) == ["RETURN_NOT_PROPAGATED"]
    assert [each.sale for each in found.findings] == [exchange("")]


@pytest.mark.parametrize(("left", "found"), [(2000, []), (3000, ["RETURN_NOT_PROPAGATED"])])
def test_a_row_below_zero_in_the_sale_itself_is_taken_back_of_it(left: int, found: list[str]) -> None:
    sold = exchange("", GUMMIES, FLOWER, ONE_BACK)
    told = receipt("91", at(13), FLOWER, replace(GUMMIES, milli=left, price_cents=left // 2))
    assert classes(outcome([sold], [told])) == found


def test_what_was_handed_out_in_an_exchange_and_never_reported_is_missing() -> None:
    found = outcome([EARLIER, exchange()], [])
    assert [(each.kind.value, each.sale) for each in found.findings] == [("MISSING_IN_STATE", exchange())]
