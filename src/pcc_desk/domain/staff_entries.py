"""What can happen to the staff and their secrets, as the journal keeps it. Which secret it is is told nowhere."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pcc_desk.domain.people import Role, SecretKind


@dataclass(frozen=True, slots=True)
class StaffLeft:
    """A member of staff may do nothing here from now on. What they did stays theirs."""

    name: ClassVar = "staff.left"
    version: ClassVar = 1
    person_id: UUID


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A member of staff has another role from now on."""

    name: ClassVar = "staff.role_given"
    version: ClassVar = 1
    person_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class SecretGiven:
    """A person's PIN or passphrase, or the recovery sheet, was made or made anew."""

    name: ClassVar = "secret.given"
    version: ClassVar = 1
    person_id: UUID
    kind: SecretKind


@dataclass(frozen=True, slots=True)
class SecretTaken:
    """A person's PIN opens nothing any more."""

    name: ClassVar = "secret.taken"
    version: ClassVar = 1
    person_id: UUID
    kind: SecretKind


@dataclass(frozen=True, slots=True)
class TriesAllowed:
    """A person's secrets, tried too often, are taken again."""

    name: ClassVar = "secret.tries_allowed"
    version: ClassVar = 1
    person_id: UUID


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """The database key is changed here: what follows is sealed by a key of this generation."""

    name: ClassVar = "key.changed"
    version: ClassVar = 1
    key_generation: int


class VaultTrouble(StrEnum):
    """What somebody did to the files that say who can open the store."""

    SLOTS_CHANGED = "slots changed"
    SLOTS_BACK = "older slots put back"
    TRIES_BACK = "older count of tries put back"


@dataclass(frozen=True, slots=True)
class VaultWanting:
    """The files that say who can open the store are not as they were left."""

    name: ClassVar = "vault.wanting"
    version: ClassVar = 1
    trouble: VaultTrouble


@dataclass(frozen=True, slots=True)
class SlotsSealed:
    """A manager looked at who can open the store, and answers for it."""

    name: ClassVar = "slots.sealed"
    version: ClassVar = 1
    reason: str


@dataclass(frozen=True, slots=True)
class GlassBroken:
    """Somebody opened the desk with the recovery sheet, in an emergency. What follows until `ends_at` is theirs."""

    name: ClassVar = "glass.broken"
    version: ClassVar = 1
    who: str
    """As they said their name was."""
    why: str
    ends_at: datetime


StaffEntry = (
    StaffLeft
    | RoleGiven
    | SecretGiven
    | SecretTaken
    | TriesAllowed
    | KeyChanged
    | VaultWanting
    | SlotsSealed
    | GlassBroken
)
