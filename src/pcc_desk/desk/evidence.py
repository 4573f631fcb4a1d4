"""The evidence of a closed day: what was compared, found, decided and signed, as documents for anybody to check.

No patient's name or number is in it: a number becomes a keyed hash under a key that is made for the packet and then
forgotten, so that the two sides can be compared again and nobody can be found by it (45 CFR 164.502(b)).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

from pcc_desk.desk.closing import DayOnRecord
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.evidence_inputs import Inputs, around_document, around_words, inputs_of, terms_document
from pcc_desk.desk.evidence_people import PERSONAL, People, neutral, people_of
from pcc_desk.desk.evidence_report import report_lines
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import ComparedOnRecord
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sides import Sides
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.closing import DayFinding, Decided
from pcc_desk.domain.closing_entries import DaySheetPrinted, PacketWritten
from pcc_desk.domain.entries import Act
from pcc_desk.domain.prints import fingerprint
from pcc_desk.domain.reconciling.classes import ABOUT
from pcc_desk.domain.sales import Dispensed, Receipt, Sale
from pcc_desk.domain.signatures import DaySignature

Names = Mapping[UUID, str]


async def write_evidence(desk: Desk, known: DayOnRecord, head: str) -> str | Unanswered:
    """Write the packet of a day and put on record that it was. Return the name of its file, or why there is none."""
    sides = desk.sides.get(known.day)
    if desk.packets is None or sides is None or known.comparison is None:
        return Unanswered(Silence.ABSENT, "this desk has no place for packets")
    act = desk.act()
    names, compared, people = await desk.store.read(_what_else, known, sides, act)
    read = sides.prints(desk.pos.name, desk.state.name)
    if read is None or fingerprint(read) != compared[-1].entry.sides:
        return Unanswered(Silence.ABSENT, "the records were read anew since they were signed for; f2 tries again")
    inputs = await asyncio.to_thread(inputs_of, sides, people, known.comparison)
    about = _about(desk, known, sides, inputs, head=head, at=act.at)
    documents = documents_of(known, inputs, names, compared)
    number = len(known.closings)
    name = f"{known.day}-{number}.zip" if number > 1 else f"{known.day}.zip"
    report = report_lines(known, desk.shop, names, head, around_words(inputs))
    outcome = await desk.packets().write(name, about, documents, report)
    if isinstance(outcome, Unanswered):
        return outcome
    file, sha256 = outcome
    await desk.store.write(note_packet, PacketWritten(known.day, file, sha256, known.digest), act=act)
    return file


def note_packet(ledger: Ledger, packet: PacketWritten, *, act: Act) -> None:
    """Put on record that a packet was written. Raises `NotPermitted`."""
    require(ledger, act, Right.RECONCILE)
    ledger.record(packet, act)


def note_sheet(ledger: Ledger, day: date, *, act: Act) -> None:
    """Put on record that the sheet of a day goes to the printer. Raises `NotPermitted`."""
    require(ledger, act, Right.RECONCILE)
    ledger.record(DaySheetPrinted(day), act)


async def print_day(desk: Desk, known: DayOnRecord) -> Unanswered | None:
    """Print the sheet of a closed day, with the journal's end as it is now. Return why it was not printed.

    Raises `NotPermitted`.
    """
    if desk.printer is None:
        return Unanswered(Silence.ABSENT, "no printer is set up; print_command in the settings file names one")
    act = desk.act()
    await desk.store.write(note_sheet, known.day, act=act)
    names = await desk.store.read(_names, act)
    head = desk.keeper.paper_head() if desk.keeper is not None else ""
    lines = report_lines(known, desk.shop, names, head)
    return await desk.printer.print("\n".join(text for _, text in lines))


def _names(ledger: Ledger, act: Act) -> Names:
    require(ledger, act, Right.RECONCILE)
    return {each.id: each.name for each in ledger.everybody()}


def _what_else(
    ledger: Ledger, known: DayOnRecord, sides: Sides, act: Act
) -> tuple[Names, tuple[ComparedOnRecord, ...], People]:
    return _names(ledger, act), ledger.comparisons_of(known.day), people_of(ledger, sides)


def _about(desk: Desk, known: DayOnRecord, sides: Sides, inputs: Inputs, *, head: str, at: datetime) -> dict[str, Any]:
    """Return what a packet says of itself."""
    shop, sales = desk.shop, sides.sales
    return {
        "kind": "day",
        "day": known.day.isoformat(),
        "closed_at": _instant(known.closings[-1].at),
        "written_at": _instant(at),
        "shop": {"name": shop.name, "licence": shop.licence, "jurisdiction": shop.jurisdiction, "zone": shop.zone},
        "inputs": [
            {"side": desk.pos.name, "source": sales.source, "sha256": sales.sha256, "rows": sales.rows}
            if not isinstance(sales, Unanswered)
            else {"side": desk.pos.name, "source": "not read"},
            {"side": desk.state.name, "source": "asked over its interface", "read_at": _instant(sides.read_at)},
        ],
        "of_day": {
            "pos.jsonl": len(sides.sales_of_day),
            "state.jsonl": len(sides.receipts_of_day),
            "desk.jsonl": len(inputs.own),
        },
        "around": around_document(inputs),
        "day_begins": desk.shop.day_begins.isoformat(),
        "signed_for": known.digest,
        "journal": head,
    }


def documents_of(
    known: DayOnRecord, inputs: Inputs, names: Names, compared: tuple[ComparedOnRecord, ...]
) -> dict[str, Any]:
    """Return the documents of a packet by their names, as JSON values; of a name in .jsonl a list, a line for each."""
    return {
        "pos.jsonl": [plain(each) for each in inputs.needed.sales],
        "state.jsonl": [plain(each) for each in inputs.needed.receipts],
        "desk.jsonl": [plain(each) for each in inputs.own],
        "terms.json": terms_document(inputs),
        "findings.json": [_finding(each, names) for each in known.findings],
        "checks.json": [{"what": c.what, "state": c.state.value, "words": c.words} for c in known.checks],
        "signatures.json": [_signature(each) for each in known.closings[-1].signatures],
        "comparisons.json": [_comparison(each) for each in compared],
    }


def plain(record: Sale | Receipt | Dispensed) -> dict[str, Any]:
    """Return a sale or a receipt as JSON values."""
    return {each.name: _value(getattr(record, each.name)) for each in fields(record)}


def _value(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case tuple():
            return [_value(each) for each in value]
        case None | str() | int():
            return value
        case Fraction():
            return str(value)
    return {each.name: _value(getattr(value, each.name)) for each in fields(value)}


def _finding(found: DayFinding, names: Names) -> dict[str, Any]:
    first, latest = found.first.finding, found.latest.finding
    return {
        "key": found.key,
        "class": latest.kind.value,
        "severity": latest.severity.value,
        "group": "" if latest.kind in PERSONAL else latest.group,
        "why": ABOUT[latest.kind].cause,
        "never": latest.never,
        "sale": latest.sale.number if latest.sale else None,
        "receipt": latest.receipt.number if latest.receipt else None,
        "receipt_shown": latest.receipt.shown if latest.receipt else None,
        "desk": latest.desk.number if latest.desk else None,
        "first": {"at": _instant(found.first_at), "what": neutral(first)},
        "last": {"at": _instant(found.latest_at), "what": neutral(latest)},
        "gone_at": _instant(found.gone_at) if found.gone_at else None,
        "fix": latest.fix,
        "stands": found.fate.value,
        "decisions": [_decision(each, names) for each in found.decided],
    }


def _decision(decided: Decided, names: Names) -> dict[str, Any]:
    return {
        "at": _instant(decided.at),
        "by": names.get(decided.by, str(decided.by)),
        "decision": decided.decision.value,
        "words": decided.words,
        "owner": names.get(decided.owner, str(decided.owner)) if decided.owner else None,
        "due": decided.due.isoformat() if decided.due else None,
    }


def _signature(signature: DaySignature) -> dict[str, Any]:
    return {
        "at": _instant(signature.at),
        "by": str(signature.by),
        "name": signature.name,
        "role": signature.role.value,
        "meaning": signature.meaning,
        "signed_for": signature.digest,
    }


def _comparison(compared: ComparedOnRecord) -> dict[str, Any]:
    comparison = compared.entry.comparison
    return {
        "at": _instant(comparison.compared_at),
        "sales": comparison.sales,
        "receipts": comparison.receipts,
        "matched": comparison.matched,
        "findings": len(comparison.findings),
        "not_compared": [{"side": each.side, "why": each.why} for each in comparison.not_compared],
        "source": comparison.source,
        "records": compared.entry.sides,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
