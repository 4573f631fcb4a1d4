"""Quantities as whole thousandths of their unit: exact, summable, the same in every database."""

import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal, Inexact, InvalidOperation, Overflow
from enum import StrEnum
from fractions import Fraction

Thousandths = int | Fraction
"""So many thousandths: whole, but for a quantity that a system tells finer, as an ounce of 28.3495 g."""

FINEST = 6
"""Decimals of a quantity that are told apart: more than the four of 28.3495 g, an ounce (POS reference, 13, 6)."""


class Unit(StrEnum):
    """The units in which packages are counted. The values are METRC's names of them."""

    GRAMS = "Grams"
    EACH = "Each"

    @property
    def sign(self) -> str:
        """What is written after a number of them."""
        return "g" if self is Unit.GRAMS else "each"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a package. `milli` is in thousandths of the unit: milligrams, or thousandths of a piece."""

    milli: int
    unit: Unit

    def __str__(self) -> str:
        return f"{thousandths(self.milli)} {self.unit.sign}"

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, exactly."""
        return Decimal(self.milli) / 1000


class QuantityError(ValueError):
    """A typed quantity cannot be used; the text says why and what to type instead."""


_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation, Overflow])
"""Arithmetic that refuses to round."""

_UNHEARD_OF = 10**15
"""What is written larger than this is a slip of the hand, not an amount."""


class _NotANumber(Exception):
    pass


LONGEST_PLAIN = 12
"""How many figures of a plainly written number are taken as they are."""


def _plainly(text: str | Decimal, decimals: int) -> int | None:
    """Return what stands there in figures and at most one point, moved by so many decimals; None: look closer.

    It says what `_scaled` says, without the work that signs, exponents and spaces take.
    """
    if not isinstance(text, str) or not text.isascii() or len(text) > LONGEST_PLAIN:
        return None
    whole, point, rest = text.partition(".")
    if not whole.isdigit():
        return None
    if not point:
        return int(whole + "0" * decimals)
    if len(rest) > decimals or not rest.isdigit():
        return None
    return int(whole + rest + "0" * (decimals - len(rest)))


def _scaled(text: str | Decimal, by: int) -> int | None:
    """Return a decimal number times `by`; None when that is not a whole number. Raises `_NotANumber`."""
    try:
        value = _EXACT.multiply(Decimal(text), by)
    except (InvalidOperation, Overflow) as error:
        raise _NotANumber from error
    except Inexact:
        return None
    if not value.is_finite() or abs(value) >= _UNHEARD_OF:
        raise _NotANumber
    return int(value) if value == value.to_integral_value() else None


def milli(text: str | Decimal) -> int:
    """Return a decimal number as thousandths, exactly.

    Raises `QuantityError` for what is not a finite decimal number or has more than three decimals.
    """
    if (plainly := _plainly(text, 3)) is not None:
        return plainly
    try:
        value = _scaled(text, 1000)
    except _NotANumber as error:
        raise QuantityError(f"“{text}” is not a number. Type digits, such as 3.5.") from error
    if value is None:
        raise QuantityError(f"{text} has more than three decimals. Type at most three, such as 3.525.")
    return value


def finely(text: str | Decimal) -> Thousandths:
    """Return a decimal number as thousandths, exactly, and a fraction of one where it is written finer.

    Raises `QuantityError` for what is not a finite decimal number or has more than six decimals.
    """
    if (plainly := _plainly(text, 3)) is not None:
        return plainly
    try:
        value = _scaled(text, 10**FINEST)
    except _NotANumber as error:
        raise QuantityError(f"“{text}” is not a number. Type digits, such as 3.5.") from error
    if value is None:
        raise QuantityError(f"{text} has more than {FINEST} decimals.")
    return Fraction(value, 1000) if value % 1000 else value // 1000


def parse_quantity(text: str, unit: Unit, *, may_be_nothing: bool = False) -> Quantity:
    """Return what a person typed for a package counted in `unit`: "3.5", "3.5 g", "2", "2 each".

    Raises `QuantityError` when it is empty, not a positive number, in another unit, or a part of a piece. Zero is taken
    where it `may_be_nothing`.
    """
    words = text.strip().lower().replace(",", ".")
    for ending, of in (("grams", Unit.GRAMS), ("each", Unit.EACH), ("g", Unit.GRAMS), ("x", Unit.EACH)):
        if words.endswith(ending):
            if of is not unit:
                raise QuantityError(f"This package is counted in {unit.value.lower()}, not in {of.value.lower()}.")
            words = words.removesuffix(ending).strip()
            break
    if not words:
        raise QuantityError(f"Type how much, in {unit.value.lower()}.")
    thousandths = milli(words)
    if thousandths < 0 or (thousandths == 0 and not may_be_nothing):
        raise QuantityError("An amount cannot be below zero." if may_be_nothing else "Type an amount above zero.")
    if unit is Unit.EACH and thousandths % 1000:
        raise QuantityError("This package is counted in pieces. Type a whole number.")
    return Quantity(thousandths, unit)


def plain(number: Decimal) -> str:
    """Return a decimal without an exponent and without trailing zeros: 3.5, 10, 0.125."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def size(count: Thousandths) -> Thousandths:
    """Return an amount without its sign."""
    return -count if count < 0 else count


def thousandths(count: Thousandths) -> str:
    """Return so many thousandths as a plain decimal: 3500 is 3.5."""
    if not isinstance(count, int):
        return f"{(Decimal(count.numerator) / count.denominator / 1000).normalize():f}"
    whole, part = divmod(abs(count), 1000)
    sign = "-" if count < 0 else ""
    return f"{sign}{whole}.{part:03d}".rstrip("0") if part else f"{sign}{whole}"


def rounded_down(value: Fraction, decimals: int) -> Decimal:
    """Return `value` with so many decimals, never above it: what may still be sold is never rounded up."""
    scale = 10**decimals
    return (
        Decimal(value.numerator * scale // value.denominator)
        .scaleb(-decimals)
        .quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)
    )


_GROUPS_OF_THREE = re.compile(r"^-?\d{1,3}(,\d{3})+(?!\d)")


def cents(text: str | Decimal) -> int:
    """Return an amount of money as whole cents: "52", "52.00", "$1,114.35", "(12.00)".

    Raises `QuantityError` for what is not money or has more than two decimals. A comma parts thousands: "52,00" is not
    taken for 5200.
    """
    if (plainly := _plainly(text, 2)) is not None:
        return plainly
    words = str(text).strip().replace("$", "")
    if words.startswith("(") and words.endswith(")"):
        words = "-" + words[1:-1]
    words = _GROUPS_OF_THREE.sub(lambda found: found[0].replace(",", ""), words)
    try:
        value = _scaled(words, 100)
    except _NotANumber as error:
        raise QuantityError(f"“{text}” is not an amount of money. Type digits, such as 52.00.") from error
    if value is None:
        raise QuantityError(f"“{text}” is not an amount of money with two decimals.")
    return value


def money(amount_cents: int) -> str:
    """Return whole cents as they are printed: 52.00, -12.00."""
    sign = "-" if amount_cents < 0 else ""
    return f"{sign}{abs(amount_cents) // 100}.{abs(amount_cents) % 100:02d}"
