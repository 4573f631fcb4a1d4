"""The lock and the curtain: what comes off the screen, what brings it back, and who."""

import asyncio

import pytest

from pcc_desk import keeper
from pcc_desk.desk.door import StaysShut
from tests.desk.counter import Counter
from tests.fakes import FixedBoottime
from tests.screens.seat import SECRET, Seat, at_the_queue, seated
from tests.screens.test_flows import open_maras_chart, with_a_basket


@pytest.fixture
def computer() -> FixedBoottime:
    return FixedBoottime()


async def is_curtained(seat: Seat) -> bool:
    await seat.rest()
    return seat.app.locking.curtain is not None and seat.app.locking.is_covered


async def test_a_desk_that_nobody_touches_for_two_minutes_locks_by_itself(
    counter: Counter, computer: FixedBoottime
) -> None:
    async with at_the_queue(counter, boottime=computer) as seat:
        await open_maras_chart(seat)
        computer.run(119)
        await seat.rest()
        assert seat.door.is_open
        computer.run(1)
        text = await seat.see("Locked: nobody had touched the desk.")
        assert "Lindqvist" not in text
        assert not seat.door.is_open
        await seat.unlock()
        computer.run(60)
        await seat.rest()
        assert seat.door.is_open


async def test_the_minutes_are_the_shops_own(counter: Counter, computer: FixedBoottime) -> None:
    counter.desk.lock_after *= 5
    async with at_the_queue(counter, boottime=computer) as seat:
        computer.run(599)
        await seat.rest()
        assert seat.door.is_open
        computer.run(1)
        await seat.see("Locked: nobody had touched the desk.")


async def test_the_status_line_says_that_the_desk_is_about_to_lock_until_somebody_touches_it(
    counter: Counter, computer: FixedBoottime
) -> None:
    async with at_the_queue(counter, boottime=computer) as seat:
        assert "locks in" not in seat.text
        computer.run(108)
        seat.app.locking.tick()
        await seat.see("locks in 12 s")
        await seat.press("down")
        seat.app.locking.tick()
        await seat.see(lambda text: "locks in" not in text)
        assert seat.door.is_open


async def test_work_that_goes_on_by_itself_does_not_keep_the_desk_open(
    counter: Counter, computer: FixedBoottime
) -> None:
    async with at_the_queue(counter, boottime=computer) as seat:
        for _ in range(4):
            computer.run(30)
            counter.desk.bell.set()
            await seat.rest()
        await seat.see("Locked: nobody had touched the desk.")


async def test_a_computer_that_slept_is_locked_when_it_wakes(counter: Counter, computer: FixedBoottime) -> None:
    async with at_the_queue(counter, boottime=computer) as seat:
        computer.sleep(30)
        await seat.see("Locked: the computer slept.")


async def test_the_curtain_hides_a_dialog_and_opens_to_the_same_dialog(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("escape")
        before = await seat.see("is not recorded. Leave it?")
        await seat.press("f7")
        assert await is_curtained(seat)
        await seat.press("y", "n", "f10", "escape")
        await seat.press("f7")
        await seat.type(SECRET + "\r")
        assert not await is_curtained(seat)
        assert not seat.app.locking.is_covered
        assert seat.text == before
        assert seat.door.is_open


async def test_no_key_reaches_what_is_behind_the_curtain_not_even_one_typed_at_once(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("f7", "p", "d", "f7", "p", "d", "enter")
        assert await is_curtained(seat)
        assert {row.visit.state.value for row in counter.ledger.queue(counter.desk.today)} == {"waiting", "expected"}


async def test_a_wrong_secret_leaves_the_curtain_and_half_a_minute_ends_in_the_lock(
    counter: Counter, computer: FixedBoottime
) -> None:
    async with at_the_queue(counter, boottime=computer) as seat:
        await seat.press("f7", "f7")
        await seat.type("somebody else's\r")
        assert await is_curtained(seat)
        assert seat.app.locking.curtain is not None
        assert "That is not your secret." in seat.app.locking.curtain.lines
        assert "somebody" not in "".join(seat.app.locking.curtain.lines)
        computer.run(30)
        await seat.see("Locked: the curtain was not drawn back.")
        assert not seat.door.is_open


async def test_a_secret_that_may_not_be_tried_now_says_why(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:

        async def waits(secret: str) -> StaysShut:
            return StaysShut("Wait 5 s.")

        seat.door.prove = waits  # type: ignore[method-assign]
        await seat.press("f7", "f7")
        await seat.type("x\r")
        assert seat.app.locking.curtain is not None
        assert "Wait 5 s." in seat.app.locking.curtain.lines


async def test_a_secret_that_is_found_right_only_after_the_desk_was_locked_opens_nothing(
    counter: Counter, computer: FixedBoottime
) -> None:
    async with at_the_queue(counter, boottime=computer) as seat:
        gate = asyncio.Event()

        async def slowly(secret: str) -> bool:
            await gate.wait()
            return True

        seat.door.prove = slowly  # type: ignore[method-assign]
        await seat.press("f7", "f7")
        await seat.type("x\r")
        computer.run(30)
        await seat.see("Locked: the curtain was not drawn back.")
        gate.set()
        await seat.rest()
        assert "Locked: the curtain was not drawn back." in seat.text
        assert not seat.door.is_open


async def test_the_desk_is_locked_from_behind_its_curtain(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("f7")
        await seat.press("f8")
        await seat.see("Locked.")
        assert not await is_curtained(seat)


async def test_a_task_that_ends_behind_the_curtain_does_not_lift_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("f2", "f7")
        assert await is_curtained(seat)
        await seat.see("dispensed for")
        assert await is_curtained(seat)


async def test_locking_twice_ends_the_process_in_favour_of_a_fresh_one(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("f8")
        await seat.see("Locked.")
        assert not seat.app._exit
        await seat.press("f8")
        assert await seat.gone() == keeper.RENEWAL
        assert not seat.door.is_open


async def test_the_end_of_a_shift_is_a_place_to_go_to(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g")
        await seat.see("End of shift")
        await seat.press("e")
        assert await seat.gone() == keeper.RENEWAL
        assert not seat.door.is_open


async def test_a_desk_that_was_locked_for_a_quarter_of_an_hour_becomes_a_fresh_process(
    counter: Counter, computer: FixedBoottime
) -> None:
    async with at_the_queue(counter, boottime=computer) as seat:
        await seat.press("f8")
        await seat.see("Locked.")
        computer.run(15 * 60)
        assert await seat.gone() == keeper.RENEWAL


async def test_keys_beyond_what_anybody_types_ahead_are_dropped_but_never_the_lock(counter: Counter) -> None:
    async with seated(counter) as seat:
        assert sum(seat.app.key_arrives("x") for _ in range(20_000)) == 200
        assert seat.app.key_arrives("f8")
        assert seat.app.key_arrives("f7")
