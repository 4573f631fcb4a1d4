"""Sales without tags whose receipts are late, or unlike them: which of them is whose."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pcc_desk.domain.sales import NOT_TOLD, LineUnit, Sale, SoldLine
from tests.domain.reconciling.days import said
from tests.domain.reconciling.untold_days import (
    DREAM,
    GUMMY,
    HALF,
    WHOLE,
    outcome,
    receipt,
    sale,
    same_as_told,
    untold,
)

GUMMIES = SoldLine(GUMMY, 1000, 900, "Gummies")


def sold_out(of: Sale) -> Sale:
    """Return a sale without tags, of whose products only packages are in stock that were not sold."""
    lines = (replace(each, label=NOT_TOLD, may_be=(f"{each.label}X",)) for each in of.lines)
    return replace(of, lines=tuple(lines))


@pytest.mark.parametrize("late", [16, 20, 60, 400])
def test_the_late_receipt_of_a_sale_is_not_taken_by_a_nearer_one_that_is_missing(late: int) -> None:
    both, missing = sale("1", 0, HALF, GUMMIES), sale("2", late - 2, GUMMIES)
    theirs = receipt(both, sold_at=both.sold_at + timedelta(minutes=late))
    found = same_as_told([both, missing], [theirs])
    assert [each[:3] for each in found] == [("MISSING_IN_STATE", "2", "")]


@pytest.mark.parametrize("late", [12, 20, 60])
def test_a_day_whose_receipts_are_a_tenth_late_agrees(late: int) -> None:
    kinds = ((HALF,), (HALF, GUMMIES), (GUMMIES,), (SoldLine(DREAM, 7000, 9900, "Blue Dream"),))
    sales = [sale(str(each), 3 * each, *kinds[each * each % 7 % 4]) for each in range(100)]
    receipts = [
        receipt(each, sold_at=each.sold_at + timedelta(minutes=late if place % 10 == 0 else 1))
        for place, each in enumerate(sales)
    ]
    assert same_as_told(sales, receipts) == []
    assert same_as_told(sales, [replace(each, patient_key="P1") for each in receipts]) == []


@pytest.mark.parametrize("lines", [(HALF,), (HALF, GUMMIES)])
def test_another_quantity_is_the_same_finding_when_the_package_is_sold_out(lines: tuple[SoldLine, ...]) -> None:
    sold = sale("1", 0, *lines)
    theirs = [receipt(sold, replace(HALF, milli=7000), *lines[1:])]
    evening, morning = (outcome([some], theirs) for some in (untold(sold), sold_out(sold)))
    assert [said(each) for each in morning.findings] == [("QTY", "1", "91")]
    assert morning == replace(evening, findings=morning.findings)
    assert [each.key for each in morning.findings] == [each.key for each in evening.findings]


def test_another_price_is_found_where_the_package_is_sold_out() -> None:
    sold = sold_out(sale("1"))
    found = outcome([sold], [receipt(sold, replace(HALF, price_cents=4900))]).findings
    assert [said(each) for each in found] == [("PRICE", "1", "91")]


def test_a_missing_sale_is_not_taken_for_as_much_of_another_product_of_the_till() -> None:
    sales = [sold_out(sale("1", 0, GUMMIES)), untold(sale("2", 300, HALF))]
    theirs = [receipt(sales[0], SoldLine(DREAM, 1000, 2013)), receipt(sales[1], HALF)]
    found = outcome(sales, theirs).findings
    assert [said(each) for each in found] == [("MISSING_IN_STATE", "1", ""), ("UNEXPECTED_IN_STATE", "", "91")]


def test_what_is_counted_otherwise_is_not_taken_for_a_sale_at_another_price() -> None:
    sold = sold_out(sale("1", 0, replace(GUMMIES, unit=LineUnit.EACH)))
    found = outcome([sold], [receipt(sold, SoldLine(DREAM, 1000, 2013, unit=LineUnit.GRAMS))]).findings
    assert [each.kind.value for each in found] == ["MISSING_IN_STATE", "UNEXPECTED_IN_STATE"]


def test_the_receipt_of_as_much_at_another_price_is_not_that_of_a_sale_whose_own_comes_late() -> None:
    both = HALF, replace(HALF, label=GUMMY, price_cents=4900, product="Gummy Kush")
    sales = [sale(str(place), 18 * place, line) for place, line in enumerate(both)]
    late = [receipt(each, sold_at=each.sold_at + timedelta(minutes=20)) for each in sales]
    sales = list(map(sold_out, sales))
    assert outcome(sales, late).findings == ()


def test_what_costs_nothing_is_not_taken_for_whatever_else_costs_nothing() -> None:
    sold = sold_out(sale("1", 0, replace(HALF, price_cents=0)))
    theirs = receipt(sold, SoldLine(GUMMY, 1000, 0))
    kinds = {each.kind.value for each in outcome([sold], [theirs]).findings}
    assert kinds == {"FREE_ITEM", "MISSING_IN_STATE", "UNEXPECTED_IN_STATE"}


def test_the_receipt_that_bears_the_number_of_a_sale_differs_in_what_differs() -> None:
    sold = sold_out(sale("F-1"))
    theirs = receipt(sold, WHOLE, external_number="F-1")
    assert [said(each) for each in outcome([sold], [theirs]).findings] == [("QTY", "F-1", "9F-1")]


def test_a_missing_sale_whose_number_another_receipt_bears_says_so() -> None:
    sold = sold_out(sale("1", external_number="D1", patient_key="P1"))
    theirs = receipt(sold, WHOLE, external_number="D1", patient_key="P2")
    (why,) = (each.why for each in outcome([sold], [theirs]).findings if each.sale is not None)
    assert why == "Receipt 91 bears its number and is of 7 of 1A40…0417."


def test_what_a_receipt_lacks_of_two_products_is_told_product_by_product() -> None:
    pack = SoldLine("1A4050100000111000000950", 2000, 1600, "Pre-roll")
    sold = sale("1", 0, HALF, GUMMIES, pack, GUMMIES)
    found = outcome([untold(sold)], [receipt(sold, HALF)]).findings
    assert [(each.kind.value, each.what) for each in found] == [
        ("PARTIAL_RECEIPT", "2 Gummies (tag not told) sold, and not in what was reported"),
        ("PARTIAL_RECEIPT", "2 Pre-roll (tag not told) sold, and not in what was reported"),
    ]


@pytest.mark.parametrize(("patient", "minutes"), [("P1", 300), ("P1", 3), ("", 3)])
def test_a_sale_whose_receipt_was_voided_says_so(patient: str, minutes: int) -> None:
    sold = sale("1", 0, HALF, GUMMIES, patient_key=patient)
    theirs = [receipt(sold, is_void=True, sold_at=sold.sold_at + timedelta(minutes=minutes))]
    theirs += [receipt(sold, number="92", is_void=True, patient_key="P2")] if patient else []
    for some in (untold(sold), sold_out(sold)):
        (found,) = outcome([some], theirs).findings
        assert (found.kind.value, found.why) == ("MISSING_IN_STATE", "Its receipt 91 was voided.")


def test_of_two_voided_receipts_the_nearer_one_is_named_in_whatever_order_they_come() -> None:
    sold = sale("1")
    voided = [
        receipt(sold, number=str(minutes), is_void=True, sold_at=sold.sold_at + timedelta(minutes=minutes))
        for minutes in (9, 2, 5)
    ]
    for some in (sold, untold(sold)):
        for theirs in (voided, voided[::-1]):
            (found,) = outcome([some], theirs).findings
            assert found.why == "Its receipt 2 was voided."


@pytest.mark.parametrize(
    ("line", "minutes"), [(HALF, 30), (replace(HALF, milli=7000), 2), (replace(HALF, price_cents=5100), 2)]
)
def test_a_voided_receipt_of_another_quantity_price_or_time_is_not_that_of_a_sale_without_tags(
    line: SoldLine, minutes: int
) -> None:
    sold = untold(sale("1"))
    theirs = receipt(sold, line, is_void=True, sold_at=sold.sold_at + timedelta(minutes=minutes))
    (found,) = outcome([sold], [theirs]).findings
    assert "does not tell its packages" in found.why


def test_the_voided_receipt_that_bears_the_number_of_a_sale_goes_before_a_nearer_one() -> None:
    sold = sale("1", external_number="D1")
    later = sold.sold_at + timedelta(hours=1)
    voided = [
        receipt(sold, is_void=True),
        receipt(sold, number="92", is_void=True, sold_at=later, external_number="D1"),
    ]
    for some in (sold, untold(sold)):
        (found,) = outcome([some], voided).findings
        assert found.why == "Its receipt 92 was voided."
