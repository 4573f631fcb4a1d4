"""Records that are one person's: merged by whoever finds that they are, and parted where they were not."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.identity import Changed, NoReason
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.entries import Act, AmountSet, EntitlementNoted
from pcc_desk.domain.identity import Merge, Standing
from pcc_desk.domain.intake import IntakeState
from pcc_desk.domain.papers import NO_PAPERS, PaperAmount, Papers
from pcc_desk.domain.people import Patient
from pcc_desk.domain.people_entries import MergeUndone, PatientsMerged
from pcc_desk.domain.visits import Visit, VisitState


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The person is being served just now: the visit would be torn from what was set aside for it."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class PapersStand:
    """The record that would not be kept has papers that the other lacks: keep that one, or put the papers right."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class PapersSince:
    """Papers were noted since the merge, and nobody can tell whose they are.

    An amount is out of the way once it ended before today; groups and days once they are as they were at the merge.
    """

    before: Papers
    """As they were at the merge."""
    amounts: tuple[PaperAmount, ...]
    """Those noted since that hold, or will."""


@dataclass(frozen=True, slots=True)
class SameRecord:
    """Both are of one person already."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a person has to know of another record before it counts with one that is kept."""

    kept: Patient
    other: Patient
    standing: Standing
    """How the other stands: who is not served by either is not served."""
    intake: IntakeState | None
    """Of the other; None: none was begun there. The one begun last counts."""
    differing: tuple[str, ...]
    """The names of the details that both tell, and tell otherwise. Those of the record that is kept count."""


def beside(ledger: Ledger, kept_id: UUID, merged_id: UUID, *, act: Act) -> Beside:
    """Return what to know of another record before it is merged. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.MERGE, kept_id)
    kept, other = _patient(ledger, kept_id), _patient(ledger, merged_id)
    seen = sight_of(ledger, act)
    intake = ledger.intake(other.id)
    ours, theirs = ledger.details(kept.id), ledger.details(other.id)
    told = [(each.name, getattr(ours, each.name), getattr(theirs, each.name)) for each in fields(ours)]
    return Beside(
        kept=seen(kept),
        other=seen(other),
        standing=ledger.patient_status(other.id),
        intake=intake.state if intake else None,
        differing=tuple(name for name, one, another in told if one and another and one != another),
    )


def merge(
    ledger: Ledger, kept_id: UUID, merged_id: UUID, why: str, day: date, *, act: Act
) -> Changed | NoReason | SameRecord | UnderWay | PapersStand:
    """Let two records count as one person's from now on: a person found that they are. `day` is today.

    Both keep their histories, and what was bought under either counts against what may be bought. The papers of the
    record that is kept hold; so a record with papers of its own is not merged into one without them.
    Raises `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, Right.MERGE, kept_id)
    kept, other = _patient(ledger, kept_id), _patient(ledger, merged_id)
    if kept.id == other.id:
        return SameRecord()
    if not why.strip():
        return NoReason()
    for each in (other.id, kept.id):
        visit = _under_way(ledger, each, day)
        if visit is not None:
            return UnderWay(visit)
    theirs = ledger.entitlement(other.id)
    if theirs not in {NO_PAPERS, ledger.entitlement(kept.id)}:
        return PapersStand(other)
    ledger.record(PatientsMerged(kept.id, other.id, why.strip()), act)
    return Changed(kept)


def part(
    ledger: Ledger, kept_id: UUID, merged_id: UUID, why: str, day: date, *, act: Act
) -> Changed | NoReason | UnderWay | PapersSince:
    """Undo a merge: the two were not one person. `day` is today.

    What each had before, and got since under its own name, it keeps. What was handed over meanwhile may have gone to
    either, so it counts for both from then on. Raises `NoSuchRecord` where the one was not merged into the other.
    """
    require(ledger, act, Right.MERGE, kept_id)
    merged = next((each for each in ledger.merges(kept_id) if each.merged_id == merged_id), None)
    if merged is None:
        raise NoSuchRecord(f"{merged_id} was not merged into {kept_id}.")
    if not why.strip():
        return NoReason()
    visit = _under_way(ledger, kept_id, day)
    if visit is not None:
        return UnderWay(visit)
    since = _papers_since(ledger, merged, day)
    if since is not None:
        return since
    ledger.record(MergeUndone(kept_id, merged_id, why.strip()), act)
    return Changed(_patient(ledger, merged_id))


def _under_way(ledger: Ledger, patient_id: UUID, day: date) -> Visit | None:
    visit = ledger.open_visit(patient_id, day)
    return visit if visit is not None and visit.state is not VisitState.EXPECTED else None


def _papers_since(ledger: Ledger, merged: Merge, day: date) -> PapersSince | None:
    """Return what of the papers was noted since a merge and still says something; None when nothing does."""
    before, now = _papers_at(ledger, merged), ledger.entitlement(merged.kept_id)
    amounts = tuple(each for each in now.amounts if each not in before.amounts and each.ends >= day)
    is_same = (before.groups, before.anchor, before.order_began) == (now.groups, now.anchor, now.order_began)
    return PapersSince(before, amounts) if amounts or not is_same else None


def _papers_at(ledger: Ledger, merged: Merge) -> Papers:
    """Return the papers of the record that was kept, as they were when the other was merged into it."""
    papers, amounts = NO_PAPERS, dict[tuple[str, bool, date], PaperAmount]()
    for line in ledger.record_of(merged.kept_id):
        match line.entry:
            case EntitlementNoted() as noted if noted.patient_id == merged.kept_id and line.at <= merged.at:
                papers = Papers(noted.groups, noted.anchor, noted.order_began)
            case AmountSet(amount=given) as noted if noted.patient_id == merged.kept_id and line.at <= merged.at:
                amounts[given.limit_id, given.is_waiver, given.starts] = given
    return Papers(papers.groups, papers.anchor, papers.order_began, tuple(amounts.values()))


def _patient(ledger: Ledger, patient_id: UUID) -> Patient:
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    return patient
