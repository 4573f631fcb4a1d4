"""The page of a packet that people read, as lines: what was compared, found, decided, and who signed for it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from pcc_desk.desk.closing import DayOnRecord
from pcc_desk.desk.evidence_people import neutral
from pcc_desk.desk.ports_closing import ReportLine, Weight
from pcc_desk.domain.closing import CheckState, DayFinding
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.shop import Shop

Names = Mapping[UUID, str]


def report_lines(
    known: DayOnRecord, shop: Shop, names: Names, head: str, around: tuple[str, ...] | None = None
) -> tuple[ReportLine, ...]:
    """Return the report of a closed day. It names staff and no patient.

    `around` tells which records of other days are in its packet, and why; None: it is no packet's report.
    """
    return tuple(_lines(known, shop, names, head, around))


def _lines(
    known: DayOnRecord, shop: Shop, names: Names, head: str, around: tuple[str, ...] | None
) -> Iterator[ReportLine]:
    yield Weight.TITLE, f"{known.day:%A, %d %B %Y}"
    yield Weight.TEXT, f"{shop.name}, licence {shop.licence}, {shop.jurisdiction}. Times are those of {shop.zone}."
    closed = known.closings[-1]
    again = f" for the {len(known.closings)}. time" if len(known.closings) > 1 else ""
    yield Weight.TEXT, f"Closed{again} on {shop.written(closed.at)}."
    if known.comparison is not None:
        yield from _compared(known.comparison, shop)
    if around is not None:
        yield from _around(around)
    yield from _differences(known, shop, names)
    yield Weight.HEADING, "What was looked at before it was signed"
    for check in known.checks:
        mark = {CheckState.DONE: "done", CheckState.TO_DO: "TO DO", CheckState.NOT_KNOWN: "not known"}[check.state]
        yield Weight.TEXT, f"{check.what}: {mark}; {check.words}"
    yield Weight.HEADING, "Signatures"
    for each in closed.signatures:
        yield Weight.TEXT, f"{each.name}, {each.role.value}, {shop.written(each.at)}"
        yield Weight.SMALL, f"\u201c{each.meaning}\u201d"
    yield Weight.HEADING, "For checking"
    yield Weight.TEXT, f"The journal's end when this was signed: {head or 'not kept'}"
    yield Weight.SMALL, f"What was signed for: {known.digest}"
    yield Weight.SMALL, "pcc-desk packet verify FILE checks this packet; pcc-desk journal verify --paper the journal."


def _compared(comparison: DayComparison, shop: Shop) -> Iterator[ReportLine]:
    yield Weight.HEADING, "What was compared"
    yield Weight.TEXT, f"Read on {_at(comparison.compared_at, shop)}: {comparison.source or 'nothing'}"
    told = f"{comparison.sales} sales, {comparison.receipts} receipts, {comparison.matched} matched"
    yield Weight.TEXT, f"{told}, {len(comparison.findings)} different, {len(comparison.not_compared)} not compared."


def _around(around: tuple[str, ...]) -> Iterator[ReportLine]:
    """Tell what of the days around it is in the packet: what the comparison rests on, and nothing else."""
    if not around:
        yield Weight.TEXT, "The packet holds the records of this day and none of the days around it."
        return
    yield Weight.TEXT, f"The packet holds the records of this day, and {len(around)} of the days around it:"
    yield from ((Weight.SMALL, each) for each in around)


def _differences(known: DayOnRecord, shop: Shop, names: Names) -> Iterator[ReportLine]:
    yield Weight.HEADING, f"Differences: {len(known.findings)}"
    if not known.findings:
        yield Weight.TEXT, "There was none."
    for found in known.findings:
        latest = found.latest.finding
        sale = f"sale {latest.sale.number}" if latest.sale else "no sale"
        receipt = f"receipt {latest.receipt.shown}" if latest.receipt else "no receipt"
        yield Weight.TEXT, f"{latest.kind.value}, {sale}, {receipt}: {neutral(latest)}. Now: {found.fate.value}."
        for line in _history(found, shop, names):
            yield Weight.SMALL, line


def _history(found: DayFinding, shop: Shop, names: Names) -> Iterator[str]:
    yield f"first found {_at(found.first_at, shop)}: {neutral(found.first.finding)}"
    for each in found.decided:
        owner = f"; {names.get(each.owner, 'somebody')} answers for it" if each.owner else ""
        due = f" until {each.due}" if each.due else ""
        who = names.get(each.by, "somebody")
        yield f"{_at(each.at, shop)}, {who}: {each.decision.value}. {each.words}{owner}{due}"
    if found.gone_at is not None:
        yield f"no longer found {_at(found.gone_at, shop)}"


def _at(at: datetime, shop: Shop) -> str:
    return f"{shop.local(at):%d %b %H:%M}"
