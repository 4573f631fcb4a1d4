"""Reads one table of a rule file key by key, and notes everything that is wrong with it."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pcc_desk.rulebook.lines import Place, lines_of

LONGEST_NUMBER = 30
"""Characters of a number. No law needs more."""

MOST_DAYS = 36_525
"""A century. A number of days beyond it is a slip."""

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)


class Page:
    """A rule file while it is read: its text, and what is wrong with it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._found: list[tuple[Place | None, str, str]] = []

    def refuse(self, place: Place | None, subject: str, says: str) -> None:
        """Note something wrong. `place` None: it stands nowhere."""
        self._found.append((place, subject, says))

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return True

    @property
    def problems(self) -> tuple[str, ...]:
        """All that is wrong, a line for each, in the order of the file as far as that is known."""
        lines = lines_of(self.text) if self._found else {}
        placed = []
        for place, subject, says in self._found:
            line = lines.get(place) if place else None
            where = f", line {line}" if line else ""
            about = f", {subject}" if subject else ""
            placed.append((line or 0, clean(f"{self.name}{where}{about}: {says}.")))
        return tuple(dict.fromkeys(says for _, says in sorted(placed, key=lambda each: each[0])))


class Table:
    """A table of the file. Each getter returns something usable even when it notes that the value is wrong."""

    def __init__(self, page: Page, place: Place, name: str, data: dict[str, Any]) -> None:
        self.page = page
        self.place = place
        self.name = name
        self.data = data
        self._read: set[str] = set()

    def refuse(self, key: str, says: str) -> None:
        """Note that something is wrong with a key, or with the table when `key` is empty."""
        subject = ", ".join(part for part in (self.name, key) if part)
        self.page.refuse((*self.place, key) if key in self.data else self.place, subject, says)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self.data

    def _get(self, key: str, *, needed: str = "") -> Any:
        """Return a value as it stands, or None. `needed` is what to write when it must not be left out."""
        self._read.add(key)
        if key not in self.data and needed:
            self.refuse(key, f"is missing; write {needed if needed.startswith('a table') else f'{key} = {needed}'}")
        return self.data.get(key)

    def text(self, key: str, *, needed: bool = True) -> str:
        """Return a text; empty when it is not there."""
        value = self._get(key, needed='"…"' if needed else "")
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(key, f'{shown(value)} is no text; write it in quotes: {key} = "…"')
            return ""
        if not value.strip():
            self.refuse(key, "is empty; write what it is" + ("" if needed else ", or leave the key out"))
        return value

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._get(key, needed='["…"]' if needed else "")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.refuse(key, f'{shown(value)} is no list of texts; write {key} = ["…", "…"]')
            return ()
        return tuple(value)

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str:
        """Return one of the words that may stand there, or `default` (None: it must be written)."""
        listed = " or ".join(f'"{each}"' for each in options)
        value = self._get(key, needed=listed if default is None else "")
        fallback = options[0] if default is None else default
        if value is None:
            return fallback
        if not isinstance(value, str) or value not in options:
            self.refuse(key, f"{shown(value)} is not known here; write {listed}")
            return fallback
        return str(value)

    def number(self, key: str, *, needed: bool = True, zero: bool = False) -> Fraction | None:
        """Return an exact number above zero (or, with `zero`, not below it)."""
        value = self._get(key, needed='"2.5"' if needed else "")
        if value is None:
            return Fraction(1) if needed else None
        complaint = _complaint(value, key, zero=zero)
        if complaint:
            self.refuse(key, complaint)
            return Fraction(1)
        return Fraction(value)

    def whole(self, key: str, *, needed: bool = False, least: int = 1, most: int = MOST_DAYS) -> int | None:
        """Return a whole number."""
        value = self._get(key, needed="30" if needed else "")
        if value is None:
            return least if needed else None
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(key, f"{shown(value)} is no whole number; write {key} = 30, without quotes")
            return max(least, 1)
        if not least <= value <= most:
            self.refuse(key, f"{shown(value)} is out of reach; write a whole number from {least} to {most}")
            return max(least, 1)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false when it is not there."""
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, f"{shown(value)} is neither true nor false; write {key} = true")
        return value is True

    def day(self, key: str, *, needed: bool = False) -> date | None:
        """Return a day."""
        value = self._get(key, needed="2026-01-31" if needed else "")
        if value is None:
            return date.min if needed else None
        if type(value) is not date:
            self.refuse(key, f"{shown(value)} is no day; write it without quotes: {key} = 2026-01-31")
            return date.min if needed else None
        return value

    def table(self, key: str, name: str, *, needed: str = "") -> "Table | None":
        """Return the table below a key. `needed` is what to write when it must not be left out."""
        value = self._get(key, needed=needed)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(key, f"{shown(value)} is no table; write {key} = {needed or '{ … }'}")
            return None
        return Table(self.page, (*self.place, key), name, value)

    def tables(self, key: str, name: Callable[[int, dict[str, Any]], str], *, needed: str = "") -> Iterator["Table"]:
        """Yield the tables of a list. `name` says how each is called."""
        value = self._get(key, needed=needed)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.refuse(key, f"{shown(value)} is no list of tables; write {needed or '[{ … }]'}")
            return
        for position, each in enumerate(value):
            yield Table(self.page, (*self.place, key, position), name(position, each), each)

    def end(self, what: str) -> None:
        """Note every key that was not asked for."""
        for key in self.data.keys() - self._read:
            known = ", ".join(sorted(self._read))
            self.refuse(key, f"is no key of {what}; take it out, or write one of {known}")


def _complaint(value: object, key: str, *, zero: bool) -> str:
    """Return why a value is no exact number above zero; empty when it is one."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f'{shown(value)} is a bare number; write it in quotes, so that it is exact: {key} = "2.5"'
    if not isinstance(value, str):
        return f'{shown(value)} is no number; write {key} = "2.5"'
    if value.startswith("-") and _NUMBER.fullmatch(value[1:]):
        return f'{shown(value)} is below zero; write a number above zero, such as "2.5"'
    if not _NUMBER.fullmatch(value) or len(value) > LONGEST_NUMBER:
        return f'{shown(value)} is no plain decimal number; write digits, such as "2.5"'
    if Fraction(value) == 0 and not zero:
        return "must be above zero; leave the limit out where nothing is allowed"
    return ""


def shown(value: object) -> str:
    """Return a value of a file for a sentence: short, on one line, and without what would steer a terminal."""
    match value:
        case bool():
            words = "true" if value else "false"
        case str():
            words = f"“{value}”"
        case list() | dict():
            words = "a list" if isinstance(value, list) else "a table"
        case int() if abs(value) >= 10**LONGEST_NUMBER:
            words = "so large a number"
        case _:
            words = str(value)
    words = clean(words)
    return words if len(words) <= 60 else f"{words[:56]}…{words[-1]}"


def clean(words: str) -> str:
    """Return words without line ends and without characters that cannot be seen."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words)
