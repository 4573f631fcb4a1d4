"""A point of sale known by the reports it writes into a folder. Sections are those of the POS reference.

The sales report of a day is `sales-YYYY-MM-DD.csv`, the catalogue `catalogue.csv`. Columns are found by their names,
wherever they stand (7.2, rules 1 and 2). A damaged file is refused whole, with the row: half a day compares to nothing.
"""

import asyncio
import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.quantity import QuantityError, cents, milli
from pcc_desk.domain.sales import Pull, Sale, SoldLine

HEADER_WITHIN = 20
"""Titles may stand above the header."""

LARGEST = 64 * 1024 * 1024

SALES_COLUMNS = {
    "number": ("order id", "receipt id", "sale id", "transaction id"),
    "time": ("order time", "transaction date", "date"),
    "label": ("package id", "external package id"),
    "quantity": ("total inventory sold", "quantity sold", "quantity"),
    "price": ("net sales", "net price"),
    "product": ("product name", "product"),
    "returned": ("return date",),
    "external": ("reference", "external number"),
}
NEEDED = ("number", "time", "label", "quantity", "price")

PRICE_COLUMNS = {"label": ("package id", "external package id"), "price": ("unit price", "price")}

TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p")

DAMAGED_TAG = re.compile(r"^\d(\.\d+)?E\+\d+$", re.IGNORECASE)
"""What a spreadsheet makes of a long number."""

THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(?!\d)")
"""Commas that part thousands; any other comma in a number could be a decimal one."""


class Damaged(ValueError):
    """A file cannot be used; the text says in which row and why."""


def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> "PosCsv":
    """Return a reader of reports. Settings: folder, zone; name."""
    return PosCsv(settings.get("name", "POS"), Path(settings["folder"]), ZoneInfo(settings["zone"]))


@dataclass(slots=True)
class _Order:
    sold_at: datetime
    external: str
    lines: list[SoldLine] = field(default_factory=list)


class PosCsv:
    """Implements `desk.ports.PointOfSale`."""

    def __init__(self, name: str, folder: Path, zone: ZoneInfo) -> None:
        self.name = name
        self._folder = folder
        self._zone = zone

    async def sales(self, day: date) -> Pull | Unanswered:
        """Read the sales report of a day."""
        name = f"sales-{day}.csv"
        missing = f"there is no {name} among its reports; export it there, then compare again"
        raw = await asyncio.to_thread(self._read, name, missing)
        if isinstance(raw, Unanswered):
            return raw
        try:
            sales, rows = self._sales(raw, day)
        except Damaged as error:
            return Unanswered(Silence.UNREADABLE, f"{name} cannot be used: {error}")
        return Pull(sales, name, hashlib.sha256(raw).hexdigest(), rows)

    async def prices(self) -> dict[str, int] | Unanswered:
        """Read the catalogue: cents for one piece or one gram, by package label."""
        raw = await asyncio.to_thread(self._read, "catalogue.csv", "there is no catalogue.csv among its reports")
        if isinstance(raw, Unanswered):
            return raw
        try:
            at, rows = table(raw, PRICE_COLUMNS, ("label", "price"))
            return {
                label: _cents(number, row[at["price"]])
                for number, row in rows
                if (label := cleaned(row[at["label"]], 60).upper())
            }
        except Damaged as error:
            return Unanswered(Silence.UNREADABLE, f"catalogue.csv cannot be used: {error}")

    def _read(self, name: str, missing: str) -> bytes | Unanswered:
        path = self._folder / name
        try:
            if path.stat().st_size > LARGEST:
                return Unanswered(Silence.UNREADABLE, f"{name} is larger than {LARGEST // 1024 // 1024} MB")
            return path.read_bytes()
        except FileNotFoundError:
            return Unanswered(Silence.ABSENT, missing)
        except OSError as error:
            return Unanswered(Silence.UNREADABLE, f"{name} cannot be read ({error.strerror})")

    def _sales(self, raw: bytes, day: date) -> tuple[tuple[Sale, ...], int]:
        """Return the sales of the day by the time they were made, and how many rows there are.

        Rows without a tag are no cannabis (rule 7); rows with a return date were taken back (rule 6).
        """
        at, rows = table(raw, SALES_COLUMNS, NEEDED)
        orders: dict[str, _Order] = {}
        count = of_other_days = 0
        for number, row in rows:
            count += 1
            label = cleaned(row[at["label"]], 60).upper()
            if not label or ("returned" in at and row[at["returned"]].strip()):
                continue
            if DAMAGED_TAG.match(label):
                raise Damaged(f"row {number}: the tag {label} was damaged by a spreadsheet; export the report again")
            sold_at = self._time(number, row[at["time"]])
            if sold_at.date() != day:
                of_other_days += 1
                continue
            key = cleaned(row[at["number"]], 60)
            if not key:
                raise Damaged(f"row {number} has no order number")
            external = cleaned(row[at["external"]], 60) if "external" in at else ""
            order = orders.setdefault(key, _Order(sold_at, external))
            product = cleaned(row[at["product"]], 120) if "product" in at else ""
            price = _cents(number, row[at["price"]])
            order.lines.append(SoldLine(label, _milli(number, row[at["quantity"]]), price, product))
        if of_other_days and not orders:
            raise Damaged("all its sales are of other days; export this day again")
        sales = (Sale(key, order.sold_at, tuple(order.lines), order.external) for key, order in orders.items())
        return tuple(sorted(sales, key=lambda each: (each.sold_at, each.number))), count

    def _time(self, number: int, text: str) -> datetime:
        for form in TIME_FORMS:
            try:
                return datetime.strptime(text.strip(), form).replace(tzinfo=self._zone)
            except ValueError:
                continue
        raise Damaged(f"row {number}: “{cleaned(text, 40)}” is no time of sale")


Rows = list[tuple[int, list[str]]]
"""Rows with the number they have in the file."""


def table(raw: bytes, columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]) -> tuple[dict[str, int], Rows]:
    """Return where each known column stands, and the rows below the header. Raises `Damaged`."""
    text = _decoded(raw)
    sample = text[:4096]
    delimiter = max(",;\t", key=sample.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Damaged(f"it is cut or not a table ({error})") from error
    nearest: dict[str, int] = {}
    for number, row in enumerate(rows[:HEADER_WITHIN], start=1):
        at = _places(row, columns)
        nearest = max(nearest, at, key=len)
        if all(name in at for name in needed):
            body = [(below, each) for below, each in enumerate(rows[number:], start=number + 1) if any(each)]
            for below, each in body:
                if len(each) != len(row):
                    raise Damaged(f"row {below} has {len(each)} columns, the header has {len(row)}; it may be cut")
            return at, body
    names = ", ".join(columns[name][0] for name in needed if name not in nearest)
    raise Damaged(f"columns are missing: {names}" if nearest else f"no row holds the columns it needs ({names})")


def _places(row: list[str], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    titles = [" ".join(each.lower().split()) for each in row]
    at: dict[str, int] = {}
    for name, known in columns.items():
        for title in known:
            if titles.count(title) > 1:
                raise Damaged(f"the column “{title}” is there twice")
            if title in titles and name not in at:
                at[name] = titles.index(title)
    return at


def _decoded(raw: bytes) -> str:
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Damaged("its letters are written in an unknown way; export it as UTF-8") from error


def _cents(number: int, text: str) -> int:
    try:
        return cents(text)
    except QuantityError as error:
        raise Damaged(f"row {number}: {cleaned(str(error), 160)}") from error


def _milli(number: int, text: str) -> int:
    try:
        return milli(THOUSANDS.sub(lambda found: found[0].replace(",", ""), text.strip()))
    except QuantityError as error:
        raise Damaged(f"row {number}: {cleaned(str(error), 160)}") from error
