"""Lines whose tags are not told, beside the lines of the other record."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.reconciling.taking_over import is_made_up_of, taken_over
from pcc_desk.domain.sales import NOT_TOLD, SoldLine

A, B = "1A4050100000111000000417", "1A4050100000111000000933"
DREAM = SoldLine(NOT_TOLD, 3500, 5200, "Blue Dream")
GUMMY = SoldLine(NOT_TOLD, 2000, 4000, "Gummies")

LINES = st.lists(
    st.builds(
        SoldLine,
        st.sampled_from((NOT_TOLD, NOT_TOLD, A, "")),
        st.sampled_from((-3500, 0, 1000, 3500, 7000, 10500)),
        st.sampled_from((900, 5200, 10400)),
        st.sampled_from(("", "Blue Dream", "Gummies")),
        may_be=st.sampled_from(((), (A,), (A, B))),
    ),
    max_size=5,
)
THEIRS = st.lists(
    st.builds(SoldLine, st.sampled_from((A, B, "")), st.sampled_from((0, 1000, 3500, 7000)), st.just(5200)), max_size=5
)


def labels(lines: tuple[SoldLine, ...], theirs: tuple[SoldLine, ...]) -> list[str]:
    return [each.label for each in taken_over(lines, theirs)]


@given(LINES, THEIRS)
def test_quantities_and_prices_stay_as_the_till_told_them(lines: list[SoldLine], theirs: list[SoldLine]) -> None:
    found = taken_over(lines, theirs)
    assert sum(each.milli for each in found) == sum(each.milli for each in lines)
    assert sum(each.price_cents for each in found) == sum(each.price_cents for each in lines)
    assert [each for each in found if each in lines and each.label != NOT_TOLD] == [
        each for each in lines if each.label != NOT_TOLD
    ]
    assert {each.label for each in found} <= {each.label for each in (*lines, *theirs)}
    assert sum(not each.label for each in found) == sum(not each.label for each in lines)


@given(LINES, THEIRS)
def test_a_line_stays_without_a_tag_only_where_every_line_of_the_other_record_is_taken(
    lines: list[SoldLine], theirs: list[SoldLine]
) -> None:
    tags = {each.label for each in taken_over(lines, theirs)}
    assert NOT_TOLD not in tags or {each.label for each in theirs} <= tags | {""}


def test_several_lines_are_of_the_packages_that_each_some_of_them_make_up() -> None:
    lines = (DREAM, replace(DREAM, price_cents=5000), replace(DREAM, price_cents=5000), DREAM)
    theirs = (SoldLine(A, 7000, 10000), SoldLine(B, 7000, 10400))
    assert labels(lines, theirs) == [B, A, A, B]
    assert is_made_up_of(lines, theirs)


def test_what_is_of_another_product_by_the_stock_is_not_taken_for_as_much_of_it() -> None:
    lines = (replace(DREAM, may_be=(A,)), replace(GUMMY, may_be=(B,)))
    swapped = (SoldLine(A, 2000, 5200), SoldLine(B, 3500, 4000))
    assert labels(lines, swapped) == [A, B]
    assert not is_made_up_of(lines, swapped)


def test_what_is_left_on_both_sides_is_compared_with_each_other_whatever_the_stock_says() -> None:
    lines = (replace(DREAM, may_be=(A,)), replace(GUMMY, may_be=(B,)))
    assert labels(lines, (SoldLine(B, 2000, 4000), SoldLine(B, 5000, 4000))) == [B, B]


def test_a_package_that_is_gone_from_the_stock_may_be_the_one() -> None:
    lines = (replace(DREAM, may_be=(f"{A}X",)), replace(GUMMY, may_be=(B,)))
    assert labels(lines, (SoldLine(B, 2000, 4000), SoldLine(A, 3500, 5200))) == [A, B]


def test_the_lines_that_bear_tags_have_theirs_already() -> None:
    lines = (DREAM, replace(DREAM, label=A))
    assert labels(lines, (SoldLine(A, 3500, 5200), SoldLine(B, 3500, 5200))) == [B, A]
    assert labels(lines, (SoldLine(A, 3500, 5200), SoldLine(A, 3500, 5200))) == [A, A]


def test_a_line_of_several_packages_bears_their_prices_where_those_come_to_its_own() -> None:
    whole = replace(DREAM, milli=7000, price_cents=10000)
    for prices, wanted in (((4000, 6000), [4000, 6000]), ((5200, 5200), [5000, 5000])):
        theirs = tuple(SoldLine(label, 3500, cents) for label, cents in zip((A, B), prices, strict=True))
        assert [each.price_cents for each in taken_over((whole,), theirs)] == wanted


def test_what_the_state_does_not_track_gives_no_tag() -> None:
    assert labels((DREAM,), (SoldLine("", 3500, 5200),)) == [NOT_TOLD]


def test_nothing_sold_is_not_made_up_of_what_was_given_and_taken_back() -> None:
    nothing = (replace(DREAM, milli=0), replace(GUMMY, milli=2000))
    theirs = (SoldLine(A, 3500, 5200), SoldLine(A, -3500, -5200), SoldLine(B, 2000, 4000))
    assert not is_made_up_of(nothing, theirs[:2])
    assert labels(nothing, theirs) == [A, B]
