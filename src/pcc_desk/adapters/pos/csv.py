"""A point of sale known by the reports it writes into a folder. Sections are those of the POS reference.

The sales report of a day is `sales-YYYY-MM-DD.csv`, or what the setting `file` says; the catalogue is `catalogue.csv`.
Columns are found by their names, wherever they stand (7.2, rules 1 and 2); of a report that is not known, somebody says
once what they mean. A damaged file is refused whole, with the row: half a day compares to nothing.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from glob import escape
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.catalogue import read_prices
from pcc_desk.adapters.pos.lines import merged
from pcc_desk.adapters.pos.reading import Damaged, UnknownColumns, read_sales
from pcc_desk.adapters.pos.shapes import known_titles, proposed
from pcc_desk.adapters.pos.tables import PREVIEW_ROWS, open_table
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Offer, PosCall
from pcc_desk.domain.columns import ColumnMap, Report
from pcc_desk.domain.sales import Closing, Pull, is_around
from pcc_desk.domain.shelf import Guest, ShelfPackage

LARGEST = 64 * 1024 * 1024
USUAL_FILE = "sales-%Y-%m-%d.csv"
CATALOGUE = "catalogue.csv"
LONGEST_CELL = 60
NIGHT_ENDS = 6
"""By this hour every business day has ended."""

T = TypeVar("T")


def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> "PosCsv":
    """Return a reader of reports. Settings: folder, zone; name; file, with %Y, %m and %d for the day."""
    file = settings.get("file", USUAL_FILE)
    if Path(file).name != file or not file.strip():
        raise ValueError("the name of the file is no name in the folder")
    return PosCsv(settings.get("name", "POS"), Path(settings["folder"]), ZoneInfo(settings["zone"]), file)


class PosCsv:
    """Implements `desk.ports_outside.PointOfSale` and `desk.ports_outside.ReadsReports`."""

    def __init__(self, name: str, folder: Path, zone: ZoneInfo, file: str = USUAL_FILE) -> None:
        self.name = name
        self._folder = folder
        self._zone = zone
        self._file = file
        self._known: dict[str, ColumnMap] = {}

    async def ping(self) -> str | Unanswered:
        """Say which folder is read; whether it can be."""
        is_there = await asyncio.to_thread(self._folder.is_dir)
        if is_there:
            return f"reports in {cleaned(self._folder.name, 60)}"
        return Unanswered(Silence.ABSENT, f"the folder of its reports, {cleaned(str(self._folder), 120)}, is not there")

    async def capabilities(self) -> tuple[Offer, ...]:
        """Say what reports can tell."""
        sales = "its sales reports; of a report that is not known, somebody says once what its columns mean"
        not_told = "no report of this kind is known by its columns"
        return (
            Offer(PosCall.SALES, is_offered=True, why=sales),
            Offer(PosCall.PRICES, is_offered=True, why=f"its {CATALOGUE}"),
            *(Offer(each, is_offered=False, why=not_told) for each in (PosCall.CLOSING, PosCall.STOCK, PosCall.QUEUE)),
        )

    def know(self, columns: Mapping[str, ColumnMap]) -> None:
        """Go by what somebody said the columns of reports mean, by the hash of their titles."""
        self._known = dict(columns)

    async def sales(self, day: date) -> Pull | Unanswered:
        """Read the sales reports of a day and of those around it: closed orders stand under their order's day.

        Several reports of a day are laid over each other, the one written last right (7.2, rules 5 and 10).
        """
        return await asyncio.to_thread(self._sales, day)

    async def report(self, day: date) -> Report | Unanswered:
        """Return the beginning of a day's report."""
        return await asyncio.to_thread(self._report, day)

    async def closing(self, day: date) -> Closing | Unanswered:
        """Say that no such report is known."""
        return Unanswered(Silence.ABSENT, f"no columns of a closing report are known ({self.name})")

    async def stock(self) -> tuple[ShelfPackage, ...] | Unanswered:
        """Say that no such report is known."""
        return Unanswered(Silence.ABSENT, f"no columns of a stock report are known ({self.name})")

    async def queue(self) -> tuple[Guest, ...] | Unanswered:
        """Say that files tell no queue."""
        return Unanswered(Silence.ABSENT, f"reports tell no queue ({self.name})")

    async def prices(self) -> dict[str, int] | Unanswered:
        """Read the catalogue: cents for one piece or one gram, by package label."""
        return await asyncio.to_thread(self._prices)

    async def close(self) -> None:
        """Let go of nothing."""

    # Files

    def _name(self, day: date) -> str:
        return day.strftime(self._file)

    def _files(self, day: date) -> list[Path]:
        """Return the reports of a day, the one written last at the end: a browser numbers what is exported again."""
        path = Path(self._name(day))
        found = self._folder.glob(f"{escape(path.stem)}*{escape(path.suffix)}")
        return sorted(
            (each for each in found if not each.name.startswith(".")),
            key=lambda each: (each.stat().st_mtime_ns, each.name),
        )

    def _missing(self, name: str) -> Unanswered:
        return Unanswered(Silence.ABSENT, f"there is no {name} among its reports; export it there, then compare again")

    def _judged(self, path: Path, read: Callable[[Path], T]) -> T | Unanswered:
        """Return what is read of a file, or why it is not."""
        name = cleaned(path.name, 120)
        try:
            if path.stat().st_size > LARGEST:
                return Unanswered(Silence.DAMAGED, f"{name} is larger than {LARGEST // 1024 // 1024} MB")
            return read(path)
        except UnknownColumns as error:
            why = f"press m and say once what its columns mean; nobody has yet ({name}: {error})"
            return Unanswered(Silence.DAMAGED, why)
        except Damaged as error:
            return Unanswered(Silence.DAMAGED, f"{name} cannot be used: {error}")
        except FileNotFoundError:
            return self._missing(name)
        except OSError as error:
            return Unanswered(Silence.DAMAGED, f"{name} cannot be read ({error.strerror})")

    def _sales(self, day: date) -> Pull | Unanswered:
        try:
            files = self._files(day)
            before, after = (self._files(day + timedelta(days=days)) for days in (-1, 1))
        except OSError as error:
            return Unanswered(Silence.DAMAGED, f"its folder cannot be read ({error.strerror})")
        if not files:
            return self._missing(self._name(day))
        pulls: list[Pull] = []
        telling: list[Pull] = []
        for path in dict.fromkeys((*before, *files, *after)):
            pull = self._judged(path, lambda each: read_sales(each, self._zone, self._known))
            if isinstance(pull, Unanswered):
                return pull
            pulls.append(pull)
            if path in files or any(_may_be_of(day, each.sold_at) for each in pull.sales):
                telling.append(pull)
        return self._day(day, pulls, telling, files[-1])

    def _day(self, day: date, pulls: list[Pull], telling: list[Pull], newest: Path) -> Pull | Unanswered:
        """Return what several reports tell of a day and around it. Those that tell of the day itself are its source."""
        sales = merged(pulls, lambda each: is_around(day, each.sold_at))
        if not any(each.business_day == day for each in sales) and any(each.sales for each in telling):
            why = "all its sales are of other days; export this day again"
            return Unanswered(Silence.DAMAGED, f"{cleaned(newest.name, 120)} cannot be used: {why}")
        told = list({each.sha256: each for each in telling}.values())
        one = told[0].sha256 if len(told) == 1 else hashlib.sha256("".join(p.sha256 for p in told).encode()).hexdigest()
        read_at = datetime.fromtimestamp(newest.stat().st_mtime, self._zone)
        names = ", ".join(cleaned(each.source, 120) for each in told)
        return Pull(sales, names, one, sum(each.rows for each in told), read_at=read_at, zone=self._zone.key)

    def _report(self, day: date) -> Report | Unanswered:
        try:
            files = self._files(day)
        except OSError as error:
            return Unanswered(Silence.DAMAGED, f"its folder cannot be read ({error.strerror})")
        return (
            self._judged(files[-1], lambda each: report_of(each, self._known))
            if files
            else self._missing(self._name(day))
        )

    def _prices(self) -> dict[str, int] | Unanswered:
        path = self._folder / CATALOGUE
        if not path.exists():
            return Unanswered(Silence.ABSENT, f"there is no {CATALOGUE} among its reports")
        return self._judged(path, lambda each: read_prices(each.read_bytes()))


def _may_be_of(day: date, at: datetime) -> bool:
    """Whether a sale may be of a business day: one that ends in the night takes its last sales from the next date."""
    return at.date() == day or (at.date() == day + timedelta(days=1) and at.hour < NIGHT_ENDS)


def report_of(path: Path, known: Mapping[str, ColumnMap]) -> Report:
    """Return the beginning of a report and what its columns seem to mean. Raises `Damaged` and `OSError`."""
    with open_table(path, known_titles(), known) as table:
        found = proposed(table.titles)
        said = known.get(table.header)
        width = len(table.titles)
        rows = islice(table.rows, PREVIEW_ROWS)
        return Report(
            source=cleaned(path.name, 120),
            header=table.header,
            header_at=table.header_at,
            titles=table.titles,
            rows=tuple(tuple(cleaned(cell, LONGEST_CELL) for cell in row[:width]) for _, row in rows),
            columns=said or found.columns,
            is_known=said is not None or found.is_sure,
            looks_like=f"{found.shape.pos}: {found.shape.name}" if found.shape.pos else "",
            remarks=found.shape.notes,
        )
