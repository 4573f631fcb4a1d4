"""Every kind of window on random rules and histories: the engine against a slow evaluator that walks the days."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.allotment import CannotTell, Figure, NotLimited, Purchase, Standing, evaluate
from pcc_desk.domain.entitlement import Entitlement
from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.domain.windows import FixedPeriod
from tests.domain import slow
from tests.domain.random_rules import KINDS, TODAYS, entitlements, examples, histories, rule_sets

AMOUNTS_HELD = st.dictionaries(
    st.sampled_from(("limit-0", "limit-1")), st.sampled_from((Fraction(1, 2), Fraction(3))), max_size=2
)


def by_engine(
    rules: Rules,
    bought: Sequence[Purchase],
    today: date,
    patient: Entitlement,
    *,
    strict: bool = False,
    held: dict[str, Fraction] | None = None,
) -> Standing:
    """Return the standing by our own record alone."""
    return evaluate(rules, bought, None, None, today, entitlement=patient, strict=strict, held=held)


def told(figure: Figure) -> Fraction | None:
    """Return a figure, or None when it says why nobody knows it."""
    if isinstance(figure, CannotTell):
        assert figure.reason
        return None
    assert isinstance(figure, Fraction)
    return figure


@pytest.mark.parametrize("kind", KINDS)
@examples(36)
@given(data=st.data(), strict=st.booleans(), held=AMOUNTS_HELD)
def test_a_slow_evaluator_that_walks_the_days_agrees_on_every_limit(
    kind: str, data: st.DataObject, strict: bool, held: dict[str, Fraction]
) -> None:
    today = data.draw(st.sampled_from(TODAYS))
    rules, bought = data.draw(rule_sets(today, KINDS[kind])), data.draw(histories(today))
    patient = data.draw(entitlements(today))
    expected = slow.standing(rules, bought, today, patient, strict=strict, held=held)
    found = by_engine(rules, bought, today, patient, strict=strict, held=held).limits
    assert [each.limit.id for each in found] == [each.limit.id for each in expected]
    for engine, evaluator in zip(found, expected, strict=True):
        assert told(engine.amount) == evaluator.amount
        if evaluator.amount is not None or evaluator.used is not None:
            assert told(engine.used) == evaluator.used
        assert told(engine.own_left) == evaluator.own_left
        assert told(engine.left) == evaluator.left


@pytest.mark.parametrize("kind", KINDS)
@examples(12)
@given(data=st.data(), strict=st.booleans())
def test_what_comes_back_is_what_counts_no_longer_on_each_later_day(
    kind: str, data: st.DataObject, strict: bool
) -> None:
    today = data.draw(st.sampled_from(TODAYS))
    rules, bought = data.draw(rule_sets(today, KINDS[kind], 1)), data.draw(histories(today))
    bought = [each for each in bought if each.on <= today]
    patient = data.draw(entitlements(today, has_amounts=False))
    for limit in by_engine(rules, bought, today, patient, strict=strict).limits:
        if isinstance(limit.used, CannotTell):
            assert limit.releases == ()
        if isinstance(limit.used, CannotTell) or isinstance(limit.own_left, CannotTell):
            continue
        carries_over = isinstance(limit.limit.window, FixedPeriod) and limit.limit.window.carries_over
        for days in range(1, 60):
            day = today + timedelta(days=days)
            then = slow.figures(rules, limit.limit, bought, day, patient, strict=strict)
            back = sum((each.amount for each in limit.releases if each.on <= day), Fraction(0))
            if then.used is None or then.own_left is None:
                break
            if not carries_over:
                assert then.used == limit.used - back
            elif back or then.own_left == limit.own_left:
                assert then.own_left == limit.own_left + back
                if back:
                    break


@pytest.mark.parametrize("kind", KINDS)
@examples(15)
@given(data=st.data(), strict=st.booleans())
def test_the_schedule_of_a_category_is_what_asking_again_on_each_later_day_says(
    kind: str, data: st.DataObject, strict: bool
) -> None:
    today = data.draw(st.sampled_from(TODAYS))
    rules = data.draw(rule_sets(today, KINDS[kind], 2))
    bought = [each for each in data.draw(histories(today)) if each.on <= today]
    patient = data.draw(entitlements(today, has_amounts=False))
    is_steady = all(goes_by_itself(each) for each in rules.limits)
    now = by_engine(rules, bought, today, patient, strict=strict)
    promised = {each.category: each for each in now.categories}
    for days in range(1, 60, 1 if is_steady else 7):
        day = today + timedelta(days=days)
        for then in by_engine(rules, bought, day, patient, strict=strict).categories:
            first = promised[then.category]
            if isinstance(first.now, int) and isinstance(then.now, int):
                back = sum(each.amount for each in first.releases if each.on <= day)
                if is_steady or any(each.on == day for each in first.releases):
                    assert then.now == first.now + back


@examples(60)
@given(data=st.data(), strict=st.booleans())
def test_a_schedule_takes_papers_that_begin_and_end_into_account(data: st.DataObject, strict: bool) -> None:
    """A waiver of the limit altogether is left out: until it ends nobody looks at that limit."""
    today = data.draw(st.sampled_from(TODAYS))
    rules = data.draw(rule_sets(today, KINDS["rolling days"], 2))
    bought = [each for each in data.draw(histories(today)) if each.on <= today]
    patient = data.draw(entitlements(today))
    if not all(goes_by_itself(each) for each in rules.limits) or any(each.amount is None for each in patient.amounts):
        return
    now = by_engine(rules, bought, today, patient, strict=strict)
    for days in range(1, 45, 2):
        day = today + timedelta(days=days)
        for first, then in zip(
            now.categories, by_engine(rules, bought, day, patient, strict=strict).categories, strict=True
        ):
            is_promised = bool(first.releases) and day <= first.releases[-1].on
            if is_promised and isinstance(first.now, int) and isinstance(then.now, int):
                assert then.now == first.now + sum(each.amount for each in first.releases if each.on <= day)


def goes_by_itself(limit: Limit) -> bool:
    """Whether what a limit allows never falls and never grows without end as days pass."""
    return limit.first_amount is None and not (isinstance(limit.window, FixedPeriod) and limit.window.carries_over)


@examples(90)
@given(data=st.data(), strict=st.booleans())
def test_a_category_may_have_as_much_as_one_line_of_it_may_have_and_not_a_milligram_more(
    data: st.DataObject, strict: bool
) -> None:
    today = data.draw(st.sampled_from(TODAYS))
    rules, bought = data.draw(rule_sets(today)), data.draw(histories(today))
    patient = data.draw(entitlements(today))
    figures = slow.standing(rules, bought, today, patient, strict=strict)
    for found in by_engine(rules, bought, today, patient, strict=strict).categories:
        speaking = [
            each for each in figures if slow.counts_by_name(each.limit, found.category) and not each.limit.is_per_item
        ]
        if not speaking:
            is_free = found.category in rules.excluded
            assert isinstance(found.now, NotLimited if is_free else CannotTell)
            continue
        if any(each.left is None or found.category in each.limit.unknown for each in speaking):
            assert isinstance(found.now, CannotTell)
            continue
        assert isinstance(found.now, int)
        assert found.now >= 0
        most = [slow.most(each.limit, found.category, known(each.left)) for each in speaking]
        alike = [amount for basis, amount in most if slow.measured(basis) == slow.measured(found.basis)]
        is_shut = any(amount < 1 for basis, amount in most if slow.measured(basis) is None) or any(
            amount == 0 for basis, amount in most
        )
        assert found.now == (0 if is_shut else min(alike))


def known(figure: Figure | None) -> Fraction:
    assert isinstance(figure, Fraction)
    return figure
