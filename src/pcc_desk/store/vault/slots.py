"""A slot: one person's way to the database key.

    secret --argon2id--> wraps the person's X25519 private key --opens--> the database key, sealed to its public half

So a person can be taken out, and the key changed, without anybody else's secret.
"""

import json
import os
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from argon2.exceptions import HashingError
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pcc_desk.domain.people import SecretKind
from pcc_desk.store.vault.ciphers import Cost, derived, described, raw, seal, stretched, text, unseal, unwrap, wrap

UNREADABLE = (AttributeError, HashingError, KeyError, OverflowError, TypeError, ValueError)
"""What reading a slot that somebody or something touched may raise."""

_BOUND = ("id", "kind", "person", "kdf", "public_key")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose slot it is. What they may do is on record in the store, not here."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot that this version can read. `content` is what the slot file holds of it."""

    id: UUID
    kind: SecretKind
    owner: Owner
    content: dict[str, Any]

    @property
    def public_key(self) -> bytes:
        """The half to which keys are sealed."""
        return raw(self.content["public_key"])

    @property
    def salt(self) -> str:
        """What tells this slot from one of the same person that was made anew."""
        return str(self.content["kdf"]["salt"])


def read_slot(content: Any) -> Slot | None:
    """Return a slot; None when it cannot be read or is of a kind that this version does not know."""
    try:
        person = content["person"]
        slot = Slot(
            UUID(content["id"]), SecretKind(content["kind"]), Owner(UUID(person["id"]), str(person["name"])), content
        )
        return slot if len(slot.public_key) == 32 and slot.salt else None
    except UNREADABLE:
        return None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that was judged, and what it costs to try it."""

    kind: SecretKind
    words: str
    cost: Cost
    device: bytes = b""
    """The secret of this computer, which a PIN needs."""


def make_slot(owner: Owner, secret: Secret, key: bytes | bytearray) -> dict[str, Any]:
    """Return a new slot, to which the database key is sealed."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    slot: dict[str, Any] = {
        "id": str(uuid4()),
        "kind": secret.kind.value,
        "person": {"id": str(owner.id), "name": owner.name},
        "kdf": described(secret.cost),
        "public_key": text(public),
    }
    wrapping = _wrapping(slot, secret.words, secret.device)
    if wrapping is None:
        raise ValueError("the cost of a new slot is out of bounds")
    slot["private_key"] = wrap(private.private_bytes_raw(), wrapping, _bound(slot))
    slot["sealed_key"] = seal(key, public)
    return slot


def open_private(slot: Slot, words: str, device: bytes = b"") -> bytes | None:
    """Return the private key of a slot; None when the secret is wrong or the slot was touched."""
    try:
        wrapping = _wrapping(slot.content, words, device)
        private = None if wrapping is None else unwrap(slot.content["private_key"], wrapping, _bound(slot.content))
    except UNREADABLE:
        return None
    return None if private is None else bytes(private)


def sealed_keys(slot: Slot, private: bytes) -> tuple[bytearray | None, bytearray | None]:
    """Return the database key and, while it is being changed, the next one."""
    following = slot.content.get("next_key")
    key = unseal(slot.content.get("sealed_key", {}), private)
    return key, None if following is None else unseal(following, private)


def burn(cost: Cost) -> None:
    """Take as long as trying a secret takes, where there is nothing to try it on."""
    stretched("a secret of nobody", {**described(cost), "salt": text(os.urandom(16))})


def _wrapping(slot: dict[str, Any], words: str, device: bytes) -> bytes | None:
    own = stretched(words, slot["kdf"])
    if own is None:
        return None
    return derived(own, "slot") if slot["kind"] != SecretKind.PIN else derived(own + device, "pin slot")


def _bound(slot: dict[str, Any]) -> bytes:
    """Return what a slot's wrapping is bound to: its cost, its person, its public key."""
    return json.dumps({name: slot[name] for name in _BOUND}, sort_keys=True).encode()
