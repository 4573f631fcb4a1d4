"""Exact amounts as the command line writes and reads them."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from pcc_desk.commands.refusing import InputRefused
from pcc_desk.domain.products import Basis
from pcc_desk.domain.quantity import plain, rounded_down
from pcc_desk.rulebook.words import smallest

LONGEST = 40
"""Characters in one number."""


def read_exact(value: object, where: str) -> Fraction:
    """Return a number that is written as a string of digits, or as a JSON number. Raises `InputRefused`."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or len(str(value)) > LONGEST:
        raise InputRefused(f'{where}: this is no number. Write it as a string of digits, such as "3.5".')
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > LONGEST:
        raise InputRefused(f'{where}: “{value}” is no number. Write it as a string of digits, such as "3.5".')
    if number < 0:
        raise InputRefused(f'{where}: {value} is below zero. What was brought back is written as kind = "return".')
    return Fraction(number)


DECIMALS = {
    Basis.NET_OZ: 4,
    Basis.NET_FLOZ: 4,
    Basis.COUNT: 0,
    Basis.VISIT: 0,
}
"""To how many decimals a quantity is rounded down; where it is weighed, poured or measured otherwise, to two."""


def step(basis: Basis) -> Fraction:
    """Return the least quantity that is told apart, in the basis: what the scale shows, a piece, a hundredth."""
    return Fraction(1, 10 ** DECIMALS.get(basis, 2))


def shown(basis: Basis, amount: Fraction, ounce_mg: Fraction) -> str:
    """Return a quantity in its basis, rounded down, from its smallest unit."""
    value = amount / smallest(basis, ounce_mg)
    return plain(rounded_down(value, DECIMALS.get(basis, 2)))
