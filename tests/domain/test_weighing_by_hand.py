"""What lines use up of a limit, by example: tiers, whole units, sums, what is not known, visits, items."""

from dataclasses import replace
from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, Purchase
from pcc_desk.domain.basket import fits, steps_that_fit, weighed
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.rules import Limit, Potency, Term
from pcc_desk.domain.scalable import Scalable
from pcc_desk.domain.windows import RollingDays, Transaction
from tests.domain.by_hand import GRAM, a_limit, ask, first, now, sold
from tests.domain.random_rules import ruled

THIRTY = RollingDays(30, 30, 30)
TODAY = "2024-03-10"
WEAK, STRONG = Potency(None, Fraction(20)), Potency(Fraction(20), Fraction(35))


def terms(*, rounds: bool = False, tiered: bool = True) -> list[Term]:
    """Return two tiers of 2 g and 1 g a unit, or only the first."""
    if not tiered:
        return [Term(("flower",), Basis.NET_G, 2 * GRAM, None, rounds)]
    return [
        Term(("flower",), Basis.NET_G, 2 * GRAM, WEAK, rounds),
        Term(("flower",), Basis.NET_G, GRAM, STRONG, rounds),
    ]


def of_percent(grams: str, percent: str | None, **more: object) -> Purchase:
    return replace(
        sold(TODAY, grams),
        thc_percent=None if percent is None else Fraction(percent),
        **more,  # type: ignore[arg-type]
    )


def used(limit: Limit, *bought: Purchase) -> Fraction | str:
    found = first(ask(limit, TODAY, bought)).used
    return found.reason if isinstance(found, CannotTell) else found


# -- tiers and whole units


@pytest.mark.parametrize(("percent", "units"), [("20", "1.5"), ("20.01", "3"), ("35", "3"), ("0", "1.5")])
def test_a_tier_holds_its_upper_end_and_not_its_lower(percent: str, units: str) -> None:
    assert used(a_limit(THIRTY, terms=terms()), of_percent("3", percent)) == Fraction(units)


def test_the_labels_thc_goes_before_what_the_measures_tell() -> None:
    by_measures = replace(sold(TODAY, "3"), measures=Measures(3000, None, 900_000, 0))
    assert used(a_limit(THIRTY, terms=terms()), by_measures) == 3
    assert used(a_limit(THIRTY, terms=terms()), replace(by_measures, thc_percent=Fraction(10))) == Fraction("1.5")


def test_outside_every_tier_or_of_unknown_thc_nothing_is_guessed() -> None:
    assert used(a_limit(THIRTY, terms=terms()), of_percent("3", "35.555")) == (
        "A was dispensed on 10 Mar, and no conversion is published for A with 35.55 % THC"
    )
    assert used(a_limit(THIRTY, terms=terms()), of_percent("3", None)) == (
        "A was dispensed on 10 Mar, and the THC content of A is not known"
    )


def test_a_term_without_a_tier_counts_beside_the_tiers() -> None:
    both = [*terms(), Term(("flower",), Basis.COUNT, Fraction(1000))]
    one = replace(of_percent("3", "20"), measures=Measures(3000, None, None, 2000))
    assert used(a_limit(THIRTY, terms=both), one) == Fraction("3.5")
    assert used(a_limit(THIRTY, terms=both), replace(one, thc_percent=Fraction(50))) == 2


@pytest.mark.parametrize(("tiered", "percent"), [(False, None), (True, "20")])
def test_whole_units_are_rounded_up_once_for_each_product_of_each_sale(tiered: bool, percent: str | None) -> None:
    """3 g at 2 g a unit are 1.5. Two lines of one product are 3 units; of two products 2 each; of two sales too."""
    limit = a_limit(THIRTY, terms=terms(rounds=True, tiered=tiered))
    one = of_percent("3", percent)
    assert used(limit, one) == 2
    assert used(limit, one, one) == 3
    assert used(limit, one, replace(one, product="B")) == 4
    assert used(limit, one, replace(one, at=one.at.replace(hour=18))) == 4


def test_lines_of_one_product_in_two_tiers_are_rounded_up_in_each() -> None:
    limit = a_limit(THIRTY, terms=terms(rounds=True))
    assert used(limit, of_percent("3", "20"), of_percent("0.5", "30")) == 3


def test_a_category_that_is_rounded_up_may_have_whole_units_only() -> None:
    where = ask(a_limit(THIRTY, "5.5", terms(rounds=True, tiered=False)), TODAY, [sold(TODAY, "3")])
    assert first(where).left == Fraction("3.5")
    assert now(where) == 6000


def test_whole_units_of_one_measure_bound_a_category_that_another_measure_counts_too() -> None:
    both = [*terms(rounds=True, tiered=False), Term(("flower",), Basis.THC_MG, GRAM)]
    assert now(ask(a_limit(THIRTY, "5.5", both), TODAY)) == 10_000


def test_of_tiers_the_one_that_uses_up_most_says_what_may_be_dispensed() -> None:
    assert now(ask(a_limit(THIRTY, terms=terms()), TODAY)) == 10_000


# -- sums, unknowns, categories


SUM = [Term(("edible",), Basis.THC_MG, 250 * GRAM), Term(("edible",), Basis.OTHER_CANNABINOID_MG, 500 * GRAM)]


def edible(thc_mg: int | None, other_mg: int | None) -> Purchase:
    measures = Measures(5000, None, thc_mg and thc_mg * 1000, 1000, None if other_mg is None else other_mg * 1000)
    return replace(sold(TODAY, category="edible"), measures=measures, category="edible")


def test_terms_of_one_category_add_up() -> None:
    assert used(a_limit(THIRTY, terms=SUM), edible(250, 250)) == Fraction("1.5")


def test_a_measure_that_is_not_known_is_not_nothing() -> None:
    assert used(a_limit(THIRTY, terms=SUM), edible(250, None)) == (
        "A was dispensed on 10 Mar, and the content of other cannabinoids of A is not known"
    )


@pytest.mark.parametrize(
    ("unknown", "excluded", "units"),
    [({"seed"}, set(), None), (set(), {"seed"}, 1), (set(), set(), None)],
)
def test_a_category_counts_by_nobody_knows_what_unless_the_rules_leave_it_out(
    unknown: set[str], excluded: set[str], units: int | None
) -> None:
    limit = replace(a_limit(THIRTY), unknown=frozenset(unknown), excluded=frozenset(excluded))
    found = used(limit, sold(TODAY), sold(TODAY, category="seed"))
    assert found == units if units else "no conversion of seed is published" in str(found)


def test_a_category_that_another_limit_speaks_of_does_not_count_here() -> None:
    other = a_limit(THIRTY, terms=[Term(("seed",), Basis.COUNT, GRAM)], name="seeds")
    where = ask(ruled(a_limit(THIRTY), other), TODAY, [sold(TODAY), sold(TODAY, category="seed")])
    assert [each.used for each in where.limits] == [1, 0]


def test_a_limit_that_weighs_nothing_is_not_troubled_by_an_unlisted_category() -> None:
    where = ask(ruled(a_limit(THIRTY), a_limit(THIRTY, terms=[], name="other")), TODAY, [sold(TODAY, category="seed")])
    assert isinstance(where.limits[0].used, CannotTell)
    assert where.limits[1].used == 0


# -- visits and items


VISITS = Term(("flower",), Basis.VISIT, Fraction(1000))


def test_a_sale_is_one_visit_with_however_many_lines() -> None:
    limit = a_limit(THIRTY, "2", [VISITS])
    assert used(limit, sold(TODAY), sold(TODAY, product="B")) == 1
    assert used(limit, sold(TODAY), sold(TODAY, hour=18)) == 2
    assert used(limit, sold(TODAY, category="seed")) != 0


def test_half_a_visit_is_none() -> None:
    where = ask(ruled(a_limit(THIRTY, "1.5", [VISITS]), a_limit(THIRTY, name="grams")), TODAY, [sold(TODAY)])
    assert first(where).left == Fraction("0.5")
    assert now(where) == 0
    assert now(ask(a_limit(THIRTY, "2.5", [VISITS]), TODAY, [sold(TODAY)])) == 1000


def test_a_limit_on_each_item_is_held_to_the_heaviest() -> None:
    limit = replace(a_limit(Transaction(), "3"), is_per_item=True)
    where = ask(ruled(limit, a_limit(THIRTY, "10", name="sum")), TODAY)
    light, heavy = (
        Scalable("flower", "A", Measures(mg, None, None, 2000), Fraction(1), None, 2) for mg in (6000, 6002)
    )
    assert fits(where, [light])
    found = weighed(where, [light, heavy])
    assert isinstance(found, list)
    assert [(each.limit.id, after) for each, after in found] == [
        ("limit", Fraction("-0.001")),
        ("sum", Fraction("-2.002")),
    ]
    assert now(where) == 10_000


def test_the_item_of_a_line_without_a_number_of_pieces_is_the_line() -> None:
    limit = replace(a_limit(Transaction(), "3"), is_per_item=True)
    line = Scalable("flower", "A", Measures(5000, None, None, None), Fraction(1, 500))
    assert steps_that_fit(ask(limit, TODAY), [line], 0) == 300
