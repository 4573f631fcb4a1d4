"""The vault: a random database key, sealed to the people who may open the store.

    secret --argon2id--> wraps the person's X25519 private key --opens--> the database key, sealed to its public half

So a person can be taken out, and the key changed, without anybody else's secret. The slot file is written whole or not
at all, in two copies; a slot of a kind that this version does not know is kept as it is.
"""

import base64
import hashlib
import hmac
import json
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.people import Person, Role
from pcc_desk.home import make_private, write_private
from pcc_desk.store.connection import KEY_BYTES, SALT_BYTES

SLOT_FILES = ("slots.json", "slots.json.2")
FORMAT = 1
SHORTEST_PASSPHRASE = 15

MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 2
WEAKEST = (64 * 1024, 3)
"""A slot that asks for less was tampered with."""
HEAVIEST = (4 * 1024 * 1024, 20)
"""A slot that asks for more would stop the program."""


class SecretTooShort(DeskError):
    """A passphrase is not long enough."""


class VaultExists(DeskError):
    """The folder holds a vault already."""


@dataclass(slots=True)
class Opened:
    """The database key, in memory until `wipe`."""

    key: bytearray
    salt: bytes
    person: Person
    generation: int
    is_whole: bool
    """Whether the slot file's seal holds. When not, somebody changed it, though this slot is good."""

    def wipe(self) -> None:
        """Forget the key."""
        self.key[:] = bytes(len(self.key))


@dataclass(frozen=True, slots=True)
class WrongSecret:
    """No slot opens with this secret."""

    reason: str = "That is not the passphrase. Try again."


@dataclass(frozen=True, slots=True)
class VaultDamaged:
    """Neither copy of the slot file can be read."""

    reason: str


def create_vault(folder: Path, person: Person, secret: str) -> Opened:
    """Make a new key and the first slot. Raises `SecretTooShort` or `VaultExists`."""
    make_private(folder)
    if any((folder / name).exists() for name in SLOT_FILES):
        raise VaultExists(f"{folder} holds a shop already.")
    words = _normal(secret)
    if len(words) < SHORTEST_PASSPHRASE:
        raise SecretTooShort(
            f"A passphrase has at least {SHORTEST_PASSPHRASE} characters; this one has {len(words)}. Take a few words."
        )
    key, salt = bytearray(os.urandom(KEY_BYTES)), os.urandom(SALT_BYTES)
    _save(folder, key, salt, 1, [_make_slot(person, words, key)])
    return Opened(key, salt, person, 1, is_whole=True)


def warm_up() -> None:
    """Have the ciphers load what they load at their first use, on a key that is thrown away."""
    _sealed(bytearray(KEY_BYTES), X25519PrivateKey.generate().public_key().public_bytes_raw())


def people(folder: Path) -> tuple[Person, ...]:
    """Return who has a slot, as far as the slot file can be read while it is shut."""
    content = _load(folder)
    return () if isinstance(content, VaultDamaged) else tuple(_person(each) for each in _slots(content))


def unlock(folder: Path, secret: str, person_id: UUID | None = None) -> Opened | WrongSecret | VaultDamaged:
    """Open the vault with a person's secret. Takes as long for a wrong secret as for a right one."""
    content = _load(folder)
    if isinstance(content, VaultDamaged):
        return content
    words = _normal(secret)
    for slot in _slots(content):
        person = _person(slot)
        if person_id not in {None, person.id}:
            continue
        key = _open_slot(slot, words)
        if key is not None:
            is_whole = hmac.compare_digest(_bytes(content["mac"]), _mac(key, content))
            return Opened(key, _bytes(content["salt"]), person, content["generation"], is_whole)
    return WrongSecret()


def derived(key: bytes | bytearray, purpose: str) -> bytes:
    """Return a key for one purpose, from which the database key cannot be told."""
    return HKDF(hashes.SHA256(), 32, None, b"pcc-desk " + purpose.encode()).derive(bytes(key))


def _normal(secret: str) -> str:
    return unicodedata.normalize("NFKC", secret)


def _text(raw: bytes | bytearray) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _person(slot: dict[str, Any]) -> Person:
    return Person(UUID(slot["person"]["id"]), slot["person"]["name"], Role(slot["person"]["role"]))


def _stretched(words: str, kdf: dict[str, Any]) -> bytes | None:
    """Return the key that wraps a private key; None when the slot asks for a cost that is not ours."""
    cost = (kdf["memory_kib"], kdf["passes"])
    if kdf["alg"] != "argon2id" or not all(
        low <= it <= high for low, it, high in zip(WEAKEST, cost, HEAVIEST, strict=True)
    ):
        return None
    raw = hash_secret_raw(words.encode(), _bytes(kdf["salt"]), cost[1], cost[0], kdf["lanes"], 32, Type.ID)
    return derived(raw, "slot")


def _make_slot(person: Person, words: str, key: bytearray) -> dict[str, Any]:

    private = X25519PrivateKey.generate()
    kdf = {
        "alg": "argon2id",
        "memory_kib": MEMORY_KIB,
        "passes": PASSES,
        "lanes": LANES,
        "salt": _text(os.urandom(16)),
    }
    slot: dict[str, Any] = {
        "id": str(person.id),
        "kind": "passphrase",
        "person": {"id": str(person.id), "name": person.name, "role": person.role.value},
        "kdf": kdf,
        "public_key": _text(private.public_key().public_bytes_raw()),
    }
    wrapping = _stretched(words, kdf)
    if wrapping is None:
        raise ValueError("the cost of a new slot is out of bounds")
    nonce = os.urandom(12)
    wrapped = ChaCha20Poly1305(wrapping).encrypt(nonce, private.private_bytes_raw(), _bound(slot))
    slot["private_key"] = {"nonce": _text(nonce), "text": _text(wrapped)}
    slot["sealed_key"] = _sealed(key, private.public_key().public_bytes_raw())
    return slot


def _bound(slot: dict[str, Any]) -> bytes:
    """Return what a slot's wrapping is bound to: its cost, its person, its public key."""
    bound = {name: slot[name] for name in ("id", "kind", "person", "kdf", "public_key")}
    return json.dumps(bound, sort_keys=True).encode()


def _sealed(key: bytearray, public: bytes) -> dict[str, str]:

    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    sender = once.public_key().public_bytes_raw()
    text = ChaCha20Poly1305(derived(shared + sender + public, "seal")).encrypt(bytes(12), bytes(key), None)
    return {"sender": _text(sender), "text": _text(text)}


def _open_slot(slot: dict[str, Any], words: str) -> bytearray | None:
    """Return the database key when the slot is sound and the secret is right."""
    try:
        wrapping = _stretched(words, slot["kdf"])
        if wrapping is None:
            return None
        wrapped = slot["private_key"]
        raw = ChaCha20Poly1305(wrapping).decrypt(_bytes(wrapped["nonce"]), _bytes(wrapped["text"]), _bound(slot))
        sender, public = _bytes(slot["sealed_key"]["sender"]), _bytes(slot["public_key"])
        shared = X25519PrivateKey.from_private_bytes(raw).exchange(X25519PublicKey.from_public_bytes(sender))
        opening = ChaCha20Poly1305(derived(shared + sender + public, "seal"))
        key = bytearray(opening.decrypt(bytes(12), _bytes(slot["sealed_key"]["text"]), None))
    except (InvalidTag, HashingError, KeyError, OverflowError, TypeError, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _mac(key: bytes | bytearray, content: dict[str, Any]) -> bytes:
    kept = {name: content[name] for name in content if name not in {"mac", "checksum"}}
    return hmac.digest(derived(key, "slots-mac"), json.dumps(kept, sort_keys=True).encode(), "sha256")


def _checksum(content: dict[str, Any]) -> str:
    kept = {name: content[name] for name in content if name != "checksum"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _save(folder: Path, key: bytearray, salt: bytes, generation: int, slots: list[dict[str, Any]]) -> None:
    content: dict[str, Any] = {"format": FORMAT, "generation": generation, "salt": _text(salt), "slots": slots}
    content["mac"] = _text(_mac(key, content))
    content["checksum"] = _checksum(content)
    for name in SLOT_FILES:
        write_private(folder / name, json.dumps(content, indent=1, sort_keys=True).encode())


def _slots(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the slots that this version can read; of another kind or damaged, one does not lock out the others."""
    found = []
    for slot in content["slots"]:
        try:
            _person(slot)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if slot.get("kind") == "passphrase":
            found.append(slot)
    return found


def _load(folder: Path) -> dict[str, Any] | VaultDamaged:
    """Return the newest copy whose checksum holds; else the newest that can be read at all."""
    readable: list[tuple[bool, int, dict[str, Any]]] = []
    for name in SLOT_FILES:
        try:
            content = json.loads((folder / name).read_text(encoding="utf-8"))
            if content["format"] > FORMAT:
                return VaultDamaged(f"{name} was written by a newer version of the desk. Install that version.")
            _bytes(content["salt"]), _bytes(content["mac"]), list(content["slots"])
            is_sound = content.get("checksum") == _checksum(content)
            readable.append((is_sound, int(content["generation"]), content))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    if not readable:
        return VaultDamaged(
            "The key slots cannot be read: both copies are missing or damaged. Restore them from a backup."
        )
    return max(readable, key=lambda each: each[:2])[2]
