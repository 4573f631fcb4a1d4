"""The state's receipts as a file: a table of them, or what METRC's interface answered, kept as JSON."""

import hashlib
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.pos.cells import why_no_tag
from pcc_desk.adapters.pos.reading import Damaged, UnknownColumns, read_sales
from pcc_desk.adapters.pos.shapes import Shape, read_shapes
from pcc_desk.adapters.pos.tables import Source, Table, open_table
from pcc_desk.adapters.pos.titles import begins_as_json, json_text
from pcc_desk.domain.columns import ColumnMap
from pcc_desk.domain.sales import Kind, Receipt, ReceiptPull, Sale
from pcc_desk.shipped import data_folder

LARGEST_JSON = 512 * 1024 * 1024


def read_receipts(source: Source, zone: ZoneInfo, *, name: str = "") -> ReceiptPull:
    """Return the receipts of a file. Raises `Damaged` with the row or the reason, and `OSError`."""
    label = name or (source.name if isinstance(source, Path) else "a file")
    if begins_as_json(source):
        return _of_json(source, zone, label)
    columns, header = receipt_columns(source)
    pull = read_sales(source, zone, {header: columns}, name=label)
    receipts = tuple(as_receipt(each) for each in pull.sales)
    return ReceiptPull(receipts, label, pull.sha256, pull.rows, zone=zone.key)


def receipt_columns(source: Source) -> tuple[ColumnMap, str]:
    """Return what the columns of a table of receipts mean, and by what its titles are known.

    Raises `UnknownColumns` when a needed one is not there.
    """
    with open_table(source, receipt_titles()) as table:
        return columns_of(table), table.header


def columns_of(table: Table) -> ColumnMap:
    """Return what the columns of a table of receipts mean. Raises `UnknownColumns` when a needed one is not there."""
    found = max((each.map_of(table.titles) for each in _shapes()), key=lambda each: len(each.titles))
    if found.lacks:
        words = "; ".join(each.words for each in found.lacks)
        why = f"no column is known for {words}; its titles stand in row {table.header_at}"
        raise UnknownColumns(why, table.header)
    return found


@cache
def _shapes() -> tuple[Shape, ...]:
    return tuple(read_shapes(data_folder() / "state-files"))


@cache
def receipt_titles() -> frozenset[str]:
    """Return every title that a table of receipts is known to have."""
    return frozenset[str]().union(*(each.titles for each in _shapes()))


def as_receipt(told: Sale) -> Receipt:
    """Return a receipt that was read as the rows of a sale."""
    return Receipt(
        number=told.number,
        external_number=told.external_number,
        sold_at=told.sold_at,
        lines=told.lines,
        is_void=told.kind is Kind.VOID,
        recorded_at=told.recorded_at,
        buyer=told.buyer,
        patient_key=told.patient_key,
        caregiver_key=told.caregiver_key,
    )


def _of_json(source: Source, zone: ZoneInfo, label: str) -> ReceiptPull:
    from pcc_desk.adapters.state import metrc_wire as wire  # noqa: PLC0415 - tables do without it
    from pcc_desk.adapters.state.fields import NotUnderstood  # noqa: PLC0415

    if isinstance(source, Path) and source.stat().st_size > LARGEST_JSON:
        raise Damaged(f"it is larger than {LARGEST_JSON // 1024 // 1024} MB; export a day")
    raw = source if isinstance(source, bytes) else source.read_bytes()
    try:
        body = json.loads(json_text(raw), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Damaged("it is cut or no JSON; export it again") from error
    try:
        rows = _newest(wire.rows(body))
        receipts = tuple(wire.receipt(each, zone) for each in rows)
        _refuse_no_tags(receipts)
        why = wire.why_partial(body) or _why_bare(receipts)
    except (NotUnderstood, RecursionError) as error:
        raise Damaged(f"it cannot be understood: {error}") from error
    return ReceiptPull(
        receipts,
        label,
        hashlib.sha256(raw).hexdigest(),
        len(receipts),
        is_complete=not why,
        why_partial=why,
        zone=zone.key,
    )


def _refuse_no_tags(receipts: tuple[Receipt, ...]) -> None:
    """Raise `Damaged` where a tag is what a spreadsheet made of one: a table is kept as JSON too."""
    for receipt in receipts:
        why = next(filter(None, (why_no_tag(line.label) for line in receipt.lines)), "")
        if why:
            raise Damaged(f"receipt {receipt.shown}: {why}")


def _why_bare(receipts: tuple[Receipt, ...]) -> str:
    bare = sum(not each.lines for each in receipts)
    if not bare:
        return ""
    return f"{bare} of its {len(receipts)} receipts were exported without their lines; fetch each by its number"


def _newest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each receipt once, as it was changed last: it may stand in the open and in the closed list."""
    from pcc_desk.adapters.state import metrc_wire as wire  # noqa: PLC0415
    from pcc_desk.adapters.state.fields import naming  # noqa: PLC0415

    newest: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(rows, start=1):
        with naming(f"object {place} of {len(rows)}"):
            number = wire.receipt_number(row)
        known = newest.get(number)
        if known is None or wire.changed_at(row) >= wire.changed_at(known):
            newest[number] = row
    return list(newest.values())
