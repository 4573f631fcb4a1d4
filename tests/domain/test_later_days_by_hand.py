"""What is left on a later day and what comes back until then, by example, the registry's word and papers included."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from pcc_desk.domain.allotment import CannotTell, Entitlement, Purchase, SetAmount, Standing, counted, evaluate
from pcc_desk.domain.categories import left_on
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.registry import RegistryStanding
from pcc_desk.domain.rules import Confidence, Limit, Rules, Source, Term
from pcc_desk.domain.windows import Anchor, CalendarDay, CalendarMonth, FixedPeriod, OrderLife, RollingDays, Transaction
from tests.domain.by_hand import FLOWER, GRAM, a_limit, ask, back, first, left, sold
from tests.domain.random_rules import ruled

THIRTY = RollingDays(30, 30, 31)
ASKED_AT = datetime(2024, 3, 5, 12, tzinfo=UTC)


def by_registry(rules: Rules | Limit, figure: str | None, *bought: Purchase, strict: bool = False) -> Standing:
    """Return the standing on 5 March 2024, the registry saying a figure for each limit, or nothing."""
    asked = rules if isinstance(rules, Rules) else ruled(rules)
    said = () if figure is None else tuple((each.id, Decimal(figure)) for each in asked.limits)
    answer = RegistryStanding("C-1", active=True, windows=(), by_limit=said)
    return evaluate(asked, bought, answer, ASKED_AT, date(2024, 3, 5), strict=strict)


def later(where: Standing, *days: str) -> list[Fraction | None]:
    """Return what is left of the first limit on each of several days; None where nobody knows."""
    found: list[Fraction | None] = []
    for day in days:
        left_then = left_on(first(where), date.fromisoformat(day))
        assert isinstance(left_then, Fraction | CannotTell)
        found.append(left_then if isinstance(left_then, Fraction) else None)
    return found


def units(*amounts: int | None) -> list[Fraction | None]:
    return [None if each is None else Fraction(each) for each in amounts]


def schedule(where: Standing, category: str = "flower") -> list[tuple[str, int]]:
    found = next(each for each in where.categories if each.category == category)
    return [(each.on.isoformat(), int(each.amount)) for each in found.releases]


def of_unknown_weight(on: str) -> Purchase:
    return replace(sold(on), measures=Measures(None, None, None, None))


# -- the registry's word


def test_the_registrys_figure_grows_by_what_was_sold_here_when_that_comes_back() -> None:
    """4 g of 1 March come back on 31 March; what other shops sold comes back on a day that we do not know."""
    where = by_registry(a_limit(THIRTY), "3", sold("2024-03-01", "4"))
    assert later(where, "2024-03-30", "2024-03-31", "2024-06-01") == units(3, 7, 7)
    assert schedule(where) == [("2024-03-31", 4000)]


def test_when_the_period_is_over_the_registrys_figure_binds_no_more() -> None:
    where = by_registry(a_limit(CalendarMonth()), "3", sold("2024-03-01", "4"))
    assert later(where, "2024-03-31", "2024-04-01") == units(3, 10)
    assert schedule(where) == [("2024-04-01", 7000)]


def test_what_is_not_known_today_is_reckoned_with_when_it_will_be() -> None:
    """Of unknown weight until 20 March, our own sum is then 8 g of 10 whatever the registry says today."""
    lines = of_unknown_weight("2024-02-19"), sold("2024-03-01", "8")
    where = by_registry(a_limit(THIRTY), "5", *lines)
    assert first(where).left == 5
    assert later(where, "2024-03-19", "2024-03-20", "2024-03-31") == units(5, 2, 10)
    assert schedule(where) == [("2024-03-31", 5000)]


def test_what_stays_unknown_in_all_periods_stays_unknown_when_the_registrys_is_over() -> None:
    over = FixedPeriod(30, 30, Anchor.FIRST_PURCHASE, carries_over=True)
    where = by_registry(a_limit(over), "5", of_unknown_weight("2024-03-01"))
    assert first(where).left == 5
    assert later(where, "2024-03-30", "2024-03-31") == units(5, None)


def test_strictly_what_the_registry_may_have_given_back_already_is_not_promised_again() -> None:
    """4 g of 4 February: the registry may count 30 days and have them back on 5 March, we strictly count 31."""
    where = by_registry(a_limit(THIRTY), "6", sold("2024-02-04", "4"), strict=True)
    assert first(where).own_left == 6
    assert first(where).releases[0].on == date(2024, 3, 6)
    assert first(where).registry_releases == ()
    assert later(where, "2024-03-06") == units(6)


def test_a_sale_unknown_to_the_registry_that_weighs_unknown_leaves_nothing_known() -> None:
    where = by_registry(a_limit(THIRTY), "6", replace(of_unknown_weight("2024-03-05"), posted_at=None))
    found = first(where).left
    assert found == CannotTell("A was dispensed on 05 Mar, and the net weight of A is not known")


def test_a_bound_on_one_sale_holds_by_the_rules_when_the_registry_is_silent_of_it() -> None:
    assert first(by_registry(a_limit(Transaction()), None)).left == 10
    unsure = replace(a_limit(Transaction()), confidence=Confidence.LOW)
    assert isinstance(first(by_registry(unsure, None)).left, CannotTell)
    assert isinstance(first(by_registry(a_limit(CalendarDay()), None)).left, CannotTell)


def test_what_is_set_aside_is_not_there_on_a_later_day_either() -> None:
    where = ask(a_limit(CalendarDay()), "2024-03-05", [sold("2024-03-05", "4")], held="2.5")
    assert later(where, "2024-03-05", "2024-03-06") == [Fraction("3.5"), Fraction("7.5")]


# -- papers and periods


def test_a_waiver_that_runs_out_ends_the_schedule() -> None:
    """The waiver of 20 g holds to 20 March: nothing of 31 March is promised, as less may be dispensed before."""
    waiver = SetAmount("limit", Fraction(20), is_waiver=True, ends=date(2024, 3, 20))
    bought = [sold("2024-02-10", "3"), sold("2024-03-01", "4")]
    where = ask(a_limit(THIRTY), "2024-03-05", bought, Entitlement(amounts=(waiver,)))
    assert schedule(where) == [("2024-03-11", 3000)]


def test_an_amount_that_begins_later_stands_in_the_schedule() -> None:
    more = SetAmount("limit", Fraction(15), starts=date(2024, 3, 20))
    others = SetAmount("another", Fraction(99), starts=date(2024, 3, 10))
    limit = replace(a_limit(THIRTY), source=Source.PRACTITIONER)
    where = ask(limit, "2024-03-05", [sold("2024-03-01", "4")], Entitlement(amounts=(more, others)))
    assert schedule(where) == [("2024-03-20", 5000), ("2024-03-31", 4000)]


def test_a_paper_that_runs_out_ends_the_schedule() -> None:
    """Two periods of 10 days from 1 March; the rolling days would give more back on 31 March, when nobody knows."""
    two = FixedPeriod(10, 10, Anchor.ORDER_START, carries_over=False, periods=2)
    rules = ruled(a_limit(two), a_limit(THIRTY, "12", name="thirty"))
    where = ask(rules, "2024-03-05", [sold("2024-03-01", "9")], anchor="2024-03-01")
    assert schedule(where) == [("2024-03-11", 2000)]


def test_what_each_period_allowed_is_told_by_its_own_first_day() -> None:
    """Periods of 12, 10 and 10 days from 20 February: waivers of single days at their beginnings."""
    over = a_limit(FixedPeriod(10, 12, Anchor.ORDER_START, carries_over=True))
    for day, allowed in (("2024-02-20", 100), ("2024-03-03", 100), ("2024-03-13", 100), ("2024-03-14", 10)):
        single = SetAmount(
            "limit", Fraction(70), is_waiver=True, starts=date.fromisoformat(day), ends=date.fromisoformat(day)
        )
        found = left(over, "2024-03-30", patient=Entitlement(amounts=(single,)), anchor="2024-02-20")
        assert found == 40 + (60 if allowed == 100 else 0)


def test_what_the_next_period_adds_is_told_by_its_first_day_too() -> None:
    over = a_limit(FixedPeriod(10, 12, Anchor.ORDER_START, carries_over=True))
    for day, adds in (("2024-03-03", 70), ("2024-03-02", 10), ("2024-03-13", 10)):
        on = date.fromisoformat(day)
        single = Entitlement(amounts=(SetAmount("limit", Fraction(70), is_waiver=True, starts=on, ends=on),))
        where = ask(over, "2024-02-25", patient=single, anchor="2024-02-20")
        assert back(where) == [("2024-03-03", Fraction(adds))]


def test_a_period_of_which_the_amount_is_not_known_carries_nothing_over() -> None:
    limit = a_limit(FixedPeriod(10, 12, Anchor.ORDER_START, carries_over=True), None)
    from_march = SetAmount("limit", Fraction(7), starts=date(2024, 3, 3))
    limit = replace(limit, source=Source.PRACTITIONER)
    assert left(limit, "2024-03-05", patient=Entitlement(amounts=(from_march,)), anchor="2024-02-20") == 7


def test_what_the_next_period_adds_is_not_told_when_no_amount_is_known() -> None:
    over = replace(
        a_limit(FixedPeriod(10, 12, Anchor.ORDER_START, carries_over=True), None), source=Source.PRACTITIONER
    )
    assert back(ask(over, "2024-03-01", [sold("2024-02-25")], anchor="2024-02-20")) == []


def test_of_a_limit_that_cannot_be_told_no_purchase_is_shown() -> None:
    where = ask(a_limit(OrderLife()), "2024-03-01", [sold("2024-02-25")])
    assert counted(first(where)) == ()
    assert counted(first(ask(a_limit(Transaction()), "2024-03-01", [sold("2024-03-01")]))) == ()


# -- categories


def test_two_measures_of_one_category_are_told_beside_each_other() -> None:
    by_thc = a_limit(THIRTY, "500", [Term(("flower",), Basis.THC_MG, GRAM)], name="thc")
    where = ask(ruled(a_limit(THIRTY), by_thc), "2024-03-01")
    (flower,) = where.categories
    assert (flower.basis, flower.now, flower.whole, flower.is_at_most) == (Basis.NET_G, 10_000, 10_000, True)
    assert [(each.basis, each.amount, each.limit.id) for each in flower.beside] == [(Basis.THC_MG, 500_000, "thc")]


def test_a_measure_of_which_nothing_is_left_shuts_the_category() -> None:
    by_thc = a_limit(THIRTY, "500", [Term(("flower",), Basis.THC_MG, GRAM)], name="thc")
    strong = replace(sold("2024-03-01", "1"), measures=Measures(1000, None, 500_000, 0))
    (flower,) = (where := ask(ruled(a_limit(THIRTY), by_thc), "2024-03-05", [strong])).categories
    assert flower.now == 0
    assert flower.binding is not None
    assert flower.binding.id == "thc"
    assert schedule(where) == [("2024-03-31", 10_000)]


def test_ounces_and_grams_are_the_same_measure() -> None:
    ounces = a_limit(THIRTY, "0.25", [Term(("flower",), Basis.NET_OZ, Fraction(28_350))], name="oz")
    (flower,) = ask(ruled(a_limit(THIRTY), ounces), "2024-03-01").categories
    assert (flower.now, flower.is_at_most, flower.beside) == (7087, False, ())
    assert flower.basis is Basis.NET_OZ


def test_the_unlisted_and_the_excluded_are_told_apart() -> None:
    limit = replace(a_limit(THIRTY, terms=FLOWER), excluded=frozenset({"seed"}), unknown=frozenset({"hash"}))
    where = ask(limit, "2024-03-01")
    assert [each.category for each in where.categories] == ["flower", "hash", "seed"]
    hash_, seed = where.categories[1:]
    assert hash_.now == CannotTell("no conversion is published; ask the registry")
    assert hash_.binding is limit
    assert seed.binding is None
