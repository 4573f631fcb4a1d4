"""METRC's packages as ours: what each weighs and holds, whether it may be sold, and what it says of its end."""

import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.state.fields import NotUnderstood, down, field, inside, number, text, up, written_day
from pcc_desk.adapters.state.metrc_wire import WEIGHTS_MG, instant, label, measure
from pcc_desk.domain.products import UNKNOWN_CATEGORY, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.reconciling.terms import KnownPackage

PASSED = {"TestPassed", "RetestPassed", "Remediated", "NotRequired", "ProcessValidated"}
"""States of testing in which a package may be sold (2.11)."""

VOLUMES_UL = {"Milliliters": Decimal(1000), "Liters": Decimal(1_000_000), "Fluid Ounces": Decimal("29573.5295625")}
CONTENTS_UG = {"Milligrams": Decimal(1000), "Grams": Decimal(1_000_000)}

OFFSET = re.compile(r"T.*(Z|[+-]\d\d:?\d\d)$")
"""How a time ends of which it is known where it is one."""


def package(row: dict[str, Any], categories: Mapping[str, str]) -> Package:
    """Return a package with what it weighs, holds, and whether it may be sold. Raises `NotUnderstood`."""
    item = inside(row, "Item")
    unit_name = text(row, "UnitOfMeasureName")
    unit = next((each for each in Unit if each.value.lower() == unit_name.lower()), None)
    quantity = number(row, "Quantity")
    if quantity is None or not label(row, "Label"):
        raise NotUnderstood("a package has no label or no quantity")
    thc = measure(item, "UnitThcContent", CONTENTS_UG)
    if unit is Unit.GRAMS:
        percent = number(item, "UnitThcPercent")
        thc = up(percent * 10_000) if percent is not None else thc
    return Package(
        label=label(row, "Label"),
        product=text(item, "Name") or "unnamed product",
        category=categories.get(text(item, "ProductCategoryName"), UNKNOWN_CATEGORY),
        remaining=Quantity(down(quantity * 1000), unit or Unit.EACH),
        unit_net_mg=measure(item, "UnitWeight", WEIGHTS_MG),
        unit_volume_ul=measure(item, "UnitVolume", VOLUMES_UL),
        unit_thc_ug=thc,
        blocked=_blocked(row) or ("" if unit else f"counted in {unit_name or 'no unit'}, which this desk cannot weigh"),
        expires_on=written_day(row, "UseByDate") or written_day(row, "ExpirationDate"),
    )


def known_package(row: dict[str, Any], zone: ZoneInfo) -> KnownPackage:
    """Return what a package says of its end: an instant where it tells one, a day where it tells no more.

    A time of midnight, or one without an offset, tells no more than the day. Raises `NotUnderstood`.
    """
    finished_on, tag = written_day(row, "FinishedDate"), label(row, "Label")
    if not tag:
        raise NotUnderstood("a package has no label")
    at = instant(row, "FinishedDate")
    if finished_on is None or at is None or at.time() == time() or not OFFSET.search(text(row, "FinishedDate")):
        return KnownPackage(tag, finished_on=finished_on)
    return KnownPackage(tag, finished_at=at.astimezone(zone))


def _blocked(row: dict[str, Any]) -> str:
    """Return why a package may not be sold now (2.11); empty when it may."""
    for name, why in (
        ("IsOnHold", "on hold"),
        ("IsOnRecall", "recalled"),
        ("IsOnRecallCombined", "recalled"),
        ("IsOnInvestigation", "under investigation"),
        ("IsFinished", "finished"),
        ("IsTradeSample", "a trade sample"),
        ("IsTestingSample", "a testing sample"),
    ):
        said = field(row, name)
        if said is True:
            return why
        if not isinstance(said, bool | None):
            return f"could not tell whether it is {why}"
    if written_day(row, "ArchivedDate") is not None:
        return "archived"
    state = text(row, "LabTestingState")
    return "" if state in PASSED else f"not released by the laboratory ({state or 'no test state'})"
