"""More jurisdictions that break simpler schemas, with dates worked out by hand, through their rule files."""

from datetime import date, time
from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, SetAmount
from tests.domain.shops import Bought, back, category, in_basis, left, limits, now, of, standing, used

# -- Florida: routes, all of them together, the practitioner below the ceilings, older orders

FLORIDA = "2022-09-01"


def test_in_florida_one_route_can_use_up_what_all_routes_share() -> None:
    """70 days from 1 September 2022: back on 10 November."""
    lines = [Bought(FLORIDA, "vape", {"thc_mg": "24500"})]
    where = standing("FL", FLORIDA, lines, anchor=FLORIDA)
    assert left(where, "fl-inhalation") == left(where, "fl-aggregate") == 0
    assert left(where, "fl-edible") == 4200
    edible = category(where, "edible")
    assert edible.now == 0
    assert edible.binding is not None
    assert edible.binding.id == "fl-aggregate"
    (release,) = edible.releases
    assert release.on == date(2022, 11, 10)
    assert in_basis(where, "thc_mg", release.amount) == 4200


def test_smokable_flower_is_apart_in_florida() -> None:
    lines = [Bought(FLORIDA, "vape", {"thc_mg": "24500"})]
    assert left(standing("FL", FLORIDA, lines, anchor=FLORIDA), "fl-smoke") == Fraction("2.5")


@pytest.mark.parametrize(("amount", "counts"), [(2100, 2100), (4200, 4200), (5000, 4200)])
def test_a_practitioner_in_florida_counts_below_the_ceiling_only(amount: int, counts: int) -> None:
    ordered = SetAmount("fl-edible", Fraction(amount))
    assert left(standing("FL", FLORIDA, anchor=FLORIDA, amounts=[ordered]), "fl-edible") == counts


def test_what_is_open_on_the_order_in_florida_is_not_known_here() -> None:
    assert isinstance(left(standing("FL", FLORIDA, anchor=FLORIDA), "fl-order-left"), CannotTell)


@pytest.mark.parametrize(
    ("began", "ruleset"), [("2022-08-28", "fl-rolling"), ("2022-08-29", "fl-64er22-8"), (None, "fl-64er22-8")]
)
def test_an_order_from_before_29_august_2022_stays_under_floridas_older_rules(began: str | None, ruleset: str) -> None:
    assert standing("FL", "2022-09-15", order_began=began).rules.ruleset == ruleset


# -- Nebraska: one visit in 30 days, THC at each dispensary by itself


def test_nebraska_allows_one_visit_in_30_days_whatever_was_bought() -> None:
    """5 October 2025 and 30 days is 4 November."""
    lines = [
        Bought("2025-10-05", "tincture", {"net_oz": "0.1", "thc_mg": "10"}, "drops"),
        Bought("2025-10-05", "capsule", {"net_oz": "0.1", "thc_mg": "10"}, "capsules"),
    ]
    where = standing("NE", "2025-10-06", lines)
    assert used(where, "ne-visits") == 1
    assert left(where, "ne-visits") == 0
    assert category(where, "topical").now == 0
    assert left(standing("NE", "2025-11-03", lines), "ne-visits") == 0
    assert left(standing("NE", "2025-11-04", lines), "ne-visits") == 1


def test_two_sales_of_one_day_are_two_visits() -> None:
    lines = [Bought("2025-10-05", "tincture", {"net_oz": "0.1", "thc_mg": "10"}, at=time(hour)) for hour in (9, 15)]
    where = standing("NE", "2025-10-06", lines)
    assert used(where, "ne-visits") == 2
    assert of(where, "ne-visits").own_left == -1


@pytest.mark.parametrize(("dispensary", "milligrams"), [("North", 2000), ("South", 5000), ("", 2000)])
def test_nebraska_counts_thc_at_each_dispensary_by_itself(dispensary: str, milligrams: int) -> None:
    lines = [Bought("2025-10-05", "tincture", {"net_oz": "1", "thc_mg": "3000"}, dispensary="North")]
    where = standing("NE", "2025-12-01", lines, dispensary=dispensary)
    assert left(where, "ne-90d-thc") == milligrams


def test_nebraskas_rules_decide_nothing_before_the_shop_has_confirmed_them() -> None:
    assert isinstance(left(standing("NE", "2025-12-01", confirmed=False), "ne-30d"), CannotTell)


# -- Connecticut: THC by 250 and the other cannabinoids by 500, in 30 days from the first purchase


def test_connecticuts_formula_adds_thc_and_other_cannabinoids() -> None:
    """500 mg / 250 + 250 mg / 500 = 2.5 g of 141.7475 g."""
    lines = [Bought("2023-08-10", "edible", {"thc_mg": "500", "other_cannabinoid_mg": "250"})]
    where = standing("CT", "2023-08-10", lines)
    assert used(where, "ct-5.0") == Fraction("2.5")
    edible = category(where, "edible")
    assert edible.is_at_most
    assert now(where, "edible", "thc_mg") == (Fraction("141.7475") - Fraction("2.5")) * 250


def test_in_connecticut_the_first_purchase_begins_the_periods() -> None:
    """30 days from 10 August 2023 end with 8 September; the next ones with 8 October."""
    lines = [Bought("2023-08-10", "flower", {"net_g": "100"}), Bought("2023-09-20", "flower", {"net_g": "50"})]
    assert used(standing("CT", "2023-09-08", lines[:1]), "ct-5.0") == 100
    assert used(standing("CT", "2023-09-09", lines[:1]), "ct-5.0") == 0
    assert used(standing("CT", "2023-10-08", lines), "ct-5.0") == 50
    assert used(standing("CT", "2023-10-09", lines), "ct-5.0") == 0


def test_an_unknown_content_of_other_cannabinoids_is_not_none_of_them() -> None:
    lines = [Bought("2023-08-10", "edible", {"thc_mg": "500"})]
    assert isinstance(used(standing("CT", "2023-08-10", lines), "ct-5.0"), CannotTell)


# -- Montana, Mississippi, Michigan, Hawaii


def test_montana_measured_concentrate_by_thc_until_2021_and_by_weight_from_2022() -> None:
    """1 g with 400 mg of THC: 400 / 8000, then 1 / 8."""
    lines = [Bought("2021-12-31", "concentrate", {"net_g": "1", "thc_mg": "400"})]
    assert used(standing("MT", "2021-12-31", lines), "mt-month") == Fraction(1, 20)
    new_year = [Bought("2022-01-01", "concentrate", {"net_g": "1", "thc_mg": "400"})]
    assert used(standing("MT", "2022-01-01", new_year), "mt-month-b") == Fraction(1, 8)


def test_from_march_2022_montana_counts_back_into_february() -> None:
    """5 oz on 15 February 2022 count until 17 March; by the month of before they would have been back on 1 March."""
    lines = [Bought("2022-02-15", "flower", {"net_oz": "5"})]
    assert left(standing("MT", "2022-02-28", lines), "mt-month-b") == 0
    assert left(standing("MT", "2022-03-01", lines), "mt-30d") == 0
    assert left(standing("MT", "2022-03-16", lines), "mt-30d") == 0
    assert left(standing("MT", "2022-03-17", lines), "mt-30d") == 5


def test_mississippis_seven_days_bind_on_30_june_2024_and_are_gone_the_next_day() -> None:
    lines = [Bought("2024-06-28", "flower", {"net_g": "21"})]
    where = standing("MS", "2024-06-30", lines)
    assert left(where, "ms-7d") == 0
    assert category(where, "flower").now == 0
    july = standing("MS", "2024-07-01", lines)
    assert limits(july) == ["ms-30d-b"]
    assert left(july, "ms-30d-b") == 18
    assert now(july, "flower", "net_g") == 63


def test_michigans_day_is_full_and_its_30_days_are_used_up() -> None:
    """2.5 oz on each of 1 to 4 March 2026: the first comes back on 31 March, strictly on 1 April."""
    lines = [Bought(f"2026-03-0{day}", "flower", {"net_oz": "2.5"}) for day in (1, 2, 3, 4)]
    where = standing("MI", "2026-03-05", lines)
    assert left(where, "mi-day") == Fraction("2.5")
    assert left(where, "mi-30d") == 0
    flower = category(where, "flower")
    assert flower.now == 0
    assert flower.binding is not None
    assert flower.binding.id == "mi-30d"
    assert [each.on for each in flower.releases] == [date(2026, 3, 31)]
    strictly = category(standing("MI", "2026-03-05", lines, strict=True), "flower")
    assert [each.on for each in strictly.releases] == [date(2026, 4, 1)]


def test_nothing_comes_back_in_hawaii_while_either_limit_still_binds() -> None:
    """4 oz on 1 and on 20 March 2025. By 30 days 4 oz are back on 31 March, by 15 days only on 4 April."""
    lines = [Bought("2025-03-01", "flower", {"net_oz": "4"}), Bought("2025-03-20", "flower", {"net_oz": "4"})]
    where = standing("HI", "2025-03-20", lines)
    assert back(where, "hi-30d") == [("2025-03-31", Fraction(4)), ("2025-04-19", Fraction(4))]
    (release,) = category(where, "flower").releases
    assert release.on == date(2025, 4, 4)
    assert in_basis(where, "net_oz", release.amount) == 4
