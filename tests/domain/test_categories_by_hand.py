"""How much of a category may be dispensed and when more, by example: several measures, visits, papers, the registry."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from pcc_desk.domain.allotment import CannotTell, CategoryStanding, Entitlement, SetAmount, Standing
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.rules import Source, Term
from pcc_desk.domain.windows import CalendarMonth, OrderLife, RollingDays
from tests.domain.by_hand import GRAM, a_limit, ask, sold
from tests.domain.random_rules import ruled
from tests.domain.test_later_days_by_hand import by_registry, of_unknown_weight, schedule

THIRTY = RollingDays(30, 30, 31)


def flower(where: Standing) -> CategoryStanding:
    return next(each for each in where.categories if each.category == "flower")


def test_more_of_one_measure_comes_back_whatever_another_numbers() -> None:
    """5 mg of THC are 5,000 of its smallest unit, and 10 g 10,000 of theirs: the two do not compare."""
    by_thc = a_limit(THIRTY, "5", [Term(("flower",), Basis.THC_MG, GRAM)], name="thc")
    bought = replace(sold("2024-03-01"), measures=Measures(4000, None, 1000, 0))
    where = ask(ruled(a_limit(THIRTY), by_thc), "2024-03-05", [bought])
    assert flower(where).now == 6000
    assert [each.amount for each in flower(where).beside] == [4000]
    assert schedule(where) == [("2024-03-31", 4000)]


def test_of_a_sum_the_first_measure_says_how_much_and_by_its_own_conversion() -> None:
    terms = [Term(("flower",), Basis.THC_MG, 500 * GRAM), Term(("flower",), Basis.OTHER_CANNABINOID_MG, 250 * GRAM)]
    found = flower(ask(a_limit(THIRTY, "2", terms), "2024-03-05"))
    assert (found.basis, found.now, found.is_at_most) == (Basis.THC_MG, 1_000_000, True)


def test_where_one_limit_sums_and_another_does_not_the_figure_is_the_most() -> None:
    terms = [Term(("flower",), Basis.NET_G, GRAM), Term(("flower",), Basis.THC_MG, 1000 * GRAM)]
    where = ask(ruled(a_limit(THIRTY), a_limit(THIRTY, "20", terms, name="sum")), "2024-03-05")
    assert (flower(where).now, flower(where).is_at_most) == (10_000, True)


def test_the_limit_that_shuts_a_category_is_named_among_several_other_measures() -> None:
    by_thc = a_limit(THIRTY, "500", [Term(("flower",), Basis.THC_MG, GRAM)], name="thc")
    pieces = a_limit(THIRTY, "2", [Term(("flower",), Basis.COUNT, GRAM)], name="pieces")
    bought = replace(sold("2024-03-01"), measures=Measures(1000, None, 1000, 2000))
    found = flower(ask(ruled(a_limit(THIRTY), by_thc, pieces), "2024-03-05", [bought]))
    assert found.now == 0
    assert found.binding is pieces


def test_categories_that_do_not_count_are_told_last_and_in_order() -> None:
    limit = replace(a_limit(THIRTY), excluded=frozenset({"seed", "plant", "topical", "shake", "seedling"}))
    names = [each.category for each in ask(limit, "2024-03-05").categories]
    assert names == ["flower", "plant", "seed", "seedling", "shake", "topical"]


def test_visits_stand_behind_what_can_be_weighed() -> None:
    visits = a_limit(THIRTY, "2", [Term(("flower",), Basis.VISIT, Fraction(1000))], name="visits")
    found = flower(ask(ruled(visits, a_limit(THIRTY)), "2024-03-05", [sold("2024-03-01")]))
    assert (found.basis, found.now, found.beside, found.is_at_most) == (Basis.NET_G, 9000, (), False)
    assert found.whole == 10_000
    shut = flower(ask(ruled(visits, a_limit(THIRTY)), "2024-03-05", [sold("2024-03-01"), sold("2024-03-02")]))
    assert shut.now == 0
    assert shut.binding is visits


def test_what_cannot_be_told_still_says_of_which_measure_and_by_which_limit() -> None:
    limit = a_limit(OrderLife())
    found = flower(ask(limit, "2024-03-05"))
    assert isinstance(found.now, CannotTell)
    assert (found.basis, found.binding, found.then) == (Basis.NET_G, limit, None)


def test_the_whole_cannot_be_told_where_only_the_registry_knows_the_amount() -> None:
    found = flower(by_registry(replace(a_limit(THIRTY, None), source=Source.REGISTRY), "5"))
    assert found.now == 5000
    assert isinstance(found.whole, CannotTell)


def test_a_new_month_gives_back_what_other_shops_sold() -> None:
    where = by_registry(a_limit(CalendarMonth()), "3")
    assert schedule(where) == [("2024-04-01", 7000)]
    then = flower(where).then
    assert then is not None
    assert then.on == date(2024, 4, 1)


def test_no_more_is_promised_than_our_own_record_will_have_once_it_is_known() -> None:
    """Of unknown weight until 20 March; on the 26th our own sum leaves 2 g, whatever the registry says today."""
    lines = of_unknown_weight("2024-02-19"), sold("2024-02-25", "1"), sold("2024-03-01", "8")
    assert schedule(by_registry(a_limit(THIRTY), "5", *lines)) == []


def test_after_a_fall_nothing_more_is_promised() -> None:
    first = SetAmount("limit", Fraction(20), is_waiver=True, ends=date(2024, 3, 20))
    second = SetAmount("limit", Fraction(30), is_waiver=True, starts=date(2024, 3, 25))
    bought = [sold("2024-02-10", "3"), sold("2024-03-01", "4")]
    where = ask(a_limit(THIRTY), "2024-03-05", bought, Entitlement(amounts=(first, second)))
    assert schedule(where) == [("2024-03-11", 3000)]


def test_a_lower_amount_that_ends_gives_more_on_the_day_after() -> None:
    lower = SetAmount("limit", Fraction(5), ends=date(2024, 3, 20))
    where = ask(a_limit(THIRTY), "2024-03-05", patient=Entitlement(amounts=(lower,)))
    assert schedule(where) == [("2024-03-21", 5000)]
