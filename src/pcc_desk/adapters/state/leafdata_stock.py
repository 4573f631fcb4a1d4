"""What Leaf Data has in stock: inventories, with their types, laboratory results and areas (4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.state.fields import NotUnderstood, down, number, up
from pcc_desk.adapters.state.leafdata_wire import UNITS, flag, is_deleted, moment, words
from pcc_desk.domain.products import UNKNOWN_CATEGORY, Package
from pcc_desk.domain.quantity import Quantity, Unit


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is known beside the inventories: of their types, laboratory results and areas, by their numbers."""

    categories: Mapping[str, str]
    """Our category by the name that an intermediate type or a batch's type has."""
    types: Mapping[str, dict[str, Any]]
    results: Mapping[str, dict[str, Any]]
    areas: Mapping[str, dict[str, Any]]


def package(row: dict[str, Any], shelf: Shelf, zone: ZoneInfo) -> Package:
    """Return an inventory with what is known of it. Raises `NotUnderstood`.

    Its name, category and weight are those of its type. THC is known only where the laboratory's result says one
    figure, in percent, and the inventory is weighed: nothing is worked out that the laboratory should say.
    """
    kind = shelf.types.get(words(row, "global_inventory_type_id"), {})
    result = shelf.results.get(words(row, "global_lab_result_id"), {})
    label, quantity, code = words(row, "global_id").upper(), number(row, "qty"), words(row, "uom").lower()
    if not label or quantity is None:
        raise NotUnderstood("an inventory has no number or no quantity")
    unit = UNITS.get(code)
    weight, percent = number(kind, "weight_per_unit_in_grams"), number(result, "thc_percent")
    expires = moment(words(row, "inventory_expires_at"), zone)
    by_type, by_batch = (words(kind, "intermediate_type"), words(row, "batch_type"))
    return Package(
        label=label,
        product=words(kind, "name") or "unnamed product",
        category=shelf.categories.get(by_type) or shelf.categories.get(by_batch) or UNKNOWN_CATEGORY,
        remaining=Quantity(down(quantity * 1000), unit or Unit.EACH),
        unit_net_mg=up(weight * 1000) if unit is Unit.EACH and weight and weight > 0 else None,
        unit_thc_ug=up(percent * 10_000) if unit is Unit.GRAMS and percent and percent > 0 else None,
        blocked=_blocked(row, result, shelf)
        or ("" if unit else f"counted in {code or 'no unit'}, which this desk cannot weigh"),
        expires_on=expires.date() if expires else None,
    )


def _blocked(row: dict[str, Any], result: dict[str, Any], shelf: Shelf) -> str:
    """Return why an inventory may not be sold now; empty when it may.

    Where no laboratory result is known, the attestation counts that none is needed or that it is right.
    """
    if is_deleted(row):
        return "struck from the inventory"
    if words(shelf.areas.get(words(row, "global_area_id"), {}), "type").lower() == "quarantine":
        return "in quarantine"
    state = words(result, "status").lower()
    if state in {"passed", ""} and (state or flag(row, "lab_results_attested")):
        return ""
    return f"not released by the laboratory ({state or 'no result known'})"
