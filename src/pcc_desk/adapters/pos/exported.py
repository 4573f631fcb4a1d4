"""Sales from a file of any kind that is known: a report, or what an interface answered, kept as JSON."""

import hashlib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.http import exact_json
from pcc_desk.adapters.pos import cova_wire, dutchie_wire, flowhub_wire
from pcc_desk.adapters.pos.reading import Damaged, read_sales
from pcc_desk.adapters.pos.tables import Source
from pcc_desk.adapters.pos.titles import begins_as_json, json_text
from pcc_desk.adapters.pos.wire import rows_of, words
from pcc_desk.adapters.state.fields import NotUnderstood, field, naming, number
from pcc_desk.domain.columns import ColumnMap
from pcc_desk.domain.sales import Pull, Sale

LARGEST_JSON = 512 * 1024 * 1024


def read_any(
    source: Source,
    zone: ZoneInfo,
    columns: ColumnMap | None = None,
    *,
    name: str = "",
    guess: bool = False,
    tag_field: str = "",
) -> Pull:
    """Return the sales of a file: CSV of any known kind, or JSON as Dutchie, Flowhub and Cova answer.

    `tag_field` is where Cova's items bear the tag. Raises `Damaged`, `UnknownColumns` or `OSError`.
    """
    if not begins_as_json(source):
        return read_sales(source, zone, columns, name=name, guess=guess)
    raw = source if isinstance(source, bytes) else _read(source)
    label = name or (source.name if isinstance(source, Path) else "a file")
    try:
        return _pull(exact_json(json_text(raw).encode()), zone, tag_field, label, hashlib.sha256(raw).hexdigest())
    except NotUnderstood as error:
        raise Damaged(str(error)) from error
    except ValueError as error:
        raise Damaged("it is cut or no JSON; export it again") from error


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_JSON:
        raise Damaged(f"it is larger than {LARGEST_JSON // 1024 // 1024} MB; export a day")
    return path.read_bytes()


def _pull(body: Any, zone: ZoneInfo, tag_field: str, name: str, sha256: str) -> Pull:
    orders = field(body, "orders")
    if orders is None and isinstance(body, dict):
        raise NotUnderstood("it is one object, and neither a list of sales nor the orders of Flowhub")
    rows = rows_of(body if orders is None else orders)
    why = ""
    if orders is not None or any(field(each, "itemsInCart") is not None for each in rows):
        shelf = flowhub_wire.Shelf(())
        sales = flowhub_wire.sales_of([each for each in rows if flowhub_wire.is_sold(each)], shelf, zone)
        why = _why_partial(body, len(rows)) or shelf.why_partial
    elif any(words(each, "transactionId") for each in rows):
        sales = _dutchie(rows, zone)
    elif any(words(each, "PrintableId") for each in rows):
        numbers = {words(each, "Id"): words(each, "PrintableId") for each in rows}
        sales = cova_wire.sales_of(rows, numbers, tag_field, zone)
        why = "" if tag_field else cova_wire.NO_TAGS
    elif rows:
        raise NotUnderstood("its objects are sales of no point of sale that is known")
    else:
        sales = ()
    return Pull(sales, name, sha256, len(rows), is_complete=not why, why_partial=why, zone=zone.key)


def _why_partial(body: Any, here: int) -> str:
    """Return why Flowhub's answer is not all there is, by the count that it bears (3)."""
    total = number(body, "total")
    return f"it holds {here} of {int(total)} orders; fetch every page" if total is not None and here < total else ""


def _dutchie(rows: list[dict[str, Any]], zone: ZoneInfo) -> tuple[Sale, ...]:
    newest: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(rows, start=1):
        with naming(f"object {place} of {len(rows)}"):
            dutchie_wire.keep_newest(newest, row)
    sold = dutchie_wire.day_of(list(newest.values()), None, zone)
    return dutchie_wire.sales_of(sold, {}, zone)
