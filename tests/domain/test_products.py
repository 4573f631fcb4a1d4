"""What a quantity of a package weighs, holds and costs, and when it may not be sold."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.products import Basis, Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit

DAY = date(2026, 3, 12)
JAR = Package("1A4050100000111000000417", "Blue Dream", "flower", Quantity(25_500, Unit.GRAMS), unit_price_cents=1485)
GUMMIES = Package(
    "1A4050100000111000000933",
    "Gummies",
    "edible",
    Quantity(12_000, Unit.EACH),
    unit_net_mg=45_333,
    unit_thc_ug=100_000,
    unit_price_cents=1999,
)
TINCTURE = Package(
    "1A4050100000111000000950", "Tincture", "tincture", Quantity(6_000, Unit.EACH), unit_volume_ul=30_000
)


def grams(amount: int) -> Quantity:
    return Quantity(amount, Unit.GRAMS)


def each(amount: int) -> Quantity:
    return Quantity(amount * 1000, Unit.EACH)


def test_a_jar_weighs_what_the_scale_says() -> None:
    measures = replace(JAR, unit_thc_ug=210_000).measures(grams(3500))
    assert measures == Measures(net_mg=3500, volume_ul=None, thc_ug=735_000, count_milli=0)


def test_pieces_weigh_and_hold_their_number_times_one() -> None:
    assert GUMMIES.measures(each(3)) == Measures(135_999, None, 300_000, 3000)
    assert TINCTURE.measures(each(2)) == Measures(None, 60_000, None, 2000)


def test_what_is_not_known_of_one_piece_is_not_known_of_several() -> None:
    measures = replace(GUMMIES, unit_net_mg=None, unit_thc_ug=None).measures(each(3))
    assert measures.net_mg is None
    assert measures.thc_ug is None


def test_a_part_of_a_milligram_counts_as_a_whole_one_against_the_patient() -> None:
    assert replace(GUMMIES, unit_net_mg=333).measures(Quantity(500, Unit.EACH)).net_mg == 167
    assert replace(JAR, unit_thc_ug=1).measures(grams(1)).thc_ug == 1


@pytest.mark.parametrize(
    ("basis", "amount"),
    [
        (Basis.NET_G, 1),
        (Basis.NET_OZ, 1),
        (Basis.NET_ML, 2),
        (Basis.NET_FLOZ, 2),
        (Basis.THC_MG, 3),
        (Basis.COUNT, 4),
    ],
)
def test_each_way_of_counting_takes_its_own_measure(basis: Basis, amount: int) -> None:
    assert Measures(net_mg=1, volume_ul=2, thc_ug=3, count_milli=4).of(basis) == amount


def test_a_price_is_rounded_to_the_nearest_cent_and_halves_go_up() -> None:
    assert JAR.price_cents(grams(3500)) == 5198  # 51.975
    assert JAR.price_cents(grams(1000)) == 1485
    assert replace(JAR, unit_price_cents=1).price_cents(grams(499)) == 0
    assert replace(JAR, unit_price_cents=1).price_cents(grams(500)) == 1
    assert GUMMIES.price_cents(each(2)) == 3998
    assert replace(JAR, unit_price_cents=None).price_cents(grams(1000)) is None


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_the_price_shown_is_within_half_a_cent_of_the_exact_one(unit_price: int, amount: int) -> None:
    price = replace(JAR, unit_price_cents=unit_price).price_cents(grams(amount))
    assert price is not None
    assert abs(2 * (price * 1000 - unit_price * amount)) <= 1000


def test_a_package_is_good_through_its_last_day() -> None:
    assert replace(JAR, expires_on=DAY).why_not_sold(DAY) == ""
    assert replace(JAR, expires_on=DAY).why_not_sold(date(2026, 3, 13)) == "expired 2026-03-12"


def test_a_package_on_hold_or_empty_is_not_sold() -> None:
    assert JAR.why_not_sold(DAY) == ""
    assert replace(JAR, blocked="on hold").why_not_sold(DAY) == "on hold"
    assert replace(JAR, remaining=grams(0)).why_not_sold(DAY) == "none left"
