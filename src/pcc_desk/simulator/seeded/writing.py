"""An invented day as files: what a point of sale, a state and a desk would export, the rules, and the answer key."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.sales import Dispensed, Kind, LineUnit, Receipt, Sale, SoldLine
from pcc_desk.simulator.seeded.making import CLOSES, OPENS, Day, Key

POS_TITLES = (
    "Sale ID", "Sold At", "Opened At", "Type", "Original Sale", "Void Date", "Customer Type", "Patient Number",
    "Caregiver Number", "Line", "Product Name", "Package ID", "Quantity", "Unit", "Weight g", "Net Sales",
    "Return Date",
)  # fmt: skip
STATE_TITLES = (
    "ReceiptNumber", "ExternalReceiptNumber", "SalesDateTime", "RecordedDateTime", "SalesCustomerType",
    "PatientLicenseNumber", "CaregiverLicenseNumber", "ProductName", "PackageLabel", "QuantitySold",
    "UnitOfMeasureName", "Line Weight g", "TotalPrice", "ArchivedDate",
)  # fmt: skip
DESK_TITLES = (
    "External Number", "Sale ID", "Sold At", "Void Date", "Customer Type", "Patient Number", "Caregiver Number",
    "Product Name", "Package ID", "Quantity", "Unit", "Net Sales", "State Receipt", "Posting Status",
)  # fmt: skip


def write_day(made: Day, folder: Path, *, as_json: bool = False) -> tuple[Path, ...]:
    """Write a day into a folder: `pos.csv`, `state.csv` or `state.json`, `rules.toml` and `key.json`.

    `desk.csv` is among them where the desk handed anything out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    receipts = made.all_receipts()
    files = {
        "pos.csv": _table(POS_TITLES, _pos_rows(made.all_sales())),
        "state.json" if as_json else "state.csv": (
            _json([_metrc(each) for each in receipts]) if as_json else _table(STATE_TITLES, _state_rows(receipts))
        ),
        **({"desk.csv": _table(DESK_TITLES, _desk_rows(made.desk))} if made.desk else {}),
        "rules.toml": _rules(made),
        "key.json": _json(_key(made)),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return tuple(folder / name for name in files)


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows(rows)
    return out.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _pos_rows(sales: Iterable[Sale]) -> Iterable[Sequence[str]]:
    for sale in sales:
        for line in sale.lines:
            returned = sale.sold_at.isoformat() if line.is_returned else ""
            yield (
                sale.number, sale.sold_at.isoformat(), _written(sale.opened_at), _kind(sale), sale.refers_to,
                _written(sale.voided_at), sale.buyer.value, sale.patient_key, sale.caregiver_key, line.number,
                line.product, line.label, thousandths(line.milli), line.unit.value, _grams(line.weight_mg),
                money(line.price_cents),
                returned,
            )  # fmt: skip


def _kind(sale: Sale) -> str:
    return sale.kind.value if sale.kind in {Kind.RETURN, Kind.TRANSFER, Kind.ADJUSTMENT} else ""


def _grams(weight_mg: int | None) -> str:
    return "" if weight_mg is None else thousandths(weight_mg)


def _written(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _state_rows(receipts: Iterable[Receipt]) -> Iterable[Sequence[str]]:
    for receipt in receipts:
        for line in receipt.lines:
            yield (
                receipt.number, receipt.external_number, receipt.sold_at.isoformat(), _written(receipt.recorded_at),
                receipt.buyer.value, receipt.patient_key, receipt.caregiver_key, line.product, line.label,
                thousandths(line.milli), line.unit.value, _grams(line.weight_mg), money(line.price_cents),
                receipt.sold_at.isoformat() if receipt.is_void else "",
            )  # fmt: skip


def _desk_rows(dispensed: Iterable[Dispensed]) -> Iterable[Sequence[str]]:
    for own in dispensed:
        for line in own.lines:
            yield (
                own.number, own.number, own.sold_at.isoformat(), own.sold_at.isoformat() if own.is_void else "",
                own.buyer.value, own.patient_key, own.caregiver_key, line.product, line.label,
                thousandths(line.milli), line.unit.value, money(line.price_cents), own.receipt, own.why_unposted,
            )  # fmt: skip


def _metrc(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as METRC answers it (state systems, 2.9): local time without an offset."""
    return {
        "Id": int(receipt.number),
        "ReceiptNumber": f"R{int(receipt.number):010d}",
        "ExternalReceiptNumber": receipt.external_number or None,
        "SalesDateTime": receipt.sold_at.replace(tzinfo=None).isoformat(timespec="milliseconds"),
        "SalesCustomerType": receipt.buyer.value or None,
        "PatientLicenseNumber": receipt.patient_key or None,
        "CaregiverLicenseNumber": receipt.caregiver_key or None,
        "TotalPackages": len(receipt.lines),
        "TotalPrice": float(money(sum(line.price_cents for line in receipt.lines))),
        "Transactions": [
            {
                "PackageLabel": line.label,
                "ProductName": line.product,
                "QuantitySold": float(thousandths(line.milli)),
                "UnitOfMeasureName": line.unit.value or None,
                "TotalPrice": float(money(line.price_cents)),
                **_unit_weight(line),
            }
            for line in receipt.lines
        ],
        "IsFinal": receipt.is_final,
        "ArchivedDate": receipt.sold_at.isoformat() if receipt.is_void else None,
        "RecordedDateTime": _written(receipt.recorded_at) or None,
        "LastModified": _written(receipt.recorded_at) or None,
    }


def _unit_weight(line: SoldLine) -> dict[str, Any]:
    """Return what a piece weighs, where that comes out even; of what is sold by weight METRC tells none."""
    if line.unit is not LineUnit.EACH or line.weight_mg is None or line.weight_mg * 1000 % line.milli:
        return {}
    each = float(thousandths(line.weight_mg * 1000 // line.milli))
    return {"ItemUnitWeight": each, "ItemUnitWeightUnitOfMeasureName": "Grams"}


def _rules(made: Day) -> str:
    """Return the rules by which the day is to be compared, with what is known beside its lists, as TOML."""
    lines = [f"now = {made.now.isoformat()}", "", "[posting]", "window_hours = 24", ""]
    lines += ["[hours]", f'opens = "{OPENS:%H:%M}"', f'closes = "{CLOSES:%H:%M}"']
    for package in made.packages.values():
        lines += ["", "[[package]]", f'tag = "{package.label}"']
        for each in fields(package)[1:]:
            value = getattr(package, each.name)
            if each.name == "balance_milli" and value is not None:
                lines.append(f'balance = "{thousandths(value)}"')
            elif value not in {None, ""}:
                lines.append(f"{each.name} = {_value(value)}")
    for number, card in made.cards.items():
        lines += ["", "[[card]]", f'number = "{number}"', f"expires = {card.expires}"]
        lines.append(f"ends_with_the_day = {_value(card.ends_with_the_day)}")
    for some in made.same_person:
        lines += ["", "[[same_person]]", f"numbers = {json.dumps(sorted(some))}"]
    for number, why in made.over_limit.items():
        lines += ["", "[[over_limit]]", f'sale = "{number}"', f'why = "{why}"']
    for outage in made.outages:
        lines += ["", "[[outage]]", f'name = "{outage.name}"', f"began = {outage.began.isoformat()}"]
        lines += [f"ended = {outage.ended.isoformat()}"] if outage.ended else []
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime | date) else json.dumps(value)


def _key(made: Day) -> dict[str, Any]:
    told = sorted(made.key, key=lambda one: (one.kind.value, one.sale, one.receipt, one.desk))
    return {
        "day": made.day.isoformat(),
        "zone": made.zone.key,
        "sales": len(made.sales) + len(made.more_sales),
        "receipts": len(made.receipts) + len(made.more_receipts),
        "dispensed": len(made.desk),
        "differences": [_told(each) for each in told if not each.desk],
        "with_desk": [_told(each) for each in told if each.desk],
    }


def _told(each: Key) -> dict[str, Any]:
    numbers = {"sale": each.sale, "receipt": each.receipt, "desk": each.desk}
    return {"class": each.kind.value, **{side: number or None for side, number in numbers.items()}}
