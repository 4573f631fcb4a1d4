"""The end of a day: what became of each difference, what is still to do, and who signed for it.

A finding is never overwritten: what was found first stays, what was decided stays, and only a comparison that was made
afterwards says that it is gone. A day is closed while two people's signatures hold for exactly what is known of it now.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.people import Role
from pcc_desk.domain.prints import print_of
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayTotals, Finding


def key_of(finding: Finding) -> str:
    """Return what a finding is about, the same in every comparison: its class, the numbers of its sides, and the tag.

    What was too young to be listed when it was found first is missing ever after, and so is what cannot be entered
    because its package is finished: they are one finding.
    """
    return lasting(finding.kind).value + finding.key.removeprefix(finding.kind.value)


def lasting(kind: FindingClass) -> FindingClass:
    """Return the class of a finding whatever else becomes known of it: a missing sale is missing for any cause."""
    is_missing = kind in {FindingClass.NOT_YET_VISIBLE, FindingClass.PACKAGE_FINISHED}
    return FindingClass.MISSING_IN_STATE if is_missing else kind


def digest_of(finding: Finding) -> str:
    """Return eight characters of a hash of what a finding says; others when anything of it changed.

    That the package of a missing sale is finished changes nothing: it is known only while the state answers for it.
    """
    kind = lasting(finding.kind) if finding.kind is FindingClass.PACKAGE_FINISHED else finding.kind
    sides = [print_of("", each).digest if each else "" for each in (finding.sale, finding.receipt, finding.desk)]
    said = json.dumps([kind.value, finding.what, *sides], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


NOT_REPRODUCED = frozenset({FindingClass.PATIENT, FindingClass.EXPIRED_CARD})
"""Classes that a packet does not bear out by itself: it tells two numbers of one person as one, and no card's end."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding under its key. Several of one key in one comparison are told apart by their number."""

    key: str
    digest: str
    finding: Finding


def found_in(findings: Iterable[Finding]) -> tuple[Found, ...]:
    """Return the findings of a comparison under their keys."""
    counts: dict[str, int] = {}
    found = []
    for each in findings:
        key = key_of(each)
        counts[key] = counts.get(key, 0) + 1
        found.append(Found(key if counts[key] == 1 else f"{key}|{counts[key]}", digest_of(each), each))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Compared:
    """As much of a comparison as the fate of its findings needs."""

    at: datetime
    is_whole: bool
    """Whether every side was read whole. One that was not says nothing of any finding."""
    found: tuple[Found, ...]


class Decision(StrEnum):
    """What a person decides about a finding."""

    FIXED = "fixed"
    """It was put right where it is wrong. Only a comparison made after that verifies it."""
    EXPLAINED = "explained"
    """It stays, lawfully, for a reason."""
    ASSIGNED = "assigned"
    """Somebody has it in hand, until a day."""
    OPEN = "open again"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about a finding of a day."""

    id: UUID
    day: date
    key: str
    of: str
    """The digest of the finding as whoever decided saw it."""
    decision: Decision
    words: str
    owner: UUID | None
    """Who answers for it."""
    due: date | None
    at: datetime
    by: UUID


class Fate(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    FIXING = "fixed, not verified"
    ASSIGNED = "assigned"
    EXPLAINED = "explained"
    VERIFIED = "verified"

    @property
    def lets_close(self) -> bool:
        """Whether a day may be closed with it."""
        return self in {Fate.ASSIGNED, Fate.EXPLAINED, Fate.VERIFIED}


@dataclass(frozen=True, slots=True)
class DayFinding:
    """A difference through all comparisons of its day."""

    first: Found
    """As it was found first."""
    first_at: datetime
    latest: Found
    """As it was found last."""
    latest_at: datetime
    gone_at: datetime | None
    """When a comparison first found it no more; None while it is there."""
    decided: tuple[Decided, ...]
    """Oldest first."""

    @property
    def key(self) -> str:
        """What it is about."""
        return self.latest.key

    @property
    def decision(self) -> Decided | None:
        """The decision that holds; None when there is none, or the finding changed since, or outlived its fix."""
        last = self.decided[-1] if self.decided else None
        if last is None or last.decision is Decision.OPEN or last.of != self.latest.digest:
            return None
        return None if last.decision is Decision.FIXED and self.latest_at > last.at else last

    @property
    def fate(self) -> Fate:
        """Where it stands."""
        if self.gone_at is not None:
            return Fate.VERIFIED
        last = self.decision
        return _FATES[last.decision] if last is not None else Fate.OPEN

    @property
    def outlived_its_fix(self) -> bool:
        """Whether somebody said that it was put right, and a later comparison still found it."""
        last = self.decided[-1] if self.decided else None
        is_fix = last is not None and last.decision is Decision.FIXED
        return is_fix and self.gone_at is None and self.decision is None


_FATES = {
    Decision.FIXED: Fate.FIXING,
    Decision.EXPLAINED: Fate.EXPLAINED,
    Decision.ASSIGNED: Fate.ASSIGNED,
    Decision.OPEN: Fate.OPEN,
}


def findings_of(comparisons: Iterable[Compared], decided: Iterable[Decided]) -> tuple[DayFinding, ...]:
    """Return every difference ever found in a day, in the order in which they were found first.

    The comparisons come oldest first.
    """
    by_key: dict[str, list[Decided]] = {}
    for decision in sorted(decided, key=lambda one: (one.at, one.id)):
        by_key.setdefault(decision.key, []).append(decision)
    seen: dict[str, DayFinding] = {}
    for compared in comparisons:
        if not compared.is_whole:
            continue
        here = {each.key: each for each in compared.found}
        for key, was in seen.items():
            if key not in here and was.gone_at is None:
                seen[key] = replace(was, gone_at=compared.at)
        for key, each in here.items():
            first = seen.get(key)
            seen[key] = DayFinding(
                first.first if first else each,
                first.first_at if first else compared.at,
                each,
                compared.at,
                None,
                tuple(by_key.get(key, ())),
            )
    return tuple(seen.values())


class CheckState(StrEnum):
    """Whether something on the list before closing is done."""

    DONE = "done"
    TO_DO = "to do"
    NOT_KNOWN = "not known"
    """This desk cannot tell; it is said on the report and keeps nobody from closing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list before closing."""

    what: str
    state: CheckState
    words: str


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


def state_of(signatures: Sequence[DaySignature], digest: str) -> DayState:
    """Return whether a day of which this is known now is closed."""
    holding = valid_for(signatures, digest)
    if len(holding) == len(SIGNERS):
        return DayState.CLOSED
    if closings_of(signatures):
        return DayState.REOPENED
    return DayState.HALF_SIGNED if holding else DayState.OPEN
