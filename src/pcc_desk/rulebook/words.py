"""The words of the rule files, and how their numbers are written for a person."""

from fractions import Fraction

from pcc_desk.domain.products import FLUID_OUNCE_UL, Basis
from pcc_desk.domain.rules import Limit, Potency, RegistryFigure, Source, Term
from pcc_desk.domain.windows import CalendarWeek, FixedPeriod, OrderLife, Refill, RollingDays, Window

CATEGORIES = (
    "flower",
    "preroll",
    "shake",
    "infused_preroll",
    "concentrate",
    "vape",
    "edible",
    "liquid",
    "tincture",
    "capsule",
    "suppository",
    "transdermal",
    "topical",
    "low_thc",
    "plant",
    "seedling",
    "seed",
)
"""Every category that a limit may speak of."""

FLOWER_LIKE = CATEGORIES[:3]
CONCENTRATE_LIKE = ("concentrate", "vape")
FORMS = CATEGORIES[4:13]
"""Every form but flower."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

BASIS_UNITS = {
    Basis.NET_G: "g",
    Basis.NET_OZ: "oz",
    Basis.NET_ML: "mL",
    Basis.NET_FLOZ: "fl oz",
    Basis.THC_MG: "mg THC",
    Basis.OTHER_CANNABINOID_MG: "mg other cannabinoids",
    Basis.PRODUCER_EQUIV_G: "g as the producer states",
    Basis.COUNT: "pieces",
    Basis.DOSE: "daily doses",
    Basis.VISIT: "visits",
}
"""What one of a basis is called after a number."""


def smallest(basis: Basis, ounce_mg: Fraction) -> Fraction:
    """Return how many of its smallest units (mg, µL, µg, thousandths) make one of a basis."""
    match basis:
        case Basis.NET_OZ:
            return ounce_mg
        case Basis.NET_FLOZ:
            return FLUID_OUNCE_UL
        case _:
            return Fraction(1000)


def number(value: Fraction) -> str:
    """Return a number exactly: as a decimal where it has an end, else as a fraction."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(value)
    places = 0
    while value.denominator != 1 and (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def measured(term: Term, ounce_mg: Fraction) -> str:
    """Return what uses up one unit of a limit: "8 g", "2.52 g (THC over 23 % up to 35 %), whole units per product"."""
    words = f"{number(term.per / smallest(term.basis, ounce_mg))} {BASIS_UNITS[term.basis]}"
    if term.where is not None:
        words += f" ({potency(term.where)})"
    if term.rounds_up:
        words += ", rounded up to whole units for each product"
    return words


def unit_of(unit: str) -> str:
    """Return the short form of the unit of a limit: "oz" for "oz usable-marihuana equivalent"."""
    first, _, rest = unit.partition(" ")
    if first == "fl" and rest.startswith("oz"):
        return "fl oz"
    if first in {"oz", "g", "mg", "lb"} and not rest.startswith(("THC", "delta", "active", "total")):
        return first
    return unit.partition(" (")[0].partition(",")[0]


def potency(tier: Potency) -> str:
    """Return a tier in words."""
    ends = []
    if tier.above is not None:
        ends.append(f"over {number(tier.above)} %")
    if tier.at_most is not None:
        ends.append(f"up to {number(tier.at_most)} %")
    return f"THC {' '.join(ends)}"


def window_words(window: Window) -> str:
    """Return in which time a limit counts, as a clause."""
    match window:
        case RollingDays(days=days, returns=returns, returns_safe=safe):
            again = f"back after {returns}" if safe == returns else f"back after {returns}, surely after {safe}"
            return f"any {days} days ({again})"
        case FixedPeriod():
            return _period(window)
        case Refill():
            return _refill(window)
        case OrderLife(supply_days=days, refills=refills):
            fills = f", in fills of {days} days" if days is not None else ""
            more = f", {refills} refills" if refills is not None else ""
            return f"the life of the order{fills}{more}"
        case CalendarWeek(starts=starts):
            return f"a week from {WEEKDAYS[starts].capitalize()}"
        case _:
            return str(window)


def _period(window: FixedPeriod) -> str:
    words = f"fixed periods of {window.days} days from {window.anchor.words}"
    if window.first_days != window.days:
        words += f", the first of {window.first_days}"
    if window.periods is not None:
        words += f", {window.periods} of them"
    return words + (", what is left carries over" if window.carries_over else ", nothing carries over")


def _refill(window: Refill) -> str:
    words = f"a supply of {window.supply_days} days"
    if window.early_days is not None:
        words += f", the next one in its last {window.early_days} days"
    if window.remaining_days is not None:
        words += f", the next one when {window.remaining_days} days of it are left"
    return words


def amount_words(limit: Limit) -> str:
    """Return how much a limit allows and who says so."""
    if limit.amount is None:
        who = "the registry" if limit.source is Source.REGISTRY else "the practitioner"
        return f"as {who} says, in {limit.unit}"
    words = f"{number(limit.amount)} {limit.unit}"
    if limit.first_amount is not None:
        words += f" ({number(limit.first_amount)} in the first period)"
    match limit.source:
        case Source.FIXED:
            return words
        case Source.REGISTRY:
            return f"{words}, the registry's figure decides"
        case Source.PRACTITIONER:
            return (
                f"{words}, at most; less when the practitioner says so"
                if limit.is_ceiling
                else (f"{words}, unless the practitioner sets another amount")
            )


def registry_words(figure: RegistryFigure | None) -> str:
    """Return where the registry's figure stands, as a clause; empty when it is not read."""
    if figure is None:
        return ""
    where = f"its {figure.column} column" if figure.column else "its one number in grams"
    row = f", the row of {figure.days} days" if figure.days is not None else ""
    rounds = f", rounded to {figure.decimals} decimals" if figure.decimals is not None else ""
    return f"{where}{row}{rounds}"
