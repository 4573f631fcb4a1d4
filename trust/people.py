"""Numbers 7, 23 and 24: what memory holds once the desk is shut for good, who may do what, and what goes on record."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from uuid import UUID

from pcc_desk.desk.records import Event
from pcc_desk.desk.rights import ASKS_AGAIN, GRANTS, NotProved, proved
from pcc_desk.domain.entries import Act, StaffAdded
from pcc_desk.domain.people import Role
from pcc_desk.practice import PASSPHRASE, refresh
from tests.desk.counter import MARA, Counter, expected
from tests.desk.every_use_case import READS, WRITES, Try, World, a_world
from tests.desk.test_audit import ACTS, IDA, OF_MARA
from tests.desk.test_rights import FIELDS, is_refused, leaves, refused
from tests.end_to_end.test_lock import desk_process, found_in_memory
from tests.terminal import Terminal
from trust.figures import Figure, Run, measures, not_measured, nothing_wrong

Play = Callable[[Counter], Awaitable[object]]

MAY_LOOK = os.geteuid() == 0
"""Whether this account may look into the memory of a process that closed it to others."""


@measures(7, in_short=False)
def what_memory_holds(run: Run) -> Iterator[Figure]:
    """Open a chart, lock twice, and look for patients in the memory of what stands there then."""
    name, goal = "names of patients in memory after a hard lock", "0"
    if not MAY_LOOK:
        yield not_measured(7, name, goal, "only root may look into a memory that the desk has closed")
        return
    home = run.new_folder("memory") / "desk"
    home.mkdir(mode=0o700)
    refresh(home, datetime.now(UTC))
    with Terminal([sys.executable, "-m", "pcc_desk", "--home", str(home), "demo"]) as terminal:
        terminal.see("passphrase")
        terminal.type(PASSPHRASE + "\r")
        terminal.see("[Today")
        terminal.press("q")
        terminal.see("Lindqvist")
        terminal.press("enter")
        terminal.see("born 1958-03-11")
        first = desk_process(terminal)
        before = found_in_memory(first)
        terminal.press("f8")
        terminal.see("Locked.")
        terminal.press("f8")
        while desk_process(terminal) == first:
            terminal.listen(0.02)
        terminal.see(lambda text: "passphrase" in text and "Locked." not in text)
        held = found_in_memory(desk_process(terminal)) + found_in_memory(terminal.process.pid)
        terminal.press("f10")
        terminal.end()
    yield Figure(7, name, goal, f"{held} ({before} while the chart stood there)", held == 0 < before)
    shutil.rmtree(home.parent, ignore_errors=True)


@measures(23)
def who_may_do_what(_: Run) -> Iterator[Figure]:
    """Try every use case as every role, and read everything that each hands out."""
    fresh = asyncio.run(a_world())
    wrong, leaked, tried = [], [], 0
    for name, (right, attempt) in (WRITES | READS).items():
        for role in Role:
            act = Act(UUID(int=0xABC), fresh.counter.clock.now(), fresh.somebody(role).id, "counter-1")
            tried += 1
            if is_refused(deepcopy(fresh), attempt, proved(act, right, act.at)) is (role in GRANTS[right]):
                wrong.append(f"{name} by {role}")
            unproved = isinstance(refused(deepcopy(fresh), attempt, act), NotProved)
            if unproved is not (role in GRANTS[right] and right in ASKS_AGAIN):
                wrong.append(f"{name} by {role}, the secret not typed")
    yield nothing_wrong(23, "rights wrongly given or refused", wrong, "0", f"{tried} pairs of role and function")
    for role in Role:
        handed = {
            each for right, attempt in READS.values() if role in GRANTS[right] for each in _handed(fresh, attempt, role)
        }
        leaked += [
            f"{field} to {role}"
            for field, right in FIELDS.items()
            if role not in GRANTS[right] and any(field in each for each in handed)
        ]
    yield nothing_wrong(23, "fields handed to a role that lacks them", leaked, "0", f"{len(FIELDS) * len(Role)} pairs")


def _handed(fresh: World, attempt: Try, role: Role) -> Iterator[str]:
    world = deepcopy(fresh)
    yield from leaves(attempt(world, world.counter.act(world.somebody(role))))


@measures(24)
def what_goes_on_record(_: Run) -> Iterator[Figure]:
    """Do each act of the golden list, and look at what it left on record."""
    without, values = [], []
    for name, (act, play) in ACTS.items():
        events = asyncio.run(_events_of(play))
        if [each.act for each in events] != [act]:
            without.append(f"{name}: {', '.join(each.act for each in events) or 'nothing'}")
        told = " ".join(f"{each.act} {each.outcome} {each.changed}" for each in events)
        values += [f"{value} by {name}" for value in OF_MARA if value in told]
    yield nothing_wrong(24, "acts without exactly one event", without, "0", f"{len(ACTS)} acts")
    yield nothing_wrong(24, "values of fields in an event", values, "0", f"{len(ACTS)} acts")


async def _events_of(play: Play) -> tuple[Event, ...]:
    counter = Counter()
    counter.put(StaffAdded(IDA))
    counter.visit = counter.book(expected(MARA, 1))  # type: ignore[attr-defined]
    before = counter.ledger.last_seq()
    await play(counter)
    return counter.ledger.events_after(before, 10**6, 9)
