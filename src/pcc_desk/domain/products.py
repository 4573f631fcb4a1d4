"""Packages in stock and what a quantity of one weighs, holds and costs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from pcc_desk.domain.quantity import Quantity, Unit

UNKNOWN_CATEGORY = "unknown"
"""The category of what the registry calls by a name that the jurisdiction's file does not list."""

FLUID_OUNCE_UL = Fraction("29573.5295625")
"""One US fluid ounce: 231 cubic inches / 128, exactly."""


class Basis(StrEnum):
    """In what a rule counts. The values are those of the rule files."""

    NET_G = "net_g"
    NET_OZ = "net_oz"
    NET_ML = "net_ml"
    NET_FLOZ = "net_floz"
    THC_MG = "thc_mg"
    OTHER_CANNABINOID_MG = "other_cannabinoid_mg"
    PRODUCER_EQUIV_G = "producer_equiv_g"
    """The weight of flower that the producer states a product to be equivalent to."""
    COUNT = "count"
    DOSE = "dose"
    """Daily doses, as the practitioner set them."""
    VISIT = "visit"
    """Sales, whatever is in them."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What a quantity of something amounts to in each way a rule may count it. None: not known."""

    net_mg: int | None
    volume_ul: int | None
    thc_ug: int | None
    count_milli: int | None
    other_ug: int | None = None
    """Cannabinoids other than THC."""
    equivalent_mg: int | None = None
    """The flower it is equivalent to, as the producer states it."""
    dose_milli: int | None = None
    """Daily doses."""

    def of(self, basis: Basis) -> int | None:
        """Return the amount in the smallest unit of the basis: mg, µL, µg, or thousandths of a piece or dose.

        A sale is counted by sales, not by what is in it: a visit has no measure.
        """
        return getattr(self, MEASURE_OF[basis], None)

    def times(self, numerator: int, denominator: int) -> "Measures":
        """Return a share of it, each measure rounded up: what counts against a patient is never rounded away."""
        return Measures(*(None if each is None else -(-each * numerator // denominator) for each in self.all))

    @property
    def all(self) -> tuple[int | None, ...]:
        """Every measure, in the order of the fields."""
        return (
            self.net_mg,
            self.volume_ul,
            self.thc_ug,
            self.count_milli,
            self.other_ug,
            self.equivalent_mg,
            self.dose_milli,
        )

    @property
    def thc_percent(self) -> Fraction | None:
        """THC in percent of the weight; None when either is not known."""
        if self.thc_ug is None or not self.net_mg:
            return None
        return Fraction(self.thc_ug, self.net_mg * 10)


MEASURE_OF = {
    Basis.NET_G: "net_mg",
    Basis.NET_OZ: "net_mg",
    Basis.NET_ML: "volume_ul",
    Basis.NET_FLOZ: "volume_ul",
    Basis.THC_MG: "thc_ug",
    Basis.OTHER_CANNABINOID_MG: "other_ug",
    Basis.PRODUCER_EQUIV_G: "equivalent_mg",
    Basis.COUNT: "count_milli",
    Basis.DOSE: "dose_milli",
    Basis.VISIT: "",
}
"""Which measure a basis counts by; none for a visit."""


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
