"""What the columns of a report of sales mean when nobody can be asked: by its kind, and by plain titles."""

import json
from collections.abc import Sequence

from pcc_desk.adapters.pos.shapes import PLAIN, known_titles, proposed, shapes
from pcc_desk.adapters.pos.tables import Source, open_table
from pcc_desk.domain.columns import ColumnMap

BEGINNING = 4096


def begins_as_json(source: Source) -> bool:
    """Whether a file begins as JSON does. Raises `OSError`."""
    if isinstance(source, bytes):
        first = source[:BEGINNING]
    else:
        with source.open("rb") as file:
            first = file.read(BEGINNING)
    return first.decode(json.detect_encoding(first), "replace").lstrip("\ufeff \t\r\n")[:1] in {"[", "{"}


def json_text(raw: bytes) -> str:
    """Return JSON as text: what wrote the file may have written it in letters of two bytes. Raises `ValueError`."""
    return raw.decode(json.detect_encoding(raw))


def sale_columns(source: Source) -> tuple[ColumnMap | None, str]:
    """Return what the columns of a report mean, and by what its titles are known; None when a needed one is unknown.

    What the kind of report does not name is taken where its title is plain: a shop adds a column of card numbers.
    Raises `Damaged` and `OSError`.
    """
    with open_table(source, known_titles()) as table:
        return columns_of(table.titles), table.header


def columns_of(titles: Sequence[str]) -> ColumnMap | None:
    """Return what the titles of a report mean, see `sale_columns`."""
    found = proposed(titles).columns
    if found.lacks:
        return None
    plain = next(each for each in shapes() if each.id == PLAIN).map_of(titles)
    fields, taken = dict(found.titles), {title for _, title in found.titles}
    more = [(field, title) for field, title in plain.titles if field not in fields and title not in taken]
    return ColumnMap((*found.titles, *more))
