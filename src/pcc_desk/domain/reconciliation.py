"""A day of sales against the state's receipts: what matches, what differs, what could not be compared."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line of a sale or a receipt. Quantity in thousandths of the package's unit."""

    label: str
    milli: int
    price_cents: int
    product: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale of the point of sale, in the desk's own form."""

    number: str
    sold_at: datetime
    """Aware; in the shop's zone."""
    lines: tuple[SoldLine, ...]
    external_number: str = ""
    """The desk's number for it, where the point of sale keeps one."""


@dataclass(frozen=True, slots=True)
class DaySales:
    """A whole day of sales, and where it was read."""

    sales: tuple[Sale, ...]
    source: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The state's record of a sale."""

    number: str
    external_number: str
    sold_at: datetime
    """Aware; in the shop's zone."""
    lines: tuple[SoldLine, ...]
    is_void: bool = False


class FindingClass(StrEnum):
    """The classes of difference known so far."""

    MISSING_IN_STATE = "MISSING_IN_STATE"
    UNEXPECTED_IN_STATE = "UNEXPECTED_IN_STATE"
    QTY = "QTY"
    PRICE = "PRICE"

    @property
    def words(self) -> str:
        """What the class means, for a person."""
        return _WORDS[self]


_WORDS = {
    FindingClass.MISSING_IN_STATE: "sold, but not in the state's record",
    FindingClass.UNEXPECTED_IN_STATE: "in the state's record, but not sold",
    FindingClass.QTY: "quantities differ",
    FindingClass.PRICE: "prices differ",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, with both sides of it."""

    kind: FindingClass
    sale: Sale | None
    receipt: Receipt | None
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Why a side could not be read. This is never a difference."""

    side: str
    why: str


@dataclass(frozen=True, slots=True)
class DayComparison:
    """The outcome for one business day. With anything in `not_compared` there are no findings and no matches."""

    day: date
    zone: str
    compared_at: datetime
    sales: int
    receipts: int
    matched: int
    findings: tuple[Finding, ...]
    not_compared: tuple[NotCompared, ...]
    source: str = ""
