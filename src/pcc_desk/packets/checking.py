"""Checks a packet: each thing that it claims of itself, by itself."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.domain.closing import SIGNERS as ROLES
from pcc_desk.domain.closing import Fate, lasting
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Dispensed, Pull, Receipt, ReceiptPull, Sale
from pcc_desk.domain.shop import business_day
from pcc_desk.packets.reading import Packet
from pcc_desk.packets.records import records
from pcc_desk.packets.signing import is_same_fingerprint

SIGNERS = {each.value for each in ROLES}

SETTLED = {Fate.EXPLAINED.value, Fate.ASSIGNED.value}
"""How a difference may stand that is still there."""


FROM_INPUTS = frozenset(
    {
        FindingClass.MISSING_IN_STATE,
        FindingClass.UNEXPECTED_IN_STATE,
        FindingClass.PARTIAL_RECEIPT,
        FindingClass.DUPLICATE,
        FindingClass.QTY,
        FindingClass.UNIT,
        FindingClass.TAG,
        FindingClass.PRICE,
    }
)
"""What the inputs of a packet tell by themselves, whatever else was known when it was written."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was checked."""

    what: str
    is_fine: bool
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a packet is of, and what was checked."""

    shop: str
    day: str
    fingerprint: str
    checks: tuple[Checked, ...]

    @property
    def is_sound(self) -> bool:
        """Whether everything is fine."""
        return all(each.is_fine for each in self.checks)


def checked(packet: Packet, key: str | None = None) -> Result:
    """Check a packet; `key` is the fingerprint that it must bear. Nothing of it is trusted to be of the right shape."""
    shop = packet.manifest.get("shop")
    name = shop.get("name") if isinstance(shop, dict) else None
    checks = [_key(packet, key), _signed(packet), _documents(packet)]
    for what, check in (
        ("Signatures of people", _people),
        ("What was found", _findings),
        ("Compared again from its own inputs", _compared_again),
    ):
        checks.append(_safely(what, check, packet))
    return Result(str(name), str(packet.manifest.get("day")), packet.fingerprint, tuple(checks))


def _key(packet: Packet, key: str | None) -> Checked:
    if key is None:
        return Checked("Whose key", True, "not compared; give --key with the fingerprint from a sheet of the shop")
    is_same = is_same_fingerprint(packet.fingerprint, key)
    return Checked("Whose key", is_same, "the one that was given" if is_same else "ANOTHER than the one that was given")


def _signed(packet: Packet) -> Checked:
    words = "the manifest is as it was signed" if packet.is_signed else "the manifest was CHANGED after it was signed"
    return Checked("Signature of the shop", packet.is_signed, words)


def _documents(packet: Packet) -> Checked:
    wrong = [
        *(f"{name} was changed" for name in packet.changed),
        *(f"{name} is missing" for name in packet.missing),
        *(f"{name} was put in" for name in packet.added),
    ]
    return Checked("Documents", not wrong, "; ".join(wrong) or f"{len(packet.documents)}, each as it was written")


def _safely(what: str, check: Callable[[Packet], Iterator[str]], packet: Packet) -> Checked:
    try:
        wrong = list(check(packet))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError, OSError) as error:
        return Checked(what, False, f"cannot be read ({type(error).__name__})")
    return Checked(what, not wrong, "; ".join(wrong) or "in order")


def _read(packet: Packet, name: str) -> Any:
    return json.loads(packet.documents[name])


def _people(packet: Packet) -> Iterator[str]:
    """Yield what is wrong with the signatures: two people, one of each role, for what the manifest says."""
    signatures = _read(packet, "signatures.json")
    if {each["role"] for each in signatures} != SIGNERS or len(signatures) != len(SIGNERS):
        yield "not one of each role"
    if len({each["by"] for each in signatures}) != len(signatures):
        yield "one person signed twice"
    if any(each["signed_for"] != packet.manifest["signed_for"] for each in signatures):
        yield "a signature is for something else"


def _findings(packet: Packet) -> Iterator[str]:
    """Yield what is wrong with the findings: one that is open, or that the last comparison does not bear out."""
    findings, comparisons = _read(packet, "findings.json"), _read(packet, "comparisons.json")
    still = [each for each in findings if each["gone_at"] is None]
    last = comparisons[-1]
    if last["not_compared"]:
        yield "the last comparison was not made whole"
    if last["findings"] != len(still):
        yield f"the last comparison found {last['findings']}, {len(still)} are told of"
    for each in still:
        if each["stands"] not in SETTLED:
            yield f"{each['key']} is {each['stands']}"
        elif not each["decisions"] or each["decisions"][-1]["decision"] != each["stands"]:
            yield f"{each['key']} is {each['stands']}, and nobody decided so"
    sold, reported = _of_day(packet, "pos.jsonl"), _of_day(packet, "state.jsonl")
    counts = {"sales": len(sold), "receipts": sum(not each["is_void"] for each in reported)}
    yield from (f"{count} {side}, the comparison {last[side]}" for side, count in counts.items() if count != last[side])


def _of_day(packet: Packet, name: str) -> list[dict[str, Any]]:
    """Return the records of the business day itself; those around it are there for their counterparts."""
    manifest, zone = packet.manifest, ZoneInfo(packet.manifest["shop"]["zone"])
    day, begins = date.fromisoformat(manifest["day"]), time.fromisoformat(manifest["day_begins"])
    told = [json.loads(line) for line in packet.documents[name].decode().split("\n")[:-1]]
    return [
        each for each in told if business_day(datetime.fromisoformat(each["sold_at"]).astimezone(zone), begins) == day
    ]


def _compared_again(packet: Packet) -> Iterator[str]:
    """Yield how its inputs, compared again, differ from what it says was found.

    Only what the inputs alone tell is held against it: of cards, limits and outages the packet has no more than words.
    """
    manifest, zone = packet.manifest, ZoneInfo(packet.manifest["shop"]["zone"])
    day = date.fromisoformat(manifest["day"])
    sales = tuple(_here(each, zone) for each in records(Sale, packet.documents["pos.jsonl"]))
    receipts = tuple(_here(each, zone) for each in records(Receipt, packet.documents["state.jsonl"]))
    own = tuple(_here(each, zone) for each in records(Dispensed, packet.documents["desk.jsonl"]))
    pos, state = Pull(sales, "pos", "", len(sales)), ReceiptPull(receipts, "state")
    terms = Terms(day_begins=time.fromisoformat(manifest["day_begins"]))
    outcome = compare(pos, state, day, desk=own, terms=terms, context=Context())
    told = {_about(each) for each in _read(packet, "findings.json") if each["gone_at"] is None}
    found = {
        (kind, *(side.number if side else None for side in (each.sale, each.receipt)))
        for each in outcome.findings
        if (kind := lasting(each.kind).value) in FROM_INPUTS
    }
    yield from (f"{' '.join(filter(None, each))} is not told of" for each in sorted(found - told, key=str))
    certain = {each for each in told if each[0] in FROM_INPUTS}
    yield from (f"{' '.join(filter(None, each))} is told of and not found" for each in sorted(certain - found, key=str))


def _here(record: Any, zone: ZoneInfo) -> Any:
    return replace(record, sold_at=record.sold_at.astimezone(zone))


def _about(finding: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """Return what a finding is about."""
    return lasting(FindingClass(finding["class"])).value, finding["sale"], finding["receipt"]
