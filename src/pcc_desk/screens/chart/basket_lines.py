"""What is dispensed in lines: for whom, out of what stock, and what is in the basket."""

from collections.abc import Callable
from datetime import date

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.dispensing import BasketLine
from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.people import Patient, age_on, name_key
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import money
from pcc_desk.domain.sales import short_tag
from pcc_desk.screens.allotments.standing_sheet import short_standing, source_line
from pcc_desk.screens.queue.caregiver_words import through_words
from pcc_desk.screens.young_words import young_lines
from pcc_desk.widgets.listing import Column, Row
from pcc_desk.widgets.sheet import Line

STOCK = (
    Column("Product", 20, grow=True),
    Column("Kind", 11),
    Column("Left", 11, align="right"),
    Column("Price", 8, align="right"),
    Column("Tag", 10),
    Column("", 12),
)

BASKET_LINES = 5
"""Of a longer basket, the newest are shown."""


def head_lines(desk: Desk, patient: Patient, known: PatientStanding) -> tuple[Line, ...]:
    """Return who it is for, through whom, and what may be dispensed."""
    words, tone = through_words(known.through) if known.through else ("", "")
    return (
        ((f"Dispense to {patient.name}", "heading"), (f"   {words}" if words else "", tone)),
        short_standing(known),
        source_line(known, desk.shop, desk.today),
        *young_lines(known.standing.rules, age_on(patient.born, desk.today)),
    )


def stock_rows(
    stock: tuple[Package, ...], typed: str, today: date, too_young_for: Callable[[Package], str]
) -> tuple[Row, ...]:
    """Return what is called as was typed: words of the product in any order, or the end of the tag."""
    wanted = name_key(typed).split()
    rows = []
    for each in stock:
        told = f"{name_key(each.product)} {each.category} {each.label.lower()}"
        if all(word in told for word in wanted):
            why_not = each.why_not_sold(today) or ("too young" if too_young_for(each) else "")
            price = money(each.unit_price_cents) if each.unit_price_cents is not None else "–"
            cells = (each.product, each.category, str(each.remaining), price, short_tag(each.label), why_not)
            rows.append(Row(each.label, cells, "muted" if why_not else ""))
    return tuple(rows)


def basket_lines(basket: tuple[BasketLine, ...], stock: tuple[Package, ...]) -> tuple[Line, ...]:
    """Return the sum and the lines, always as many: below them stands what is said of the basket."""
    products = {each.label: each.product for each in stock}
    lines: list[Line] = [((f"BASKET  {money(sum(each.price_cents for each in basket))}", "heading"),)]
    hidden = max(len(basket) - BASKET_LINES, 0)
    if hidden:
        lines.append(((f"  {hidden} earlier {'line' if hidden == 1 else 'lines'}", "muted"),))
    for number, each in enumerate(basket[hidden:], hidden + 1):
        product = products.get(each.label, each.label)
        tag, price = short_tag(each.label), money(each.price_cents)
        words = f" {number:>2} {each.quantity!s:>10}  {product:<34}{tag:<11}{price:>10}"
        lines.append(((words, ""),))
    lines += [()] * (BASKET_LINES + 2 - len(lines))
    return tuple(lines)
