"""The secret of this computer, in the keyring of whoever is logged in: without it a PIN opens nothing.

Only keyrings that encipher what they keep are trusted, by the full name of their class, and what was written is read
back: one backend keeps nothing and says nothing of it, another keeps plain text in a file.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from pcc_desk.store.vault.ciphers import raw, text

SERVICE = "PCC Desk"
LONGEST_S = 5.0
"""How long a keyring may take to answer."""
DEVICE_BYTES = 32

TRUSTED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
CHAINER = "keyring.backends.chainer.ChainerBackend"


class Keyring(Protocol):
    """What is used of a keyring."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """Return what is kept under a name."""
        ...

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep something under a name."""
        ...


@dataclass(frozen=True, slots=True)
class NoDeviceSecret:
    """The secret of this computer is not to be had. `reason` says why and what to do."""

    reason: str


PASSPHRASE_INSTEAD = "Use your passphrase."  # noqa: S105 - a sentence


def device_secret(vault: str, keyring: Keyring | None = None) -> bytes | NoDeviceSecret:
    """Return the secret that this computer keeps for a vault. One that is missing is never made anew."""
    found = _within_time(lambda: _read(vault, keyring))
    if found is None:
        return NoDeviceSecret(
            f"This computer's keyring holds no secret of this shop any more, so no PIN opens it. {PASSPHRASE_INSTEAD}"
        )
    return found


def made_device_secret(vault: str, keyring: Keyring | None = None) -> bytes | NoDeviceSecret:
    """Return the secret of this computer for a vault, made and kept when there is none, and read back."""
    found = _within_time(lambda: _read(vault, keyring) or _make(vault, keyring))
    if found is None:
        return NoDeviceSecret(f"The keyring took the shop's secret and did not keep it. {PASSPHRASE_INSTEAD}")
    return found


def kept_text(name: str, keyring: Keyring | None = None) -> str | NoDeviceSecret | None:
    """Return a text that the keyring of this computer keeps under a name; None when it keeps none."""

    def read() -> str | NoDeviceSecret | None:
        chosen = keyring if keyring is not None else _systems()
        return _refusal(chosen) or chosen.get_password(SERVICE, name)

    return _within_time(read)


def keep_text(name: str, words: str, keyring: Keyring | None = None) -> NoDeviceSecret | None:
    """Keep a text in the keyring of this computer, and read it back; return why it is not kept there."""

    def write() -> NoDeviceSecret | None:
        chosen = keyring if keyring is not None else _systems()
        refusal = _refusal(chosen)
        if refusal is None:
            chosen.set_password(SERVICE, name, words)
            if chosen.get_password(SERVICE, name) != words:
                return NoDeviceSecret("This computer's keyring took what it was given and did not keep it.")
        return refusal

    return _within_time(write)


def unusable(keyring: Keyring | None = None) -> NoDeviceSecret | None:
    """Return why the keyring of this computer cannot keep a secret; None when it can be used."""
    found = _within_time(lambda: _refusal(keyring if keyring is not None else _systems()))
    return found if isinstance(found, NoDeviceSecret) else None


Answer = bytes | NoDeviceSecret | None
T = TypeVar("T")


def _within_time(ask: Callable[[], T]) -> T | NoDeviceSecret:
    """Ask in a thread that may hang without holding anybody up."""
    answer: list[T | NoDeviceSecret] = []

    def run() -> None:
        try:
            answer.append(ask())
        except Exception as error:
            answer.append(NoDeviceSecret(f"{_in_words(error)} {PASSPHRASE_INSTEAD}"))

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(LONGEST_S)
    if not answer:
        return NoDeviceSecret(f"This computer's keyring does not answer. {PASSPHRASE_INSTEAD}")
    return answer[0]


def _in_words(error: Exception) -> str:
    match type(error).__name__:
        case "KeyringLocked":
            return "This computer's keyring is locked: unlock it first."
        case "InitError":
            return "This computer's keyring was never set up, or is locked: unlock it first."
        case "NoKeyringError":
            return "This computer has no keyring."
        case name:
            return f"This computer's keyring failed ({name})."


def _systems() -> Keyring:
    import keyring  # noqa: PLC0415 - takes its time, and only PINs need it

    return cast("Keyring", keyring.get_keyring())


def _refusal(chosen: object) -> NoDeviceSecret | None:
    name = _name(chosen)
    if name == CHAINER:
        members = tuple(getattr(chosen, "backends", ()))
        refused = next((each for each in members if _refusal(each) is not None), None)
        return None if members and refused is None else _refused(_name(refused) if refused else name)
    if name == "keyring.backends.fail.Keyring":
        return NoDeviceSecret(f"This computer has no keyring. {PASSPHRASE_INSTEAD}")
    return None if name in TRUSTED else _refused(name)


def _refused(name: str) -> NoDeviceSecret:
    return NoDeviceSecret(
        f"The keyring of this computer ({name}) is not one that is known to keep secrets. {PASSPHRASE_INSTEAD}"
    )


def _name(chosen: object) -> str:
    return f"{type(chosen).__module__}.{type(chosen).__qualname__}"


def _read(vault: str, keyring: Keyring | None) -> Answer:
    chosen = keyring if keyring is not None else _systems()
    refusal = _refusal(chosen)
    if refusal is not None:
        return refusal
    kept = chosen.get_password(SERVICE, vault)
    if kept is None:
        return None
    secret = raw(kept)
    if len(secret) != DEVICE_BYTES:
        return NoDeviceSecret(f"What the keyring keeps for this shop is not the shop's. {PASSPHRASE_INSTEAD}")
    return secret


def _make(vault: str, keyring: Keyring | None) -> Answer:
    chosen = keyring if keyring is not None else _systems()
    secret = os.urandom(DEVICE_BYTES)
    chosen.set_password(SERVICE, vault, text(secret))
    return secret if _read(vault, keyring) == secret else None
