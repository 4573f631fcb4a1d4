"""Every kind of window by example, with dates worked out by hand: ends of months, leap days, papers that end."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, SetAmount
from pcc_desk.domain.entitlement import Entitlement
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
from tests.domain.by_hand import a_limit, ask, back, first, left, sold


@pytest.mark.parametrize(
    ("on", "strict", "expected"),
    [
        ("2024-02-28", False, 9),
        ("2024-03-05", False, 9),  # 28 February and 6 days, the 29th among them
        ("2024-03-06", False, 10),
        ("2024-03-06", True, 9),
        ("2024-03-07", True, 9),
        ("2024-03-08", True, 10),
    ],
)
def test_seven_days_in_a_leap_year_are_seven_days(on: str, strict: bool, expected: int) -> None:
    assert left(a_limit(RollingDays(7, 7, 9)), on, [sold("2024-02-28")], strict=strict) == expected


def test_what_was_bought_on_a_day_that_is_still_to_come_counts_as_well() -> None:
    """A clock that was set back frees nothing."""
    assert left(a_limit(RollingDays(7, 7, 7)), "2024-02-27", [sold("2024-02-28")]) == 9


def test_each_days_purchases_come_back_by_themselves_in_a_rolling_window() -> None:
    bought = [sold("2024-02-20"), sold("2024-02-20", "2", hour=15), sold("2024-02-29", "4")]
    assert back(ask(a_limit(RollingDays(30, 30, 31)), "2024-03-01", bought)) == [
        ("2024-03-21", Fraction(3)),
        ("2024-03-30", Fraction(4)),
    ]
    assert back(ask(a_limit(RollingDays(30, 30, 31)), "2024-03-01", bought, strict=True))[0][0] == "2024-03-22"


def test_a_calendar_day_ends_with_the_day() -> None:
    where = ask(a_limit(CalendarDay()), "2024-02-29", [sold("2024-02-28"), sold("2024-02-29", "3")])
    assert first(where).left == 7
    assert back(where) == [("2024-03-01", Fraction(3))]


@pytest.mark.parametrize(
    ("starts", "on", "expected"),
    [
        (0, "2024-03-02", 9),  # Saturday; the week began on Monday 26 February
        (0, "2024-03-03", 9),
        (0, "2024-03-04", 10),
        (6, "2024-03-02", 9),  # the week began on Sunday 25 February
        (6, "2024-03-03", 10),
        (3, "2024-02-29", 9),  # a week that begins on this very Thursday
        (4, "2024-03-01", 10),
    ],
)
def test_a_calendar_week_begins_on_its_day(starts: int, on: str, expected: int) -> None:
    assert left(a_limit(CalendarWeek(starts)), on, [sold("2024-02-29")]) == expected


def test_what_counts_in_a_week_comes_back_when_the_next_begins() -> None:
    where = ask(a_limit(CalendarWeek(0)), "2024-02-29", [sold("2024-02-29"), sold("2024-03-03"), sold("2024-03-04")])
    assert back(where) == [("2024-03-04", Fraction(2))]


@pytest.mark.parametrize(
    "window",
    [CalendarDay(), CalendarWeek(0), CalendarMonth(), FixedPeriod(14, 14, Anchor.ORDER_START, carries_over=False)],
)
def test_what_was_bought_in_a_period_that_is_still_to_come_counts_in_this_one_as_well(window: Window) -> None:
    """A clock that was set back frees nothing."""
    bought = [sold("2024-02-28", "3"), sold("2024-04-02", "4")]
    where = ask(a_limit(window), "2024-02-28", bought, Entitlement(anchor=date(2024, 2, 20)))
    assert first(where).left == 3
    assert [amount for _, amount in back(where)] == [3]


@pytest.mark.parametrize(
    ("on", "again"),
    [
        ("2024-02-29", "2024-03-01"),
        ("2023-02-28", "2023-03-01"),
        ("2024-01-31", "2024-02-01"),
        ("2023-12-31", "2024-01-01"),
        ("2024-04-30", "2024-05-01"),
    ],
)
def test_a_calendar_month_ends_with_its_last_day(on: str, again: str) -> None:
    limit = a_limit(CalendarMonth())
    assert back(ask(limit, on, [sold(f"{on[:8]}01")])) == [(again, Fraction(1))]
    assert left(limit, on, [sold(f"{on[:8]}01")]) == 9
    assert left(limit, again, [sold(f"{on[:8]}01")]) == 10


# -- fixed periods


def periods(days: int = 10, first_days: int = 12, *, over: bool = False, count: int | None = None) -> FixedPeriod:
    return FixedPeriod(days, first_days, Anchor.ORDER_START, carries_over=over, periods=count)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-02-20", 9),
        ("2024-03-02", 9),  # the 12th day: 20 to 29 February are 10, 1 and 2 March
        ("2024-03-03", 10),
        ("2024-03-12", 10),
    ],
)
def test_the_first_period_may_be_longer(on: str, expected: int) -> None:
    assert left(a_limit(periods()), on, [sold("2024-02-20")], anchor="2024-02-20") == expected


def test_what_counts_in_the_longer_first_period_comes_back_with_the_second() -> None:
    for day in ("2024-02-20", "2024-02-21", "2024-02-23", "2024-03-02"):
        where = ask(a_limit(periods()), day, [sold("2024-02-20")], anchor="2024-02-20")
        assert back(where) == [("2024-03-03", Fraction(1))]


def test_before_the_first_purchase_the_first_periods_amount_stands() -> None:
    row = FixedPeriod(10, 10, Anchor.FIRST_PURCHASE, carries_over=False)
    assert left(replace(a_limit(row), first_amount=Fraction(12)), "2024-02-25") == 12


def test_a_later_period_counts_its_own_days_only() -> None:
    limit = a_limit(periods())
    bought = [sold("2024-03-02"), sold("2024-03-03", "2"), sold("2024-03-12", "3"), sold("2024-03-13", "4")]
    assert left(limit, "2024-03-12", bought[:3], anchor="2024-02-20") == 5
    assert back(ask(limit, "2024-03-12", bought[:3], anchor="2024-02-20")) == [("2024-03-13", Fraction(5))]
    assert left(limit, "2024-03-13", bought, anchor="2024-02-20") == 6


def test_before_its_paper_begins_a_period_lets_nothing_out() -> None:
    for window in (periods(), OrderLife(), OrderLife(30), Refill(30, 7)):
        found = first(ask(a_limit(window), "2024-02-19", anchor="2024-02-20"))
        assert isinstance(found.left, CannotTell)
        assert "begins on 2024-02-20 only" in found.left.reason
        assert found.left == found.used == found.amount == found.own_left
        assert found.releases == found.registry_releases == ()


def test_without_its_paper_a_period_cannot_be_told() -> None:
    for window, missing in (
        (periods(), "of the order"),
        (OrderLife(), "of the order"),
        (OrderLife(30), "of the order"),
    ):
        found = first(ask(a_limit(window), "2024-02-19"))
        assert found.left == CannotTell(f"the first day {missing} is not known")


def test_after_its_last_period_a_paper_has_run_out() -> None:
    """12 and 10 days from 20 February 2024 end with 12 March."""
    limit = a_limit(periods(count=2))
    assert left(limit, "2024-03-12", anchor="2024-02-20") == 10
    assert left(limit, "2024-03-13", anchor="2024-02-20") is None


def test_periods_from_the_first_purchase_begin_with_it() -> None:
    limit = a_limit(FixedPeriod(10, 10, Anchor.FIRST_PURCHASE, carries_over=False))
    bought = [sold("2024-02-25"), sold("2024-03-05", "2")]
    assert left(limit, "2024-02-25") == 10
    assert left(limit, "2024-03-05", bought) == 7
    assert left(limit, "2024-03-06", bought) == 10
    assert left(limit, "2024-03-05", bought, anchor="2024-03-05") == 8


def test_the_first_of_several_periods_may_allow_more() -> None:
    limit = replace(a_limit(periods()), first_amount=Fraction(12))
    assert left(limit, "2024-03-02", anchor="2024-02-20") == 12
    assert left(limit, "2024-03-03", anchor="2024-02-20") == 10


def test_what_was_not_used_is_carried_over_where_the_rules_say_so() -> None:
    """12 days from 20 February, then tens: 10 on 2 March, 20 from 3 March, 30 from 13 March."""
    limit = a_limit(periods(over=True))
    bought = [sold("2024-02-21", "4")]
    where = ask(limit, "2024-03-02", bought, anchor="2024-02-20")
    assert first(where).left == 6
    assert back(where) == [("2024-03-03", Fraction(10))]
    assert left(limit, "2024-03-03", bought, anchor="2024-02-20") == 16
    assert left(limit, "2024-03-13", bought, anchor="2024-02-20") == 26


def test_a_waiver_of_one_period_is_not_carried_into_the_others() -> None:
    waived = SetAmount("limit", Fraction(50), is_waiver=True, starts=date(2024, 3, 3), ends=date(2024, 3, 12))
    patient = Entitlement(amounts=(waived,))
    limit = a_limit(periods(over=True))
    assert left(limit, "2024-03-02", patient=patient, anchor="2024-02-20") == 10
    assert left(limit, "2024-03-03", patient=patient, anchor="2024-02-20") == 60
    assert left(limit, "2024-03-13", patient=patient, anchor="2024-02-20") == 70


# -- supplies


@pytest.mark.parametrize(
    ("supply", "again"),
    [
        (Refill(30, early_days=0), "2024-02-09"),
        (Refill(30, early_days=7), "2024-02-02"),
        (Refill(30, remaining_days=10), "2024-01-30"),
        (Refill(30, early_days=7, remaining_days=3), "2024-02-06"),
    ],
)
def test_the_next_supply_may_be_begun_on_its_day_and_not_before(supply: Refill, again: str) -> None:
    """30 days from 10 January 2024 end with 8 February."""
    limit = a_limit(supply)
    where = ask(limit, "2024-01-25", [sold("2024-01-10", "9")])
    assert first(where).left == 1
    assert back(where) == [(again, Fraction(9))]
    assert left(limit, again, [sold("2024-01-10", "9")]) == 10
    assert left(limit, f"{again[:8]}{int(again[8:]) - 1:02}", [sold("2024-01-10", "9")]) == 1


def test_a_supply_begun_late_lasts_from_the_day_it_is_begun() -> None:
    """Begun on 1 March the second supply of 30 days may be followed from 24 March, not before."""
    bought = [sold("2024-01-10", "10"), sold("2024-03-01", "10")]
    limit = a_limit(Refill(30, early_days=7))
    assert left(limit, "2024-03-23", bought) == 0
    assert left(limit, "2024-03-24", bought) == 10


def test_a_supply_that_began_elsewhere_counts_from_its_first_day() -> None:
    limit = a_limit(Refill(30, early_days=7))
    bought = [sold("2024-01-09", "5"), sold("2024-01-12", "3")]
    assert left(limit, "2024-02-01", bought, anchor="2024-01-10") == 7
    assert left(limit, "2024-02-02", bought, anchor="2024-01-10") == 10


def test_what_was_taken_late_of_a_supply_does_not_count_against_the_next() -> None:
    bought = [sold("2024-01-10", "5"), sold("2024-02-01", "3")]
    assert left(a_limit(Refill(30, early_days=7)), "2024-02-01", bought) == 2
    assert left(a_limit(Refill(30, early_days=7)), "2024-02-02", bought) == 10


def test_what_was_taken_on_a_day_still_to_come_counts_against_the_present_supply() -> None:
    """A clock that was set back frees nothing."""
    bought = [sold("2024-01-10", "5"), sold("2024-02-05", "3")]
    assert left(a_limit(Refill(30, early_days=7)), "2024-01-25", bought) == 2
    assert left(a_limit(Refill(30, early_days=7)), "2024-02-04", bought) == 7


# -- one sale, what is held, an order


@pytest.mark.parametrize("window", [Transaction(), Possession()])
def test_one_sale_is_bounded_by_itself(window: Window) -> None:
    where = ask(a_limit(window), "2024-02-29", [sold("2024-02-29", "9")])
    assert first(where).used == 0
    assert first(where).left == 10
    assert back(where) == []


def test_an_order_counts_from_its_first_day_to_its_end() -> None:
    bought = [sold("2024-02-19", "5"), sold("2024-02-20", "3"), sold("2024-06-01", "1")]
    assert left(a_limit(OrderLife()), "2024-02-20", bought[:2], anchor="2024-02-20") == 7
    where = ask(a_limit(OrderLife()), "2024-06-01", bought, anchor="2024-02-20")
    assert first(where).left == 6
    assert back(where) == []


def test_the_fills_of_an_order_are_counted_one_by_one_and_end() -> None:
    """One refill of 30 days from 1 February 2024: fills to 1 March and 31 March."""
    limit = a_limit(OrderLife(30, 1))
    bought = [sold("2024-03-01", "4")]
    assert left(limit, "2024-03-01", bought, anchor="2024-02-01") == 6
    assert left(limit, "2024-03-02", bought, anchor="2024-02-01") == 10
    assert left(limit, "2024-03-31", bought, anchor="2024-02-01") == 10
    assert left(limit, "2024-04-01", bought, anchor="2024-02-01") is None


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (RollingDays(30, 30, 31), "30 days"),
        (CalendarDay(), "a day"),
        (CalendarWeek(0), "a week"),
        (CalendarMonth(), "a month"),
        (periods(), "10-day period"),
        (Refill(60, 7), "60-day supply"),
        (Transaction(), "one sale"),
        (Possession(), "held at one time"),
        (OrderLife(), "the order"),
    ],
)
def test_a_window_says_in_words_what_it_is(window: Window, words: str) -> None:
    assert str(window) == words
