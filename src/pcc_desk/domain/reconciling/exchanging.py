"""Exchanges: what was brought back, and what was handed out for it, in one record of the till."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pcc_desk.domain.reconciling.lent import Lent
from pcc_desk.domain.sales import NOT_TOLD, Kind, Receipt, Sale, SoldLine


def parted(lent: Lent, receipts: Sequence[Receipt]) -> Lent:
    """Return the sales, every exchange as a sale of what was handed out and a return of what was brought back.

    The state knows a return by the receipt of its sale, or by a receipt below zero. Where it keeps lines below zero
    beside others in one receipt, exchanges stand there as they are here.
    """
    if not any(each.kind is Kind.EXCHANGE for each in lent.sales):
        return lent
    if any(_is_mixed(each.lines) for each in receipts if not each.is_void):
        return lent
    found: list[Sale] = []
    told = dict(lent.told)
    for sale in lent.sales:
        if sale.kind is not Kind.EXCHANGE or not _is_mixed(sale.lines):
            found.append(sale)
            continue
        for part in _parts(sale):
            told[id(part)] = lent.told.get(id(sale), sale)
            found.append(part)
    return Lent(found, told)


def _parts(sale: Sale) -> Iterator[Sale]:
    """Yield what was handed out, then what of it was brought back at once, then what was brought of an earlier sale."""
    back = [line for line in sale.lines if _is_back(line)]
    given = tuple(line for line in sale.lines if not _is_back(line))
    tags = {line.label for line in given}
    yield replace(sale, kind=Kind.SALE, lines=given)
    for of, lines in (
        (sale.number, tuple(line for line in back if line.label in tags)),
        (sale.refers_to, tuple(line for line in back if line.label not in tags)),
    ):
        if lines:
            yield replace(sale, kind=Kind.RETURN, lines=lines, refers_to=of)


def _is_back(line: SoldLine) -> bool:
    return line.milli < 0 and line.label not in {"", NOT_TOLD}


def _is_mixed(lines: Iterable[SoldLine]) -> bool:
    """Whether some tagged lines are below zero and others are not."""
    below = {line.milli < 0 for line in lines if line.label not in {"", NOT_TOLD}}
    return len(below) > 1
