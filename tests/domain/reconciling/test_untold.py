"""Sales of which the till does not tell the packages: compared by everything else, and by nothing that is guessed."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared
from pcc_desk.domain.reconciling.records import Reckoning
from pcc_desk.domain.reconciling.terms import Context, KnownPackage, Terms
from pcc_desk.domain.reconciling.untold import with_tags
from pcc_desk.domain.sales import NOT_TOLD, Kind, Pull, ReceiptPull, SoldLine
from pcc_desk.simulator.seeded.making import Day, agreeing_day
from pcc_desk.simulator.seeded.seeds import SEEDS
from tests.domain.reconciling.days import DAY, DETROIT, day_with, said
from tests.domain.reconciling.untold_days import (
    DREAM,
    GUMMIES,
    GUMMY,
    HALF,
    NOON,
    OTHER_HALF,
    PEOPLE,
    WHOLE,
    handed_out,
    outcome,
    receipt,
    sale,
    same_as_told,
    untold,
)

OF_PACKAGES = {"TAG", "TAG_UNKNOWN", "PACKAGE_HOLD", "PACKAGE_FINISHED", "NEGATIVE_PACKAGE"}
"""What only a tag that is told can show."""


def steps_of(work: Callable[[], object]) -> int:
    """Return how many lines of code a piece of work runs through: the same on every machine."""
    count = 0

    def counted(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return counted

    before = sys.gettrace()
    sys.settrace(counted)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def of_day(made: Day) -> Compared:
    pull = Pull(tuple(map(untold, made.all_sales())), "POS", "", 0)
    return compare(pull, ReceiptPull(tuple(made.all_receipts()), "state"), DAY, terms=made.terms, context=made.context)


@pytest.mark.parametrize("has_people", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_a_day_that_agrees_is_all_matches_without_a_single_tag(seed: int, *, has_people: bool) -> None:
    made = agreeing_day(DAY, DETROIT, 120, seed, has_people=has_people)
    found = of_day(made)
    assert (found.findings, found.matched, found.totals.untold) == ((), 120, 120)


@pytest.mark.parametrize("kind", [each for each in SEEDS if each.value not in OF_PACKAGES])
@pytest.mark.parametrize("seed", range(3))
def test_what_needs_no_tag_is_found_as_ever(kind: FindingClass, seed: int) -> None:
    made = day_with(kind, count=30, seed=seed)
    (wanted,) = made.key
    assert [said(each)[:2] for each in of_day(made).findings] == [(kind.value, wanted.sale)]


def test_the_only_package_in_stock_is_not_taken_for_the_one_that_was_sold() -> None:
    sold = sale("1", 0, SoldLine(NOT_TOLD, 3500, 5200, "Blue Dream", may_be=(GUMMY,)))
    found = outcome([sold], [receipt(sold, SoldLine(DREAM, 3500, 5200))])
    assert (found.findings, found.matched) == ((), 1)


def test_of_two_alike_the_one_whose_product_may_be_of_the_package_is_taken() -> None:
    lines = (
        SoldLine(NOT_TOLD, 1000, 900, "Dream", may_be=(DREAM,)),
        SoldLine(NOT_TOLD, 1000, 900, "Gummy", may_be=(GUMMY,)),
    )
    sales = [sale("1", 0, lines[0]), sale("2", 1, lines[1])]
    receipts = [receipt(sales[0], SoldLine(GUMMY, 1000, 900)), receipt(sales[1], SoldLine(DREAM, 1000, 800))]
    (price,) = outcome(sales, receipts).findings
    assert said(price) == ("PRICE", "1", "92")


def test_a_difference_shows_the_sale_as_the_till_told_it() -> None:
    sold = untold(sale("1", patient_key="P1"))
    (found,) = outcome([sold], [receipt(sold, SoldLine(DREAM, 7000, 5200))]).findings
    assert found.kind is FindingClass.QTY
    assert found.sale is not None
    assert [each.label for each in found.sale.lines] == [NOT_TOLD]


def test_a_sale_that_no_receipt_is_like_is_missing_and_says_that_its_tag_was_not_told() -> None:
    known = Context(packages={DREAM: KnownPackage(DREAM)})
    (found,) = outcome([untold(sale("1"))], [], known).findings
    assert found.kind is FindingClass.MISSING_IN_STATE
    assert "does not tell its packages" in found.why


def test_what_was_taken_back_of_such_a_sale_is_found() -> None:
    sold = untold(sale("1"))
    back = replace(sold.lines[0], milli=-3500, price_cents=-5200)
    returned = sale("2", 30, back, kind=Kind.RETURN, refers_to="1")
    theirs = receipt(sold, SoldLine(DREAM, 3500, 5200))
    assert [said(each) for each in outcome([sold, returned], [theirs]).findings] == [
        ("RETURN_NOT_PROPAGATED", "1", "91")
    ]


def test_a_line_that_the_receipt_lacks_is_found_where_nobody_s_number_is_told() -> None:
    sold = untold(sale("1", 0, SoldLine(DREAM, 3500, 5200), SoldLine(GUMMY, 2000, 4000, "Gummies")))
    (found,) = outcome([sold], [receipt(sold, SoldLine(DREAM, 3500, 5200))]).findings
    assert found.kind is FindingClass.PARTIAL_RECEIPT
    assert "2 Gummies (tag not told)" in found.what


def test_another_quantity_is_found_where_the_stock_speaks_for_the_package_and_nobody_s_number_is_told() -> None:
    sold = untold(sale("1"))
    (found,) = outcome([sold], [receipt(sold, SoldLine(DREAM, 9500, 9900))]).findings
    assert found.kind is FindingClass.QTY
    other = receipt(sold, SoldLine(GUMMY, 9500, 9900))
    assert len(outcome([sold], [other]).findings) == 2


def test_somebody_else_s_receipt_is_never_taken() -> None:
    sold = untold(sale("1", patient_key="P1"))
    theirs = receipt(sold, SoldLine(DREAM, 3500, 5200), patient_key="P2")
    assert sorted(each.kind.value for each in outcome([sold], [theirs]).findings) == [
        "MISSING_IN_STATE",
        "UNEXPECTED_IN_STATE",
    ]


@pytest.mark.parametrize("times", [1, 3])
def test_a_day_of_four_times_the_sales_is_about_four_times_the_work(times: int) -> None:
    """Both where most agrees and where nothing does."""

    def work(count: int) -> int:
        sales = [sale(str(each), each, SoldLine(DREAM, 1000 + each % 7, 900)) for each in range(count)]
        receipts = [
            receipt(each, SoldLine(DREAM, times * each.lines[0].milli, times * 900))
            for place, each in enumerate(sales)
            if place % 9
        ]
        stocked = [replace(each, lines=(replace(each.lines[0], label=NOT_TOLD),)) for each in sales]
        return steps_of(lambda: with_tags(stocked, receipts, Reckoning(), Terms()))

    assert work(400) < 5 * work(100)


@pytest.mark.parametrize("patient", ["P1", ""])
def test_what_the_desk_handed_out_and_still_posts_is_on_its_way_and_nothing_is_done_by_hand(patient: str) -> None:
    sold = sale("1", patient_key=patient)
    ((kind, number, _, fix),) = same_as_told([sold], [], [handed_out(sold)])
    assert (kind, number) == ("MISSING_IN_STATE", "1")
    assert fix.startswith("Nothing by hand, the desk's own post is on its way.")


def test_a_whole_outage_is_on_its_way_sale_by_sale() -> None:
    sales = [sale(str(each), each, SoldLine((DREAM, GUMMY)[each % 2], 1000, 900)) for each in range(30)]
    desk = [handed_out(each) for each in sales]
    found = same_as_told([sale("before", -60), *sales], [receipt(sale("before", -60))], desk)
    assert sorted(number for _, number, *_ in found) == sorted(each.number for each in sales)
    assert all("on its way" in fix for *_, fix in found)


def test_a_whole_outage_is_on_its_way_also_where_the_till_rings_up_when_the_next_one_is_served() -> None:
    line = SoldLine(NOT_TOLD, 3500, 5200)
    sales = [sale(str(each), 3 * each, line) for each in range(30)]
    tagged = [
        replace(each, lines=(replace(line, label=(DREAM, GUMMY)[place % 2]),)) for place, each in enumerate(sales)
    ]
    desk = [handed_out(each, -8, patient_key=f"P{each.number}") for each in tagged]
    before = sale("before", -60)
    found = outcome([before, *sales], [receipt(before)], desk=desk).findings
    assert sorted(each.sale.number for each in found if each.sale) == sorted(each.number for each in sales)
    assert all("on its way" in each.fix for each in found)


@pytest.mark.parametrize("minutes", [-1, -1.6, -2.5])
def test_what_is_on_its_way_is_that_of_the_sale_which_is_in_no_record(minutes: float) -> None:
    sales = [sale("1"), sale("2", 3)]
    desk = [handed_out(sales[0], why="", receipt="91"), handed_out(sales[1], minutes)]
    ((kind, number, *_),) = same_as_told(sales, [receipt(sales[0])], desk)
    assert (kind, number) == ("MISSING_IN_STATE", "2")


def test_a_line_that_the_receipt_lacks_bears_the_tag_that_the_desk_handed_out() -> None:
    sold = sale("1", 0, SoldLine(DREAM, 3500, 5200), SoldLine(GUMMY, 2000, 4000, "Gummies"))
    posted = handed_out(sold, why="", receipt="91")
    theirs = receipt(sold, SoldLine(DREAM, 3500, 5200))
    (found,) = outcome([untold(sold)], [theirs], desk=[posted]).findings
    assert found.what == "2 Gummies (1A40…0933) sold, and not in what was reported"


def test_what_the_desk_handed_out_of_a_sale_with_tags_is_not_taken_for_one_without() -> None:
    told, other = sale("1"), untold(sale("2", 9))
    found = outcome([told, other], [], desk=[handed_out(told)]).findings
    assert sorted((each.sale is not None and each.sale.number, each.desk is None) for each in found) == [
        ("1", False),
        ("2", True),
    ]


def test_what_was_struck_at_the_desk_gives_way_to_what_was_handed_out_again() -> None:
    sold = sale("1", 3)
    struck = handed_out(sold, -1, is_void=True, number="D0", lines=(SoldLine(GUMMY, 3500, 5200),))
    (found,) = outcome([untold(sold)], [], desk=[struck, handed_out(sold, -2)]).findings
    assert found.desk is not None
    assert found.desk.number == "D1"


def test_what_a_sale_names_is_not_taken_for_another_one_that_is_nearer() -> None:
    named, other = sale("1", external_number="D1"), sale("2", 5)
    finished = Context(packages={DREAM: KnownPackage(DREAM, finished_on=DAY)})
    desk = [handed_out(named, 4)]
    found = outcome([untold(named), untold(other)], [], finished, desk).findings
    assert sorted(said(each)[:2] for each in found) == [("MISSING_IN_STATE", "1"), ("MISSING_IN_STATE", "2")]


def test_what_somebody_else_was_handed_is_never_taken() -> None:
    sold = untold(sale("1", patient_key="P1"))
    found = outcome([sold], [], desk=[handed_out(sale("1", patient_key="P2"))]).findings
    assert [each.desk is None for each in found if each.sale is not None] == [True]
    assert len(found) == 2


def test_a_sale_that_was_struck_and_rung_up_again_has_one_receipt_and_that_agrees() -> None:
    struck, again = sale("1", 0, kind=Kind.VOID), sale("2", 3)
    assert same_as_told([struck, again], [receipt(sale("1", 1))]) == []


@pytest.mark.parametrize("line", [SoldLine(DREAM, 7000, 9900, "Blue Dream"), SoldLine(GUMMY, 3500, 4500, "OG Kush")])
def test_a_struck_sale_that_stands_in_the_state_is_found_beside_another_one_that_is_missing(line: SoldLine) -> None:
    struck, other = sale("1", kind=Kind.VOID), sale("2", 5, line)
    found = same_as_told([struck, other], [receipt(struck)])
    assert sorted(each[:3] for each in found) == [("MISSING_IN_STATE", "2", ""), ("VOID_NOT_PROPAGATED", "1", "91")]


def test_a_receipt_that_bears_the_number_of_a_struck_sale_is_not_that_of_one_which_only_costs_as_much() -> None:
    struck = sale("1", kind=Kind.VOID, external_number="D1")
    other = sale("2", 300, SoldLine(GUMMY, 3500, 5200, "OG Kush"))
    theirs = receipt(struck, external_number="D1", sold_at=NOON + timedelta(hours=3))
    found = same_as_told([struck, other], [theirs])
    assert sorted(each[:3] for each in found) == [("MISSING_IN_STATE", "2", ""), ("VOID_NOT_PROPAGATED", "1", "91")]


def test_the_receipt_of_a_struck_sale_is_not_that_of_one_hours_later_which_only_costs_as_much() -> None:
    struck = sale("1", kind=Kind.VOID)
    later = sale("2", 300, SoldLine(GUMMY, 3500, 5200, "Gummies"))
    found = same_as_told([struck, later], [receipt(struck)])
    assert sorted(each[:3] for each in found) == [("MISSING_IN_STATE", "2", ""), ("VOID_NOT_PROPAGATED", "1", "91")]


@pytest.mark.parametrize("seed", range(6))
def test_a_day_with_many_voids_that_were_rung_up_again_agrees(seed: int) -> None:
    made = agreeing_day(DAY, DETROIT, 120, seed, has_people=False)
    sold = made.all_sales()
    struck = [replace(each, number=f"V{each.number}", kind=Kind.VOID) for each in sold[::10]]
    again = [replace(each, sold_at=each.sold_at + timedelta(minutes=3)) for each in sold[::10]]
    kept = [each for place, each in enumerate(sold) if place % 10]
    sales = list(map(untold, (*struck, *again, *kept)))
    found = outcome(sales, made.all_receipts(), made.context)
    assert (found.findings, found.matched) == ((), 120)


STOCK = pytest.mark.parametrize("may_be", [(), (DREAM,), (DREAM, GUMMY), (f"{DREAM}X",)])


@PEOPLE
@STOCK
def test_two_lines_of_a_product_are_one_line_of_its_receipt(patient: str, may_be: tuple[str, ...]) -> None:
    line = replace(HALF, label=NOT_TOLD, may_be=may_be)
    sold = sale("1", 0, line, line, patient_key=patient)
    found = outcome([sold], [receipt(sold, WHOLE)])
    assert (found.findings, found.matched) == ((), 1)


@PEOPLE
@STOCK
def test_one_line_may_be_of_two_packages(patient: str, may_be: tuple[str, ...]) -> None:
    sold = sale("1", 0, replace(WHOLE, label=NOT_TOLD, may_be=may_be), patient_key=patient)
    found = outcome([sold], [receipt(sold, HALF, OTHER_HALF)])
    assert (found.findings, found.matched) == ((), 1)


@PEOPLE
def test_a_line_of_two_packages_at_another_price_differs_in_the_price_alone(patient: str) -> None:
    sold = untold(sale("1", 0, WHOLE, patient_key=patient))
    theirs = receipt(sold, replace(HALF, price_cents=5000), replace(OTHER_HALF, price_cents=5000))
    kinds = [each.kind for each in outcome([sold], [theirs]).findings]
    assert kinds == (
        [FindingClass.PRICE] * 2 if patient else [FindingClass.MISSING_IN_STATE, FindingClass.UNEXPECTED_IN_STATE]
    )


@PEOPLE
@pytest.mark.parametrize("lines", [(HALF, GUMMIES), (WHOLE, GUMMIES)])
def test_a_sale_in_two_receipts_agrees(patient: str, lines: tuple[SoldLine, ...]) -> None:
    sold = sale("1", 0, *lines, patient_key=patient)
    receipts = [receipt(sold, lines[0]), receipt(sold, lines[1], number="92")]
    assert same_as_told([sold], receipts) == []
    assert outcome([untold(sold)], receipts).totals.split == 1


@PEOPLE
def test_a_line_in_two_receipts_agrees(patient: str) -> None:
    sold = sale("1", 0, WHOLE, patient_key=patient)
    for other in (HALF, OTHER_HALF):
        receipts = [receipt(sold, HALF), receipt(sold, other, number="92")]
        assert outcome([untold(sold)], receipts).findings == ()


def test_a_sale_of_somebody_known_may_stand_in_two_receipts_of_the_night() -> None:
    sold = sale("1", 0, HALF, GUMMIES, patient_key="P1")
    night = sold.sold_at + timedelta(hours=9)
    receipts = [receipt(sold, HALF, sold_at=night), receipt(sold, GUMMIES, number="92", sold_at=night)]
    assert same_as_told([sold], receipts) == []


@PEOPLE
def test_what_the_desk_handed_out_in_one_line_is_on_its_way_though_the_till_rang_up_two(patient: str) -> None:
    sold = sale("1", 0, HALF, HALF, patient_key=patient)
    ((*_, fix),) = same_as_told([sold], [], [handed_out(sold, lines=(WHOLE,))])
    assert "on its way" in fix


def test_what_only_weighs_as_much_does_not_take_the_receipt_of_a_sale_that_was_rung_up_in_two_lines() -> None:
    quarter = replace(HALF, milli=1750, price_cents=2600)
    sales = [sale("1", 0, quarter, quarter), sale("2", 1, SoldLine(GUMMY, 3500, 4500, "OG Kush"))]
    ((kind, number, *_),) = same_as_told(sales, [receipt(sales[0], HALF, sold_at=sales[1].sold_at)])
    assert (kind, number) == ("MISSING_IN_STATE", "2")


def test_a_sale_at_another_price_does_not_take_one_of_the_two_receipts_of_another_sale() -> None:
    sales = [untold(sale("1", 0, HALF, GUMMIES)), untold(sale("2", 1, replace(HALF, price_cents=4500)))]
    receipts = [receipt(sales[1], HALF, number="91"), receipt(sales[0], GUMMIES, number="92")]
    (found,) = outcome(sales, receipts).findings
    assert said(found)[:2] == ("MISSING_IN_STATE", "2")


def test_a_sale_that_was_struck_and_rung_up_again_for_less_has_one_receipt_and_that_differs_in_the_price() -> None:
    struck, again = sale("1", 0, kind=Kind.VOID), sale("2", 3, replace(HALF, price_cents=4500))
    ((kind, number, *_),) = same_as_told([struck, again], [receipt(sale("1"))])
    assert (kind, number) == ("PRICE", "2")


def test_a_receipt_that_bears_the_number_of_a_sale_is_its_own_also_in_two_packages_and_hours_later() -> None:
    sold = untold(sale("1", 0, WHOLE, external_number="D1"))
    theirs = receipt(sold, HALF, OTHER_HALF, external_number="D1", sold_at=NOON + timedelta(hours=3))
    known = Context(packages={GUMMY: KnownPackage(GUMMY, held_from=NOON - timedelta(hours=1))})
    assert [each.kind for each in outcome([sold], [theirs], known).findings] == [FindingClass.PACKAGE_HOLD]


def test_receipts_of_two_people_are_not_one_sale() -> None:
    sold = untold(sale("1", 0, HALF, GUMMIES))
    receipts = [receipt(sold, HALF, patient_key="P1"), receipt(sold, GUMMIES, number="92", patient_key="P2")]
    assert len(outcome([sold], receipts).findings) == 2


@PEOPLE
def test_as_much_of_two_products_is_not_taken_for_one_package(patient: str) -> None:
    sold = untold(sale("1", 0, HALF, replace(OTHER_HALF, product="OG Kush"), patient_key=patient))
    words = [each.what for each in outcome([sold], [receipt(sold, WHOLE)]).findings]
    assert words == [
        "3.5 OG Kush (tag not told) sold, and not in what was reported",
        "1A40…0417: 3.5 sold, 7 reported",
    ]


@PEOPLE
def test_less_of_a_product_in_two_lines_differs_in_the_quantity_alone(patient: str) -> None:
    sold = untold(sale("1", 0, HALF, HALF, patient_key=patient))
    (found,) = outcome([sold], [receipt(sold, replace(WHOLE, milli=6000))]).findings
    assert (found.kind, found.what) == (FindingClass.QTY, "1A40…0417: 7 sold, 6 reported")


def test_no_difference_says_that_something_was_sold_from_a_tag_that_was_not_told() -> None:
    """Hours apart only the person and the price speak for a receipt: its lines are compared by what they are."""
    sold = untold(sale("1", 0, HALF, replace(HALF, price_cents=5000), patient_key="P1"))
    theirs = receipt(sold, replace(WHOLE, price_cents=10200), sold_at=sold.sold_at + timedelta(hours=2))
    found = outcome([sold], [theirs])
    assert (found.findings, found.matched) == ((), 1)


def test_grams_and_pieces_of_a_missing_sale_are_not_summed() -> None:
    sold = untold(sale("1", 0, HALF, SoldLine(GUMMY, 1000, 900, "Gummies")))
    (found,) = outcome([sold], []).findings
    assert found.what == "3.5 Blue Dream and 1 more, 61.00, 12:00"


def test_nor_where_a_number_speaks_for_what_it_is_not() -> None:
    sold = untold(sale("1", 0, HALF, SoldLine(GUMMY, 1000, 900, "Gummies"), external_number="D1", patient_key="P1"))
    theirs = receipt(sold, replace(HALF, milli=28000, price_cents=20000), external_number="D1", patient_key="P2")
    words = " ".join(each.why for each in outcome([sold], [theirs]).findings)
    assert "3.5 of Blue Dream, 1 of Gummies" in words


def test_what_is_taken_back_of_a_line_of_two_packages_is_taken_back_of_both() -> None:
    sold = untold(sale("1", 0, WHOLE))
    back = replace(sold.lines[0], milli=-7000, price_cents=-10400)
    returned = sale("2", 30, back, kind=Kind.RETURN, refers_to="1")
    found = outcome([sold, returned], [receipt(sold, HALF, OTHER_HALF)]).findings
    assert {each.kind for each in found} == {FindingClass.RETURN_NOT_PROPAGATED}
    assert len(found) == 2


def test_what_is_taken_back_more_than_once_says_the_same_in_whatever_order_the_till_tells_it() -> None:
    sold = untold(sale("1", 0, WHOLE))
    back = [
        sale(number, minutes, replace(sold.lines[0], milli=milli), kind=Kind.RETURN, refers_to="1")
        for number, minutes, milli in (("2", 30, -3000), ("3", 40, -5000))
    ]
    theirs = [receipt(sold, HALF, OTHER_HALF)]
    assert outcome([sold, *back], theirs) == outcome([*reversed(back), sold], theirs)
