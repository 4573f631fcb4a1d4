"""The shop's signature under its packets: Ed25519. The private half stays in the encrypted store."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FINGERPRINT_BYTES = 15


def new_key() -> str:
    """Return a fresh private key as 64 hexadecimal characters."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def public_half(key: str) -> str:
    """Return the public half of a private key, both as hexadecimal characters. Raises `ValueError`."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)).public_key().public_bytes_raw().hex()


def sign(key: str, content: bytes) -> str:
    """Return the signature under some bytes as hexadecimal characters. Raises `ValueError` for what is no key."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)).sign(content).hex()


def is_signed(public: str, signature: str, content: bytes) -> bool:
    """Return whether some bytes bear the signature of a key; what is no key or no signature is none."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (ValueError, InvalidSignature):
        return False
    return True


def fingerprint(public: str) -> str:
    """Return a public key as people compare it: 24 letters and digits in groups of four.

    They are the first 120 bits of its SHA-256. Raises `ValueError` for what is no hexadecimal text.
    """
    digest = hashlib.sha256(bytes.fromhex(public)).digest()[:FINGERPRINT_BYTES]
    letters = base64.b32encode(digest).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def is_same_fingerprint(one: str, other: str) -> bool:
    """Return whether two fingerprints are the same, however they are grouped and written."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(each for each in text.upper() if each.isalnum())
