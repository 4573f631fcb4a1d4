"""What waits, in a few numbers: for the line that is always on the screen."""

from dataclasses import dataclass
from datetime import date

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.dispensing import PostingState
from pcc_desk.domain.visits import QueueRow, VisitState


@dataclass(frozen=True, slots=True)
class Pulse:
    """Counts at one moment."""

    visits_waiting: int = 0
    posts_waiting: int = 0
    """Parked ones included."""
    posts_parked: int = 0
    findings: int = 0
    """Open in the newest comparison of today."""


def take_opening(ledger: Ledger, day: date) -> tuple[tuple[QueueRow, ...], Pulse]:
    """Return what the first screen of an open desk shows: the queue of a day, and what waits."""
    rows = ledger.queue(day)
    return rows, _pulse(ledger, rows, day)


def take_pulse(ledger: Ledger, day: date) -> Pulse:
    """Return what waits on a day."""
    return _pulse(ledger, ledger.queue(day), day)


def _pulse(ledger: Ledger, rows: tuple[QueueRow, ...], day: date) -> Pulse:
    unposted = ledger.unposted()
    comparison = ledger.last_comparison(day)
    return Pulse(
        visits_waiting=sum(row.visit.state is VisitState.WAITING for row in rows),
        posts_waiting=len(unposted),
        posts_parked=sum(each.state is PostingState.PARKED for each in unposted),
        findings=len(comparison.findings) if comparison else 0,
    )
