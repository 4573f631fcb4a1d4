"""The desk's own dispensings beside the till and the state: the third side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pcc_desk.domain.reconciling.alone import contents
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.findings import Finding, finding
from pcc_desk.domain.reconciling.judging import masked
from pcc_desk.domain.reconciling.lines import amounts, differences
from pcc_desk.domain.reconciling.pool import Match
from pcc_desk.domain.reconciling.records import AnyRecord, Content, Reckoning, Record, is_known_other, record
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Dispensed, Receipt, Sale

_GIVEN_UP = (
    "If it was handed out, ring it up at the till and enter it in the state's record; if not, strike it in the chart."
)


@dataclass(slots=True)
class Own:
    """The desk's own records, each with what it is at the till and in the state."""

    dispensed: list[Record[Dispensed]] = field(default_factory=list)
    sides: dict[int, AnyRecord] = field(default_factory=dict)
    """What a dispensing is there, by its `id`: the sale, or the receipt where there is no sale."""
    by_side: dict[int, Record[Dispensed]] = field(default_factory=dict)

    def of(self, *sides: AnyRecord | None) -> Dispensed | None:
        """Return the dispensing that a sale or a receipt is of."""
        mine = (self.by_side.get(id(each)) for each in sides if each is not None)
        return next((each.of for each in mine if each is not None), None)

    def tie(self, dispensed: Record[Dispensed], side: AnyRecord) -> None:
        """Say what a dispensing is."""
        self.sides[id(dispensed)] = side
        self.by_side[id(side)] = dispensed


def own_records(
    desk: Sequence[Dispensed],
    reckoning: Reckoning,
    records: tuple[Sequence[Record[Sale]], Sequence[Record[Receipt]]],
    matches: Sequence[Match],
    *,
    terms: Terms,
) -> Own:
    """Return the desk's records with what they are: by our number or the state's, else by contents within minutes."""
    if not desk:
        return Own()
    own = Own([record(each, reckoning) for each in sorted(desk, key=lambda each: (each.sold_at, each.number))])
    of_receipt = {id(receipt): match.sale for match in matches for receipt in match.receipts}
    sales, receipts = records
    by_number: dict[str, AnyRecord] = {}
    for receipt in receipts:
        for number in receipt.of.numbers:
            by_number.setdefault(f"receipt {number}", receipt)
        by_number.setdefault(receipt.of.external_number, receipt)
    for sale in sales:
        for number in (sale.of.external_number, *sale.of.other_numbers):
            by_number[number] = sale
    by_number.pop("", None)
    for each in own.dispensed:
        side = by_number.get(each.number) or (by_number.get(f"receipt {each.of.receipt}") if each.of.receipt else None)
        side = of_receipt.get(id(side), side)
        if side is not None and id(side) not in own.by_side:
            own.tie(each, side)
    _by_contents(own, [*sales, *(each for each in receipts if id(each) not in of_receipt)], terms)
    return own


def _by_contents(own: Own, sides: Sequence[AnyRecord], terms: Terms) -> None:
    free: dict[Content, list[AnyRecord]] = {}
    for side in sides:
        if id(side) not in own.by_side:
            free.setdefault(side.whole, []).append(side)
    near = microseconds(terms.near)
    for each in own.dispensed:
        if id(each) in own.sides:
            continue
        same = [
            side
            for side in free.get(each.whole, ())
            if abs(side.at - each.at) <= near
            and not is_known_other(side.person, each.person)
            and id(side) not in own.by_side
        ]
        if same:
            own.tie(each, min(same, key=lambda side: (abs(side.at - each.at), side.order)))


def unheard_of(own: Own, terms: Terms, context: Context) -> Iterator[Finding]:
    """Yield what the desk handed out and neither the till nor the state has."""
    for each in own.dispensed:
        if id(each) in own.sides or each.of.is_void:
            continue
        what = f"{contents(each)}, {each.of.sold_at:%H:%M}: handed out at the desk, in neither record"
        is_young = context.now is not None and context.now - each.of.sold_at < terms.visible_after
        fresh = is_young and not each.of.is_given_up
        kind = FindingClass.NOT_YET_VISIBLE if fresh else FindingClass.MISSING_IN_STATE
        of_post = "was given up" if each.of.is_given_up else "waits"
        why = f"Its post {of_post}: {each.of.why_unposted}." if each.of.why_unposted else ""
        fix = _GIVEN_UP if each.of.is_given_up else "Ring it up at the till, and see that the post goes through."
        yield finding(kind, what, desk=each.of, why=why, fix="" if fresh else fix)


def besides(match: Match, mine: Record[Dispensed], terms: Terms) -> Iterator[Finding]:
    """Yield how what the desk handed out differs from what the till and the state agree on."""
    sale, receipt = match.sale.of, match.receipt.of
    if mine.of.is_void:
        what = f"{contents(mine)}: struck at the desk, and active in receipt {receipt.shown}"
        yield finding(FindingClass.VOID_NOT_PROPAGATED, what, sale=sale, receipt=receipt, desk=mine.of)
        return
    if mine.of.why_unposted and not mine.of.is_given_up:  # what the state has of it is not the last word
        return
    reported = amounts(receipt.lines)
    for tag in match.sale.back:
        reported.pop(tag, None)
    ours = {tag: each for tag, each in amounts(mine.of.lines).items() if tag not in match.sale.back}
    for each in differences(ours, reported, terms, sayers=("handed out", "recorded")):
        yield finding(each.kind, each.what, sale=sale, receipt=receipt, desk=mine.of, group=each.cause, tag=each.tag)
    they_agree = not is_known_other(match.sale.person, match.receipt.person)
    if they_agree and is_known_other(mine.person, match.receipt.person):
        what = f"{masked(mine.of.patient_key)} at the desk, {masked(receipt.patient_key)} in the record"
        yield finding(FindingClass.PATIENT, what, sale=sale, receipt=receipt, desk=mine.of)
    if mine.caregiver and not receipt.caregiver_key and not match.sale.caregiver:
        what = f"a caregiver ({masked(mine.of.caregiver_key)}) picked up at the desk, none is in the record"
        yield finding(FindingClass.CAREGIVER, what, sale=sale, receipt=receipt, desk=mine.of)
