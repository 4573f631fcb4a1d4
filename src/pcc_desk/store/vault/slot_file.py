"""The slot file: written whole or not at all, in two copies, with a seal over all of it.

A slot that was damaged, or is of a kind that this version does not know, is kept as it is and locks nobody out.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pcc_desk.home import write_private
from pcc_desk.store.connection import SALT_BYTES
from pcc_desk.store.vault.ciphers import derived, raw, seal, text
from pcc_desk.store.vault.slots import Slot, read_slot

SLOT_FILES = ("slots.json", "slots.json.2")
FORMAT = 1


@dataclass(frozen=True, slots=True)
class VaultDamaged:
    """Neither copy of the slot file can be read, or the record beside it contradicts it."""

    reason: str


@dataclass(frozen=True, slots=True)
class SlotFile:
    """What a slot file says. `content` is all of it, the seal and the sum aside."""

    content: dict[str, Any]
    mac: bytes

    @property
    def generation(self) -> int:
        """Grows with every change of the file."""
        return int(self.content["generation"])

    @property
    def key_generation(self) -> int:
        """Grows with every change of the database key."""
        return int(self.content.get("key_generation", 1))

    @property
    def vault(self) -> str:
        """Which vault it is: what the keyring of this computer knows its secret by."""
        return str(self.content.get("vault", ""))

    @property
    def salt(self) -> bytes:
        """The salt of the database."""
        return raw(self.content["salt"])

    @property
    def is_changing_key(self) -> bool:
        """Whether a change of the database key was begun and not finished."""
        return any("next_key" in each.content for each in self.slots)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that can be read, in order."""
        return tuple(slot for each in self.content["slots"] if (slot := read_slot(each)) is not None)

    def is_sealed_by(self, key: bytes | bytearray) -> bool:
        """Whether nobody changed the file since the desk wrote it."""
        return hmac.compare_digest(self.mac, _mac(key, self.content))

    def with_slots(self, slots: list[dict[str, Any]]) -> "SlotFile":
        """Return the file with other slots, as the next generation of it."""
        return self._next(slots=slots)

    def with_next_key(self, following: bytes | bytearray, left_out: frozenset[str]) -> "SlotFile":
        """Return the file with another key sealed beside the present one, and without the slots of some persons.

        What cannot be read cannot be sealed to, and is left out: it opens nothing afterwards.
        """
        kept = [each for each in self.slots if str(each.owner.id) not in left_out]
        return self._next(slots=[{**each.content, "next_key": seal(following, each.public_key)} for each in kept])

    def with_key_changed(self) -> "SlotFile":
        """Return the file with the next key in the place of the present one."""
        slots = [
            {**{name: each.content[name] for name in each.content if name != "next_key"}, "sealed_key": following}
            for each in self.slots
            if (following := each.content.get("next_key")) is not None
        ]
        return self._next(slots=slots, key_generation=self.key_generation + 1)

    def _next(self, **changes: object) -> "SlotFile":
        return replace(self, content={**self.content, **changes, "generation": self.generation + 1})

    def written(self, key: bytes | bytearray) -> str:
        """Return the text of the file, sealed by a database key."""
        whole: dict[str, Any] = {**self.content, "mac": text(_mac(key, self.content))}
        return json.dumps({**whole, "checksum": _checksum(whole)}, indent=1, sort_keys=True)


def save(folder: Path, file: SlotFile, key: bytes | bytearray) -> None:
    """Write both copies, sealed by the database key; durable on return. Raises `OSError`."""
    content = file.written(key).encode()
    for name in SLOT_FILES:
        write_private(folder / name, content)


def load(folder: Path) -> SlotFile | VaultDamaged:
    """Return the newest copy whose sum holds; else the newest that can be read at all."""
    texts = []
    for name in SLOT_FILES:
        try:
            texts.append((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
    return parsed(*texts)


def parsed(*copies: str) -> SlotFile | VaultDamaged:
    """Return the best of some copies of a slot file."""
    readable: list[tuple[bool, int, SlotFile]] = []
    for copy in copies:
        try:
            content = json.loads(copy)
            if content["format"] > FORMAT:
                return VaultDamaged("The key slots were written by a newer version of the desk. Install that version.")
            is_sound = content.get("checksum") == _checksum(content)
            file = SlotFile(
                {name: content[name] for name in content if name not in {"mac", "checksum"}},
                raw(content["mac"]),
            )
            if len(file.salt) == SALT_BYTES:
                readable.append((is_sound, file.generation, replace(file, content=_listed(file.content))))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    if not readable:
        return VaultDamaged(
            "The key slots cannot be read: both copies are missing or damaged. Restore them from a backup."
        )
    return max(readable, key=lambda each: each[:2])[2]


def _listed(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "slots": list(content["slots"])}


def _mac(key: bytes | bytearray, content: dict[str, Any]) -> bytes:
    return hmac.digest(derived(key, "slots-mac"), json.dumps(content, sort_keys=True).encode(), "sha256")


def _checksum(content: dict[str, Any]) -> str:
    kept = {name: content[name] for name in content if name != "checksum"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
