"""What of the days around a day its comparison rests on: as much as is needed for the same to come out again.

Sales and receipts around a day are read to find the counterparts of the day's own. Most of them play no part in it, and
what plays none need not be kept of anybody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pcc_desk.domain.reconciling.alone import is_of
from pcc_desk.domain.reconciling.comparing import Comparing, compare
from pcc_desk.domain.reconciling.findings import Compared
from pcc_desk.domain.reconciling.records import Reckoning
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Dispensed, Kind, Pull, Receipt, ReceiptPull, Sale

MOST_TRIES = 24
"""How often it is tried with less, where more is needed than what the outcome itself names."""

OTHERWISE = "without it the comparison would come out otherwise"


@dataclass(frozen=True, slots=True)
class Around:
    """A record of another day that a comparison needs."""

    record: Sale | Receipt
    why: str
    """What part it plays, a clause."""


@dataclass(frozen=True, slots=True)
class Needed:
    """The records from which a comparison comes out as it did, and what came out."""

    sales: tuple[Sale, ...]
    """Those of the day, and those of `around`, in the order in which they came."""
    receipts: tuple[Receipt, ...]
    around: tuple[Around, ...]
    outcome: Compared


@dataclass(slots=True)
class _Parts:
    """Which part a record of another day plays."""

    day: date
    reckoning: Reckoning
    why: dict[tuple[bool, str, datetime], str] = field(default_factory=dict)

    def is_around(self, record: Sale | Receipt | None) -> bool:
        """Whether a record is of another day."""
        return record is not None and self.reckoning.day(record.sold_at) != self.day

    def play(self, records: Iterable[Sale | Receipt | None], why: str) -> None:
        """Note the part of those that are of another day, unless one is known already."""
        for each in records:
            if each is not None and self.is_around(each):
                self.why.setdefault(_key(each), why)


def needed(
    sales: Sequence[Sale],
    receipts: Sequence[Receipt],
    day: date,
    *,
    desk: Sequence[Dispensed],
    terms: Terms,
    context: Context,
) -> Needed:
    """Return what of both sides is needed. Only for a day that can be compared."""
    comparing = Comparing(sales, receipts, day, desk, terms, context)
    outcome = comparing.outcome()
    parts = _parts(comparing, outcome)

    def chosen(more: Sequence[Sale | Receipt]) -> tuple[tuple[Sale, ...], tuple[Receipt, ...]]:
        kept = {_key(each) for each in more} | parts.why.keys()
        return (
            tuple(each for each in sales if _key(each) in kept or not parts.is_around(each)),
            tuple(each for each in receipts if _key(each) in kept or not parts.is_around(each)),
        )

    def is_the_same(more: Sequence[Sale | Receipt]) -> bool:
        of, and_of = chosen(more)
        sides = Pull(of, "", "", len(of)), ReceiptPull(and_of, "")
        return compare(*sides, day, desk=desk, terms=terms, context=context) == outcome

    whole: list[Sale | Receipt] = [*sales, *receipts]
    others = [each for each in whole if parts.is_around(each) and _key(each) not in parts.why]
    parts.play(() if is_the_same(()) else _fewer(others, is_the_same), OTHERWISE)
    around = tuple(Around(each, parts.why[_key(each)]) for each in whole if _key(each) in parts.why)
    return Needed(*chosen(()), around, outcome)


def _key(record: Sale | Receipt) -> tuple[bool, str, datetime]:
    """Return what a record is known by here: one that was corrected by another is the same still."""
    return isinstance(record, Sale), record.number, record.sold_at


def _parts(comparing: Comparing, outcome: Compared) -> _Parts:
    """Return the parts that the outcome itself names: counterparts, second postings, what was taken back."""
    day = comparing.day
    parts = _Parts(day, Reckoning(day_begins=comparing.terms.day_begins))
    own = {number: each.number for each in comparing.pos for number in _numbers(each) if not parts.is_around(each)}
    for each in comparing.pos:
        if each.kind in {Kind.RETURN, Kind.ADJUSTMENT} and each.refers_to in own:
            parts.play((each,), f"it takes back or corrects sale {own[each.refers_to]}")
    for match in comparing.pool.matches:
        sales, receipts = [each.of for each in match.sales], [each.of for each in match.receipts]
        if is_of(day, *match.sales, *match.receipts):
            parts.play(sales, f"counterpart of receipt {receipts[0].shown}")
            parts.play(receipts, f"counterpart of sale {sales[0].number}")
        elif any(each.number in comparing.sides.taken_back for each in match.sales):
            parts.play((*sales, *receipts), f"something of sale {sales[0].number} was taken back on the day")
    for match, receipt in comparing.doubles:
        if is_of(day, receipt, match.sale):
            why = f"sale {match.sale.number} is in the state's record twice"
            parts.play((match.sale.of, match.receipt.of, receipt.of), why)
    for void in comparing.voids:
        if is_of(day, void.sale, void.receipt):
            parts.play((void.sale.of, void.receipt.of), f"sale {void.sale.number} was struck")
    for found in outcome.findings:
        parts.play((found.sale, found.receipt), f"it is told of in {found.kind.value}")
    return parts


def _numbers(sale: Sale) -> tuple[str, ...]:
    return sale.number, *sale.other_numbers


def _fewer(
    others: Sequence[Sale | Receipt], is_the_same: Callable[[Sequence[Sale | Receipt]], bool]
) -> Sequence[Sale | Receipt]:
    """Return few of the records with which the same comes out: all of them, less what can be left out in pieces."""
    kept, size = list(others), max(len(others) // 2, 1)
    place = tries = 0
    while tries < MOST_TRIES:
        if place >= len(kept):
            if size == 1:
                break
            place, size = 0, size // 2
        rest = kept[:place] + kept[place + size :]
        tries += 1
        if is_the_same(rest):
            kept = rest
        else:
            place += size
    return kept
