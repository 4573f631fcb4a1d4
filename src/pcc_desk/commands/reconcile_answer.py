"""The answer of `pcc-desk reconcile`, as a document for programs and as a table for people."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.reconciling.classes import Severity
from pcc_desk.domain.reconciling.findings import Compared, Finding
from pcc_desk.domain.reconciling.judging import masked
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Dispensed, Receipt, Sale, SoldLine, short_tag

Document = dict[str, Any]

WIDTH = 80


def not_looked_at(terms: Terms, context: Context) -> tuple[str, ...]:
    """Return of what nothing was told, so that no sale was looked at for it."""
    untold = {
        "hours": not terms.hours,
        "packages": context.packages is None,
        "cards": not context.cards,
        "limits": not context.over_limit,
    }
    return tuple(name for name, is_untold in untold.items() if is_untold)


def document(day: date, zone: str, outcome: Compared, terms: Terms, context: Context) -> Document:
    """Return the answer as it is written with `--json`; docs/reconcile-json.md describes it."""
    return {
        "day": day.isoformat(),
        "zone": zone,
        "compared": not outcome.not_compared,
        "not_compared": [{"side": each.side, "why": each.why} for each in outcome.not_compared],
        "not_looked_at": list(not_looked_at(terms, context)),
        "matched": outcome.matched,
        "findings": [_finding(each) for each in outcome.findings],
        "totals": _totals(outcome, terms),
    }


def _finding(found: Finding) -> Document:
    return {
        "class": found.kind.value,
        "severity": found.severity.value,
        "sale": _sale(found.sale) if found.sale else None,
        "receipt": _receipt(found.receipt) if found.receipt else None,
        "desk": _dispensed(found.desk) if found.desk else None,
        "what": found.what,
        "why": found.why,
        "fix": found.fix,
        "never": found.never,
        "group": found.group or None,
    }


def _record(of: Sale | Receipt | Dispensed) -> Document:
    return {
        "number": of.number,
        "at": of.sold_at.isoformat(),
        "total": money(sum(line.price_cents for line in of.lines)),
        "buyer": of.buyer.value or None,
        "patient": masked(of.patient_key) if of.patient_key else None,
        "caregiver": masked(of.caregiver_key) if of.caregiver_key else None,
        "lines": [_line(each) for each in of.lines],
    }


def _sale(sale: Sale) -> Document:
    return {
        **_record(sale),
        "kind": sale.kind.value,
        "external_number": sale.external_number or None,
        "refers_to": sale.refers_to or None,
    }


def _receipt(receipt: Receipt) -> Document:
    recorded = receipt.recorded_at
    return {
        **_record(receipt),
        "number": receipt.shown,
        "id": receipt.number,
        "external_number": receipt.external_number or None,
        "recorded_at": recorded.astimezone(receipt.sold_at.tzinfo).isoformat() if recorded else None,
        "is_void": receipt.is_void,
        "is_final": receipt.is_final,
    }


def _dispensed(own: Dispensed) -> Document:
    return {**_record(own), "receipt": own.receipt or None, "why_unposted": own.why_unposted or None}


def _line(line: SoldLine) -> Document:
    return {
        "tag": line.label or None,
        "quantity": thousandths(line.milli),
        "unit": line.unit.value or None,
        "price": money(line.price_cents),
        "product": line.product or None,
        "is_returned": line.is_returned,
    }


def _totals(outcome: Compared, terms: Terms) -> Document:
    totals = outcome.totals
    counts: dict[str, int] = {}
    for each in outcome.findings:
        counts[each.kind.value] = counts.get(each.kind.value, 0) + 1
    return {
        "sales": totals.sales,
        "receipts": totals.receipts,
        "dispensed": totals.dispensed,
        "sales_before_tax": money(totals.sales_cents),
        "receipts_before_tax": money(totals.receipts_cents),
        "voids": totals.voids,
        "returns": totals.returns,
        "ignored": totals.ignored,
        "split": totals.split,
        "merged": totals.merged,
        "untold": totals.untold,
        "by_class": dict(sorted(counts.items())),
        "terms": {
            "price_cents_a_line": terms.price_cents,
            "quantity": thousandths(terms.quantity_milli),
            "near_minutes": int(terms.near.total_seconds() // 60),
            "far_hours": int(terms.far.total_seconds() // 3600),
            "posting_window_hours": int(terms.posting_window.total_seconds() // 3600) if terms.posting_window else None,
        },
    }


def as_lines(day: date, zone: str, outcome: Compared, terms: Terms, context: Context) -> Iterator[str]:
    """Yield the answer for a person: the sum, then every finding, the worst first, then by what it was compared."""
    yield f"{day:%a} {day.day} {day:%b %Y}, by the clock of {zone}"
    if outcome.not_compared:
        yield "NOT COMPARED. Nothing can be said of this day yet."
        yield from (f"  {each.side}: {each.why}." for each in outcome.not_compared)
        return
    totals = outcome.totals
    yield (
        f"{outcome.matched} matched · {len(outcome.findings)} to look at · "
        f"{totals.sales} sales {money(totals.sales_cents)} · {totals.receipts} receipts {money(totals.receipts_cents)}"
    )
    for name, count in (("in several receipts", totals.split), ("merged into one receipt", totals.merged)):
        if count:
            yield f"{count} {name}, and the same in sum"
    if totals.untold:
        yield f"{totals.untold} of which the point of sale does not tell the packages: these were not compared"
    for some in _by_cause(outcome.findings):
        yield ""
        yield from _words(some[0])
        yield from (f"  Also   {_sides(each)}: {each.what}" for each in some[1:])
    yield ""
    allowed = f"{terms.price_cents} cent a line on price, {thousandths(terms.quantity_milli)} on quantity"
    untold = not_looked_at(terms, context)
    if untold:
        yield f"Not looked at, since no rules tell of it: {', '.join(untold)}."
    yield f"Allowed difference: {allowed}. {_verdict(outcome)}"


def _by_cause(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Return findings, those of one class and cause together where the first of them stands."""
    together: dict[object, list[Finding]] = {}
    for place, each in enumerate(findings):
        together.setdefault((each.kind, each.group) if each.group else place, []).append(each)
    return together.values()


def _sides(found: Finding) -> str:
    sale = f"sale {found.sale.number}" if found.sale else "no sale"
    receipt = f"receipt {found.receipt.shown}" if found.receipt else "no receipt"
    return f"{sale} · {receipt}" + (f" · desk {found.desk.number}" if found.desk else "")


def _words(found: Finding) -> Iterator[str]:
    yield f"{found.kind.value}  {found.severity.value}  {_sides(found)}"
    yield f"  {found.kind.words}: {found.what}"
    for name, side in (("POS  ", found.sale), ("State", found.receipt), ("Desk ", found.desk)):
        if side is not None:
            yield f"  {name} {side.sold_at:%d %b %H:%M}  {_contents(side)}"
    yield from _long("Why", found.why)
    yield from _long("Fix", found.fix)
    yield from _long("Never", found.never.removeprefix("Never "))
    if found.group:
        yield f"  With others: {found.group}"


def _long(head: str, text: str) -> Iterator[str]:
    """Yield a text under its head, in as many lines as it takes."""
    from textwrap import wrap  # noqa: PLC0415 - programs do without it

    for place, line in enumerate(wrap(text, WIDTH - 9) or [""]):
        yield f"  {'' if place else head:<7}{line}"


def _contents(of: Sale | Receipt | Dispensed) -> str:
    amounts = [f"{thousandths(each.milli)} {each.unit.sign}".rstrip() for each in of.lines[:3]]
    lines = [
        f"{short_tag(each.label) or '–'} {amount} {money(each.price_cents)}"
        for each, amount in zip(of.lines, amounts, strict=False)
    ]
    more = [f"and {len(of.lines) - 3} more"] if len(of.lines) > 3 else []
    return ", ".join(lines + more)


def _verdict(outcome: Compared) -> str:
    if not outcome.findings:
        return "Both sides agree."
    weights = {each: sum(found.severity is each for found in outcome.findings) for each in Severity}
    return "Found: " + ", ".join(f"{count} {each.value}" for each, count in weights.items() if count) + "."
