"""What a packet holds of the sides: what the comparison rests on, without people, and by what it was compared.

Numbers of people become hashes before anything is chosen, so that the packet can be compared again from just what is
kept. When cards end is not in it: a date by which nobody is found is still somebody's.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Any

from pcc_desk.desk.evidence_people import People, hasher
from pcc_desk.desk.sides import Sides
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.closing import NOT_REPRODUCED
from pcc_desk.domain.reconciling.findings import Compared, DayComparison, Finding
from pcc_desk.domain.reconciling.needed import Needed, needed
from pcc_desk.domain.reconciling.terms import COMPARISON, Context, KnownPackage, OutageSpan, Terms
from pcc_desk.domain.sales import Dispensed, Receipt, Sale

WAITS = "not in the state's record yet"
"""In the place of the state's own words, which may name anybody."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """As much of a day as its comparison rests on."""

    needed: Needed
    own: tuple[Dispensed, ...]
    terms: Terms
    context: Context
    is_exact: bool
    """Whether the same comes out of it, but for the findings of `NOT_REPRODUCED`."""


def inputs_of(sides: Sides, people: People, comparison: DayComparison) -> Inputs:
    """Return what is kept of both sides, which were read whole."""
    hashed = hasher(people)
    sales = () if isinstance(sides.sales, Unanswered) else sides.sales.sales
    receipts = () if isinstance(sides.receipts, Unanswered) else sides.receipts
    own = tuple(replace(each, why_unposted=WAITS if each.why_unposted else "") for each in _nameless(sides.own, hashed))
    context = replace(sides.context, cards={}, same_person=())
    found = needed(
        tuple(_nameless(sales, hashed)),
        tuple(_nameless(receipts, hashed)),
        sides.day,
        desk=own,
        terms=sides.terms,
        context=context,
    )
    return Inputs(found, own, sides.terms, context, _is_borne_out(comparison, found.outcome))


def _is_borne_out(comparison: DayComparison, again: Compared) -> bool:
    """Whether what was found comes out again, and as much matches where nothing of a packet keeps it from matching."""
    if _told(again.findings) != _told(comparison.findings):
        return False
    return again.matched == comparison.matched or any(each.kind in NOT_REPRODUCED for each in comparison.findings)


def _nameless(records: Iterable[Any], hashed: Callable[[str], str]) -> Iterable[Any]:
    for each in records:
        yield replace(each, patient_key=hashed(each.patient_key), caregiver_key=hashed(each.caregiver_key))


def _told(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(each.key for each in findings if each.kind not in NOT_REPRODUCED)


def terms_document(inputs: Inputs) -> dict[str, Any]:
    """Return by what the day was compared and what was known beside its lists, as JSON values."""
    terms, known = inputs.terms, inputs.context
    return {
        "comparison": COMPARISON,
        "is_exact": inputs.is_exact,
        "price_cents": terms.price_cents,
        "quantity_milli": terms.quantity_milli,
        "near_seconds": _seconds(terms.near),
        "far_seconds": _seconds(terms.far),
        "visible_after_seconds": _seconds(terms.visible_after),
        "posting_window_seconds": _seconds(terms.posting_window),
        "least_cents": terms.least_cents,
        "hours": [None if each is None else [_clock(each.opens), _clock(each.closes)] for each in terms.hours],
        "now": known.now.isoformat() if known.now else None,
        "over_limit": dict(known.over_limit),
        "packages": None if known.packages is None else [_package(each) for each in known.packages.values()],
        "outages": [_outage(each) for each in known.outages],
    }


def _package(package: KnownPackage) -> dict[str, str | None]:
    at, on = package.finished_at, package.finished_on
    return {
        "label": package.label,
        "finished_at": at.isoformat() if at else None,
        "finished_on": on.isoformat() if on else None,
    }


def _outage(outage: OutageSpan) -> dict[str, str | None]:
    ended = outage.ended.isoformat() if outage.ended else None
    return {"name": outage.name, "began": outage.began.isoformat(), "ended": ended}


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _clock(at: time) -> str:
    return at.isoformat()


def around_document(inputs: Inputs) -> list[dict[str, str]]:
    """Return which of the records are of another day, and why each of them is there."""
    return [
        {
            "document": "pos.jsonl" if isinstance(each.record, Sale) else "state.jsonl",
            "number": each.record.number,
            "sold_at": each.record.sold_at.isoformat(),
            "why": each.why,
        }
        for each in inputs.needed.around
    ]


def around_words(inputs: Inputs) -> tuple[str, ...]:
    """Return the same as lines for people; none when the packet holds the day alone."""
    return tuple(
        f"{_called(each.record)} of {each.record.sold_at:%a %d %b %H:%M}: {each.why}" for each in inputs.needed.around
    )


def _called(record: Sale | Receipt) -> str:
    return f"{'sale' if isinstance(record, Sale) else 'receipt'} {record.number}"
