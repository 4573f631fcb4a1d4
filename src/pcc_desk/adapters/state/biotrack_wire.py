"""BioTrack's JSON and our values, both ways, for all its generations. Sections: those of the state-systems reference.

Numbers may come as text and text as numbers (3.1); both are read exactly. What has not the shape that it should have
raises `NotUnderstood`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.state.fields import NotUnderstood, down, field, identifier, number, up
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.domain.products import UNKNOWN_CATEGORY, Package
from pcc_desk.domain.quantity import Quantity, QuantityError, Unit, cents, finely, money, plain
from pcc_desk.domain.sales import SoldLine

LONGEST_TOKEN = 4000

BY_WEIGHT = frozenset({"6", "13"})
"""Types of inventory that are counted in grams: flower, and lots of flower (3.2; that they are weighed is inferred)."""
BY_PIECE = frozenset({"22", "23", "24", "25", "28", "34", "35", "36", "37"})
"""Types that are counted in pieces: edibles, extracts, topicals, packed flower, capsules, tinctures … (inferred)."""

GRAM_NAMES = frozenset({"g", "gram", "grams"})
EACH_NAMES = frozenset({"ea", "each", "unit", "units"})


def nothing_sent(silence: Unanswered) -> Unanswered:
    """Return the silence of a question that goes before a write: the write was never sent, so nothing is in doubt."""
    if silence.kind in {Silence.TIMED_OUT, Silence.UNREADABLE}:
        return Unanswered(Silence.DOWN, f"{silence.reason}; nothing was sent")
    return silence


def without(words: str, *secrets: str) -> str:
    """Return words of theirs without what they may repeat of ours: a card, a password."""
    for each in secrets:
        if len(each) > 2:
            words = words.replace(each, "…")
    return words


# Writing


def written(value: Any) -> str:
    """Return JSON text with decimals digit by digit."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(written(each) for each in value) + "]"
    return json.dumps(value)


def price(amount_cents: int) -> Decimal:
    """Return cents as an amount with two decimals."""
    return Decimal(money(amount_cents))


def text_lines(dispensation: Dispensation) -> list[dict[str, str]]:
    """Return the lines of a sale as the legacy interface takes them: numbers as text, the price that of the line."""
    return [
        {"barcodeid": each.label, "quantity": plain(each.quantity.amount), "price": money(each.price_cents)}
        for each in dispensation.lines
    ]


def number_lines(dispensation: Dispensation, tax: str) -> list[dict[str, Any]]:
    """Return the lines of a sale as the REST interfaces take them: numbers as numbers. Taxes are the till's matter."""
    return [
        {
            "Barcode": each.label,
            "Price": price(each.price_cents),
            "Quantity": Decimal(plain(each.quantity.amount)),
            tax: {"Excise": price(0), "Other": price(0)},
        }
        for each in dispensation.lines
    ]


# Reading


def flag(row: Any, name: str) -> bool | None:
    """Return a yes or no, written as true, 1 or "1"; None when it is absent."""
    value = field(row, name)
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | str) and str(value) in {"0", "1"}:
        return str(value) == "1"
    raise NotUnderstood(f"{name} is neither yes nor no")


def token(row: Any, name: str) -> str:
    """Return a word that goes back to the server as it came; empty when it is absent or could not go into a header."""
    value = field(row, name)
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) and value < 10**64 else value
    is_word = isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= LONGEST_TOKEN
    return value.strip() if is_word else ""


def needed(row: Any, name: str) -> str:
    """Return a number that names something and may not be absent."""
    value = identifier(row, name)
    if not value:
        raise NotUnderstood(f"{name} is missing")
    return value


def transaction(row: Any, name: str) -> int:
    """Return a number of a transaction, which grows."""
    value = needed(row, name)
    if not (value.isascii() and value.isdigit()):
        raise NotUnderstood(f"{name} is no number of a transaction")
    return int(value)


def rows(body: Any, name: str) -> list[dict[str, Any]]:
    """Return a list of objects inside an answer. Null is an empty list where the name is there; without it, none is."""
    found = field(body, name)
    if found is None and isinstance(body, dict) and any(str(key).lower() == name.lower() for key in body):
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise NotUnderstood(f"{name} is no list of objects")
    return found


def unix_time(row: Any, name: str, zone: ZoneInfo) -> datetime:
    """Return seconds since 1970 as a moment on the shop's clock."""
    value = number(row, name)
    if value is None or value <= 0:
        raise NotUnderstood(f"{name} is no time")
    try:
        return datetime.fromtimestamp(int(value), UTC).astimezone(zone)
    except (OverflowError, OSError, ValueError) as error:
        raise NotUnderstood(f"{name} is no time") from error


def line(label: str, quantity: Decimal | None, paid: Decimal | None) -> SoldLine:
    """Return a line of a receipt."""
    if not label or quantity is None or paid is None:
        raise NotUnderstood("a line has no package, no quantity or no price")
    try:
        return SoldLine(label, finely(quantity), cents(paid))
    except QuantityError as error:
        raise NotUnderstood(str(error)) from error


@dataclass(frozen=True, slots=True)
class Stocked:
    """A row of an inventory of any generation."""

    label: str
    product: str
    kind: str
    """The type of inventory, by which the settings name our category."""
    remaining: Decimal
    unit: Unit | None
    unit_words: str
    piece_g: Decimal | None
    """What the server says that a piece weighs; it is what it charges to the allotment (3.2)."""
    blocked: str = ""
    expires_on: date | None = None


def package(row: Stocked, categories: Mapping[str, str]) -> Package:
    """Return a package. What is left is rounded down, what a piece weighs up."""
    unit = row.unit or Unit.EACH
    piece_g = row.piece_g if unit is Unit.EACH else None
    unknown = "" if row.unit else f"counted in {row.unit_words}, which this desk cannot weigh"
    return Package(
        label=row.label,
        product=row.product or "unnamed product",
        category=categories.get(row.kind, UNKNOWN_CATEGORY),
        remaining=Quantity(down(row.remaining * 1000), unit),
        unit_net_mg=None if piece_g is None else up(piece_g * 1000),
        blocked=row.blocked or unknown,
        expires_on=row.expires_on,
    )


def first_of(row: Any, names: Sequence[str]) -> Decimal | None:
    """Return the first of several numbers that is there and above zero."""
    found = (number(row, each) for each in names)
    return next((each for each in found if each is not None and each > 0), None)


def why_blocked(row: Any, reasons: Sequence[tuple[str, str]]) -> str:
    """Return the first reason whose flag is set; empty when none is."""
    return next((why for name, why in reasons if flag(row, name)), "")
