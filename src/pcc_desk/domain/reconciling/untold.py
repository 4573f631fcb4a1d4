"""Sales of which the till does not tell the packages: tied to receipts by everything else before tags are compared.

A tag that is not told differs from none and agrees with none. A sale takes over the tags of the receipt that it must be
of, or else of what the desk handed out, so that quantities, prices, people and times are compared as ever, and nothing
is said of its packages.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from pcc_desk.domain.reconciling.in_parts import as_one, in_parts
from pcc_desk.domain.reconciling.lent import Lent, is_untold
from pcc_desk.domain.reconciling.lowered import lowered
from pcc_desk.domain.reconciling.records import Reckoning, takes_back
from pcc_desk.domain.reconciling.taking_back import returns_with_tags
from pcc_desk.domain.reconciling.taking_over import taken_over
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.reconciling.waiting import (
    Offered,
    Pair,
    Step,
    Waiting,
    alike_steps,
    desk_steps,
    other_steps,
    paired,
    sure_steps,
)
from pcc_desk.domain.sales import Dispensed, Kind, Receipt, Sale, SoldLine

STANDING = {Kind.SALE, Kind.EXCHANGE}
STRUCK = {Kind.VOID}

Tied = Callable[[Sequence[Waiting], Sequence[Offered], Terms], list[Pair]]


def with_tags(
    sales: Sequence[Sale],
    receipts: Sequence[Receipt],
    reckoning: Reckoning,
    terms: Terms,
    desk: Sequence[Dispensed] = (),
) -> Lent:
    """Return the sales, those without tags with the tags of the receipts that they must be of.

    What no receipt is of takes over the tags of what the desk handed out, so that it is not told as two.
    """
    waiting = [
        Waiting.of(place, each, reckoning)
        for place, each in enumerate(sales)
        if each.kind in STANDING | STRUCK and is_untold(each)
    ]
    standing = [Offered.receipt(place, each, reckoning) for place, each in enumerate(receipts) if not each.is_void]
    offered = [each for each in standing if not takes_back(each.record)]
    found = list(sales)
    lent = Lent(found)
    pairs = _of_receipts(waiting, [*lowered(waiting, sales, reckoning)], offered, terms)
    _lend(found, lent, pairs)
    if desk and any(map(is_untold, found)):
        _lend(found, lent, _of_the_desk(found, desk, pairs, reckoning, terms))
    returns_with_tags(found, lent, [each for each in standing if takes_back(each.record)], reckoning, terms)
    return lent


def _of_receipts(
    waiting: Sequence[Waiting], less: Sequence[Waiting], offered: Sequence[Offered], terms: Terms
) -> list[Pair]:
    """Return sales with their receipts. `less` are those of which something was taken back, as what is left of them.

    A sale that was struck and rung up again has one receipt: that of what stands. Only where a sale that stands is
    unlike a receipt, it is that of a struck sale which is like it.
    """
    stands = [each for each in waiting if each.record.of.kind in STANDING]
    struck = [each for each in waiting if each.record.of.kind in STRUCK]
    less = [each for each in less if each.record.of.kind in STANDING]
    others = _by(partial(other_steps, stock=_stock(waiting)))
    found: list[Pair] = []
    for ours, tied in (
        (stands, _by(sure_steps)),
        (stands, in_parts),
        (less, _by(sure_steps)),
        (stands, _by(alike_steps)),
        (less, _by(alike_steps)),
        (struck, _by(sure_steps)),
        (struck, _by(alike_steps)),
        (stands, as_one),
        (stands, others),
        (struck, others),
    ):
        places, taken = {one.place for one, _ in found}, {other.place for _, other in found}
        still = [each for each in ours if each.place not in places]
        found += tied(still, [each for each in offered if each.place not in taken], terms)
    return found


def _stock(waiting: Sequence[Waiting]) -> frozenset[str]:
    """Return the packages that the till's stock has of what was sold."""
    return frozenset(tag for one in waiting for line in one.record.of.lines for tag in line.may_be)


def _by(steps: Callable[[Terms], Iterable[Step]]) -> Tied:
    return lambda waiting, offered, terms: paired(waiting, offered, steps(terms))


def _lend(found: list[Sale], lent: Lent, pairs: Iterable[Pair]) -> None:
    """Give sales the tags of what they are of; those that bear tags keep their own."""
    theirs: dict[int, tuple[SoldLine, ...]] = {}
    for one, other in pairs:
        theirs[one.place] = (*theirs.get(one.place, ()), *other.record.of.lines)
    for place, lines in theirs.items():
        sale = found[place]
        if is_untold(sale):
            found[place] = made = replace(sale, lines=taken_over(_standing_first(sale.lines), lines))
            lent.told[id(made)] = lent.told.pop(id(sale), sale)


def _standing_first(lines: tuple[SoldLine, ...]) -> tuple[SoldLine, ...]:
    """Return lines, those that are marked as taken back behind the others: their receipt may have none of them."""
    return tuple(sorted(lines, key=lambda line: line.is_returned))


def _of_the_desk(
    sales: Sequence[Sale], desk: Sequence[Dispensed], of_receipts: Sequence[Pair], reckoning: Reckoning, terms: Terms
) -> list[Pair]:
    """Return sales with what the desk handed out of them: first what was not struck there.

    Sales with tags are among them, so that what is nearer to one of them is not taken for another sale. What is known
    by the receipt that a sale has is that sale's, and neither is looked for again.
    """
    by_name = {
        name: one.place for one, other in of_receipts for name in (*other.names, *map(_receipt, sorted(other.numbers)))
    }
    known = {place: by_name.get(each.number, by_name.get(_receipt(each.receipt))) for place, each in enumerate(desk)}
    places = set(known.values())
    ours = [
        Waiting.of(place, each, reckoning)
        for place, each in enumerate(sales)
        if each.kind in STANDING and (place not in places or is_untold(each))
    ]
    theirs = [Offered.dispensed(place, each, reckoning) for place, each in enumerate(desk)]
    by_place = {each.place: each for each in ours}
    found = [(by_place[one], each) for each in theirs if (one := known[each.place]) in by_place and one is not None]
    waiting = [each for each in ours if each.place not in places]
    for is_struck in (False, True):
        offered = [each for each in theirs if desk[each.place].is_void is is_struck and known[each.place] is None]
        pairs = paired(waiting, offered, desk_steps(terms))
        gone = {one.place for one, _ in pairs}
        waiting = [each for each in waiting if each.place not in gone]
        found += pairs
    return found


def _receipt(number: str) -> str:
    """Return the state's number in a form that is no number of ours."""
    return f"receipt {number}"
