"""What is typed into a basket: one line of it, and a whole one that was kept and is taken up again."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from pcc_desk.desk.dispensing import BasketLine
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, QuantityError, cents, parse_quantity
from pcc_desk.domain.what_if import NotUnderstood


def typed_line(package: Package, typed: str) -> BasketLine | NotUnderstood:
    """Return a line of a basket: a quantity, and the line's price after an @ when it differs."""
    amount, _, price = typed.partition("@")
    try:
        quantity = parse_quantity(amount, package.remaining.unit)
        line_cents = cents(price) if price.strip() else package.price_cents(quantity)
    except QuantityError as error:
        return NotUnderstood(str(error))
    if line_cents is None:
        return NotUnderstood("The price is not known. Type it after an @: 3.5 @ 45.00.")
    if line_cents < 0:
        return NotUnderstood("A price cannot be below zero.")
    return BasketLine(package.label, quantity, line_cents)


def kept_lines(basket: tuple[BasketLine, ...]) -> list[list[Any]]:
    """Return a basket as a draft keeps it."""
    return [[each.label, each.quantity.milli, each.quantity.unit.value, each.price_cents] for each in basket]


def sellable(stock: tuple[Package, ...], day: date) -> dict[str, Package]:
    """Return by its label what may be sold of a stock."""
    return {each.label: each for each in stock if not each.why_not_sold(day)}


def lines_again(
    kept: Sequence[Sequence[Any]], by_label: dict[str, Package]
) -> tuple[tuple[BasketLine, ...], list[str]]:
    """Return a basket that was kept, without what may not go out of the stock so any more; and the labels of that."""
    lines, gone, taken = [], [], Counter[str]()
    for label, milli, unit, price_cents in kept:
        package = by_label.get(label)
        taken[label] += milli
        if package is None or package.remaining.unit.value != unit or package.remaining.milli < taken[label]:
            gone.append(label)
        else:
            lines.append(BasketLine(label, Quantity(milli, package.remaining.unit), price_cents))
    return tuple(lines), gone
