"""Both sides of a day, sorted out: what must have a receipt, what was struck, what was taken back, what is ignored."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pcc_desk.domain.reconciling.records import AnyRecord, Reckoning, Record, priced_content, record, taken_back
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
    returned = _returned(sides.returns)
    for sale in originals:
        marked = taken_back(sale.lines)
        told = returned.get(sale.number)
        # A return is a record of its own, a mark on the line, or both: the larger of the two is all that came back.
        back = {tag: max(marked.get(tag, 0), told.get(tag, 0)) for tag in {*marked, *told}} if told else marked
        sides.sales.append(record(sale, reckoning, back))
    for receipt in receipts:
        made = record(receipt, reckoning, {})
        if receipt.is_void:
            sides.struck.append(made)
        elif made.whole and all(milli < 0 for _, milli in made.whole):
            sides.below_zero.append(made)
        else:
            sides.receipts.append(made)
    sides.sales.sort(key=_order)
    sides.receipts.sort(key=_order)
    _mark_foreign(sides.sales, sides.receipts, day, aside)
    return sides


def _order(each: AnyRecord) -> tuple[int, int, str]:
    return each.order


def _with_adjustments(sales: Sequence[Sale], sides: Sides, day: date, reckoning: Reckoning) -> list[Sale]:
    """Return what counts as a sale, each corrected by what adjusts it; what has no receipt by nature is counted."""
    kept: dict[int, Sale] = {}
    places: dict[str, int] = {}
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
            places[sale.number] = place
    for sale in sorted(adjusting, key=lambda each: (each.number, each.sold_at)):
        if sale.refers_to not in places:
            sides.ignored += reckoning.day(sale.sold_at) == day
            continue
        place = places[sale.refers_to]
        kept[place] = replace(kept[place], lines=_summed((*kept[place].lines, *sale.lines)))
    return list(kept.values())


def _summed(lines: tuple[SoldLine, ...]) -> tuple[SoldLine, ...]:
    first = {line.label: line for line in reversed(lines)}
    return tuple(
        replace(first[tag], milli=milli, price_cents=cents) for tag, milli, cents in priced_content(lines) if milli
    )


def _returned(returns: Iterable[Record[Sale]]) -> dict[str, dict[str, int]]:
    """Return what the records of returns take back, by the number of the sale."""
    back: dict[str, dict[str, int]] = {}
    for each in returns:
        if each.of.refers_to:
            of_sale = back.setdefault(each.of.refers_to, {})
            for tag, milli in each.whole:
                of_sale[tag] = of_sale.get(tag, 0) + abs(milli)
    return back


def _mark_foreign(
    sales: list[Record[Sale]], receipts: list[Record[Receipt]], asked: date, aside: Mapping[date, int]
) -> None:
    """Mark what is of another day than the one asked about, and of which the other side holds nothing.

    Such a day was not asked for on the other side: a whole day of receipts whose own sales are not in the file would
    else be taken for the receipts of other sales. A handful is no whole day: a receipt posted next day stands so.
    """
    days = Counter(each.day for each in sales), Counter(each.day for each in receipts)
    for count in days:
        count.update(aside)
    for records, own, other in ((sales, days[0], days[1]), (receipts, days[1], days[0])):
        foreign = {
            day
            for day, count in own.items()
            if day != asked and not other[day] and count > max(FEW_FOREIGN, own[asked] // A_TENTH)
        }
        if foreign:
            _mark(records, foreign)


def _mark(records: Sequence[AnyRecord], days: set[date]) -> None:
    for each in records:
        each.is_foreign = each.day in days
