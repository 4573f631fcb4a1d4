"""Whether a basket may go out, by example: the tightest limit, the worst one, outages, what nobody can tell."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from pcc_desk.domain.allotment import CannotTell, Standing, evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import Fits, OverLimit, Proposed, fits, judge, largest_fit, steps_that_fit, weighed
from pcc_desk.domain.products import Basis, Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.rules import OutagePolicy, OutageRule, Potency, Rules, Term
from pcc_desk.domain.scalable import Scalable
from pcc_desk.domain.windows import CalendarDay, RollingDays, Transaction
from tests.domain.by_hand import GRAM, a_limit, ask, now, sold
from tests.domain.random_rules import ruled

THIRTY = RollingDays(30, 30, 30)
TODAY = "2024-03-10"
OUT = Unanswered(Silence.DOWN, "the registry is down")
DENIED = Unanswered(Silence.DENIED, "the registry denies this key")


def jar(grams: int, *, of: int = 100, category: str = "flower") -> Proposed:
    """Return so many grams out of a jar."""
    package = Package("1A01", f"jar of {category}", category, Quantity(of * 1000, Unit.GRAMS))
    return Proposed(package, Quantity(grams * 1000, Unit.GRAMS))


def box(count: int, *, of: int = 100, unit_mg: int = 1000, category: str = "flower") -> Proposed:
    """Return so many pieces out of a box."""
    package = Package("1A02", f"box of {category}", category, Quantity(of * 1000, Unit.EACH), unit_net_mg=unit_mg)
    return Proposed(package, Quantity(count * 1000, Unit.EACH))


def two_limits() -> Rules:
    """Return 10 g a day and 50 g in 30 days."""
    return ruled(a_limit(CalendarDay(), "10", name="day"), a_limit(THIRTY, "50", name="thirty"))


def test_the_limit_that_is_tightest_as_a_share_of_its_amount_is_named() -> None:
    assert judge(ask(two_limits(), TODAY), [jar(4)]) == Fits(two_limits().limits[0], Fraction(6))
    verdict = judge(ask(two_limits(), TODAY, [sold("2024-03-01", "44")]), [jar(4)])
    assert isinstance(verdict, Fits)
    assert verdict.limit is not None
    assert (verdict.limit.id, verdict.left) == ("thirty", Fraction(2))


def test_the_limit_that_is_most_exceeded_as_a_share_of_its_amount_is_named_first() -> None:
    """14 g are 4 over the 10 of a day, which is more of it than 9 over the 50 of thirty days."""
    verdict = judge(ask(two_limits(), TODAY, [sold("2024-03-01", "45")]), [jar(14)])
    assert isinstance(verdict, OverLimit)
    assert (verdict.limit.id, verdict.over) == ("day", Fraction(4))
    assert [(each.id, over) for each, over in verdict.exceeded] == [("day", Fraction(4)), ("thirty", Fraction(9))]
    assert verdict.largest == (Quantity(5000, Unit.GRAMS),)
    worse = judge(ask(two_limits(), TODAY, [sold("2024-03-01", "50")]), [jar(10)])
    assert isinstance(worse, OverLimit)
    assert worse.limit.id == "thirty"


def test_of_several_lines_the_most_of_each_beside_the_others_is_told() -> None:
    where = ask(two_limits(), TODAY)
    verdict = judge(where, [jar(8), box(3, unit_mg=1500)])
    assert isinstance(verdict, OverLimit)
    assert verdict.largest == (Quantity(5500, Unit.GRAMS), Quantity(1000, Unit.EACH))
    assert largest_fit(where, [box(3, unit_mg=11_000)], 0) == Quantity(0, Unit.EACH)


def test_a_limit_of_nothing_is_exceeded_by_what_is_asked_for() -> None:
    verdict = judge(ask(a_limit(THIRTY, "0"), TODAY), [jar(2)])
    assert isinstance(verdict, OverLimit)
    assert verdict.over == 2
    assert verdict.largest == (Quantity(0, Unit.GRAMS),)


def test_a_package_holds_no_more_than_it_holds() -> None:
    assert steps_that_fit(ask(two_limits(), TODAY), [jar(1, of=5)], 0) == 500
    assert steps_that_fit(ask(two_limits(), TODAY), [box(1, of=5)], 0) == 5


def test_what_does_not_count_is_told_from_what_nobody_knows() -> None:
    limit = replace(a_limit(THIRTY), excluded=frozenset({"seed"}), unknown=frozenset({"hash"}))
    where = ask(limit, TODAY)
    assert judge(where, [jar(99, category="seed")]) == Fits(None, Fraction(0))
    assert judge(where, [jar(1, category="hash")]) == CannotTell("no conversion of hash is published; ask the registry")
    assert judge(where, [jar(1, category="plant")]) == CannotTell("no limit speaks of plant; ask the registry")
    assert judge(where, [jar(1, category="seed"), jar(1, category="plant")]) == CannotTell(
        "no limit speaks of plant; ask the registry"
    )
    mixed = judge(where, [jar(4), jar(99, category="seed")])
    assert mixed == Fits(limit, Fraction(6))
    assert judge(where, []) == CannotTell("there is nothing to judge")


def test_a_limit_on_each_item_takes_one_piece_of_a_box_and_all_of_a_jar() -> None:
    where = ask(replace(a_limit(Transaction(), "3"), is_per_item=True), TODAY)
    assert fits(where, [box(50, unit_mg=3000)])
    assert not fits(where, [box(1, unit_mg=3001)])
    assert fits(where, [jar(3)])
    assert not fits(where, [jar(4)])
    assert not fits(where, [box(1, unit_mg=3001), jar(1)])
    assert not fits(where, [jar(1), box(1, unit_mg=3001)])
    (nothing,) = weighed(where, [Scalable("flower", "A", Measures(0, None, None, 1000), Fraction(1))])  # type: ignore[misc]
    assert nothing[1] == 3


def test_an_item_of_unknown_weight_cannot_be_judged() -> None:
    where = ask(replace(a_limit(Transaction(), "3"), is_per_item=True), TODAY)
    unknown = Scalable("flower", "A", Measures(None, None, None, 1000), Fraction(1))
    assert weighed(where, [unknown, unknown]) == CannotTell("the net weight of A is not known")


def test_the_label_of_an_item_says_its_tier() -> None:
    tiers = [
        Term(("flower",), Basis.NET_G, 2 * GRAM, Potency(None, Fraction(20))),
        Term(("flower",), Basis.NET_G, GRAM, Potency(Fraction(20), None)),
    ]
    where = ask(replace(a_limit(Transaction(), "3", tiers), is_per_item=True), TODAY)
    weak = Scalable("flower", "A", Measures(6000, None, None, 1000), Fraction(1), Fraction(20))
    assert fits(where, [weak])
    assert not fits(where, [replace(weak, thc_percent=Fraction(21))])


# -- while the registry is out


def in_outage(answer: Unanswered = OUT, *, policy: OutagePolicy = OutagePolicy.ALLOWED, go: bool = True) -> Standing:
    """Return the standing when 2 g a sale of flower may be sold meanwhile, and nothing is said of edibles."""
    terms = [Term(("flower", "edible"), Basis.NET_G, GRAM)]
    outage = OutageRule(
        sales_allowed=True, why="", policy=policy, limits=(a_limit(Transaction(), "2", name="meanwhile"),)
    )
    rules = replace(ruled(a_limit(THIRTY, terms=terms)), outage=outage)
    return evaluate(rules, (), answer, None, date(2024, 3, 10), go_by_own_record=go)


def test_while_the_registry_is_out_only_what_the_rules_name_may_be_sold() -> None:
    where = in_outage()
    assert now(where) == 2000
    assert now(where, "edible") == "the rules name no amount of it for while the registry is out"
    why = "the rules name no amount of edible for while the registry is out"
    assert judge(where, [jar(1, category="edible")]) == CannotTell(why)
    assert judge(where, [jar(2), jar(1, category="edible")]) == CannotTell(why)
    assert isinstance(judge(where, [jar(2)]), Fits)


def test_a_registry_that_denies_us_is_not_out() -> None:
    where = in_outage(DENIED)
    assert where.only_in_outage is None
    assert [each.limit.id for each in where.limits] == ["limit"]
    assert where.limits[0].left == CannotTell("the registry denies this key")
    assert not where.rests_on_own_record


def test_in_an_outage_our_own_record_decides_only_when_we_go_by_it() -> None:
    where = in_outage(go=False)
    assert where.limits[0].left == CannotTell("the registry is down")
    assert where.only_in_outage is None


def test_where_the_registry_has_no_say_our_own_record_decides_whatever_it_is_silent_for() -> None:
    where = in_outage(DENIED, policy=OutagePolicy.NOT_REGISTRY_BOUND, go=False)
    assert where.limits[0].left == 10
    assert where.rests_on_own_record
    assert where.only_in_outage is None


def test_rules_alone_do_not_rest_on_our_record_of_an_outage() -> None:
    assert not ask(two_limits(), TODAY).rests_on_own_record
