"""What the journal's entries tell of who did what to whom: no more than that, and no value of any field."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, assert_never
from uuid import UUID

from pcc_desk.domain import audit_entries as audited
from pcc_desk.domain import closing_entries as closed
from pcc_desk.domain import entries as happened
from pcc_desk.domain import people_entries as known
from pcc_desk.domain import staff_entries as staffed
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.backups import BackupFailed, BackupMade, BackupNotProved, BackupProved, BackupsRemoved
from pcc_desk.domain.entries import Entry
from pcc_desk.domain.people import Patient
from pcc_desk.domain.pos_entries import ColumnsSaid
from pcc_desk.domain.registry import CardNotFound, RegistryStanding, Verification
from pcc_desk.domain.visit_entries import AppointmentMoved, BriefPrinted, MorningChecked, MorningsExplained

DONE, FAILED, DENIED = "done", "failed", "denied"


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry tells. `changed` are names of fields, in their order; empty where nothing was changed."""

    act: str
    """The stable name of the kind of entry."""
    patient_id: UUID | None = None
    outcome: str = DONE
    changed: tuple[str, ...] = ()


def told_of(entry: Entry) -> Told:
    """Return what an entry tells of who did what to whom."""
    return Told(entry.name, patient_of(entry), _outcome(entry), _changed(entry))


def patient_of(entry: Entry) -> UUID | None:  # noqa: PLR0911 - one way for each shape
    """Return the patient whom an entry is about; None where it is about none, or about many."""
    match entry:
        case happened.PatientRegistered() | known.PatientChanged():
            return entry.patient.id
        case happened.VisitBooked() | happened.PatientCheckedIn():
            return entry.visit.patient_id
        case happened.StandingAsked():
            return entry.verification.patient_id
        case happened.DispensationRecorded():
            return entry.dispensation.patient_id
        case happened.DispensationCorrected() | happened.DispensationVoided():
            return entry.amendment.patient_id
        case happened.HoldPlaced():
            return entry.hold.patient_id
        case (
            happened.VisitMoved()
            | happened.ChartOpened()
            | happened.SheetPrinted()
            | happened.NoteSigned()
            | happened.DraftKept()
            | happened.FormKept()
            | happened.PostingMoved()
            | happened.EntitlementNoted()
            | happened.AmountSet()
            | happened.HoldClosed()
            | happened.ActDenied()
            | audited.RecordLookedAt()
            | audited.TrailLookedAt()
            | audited.Disclosed()
            | audited.DisclosuresTold()
            | AppointmentMoved()
            | known.CardNoted()
            | known.PatientStatusSet()
            | known.DetailsNoted()
            | known.PatientsMerged()
            | known.MergeUndone()
            | known.CaregiverLinked()
            | known.PhysicianNoted()
            | known.ConsentNoted()
            | known.ConsentWithdrawn()
            | known.IntakeBegun()
            | known.IntakeAnswered()
            | known.AlarmAcknowledged()
            | known.IntakeVerified()
            | known.RequestNoted()
            | known.RequestSettled()
            | known.RecordGiven()
        ):
            return entry.patient_id
        case (
            happened.ShopOpened()
            | happened.StaffAdded()
            | staffed.StaffLeft()
            | staffed.RoleGiven()
            | staffed.SecretGiven()
            | staffed.SecretTaken()
            | staffed.TriesAllowed()
            | staffed.KeyChanged()
            | staffed.GlassBroken()
            | staffed.VaultWanting()
            | staffed.SlotsSealed()
            | happened.ProofFailed()
            | happened.KeysKept()
            | happened.StockRead()
            | happened.PackageTyped()
            | happened.DayCompared()
            | happened.RulesTakenUp()
            | happened.RulesAcknowledged()
            | happened.RulesConfirmed()
            | happened.OutageBegan()
            | happened.OutageNoted()
            | happened.OutageEnded()
            | happened.OutageReviewed()
            | happened.OutageSheetGiven()
            | happened.ExceptionAnnounced()
            | happened.ExceptionWithdrawn()
            | audited.PatientsSearched()
            | audited.PatientsListed()
            | audited.SignedIn()
            | audited.SignInFailed()
            | audited.DeskLocked()
            | audited.ReviewSigned()
            | audited.AnchorWanting()
            | audited.RollBackExplained()
            | audited.StoreRestored()
            | closed.FindingDecided()
            | closed.DaySigned()
            | closed.PacketWritten()
            | closed.ShelvesCompared()
            | closed.DaySheetPrinted()
            | ColumnsSaid()
            | known.CaregiverKept()
            | known.PhysicianKept()
            | known.PatientColumnsSaid()
            | BackupMade()
            | BackupFailed()
            | BackupProved()
            | BackupNotProved()
            | BackupsRemoved()
            | MorningChecked()
            | MorningsExplained()
            | BriefPrinted()
        ):
            return None
    assert_never(entry)


def _outcome(entry: Entry) -> str:  # noqa: C901, PLR0911, PLR0912 - one way for each
    """Return how it came out, in words of ours only."""
    match entry:
        case happened.StandingAsked():
            return _answered(entry.verification)
        case happened.PostingMoved():
            return entry.state.value
        case happened.VisitMoved():
            return entry.state.value
        case audited.SignInFailed() | happened.ProofFailed() | BackupFailed() | BackupNotProved():
            return FAILED
        case happened.ActDenied():
            return DENIED
        case audited.AnchorWanting():
            return entry.state.value
        case audited.PatientsSearched():
            return f"{entry.found} found by {entry.typed}"
        case audited.PatientsListed():
            return f"{entry.found} listed"
        case audited.RecordLookedAt():
            return entry.sight.value
        case staffed.SecretGiven() | staffed.SecretTaken():
            return entry.kind.value
        case staffed.VaultWanting():
            return entry.trouble.value
        case staffed.RoleGiven():
            return entry.role.value
        case closed.FindingDecided():
            return entry.decided.decision.value
        case closed.DaySigned():
            return entry.signature.role.value
        case known.PatientStatusSet():
            return entry.status.value
        case known.RequestSettled():
            return entry.outcome.value
        case audited.ReviewSigned():
            return f"{entry.anomalies} shown"
    return DONE


def _answered(verification: Verification) -> str:
    match verification.answer:
        case Unanswered():
            return "no answer"
        case RegistryStanding():
            return "answered"
        case CardNotFound():
            return "card not found"
    return "answered"


UNCHANGING = (
    happened.ChartOpened,
    happened.SheetPrinted,
    happened.OutageSheetGiven,
    happened.ActDenied,
    happened.ProofFailed,
    audited.RecordLookedAt,
    audited.PatientsSearched,
    audited.PatientsListed,
    audited.SignedIn,
    audited.SignInFailed,
    audited.DeskLocked,
    audited.TrailLookedAt,
    audited.DisclosuresTold,
    audited.AnchorWanting,
    closed.PacketWritten,
    closed.ShelvesCompared,
    closed.DaySheetPrinted,
    known.AlarmAcknowledged,
    known.RecordGiven,
    BackupMade,
    BackupFailed,
    BackupProved,
    BackupNotProved,
    BackupsRemoved,
    MorningChecked,
    MorningsExplained,
    BriefPrinted,
)
"""What changes nothing: somebody looked, came, went, or took something along."""


def _changed(entry: Entry) -> tuple[str, ...]:
    """Return the names of the fields that an entry sets, without the ids that say whose they are."""
    if isinstance(entry, UNCHANGING):
        return ()
    if isinstance(entry, known.PatientChanged):
        return _names(Patient)
    if isinstance(entry, happened.PatientRegistered):
        return _names(Patient) + (("cards",) if entry.cards else ())
    kind: Any = type(entry)
    return _names(kind)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in IDS)


IDS = frozenset(
    {
        "id",
        "patient_id",
        "visit_id",
        "person_id",
        "dispensation_id",
        "amendment_id",
        "disclosure_id",
        "merged_id",
        "intake_id",
        "consent_id",
        "request_id",
    }
)
"""Fields that say whose or which, and are never changed."""
