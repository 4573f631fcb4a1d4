"""Where the evidence of closed days is kept: a folder beside the store, and the shop's key to sign with."""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pcc_desk.desk.ports_closing import ReportLine, Weight
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.home import write_private
from pcc_desk.packets.report import Line, Style, drawn
from pcc_desk.packets.signing import fingerprint, new_key, public_half
from pcc_desk.packets.writing import as_json, as_lines, packed

FOLDER = "packets"
REPORT = "report.pdf"
KEY = "packets"
"""The name under which the store keeps the key."""

STYLES = {Weight.TITLE: Style.TITLE, Weight.HEADING: Style.HEADING, Weight.TEXT: Style.TEXT, Weight.SMALL: Style.SMALL}


class KeyPlace(Protocol):
    """Where keys are kept, enciphered: the store."""

    async def credentials(self, system: str) -> dict[str, str]:
        """Return the keys kept under a name."""
        ...

    def keep_credential(self, system: str, name: str, value: str) -> None:
        """Keep a key."""
        ...


class PacketFolder:
    """Implements `desk.ports_closing.Packets`. The shop's key is made the first time that something is signed."""

    def __init__(self, home: Path, keys: KeyPlace) -> None:
        self._folder = home / FOLDER
        self._keys = keys

    async def _key(self) -> str:
        kept = await self._keys.credentials(KEY)
        if KEY not in kept:
            kept = {KEY: new_key()}
            await asyncio.to_thread(self._keys.keep_credential, KEY, KEY, kept[KEY])
        return kept[KEY]

    async def fingerprint(self) -> str:
        """Return the fingerprint of the key that the shop signs its packets with."""
        return fingerprint(public_half(await self._key()))

    async def write(
        self, name: str, about: Mapping[str, Any], documents: Mapping[str, Any], report: tuple[ReportLine, ...]
    ) -> tuple[str, str] | Unanswered:
        """Write a packet. One that is there under the name already stays as it is: the new one takes another name."""
        key = await self._key()
        content = await asyncio.to_thread(_packet, about, documents, report, key)
        return await asyncio.to_thread(self._write, name, content)

    def _write(self, name: str, content: bytes) -> tuple[str, str] | Unanswered:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._free(name)
            write_private(path, content)
        except OSError as error:
            return Unanswered(Silence.UNREADABLE, f"{FOLDER}/{name} cannot be written ({error.strerror})")
        return path.name, hashlib.sha256(content).hexdigest()

    def _free(self, name: str) -> Path:
        """Return a path that is not taken."""
        path = self._folder / name
        number = 1
        while path.exists():
            number += 1
            path = self._folder / f"{Path(name).stem}.{number}{Path(name).suffix}"
        return path


def _packet(about: Mapping[str, Any], documents: Mapping[str, Any], report: tuple[ReportLine, ...], key: str) -> bytes:
    """Return a packet, its report drawn."""
    footer = f"{about['shop']['name']} · {about['day']} · signed with {fingerprint(public_half(key))}"
    lines = [Line(text, STYLES[weight]) for weight, text in report]
    files = {each: as_lines(told) if each.endswith(".jsonl") else as_json(told) for each, told in documents.items()}
    return packed(about, {**files, REPORT: drawn(f"{about['day']}", lines, footer)}, key)
