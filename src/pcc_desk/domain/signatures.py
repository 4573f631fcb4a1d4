"""Who signed for a day: it is closed while two people's signatures hold for exactly what is known of it now."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.closing import DayFinding
from pcc_desk.domain.people import Role
from pcc_desk.domain.reconciling.findings import DayTotals

SIGNERS = (Role.COORDINATOR, Role.INVENTORY)
"""Who signs a day: one of each, never the same person."""

MEANINGS = {
    Role.COORDINATOR: (
        "I went through this day: every sale was compared with the state's record, and each difference is verified as "
        "fixed, explained, or in somebody's hands."
    ),
    Role.INVENTORY: (
        "I went through this day's packages: what left the shelf is what these records say, and no package was "
        "adjusted for an error of a sale."
    ),
}
"""What a signature says, by the role of whoever gives it."""


@dataclass(frozen=True, slots=True)
class DaySignature:
    """A person's signature under a day. It holds for what `digest` stands for and for nothing else."""

    id: UUID
    day: date
    at: datetime
    by: UUID
    name: str
    role: Role
    meaning: str
    comparison_id: UUID
    digest: str


class DayState(StrEnum):
    """Whether a day is closed."""

    OPEN = "open"
    HALF_SIGNED = "signed by one"
    CLOSED = "closed"
    REOPENED = "open again"
    """It was closed, and something of it changed since."""


@dataclass(frozen=True, slots=True)
class Closed:
    """One time that a day was closed: by the second of two signatures for the same."""

    at: datetime
    signatures: tuple[DaySignature, ...]

    @property
    def digest(self) -> str:
        """What they signed for."""
        return self.signatures[0].digest


def day_digest(day: date, sides: str, totals: DayTotals, findings: Iterable[DayFinding]) -> str:
    """Return the hash of all that is known of a day: what both signatures have to be for.

    `sides` is the fingerprint of the sales and receipts. When it was compared makes no difference; what was found does,
    what was decided about it, and what the till's closing report said of it.
    """
    stands = [
        [each.key, each.latest.digest, each.fate.value, each.decision.id.hex if each.decision else ""]
        for each in sorted(findings, key=lambda one: one.key)
    ]
    control = [totals.is_controlled, *([each.what, each.one_says, each.other_says] for each in totals.unlike)]
    return hashlib.sha256(json.dumps([day.isoformat(), sides, control, stands]).encode()).hexdigest()


def closings_of(signatures: Iterable[DaySignature]) -> tuple[Closed, ...]:
    """Return every time that a day was closed, oldest first."""
    closings: list[Closed] = []
    by_digest: dict[str, dict[Role, DaySignature]] = {}
    for each in sorted(signatures, key=lambda one: (one.at, one.id)):
        signed = by_digest.setdefault(each.digest, {})
        if each.role in signed or any(other.by == each.by for other in signed.values()):
            continue
        signed[each.role] = each
        if all(role in signed for role in SIGNERS):
            closings.append(Closed(each.at, tuple(signed[role] for role in SIGNERS)))
    return tuple(closings)


def valid_for(signatures: Iterable[DaySignature], digest: str) -> tuple[DaySignature, ...]:
    """Return the signatures that hold for what is known now, one for each role."""
    by_role: dict[Role, DaySignature] = {}
    for each in sorted(signatures, key=lambda one: (one.at, one.id)):
        if each.digest == digest and all(other.by != each.by for other in by_role.values()):
            by_role.setdefault(each.role, each)
    return tuple(by_role[role] for role in SIGNERS if role in by_role)


def lapsed(signatures: Sequence[DaySignature], digest: str) -> tuple[DaySignature, ...]:
    """Return who signed since the day was closed last for something else than what is known now, the last by each."""
    closings = closings_of(signatures)
    since = [each for each in signatures if each.digest != digest and (not closings or each.at > closings[-1].at)]
    return tuple({each.by: each for each in sorted(since, key=lambda one: (one.at, one.id))}.values())


def state_of(signatures: Sequence[DaySignature], digest: str) -> DayState:
    """Return whether a day of which this is known now is closed."""
    holding = valid_for(signatures, digest)
    if len(holding) == len(SIGNERS):
        return DayState.CLOSED
    if closings_of(signatures):
        return DayState.REOPENED
    return DayState.HALF_SIGNED if holding else DayState.OPEN
