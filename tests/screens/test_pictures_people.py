"""How the screens about people look, as text, wide and narrow. A change of a picture is looked at before it is kept."""

from collections.abc import Awaitable, Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.desk.counter import Counter
from tests.screens.seat import NARROW, WIDE, Seat, at_the_queue

Scene = Callable[[Counter, Seat], Awaitable[None]]
SCENES: dict[str, Scene] = {}


def scene(play: Scene) -> Scene:
    """Note a state of a screen down by its name."""
    SCENES[play.__name__] = play
    return play


@scene
async def register_begun(counter: Counter, seat: Seat) -> None:
    await seat.type("/nunez, rosa")
    await seat.press("f3")
    await seat.see("A new patient")


@scene
async def register_with_faults(counter: Counter, seat: Seat) -> None:
    await seat.press("n")
    await seat.type("Nunez\rRosa\r2030-01-01\r---\r2027-01-31\r911")
    await seat.press("f2")
    await seat.see("Not saved")


@scene
async def register_somebody_like_them(counter: Counter, seat: Seat) -> None:
    await seat.press("n")
    await seat.type("Okafor\rChidy\r1958-03-11")
    await seat.press("f2")
    await seat.see("Nothing is saved yet")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["100x30", "80x24"])
@pytest.mark.parametrize("name", SCENES)
async def test_a_screen_about_people_looks_as_it_was_agreed(
    counter: Counter, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]
) -> None:
    async with at_the_queue(counter, size) as seat:
        await SCENES[name](counter, seat)
        await seat.rest()
        lines = seat.lines
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert "\n".join(lines) == snapshot
