"""Measures everything in one run and prints the table: `make bench`. Ends with 1 when a goal is not met."""

import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benches import allotment, bringing, counter, forms, queue, reconciling, searching, start, storage
from benches.figures import Row
from benches.shop import Town, make_shop


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    with tempfile.TemporaryDirectory(prefix="pcc-desk-bench-") as name:
        folder = Path(name)
        home = folder / "desk"
        town = make_shop(home)
        rows: list[Row] = []
        for row in measured(home, folder, town):
            print(row.line, flush=True)
            rows.append(row)
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    return 0 if all(row.is_met or row.ratio is None for row in rows) else 1


def measured(home: Path, folder: Path, town: Town) -> Iterator[Row]:
    """Yield the rows of the table as they are measured."""
    yield from start.rows(home, folder)
    yield from counter.unlock_rows(home)
    yield from counter.hiding_rows(home)
    yield from queue.queue_rows(home, town)
    yield from forms.form_rows()
    yield from searching.rows(folder)
    yield bringing.import_row(folder)
    yield from storage.chart_rows(home, town)
    yield from storage.write_rows(home, folder)
    yield from storage.journal_rows(home)
    yield from allotment.sums_rows()
    yield from allotment.store_rows(home, town)
    yield from allotment.answer_rows(home, town)
    yield from allotment.screen_rows(home, town)
    yield from reconciling.rows(folder)


if __name__ == "__main__":
    sys.exit(main())
