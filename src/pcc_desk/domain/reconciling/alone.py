"""What is left without a counterpart: missing, struck, posted twice, or in the state's record by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.reconciling.classes import ABOUT, FindingClass
from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.findings import Finding, finding
from pcc_desk.domain.reconciling.pool import Match, Pool
from pcc_desk.domain.reconciling.records import AnyRecord, Content, Record, is_known_other, is_known_same, takes_back
from pcc_desk.domain.reconciling.taking_over import is_made_up_of
from pcc_desk.domain.reconciling.terms import Context, KnownPackage, Terms
from pcc_desk.domain.sales import NOT_TOLD, Dispensed, Kind, Receipt, Sale, short_tag

WAS_VOIDED = "was voided."


@dataclass(frozen=True, slots=True)
class Void:
    """A sale that was struck at the till, and a receipt of it that still stands."""

    sale: Record[Sale]
    receipt: Record[Receipt]


def standing_voids(pool: Pool, voids: Sequence[Record[Sale]], terms: Terms) -> list[Void]:
    """Take active receipts of struck sales out of the pool: by number, or by the same contents, the nearest first."""
    by_content: dict[Content, list[Record[Receipt]]] = {}
    by_number: dict[str, list[Record[Receipt]]] = {}
    for receipt in pool.receipts:
        by_content.setdefault(receipt.whole, []).append(receipt)
        for number in {receipt.of.external_number, *(f"receipt {each}" for each in receipt.of.numbers)}:
            by_number.setdefault(number, []).append(receipt)
    candidates = []
    for void in voids:
        numbers = {void.of.external_number, void.number, *void.of.other_numbers, f"receipt {void.of.state_receipt}"} - {
            ""
        }
        named = [each for number in sorted(numbers) for each in by_number.get(number, ()) if _has_a_tag_of(void, each)]
        alike = [each for each in by_content.get(void.whole, ()) if _may_be_of(void, each, terms)]
        candidates += [(step, void, each) for step, some in enumerate((named, alike)) for each in some]
    candidates.sort(key=lambda each: (each[0], abs(each[1].at - each[2].at), each[1].order, each[2].order))
    found: list[Void] = []
    gone: set[int] = set()
    for _, void, receipt in candidates:
        if id(void) not in gone and id(receipt) not in gone:
            gone |= {id(void), id(receipt)}
            found.append(Void(void, receipt))
    pool.receipts = [each for each in pool.receipts if id(each) not in gone]
    return found


def _has_a_tag_of(void: Record[Sale], receipt: Record[Receipt]) -> bool:
    tags = {tag for tag, _ in void.whole}
    return any(tag in tags for tag, _ in receipt.whole)


def _may_be_of(void: Record[Sale], receipt: Record[Receipt], terms: Terms) -> bool:
    """Whether a receipt of the same contents may be that of a struck sale."""
    if is_known_other(void.person, receipt.person) or not void.whole:
        return False
    sure = is_known_same(void.person, receipt.person) or void.cents == receipt.cents
    return abs(void.at - receipt.at) <= microseconds(terms.far if sure else terms.near)


class Doubles:
    """Finds the match of which a receipt is a second posting; with `is_near` only one that was made within minutes."""

    def __init__(self, pool: Pool, terms: Terms, *, is_near: bool = False) -> None:
        self._bound = pool.bound_receipts
        self._near, self._far = microseconds(terms.near), microseconds(terms.near if is_near else terms.far)
        self._matches = pool.matches
        self._by_content: dict[Content, list[Match]] | None = None

    def of(self, receipt: Record[Receipt]) -> Match | None:
        """Return what is posted twice: it bears the same number, or has the same contents for one person or by time."""
        bound = self._bound.get(id(receipt))
        if bound is not None and receipt.whole in {bound.receipt.whole, bound.sale.content, bound.sale.whole}:
            return bound
        if self._by_content is None:
            self._by_content = {}
            for match in self._matches:
                self._by_content.setdefault(match.receipt.whole, []).append(match)
        like = [match for match in self._by_content.get(receipt.whole, ()) if self._is_double(match.receipt, receipt)]
        return min(like, key=lambda match: (abs(match.receipt.at - receipt.at), match.sale.order), default=None)

    def _is_double(self, kept: Record[Receipt], again: Record[Receipt]) -> bool:
        numbers = {kept.of.external_number, again.of.external_number} - {""}
        if is_known_other(kept.person, again.person) or kept.cents != again.cents or len(numbers) > 1:
            return False
        within = self._far if is_known_same(kept.person, again.person) else self._near
        return abs(kept.at - again.at) <= within


def certain_doubles(pool: Pool, doubles: Doubles) -> list[tuple[Match, Record[Receipt]]]:
    """Take receipts out of the pool that certainly are second postings: by number, person, or several lines alike."""
    found = []
    for receipt in sorted(pool.receipts, key=lambda each: each.order):
        if id(receipt) in pool.bound_receipts or receipt.person or len(receipt.whole) > 1:
            match = doubles.of(receipt)
            if match is not None:
                found.append((match, receipt))
    gone = {id(receipt) for _, receipt in found}
    pool.receipts = [each for each in pool.receipts if id(each) not in gone]
    return found


def doubled(match: Match, receipt: Record[Receipt], desk: Dispensed | None) -> Finding:
    """Return the finding of a second posting."""
    kept = match.receipt
    what = f"{contents(receipt)} at {receipt.of.sold_at:%H:%M}, as in receipt {kept.of.shown}"
    later = max(kept, receipt, key=lambda each: (each.of.recorded_at or each.of.sold_at, *each.order))
    fix = f"Void the later one, {later.of.shown}; keep the one whose number the point of sale knows."
    return finding(FindingClass.DUPLICATE, what, sale=match.sale.of, receipt=receipt.of, desk=desk, fix=fix)


def struck_but_standing(void: Void, desk: Dispensed | None) -> Finding:
    """Return the finding of a void that the state does not know of."""
    at = f", struck at {void.sale.of.voided_at:%H:%M}" if void.sale.of.voided_at else ""
    what = f"{contents(void.sale)}{at}: receipt {void.receipt.of.shown} is still active"
    return finding(FindingClass.VOID_NOT_PROPAGATED, what, sale=void.sale.of, receipt=void.receipt.of, desk=desk)


def missing(
    sale: Record[Sale],
    said: str,
    *,
    struck: Sequence[Record[Receipt]],
    terms: Terms,
    context: Context,
    desk: Dispensed | None,
) -> Finding:
    """Return the finding of a sale without a receipt, by the cause that is known."""
    what = f"{contents(sale)}, {sale.of.sold_at:%H:%M}"
    its = (each for each in struck if _bears_its_number(sale, each) or _is_like_it(sale, each, terms))
    void = min(
        its,
        key=lambda each: (not _bears_its_number(sale, each), abs(each.at - sale.at), each.order),
        default=None,
    )
    if void is not None:
        why = f"Its receipt {void.of.shown} {WAS_VOIDED}"
        return finding(FindingClass.MISSING_IN_STATE, what, sale=sale.of, desk=desk, why=why)
    if desk is not None and desk.why_unposted:
        return _on_its_way(sale, what, desk)
    if _is_fresh(sale, terms, context):
        return finding(FindingClass.NOT_YET_VISIBLE, what, sale=sale.of, desk=desk)
    if not said and any(tag == NOT_TOLD for tag, _ in sale.whole):
        said = "the till does not tell its packages, and no receipt is like it in quantity, price, time and person"
    refused = next(_refused(sale, context), None)
    if refused is not None:
        kind, words = refused
        if kind is FindingClass.PACKAGE_FINISHED:  # told today, it may not be tomorrow: the sale is missing still
            return finding(kind, what, sale=sale.of, desk=desk, why=_sentence(words))
        return finding(kind, f"{what}: {words}", sale=sale.of, desk=desk)
    return finding(FindingClass.MISSING_IN_STATE, what, sale=sale.of, desk=desk, why=_sentence(said))


def may_be_of_its_package(found: Finding) -> bool:
    """Whether a sale may be missing because of its package: no receipt of it was voided, and no post waits."""
    has_post = found.desk is not None and bool(found.desk.why_unposted)
    return found.kind is FindingClass.MISSING_IN_STATE and not has_post and not found.why.endswith(WAS_VOIDED)


def _on_its_way(sale: Record[Sale], what: str, desk: Dispensed) -> Finding:
    why = _sentence(desk.why_unposted)
    if desk.is_given_up:
        kind = FindingClass.MISSING_IN_STATE
        return finding(kind, what, sale=sale.of, desk=desk, why=f"Its post was given up: {desk.why_unposted}.")
    if desk.receipt:
        fix = "Wait, and read the state's record again."
        return finding(FindingClass.NOT_YET_VISIBLE, what, sale=sale.of, desk=desk, why=why, fix=fix)
    kind = FindingClass.MISSING_IN_STATE
    if desk.is_parked:
        fix = "Decide in the Outbox about the desk's own post: by itself it goes out no more. Nothing by hand."
        return finding(kind, f"{what} · its post waits for a person", sale=sale.of, desk=desk, why=why, fix=fix)
    fix = "Nothing by hand, the desk's own post is on its way. The patient's chart says how far it is."
    return finding(kind, f"{what} · on its way", sale=sale.of, desk=desk, why=why, fix=fix)


def _refused(sale: Record[Sale], context: Context) -> Iterator[tuple[FindingClass, str]]:
    """Yield why the state did not take a sale, as far as the packages tell."""
    if context.packages is None:
        return
    for tag, _ in sale.whole:
        package = context.packages.get(tag)
        if package is None:
            if context.knows_all_packages and tag != NOT_TOLD:
                yield FindingClass.TAG_UNKNOWN, f"the state knows no {short_tag(tag)}"
        elif finished := _finished(package, sale.of.sold_at):
            yield FindingClass.PACKAGE_FINISHED, f"{short_tag(tag)} was finished {finished}"


def _finished(package: KnownPackage, sold_at: datetime) -> str:
    """Return when a package was finished, if a sale cannot go into it any more; empty: it can.

    Of a package finished on the day of the sale, at a time that nobody tells, it is not known which came first: the
    sale cannot be entered before it is unfinished, either way.
    """
    at, on = package.finished_at, package.finished_on
    if at is not None:
        return "" if at > sold_at else f"at {at:%H:%M}" if at.date() == sold_at.date() else f"on {at:%d %b}"
    return f"on {on:%d %b}" if on is not None and on <= sold_at.date() else ""


def _bears_its_number(sale: Record[Sale], struck: Record[Receipt]) -> bool:
    named = struck.of.external_number
    return bool(named) and named in {sale.of.external_number, sale.number, *sale.of.other_numbers}


def _is_like_it(sale: Record[Sale], struck: Record[Receipt], terms: Terms) -> bool:
    """Whether a voided receipt says the same. Without tags and without a person only a near one is taken for its."""
    if is_known_other(sale.person, struck.person) or sale.cents != struck.cents:
        return False
    if struck.whole == sale.content:
        return abs(sale.at - struck.at) <= microseconds(terms.far)
    within = terms.far if is_known_same(sale.person, struck.person) else terms.near
    return (
        any(tag == NOT_TOLD for tag, _ in sale.whole)
        and abs(sale.at - struck.at) <= microseconds(within)
        and is_made_up_of(sale.of.lines, struck.of.lines)
    )


def _is_fresh(record: AnyRecord, terms: Terms, context: Context) -> bool:
    if context.now is None:
        return False
    age = context.now - record.of.sold_at
    return age < terms.visible_after


def unexpected(receipt: Record[Receipt], said: str, desk: Dispensed | None) -> Finding:
    """Return the finding of a receipt without a sale."""
    what = f"{contents(receipt)}, {receipt.of.sold_at:%H:%M}"
    if desk is not None:
        why = f"The desk handed it out at {desk.sold_at:%H:%M}; the till has no sale of it."
        fix = "Ring it up at the till. Do not void the receipt: it was sold."
        return finding(FindingClass.UNEXPECTED_IN_STATE, what, receipt=receipt.of, desk=desk, why=why, fix=fix)
    if takes_back(receipt):
        why = "It takes back what the till has not taken back."
        return finding(FindingClass.UNEXPECTED_IN_STATE, what, receipt=receipt.of, why=why)
    return finding(FindingClass.UNEXPECTED_IN_STATE, what, receipt=receipt.of, why=_sentence(said))


def untied(change: Record[Sale]) -> Finding:
    """Return the finding of a return or a correction of which the sale was not read: its receipt cannot be seen."""
    of = change.of.refers_to
    sale = f"sale {of}, which is not among what was read" if of else "a sale that it does not name"
    if change.of.kind is Kind.RETURN or all(milli < 0 for _, milli in change.whole):
        kind, done = FindingClass.RETURN_NOT_PROPAGATED, "taken back"
        why = "No receipt below zero tells it, and the receipt of its sale was not among those read."
    else:
        kind = FindingClass.QTY if any(milli for _, milli in change.whole) else FindingClass.PRICE
        done, why = "corrected", "The receipt of its sale was not among those read."
    fix = f"Look whether the receipt of that sale says so already; if not: {ABOUT[kind].fix}"
    return finding(kind, f"{contents(change)} {done}, of {sale}", sale=change.of, why=why, fix=fix)


def is_of(day: date, *records: AnyRecord) -> bool:
    """Whether one of the records is of a day."""
    return any(each.day == day for each in records)


def _sentence(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}." if clause else ""


def contents(record: AnyRecord) -> str:
    """Return what a record is of, in words. Lines whose tags are not told are not summed: each may be another thing."""
    if not record.priced:
        return "no lines"
    tag, milli, _ = record.priced[0]
    line = next(each for each in record.of.lines if each.label == tag)
    untold = sum(each.label == NOT_TOLD for each in record.of.lines)
    others = len(record.priced) - 1 + max(untold - 1, 0)
    more = f" and {others} more" if others else ""
    amount = line.milli if tag == NOT_TOLD else milli
    return f"{thousandths(amount)} {line.product or short_tag(tag)}{more}, {money(record.cents)}"
