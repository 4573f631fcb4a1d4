"""Which lines count on the edge of a window and what the registry's figure is lessened by, by example."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from pcc_desk.domain.allotment import CannotTell, Figure, Purchase, evaluate
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.registry import RegistryStanding, RegistryWindow
from pcc_desk.domain.rules import Limit, RegistryFigure, Term
from pcc_desk.domain.windows import Anchor, CalendarDay, FixedPeriod, OrderLife, Refill, RollingDays
from tests.domain.by_hand import GRAM, a_limit, ask, back, first, left, sold
from tests.domain.random_rules import ruled

ASKED_AT = datetime(2024, 3, 5, 12, tzinfo=UTC)
BOTH = [Term(("flower", "shake"), Basis.NET_G, GRAM)]
THIRTY = RollingDays(30, 30, 30)
TEN_FROM_FIRST = FixedPeriod(10, 10, Anchor.FIRST_PURCHASE, carries_over=False)


def test_what_does_not_count_begins_no_period() -> None:
    limit = replace(a_limit(TEN_FROM_FIRST), excluded=frozenset({"seed"}))
    bought = [sold("2024-03-01", category="seed"), sold("2024-03-05", "2")]
    assert left(limit, "2024-03-14", bought) == 8
    assert left(limit, "2024-03-15", bought) == 10


def test_the_first_purchase_of_any_category_that_counts_begins_the_periods() -> None:
    limit = a_limit(TEN_FROM_FIRST, terms=BOTH)
    bought = [sold("2024-03-05", "2"), sold("2024-03-01", category="shake")]
    assert left(limit, "2024-03-10", bought) == 7
    assert left(limit, "2024-03-11", bought) == 10


def test_the_next_supply_may_be_begun_with_another_category() -> None:
    bought = [sold("2024-01-10", "9"), sold("2024-02-05", "3", category="shake")]
    assert left(a_limit(Refill(30, early_days=7), terms=BOTH), "2024-02-10", bought) == 7


def test_what_comes_back_of_several_categories_is_told_in_the_order_of_the_days() -> None:
    bought = [sold("2024-03-03"), sold("2024-03-02", category="shake"), sold("2024-03-04", category="shake")]
    days = [day for day, _ in back(ask(a_limit(THIRTY, terms=BOTH), "2024-03-05", bought))]
    assert days == ["2024-04-01", "2024-04-02", "2024-04-03"]


def test_what_nobody_can_weigh_counts_while_its_window_lasts_and_not_after_it() -> None:
    day = a_limit(CalendarDay())
    for unknown in (sold("2024-03-05", category="plant"), replace(sold("2024-03-05"), measures=Measures(*[None] * 4))):
        assert left(day, "2024-03-05", [sold("2024-03-04"), unknown]) is None
        assert left(day, "2024-03-04", [sold("2024-03-04"), unknown]) is None, "a clock that was set back frees nothing"
        assert left(day, "2024-03-06", [unknown, sold("2024-03-06")]) == 9


# -- the registry's figure


def said(limit: Limit, answer: RegistryStanding, *bought: Purchase, held: str = "0") -> Figure:
    """Return the registry's figure as it counts on 5 March 2024."""
    aside = {"limit": Fraction(held)}
    return first(evaluate(ruled(limit), bought, answer, ASKED_AT, date(2024, 3, 5), held=aside)).registry_left


def typed(*figures: str) -> RegistryStanding:
    return RegistryStanding("C-1", True, (), by_limit=tuple(("limit", Decimal(each)) for each in figures))


def test_what_is_set_aside_is_taken_off_the_registrys_figure_too() -> None:
    assert said(a_limit(THIRTY), typed("6"), held="2.5") == Fraction("3.5")


def test_a_figure_for_another_limit_says_nothing_of_this_one() -> None:
    other = RegistryStanding("C-1", True, (), by_limit=(("another", Decimal(1)),))
    assert said(a_limit(THIRTY), other) == CannotTell("the registry does not say this limit")
    both = replace(other, by_limit=(*other.by_limit, ("limit", Decimal(6))))
    assert said(a_limit(THIRTY), both) == 6


def test_of_two_figures_for_one_limit_the_lower_counts() -> None:
    assert said(a_limit(THIRTY), typed("6", "4", "5")) == 4


def test_where_the_window_cannot_be_told_any_sale_that_the_registry_lacks_is_taken_off() -> None:
    unposted = replace(sold("2023-01-01", "2"), posted_at=None)
    assert said(a_limit(OrderLife()), typed("6"), unposted, sold("2024-03-01", "3")) == 4


def test_a_sale_is_taken_off_once_with_its_whole_units() -> None:
    whole = a_limit(THIRTY, terms=[Term(("flower",), Basis.NET_G, 2 * GRAM, None, rounds_up=True)])
    lines = [replace(sold("2024-03-05", "3"), posted_at=None)] * 2
    assert said(whole, typed("6"), *lines) == 3


def column(name: str, figure: str, *, days: int = 30) -> RegistryStanding:
    return RegistryStanding("C-1", True, (RegistryWindow(Decimal(days), ((name, Decimal(figure)),)),))


def in_column(name: str | None, *terms: Term, decimals: int | None = None) -> Limit:
    return replace(a_limit(THIRTY, terms=terms), registry=RegistryFigure(30 if name else None, name, decimals))


def test_a_column_is_read_by_the_category_it_stands_for() -> None:
    """An ounce is 28.35 g in these rules."""
    flower, edible = Term(("flower",), Basis.NET_G, GRAM), Term(("edible",), Basis.THC_MG, 100 * GRAM)
    assert said(in_column("flower", flower), column("flower", "2")) == Fraction("56.7")
    assert said(in_column("thc", edible), column("thc", "1")) == Fraction("283.5")
    by_weight = Term(("edible",), Basis.NET_G, 10 * GRAM)
    assert said(in_column("infused", by_weight), column("infused", "1")) == Fraction("2.835")
    concentrate = Term(("concentrate",), Basis.NET_G, GRAM)
    assert said(in_column("concentrate", concentrate), column("concentrate", "1")) == Fraction("28.35")


def test_what_a_column_does_not_say_is_not_known() -> None:
    flower = in_column("flower", Term(("flower",), Basis.NET_G, GRAM))
    assert said(flower, column("flower", "2", days=1)) == CannotTell("the registry gave no flower figure for 30 days")
    assert said(flower, column("thc", "2")) == CannotTell("the registry gave no flower figure for 30 days")
    assert said(a_limit(THIRTY), column("flower", "2")) == CannotTell("the registry does not say this limit")
    other = in_column("concentrate", Term(("flower",), Basis.NET_G, GRAM))
    why = "the registry's figure is for concentrate, which this limit does not weigh"
    assert said(other, column("concentrate", "2")) == CannotTell(why)


def test_one_number_in_grams_is_read_by_flower() -> None:
    limit = in_column(None, Term(("flower",), Basis.NET_G, 2 * GRAM))
    assert said(limit, RegistryStanding("C-1", True, (), grams=Decimal("12.5"))) == Fraction("6.25")
    assert said(limit, column("flower", "2")) == CannotTell("the registry gave no figure in grams")


def test_half_a_step_of_the_registrys_rounding_is_taken_off() -> None:
    flower = Term(("flower",), Basis.NET_G, GRAM)
    assert said(in_column("flower", flower, decimals=2), column("flower", "1")) == Fraction("0.995") * Fraction("28.35")
    grams = RegistryStanding("C-1", True, (), grams=Decimal(10))
    assert said(in_column(None, flower, decimals=0), grams) == Fraction("9.5")
