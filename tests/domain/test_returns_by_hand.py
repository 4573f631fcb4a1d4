"""What came back, what was struck, what is set aside and what an outage adds, by example."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, Entitlement, PurchaseKind, counted, evaluate, history_of
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.registry import RegistryStanding
from pcc_desk.domain.rules import Limit, OutageRule, Potency, Term
from pcc_desk.domain.windows import CalendarDay, RollingDays, Transaction
from tests.domain.by_hand import FLOWER, GRAM, a_limit, ask, back, brought_back, first, sold
from tests.domain.random_rules import ruled

THIRTY = RollingDays(30, 30, 30)
RETURNS = frozenset({"return"})


def of(limit: Limit, on: str, *bought: object, gives_back: frozenset[str] = RETURNS, **more: object) -> Fraction:
    """Return what is used on a day."""
    found = first(ask(ruled(limit, gives_back=gives_back), on, bought, **more)).used  # type: ignore[arg-type]
    assert isinstance(found, Fraction)
    return found


def test_what_came_back_gives_nothing_back_unless_the_rules_say_so() -> None:
    lines = sold("2024-03-01", "5"), brought_back("2024-03-05", "2")
    assert of(a_limit(THIRTY), "2024-03-05", *lines, gives_back=frozenset()) == 5
    assert of(a_limit(THIRTY), "2024-03-05", *lines, gives_back=frozenset({"void"})) == 5
    assert of(a_limit(THIRTY), "2024-03-05", *lines) == 3


def test_what_was_struck_counts_on_unless_the_rules_say_so() -> None:
    struck = replace(sold("2024-03-01", "5"), kind=PurchaseKind.VOID)
    assert of(a_limit(THIRTY), "2024-03-05", struck) == 5
    assert of(a_limit(THIRTY), "2024-03-05", struck, gives_back=frozenset({"void"})) == 0
    lines = struck, brought_back("2024-03-05", "5")
    assert of(a_limit(THIRTY), "2024-03-05", *lines, gives_back=frozenset({"void", "return"})) == 0


def test_a_return_counts_no_longer_than_its_sale_does() -> None:
    """5 g of 1 March leave on 31 March, and with them what came back of them: the sale of 25 March stays whole."""
    lines = sold("2024-03-01", "5"), brought_back("2024-03-20", "5"), sold("2024-03-25", "5", product="B")
    assert of(a_limit(THIRTY), "2024-03-30", *lines) == 5
    assert of(a_limit(THIRTY), "2024-03-31", *lines) == 5
    assert back(ask(ruled(a_limit(THIRTY), gives_back=RETURNS), "2024-03-30", lines)) == [("2024-04-24", Fraction(5))]


def test_a_return_is_taken_off_the_oldest_sales_of_the_same_product_first() -> None:
    lines = sold("2024-03-01", "2"), sold("2024-03-10", "5"), brought_back("2024-03-12", "3")
    assert of(a_limit(THIRTY), "2024-03-12", *lines) == 4
    assert of(a_limit(THIRTY), "2024-03-31", *lines) == 4


@pytest.mark.parametrize(
    "changed",
    [{"product": "B"}, {"category": "shake"}, {"dispensary": "there"}],
)
def test_more_is_never_given_back_than_was_sold_of_it(changed: dict[str, str]) -> None:
    limit = a_limit(THIRTY, terms=[Term(("flower", "shake"), Basis.NET_G, GRAM)])
    sale = sold("2024-03-01", "2")
    assert of(limit, "2024-03-12", sale, replace(brought_back("2024-03-12", "2"), **changed)) == 2  # type: ignore[arg-type]
    assert of(limit, "2024-03-12", sale, brought_back("2024-03-12", "9"), sold("2024-03-12", "3", hour=18)) == 3


def test_what_came_back_before_it_was_sold_gives_nothing_back() -> None:
    assert of(a_limit(THIRTY), "2024-03-12", brought_back("2024-03-01", "2"), sold("2024-03-02", "2")) == 2


def test_two_returns_of_one_sale_give_it_back_once() -> None:
    lines = sold("2024-03-01", "5"), brought_back("2024-03-02", "3"), brought_back("2024-03-03", "3")
    assert of(a_limit(THIRTY), "2024-03-12", *lines) == 0
    more = brought_back("2024-03-04", "1"), sold("2024-03-04", "1", product="B")
    assert of(a_limit(THIRTY), "2024-03-12", *lines, *more) == 1


def test_a_return_may_stand_before_its_sale_in_the_record() -> None:
    assert of(a_limit(THIRTY), "2024-03-12", brought_back("2024-03-05", "3"), sold("2024-03-01", "5")) == 2


def test_whole_units_are_rounded_up_after_what_came_back() -> None:
    """5 g at 2 g a unit are 3 units; 2 g back leave 3 g, which are 2."""
    limit = a_limit(THIRTY, terms=[Term(("flower",), Basis.NET_G, 2 * GRAM, None, rounds_up=True)])
    assert of(limit, "2024-03-12", sold("2024-03-01", "5"), brought_back("2024-03-02", "2")) == 2


def test_a_sale_of_which_all_came_back_was_a_visit_all_the_same() -> None:
    limit = a_limit(THIRTY, terms=[Term(("flower",), Basis.VISIT, Fraction(1000))])
    assert of(limit, "2024-03-12", sold("2024-03-01", "5"), brought_back("2024-03-02", "5")) == 1


def test_a_measure_that_the_return_does_not_tell_stays_used_up() -> None:
    limit = a_limit(THIRTY, terms=[Term(("flower",), Basis.COUNT, Fraction(1000))])
    sale = replace(sold("2024-03-01"), measures=Measures(1000, None, None, 2000))
    returned = replace(brought_back("2024-03-02", "1"), measures=Measures(1000, None, None, None))
    assert of(limit, "2024-03-12", sale, returned) == 2
    with_count = replace(brought_back("2024-03-03", "1"), measures=Measures(None, None, None, 2000))
    assert of(limit, "2024-03-12", sale, returned, with_count) == 0


def test_the_tier_of_what_came_back_is_that_of_its_sale() -> None:
    tiers = [
        Term(("flower",), Basis.NET_G, 2 * GRAM, Potency(None, Fraction(20))),
        Term(("flower",), Basis.NET_G, GRAM, Potency(Fraction(20), None)),
    ]
    sale = replace(sold("2024-03-01", "5"), thc_percent=Fraction(30))
    returned = replace(brought_back("2024-03-02", "2"), thc_percent=Fraction(10))
    assert of(a_limit(THIRTY, terms=tiers), "2024-03-12", sale, returned) == 3
    by_measures = replace(sold("2024-03-01", "5"), measures=Measures(5000, None, 1_500_000, 0))
    without = replace(brought_back("2024-03-02", "2"), measures=Measures(2000, None, None, None))
    assert of(a_limit(THIRTY, terms=tiers), "2024-03-12", by_measures, without) == 3


def test_what_was_bought_before_the_day_that_the_rules_begin_to_count_is_forgotten() -> None:
    rules = ruled(a_limit(THIRTY), ignores_before=date(2024, 3, 1))
    lines = sold("2024-02-29", "5"), sold("2024-03-01", "2")
    assert first(ask(rules, "2024-03-02", lines)).used == 2


def test_at_each_dispensary_by_itself_counts_what_was_sold_there_or_nobody_says_where() -> None:
    limit = replace(a_limit(THIRTY), is_per_dispensary=True)
    lines = [
        replace(sold("2024-03-01", grams), dispensary=place) for grams, place in (("1", ""), ("2", "N"), ("4", "S"))
    ]
    for place, grams in (("N", 3), ("S", 5), ("", 7)):
        where = ask(ruled(limit, a_limit(THIRTY, name="all")), "2024-03-02", lines, Entitlement(dispensary=place))
        assert [each.used for each in where.limits] == [grams, 7]


# -- what makes up a figure, what is set aside, what an outage adds


def test_the_purchases_behind_a_figure_are_told_with_their_shares() -> None:
    lines = [
        sold("2024-01-01", "9"),
        sold("2024-03-02", "2"),
        sold("2024-03-01", "1"),
        sold("2024-03-01", category="x"),
    ]
    limit = replace(a_limit(THIRTY), excluded=frozenset({"x"}))
    assert [(line.on.day, share) for line, share in counted(first(ask(limit, "2024-03-02", lines)))] == [
        (1, Fraction(1)),
        (2, Fraction(2)),
    ]


def test_a_sales_share_stands_with_its_first_line_where_it_is_rounded_up() -> None:
    limit = a_limit(THIRTY, terms=[Term(("flower",), Basis.NET_G, 2 * GRAM, None, rounds_up=True)])
    lines = [sold("2024-03-01", "3"), sold("2024-03-01", "3"), sold("2024-03-02", "1")]
    assert [share for _, share in counted(first(ask(limit, "2024-03-02", lines)))] == [3, 0, 1]


def test_each_line_of_a_sale_has_its_own_share_where_shares_add_up() -> None:
    lines = [sold("2024-03-01", "3"), sold("2024-03-01", "2", product="B")]
    assert [share for _, share in counted(first(ask(a_limit(THIRTY), "2024-03-02", lines)))] == [3, 2]


def test_a_history_that_was_counted_already_is_taken_as_it_is() -> None:
    rules = ruled(a_limit(THIRTY), gives_back=RETURNS)
    history = history_of(rules, [sold("2024-03-01", "5"), brought_back("2024-03-02", "2")])
    assert first(evaluate(rules, history, None, None, date(2024, 3, 5))).used == 3


def test_what_is_set_aside_of_one_limit_is_not_taken_off_another() -> None:
    rules = ruled(a_limit(THIRTY), a_limit(THIRTY, name="other"))
    where = evaluate(rules, (), None, None, date(2024, 3, 5), held={"other": Fraction(4)})
    assert [each.left for each in where.limits] == [10, 6]


def test_an_outage_lets_nothing_out_by_itself() -> None:
    found = first(evaluate(ruled(a_limit(THIRTY)), (), OUT, None, date(2024, 3, 5)))
    assert found.left == CannotTell("the registry is down")


def test_what_is_set_aside_is_taken_off_and_told() -> None:
    found = first(ask(a_limit(THIRTY), "2024-03-02", [sold("2024-03-01", "4")], held="2.5"))
    assert found.used == 4
    assert found.held == Fraction("2.5")
    assert found.own_left == found.left == Fraction("3.5")
    assert first(ask(a_limit(THIRTY), "2024-03-02", [sold("2024-03-01", "9")], held="2.5")).left == 0


OUT = Unanswered(Silence.DOWN, "the registry is down")


def test_a_limit_for_an_outage_binds_beside_the_others_even_under_the_same_name() -> None:
    smaller = a_limit(Transaction(), "3")
    rules = replace(ruled(a_limit(CalendarDay())), outage=OutageRule(sales_allowed=True, why="", limits=(smaller,)))
    ask(rules, "2024-03-02")
    where = evaluate(rules, (), OUT, None, date(2024, 3, 2), go_by_own_record=True)
    assert [each.left for each in where.limits] == [10, 3]
    assert where.only_in_outage == frozenset({"flower"})
    assert where.rests_on_own_record


def test_what_came_back_never_raises_the_registrys_figure() -> None:
    """The registry may not know of the return: what it says is the most that counts."""
    asked_at = datetime(2024, 3, 5, 12, tzinfo=UTC)
    lines = [replace(sold("2024-03-01", "5"), posted_at=None), brought_back("2024-03-04", "5")]
    answer = RegistryStanding("C-1", True, (), by_limit=(("limit", Decimal(4)),))
    where = evaluate(ruled(a_limit(THIRTY), gives_back=RETURNS), lines, answer, asked_at, date(2024, 3, 5))
    assert first(where).registry_left == 4
    assert first(where).left == 4


@pytest.mark.parametrize("terms", [FLOWER, [Term(("flower",), Basis.NET_G, GRAM, None, rounds_up=True)]])
def test_something_unknown_within_the_window_leaves_the_sum_unknown_and_outside_of_it_does_not(
    terms: list[Term],
) -> None:
    unknown = replace(sold("2024-01-01"), measures=Measures(None, None, None, None))
    limit = a_limit(THIRTY, terms=terms)
    assert first(ask(limit, "2024-03-02", [unknown, sold("2024-03-01", "2")])).used == 2
    found = first(ask(limit, "2024-01-30", [sold("2023-12-01", "2"), sold("2024-01-02"), unknown]))
    assert found.releases == ()
    assert found.used == CannotTell("A was dispensed on 01 Jan, and the net weight of A is not known")
