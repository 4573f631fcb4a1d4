"""Findings of one cause together: one outage is one cause, not forty lines (POS reference, 12.12)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import Finding
from pcc_desk.domain.reconciling.records import Record
from pcc_desk.domain.reconciling.terms import Context, OutageSpan
from pcc_desk.domain.sales import Sale

OF_OUTAGES = {
    FindingClass.MISSING_IN_STATE,
    FindingClass.UNEXPECTED_IN_STATE,
    FindingClass.DUPLICATE,
    FindingClass.VOID_NOT_PROPAGATED,
    FindingClass.LATE,
    FindingClass.DAY,
}
"""What comes about when a system is out of reach."""

A_GAP = 3
"""So many sales missing one after the other are a gap, and have one cause."""


def grouped(
    findings: Iterable[Finding],
    sales: Sequence[Record[Sale]],
    context: Context,
    between: Callable[[Sale, Sale], bool] | None = None,
) -> tuple[Finding, ...]:
    """Return findings with what they have in common: an outage, a gap in time, or the cause that was seen in them.

    What nothing else has in common with it stands alone.
    """
    found = list(findings)
    gaps = _gaps(found, sales, between)
    named = [_renamed(each, _group(each, gaps, context)) for each in found]
    counts = Counter((each.group, each.kind) for each in named if each.group)
    outages = {_outage(each) for each in context.outages}
    return tuple(
        each if each.group in outages or counts[each.group, each.kind] > 1 else _renamed(each, "") for each in named
    )


def _renamed(each: Finding, group: str) -> Finding:
    return each if each.group == group else replace(each, group=group)


def _group(each: Finding, gaps: dict[int, str], context: Context) -> str:
    side = each.sale or each.desk or each.receipt
    if each.kind in OF_OUTAGES and side is not None:
        for outage in context.outages:
            if outage.began <= side.sold_at and (outage.ended is None or side.sold_at <= outage.ended):
                return _outage(outage)
    return gaps.get(id(each.sale), each.group) if each.kind is FindingClass.MISSING_IN_STATE else each.group


def _outage(outage: OutageSpan) -> str:
    ended = f" to {outage.ended:%H:%M}" if outage.ended else ""
    return f"{outage.name} out of reach from {outage.began:%H:%M}{ended}"


def _gaps(
    findings: Sequence[Finding], sales: Sequence[Record[Sale]], between: Callable[[Sale, Sale], bool] | None
) -> dict[int, str]:
    """Return, by the `id` of a sale, the gap it is in: missing sales one after the other, none between them there.

    `between` tells whether a sale that is there and not among `sales` was sold between two.
    """
    lost = {id(each.sale) for each in findings if each.kind is FindingClass.MISSING_IN_STATE and each.sale}
    gaps: dict[int, str] = {}
    run: list[Record[Sale]] = []
    for sale in [*sorted(sales, key=lambda each: each.order), None]:
        if sale is not None and id(sale.of) in lost:
            run.append(sale)
            continue
        for part in _parts(run, between) if len(run) >= A_GAP else ():
            if len(part) >= A_GAP:
                name = f"nothing is there from {part[0].of.sold_at:%H:%M} to {part[-1].of.sold_at:%H:%M}"
                gaps |= {id(each.of): name for each in part}
        run = []
    return gaps


def _parts(run: list[Record[Sale]], between: Callable[[Sale, Sale], bool] | None) -> list[list[Record[Sale]]]:
    """Return missing sales one after the other, parted where something was sold between two."""
    parts = [run[:1]]
    for before, sale in pairwise(run):
        if between is not None and between(before.of, sale.of):
            parts.append([])
        parts[-1].append(sale)
    return parts
