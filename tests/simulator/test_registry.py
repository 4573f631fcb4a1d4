"""The simulated registry speaks as the documents say METRC does (state-systems reference, section 2)."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import Mode, World
from tests.adapters.outside import ADDRESS, CARD, DREAM, KEYS, later, world

LICENCE = {"licenseNumber": "PC-000417"}


@pytest.fixture
def registry(tmp_path: Path) -> World:
    return world(tmp_path)


@pytest.fixture
async def client(registry: World, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(registry, tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, auth=KEYS, params=LICENCE) as client:
        yield client


def wanted(number: str = "PCC-1", **more: Any) -> dict[str, Any]:
    line = {"PackageLabel": DREAM, "Quantity": 3.5, "UnitOfMeasure": "Grams", "TotalAmount": 28.0}
    return {
        "SalesDateTime": "2026-03-12T13:00:00.000",
        "ExternalReceiptNumber": number,
        "SalesCustomerType": "Patient",
        "PatientLicenseNumber": CARD,
        "Transactions": [line],
        **more,
    }


async def test_without_both_keys_nothing_is_told(client: httpx.AsyncClient) -> None:
    for authorization in ("", "Basic " + b64encode(b"vendor-KEY-0417:wrong").decode(), "Bearer x"):
        answer = await client.get("/packages/v2/active", headers={"Authorization": authorization}, auth=None)
        assert answer.status_code == 401


async def test_a_window_has_the_names_and_types_of_the_documents(client: httpx.AsyncClient) -> None:
    rows = (await client.get(f"/patients/v2/statuses/{CARD}")).json()
    assert [row["PurchaseAmountDays"] for row in rows] == [1.0, 30.0]
    for row in rows:
        assert row["PatientLicenseNumber"] == CARD
        assert isinstance(row["Active"], bool)
        for kind in ("Flower", "Thc", "Concentrate", "Infused"):
            for name in ("Allowed", "Purchased", "Available"):
                assert isinstance(row[f"{kind}Ounces{name}"], float)
    assert (await client.get("/patients/v2/statuses/MI-P-9999-0000")).status_code == 404


async def test_lists_come_in_pages_of_an_envelope(client: httpx.AsyncClient) -> None:
    first = (await client.get("/packages/v2/active", params={"pageNumber": 1, "pageSize": 20})).json()
    assert set(first) == {
        "Data", "Total", "TotalRecords", "PageSize", "RecordsOnPage", "Page", "CurrentPage", "TotalPages",
    }  # fmt: skip
    second = (await client.get("/packages/v2/active", params={"pageNumber": 2, "pageSize": 20})).json()
    labels = [row["Label"] for page in (first, second) for row in page["Data"]]
    assert len(labels) == len(set(labels)) == first["Total"]
    assert (await client.get("/packages/v2/active", params={"pageSize": 21})).status_code == 400


async def test_a_window_of_last_change_is_at_most_a_day(client: httpx.AsyncClient) -> None:
    long = {"lastModifiedStart": "2026-03-10T00:00:00Z", "lastModifiedEnd": "2026-03-11T00:00:01Z"}
    assert (await client.get("/sales/v2/receipts/active", params=long)).status_code == 400


async def test_a_posting_gets_a_number_moves_stock_and_is_found(client: httpx.AsyncClient, registry: World) -> None:
    before = registry.remaining[DREAM]
    answer = await client.post("/sales/v2/receipts", json=[wanted()])
    (number,) = answer.json()["Ids"]
    assert registry.remaining[DREAM] == before - Decimal("3.5")
    found = (await client.get("/sales/v2/receipts/external/PCC-1")).json()
    assert found["Id"] == number
    assert found["Transactions"][0]["QuantitySold"] == 3.5
    assert (await client.get("/sales/v2/receipts/external/PCC-9")).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SalesDateTime": None}, "SalesDateTime is required."),
        ({"Transactions": []}, "At least one transaction is required."),
        ({"PatientLicenseNumber": "MI-P-9999-0000"}, "was not found."),
        ({"Transactions": [{"PackageLabel": "1A4"}]}, "Package 1A4 was not found."),
    ],
)
async def test_a_wrong_posting_is_refused_whole_with_words(
    client: httpx.AsyncClient, registry: World, change: dict[str, Any], words: str
) -> None:
    count = len(registry.receipts)
    answer = await client.post("/sales/v2/receipts", json=[wanted(), wanted("PCC-2", **change)])
    assert answer.status_code == 400
    assert words in answer.text
    assert len(registry.receipts) == count


async def test_a_number_may_be_used_twice_unless_the_switch_says_otherwise(
    client: httpx.AsyncClient, registry: World
) -> None:
    for _ in range(2):
        assert (await client.post("/sales/v2/receipts", json=[wanted()])).status_code == 200
    registry.switches.refuse_duplicates = True
    assert (await client.post("/sales/v2/receipts", json=[wanted()])).status_code == 400


async def test_a_standing_lags_by_up_to_a_minute(client: httpx.AsyncClient, registry: World) -> None:
    async def available() -> float:
        answer: list[dict[str, float]] = (await client.get(f"/patients/v2/statuses/{CARD}")).json()
        return answer[0]["FlowerOuncesAvailable"]

    before = await available()
    await client.post("/sales/v2/receipts", json=[wanted()])
    assert await available() == before
    later(registry, timedelta(seconds=61))
    assert await available() < before


async def test_the_world_is_as_it_was_after_a_restart(
    client: httpx.AsyncClient, registry: World, tmp_path: Path
) -> None:
    await client.post("/sales/v2/receipts", json=[wanted()])
    again = world(tmp_path)
    assert again.receipts[-1]["ExternalReceiptNumber"] == "PCC-1"
    assert again.remaining == registry.remaining


async def test_it_goes_down_and_comes_up_by_the_practice_shops_own_hands(
    client: httpx.AsyncClient, registry: World
) -> None:
    await client.post("/practice/registry", json={"mode": "down"})
    assert registry.mode is Mode.DOWN
    down = await client.get("/facilities/v2")
    assert down.status_code == 503
    assert "json" not in down.headers["content-type"]
    await client.post("/practice/registry", json={"mode": "up"})
    assert (await client.get("/facilities/v2")).status_code == 200
