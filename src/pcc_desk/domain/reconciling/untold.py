"""Sales of which the till does not tell the packages: tied to receipts by everything else before tags are compared.

A tag that is not told differs from none and agrees with none. A sale takes over the tags of the receipt that it must be
of, so that quantities, prices, people and times are compared as ever, and nothing is said of its packages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pcc_desk.domain.reconciling.records import Reckoning
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.reconciling.waiting import Offered, Waiting, paired, steps
from pcc_desk.domain.sales import NOT_TOLD, Kind, Receipt, Sale, SoldLine

OF_A_SALE = {Kind.SALE, Kind.EXCHANGE, Kind.VOID}


@dataclass(slots=True)
class Lent:
    """Sales with the tags of their receipts, and which of them are the till's own."""

    sales: Sequence[Sale]
    told: dict[int, Sale] = field(default_factory=dict)
    """As the till told them, by the `id` of those that took tags over."""

    def as_told(self, sale: Sale | None) -> Sale | None:
        """Return a sale as the till told it."""
        return self.told.get(id(sale), sale)


def is_untold(sale: Sale) -> bool:
    """Whether the till does not tell from which packages a sale is."""
    return any(line.label == NOT_TOLD for line in sale.lines)


def with_tags(sales: Sequence[Sale], receipts: Sequence[Receipt], reckoning: Reckoning, terms: Terms) -> Lent:
    """Return the sales, those without tags with the tags of the receipts that they must be of."""
    waiting = [
        Waiting.of(place, each, reckoning)
        for place, each in enumerate(sales)
        if each.kind in OF_A_SALE and is_untold(each)
    ]
    if not waiting:
        return Lent(sales)
    offered = [Offered.of(place, each, reckoning) for place, each in enumerate(receipts) if not each.is_void]
    found = list(sales)
    lent = Lent(found)
    for one, other in paired(waiting, offered, steps(terms)):
        sale = one.record.of
        found[one.place] = made = _taken_over(sale, other.record.of.lines)
        lent.told[id(made)] = sale
    _returns(found, lent)
    return lent


def _taken_over(sale: Sale, theirs: Sequence[SoldLine]) -> Sale:
    """Return a sale with the tags of other lines, each line with that of the line that is most like it."""
    left = [line for line in theirs if line.label]
    lines = []
    for line in sale.lines:
        like = min(left, key=lambda each: _unlikeness(line, each), default=None)
        if line.label != NOT_TOLD or like is None:
            lines.append(line)
            continue
        left.remove(like)
        lines.append(replace(line, label=like.label))
    return replace(sale, lines=tuple(lines))


def _unlikeness(line: SoldLine, theirs: SoldLine) -> tuple[bool, bool, bool, str]:
    is_unlikely = bool(line.may_be) and theirs.label not in line.may_be
    return is_unlikely, line.milli != theirs.milli, line.price_cents != theirs.price_cents, theirs.label


def _returns(found: list[Sale], lent: Lent) -> None:
    """Let what was taken back bear the tags that its sale took over."""
    tagged = {number: each for each in found if id(each) in lent.told for number in (each.number, *each.other_numbers)}
    for place, each in enumerate(found):
        sold = tagged.get(each.refers_to)
        if each.kind is Kind.RETURN and sold is not None and is_untold(each):
            found[place] = replace(each, lines=tuple(_taken_back(line, sold) for line in each.lines))
            lent.told[id(found[place])] = each


def _taken_back(line: SoldLine, sold: Sale) -> SoldLine:
    same = [each for each in sold.lines if each.product == line.product and each.label]
    return replace(line, label=same[0].label) if line.label == NOT_TOLD and same else line
