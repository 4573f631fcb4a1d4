"""Jurisdictions that break simpler schemas, with dates worked out by hand, through their rule files."""

from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, NotLimited
from tests.domain.shops import Bought, back, category, left, limits, now, over, standing, used

# -- Ohio: a first period of 46 days, then 45, eight in all; whole days by product and tier


def tier_one(on: str, days: int = 4) -> Bought:
    """Return so many whole days of tier I flower: 2.52 g each."""
    return Bought(on, "flower", {"net_g": f"{252 * days // 100}.{252 * days % 100:02d}"}, "some flower", "20")


def test_ohios_first_period_from_1_june_2020_has_46_days_and_ends_with_16_july() -> None:
    lines = [tier_one("2020-07-10")]
    last = standing("OH", "2020-07-16", lines, anchor="2020-06-01")
    assert used(last, "oh-45") == 4
    assert left(last, "oh-45") == 42
    assert back(last, "oh-45") == [("2020-07-17", Fraction(4))]
    next_day = standing("OH", "2020-07-17", lines, anchor="2020-06-01")
    assert used(next_day, "oh-45") == 0
    assert left(next_day, "oh-45") == 45


def test_ohios_eight_periods_end_after_361_days() -> None:
    """46 + 7 x 45 days from 1 June 2020: the last is 27 May 2021."""
    assert left(standing("OH", "2021-05-27", anchor="2020-06-01"), "oh-45") == 45
    after = left(standing("OH", "2021-05-28", anchor="2020-06-01"), "oh-45")
    assert after == CannotTell("the 8 periods from 2020-06-01 are over; the first day of a renewed one is needed")


@pytest.mark.parametrize(("percent", "days"), [("23", 1), ("23.01", 2), ("35", 2)])
def test_in_ohio_23_percent_is_the_first_tier_and_anything_above_it_the_second(percent: str, days: int) -> None:
    """2.52 g are one day of tier I (2.52 g), and more than one of tier II (1.67 g)."""
    line = Bought("2020-06-02", "flower", {"net_g": "2.52"}, "some flower", percent)
    assert used(standing("OH", "2020-06-02", [line], anchor="2020-06-01"), "oh-45") == days


def test_in_ohio_flower_above_35_percent_or_of_unknown_thc_cannot_be_told() -> None:
    for percent in ("35.01", None):
        line = Bought("2020-06-02", "flower", {"net_g": "2.52"}, "some flower", percent)
        assert isinstance(used(standing("OH", "2020-06-02", [line], anchor="2020-06-01"), "oh-45"), CannotTell)


def test_without_the_first_day_of_the_recommendation_ohio_cannot_be_told() -> None:
    assert isinstance(left(standing("OH", "2020-06-25"), "oh-45"), CannotTell)


# -- New York: the next 60 days may be had in the last 7


def doses(on: str, count: int) -> Bought:
    return Bought(on, "tincture", {"dose": str(count)})


def test_new_yorks_next_supply_may_be_had_in_the_last_seven_days() -> None:
    """60 days from 10 January 2024 end with 9 March; the last seven begin on 3 March (29 days in February)."""
    lines = [doses("2024-01-10", 60)]
    assert left(standing("NY", "2024-03-02", lines), "ny-60d") == 0
    assert back(standing("NY", "2024-03-02", lines), "ny-60d") == [("2024-03-03", Fraction(60))]
    assert left(standing("NY", "2024-03-03", lines), "ny-60d") == 60


def test_who_comes_early_in_new_york_gains_no_days() -> None:
    """Had on 3 March, the second supply still runs from 10 March to 8 May: the third may be had from 2 May."""
    lines = [doses("2024-01-10", 60), doses("2024-03-03", 60)]
    assert left(standing("NY", "2024-03-03", lines), "ny-60d") == 0
    assert left(standing("NY", "2024-05-01", lines), "ny-60d") == 0
    assert left(standing("NY", "2024-05-02", lines), "ny-60d") == 60


def test_who_takes_half_a_supply_in_new_york_may_take_the_other_half_until_it_ends() -> None:
    lines = [doses("2024-01-10", 20)]
    assert left(standing("NY", "2024-02-20", lines), "ny-60d") == 40


# -- Kentucky: three unrelated tables, and a shorter one for visitors


def test_a_visitor_to_kentucky_is_bound_by_ten_days_and_by_thirty() -> None:
    lines = [Bought("2026-03-01", "flower", {"net_g": "37.5"})]
    where = standing("KY", "2026-03-05", lines, groups=["visiting"])
    assert left(where, "ky-visiting-10d") == 0
    assert left(where, "ky-30d") == 1 - Fraction("37.5") / 112
    assert category(where, "flower").now == 0
    assert left(standing("KY", "2026-03-11", lines, groups=["visiting"]), "ky-visiting-10d") == 1


def test_kentuckys_ten_days_of_concentrate_are_9_5_grams_and_thirty_are_28() -> None:
    at_home, visitor = standing("KY", "2026-03-05"), standing("KY", "2026-03-05", groups=["visiting"])
    assert limits(at_home) == ["ky-30d", "ky-carried"]
    assert limits(visitor) == ["ky-30d", "ky-visiting-10d", "ky-carried"]
    assert over(visitor, Bought("", "concentrate", {"net_g": "9.5"})) == {}
    beyond = over(at_home, Bought("", "concentrate", {"net_g": "28.5"}))
    assert beyond == {"ky-30d": Fraction(1, 56), "ky-carried": Fraction(2)}


def test_in_kentucky_topicals_do_not_count_and_of_suppositories_nobody_knows() -> None:
    where = standing("KY", "2026-03-05")
    assert category(where, "topical").now == NotLimited()
    assert isinstance(category(where, "suppository").now, CannotTell)


# -- North Dakota: an enhanced amount takes the place of the ordinary one


def test_an_enhanced_amount_takes_the_place_of_the_ordinary_one_in_north_dakota() -> None:
    enhanced = standing("ND", "2024-02-01", groups=["enhanced amount (e.g. cancer)"])
    assert limits(enhanced) == ["nd-flower-enhanced", "nd-thc", "nd-held"]
    assert limits(standing("ND", "2024-02-01")) == ["nd-flower", "nd-thc", "nd-held"]
    assert left(enhanced, "nd-flower-enhanced") == Fraction("170.01")


# -- Colorado: by age


@pytest.mark.parametrize(
    ("age", "binding", "grams"),
    [
        (18, ["co-conc-18-20"], 2),
        (20, ["co-conc-18-20"], 2),
        (21, ["co-conc-21"], 8),
        (None, ["co-conc-21", "co-conc-18-20"], 2),
    ],
)
def test_in_colorado_age_sets_the_concentrate_and_an_unknown_age_has_the_lower(
    age: int | None, binding: list[str], grams: int
) -> None:
    where = standing("CO", "2024-09-01", age=age)
    assert [each for each in limits(where) if each.startswith("co-conc")] == binding
    assert now(where, "concentrate", "net_g") == grams


def test_colorado_says_no_amount_of_concentrate_for_who_is_17() -> None:
    assert isinstance(category(standing("CO", "2024-09-01", age=17), "concentrate").now, CannotTell)


def test_colorados_second_hand_limit_on_edibles_needs_the_shops_word() -> None:
    assert isinstance(left(standing("CO", "2024-09-01", confirmed=False), "co-edible"), CannotTell)
    assert left(standing("CO", "2024-09-01", confirmed=True), "co-edible") == 20_000


# -- Texas: a bound on each package, and fills of an order


def test_texas_bounds_the_package_and_not_their_sum() -> None:
    where = standing("TX", "2026-01-05", anchor="2026-01-01")
    two = Bought("", "edible", {"thc_mg": "2000", "count": "2", "dose": "20"})
    assert over(where, two) == {}
    one = Bought("", "edible", {"thc_mg": "1001", "count": "1", "dose": "20"})
    assert over(where, one) == {"tx-package": Fraction(1)}
    assert over(where, two, one) == {"tx-package": Fraction(1)}


def test_a_texan_order_of_90_days_with_four_refills_lasts_450_days() -> None:
    """From 1 January 2026 the second fill begins on 1 April 2026, and the last one ends with 26 March 2027."""
    lines = [Bought("2026-03-31", "edible", {"thc_mg": "10", "dose": "90"})]
    assert left(standing("TX", "2026-03-31", lines, anchor="2026-01-01"), "tx-90d-rx") == 0
    assert left(standing("TX", "2026-04-01", lines, anchor="2026-01-01"), "tx-90d-rx") == 90
    assert left(standing("TX", "2027-03-26", lines, anchor="2026-01-01"), "tx-90d-rx") == 90
    assert isinstance(left(standing("TX", "2027-03-27", lines, anchor="2026-01-01"), "tx-90d-rx"), CannotTell)
