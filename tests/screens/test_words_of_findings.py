"""Both sides of a difference beside each other, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given

from pcc_desk.domain.prints import Change, print_of
from pcc_desk.domain.quantity import money
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import Finding, finding
from pcc_desk.domain.sales import NOT_TOLD, LineUnit, Receipt, Sale, SoldLine
from pcc_desk.screens.reconciling.day_words import change_words
from pcc_desk.screens.reconciling.finding_words import MOST_LINES, side_by_side
from tests.domain.reconciling.test_taking_over import LINES, THEIRS

AT = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
A, B = "1A4050100000111000000417", "1A4050100000111000000933"
DREAM = SoldLine(A, 3500, 5200, "Blue Dream")
GUMMY = SoldLine(B, 2000, 4000, "Gummies")


def found(sold: tuple[SoldLine, ...], reported: tuple[SoldLine, ...]) -> Finding:
    return finding(FindingClass.PRICE, "a price", sale=Sale("1", AT, sold), receipt=Receipt("R1", "1", AT, reported))


def shown(sold: tuple[SoldLine, ...], reported: tuple[SoldLine, ...]) -> list[tuple[str, str, str]]:
    """Return the lines of the till, of the state, and what is marked."""
    lines = side_by_side(found(sold, reported), "METRC")[2:]
    told = [tuple(" ".join(text.split()) for text, _ in each) for each in lines]
    return [(one, other, mark) for one, other, mark in told]


def untold(line: SoldLine, **other: int) -> SoldLine:
    return replace(line, label=NOT_TOLD, **other)  # type: ignore[arg-type]


def test_of_a_till_without_tags_only_the_line_that_is_other_is_marked() -> None:
    assert shown((untold(GUMMY), untold(DREAM, price_cents=4900)), (DREAM, GUMMY)) == [
        ("tag not told 2 40.00 Gummies", "1A40…0933 2 40.00 Gummies", ""),
        ("tag not told 3.5 49.00 Blue Dream", "1A40…0417 3.5 52.00 Blue Dream", "≠ price"),
    ]


def test_what_the_till_without_tags_sold_and_nobody_reported_stands_alone() -> None:
    assert shown((untold(GUMMY), untold(DREAM)), (DREAM,)) == [
        ("tag not told 2 40.00 Gummies", "–", "≠ only at the till"),
        ("tag not told 3.5 52.00 Blue Dream", "1A40…0417 3.5 52.00 Blue Dream", ""),
    ]
    assert shown((untold(DREAM),), (DREAM, GUMMY))[1] == ("–", "1A40…0933 2 40.00 Gummies", "≠ only here")


def test_a_line_that_is_of_several_packages_is_shown_in_parts_of_it() -> None:
    ounce = untold(DREAM, milli=7000, price_cents=10400)
    others = (DREAM, replace(DREAM, label=B))
    assert shown((ounce,), others) == [
        ("tag not told 3.5 of 7 52.00 Blue Dream", "1A40…0417 3.5 52.00 Blue Dream", ""),
        ("tag not told 3.5 of 7 52.00 Blue Dream", "1A40…0933 3.5 52.00 Blue Dream", ""),
    ]


def test_lines_of_one_tag_that_come_to_the_same_are_not_other() -> None:
    whole = replace(DREAM, milli=7000, price_cents=10400)
    for sold in ((DREAM, DREAM), (untold(DREAM), untold(DREAM))):
        assert [mark for *_, mark in shown((*sold, GUMMY), (whole, replace(GUMMY, price_cents=3900)))] == [
            "",
            "",
            "≠ price",
        ]
    assert [mark for *_, mark in shown((DREAM, DREAM), (DREAM,))] == ["", "≠ only at the till"]


def test_a_unit_that_is_other_is_marked() -> None:
    ((*_, mark),) = shown((replace(DREAM, unit=LineUnit.EACH),), (replace(DREAM, unit=LineUnit.GRAMS),))
    assert mark == "≠ unit"


@given(LINES, THEIRS)
def test_every_line_of_both_sides_is_shown(sold: list[SoldLine], reported: list[SoldLine]) -> None:
    lines = side_by_side(found(tuple(sold), tuple(reported)), "METRC")
    assert money(sum(each.price_cents for each in sold)) in lines[1][0][0]
    assert len(lines) >= 2 + min(MOST_LINES, max(len(sold), len(reported)))


def test_what_was_struck_since_a_day_was_closed_is_called_void() -> None:
    receipt = Receipt("90255", "", AT, (SoldLine("1A40", 1000, 1320),), printed="0000090255")
    was, now = (print_of("METRC", each) for each in (receipt, replace(receipt, is_void=True)))
    assert change_words(Change(was, now)) == "0000090255 at METRC was 13.20, is void"
    assert change_words(Change(now, was)) == "0000090255 at METRC was void, is 13.20"


def test_what_changed_but_its_price_says_what_it_may_be() -> None:
    sale = Sale("4471", AT, (SoldLine("1A40", 1000, 1320),))
    was, now = (print_of("POS", each) for each in (sale, replace(sale, sold_at=AT + timedelta(hours=1))))
    assert change_words(Change(was, now)) == "4471 at POS says something else: its time, person or lines"
