"""What the desk needs of the files that say who can open it, as protocols."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from pcc_desk.desk.door import StaysShut
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble


class Vault(Protocol):
    """The vault of an open store, in the hands of somebody who has just proved who they are.

    What it does takes a while: secrets are stretched, and with the key the whole store is enciphered anew.
    """

    def kinds(self) -> Mapping[UUID, tuple[SecretKind, ...]]:
        """Return by what each person opens the desk."""
        ...

    def judge(self, name: str, kind: SecretKind, secret: str) -> None:
        """Raise a `DeskError` with a sentence unless a secret is fit for somebody of that name."""
        ...

    def give_secret(self, person: Person, kind: SecretKind, secret: str) -> None:
        """Give somebody a PIN or a passphrase, in place of the one they had."""
        ...

    def new_sheet(self, recovery: Person) -> str:
        """Make the recovery sheet anew and return its code. The one before opens nothing any more."""
        ...

    def take_pin(self, person_id: UUID) -> bool:
        """Take a person's PIN away; whether there was one."""
        ...

    def allow_again(self, person_id: UUID) -> None:
        """Let a person's secrets be tried again that were tried too often."""
        ...

    def change_key(self, act: Act, left_out: frozenset[UUID] = frozenset()) -> None:
        """Change the key of the store, leaving persons out. The vault is not in hand after it."""
        ...

    def answer_for(self, use_case: Callable[..., None], reason: str, act: Act) -> None:
        """Run the use case by which a manager answers for who can open the store, and write the files anew."""
        ...

    def left_behind(self, left: frozenset[UUID]) -> frozenset[UUID]:
        """Return who of those who left can open the store still."""
        ...

    def close(self) -> None:
        """Forget the key."""
        ...


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
