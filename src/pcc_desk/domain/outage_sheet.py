"""The sheet of an outage: what was sold under it by time of sale, to be entered by hand or held against the record."""

from collections.abc import Iterator
from dataclasses import dataclass

from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState
from pcc_desk.domain.outages import Outage, OutageReview, Verdict
from pcc_desk.domain.quantity import money
from pcc_desk.domain.shop import Shop


@dataclass(frozen=True, slots=True)
class OutageSale:
    """What was handed over in an outage, and how far it is on its way into the state's record."""

    dispensation: Dispensation
    posting: Posting
    is_struck: bool = False
    """Whether it was struck before the state knew of it: nothing of it is to be entered."""

    @property
    def is_entered(self) -> bool:
        """Whether the state has it."""
        return self.posting.state is PostingState.ACCEPTED

    @property
    def never_there(self) -> str:
        """Why it never comes into the state's record, as a clause; empty when it may."""
        if self.is_struck:
            return "it was struck before the state knew of it"
        return f"nothing of it is sent: {self.posting.why}" if self.posting.state is PostingState.GIVEN_UP else ""


def sheet_lines(outage: Outage, sales: tuple[OutageSale, ...], shop: Shop) -> Iterator[str]:
    """Yield the sheet, sales by time: number, card, whether it is entered; below it each line with tag and quantity."""
    ended = f"until {shop.written(outage.ended_at)}" if outage.ended_at else "and is still out"
    yield f"{shop.name}, licence {shop.licence}"
    yield f"{outage.system} out of reach from {shop.written(outage.since)} {ended}"
    entered, struck = sum(each.is_entered for each in sales), sum(each.is_struck for each in sales)
    but = f" ({struck} more struck)" if struck else ""
    yield f"{len(sales) - struck} sold{but}, {entered} of them in the state's record, by time of sale:"
    yield ""
    for number, each in enumerate(sales, 1):
        given = each.dispensation
        card = f"{given.card_number} through {given.caregiver_card}" if given.caregiver_card else given.card_number
        yield f"{number:>3}  {shop.written(given.at)}  {given.external_number}  {money(given.total_cents)}"
        yield f"     card {card}"
        for line in given.lines:
            yield f"     {line.quantity} {line.product}, tag {line.label}, {money(line.price_cents)}"
        yield f"     {'struck: nothing to be entered' if each.is_struck else entered_words(each.posting)}"


def entered_words(posting: Posting) -> str:
    """Return how far a sale is on its way into the state's record."""
    match posting.state:
        case PostingState.ACCEPTED:
            return f"in the state's record as {posting.receipt}"
        case PostingState.PARKED:
            return f"not entered, for a person to decide: {posting.why}"
        case PostingState.GIVEN_UP:
            return f"not entered, and nothing more is sent: {posting.why}"
        case _:
            return "not entered yet"


def review_lines(review: OutageReview, shop: Shop) -> Iterator[str]:
    """Yield the over-sale report: what is to be reported first, then what cannot be told, then how many are within."""
    reported = [each for each in review.sales if each.is_to_be_reported]
    untold = [each for each in review.sales if each.verdict is Verdict.UNKNOWN]
    within = len(review.sales) - len(reported) - len(untold)
    counts = f"{len(reported)} to report, {len(untold)} cannot be told, {within} within the limits"
    yield f"Judged again {shop.written(review.at)}: {counts}"
    for each in (*reported, *untold):
        yield f"  {each.external_number}: {each.verdict.value}, {each.words}"
