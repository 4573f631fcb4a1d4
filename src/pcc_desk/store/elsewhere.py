"""The anchor's second place: the keyring of whoever is logged in on this computer.

It is slow, and it may hang: it is asked after the first screen, by a thread of its own, and written when the store is
shut, when its key changes and when a copy was made. A folder has an entry of its own, so that a copy restored elsewhere
is not taken for an older one of this.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pcc_desk.desk.records import Elsewhere
from pcc_desk.domain.audit_entries import AnchorState
from pcc_desk.store.anchor import Finding, Place, RolledBack, Wanting
from pcc_desk.store.vault import SlotFile, load
from pcc_desk.store.vault.device import PASSPHRASE_INSTEAD, Keyring, NoDeviceSecret, keep_text, kept_text

WHERE = "keyring"
"""The place's name on record."""


class PlaceSilent(OSError):
    """The keyring cannot be read or written. The message says why."""


@dataclass(frozen=True, slots=True)
class KeyringPlace:
    """An entry of the keyring, of one vault in one folder."""

    name: str
    keyring: Keyring | None = None
    """None: the system's."""

    def read(self) -> str | None:
        """Return what is kept there. Raises `PlaceSilent`, after five seconds at most."""
        found = kept_text(self.name, self.keyring)
        if isinstance(found, NoDeviceSecret):
            raise PlaceSilent(_reason(found))
        return found

    def write(self, text: str) -> None:
        """Keep a text there. Raises `PlaceSilent`, after five seconds at most."""
        refused = keep_text(self.name, text, self.keyring)
        if refused is not None:
            raise PlaceSilent(_reason(refused))


def _reason(refused: NoDeviceSecret) -> str:
    return refused.reason.removesuffix(PASSPHRASE_INSTEAD).rstrip()


def keyring_place(folder: Path, keyring: Keyring | None = None) -> KeyringPlace | None:
    """Return the place of a data folder; None where its slots cannot be read."""
    file = load(folder)
    if not isinstance(file, SlotFile) or not file.vault:
        return None
    where = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return KeyringPlace(f"{file.vault} journal {where}", keyring)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a place answered: a text, nothing, or why it cannot be asked."""

    text: str | None = None
    silence: str = ""


def heard(place: Place) -> Heard:
    """Ask a place."""
    try:
        return Heard(place.read())
    except OSError as error:
        return Heard(silence=str(error) or type(error).__name__)


def elsewhere_words(found: Finding) -> Elsewhere:
    """Return what is to be told of what a place says, and put on record."""
    match found:
        case RolledBack():
            return Elsewhere(found.reason)
        case Wanting(state=AnchorState.MISSING):
            words = (
                "This computer's keyring no longer knows how far the record came. Tell a manager, unless this is "
                "another computer or another login. It is on record."
            )
            return Elsewhere(words, AnchorState.MISSING)
        case Wanting():
            words = "What this computer's keyring knows of the record was changed by somebody: tell a manager."
            return Elsewhere(f"{words} It is on record.", AnchorState.UNSOUND)
        case _:
            return Elsewhere()
