"""Leaf Data's JSON and our values, both ways: Washington's shape (state-systems reference, section 4).

Numbers are mostly strings, flags are "0", 1 or true, dates are local without a zone, and a list may be keyed by index.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.state.fields import NEVER, NotUnderstood, field, number
from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.quantity import QuantityError, Unit, cents, finely, money, plain
from pcc_desk.domain.sales import Receipt, SoldLine

UNITS = {"gm": Unit.GRAMS, "ea": Unit.EACH}
CODES = {unit: code for code, unit in UNITS.items()}
FLAGS = {"1": True, "true": True, "0": False, "false": False, "": False}

_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))? ?([ap]m)?)?")
_INDEX = re.compile(r"[0-9]{1,9}")
_DATABASE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?")


def words(row: Any, name: str) -> str:
    """Return a text field, cleaned; a number that stands for a text as its digits; empty when it is absent."""
    value = field(row, name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else cleaned(value)


def flag(row: Any, name: str) -> bool:
    """Return a flag, written "0", 1 or true; one that is absent is not set. Raises `NotUnderstood`."""
    value = field(row, name)
    said = FLAGS.get(str(value).lower()) if isinstance(value, bool | int | str) else (False if value is None else None)
    if said is None:
        raise NotUnderstood(f"{name} is no flag")
    return said


def rows(body: Any) -> list[dict[str, Any]]:
    """Return the rows of a page, of a bare list, or the one object it is. Raises `NotUnderstood`.

    The rows of a page may be an object keyed by index in the place of a list (4.2).
    """
    is_page = isinstance(body, dict) and "data" in body
    data = body["data"] if is_page else body
    if isinstance(data, dict) and (data or is_page) and all(_INDEX.fullmatch(key) for key in data):
        data = [data[key] for key in sorted(data, key=int)]
    elif isinstance(data, dict) and words(data, "global_id"):
        data = [data]
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise NotUnderstood("it is no list of objects")
    return data


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page stands among the others."""

    number: int
    of: int
    total: int | None


def page(body: Any, asked_for: int) -> Page:
    """Return which page this is; a bare list is all there is. Raises `NotUnderstood` for another than was asked for."""
    if not isinstance(body, dict):
        return Page(1, 1, None)
    current, last, total = (number(body, name) for name in ("current_page", "last_page", "total"))
    if last is None:
        raise NotUnderstood("a page does not say how many there are")
    if current is not None and current != asked_for:
        raise NotUnderstood("another page came than was asked for")
    return Page(asked_for, int(last), None if total is None else int(total))


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return a local time; None for an empty text and for a date of zeros. Raises `NotUnderstood`.

    "13:05pm" has been seen (4.2): an afternoon hour above twelve is read on the clock of 24 hours, which is the only
    reading that both halves allow. "13:05am" has none.
    """
    text = text.replace("\\", "").strip().lower()
    if is_unset(text):
        return None
    parts = _MOMENT.fullmatch(text)
    database = _DATABASE.fullmatch(text)
    try:
        if parts:
            month, day, year, hour, minute, second, half = parts.groups()
            return datetime(
                int(year), int(month), int(day), _hour(hour, half), int(minute or 0), int(second or 0), 0, zone
            )
        if database:
            return datetime(*(int(each or 0) for each in database.groups()), tzinfo=zone)  # type: ignore[misc, arg-type]
    except ValueError as error:
        raise NotUnderstood("a time is none") from error
    raise NotUnderstood("a time is none")


def is_unset(text: str) -> bool:
    """Return whether a time is left out: nothing, a date of zeros, or the year before 1 that PHP makes of zeros."""
    return not text[:10].strip("0/-: ") or "-0001" in text


def _hour(hour: str | None, half: str | None) -> int:
    """Return the hour of 24. Raises `ValueError` for one that contradicts its half of the day."""
    clock = int(hour or 0)
    if half == "am" and clock == 12:
        return 0
    if half == "pm" and clock < 12:
        if clock == 0:
            raise ValueError("there is no such hour")
        return clock + 12
    if half == "am" and clock > 12:
        raise ValueError("there is no such hour")
    return clock


def local_text(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as the wire has it: 02/01/2026 10:15am, on the shop's clock."""
    return at.astimezone(zone).strftime("%m/%d/%Y %I:%M") + ("am" if at.astimezone(zone).hour < 12 else "pm")


def day_text(day: date) -> str:
    """Return a day as a filter takes it."""
    return f"{day:%m/%d/%Y}"


def sale_text(dispensation: Dispensation, zone: ZoneInfo, *, sold_by: str, receipt: str = "") -> str:
    """Return the body of a sale (4.3), or of the correction of one: a singular noun around an array, or the one object.

    Amounts are texts of exact digits. The type of an item is told in two ways; this is the one of the sample.
    """
    at = local_text(dispensation.at, zone)
    sale: dict[str, Any] = {"global_id": receipt} if receipt else {}
    sale |= {
        "external_id": dispensation.external_number,
        "type": "retail_medical",
        "status": "sale",
        "sold_at": at,
        "price_total": money(dispensation.total_cents),
        "patient_medical_id": dispensation.card_number,
        "caregiver_id": dispensation.caregiver_card,
    }
    if sold_by:
        sale["global_sold_by_user_id"] = sold_by
    sale["sale_items"] = [
        {
            "external_id": f"L{place}",
            "type": "sale",
            "sold_at": at,
            "qty": plain(each.quantity.amount),
            "uom": CODES[each.quantity.unit],
            "unit_price": _unit_price(each),
            "price_total": money(each.price_cents),
            "name": each.product,
            "global_inventory_id": each.label,
        }
        for place, each in enumerate(dispensation.lines, start=1)
    ]
    return json.dumps({"sale": sale if receipt else [sale]})


def _unit_price(line: DispensedLine) -> str:
    """Return the price of one, to the hundredth of a cent: told beside the total, which alone is exact."""
    price = Decimal(line.price_cents * 10) / line.quantity.milli
    rounded = price.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return f"{rounded:.2f}" if rounded == rounded.quantize(Decimal("0.01")) else f"{rounded:f}"


def sale_number(row: dict[str, Any]) -> str:
    """Return the state's number of a sale. Raises `NotUnderstood`."""
    said = words(row, "global_id")
    if not said:
        raise NotUnderstood("a sale has no number")
    return said


def created(body: Any, external_number: str) -> str:
    """Return the number of the sale that was created. Raises `NotUnderstood` when it is not told, or of another's."""
    found = rows(body)
    if len(found) != 1 or words(found[0], "external_id") not in {"", external_number}:
        raise NotUnderstood("it is not the one sale that was sent")
    return sale_number(found[0])


def is_struck(row: dict[str, Any]) -> bool:
    """Return whether a sale was deleted or voided."""
    return words(row, "status").lower() == "void" or is_deleted(row)


def is_deleted(row: dict[str, Any]) -> bool:
    """Return whether a row has a day on which it was deleted; one of zeros is none."""
    return not is_unset(words(row, "deleted_at"))


def changed_at(row: dict[str, Any]) -> datetime:
    """Return when a row was last changed; the beginning of time when it does not say, or says nonsense."""
    try:
        return moment(words(row, "updated_at"), ZoneInfo("UTC")) or NEVER
    except NotUnderstood:
        return NEVER


def sold_at(row: dict[str, Any], zone: ZoneInfo) -> datetime:
    """Return when a sale was made, on the shop's clock. Raises `NotUnderstood`."""
    at = moment(words(row, "sold_at"), zone)
    if at is None or at.year < 2000:
        raise NotUnderstood("a sale has no time")
    return at


def items_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a sale; none when they were left out. Raises `NotUnderstood`."""
    items = field(row, "sale_items")
    return rows(items) if items else []


def receipt(row: dict[str, Any], zone: ZoneInfo) -> Receipt:
    """Return a sale. Raises `NotUnderstood`."""
    return Receipt(
        number=sale_number(row),
        external_number=words(row, "external_id"),
        sold_at=sold_at(row, zone),
        lines=tuple(_line(each) for each in items_of(row)),
        is_void=is_struck(row),
    )


def _line(row: dict[str, Any]) -> SoldLine:
    quantity, total, label = number(row, "qty"), number(row, "price_total"), words(row, "global_inventory_id").upper()
    if quantity is None or total is None or not label:
        raise NotUnderstood("an item has no inventory, no quantity or no price")
    try:
        return SoldLine(label, finely(quantity), cents(total), words(row, "name"))
    except QuantityError as error:
        raise NotUnderstood(str(error)) from error


def complaint(body: Any) -> str:
    """Return what the state says is wrong, in its own words (4.2): a message and one for each field, or a bare list."""
    if isinstance(body, list):
        return cleaned("; ".join(said for each in body if (said := _said(each))))
    parts = (words(body, "error_message"), _said(field(body, "validation_messages")))
    return cleaned("; ".join(each for each in parts if each))


def is_error(body: Any) -> bool:
    """Return whether an answer says that it is an error."""
    return isinstance(body, dict) and field(body, "error") in (True, "1", "true")


def _said(value: Any) -> str:
    if isinstance(value, dict):
        parts = ((cleaned(key), _said(each)) for key, each in value.items())
        return "; ".join(f"{key}: {each}" if key else each for key, each in parts if each)
    if isinstance(value, list):
        return ", ".join(said for each in value if (said := _said(each)))
    return cleaned(value)
