"""States of screens that are looked at: played by keys, and kept as text, wide and narrow."""

from collections.abc import Awaitable, Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.desk.counter import Counter
from tests.screens.seat import NARROW, WIDE, Seat

Scene = Callable[[Counter, Seat], Awaitable[None]]

BOTH_SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["100x30", "80x24"])


class Scenes(dict[str, Scene]):
    """The states of one subject by their names; put before a function it notes one down."""

    def __call__(self, play: Scene) -> Scene:
        """Note a state down by its name."""
        self[play.__name__] = play
        return play


async def looks_as_agreed(play: Scene, counter: Counter, seat: Seat, snapshot: SnapshotAssertion) -> None:
    """Play a state and hold the screen against what was agreed: whole, within its size, word for word."""
    await play(counter, seat)
    await seat.rest()
    lines, size = seat.lines, seat.app.size
    assert len(lines) == size.height
    assert all(len(line) <= size.width for line in lines)
    assert "\n".join(lines) == snapshot
