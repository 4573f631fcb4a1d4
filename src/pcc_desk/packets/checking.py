"""Checks a packet: each thing that it claims of itself, by itself."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pcc_desk.domain.closing import SIGNERS as ROLES
from pcc_desk.domain.closing import Fate
from pcc_desk.packets.reading import Packet
from pcc_desk.packets.signing import is_same_fingerprint

SIGNERS = {each.value for each in ROLES}

SETTLED = {Fate.EXPLAINED.value, Fate.ASSIGNED.value}
"""How a difference may stand that is still there."""


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
    for what, check in (("Signatures of people", _people), ("What was found", _findings)):
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
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
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
    yield from (
        f"{each['key']} is {each['stands']}" for each in still if each["stands"] not in {"explained", "assigned"}
    )
    sold = packet.documents["pos.jsonl"].decode().splitlines()
    reported = [json.loads(line) for line in packet.documents["state.jsonl"].decode().splitlines()]
    counts = {"sales": len(sold), "receipts": sum(not each["is_void"] for each in reported)}
    yield from (f"{count} {side}, the comparison {last[side]}" for side, count in counts.items() if count != last[side])
