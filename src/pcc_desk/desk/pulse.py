"""What waits, in a few numbers: for the line that is always on the screen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from pcc_desk.desk.closing import open_findings
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.queue import queue_of
from pcc_desk.domain.dispensing import Posting, PostingState, PostKind
from pcc_desk.domain.entries import Act
from pcc_desk.domain.outages import AnnouncedException, Outage, unreported
from pcc_desk.domain.visits import QueueRow


@dataclass(frozen=True, slots=True)
class Pulse:
    """Counts at one moment."""

    visits_waiting: int = 0
    posts_waiting: int = 0
    """Parked ones included."""
    posts_parked: int = 0
    findings: int = 0
    """Open in the newest comparison of today."""
    is_not_compared: bool = False
    """Whether today could not be compared when that was tried last: how many differ is not known."""
    is_checked: bool = False
    """Whether the morning check of the day was done."""
    outages: tuple["OutageGlance", ...] = ()
    """Those of late that last, or of which something is still owed; newest first."""
    exceptions: tuple[AnnouncedException, ...] = ()
    """All that are on record and not withdrawn."""


OUTAGES_LOOKED_AT = 5
"""How many of the outages that began last are looked at."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OutageGlance:
    """An outage in a few numbers."""

    outage: Outage
    sold: int
    """What was dispensed under it, without what was struck before the state knew of it."""
    not_entered: int
    """What of that is to come into the state's record still."""
    is_reviewed: bool
    """Whether every sale was judged again after it."""
    to_report: int
    """How many of them the state must hear of; 0 once something was noted after they were judged."""
    has_notice: bool
    """Whether the agency's notice, or the shop's own report, is noted."""
    struck: int = 0
    """What was struck before the state knew of it: nothing of it is to be entered."""

    @property
    def is_settled(self) -> bool:
        """Whether it is over and nothing is owed: nothing was sold, or all is entered, judged again and reported."""
        if self.outage.ended_at is None:
            return False
        return self.sold == 0 or (self.not_entered == 0 and self.is_reviewed and self.to_report == 0)


def take_opening(ledger: Ledger, day: date, *, act: Act) -> tuple[tuple[QueueRow, ...], Pulse]:
    """Return what the first screen of an open desk shows: the queue of a day, and what waits."""
    rows = queue_of(ledger, day, act=act)
    return rows, _pulse(ledger, rows, day)


def take_pulse(ledger: Ledger, day: date) -> Pulse:
    """Return what waits on a day."""
    return _pulse(ledger, ledger.queue(day), day)


def _pulse(ledger: Ledger, rows: tuple[QueueRow, ...], day: date) -> Pulse:
    waiting = ledger.count_unposted()
    comparison = ledger.last_comparison(day)
    check = ledger.last_morning_check(day)
    return Pulse(
        visits_waiting=sum(row.visit.state.waits for row in rows),
        posts_waiting=waiting.all,
        posts_parked=waiting.parked,
        findings=open_findings(ledger, day) if comparison and comparison.findings else 0,
        is_not_compared=comparison is not None and bool(comparison.not_compared),
        is_checked=check is not None and check.day == day,
        outages=tuple(each for each in glances(ledger) if not each.is_settled),
        exceptions=tuple(each for each in ledger.exceptions(EVER) if each.withdrawn_at is None),
    )


def glances(ledger: Ledger, limit: int = OUTAGES_LOOKED_AT) -> tuple[OutageGlance, ...]:
    """Return the outages of late in a few numbers, newest first."""
    return tuple(_glance(ledger, each) for each in ledger.outages(limit))


def _glance(ledger: Ledger, outage: Outage) -> OutageGlance:
    sales = ledger.outage_sales(outage.id)
    postings = [ledger.posting(each) for each in sales]
    struck = [each is not None and is_struck_unknown(ledger, each) for each in postings]
    settled = [each is not None and each.state.is_settled for each in postings]
    review = ledger.outage_review(outage.id)
    notes = ledger.outage_notes(outage.id)
    return OutageGlance(
        outage,
        sold=len(sales) - sum(struck),
        not_entered=sum(not (each or other) for each, other in zip(struck, settled, strict=True)),
        is_reviewed=review is not None and review.is_whole,
        to_report=unreported(review, notes),
        has_notice=any(each.kind.lets_sales_begin for each in notes),
        struck=sum(struck),
    )


def is_struck_unknown(ledger: Ledger, posting: Posting) -> bool:
    """Whether a dispensation was struck before the state knew of it, so that nothing of it is to be entered."""
    is_unknown = posting.state is not PostingState.ACCEPTED and not posting.may_have_arrived
    return is_unknown and any(each.kind is PostKind.VOID for each in ledger.amendments(posting.dispensation_id))
