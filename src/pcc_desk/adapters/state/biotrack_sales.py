"""The legacy interface's rows of sales and stock, put together (3.2): one row for each line, a correction a new row."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.state import biotrack_wire as wire
from pcc_desk.adapters.state.fields import NotUnderstood, identifier, number, text
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Unit, money, thousandths
from pcc_desk.domain.sales import Receipt, SoldLine

ORIGINAL = "transactionid_original"


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One line of a sale, as one transaction left it."""

    transaction: int
    sale: str
    """The transaction that the sale began with, which is the receipt's number."""
    item: str
    line: SoldLine
    at: datetime
    """When the server took it, which after an outage is not when it was sold."""
    is_deleted: bool
    is_refunded: bool
    location: str


def sale_row(row: dict[str, Any], zone: ZoneInfo) -> SaleRow:
    """Return a row of `sync_sale`; its price is that of the line. Raises `NotUnderstood`."""
    number_of = wire.transaction(row, "transactionid")
    return SaleRow(
        transaction=number_of,
        sale=str(wire.transaction(row, ORIGINAL) if identifier(row, ORIGINAL) else number_of),
        item=identifier(row, "itemnumber"),
        line=wire.line(identifier(row, "inventoryid").upper(), number(row, "quantity"), number(row, "price")),
        at=wire.unix_time(row, "sessiontime", zone),
        is_deleted=wire.flag(row, "deleted") is True,
        is_refunded=wire.flag(row, "refunded") is True,
        location=identifier(row, "location"),
    )


def by_sale(rows: Iterable[SaleRow]) -> dict[str, list[SaleRow]]:
    """Return rows by the sale that they are of."""
    sales: dict[str, list[SaleRow]] = {}
    for row in rows:
        sales.setdefault(row.sale, []).append(row)
    return sales


def standing_lines(rows: Iterable[SaleRow]) -> list[SaleRow]:
    """Return the newest row of each line of one sale, deleted ones included.

    What a row that is marked as refunded says of the sale is not published, so that it never takes the place of one
    that is not: a refund shows as a difference for a person, and never as a sale that is missing.
    """
    newest: dict[tuple[str, str], SaleRow] = {}
    for row in sorted(rows, key=lambda each: (not each.is_refunded, each.transaction)):
        newest[row.line.label, row.item] = row
    return list(newest.values())


def receipt_of(sale: str, rows: list[SaleRow], sold_at: datetime | None = None) -> Receipt:
    """Return a sale as a receipt: void when each of its lines is deleted."""
    lines = standing_lines(rows)
    left = [each for each in lines if not each.is_deleted]
    return Receipt(
        number=sale,
        external_number="",
        sold_at=sold_at or min(each.at for each in rows),
        lines=tuple(each.line for each in (left or lines)),
        is_void=not left,
    )


def receipts_on(day: date, rows: list[SaleRow], from_transaction: int) -> tuple[Receipt, ...]:
    """Return the receipts of a local day out of rows that were read from a transaction on.

    A sale that began before it is of an earlier day, and is here only because it was corrected since.
    """
    began = sorted((each.transaction, each.at) for each in rows if str(each.transaction) == each.sale)
    receipts = [
        receipt_of(sale, of_it, _not_after_the_next(int(sale), min(each.at for each in of_it), began))
        for sale, of_it in by_sale(rows).items()
        if int(sale) >= from_transaction
    ]
    return tuple(sorted((each for each in receipts if each.sold_at.date() == day), key=_by_time))


def _by_time(receipt: Receipt) -> tuple[datetime, str]:
    return receipt.sold_at, receipt.number


def _not_after_the_next(sale: int, at: datetime, began: list[tuple[int, datetime]]) -> datetime:
    """Return when a sale was taken, of which perhaps only a later correction is left.

    Numbers grow, so that it was not after the sale that follows: then it was about when the one before it was.
    """
    place = bisect_right(began, sale, key=lambda each: each[0])
    is_too_late = 0 < place < len(began) and at > began[place][1]
    return began[place - 1][1] if is_too_late else at


# Corrections

NOTHING_IS_ADDED = "nothing can be added to a sale; void it, and post what was dispensed anew"


@dataclass(frozen=True, slots=True)
class Correction:
    """What makes a receipt say what was really dispensed: new prices, and what comes back of it."""

    prices: tuple[tuple[str, str, str], ...]
    """Package, number of the line, and the new price of the line."""
    refunds: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Uncorrectable:
    """Why a receipt cannot be made to say that."""

    why: str


def correction(rows: list[SaleRow], dispensation: Dispensation) -> Correction | Uncorrectable:
    """Return the steps from what a receipt says to what was dispensed; none when it says so already.

    `sale_modify` changes a price and `sale_refund` takes back (3.2): nothing adds to a sale. What a row that is marked
    as refunded leaves of a sale is not published, and is not guessed.
    """
    lines = [each for each in standing_lines(rows) if not each.is_deleted]
    if not lines:
        return Uncorrectable("it is void, or not in the state's record")
    if any(each.is_refunded for each in rows):
        return Uncorrectable("something of it was refunded before; correct it on the state's page")
    wanted = {each.label.upper(): (each.quantity.milli, each.price_cents) for each in dispensation.lines}
    labels = {each.line.label for each in lines}
    if len(labels) != len(lines) or len(wanted) != len(dispensation.lines):
        return Uncorrectable("a package stands on it more than once; correct it on the state's page")
    if not wanted.keys() <= labels:
        return Uncorrectable(NOTHING_IS_ADDED)
    prices: list[tuple[str, str, str]] = []
    refunds: list[dict[str, str]] = []
    for each in lines:
        is_milli, is_cents = each.line.milli, each.line.price_cents
        be_milli, be_cents = wanted.get(each.line.label, (0, 0))
        if be_milli > is_milli or (be_milli < is_milli and be_cents > is_cents):
            return Uncorrectable(NOTHING_IS_ADDED)
        if be_milli < is_milli:
            less = {"quantity": thousandths(is_milli - be_milli), "price": money(is_cents - be_cents)}
            refunds.append({"barcodeid": each.line.label, **less})
        elif be_cents != is_cents:
            prices.append((each.line.label, each.item, money(be_cents)))
    return Correction(tuple(prices), tuple(refunds))


# Stock


def packages(rows: list[dict[str, Any]], categories: Mapping[str, str]) -> tuple[Package, ...]:
    """Return the newest word on each package of `sync_inventory`, without those that are deleted."""
    newest: dict[str, tuple[int, dict[str, Any]]] = {}
    for row in rows:
        label, changed = wire.needed(row, "id").upper(), wire.transaction(row, "transactionid")
        if label not in newest or changed >= newest[label][0]:
            newest[label] = changed, row
    left = ((label, row) for label, (_, row) in newest.items() if not wire.flag(row, "deleted"))
    return tuple(_package(label, row, categories) for label, row in left)


def _package(label: str, row: dict[str, Any], categories: Mapping[str, str]) -> Package:
    kind = identifier(row, "inventorytype")
    remaining = number(row, "remaining_quantity")
    if remaining is None:
        raise NotUnderstood("a package has no quantity")
    unit = Unit.GRAMS if kind in wire.BY_WEIGHT else Unit.EACH if kind in wire.BY_PIECE else None
    stocked = wire.Stocked(
        label=label,
        product=text(row, "productname") or text(row, "strain"),
        kind=kind,
        remaining=remaining,
        unit=unit,
        unit_words=f"the way of type {kind or 'unknown'}",
        piece_g=wire.first_of(row, ("usable_weight", "rec_usableweight")),
        blocked=wire.why_blocked(row, (("seized", "seized"), ("is_sample", "a sample"), ("wet", "not dried"))),
    )
    return wire.package(stocked, categories)
