"""The keys that an open store works with, each for one purpose; none tells the database key."""

from dataclasses import dataclass
from typing import Self

from pcc_desk.store.vault import derived


@dataclass(slots=True)
class WorkingKeys:
    """Derived when the store opens, wiped when it closes."""

    audit: bytearray
    """Seals the entries of the journal."""
    anchor: bytearray
    """Seals what is kept of the journal's head outside of the file."""
    chain: bytearray
    """Wraps the keys that sealed earlier parts of the journal."""

    @classmethod
    def derived_from(cls, key: bytes | bytearray) -> Self:
        """Return the keys that follow from a database key."""
        return cls(*(bytearray(derived(key, purpose)) for purpose in ("audit", "anchor", "chain")))

    def wipe(self) -> None:
        """Forget them."""
        for each in (self.audit, self.anchor, self.chain):
            each[:] = bytes(len(each))
