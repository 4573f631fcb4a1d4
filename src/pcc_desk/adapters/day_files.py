"""A day's comparison from files. Tables are first rid of the lines that are the same on both sides."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.reading import Damaged, UnknownColumns, collector_resting, read_sales
from pcc_desk.adapters.pos.shapes import known_titles
from pcc_desk.adapters.pos.tables import Table
from pcc_desk.adapters.pos.titles import begins_as_json, columns_of, sale_columns
from pcc_desk.adapters.rows_by_column import NotPlain
from pcc_desk.adapters.same_lines import laid_aside
from pcc_desk.adapters.side_columns import Progress, Readers, read_side, rest_of
from pcc_desk.adapters.state.receipt_files import as_receipt, read_receipts, receipt_titles
from pcc_desk.adapters.state.receipt_files import columns_of as columns_of_receipts
from pcc_desk.domain.columns import ColumnMap, SaleField
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared, NotCompared
from pcc_desk.domain.reconciling.records import MIDNIGHT
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Dispensed, Kind, Pull, ReceiptPull, Sale

T = TypeVar("T")


def compare_files(
    pos: Path,
    state: Path,
    day: date,
    zone: ZoneInfo,
    *,
    desk: Path | None = None,
    terms: Terms,
    context: Context,
    progress: Progress = lambda name, rows: None,
) -> Compared:
    """Compare a day. The answer is that of the comparison of all that is in the files, however it is reached.

    A file that cannot be read, or not whole, is not compared. `progress` is told how many rows of which file are read.
    """
    with collector_resting():
        if desk is None and _asks_nothing_of_all(terms, context):
            try:
                return _rid_of_the_same(pos, state, day, zone, terms=terms, context=context, progress=progress)
            except (NotPlain, Damaged, OSError):
                pass  # what is wrong, and with which file, is said by whoever reads them whole
        sales = _side(pos, "POS", lambda: read_sale_file(pos, zone))
        receipts = _side(state, "state", lambda: read_receipts(state, zone))
        own = _side(desk, "desk", lambda: _own(desk, zone)) if desk is not None else ()
        if isinstance(own, NotCompared):
            return compare(own, receipts, day)
        return compare(sales, receipts, day, desk=own, terms=terms, context=context)


def read_sale_file(path: Path, zone: ZoneInfo) -> Pull:
    """Return the sales of a file of any known kind. Raises `Damaged`, `UnknownColumns` or `OSError`."""
    if begins_as_json(path):
        from pcc_desk.adapters.pos.exported import read_any  # noqa: PLC0415 - it loads what speaks over the net

        return read_any(path, zone)
    columns, header = sale_columns(path)
    return read_sales(path, zone, {header: columns} if columns else None, guess=True)


def _asks_nothing_of_all(terms: Terms, context: Context) -> bool:
    """Whether nothing is asked that takes every line: people of several numbers, days that begin in the night."""
    knows_none = context.packages is not None and not context.packages
    return not (context.same_person or knows_none) and terms.day_begins == MIDNIGHT


def _rid_of_the_same(
    pos: Path, state: Path, day: date, zone: ZoneInfo, *, terms: Terms, context: Context, progress: Progress
) -> Compared:
    """Compare two tables without what is the same in both. Raises `NotPlain`, `Damaged` or `OSError`."""
    if begins_as_json(pos) or begins_as_json(state):
        raise NotPlain
    readers = Readers(zone, terms, context)
    left = laid_aside(
        read_side(pos, known_titles(), _of_sales, readers, progress),
        read_side(state, receipt_titles(), columns_of_receipts, readers, progress),
        readers,
    )
    readers.refuse_lost_digits()
    sales = rest_of(left.pos, left.of_pos, zone)
    receipts = tuple(as_receipt(each) for each in rest_of(left.state, left.of_state, zone))
    return compare(
        Pull(sales, pos.name, left.pos.sha256, len(left.pos.lines)),
        ReceiptPull(receipts, state.name, left.state.sha256, len(left.state.lines)),
        day,
        terms=terms,
        context=context,
        aside=left.aside,
    )


def _of_sales(table: Table) -> ColumnMap:
    """Return what the columns of a report mean, where no number in them ties a sale to a receipt."""
    found = columns_of(table.titles)
    if found is None or {SaleField.EXTERNAL, SaleField.RECEIPT} & {field for field, _ in found.titles}:
        raise NotPlain
    return found


def _side(path: Path, side: str, read: Callable[[], T]) -> T | NotCompared:
    """Return what a file tells, or why it tells nothing: a side that cannot be read is never different."""
    name = cleaned(path.name, 120)
    try:
        return read()
    except UnknownColumns as error:
        return NotCompared(side, f"what the columns of {name} mean is not known: {error}")
    except Damaged as error:
        return NotCompared(side, f"{name} cannot be used: {error}")
    except OSError as error:
        return NotCompared(side, f"{name} cannot be read ({error.strerror})")


def _own(path: Path, zone: ZoneInfo) -> tuple[Dispensed, ...]:
    pull = read_sale_file(path, zone)
    if not pull.is_complete:
        raise Damaged(pull.why_partial)
    return tuple(_dispensed(each) for each in pull.sales)


def _dispensed(told: Sale) -> Dispensed:
    """Return what the desk handed out, from rows in the form of a sale."""
    return Dispensed(
        number=told.external_number or told.number,
        sold_at=told.sold_at,
        lines=told.lines,
        receipt=told.state_receipt,
        why_unposted="" if told.state_receipt else told.submit_status,
        is_void=told.kind is Kind.VOID,
        buyer=told.buyer,
        patient_key=told.patient_key,
        caregiver_key=told.caregiver_key,
    )
