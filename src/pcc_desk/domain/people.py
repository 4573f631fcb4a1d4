"""Patients, the cards they and their caregivers carry, and the staff who serve them."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.card_keys import card_key as card_key  # noqa: PLC0414 - it is theirs too
from pcc_desk.domain.withheld import Withheld


@dataclass(frozen=True, slots=True)
class Patient:
    """A person who is or was served here. Dates are calendar days of the shop."""

    id: UUID
    family_name: str
    given_name: str
    born: date
    phone: str = ""
    certification_expires: date | Withheld | None = None
    """None: not known. Never read as "does not lapse"."""
    certified_by: str = ""
    remarks: str = ""

    @property
    def name(self) -> str:
        """Family name first, as lists are sorted."""
        return f"{self.family_name}, {self.given_name}"


class Holder(StrEnum):
    """Whose card it is. A caregiver buys on the patient's allotment."""

    PATIENT = "patient"
    CAREGIVER = "caregiver"


@dataclass(frozen=True, slots=True)
class Card:
    """A registry card through which a patient is served. One caregiver's card may serve several patients."""

    number: str
    """As printed."""
    patient_id: UUID
    holder: Holder
    holder_name: str
    expires_on: date
    renewed_as: str = ""
    """The number of the card that replaced this one."""

    @property
    def key(self) -> str:
        """What card numbers are compared by."""
        return card_key(self.number)


class Role(StrEnum):
    """What a person does in the shop."""

    COORDINATOR = "coordinator"
    PHARMACIST = "pharmacist"
    INVENTORY = "inventory manager"
    COMPLIANCE = "compliance officer"
    MANAGER = "manager"
    RECOVERY = "recovery sheet"
    """Nobody's own: whoever opened the desk with the sheet, in an emergency."""

    @property
    def is_held(self) -> bool:
        """Whether a member of staff holds it."""
        return self is not Role.RECOVERY


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff, past or present. The id is never reused."""

    id: UUID
    name: str
    role: Role
    has_left: bool = False
    """Whether they are no longer on the staff."""


class SecretKind(StrEnum):
    """By what a person opens the desk."""

    PIN = "pin"
    """Six to twelve digits, on this computer only: worth nothing without the secret in its keyring."""
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    RECOVERY = "recovery"
    """A code on paper."""


RECOVERY_NAME = "Recovery sheet"
"""What the staff calls whoever opened the desk with it."""

THE_DESK_ITSELF = UUID(int=0)
"""Who does what the program does by itself for the shop, whoever sits at it. Nobody on the staff has this id."""


def name_key(name: str) -> str:
    """Return a name for search: no accents, no case, letters and digits with single spaces between."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


BEGINNING = 3
"""Letters of the family name by which somebody is looked for: a hand that mistypes seldom does so at once."""

OF_AGE = 18
"""At which age somebody buys for themselves where the rules name no other age: the house's rule, on the safe side."""


def age_on(born: date, day: date) -> int:
    """Return the age in whole years; on the birthday itself the year is full. 29 February turns on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
