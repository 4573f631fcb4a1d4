"""Sales, receipts and dispensings in the form in which they are matched: what is in them, sorted, and when."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Generic, TypeVar

from pcc_desk.domain.quantity import Thousandths, size
from pcc_desk.domain.sales import Dispensed, Receipt, Sale, SoldLine
from pcc_desk.domain.shop import business_day

Of = TypeVar("Of", Sale, Receipt, Dispensed)

Order = tuple[int, int, str]
"""A place in time: microseconds since 1970, and the number, the shorter first, between equals."""
Content = tuple[tuple[str, Thousandths], ...]
"""Thousandths of each tag, in the order of the tags."""
Priced = tuple[tuple[str, Thousandths, int], ...]
"""Thousandths and cents of each tag, in the order of the tags."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MIDNIGHT = time()
NOTHING: Mapping[str, int] = {}


class Record(Generic[Of]):
    """One record as it is matched. Lines without a tag are not in it."""

    __slots__ = (
        "at", "back", "caregiver", "cents", "content", "day", "is_foreign", "number",
        "of",
        "order", "person", "priced", "told_back",
        "whole",
    )  # fmt: skip

    def __init__(self, of: Of, priced: Priced, back: Mapping[str, Thousandths], reckoning: "Reckoning") -> None:
        self.of: Of = of
        self.number: str = of.number
        at = of.sold_at
        self.at: int = (at - EPOCH) // MICROSECOND
        """Microseconds since 1970 in UTC: the hour that comes twice is an hour apart."""
        self.day = at.date() if reckoning.is_by_calendar else business_day(at, reckoning.day_begins)
        self.priced = priced
        """As it was sold, before anything was taken back."""
        self.cents: int = priced[0][2] if len(priced) == 1 else sum([each[2] for each in priced])
        """What it comes to."""
        self.order: Order = self.at, len(of.number), of.number
        """Its place in time, numbers deciding between equals: 999 before 1000."""
        self.whole: Content = (priced[0][:2],) if len(priced) == 1 else tuple([each[:2] for each in priced])
        self.back = back
        """Thousandths of each tag that were taken back since."""
        self.content: Content = left_over(self.whole, back) if back else self.whole
        """As it should stand in the other record."""
        self.person = reckoning.person(of.patient_key) if reckoning.first else of.patient_key
        """The patient's comparison key, the same for every number of one person; empty: not said."""
        self.caregiver = reckoning.person(of.caregiver_key) if reckoning.first else of.caregiver_key
        self.told_back: Mapping[str, Thousandths] = NOTHING
        """What was taken back and stands in the other record by a receipt below zero, so that this one is whole."""
        self.is_foreign = False
        """Whether it is of a day on which the other side was not read: its own counterpart cannot be seen."""

    def is_whole_again(self) -> None:
        """Take what was taken back for told by a record of its own."""
        self.told_back, self.back, self.content = self.back, {}, self.whole


AnyRecord = Record[Sale] | Record[Receipt] | Record[Dispensed]


def takes_back(made: AnyRecord) -> bool:
    """Whether all that a record is of is below zero."""
    return bool(made.whole) and made.whole[0][1] < 0 and all(milli < 0 for _, milli in made.whole)


def left_over(whole: Content, back: Mapping[str, Thousandths]) -> Content:
    """Return what is left of a content after some was taken back; what is taken back whole is not in it."""
    return tuple([(tag, left) for tag, milli in whole if (left := milli - back.get(tag, 0)) > 0])


def priced_content(lines: tuple[SoldLine, ...]) -> Priced:
    """Return the tagged lines of a record by tag, several of one tag together."""
    if len(lines) == 1:
        line = lines[0]
        return ((line.label, line.milli, line.price_cents),) if line.label else ()
    found = sorted([(line.label, line.milli, line.price_cents) for line in lines if line.label])
    for (tag, *_), (after, *_) in pairwise(found):
        if tag == after:
            return _summed(found)
    return tuple(found)


def _summed(lines: list[tuple[str, Thousandths, int]]) -> Priced:
    amounts: dict[str, tuple[Thousandths, int]] = {}
    for tag, milli, cents in lines:
        known, paid = amounts.get(tag, (0, 0))
        amounts[tag] = known + milli, paid + cents
    return tuple([(tag, milli, cents) for tag, (milli, cents) in amounts.items()])


def taken_back(lines: tuple[SoldLine, ...]) -> Mapping[str, Thousandths]:
    """Return what the lines themselves mark as taken back."""
    back: dict[str, Thousandths] | None = None
    for line in lines:
        if line.is_returned and line.label:
            back = {} if back is None else back
            back[line.label] = back.get(line.label, 0) + size(line.milli)
    return NOTHING if back is None else back


class Reckoning:
    """How a shop reckons: which comparison keys are one person (renewed cards, merged profiles), when a day begins."""

    def __init__(self, same: Iterable[frozenset[str]] = (), day_begins: time = MIDNIGHT) -> None:
        self.first = {key: min(group) for group in _joined(same) for key in group}
        self.day_begins = day_begins
        self.is_by_calendar = day_begins == MIDNIGHT

    def person(self, key: str) -> str:
        """Return the key that stands for everything a person is known by."""
        return self.first.get(key, key)

    def day(self, at: datetime) -> date:
        """Return the business day of an instant in the shop's zone."""
        return at.date() if self.is_by_calendar else business_day(at, self.day_begins)


def _joined(groups: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Return groups, those with a key in common as one: a card that was renewed twice is one person's."""
    joined: list[frozenset[str]] = []
    for group in groups:
        touching = [each for each in joined if each & group]
        joined = [each for each in joined if not each & group] + [group.union(*touching)]
    return joined


def record(of: Of, reckoning: Reckoning, back: Mapping[str, Thousandths] | None = None) -> Record[Of]:
    """Return a record as it is matched."""
    marked = back if back is not None else taken_back(of.lines)
    return Record(of, priced_content(of.lines), marked, reckoning)


def is_known_other(one: str, other: str) -> bool:
    """Whether two comparison keys certainly are two people. One that ends with the other may be masked."""
    return bool(one and other) and not (one.endswith(other) or other.endswith(one))


def is_known_same(one: str, other: str) -> bool:
    """Whether two comparison keys certainly are one person."""
    return bool(one) and one == other
