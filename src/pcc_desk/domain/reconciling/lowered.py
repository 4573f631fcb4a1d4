"""Sales less what was taken back of them: as their receipts stand where the state's record was lowered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pcc_desk.domain.quantity import size
from pcc_desk.domain.reconciling.records import Reckoning
from pcc_desk.domain.reconciling.sides import known_as
from pcc_desk.domain.reconciling.waiting import Waiting
from pcc_desk.domain.sales import Kind, Sale, SoldLine


def lowered(waiting: Sequence[Waiting], sales: Iterable[Sale], reckoning: Reckoning) -> Iterator[Waiting]:
    """Yield what waits of which something was taken back, and not all of it, as what is left of it."""
    back: dict[str, list[SoldLine]] = {}
    returns = [each for each in sales if each.kind is Kind.RETURN]
    known = known_as(each.record.of for each in waiting) if returns else {}
    for each in sorted(returns, key=lambda each: (each.sold_at, each.number)):
        if each.refers_to in known:
            back.setdefault(known[each.refers_to], []).extend(each.lines)
    for one in waiting:
        sale = one.record.of
        left = _left(sale.lines, back.get(sale.number, ()))
        if left != sale.lines and any(line.label for line in left):
            yield Waiting.of(one.place, replace(sale, lines=left), reckoning)


def _left(lines: tuple[SoldLine, ...], back: Iterable[SoldLine]) -> tuple[SoldLine, ...]:
    """Return what is left of lines; what they themselves mark as taken back is not taken off again by a record."""
    marked = {line.product for line in lines if line.is_returned}
    left = [line for line in lines if not line.is_returned]
    for each in back:
        if each.product not in marked:
            _take_off(left, each)
    return tuple(left)


def _take_off(left: list[SoldLine], back: SoldLine) -> None:
    """Take what was taken back off the lines of its product: off one of as much at the same price, if there is one."""
    milli, cents = size(back.milli), abs(back.price_cents)
    same = [line for line in left if line.label and line.milli > 0 and line.product == back.product]
    same.sort(key=lambda line: (line.milli != milli, line.price_cents != cents))
    for line in same if milli else ():
        place = next(place for place, each in enumerate(left) if each is line)
        if line.milli <= milli:
            del left[place]
            milli, cents = milli - line.milli, cents - line.price_cents
        else:
            left[place] = replace(line, milli=line.milli - milli, price_cents=line.price_cents - cents)
            milli = 0
        if not milli:
            return
