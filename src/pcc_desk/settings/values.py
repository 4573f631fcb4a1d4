"""What may stand behind a setting: words, a time zone, an address, a folder."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, StringConstraints

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts to which an unencrypted connection does not leave the computer."""


def known_zone(name: str) -> str:
    """Return an IANA zone name that this computer knows. Raises `ValueError` with a sentence otherwise."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"“{name}” is no time zone; write one such as America/Detroit") from error
    return name


def safe_address(address: str) -> str:
    """Return a web address without a slash at its end. Raises `ValueError` unless it is encrypted or loopback."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"“{address}” is no web address; write one such as https://api.example.org") from error
    if parts.scheme not in {"https", "http"} or not host:
        raise ValueError(f"“{address}” is no web address; write one such as https://api.example.org")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("the address holds more than a host and a path; keys do not belong in it")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ValueError("an address outside this computer must begin with https://")
    return address.rstrip("/")


def whole_path(folder: str) -> str:
    """Return a folder's path from the root. Raises `ValueError` with a sentence otherwise."""
    if not Path(folder).is_absolute():
        raise ValueError(f"“{folder}” is no whole path; write one such as /media/backup/pcc-desk")
    return folder


CLOCK_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
"""A short text of one line."""


class Part(BaseModel):
    """A part of the file: what it does not know is refused, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
