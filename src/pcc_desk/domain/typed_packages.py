"""A package as a person tells it, typed or in a table: judged field by field, every number exact."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pcc_desk.domain.products import UNKNOWN_CATEGORY, Package
from pcc_desk.domain.quantity import Quantity, QuantityError, Unit, cents, milli

LONGEST_LABEL = 60
LONGEST_PRODUCT = 120

DAMAGED = re.compile(r"^\d(\.\d+)?E\+?\d+$", re.IGNORECASE)
"""What a spreadsheet makes of a long number."""

UNITS = {
    **dict.fromkeys(("g", "gm", "gram", "grams"), Unit.GRAMS),
    **dict.fromkeys(("ea", "each", "unit", "units", "piece", "pieces", "pcs"), Unit.EACH),
}


class Told(StrEnum):
    """What is told of a package; the value is how it is called before people."""

    LABEL = "tag"
    PRODUCT = "product"
    CATEGORY = "category"
    QUANTITY = "quantity"
    UNIT = "unit"
    WEIGHT = "weight of one (g)"
    VOLUME = "volume of one (mL)"
    THC = "THC of one (mg)"
    PRICE = "price of one"
    EXPIRES = "last day"


NEEDED = (Told.LABEL, Told.PRODUCT, Told.CATEGORY, Told.QUANTITY, Told.UNIT)


@dataclass(frozen=True, slots=True)
class NoPackage:
    """What was told is no package. `why` is a sentence that says what to write instead."""

    field: Told
    why: str


class _Wrong(Exception):
    def __init__(self, field: Told, why: str) -> None:
        super().__init__(why)
        self.field = field


def package_of(told: Mapping[Told, str], categories: Collection[str]) -> Package | NoPackage:
    """Return the package that was told, or the first field that cannot be used.

    `categories` are those that the rules know: what no rule counts cannot be judged, and is not guessed. What is not
    said of one piece stays unknown; it is neither zero nor fine.
    """
    try:
        return _package(told, categories)
    except _Wrong as error:
        return NoPackage(error.field, str(error))


def _package(told: Mapping[Told, str], categories: Collection[str]) -> Package:
    label = _label(_text(told, Told.LABEL, LONGEST_LABEL))
    product = _text(told, Told.PRODUCT, LONGEST_PRODUCT)
    category = _category(_text(told, Told.CATEGORY, 40), categories)
    quantity = _text(told, Told.QUANTITY, 40)
    unit = _unit(_text(told, Told.UNIT, 20))
    return Package(
        label=label,
        product=product,
        category=category,
        remaining=_remaining(quantity, unit),
        unit_net_mg=_of_one(told, Told.WEIGHT),
        unit_volume_ul=_of_one(told, Told.VOLUME),
        unit_thc_ug=_of_one(told, Told.THC),
        expires_on=_last_day(told),
        unit_price_cents=_price(told),
    )


def _text(told: Mapping[Told, str], field: Told, longest: int) -> str:
    words = " ".join(told.get(field, "").split())
    if not words:
        raise _Wrong(field, f"The {field} is missing. Write it.")
    if len(words) > longest or not words.isprintable():
        raise _Wrong(field, f"The {field} is one line of at most {longest} characters.")
    return words


def _label(words: str) -> str:
    if DAMAGED.match(words):
        raise _Wrong(Told.LABEL, f"The tag {words} was damaged by a spreadsheet. Write it as text, digit by digit.")
    if " " in words:
        raise _Wrong(Told.LABEL, "A tag has no spaces.")
    return words.upper()


def _category(words: str, categories: Collection[str]) -> str:
    found = words.lower().replace(" ", "_").replace("-", "_")
    if found not in categories or found == UNKNOWN_CATEGORY:
        known = ", ".join(sorted(each for each in categories if each != UNKNOWN_CATEGORY))
        raise _Wrong(Told.CATEGORY, f"The rules know no category “{words}”. They know: {known}.")
    return found


def _unit(words: str) -> Unit:
    found = UNITS.get(words.lower())
    if found is None:
        raise _Wrong(Told.UNIT, f"“{words}” is no unit here. Write g for grams, or each for pieces.")
    return found


def _remaining(words: str, unit: Unit) -> Quantity:
    try:
        thousandths = milli(words)
    except QuantityError as error:
        raise _Wrong(Told.QUANTITY, str(error)) from error
    if thousandths < 0:
        raise _Wrong(Told.QUANTITY, "A quantity cannot be below zero.")
    if unit is Unit.EACH and thousandths % 1000:
        raise _Wrong(Told.QUANTITY, "Pieces are counted whole.")
    return Quantity(thousandths, unit)


def _of_one(told: Mapping[Told, str], field: Told) -> int | None:
    """Return a measure of one piece in thousandths of its unit, exactly; None when it is not said."""
    words = told.get(field, "").strip()
    if not words:
        return None
    try:
        found = milli(words)
    except QuantityError as error:
        raise _Wrong(field, str(error)) from error
    if found <= 0:
        raise _Wrong(field, f"The {field} is above zero; leave it empty when it is not known.")
    return found


def _price(told: Mapping[Told, str]) -> int | None:
    words = told.get(Told.PRICE, "").strip()
    if not words:
        return None
    try:
        found = cents(words)
    except QuantityError as error:
        raise _Wrong(Told.PRICE, str(error)) from error
    if found < 0:
        raise _Wrong(Told.PRICE, "A price cannot be below zero.")
    return found


def _last_day(told: Mapping[Told, str]) -> date | None:
    words = told.get(Told.EXPIRES, "").strip()
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise _Wrong(Told.EXPIRES, f"“{words[:20]}” is no day. Write year, month and day: 2027-06-30.") from error
