"""What the desk needs of the files that say who can open it, as protocols."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.ports import Vault
from pcc_desk.domain.people import SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble


@dataclass(frozen=True, slots=True)
class SecretSeen:
    """By what somebody opens the desk. `tries_left`: how often it may still be tried in vain before it is off."""

    kind: SecretKind
    tries_left: int


class Secrets(Protocol):
    """Who can open the desk, and by what; and the vault itself, for whoever proves again who they are."""

    @property
    def troubles(self) -> tuple[VaultTrouble, ...]:
        """What somebody did to the files, as long as no manager answered for it."""
        ...

    @property
    def size(self) -> int:
        """How many bytes are enciphered anew when the key changes."""
        ...

    def seen(self) -> Mapping[UUID, tuple[SecretSeen, ...]]:
        """Return by what each person opens the desk, as far as the files can be read."""
        ...

    def proposed(self) -> str:
        """Return a passphrase that nobody chose."""
        ...

    async def in_hand(self, secret: str) -> Vault | StaysShut:
        """Take the vault into the hand of who sits at the desk, by their secret. The try is counted as any other."""
        ...
