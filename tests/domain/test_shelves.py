"""Packages at the till beside the state's, and what in a catalogue cannot be."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.shelves import check_catalogue, compare_packages
from pcc_desk.domain.sales import LineUnit
from pcc_desk.domain.shelf import ShelfPackage

TAG = "1A4050100000111000000417"
TILL = ShelfPackage(TAG, "Blue Dream", 100_000, LineUnit.GRAMS, "flower", "Active")
STATE = Package(TAG, "Blue Dream", "flower", Quantity(100_000, Unit.GRAMS))


def kinds(
    till: list[ShelfPackage], state: list[Package], on_the_way: dict[str, int] | None = None
) -> list[FindingClass]:
    return [each.kind for each in compare_packages(till, state, on_the_way or {})]


def test_packages_that_agree_are_no_difference() -> None:
    assert kinds([TILL], [STATE]) == []


def test_what_is_sold_by_weight_has_no_weight_of_a_piece() -> None:
    assert check_catalogue([replace(TILL, unit_weight_mg=0)]) == ()


def test_a_hundredth_of_a_gram_is_a_difference() -> None:
    assert kinds([replace(TILL, milli=99_990)], [STATE]) == [FindingClass.QTY]


def test_what_this_desk_sold_and_the_state_does_not_have_yet_is_no_difference() -> None:
    sold = replace(TILL, milli=96_500)
    assert kinds([sold], [STATE], {TAG: 3500}) == []
    assert kinds([TILL], [STATE], {TAG: 3500}) == [FindingClass.QTY]


def test_a_tag_that_the_state_does_not_have_active_is_told() -> None:
    assert kinds([TILL], []) == [FindingClass.TAG_UNKNOWN]
    assert kinds([replace(TILL, milli=0)], []) == [], "an empty one is finished, as it should be"


def test_a_package_that_the_till_does_not_have_is_told_unless_it_is_empty() -> None:
    (found,) = compare_packages([], [STATE], {})
    assert (found.kind, found.till, found.state) == (FindingClass.QTY, None, 100_000)
    assert kinds([], [replace(STATE, remaining=Quantity(3500, Unit.GRAMS))], {TAG: 3500}) == []


def test_what_lies_in_several_rooms_is_one_package() -> None:
    vault, floor = replace(TILL, milli=40_000), replace(TILL, milli=60_000)
    assert kinds([vault, floor], [STATE]) == []
    (found,) = compare_packages(
        [vault, floor, replace(TILL, label="")], [replace(STATE, remaining=Quantity(90_000, Unit.GRAMS))], {}
    )
    assert found.till == 100_000
    assert kinds([floor, replace(vault, unit=LineUnit.EACH)], [STATE]) == [FindingClass.UNIT, FindingClass.QTY]


def test_units_that_differ_are_told_before_quantities() -> None:
    pieces = replace(TILL, unit=LineUnit.EACH, milli=28_000)
    assert kinds([pieces], [STATE]) == [FindingClass.UNIT]


def test_a_till_that_tells_no_unit_is_held_against_the_number_alone() -> None:
    assert kinds([replace(TILL, unit=LineUnit.UNKNOWN)], [STATE]) == []


def test_a_held_package_that_is_for_sale_comes_first() -> None:
    held = replace(STATE, blocked="on hold")
    assert kinds([replace(TILL, milli=90_000)], [held]) == [FindingClass.PACKAGE_HOLD, FindingClass.QTY]
    assert kinds([replace(TILL, milli=0)], [replace(held, remaining=Quantity(0, Unit.GRAMS))]) == []


def test_less_than_nothing_is_told() -> None:
    found = kinds([replace(TILL, milli=-1000)], [replace(STATE, remaining=Quantity(-1000, Unit.GRAMS))])
    assert found == [FindingClass.NEGATIVE_PACKAGE]


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(0, 5)), max_size=5, unique_by=lambda each: each[0]))
def test_a_shelf_beside_itself_differs_in_nothing(shelf: list[tuple[str, int]]) -> None:
    till = [replace(TILL, label=label, milli=milli * 1000) for label, milli in shelf]
    state = [replace(STATE, label=label, remaining=Quantity(milli * 1000, Unit.GRAMS)) for label, milli in shelf]
    assert kinds(till, state[::-1]) == []


@pytest.mark.parametrize(
    ("package", "words"),
    [
        (replace(TILL, potency_mg="950", unit_weight_mg=100), "its potency of 950 mg is more than the 100 mg"),
        (replace(TILL, potency_mg="N/A"), "its potency “N/A” is no number"),
        (replace(TILL, potency_mg="-1"), "its potency is below zero"),
        (replace(TILL, unit=LineUnit.EACH, unit_weight_mg=0), "the catalogue holds no weight of one"),
        (replace(TILL, unit_weight_mg=-1), "one weighs -1 mg"),
        (replace(TILL, equivalent_mg=-5), "its flower equivalent is -5 mg"),
        (
            replace(TILL, packaged_on=date(2026, 3, 1), expires_on=date(2026, 2, 1)),
            "it expires 1 Feb 2026, before it was packaged 1 Mar 2026",
        ),
    ],
)
def test_what_cannot_be_is_told(package: ShelfPackage, words: str) -> None:
    (found,) = check_catalogue([package])
    assert words in found.what


def test_a_gummy_of_sixty_grams_stands_out_among_the_others() -> None:
    gummies = [replace(TILL, label=f"1A4{each}", category="edible", unit_weight_mg=5000 + each) for each in range(5)]
    assert check_catalogue(gummies) == ()
    (found,) = check_catalogue([*gummies, replace(TILL, label="1A49", category="Edible", unit_weight_mg=60_000)])
    assert (found.label, found.kind) == ("1A49", FindingClass.EQUIVALENCY)
    assert "the weight of one is 60000 mg" in found.what


def test_a_few_products_have_no_middle_to_be_held_against() -> None:
    few = [replace(TILL, label=f"1A4{each}", unit_weight_mg=weight) for each, weight in enumerate((5, 5000, 60_000))]
    assert check_catalogue(few) == ()
