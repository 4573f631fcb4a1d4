"""Number 2: the disk fails at a write or at a sync; what is told of an act is what is true of it."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from pcc_desk.desk.errors import DeskError
from pcc_desk.store.connection import STORE_FILE
from trust.figures import Figure, Run, measures, not_measured, nothing_wrong
from trust.looking import look, lost
from trust.recording import strace
from trust.shop import make_template, put_template

MISSING = "disk fault: acted on as saved and missing, or torn"
TWICE = "disk fault: told not saved and saved, or saved twice"
SILENT = "disk fault: no sentence, or a desk that fell over"
GOAL = "0 of 100 points"

CALLS = (
    ("pwrite64", "EIO", 400),
    ("pwrite64", "ENOSPC", 400),
    ("fsync", "EIO", 17),
    ("pread64", "EIO", 60),
)
"""What fails, how, and among how many calls of two visits the points are drawn."""

POINTS_OF_EACH = 16
"""Points at which one call fails, and as many from which on every call does."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the disk fails: at the n-th call of a kind, or from it on."""

    call: str
    error: str
    when: int
    is_for_good: bool

    @property
    def rule(self) -> str:
        """The rule as strace takes it."""
        return f"inject={self.call}:error={self.error}:when={self.when}{'+' if self.is_for_good else ''}"


@measures(2)
def faults(run: Run) -> Iterator[Figure]:
    """Let the disk fail under a desk that lives visits and tries again what was told not to be saved."""
    program = strace()
    if program is None:
        for name in (MISSING, TWICE, SILENT):
            yield not_measured(2, name, GOAL, "there is no strace here, or it may not be used")
        return
    dice = run.dice("faults")
    template = make_template(run.new_folder("template"))
    points = [
        Point(call, error, when, is_for_good)
        for call, error, among in CALLS
        for is_for_good in (False, True)
        for when in dice.sample(range(1, among + 1), run.times(POINTS_OF_EACH, 1))
    ]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda each: suffered(program, run, template, each), points))
    met = sum(each.is_met for each in outcomes)
    of, is_enough = f"{met} points met of {len(points)}", met >= run.times(100, 5)
    for name, kind in ((MISSING, "missing"), (TWICE, "twice"), (SILENT, "silent")):
        wrong = [each for found in outcomes for each in getattr(found, kind)]
        yield nothing_wrong(2, name, wrong, GOAL, of, is_enough=is_enough)


@dataclass(slots=True)
class Outcome:
    """What came of one fault: what went wrong of each kind, and whether the desk came to the point at all."""

    missing: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    is_met: bool = True


def suffered(program: str, run: Run, template: Path, point: Point) -> Outcome:
    """Live two visits with one fault, and look at what was told and at what is there."""
    folder = run.new_folder("faulty")
    put_template(template, folder)
    known = len(look(folder).acts)
    watched = [f"--trace-path={folder / name}" for name in (STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm")]
    trace = folder.with_name(f"{folder.name}.trace")
    command = [program, "-f", "-o", str(trace), "-e", f"trace={point.call}", "-e", point.rule, *watched]
    worker = [sys.executable, "-m", "trust.worker", str(folder), "7", "2", "--retry"]
    done = subprocess.run([*command, *worker], capture_output=True, text=True, check=False, timeout=300)
    said = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    saved = [UUID(words[1]) for words in said if words[0] == "ACK"]
    refused = [UUID(words[1]) for words in said if words[0] == "NOT"]
    where = f"{point.call} {point.error} at {point.when}{'+' if point.is_for_good else ''}"
    outcome = Outcome(is_met="(INJECTED)" in trace.read_text(encoding="utf-8", errors="replace"))
    trace.unlink()
    try:
        seen = look(folder, is_thorough=True)
    except DeskError as error:
        outcome.missing.append(f"{where}: {error}")
        return outcome
    outcome.missing += [f"{where}: {each}" for each in (*seen.wrong, *lost(saved, seen))]
    outcome.twice += [f"{where}: {each} is saved" for each in refused if each in seen.acts]
    outcome.twice += [f"{where}: {words[1]}" for words in said if words[0] == "TWICE"]
    more = [each for each in seen.acts[known:] if each not in saved and each not in refused]
    if len(more) > _never_told(said):
        outcome.twice.append(f"{where}: {len(more)} acts that nobody was told of")
    ends = any(words[0] in {"CLOSED", "SHUT"} for words in said)
    if not ends or done.stderr:
        outcome.silent.append(f"{where}: {(done.stderr.strip().splitlines() or ['fell over'])[-1]}")
    run.done_with(folder)
    return outcome


def _never_told(said: list[list[str]]) -> int:
    """Return of how many acts it was honestly said that nobody can tell."""
    return sum("cannot be told whether" in words[1] for words in said if words[0] == "ENDED")
