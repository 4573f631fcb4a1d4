"""The rows of a correction: of each line how much and for how much money, then why."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from pcc_desk.desk.amending import (
    AlreadyVoided,
    CorrectionRefusal,
    NoReasonGiven,
    NothingChanges,
    NothingHandedOver,
    NotToBeCounted,
    Verdict,
)
from pcc_desk.desk.dispensing import BasketLine, EmptyBasket, NotForSale
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import Fits, OverLimit
from pcc_desk.domain.dispensing import DispensedLine
from pcc_desk.domain.people import name_key
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, QuantityError, cents, money, parse_quantity
from pcc_desk.domain.sales import short_tag
from pcc_desk.screens.words import over_words, verdict_words


class Part(Enum):
    """What a row asks of a line; the value is how the row is headed."""

    AMOUNT = "how much"
    PRICE = "price"
    MORE = "and"
    WHY = "why"


MORE = "more"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that may be typed. `line` is what is on record; None where it is asked of the whole."""

    key: str
    part: Part
    line: DispensedLine | None = None

    @property
    def was(self) -> str:
        """What stands there before anything is typed."""
        if self.line is None:
            return ""
        return str(self.line.quantity) if self.part is Part.AMOUNT else money(self.line.price_cents)

    @property
    def example(self) -> str:
        """What to type."""
        if self.part is Part.MORE:
            return "another package that was handed over: its tag or product; empty: none"
        if self.line is None:
            return "why it is corrected, then enter"
        if self.part is Part.PRICE:
            return f"the price of all of {self.line.product}, before tax"
        unit = self.line.quantity.unit.value.lower()
        return f"how much of {self.line.product} was handed over, in {unit}; 0: nothing of it"

    def cells(self, typed: str) -> tuple[str, ...]:
        """Return how it stands in the list."""
        if self.part is Part.MORE:
            return (typed or "another package", "", "", "", "")
        if self.line is None:
            return ("", "", self.part.value, "", typed)
        value = understood(self, typed)
        told = typed if isinstance(value, Wrong) else shown(self, value)
        is_first = self.part is Part.AMOUNT
        product, tag = (self.line.product, short_tag(self.line.label)) if is_first else ("", "")
        return (product, tag, self.part.value, self.was, told)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed cannot be used. `why` says what to type instead."""

    asked: Asked
    why: str


def asked_of(lines: tuple[DispensedLine, ...], *, more: bool = False) -> Iterator[Asked]:
    """Yield what may be typed, in the order of the list; `more`: another package may be named."""
    for number, line in enumerate(lines):
        yield Asked(f"amount {number}", Part.AMOUNT, line)
        yield Asked(f"price {number}", Part.PRICE, line)
    if more:
        yield Asked(MORE, Part.MORE)
    yield Asked("why", Part.WHY)


def nothing_of(package: Package) -> DispensedLine:
    """Return a line of a package of which nothing was on record."""
    nothing = Quantity(0, package.remaining.unit)
    return DispensedLine(package.label, package.product, package.category, nothing, package.measures(nothing), 0)


def called(packages: tuple[Package, ...], typed: str) -> tuple[Package, ...]:
    """Return the packages that are called as was typed: all of a tag, or words of product and tag in any order."""
    words = name_key(typed).split()
    whole = tuple(each for each in packages if each.label == typed.strip().upper())
    return whole or tuple(
        each for each in packages if all(word in f"{name_key(each.product)} {each.label.lower()}" for word in words)
    )


def understood(asked: Asked, typed: str) -> Quantity | int | str | Wrong:
    """Return what was typed: a quantity, which may be zero; a price in cents; or a reason."""
    if asked.line is None:
        return typed
    try:
        if asked.part is Part.AMOUNT:
            return parse_quantity(typed, asked.line.quantity.unit, may_be_nothing=True)
        if not typed.strip():
            return Wrong(asked, f"{asked.line.product}: Type the price, such as 52.00; 0 when it cost nothing.")
        price = cents(typed)
    except QuantityError as error:
        return Wrong(asked, f"{asked.line.product}: {error}")
    return price if price >= 0 else Wrong(asked, f"{asked.line.product}: A price cannot be below zero.")


def shown(asked: Asked, value: Quantity | int | str) -> str:
    """Return a value as it is saved; the same words as on record where nothing changes."""
    return money(value) if isinstance(value, int) else str(value)


def really(rows: tuple[Asked, ...], typed: dict[str, str]) -> tuple[BasketLine, ...] | Wrong:
    """Return the lines as typed, or the first thing that cannot be used. What was not handed over needs no price."""
    lines = []
    left = next((each for each in rows if each.part is Part.MORE and typed[each.key].strip()), None)
    if left is not None:
        return Wrong(left, f"“{typed[left.key].strip()}” is not taken yet: press enter in its row, or empty it.")
    asked = [each for each in rows if each.line is not None]
    for amount, price in zip(asked[::2], asked[1::2], strict=True):
        quantity = understood(amount, typed[amount.key])
        if isinstance(quantity, Wrong):
            return quantity
        if not isinstance(quantity, Quantity) or amount.line is None or quantity.milli == 0:
            continue
        price_cents = understood(price, typed[price.key])
        if isinstance(price_cents, Wrong):
            return price_cents
        if isinstance(price_cents, int):
            lines.append(BasketLine(amount.line.label, quantity, price_cents))
    return tuple(lines)


def doubt_words(verdict: Verdict | None) -> str:
    """Return why somebody should look again at what a correction adds; empty when nothing speaks against it."""
    anyway = "Save it if it was really handed over."
    match verdict:
        case OverLimit():
            return f"What is added is more than may be dispensed now: {over_words(verdict)}. {anyway}"
        case NotForSale():
            return f"Look again at what is added. {verdict_words(verdict)[0]} {anyway}"
        case CannotTell(reason=reason):
            return f"Cannot tell whether the limits allow what is added: {reason}. {anyway}"
        case None | Fits() | EmptyBasket():
            return ""
        case _:
            assert_never(verdict)


def refused_words(refusal: CorrectionRefusal) -> str:
    """Return why nothing was saved, and what to do."""
    match refusal:
        case NoReasonGiven():
            return "Not saved. Type a reason: it goes on record."
        case AlreadyVoided(void=void):
            return f"Not saved: it was voided already ({void.why}). Press esc to leave."
        case NothingHandedOver():
            return "Not saved: nothing would be left. Press esc to leave, then v to void it."
        case NothingChanges():
            return "Not saved: the record says so already. Change an amount or a price, or press esc to leave."
        case NotToBeCounted(label=label, why=why):
            return f"Not saved. The package {short_tag(label)} is {why}. Press esc to leave, and read the stock again."
        case _:
            assert_never(refusal)
