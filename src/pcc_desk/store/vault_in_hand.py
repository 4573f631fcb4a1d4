"""The vault in the hands of somebody who has just proved who they are: secrets, and the key of the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, SecretKind
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Cost, Opened, Owner, Secret, SlotFile, calibrated, judged, load, staffing


@dataclass(slots=True)
class VaultInHand:
    """Implements `desk.ports.Vault` for an open store. End with `close`."""

    folder: Path
    store: EncryptedStore
    opened: Opened
    cost: Cost | None = None
    """What it costs to try a secret that is given from now on; None: as much as this computer bears."""

    def kinds(self) -> Mapping[UUID, tuple[SecretKind, ...]]:
        """Return by what each person opens the desk."""
        return staffing.kinds_of(self.folder)

    def judge(self, name: str, kind: SecretKind, secret: str) -> None:
        """Raise `SecretRefused` unless a secret is fit for somebody."""
        judged(secret, kind, (name,))

    def give_secret(self, person: Person, kind: SecretKind, secret: str) -> None:
        """Give somebody a PIN or a passphrase, in place of the one they had. Raises `SecretRefused`, `SlotRefused`."""
        owner = Owner(person.id, person.name)
        staffing.give_secret(self.folder, self.opened, owner, Secret(kind, secret, self.cost or calibrated()))
        self._remember()

    def new_sheet(self, recovery: Person) -> str:
        """Make the recovery sheet anew and return its code. The one before opens nothing any more."""
        code = staffing.give_recovery(
            self.folder, self.opened, Owner(recovery.id, recovery.name), self.cost or calibrated()
        )
        self._remember()
        return code

    def take_pin(self, person_id: UUID) -> bool:
        """Take a person's PIN away; whether there was one."""
        had = staffing.take_pin(self.folder, self.opened, person_id)
        self._remember()
        return had

    def allow_again(self, person_id: UUID) -> None:
        """Let a person's secrets be tried again that were tried too often."""
        staffing.allow_again(self.folder, person_id)

    def change_key(self, act: Act, left_out: frozenset[UUID] = frozenset()) -> None:
        """Change the key of the store, leaving persons out. It can be done once: the vault is not in hand after it.

        Raises `SlotRefused` before anything was done when nobody could open the store afterwards.
        """
        following = staffing.begin_key_change(self.folder, self.opened, left_out)
        self.store.change_key(self.opened, following, act)
        self._remember()

    def seal(self) -> None:
        """Write the slot file anew as it stands, under a seal that holds."""
        staffing.mend(self.folder, self.opened)
        self._remember()

    def _remember(self) -> None:
        file = load(self.folder)
        if isinstance(file, SlotFile):
            self.store.keep_generation(file.generation)

    def left_behind(self, left: frozenset[UUID]) -> frozenset[UUID]:
        """Return who of those who left has a slot still: their leaving was not finished."""
        return left & self.kinds().keys()

    def close(self) -> None:
        """Forget the key."""
        self.opened.wipe()
