"""The end of a day: what became of each difference, and what is still to do.

A finding is never overwritten: what was found first stays, what was decided stays, and only a comparison that was made
afterwards says that it is gone.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.prints import print_of
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import Finding


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
