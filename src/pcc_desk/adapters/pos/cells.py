"""What stands in a cell of a report, exactly: money, quantities, instants, and what a spreadsheet makes of them.

A report repeats its prices and quantities: what was understood once is not worked out again.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.tables import Damaged
from pcc_desk.domain.quantity import QuantityError, Thousandths, finely
from pcc_desk.domain.quantity import cents as exact_cents
from pcc_desk.domain.sales import NOT_TOLD, tag_key

T = TypeVar("T")

KEPT = 1 << 15

NOTHING = frozenset({"", "n/a", "na", "null", "none", "-", "–"})
"""What is written where there is nothing (POS reference, 2.6 and 7.1)."""

SHORTEST_WORD = max(map(len, NOTHING))
LONGEST_WORD = 60

DAMAGED_NUMBER = re.compile(r"^\d{1,3}([.,]\d+E\+?|E\+)\d+$", re.IGNORECASE)
"""What a spreadsheet makes of a long number."""

_SHORTENED = re.compile(r"\d *E *[+-]?\d", re.IGNORECASE)
"""A number to the power of ten. A spreadsheet leaves out the digits that have no room."""

FORMULA_SIGNS = frozenset("=+@'")
"""What a spreadsheet takes for a formula, or for a text that is none, by its first letter."""

THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(?!\d)")
"""Commas that part thousands; any other comma in a number could be a decimal one."""

_AMERICAN = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}),? +(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?([AaPp][Mm])?", re.ASCII
)
_MILLISECONDS = re.compile(r"1\d{12}", re.ASCII)
_ONLY_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}", re.ASCII)
_DAYS_SINCE_1900 = re.compile(r"[345]\d{4}\.\d+", re.ASCII)
LONG_AGO = 1901
"""Systems write the year 1900, or 1, where they mean that there is no date (2.6)."""


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return text.strip().lower() in NOTHING


@lru_cache(maxsize=KEPT)
def cents(text: str) -> int:
    """Return money as whole cents: "$1,114.35", "(12.00)", "-12.00". Raises `QuantityError`."""
    return exact_cents(_whole(text))


@lru_cache(maxsize=KEPT)
def milli(text: str) -> Thousandths:
    """Return a quantity as thousandths; "(1)" and "-1" are below zero. Raises `QuantityError`."""
    words = _whole(text).strip()
    if words.startswith("(") and words.endswith(")"):
        words = f"-{words[1:-1]}"
    return finely(THOUSANDS.sub(lambda found: found[0].replace(",", ""), words))


def _whole(text: str) -> str:
    """Return a number as it is written. Raises `QuantityError` for one that a spreadsheet shortened."""
    if _SHORTENED.search(text):
        raise QuantityError(f"“{text}” is not a number but what a spreadsheet made of one; export the report again")
    return text


def in_row(read: Callable[[str], T], number: int, text: str, of: str) -> T:
    """Return what a cell says. Raises `Damaged` with the row and what the cell should hold."""
    try:
        return read(text)
    except QuantityError as error:
        raise Damaged(f"row {number}, {of}: {cleaned(str(error), 160).removesuffix('.')}") from error


@lru_cache(maxsize=KEPT)
def word(text: str, longest: int = LONGEST_WORD) -> str:
    """Return a word of a cell, cleaned; empty where there is nothing."""
    return "" if is_nothing(text) else cleaned(text, longest)


def identity(number: int, text: str, of: str) -> str:
    """Return a number that stands for something. Raises `Damaged` for one that a spreadsheet damaged.

    A long number of digits only becomes 1.23E+15, and the digits that are gone are nowhere in the file (7.2, rule 8).
    Letters, digits and hyphens alone are never such a thing.
    """
    if SHORTEST_WORD < len(text) <= LONGEST_WORD and text.isascii() and text.replace("-", "").isalnum():
        return text
    said = word(text)
    if why := _damaged(said, of):
        raise Damaged(f"row {number}: {why}")
    return said


def tag(number: int, text: str) -> str:
    """Return a package's tag for comparison; empty where there is none. Raises `Damaged` for what cannot be one.

    A question mark is written by somebody who did not know it, and ="1A4…" by a spreadsheet: taken for a tag, either
    would be compared with tags.
    """
    found = tag_key(identity(number, text, "the tag"))
    if why := why_no_tag(found):
        raise Damaged(f"row {number}: {why}")
    return found


def why_no_tag(said: str) -> str:
    """Return why what stands in the place of a tag cannot be one, in a clause; empty where it may be, or is nothing."""
    if said[:1] in FORMULA_SIGNS:
        return f"the tag {said} is a formula of a spreadsheet; export the report again"
    if said == NOT_TOLD:
        return f"“{NOT_TOLD}” stands in the place of the tag; export the report with its tags"
    return _damaged(said, "the tag")


def _damaged(said: str, of: str) -> str:
    if not DAMAGED_NUMBER.match(said):
        return ""
    return (
        f"{of} {said} was damaged by a spreadsheet, and its digits are not in the file any more; "
        "export the report again and do not open it before"
    )


class Instants:
    """Reads the times of a report on the shop's clock. What bears a zone of its own keeps its instant."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._last: tuple[str, datetime | None] = "", None

    def at(self, text: str) -> datetime | None:
        """Return an instant in the shop's zone; None where there is nothing. Raises `ValueError` with a clause."""
        if text == self._last[0]:
            return self._last[1]
        said = None if is_nothing(text) else self._read(text.strip())
        found = None if said is None or said.year < LONG_AGO else said
        self._last = text, found
        return found

    def needed(self, number: int, text: str) -> datetime:
        """Return when something was sold. Raises `Damaged`."""
        try:
            found = self.at(text)
        except (ValueError, OverflowError) as error:
            why = error.args[0] if type(error) is ValueError and "is no time" in str(error) else ""
            raise Damaged(f"row {number}: {why or f'“{cleaned(text, 40)}” is no time of sale'}") from error
        if found is None:
            raise Damaged(f"row {number}: “{cleaned(text, 40)}” is no time of sale")
        return found

    def _read(self, text: str) -> datetime:
        if text[4:5] == "-" and len(text) > len("2026-03-11"):
            return self._in_zone(datetime.fromisoformat(text))
        parts = _AMERICAN.fullmatch(text)
        if parts:
            return self._american(parts)
        if _MILLISECONDS.fullmatch(text):
            whole = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
            return whole.astimezone(self._zone)
        if _ONLY_A_DAY.fullmatch(text):
            raise ValueError(f"“{text}” is no time of sale, only a day; export the report with times")
        if _DAYS_SINCE_1900.fullmatch(text):
            raise ValueError(
                f"“{text}” is no time of sale but what a spreadsheet keeps of one; export the report again"
            )
        return self._in_zone(datetime.fromisoformat(text))

    def _in_zone(self, at: datetime) -> datetime:
        return at.replace(tzinfo=self._zone) if at.tzinfo is None else at.astimezone(self._zone)

    def _american(self, parts: re.Match[str]) -> datetime:
        month, day, year, hour, minute, second, half = parts.groups()
        clock = int(hour)
        if half:
            if not 1 <= clock <= 12:
                raise ValueError("there is no such hour")
            clock = clock % 12 + (12 if half.lower() == "pm" else 0)
        return datetime(int(year), int(month), int(day), clock, int(minute), int(second or 0), tzinfo=self._zone)
