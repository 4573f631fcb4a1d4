"""Flowhub's JSON as our values: money in whole cents, status in any case, tags not told (3)."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pcc_desk.adapters.pos.lines import kind_of
from pcc_desk.adapters.pos.wire import (
    Rule,
    day_of,
    flag,
    identity,
    in_shop,
    in_stock,
    needed,
    pennies,
    rows_of,
    rule_that_adds_up,
    thousandths,
    utc,
    words,
)
from pcc_desk.adapters.state.fields import NotUnderstood, field, inside, naming, number
from pcc_desk.domain.quantity import size
from pcc_desk.domain.sales import NOT_TOLD, Buyer, Sale, SoldLine, line_unit, tag_key
from pcc_desk.domain.shelf import ShelfPackage

Row = dict[str, Any]

BUYERS = {"medcustomer": Buyer.MEDICAL, "reccustomer": Buyer.CONSUMER}
UNKNOWN = "??"
"""In the place of a tag of which nobody can tell whether there is one."""


def piece(text: str) -> str:
    """Return a text as one piece of a path."""
    return quote(text, safe="")


def needed_text(row: Row, name: str) -> str:
    """Return a text that must be there. Raises `NotUnderstood`."""
    return identity(row, name, name)


def total_of(body: Any) -> int:
    """Return how many orders there are. Raises `NotUnderstood`."""
    total = number(body, "total")
    if total is None or total != int(total) or total < 0:
        raise NotUnderstood("it does not say how many orders there are")
    return int(total)


def is_sold(row: Row) -> bool:
    """Whether an order was paid, or paid and struck. It is written "Sold" and comes as "sold"."""
    return words(row, "orderStatus").lower() == "sold" or flag(row, "voided")


def paid_at(row: Row, zone: ZoneInfo) -> datetime:
    """Return when an order was paid; when it was opened for one that was struck before. Raises `NotUnderstood`."""
    at = utc(row, "completedOn") or (utc(row, "createdAt") if flag(row, "voided") else None)
    return in_shop(needed(at, "when an order was paid"), zone)


class Shelf:
    """Of which packages a line of a sale may be, by the stock. Which it was, no line and no stock tells."""

    def __init__(self, stock: Iterable[ShelfPackage]) -> None:
        self._tags: dict[str, set[str]] = {}
        for each in stock:
            self._tags.setdefault(each.product_key, set()).add(each.label)
        self.unknown = 0
        """How many lines are of a product that the stock does not have."""

    def packages_of(self, line: Row, *, counts: bool) -> tuple[str, tuple[str, ...]]:
        """Return the tag of a line, and of which packages it may be where the tag is not told.

        Empty: the state does not track it. What was struck does not count: its tag is nobody's question. The only
        package in stock is no answer: the one that was sold may have been another, which is gone.
        """
        tags = self._tags.get(words(line, "variantId"))
        if tags is None:
            self.unknown += counts
            return UNKNOWN, ()
        return (NOT_TOLD if any(tags) else ""), tuple(sorted(tags - {""}))

    @property
    def why_partial(self) -> str:
        """Why the day is not told whole; empty when it is."""
        if not self.unknown:
            return ""
        lines = "one line of its sales has" if self.unknown == 1 else f"{self.unknown} lines of its sales have"
        why = "and no stock that was read tells whether it has one"
        return f"{lines} no package tag, {why}; import the day's CSV report instead"


def sales_of(rows: list[Row], shelf: Shelf, zone: ZoneInfo) -> tuple[Sale, ...]:
    """Return sales by time. Raises `NotUnderstood`."""
    plain = [row for row in rows if not flag(row, "voided") and not words(row, "originalSaleId")]
    price = rule_that_adds_up((_as_is, _less_discounts), map(_sum_of, plain))
    numbers = {needed_text(row, "id"): words(row, "orderId") for row in rows}
    sales = []
    for row in rows:
        with _named(row):
            sales.append(_sale(row, price, shelf, zone, numbers))
    return tuple(sorted(sales, key=lambda each: (each.sold_at.astimezone(UTC), each.number)))


def _named(row: Row) -> AbstractContextManager[None]:
    return naming(f"order {words(row, 'orderId') or needed_text(row, 'id')}")


def _sum_of(row: Row) -> tuple[list[Row], int]:
    """Return the lines of an order and what its goods came to.

    The discounts are read here already, so that what is not understood of them is said of their order.
    """
    with _named(row):
        lines, goods = lines_of(row), _goods(row)
        _ = [*map(_less_discounts, lines)]
        return lines, goods


def unknown_at(sales: Iterable[Sale]) -> tuple[datetime, ...]:
    """Return when the sales were made that count and have a line of which nobody can tell whether it bears a tag."""
    return tuple(
        each.sold_at for each in sales if not each.is_void and any(line.label == UNKNOWN for line in each.lines)
    )


def lines_of(row: Row) -> list[Row]:
    """Return the lines of an order. Raises `NotUnderstood`."""
    return rows_of(field(row, "itemsInCart"))


def _goods(row: Row) -> int:
    """Return what the goods came to before tax and after discount: all that was paid, less taxes and fees."""
    totals = inside(row, "totals")
    paid = needed(pennies(totals, "FinalTotal"), "FinalTotal")
    return paid - (pennies(totals, "TotalTaxes") or 0) - (pennies(totals, "TotalFees") or 0)


def _as_is(line: Row) -> int:
    return needed(pennies(line, "totalPrice"), "a line's price")


def _less_discounts(line: Row) -> int:
    return _as_is(line) - _discounts(line)


def _discounts(line: Row) -> int:
    said = field(line, "itemDiscounts")
    return 0 if said is None else sum(pennies(each, "penniesOff") or 0 for each in rows_of(said))


def _taxes(line: Row) -> int | None:
    said = field(line, "tax")
    return None if said is None else sum(pennies(each, "thisTaxInPennies") or 0 for each in rows_of(said))


def _sale(row: Row, price: Rule[Row], shelf: Shelf, zone: ZoneInfo, numbers: Mapping[str, str]) -> Sale:
    original = words(row, "originalSaleId")
    is_back = bool(original)
    is_void = flag(row, "voided")
    lines = tuple(
        _line(each, str(place), price, shelf.packages_of(each, counts=not is_void), is_back=is_back)
        for place, each in enumerate(lines_of(row), start=1)
    )
    opened = utc(row, "createdAt")
    key = needed_text(row, "id")
    number_ = words(row, "orderId") or key
    return Sale(
        number=number_,
        sold_at=paid_at(row, zone),
        lines=lines,
        kind=kind_of(lines, "return" if is_back else "", is_void=is_void),
        refers_to=numbers.get(original) or original,
        opened_at=None if opened is None else in_shop(opened, zone),
        buyer=BUYERS.get(words(row, "customerType").lower(), Buyer.UNKNOWN),
        other_numbers=(key,) if key != number_ else (),
    )


def _line(row: Row, place: str, price: Rule[Row], packages: tuple[str, tuple[str, ...]], *, is_back: bool) -> SoldLine:
    milli, cents = thousandths(row, "quantity"), price(row)
    return SoldLine(
        label=packages[0],
        may_be=packages[1],
        milli=-size(milli) if is_back else milli,
        price_cents=-abs(cents) if is_back else cents,
        product=words(row, "productName"),
        number=words(row, "id", 60) or place,
        unit=line_unit(words(row, "unitOfWeight")),
        discount_cents=_discounts(row),
        tax_cents=_taxes(row),
    )


def package(row: Row) -> ShelfPackage:
    """Return a package of the inventory. Raises `NotUnderstood`."""
    price = pennies(row, "preTaxPriceInPennies")
    return ShelfPackage(
        label=tag_key(words(row, "regulatoryId", 60)),
        product=words(row, "productName"),
        milli=in_stock(row, "quantity"),
        unit=line_unit(words(row, "inventoryUnitOfMeasure")),
        category=words(row, "category"),
        price_cents=pennies(row, "priceInMinorUnits") if price is None else price,
        expires_on=day_of(row, "expirationDate"),
        product_key=words(row, "variantId"),
    )
