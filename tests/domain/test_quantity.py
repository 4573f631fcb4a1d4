"""What a person types and reads: quantities and money, exact to the last digit."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.quantity import (
    Quantity,
    QuantityError,
    Unit,
    cents,
    finely,
    milli,
    money,
    parse_quantity,
    plain,
    rounded_down,
    thousandths,
)


@pytest.mark.parametrize(
    ("typed", "unit", "meant"),
    [
        ("3.5", Unit.GRAMS, 3500),
        ("3.5 g", Unit.GRAMS, 3500),
        ("3.5G", Unit.GRAMS, 3500),
        ("  7 grams ", Unit.GRAMS, 7000),
        ("3,5", Unit.GRAMS, 3500),
        (".125", Unit.GRAMS, 125),
        ("2", Unit.EACH, 2000),
        ("2 each", Unit.EACH, 2000),
        ("2x", Unit.EACH, 2000),
    ],
)
def test_what_is_typed_at_the_counter_is_understood(typed: str, unit: Unit, meant: int) -> None:
    assert parse_quantity(typed, unit) == Quantity(meant, unit)


@pytest.mark.parametrize(
    ("typed", "unit", "told"),
    [
        ("", Unit.GRAMS, "Type how much, in grams."),
        ("g", Unit.GRAMS, "Type how much, in grams."),
        ("2 each", Unit.GRAMS, "This package is counted in grams, not in each."),
        ("3.5 g", Unit.EACH, "This package is counted in each, not in grams."),
        ("half", Unit.GRAMS, "“half” is not a number. Type digits, such as 3.5."),
        ("3.5 kg", Unit.GRAMS, "“3.5 k” is not a number. Type digits, such as 3.5."),
        ("1e999999", Unit.GRAMS, "“1e999999” is not a number. Type digits, such as 3.5."),
        ("1e30", Unit.GRAMS, "“1e30” is not a number. Type digits, such as 3.5."),
        ("nan", Unit.GRAMS, "“nan” is not a number. Type digits, such as 3.5."),
        ("infinity", Unit.GRAMS, "“infinity” is not a number. Type digits, such as 3.5."),
        ("3.5251", Unit.GRAMS, "3.5251 has more than three decimals. Type at most three, such as 3.525."),
        ("0", Unit.GRAMS, "Type an amount above zero."),
        ("-1", Unit.GRAMS, "Type an amount above zero."),
        ("0.5", Unit.EACH, "This package is counted in pieces. Type a whole number."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_type(typed: str, unit: Unit, told: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(typed, unit)
    assert str(caught.value) == told


@pytest.mark.parametrize("typed", ["0", "0 g", "0.000", " 0 grams "])
def test_nothing_is_an_amount_only_where_it_may_be(typed: str) -> None:
    assert parse_quantity(typed, Unit.GRAMS, may_be_nothing=True) == Quantity(0, Unit.GRAMS)
    with pytest.raises(QuantityError):
        parse_quantity(typed, Unit.GRAMS)
    with pytest.raises(QuantityError, match=r"An amount cannot be below zero\."):
        parse_quantity("-1", Unit.GRAMS, may_be_nothing=True)


@given(st.integers(min_value=1, max_value=10**9))
def test_a_quantity_as_it_is_shown_can_be_typed_again(amount: int) -> None:
    shown = str(Quantity(amount, Unit.GRAMS))
    assert parse_quantity(shown, Unit.GRAMS) == Quantity(amount, Unit.GRAMS)


@given(st.text(max_size=12), st.sampled_from(list(Unit)))
def test_whatever_is_typed_is_a_positive_quantity_or_refused(typed: str, unit: Unit) -> None:
    try:
        quantity = parse_quantity(typed, unit)
    except QuantityError:
        return
    assert quantity.milli > 0
    assert quantity.unit is unit


def test_a_quantity_is_shown_without_needless_zeros() -> None:
    assert str(Quantity(3500, Unit.GRAMS)) == "3.5 g"
    assert str(Quantity(10_000, Unit.EACH)) == "10 each"
    assert thousandths(125) == "0.125"
    assert plain(Decimal("1E+1")) == "10"
    assert Quantity(3525, Unit.GRAMS).amount == Decimal("3.525")


def test_thousandths_are_exact_or_refused() -> None:
    assert milli("0.001") == 1
    assert milli(Decimal("2.50")) == 2500
    with pytest.raises(QuantityError, match="three decimals"):
        milli("1." + "0" * 45 + "1")


def test_what_a_system_tells_finer_than_thousandths_stays_exact() -> None:
    ounce = finely("28.3495")
    assert ounce == Fraction(56699, 2)
    assert ounce * 2 == finely("56.699") == 56699
    assert (thousandths(ounce), thousandths(-ounce)) == ("28.3495", "-28.3495")
    assert type(finely("28.350000")) is int
    with pytest.raises(QuantityError, match="6 decimals"):
        finely("0.1234567")
    with pytest.raises(QuantityError, match="not a number"):
        finely("1e99")


def test_what_may_be_sold_is_never_rounded_up() -> None:
    assert rounded_down(Fraction("70.87375"), 2) == Decimal("70.87")
    assert str(rounded_down(Fraction(5, 2), 2)) == "2.50"
    assert rounded_down(Fraction(1, 3), 2) == Decimal("0.33")
    assert rounded_down(Fraction(-1, 3), 2) == Decimal("-0.34")


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(min_value=0, max_value=6))
def test_rounding_against_the_sale_loses_less_than_one_step(value: Fraction, decimals: int) -> None:
    shown = Fraction(rounded_down(value, decimals))
    assert shown <= value < shown + Fraction(1, 10**decimals)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("52", 5200),
        ("52.0", 5200),
        ("52.00", 5200),
        ("$1,114.35", 111_435),
        ("1,234,567", 123_456_700),
        ("(12.00)", -1200),
        ("-0.01", -1),
    ],
)
def test_money_is_read_as_it_is_written_in_reports(written: str, meant: int) -> None:
    assert cents(written) == meant


@pytest.mark.parametrize(
    "written", ["", "free", "1.005", "nan", "1e999999", "((1))", "$", "52,00", "1,2345", "1234,567"]
)
def test_what_is_not_money_is_refused(written: str) -> None:
    with pytest.raises(QuantityError, match="is not an amount of money"):
        cents(written)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_money_as_it_is_printed_reads_back(amount: int) -> None:
    assert cents(money(amount)) == amount


def test_money_always_has_two_decimals() -> None:
    assert money(5200) == "52.00"
    assert money(-5) == "-0.05"


@given(st.text("0123456789.,-+ e", max_size=14) | st.decimals(-(10**6), 10**6, places=3).map(str))
def test_a_plainly_written_number_is_what_its_decimal_says(text: str) -> None:
    for read, by in ((milli, 1000), (cents, 100)):
        try:
            said = read(text)
        except QuantityError:
            continue
        assert said == Decimal(text.strip().replace(",", "")) * by


@given(st.integers(-(10**9), 10**9))
def test_thousandths_are_written_without_an_end_of_zeros(count: int) -> None:
    written = thousandths(count)
    assert Decimal(written) * 1000 == count
    assert not written.endswith(".")
    assert "." not in written or not written.endswith("0")
