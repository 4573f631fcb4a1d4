"""The simulated world: who has which card, what is in which package, which receipts there are, what was sold.

Its own choices, where nothing public says how the real system does: concentrates count gram for gram; available is
allowed less purchased, rounded down to four decimals; a receipt number is accepted twice unless told otherwise.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from pcc_desk.simulator.exact import exact_json, read_exactly
from pcc_desk.simulator.packages import package_id
from pcc_desk.simulator.switches import Mode, Switches
from pcc_desk.simulator.training import TrainingShop

__all__ = ["CACHE", "WINDOWS", "Mode", "Switches", "World"]

OUNCE_G = Decimal("28.3495")
FLUID_OUNCE_ML = Decimal("29.5735295625")
CACHE = timedelta(seconds=60)
WINDOWS = ((1, Decimal("2.5")), (30, Decimal(10)))


@dataclass
class World:
    """Everything that is outside the desk."""

    training: TrainingShop
    clock: Callable[[], datetime]
    keys: tuple[str, str]
    file: Path | None = None
    mode: Mode = Mode.UP
    switches: Switches = field(default_factory=Switches)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    till: list[dict[str, Any]] = field(default_factory=list)
    books: dict[str, Any] = field(default_factory=dict)
    """What each state system keeps of its own, by its name: JSON, kept with the world."""
    system: str = "metrc"
    """Which state system is simulated."""
    ledger: Path | None = None
    """Where each accepted write is noted, one line of JSON each."""
    _cached: dict[str, tuple[datetime, list[dict[str, Any]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.packages = {each.package.label: each for each in self.training.packages}
        self.remaining = {label: each.package.remaining.amount for label, each in self.packages.items()}
        self.owner = {card.number: str(card.patient_id) for card in self.training.cards if card.holder == "patient"}

    @property
    def today(self) -> date:
        """The day in the shop."""
        return self.training.shop.day(self.clock())

    # Patients

    def status(self, card: str) -> list[dict[str, Any]] | None:
        """Return the windows of a card, at most a minute old; None for a card nobody knows."""
        known = next((each for each in self.training.cards if each.number == card and each.holder == "patient"), None)
        if known is None or known.renewed_as:
            return None
        now = self.clock()
        cached = self._cached.get(card)
        if cached is not None and now - cached[0] < CACHE:
            return cached[1]
        rows = [self._window(card, known.expires_on, days, allowed) for days, allowed in WINDOWS]
        self._cached[card] = now, rows
        return rows

    def _window(self, card: str, expires: date, days: int, allowed: Decimal) -> dict[str, Any]:
        purchased = self.purchased(card, days)
        is_active = card not in self.training.inactive_cards and expires >= self.today
        row: dict[str, Any] = {
            "PatientLicenseNumber": card,
            "IdentificationMethod": None,
            "RegistrationNumber": f"R-{card[-4:]}",
            "Active": is_active,
        }
        zero = Decimal("0.0")
        for name, amount in (
            ("Allowed", allowed),
            ("Purchased", purchased),
            ("Available", max(allowed - purchased, Decimal(0))),
        ):
            row[f"FlowerOunces{name}"] = amount.quantize(Decimal("0.0001"), rounding=ROUND_DOWN).normalize() + zero
            row |= {f"{kind}Ounces{name}": zero for kind in ("Thc", "Concentrate", "Infused")}
        row["PurchaseAmountDays"] = Decimal(days).quantize(Decimal("0.1"))
        row["PatientLicenseExpirationDate"] = expires.isoformat()
        row["PatientRegistrationStartDate"] = (expires - timedelta(days=730)).isoformat()
        return row

    def purchased(self, card: str, days: int) -> Decimal:
        """Return the ounces of usable-marihuana equivalent bought in the last `days` calendar days, today included."""
        since = self.today - timedelta(days=days - 1)
        owner = self.owner.get(card)
        total = Decimal(0)
        for receipt in self.receipts:
            is_theirs = self.owner.get(receipt["PatientLicenseNumber"] or "") == owner
            if is_theirs and receipt["ArchivedDate"] is None and receipt["SalesDateTime"][:10] >= since.isoformat():
                total += sum((self.ounces(line) for line in receipt["Transactions"]), Decimal(0))
        return total

    def ounces(self, line: dict[str, Any]) -> Decimal:
        """Return what a line of a receipt counts."""
        package = self.packages.get(line["PackageLabel"])
        if package is None:
            return Decimal(0)
        quantity = Decimal(line["QuantitySold"])
        if line["UnitOfMeasureName"] == "Grams":
            return quantity / OUNCE_G
        if package.volume_ml:
            return quantity * Decimal(package.volume_ml) / FLUID_OUNCE_ML / 36
        weight = quantity * Decimal(package.weight_g or 0)
        match package.package.category:
            case "vape":
                return weight / 7
            case "preroll":
                return weight / OUNCE_G
            case _:
                return weight / OUNCE_G / 16

    # Receipts

    def add_receipt(self, wanted: dict[str, Any], *, at: datetime | None = None, takes_stock: bool = True) -> int:
        """Put a receipt on record as it was posted, and return its number."""
        number = 90_000 + len(self.receipts) + 1
        now = (at or self.clock()).isoformat(timespec="milliseconds")
        lines = [self._line(each, now) for each in wanted["Transactions"]]
        self.receipts.append(
            {
                "Id": number,
                "ReceiptNumber": f"{number:010d}",
                "ExternalReceiptNumber": wanted.get("ExternalReceiptNumber"),
                "SalesDateTime": wanted["SalesDateTime"],
                "SalesCustomerType": wanted.get("SalesCustomerType", "Patient"),
                "PatientLicenseNumber": wanted.get("PatientLicenseNumber"),
                "CaregiverLicenseNumber": wanted.get("CaregiverLicenseNumber"),
                "IdentificationMethod": None,
                "PatientRegistrationLocationId": None,
                "TotalPackages": len(lines),
                "TotalPrice": sum((each["TotalPrice"] for each in lines), Decimal(0)),
                "Transactions": lines,
                "IsFinal": False,
                "ArchivedDate": None,
                "RecordedDateTime": now,
                "RecordedByUserName": "practice",
                "LastModified": now,
            }
        )
        if takes_stock:
            for line in lines:
                self.remaining[line["PackageLabel"]] -= Decimal(line["QuantitySold"])
        return number

    def _line(self, wanted: dict[str, Any], now: str) -> dict[str, Any]:
        package = self.packages.get(wanted["PackageLabel"])
        return {
            "PackageId": package_id(wanted["PackageLabel"]),
            "PackageLabel": wanted["PackageLabel"],
            "ProductName": package.package.product if package else None,
            "ProductCategoryName": package.metrc_category if package else None,
            "QuantitySold": Decimal(wanted["Quantity"]),
            "UnitOfMeasureName": wanted["UnitOfMeasure"],
            "UnitOfMeasureAbbreviation": "g" if wanted["UnitOfMeasure"] == "Grams" else "ea",
            "TotalPrice": Decimal(wanted["TotalAmount"]),
            "SalesDeliveryState": None,
            "ArchivedDate": None,
            "RecordedDateTime": now,
            "RecordedByUserName": "practice",
            "LastModified": now,
        }

    def complaint(self, wanted: Any) -> str:
        """Return what is wrong with a receipt that somebody posts; empty when nothing is."""
        if not isinstance(wanted, dict) or not wanted.get("SalesDateTime"):
            return "SalesDateTime is required."
        lines = wanted.get("Transactions")
        if not isinstance(lines, list) or not lines:
            return "At least one transaction is required."
        card = wanted.get("PatientLicenseNumber")
        if wanted.get("SalesCustomerType") in {"Patient", "Caregiver"} and self.status_owner(card) is None:
            return f"Patient License Number {card} was not found."
        number = wanted.get("ExternalReceiptNumber")
        if self.switches.refuse_duplicates and any(each["ExternalReceiptNumber"] == number for each in self.receipts):
            return f"External Receipt Number {number} was used before."
        return next((why for line in lines if (why := self._line_complaint(line))), "") or self._over(wanted, card)

    def status_owner(self, card: Any) -> str | None:
        """Return whose card it is; None for one nobody knows."""
        return self.owner.get(card) if isinstance(card, str) else None

    def _line_complaint(self, line: Any) -> str:
        if not isinstance(line, dict):
            return "A transaction is not an object."
        package = self.packages.get(str(line.get("PackageLabel")))
        if package is None:
            return f"Package {line.get('PackageLabel')} was not found."
        if line.get("UnitOfMeasure") != package.package.remaining.unit.value:
            return f"Package {package.package.label} is counted in {package.package.remaining.unit.value}."
        quantity = line.get("Quantity")
        if not isinstance(quantity, int | Decimal) or isinstance(quantity, bool) or quantity <= 0:
            return "Quantity must be greater than zero."
        if quantity > self.remaining[package.package.label]:
            return f"Package {package.package.label} does not hold {quantity}."
        return "" if isinstance(line.get("TotalAmount"), int | Decimal) else "TotalAmount is required."

    def _over(self, wanted: dict[str, Any], card: Any) -> str:
        if not self.switches.refuse_over_limit or not isinstance(card, str):
            return ""
        more = sum((self.ounces(self._line(each, "")) for each in wanted["Transactions"]), Decimal(0))
        over = any(self.purchased(card, days) + more > allowed for days, allowed in WINDOWS)
        return "The sale exceeds the patient's purchase limit." if over else ""

    def touch(self, receipt: dict[str, Any], **changes: Any) -> None:
        """Change a receipt; its time of last change moves."""
        receipt.update(changes, LastModified=self.clock().isoformat(timespec="milliseconds"))
        self.save()

    # Keeping

    def accepted(
        self,
        kind: str,
        *,
        receipt: str,
        external: str | None = None,
        card: str | None = None,
        lines: Iterable[tuple[str, Decimal, str, Decimal]] = (),
        **more: Any,
    ) -> None:
        """Note a write that the state system accepted: post, correct, void, or another.

        `receipt` is the system's own number, `external` the shop's, `card` the patient's card; a line is a package's
        label, a quantity, its unit, and the price of the whole line.
        """
        if self.ledger is None:
            return
        note = {
            "when": self.clock().isoformat(timespec="milliseconds"),
            "system": self.system,
            "kind": kind,
            "receipt": receipt,
            "external": external,
            "card": card,
            "lines": [dict(zip(("label", "quantity", "unit", "price"), each, strict=True)) for each in lines],
            **more,
        }
        descriptor = os.open(self.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as out:
            out.write(exact_json(note) + "\n")

    def save(self) -> None:
        """Write what happened since the training data, whole or not at all."""
        if self.file is None:
            return
        fresh = self.file.with_suffix(".new")
        text = exact_json(
            {
                "day": self.today.isoformat(),
                "receipts": self.receipts,
                "till": self.till,
                "remaining": {label: str(amount) for label, amount in self.remaining.items()},
                "books": self.books,
            }
        )
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
        fresh.replace(self.file)

    def load(self) -> bool:
        """Take up what happened earlier today; return whether there was anything that can be read."""
        if self.file is None or not self.file.is_file():
            return False
        try:
            kept = read_exactly(self.file.read_bytes())
            day, receipts, till, remaining = (kept[name] for name in ("day", "receipts", "till", "remaining"))
        except (ValueError, TypeError, KeyError):
            return False
        if day != self.today.isoformat():
            return False
        self.receipts = receipts
        for receipt in self.receipts:
            receipt["TotalPrice"] = Decimal(receipt["TotalPrice"])
        self.till = till
        self.books = kept.get("books", {})
        self.remaining = {label: Decimal(amount) for label, amount in remaining.items()}
        return True
