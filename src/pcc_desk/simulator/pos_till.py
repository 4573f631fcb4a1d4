"""What the simulated point of sale has rung up, as its interfaces tell it. Money and quantities are exact.

A sale of the till may hold more than the practice shop's own hands put there: `opened_at`, `voided_at`, `return_of`
(the number of the sale that it takes back), `card`, `kind` (a transfer), and of a line `discount`, `tax`, `coupon`,
`returned_by` (the number of the return). What the point of sale keeps beside it stands in `world.books["pos"]`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from pcc_desk.domain.products import Package
from pcc_desk.simulator.pos import called, labelled
from pcc_desk.simulator.world import World

PLACE = "pos-417"
ANONYMOUS = 0


@dataclass(frozen=True, slots=True)
class RungLine:
    """A line of the till."""

    place: int
    label: str
    package: Package | None
    quantity: Decimal
    net: Decimal
    """Before tax, after discount."""
    discount: Decimal
    tax: Decimal
    is_coupon: bool
    returned_by: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A sale of the till."""

    number: str
    at: datetime
    opened_at: datetime
    voided_at: datetime | None
    return_of: str
    kind: str
    card: str
    reference: str
    is_medical: bool
    lines: tuple[RungLine, ...] = field(default=())

    @property
    def net(self) -> Decimal:
        """What the goods come to before tax, after discount."""
        return sum((each.net for each in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax on it."""
        return sum((each.tax for each in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        """What was taken off."""
        return sum((each.discount for each in self.lines), Decimal(0))


def rung(world: World) -> Iterator[Rung]:
    """Yield what was rung up, in the order of the till."""
    packages = {tag.upper(): each.package for tag, each in world.packages.items()} | labelled(world)
    names = called(world)
    for sale in world.till:
        at = datetime.fromisoformat(sale["at"])
        yield Rung(
            number=sale["number"],
            at=at,
            opened_at=datetime.fromisoformat(sale["opened_at"]) if "opened_at" in sale else at - timedelta(minutes=6),
            voided_at=datetime.fromisoformat(sale["voided_at"]) if "voided_at" in sale else None,
            return_of=sale.get("return_of", ""),
            kind=sale.get("kind", "sale"),
            card=sale.get("card", ""),
            reference=sale.get("reference", ""),
            is_medical=bool(sale.get("card")) or sale.get("customer_type") in {"Patient", "Caregiver"},
            lines=tuple(_line(place, each, packages, names) for place, each in enumerate(sale["lines"], start=1)),
        )


def _line(place: int, line: dict[str, Any], packages: dict[str, Package], names: dict[str, str]) -> RungLine:
    return RungLine(
        place=place,
        label=names.get(line["label"].upper(), line["label"]),
        package=packages.get(line["label"].upper()),
        quantity=Decimal(line["quantity"]),
        net=Decimal(line["price"]),
        discount=Decimal(line.get("discount", "0.00")),
        tax=Decimal(line.get("tax", "0.00")),
        is_coupon=bool(line.get("coupon", False)),
        returned_by=line.get("returned_by", ""),
    )


def kept(world: World, name: str, usual: Any) -> Any:
    """Return what the point of sale keeps of its own under a name."""
    return world.books.get("pos", {}).get(name, usual)


def key(world: World) -> str:
    """Return the key to its interfaces: another than the state system's."""
    return f"{PLACE}-{world.keys[0]}"


def number_of(text: str) -> int:
    """Return a number of a sale as one: its digits, which is what a point of sale with whole numbers has."""
    return int("".join(each for each in text if each.isdigit()) or "0")


def guid(text: str) -> str:
    """Return an id of another kind, the same for the same text."""
    return str(uuid5(UUID(int=417), text))


def in_utc(at: datetime, *, marked: bool = True) -> str:
    """Return an instant in UTC, with its Z or without."""
    said = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{said}Z" if marked else said


def customer_of(world: World, card: str) -> int:
    """Return the number of the customer with a card; `ANONYMOUS` for none."""
    cards = [each.number for each in world.training.cards]
    return 7000 + cards.index(card) if card in cards else ANONYMOUS
