"""What is known of the reports of each point of sale: data of `data/pos`, each with how sure it is and from where."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pcc_desk.domain.columns import ColumnMap, SaleField, title_key
from pcc_desk.shipped import data_folder

SCHEMA = "pos/1"
PLAIN = "plain-names"
"""The shape that is nobody's: titles that say by themselves what they hold."""

CONFIDENCE = {
    "A": "the vendor's own page says so",
    "B": "seen in public integration code",
    "C": "weak, or inferred",
    "?": "looked for and not found",
}
"""What the marks of the POS reference mean (section 0)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of report. `columns` empty: its titles are not known."""

    id: str
    pos: str
    name: str
    confidence: str
    source: tuple[str, ...]
    rows: str
    """What a row is: lines of sales, days, or unknown."""
    columns: Mapping[SaleField, tuple[str, ...]]
    """By field the titles under which it was seen, as `title_key` makes them."""
    others: frozenset[str]
    """Titles that were seen beside them and mean nothing here."""
    notes: tuple[str, ...]

    @property
    def titles(self) -> frozenset[str]:
        """Every title that was seen in it."""
        return self.others.union(*self.columns.values())

    def map_of(self, titles: Sequence[str]) -> ColumnMap:
        """Return what the titles of a report mean in this shape. A title serves the first field that knows it."""
        keys = [title_key(each) for each in titles]
        taken: dict[SaleField, str] = {}
        for field in SaleField:
            found = next((each for each in self.columns.get(field, ()) if each in keys), "")
            if found and found not in taken.values():
                taken[field] = found
        return ColumnMap(tuple(taken.items()))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the columns of a report seem to mean."""

    columns: ColumnMap
    shape: Shape
    is_sure: bool
    """Whether the shape is known and holds all that is needed; else a person is asked once."""

    @property
    def why_not(self) -> str:
        """Why nobody can do without being asked, in a clause; empty when it is sure."""
        lacks = self.columns.lacks
        if self.is_sure:
            return ""
        if not lacks:
            return "its columns were guessed by their names; a person must look at them once"
        return f"no column is known for {'; '.join(each.words for each in lacks)}"


def proposed(titles: Sequence[str]) -> Proposal:
    """Return what the titles of a report mean by the shape that knows most of them."""
    keys = {title_key(each) for each in titles}
    known = [each for each in shapes() if each.columns and each.id != PLAIN]
    best = max(known, key=lambda each: (not each.map_of(titles).lacks, len(each.titles & keys)))
    columns = best.map_of(titles)
    if not columns.lacks:
        return Proposal(columns, best, is_sure=True)
    plain = next(each for each in shapes() if each.id == PLAIN)
    if len(best.titles & keys) < 4:
        best = plain
    guessed = plain.map_of(titles)
    return Proposal(guessed if len(guessed.lacks) <= len(columns.lacks) else columns, best, is_sure=False)


@cache
def shapes() -> tuple[Shape, ...]:
    """Return every shape that ships with the desk, by point of sale and name."""
    return tuple(sorted(read_shapes(data_folder() / "pos"), key=lambda each: (each.pos, each.id)))


@cache
def known_titles() -> frozenset[str]:
    """Return every title that is known, as `title_key` makes them."""
    return frozenset[str]().union(*(each.titles for each in shapes()))


def read_shapes(folder: Path) -> list[Shape]:
    """Return the shapes in a folder. Raises `ValueError` naming the file for what is no shape."""
    found: list[Shape] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            found += _shapes_of(content)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name} cannot be used: {error}") from error
    return found


def _shapes_of(content: Mapping[str, Any]) -> list[Shape]:
    if content["schema"] != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    return [_shape(content["pos"], each) for each in content["shape"]]


def _shape(pos: str, table: Mapping[str, object]) -> Shape:
    columns = table.get("columns", {})
    others = table.get("others", {})
    if not isinstance(columns, dict) or not isinstance(others, dict):
        raise TypeError("columns and others are tables")
    confidence = str(table["confidence"])
    if confidence not in CONFIDENCE:
        raise ValueError(f"there is no confidence {confidence}")
    return Shape(
        id=str(table["id"]),
        pos=pos,
        name=str(table["name"]),
        confidence=confidence,
        source=_texts(table["source"]),
        rows=str(table["rows"]),
        columns=MappingProxyType(
            {SaleField(key): tuple(map(title_key, _texts(each))) for key, each in columns.items()}
        ),
        others=frozenset(map(title_key, _texts(others.get("titles", ())))),
        notes=_texts(table.get("notes", ())),
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise TypeError(f"{value!r} is no list of texts")
    return tuple(value)
