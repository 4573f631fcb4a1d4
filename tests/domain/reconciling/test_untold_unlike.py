"""Sales without tags whose receipts are late, or unlike them: which of them is whose."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pcc_desk.domain.sales import SoldLine
from tests.domain.reconciling.test_untold import DREAM, GUMMY, HALF, receipt, sale, same_as_told

GUMMIES = SoldLine(GUMMY, 1000, 900, "Gummies")


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
