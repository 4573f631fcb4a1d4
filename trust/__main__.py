"""Measures everything and prints the table: `make trust`. Ends with 1 when a goal is not met.

python -m trust [--short] [--seed N] [--only NUMBER …]
"""

import argparse
import platform
import sys
import tempfile
import time
import traceback
from importlib import import_module
from pathlib import Path

from trust.figures import MEASUREMENTS, Figure, Measurement, Run

SUBJECTS = (
    "crashes",
    "power",
    "disk_faults",
    "full_disk",
    "big_store",
    "traces",
    "tampering",
    "modes",
    "chain",
    "copies",
    "doors",
    "people",
)
"""The modules that declare measurements, in the order in which they run."""

SEED = 1126


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser(prog="python -m trust", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer rounds of the quick ones: what make check runs")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", type=int, nargs="*", default=[], metavar="NUMBER")
    given = parser.parse_args()
    for each in SUBJECTS:
        import_module(f"trust.{each}")
    began = time.monotonic()
    wanted = [
        each
        for each in MEASUREMENTS
        if (each.in_short or not given.short) and (not given.only or set(each.numbers) & set(given.only))
    ]
    with tempfile.TemporaryDirectory(prefix="pcc-desk-trust-") as name:
        run = Run(given.seed, given.short, Path(name))
        figures = [figure for each in wanted for figure in _told(each, run)]
    print(
        f"seed {given.seed}, {time.monotonic() - began:.0f} s, "
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"
    )
    return 1 if any(each.is_met is False and not (given.short and each.is_speed) for each in figures) else 0


def _told(measurement: Measurement, run: Run) -> list[Figure]:
    """Run a measurement and print its figures as they come. One that fails itself is a figure that is not met."""
    figures = []
    began = time.monotonic()
    try:
        for figure in measurement.run(run):
            print(f"{figure.line}  ({time.monotonic() - began:.1f} s)", flush=True)
            figures.append(figure)
    except Exception as error:
        traceback.print_exc()
        name = measurement.run.__name__.replace("_", " ")
        figures.append(Figure(measurement.numbers[0], name, "", f"failed itself: {type(error).__name__}", False))
        print(figures[-1].line, flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
