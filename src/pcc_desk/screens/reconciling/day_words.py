"""A day in words: how it was compared, how it stands, what changed since it was closed."""

from collections.abc import Iterable
from datetime import date

from pcc_desk.desk.closing import DayOnRecord
from pcc_desk.domain.closing import DayFinding, Fate
from pcc_desk.domain.prints import Change, Print
from pcc_desk.domain.quantity import money
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.signatures import DayState
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.listing import Row
from pcc_desk.widgets.sheet import Line, wrapped

SETTLED = (Fate.ASSIGNED, Fate.EXPLAINED, Fate.VERIFIED)
SHOWN_CHANGES = 3
TONES = {
    DayState.OPEN: "warning",
    DayState.HALF_SIGNED: "warning",
    DayState.CLOSED: "good",
    DayState.REOPENED: "danger",
}


def order(found: DayFinding) -> tuple[bool, int, str]:
    """Return the place of a difference: open ones first, the worst class before others."""
    kinds = list(type(found.latest.finding.kind))
    return found.fate in SETTLED, kinds.index(found.latest.finding.kind), found.key


def finding_row(found: DayFinding, fate: tuple[str, str]) -> Row:
    """Return a difference as a row."""
    finding = found.latest.finding
    sale = finding.sale.number if finding.sale else "–"
    receipt = finding.receipt.shown if finding.receipt else "–"
    tone = "muted" if found.fate in SETTLED else ""
    return Row(found.key, (finding.kind.value, sale, receipt, finding.what, fate[0]), tone)


def of_one_cause(found: DayFinding, findings: Iterable[DayFinding]) -> tuple[DayFinding, ...]:
    """Return the other differences of the same class that came about by the same, such as one outage."""
    finding = found.latest.finding
    if not finding.group:
        return ()
    return tuple(
        each
        for each in findings
        if each.key != found.key
        and each.gone_at is None
        and (each.latest.finding.kind, each.latest.finding.group) == (finding.kind, finding.group)
    )


def cause_words(found: DayFinding, findings: Iterable[DayFinding]) -> str:
    """Return what a difference has in common with how many others; empty where it stands alone."""
    others = len(of_one_cause(found, findings))
    return f" · one of {others + 1}: {found.latest.finding.group}" if others else ""


def sum_lines(known: DayOnRecord | None, day: date, shop: Shop, progress: str, width: int) -> tuple[Line, ...]:
    """Return the lines on top of a day; why it was not compared in as many lines of a width as it takes."""
    head: Line = ((f"{day_words(day)}   ", "heading"),)
    if progress:
        return (head, ((progress, "muted"),))
    if known is None or known.comparison is None:
        return (head, (("This day was not compared yet. f5 compares it.", "warning"),))
    comparison = known.comparison
    at = f"compared {shop.local(comparison.compared_at):%a %H:%M:%S} with zone {comparison.zone}   "
    head = (*head, (at, ""), (_state_words(known), TONES[known.state]))
    if comparison.not_compared:
        why = "; ".join(f"{each.side}: {each.why}" for each in comparison.not_compared)
        return (
            head,
            *wrapped(((f"NOT COMPARED. {why}.", "warning"),), width),
            (("Nothing can be said of this day yet. f5 tries again.", ""),),
        )
    return (head, _verdict(known, comparison), _since(known) or ((comparison.source, "muted"),))


def _state_words(known: DayOnRecord) -> str:
    match known.state:
        case DayState.OPEN:
            return "day open"
        case DayState.HALF_SIGNED:
            return f"signed by {known.signatures[0].name}, one missing"
        case DayState.CLOSED:
            return "day closed"
        case DayState.REOPENED:
            return "OPEN AGAIN since it was closed"


def _verdict(known: DayOnRecord, comparison: DayComparison) -> Line:
    counts = {fate: sum(each.fate is fate for each in known.findings) for fate in Fate}
    waited_for = sum(_is_waited_for(each) for each in known.findings)
    left = counts[Fate.OPEN] + counts[Fate.FIXING] - waited_for
    settled = "".join(f"{counts[fate]} {fate.value}   " for fate in SETTLED if counts[fate])
    return (
        (f"{comparison.matched} matched   ", "good"),
        (f"{left} to fix   ", "danger" if left else ""),
        (f"{waited_for} on the way   " if waited_for else "", ""),
        (settled, ""),
        ("0 not compared   ", ""),
        (f"POS {comparison.sales} sales, state {comparison.receipts} receipts", "muted"),
    )


def _is_waited_for(found: DayFinding) -> bool:
    """Whether it is no difference yet: lists trail by some minutes."""
    return found.fate is Fate.OPEN and found.latest.finding.kind is FindingClass.NOT_YET_VISIBLE


def _since(known: DayOnRecord) -> Line:
    """Return what changed since the day was closed; nothing where it never was, or nothing changed."""
    if not known.changes:
        return ()
    told = "; ".join(change_words(each) for each in known.changes[:SHOWN_CHANGES])
    more = f"; and {len(known.changes) - SHOWN_CHANGES} more (h)" if len(known.changes) > SHOWN_CHANGES else ""
    return (("Since it was closed: ", "warning"), (f"{told}{more}", ""))


def change_words(change: Change) -> str:
    """Return what became of a sale or receipt: 4471 at POS was 52.00, is 0.00."""
    what = f"{change.number} at {change.side}"
    if change.was is None and change.now is not None:
        return f"{what} is new, {_said(change.now)}"
    if change.now is None and change.was is not None:
        return f"{what} is gone, was {_said(change.was)}"
    assert change.was is not None  # noqa: S101 - one of the two was told above
    assert change.now is not None  # noqa: S101
    was, now = _said(change.was), _said(change.now)
    return f"{what} was {was}, is {now}" if was != now else f"{what} says something else: its time, person or lines"


def _said(print_: Print) -> str:
    return "void" if print_.is_void else money(print_.cents)
