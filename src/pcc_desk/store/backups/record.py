"""The file beside a copy: what the copy is, what a bare machine needs beside it, and its key for those who may."""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.backups import CopyOnDisk
from pcc_desk.store.vault import SlotFile, derived, recovery_slots, seal, unseal, unwrap, wrap
from pcc_desk.store.vault import parsed as parsed_slots
from pcc_desk.store.vault.ciphers import raw, text
from pcc_desk.store.working_keys import WorkingKeys

FORMAT = 1

Text64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*=*$")]
Hex = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$")]
Sealed = dict[str, Text64]


FOR_STORE = "copies"
"""What a key that sealed the journal is made into, to wrap the keys of copies: an open store knows all it ever had."""


@dataclass(frozen=True, slots=True)
class Slots:
    """A slot file: as it is written, and what it says."""

    text: str
    file: SlotFile


class CopyUnusable(DeskError):
    """A copy cannot be read, or is not what was asked for. The message says why and what to do."""


class CopyRecord(BaseModel):
    """What is known of one copy. All of it is sealed by the copy's own key."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal[1] = 1
    name: Annotated[str, StringConstraints(pattern=r"^copy-\d{8}T\d{6}Z(-\d+)?\.db$")]
    vault: str
    """Which shop's vault it is of."""
    version: str
    """Of the desk that made it."""
    made_at: Annotated[AwareDatetime, Field(strict=False)]
    seq: Annotated[int, Field(ge=0)]
    """The last entry of its journal; `seal` is that entry's."""
    seal: Hex
    counts: dict[str, int]
    """The rows of each table."""
    size: int
    sha256: Hex
    salt: Text64
    wrapped_key: Sealed
    """The copy's key, for whoever opens the store that it was made of."""
    sealed_keys: Annotated[tuple[Sealed, ...], Field(strict=False)]
    """The same key, for each recovery sheet."""
    key_generation: int
    """Of the store's key when the copy was made."""
    journal_key: Sealed
    """What the last entries of its journal are sealed with, for whoever has the copy's key."""
    chain_key: Sealed
    """What opens the keys of earlier entries, for the same."""
    slots: str
    """The slot file, brought to what it is now whenever somebody leaves or gets another recovery sheet."""
    settings: str
    rules: dict[str, str]
    """The shop's own rule files, by name."""
    mac: Text64 = ""

    @property
    def on_disk(self) -> CopyOnDisk:
        """The copy, as the desk speaks of it."""
        return CopyOnDisk(self.name, self.made_at, self.size)

    @property
    def belonging(self) -> bytes:
        """What the copy's key is bound to."""
        return f"{self.vault} {self.name}".encode()

    @property
    def database_salt(self) -> bytes:
        """The salt of the copy's file."""
        return raw(self.salt)

    def sealed_by(self, key: bytes | bytearray) -> "CopyRecord":
        """Return the record, sealed by the copy's key."""
        return self.model_copy(update={"mac": self._mac(key)})

    def is_sealed_by(self, key: bytes | bytearray) -> bool:
        """Whether nothing in the record was changed since it was sealed by this key."""
        return hmac.compare_digest(self.mac, self._mac(key))

    def _mac(self, key: bytes | bytearray) -> str:
        plain = json.dumps(self.model_dump(mode="json", exclude={"mac"}), sort_keys=True).encode()
        return text(hmac.digest(derived(key, "copy record"), plain, "sha256"))

    def key_for_store(self, audit_keys: Iterable[bytes | bytearray]) -> bytearray | None:
        """Return the copy's key with one of the keys that sealed the store's journal; None: it is of another store."""
        opened = (unwrap(self.wrapped_key, derived(each, FOR_STORE), self.belonging) for each in audit_keys)
        return next((key for key in opened if key is not None), None)

    def key_for_sheet(self, private: bytes) -> bytearray | None:
        """Return the copy's key with the private key of a recovery sheet; None: it was not sealed to that one."""
        return next((key for each in self.sealed_keys if (key := unseal(each, private)) is not None), None)

    def journal_keys(self, key: bytes | bytearray) -> WorkingKeys | None:
        """Return what sealed the journal, with the copy's key; the keys for other purposes are not told."""
        audit = unwrap(self.journal_key, derived(key, "copy journal"), self.belonging)
        chain = unwrap(self.chain_key, derived(key, "copy chain"), self.belonging)
        return None if audit is None or chain is None else WorkingKeys(audit, bytearray(), chain)

    def with_keys_for(self, key: bytes | bytearray, audit_key: bytes | bytearray, slots: "Slots") -> "CopyRecord":
        """Return the record for those who open the store now, sealed anew; nobody else opens it any more."""
        changes = {
            "wrapped_key": wrap(key, derived(audit_key, FOR_STORE), self.belonging),
            "sealed_keys": tuple(seal(key, each.public_key) for each in recovery_slots(slots.file)),
            "slots": slots.text,
        }
        return self.model_copy(update=changes).sealed_by(key)

    def is_for(self, slots: "Slots") -> bool:
        """Whether those who open the store now are those who open the copy."""
        file = parsed_slots(self.slots)
        return (
            isinstance(file, SlotFile)
            and file.key_generation == slots.file.key_generation
            and _sheets(file) == _sheets(slots.file)
        )

    def written(self) -> bytes:
        """Return the file."""
        return json.dumps(self.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False).encode()


def journal_keys_for(key: bytes | bytearray, keys: WorkingKeys, belonging: bytes) -> tuple[Sealed, Sealed]:
    """Return what seals the journal, as a record keeps it: `journal_key` and `chain_key`."""
    journal = wrap(keys.audit, derived(key, "copy journal"), belonging)
    return journal, wrap(keys.chain, derived(key, "copy chain"), belonging)


def _sheets(file: SlotFile) -> list[bytes]:
    return sorted(each.public_key for each in recovery_slots(file))


def parsed(content: bytes, name: str) -> CopyRecord:
    """Return the record that a file holds. Raises `CopyUnusable`."""
    try:
        plain: Any = json.loads(content)
        if isinstance(plain, dict) and isinstance(plain.get("format"), int) and plain["format"] > FORMAT:
            raise CopyUnusable(f"{name} was made by a newer version of the desk. Install that version.")
        return CopyRecord.model_validate(plain)
    except (ValueError, ValidationError, RecursionError) as error:
        raise CopyUnusable(f"What lies beside {name} is damaged: the copy cannot be used. Take another.") from error


def name_of(at: datetime, number: int = 1) -> str:
    """Return what a copy of an instant is called; `number` tells copies of one second apart."""
    return f"copy-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{f'-{number}' if number > 1 else ''}.db"
