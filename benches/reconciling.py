"""The end of a day: two exports compared, beside what a shop would lay them side by side with instead."""

import csv
import gc
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benches.figures import Row
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.sales import Pull, ReceiptPull
from pcc_desk.simulator.seeded.making import agreeing_day
from pcc_desk.simulator.seeded.seeds import SEEDS, seeded

DAY = date(2026, 3, 11)
DETROIT = ZoneInfo("America/Detroit")
ROOT = Path(__file__).parents[1]
RIVALS = ROOT / ".bench" / "rivals" / "bin" / "python"
"""Made by `make bench`; without it nothing can be said beside anything."""
SALE = ("Order ID", "Order Time", "Patient Number", "Package ID", "Quantity", "Net Sales")
RECEIPT = ("ReceiptNumber", "SalesDateTime", "PatientLicenseNumber", "PackageLabel", "QuantitySold", "TotalPrice")
KINDS = ("rounded", "next day", "other package", "split", "missing", "extra")
SHARES = (30, 20, 20, 15, 7, 8)


@dataclass(frozen=True, slots=True)
class Took:
    """One run of a whole process."""

    seconds: float
    mib: int
    said: str


def rows(folder: Path, sizes: Sequence[int] = (10_000, 100_000, 1_000_000)) -> Iterator[Row]:
    """Measure the engine by itself, then whole processes from two files, each beside its rival in turn."""
    yield engine_row()
    small, middle, large = (exports(folder, size) for size in sizes)
    ours, theirs = in_turns(small, "pandas_merge", 5)
    yield against("two exports of 10k lines", ours, theirs, "pandas' merge", 1 / 8)
    yield unexplained_row(ours, theirs)
    ours, theirs = in_turns(middle, "datacompy_compare", 3)
    yield against("two exports of 100k lines", ours, theirs, "datacompy", 1 / 2)
    hundred = statistics.median(each.seconds for each in ours)
    ours, theirs = in_turns(large, "duckdb_join", 1)
    yield against("two exports of 1M lines", ours, theirs, "duckdb + Python", 1)
    growth = ours[0].seconds / hundred / (sizes[2] / sizes[1])
    yield Row("1M lines, by line, beside 100k", growth, 1.2, "x", "n log n would be 1.2")


def engine_row() -> Row:
    """Compare a day of 2,000 sales with two of every class in it."""
    made = seeded(agreeing_day(DAY, DETROIT, 2000, 1), [kind for kind in SEEDS for _ in range(2)])
    pos, state = Pull(tuple(made.all_sales()), "POS", "", 1), ReceiptPull(tuple(made.all_receipts()), "state")
    took, cpu = [], []
    gc.collect()
    gc.freeze()  # as the desk does after its first frame: what is there already is not looked through again
    for _ in range(15):
        before, cpu_before = time.perf_counter(), time.process_time()
        found = compare(pos, state, DAY, terms=made.terms, context=made.context)
        took.append((time.perf_counter() - before) * 1000)
        cpu.append((time.process_time() - cpu_before) * 1000)
    gc.unfreeze()
    right = sorted(each.kind.value for each in found.findings) == sorted(each.kind.value for each in made.key)
    behind = f"{len(found.findings)} findings, {'all as put in' if right else 'NOT as put in'}, CPU {min(cpu):.0f} ms"
    return Row("a day of 2,000 sales compared and classified", statistics.median(took), 50, "ms", behind)


def exports(folder: Path, size: int) -> tuple[Path, Path, int]:
    """Write two exports of so many lines, 97 % the same, and return how many differences are in them."""
    dice = random.Random(size)  # noqa: S311 - invented sales
    tags = [f"1A40501{number:017d}" for number in range(max(60, size // 60))]
    start = datetime(2026, 3, 11, 9)  # noqa: DTZ001 - written as the shop's clock shows it
    pos, state, count = folder / f"pos-{size}.csv", folder / f"state-{size}.csv", 0
    with pos.open("w", newline="") as ours, state.open("w", newline="") as theirs:
        sales, receipts = csv.writer(ours), csv.writer(theirs)
        sales.writerow(SALE)
        receipts.writerow(RECEIPT)
        for number in range(size):
            at = start + timedelta(seconds=dice.randrange(39_000))
            what = [f"MI-P-{dice.randrange(10**8):08d}", dice.choice(tags), dice.choice(("1", "2", "3.5", "7"))]
            price = f"{dice.randrange(1000, 9000) / 100:.2f}"
            sale, receipt = [str(4000 + number), str(at), *what, price], [str(10**7 + number), str(at), *what, price]
            kind = dice.choices(KINDS, SHARES)[0] if dice.random() < 0.03 else ""
            count += bool(kind)
            if kind != "extra":
                sales.writerow(sale)
            if kind != "missing":
                receipts.writerows(reported(receipt, kind, at, tags, dice))
    return pos, state, count


def reported(receipt: list[str], kind: str, at: datetime, tags: list[str], dice: random.Random) -> list[list[str]]:
    """Return the lines that the state has of a sale."""
    if kind == "rounded":
        return [[*receipt[:4], f"{float(receipt[4]) + 0.09:.2f}", receipt[5]]]
    if kind == "next day":
        return [[receipt[0], str(at + timedelta(days=1)), *receipt[2:]]]
    if kind == "other package":
        return [[*receipt[:3], dice.choice(tags), *receipt[4:]]]
    if kind == "split":
        half = f"{float(receipt[4]) / 2:g}"
        cents = round(float(receipt[5]) * 100)
        prices = cents // 2, cents - cents // 2
        return [[f"{receipt[0]}{place}", *receipt[1:4], half, f"{each / 100:.2f}"] for place, each in enumerate(prices)]
    return [receipt]


def in_turns(given: tuple[Path, Path, int], rival: str, turns: int) -> tuple[list[Took], list[Took]]:
    """Run both whole processes in turn."""
    pos, state, _ = given
    desk = [sys.executable, "-m", "pcc_desk", "reconcile", "--pos", str(pos), "--state", str(state)]
    desk += ["--zone", DETROIT.key, "--day", DAY.isoformat(), "--json"]
    other = [str(RIVALS), "-m", f"benches.rivals.{rival}", str(pos), str(state)]
    ours, theirs = [], []
    for _ in range(turns):
        ours.append(run(desk))
        if RIVALS.exists():
            theirs.append(run(other))
    return ours, theirs


WAIT = "import resource,subprocess,sys,time;t=time.perf_counter();subprocess.run(sys.argv[1:]);" \
    "print(time.perf_counter()-t,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,file=sys.stderr)"  # fmt: skip
"""Waits for a process: a small one, so that what this one holds is not counted, nor its own start in the time."""


def run(command: list[str]) -> Took:
    """Run a process to its end, and return how long it took, what it held at most, and what it said."""
    done = subprocess.run([sys.executable, "-c", WAIT, *command], capture_output=True, text=True, cwd=ROOT, check=False)
    took, held = done.stderr.split()[-2:]
    return Took(float(took), int(held) // 1024, done.stdout)


def against(name: str, ours: list[Took], theirs: list[Took], rival: str, goal: float) -> Row:
    """Return the row of a whole process beside its rival."""
    mine, mib = statistics.median(each.seconds for each in ours), max(each.mib for each in ours)
    said = f"{mine:.2f} s, {mib} MiB"
    if not theirs:
        return Row(name, None, goal, f"of {rival}", f"{said}; {rival} is not installed: run make bench")
    other = statistics.median(each.seconds for each in theirs)
    behind = f"{said} beside {other:.2f} s, {max(each.mib for each in theirs)} MiB, n {len(theirs)}"
    return Row(name, mine / other, goal, f"of {rival}", behind)


def unexplained_row(ours: list[Took], theirs: list[Took]) -> Row:
    """Return how many lines stay without a counterpart or a class of difference, beside pandas' merge."""
    classes = json.loads(ours[0].said)["totals"]["by_class"]
    left = classes.get("MISSING_IN_STATE", 0) + classes.get("UNEXPECTED_IN_STATE", 0) + classes.get("DUPLICATE", 0)
    name, unit = "lines of 10k without a counterpart", "of pandas' merge"
    if not theirs:
        return Row(name, None, 1 / 6, unit, f"{left} lines; pandas is not installed: run make bench")
    other = sum(map(int, theirs[0].said.split()))
    return Row(name, left / other, 1 / 6, unit, f"{left} lines beside {other}")
