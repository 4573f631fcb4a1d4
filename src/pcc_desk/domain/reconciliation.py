"""A day of sales against the state's receipts: what matches, what differs, what could not be compared."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.sales import Receipt, Sale, short_tag


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


PRICE_TOLERANCE_CENTS = 1
"""For each line. Quantities have none: 0.09 g a line is how shrink hides."""


def compare(
    sales: Sequence[Sale], receipts: Sequence[Receipt], unposted: Mapping[str, str]
) -> tuple[int, tuple[Finding, ...]]:
    """Return how many sales match the state's record, and every difference.

    In this order: our own number; the same tags and quantities, nearest in time; the same tags. What carries the
    number of something else of that day is never taken for this: else a sale posted twice would hide one that was not
    posted at all. Voided receipts stand for nothing. `unposted` says, by our own number, why a posting is not there
    yet. The order of the input is nothing to it.
    """
    open_sales = sorted(sales, key=_by_time)
    open_receipts = sorted((each for each in receipts if not each.is_void), key=_by_time)
    numbers = _numbers(open_sales), _numbers(open_receipts)
    matched = 0
    findings: list[Finding] = []
    for same in (_our_number, _contents, _tags):
        for sale, receipt in _pairs(open_sales, open_receipts, same, numbers):
            open_sales.remove(sale)
            open_receipts.remove(receipt)
            difference = _difference(sale, receipt)
            if difference is None:
                matched += 1
            else:
                findings.append(difference)
    findings.extend(_missing(sale, unposted) for sale in open_sales)
    findings.extend(_unexpected(receipt) for receipt in open_receipts)
    return matched, tuple(sorted(findings, key=_worst_first))


Side = Sale | Receipt


def _by_time(side: Side) -> tuple[datetime, str]:
    return side.sold_at, side.number


def _our_number(side: Side) -> Hashable:
    return side.external_number or None


def _contents(side: Side) -> Hashable:
    return tuple(sorted((line.label, line.milli) for line in side.lines)) or None


def _tags(side: Side) -> Hashable:
    return tuple(sorted(line.label for line in side.lines)) or None


def _numbers(sides: Sequence[Side]) -> frozenset[str]:
    return frozenset(each.external_number for each in sides if each.external_number)


def _is_of_another(sale: Sale, receipt: Receipt, sale_numbers: frozenset[str], receipt_numbers: frozenset[str]) -> bool:
    """Whether one of the two carries a number that names something else on the other side."""
    if sale.external_number == receipt.external_number:
        return False
    return receipt.external_number in sale_numbers or sale.external_number in receipt_numbers


def _pairs(
    sales: Sequence[Sale],
    receipts: Sequence[Receipt],
    key: Callable[[Side], Hashable],
    numbers: tuple[frozenset[str], frozenset[str]],
) -> list[tuple[Sale, Receipt]]:
    """Pair what has the same key: of several, those of the same price first, then those nearest in time.

    Equal small sales within minutes are interchangeable, so a swap of two of them is no difference.
    """
    by_key: dict[Hashable, list[Receipt]] = {}
    for receipt in receipts:
        by_key.setdefault(key(receipt), []).append(receipt)
    by_key.pop(None, None)
    candidates = [
        (sale, receipt)
        for sale in sales
        for receipt in by_key.get(key(sale), ())
        if not _is_of_another(sale, receipt, *numbers)
    ]
    candidates.sort(key=_nearness)
    pairs = []
    taken: set[int] = set()
    for sale, receipt in candidates:
        if id(sale) not in taken and id(receipt) not in taken:
            taken |= {id(sale), id(receipt)}
            pairs.append((sale, receipt))
    return pairs


def _nearness(pair: tuple[Sale, Receipt]) -> tuple[bool, timedelta, datetime, str, str]:
    sale, receipt = pair
    apart = abs(sale.sold_at - receipt.sold_at)
    return _price_gap(sale, receipt) is not None, apart, sale.sold_at, sale.number, receipt.number


def _total(side: Side) -> int:
    return sum(line.price_cents for line in side.lines)


def _by_tag(side: Side) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for line in side.lines:
        amounts[line.label] = amounts.get(line.label, 0) + line.milli
    return amounts


def _price_gap(sale: Sale, receipt: Receipt) -> str | None:
    gap = abs(_total(sale) - _total(receipt))
    if gap <= PRICE_TOLERANCE_CENTS * max(len(sale.lines), len(receipt.lines)):
        return None
    return f"sold for {money(_total(sale))}, reported for {money(_total(receipt))}"


def _difference(sale: Sale, receipt: Receipt) -> Finding | None:
    sold, reported = _by_tag(sale), _by_tag(receipt)
    if sold != reported:
        parts = [
            _both(label, sold.get(label, 0), reported.get(label, 0))
            for label in sorted(sold.keys() | reported.keys())
            if sold.get(label, 0) != reported.get(label, 0)
        ]
        fix = "Count the package, then correct the receipt. Never adjust the package for a sales error."
        return Finding(FindingClass.QTY, sale, receipt, "; ".join(parts), fix)
    gap = _price_gap(sale, receipt)
    if gap is not None:
        fix = "The point of sale is usually right: correct the receipt's price."
        return Finding(FindingClass.PRICE, sale, receipt, gap, fix)
    return None


def _both(label: str, sold: int, reported: int) -> str:
    return f"{short_tag(label)}: {thousandths(sold)} sold, {thousandths(reported)} reported"


def _missing(sale: Sale, unposted: Mapping[str, str]) -> Finding:
    why = unposted.get(sale.external_number) if sale.external_number else None
    what = f"{_contents_words(sale)}, {sale.sold_at:%H:%M}"
    if why is not None:
        fix = f"Nothing by hand, the desk's own post is on its way: {why}. The patient's chart says how far it is."
        return Finding(FindingClass.MISSING_IN_STATE, sale, None, f"{what} · on its way", fix)
    fix = "Post it from the point of sale's log, or enter it by hand with its own time."
    return Finding(FindingClass.MISSING_IN_STATE, sale, None, what, fix)


def _unexpected(receipt: Receipt) -> Finding:
    fix = "Look for a void or a paper slip first; then void the receipt with its reason."
    what = f"{_contents_words(receipt)}, {receipt.sold_at:%H:%M}"
    return Finding(FindingClass.UNEXPECTED_IN_STATE, None, receipt, what, fix)


def _contents_words(side: Side) -> str:
    first = side.lines[0] if side.lines else None
    if first is None:
        return "no lines"
    more = f" and {len(side.lines) - 1} more" if len(side.lines) > 1 else ""
    return f"{thousandths(first.milli)} {first.product or short_tag(first.label)}{more}, {money(_total(side))}"


_ORDER = (
    FindingClass.MISSING_IN_STATE,
    FindingClass.UNEXPECTED_IN_STATE,
    FindingClass.QTY,
    FindingClass.PRICE,
)


def _worst_first(finding: Finding) -> tuple[int, datetime, str]:
    side = finding.sale or finding.receipt
    assert side is not None  # noqa: S101 - a finding has at least one side
    return _ORDER.index(finding.kind), side.sold_at, side.number
