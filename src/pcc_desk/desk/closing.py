"""The end of a day: what becomes of each difference, what is still to do, and the two signatures that close it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pcc_desk.desk.checklist import checks_of
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import ComparedOnRecord, PacketOnRecord
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain import prints
from pcc_desk.domain.closing import Check, CheckState, Compared, DayFinding, Decided, Decision, findings_of, found_in
from pcc_desk.domain.closing_entries import DaySigned, FindingDecided
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.prints import Change
from pcc_desk.domain.reconciling.findings import DayComparison, DayTotals
from pcc_desk.domain.signatures import (
    MEANINGS,
    SIGNERS,
    Closed,
    DaySignature,
    DayState,
    closings_of,
    day_digest,
    lapsed,
    state_of,
    valid_for,
)

LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class DayOnRecord:
    """All that is known of the end of a day."""

    day: date
    comparison: DayComparison | None
    """The newest one; None: the day was never compared."""
    comparison_id: UUID | None
    findings: tuple[DayFinding, ...]
    """Every difference that was ever found, those that are settled too."""
    checks: tuple[Check, ...]
    digest: str
    """What a signature would be for."""
    signatures: tuple[DaySignature, ...]
    """Those that hold."""
    lapsed: tuple[DaySignature, ...]
    """Those that were for something else than what is known now, since the day was closed last."""
    state: DayState
    closings: tuple[Closed, ...]
    """Every time that it was closed, oldest first."""
    changes: tuple[Change, ...] | None
    """What of the records changed since it was closed last; None: it never was."""
    packets: tuple[PacketOnRecord, ...]

    @property
    def may_close(self) -> bool:
        """Whether nothing is left to do before it is signed."""
        return all(each.state is not CheckState.TO_DO for each in self.checks)

    def signed_already(self, person: Person) -> DaySignature | None:
        """Return the signature that keeps somebody from signing: their own, or that of their role."""
        return next((each for each in self.signatures if each.role is person.role or each.by == person.id), None)


def day_on_record(ledger: Ledger, day: date, *, act: Act) -> DayOnRecord:
    """Return all that is known of the end of a day. Raises `NotPermitted`."""
    require(ledger, act, Right.RECONCILE)
    return _day(ledger, day)


def _day(ledger: Ledger, day: date) -> DayOnRecord:
    compared = ledger.comparisons_of(day)
    findings = findings_of(map(_as_compared, compared), ledger.decisions(day))
    newest = compared[-1] if compared else None
    whole = next((each for each in reversed(compared) if not each.entry.comparison.not_compared), None)
    sides, totals = (whole.entry.sides, whole.entry.comparison.totals) if whole else ("", DayTotals())
    digest, signed = day_digest(day, sides, totals, findings), ledger.day_signatures(day)
    closings = closings_of(signed)
    return DayOnRecord(
        day=day,
        comparison=newest.entry.comparison if newest else None,
        comparison_id=newest.id if newest else None,
        findings=findings,
        checks=checks_of(ledger, day, newest, findings),
        digest=digest,
        signatures=valid_for(signed, digest),
        lapsed=lapsed(signed, digest),
        state=state_of(signed, digest),
        closings=closings,
        changes=_changes(compared, closings[-1]) if closings else None,
        packets=ledger.packets_of(day),
    )


def _as_compared(each: ComparedOnRecord) -> Compared:
    comparison = each.entry.comparison
    return Compared(comparison.compared_at, not comparison.not_compared, found_in(comparison.findings))


def _prints_of(compared: Iterable[ComparedOnRecord], sides: str) -> tuple[prints.Print, ...] | None:
    """Return what was compared under a fingerprint, in short; None where no comparison holds it."""
    kept = (each.entry.prints for each in compared if each.entry.sides == sides and each.entry.prints)
    text = next(kept, None)
    return prints.read(text) if text is not None else None


def _changes(compared: tuple[ComparedOnRecord, ...], closed: Closed) -> tuple[Change, ...]:
    """Return what of the records is another than when the day was closed."""
    then = next((each for each in compared if each.id == closed.signatures[-1].comparison_id), None)
    now = next((each for each in reversed(compared) if each.entry.sides), None)
    if then is None or now is None or then.entry.sides == now.entry.sides:
        return ()
    return prints.changes(_prints_of(compared, then.entry.sides) or (), _prints_of(compared, now.entry.sides) or ())


# What becomes of a difference


@dataclass(frozen=True, slots=True)
class NoSuchFinding:
    """That difference is not among those of the day, or is gone."""


@dataclass(frozen=True, slots=True)
class NotDecided:
    """Something is missing. `why` is a sentence that says what."""

    why: str


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants to decide about a difference."""

    decision: Decision
    words: str
    """What was done, or why it stays."""
    owner: UUID | None = None
    """Who answers for it."""
    due: date | None = None
    seen: str | None = None
    """The digest of the finding as whoever decides saw it; None: whatever it is now."""


@dataclass(frozen=True, slots=True)
class FindingChanged:
    """The difference is another than whoever decides saw."""


NotTaken = NoSuchFinding | FindingChanged | NotDecided


def decide(ledger: Ledger, day: date, key: str, intent: Intent, *, act: Act) -> Decided | NotTaken:
    """Put on record what becomes of a difference, as it was found last. What was decided before stays on record.

    An explanation needs words, who answers for it and until when; so does one that is assigned. Raises `NotPermitted`.
    """
    require(ledger, act, Right.RECONCILE)
    findings = findings_of(map(_as_compared, ledger.comparisons_of(day)), ledger.decisions(day))
    found = next((each for each in findings if each.key == key and each.gone_at is None), None)
    if found is None:
        return NoSuchFinding()
    if intent.seen is not None and intent.seen != found.latest.digest:
        return FindingChanged()
    said = " ".join(intent.words.split())
    missing = _missing(ledger, day, intent, said)
    if missing:
        return NotDecided(missing)
    decided = Decided(
        id=act.id,
        day=day,
        key=key,
        of=found.latest.digest,
        decision=intent.decision,
        words=said,
        owner=intent.owner,
        due=intent.due,
        at=act.at,
        by=act.by,
    )
    ledger.record(FindingDecided(decided), act)
    return decided


def _missing(ledger: Ledger, day: date, intent: Intent, words: str) -> str:
    """Return what a decision lacks, as a sentence; empty when nothing."""
    if not words and intent.decision is not Decision.OPEN:
        return "Say in words what was done, or why it stays."
    if len(words) > LONGEST_WORDS:
        return f"That is {len(words)} characters long; at most {LONGEST_WORDS} are kept."
    if intent.decision not in {Decision.EXPLAINED, Decision.ASSIGNED}:
        return ""
    person = ledger.person(intent.owner) if intent.owner else None
    if person is None or person.has_left:
        return "Say who answers for it: somebody on the staff."
    if intent.due is None:
        return "Say until when: a date."
    return "The date lies before the day itself." if intent.due < day else ""


# Signing


@dataclass(frozen=True, slots=True)
class NotReady:
    """Something is left to do before the day can be signed."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class NotASigner:
    """A day is signed by a coordinator and an inventory manager; whoever tried is neither."""

    role: Role


@dataclass(frozen=True, slots=True)
class AlreadySigned:
    """The same role, or the same person, has signed for this already."""

    signature: DaySignature


@dataclass(frozen=True, slots=True)
class NotAsSeen:
    """What is known of the day is another than whoever wants to sign saw: they look again first."""


CannotSign = NotReady | NotASigner | AlreadySigned | NotAsSeen


def sign_day(ledger: Ledger, day: date, seen: str, *, act: Act) -> DaySignature | CannotSign:
    """Sign for a day as whoever signs saw it: `seen` is the digest of that. Raises `NotPermitted`."""
    require(ledger, act, Right.SIGN_DAY)
    person = ledger.person(act.by)
    if person is None or person.role not in SIGNERS:
        return NotASigner(person.role if person else Role.RECOVERY)
    known = _day(ledger, day)
    if known.digest != seen or known.comparison_id is None:
        return NotAsSeen()
    if not known.may_close:
        return NotReady(tuple(each for each in known.checks if each.state is CheckState.TO_DO))
    same = known.signed_already(person)
    if same is not None:
        return AlreadySigned(same)
    signature = DaySignature(
        id=act.id,
        day=day,
        at=act.at,
        by=person.id,
        name=person.name,
        role=person.role,
        meaning=MEANINGS[person.role],
        comparison_id=known.comparison_id,
        digest=known.digest,
    )
    ledger.record(DaySigned(signature), act)
    return signature


def open_findings(ledger: Ledger, day: date) -> int:
    """Return how many differences of a day are neither verified nor explained nor in somebody's hands."""
    findings = findings_of(map(_as_compared, ledger.comparisons_of(day)), ledger.decisions(day))
    return sum(not each.fate.lets_close for each in findings)


def days_on_record(ledger: Ledger, since: date, *, act: Act) -> tuple[DayOnRecord, ...]:
    """Return the days that were compared since one, the last first. Raises `NotPermitted`."""
    require(ledger, act, Right.RECONCILE)
    return tuple(_day(ledger, day) for day in ledger.compared_days(since))
