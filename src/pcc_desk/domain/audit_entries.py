"""What is on record although it changes nothing a patient is served by: who looked, searched, came in, left, took out.

None of these holds what was typed or shown, only of which kind it was. The rules of `domain.entries` hold here as well.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

NOBODY = UUID(int=1)
"""By whom an act is when it cannot be told: a sign-in that failed before anybody said who they are."""


class Sight(StrEnum):
    """What of a patient was looked at."""

    ALLOTMENT = "allotment"
    PAPERS = "papers"
    CHECK_IN = "check-in"
    DISCLOSURES = "disclosures"


class Typed(StrEnum):
    """By what kind of thing somebody was looked for."""

    NAME = "name"
    CARD = "card"
    BIRTH_DATE = "birth date"
    LICENCE = "licence"


class AnchorState(StrEnum):
    """What became of the mark that is kept beside the store."""

    MISSING = "missing"
    UNSOUND = "unsound"


@dataclass(frozen=True, slots=True)
class RecordLookedAt:
    """Somebody looked at a part of a patient's record other than the chart."""

    name: ClassVar = "record.looked_at"
    version: ClassVar = 1
    patient_id: UUID
    sight: Sight


@dataclass(frozen=True, slots=True)
class PatientsSearched:
    """Somebody looked for patients: by what kind of thing, and how many were shown. Never what was typed."""

    name: ClassVar = "patients.searched"
    version: ClassVar = 1
    typed: Typed
    found: int


@dataclass(frozen=True, slots=True)
class PatientsListed:
    """A list of many patients was drawn up, such as of those who have little left."""

    name: ClassVar = "patients.listed"
    version: ClassVar = 1
    what: str
    found: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody proved who they are, after so many tries that failed since the time before. `where`: desk, command."""

    name: ClassVar = "person.signed_in"
    version: ClassVar = 1
    where: str
    failed_before: int


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """A secret was tried that was not right. The act's time is that of the try, its person the one it was tried for."""

    name: ClassVar = "sign_in.failed"
    version: ClassVar = 1
    where: str


@dataclass(frozen=True, slots=True)
class DeskLocked:
    """The desk was shut. `why`: key, idle, suspend, hang-up, switch, left; empty where it is not told."""

    name: ClassVar = "desk.locked"
    version: ClassVar = 1
    why: str


@dataclass(frozen=True, slots=True)
class TrailLookedAt:
    """Somebody looked at the record of who did what: of all, or of one patient."""

    name: ClassVar = "trail.looked_at"
    version: ClassVar = 1
    patient_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReviewSigned:
    """A person has reviewed what happened. The entries from `first` to `last` are what they answer for.

    `digest` is over every anomaly that was shown; with the seal of this entry it binds the name to what was reviewed.
    """

    name: ClassVar = "review.signed"
    version: ClassVar = 1
    first: int
    last: int
    since: datetime
    until: datetime
    anomalies: int
    digest: str
    meaning: str = "reviewed"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Something of a patient was given to somebody outside treatment, payment and the shop's own work.

    `corrects` is the earlier disclosure that this one says better. Neither is ever changed.
    """

    name: ClassVar = "disclosure.made"
    version: ClassVar = 1
    disclosure_id: UUID
    patient_id: UUID
    made_on: date
    recipient: str
    address: str
    what: str
    purpose: str
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class DisclosuresTold:
    """The list of a patient's disclosures left the desk. `where` says how: printed, written out."""

    name: ClassVar = "disclosures.told"
    version: ClassVar = 1
    patient_id: UUID
    where: str


@dataclass(frozen=True, slots=True)
class AnchorWanting:
    """The mark of how far the journal had come was not there, or was not ours."""

    name: ClassVar = "anchor.wanting"
    version: ClassVar = 1
    state: AnchorState
    where: str = ""
    """Where else than beside the store: "keyring"."""


@dataclass(frozen=True, slots=True)
class RollBackExplained:
    """The journal was found behind its mark, or beside it, and a person answers for that.

    `known_seq` and `known_seal` are of the mark, `found_seq` and `found_seal` of the journal as it was found.
    """

    name: ClassVar = "roll_back.explained"
    version: ClassVar = 1
    known_seq: int
    known_seal: str
    found_seq: int
    found_seal: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoreRestored:
    """A copy was put in the place of the store. Its last entry is `copy_seq`; this one comes next.

    `left_seq` and `left_seal` are how far the journal had come that was given up for it, as its mark said; zero and
    empty where no mark was left. `copy` is the name of the copy's file.
    """

    name: ClassVar = "store.restored"
    version: ClassVar = 1
    copy: str
    made_at: datetime
    copy_seq: int
    copy_seal: str
    left_seq: int
    left_seal: str


AuditEntry = (
    RecordLookedAt
    | PatientsSearched
    | PatientsListed
    | SignedIn
    | SignInFailed
    | DeskLocked
    | TrailLookedAt
    | ReviewSigned
    | Disclosed
    | DisclosuresTold
    | AnchorWanting
    | RollBackExplained
    | StoreRestored
)
