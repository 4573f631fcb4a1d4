"""Dutchie's closing report and inventory (2.4, 2.7)."""

from decimal import Decimal
from typing import Any

from pcc_desk.adapters.pos.wire import day_of, dollars, in_stock, words
from pcc_desk.adapters.state.fields import NotUnderstood, number
from pcc_desk.domain.sales import Closing, LineUnit, line_unit, tag_key
from pcc_desk.domain.shelf import ShelfPackage

Row = dict[str, Any]


def closing(body: Any, source: str) -> Closing:
    """Return the control totals of a closing report (2.4). Raises `NotUnderstood`."""
    if not isinstance(body, dict):
        raise NotUnderstood("it is no report")
    count, net = number(body, "transactionCount"), dollars(body, "netSales")
    if count is None or net is None:
        raise NotUnderstood("a closing report has no count of transactions or no net sales")
    voids = number(body, "voidCount")
    return Closing(
        source=source,
        read_at=None,
        sales=int(count),
        cents=net,
        returns_cents=dollars(body, "returnTotal"),
        voids=None if voids is None else int(voids),
    )


def package(row: Row) -> ShelfPackage:
    """Return a package of the reporting inventory (2.7). Raises `NotUnderstood`."""
    price = next((each for name in ("medUnitPrice", "unitPrice") if (each := _price(row, name))), None)
    potency = number(row, "effectivePotencyMg")
    return ShelfPackage(
        label=tag_key(words(row, "packageId", 60)),
        product=words(row, "productName"),
        milli=in_stock(row, "quantityAvailable"),
        unit=line_unit(words(row, "quantityUnits")),
        category=words(row, "category"),
        status=words(row, "packageStatus"),
        lab_status=words(row, "labTestStatus"),
        price_cents=price,
        unit_weight_mg=_milligrams(row, "unitWeight"),
        equivalent_mg=_milligrams(row, "flowerEquivalent"),
        potency_mg="" if potency is None else f"{potency:f}",
        expires_on=day_of(row, "expirationDate"),
        packaged_on=day_of(row, "packagedDate"),
        product_key=words(row, "productId"),
    )


def _price(row: Row, name: str) -> int | None:
    """Return a price in cents; None for none, and for one that is finer than a cent: it prices nothing by itself."""
    try:
        return dollars(row, name)
    except NotUnderstood:
        return None


def _milligrams(row: Row, name: str) -> int | None:
    grams = number(row, name)
    unit = words(row, f"{name}Unit") or words(row, f"{name}Units")
    if grams is None or line_unit(unit) is not LineUnit.GRAMS:
        return None
    return int((grams * 1000).to_integral_value()) if abs(grams) < Decimal(10**9) else None
