"""In which order visits are called, and what may become of each."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.hours import Hours, link_trouble
from pcc_desk.domain.lapses import step_of
from pcc_desk.domain.people import Patient
from pcc_desk.domain.visits import MOVES, QueueRow, Reason, Visit, VisitState, in_turn

DAY = date(2026, 11, 26)
TEN = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def a_row(number: int, state: VisitState, *, arrived: int | None = None, promised: int | None = None) -> QueueRow:
    """Return a visit of somebody who arrived, or is promised, so many minutes after ten."""
    patient = Patient(UUID(int=number), f"Person {number}", "P", date(1980, 1, 1))
    visit = Visit(
        UUID(int=number),
        patient.id,
        DAY,
        state,
        Reason.REFILL,
        TEN + promised * MINUTE if promised is not None else None,
        TEN + arrived * MINUTE if arrived is not None else None,
    )
    return QueueRow(visit, patient, "", None, "", is_known=True, shares_name=False)


def numbers(rows: tuple[QueueRow, ...]) -> list[int]:
    return [row.visit.id.int for row in rows]


def test_the_longest_wait_is_first_whether_the_registry_answered_or_not() -> None:
    rows = [
        a_row(1, VisitState.WAITING, arrived=5),
        a_row(2, VisitState.VERIFIED, arrived=3),
        a_row(3, VisitState.ARRIVED, arrived=4),
    ]
    assert numbers(in_turn(rows, TEN + 10 * MINUTE)) == [2, 3, 1]


def test_a_promise_goes_before_every_wait_from_its_minute_on_and_not_before() -> None:
    walked_in = a_row(1, VisitState.WAITING, arrived=-40)
    promised = a_row(2, VisitState.WAITING, arrived=-20, promised=0)
    earlier = a_row(3, VisitState.WAITING, arrived=-1, promised=-30)
    rows = [walked_in, promised, earlier]
    assert numbers(in_turn(rows, TEN - MINUTE)) == [3, 1, 2]
    assert numbers(in_turn(rows, TEN)) == [3, 2, 1]


def test_who_waits_comes_before_who_is_served_parked_expected_and_gone() -> None:
    rows = [
        a_row(1, VisitState.DONE, arrived=-90),
        a_row(2, VisitState.EXPECTED, promised=-30),
        a_row(3, VisitState.PARKED, arrived=-80),
        a_row(4, VisitState.AT_TILL, arrived=-70),
        a_row(5, VisitState.WAITING, arrived=-5),
        a_row(6, VisitState.NO_SHOW, promised=-95),
    ]
    assert numbers(in_turn(rows, TEN)) == [5, 4, 3, 2, 6, 1]


@given(st.permutations([a_row(each, VisitState.WAITING, arrived=each % 3, promised=each % 4 - 2) for each in range(8)]))
def test_the_order_does_not_depend_on_how_the_visits_came(rows: list[QueueRow]) -> None:
    assert numbers(in_turn(rows, TEN)) == numbers(in_turn(sorted(rows, key=lambda row: row.visit.id.int), TEN))


def test_every_state_says_what_may_become_of_it_and_what_is_over_stays_over() -> None:
    assert set(MOVES) == set(VisitState)
    for state, then in MOVES.items():
        assert state.is_over == (not then)
        assert VisitState.EXPECTED not in then, "nobody is un-seen"


def test_somebody_who_is_here_may_leave_from_anywhere_and_nobody_is_done_before_they_came() -> None:
    here = [each for each in VisitState if not each.is_over and each is not VisitState.EXPECTED]
    assert all({VisitState.LEFT, VisitState.PARKED, VisitState.DONE} - {each} <= MOVES[each] for each in here)
    assert not {VisitState.DONE, VisitState.AT_TILL, VisitState.PARKED} & MOVES[VisitState.EXPECTED]
    assert not any({VisitState.NO_SHOW, VisitState.CANCELLED} & MOVES[each] for each in here)


def test_an_appointment_of_no_known_length_lasts_as_long_as_is_usual() -> None:
    visit = a_row(1, VisitState.EXPECTED, promised=0).visit
    assert visit.ends_at == TEN + 30 * MINUTE
    assert replace(visit, minutes=45).ends_at == TEN + 45 * MINUTE
    assert replace(visit, appointment_at=None).ends_at is None


# Opening hours

OPEN = Hours((*[(time(9), time(17, 30))] * 5, None, None))
THURSDAY = datetime(2026, 11, 26, 9, 0)  # noqa: DTZ001 - the clock on the shop's wall


@pytest.mark.parametrize(
    ("begins", "minutes", "why"),
    [
        (THURSDAY, 30, ""),
        (THURSDAY.replace(hour=17), 30, ""),
        (THURSDAY.replace(hour=17), 31, "the shop is open 09:00–17:30 that day"),
        (THURSDAY - MINUTE, 30, "the shop is open 09:00–17:30 that day"),
        (THURSDAY.replace(hour=23, minute=50), 30, "the shop is open 09:00–17:30 that day"),
        (THURSDAY + timedelta(days=2), 30, "the shop is closed on a Saturday"),
    ],
)
def test_what_ends_at_closing_time_lies_within_the_hours(begins: datetime, minutes: int, why: str) -> None:
    assert OPEN.why_not(begins, minutes) == why


def test_where_nobody_set_hours_everything_lies_within_and_it_is_said() -> None:
    assert Hours().why_not(THURSDAY, 30) == ""
    assert Hours().words(THURSDAY.date()) == "opening hours not set"
    assert (OPEN.words(THURSDAY.date()), OPEN.words(date(2026, 11, 28))) == ("open 09:00–17:30", "closed")


def test_slots_fill_the_hours_and_the_last_ends_with_them() -> None:
    slots = OPEN.slots(THURSDAY.date())
    assert (slots[0], slots[-1], len(slots)) == (time(9), time(17), 17)
    assert OPEN.slots(date(2026, 11, 28)) == ()
    assert replace(OPEN, minutes=60).slots(THURSDAY.date())[-1] == time(16)


@pytest.mark.parametrize(
    "link", ["http://meet.example", "meet", "https://a b", "https://a\u202eb", "https://" + "x" * 500]
)
def test_what_is_no_link_is_said(link: str) -> None:
    assert link_trouble(link)


def test_a_link_and_no_link_are_both_fine() -> None:
    assert link_trouble("") == link_trouble("https://meet.example/r/1") == ""
    assert link_trouble("HTTPS://Meet.example/r") == ""


@pytest.mark.parametrize(
    ("days", "step"),
    [(-1, None), (0, 7), (7, 7), (8, 30), (30, 30), (31, 45), (45, 45), (46, 90), (90, 90), (91, None)],
)
def test_a_last_day_belongs_to_the_smallest_step_that_reaches_it(days: int, step: int | None) -> None:
    assert step_of(DAY + timedelta(days=days), DAY) == step
