"""BioTrack, whose generations share hardly more than the name: the settings say which one a state runs (3).

The sections named in these modules are those of the state-systems reference. In all of them the state keeps the time at
which it took a sale, so that what is posted after an outage stands under the day of the posting.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx

from pcc_desk.adapters.http import WHOLE_S, Wire
from pcc_desk.adapters.keys import KEY_ENDS, key_end, takes
from pcc_desk.adapters.state.biotrack_actions import MEDIA_TYPE, PATH, Account, Actions, without_leaked_header
from pcc_desk.adapters.state.biotrack_json import BioTrackJson
from pcc_desk.adapters.state.biotrack_licensee import BioTrackLicensee
from pcc_desk.adapters.state.biotrack_nm import BioTrackNewMexico
from pcc_desk.adapters.state.biotrack_rest import Rest

BioTrack = BioTrackJson | BioTrackNewMexico | BioTrackLicensee


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach it, whichever the generation."""

    name: str
    base_url: str
    older_url: str
    """Where New Mexico's legacy interface is; empty: not connected."""
    transport: httpx.AsyncBaseTransport | None = None
    whole_s: float = WHOLE_S

    def wire(self) -> Wire:
        """Return the way to a REST interface."""
        return Wire(self.name, self.base_url, transport=self.transport, whole_s=self.whole_s)

    def legacy_wire(self, url: str) -> Wire:
        """Return the way to a legacy interface."""
        return Wire(
            self.name,
            url.rstrip("/").removesuffix(PATH),
            media_type=MEDIA_TYPE,
            tidy=without_leaked_header,
            transport=self.transport,
            whole_s=self.whole_s,
        )


@takes("company", "username", "password", KEY_ENDS)
def connect(
    settings: Mapping[str, str],
    credentials: Mapping[str, str],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    whole_s: float = WHOLE_S,
) -> BioTrack:
    """Return a connection. Settings: base_url, licence, zone, generation (json, nm or licensee); README has the others.

    Credentials: company, username, password, and key_ends, their last day. Raises `ValueError` for a generation that
    there is not, or an address that is not safe to use.
    """
    account = Account(*(credentials.get(each, "") for each in ("company", "username", "password")))
    older_url = settings.get("legacy_url", "")
    reach = Connection(settings.get("name", "BioTrack"), settings["base_url"], older_url, transport, whole_s)
    connection = _of_generation(reach, settings, account)
    connection.key_ends = key_end(settings, credentials)
    return connection


def _of_generation(reach: Connection, settings: Mapping[str, str], account: Account) -> BioTrack:
    match settings["generation"]:
        case "json":
            return _legacy(reach, reach.base_url, settings, account)
        case "nm":
            return _new_mexico(reach, settings, account)
        case "licensee":
            return _licensee(reach, settings, account)
    raise ValueError("the generation is json, nm or licensee")


def _legacy(reach: Connection, url: str, settings: Mapping[str, str], account: Account) -> BioTrackJson:
    actions = Actions(reach.legacy_wire(url), account, is_session_free=settings.get("session") == "none")
    return BioTrackJson(
        actions,
        licence=settings["licence"],
        zone=ZoneInfo(settings["zone"]),
        categories=_categories(settings),
        terminal=settings.get("terminal", "1"),
        location=settings.get("location", ""),
        since=int(settings.get("since_transaction", "0")),
    )


def _new_mexico(reach: Connection, settings: Mapping[str, str], account: Account) -> BioTrackNewMexico:
    body = {"UBI": account.company, "Username": account.username, "Password": account.password}
    rest = Rest(reach.wire(), account, log_in=("/v1/login", body, "Session"), headers=_bearer)
    older = _legacy(reach, reach.older_url, settings, account) if reach.older_url else None
    return BioTrackNewMexico(
        rest,
        licence=settings["licence"],
        zone=ZoneInfo(settings["zone"]),
        terminal=settings.get("terminal", "1"),
        older=older,
    )


def _licensee(reach: Connection, settings: Mapping[str, str], account: Account) -> BioTrackLicensee:
    licence = settings["licence"]

    def headers(token: str) -> Mapping[str, str]:
        who = {"X-Ubi": account.company, "X-License": licence}
        return who | ({"X-Session-Token": token} if token else {})

    body = {"Username": account.username, "Password": account.password}
    rest = Rest(reach.wire(), account, log_in=("/v1/user/login", body, "session"), headers=headers)
    return BioTrackLicensee(
        rest,
        licence=licence,
        zone=ZoneInfo(settings["zone"]),
        categories=_categories(settings),
        cursor=settings.get("cursor", "cursor"),
    )


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _categories(settings: Mapping[str, str]) -> dict[str, str]:
    return dict(json.loads(settings.get("categories", "{}")))
