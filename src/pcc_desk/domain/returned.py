"""Which lines of a history count: what is brought back or struck gives allowance back only where the rules say so."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from pcc_desk.domain.products import Measures
from pcc_desk.domain.purchases import Purchase, PurchaseKind
from pcc_desk.domain.rules import Rules


@dataclass(slots=True)
class _Sale:
    """A sale, and what was not brought back of it yet."""

    line: Purchase
    rest: Measures


def as_counted(rules: Rules, purchases: Iterable[Purchase]) -> Iterable[Purchase]:
    """Yield the lines that a jurisdiction counts, with what came back as lines below zero.

    What came back is taken off the oldest sales of the same product, on their days: it then counts no longer than they
    do, and never gives back what was not sold.
    """
    from_day = rules.ignores_before or date.min
    is_void_free = PurchaseKind.VOID in rules.gives_back
    kept = [line for line in purchases if line.on >= from_day and not (is_void_free and line.kind is PurchaseKind.VOID)]
    yield from (line for line in kept if line.kind is not PurchaseKind.RETURN)
    if PurchaseKind.RETURN in rules.gives_back:
        yield from _brought_back(kept)


def _brought_back(lines: Iterable[Purchase]) -> Iterable[Purchase]:
    sales: dict[tuple[str, str, str], list[_Sale]] = {}
    for line in sorted(lines, key=lambda line: (line.on, line.at)):
        of_product = sales.setdefault((line.product, line.category, line.dispensary), [])
        if line.kind is not PurchaseKind.RETURN:
            of_product.append(_Sale(line, line.measures))
        else:
            yield from _taken_off(of_product, line.measures)


def _taken_off(sales: Iterable[_Sale], back: Measures) -> Iterable[Purchase]:
    for sale in sales:
        taken = Measures(*(min(had or 0, came or 0) for had, came in zip(sale.rest.all, back.all, strict=True)))
        if any(taken.all):
            sale.rest, back = _less(sale.rest, taken), _less(back, taken)
            line = sale.line
            percent = line.thc_percent if line.thc_percent is not None else line.measures.thc_percent
            below_zero = Measures(*(-(each or 0) for each in taken.all))
            yield replace(line, measures=below_zero, thc_percent=percent, quantity=None, kind=PurchaseKind.RETURN)


def _less(measures: Measures, taken: Measures) -> Measures:
    return Measures(
        *(None if had is None else had - (less or 0) for had, less in zip(measures.all, taken.all, strict=True))
    )
