"""Who people are beyond name and card: what is known of a patient, who cares for them, who certified them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class PatientStatus(StrEnum):
    """How a patient stands with this shop."""

    ACTIVE = "active"
    PENDING = "pending"
    """Registered, and waiting for the state's card."""
    ARCHIVED = "archived"
    """Has not come for long; comes back by being made active."""
    DECEASED = "deceased"
    BANNED = "banned"
    """The shop serves them no more."""

    @property
    def is_served(self) -> bool:
        """Whether somebody of this status may be checked in and handed something."""
        return self not in {PatientStatus.DECEASED, PatientStatus.BANNED}


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of a patient, since when, and why somebody set it."""

    status: PatientStatus
    since: datetime | None = None
    why: str = ""


def standing_with(own: Standing, others: Iterable[tuple[datetime, Standing]]) -> Standing:
    """Return how a person stands whose record others were merged into, each at an instant (UTC).

    Who is not served by any record is not served, unless somebody said otherwise of the person after that merge.
    """
    if not own.status.is_served:
        return own
    holding = (each for at, each in others if own.since is None or own.since <= at)
    return next((each for each in holding if not each.status.is_served), own)


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a patient, so that they are met well. Empty: not told."""

    preferred_name: str = ""
    pronouns: str = ""
    language: str = ""
    accessibility: str = ""
    """Large print, interpreter, wheelchair, homebound."""
    address: str = ""
    email: str = ""
    contact_by: str = ""
    """How they want to be reached: telephone, text, e-mail, letter, not at all."""
    shared_contact: str = ""
    """With whom a telephone or an address is shared: nothing is said there without consent."""
    emergency_name: str = ""
    emergency_relation: str = ""
    emergency_phone: str = ""
    home_jurisdiction: str = ""
    """Of a visitor: the short code of where their card is from. Empty: at home here."""
    physician_id: UUID | None = None


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a patient was called, and when they were said to be born, until somebody changed it."""

    family_name: str
    given_name: str
    born: date
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Merge:
    """A record that was found to be of the same person as another, which is kept. Both keep their histories."""

    merged_id: UUID
    kept_id: UUID
    at: datetime
    by: UUID
    why: str


@dataclass(frozen=True, slots=True)
class Parting:
    """That two records counted as one person's from an instant to another (UTC, both included), and do not any more.

    What was handed over meanwhile may have gone to either: it counts for both.
    """

    merged_id: UUID
    kept_id: UUID
    since: datetime
    until: datetime

    def other(self, than: UUID) -> UUID:
        """Return the other of the two records."""
        return self.kept_id if than == self.merged_id else self.merged_id


@dataclass(frozen=True, slots=True)
class Caregiver:
    """Somebody who buys for patients, by a card of their own. They may be a patient too."""

    id: UUID
    family_name: str
    given_name: str
    born: date | None
    phone: str
    card_number: str
    card_expires: date
    patient_id: UUID | None = None
    """Who they are as a patient."""

    @property
    def name(self) -> str:
        """Family name first, as lists are sorted."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def full_name(self) -> str:
        """As it is said."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class CareLink:
    """For whom a caregiver may buy, from a day to a day, both included. `ends` None: until somebody ends it."""

    patient_id: UUID
    caregiver_id: UUID
    starts: date
    ends: date | None = None
    is_guardian: bool = False
    """Parent or legal guardian of a minor."""

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day; its first and its last day count."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Physician:
    """Somebody who certifies patients. `npi` is their ten-digit National Provider Identifier, empty when not known."""

    id: UUID
    name: str
    licence: str
    npi: str = ""
    practice: str = ""
    fax: str = ""
    secure_address: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a patient agreed to, or not: for one purpose, by one version of the words they were shown."""

    id: UUID
    patient_id: UUID
    purpose: str
    version: str
    is_given: bool
    day: date
    by_whom: str = ""
    """Who agreed for them: a guardian, a caregiver. Empty: the patient."""
    withdrawn_on: date | None = None
    withdrawn_why: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was given and is not withdrawn."""
        return self.is_given and self.withdrawn_on is None


def npi_fault(npi: str) -> str:
    """Return what is wrong with a National Provider Identifier, as a sentence; empty where nothing is."""
    if not _is_ten_digits(npi):
        return "An NPI has ten digits. Type it as it stands on the certification, or leave it out."
    right = npi_is_right(npi)
    return "" if right else "The check digit of this NPI is wrong: a digit is mistyped. Read it again, or leave it out."


def _is_ten_digits(npi: str) -> bool:
    return len(npi) == 10 and npi.isascii() and npi.isdecimal()


def npi_is_right(npi: str) -> bool:
    """Return whether a National Provider Identifier has the check digit that it must have.

    Ten digits, the first 1 or 2; the last makes the Luhn sum over 80840 and the ten digits a multiple of ten
    (45 CFR 162.406; ISO standard 7812, card issuer prefix 80840).
    """
    if not _is_ten_digits(npi) or npi[0] not in "12":
        return False
    total = 0
    for place, each in enumerate(reversed(f"80840{npi}")):
        doubled = int(each) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
