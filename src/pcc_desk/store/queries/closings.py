"""The comparisons of a day, what was decided, who signed, and which packets were written."""

from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from pcc_desk.desk.records import ComparedOnRecord, PacketOnRecord
from pcc_desk.domain.closing import Decided
from pcc_desk.domain.closing_entries import DaySigned, FindingDecided
from pcc_desk.domain.entries import DayCompared
from pcc_desk.domain.reconciling.findings import DayComparison, Finding
from pcc_desk.domain.signatures import DaySignature
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant

COMPARISONS = "SELECT id, body FROM day_comparison WHERE day = ? ORDER BY compared_at, id"
LAST = "SELECT body FROM day_comparison WHERE day = ? ORDER BY compared_at DESC, id DESC LIMIT 1"
DAYS = "SELECT DISTINCT day FROM day_comparison WHERE day >= ? ORDER BY day DESC"
DECISIONS = "SELECT body FROM finding_decision WHERE day = ? ORDER BY at, id"
SIGNATURES = "SELECT body FROM day_signature WHERE day = ? ORDER BY at, id"
UNSIGNED = """
SELECT count(*) FROM draft d CROSS JOIN visit v INDEXED BY visit_by_id ON v.id = d.visit_id WHERE v.day = ?"""
OURS = "SELECT id FROM dispensation INDEXED BY dispensation_by_number WHERE external_number = ?"
PACKETS = "SELECT at, file, sha256, digest FROM day_packet WHERE day = ? ORDER BY at, id"


def comparisons(connection: Connection, day: date) -> tuple[ComparedOnRecord, ...]:
    """Return every comparison of a day, oldest first."""
    found = []
    for key, body in connection.execute(COMPARISONS, (day.isoformat(),)):
        entry = codec.read(DayCompared.name, DayCompared.version, body)
        if isinstance(entry, DayCompared):
            found.append(ComparedOnRecord(UUID(key), replace(entry, comparison=_by_its_clock(entry.comparison))))
    return tuple(found)


def last(connection: Connection, day: date) -> DayComparison | None:
    """Return the newest comparison of a day."""
    row = connection.execute(LAST, (day.isoformat(),)).fetchone()
    entry = codec.read(DayCompared.name, DayCompared.version, row[0]) if row else None
    return _by_its_clock(entry.comparison) if isinstance(entry, DayCompared) else None


def _by_its_clock(comparison: DayComparison) -> DayComparison:
    """Return a comparison with its sales in the shop's zone again: the journal keeps every instant in UTC."""
    zone = ZoneInfo(comparison.zone)
    return replace(comparison, findings=tuple(_in_zone(each, zone) for each in comparison.findings))


def _in_zone(finding: Finding, zone: ZoneInfo) -> Finding:
    sale, receipt, desk = finding.sale, finding.receipt, finding.desk
    return replace(
        finding,
        sale=sale and replace(sale, sold_at=sale.sold_at.astimezone(zone)),
        receipt=receipt and replace(receipt, sold_at=receipt.sold_at.astimezone(zone)),
        desk=desk and replace(desk, sold_at=desk.sold_at.astimezone(zone)),
    )


def days(connection: Connection, since: date) -> tuple[date, ...]:
    """Return the days that were ever compared, the last first, from one on."""
    return tuple(date.fromisoformat(day) for (day,) in connection.execute(DAYS, (since.isoformat(),)))


def decisions(connection: Connection, day: date) -> tuple[Decided, ...]:
    """Return what was decided about the differences of a day, oldest first."""
    rows = connection.execute(DECISIONS, (day.isoformat(),))
    entries = (codec.read(FindingDecided.name, FindingDecided.version, body) for (body,) in rows)
    return tuple(each.decided for each in entries if isinstance(each, FindingDecided))


def signatures(connection: Connection, day: date) -> tuple[DaySignature, ...]:
    """Return the signatures under a day, oldest first."""
    rows = connection.execute(SIGNATURES, (day.isoformat(),))
    entries = (codec.read(DaySigned.name, DaySigned.version, body) for (body,) in rows)
    return tuple(each.signature for each in entries if isinstance(each, DaySigned))


def packets(connection: Connection, day: date) -> tuple[PacketOnRecord, ...]:
    """Return the packets of a day, oldest first."""
    rows = connection.execute(PACKETS, (day.isoformat(),))
    return tuple(PacketOnRecord(day, instant(at), file, sha256, digest) for at, file, sha256, digest in rows)


def unsigned(connection: Connection, day: date) -> int:
    """Return how many notes of visits of a day are left unsigned."""
    return int(connection.execute(UNSIGNED, (day.isoformat(),)).fetchone()[0])


def ours(connection: Connection, external_number: str) -> UUID | None:
    """Return which dispensation bears our own number."""
    row = connection.execute(OURS, (external_number,)).fetchone()
    return UUID(row[0]) if row else None
