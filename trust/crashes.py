"""Number 1: the desk is killed in the middle, again and again; what it said to be saved is there, whole and once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from pcc_desk.practice import PASSPHRASE, sitter
from pcc_desk.store.vault import Opened, unlock
from trust.figures import Figure, Run, measures, nothing_wrong
from trust.looking import Seen, look, lost
from trust.shop import a_day, load_everything, make_template, open_store, put_template

KILLS, REAL_KILLS = 1000, 16
BEFORE_ANEW = 25
"""After how many kills the store is begun anew: a short journal is looked at quickly."""


@measures(1)
def kills(run: Run) -> Iterator[Figure]:
    """Kill a desk that lives visits, by the real use cases and the real transactions, and look at its store."""
    dice = run.dice("kills")
    load_everything()
    template = make_template(run.new_folder("template"))
    folder = run.new_folder("killed")
    rounds = run.times(KILLS, 60)
    wrong: list[str] = []
    acknowledged = 0
    known = 0
    for number in range(rounds):
        if number % BEFORE_ANEW == 0:
            put_template(template, folder)
            known = len(look(folder).acts)
        saved = _killed(folder, dice.randrange(2**31), dice.choice((0, 1, 2, 3, 5, 8, 13, 21)), dice.random() * 0.004)
        acknowledged += len(saved)
        seen = look(folder, is_thorough=number % BEFORE_ANEW == BEFORE_ANEW - 1)
        wrong += seen.wrong + lost(saved, seen) + _unsaid(seen, known, saved)
        known = len(seen.acts)
    of = f"{acknowledged:,} acts, {rounds:,} kills"
    goal = "0 in 1,000 kills"
    yield nothing_wrong(
        1, "kill -9: acknowledged acts lost, torn or doubled", wrong, goal, of, is_enough=acknowledged > 0
    )


def _unsaid(seen: Seen, known: int, saved: list[UUID]) -> list[str]:
    """Return what is there beyond what was said and the one act that was under way."""
    new = seen.acts[known:]
    if new[: len(saved)] == saved and len(new) <= len(saved) + 1:
        return []
    return [f"{len(new)} acts are new and {len(saved)} were said"]


def _killed(folder: Path, seed: int, after: int, wait_s: float) -> list[UUID]:
    """Let a process live visits until it said so many acts, kill it a moment later, and return all it ever said."""
    hears, says = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hears)
            a_day(open_store(folder), seed, 1000, lambda each: _say(says, each))
        finally:
            os._exit(1)
    os.close(says)
    with os.fdopen(hears) as heard:
        lines = [heard.readline() for _ in range(after)]
        time.sleep(wait_s)
        os.kill(child, signal.SIGKILL)
        lines += heard.readlines()
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("the desk ended by itself before it was killed")
    return [UUID(line.strip()) for line in lines if line.endswith("\n")]


def _say(descriptor: int, act_id: UUID) -> None:
    os.write(descriptor, f"{act_id}\n".encode())


@measures(1, in_short=False)
def kills_of_the_program(run: Run) -> Iterator[Figure]:
    """Kill `pcc-desk practice-day` itself, with its own key, its simulator and HTTP."""
    dice = run.dice("kills of the program")
    home = run.new_folder("practice")
    wrong: list[str] = []
    acknowledged = 0
    lived(home, 1, 0, None)
    for _ in range(REAL_KILLS):
        saved = lived(home, dice.randrange(1000), 1000, dice.randint(0, 60))
        acknowledged += len(saved)
        opened = unlock(home, PASSPHRASE, sitter(home))
        if not isinstance(opened, Opened):
            wrong.append(opened.reason)
            continue
        seen = look(home, bytes(opened.key), opened.salt)
        wrong += seen.wrong + lost(saved, seen)
    of = f"{acknowledged:,} acts, {REAL_KILLS} kills"
    yield nothing_wrong(1, "kill -9 of practice-day itself: the same", wrong, "0", of, is_enough=acknowledged > 0)


def lived(
    home: Path, seed: int, count: int, killed_after: int | None, environ: dict[str, str] | None = None
) -> list[UUID]:
    """Run `pcc-desk practice-day`, killing it after so many acts; return the acts that it said were saved."""
    command = [sys.executable, "-m", "pcc_desk", "practice-day", "--home", str(home), "--seed", str(seed)]
    with subprocess.Popen(
        [*command, "--count", str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(environ or {})},
    ) as day:
        if day.stdout is None:
            raise RuntimeError("the day cannot be heard")
        lines = []
        for line in day.stdout:
            lines.append(line)
            if killed_after is not None and len(lines) > killed_after:
                day.kill()
        day.wait()
    return [UUID(line.split()[1]) for line in lines if line.endswith("\n")]
