"""Number 1, second half: the power goes at any moment of the real dispensing transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from pcc_desk.desk.errors import DeskError
from pcc_desk.store.connection import STORE_FILE
from trust.figures import Figure, Run, measures, not_measured, nothing_wrong
from trust.looking import look, lost
from trust.recording import Disk, Event, recorded, strace
from trust.shop import make_template, put_template

NAME = "power cut: acknowledged acts lost, torn or doubled"
GOAL = "0 of 1,500 states"
VISITS, STATES = 4, 1800
LOG = f"{STORE_FILE}-wal"
NOT_ON_DISK = (f"{STORE_FILE}-shm", "desk.lock")
"""Made anew at every start: what it held before the cut is not believed."""


@measures(1)
def power_cuts(run: Run) -> Iterator[Figure]:
    """Record what living visits does to the disk, and open the store as every cut of the power leaves it."""
    program = strace()
    if program is None:
        yield not_measured(1, NAME, GOAL, "there is no strace here, or it may not be used")
        return
    dice = run.dice("power")
    template = make_template(run.new_folder("template"))
    folder = run.new_folder("recorded")
    put_template(template, folder)
    before = (folder / STORE_FILE).read_bytes()
    events = recorded(program, folder, run.folder / "trace", dice.randrange(1000), run.times(VISITS, 1))
    cuts = Cuts(run, run.new_folder("cut"), look(folder).acts, Disk({STORE_FILE: before}))
    share = min(1.0, run.times(STATES, 90) / max(3 * len(events), 1))
    for event in events:
        cuts.disk.follow(event)
        if event.file in NOT_ON_DISK:
            continue
        for kept in ("none", "all", "torn"):
            if dice.random() < share:
                cuts.try_one(kept)
    saved = len(cuts.disk.acknowledged)
    of = f"{cuts.made:,} states, {saved} acts, {sum(_is_write(each) for each in events)} writes"
    is_enough = cuts.made >= run.times(1500, 50) and saved > 5
    yield nothing_wrong(1, NAME, cuts.wrong, GOAL, of, is_enough=is_enough)


def _is_write(event: Event) -> bool:
    return event.call == "write" and event.file not in NOT_ON_DISK


@dataclass(slots=True)
class Cuts:
    """Opens the store as one cut of the power after another leaves it."""

    run: Run
    folder: Path
    order: list[UUID]
    """Every act of the day in the order in which they happened, with those before it."""
    disk: Disk
    made: int = 0
    wrong: list[str] = field(default_factory=list)

    def try_one(self, kept: str) -> None:
        """Look at what is there when the power goes now, and `kept` of what was on its way reached the disk."""
        self.made += 1
        for name in (STORE_FILE, LOG, *NOT_ON_DISK):
            (self.folder / name).unlink(missing_ok=True)
        for name, content in self.disk.after_the_cut(kept, self.run.dice(f"torn {self.made}")).items():
            if name not in NOT_ON_DISK:
                (self.folder / name).write_bytes(content)
        try:
            seen = look(self.folder, is_thorough=self.made % 40 == 0)
        except DeskError as error:
            self.wrong.append(f"state {self.made} ({kept}): {error}")
            return
        wrong = [*seen.wrong, *lost(self.disk.acknowledged, seen)]
        if seen.acts != self.order[: len(seen.acts)]:
            wrong.append("the acts are not those of the day, in their order")
        self.wrong += [f"state {self.made} ({kept}): {each}" for each in wrong]
