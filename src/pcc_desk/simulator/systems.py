"""The state systems that can be simulated. Each is a module beside this one; only the one in use is loaded.

Such a module has two functions, and may have a third:

- `routes(world) -> list[BaseRoute]`: what it answers, from the root of the address.
- `credentials(world) -> dict[str, str]`: what a client needs to be let in, by the wire's own names.
- `sell_elsewhere(world, card, label, quantity)`: another shop's desk sells to the same patient.

What a system keeps of its own it keeps in `world.books[name]`, as JSON, amounts as text (a whole `Decimal` would come
back as an `int`); every write that it accepts it tells
`world.accepted`, and then it calls `world.save`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING

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


def load_system(name: str) -> System:
    """Return a system by its name. Raises `ValueError` for one that there is not."""
    if name not in NAMES:
        raise ValueError(f"There is no simulated state system {name!r}. There are: {', '.join(NAMES)}.")
    module = import_module(f"pcc_desk.simulator.{name}")
    elsewhere: SellElsewhere = getattr(module, "sell_elsewhere", _sell_elsewhere)
    return System(name, module.routes, module.credentials, elsewhere)


def _sell_elsewhere(world: "World", card: str, label: str, quantity: Decimal) -> None:
    """Put another shop's sale among the receipts, from where `World.purchased` counts it."""
    unit = world.packages[label].package.remaining.unit.value
    line = {"PackageLabel": label, "Quantity": quantity, "UnitOfMeasure": unit, "TotalAmount": Decimal(0)}
    at = world.training.shop.local(world.clock()).replace(tzinfo=None).isoformat(timespec="milliseconds")
    world.add_receipt({"SalesDateTime": at, "PatientLicenseNumber": card, "Transactions": [line]}, takes_stock=False)
    world.receipts[-1]["IsElsewhere"] = True
    world.save()
