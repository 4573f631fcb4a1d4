"""What is typed to see what would fit: understood, or a sentence that says what to type."""

from dataclasses import replace
from fractions import Fraction

import pytest

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.what_if import Fitting, Lasting, NotFitting, NotUnderstood, Question, answer, understand
from tests.domain.michigan import flower, said, standing

STOCK = (
    Package("1A01", "Blue Dream", "flower", Quantity(500_000, Unit.GRAMS)),
    Package(
        "1A02", "Lake Gummies 100 mg", "edible", Quantity(20_000, Unit.EACH), unit_net_mg=40_000, unit_thc_ug=100_000
    ),
    Package(
        "1A03", "Pier Gummies 50 mg", "edible", Quantity(20_000, Unit.EACH), unit_net_mg=40_000, unit_thc_ug=50_000
    ),
)


def asked(typed: str) -> Question:
    found = understand(typed, standing(), STOCK)
    assert isinstance(found, Question), found
    return found


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3.5 g flower", ["3.5 g flower"]),
        ("3,5g FLOWER", ["3.5 g flower"]),
        ("500 mg flower", ["500 mg flower"]),
        ("1 oz flow", ["1 oz flower"]),
        ("100 mg edibles", ["100 mg THC edible"]),
        ("2 x 100 mg edible", ["2 × 100 mg THC edible"]),
        ("3 fl oz liquid + 2 capsules", ["3 fl oz liquid", "2 pieces capsule"]),
        ("7 g blue dream", ["7 g Blue Dream"]),
        ("2 lake gummies", ["2 each Lake Gummies 100 mg"]),
        ("2 x 100 mg gummies", ["2 each Lake Gummies 100 mg"]),
        ("1 g pre-rolls", ["1 g preroll"]),
    ],
)
def test_amounts_are_taken_as_people_type_them(typed: str, words: list[str]) -> None:
    assert [each.words for each in asked(typed).lines] == words


def test_of_several_products_of_one_strength_that_which_counts_for_the_most_is_judged() -> None:
    heavy, recalled = replace(STOCK[1], label="1A04", product="Bay Gummies 100 mg", unit_net_mg=60_000), STOCK[1]
    stock = (heavy, replace(recalled, label="1A05", product="Old Gummies 100 mg", unit_net_mg=90_000, blocked="recall"))
    found = understand("2 x 100 mg gummies", standing(), (*STOCK, *stock))
    assert isinstance(found, Question)
    assert found.lines[0].words == "2 each Bay Gummies 100 mg"


def test_of_several_products_of_one_strength_none_is_judged_while_a_weight_is_not_known() -> None:
    found = understand(
        "2 x 100 mg gummies", standing(), (*STOCK, replace(STOCK[1], product="Bay Gummies", unit_net_mg=None))
    )
    assert found == NotUnderstood("“gummies” may be Bay Gummies, Lake Gummies 100 mg. Type more of the name.")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type an amount and what of"),
        ("flower", "is not understood"),
        ("3.5 g", "3.5 g of what"),
        ("0 g flower", "above zero"),
        ("1.5 capsules", "Say of what unit"),
        ("2 gummies", "may be Lake Gummies 100 mg, Pier Gummies 50 mg"),
        ("1 g unobtainium", "Neither the rules nor the stock know"),
        ("2 g lake gummies", "is counted in each"),
        ("1.5 lake gummies", "is counted in each"),
        ("9" * 40 + " g flower", "above zero"),
        ("2 x 3 g blue dream", "Type “2 blue dream”"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_to_type(typed: str, why: str) -> None:
    found = understand(typed, standing(), STOCK)
    assert isinstance(found, NotUnderstood)
    assert why in found.why
    assert found.why.endswith(".")


def test_a_basket_within_every_limit_fits_and_says_what_remains_of_the_tightest() -> None:
    found = answer(asked("28 g flower + 16 g edible"), standing())
    assert isinstance(found, Fitting)
    assert found.limit is not None
    assert found.limit.id == "mi-day"
    assert found.left == Fraction("2.5") - 29 / Fraction("28.3495")


def test_an_ounce_typed_is_never_more_than_an_ounce() -> None:
    assert isinstance(answer(asked("1 oz flower"), standing([], said("1", "1"))), Fitting)


def test_a_basket_over_a_limit_says_by_how_much_and_what_of_each_line_would_fit() -> None:
    found = answer(asked("3.5 g flower + 2 lake gummies"), standing([], said("0.2", "10")))
    assert isinstance(found, NotFitting)
    assert found.limit.id == "mi-day"
    assert found.over == Fraction(3500 * 16 + 80_000, 16) / Fraction("28349.5") - Fraction("0.2")
    assert found.fitting == ("0.66 g", "0 each")


def test_what_nobody_knows_stays_unknown() -> None:
    found = answer(asked("2 x 100 mg edible"), standing())
    assert isinstance(found, CannotTell)
    assert "net weight" in found.reason


def test_a_daily_amount_lasts_as_long_as_the_tightest_limit_over_several_days_allows() -> None:
    where = standing([flower("226.796", days_ago=3)])
    found = answer(asked("1 oz flower a day"), where)
    assert isinstance(found, Lasting)
    assert (found.days, found.limit and found.limit.id, found.share) == (2, "mi-30d", Fraction(28_349, 283_495))
