"""What is still without a counterpart, and what was paired by which evidence."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import TypeVar

from pcc_desk.domain.reconciling.line_up import Pair
from pcc_desk.domain.reconciling.records import Record
from pcc_desk.domain.sales import Receipt, Sale

Key = TypeVar("Key", bound=Hashable)


class By(Enum):
    """By what a sale and a receipt were paired."""

    NUMBER = auto()
    SAME = auto()
    """Everything that both sides say is the same."""
    CONTENT = auto()
    BEFORE_RETURN = auto()
    """By what was sold before something was taken back."""
    LIKENESS = auto()
    """By what they have in common."""


@dataclass(slots=True)
class Match:
    """A sale and its receipt; of a split sale or a merged receipt, several."""

    sales: tuple[Record[Sale], ...]
    receipts: tuple[Record[Receipt], ...]
    by: By

    @property
    def sale(self) -> Record[Sale]:
        """The first sale."""
        return self.sales[0]

    @property
    def receipt(self) -> Record[Receipt]:
        """The first receipt."""
        return self.receipts[0]

    def is_of(self, day: date) -> bool:
        """Whether one of its records is of a day."""
        if self.sales[0].day == day or self.receipts[0].day == day:
            return True
        return any(each.day == day for each in self.sales) or any(each.day == day for each in self.receipts)


@dataclass(slots=True)
class Pool:
    """What is still open on both sides, in the order of time. Each record leaves it at most once."""

    sales: list[Record[Sale]]
    receipts: list[Record[Receipt]]
    matches: list[Match] = field(default_factory=list)
    bound_sales: dict[int, Match | None] = field(default_factory=dict)
    """Sales whose number names a receipt that another sale has, by `id`: no other receipt is theirs."""
    bound_receipts: dict[int, Match | None] = field(default_factory=dict)
    contradicted: dict[int, str] = field(default_factory=dict)
    """What is said of a record whose number names something that it certainly is not, by `id`."""

    def take(self, pairs: Iterable[Pair], by: By) -> None:
        """Pair sales and receipts."""
        self.add([Match((sale,), (receipt,), by) for sale, receipt in pairs])

    def add(self, matches: Sequence[Match]) -> None:
        """Keep matches, and let go of what is in them."""
        if not matches:
            return
        self.matches += matches
        gone = {id(each) for match in matches for each in (*match.sales, *match.receipts)}
        self.sales = [each for each in self.sales if id(each) not in gone]
        self.receipts = [each for each in self.receipts if id(each) not in gone]

    @property
    def free_sales(self) -> list[Record[Sale]]:
        """Sales that may still be any receipt's."""
        return [each for each in self.sales if id(each) not in self.bound_sales] if self.bound_sales else self.sales

    @property
    def free_receipts(self) -> list[Record[Receipt]]:
        """Receipts that may still be any sale's."""
        if not self.bound_receipts:
            return self.receipts
        return [each for each in self.receipts if id(each) not in self.bound_receipts]


def by_key(records: Iterable[Record[Sale]], key: Callable[[Record[Sale]], Key]) -> dict[Key, list[Record[Sale]]]:
    """Return sales by a key."""
    grouped: dict[Key, list[Record[Sale]]] = {}
    for each in records:
        grouped.setdefault(key(each), []).append(each)
    return grouped


def receipts_by_key(
    records: Iterable[Record[Receipt]], key: Callable[[Record[Receipt]], Key]
) -> dict[Key, list[Record[Receipt]]]:
    """Return receipts by a key."""
    grouped: dict[Key, list[Record[Receipt]]] = {}
    for each in records:
        grouped.setdefault(key(each), []).append(each)
    return grouped
