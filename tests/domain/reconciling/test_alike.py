"""Sales of one day that are alike: each keeps its own receipt, and no chance likeness makes differences of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pcc_desk.domain.sales import Buyer, Kind, Receipt, SoldLine
from tests.domain.reconciling.test_fixtures import DAY, DREAM, GUMMY, HAZE, LINE, at, classes, outcome, receipt, sale

TWO, THREE = SoldLine(GUMMY, 2000, 4000), SoldLine(HAZE, 1000, 1200)
MANY = tuple(SoldLine(f"1A405010000011100000{number}", 1000, 900) for number in range(4000, 4004))
ANA = {"patient_key": "MIP0041"}


@pytest.mark.parametrize("apart", [0, 25])
def test_equal_sales_to_a_patient_and_to_a_consumer_keep_their_own_receipts(apart: int) -> None:
    """Their receipts stand in the other order, by the second or nearly so: that is no difference."""
    sales = [
        sale("1", at(10, 0, 30), buyer=Buyer.PATIENT),
        sale("2", at(10, 1), buyer=Buyer.CONSUMER),
    ]
    receipts = [
        receipt("90", at(10, 1, apart), buyer=Buyer.PATIENT),
        receipt("91", at(10, 0, 30 + apart), buyer=Buyer.CONSUMER),
    ]
    assert classes(outcome(sales, receipts)) == []


def test_equal_sales_that_were_posted_at_night_keep_their_own_receipts_by_who_bought() -> None:
    night = at(4, day=DAY + timedelta(days=1))
    sales = [sale("1", at(10), buyer=Buyer.PATIENT, **ANA), sale("2", at(15), buyer=Buyer.CAREGIVER, **ANA)]
    receipts = [
        receipt("90", night, buyer=Buyer.CAREGIVER, **ANA),
        receipt("91", night + timedelta(seconds=5), buyer=Buyer.PATIENT, **ANA),
    ]
    found = outcome(sales, receipts)
    assert classes(found) == ["DAY", "DAY"]
    assert {(each.sale.number, each.receipt.number) for each in found.findings if each.sale and each.receipt} == {
        ("1", "91"),
        ("2", "90"),
    }


def test_a_receipt_of_a_split_sale_is_no_second_posting_of_what_the_person_bought_in_the_morning() -> None:
    sales = [sale("1", at(9), LINE, **ANA), sale("2", at(15), LINE, TWO, **ANA)]
    receipts = [
        receipt("90", at(9, 1), LINE, **ANA),
        receipt("91", at(15, 1), LINE, **ANA),
        receipt("92", at(15, 1), TWO, **ANA),
    ]
    found = outcome(sales, receipts)
    assert classes(found) == []
    assert (found.matched, found.totals.split) == (2, 1)


def test_a_receipt_of_a_split_sale_is_not_that_of_one_which_was_struck() -> None:
    sales = [sale("1", at(15), kind=Kind.VOID), sale("2", at(15, 4), LINE, TWO)]
    receipts = [receipt("91", at(15, 5), LINE), receipt("92", at(15, 5), TWO)]
    assert classes(outcome(sales, receipts)) == []


def test_sales_in_one_receipt_are_summed_before_one_of_them_is_sought_hours_away() -> None:
    sales = [sale("1", at(12), kind=Kind.VOID), sale("2", at(13, 20), TWO), sale("3", at(13, 21), LINE)]
    receipts = [receipt("90", at(12, 1), LINE), receipt("91", at(13, 22), LINE, TWO)]
    found = outcome(sales, receipts)
    assert classes(found) == ["VOID_NOT_PROPAGATED"]
    assert (found.matched, found.totals.merged) == (2, 1)


def test_what_stands_beside_an_open_sale_is_its_own_and_no_second_posting_of_another_hours_away() -> None:
    sales = [sale("1", at(10), LINE, TWO, **ANA), sale("2", at(13, 20), LINE, **ANA)]
    receipts = [receipt("90", at(10, 0, 40), LINE, **ANA), receipt("91", at(13, 21), LINE, **ANA)]
    found = outcome(sales, receipts)
    assert classes(found) == ["PARTIAL_RECEIPT"]
    assert [(each.sale.number, each.receipt.number) for each in found.findings if each.sale and each.receipt] == [
        ("1", "90")
    ]


def test_one_package_in_common_hours_apart_makes_no_sale_of_two() -> None:
    """One finding of each, and not one of every line with its wrong fix."""
    sales = [sale("1", at(9), LINE, *MANY, **ANA)]
    receipts = [receipt("90", at(14, 44), LINE, TWO, THREE, replace(THREE, label=DREAM[:-1] + "9"), **ANA)]
    assert classes(outcome(sales, receipts)) == ["MISSING_IN_STATE", "UNEXPECTED_IN_STATE"]


@pytest.mark.parametrize(
    ("when", "reported"),
    [
        (at(10), (LINE,)),
        (at(10), (replace(LINE, price_cents=4900), TWO)),
        (at(14), (LINE, TWO)),
    ],
    ids=["one of three lines", "one at its price", "most of them, three hours away"],
)
def test_a_popular_package_in_common_with_a_receipt_of_nobody_known_makes_no_sale_of_two(
    when: datetime, reported: tuple[SoldLine, ...]
) -> None:
    found = outcome([sale("1", at(11), LINE, TWO, THREE)], [receipt("90", when, *reported)])
    assert classes(found) == ["MISSING_IN_STATE", "UNEXPECTED_IN_STATE"]


def test_receipts_that_bear_one_number_and_come_to_its_sale_are_the_sale_in_parts() -> None:
    """The number ties both to it: neither is one line short, and neither is to be voided."""
    sales = [sale(str(each), at(10, each), LINE, TWO) for each in range(1, 4)]
    receipts = [receipt(f"9{each}", at(10, each), LINE, TWO, external_number=str(each)) for each in range(1, 3)]
    parts = [receipt(number, at(10, 3), line, external_number="3") for number, line in (("93", LINE), ("94", TWO))]
    found = outcome(sales, [*receipts, *parts])
    assert (classes(found), found.matched, found.totals.split) == ([], 3, 1)
    cheaper = replace(parts[0], lines=(replace(LINE, price_cents=4900),))
    assert classes(outcome(sales, [*receipts, cheaper, parts[1]])) == ["PRICE"]


def test_sales_that_name_one_receipt_and_come_to_it_are_both_in_it() -> None:
    sales = [sale("1", at(10), LINE, state_receipt="90"), sale("2", at(10, 40), TWO, state_receipt="90")]
    found = outcome(sales, [receipt("90", at(10, 40), LINE, TWO)])
    assert (classes(found), found.matched, found.totals.merged) == ([], 2, 1)


def test_another_tag_of_the_same_price_goes_before_a_package_in_common_at_another_price() -> None:
    """The one differs in one thing, the other in its lines and in the price of the line in common."""
    sales = [sale("1", at(10), LINE)]
    receipts = [
        receipt("90", at(10, 0, 40), replace(LINE, label=HAZE)),
        receipt("91", at(10, 0, 20), replace(LINE, price_cents=4100), TWO),
    ]
    found = outcome(sales, receipts)
    assert classes(found) == ["UNEXPECTED_IN_STATE", "TAG"]
    assert [each.receipt.number for each in found.findings if each.receipt] == ["91", "90"]


NIGHT = at(4, day=DAY + timedelta(days=1))


def posted_at_night(*prices: int) -> list[Receipt]:
    return [
        receipt(f"9{place}", NIGHT + timedelta(seconds=place), replace(LINE, price_cents=price))
        for place, price in enumerate(prices)
    ]


def test_what_was_posted_at_night_for_the_day_is_recorded_on_another_day_and_not_missing() -> None:
    """Nobody is known, and no sale of the next day was asked for: nearly all of that night is what the day lacks."""
    sales = [sale(str(each), at(10 + each), replace(LINE, price_cents=5000 + each)) for each in range(8)]
    found = outcome(sales, posted_at_night(*range(5000, 5008)))
    assert classes(found) == ["DAY"] * 8


def test_a_whole_next_day_of_other_sales_is_not_taken_for_what_is_missing() -> None:
    sales = [sale(str(each), at(10 + each), replace(LINE, price_cents=5000 + each)) for each in range(4)]
    held = [receipt("80", at(13), replace(LINE, price_cents=5003))]
    found = outcome(sales, [*held, *posted_at_night(*range(5001, 5009))])
    assert classes(found) == ["MISSING_IN_STATE"] * 3


def test_a_sale_of_yesterday_that_is_struck_today_is_told_today_while_its_receipt_stands() -> None:
    yesterday = at(17, day=DAY - timedelta(days=1))
    struck = sale("1", yesterday, kind=Kind.VOID, voided_at=at(9))
    for day in (DAY, yesterday.date()):
        assert classes(outcome([struck], [receipt("90", yesterday)], day)) == ["VOID_NOT_PROPAGATED"]
        assert classes(outcome([struck], [receipt("90", yesterday, is_void=True)], day)) == []
    assert classes(outcome([struck], [receipt("90", yesterday)], DAY + timedelta(days=1))) == []


def test_most_of_a_sale_at_its_prices_an_hour_away_is_its_receipt() -> None:
    found = outcome([sale("1", at(11), LINE, TWO, THREE)], [receipt("90", at(10), LINE, TWO)])
    assert classes(found) == ["PARTIAL_RECEIPT"]


def test_several_lines_posted_twice_are_that_and_not_the_receipt_of_a_sale_that_is_missing() -> None:
    sales = [sale("1", at(10), LINE, TWO, THREE), sale("2", at(10, 2), LINE)]
    receipts = [receipt("90", at(10), LINE, TWO, THREE), receipt("91", at(10, 5), LINE, TWO, THREE)]
    found = outcome(sales, receipts)
    assert classes(found) == ["MISSING_IN_STATE", "DUPLICATE"]
    assert [each.sale.number for each in found.findings if each.sale] == ["2", "1"]


def test_another_number_is_found_though_something_else_of_the_patient_differs_nearby() -> None:
    sales = [sale("1", at(10), LINE, **ANA), sale("2", at(10, 5), TWO, **ANA)]
    receipts = [
        receipt("90", at(10, 1), LINE, patient_key="MIP0052"),
        receipt("91", at(10, 6), replace(TWO, milli=3000), **ANA),
    ]
    assert classes(outcome(sales, receipts)) == ["QTY", "PATIENT"]


def test_what_was_struck_keeps_its_standing_receipt_from_an_equal_sale_of_somebody_else() -> None:
    sales = [sale("1", at(10), kind=Kind.VOID, **ANA), sale("2", at(10, 3), patient_key="MIP0052")]
    found = outcome(sales, [receipt("90", at(10, 1), **ANA)])
    assert classes(found) == ["MISSING_IN_STATE", "VOID_NOT_PROPAGATED"]
