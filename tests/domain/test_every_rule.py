"""What holds under any rules: nothing is gained by one purchase more, the order of lines, a hold, a strict reading."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.allotment import CannotTell, Figure, Purchase, Standing, evaluate
from pcc_desk.domain.basket import fits, steps_that_fit, weighed
from pcc_desk.domain.entitlement import Entitlement
from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.domain.scalable import Scalable
from pcc_desk.domain.windows import Anchor, FixedPeriod, OrderLife, Possession, Refill, Transaction
from tests.domain import slow
from tests.domain.random_rules import (
    AMOUNTS,
    CATEGORIES,
    TODAYS,
    UNLISTED,
    entitlements,
    examples,
    histories,
    measures,
    purchases,
    rule_sets,
)

Case = tuple[date, Rules, list[Purchase], Entitlement]


@st.composite
def cases(draw: st.DrawFn, *, has_amounts: bool = True, with_returns: bool = True) -> Case:
    """Return a day, rules, a history up to that day and a patient."""
    today = draw(st.sampled_from(TODAYS))
    bought = [each for each in draw(histories(today, with_returns=with_returns)) if each.on <= today]
    return today, draw(rule_sets(today)), bought, draw(entitlements(today, has_amounts=has_amounts))


def ask(
    case: Case,
    *,
    more: Sequence[Purchase] = (),
    on: date | None = None,
    strict: bool = False,
    held: dict[str, Fraction] | None = None,
) -> Standing:
    today, rules, bought, patient = case
    return evaluate(rules, [*bought, *more], None, None, on or today, entitlement=patient, strict=strict, held=held)


def lefts(where: Standing) -> dict[str, Fraction]:
    """Return what is left of each limit, of which that is known."""
    return {each.limit.id: each.left for each in where.limits if isinstance(each.left, Fraction)}


def nows(where: Standing) -> dict[str, int]:
    """Return how much of each category may be dispensed, of which that is known."""
    return {each.category: each.now for each in where.categories if isinstance(each.now, int)}


def is_never_more(one: Standing, other: Standing) -> bool:
    """Whether nothing known of the first is more than in the second, where the second knows it."""
    limits, categories = lefts(other), nows(other)
    return all(each <= limits.get(name, each) for name, each in lefts(one).items()) and all(
        each <= categories.get(name, each) for name, each in nows(one).items()
    )


def told(figure: Figure) -> Fraction | None:
    """Return a figure, or None when it says why nobody knows it."""
    if isinstance(figure, CannotTell):
        assert figure.reason
        return None
    assert isinstance(figure, Fraction)
    return figure


@examples(60)
@given(cases(), st.booleans())
def test_what_is_left_is_never_below_zero_and_never_above_the_amount(case: Case, strict: bool) -> None:
    for each in ask(case, strict=strict).limits:
        if isinstance(each.left, Fraction) and isinstance(each.amount, Fraction) and isinstance(each.used, Fraction):
            assert 0 <= each.left <= each.amount
            assert each.used >= 0
    for category in ask(case, strict=strict).categories:
        if isinstance(category.now, int) and isinstance(category.whole, int):
            assert 0 <= category.now <= category.whole
            assert all(each.amount > 0 for each in category.releases)
            assert [each.on for each in category.releases] == sorted({each.on for each in category.releases})


def begins_with_a_purchase(limit: Limit, patient: Entitlement) -> bool:
    if isinstance(limit.window, Refill):
        return True
    return isinstance(limit.window, FixedPeriod) and limit.window.anchor is Anchor.FIRST_PURCHASE and not patient.anchor


@examples(60)
@given(st.data())
def test_one_purchase_more_never_leaves_more(data: st.DataObject) -> None:
    """Where a period begins with a purchase, an earlier one would begin an earlier period: there, of one made today."""
    case = data.draw(cases())
    today, rules, _, patient = case
    is_today = any(begins_with_a_purchase(each, patient) for each in rules.limits)
    another = data.draw(purchases(today, 0 if is_today else 75).filter(lambda each: each.on <= today))
    before, after = ask(case), ask(case, more=[another])
    assert is_never_more(after, before)
    assert set(lefts(after)) <= set(lefts(before))


@examples(36)
@given(st.data())
def test_the_order_of_purchases_does_not_matter(data: st.DataObject) -> None:
    today, rules, bought, patient = case = data.draw(cases())
    one, other = ask(case), ask((today, rules, data.draw(st.permutations(bought)), patient))
    for this, that in zip(one.limits, other.limits, strict=True):
        assert (told(this.used), told(this.left)) == (told(that.used), told(that.left))
        assert this.releases == that.releases
    assert [(each.now, each.releases) for each in one.categories if not isinstance(each.now, CannotTell)] == [
        (each.now, each.releases) for each in other.categories if not isinstance(each.now, CannotTell)
    ]


@examples(60)
@given(cases(has_amounts=False), st.integers(1, 80))
def test_waiting_never_leaves_less_but_where_a_period_or_a_paper_ends(case: Case, days: int) -> None:
    later = case[0] + timedelta(days=days)
    before, after = ask(case), ask(case, on=later)
    for limit in case[1].limits:
        if limit.first_amount is None and limit.id in lefts(before):
            if limit.id in lefts(after):
                assert lefts(after)[limit.id] >= lefts(before)[limit.id]
            else:
                assert isinstance(limit.window, FixedPeriod | OrderLife)


@examples(60)
@given(cases())
def test_a_strict_reading_never_leaves_more(case: Case) -> None:
    assert is_never_more(ask(case, strict=True), ask(case))


@examples(36)
@given(cases(), st.dictionaries(st.sampled_from(("limit-0", "limit-1", "limit-2")), st.sampled_from(AMOUNTS)))
def test_what_is_set_aside_is_not_there_for_another_visit(case: Case, held: dict[str, Fraction]) -> None:
    free, aside = ask(case), ask(case, held=held)
    assert is_never_more(aside, free)
    for each in aside.limits:
        own = next(other.own_left for other in free.limits if other.limit is each.limit)
        if isinstance(own, Fraction):
            assert each.own_left == own - held.get(each.limit.id, Fraction(0))


@st.composite
def lines(draw: st.DrawFn) -> Scalable:
    """Return a line of a basket, mostly of a category that the rules name."""
    asked = draw(measures)
    return Scalable(
        category=draw(st.sampled_from((*CATEGORIES * 5, UNLISTED))),
        product=draw(st.sampled_from(("A", "B"))),
        asked=asked,
        step=Fraction(10, asked.net_mg) if asked.net_mg else Fraction(1),
        thc_percent=draw(st.none() | st.sampled_from((Fraction(19), Fraction(20), Fraction("20.01"), Fraction(36)))),
    )


baskets = st.lists(lines(), min_size=1, max_size=3)


@examples(90)
@given(cases(), baskets)
def test_a_basket_is_over_as_much_as_a_slow_evaluator_says(case: Case, basket: list[Scalable]) -> None:
    today, rules, bought, patient = case
    plain = [slow.Line(each.category, each.product, each.measures, each.thc_percent) for each in basket]
    expected = slow.over(rules, slow.standing(rules, bought, today, patient), plain)
    found = weighed(ask(case), basket)
    over = None if isinstance(found, CannotTell) else {each.limit.id: -after for each, after in found if after < 0}
    assert over == expected
    assert fits(ask(case), basket) == (expected == {})


@examples(36)
@given(cases(), baskets, st.integers(0, 2))
def test_the_most_of_a_line_that_fits_fits_and_one_step_more_does_not(
    case: Case, basket: list[Scalable], position: int
) -> None:
    where = ask(case)
    index = position % len(basket)
    line = basket[index]
    most = steps_that_fit(where, basket, index)

    def is_fine(steps: int) -> bool:
        return fits(where, [*basket[:index], line.of_steps(steps), *basket[index + 1 :]])

    if most:
        assert is_fine(most)
    if most < line.most_steps and isinstance(weighed(where, basket), list):
        assert not is_fine(most + 1)


@examples(36)
@given(cases(with_returns=False), baskets)
def test_a_basket_that_fits_leaves_as_much_as_asking_again_after_the_sale(case: Case, basket: list[Scalable]) -> None:
    found = weighed(ask(case), basket)
    if isinstance(found, CannotTell) or any(after < 0 for _, after in found):
        return
    at = datetime.combine(case[0], time(20), UTC)
    sale = [
        Purchase(case[0], at, each.category, each.measures, each.product, posted_at=at, thc_percent=each.thc_percent)
        for each in basket
    ]
    after_sale = {each.limit.id: each for each in ask(case, more=sale).limits}
    for each, after in found:
        then = after_sale[each.limit.id]
        if (
            not isinstance(each.limit.window, Transaction | Possession)
            and not each.limit.is_per_item
            and isinstance(then.own_left, Fraction)
        ):
            assert then.left == max(after, Fraction(0))
