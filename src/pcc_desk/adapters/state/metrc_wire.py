"""METRC's JSON and our values, both ways. Names are read in any case, written as the documents have them (2.3)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.state.fields import (
    NEVER,
    NotUnderstood,
    field,
    identifier,
    naming,
    number,
    text,
    up,
    written_day,
)
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.domain.people import card_key
from pcc_desk.domain.quantity import QuantityError, cents, finely, plain
from pcc_desk.domain.registry import CardNotFound, CaregiverStanding, RegistryStanding, RegistryWindow
from pcc_desk.domain.sales import Buyer, LineUnit, Receipt, SoldLine, line_unit

COLUMNS = {
    "flower": "FlowerOuncesAvailable",
    "thc": "ThcOuncesAvailable",
    "concentrate": "ConcentrateOuncesAvailable",
    "infused": "InfusedOuncesAvailable",
}

BUYERS = {each.value.lower(): each for each in Buyer if each} | {"nonresidentconsumer": Buyer.CONSUMER}
"""METRC's customer types (2.9); of any other the buyer is not known."""

WEIGHTS_MG = {"Grams": Decimal(1000), "Milligrams": Decimal(1), "Ounces": Decimal("28349.523125")}


def rows(body: Any) -> list[dict[str, Any]]:
    """Return the rows of an answer: of an envelope, of a bare list, or the one object it is.

    Raises `NotUnderstood` for anything else: what is no list is not an empty one, and a part of a list is not the list.
    """
    data = field(body, "Data")
    found = body if data is None else data
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise NotUnderstood("it is no list of objects")
    return found


def total_pages(body: Any) -> int:
    """Return how many pages there are; a bare list is all there is. Raises `NotUnderstood`."""
    pages = number(body, "TotalPages")
    if pages is None and isinstance(body, dict):
        raise NotUnderstood("a page does not say how many there are")
    return int(pages or 1)


def why_partial(body: Any) -> str:
    """Return why an answer that was kept is not all there is, by its envelope; empty: it is. Raises `NotUnderstood`."""
    if field(body, "Data") is None:
        return ""
    here, total = len(rows(body)), next(filter(None, (number(body, each) for each in ("TotalRecords", "Total"))), None)
    if total is not None:
        return f"it holds {here} of {int(total)} receipts; fetch every page" if here < total else ""
    pages = number(body, "TotalPages") or 1
    return f"it is one of {int(pages)} pages; fetch every page" if pages > 1 else ""


def standing(card_number: str, body: Any) -> RegistryStanding | CardNotFound:
    """Return the windows of a card. Raises `NotUnderstood`."""
    found = rows(body)
    if not found:
        return CardNotFound(card_number)
    numbers = {said for row in found if (said := identifier(row, "PatientLicenseNumber"))}
    if any(card_key(each) != card_key(card_number) for each in numbers):
        raise NotUnderstood("it speaks of another card")
    actives = [field(row, "Active") for row in found]
    if not all(isinstance(each, bool) for each in actives):
        raise NotUnderstood("a window does not say whether the card is active")
    expiries = [each for row in found if (each := written_day(row, "PatientLicenseExpirationDate")) is not None]
    return RegistryStanding(
        card_number=identifier(found[0], "PatientLicenseNumber") or card_number,
        active=all(actives),
        windows=tuple(_window(row) for row in found),
        card_expires=min(expiries, default=None),
    )


def _window(row: dict[str, Any]) -> RegistryWindow:
    figures = ((column, number(row, name)) for column, name in COLUMNS.items())
    return RegistryWindow(
        number(row, "PurchaseAmountDays"), tuple((column, each) for column, each in figures if each is not None)
    )


def caregiver(card_number: str, body: Any) -> CaregiverStanding:
    """Return what is said of a caregiver's card. Raises `NotUnderstood`."""
    said = identifier(body, "CaregiverLicenseNumber")
    if said and card_key(said) != card_key(card_number):
        raise NotUnderstood("it speaks of another card")
    active, patients = field(body, "Active"), field(body, "Patients")
    if not isinstance(active, bool):
        raise NotUnderstood("it does not say whether the card is active")
    if patients is not None and not (isinstance(patients, list) and all(isinstance(each, str) for each in patients)):
        raise NotUnderstood("Patients is no list of card numbers")
    return CaregiverStanding(card_number, active, None if patients is None else tuple(map(cleaned, patients)))


def receipt_text(dispensation: Dispensation, zone: ZoneInfo, receipt: str = "") -> str:
    """Return the body of a posting, or of a correction of a receipt.

    Quantities and money are written digit by digit, never through a float.
    """
    local = dispensation.at.astimezone(zone).replace(tzinfo=None)
    head: dict[str, Any] = {"Id": int(receipt)} if receipt.isdecimal() else {}
    head |= {
        "SalesDateTime": local.isoformat(timespec="milliseconds"),
        "ExternalReceiptNumber": dispensation.external_number,
        "SalesCustomerType": "Caregiver" if dispensation.caregiver_card else "Patient",
        "PatientLicenseNumber": dispensation.card_number,
        "CaregiverLicenseNumber": dispensation.caregiver_card or None,
        "IdentificationMethod": None,
        "PatientRegistrationLocationId": None,
    }
    lines = []
    for each in dispensation.lines:
        label, unit = json.dumps(each.label), json.dumps(each.quantity.unit.value)
        total = f"{each.price_cents // 100}.{each.price_cents % 100:02d}"
        lines.append(
            f'{{"PackageLabel":{label},"Quantity":{plain(each.quantity.amount)},'
            f'"UnitOfMeasure":{unit},"TotalAmount":{total}}}'
        )
    body = json.dumps(head, ensure_ascii=False)[:-1]
    return f'[{body}, "Transactions": [{",".join(lines)}]}}]'


def first_id(body: Any) -> str | None:
    """Return the number that the state gave a posting; None when it gave none."""
    ids = field(body, "Ids")
    if isinstance(ids, list) and ids and isinstance(ids[0], int) and not isinstance(ids[0], bool):
        return str(ids[0])
    return None


def complaint(body: Any) -> str:
    """Return what the state says is wrong, in its own words: one message, or one for each row (2.4)."""
    if isinstance(body, list):
        return cleaned("; ".join(text(row, "message") for row in body if isinstance(row, dict)))
    return text(body, "Message")


def query_time(at: datetime) -> str:
    """Return an instant as a query takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def lines_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a receipt; none when they were left out. Raises `NotUnderstood`."""
    lines = field(row, "Transactions")
    return [] if lines is None else rows(lines)


def receipt_number(row: dict[str, Any]) -> str:
    """Return the state's number of a receipt. Raises `NotUnderstood`."""
    value = number(row, "Id")
    if value is None or value != int(value):
        raise NotUnderstood("a receipt has no number")
    return str(int(value))


def changed_at(row: dict[str, Any]) -> datetime:
    """Return when a receipt was last changed; the beginning of time when it does not say."""
    try:
        at = datetime.fromisoformat(text(row, "LastModified"))
    except ValueError:
        return NEVER
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def sold_at(row: dict[str, Any], zone: ZoneInfo) -> datetime:
    """Return when a sale was made, on the shop's clock. Raises `NotUnderstood`."""
    try:
        local = datetime.fromisoformat(text(row, "SalesDateTime"))
        local = local.replace(tzinfo=zone) if local.tzinfo is None else local.astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise NotUnderstood("a receipt has no time of sale") from error
    if local.year == 1:
        raise NotUnderstood("a receipt has no time of sale")
    return local


def receipt(row: dict[str, Any], zone: ZoneInfo) -> Receipt:
    """Return a receipt. Raises `NotUnderstood`."""
    number_ = receipt_number(row)
    with naming(f"receipt {printed_number(row) or number_}"):
        return _receipt(row, number_, zone)


def _receipt(row: dict[str, Any], number_: str, zone: ZoneInfo) -> Receipt:
    return Receipt(
        number=number_,
        external_number=text(row, "ExternalReceiptNumber"),
        sold_at=sold_at(row, zone),
        lines=tuple(_line(each) for each in lines_of(row)),
        is_void=written_day(row, "ArchivedDate") is not None,
        is_final=field(row, "IsFinal") is True,
        recorded_at=instant(row, "RecordedDateTime"),
        changed_at=instant(row, "LastModified"),
        buyer=BUYERS.get(text(row, "SalesCustomerType").lower(), Buyer.UNKNOWN),
        patient_key=card_key(text(row, "PatientLicenseNumber")),
        caregiver_key=card_key(text(row, "CaregiverLicenseNumber")),
        printed=printed_number(row),
    )


def printed_number(row: dict[str, Any]) -> str:
    """Return the number that a receipt bears beside its `Id`; empty when it does not say. Raises `NotUnderstood`."""
    value = field(row, "ReceiptNumber")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(row, "ReceiptNumber")


def instant(row: dict[str, Any], name: str) -> datetime | None:
    """Return an instant; None when it is left out, is the first day of year 1, or cannot be read."""
    try:
        at = datetime.fromisoformat(text(row, name))
    except ValueError:
        return None
    if at.year == 1:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _line(row: dict[str, Any]) -> SoldLine:
    """Return a line; names on reading differ from those on writing (2.9)."""
    quantity = number(row, "QuantitySold")
    quantity = number(row, "Quantity") if quantity is None else quantity
    total = number(row, "TotalPrice")
    total = number(row, "TotalAmount") if total is None else total
    if quantity is None or total is None or not label(row, "PackageLabel"):
        raise NotUnderstood("a line has no package, no quantity or no price")
    try:
        thousandths, price = finely(quantity), cents(total)
    except QuantityError as error:
        raise NotUnderstood(str(error)) from error
    unit = line_unit(text(row, "UnitOfMeasureName") or text(row, "UnitOfMeasure"))
    each_mg = measure(row, "ItemUnitWeight", WEIGHTS_MG) if unit is LineUnit.EACH else None
    weight = ceil(thousandths) if unit is LineUnit.GRAMS else each_mg and each_mg * thousandths // 1000
    tag = label(row, "PackageLabel")
    return SoldLine(tag, thousandths, price, text(row, "ProductName"), unit=unit, weight_mg=weight)


def label(row: dict[str, Any], name: str) -> str:
    """Return a package label for comparison: upper case, no spaces around."""
    return text(row, name).upper()


def measure(item: dict[str, Any], name: str, units: Mapping[str, Decimal]) -> int | None:
    """Return a measure in our smallest unit, rounded up; None when it or its unit is not known."""
    value = number(item, name)
    factor = units.get(text(item, f"{name}UnitOfMeasureName") or text(item, f"{name}UnitOfMeasure"))
    return None if value is None or factor is None or value <= 0 else up(value * factor)
