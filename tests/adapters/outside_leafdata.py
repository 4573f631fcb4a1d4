"""Leaf Data without a network: the simulated one, and one that answers just what a test wants."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.state.leafdata import LeafData
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.simulator.leafdata import credentials
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import ADDRESS, CARD, DREAM, KEYS, NOW, ZONE, Cut, sale

CODE = "WAR000417"
KEY = KEYS[1]
DREAM_LOT = f"{CODE}.IN{DREAM}"
BASE = f"{ADDRESS}/api/v1"


def leafdata(
    transport: httpx.AsyncBaseTransport,
    world: World | None = None,
    key: str = KEY,
    whole_s: float = WHOLE_S,
    sold_by: str = "",
) -> LeafData:
    """Return the adapter on a transport."""
    return LeafData(
        name="Leaf Data",
        base_url=BASE,
        zone=ZONE,
        mme_code=credentials(world)["x-mjf-mme-code"] if world else CODE,
        key=key,
        sold_by=sold_by,
        categories=world.training.categories if world else {"usable_marijuana": "flower"},
        transport=transport,
        whole_s=whole_s,
    )


def simulated(world: World, exports: Path) -> Cut:
    """Return a transport to the simulator's own application."""
    return Cut(httpx.ASGITransport(app=create_app(world, exports, "leafdata")))


def by_path(answers: Callable[[httpx.Request], httpx.Response]) -> LeafData:
    """Return the adapter before a system that answers each request in its own way."""
    return leafdata(httpx.MockTransport(answers))


def answering(
    status: int = 200, body: Any = None, raw: bytes | None = None, headers: dict[str, str] | None = None
) -> LeafData:
    """Return the adapter before a system that always answers so."""
    content = raw if raw is not None else json.dumps(body).encode()
    return by_path(lambda request: httpx.Response(status, headers=headers, content=content))


def lot_sale(
    number: str = "PCC-20260312-0001", grams: int = 3500, card: str = CARD, at: datetime = NOW
) -> Dispensation:
    """Return something that was dispensed out of an inventory."""
    given = sale(number, grams, card, at)
    return replace(given, lines=tuple(replace(each, label=DREAM_LOT) for each in given.lines))


def page(*rows: Any, **more: Any) -> dict[str, Any]:
    """Return a page as Laravel has it."""
    return {
        "total": len(rows),
        "per_page": 2500,
        "current_page": 1,
        "last_page": 1,
        "next_page_url": None,
        "prev_page_url": None,
        "from": 1,
        "to": len(rows),
        "data": list(rows),
        **more,
    }
