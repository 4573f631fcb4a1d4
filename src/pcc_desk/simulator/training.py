"""Reads the invented practice shop and sets it on today's calendar."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.people import Card, Holder, Patient, Person, Role
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit, cents, milli
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.visits import Reason, Visit, VisitState

INVENTED = UUID("5d1f2f0e-6f0b-5c1a-9d3e-0c6a1b2e4f77")
"""The name space of the practice shop: the desk's store and the simulator agree on every id without talking."""


@dataclass(frozen=True, slots=True)
class PastSale:
    """Something dispensed earlier, with the number that the state gave it."""

    dispensation: Dispensation
    day: date
    receipt: str
    is_elsewhere: bool
    """At another shop: the registry knows of it, this desk does not."""


@dataclass(frozen=True, slots=True)
class TrainingPackage:
    """A package with what only the outside knows of it."""

    package: Package
    metrc_category: str
    lab_state: str
    is_on_hold: bool
    is_recalled: bool
    thc_percent: str
    thc_mg: str
    weight_g: str
    volume_ml: str


@dataclass(frozen=True, slots=True)
class TrainingShop:
    """The practice shop on a day."""

    shop: Shop
    categories: dict[str, str]
    people: tuple[Person, ...]
    patients: tuple[Patient, ...]
    cards: tuple[Card, ...]
    inactive_cards: frozenset[str]
    visits: tuple[Visit, ...]
    packages: tuple[TrainingPackage, ...]
    sales: tuple[PastSale, ...]
    """Oldest first."""


def invented_id(kind: str, key: str) -> UUID:
    """Return the id of something in the practice shop."""
    return uuid5(INVENTED, f"{kind}/{key}")


def load_training(folder: Path, now: datetime) -> TrainingShop:
    """Return the practice shop as it stands at `now` (aware)."""
    head = _read(folder, "shop.toml")
    shop = Shop(**head["shop"])
    today = shop.day(now)
    people = _read(folder, "patients.toml")["patient"]
    packages = tuple(_package(each, today) for each in _read(folder, "packages.toml")["package"])
    return TrainingShop(
        shop=shop,
        categories=head["categories"],
        people=tuple(Person(invented_id("person", p["key"]), p["name"], Role(p["role"])) for p in head["person"]),
        patients=tuple(_patient(each, today) for each in people),
        cards=tuple(card for each in people for card in _cards(each, today)),
        inactive_cards=frozenset(each["cards"][0]["number"] for each in people if not each["active"]),
        visits=tuple(_visit(each, shop, today, now) for each in _read(folder, "appointments.toml")["visit"]),
        packages=packages,
        sales=_sales(_read(folder, "history.toml")["sale"], people, packages, shop, today),
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


def _patient(row: dict[str, Any], today: date) -> Patient:
    born = (
        date.fromisoformat(row["born"]) if "born" in row else today - timedelta(days=row["born_years_ago"] * 365 + 120)
    )
    return Patient(
        id=invented_id("patient", row["key"]),
        family_name=row["family"],
        given_name=row["given"],
        born=born,
        phone=row["phone"],
        certification_expires=today + timedelta(days=row["certification_in"]),
        certified_by=row["certified_by"],
        remarks=row["remarks"],
    )


def _cards(row: dict[str, Any], today: date) -> list[Card]:
    return [
        Card(
            number=card["number"],
            patient_id=invented_id("patient", row["key"]),
            holder=Holder(card["holder"]),
            holder_name=card["holder_name"],
            expires_on=today + timedelta(days=card["expires_in"]),
            renewed_as=card.get("renewed_as", ""),
        )
        for card in row["cards"]
    ]


def _visit(row: dict[str, Any], shop: Shop, today: date, now: datetime) -> Visit:
    at = _local(shop, today, row["at"]) if "at" in row else None
    return Visit(
        id=invented_id("visit", f"{today}/{row['patient']}"),
        patient_id=invented_id("patient", row["patient"]),
        day=today,
        state=VisitState(row["state"]),
        reason=Reason(row["reason"]),
        appointment_at=at,
        arrived_at=now - timedelta(minutes=row["minutes_ago"]) if "minutes_ago" in row else None,
        through=row.get("through", ""),
    )


def _local(shop: Shop, day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), ZoneInfo(shop.zone))


def _package(row: dict[str, Any], today: date) -> TrainingPackage:
    unit = Unit(row["unit"])
    thc = _micrograms(row, unit)
    blocked = "on hold" if row.get("on_hold") else "recalled" if row.get("recalled") else ""
    package = Package(
        label=row["label"],
        product=row["product"],
        category=row["category"],
        remaining=Quantity(milli(row["quantity"]), unit),
        unit_net_mg=milli(row["weight_g"]) if "weight_g" in row else None,
        unit_volume_ul=milli(row["volume_ml"]) if "volume_ml" in row else None,
        unit_thc_ug=thc,
        blocked=blocked,
        expires_on=today + timedelta(days=row["expires_in"]) if "expires_in" in row else None,
        unit_price_cents=cents(row["price"]),
    )
    return TrainingPackage(
        package=package,
        metrc_category=row["metrc_category"],
        lab_state=row.get("lab_state", "TestPassed"),
        is_on_hold=bool(row.get("on_hold")),
        is_recalled=bool(row.get("recalled")),
        thc_percent=row.get("thc_percent", ""),
        thc_mg=row.get("thc_mg", ""),
        weight_g=row.get("weight_g", ""),
        volume_ml=row.get("volume_ml", ""),
    )


def _micrograms(row: dict[str, Any], unit: Unit) -> int | None:
    if unit is Unit.GRAMS:
        return milli(row["thc_percent"]) * 10 if "thc_percent" in row else None
    return milli(row["thc_mg"]) if "thc_mg" in row else None


def _sales(
    rows: list[dict[str, Any]],
    people: list[dict[str, Any]],
    packages: tuple[TrainingPackage, ...],
    shop: Shop,
    today: date,
) -> tuple[PastSale, ...]:
    by_label = {each.package.label: each.package for each in packages}
    cards = {each["key"]: each["cards"] for each in people}
    sales = []
    for number, row in enumerate(rows, start=1):
        day = today - timedelta(days=row["days_ago"])
        own, *others = cards[row["patient"]]
        caregiver = next((each["number"] for each in others if each["holder"] == "caregiver"), "")
        dispensation = Dispensation(
            id=invented_id("sale", f"{today}/{number}"),
            patient_id=invented_id("patient", row["patient"]),
            visit_id=None,
            card_number=own["number"],
            caregiver_card=caregiver,
            at=_local(shop, day, row["at"]),
            by=invented_id("person", "ana"),
            external_number=f"PCC-{day:%Y%m%d}-T{number:05d}",
            lines=tuple(_line(by_label[line["label"]], line["quantity"]) for line in row["lines"]),
        )
        sales.append(PastSale(dispensation, day, str(80_000 + number), row["shop"] == "elsewhere"))
    return tuple(sales)


def _line(package: Package, amount: str) -> DispensedLine:
    quantity = Quantity(milli(amount), package.remaining.unit)
    price = package.price_cents(quantity)
    return DispensedLine(
        package.label, package.product, package.category, quantity, package.measures(quantity), price or 0
    )
