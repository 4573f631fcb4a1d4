"""BioTrack without a network: the simulated one in each generation, and one that answers just what a test wants."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.state.biotrack import BioTrack, connect
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.simulator.biotrack import credentials
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import ADDRESS, CARD, DREAM, NOW, Cut, sale

GENERATIONS = ("json", "nm", "nm with its legacy interface", "licensee")
LICENCE = "PC-000417"
ACCOUNT = {"company": "UBI-PC-000417", "username": "vendor-KEY-0417", "password": "user-KEY-2231"}
DREAM_CODE = DREAM[-16:]

Answers = Callable[[httpx.Request], httpx.Response]


def biotrack(
    transport: httpx.AsyncBaseTransport,
    generation: str = "json",
    world: World | None = None,
    account: Mapping[str, str] = ACCOUNT,
    whole_s: float = WHOLE_S,
    **more: str,
) -> BioTrack:
    """Return the adapter of a generation on a transport."""
    kind, _, older = generation.partition(" with ")
    settings = {
        "name": "BioTrack",
        "base_url": ADDRESS,
        "licence": LICENCE,
        "zone": "America/Detroit",
        "generation": kind,
        "categories": json.dumps({"6": "flower"}),
        **({"legacy_url": ADDRESS} if older else {}),
        **more,
    }
    return connect(settings, credentials(world) if world else account, transport=transport, whole_s=whole_s)


def simulated(world: World, exports: Path) -> Cut:
    """Return a transport to the simulator's own application."""
    return Cut(httpx.ASGITransport(app=create_app(world, exports, "biotrack")))


def let_in(answers: Answers) -> Answers:
    """Return answers that let everybody in first, whatever the generation."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/login":
            return httpx.Response(200, json={"Session": "token-1"})
        if request.url.path == "/v1/user/login":
            return httpx.Response(200, json={"session": "token-1"})
        if action(request) == "login":
            return httpx.Response(200, json={"success": 1, "sessionid": "9ca3", "time": "1773334800"})
        return answers(request)

    return answer


def by_path(answers: Answers, generation: str = "json", **more: str) -> BioTrack:
    """Return the adapter before a server that lets us in and answers each call in its own way."""
    return biotrack(httpx.MockTransport(let_in(answers)), generation, None, ACCOUNT, WHOLE_S, **more)


def answering(
    generation: str,
    status: int = 200,
    body: Any = None,
    raw: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> BioTrack:
    """Return the adapter before a server that lets us in and then always answers so."""
    content = raw if raw is not None else json.dumps(body).encode()
    return by_path(lambda request: httpx.Response(status, headers=headers, content=content), generation)


def action(request: httpx.Request) -> str:
    """Return which action is asked for; empty when it is none."""
    return str(sent(request).get("action", ""))


def is_sale(request: httpx.Request) -> bool:
    """Whether a sale is sent, by whichever generation."""
    is_rest = request.method == "POST" and request.url.path in {"/v1/dispense", "/v1/sale"}
    return is_rest or action(request) == "sale_dispense"


def sent(request: httpx.Request) -> dict[str, Any]:
    """Return the object that was sent, numbers as they were written; empty when there is none."""
    try:
        body = json.loads(request.content, parse_float=str)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def of_barcode(number: str = "PCC-1", milli: int = 3500, card: str = CARD, at: datetime = NOW) -> Dispensation:
    """Return something that was dispensed, its package known by its barcode."""
    given = sale(number, milli, card, at)
    return replace(given, lines=tuple(replace(each, label=DREAM_CODE) for each in given.lines))
