"""Small tables of which the columns are known by their plain names: the catalogue, the stock."""

from collections.abc import Mapping

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.cells import cents, in_row
from pcc_desk.adapters.pos.tables import Damaged, Row, open_table
from pcc_desk.domain.columns import title_key

PRICE_COLUMNS = {"label": ("package id", "external package id"), "price": ("unit price", "price")}


def read_prices(raw: bytes) -> dict[str, int]:
    """Return cents for one piece or one gram by package label. Raises `Damaged`."""
    at, rows = table(raw, PRICE_COLUMNS, ("label", "price"))
    return {
        label: in_row(cents, number, row[at["price"]], "the price")
        for number, row in rows
        if (label := cleaned(row[at["label"]], 60).upper())
    }


def table(
    raw: bytes, columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
) -> tuple[dict[str, int], list[Row]]:
    """Return where each known column stands, and the rows below the header. Raises `Damaged`."""
    known = frozenset(title for titles in columns.values() for title in titles)
    names = ", ".join(columns[name][0] for name in needed)
    with open_table(raw, known) as found:
        at = places(found.titles, columns)
        missing = [columns[name][0] for name in needed if name not in at]
        if missing:
            is_near = len(missing) < len(needed)
            raise Damaged(
                f"columns are missing: {', '.join(missing)}"
                if is_near
                else f"no row holds the columns it needs ({names})"
            )
        return at, list(found.rows)


def places(titles: tuple[str, ...], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return where each column stands. Raises `Damaged` for one that is there twice."""
    keys = [title_key(each) for each in titles]
    at: dict[str, int] = {}
    for name, known in columns.items():
        for title in known:
            if keys.count(title) > 1:
                raise Damaged(f"the column “{title}” is there twice")
            if title in keys and name not in at:
                at[name] = keys.index(title)
    return at
