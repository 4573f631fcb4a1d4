"""The ciphers of the vault: stretching a secret, deriving a key for one purpose, sealing to a public key."""

import base64
import os
import time
from dataclasses import dataclass
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pcc_desk.store.connection import KEY_BYTES

WEAKEST = (64 * 1024, 3)
"""KiB and passes. A slot that asks for less was tampered with."""
HEAVIEST = (4 * 1024 * 1024, 20)
"""A slot that asks for more would stop the program."""
MEMORIES_KIB = (256 * 1024, 128 * 1024, 64 * 1024)
LANES = 2
LEAST_S, MOST_S = 0.4, 0.6
"""For how long a secret is stretched on the shop's own computer."""

Sealed = dict[str, str]
"""A key that only the holder of a private key can read: the sender's public half and the text, both base64."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs to try a secret."""

    memory_kib: int = WEAKEST[0]
    passes: int = WEAKEST[1]


def text(raw: bytes | bytearray) -> str:
    """Return bytes as base64."""
    return base64.b64encode(raw).decode()


def raw(told: str) -> bytes:
    """Return the bytes of base64 text. Raises `ValueError`."""
    return base64.b64decode(told, validate=True)


def derived(key: bytes | bytearray, purpose: str) -> bytes:
    """Return a key for one purpose, from which the other cannot be told."""
    return HKDF(hashes.SHA256(), 32, None, b"pcc-desk " + purpose.encode()).derive(bytes(key))


def described(cost: Cost) -> dict[str, Any]:
    """Return how a secret is to be stretched, with a salt of its own, as a slot keeps it."""
    return {
        "alg": "argon2id",
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": LANES,
        "salt": text(os.urandom(16)),
    }


def stretched(words: str, kdf: dict[str, Any]) -> bytes | None:
    """Return what a secret comes to; None when the description asks for a cost that is not ours."""
    cost = (kdf["memory_kib"], kdf["passes"])
    if kdf["alg"] != "argon2id" or not all(
        low <= it <= high for low, it, high in zip(WEAKEST, cost, HEAVIEST, strict=True)
    ):
        return None
    return hash_secret_raw(words.encode(), raw(kdf["salt"]), cost[1], cost[0], kdf["lanes"], 32, Type.ID)


def calibrated() -> Cost:
    """Return the cost that takes this computer between 0.4 and 0.6 s, with as much memory as that allows.

    Where even the least takes longer it is taken all the same: less is not safe.
    """
    for memory in MEMORIES_KIB:
        passes = WEAKEST[1]
        took = _seconds(Cost(memory, passes))
        if took <= MOST_S:
            while took < LEAST_S and passes < HEAVIEST[1]:
                took, passes = took * (passes + 1) / passes, passes + 1
            return Cost(memory, passes)
    return Cost()


def _seconds(cost: Cost) -> float:
    began = time.perf_counter()
    stretched("a secret of nobody", described(cost))
    return time.perf_counter() - began


def seal(key: bytes | bytearray, public: bytes) -> Sealed:
    """Return a key that only the holder of the private half of `public` can read."""
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    sender = once.public_key().public_bytes_raw()
    sealed = ChaCha20Poly1305(derived(shared + sender + public, "seal")).encrypt(bytes(12), bytes(key), None)
    return {"sender": text(sender), "text": text(sealed)}


def unseal(sealed: Sealed, private: bytes) -> bytearray | None:
    """Return a key that was sealed to the public half of `private`; None when it was not, or was touched."""
    try:
        own = X25519PrivateKey.from_private_bytes(private)
        sender, public = raw(sealed["sender"]), own.public_key().public_bytes_raw()
        shared = own.exchange(X25519PublicKey.from_public_bytes(sender))
        opening = ChaCha20Poly1305(derived(shared + sender + public, "seal"))
        key = bytearray(opening.decrypt(bytes(12), raw(sealed["text"]), None))
    except (InvalidTag, KeyError, TypeError, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def wrap(key: bytes | bytearray, under: bytes | bytearray, bound: bytes) -> Sealed:
    """Return a key enciphered under another; `bound` is what it belongs to, and is needed to read it."""
    nonce = os.urandom(12)
    return {"nonce": text(nonce), "text": text(ChaCha20Poly1305(bytes(under)).encrypt(nonce, bytes(key), bound))}


def unwrap(wrapped: Sealed, under: bytes | bytearray, bound: bytes) -> bytearray | None:
    """Return a key that was wrapped so; None when it was not, or was touched."""
    try:
        opening = ChaCha20Poly1305(bytes(under))
        return bytearray(opening.decrypt(raw(wrapped["nonce"]), raw(wrapped["text"]), bound))
    except (InvalidTag, KeyError, TypeError, ValueError):
        return None


def warm_up() -> None:
    """Have the ciphers load what they load at their first use, on a key that is thrown away."""
    seal(bytearray(KEY_BYTES), X25519PrivateKey.generate().public_key().public_bytes_raw())
