"""Reads a packet that came from anywhere: nothing of it is believed, and no size is taken from its own word."""

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcc_desk.packets.signing import fingerprint, is_signed
from pcc_desk.packets.writing import FORMAT, MANIFEST, SIGNATURE

LARGEST = 256 * 1024 * 1024
"""Bytes of one packet, and of everything in it unpacked."""

MOST_FILES = 100


class NoPacket(ValueError):
    """A file is not a packet, or not a whole one. The text says why."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What a packet holds, and whether its own parts agree with each other."""

    manifest: dict[str, Any]
    documents: dict[str, bytes]
    fingerprint: str
    """Of the key that it says it was signed with."""
    is_signed: bool
    changed: tuple[str, ...]
    """Documents that are not as the manifest says."""
    missing: tuple[str, ...]
    added: tuple[str, ...]
    """Files that the manifest does not name."""


def read_packet(path: Path) -> Packet:
    """Read a packet whole. Raises `NoPacket` with why it cannot be."""
    contents = _unpacked(path)
    manifest = _manifest(contents)
    files, public = manifest["files"], manifest["key"]
    documents = {name: content for name, content in contents.items() if name not in {MANIFEST, SIGNATURE}}
    changed = [name for name in files if name in documents and not _agrees(documents[name], files[name])]
    return Packet(
        manifest=manifest,
        documents=documents,
        fingerprint=fingerprint(public),
        is_signed=is_signed(public, contents[SIGNATURE].decode("ascii", "replace").strip(), contents[MANIFEST]),
        changed=tuple(sorted(changed)),
        missing=tuple(sorted(files.keys() - documents.keys())),
        added=tuple(sorted(documents.keys() - files.keys())),
    )


def _unpacked(path: Path) -> dict[str, bytes]:
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as packet:
            return _entries(packet, size)
    except NoPacket:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NoPacket(f"it is cut, changed, or no packet at all ({error})") from error
    except OSError as error:
        raise NoPacket(f"it cannot be read ({error.strerror or error})") from error


def _entries(packet: zipfile.ZipFile, size: int) -> dict[str, bytes]:
    entries = packet.infolist()
    if size > LARGEST:
        raise NoPacket(f"it is larger than {LARGEST // 1024 // 1024} MB")
    if len(entries) > MOST_FILES:
        raise NoPacket(f"it holds more than {MOST_FILES} files")
    contents: dict[str, bytes] = {}
    room = LARGEST
    for entry in entries:
        if entry.filename in contents:
            raise NoPacket(f"it holds {entry.filename!r} twice")
        with packet.open(entry) as file:
            content = file.read(room + 1)
        room -= len(content)
        if room < 0:
            raise NoPacket(f"what is in it is larger than {LARGEST // 1024 // 1024} MB")
        contents[entry.filename] = content
    return contents


def _manifest(contents: dict[str, bytes]) -> dict[str, Any]:
    if MANIFEST not in contents or SIGNATURE not in contents:
        raise NoPacket("it has no manifest with a signature, so it is no packet of this desk")
    try:
        manifest = json.loads(contents[MANIFEST])
        if manifest["format"] != FORMAT:
            raise NoPacket(f"it is of format {manifest['format']!r}; this desk reads format {FORMAT}")
        files, key = manifest["files"], manifest["key"]
        fine = all({"sha256", "bytes"} <= each.keys() for each in files.values()) and bytes.fromhex(key)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise error if isinstance(error, NoPacket) else NoPacket("its manifest cannot be read") from error
    if not fine:
        raise NoPacket("its manifest cannot be read")
    return dict(manifest)


def _agrees(content: bytes, told: dict[str, Any]) -> bool:
    return bool(len(content) == told["bytes"]) and hashlib.sha256(content).hexdigest() == told["sha256"]
