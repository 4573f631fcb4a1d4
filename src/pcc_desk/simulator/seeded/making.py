"""An invented day on which both sides agree, and what is known beside it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.terms import Context, Hours, KnownCard, KnownPackage, OutageSpan, Terms
from pcc_desk.domain.sales import Buyer, Dispensed, LineUnit, Receipt, Sale, SoldLine

OPENS, CLOSES = time(8), time(21)
PRODUCTS = (
    ("Blue Dream", LineUnit.GRAMS, (1000, 2000, 7000, 14000), 1450),
    ("Northern Lights", LineUnit.GRAMS, (1000, 2500, 7000), 1300),
    ("Cherry Gummies 10 mg", LineUnit.EACH, (1000, 2000, 4000), 2500),
    ("Mint Tincture", LineUnit.EACH, (1000, 2000), 4200),
    ("Pre-roll 1 g", LineUnit.EACH, (1000, 2000, 5000), 900),
)
LINES_OF = (1, 1, 1, 2, 2, 3)


@dataclass(frozen=True, slots=True)
class Key:
    """One difference that was put in: its class, and the numbers of the records that it must be told of."""

    kind: FindingClass
    sale: str = ""
    receipt: str = ""
    desk: str = ""
    """What the desk handed out; empty: the difference is told without the desk's own file."""


@dataclass(slots=True)
class Day:
    """Both sides of an invented day, what is known beside them, and the differences that were put in."""

    day: date
    zone: ZoneInfo
    dice: random.Random
    now: datetime
    has_people: bool = True
    """Whether the sides tell who bought."""
    sales: dict[int, Sale] = field(default_factory=dict)
    receipts: dict[int, Receipt] = field(default_factory=dict)
    more_sales: list[Sale] = field(default_factory=list)
    more_receipts: list[Receipt] = field(default_factory=list)
    desk: list[Dispensed] = field(default_factory=list)
    packages: dict[str, KnownPackage] = field(default_factory=dict)
    cards: dict[str, KnownCard] = field(default_factory=dict)
    over_limit: dict[str, str] = field(default_factory=dict)
    same_person: list[frozenset[str]] = field(default_factory=list)
    outages: list[OutageSpan] = field(default_factory=list)
    key: list[Key] = field(default_factory=list)
    _tags: Iterator[str] = field(default_factory=lambda: (f"1A4FF03{number:017d}" for number in range(900, 10**9)))
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(800_000, 10**9)))

    @property
    def terms(self) -> Terms:
        """By what the day is to be compared."""
        hours = (Hours(OPENS, CLOSES),) * 7
        return Terms(posting_window=timedelta(hours=24), hours=hours)

    @property
    def context(self) -> Context:
        """What is known beside the lists."""
        return Context(
            now=self.now,
            packages=dict(self.packages),
            cards=dict(self.cards),
            same_person=tuple(self.same_person),
            over_limit=dict(self.over_limit),
            outages=tuple(self.outages),
        )

    def all_sales(self) -> list[Sale]:
        """Return everything that the point of sale tells, in no order."""
        found = [*self.sales.values(), *self.more_sales]
        self.dice.shuffle(found)
        return found

    def all_receipts(self) -> list[Receipt]:
        """Return everything that the state tells, in no order."""
        found = [*self.receipts.values(), *self.more_receipts]
        self.dice.shuffle(found)
        return found

    def new_tag(self, **known: object) -> str:
        """Return a tag that nothing else bears, and that the state knows."""
        tag = next(self._tags)
        self.packages[tag] = replace(KnownPackage(tag), **known)  # type: ignore[arg-type]
        return tag

    def new_number(self) -> str:
        """Return a number that nothing else bears."""
        return str(next(self._numbers))

    def at(self, hour: int, minute: int = 0) -> datetime:
        """Return a time of the day by the shop's clock."""
        return datetime.combine(self.day, time(hour, minute), self.zone)

    def put(
        self,
        kind: FindingClass,
        sale: Sale | None = None,
        receipt: Receipt | None = None,
        desk: Dispensed | None = None,
    ) -> None:
        """Note a difference that was put in; `desk`: what the desk handed out, where only its own file tells of it."""
        numbers = (each.number if each else "" for each in (sale, receipt, desk))
        self.key.append(Key(kind, *numbers))


def agreeing_day(day: date, zone: ZoneInfo, count: int, seed: int, *, has_people: bool = True) -> Day:
    """Make a day of so many sales on which both sides agree."""
    dice = random.Random(seed)  # noqa: S311 - invented sales
    made = Day(day, zone, dice, datetime.combine(day, time(20, 55), zone), has_people)
    shelf = [_package(made, dice) for _ in range(max(12, count // 15))]
    span = timedelta(hours=11, minutes=30).total_seconds()
    for number in range(count):
        sold_at = made.at(9) + timedelta(seconds=dice.randrange(int(span)))
        sale = _sale(made, str(10_000 + number), sold_at, shelf)
        made.sales[number] = sale
        made.receipts[number] = _receipt(made, sale, str(500_000 + number), number)
    return made


def _package(made: Day, dice: random.Random) -> tuple[str, int]:
    return made.new_tag(), dice.randrange(len(PRODUCTS))


def _sale(made: Day, number: str, sold_at: datetime, shelf: list[tuple[str, int]]) -> Sale:
    dice = made.dice
    lines = tuple(
        _line(dice, tag, product, str(place))
        for place, (tag, product) in enumerate(dice.sample(shelf, dice.choice(LINES_OF)), start=1)
    )
    patient = f"MIP{dice.randrange(10**9):09d}" if made.has_people else ""
    buyer = Buyer.PATIENT if made.has_people else Buyer.UNKNOWN
    return Sale(number, sold_at, lines, buyer=buyer, patient_key=patient, opened_at=sold_at - timedelta(minutes=6))


def _line(dice: random.Random, tag: str, product: int, number: str) -> SoldLine:
    name, unit, amounts, cents = PRODUCTS[product]
    milli = dice.choice(amounts)
    weight = milli if unit is LineUnit.GRAMS else milli * 3
    price = cents * milli // 1000 - dice.choice((0, 0, 100, 250))
    return SoldLine(tag, milli, price, name, number, unit, weight)


def _receipt(made: Day, sale: Sale, number: str, count: int) -> Receipt:
    """Return the receipt of a sale: some bear its number, some are some seconds away, all are recorded at once."""
    dice = made.dice
    later = timedelta(seconds=dice.choice((0, 0, 0, 4, 40)))
    external = sale.number if count % 3 == 0 else ""
    lines = tuple(replace(line, number="", product=line.product if count % 2 else "") for line in sale.lines)
    at = sale.sold_at + later
    return Receipt(
        number,
        external,
        at,
        lines,
        recorded_at=at + timedelta(seconds=dice.randrange(1, 200)),
        buyer=sale.buyer,
        patient_key=sale.patient_key,
    )
