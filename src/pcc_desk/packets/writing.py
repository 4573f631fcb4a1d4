"""Writes a packet: a ZIP of documents, a manifest with the hash of each, and the shop's signature under the manifest.

The same contents make the same bytes: no time but the day's own, files in the order of their names.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pcc_desk.packets.signing import public_half, sign

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"


def packed(about: Mapping[str, Any], documents: Mapping[str, bytes], key: str) -> bytes:
    """Return a packet. `about` says what day of which shop it is of; `key` is the shop's private key.

    Raises `ValueError` for a document that is named like the manifest or its signature.
    """
    if {MANIFEST, SIGNATURE} & documents.keys():
        raise ValueError("a document bears the name of the manifest")
    files = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in documents.items()
    }
    manifest = as_json({"format": FORMAT, **about, "files": files, "key": public_half(key)})
    contents = {**documents, MANIFEST: manifest, SIGNATURE: f"{sign(key, manifest)}\n".encode()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packet:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            packet.writestr(entry, contents[name])
    return out.getvalue()


def as_json(value: object) -> bytes:
    """Return a document as canonical JSON: sorted keys, a line for each, text as it is."""
    return (json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def as_lines(values: list[dict[str, Any]]) -> bytes:
    """Return records as JSON, one in each line, in the order in which they are given."""
    lines = (json.dumps(each, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for each in values)
    return "".join(f"{line}\n" for line in lines).encode()
