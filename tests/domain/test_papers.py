"""A patient's papers: who they are for, which one counts on a day, how far back it can matter."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.cohorts import AgeGroup, NamedGroup
from pcc_desk.domain.entitlement import SetAmount
from pcc_desk.domain.entitling import begun_by, entitlement_of, groups_of
from pcc_desk.domain.looking_back import look_back
from pcc_desk.domain.papers import NO_PAPERS, PaperAmount, Papers
from pcc_desk.domain.rules import OutageRule
from pcc_desk.domain.windows import (
    Anchor,
    CalendarDay,
    CalendarMonth,
    CalendarWeek,
    FixedPeriod,
    OrderLife,
    Possession,
    Refill,
    RollingDays,
    Transaction,
    Window,
)
from tests.domain.michigan import MICHIGAN, TODAY

BORN = date(2008, 3, 13)
DAY = timedelta(days=1)
SPRING = PaperAmount("order", Decimal("2.5"), False, date(2026, 3, 1), date(2026, 5, 31), "Dr. I. Mensah, 1 March")
APRIL = PaperAmount("order", Decimal(3), False, date(2026, 4, 1), date(2026, 4, 30), "Dr. I. Mensah, 1 April")
WAIVER = PaperAmount("order", None, True, date(2026, 4, 10), date(2026, 4, 20), "Agency, letter 17")


def in_force(papers: Papers, on: date) -> tuple[SetAmount, ...]:
    return tuple(each for each in entitlement_of(papers, BORN, on).amounts if each.holds_on(on))


def test_age_and_groups_come_from_the_birth_date_and_the_papers() -> None:
    papers = Papers(("visiting",), date(2026, 1, 1), date(2025, 12, 31))
    eve, birthday = (entitlement_of(papers, BORN, day) for day in (date(2026, 3, 12), date(2026, 3, 13)))
    assert (eve.belongs.age, birthday.belongs.age) == (17, 18)
    assert (eve.belongs.names, eve.anchor) == (frozenset({"visiting"}), date(2026, 1, 1))
    assert entitlement_of(NO_PAPERS, BORN, TODAY).amounts == ()


@pytest.mark.parametrize(
    ("on", "amount", "paper"),
    [
        (date(2026, 3, 1), Fraction("2.5"), SPRING.paper),
        (date(2026, 3, 31), Fraction("2.5"), SPRING.paper),
        (date(2026, 4, 1), Fraction(3), APRIL.paper),
        (date(2026, 4, 10), None, WAIVER.paper),
        (date(2026, 4, 20), None, WAIVER.paper),
        (date(2026, 4, 21), Fraction(3), APRIL.paper),
        (date(2026, 5, 1), Fraction("2.5"), SPRING.paper),
    ],
)
def test_the_paper_that_began_last_counts_and_a_waiver_before_all(
    on: date, amount: Fraction | None, paper: str
) -> None:
    (only,) = in_force(Papers(amounts=(SPRING, APRIL, WAIVER)), on)
    assert (only.amount, only.paper, only.is_waiver) == (amount, paper, paper == WAIVER.paper)


@pytest.mark.parametrize("on", [date(2026, 2, 28), date(2026, 6, 1)])
def test_outside_of_its_days_a_paper_says_nothing(on: date) -> None:
    assert in_force(Papers(amounts=(SPRING, APRIL, WAIVER)), on) == ()


def test_each_limit_goes_by_its_own_papers() -> None:
    both = in_force(Papers(amounts=(replace(SPRING, limit_id="day"), SPRING)), date(2026, 3, 5))
    assert [each.limit_id for each in both] == ["day", "order"]


DAYS = st.integers(0, 20).map(lambda number: TODAY + number * DAY)
AMOUNTS = st.builds(
    PaperAmount,
    st.sampled_from(["order", "day"]),
    st.none() | st.decimals(0, 9, places=1),
    st.booleans(),
    DAYS | st.just(date.min),
    DAYS | st.just(date.max),
    st.just("paper"),
)


@given(st.lists(AMOUNTS, max_size=5, unique_by=lambda each: (each.limit_id, each.is_waiver, each.starts)), DAYS)
def test_on_every_day_at_most_one_amount_counts_for_a_limit(amounts: list[PaperAmount], on: date) -> None:
    for limit_id in ("order", "day"):
        holding = [each for each in amounts if each.limit_id == limit_id and each.holds_on(on)]
        counts = [each for each in in_force(Papers(amounts=tuple(amounts)), on) if each.limit_id == limit_id]
        best = max(holding, key=lambda each: (each.is_waiver, each.starts), default=None)
        wanted = [] if best is None else [(None if best.amount is None else Fraction(best.amount), best.is_waiver)]
        assert [(each.amount, each.is_waiver) for each in counts] == wanted


@pytest.mark.parametrize(
    ("on", "ordered", "waived"),
    [(date(2026, 2, 28), None, None), (date(2026, 4, 15), APRIL, WAIVER), (date(2026, 5, 1), SPRING, None)],
)
def test_of_each_kind_the_paper_that_began_last_is_in_force(
    on: date, ordered: PaperAmount | None, waived: PaperAmount | None
) -> None:
    papers = Papers(amounts=(SPRING, APRIL, WAIVER))
    assert papers.set_for("order", is_waiver=False) == (SPRING, APRIL)
    assert papers.in_force("order", on, is_waiver=False) == ordered
    assert papers.in_force("order", on, is_waiver=True) == waived
    assert papers.in_force("day", on, is_waiver=True) is None


@pytest.mark.parametrize(
    ("window", "begun"),
    [
        (FixedPeriod(30, 30, Anchor.RECOMMENDATION_START, carries_over=False), "the recommendation"),
        (FixedPeriod(30, 30, Anchor.FIRST_PURCHASE, carries_over=False), "the first purchase"),
        (Refill(30), "the present supply"),
        (OrderLife(), "the order"),
        (CalendarMonth(), ""),
        (RollingDays(30, 30, 31), ""),
    ],
)
def test_only_some_windows_count_from_a_first_day_on_a_paper(window: Window, begun: str) -> None:
    assert begun_by(replace(MICHIGAN.limits[0], window=window)) == begun


def test_a_patient_can_be_put_into_the_groups_that_the_rules_name_and_into_no_age() -> None:
    first, second = MICHIGAN.limits
    minors = AgeGroup(None, 17, "minor")
    grouped = (
        replace(first, cohort=(NamedGroup("visiting"), minors)),
        replace(second, cohort=(NamedGroup("enhanced"),)),
    )
    outage = OutageRule(True, "", limits=(replace(first, id="out", cohort=(NamedGroup("terminal"),)),))
    assert groups_of(replace(MICHIGAN, limits=grouped, outage=outage)) == ("enhanced", "terminal", "visiting")


# How far back


@pytest.mark.parametrize(
    ("window", "first"),
    [
        (RollingDays(30, 30, 31), TODAY - 31 * DAY),
        (RollingDays(30, 31, 30), TODAY - 31 * DAY),
        (CalendarDay(), TODAY),
        (CalendarWeek(0), TODAY - 6 * DAY),
        (CalendarMonth(), date(2026, 3, 1)),
        (Transaction(), TODAY),
        (Possession(), TODAY),
        (FixedPeriod(30, 30, Anchor.FIRST_PURCHASE, carries_over=False), date.min),
        (FixedPeriod(30, 30, Anchor.RECOMMENDATION_START, carries_over=False), date.min),
        (Refill(30, 5), date.min),
        (OrderLife(), date.min),
    ],
)
def test_purchases_matter_as_far_back_as_a_window_can_reach(window: Window, first: date) -> None:
    limit = replace(MICHIGAN.limits[0], window=window)
    bare = replace(MICHIGAN.outage, limits=())
    assert look_back(replace(MICHIGAN, limits=(limit,), outage=bare), TODAY) == first


@pytest.mark.parametrize("offset", range(28))
@pytest.mark.parametrize(
    "window", [RollingDays(30, 30, 31), CalendarDay(), CalendarWeek(0), CalendarWeek(6), CalendarMonth()]
)
def test_no_window_counts_a_day_that_was_not_looked_at(window: Window, offset: int) -> None:
    on = TODAY + offset * DAY
    first = look_back(replace(MICHIGAN, limits=(replace(MICHIGAN.limits[0], window=window),)), on)
    span = window.span(on.toordinal(), (), None, strict=True)
    assert span.first >= first.toordinal()  # type: ignore[union-attr]


def test_the_longest_window_decides_one_for_an_outage_too() -> None:
    short, long = (replace(MICHIGAN.limits[0], window=RollingDays(days, days, days)) for days in (1, 60))
    outage = OutageRule(True, "", limits=(long,))
    assert look_back(replace(MICHIGAN, limits=(short, long)), TODAY) == TODAY - 60 * DAY
    assert look_back(replace(MICHIGAN, limits=(short,), outage=outage), TODAY) == TODAY - 60 * DAY
    assert look_back(replace(MICHIGAN, limits=(), outage=OutageRule(True, "")), TODAY) == TODAY
