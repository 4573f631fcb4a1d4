"""The sales that the simulated Leaf Data holds, kept in the world's books as JSON."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from pcc_desk.simulator.leafdata_rows import UNITS, code, inventory_id, moment, read_moment, tag
from pcc_desk.simulator.world import WINDOWS, World

Complaints = dict[str, list[str]]
NAMES = {code: unit.value for unit, code in UNITS.items()}
KINDS = ("retail_recreational", "retail_medical")
WRITTEN = (
    "external_id",
    "type",
    "status",
    "sold_at",
    "price_total",
    "patient_medical_id",
    "caregiver_id",
    "global_sold_by_user_id",
)
READ_ONLY = (
    "sold_to",
    "discount_total",
    "tax_total",
    "cog_total",
    "reason",
    "global_customer_id",
    "global_caregiver_id",
)


class Sales:
    """Every sale, as it is and as lists show it."""

    def __init__(self, world: World) -> None:
        self.world = world
        if "leafdata" not in world.books:
            world.books["leafdata"] = [self._past(each) for each in world.receipts if "IsElsewhere" not in each]

    @property
    def _kept(self) -> list[dict[str, Any]]:
        """The sales, each `now`, as it was `before` its last change, and `since` when it is as it is."""
        kept: list[dict[str, Any]] = self.world.books["leafdata"]
        return kept

    def as_they_are(self) -> list[dict[str, Any]]:
        """Return every sale."""
        return [each["now"] for each in self._kept]

    def as_listed(self) -> list[dict[str, Any]]:
        """Return the sales as lists show them, which may lag."""
        shown_until = self.world.clock() - timedelta(seconds=self.world.switches.list_lag_s)
        rows = (
            each["now"] if datetime.fromisoformat(each["since"]) <= shown_until else each["before"]
            for each in self._kept
        )
        shown = [row for row in rows if row is not None and not self.world.is_late(row["global_id"])]
        return shown if self.world.switches.lines_in_lists else [{**row, "sale_items": []} for row in shown]

    def find(self, number: Any) -> dict[str, Any] | None:
        """Return a sale by its number."""
        return next((each["now"] for each in self._kept if each["now"]["global_id"] == number), None)

    def complaints(self, sent: dict[str, Any], instead_of: dict[str, Any] | None = None) -> Complaints:
        """Return what is wrong with a sale, by field."""
        wrong: Complaints = {}
        external = sent.get("external_id")
        if read_moment(str(sent.get("sold_at"))) is None:
            wrong["sold_at"] = ["The sold at does not match the format m/d/Y h:ia."]
        if sent.get("type") not in KINDS:
            wrong["type"] = ["The selected type is invalid."]
        if _number(sent.get("price_total")) is None:
            wrong["price_total"] = ["The price total must be a number."]
        if self.world.switches.refuse_duplicates and any(
            row["external_id"] == external and row is not instead_of for row in self.as_they_are()
        ):
            wrong["external_id"] = ["The external id has already been taken."]
        items = sent.get("sale_items")
        if not isinstance(items, list) or not items:
            return wrong | {"sale_items": ["The sale items field is required."]}
        back = {label: amount for label, amount, _, _ in _lines(instead_of)} if instead_of else {}
        for place, item in enumerate(items):
            why = self._item_complaint(item, back)
            if why:
                wrong[f"sale_items.{place}"] = [why]
        return wrong or self._over(sent, instead_of)

    def _over(self, sent: dict[str, Any], instead_of: dict[str, Any] | None) -> Complaints:
        """Return that a sale is over the patient's limit, where the state refuses such a one. The words are ours."""
        card = sent.get("patient_medical_id")
        if not self.world.switches.refuse_over_limit or card not in self.world.owner:
            return {}
        more = self._ounces(sent["sale_items"])
        if all(self._purchased(card, days, instead_of) + more <= allowed for days, allowed in WINDOWS):
            return {}
        return {"patient_medical_id": ["The sale exceeds the patient's purchase limit."]}

    def _purchased(self, card: str, days: int, but: dict[str, Any] | None) -> Decimal:
        """Return the ounces that a patient bought in the last days, here and elsewhere."""
        since = self.world.today - timedelta(days=days - 1)
        owner = self.world.owner[card]
        total = Decimal(0)
        for row in self.as_they_are():
            is_void = row["status"] in {"void", "return"} or row["deleted_at"]
            if row is but or is_void or self.world.owner.get(row["patient_medical_id"]) != owner:
                continue
            sold = read_moment(row["sold_at"])
            if sold is not None and sold.date() >= since:
                total += self._ounces(row["sale_items"])
        others = (each for each in self.world.receipts if "IsElsewhere" in each)
        for each in others:
            if self.world.owner.get(each["PatientLicenseNumber"]) == owner and each["SalesDateTime"][:10] >= str(since):
                total += sum((self.world.ounces(line) for line in each["Transactions"]), Decimal(0))
        return total

    def _ounces(self, items: list[dict[str, Any]]) -> Decimal:
        lines = (
            {
                "PackageLabel": tag(each["global_inventory_id"]),
                "QuantitySold": _number(each["qty"]),
                "UnitOfMeasureName": NAMES[each["uom"]],
            }
            for each in items
        )
        return sum(map(self.world.ounces, lines), Decimal(0))

    def _item_complaint(self, item: Any, back: dict[str, Decimal]) -> str:
        if not isinstance(item, dict):
            return "The sale item must be an object."
        label = tag(item.get("global_inventory_id"))
        package = self.world.packages.get(label)
        if package is None:
            return "The selected global inventory id is invalid."
        quantity = _number(item.get("qty"))
        if quantity is None or quantity <= 0:
            return "The qty must be greater than 0."
        if item.get("uom") != UNITS[package.package.remaining.unit]:
            return f"The uom must be {UNITS[package.package.remaining.unit]}."
        if quantity > self.world.remaining[label] + back.get(label, Decimal(0)):
            return "The qty may not be greater than the inventory holds."
        return "" if _number(item.get("price_total")) is not None else "The price total must be a number."

    def create(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Put a sale on record."""
        row = self._row(sent, f"{code(self.world)}.SA{len(self._kept) + 1}")
        self._kept.append({"now": row, "before": None, "since": self.world.clock().isoformat()})
        self._take(row, -1)
        self._tell("post", row)
        return row

    def update(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Put what was sent in the place of what a sale says."""
        before = self._kept_of(sent["global_id"])["now"]
        self._take(before, 1)
        row = self._row({**before, **sent}, before["global_id"]) | {"created_at": before["created_at"]}
        self._change(row)
        self._take(row, -1)
        self._tell("void" if row["status"] == "void" else "correct", row)
        return row

    def delete(self, number: str) -> None:
        """Delete a sale; what was sold is in stock again."""
        before = self._kept_of(number)["now"]
        self._take(before, 1)
        row = before | {"deleted_at": self._now(), "updated_at": self._now()}
        self._change(row)
        self._tell("void", row)

    def _kept_of(self, number: str) -> dict[str, Any]:
        return next(each for each in self._kept if each["now"]["global_id"] == number)

    def _change(self, row: dict[str, Any]) -> None:
        kept = self._kept_of(row["global_id"])
        kept.update(now=row, before=kept["now"], since=self.world.clock().isoformat())

    def _now(self) -> str:
        skew = timedelta(seconds=self.world.switches.clock_skew_s)
        return moment(self.world, self.world.clock() + skew)

    def _take(self, row: dict[str, Any], times: int) -> None:
        if row["status"] == "void" or row["deleted_at"]:
            return
        for label, quantity, _, _ in _lines(row):
            if label in self.world.remaining:
                self.world.remaining[label] += times * quantity

    def _tell(self, kind: str, row: dict[str, Any]) -> None:
        self.world.accepted(
            kind,
            receipt=row["global_id"],
            external=row["external_id"],
            card=row["patient_medical_id"] or None,
            lines=[
                (inventory_id(self.world, label), quantity, NAMES[unit], price)
                for label, quantity, unit, price in _lines(row)
            ],
            caregiver=row["caregiver_id"] or None,
            sold_at=row["sold_at"],
        )
        self.world.save()

    def _row(self, sent: dict[str, Any], number: str) -> dict[str, Any]:
        now, own = self._now(), code(self.world)
        row: dict[str, Any] = dict.fromkeys(READ_ONLY, "") | {name: sent.get(name) or "" for name in WRITTEN}
        row |= {"price_total": f"{_number(sent['price_total']):.2f}", "status": row["status"] or "sale"}
        row |= {"global_id": number, "global_mme_id": f"{own}.MM1", "global_user_id": f"{own}.US1"}
        row |= {"global_area_id": f"{own}.AR1", "created_at": now, "updated_at": now, "deleted_at": None}
        row["sale_items"] = [self._item(each, number, place) for place, each in enumerate(sent["sale_items"], start=1)]
        return row

    def _item(self, sent: dict[str, Any], number: str, place: int) -> dict[str, Any]:
        label = tag(sent["global_inventory_id"])
        package = self.world.packages.get(label)
        return {
            "global_id": f"{code(self.world)}.SI{number.rpartition('.SA')[2]}Z{place}",
            "global_sale_id": number,
            "external_id": sent.get("external_id") or "",
            "type": sent.get("type") or "",
            "name": sent.get("name") or (package.package.product if package else ""),
            "sold_at": sent.get("sold_at") or "",
            "qty": f"{_number(sent['qty']):.4f}",
            "uom": sent["uom"],
            "unit_price": str(sent.get("unit_price") or ""),
            "price_total": f"{_number(sent['price_total']):.2f}",
            "discount_total": "0.00",
            "tax_total": "0.00",
            "global_batch_id": f"{code(self.world)}.BA{label}",
            "global_inventory_id": inventory_id(self.world, label),
            "use_by_date": "00/00/0000",
            "returned_at": "",
            "total_marijuana_in_grams": "0.00",
            "unit_cog": None,
        }

    def _past(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Return a sale of before the simulation began."""
        sold = datetime.fromisoformat(receipt["SalesDateTime"])
        at = moment(self.world, self.world.training.shop.instant(sold))
        sent = {
            "external_id": receipt["ExternalReceiptNumber"],
            "type": KINDS[receipt["PatientLicenseNumber"] is not None],
            "sold_at": at,
            "price_total": receipt["TotalPrice"],
            "patient_medical_id": receipt["PatientLicenseNumber"],
            "caregiver_id": receipt["CaregiverLicenseNumber"],
            "sale_items": [
                {
                    "type": "sale",
                    "sold_at": at,
                    "qty": line["QuantitySold"],
                    "uom": "gm" if line["UnitOfMeasureName"] == "Grams" else "ea",
                    "price_total": line["TotalPrice"],
                    "name": line["ProductName"],
                    "global_inventory_id": line["PackageLabel"],
                }
                for line in receipt["Transactions"]
            ],
        }
        posted = datetime.fromisoformat(receipt["RecordedDateTime"])
        row = self._row(sent, f"{code(self.world)}.SA{receipt['Id']}")
        row |= {"created_at": moment(self.world, posted), "updated_at": moment(self.world, posted)}
        return {"now": row, "before": None, "since": posted.isoformat()}


def _lines(row: dict[str, Any]) -> list[tuple[str, Decimal, str, Decimal]]:
    return [
        (tag(each["global_inventory_id"]), Decimal(each["qty"]), each["uom"], Decimal(each["price_total"]))
        for each in row["sale_items"]
    ]


def _number(said: Any) -> Decimal | None:
    """Return a number, also one written as text; None for anything else."""
    if isinstance(said, bool) or not isinstance(said, int | str | Decimal):
        return None
    try:
        value = Decimal(said)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**12 else None
