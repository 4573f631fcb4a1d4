"""Sales in the desk's own form, whoever told them: the point of sale, the state, the desk itself (POS reference, 8.3).

Quantities are thousandths of the package's unit, money is whole cents, instants are aware. What a system does not
say is None or empty; it is never guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from pcc_desk.domain.quantity import Thousandths


class Kind(StrEnum):
    """What a record of a point of sale is. Only some kinds have a receipt of the state."""

    SALE = "sale"
    RETURN = "return"
    """Goods taken back. `refers_to` names the sale."""
    VOID = "void"
    """A sale that was struck: it is told and does not count."""
    EXCHANGE = "exchange"
    ADJUSTMENT = "adjustment"
    """A correction of an earlier sale. `refers_to` names it."""
    TRANSFER = "transfer"
    """Stock that went to another place, wholesale included."""
    NON_CANNABIS = "non-cannabis"
    """Nothing in it bears a tag of the state."""


class Buyer(StrEnum):
    """Who bought. The values are METRC's customer types (state systems, 2.9), and what a till says instead."""

    PATIENT = "Patient"
    CAREGIVER = "Caregiver"
    VISITOR = "ExternalPatient"
    CONSUMER = "Consumer"
    MEDICAL = "Medical"
    """A patient, or a caregiver for one: some points of sale say no more than that. No state does."""
    UNKNOWN = ""
    """The system does not say, or says something else."""

    @property
    def is_exact(self) -> bool:
        """Whether it tells a patient from a caregiver."""
        return self not in {Buyer.MEDICAL, Buyer.UNKNOWN}

    def agrees_with(self, other: "Buyer") -> bool:
        """Whether two systems may mean the same by what they say."""
        if self is other or Buyer.UNKNOWN in {self, other}:
            return True
        return Buyer.MEDICAL in {self, other} and Buyer.CONSUMER not in {self, other}


class LineUnit(StrEnum):
    """In what a line is counted. The values are METRC's names; its abbreviations are understood too."""

    EACH = "Each"
    GRAMS = "Grams"
    MILLIGRAMS = "Milligrams"
    KILOGRAMS = "Kilograms"
    OUNCES = "Ounces"
    POUNDS = "Pounds"
    MILLILITERS = "Milliliters"
    FLUID_OUNCES = "Fluid Ounces"
    UNKNOWN = ""
    """The system does not say: the unit is that of the package."""

    @property
    def sign(self) -> str:
        """What is written after a number of them."""
        return _SIGNS[self]


_SIGNS = {
    LineUnit.EACH: "each",
    LineUnit.GRAMS: "g",
    LineUnit.MILLIGRAMS: "mg",
    LineUnit.KILOGRAMS: "kg",
    LineUnit.OUNCES: "oz",
    LineUnit.POUNDS: "lb",
    LineUnit.MILLILITERS: "mL",
    LineUnit.FLUID_OUNCES: "fl oz",
    LineUnit.UNKNOWN: "",
}
_UNITS = {name.lower(): unit for unit, sign in _SIGNS.items() if unit for name in (unit.value, sign)} | {
    "ea": LineUnit.EACH,
    "unit": LineUnit.EACH,
    "units": LineUnit.EACH,
    "gram": LineUnit.GRAMS,
    "milligram": LineUnit.MILLIGRAMS,
    "kilogram": LineUnit.KILOGRAMS,
    "ounce": LineUnit.OUNCES,
    "pound": LineUnit.POUNDS,
    "milliliter": LineUnit.MILLILITERS,
    "fluid ounce": LineUnit.FLUID_OUNCES,
}


def line_unit(text: str) -> LineUnit:
    """Return the unit of a name or a sign in any case; `UNKNOWN` for what is not one."""
    return _UNITS.get(" ".join(text.lower().split()), LineUnit.UNKNOWN)


def tag_key(text: str) -> str:
    """Return a tag for comparison: upper case, no spaces around."""
    return text.strip().upper()


NOT_TOLD = "?"
"""In the place of a tag that a system does not tell: the state tracks the goods, and nobody says from which package."""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line of a sale or a receipt. Quantity in thousandths of the package's unit."""

    label: str
    """The state's tag, as `tag_key` makes it; empty: nothing the state tracks (a pipe, a fee, a coupon). `NOT_TOLD`:
    it is tracked, and the system does not say by which tag."""
    milli: Thousandths
    price_cents: int
    """The line's total before tax and after discount."""
    product: str = ""
    number: str = ""
    """The line's number, which is unique only inside its sale."""
    unit: LineUnit = LineUnit.UNKNOWN
    weight_mg: int | None = None
    """What the line weighs altogether."""
    equivalent_mg: int | None = None
    """The flower that the line counts for altogether, as this system reckons it."""
    discount_cents: int | None = None
    tax_cents: int | None = None
    is_returned: bool = False
    """Whether it was taken back, as the line itself says."""
    raw_label: str = ""
    """The tag as it was written; empty when it was written as `label` is."""
    source_label: str = ""
    """The tag of the package that this one was made from."""
    batch: str = ""
    may_be: tuple[str, ...] = ()
    """Where the tag is not told: the packages of the product in the till's stock. It need be none of them."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale of the point of sale, in the desk's own form."""

    number: str
    sold_at: datetime
    """Aware; in the shop's zone. When it was paid, whenever it was opened."""
    lines: tuple[SoldLine, ...]
    external_number: str = ""
    """The desk's number for it, where the point of sale keeps one."""
    kind: Kind = Kind.SALE
    refers_to: str = ""
    """The number of the sale that this takes back, strikes or corrects."""
    store: str = ""
    opened_at: datetime | None = None
    recorded_at: datetime | None = None
    """When it came into the point of sale's records."""
    changed_at: datetime | None = None
    voided_at: datetime | None = None
    buyer: Buyer = Buyer.UNKNOWN
    patient_key: str = field(default="", repr=False)
    """The patient's number as `people.card_key` makes it; empty: not said. Never shown whole."""
    caregiver_key: str = field(default="", repr=False)
    state_receipt: str = ""
    """The state's number of the receipt, where the point of sale keeps it."""
    submit_status: str = ""
    """How far the posting is, in the point of sale's own words."""
    other_numbers: tuple[str, ...] = ()
    """Further numbers it is known by, such as an invoice number; the state may keep one of them as the external one."""

    @property
    def business_day(self) -> date:
        """The calendar day on which it was paid, in the zone of `sold_at`: computed, never copied."""
        return self.sold_at.date()

    @property
    def is_void(self) -> bool:
        """Whether it was struck, so that it stands for nothing."""
        return self.kind is Kind.VOID


@dataclass(frozen=True, slots=True)
class Receipt:
    """The state's record of a sale."""

    number: str
    external_number: str
    sold_at: datetime
    """Aware; in the shop's zone."""
    lines: tuple[SoldLine, ...]
    is_void: bool = False
    is_final: bool = False
    """Whether it is locked: it cannot be edited until it is reopened."""
    recorded_at: datetime | None = None
    """When it came into the state's record."""
    changed_at: datetime | None = None
    buyer: Buyer = Buyer.UNKNOWN
    patient_key: str = field(default="", repr=False)
    """The patient's number as `people.card_key` makes it. Some states leave it out or mask it: empty says nothing."""
    caregiver_key: str = field(default="", repr=False)
    printed: str = ""
    """The number by which a person finds it in the state's record; empty: `number` is the only one."""

    @property
    def shown(self) -> str:
        """The number that is told to a person. `number` is what the state's interface takes."""
        return self.printed or self.number

    @property
    def numbers(self) -> frozenset[str]:
        """Every number that may name it."""
        return frozenset({self.number, self.shown})

    @property
    def business_day(self) -> date:
        """The calendar day of the sale, in the zone of `sold_at`."""
        return self.sold_at.date()


@dataclass(frozen=True, slots=True)
class Dispensed:
    """What this desk itself handed out, and how far its posting is."""

    number: str
    """Our own number, which goes to the state with the posting."""
    sold_at: datetime
    """Aware; in the shop's zone."""
    lines: tuple[SoldLine, ...]
    receipt: str = ""
    """The state's number for it; empty until accepted."""
    why_unposted: str = ""
    """Why the state may not list it yet, in a clause; empty when nothing is known to keep it."""
    is_given_up: bool = False
    """Whether nothing of it is sent any more; `why_unposted` is the reason that was given."""
    is_parked: bool = False
    """Whether nothing of it is sent until a person decides about it."""
    is_void: bool = False
    buyer: Buyer = Buyer.UNKNOWN
    patient_key: str = field(default="", repr=False)
    caregiver_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Totals:
    """Control totals of records that count: how many, and what they come to. They are compared, never corrected."""

    records: int
    lines: int
    cents: int
    """Before tax, after discount."""
    units: tuple[tuple[str, Thousandths], ...]
    """Thousandths sold of each tag, in the order of the tags; lines without a tag are not in it."""


def totals_of(records: Iterable[Sale | Receipt | Dispensed]) -> Totals:
    """Return the control totals of records.

    What was struck counts for nothing, and so does a line that is marked as taken back; a return that is a record of
    its own counts with the figures it bears, which are below zero.
    """
    count = lines = cents = 0
    units: dict[str, Thousandths] = {}
    for record in records:
        if record.is_void:
            continue
        count += 1
        for line in record.lines:
            if line.is_returned:
                continue
            lines += 1
            cents += line.price_cents
            if line.label:
                units[line.label] = units.get(line.label, 0) + line.milli
    return Totals(count, lines, cents, tuple(sorted(units.items())))


def is_around(day: date, at: datetime) -> bool:
    """Whether an instant lies on a calendar day, the one before or the one after, in its own zone.

    Two records of one sale may lie on either side of midnight, and a business day may end in the night.
    """
    return abs((at.date() - day).days) <= 1


@dataclass(frozen=True, slots=True)
class Window:
    """Which time was asked for: from `start` on, before `end`, both aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Pull:
    """What was read of a point of sale for a day, and from where. The evidence is its hash, rows and totals.

    A pull may hold sales around its day, where the system's own bounds are wider; whoever compares takes the day.
    """

    sales: tuple[Sale, ...]
    source: str
    sha256: str
    """Of the bytes as they came; of several answers: of their hashes in order."""
    rows: int
    is_complete: bool = True
    why_partial: str = ""
    """What is missing, in a clause. A part of a day compares to nothing."""
    partial_at: tuple[datetime, ...] = ()
    """When the sales were made that are not told whole, where it is known; empty: anything may be missing."""
    window: Window | None = None
    read_at: datetime | None = None
    """When it was read there, as far as it is known: a file says it by nothing but its own time."""
    zone: str = ""
    """The shop's zone, in which days were reckoned."""

    @property
    def totals(self) -> Totals:
        """The control totals of everything in it."""
        return totals_of(self.sales)


@dataclass(frozen=True, slots=True)
class ReceiptPull:
    """What was read of a state system for a day, in the same precision as a `Pull`."""

    receipts: tuple[Receipt, ...]
    source: str
    sha256: str = ""
    rows: int = 0
    is_complete: bool = True
    why_partial: str = ""
    window: Window | None = None
    read_at: datetime | None = None
    zone: str = ""

    @property
    def totals(self) -> Totals:
        """The control totals of everything in it."""
        return totals_of(self.receipts)


@dataclass(frozen=True, slots=True)
class Closing:
    """The point of sale's own closing report of a day: a control, never the ledger. None: it does not say."""

    source: str
    read_at: datetime | None
    sales: int | None = None
    cents: int | None = None
    """Before tax, after discount."""
    lines: int | None = None
    units: tuple[tuple[str, int], ...] | None = None
    returns_cents: int | None = None
    voids: int | None = None


def in_zone(instant: datetime, zone: tzinfo) -> datetime:
    """Return an aware instant by the shop's clock. Raises `ValueError` for one without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone)


def instant_key(instant: datetime) -> datetime:
    """Return an instant for order and difference: in UTC, since the hour that comes twice is one hour apart."""
    return instant.astimezone(UTC)


def short_tag(label: str) -> str:
    """Return a package label as it is told apart at the counter: the first four and the last four characters."""
    if label == NOT_TOLD:
        return "tag not told"
    return f"{label[:4]}…{label[-4:]}" if len(label) > 10 else label
