"""Cova's JSON as our values, by the names of its older platform (4)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.pos.lines import kind_of
from pcc_desk.adapters.pos.wire import (
    flag,
    identity,
    in_shop,
    in_stock,
    needed,
    rows_of,
    tag_of,
    thousandths,
    utc,
    words,
)
from pcc_desk.adapters.state.fields import NotUnderstood, field, naming, number
from pcc_desk.domain.quantity import Thousandths, size
from pcc_desk.domain.sales import Sale, SoldLine, tag_key
from pcc_desk.domain.shelf import ShelfPackage

Row = dict[str, Any]

NO_TAGS = (
    "no field of its invoices is known to hold the package tag; name it in the settings file (tag_field), or import "
    "its Invoice Report"
)
FINER = Decimal("0.1")
"""By how much of a cent a total may stray, since the price of one is rounded."""

UNTOLD = "?"
"""In the place of a tag that nobody can tell."""


def whole(text: str) -> int:
    """Return a number of a company or a location. Raises `ValueError`."""
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise ValueError("a company and a location have numbers")
    return int(text)


def created_at(row: Row, zone: ZoneInfo) -> datetime:
    """Return when an invoice was made, on the shop's clock. Raises `NotUnderstood`."""
    return in_shop(needed(utc(row, "CreatedDateUtc"), "when an invoice was made"), zone)


def sales_of(rows: list[Row], numbers: Mapping[str, str], tag_field: str, zone: ZoneInfo) -> tuple[Sale, ...]:
    """Return invoices by time. `numbers` are the printed ones by their ids. Raises `NotUnderstood`."""
    sales = []
    for row in rows:
        with naming(f"invoice {words(row, 'PrintableId') or words(row, 'Id')}"):
            sales.append(_sale(row, numbers, tag_field, zone))
    return tuple(sorted(sales, key=lambda each: (each.sold_at.astimezone(UTC), each.number)))


def _sale(row: Row, numbers: Mapping[str, str], tag_field: str, zone: ZoneInfo) -> Sale:
    key = identity(row, "Id", "an invoice")
    printed = words(row, "PrintableId")
    is_back = flag(row, "IsRefund")
    items = [item for order in rows_of(field(row, "Orders")) for item in rows_of(field(order, "Items"))]
    lines = tuple(_line(each, str(place), tag_field, is_back=is_back) for place, each in enumerate(items, start=1))
    original = words(row, "OriginalInvoiceId")
    return Sale(
        number=printed or key,
        sold_at=created_at(row, zone),
        lines=lines,
        kind=kind_of(lines, "return" if is_back else ""),
        refers_to=numbers.get(original) or original,
        other_numbers=(key,) if printed else (),
    )


def _line(row: Row, place: str, tag_field: str, *, is_back: bool) -> SoldLine:
    """Return a line. `SellingPrice` is taken for that of one (4) [C]; of a refund it is below zero."""
    milli = thousandths(row, "Quantity")
    cents = _total(needed(number(row, "SellingPrice"), "SellingPrice"), milli)
    return SoldLine(
        label=tag_key(tag_of(row, tag_field)) if tag_field else UNTOLD,
        milli=-size(milli) if is_back else milli,
        price_cents=-abs(cents) if is_back else cents,
        product=words(row, "Description") or words(row, "Sku"),
        number=words(row, "Id", 60) or place,
    )


def _total(price: Decimal, milli: Thousandths) -> int:
    """Return the price of so many thousandths in cents. The price of one may be finer than a cent; a total is not."""
    exact = price * milli.numerator / milli.denominator / 10
    nearest = exact.quantize(Decimal(1), ROUND_HALF_EVEN)
    if abs(exact - nearest) > FINER:
        raise NotUnderstood("a price times a quantity is no whole number of cents")
    return int(nearest)


def product(row: Row, location: int) -> ShelfPackage | None:
    """Return a product and how many of it are there; None for one that is archived or kept nowhere."""
    if flag(row, "IsArchived") or flag(row, "IsNonStock"):
        return None
    there = [
        in_stock(each, "InStockQuantity")
        for each in rows_of(field(row, "Availability") or [])
        if number(each, "LocationId") == location
    ]
    return ShelfPackage(
        label="",
        product=words(row, "Name"),
        milli=sum(there),
        category=words(row, "ClassificationName"),
        status=words(row, "LifeCycle"),
        product_key=identity(row, "ProductId", "a product"),
    )
