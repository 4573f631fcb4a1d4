"""Sales paired with the receipts whose numbers they bear (POS reference, 8.2, 1)."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from pcc_desk.domain.quantity import thousandths
from pcc_desk.domain.reconciling.likeness import making_up
from pcc_desk.domain.reconciling.pool import By, Match, Pool
from pcc_desk.domain.reconciling.records import Record, is_known_other, is_known_same
from pcc_desk.domain.sales import NOT_TOLD, Receipt, Sale, short_tag

Link = tuple[Record[Sale], Record[Receipt]]


def by_numbers(pool: Pool, agreeing: int = 0) -> None:
    """Pair what names each other and has something in common; what names each other in vain is noted, not paired.

    A number of ours, or the state's own, is believed as soon as a tag agrees. A number that the till counts by (an
    invoice's, an order's) may mean something else to the state: it is believed when, over the day, more of what it
    links agrees than not; `agreeing` links were counted before.
    """
    sure = [*_links(pool, _sure_numbers), *_by_receipt_number(pool)]
    weak = [*_links(pool, _till_numbers)]
    if 2 * (sum(_agrees(*link) for link in weak) + agreeing) < len(weak) + agreeing:
        weak = []
    links = list({(id(sale), id(receipt)): (sale, receipt) for sale, receipt in (*sure, *weak)}.values())
    good, others = list[Link](), list[Link]()
    for link in links:
        (good if _has_in_common(*link) else others).append(link)
    taken = _in_parts(pool, good)
    single = [link for link in good if taken.keys().isdisjoint(map(id, link))] if taken else good
    taken |= _best(pool, single)
    for sale, receipt in good:
        _bind(pool, taken, sale, receipt)
    for sale, receipt in others:
        of_sale = f"receipt {receipt.of.shown} bears its number and is of {_is(receipt)}"
        of_receipt = f"it bears the number of sale {sale.number}, which is of {_is(sale)}"
        pool.contradicted.setdefault(id(sale), of_sale)
        pool.contradicted.setdefault(id(receipt), of_receipt)


def _links(pool: Pool, numbers: Callable[[Sale], Iterable[str]]) -> Iterator[Link]:
    by_external: dict[str, list[Record[Receipt]]] = {}
    for receipt in pool.receipts:
        if receipt.of.external_number:
            by_external.setdefault(receipt.of.external_number, []).append(receipt)
    if not by_external:
        return
    for sale in pool.sales:
        for number in numbers(sale.of):
            if number in by_external:
                for receipt in by_external[number]:
                    yield sale, receipt


def _sure_numbers(sale: Sale) -> Iterable[str]:
    return (sale.external_number,) if sale.external_number else ()


def _till_numbers(sale: Sale) -> Iterable[str]:
    return (sale.number, *sale.other_numbers) if sale.other_numbers else (sale.number,)


def _by_receipt_number(pool: Pool) -> Iterator[Link]:
    named = [sale for sale in pool.sales if sale.of.state_receipt]
    by_number = {each: receipt for receipt in pool.receipts for each in receipt.of.numbers} if named else {}
    for sale in named:
        if sale.of.state_receipt in by_number:
            yield sale, by_number[sale.of.state_receipt]


def _agrees(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
    return receipt.content in (sale.content, sale.whole)


def _has_in_common(sale: Record[Sale], receipt: Record[Receipt]) -> bool:
    """Whether a number may be believed: a tag in common, or the person and the price."""
    tags = {tag for tag, _ in sale.whole}
    if any(tag in tags for tag, _ in receipt.whole):
        return True
    return sale.cents == receipt.cents and not is_known_other(sale.person, receipt.person)


def _unlikeness(link: Link) -> tuple[bool, bool, bool, int, int, str, str]:
    """Return how little the two of a link have in common; of receipts alike the one that was made first is kept."""
    sale, receipt = link
    return (
        not _agrees(sale, receipt),
        sale.cents != receipt.cents,
        bool(sale.person or receipt.person) and not is_known_same(sale.person, receipt.person),
        abs(sale.at - receipt.at),
        receipt.at,
        sale.number,
        receipt.number,
    )


def _in_parts(pool: Pool, links: Sequence[Link]) -> dict[int, Match]:
    """Pair a sale with the receipts that bear its number and make it up together, and a receipt with such sales.

    Return the matches by the `id` of their records. Prices may differ: by their number they are one sale still.
    """
    if len({id(sale) for sale, _ in links}) == len(links) == len({id(receipt) for _, receipt in links}):
        return {}  # as on most days: each has one counterpart of its number
    receipts: dict[int, tuple[Record[Sale], list[Record[Receipt]]]] = {}
    sales: dict[int, tuple[Record[Receipt], list[Record[Sale]]]] = {}
    for sale, receipt in links:
        receipts.setdefault(id(sale), (sale, []))[1].append(receipt)
        sales.setdefault(id(receipt), (receipt, []))[1].append(sale)
    found: list[Match] = []
    for sale, some in receipts.values():
        own = [each for each in some if len(sales[id(each)][1]) == 1]
        if len(own) > 1 and not any(_agrees(sale, each) for each in own):
            parts = making_up(sale, own, to_the_cent=False)
            found += [Match((sale,), parts, By.NUMBER)] if parts else ()
    for receipt, many in sales.values():
        its = [each for each in many if len(receipts[id(each)][1]) == 1]
        if len(its) > 1 and not any(_agrees(each, receipt) for each in its):
            of = making_up(receipt, its, to_the_cent=False)
            found += [Match(of, (receipt,), By.NUMBER)] if of else ()
    pool.add(found)
    return {id(each): match for match in found for each in (*match.sales, *match.receipts)}


def _best(pool: Pool, links: list[Link]) -> dict[int, Match]:
    """Pair every record with at most one other, the likest first; return the matches by the `id` of their records."""
    taken: dict[int, Match] = {}
    matches: list[Match] = []
    for sale, receipt in sorted(links, key=_unlikeness):
        if id(sale) not in taken and id(receipt) not in taken:
            taken[id(sale)] = taken[id(receipt)] = match = Match((sale,), (receipt,), By.NUMBER)
            matches.append(match)
    pool.add(matches)
    return taken


def _bind(pool: Pool, taken: dict[int, Match], sale: Record[Sale], receipt: Record[Receipt]) -> None:
    """Keep what bears the number of something taken from being taken for something else."""
    if id(sale) not in taken:
        pool.bound_sales.setdefault(id(sale), taken.get(id(receipt)))
    if id(receipt) not in taken:
        pool.bound_receipts.setdefault(id(receipt), taken.get(id(sale)))


def _is(record: Record[Sale] | Record[Receipt]) -> str:
    told = [f"{thousandths(milli)} of {short_tag(tag)}" for tag, milli in record.whole if tag != NOT_TOLD]
    untold = [
        f"{thousandths(line.milli)} of {line.product or short_tag(line.label)}"
        for line in record.of.lines
        if line.label == NOT_TOLD
    ]
    return ", ".join(told + untold) or "nothing"
