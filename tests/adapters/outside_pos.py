"""A till whose sales every point of sale tells in its own way, and the adapters before the simulated ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.pos.cova import Cova
from pcc_desk.adapters.pos.csv import PosCsv
from pcc_desk.adapters.pos.dutchie import Dutchie
from pcc_desk.adapters.pos.flowhub import Flowhub
from pcc_desk.desk.ports_outside import PointOfSale
from pcc_desk.simulator import pos_cova, pos_dutchie, pos_flowhub
from pcc_desk.simulator.pos import write_catalogue, write_sales
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import ADDRESS, DREAM, world

TODAY = date(2026, 3, 12)
YESTERDAY = date(2026, 3, 11)
ZONE = ZoneInfo("America/Detroit")
GUMMIES = "1A4050100000843567000411"
"""Set by `till` to a package that is counted in pieces."""


class Loopback(httpx.AsyncBaseTransport):
    """The simulator's application without a network; a connection that it resets is one that a client sees broken."""

    def __init__(self, made: World) -> None:
        self.inner = httpx.ASGITransport(app=create_app(made, Path()))
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Hand on."""
        self.requests.append(request)
        try:
            return await self.inner.handle_async_request(request)
        except ConnectionResetError as error:
            raise httpx.ReadError("", request=request) from error


def line(label: str = DREAM, quantity: str = "3.5", price: str = "52.00", **more: Any) -> dict[str, Any]:
    """Return a line of the till."""
    return {"label": label, "quantity": quantity, "price": price, **more}


def rung_up(number: str, at: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a sale of the till; `at` on the shop's clock, such as 2026-03-12T14:30."""
    zone = {"at": f"{at}:00-04:00"} if len(at) == 16 else {"at": at}
    return {"number": number, **zone, "reference": "", "lines": list(lines or (line(),)), **more}


def pieces(made: World) -> str:
    """Return the tag of a package that is counted in pieces."""
    return next(tag for tag, each in made.packages.items() if each.package.remaining.unit.value == "Each")


def till(*sales: dict[str, Any], **pos: Any) -> World:
    """Return a world in which just this was rung up, with what the point of sale keeps beside it."""
    made = world()
    made.till = list(sales)
    made.books["pos"] = pos
    return made


def dutchie(wire: httpx.AsyncBaseTransport, made: World, whole_s: float = WHOLE_S, **more: Any) -> Dutchie:
    """Return the adapter before the simulated Dutchie."""
    keys = pos_dutchie.credentials(made)
    usual = {"name": "Dutchie", "zone": ZONE, "licence": made.training.shop.licence}
    base = ADDRESS + pos_dutchie.PREFIX
    given = {**usual, "keys": (keys["location_key"], keys["integrator_key"]), **more}
    return Dutchie(base_url=base, transport=wire, whole_s=whole_s, **given)


def flowhub(wire: httpx.AsyncBaseTransport, made: World, whole_s: float = WHOLE_S, **more: Any) -> Flowhub:
    """Return the adapter before the simulated Flowhub."""
    keys = pos_flowhub.credentials(made)
    given = {"name": "Flowhub", "zone": ZONE, "location": "", "keys": (keys["client_id"], keys["key"]), **more}
    return Flowhub(base_url=ADDRESS + pos_flowhub.PREFIX, transport=wire, whole_s=whole_s, **given)


def cova(wire: httpx.AsyncBaseTransport, made: World, whole_s: float = WHOLE_S, **more: Any) -> Cova:
    """Return the adapter before the simulated Cova."""
    base = ADDRESS + pos_cova.PREFIX
    usual = {"name": "Cova", "zone": ZONE, "company": pos_cova.COMPANY, "location": pos_cova.LOCATION}
    given = {**usual, "tag_field": "SerialNumber", "keys": pos_cova.credentials(made), **more}
    return Cova(addresses=(base, base, base), transport=wire, whole_s=whole_s, **given)


def csv(folder: Path, made: World) -> PosCsv:
    """Return the adapter over the reports that the simulated point of sale writes."""
    for day in sorted({made.training.shop.day(each.astimezone(ZONE)) for each in _times(made)} | {TODAY}):
        write_sales(made, folder, day)
    write_catalogue(made, folder)
    return PosCsv("POS", folder, ZONE)


def _times(made: World) -> list[Any]:
    from datetime import datetime

    return [datetime.fromisoformat(each["at"]) for each in made.till]


Connect = Callable[[httpx.AsyncBaseTransport, World, float], PointOfSale]


@dataclass(frozen=True)
class Kind:
    """How one kind of point of sale is met."""

    connect: Connect
    wrong_key: Callable[[httpx.AsyncBaseTransport, World], PointOfSale]


APIS: dict[str, Kind] = {
    "dutchie": Kind(
        dutchie,
        lambda wire, made: dutchie(wire, made, keys=("another", "")),
    ),
    "flowhub": Kind(
        flowhub,
        lambda wire, made: flowhub(wire, made, keys=("another", "key")),
    ),
    "cova": Kind(
        cova,
        lambda wire, made: cova(wire, made, keys={"username": "another", "password": "x"}),
    ),
}
