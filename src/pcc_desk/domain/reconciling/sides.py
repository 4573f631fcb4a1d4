"""Both sides of a day, sorted out: what must have a receipt, what was struck, what was taken back, what is ignored."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter

from pcc_desk.domain.quantity import Thousandths, size
from pcc_desk.domain.reconciling.records import (
    NOTHING,
    AnyRecord,
    Reckoning,
    Record,
    priced_content,
    record,
    taken_back,
    takes_back,
)
from pcc_desk.domain.sales import Kind, Receipt, Sale, SoldLine

IGNORED = {Kind.TRANSFER, Kind.NON_CANNABIS}
FEW_FOREIGN = 3
A_TENTH = 10
"""So many records of a day that the other side does not cover, or a tenth of the day itself, are no whole day."""


@dataclass(slots=True)
class Sides:
    """The records of both sides, by what they stand for."""

    sales: list[Record[Sale]] = field(default_factory=list)
    voids: list[Record[Sale]] = field(default_factory=list)
    returns: list[Record[Sale]] = field(default_factory=list)
    receipts: list[Record[Receipt]] = field(default_factory=list)
    below_zero: list[Record[Receipt]] = field(default_factory=list)
    """Receipts that take something back."""
    struck: list[Record[Receipt]] = field(default_factory=list)
    ignored: int = 0
    untied: list[Record[Sale]] = field(default_factory=list)
    """Returns and corrections of which the sale was not read, or is not named: nothing else tells of them."""
    taken_back: set[str] = field(default_factory=set)
    """The numbers of the sales of which something was taken back on the day."""
    returned: set[str] = field(default_factory=set)
    """The numbers of the sales of which a record of its own tells that something was taken back, on whatever day."""


def sorted_out(
    sales: Sequence[Sale], receipts: Sequence[Receipt], day: date, reckoning: Reckoning, aside: Mapping[date, int]
) -> Sides:
    """Sort the records of both sides."""
    sides = Sides()
    originals = _with_adjustments(sales, sides, day, reckoning)
    for sale in sales:
        if sale.kind is Kind.VOID:
            sides.voids.append(record(sale, reckoning))
        elif sale.kind is Kind.RETURN:
            sides.returns.append(record(sale, reckoning, {}))
    known = known_as(originals) if sides.returns else {}
    _untied_returns(sides, sales, known, day)
    returned = _returned(sides.returns, known)
    sides.returned.update(returned)
    for sale in originals:
        marked = taken_back(sale.lines)
        told = returned.get(sale.number)
        # A return is a record of its own, a mark on the line, or both: the larger of the two is all that came back.
        back = {tag: max(marked.get(tag, 0), told.get(tag, 0)) for tag in {*marked, *told}} if told else marked
        sides.sales.append(Record(sale, priced_content(sale.lines), back, reckoning))
    for receipt in receipts:
        made = Record(receipt, priced_content(receipt.lines), NOTHING, reckoning)
        if receipt.is_void:
            sides.struck.append(made)
        elif takes_back(made):
            sides.below_zero.append(made)
        else:
            sides.receipts.append(made)
    sides.sales.sort(key=attrgetter("order"))
    sides.receipts.sort(key=attrgetter("order"))
    _mark_foreign(sides.sales, sides.receipts, day, aside)
    return sides


def counts(sale: Sale) -> bool:
    """Whether a record that bears a tag, told or not, is a sale of its own: neither struck, nor about another one."""
    if sale.kind in {Kind.VOID, Kind.RETURN} or sale.kind in IGNORED:
        return False
    return sale.kind is not Kind.ADJUSTMENT or not sale.refers_to


def known_as(sales: Iterable[Sale]) -> dict[str, str]:
    """Return the numbers of sales by each number that they are known by; what several are known by names none."""
    own = {each.number for each in sales}
    others: dict[str, str] = {}
    for each in sales:
        for other in each.other_numbers:
            others[other] = each.number if others.get(other, each.number) == each.number else ""
    return {other: number for other, number in others.items() if number} | {number: number for number in own}


def _untied_returns(sides: Sides, sales: Sequence[Sale], known: Mapping[str, str], day: date) -> None:
    """Note of which sales something was taken back on the day, and which returns are of no sale that was read."""
    read = {number for each in sales for number in (each.number, *each.other_numbers)} if sides.returns else set()
    for each in sides.returns:
        of = each.of.refers_to
        if of in known and each.day == day:
            sides.taken_back.add(known[of])
        elif of not in read or not of:
            sides.untied.append(each)


def _with_adjustments(sales: Sequence[Sale], sides: Sides, day: date, reckoning: Reckoning) -> list[Sale]:
    """Return what counts as a sale, each corrected by what adjusts it; what has no receipt by nature is counted."""
    kept: dict[int, Sale] = {}
    adjusting: list[Sale] = []
    for place, sale in enumerate(sales):
        if sale.kind in {Kind.VOID, Kind.RETURN}:
            continue
        if sale.kind is Kind.ADJUSTMENT and sale.refers_to:
            adjusting.append(sale)
        elif sale.kind in IGNORED or not any(line.label for line in sale.lines):
            sides.ignored += reckoning.day(sale.sold_at) == day
        else:
            kept[place] = sale
    if not adjusting:
        return list(kept.values())
    known, places = known_as(kept.values()), {sale.number: place for place, sale in kept.items()}
    for sale in sorted(adjusting, key=lambda each: (each.number, each.sold_at)):
        if sale.refers_to not in known:
            sides.untied.append(record(sale, reckoning, {}))
            continue
        place = places[known[sale.refers_to]]
        kept[place] = replace(kept[place], lines=_summed((*kept[place].lines, *sale.lines)))
    return list(kept.values())


def _summed(lines: tuple[SoldLine, ...]) -> tuple[SoldLine, ...]:
    first = {line.label: line for line in reversed(lines)}
    return tuple(
        replace(first[tag], milli=milli, price_cents=cents) for tag, milli, cents in priced_content(lines) if milli
    )


def _returned(returns: Iterable[Record[Sale]], known: Mapping[str, str]) -> dict[str, dict[str, Thousandths]]:
    """Return what the records of returns take back, by the number of the sale."""
    back: dict[str, dict[str, Thousandths]] = {}
    for each in returns:
        if each.of.refers_to in known:
            of_sale = back.setdefault(known[each.of.refers_to], {})
            for tag, milli in each.whole:
                of_sale[tag] = of_sale.get(tag, 0) + size(milli)
    return back


def _mark_foreign(
    sales: list[Record[Sale]], receipts: list[Record[Receipt]], asked: date, aside: Mapping[date, int]
) -> None:
    """Mark what is of another day than the one asked about, and of which the other side holds nothing.

    Such a day was not asked for on the other side: a whole day of receipts whose own sales are not in the file would
    else be taken for the receipts of other sales. A handful is no whole day: a receipt posted next day stands so. What
    was posted at night for the day is none either: nearly all of it is what the day lacks.
    """
    days = Counter(map(attrgetter("day"), sales)), Counter(map(attrgetter("day"), receipts))
    for count in days:
        count.update(aside)
    both: tuple[tuple[Sequence[AnyRecord], Sequence[AnyRecord]], ...] = (sales, receipts), (receipts, sales)
    for (records, others), (own, other) in zip(both, (days, days[::-1]), strict=True):
        foreign = {
            day
            for day, count in own.items()
            if day != asked and not other[day] and count > max(FEW_FOREIGN, own[asked] // A_TENTH)
        }
        foreign = {day for day in foreign if not _is_what_is_lacking(records, day, others, asked)}
        if foreign:
            _mark(records, foreign)


def _is_what_is_lacking(records: Sequence[AnyRecord], day: date, others: Sequence[AnyRecord], asked: date) -> bool:
    """Whether nearly all of one side's records of a day are what it lacks of the day asked about, to the cent."""
    lacking = Counter(each.priced for each in others if each.day == asked)
    lacking -= Counter(each.priced for each in records if each.day == asked)
    here = Counter(each.priced for each in records if each.day == day)
    return (here & lacking).total() * A_TENTH >= here.total() * (A_TENTH - 1)


def _mark(records: Sequence[AnyRecord], days: set[date]) -> None:
    for each in records:
        each.is_foreign = each.day in days
