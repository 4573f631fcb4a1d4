"""The simulated registry without a network, and registries that answer just what a test wants."""

import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.state.metrc import Metrc
from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.simulator.make_training import SEED
from pcc_desk.simulator.server import create_app, make_world
from pcc_desk.simulator.world import World

NOW = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""One in the afternoon in Detroit."""
ZONE = ZoneInfo("America/Detroit")
KEYS = ("vendor-KEY-0417", "user-KEY-2231")
ADDRESS = "http://127.0.0.1:1"
CARD = "MI-P-0140-3193"
DREAM = "1A4050100000843567000401"


class Cut(httpx.AsyncBaseTransport):
    """Lets requests through to another transport, and loses the next answers when told to."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.lost = 0
        self.lost_posts = 0
        self.is_silent = False
        self.loses: Callable[[httpx.Request], bool] = lambda request: False
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Hand on, and lose the answer or not."""
        self.requests.append(request)
        if self.is_silent:
            raise httpx.ReadTimeout("", request=request)
        response = await self.inner.handle_async_request(request)
        if self.lost or self.loses(request) or (self.lost_posts and request.method == "POST"):
            self.lost, self.lost_posts = max(self.lost - 1, 0), 0
            await response.aclose()
            raise httpx.ReadTimeout("", request=request)
        return response


def world(folder: Path | None = None, now: datetime = NOW) -> World:
    """Return the simulated world at a moment; the clock stands still."""
    made = make_world(folder, SEED, now, KEYS) if folder else pickle.loads(_lived_through(now))  # noqa: S301 - our own
    made.clock = lambda: now
    return made


@cache
def _lived_through(now: datetime) -> bytes:
    """Return a world that has its past behind it, to be had again and again: without its clock."""
    made = make_world(None, SEED, now, KEYS)
    del made.clock
    return pickle.dumps(made)


def later(world: World, passed: timedelta) -> None:
    """Move a world's clock."""
    now = world.clock() + passed
    world.clock = lambda: now


def metrc(
    transport: httpx.AsyncBaseTransport,
    world: World | None = None,
    keys: tuple[str, str] = KEYS,
    whole_s: float = WHOLE_S,
    kind: type[Metrc] = Metrc,
) -> Metrc:
    """Return the adapter on a transport."""
    licence = world.training.shop.licence if world else "PC-000417"
    categories = world.training.categories if world else {}
    return kind(
        name="METRC",
        base_url=ADDRESS,
        licence=licence,
        zone=ZONE,
        keys=keys,
        categories=categories,
        transport=transport,
        whole_s=whole_s,
    )


def simulated(world: World, exports: Path) -> Cut:
    """Return a transport to the simulator's own application."""
    return Cut(httpx.ASGITransport(app=create_app(world, exports)))


def answering(
    status: int = 200, body: Any = None, raw: bytes | None = None, headers: dict[str, str] | None = None
) -> Metrc:
    """Return the adapter before a registry that always answers so."""
    content = raw if raw is not None else json.dumps(body).encode()
    return metrc(httpx.MockTransport(lambda request: httpx.Response(status, headers=headers, content=content)))


def by_path(answers: Callable[[httpx.Request], httpx.Response]) -> Metrc:
    """Return the adapter before a registry that answers each request in its own way."""
    return metrc(httpx.MockTransport(answers))


def sale(number: str = "PCC-20260312-0001", grams: int = 3500, card: str = CARD, at: datetime = NOW) -> Dispensation:
    """Return something that was dispensed."""
    measures = Measures(grams, None, None, 0)
    line = DispensedLine(DREAM, "Blue Dream", "flower", Quantity(grams, Unit.GRAMS), measures, 2800)
    return Dispensation(UUID(int=7), UUID(int=8), None, card, "", at, UUID(int=9), number, (line,))
