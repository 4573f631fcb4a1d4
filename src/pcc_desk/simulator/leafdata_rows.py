"""What Leaf Data says of the shop and its stock: numbers as text, flags in three ways, times local without a zone."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pcc_desk.domain.quantity import Unit
from pcc_desk.simulator.training import TrainingPackage
from pcc_desk.simulator.world import World

SHOP_FLOOR, QUARANTINE = "AR1", "AR2"
UNITS = {Unit.GRAMS: "gm", Unit.EACH: "ea"}
RESULTS = {"TestPassed": ("passed", "completed"), "TestFailed": ("failed", "completed")}
ATTESTED = {"NotRequired"}
FORMATS = ("%m/%d/%Y %I:%M%p", "%m/%d/%Y")


def code(world: World) -> str:
    """Return the licensee's code."""
    return f"WAR{''.join(each for each in world.training.shop.licence if each.isdecimal())}"


def moment(world: World, at: datetime) -> str:
    """Return an instant as it is sent."""
    return world.training.shop.local(at).strftime("%m/%d/%Y %I:%M%p").lower()


def read_moment(text: str) -> datetime | None:
    """Return a local time that was sent; None when it cannot be read."""
    for form in FORMATS:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the wire has no zone
        except ValueError:
            continue
    return None


def inventory_id(world: World, label: str) -> str:
    """Return the number of a package's inventory."""
    return f"{code(world)}.IN{label}"


def tag(said: Any) -> str:
    """Return the tag in an inventory's number, or the tag itself."""
    return said.rpartition(".IN")[2] if isinstance(said, str) else ""


def inventory(world: World, each: TrainingPackage) -> dict[str, Any]:
    """Return an inventory."""
    label, own = each.package.label, code(world)
    may_go_out = not (each.is_on_hold or each.is_recalled)
    expires = each.package.expires_on
    return {
        "global_id": inventory_id(world, label),
        "external_id": label,
        "qty": f"{world.remaining[label]:.4f}",
        "uom": UNITS[each.package.remaining.unit],
        "global_inventory_type_id": f"{own}.TY{label}",
        "global_strain_id": f"{own}.ST1",
        "global_batch_id": f"{own}.BA{label}",
        "global_area_id": f"{own}.{SHOP_FLOOR if may_go_out else QUARANTINE}",
        "global_lab_result_id": f"{own}.LR{label}" if each.lab_state in RESULTS else "",
        "batch_type": "intermediate/ end product",
        "is_initial_inventory": 0,
        "medically_compliant": "1",
        "high_thc": False,
        "high_cbd": False,
        "general_use": False,
        "serving_num": "1",
        "serving_size": "0",
        "net_weight": "0.00",
        "inventory_expires_at": f"{expires:%m/%d/%Y}" if expires else "00/00/0000",
        "inventory_packaged_at": "",
        "lab_results_attested": "1" if each.lab_state in ATTESTED else "0",
        "sent_for_testing": "1",
        "deleted_at": None,
        "created_at": "01/02/2026 09:00am",
        "updated_at": "01/02/2026 09:00am",
    }


def inventory_type(world: World, each: TrainingPackage) -> dict[str, Any]:
    """Return the type of an inventory. Its intermediate type is METRC's name of the category, which is our choice."""
    return {
        "global_id": f"{code(world)}.TY{each.package.label}",
        "external_id": "",
        "name": each.package.product,
        "type": "end_product",
        "intermediate_type": each.metrc_category,
        "weight_per_unit_in_grams": each.weight_g or "0.00",
        "uom": UNITS[each.package.remaining.unit],
        "used_butane": 0,
        "deleted_at": None,
        "created_at": "01/02/2026 09:00am",
        "updated_at": "01/02/2026 09:00am",
    }


def lab_result(world: World, each: TrainingPackage) -> dict[str, Any] | None:
    """Return the laboratory's result of a package; None where there is none."""
    if each.lab_state not in RESULTS:
        return None
    status, testing = RESULTS[each.lab_state]
    return {
        "global_id": f"{code(world)}.LR{each.package.label}",
        "external_id": "",
        "status": status,
        "testing_status": testing,
        "tested_at": "12/28/2025 01:05pm",
        "received_at": "0000-00-00 00:00:00",
        "type": "end_product",
        "thc_percent": f"{Decimal(each.thc_percent):.3f}" if each.thc_percent else None,
        "cannabinoid_status": "completed",
        "foreign_matter": "0",
        "high_thc": False,
        "deleted_at": None,
        "global_inventory_id": inventory_id(world, each.package.label),
        "created_at": "12/28/2025 01:05pm",
        "updated_at": "12/28/2025 01:05pm",
    }
