"""The vault in the hands of somebody who has just proved who they are: secrets, and the key of the store."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.ports_secrets import SecretSeen
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.vault import (
    Attempts,
    Cost,
    Opened,
    Owner,
    Secret,
    SlotFile,
    calibrated,
    judged,
    load,
    new_passphrase,
    staffing,
    unlock,
    unlock_by_recovery,
)
from pcc_desk.store.vault.attempts import MOST_TRIES


@dataclass(slots=True)
class VaultInHand:
    """Implements `desk.ports_secrets.Vault` for an open store. End with `close`."""

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
        shop = self.store.read_now(lambda ledger: ledger.shop())
        judged(secret, kind, (name, shop.name if shop else ""))

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

    def answer_for(self, use_case: Callable[..., None], reason: str, act: Act) -> None:
        """Put on record that a manager answers for who can open the store, and seal the slot file as it stands."""
        self.store.seal_now(use_case, reason, self.store.vault_troubles, act=act)
        self.seal()

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


@dataclass(slots=True)
class SecretsAtHand:
    """Implements `desk.ports_secrets.Secrets` for an open store."""

    folder: Path
    store: EncryptedStore
    person_id: UUID
    is_by_sheet: bool = False
    """Whether the recovery sheet opened the desk, so that its code is what proves who sits there."""
    cost: Cost | None = None

    @property
    def troubles(self) -> tuple[VaultTrouble, ...]:
        """What somebody did to the files, as long as no manager answered for it."""
        return self.store.vault_troubles

    @property
    def size(self) -> int:
        """How many bytes are enciphered anew when the key changes."""
        return (self.folder / STORE_FILE).stat().st_size

    def seen(self) -> Mapping[UUID, tuple[SecretSeen, ...]]:
        """Return by what each person opens the desk; nothing where the slot file cannot be read."""
        file, attempts = load(self.folder), Attempts(self.folder)
        found: dict[UUID, tuple[SecretSeen, ...]] = {}
        for slot in file.slots if isinstance(file, SlotFile) else ():
            left = max(MOST_TRIES[slot.kind] - attempts.of(slot).wrong, 0)
            found[slot.owner.id] = (*found.get(slot.owner.id, ()), SecretSeen(slot.kind, left))
        return found

    def proposed(self) -> str:
        """Return six words that nobody chose."""
        return new_passphrase()

    async def in_hand(self, secret: str) -> VaultInHand | StaysShut:
        """Take the vault into the hand of who sits at the desk, by their secret."""
        if self.is_by_sheet:
            outcome = await asyncio.to_thread(unlock_by_recovery, self.folder, secret)
        else:
            outcome = await asyncio.to_thread(unlock, self.folder, secret, self.person_id)
        if not isinstance(outcome, Opened):
            return StaysShut(outcome.reason)
        return VaultInHand(self.folder, self.store, outcome, self.cost)
