"""Giving people slots, and making a change of the key that leaves somebody out."""

import os
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.people import SecretKind
from pcc_desk.store.connection import KEY_BYTES
from pcc_desk.store.vault import device
from pcc_desk.store.vault.attempts import Attempts
from pcc_desk.store.vault.ciphers import Cost
from pcc_desk.store.vault.opening import Opened
from pcc_desk.store.vault.secrets import judged, new_recovery_code, recovery_words
from pcc_desk.store.vault.slot_file import SlotFile, VaultDamaged, load, save
from pcc_desk.store.vault.slots import Owner, Secret, Slot, make_slot


class SlotRefused(DeskError):
    """A slot cannot be made or taken away. The message says why and what to do."""


def give_secret(folder: Path, opened: Opened, owner: Owner, secret: Secret) -> None:
    """Give a person a PIN or a passphrase, in place of the one they had. `secret` is as it was typed.

    Raises `SecretRefused` or `SlotRefused`: a PIN needs a passphrase beside it, and a keyring on this computer.
    """
    file, kind = _loaded(folder, opened), secret.kind
    words = judged(secret.words, kind, (owner.name,))
    own = b""
    if kind is SecretKind.PIN:
        if not any(each.kind is SecretKind.PASSPHRASE and each.owner.id == owner.id for each in file.slots):
            raise SlotRefused(f"{owner.name} has no passphrase yet. Give them one first: a PIN alone can be lost.")
        own = _device_for(file)
    _put(folder, opened, file, make_slot(owner, replace(secret, words=words, device=own), opened.key))


def _device_for(file: SlotFile) -> bytes:
    """Return the secret of this computer, made where no PIN rests on one that is gone."""
    is_first = not any(each.kind is SecretKind.PIN for each in file.slots)
    found = device.made_device_secret(file.vault) if is_first else device.device_secret(file.vault)
    if isinstance(found, device.NoDeviceSecret):
        raise SlotRefused(found.reason.replace(device.PASSPHRASE_INSTEAD, "Passphrases work without it."))
    return found


def give_recovery(folder: Path, opened: Opened, owner: Owner, cost: Cost) -> str:
    """Make the recovery slot, in place of the one before, and return the code for the sheet. It is kept nowhere."""
    file, code = _loaded(folder, opened), new_recovery_code()
    _put(folder, opened, file, make_slot(owner, Secret(SecretKind.RECOVERY, recovery_words(code), cost), opened.key))
    return code


def take_pin(folder: Path, opened: Opened, owner_id: UUID) -> bool:
    """Take a person's PIN away; whether there was one."""
    file = _loaded(folder, opened)
    kept = [each for each in file.content["slots"] if not _is_of(each, SecretKind.PIN, owner_id)]
    if len(kept) == len(file.content["slots"]):
        return False
    save(folder, file.with_slots(kept), opened.key)
    return True


def allow_again(folder: Path, owner_id: UUID) -> int:
    """Let a person's slots be tried again that were tried too often; return how many there are."""
    attempts, slots = Attempts(folder), [each for each in _readable(folder).slots if each.owner.id == owner_id]
    for each in slots:
        attempts.allow_again(each)
    return len(slots)


def kinds_of(folder: Path) -> dict[UUID, tuple[SecretKind, ...]]:
    """Return which kinds of slot each person has."""
    found: dict[UUID, tuple[SecretKind, ...]] = {}
    for each in _readable(folder).slots:
        found[each.owner.id] = (*found.get(each.owner.id, ()), each.kind)
    return found


def mend(folder: Path, opened: Opened) -> None:
    """Write both copies of the slot file anew, as it stands, under a seal that holds."""
    file = _readable(folder)
    save(folder, file.with_slots(list(file.content["slots"])), opened.key)


def begin_key_change(folder: Path, opened: Opened, left_out: frozenset[UUID] = frozenset()) -> bytearray:
    """Seal a new database key beside the present one to everybody but those who leave, and return it.

    The first of two steps; `finish_key_change` is the second, after the database has the new key. Raises `SlotRefused`
    when nobody could open the store with a passphrase or a recovery sheet afterwards.
    """
    file = _loaded(folder, opened)
    staying = [each for each in file.slots if each.owner.id not in left_out]
    if not any(each.kind is SecretKind.PASSPHRASE for each in staying):
        raise SlotRefused("Nobody else has a passphrase: the store could not be opened any more.")
    following = bytearray(os.urandom(KEY_BYTES))
    save(folder, file.with_next_key(following, frozenset(map(str, left_out))), opened.key)
    return following


def finish_key_change(folder: Path, following: bytes | bytearray) -> None:
    """Let the new key be the only one."""
    file = _readable(folder)
    if file.is_changing_key:
        save(folder, file.with_key_changed(), following)


def recovery_slots(file: SlotFile) -> tuple[Slot, ...]:
    """Return the slots that a code on paper opens."""
    return tuple(each for each in file.slots if each.kind is SecretKind.RECOVERY)


def _put(folder: Path, opened: Opened, file: SlotFile, slot: dict[str, object]) -> None:
    owner = slot["person"]
    kind, owner_id = SecretKind(str(slot["kind"])), UUID(str(owner["id"])) if isinstance(owner, dict) else None
    kept = [each for each in file.content["slots"] if not _is_of(each, kind, owner_id)]
    save(folder, file.with_slots([*kept, slot]), opened.key)


def _is_of(content: object, kind: SecretKind, owner_id: UUID | None) -> bool:
    return (
        isinstance(content, dict)
        and content.get("kind") == kind
        and isinstance(content.get("person"), dict)
        and (kind is SecretKind.RECOVERY or content["person"].get("id") == str(owner_id))
    )


def _readable(folder: Path) -> SlotFile:
    file = load(folder)
    if isinstance(file, VaultDamaged):
        raise SlotRefused(file.reason)
    return file


def _loaded(folder: Path, opened: Opened) -> SlotFile:
    """Return the slot file to build upon. Raises `SlotRefused` when somebody else changed it: it is not sealed anew."""
    file = _readable(folder)
    if not file.is_sealed_by(opened.key):
        raise SlotRefused(
            "Somebody changed who can open the store. Run pcc-desk staff list, and answer for it: pcc-desk staff seal."
        )
    if file.is_changing_key:
        raise SlotRefused("A change of the key was begun and not finished. Open the desk once, which finishes it.")
    return file
