"""The simulated state system over real loopback, and a plain client that knows nothing of the desk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from pcc_desk.adapters.http import authorities
from pcc_desk.simulator.listening import Listening
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import CARD, DREAM, KEYS

LICENCE = {"licenseNumber": "PC-000417"}
PATIENCE_S = 0.6
"""How long the client waits for an answer; a connection it waits for longer."""


@dataclass
class Outside:
    """A state system that listens, a client of it, and somebody's hands."""

    world: World
    client: httpx.AsyncClient
    hands: httpx.AsyncClient
    address: str

    async def set(self, **fault: Any) -> None:
        """Set a fault."""
        answer = await self.hands.post("/practice/faults", json=fault)
        assert answer.status_code == 200, answer.text

    async def post(self, number: str = "PCC-1", **more: Any) -> httpx.Response:
        """Post a receipt."""
        return await self.client.post("/sales/v2/receipts", json=[receipt(number, **more)])

    async def count(self, number: str = "PCC-1") -> int:
        """Return how many receipts of a number are on record."""
        return sum(each["ExternalReceiptNumber"] == number for each in self.world.receipts)


@asynccontextmanager
async def served(world: World, system: str = "metrc") -> AsyncIterator[Outside]:
    """Serve a world on free ports of this computer."""
    listening = Listening(create_app(world, None, system), world.line_to_clients, 0)
    serving = asyncio.create_task(listening.serve())
    await listening.ready(serving)
    address, control = (f"http://127.0.0.1:{port}" for port in (listening.port, listening.control_port))
    async with (
        httpx.AsyncClient(
            base_url=address,
            auth=KEYS,
            params=LICENCE,
            timeout=httpx.Timeout(10, read=PATIENCE_S),
            verify=authorities(),
        ) as client,
        httpx.AsyncClient(base_url=control, timeout=30, verify=authorities()) as hands,
    ):
        yield Outside(world, client, hands, address)
    listening.stop()
    await serving


def receipt(number: str = "PCC-1", grams: float = 3.5, **more: Any) -> dict[str, Any]:
    """Return a receipt to post."""
    line = {"PackageLabel": DREAM, "Quantity": grams, "UnitOfMeasure": "Grams", "TotalAmount": 28.0}
    return {
        "SalesDateTime": "2026-03-12T13:00:00.000",
        "ExternalReceiptNumber": number,
        "SalesCustomerType": "Patient",
        "PatientLicenseNumber": CARD,
        "Transactions": [line],
        **more,
    }
