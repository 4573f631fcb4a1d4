"""What a point of sale tells beside its sales: what lies on its shelf, and who is checked in there."""

from dataclasses import dataclass
from datetime import date, datetime

from pcc_desk.domain.sales import LineUnit


@dataclass(frozen=True, slots=True)
class ShelfPackage:
    """A package as the point of sale describes it. What it does not say is None or empty."""

    label: str
    """The state's tag, as `sales.tag_key` makes it; empty where it tells none."""
    product: str
    milli: int
    """Thousandths of the unit that are there."""
    unit: LineUnit = LineUnit.UNKNOWN
    category: str = ""
    status: str = ""
    """Active, testing, quarantine: in the point of sale's own words."""
    lab_status: str = ""
    price_cents: int | None = None
    """Of one piece or one gram, before tax."""
    unit_weight_mg: int | None = None
    equivalent_mg: int | None = None
    """The flower that one counts for."""
    potency_mg: str = ""
    """As it is written there, for a check of the catalogue: it may be nonsense."""
    expires_on: date | None = None
    packaged_on: date | None = None
    product_key: str = ""
    """By what lines of sales name the product there, where they bear no tag."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is checked in at the point of sale."""

    name: str
    checked_in_at: datetime
    """Aware; in the shop's zone."""
    status: str = ""
    """In the point of sale's own words."""
    buyer: str = ""
    """The type of customer, in its own words."""
    customer: str = ""
    """Its number of the customer."""
    number: str = ""
    """Its number of the order."""
    phone: str = ""
    terminal: str = ""
