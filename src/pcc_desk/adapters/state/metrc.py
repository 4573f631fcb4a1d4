"""METRC, in the version of its API that the settings name: `metrc_v2`, or `metrc_v1` with what differs there."""

import json
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pcc_desk.adapters.keys import KEY_ENDS, key_end, takes
from pcc_desk.adapters.state.metrc_v1 import MetrcV1
from pcc_desk.adapters.state.metrc_v2 import Metrc

__all__ = ["Metrc", "connect"]


@takes("vendor_key", "user_key", KEY_ENDS)
def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> Metrc:
    """Return a connection. Settings: base_url, licence, zone; name, version (2 or 1), categories (JSON).

    Credentials: both keys, and key_ends, their last day: user keys end after about a year (2.2). Raises
    `ValueError` for an address that is not safe to use, or for another version.
    """
    connection = _kind(settings.get("version", "2"))(
        name=settings.get("name", "METRC"),
        base_url=settings["base_url"],
        licence=settings["licence"],
        zone=ZoneInfo(settings["zone"]),
        keys=(credentials.get("vendor_key", ""), credentials.get("user_key", "")),
        categories=json.loads(settings.get("categories", "{}")),
    )
    connection.key_ends = key_end(settings, credentials)
    return connection


def _kind(version: str) -> type[Metrc]:
    match version:
        case "2":
            return Metrc
        case "1":
            return MetrcV1
    raise ValueError("METRC has a version 2 and a version 1")
