"""When the desk locks by itself: by a computer whose time is told."""

import pytest

from pcc_desk.widgets.watch import CURTAIN_S, RENEW_S, Due, Limits, State, Watch
from tests.fakes import FixedBoottime

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
def computer() -> FixedBoottime:
    return FixedBoottime()


@pytest.fixture
def watch(computer: FixedBoottime) -> Watch:
    """Return the watch of a desk that was opened just now."""
    watch = Watch(computer)
    watch.sign_in(Limits())
    return watch


def test_a_desk_that_nobody_opened_is_never_locked(computer: FixedBoottime) -> None:
    watch = Watch(computer)
    computer.run(24 * HOUR)
    assert watch.due() is None


def test_an_untouched_desk_locks_after_two_minutes_and_not_before(computer: FixedBoottime, watch: Watch) -> None:
    computer.run(2 * MINUTE - 0.5)
    assert watch.due() is None
    computer.run(0.5)
    assert watch.due() is Due.IDLE


def test_a_touch_begins_the_two_minutes_anew(computer: FixedBoottime, watch: Watch) -> None:
    computer.run(2 * MINUTE - 1)
    watch.touch()
    computer.run(2 * MINUTE - 1)
    assert watch.due() is None
    computer.run(1)
    assert watch.due() is Due.IDLE


def test_the_last_fifteen_seconds_are_said(computer: FixedBoottime, watch: Watch) -> None:
    computer.run(2 * MINUTE - 16)
    assert watch.locks_in is None
    computer.run(4)
    assert watch.locks_in == 12
    watch.touch()
    assert watch.locks_in is None


def test_a_desk_that_is_touched_all_day_locks_after_twelve_hours(computer: FixedBoottime, watch: Watch) -> None:
    for _ in range(12 * 60 - 1):
        computer.run(MINUTE)
        watch.touch()
        assert watch.due() is None
    computer.run(MINUTE)
    watch.touch()
    assert watch.due() is Due.SESSION


def test_a_computer_that_slept_locks_the_desk_at_once(computer: FixedBoottime, watch: Watch) -> None:
    computer.sleep(1.0)
    assert watch.due() is None
    computer.sleep(5.0)
    watch.touch()
    assert watch.due() is Due.SLEPT


def test_the_curtain_hangs_for_thirty_seconds_however_much_is_typed_at_it(
    computer: FixedBoottime, watch: Watch
) -> None:
    watch.enter(State.CURTAIN)
    computer.run(CURTAIN_S - 1)
    watch.touch()
    assert watch.due() is None
    computer.run(1)
    assert watch.due() is Due.CURTAIN


def test_drawing_the_curtain_back_does_not_lengthen_the_day(computer: FixedBoottime, watch: Watch) -> None:
    computer.run(12 * HOUR - 10)
    watch.enter(State.CURTAIN)
    watch.enter(State.OPEN)
    computer.run(10)
    assert watch.due() is Due.SESSION


def test_a_locked_desk_becomes_a_fresh_process_after_fifteen_minutes_unless_somebody_types(
    computer: FixedBoottime, watch: Watch
) -> None:
    watch.enter(State.LOCKED)
    computer.run(RENEW_S - 1)
    assert watch.due() is None
    watch.touch()
    computer.run(1)
    assert watch.due() is None
    computer.run(20)
    assert watch.due() is Due.RENEWAL
