"""The state systems that can be simulated. Each is a module beside this one; only the one in use is loaded.

Such a module has two functions, and may have three more:

- `routes(world) -> list[BaseRoute]`: what it answers, from the root of the address.
- `credentials(world) -> dict[str, str]`: what a client needs to be let in, by the wire's own names.
- `sell_elsewhere(world, card, label, quantity)`: another shop's desk sells to the same patient; raises `ValueError`
  when there is no such card or package. Without it the sale is put among the world's receipts.
- `label(world, tag) -> str`: what it calls a package, in place of METRC's tag. The point of sale calls it so too.
- `numbers(world) -> dict[str, Any]`: what the line that says "ready" tells, in place of METRC's: licence, patients,
  caregivers, packages.

What a system keeps of its own it keeps in `world.books[name]`, as JSON, amounts as text (a whole `Decimal` would come
back as an `int`); every write that it accepts it tells
`world.accepted`, and then it calls `world.save`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute

if TYPE_CHECKING:
    from pcc_desk.simulator.world import World

NAMES = ("metrc", "biotrack", "leafdata")

SellElsewhere = Callable[["World", str, str, Decimal], None]


@dataclass(frozen=True, slots=True)
class System:
    """A state system to simulate."""

    name: str
    routes: Callable[["World"], list[BaseRoute]]
    credentials: Callable[["World"], dict[str, str]]
    sell_elsewhere: SellElsewhere
    numbers: Callable[["World"], dict[str, Any]]
    label: Callable[["World", str], str]


def load_system(name: str) -> System:
    """Return a system by its name. Raises `ValueError` for one that there is not."""
    if name not in NAMES:
        raise ValueError(f"There is no simulated state system {name!r}. There are: {', '.join(NAMES)}.")
    module = import_module(f"pcc_desk.simulator.{name}")
    elsewhere: SellElsewhere = getattr(module, "sell_elsewhere", sell_elsewhere)
    numbers, label = getattr(module, "numbers", usual_numbers), getattr(module, "label", _by_tag)
    return System(name, module.routes, module.credentials, elsewhere, numbers, label)


def _by_tag(world: "World", tag: str) -> str:
    return tag


def usual_numbers(world: "World") -> dict[str, Any]:
    """Return some numbers to try: cards that are good, patients' cards that are not, packages that can be sold."""
    cards = [each for each in world.training.cards if not each.renewed_as]
    of_patients = {each.number: each for each in cards if each.holder == "patient"}
    not_good = {
        number
        for number, each in of_patients.items()
        if number in world.training.inactive_cards or each.expires_on < world.today
    }
    sold = [
        {"label": label, "unit": each.package.remaining.unit.value, "quantity": str(world.remaining[label])}
        for label, each in world.packages.items()
        if each.lab_state == "TestPassed" and not each.package.why_not_sold(world.today)
    ]
    return {
        "licence": world.training.shop.licence,
        "patients": [number for number in of_patients if number not in not_good][:12],
        "patients_inactive": sorted(not_good)[:4],
        "caregivers": list(dict.fromkeys(each.number for each in cards if each.holder == "caregiver"))[:4],
        "packages": sold[:12],
    }


def sell_elsewhere(world: "World", card: str, label: str, quantity: Decimal) -> None:
    """Put another shop's sale among the receipts, from where `World.purchased` counts it."""
    if card not in world.owner or label not in world.packages:
        raise ValueError(f"There is no card {card} or no package {label} in this world.")
    unit = world.packages[label].package.remaining.unit.value
    line = {"PackageLabel": label, "Quantity": quantity, "UnitOfMeasure": unit, "TotalAmount": Decimal(0)}
    at = world.training.shop.local(world.clock()).replace(tzinfo=None).isoformat(timespec="milliseconds")
    world.add_receipt({"SalesDateTime": at, "PatientLicenseNumber": card, "Transactions": [line]}, takes_stock=False)
    world.receipts[-1]["IsElsewhere"] = True
    world.save()
