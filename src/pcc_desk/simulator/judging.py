"""What METRC finds wrong with a receipt. Its words are ours: nothing public quotes the real ones."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeGuard

from pcc_desk.simulator.world import WINDOWS, World

CUSTOMER_TYPES = ("Consumer", "Patient", "Caregiver")
"""What this facility may sell to, of the five that METRC knows."""
MOST_LINES = 200
LONGEST_NUMBER = 255
LONGEST_FRACTION = 12
LARGEST_AMOUNT = 10**9


def complaint(
    world: World, wanted: Any, before: Sequence[dict[str, Any]] = (), instead_of: dict[str, Any] | None = None
) -> str:
    """Return what is wrong with a receipt that somebody posts; empty when nothing is.

    `before` stands before it in the same body and is not on record yet; `instead_of` is the receipt that it corrects.
    """
    if not isinstance(wanted, dict) or not wanted.get("SalesDateTime"):
        return "SalesDateTime is required."
    if not is_time(wanted["SalesDateTime"]):
        return "SalesDateTime must be a date and time in ISO 8601."
    lines = wanted.get("Transactions")
    if not isinstance(lines, list) or not lines:
        return "At least one transaction is required."
    return (
        _customer(world, wanted)
        or _number(world, wanted.get("ExternalReceiptNumber"), before, instead_of)
        or _lines(world, lines, before, instead_of)
        or _over(world, wanted, before, instead_of)
    )


def is_time(said: Any) -> bool:
    """Whether it can be read as a time in ISO 8601."""
    try:
        datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return False
    return len(said) >= len("2026-03-12T13:00")


def _customer(world: World, wanted: dict[str, Any]) -> str:
    kind = wanted.get("SalesCustomerType")
    if kind not in CUSTOMER_TYPES:
        return f"Sales Customer Type {kind} is not valid for this facility."
    card = wanted.get("PatientLicenseNumber")
    if kind != "Consumer" and (not isinstance(card, str) or card not in world.owner):
        return f"Patient License Number {card} was not found."
    caregiver = wanted.get("CaregiverLicenseNumber")
    known = {each.number for each in world.training.cards if each.holder == "caregiver"}
    if kind == "Caregiver" and caregiver not in known:
        return f"Caregiver License Number {caregiver} was not found."
    return ""


def _number(world: World, number: Any, before: Sequence[dict[str, Any]], instead_of: dict[str, Any] | None) -> str:
    if number is None:
        return ""
    if not isinstance(number, str) or len(number) > LONGEST_NUMBER:
        return f"External Receipt Number must be a text of at most {LONGEST_NUMBER} characters."
    others = [*(each for each in world.receipts if each is not instead_of), *before]
    if world.switches.refuse_duplicates and any(each.get("ExternalReceiptNumber") == number for each in others):
        return f"External Receipt Number {number} was used before."
    return ""


def _lines(world: World, lines: list[Any], before: Sequence[dict[str, Any]], instead_of: dict[str, Any] | None) -> str:
    if len(lines) > MOST_LINES:
        return f"At most {MOST_LINES} transactions are accepted."
    left = dict(world.remaining)
    for line in instead_of["Transactions"] if instead_of else ():
        if line["PackageLabel"] in left:
            left[line["PackageLabel"]] += Decimal(line["QuantitySold"])
    for each in before:
        for line in each["Transactions"]:
            left[line["PackageLabel"]] -= Decimal(line["Quantity"])
    for line in lines:
        if why := _line(world, line, left):
            return why
        left[line["PackageLabel"]] -= Decimal(line["Quantity"])
    return ""


def _line(world: World, line: Any, left: dict[str, Decimal]) -> str:
    if not isinstance(line, dict):
        return "A transaction is not an object."
    package = world.packages.get(str(line.get("PackageLabel")))
    if package is None:
        return f"Package {line.get('PackageLabel')} was not found."
    if line.get("UnitOfMeasure") != package.package.remaining.unit.value:
        return f"Package {package.package.label} is counted in {package.package.remaining.unit.value}."
    quantity = line.get("Quantity")
    if not is_amount(quantity) or quantity <= 0:
        return "Quantity must be greater than zero."
    if quantity > left[package.package.label]:
        return f"Package {package.package.label} does not hold {quantity}."
    return "" if is_amount(line.get("TotalAmount")) else "TotalAmount is required."


def is_amount(said: Any) -> TypeGuard[int | Decimal]:
    """Whether it is a number of a size that things have."""
    if not isinstance(said, int | Decimal) or isinstance(said, bool):
        return False
    exponent = Decimal(said).as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -LONGEST_FRACTION and -LARGEST_AMOUNT <= said <= LARGEST_AMOUNT


def _over(
    world: World, wanted: dict[str, Any], before: Sequence[dict[str, Any]], instead_of: dict[str, Any] | None
) -> str:
    card = wanted.get("PatientLicenseNumber")
    if not world.switches.refuse_over_limit or not isinstance(card, str):
        return ""
    theirs = [
        each for each in before if world.owner.get(str(each.get("PatientLicenseNumber"))) == world.owner.get(card)
    ]
    lines = [line for each in (*theirs, wanted) for line in each["Transactions"]]
    more = sum((world.ounces(world.line(each, "")) for each in lines), Decimal(0))
    over = any(world.purchased(card, days, but=instead_of) + more > allowed for days, allowed in WINDOWS)
    return "The sale exceeds the patient's purchase limit." if over else ""
