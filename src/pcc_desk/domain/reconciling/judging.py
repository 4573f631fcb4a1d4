"""A sale and its receipt beside each other: every way in which they differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product

from pcc_desk.domain.quantity import thousandths
from pcc_desk.domain.reconciling.classes import ABOUT, FindingClass
from pcc_desk.domain.reconciling.findings import Finding, finding
from pcc_desk.domain.reconciling.lines import amounts, are_alike, differences
from pcc_desk.domain.reconciling.pool import By, Match
from pcc_desk.domain.reconciling.records import Record, is_known_other
from pcc_desk.domain.reconciling.taking_over import taken_over
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import NOT_TOLD, Buyer, Receipt, Sale, SoldLine, short_tag


@dataclass(frozen=True, slots=True)
class Told:
    """What a side tells at all. What it never tells cannot be missing in one record of it."""

    sales_people: bool
    receipts_people: bool
    sales_caregivers: bool
    receipts_caregivers: bool

    def and_so(self, others: "Told") -> "Told":
        """Return what the sides tell when others belong to them too."""
        return Told(
            self.sales_people or others.sales_people,
            self.receipts_people or others.receipts_people,
            self.sales_caregivers or others.sales_caregivers,
            self.receipts_caregivers or others.receipts_caregivers,
        )


def agrees(match: Match) -> bool:
    """Whether both records of a sale say the same in everything, so that there is nothing to judge."""
    if len(match.sales) > 1 or len(match.receipts) > 1:
        return False
    sale, receipt = match.sale, match.receipt
    ours, theirs = sale.of, receipt.of
    return (
        sale.day == receipt.day
        and ours.buyer is theirs.buyer
        and ours.patient_key == theirs.patient_key
        and ours.caregiver_key == theirs.caregiver_key
        and not (sale.back or sale.told_back)
        and are_alike(ours.lines, theirs.lines)
    )


def judged(match: Match, terms: Terms, told: Told) -> Iterator[Finding]:
    """Yield every way in which the two records of one sale differ."""
    if match.by is not By.SAME and len(match.sales) == len(match.receipts) == 1:
        yield from _returns(match)
    yield from _lines(match, terms)
    for sale, receipt in product(match.sales, match.receipts):
        if match.by is not By.SAME and sale.day != receipt.day:
            yield _day(sale, receipt)
        yield from _people(sale, receipt, told)


def _returns(match: Match) -> Iterator[Finding]:
    """Yield what was taken back at the till and not in the receipt, or there twice."""
    sale, receipt = match.sale, match.receipt
    if not (sale.back or sale.told_back):
        return
    reported = dict(receipt.content)
    sold = dict(sale.whole)
    for tag, back in sorted(sale.back.items()):
        kept = sold.get(tag, 0) - back
        here = reported.get(tag, 0)
        if here == kept:
            continue
        amount = f"{thousandths(back)} of {short_tag(tag)} taken back"
        if here == sold.get(tag, 0):
            what = f"{amount}, the receipt still says {thousandths(here)}"
            yield finding(FindingClass.RETURN_NOT_PROPAGATED, what, sale=sale.of, receipt=receipt.of, tag=tag)
        elif here == max(0, kept - back):
            what = f"{amount} once, the receipt was lowered by {thousandths(sold.get(tag, 0) - here)}"
            yield finding(FindingClass.RETURN_DOUBLE, what, sale=sale.of, receipt=receipt.of, tag=tag)
        else:
            what = f"{short_tag(tag)}: {thousandths(kept)} kept after a return, {thousandths(here)} reported"
            yield finding(FindingClass.QTY, what, sale=sale.of, receipt=receipt.of, tag=tag)
    for tag, back in sorted(sale.told_back.items()):
        if reported.get(tag, 0) == sold.get(tag, 0) - back:
            what = (
                f"{thousandths(back)} of {short_tag(tag)} taken back: by a receipt below zero, and off the receipt too"
            )
            yield finding(FindingClass.RETURN_DOUBLE, what, sale=sale.of, receipt=receipt.of, tag=tag)


def _lines(match: Match, terms: Terms) -> Iterator[Finding]:
    """Yield how the lines differ; of a split sale or a merged receipt, all of them together."""
    sale, receipt = match.sale, match.receipt
    lines = tuple(chain.from_iterable(map(_standing, match.sales)))
    theirs = tuple(chain.from_iterable(each.of.lines for each in match.receipts))
    sold = amounts(taken_over(lines, theirs) if any(line.label == NOT_TOLD for line in lines) else lines)
    reported = amounts(theirs)
    here, whole = (dict(receipt.content), dict(sale.whole)) if sale.told_back else ({}, {})
    double = {tag for tag, back in sale.told_back.items() if here.get(tag, 0) == whole.get(tag, 0) - back}
    judged_apart = {*sale.back, *double}  # what was taken back
    if judged_apart:
        sold, reported = (
            {key: each for key, each in some.items() if each.tag not in judged_apart} for some in (sold, reported)
        )
    for each in differences(sold, reported, terms):
        fix = ABOUT[each.kind].fix
        if each.kind is FindingClass.UNEXPECTED_IN_STATE:
            fix = "Look whether the line was sold; if it was not, edit the receipt and take the line off."
        if any(each.of.is_final for each in match.receipts):
            fix = f"Reopen the receipt first: it is final. {fix}"
        yield finding(each.kind, each.what, sale=sale.of, receipt=receipt.of, fix=fix, group=each.cause, tag=each.tag)


def _standing(sale: Record[Sale]) -> tuple[SoldLine, ...]:
    return sale.of.lines if not sale.back else tuple(line for line in sale.of.lines if not line.is_returned)


def _day(sale: Record[Sale], receipt: Record[Receipt]) -> Finding:
    opened = sale.of.opened_at
    if opened is not None and opened.astimezone(sale.of.sold_at.tzinfo).date() == receipt.day:
        why = f"It was opened at {opened.astimezone(sale.of.sold_at.tzinfo):%H:%M} and paid at {sale.of.sold_at:%H:%M}."
    elif abs(sale.at - receipt.at) <= 3600 * 1_000_000:
        why = "Midnight lies between the two records of it."
    elif receipt.of.recorded_at is not None and abs(receipt.of.recorded_at - receipt.of.sold_at).total_seconds() < 3600:
        why = "It was posted again, at the date of the posting."
    else:
        why = ABOUT[FindingClass.DAY].cause
    what = f"sold {sale.of.sold_at:%a %d %b %H:%M}, recorded for {receipt.of.sold_at:%a %d %b %H:%M}"
    apart = round((receipt.at - sale.at) / 3_600_000_000)
    cause = f"recorded {apart:+d} h" if apart else "sold around midnight"
    return finding(FindingClass.DAY, what, sale=sale.of, receipt=receipt.of, why=why, group=cause)


def _people(sale: Record[Sale], receipt: Record[Receipt], told: Told) -> Iterator[Finding]:
    ours, theirs = sale.of, receipt.of
    caregiver = _caregiver(sale, receipt, told)
    if caregiver:
        yield finding(FindingClass.CAREGIVER, caregiver, sale=ours, receipt=theirs)
    is_other_type = not ours.buyer.agrees_with(theirs.buyer)
    if is_other_type and not (caregiver and Buyer.CAREGIVER in {ours.buyer, theirs.buyer}):
        what = f"{_buyer(ours.buyer)} at the till, {_buyer(theirs.buyer)} in the record"
        yield finding(FindingClass.CUSTOMER_TYPE, what, sale=ours, receipt=theirs)
    patient = _patient(sale, receipt, told, is_other_type=is_other_type)
    if patient:
        group = f"the patient whose number ends in {masked(ours.patient_key or theirs.patient_key)}"
        yield finding(FindingClass.PATIENT, patient, sale=ours, receipt=theirs, group=group)


def _patient(sale: Record[Sale], receipt: Record[Receipt], told: Told, *, is_other_type: bool) -> str:
    """Return how the patient's numbers differ; a number that a whole side never tells is not missing."""
    one, other = sale.of.patient_key, receipt.of.patient_key
    if is_known_other(sale.person, receipt.person):
        return f"{masked(one)} at the till, {masked(other)} in the record"
    if one and other and sale.person == receipt.person and one != other:
        return f"{masked(one)} at the till, {masked(other)} in the record: the same person by another number"
    if one and not other and told.receipts_people and not is_other_type:
        return f"{masked(one)} at the till, no number in the record"
    if other and not one and told.sales_people and not is_other_type:
        return f"no number at the till, {masked(other)} in the record"
    return ""


def _caregiver(sale: Record[Sale], receipt: Record[Receipt], told: Told) -> str:
    one, other = sale.of.caregiver_key, receipt.of.caregiver_key
    if is_known_other(sale.caregiver, receipt.caregiver):
        return f"{masked(one)} at the till, {masked(other)} in the record"
    picked_up = one or sale.of.buyer is Buyer.CAREGIVER
    recorded = other or receipt.of.buyer is Buyer.CAREGIVER
    if picked_up and not recorded and (told.receipts_caregivers or told.receipts_people or receipt.of.buyer.is_exact):
        return f"a caregiver{_ending(one)} picked up, none is in the record"
    if recorded and not picked_up and (told.sales_caregivers or told.sales_people or sale.of.buyer.is_exact):
        return f"no caregiver at the till, one{_ending(other)} is in the record"
    return ""


def _ending(key: str) -> str:
    return f" ({masked(key)})" if key else ""


def masked(key: str) -> str:
    """Return the end of a number by which a person tells it from others; whole numbers are not shown."""
    return f"…{key[-4:]}" if len(key) > 6 else "…" + key[-2:]


def _buyer(buyer: Buyer) -> str:
    return {Buyer.VISITOR: "visiting patient"}.get(buyer, buyer.value.lower())
