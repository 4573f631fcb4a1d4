"""Sales paired with receipts of the same contents (POS reference, 8.2, 2 to 4)."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from pcc_desk.domain.reconciling.line_up import Pair, line_up
from pcc_desk.domain.reconciling.pool import By, Pool, by_key, receipts_by_key
from pcc_desk.domain.reconciling.records import AnyRecord, Content, Priced, Record, is_known_other, is_known_same
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import Receipt, Sale

Fits = Callable[[Record[Sale], Record[Receipt]], bool]
Key = Callable[[AnyRecord], object]
Group = tuple[list[Record[Sale]], list[Record[Receipt]]]


def microseconds(span: timedelta) -> int:
    """Return a span of time as records reckon it."""
    return span // timedelta(microseconds=1)


def the_same(pool: Pool, *, tells_people: bool = True) -> None:
    """Pair what is the same in everything: contents, prices, instant, and who bought, as far as both sides tell it."""

    def key(each: AnyRecord) -> tuple[int, str, Priced]:
        return each.at, each.person if tells_people else "", each.priced

    theirs = receipts_by_key(pool.free_receipts, key)
    pairs: list[Pair] = []
    for sale in pool.free_sales:
        same = theirs.get(key(sale)) if not sale.back else None
        for place, receipt in enumerate(same or ()):
            if same and sale.of.buyer.agrees_with(receipt.of.buyer):
                pairs.append((sale, same.pop(place)))
                break
    pool.take(pairs, By.SAME)


def by_contents(pool: Pool, terms: Terms, *, before_returns: bool = False, is_near: bool = False) -> None:
    """Pair what has the same contents: first what was sold within minutes, then what was within a day.

    Within minutes the same price goes before another one, the same person before nobody known, and the same kind of
    buyer before another one. Within a day, which is left out with `is_near`, the price or the person must be the same.
    Nothing is taken for the sale of another person.
    """
    near, far = microseconds(terms.near), microseconds(terms.far)
    by = By.BEFORE_RETURN if before_returns else By.CONTENT
    steps: tuple[tuple[Key, Fits, int], ...] = (
        (_priced_and_who, _always, near),
        (_priced_and_person, _always, near),
        (_priced, _may_be_one, near),
        (_anything, _may_be_one, near),
        (_priced_and_who, _always, far),
        (_priced_and_person, _always, far),
        (_priced, _may_be_one, far),
        (_person, _are_one, far),
    )
    if is_near:
        steps = tuple(each for each in steps if each[2] == near)
    found: list[Pair] = []
    for group in _groups(pool, before_returns=before_returns):
        left = group
        for key, fits, within in steps:
            pairs = _in_step(left, key, fits, within, near)
            found += pairs
            left = _rest(left, pairs)
            if not left[0] or not left[1]:
                break
    pool.take(found, by)


def by_another_person(pool: Pool, terms: Terms) -> None:
    """Pair what has the same contents and price within minutes, of two people who have nothing else open there."""
    near = microseconds(terms.near)
    for by in (By.CONTENT, By.BEFORE_RETURN):
        free = _free_of_others(pool, near)
        groups = _groups(pool, before_returns=by is By.BEFORE_RETURN)
        pool.take([pair for group in groups for pair in _in_step(group, _priced, free, near, near)], by)


def _groups(pool: Pool, *, before_returns: bool) -> Iterator[Group]:
    """Yield what has the same contents on both sides, in an order of its own."""

    def content(sale: Record[Sale]) -> Content:
        return sale.whole if before_returns else sale.content

    ours = by_key((each for each in pool.free_sales if each.back or not before_returns), content)
    theirs = receipts_by_key(pool.free_receipts, lambda each: each.whole) if ours else {}
    for key in sorted(ours.keys() & theirs.keys()):
        if key:
            yield ours[key], theirs[key]


def _rest(group: Group, pairs: Iterable[Pair]) -> Group:
    gone = {id(each) for pair in pairs for each in pair}
    if not gone:
        return group
    sales, receipts = group
    return [each for each in sales if id(each) not in gone], [each for each in receipts if id(each) not in gone]


def _in_step(group: Group, key: Key, fits: Fits, within: int, near: int) -> list[Pair]:
    """Pair what has the same key, fits, and lies within a time; what is of a foreign day only on better evidence."""
    sales, receipts = group
    if not sales or not receipts:
        return []
    if len(sales) == len(receipts) == 1:
        return fitting(sales, receipts, fits, within, near) if key(sales[0]) == key(receipts[0]) else []
    theirs = receipts_by_key(receipts, key)
    pairs: list[Pair] = []
    for same, some in by_key(sales, key).items():
        if same in theirs:
            pairs += fitting(some, theirs[same], fits, within, near)
    return pairs


def fitting(
    sales: list[Record[Sale]], receipts: list[Record[Receipt]], fits: Fits, within: int, near: int
) -> list[Pair]:
    """Pair sales and receipts that fit, so that they lie near in time; where not all fit, the nearest first."""

    def allowed(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
        if not fits(sale, receipt):
            return False
        if not (sale.is_foreign or receipt.is_foreign):
            return True
        return is_known_same(sale.person, receipt.person) or abs(sale.at - receipt.at) <= near

    if all(allowed(sale, receipt) for sale in sales for receipt in receipts):
        return line_up(sales, receipts, within)
    gaps = sorted(
        (abs(sale.at - receipt.at), sale.order, receipt.order, place, other)
        for place, sale in enumerate(sales)
        for other, receipt in enumerate(receipts)
        if abs(sale.at - receipt.at) <= within and allowed(sale, receipt)
    )
    pairs: list[Pair] = []
    gone: set[int] = set()
    for *_, place, other in gaps:
        sale, receipt = sales[place], receipts[other]
        if id(sale) not in gone and id(receipt) not in gone:
            gone |= {id(sale), id(receipt)}
            pairs.append((sale, receipt))
    return pairs


def _priced(each: AnyRecord) -> object:
    return each.priced


def _priced_and_who(each: AnyRecord) -> object:
    return each.priced, each.person, each.of.buyer


def _priced_and_person(each: AnyRecord) -> object:
    return each.priced, each.person


def _person(each: AnyRecord) -> object:
    return each.person


def _anything(each: AnyRecord) -> object:
    return None


def _always(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
    return True


def _may_be_one(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
    return not is_known_other(sale.person, receipt.person)


def _are_one(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
    return is_known_same(sale.person, receipt.person)


def _free_of_others(pool: Pool, near: int) -> Fits:
    """Return whether neither person of a pair has anything else open at that time on the other side."""
    sold, reported = _times(pool.sales), _times(pool.receipts)

    def free(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
        if not is_known_other(sale.person, receipt.person):
            return True
        return not (
            _is_about(reported.get(sale.person, ()), sale.at, near)
            or _is_about(sold.get(receipt.person, ()), receipt.at, near)
        )

    return free


def _times(records: Iterable[AnyRecord]) -> dict[str, list[int]]:
    times: dict[str, list[int]] = {}
    for each in records:
        if each.person:
            times.setdefault(each.person, []).append(each.at)
    for found in times.values():
        found.sort()
    return times


def _is_about(times: Iterable[int], at: int, near: int) -> bool:
    known = list(times)
    place = bisect_left(known, at - near)
    return place < len(known) and known[place] <= at + near
