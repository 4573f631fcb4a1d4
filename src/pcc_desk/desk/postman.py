"""Keeps posting while the desk is open, and looks for the return of a system that is down."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from pcc_desk.desk.by_hand import hand_to_people
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NotSaved
from pcc_desk.desk.links import Circuit, LinkState
from pcc_desk.desk.outbox import look_for_return, post_due

LOOKS_BETWEEN_PINGS = 4
"""How many rounds may pass without an answer before the state system is asked for its health."""


async def make_round(desk: Desk) -> int:
    """Post what is due if the state system answers. Return how many posts reached the state's record.

    A system that answers is asked for its health only when nothing was heard of it for a while: an answer to real work
    is the best sign of it, and an outage should be known before somebody stands at the counter. One that does not is
    probed after waits that grow, and nothing else is sent to it. One that is asked too often is left alone for as long
    as it said; what somebody at the counter asks goes to it all the same.
    """
    if desk.links.of(desk.state.name).wants_quiet(desk.clock.now()):
        return 0
    is_back = False
    if _is_to_be_asked(desk):
        is_back = await look_for_return(desk)
    link = desk.links.of(desk.state.name)
    if link.state is LinkState.BY_HAND:
        await hand_to_people(desk)
        return await post_due(desk)  # what was corrected or struck is left to people there too, once it is its turn
    if not link.state.answers:
        return 0
    return await post_due(desk, is_back=is_back)


def _is_to_be_asked(desk: Desk) -> bool:
    link = desk.links.of(desk.state.name)
    if link.state.is_trouble:
        return link.circuit(desk.clock.now(), desk.look_every) is Circuit.HALF_OPEN
    if not link.state.answers or link.last_good is None:
        return True
    return desk.clock.now() - link.last_good >= desk.look_every * LOOKS_BETWEEN_PINGS


async def keep_posting(desk: Desk, told: Callable[[int], None]) -> None:
    """Make rounds until cancelled: when the bell rings, and every `desk.look_every`. `told` hears what each brought.

    A round that the store cannot put on record ends there. Nothing is sent while the store is only read.
    """
    while True:
        desk.bell.clear()
        with suppress(NotSaved):
            told(await make_round(desk) if not desk.store.read_only else 0)
        with suppress(TimeoutError):
            async with asyncio.timeout(desk.look_every.total_seconds()):
                await desk.bell.wait()
