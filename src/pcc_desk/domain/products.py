"""Packages in stock and what a quantity of one weighs, holds and costs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pcc_desk.domain.quantity import Quantity, Unit

UNKNOWN_CATEGORY = "unknown"
"""The category of what the registry calls by a name that the jurisdiction's file does not list."""


class Basis(StrEnum):
    """In what a rule counts. The values are those of the rule files."""

    NET_G = "net_g"
    NET_OZ = "net_oz"
    NET_ML = "net_ml"
    NET_FLOZ = "net_floz"
    THC_MG = "thc_mg"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Measures:
    """What a quantity of something amounts to in each way a rule may count it. None: not known."""

    net_mg: int | None
    volume_ul: int | None
    thc_ug: int | None
    count_milli: int

    def of(self, basis: Basis) -> int | None:
        """Return the amount in the smallest unit of the basis: mg, µL, µg or thousandths of a piece."""
        match basis:
            case Basis.NET_G | Basis.NET_OZ:
                return self.net_mg
            case Basis.NET_ML | Basis.NET_FLOZ:
                return self.volume_ul
            case Basis.THC_MG:
                return self.thc_ug
            case Basis.COUNT:
                return self.count_milli


@dataclass(frozen=True, slots=True)
class Package:
    """A tagged package as the state system last described it."""

    label: str
    """The state's tag."""
    product: str
    category: str
    """A category of the rule files, or `UNKNOWN_CATEGORY`."""
    remaining: Quantity
    unit_net_mg: int | None = None
    """Net weight of one piece, for packages counted in pieces."""
    unit_volume_ul: int | None = None
    unit_thc_ug: int | None = None
    """THC of one piece, or of one gram for packages counted in grams."""
    blocked: str = ""
    """Why it may not be sold: on hold, on recall, not tested. Empty: it may."""
    expires_on: date | None = None
    unit_price_cents: int | None = None
    """What the point of sale asks for one piece or one gram, before tax. None: not known."""

    def measures(self, quantity: Quantity) -> Measures:
        """Return what `quantity` of this package amounts to."""
        if quantity.unit is Unit.GRAMS:
            return Measures(quantity.milli, None, _times(self.unit_thc_ug, quantity.milli), 0)
        return Measures(
            _times(self.unit_net_mg, quantity.milli),
            _times(self.unit_volume_ul, quantity.milli),
            _times(self.unit_thc_ug, quantity.milli),
            quantity.milli,
        )

    def price_cents(self, quantity: Quantity) -> int | None:
        """Return what `quantity` costs before tax, rounded to the nearest cent, halves up. None: not known."""
        if self.unit_price_cents is None:
            return None
        return (self.unit_price_cents * quantity.milli + 500) // 1000

    def why_not_sold(self, on: date) -> str:
        """Return why nothing of it may be sold on that day; empty when it may."""
        if self.blocked:
            return self.blocked
        if self.expires_on is not None and self.expires_on < on:
            return f"expired {self.expires_on}"
        if self.remaining.milli <= 0:
            return "none left"
        return ""


def _times(per_unit: int | None, milli: int) -> int | None:
    """Return `per_unit` times thousandths, rounded up: what counts against a patient is never rounded away."""
    return None if per_unit is None else -(-per_unit * milli // 1000)
