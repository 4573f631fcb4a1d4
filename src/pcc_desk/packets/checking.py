"""Checks a packet: each thing that it claims of itself, by itself."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.domain.closing import NOT_REPRODUCED, Fate, lasting
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Finding
from pcc_desk.domain.reconciling.terms import COMPARISON, Context, Terms
from pcc_desk.domain.sales import Dispensed, Pull, Receipt, ReceiptPull, Sale
from pcc_desk.domain.shop import business_day
from pcc_desk.domain.signatures import SIGNERS as ROLES
from pcc_desk.packets.reading import Packet
from pcc_desk.packets.records import records
from pcc_desk.packets.signing import is_same_fingerprint
from pcc_desk.packets.terms import told

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

BORNE_OUT = frozenset(FindingClass) - NOT_REPRODUCED
UNTOLD = {each.value for each in NOT_REPRODUCED}

KEY = "Whose key"
UNREAD = "cannot be read"

TERMS = "terms.json"
"""By what it was compared; older packets have none."""

About = tuple[str, ...]
"""What a finding is about: its class and the numbers of its sides."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was checked."""

    what: str
    is_fine: bool | None
    """None: it cannot be told."""
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
        """Whether nothing is wrong."""
        return not any(each.is_fine is False for each in self.checks)

    @property
    def is_told_whole(self) -> bool:
        """Whether everything could be told."""
        return all(each.is_fine is not None for each in self.checks)


def checked(packet: Packet, key: str | None = None) -> Result:
    """Check a packet; `key` is the fingerprint that it must bear. Nothing of it is trusted to be of the right shape."""
    shop = packet.manifest.get("shop")
    name = shop.get("name") if isinstance(shop, dict) else None
    checks = [_key(packet, key), _signed(packet), _documents(packet)]
    for what, check in (
        ("Signatures of people", _people),
        ("What was found", _findings),
        ("Records of the days around it", _around),
        ("Compared again from its own inputs", _compared_again),
    ):
        checks.append(_safely(what, check, packet))
    checks[-1] = _by_its_own(checks[-1], packet)
    return Result(str(name), str(packet.manifest.get("day")), packet.fingerprint, tuple(checks))


def _key(packet: Packet, key: str | None) -> Checked:
    if key is None:
        return Checked(KEY, None, "not compared; give --key with the fingerprint from a sheet of the shop")
    is_same = is_same_fingerprint(packet.fingerprint, key)
    return Checked(KEY, is_same, "the one that was given" if is_same else "ANOTHER than the one that was given")


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
        return Checked(what, False, f"{UNREAD} ({type(error).__name__})")
    return Checked(what, not wrong, "; ".join(wrong) or "in order")


def _by_its_own(again: Checked, packet: Packet) -> Checked:
    """Return how it compared again; what another comparison than its own finds otherwise is no proof against it."""
    if again.is_fine or TERMS not in packet.documents:
        return again
    try:
        its_own = _read(packet, TERMS).get("comparison", 1)
    except (AttributeError, ValueError):
        return again
    if its_own == COMPARISON or again.words.startswith(UNREAD):
        return again
    return replace(again, is_fine=None, words=f"by another comparison than its own ({its_own}): {again.words}")


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
    day, zone, begins = _day_of(packet)
    return [
        each
        for each in _lines(packet, name)
        if business_day(datetime.fromisoformat(each["sold_at"]).astimezone(zone), begins) == day
    ]


def _around(packet: Packet) -> Iterator[str]:
    """Yield which records of other days are there without being named, and which are named and not there."""
    if "around" not in packet.manifest:
        return
    day, zone, begins = _day_of(packet)
    named = Counter((each["document"], each["number"]) for each in packet.manifest["around"])
    there = Counter(
        (document, each["number"])
        for document in ("pos.jsonl", "state.jsonl")
        for each in _lines(packet, document)
        if business_day(datetime.fromisoformat(each["sold_at"]).astimezone(zone), begins) != day
    )
    yield from (f"{number} of {document} is of another day, and not named" for document, number in there - named)
    yield from (f"{number} of {document} is named and not there" for document, number in named - there)


def _compared_again(packet: Packet) -> Iterator[str]:
    """Yield how its inputs, compared again, differ from what it says was found.

    A packet that says by what it was compared is held to everything but what no packet bears out; an older one to what
    the inputs alone tell: of cards, limits and outages it has no more than words.
    """
    day, zone, begins = _day_of(packet)
    sales = tuple(_here(each, zone) for each in records(Sale, packet.documents["pos.jsonl"]))
    receipts = tuple(_here(each, zone) for each in records(Receipt, packet.documents["state.jsonl"]))
    own = tuple(_here(each, zone) for each in records(Dispensed, packet.documents["desk.jsonl"]))
    pos, state = Pull(sales, "pos", "", len(sales)), ReceiptPull(receipts, "state")
    said = told(_read(packet, TERMS), begins, zone) if TERMS in packet.documents else None
    terms, context = (said.terms, said.context) if said else (Terms(day_begins=begins), Context())
    outcome = compare(pos, state, day, desk=own, terms=terms, context=context)
    yield from (f"{each.side}: {each.why}" for each in outcome.not_compared)
    named = [each for each in _read(packet, "findings.json") if each["gone_at"] is None]
    if said is None or not said.is_exact:
        yield from _told_and_found(map(_roughly_told, named), map(_roughly_found, outcome.findings), FROM_INPUTS)
        return
    yield from _told_and_found(map(_exactly_told, named), map(_exactly_found, outcome.findings), BORNE_OUT)
    matched = _read(packet, "comparisons.json")[-1]["matched"]
    is_plain = not any(each["class"] in UNTOLD for each in named)
    if is_plain and outcome.matched != matched:
        yield f"{outcome.matched} match, the comparison says {matched}"


def _told_and_found(named: Iterable[About], found: Iterable[About], kinds: frozenset[FindingClass]) -> Iterator[str]:
    """Yield what is told and not found, and the other way round, of some classes."""
    values = {kind.value for kind in kinds}
    told_of, found_again = (Counter(each for each in some if each[0] in values) for some in (named, found))
    if kinds is FROM_INPUTS:  # several of one class in one sale were never told apart there
        told_of, found_again = Counter(set(told_of)), Counter(set(found_again))
    yield from (f"{' '.join(filter(None, each))} is not told of" for each in sorted(found_again - told_of))
    yield from (f"{' '.join(filter(None, each))} is told of and not found" for each in sorted(told_of - found_again))


def _exactly_told(finding: dict[str, Any]) -> About:
    return finding["class"], *(finding[side] or "" for side in ("sale", "receipt", "desk"))


def _exactly_found(finding: Finding) -> About:
    sides = (finding.sale, finding.receipt, finding.desk)
    return finding.kind.value, *(each.number if each else "" for each in sides)


def _roughly_told(finding: dict[str, Any]) -> About:
    return lasting(FindingClass(finding["class"])).value, finding["sale"] or "", finding["receipt"] or ""


def _roughly_found(finding: Finding) -> About:
    return lasting(finding.kind).value, *_exactly_found(finding)[1:3]


def _day_of(packet: Packet) -> tuple[date, ZoneInfo, time]:
    manifest = packet.manifest
    begins = time.fromisoformat(manifest["day_begins"])
    return date.fromisoformat(manifest["day"]), ZoneInfo(manifest["shop"]["zone"]), begins


def _lines(packet: Packet, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in packet.documents[name].decode().split("\n")[:-1]]


def _here(record: Any, zone: ZoneInfo) -> Any:
    return replace(record, sold_at=record.sold_at.astimezone(zone))
