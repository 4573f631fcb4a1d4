"""The simulated world: who has which card, what is in which package, which receipts there are, what was sold.

Its own choices, where nothing public says how the real system does: concentrates count gram for gram; available is
allowed less purchased, rounded down to four decimals; a receipt number is accepted twice unless told otherwise.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from pcc_desk.simulator import keeping
from pcc_desk.simulator.faults import Faults
from pcc_desk.simulator.line import Line
from pcc_desk.simulator.packages import package_id
from pcc_desk.simulator.switches import Mode, Switches
from pcc_desk.simulator.training import TrainingShop

__all__ = ["WINDOWS", "Mode", "Switches", "World"]

OUNCE_G = Decimal("28.3495")
FLUID_OUNCE_ML = Decimal("29.5735295625")
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
    faults: Faults = field(default_factory=Faults)
    line_to_clients: Line = field(default_factory=Line)
    born: str = ""
    """What tells this world from another, and when it began."""
    notes: list[dict[str, Any]] = field(default_factory=list)
    """Every write that was accepted."""
    written: int | None = None
    """How many notes stand in the ledger; None while nobody looked."""
    ledger: Path | None = None
    """Where each accepted write is noted, one line of JSON each."""
    _cached: dict[str, tuple[datetime, list[dict[str, Any]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.packages = {each.package.label: each for each in self.training.packages}
        self.remaining = {label: each.package.remaining.amount for label, each in self.packages.items()}
        self.born = self.born or f"{self.clock().isoformat()}/{secrets.token_hex(4)}"
        self.owner = {card.number: str(card.patient_id) for card in self.training.cards if card.holder == "patient"}

    @property
    def today(self) -> date:
        """The day in the shop."""
        return self.training.shop.day(self.clock())

    def turn(self, switches: Mapping[str, bool | int]) -> None:
        """Turn switches."""
        for name, value in switches.items():
            setattr(self.switches, name, value)

    # Patients

    def status(self, card: str) -> list[dict[str, Any]] | None:
        """Return the windows of a card, at most a minute old; None for a card nobody knows."""
        known = next((each for each in self.training.cards if each.number == card and each.holder == "patient"), None)
        if known is None or known.renewed_as:
            return None
        now = self.clock()
        cached = self._cached.get(card)
        if cached is not None and now - cached[0] < timedelta(seconds=self.switches.cache_s):
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

    def purchased(self, card: str, days: int, but: dict[str, Any] | None = None) -> Decimal:
        """Return the ounces of usable-marihuana equivalent bought in the last `days` calendar days, today included.

        `but` is a receipt that does not count.
        """
        since = self.today - timedelta(days=days - 1)
        owner = self.owner.get(card)
        total = Decimal(0)
        for receipt in self.receipts:
            is_theirs = receipt is not but and self.owner.get(receipt["PatientLicenseNumber"] or "") == owner
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
        lines = [self.line(each, now) for each in wanted["Transactions"]]
        self.receipts.append(
            {
                "Id": number,
                "ReceiptNumber": f"{number:010d}",
                "ExternalReceiptNumber": wanted.get("ExternalReceiptNumber"),
                "SalesDateTime": local_time(wanted["SalesDateTime"]),
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
            self._take(lines)
        return number

    def replace_receipt(self, number: int, wanted: dict[str, Any]) -> dict[str, Any]:
        """Put another receipt in the place of one, and return it as it is now."""
        receipt = next(each for each in self.receipts if each["Id"] == number)
        self.give_back(receipt)
        lines = [self.line(each, receipt["RecordedDateTime"]) for each in wanted["Transactions"]]
        self._take(lines)
        self.touch(
            receipt,
            ExternalReceiptNumber=wanted.get("ExternalReceiptNumber"),
            SalesDateTime=local_time(wanted["SalesDateTime"]),
            SalesCustomerType=wanted["SalesCustomerType"],
            PatientLicenseNumber=wanted.get("PatientLicenseNumber"),
            CaregiverLicenseNumber=wanted.get("CaregiverLicenseNumber"),
            Transactions=lines,
            TotalPackages=len(lines),
            TotalPrice=sum((line["TotalPrice"] for line in lines), Decimal(0)),
        )
        return receipt

    def _take(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            self.remaining[line["PackageLabel"]] -= Decimal(line["QuantitySold"])

    def give_back(self, receipt: dict[str, Any]) -> None:
        """Put what a receipt sold back into its packages."""
        for line in receipt["Transactions"]:
            if line["PackageLabel"] in self.remaining:
                self.remaining[line["PackageLabel"]] += Decimal(line["QuantitySold"])

    def line(self, wanted: dict[str, Any], now: str) -> dict[str, Any]:
        """Return a line of a receipt as it is kept."""
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

    def touch(self, receipt: dict[str, Any], **changes: Any) -> None:
        """Change a receipt; its time of last change moves."""
        receipt.update(changes, LastModified=self.clock().isoformat(timespec="milliseconds"))

    def keep_back(self, receipts: Iterable[str], seconds: int) -> None:
        """Let sales show in lists and look-ups only so many seconds later. They are known by the system's numbers."""
        until = (self.clock() + timedelta(seconds=seconds)).isoformat()
        self.books.setdefault("late", {}).update(dict.fromkeys(receipts, until))
        self.save()

    def is_late(self, receipt: str) -> bool:
        """Whether a sale does not show yet, though it was taken."""
        until = self.books.get("late", {}).get(receipt)
        return until is not None and self.clock() < datetime.fromisoformat(until)

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
        """Note a write that the state system accepted: post, correct, void, or another. It is written with `save`.

        `receipt` is the system's own number, `external` the shop's, `card` the patient's card; a line is a package's
        label, a quantity, its unit, and the price of the whole line.
        """
        names = ("label", "quantity", "unit", "price")
        self.notes.append(
            {
                "world": self.born,
                "n": len(self.notes) + 1,
                "when": self.clock().isoformat(timespec="milliseconds"),
                "system": self.system,
                "kind": kind,
                "receipt": receipt,
                "external": external,
                "card": card,
                "lines": [dict(zip(names, each, strict=True)) for each in lines],
                **more,
            }
        )

    def save(self) -> None:
        """Write what happened since the training data, whole or not at all; then note it in the ledger."""
        keeping.save(self)
        keeping.write_ledger(self)

    def load(self, *, other_days: bool = False) -> bool:
        """Take up what happened earlier today, or on other days too; return whether there was anything to read."""
        return keeping.load(self, other_days=other_days)


def local_time(said: str) -> str:
    """Return a time of sale as it is kept: the shop's own time, without a zone, whatever zone was sent with it."""
    return datetime.fromisoformat(said).replace(tzinfo=None).isoformat(timespec="milliseconds")
