"""Making a vault, and opening it with a secret."""

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.people import Person, SecretKind, name_key
from pcc_desk.home import make_private
from pcc_desk.store.connection import KEY_BYTES, SALT_BYTES
from pcc_desk.store.vault import device
from pcc_desk.store.vault.attempts import Attempts, MustWait, SlotOff, Tries
from pcc_desk.store.vault.ciphers import Cost, text
from pcc_desk.store.vault.secrets import Mistyped, judged, kind_of, normal, recovery_words
from pcc_desk.store.vault.slot_file import FORMAT, SLOT_FILES, SlotFile, VaultDamaged, load, save
from pcc_desk.store.vault.slots import Owner, Secret, Slot, burn, make_slot, open_private, sealed_keys

NOBODY_KNOWN = UUID(int=1)
"""The id of nobody: no person gets it."""


class VaultExists(DeskError):
    """The folder holds a vault already."""


@dataclass(slots=True)
class Opened:
    """The database key, in memory until `wipe`."""

    key: bytearray
    salt: bytes
    owner: Owner
    kind: SecretKind = SecretKind.PASSPHRASE
    generation: int = 1
    key_generation: int = 1
    is_whole: bool = True
    """Whether the slot file's seal holds. When not, somebody changed it, though this slot is good."""
    next_key: bytearray | None = None
    """The key that a change was begun to and not finished. The database has one or the other."""
    tries: Tries | None = None
    """What is known of earlier tries of this slot; None where they could not be counted."""

    def copy(self) -> "Opened":
        """Return the same, to be wiped apart."""
        return replace(
            self, key=bytearray(self.key), next_key=None if self.next_key is None else bytearray(self.next_key)
        )

    @property
    def failed_at(self) -> tuple[datetime, ...]:
        """When this slot was tried in vain since it last opened, in UTC."""
        return tuple(datetime.fromisoformat(each) for each in self.tries.failed_at) if self.tries else ()

    def follow(self, key_generation: int) -> None:
        """Go on with the key that the store has, where a change that was begun was finished when it opened."""
        if self.next_key is not None and key_generation > self.key_generation:
            self.key[:] = self.next_key
            self.key_generation, self.next_key = key_generation, None

    def wipe(self) -> None:
        """Forget the keys."""
        for each in (self.key, self.next_key):
            if each is not None:
                each[:] = bytes(len(each))


@dataclass(frozen=True, slots=True)
class WrongSecret:
    """No slot opens with this secret."""

    reason: str = "That is not the passphrase. Try again."


@dataclass(frozen=True, slots=True)
class SayWho:
    """Several persons have slots, and it was not said whose secret this is."""

    names: tuple[str, ...]

    @property
    def reason(self) -> str:
        """What to say."""
        return f"Say who you are: {', '.join(self.names)}."


NotOpened = WrongSecret | SayWho | MustWait | SlotOff | device.NoDeviceSecret | VaultDamaged
"""Why a vault stays shut, each with its `reason`."""


def create_vault(folder: Path, person: Person, secret: str, cost: Cost | None = None) -> Opened:
    """Make a new key and the first slot. Raises `SecretRefused` or `VaultExists`."""
    make_private(folder)
    if any((folder / name).exists() for name in SLOT_FILES):
        raise VaultExists(f"{folder} holds a shop already.")
    words = judged(secret, SecretKind.PASSPHRASE, (person.name,))
    key, salt = bytearray(os.urandom(KEY_BYTES)), os.urandom(SALT_BYTES)
    owner = Owner(person.id, person.name)
    slot = make_slot(owner, Secret(SecretKind.PASSPHRASE, words, cost or Cost()), key)
    content = {
        "format": FORMAT,
        "generation": 1,
        "key_generation": 1,
        "vault": str(uuid4()),
        "salt": text(salt),
        "slots": [slot],
    }
    save(folder, SlotFile(content, b""), key)
    return Opened(key, salt, owner)


def owners(folder: Path) -> tuple[Owner, ...]:
    """Return who has a slot, recovery sheets aside, as far as the slot file can be read while it is shut."""
    file = load(folder)
    return () if isinstance(file, VaultDamaged) else _owners(file)


def owner_named(folder: Path, name: str) -> Owner:
    """Return whose slots a name speaks of, whatever its case and accents.

    A name that nobody has stands for nobody: trying a secret for them takes as long as for another.
    """
    wanted = name_key(name)
    return next((each for each in owners(folder) if name_key(each.name) == wanted), Owner(NOBODY_KNOWN, name))


def _owners(file: SlotFile) -> tuple[Owner, ...]:
    return tuple(dict.fromkeys(each.owner for each in file.slots if each.kind is not SecretKind.RECOVERY))


def unlock(
    folder: Path, secret: str, person_id: UUID | None = None, attempts: Attempts | None = None
) -> Opened | NotOpened:
    """Open the vault with a person's secret; digits alone are a PIN. A wrong secret takes as long as a right one.

    The try is counted first. Without `person_id` it is the only person's there is.
    """
    file = load(folder)
    if isinstance(file, VaultDamaged):
        return file
    people = _owners(file)
    if person_id is None and len(people) > 1:
        return SayWho(tuple(each.name for each in people))
    whose = person_id if person_id is not None or not people else people[0].id
    kind = kind_of(secret)
    slots = [each for each in file.slots if each.owner.id == whose and each.kind is kind]
    return _tried(file, slots, normal(secret), attempts or Attempts(folder), kind)


def unlock_by_recovery(folder: Path, code: str, attempts: Attempts | None = None) -> Opened | NotOpened:
    """Open the vault with the code of a recovery sheet. A code that cannot be one is not counted as a try."""
    file = load(folder)
    if isinstance(file, VaultDamaged):
        return file
    try:
        words = recovery_words(code)
    except Mistyped as error:
        return WrongSecret(str(error))
    slots = [each for each in file.slots if each.kind is SecretKind.RECOVERY]
    outcome = _tried(file, slots, words, attempts or Attempts(folder), SecretKind.RECOVERY)
    return (
        WrongSecret("That is not the code of a recovery sheet of this shop.")
        if isinstance(outcome, WrongSecret)
        else outcome
    )


def _tried(file: SlotFile, slots: list[Slot], words: str, attempts: Attempts, kind: SecretKind) -> Opened | NotOpened:
    wrong = WrongSecret("That is not the PIN. Try again.") if kind is SecretKind.PIN else WrongSecret()
    if not slots:
        burn(_usual_cost(file))
        return wrong
    own = device.device_secret(file.vault) if kind is SecretKind.PIN else b""
    if isinstance(own, device.NoDeviceSecret):
        return own
    refused: MustWait | SlotOff | None = None
    for slot in slots:
        refused = _begun(attempts, slot)
        if refused is not None:
            continue
        private = open_private(slot, words, own)
        opened = None if private is None else _opened(file, slot, private)
        if opened is not None:
            opened.tries = _noted(attempts, slot)
            return opened
    return refused or wrong


def _begun(attempts: Attempts, slot: Slot) -> MustWait | SlotOff | None:
    """Count a try. On a disk that takes nothing a passphrase is tried uncounted: it holds by itself, a PIN does not."""
    try:
        return attempts.begin(slot)
    except OSError:
        return SlotOff(slot.kind) if slot.kind is SecretKind.PIN else None


def _noted(attempts: Attempts, slot: Slot) -> Tries | None:
    try:
        return attempts.opened(slot)
    except OSError:
        return None


def _opened(file: SlotFile, slot: Slot, private: bytes) -> Opened | None:
    key, following = sealed_keys(slot, private)
    if key is None:
        return None
    is_whole = file.is_sealed_by(key)  # a change of the key is sealed by the key before it until it is done
    return Opened(
        key,
        file.salt,
        slot.owner,
        slot.kind,
        file.generation,
        file.key_generation,
        is_whole,
        next_key=following if is_whole else None,  # anybody can seal a key of their own to what stands there in clear
    )


def _usual_cost(file: SlotFile) -> Cost:
    for slot in file.slots:
        kdf = slot.content["kdf"]
        if isinstance(kdf, dict) and isinstance(kdf.get("memory_kib"), int) and isinstance(kdf.get("passes"), int):
            cost = Cost(kdf["memory_kib"], kdf["passes"])
            if cost.memory_kib <= 1024 * 1024 and cost.passes <= 20:
                return cost
    return Cost()
