"""What may be dispensed now, by example: Michigan's day and 30 days, the registry's word beside our own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, Purchase, Release
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import Fits, OverLimit, judge, largest_fit
from pcc_desk.domain.categories import left_on
from pcc_desk.domain.products import UNKNOWN_CATEGORY, Basis, Measures
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, RegistryAnswer, RegistryStanding, RegistryWindow
from pcc_desk.domain.rules import Limit, Rules, Term
from tests.domain.michigan import (
    CARD,
    DOWN,
    FLUID_OUNCE_UL,
    MICHIGAN,
    NOTHING_BOUGHT,
    NOW,
    OUNCE_MG,
    TODAY,
    bought,
    category,
    concentrate,
    equivalent,
    flower,
    jar,
    known,
    left,
    line,
    of_limit,
    pieces,
    rolling,
    said,
    standing,
)

# -- the statutory equivalents: 2.5 oz is 40 oz of infused solids, 17.5 g of vapour, 90 fl oz of liquid


@pytest.mark.parametrize(
    ("name", "basis", "whole"),
    [
        ("flower", Basis.NET_OZ, Fraction(5, 2) * OUNCE_MG),
        ("edible", Basis.NET_OZ, 40 * OUNCE_MG),
        ("vape", Basis.NET_G, Fraction(17_500)),
        ("liquid", Basis.NET_FLOZ, 90 * FLUID_OUNCE_UL),
    ],
)
def test_a_day_is_2_5_ounces_or_what_the_statute_says_equals_them(name: str, basis: Basis, whole: Fraction) -> None:
    found = category(standing(), name)
    assert found.now == found.whole == whole.__floor__()
    assert found.basis is basis
    assert found.binding is not None
    assert found.binding.id == "mi-day"


def test_40_ounces_of_infused_solids_use_up_a_day() -> None:
    where = standing([equivalent("2.5")])
    assert known(equivalent("2.5").measures.net_mg or 0) == 40 * OUNCE_MG
    assert of_limit(where, "mi-day").used == Fraction("2.5")
    assert left(where, "mi-day") == 0
    assert left(where, "mi-30d") == Fraction("7.5")


def test_different_products_add_up_in_one_limit() -> None:
    vape = bought("vape", Measures(3_500, None, None, 1000), Quantity(1000, Unit.EACH), days_ago=0)
    drink = bought(
        "liquid", Measures(None, (18 * FLUID_OUNCE_UL).__floor__(), None, 1000), Quantity(1000, Unit.EACH), days_ago=0
    )
    where = standing([equivalent("0.5"), vape, drink], own_record=True, answer=DOWN)
    used = known(of_limit(where, "mi-day").used)
    assert Fraction("1.499999") < used < Fraction("1.5")
    assert left(where, "mi-day") == Fraction("2.5") - used


def test_what_fits_the_scale_is_rounded_down_never_up() -> None:
    where = standing()
    assert category(where, "flower").now == 70_873
    assert largest_fit(where, [line(jar(), "1")], 0) == Quantity(70_870, Unit.GRAMS)


# -- windows


def test_yesterdays_purchase_does_not_count_against_today_but_against_the_30_days() -> None:
    where = standing([equivalent("1", days_ago=1)])
    assert left(where, "mi-day") == Fraction("2.5")
    assert left(where, "mi-30d") == 9


@pytest.mark.parametrize(("days_ago", "counts"), [(29, True), (30, True), (31, False), (32, False)])
def test_a_purchase_counts_through_its_30th_day_as_the_return_day_is_disputed(days_ago: int, counts: bool) -> None:
    where = standing([flower("56.699", days_ago=days_ago)])
    assert left(where, "mi-30d") == (8 if counts else 10)


def test_a_purchase_comes_back_on_the_day_on_which_it_no_longer_counts() -> None:
    purchase = flower("56.699", days_ago=5)
    (release,) = of_limit(standing([purchase]), "mi-30d").releases
    assert release == Release(purchase.on + timedelta(days=31), Fraction(2))
    assert left(standing([purchase], on=release.on - timedelta(days=1)), "mi-30d") == 8
    assert left(standing([purchase], on=release.on), "mi-30d") == 10


def test_what_comes_back_on_one_day_is_told_once() -> None:
    where = standing([equivalent("1", days_ago=5), equivalent("1", days_ago=5), equivalent("1", days_ago=3)])
    assert [each.amount for each in of_limit(where, "mi-30d").releases] == [2, 1]


# -- the registry beside our own record: the lower counts


def test_the_registrys_lower_figure_counts_as_it_sees_the_other_shops() -> None:
    where = standing([equivalent("1", days_ago=3)], said("2.5", "1.25"))
    thirty = of_limit(where, "mi-30d")
    assert thirty.own_left == 9
    assert thirty.registry_left == thirty.left == Fraction("1.25")
    assert category(where, "flower").now == (Fraction("1.25") * OUNCE_MG).__floor__()


def test_our_own_lower_figure_counts_when_the_registry_says_more() -> None:
    where = standing([equivalent("2", days_ago=3)], said("2.5", "10"))
    thirty = of_limit(where, "mi-30d")
    assert thirty.registry_left == 10
    assert thirty.own_left == thirty.left == 8


@pytest.mark.parametrize(
    ("posted_before_asking", "is_unseen"),
    [(timedelta(seconds=61), False), (timedelta(seconds=60), False), (timedelta(seconds=59), True)],
)
def test_a_sale_that_the_registrys_cached_answer_cannot_hold_is_taken_off_it(
    posted_before_asking: timedelta, is_unseen: bool
) -> None:
    recent = replace(equivalent("1"), posted_at=NOW - posted_before_asking)
    where = standing([recent], said("2.5", "5"))
    assert of_limit(where, "mi-30d").registry_left == (4 if is_unseen else 5)


def test_a_sale_that_is_not_posted_yet_is_taken_off_the_registrys_figure() -> None:
    where = standing([equivalent("1", is_posted=False)], said("1.5", "5"))
    assert left(where, "mi-day") == Fraction("0.5")
    assert left(where, "mi-30d") == 4


def test_an_answer_of_an_unknown_time_may_lack_anything_sold_here() -> None:
    where = standing([equivalent("1")], said("1.5", "5"), asked_at=None)
    assert left(where, "mi-day") == Fraction("0.5")


def test_an_unposted_sale_that_left_the_window_is_not_taken_off() -> None:
    where = standing([equivalent("1", days_ago=2, is_posted=False)], said("1.5", "5"))
    assert left(where, "mi-day") == Fraction("1.5")
    assert left(where, "mi-30d") == 4


def test_when_too_much_was_bought_nothing_is_left_and_by_how_much_is_still_known() -> None:
    where = standing([equivalent("3")], said("-0.5", "7"))
    day = of_limit(where, "mi-day")
    assert day.own_left == day.registry_left == Fraction("-0.5")
    assert day.left == 0
    assert category(where, "flower").now == 0


def test_of_two_rows_for_the_same_days_the_lower_one_counts() -> None:
    twice = RegistryStanding(CARD, active=True, windows=(*NOTHING_BOUGHT.windows, *said("1", "10").windows))
    assert left(standing([], twice), "mi-day") == 1


# -- what nobody can tell


def test_a_concentrate_has_no_published_conversion_and_that_is_not_zero() -> None:
    found = category(standing(), "concentrate")
    assert found.now == found.whole == CannotTell("no conversion is published; ask the registry")
    verdict = judge(standing(), [line(jar(category="concentrate"), "1")])
    assert verdict == CannotTell("no conversion of concentrate is published; ask the registry")


def test_a_category_the_file_does_not_know_cannot_be_judged() -> None:
    verdict = judge(standing(), [line(jar(category=UNKNOWN_CATEGORY), "1")])
    assert isinstance(verdict, CannotTell)


def test_a_concentrate_bought_earlier_leaves_our_sum_unknown_and_the_registrys_word_to_decide() -> None:
    where = standing([concentrate(1, days_ago=3)], said("2.5", "9.75"))
    thirty = of_limit(where, "mi-30d")
    assert thirty.used == thirty.own_left
    assert isinstance(thirty.used, CannotTell)
    assert "some concentrate was dispensed on 09 Mar" in thirty.used.reason
    assert thirty.left == Fraction("9.75")
    assert left(where, "mi-day") == Fraction("2.5")


def test_a_concentrate_the_registry_has_not_seen_leaves_nothing_known() -> None:
    where = standing([concentrate(1, is_posted=False)], NOTHING_BOUGHT)
    assert isinstance(left(where, "mi-day"), CannotTell)
    assert isinstance(judge(where, [line(jar(), "0.01")]), CannotTell)


def test_a_concentrate_bought_earlier_leaves_nothing_known_in_an_outage() -> None:
    where = standing([concentrate(1, days_ago=3)], DOWN, own_record=True)
    assert isinstance(left(where, "mi-30d"), CannotTell)
    assert left(where, "mi-day") == Fraction("2.5")
    assert isinstance(category(where, "flower").now, CannotTell)


def test_a_box_of_unknown_weight_cannot_be_judged() -> None:
    verdict = judge(standing(), [line(pieces("edible"), 1)])
    assert verdict == CannotTell("the net weight of box of edible is not known")
    verdict = judge(standing(), [line(pieces("tincture", net_mg=30_000), 1)])
    assert verdict == CannotTell("the volume of box of tincture is not known")


@pytest.mark.parametrize("kind", list(Silence))
def test_without_an_answer_nothing_is_known_whatever_the_kind_of_silence(kind: Silence) -> None:
    where = standing([], Unanswered(kind, "METRC kept silent"))
    assert left(where, "mi-day") == CannotTell("METRC kept silent")
    assert of_limit(where, "mi-day").own_left == Fraction("2.5")
    assert category(where, "flower").now == CannotTell("METRC kept silent")
    assert judge(where, [line(jar(), "0.01")]) == CannotTell("METRC kept silent")
    assert not where.rests_on_own_record


@pytest.mark.parametrize("kind", [Silence.DOWN, Silence.TIMED_OUT, Silence.UNREADABLE])
def test_in_an_outage_our_own_record_decides_where_the_law_lets_it(kind: Silence) -> None:
    purchases = [equivalent("1"), equivalent("1", days_ago=10)]
    where = standing(purchases, Unanswered(kind, "METRC kept silent"), own_record=True)
    assert where.rests_on_own_record
    assert left(where, "mi-day") == Fraction("1.5")
    assert left(where, "mi-30d") == 8
    assert judge(where, [line(jar(), "42.52")]) == Fits(
        of_limit(where, "mi-day").limit, Fraction("1.5") - Fraction(42_520) / OUNCE_MG
    )


@pytest.mark.parametrize("kind", [Silence.DENIED, Silence.DISABLED, Silence.ABSENT, Silence.NOT_ASKED])
def test_what_is_not_an_outage_never_leaves_our_own_record_to_decide(kind: Silence) -> None:
    where = standing([], Unanswered(kind, "no key"), own_record=True)
    assert not where.rests_on_own_record
    assert left(where, "mi-day") == CannotTell("no key")


def test_our_own_record_decides_nothing_while_the_registry_answers() -> None:
    where = standing([], said("0.5", "10"), own_record=True)
    assert not where.rests_on_own_record
    assert left(where, "mi-day") == Fraction("0.5")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (CardNotFound(CARD), f"the registry knows no card {CARD}"),
        (said("2.5", "10", active=False), f"the registry says that card {CARD} is not active"),
    ],
)
def test_a_card_that_is_unknown_or_not_active_buys_nothing(answer: RegistryAnswer, reason: str) -> None:
    where = standing([], answer)
    assert left(where, "mi-day") == CannotTell(reason)
    assert judge(where, [line(jar(), "0.01")]) == CannotTell(reason)


def test_a_figure_that_the_registry_left_out_is_not_zero_and_not_ours() -> None:
    where = standing([], said("2.5", None))
    assert left(where, "mi-30d") == CannotTell("the registry gave no flower figure for 30 days")
    assert isinstance(category(where, "flower").now, CannotTell)
    other_column = RegistryStanding(CARD, True, tuple(RegistryWindow(w.days, ()) for w in NOTHING_BOUGHT.windows))
    assert isinstance(left(standing([], other_column), "mi-day"), CannotTell)


def test_a_limit_the_registry_never_speaks_of_cannot_be_told_by_it() -> None:
    silent = replace(MICHIGAN, limits=tuple(replace(each, registry=None) for each in MICHIGAN.limits))
    where = standing(rules=silent)
    assert left(where, "mi-day") == CannotTell("the registry does not say this limit")
    assert left(standing([], DOWN, own_record=True, rules=silent), "mi-day") == Fraction("2.5")


# -- the judgement of a basket


def test_a_basket_to_the_last_step_of_the_scale_fits_and_one_step_more_does_not() -> None:
    where = standing()
    verdict = judge(where, [line(jar(), "70.87")])
    assert isinstance(verdict, Fits)
    assert verdict.left == Fraction("2.5") - Fraction(70_870) / OUNCE_MG
    verdict = judge(where, [line(jar(), "70.88")])
    assert isinstance(verdict, OverLimit)
    assert verdict.limit.id == "mi-day"
    assert verdict.over == Fraction(70_880) / OUNCE_MG - Fraction("2.5")
    assert verdict.largest == (Quantity(70_870, Unit.GRAMS),)


def test_a_basket_that_uses_up_exactly_what_is_left_fits() -> None:
    verdict = judge(standing(), [line(pieces("vape", net_mg=500), 35)])
    assert isinstance(verdict, Fits)
    assert verdict.left == 0
    assert isinstance(judge(standing(), [line(pieces("vape", net_mg=500), 36)]), OverLimit)


def test_the_lines_of_a_basket_are_judged_together() -> None:
    lines = [line(jar(), "42.52"), line(pieces("edible", net_mg=45_359), 11)]
    verdict = judge(standing(), lines)
    assert isinstance(verdict, OverLimit)
    assert isinstance(judge(standing(), lines[:1]), Fits)
    assert isinstance(judge(standing(), lines[1:]), Fits)
    most_flower, most_boxes = verdict.largest
    assert most_flower == largest_fit(standing(), lines, 0)
    assert isinstance(judge(standing(), [line(jar(), most_flower.amount.__str__()), lines[1]]), Fits)
    assert isinstance(judge(standing(), [lines[0], line(pieces("edible", net_mg=45_359), 10)]), Fits)
    assert most_boxes == Quantity(10_000, Unit.EACH)


def test_the_tightest_limit_is_named_as_a_share_of_its_amount() -> None:
    thirty = standing([], said("2.5", "2.6"))
    verdict = judge(thirty, [line(jar(), "28")])
    assert isinstance(verdict, Fits)
    assert verdict.limit is MICHIGAN.limits[1]


def test_the_most_exceeded_limit_is_named_as_a_share_of_its_amount() -> None:
    verdict = judge(standing([], said("0.5", "0.5")), [line(jar(), "28.35")])
    assert isinstance(verdict, OverLimit)
    assert verdict.limit.id == "mi-day"


def test_no_line_fits_beside_a_line_that_is_too_much_by_itself() -> None:
    lines = [line(jar(), "71"), line(pieces("edible", net_mg=1000), 1)]
    assert largest_fit(standing(), lines, 1) == Quantity(0, Unit.EACH)


def test_the_largest_that_fits_is_never_more_than_the_package_holds() -> None:
    assert largest_fit(standing(), [line(jar("3.505"), "1")], 0) == Quantity(3500, Unit.GRAMS)
    assert largest_fit(standing(), [line(pieces("edible", net_mg=100, count=7), 1)], 0) == Quantity(7000, Unit.EACH)


def test_nothing_of_a_product_fits_when_it_cannot_be_told() -> None:
    assert largest_fit(standing(), [line(jar(category="concentrate"), "1")], 0) == Quantity(0, Unit.GRAMS)
    assert largest_fit(standing([], DOWN), [line(jar(), "1")], 0) == Quantity(0, Unit.GRAMS)


def test_products_no_limit_speaks_of_are_not_simply_allowed() -> None:
    assert isinstance(judge(standing(), []), CannotTell)
    assert isinstance(judge(standing(), [line(jar(category="seed"), "1")]), CannotTell)


def test_what_every_limit_names_as_not_counting_is_not_limited() -> None:
    free = replace(MICHIGAN, limits=tuple(replace(each, excluded=frozenset({"seed"})) for each in MICHIGAN.limits))
    assert judge(standing(rules=free), [line(jar(category="seed"), "1")]) == Fits(None, Fraction(0))


def test_an_excluded_category_does_not_count_against_its_limit() -> None:
    only_day = replace(MICHIGAN.limits[1], excluded=frozenset({"seed"}), unknown=frozenset())
    term = Term(("seed", "flower"), Basis.NET_G, Fraction(1000))
    seeds = replace(MICHIGAN, limits=(replace(MICHIGAN.limits[0], terms=(term,)), only_day))
    verdict = judge(standing(rules=seeds), [line(jar(category="seed"), "2")])
    assert isinstance(verdict, Fits)
    assert verdict.left == Fraction("0.5")


# -- when more may be dispensed


def test_when_the_day_binds_more_may_be_dispensed_tomorrow() -> None:
    where = standing([flower("70")], said("0.03", "7.5"))
    found = category(where, "flower")
    assert found.binding is not None
    assert found.binding.id == "mi-day"
    assert found.then is not None
    assert found.then.on == TODAY + timedelta(days=1)


def test_what_comes_back_is_the_least_over_the_limits_not_the_sum() -> None:
    """30 days bind now and on the first return day; the day would allow 2.5 oz all along."""
    purchases = [equivalent("2.5", days_ago=days_ago) for days_ago in (29, 20, 10, 5)]
    where = standing(purchases, said("2.5", "0"))
    found = category(where, "flower")
    assert found.now == 0
    assert found.then == Release(TODAY + timedelta(days=2), Fraction((Fraction("2.5") * OUNCE_MG).__floor__()))


def test_nothing_comes_back_on_a_return_day_when_another_limit_still_binds() -> None:
    """Fifteen days and thirty in one rule, as Hawaii has them: the first return day brings nothing."""
    term = Term(("flower",), Basis.NET_G, Fraction(1000))
    rules = replace(MICHIGAN, limits=(rolling("4", 15, per=[term]), rolling("8", 30, per=[term])))
    purchases = [flower(4, days_ago=20), flower(4, days_ago=14)]
    where = standing(purchases, DOWN, own_record=True, rules=rules)
    found = category(where, "flower")
    assert found.now == 0
    assert [each.on for each in where.limits[0].releases] == [TODAY + timedelta(days=1)]
    assert found.then == Release(TODAY + timedelta(days=10), Fraction(4000))


def test_what_was_bought_elsewhere_comes_back_on_a_day_that_nobody_here_knows() -> None:
    where = standing([], said("2.5", "0"))
    found = category(where, "flower")
    assert found.now == 0
    assert found.then is None


def test_too_much_bought_must_come_back_twice_before_anything_is_left() -> None:
    purchases = [equivalent("6", days_ago=6), equivalent("6", days_ago=3)]
    thirty = of_limit(standing(purchases, DOWN, own_record=True), "mi-30d")
    assert thirty.own_left == -2
    assert left_on(thirty, TODAY + timedelta(days=25)) == 4
    assert left_on(thirty, TODAY + timedelta(days=28)) == 10


def test_what_the_registry_may_have_given_back_already_is_not_promised_again() -> None:
    """On its 30th day our purchase is back with the registry but not yet with us; 9 oz were bought elsewhere."""
    where = standing([equivalent("1", days_ago=30)], said("2.5", "1"))
    thirty = of_limit(where, "mi-30d")
    assert thirty.left == 1
    assert left_on(thirty, TODAY + timedelta(days=1)) == 1
    assert category(where, "flower").then is None


def test_an_unposted_sale_that_was_taken_off_the_registrys_figure_is_promised_back() -> None:
    where = standing([equivalent("1", days_ago=30, is_posted=False)], said("2.5", "2"))
    thirty = of_limit(where, "mi-30d")
    assert thirty.left == 1
    assert left_on(thirty, TODAY + timedelta(days=1)) == 2


def test_what_is_certain_later_is_never_more_than_the_whole_amount() -> None:
    thirty = of_limit(standing([equivalent("1", days_ago=3)], said("2.5", "10")), "mi-30d")
    assert left_on(thirty, TODAY + timedelta(days=400)) == 10


def test_what_cannot_be_told_now_cannot_be_told_for_later() -> None:
    thirty = of_limit(standing([], DOWN), "mi-30d")
    assert left_on(thirty, TODAY + timedelta(days=400)) == CannotTell(DOWN.reason)
    assert category(standing([], DOWN), "flower").then is None


def test_a_standing_tells_on_what_it_rests() -> None:
    where = standing()
    assert (where.rules, where.on, where.asked_at) == (MICHIGAN, TODAY, NOW)
    assert [each.category for each in where.categories] == list(MICHIGAN.categories)
    assert isinstance(MICHIGAN, Rules)


def test_a_sale_at_midnight_counts_on_the_day_it_was_recorded_for() -> None:
    late = Purchase(
        date(2026, 3, 11),
        datetime(2026, 3, 12, 3, 59, tzinfo=UTC),
        "flower",
        Measures(28_350, None, None, 0),
        "late flower",
        Quantity(28_350, Unit.GRAMS),
        datetime(2026, 3, 12, 4, 1, tzinfo=UTC),
    )
    assert left(standing([late]), "mi-day") == Fraction("2.5")


def test_a_limit_names_its_window_in_words() -> None:
    assert [str(each.window) for each in MICHIGAN.limits] == ["a day", "30 days"]
    assert isinstance(MICHIGAN.limits[0], Limit)
