"""The simulated registry speaks as the documents say METRC does (state-systems reference, section 2)."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
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


RECEIPT = {
    "Id": int,
    "ReceiptNumber": str,
    "ExternalReceiptNumber": str,
    "SalesDateTime": str,
    "SalesCustomerType": str,
    "PatientLicenseNumber": str,
    "CaregiverLicenseNumber": type(None),
    "IdentificationMethod": type(None),
    "PatientRegistrationLocationId": type(None),
    "TotalPackages": int,
    "TotalPrice": float,
    "Transactions": list,
    "IsFinal": bool,
    "ArchivedDate": type(None),
    "RecordedDateTime": str,
    "RecordedByUserName": str,
    "LastModified": str,
}
LINE = {
    "PackageId": int,
    "PackageLabel": str,
    "ProductName": str,
    "ProductCategoryName": str,
    "QuantitySold": float,
    "UnitOfMeasureName": str,
    "UnitOfMeasureAbbreviation": str,
    "TotalPrice": float,
    "SalesDeliveryState": type(None),
    "ArchivedDate": type(None),
    "RecordedDateTime": str,
    "RecordedByUserName": str,
    "LastModified": str,
}


def types(row: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in row.items()}


async def test_a_receipt_has_the_names_and_types_of_the_documents(client: httpx.AsyncClient) -> None:
    await client.post("/sales/v2/receipts", json=[wanted()])
    found = (await client.get("/sales/v2/receipts/external/PCC-1")).json()
    assert types(found) == RECEIPT
    assert types(found["Transactions"][0]) == LINE
    assert (await client.get(f"/sales/v2/receipts/{found['Id']}")).json() == found
    assert found["SalesDateTime"] == "2026-03-12T13:00:00.000", "as it was posted, without a zone"
    for name in ("RecordedDateTime", "LastModified"):
        assert datetime.fromisoformat(found[name]).tzinfo is not None, name


async def test_a_package_has_numbers_where_a_list_of_items_has_words(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/packages/v2/active")).json()["Data"]
    dream = next(row for row in rows if row["Label"] == DREAM)
    assert {name: type(dream["Item"][name]) for name in ("ProductCategoryType", "QuantityType")} == {
        "ProductCategoryType": int,
        "QuantityType": int,
    }
    assert {name: type(dream[name]) for name in ("Id", "Quantity", "LabTestingState", "IsOnHold", "IsFinished")} == {
        "Id": int,
        "Quantity": float,
        "LabTestingState": str,
        "IsOnHold": bool,
        "IsFinished": bool,
    }


@pytest.mark.parametrize(
    "path", ["/facilities/v2", "/sales/v2/customertypes", f"/patients/v2/statuses/{CARD}"], ids=str
)
async def test_some_lists_come_bare(client: httpx.AsyncClient, path: str) -> None:
    assert isinstance((await client.get(path)).json(), list)


async def test_a_caregiver_is_one_object_with_the_cards_of_the_patients(client: httpx.AsyncClient) -> None:
    assert (await client.get("/caregivers/v2/status/MI-C-0012-0931")).json() == {
        "CaregiverLicenseNumber": "MI-C-0012-0931",
        "Active": True,
        "Patients": ["MI-P-0052-0318", "MI-P-0052-0340"],
    }
    assert (await client.get("/caregivers/v2/status/MI-C-9999-0000")).status_code == 404


async def test_cards_lapsed_inactive_and_renewed_are_told_apart(client: httpx.AsyncClient) -> None:
    for card in ("MI-P-0016-3345", "MI-P-0013-5098"):
        rows = (await client.get(f"/patients/v2/statuses/{card}")).json()
        assert {row["Active"] for row in rows} == {False}, card
    assert (await client.get("/patients/v2/statuses/MI-P-0024-1836")).status_code == 404, "a renewed card is replaced"
    assert (await client.get("/patients/v2/statuses/MI-P-0061-5520")).status_code == 200


async def test_refusals_are_json_except_for_a_key_or_a_licence(client: httpx.AsyncClient, registry: World) -> None:
    other = await client.get("/packages/v2/active", params={"licenseNumber": "PC-000999"})
    assert other.status_code == 401
    assert "json" not in other.headers["content-type"]
    assert (await client.get("/facilities/v2", params={"licenseNumber": ""})).status_code == 200
    registry.switches.may_look_up_patients = False
    denied = await client.get(f"/patients/v2/statuses/{CARD}")
    assert (denied.status_code, list(denied.json())) == (403, ["Message"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"SalesDateTime": "2026-03-12T13:00:00.000"}', 400),
        (b"[{", 400),
        (b"[" + b",".join([b"{}"] * 11) + b"]", 413),
        (b"[7]", 400),
    ],
    ids=["a bare object", "half an array", "eleven objects", "no object"],
)
async def test_a_posting_is_an_array_of_at_most_ten(client: httpx.AsyncClient, body: bytes, status: int) -> None:
    assert (await client.post("/sales/v2/receipts", content=body)).status_code == status


async def test_a_receipt_that_is_finalized_or_voided_leaves_the_open_list_for_the_closed_one(
    client: httpx.AsyncClient, registry: World
) -> None:
    async def listed(which: str) -> list[str]:
        rows = (await client.get(f"/sales/v2/receipts/{which}")).json()["Data"]
        return [row["ExternalReceiptNumber"] for row in rows if row["ExternalReceiptNumber"] in {"PCC-1", "PCC-2"}]

    before = registry.remaining[DREAM]
    (final,), (void,) = [
        (await client.post("/sales/v2/receipts", json=[wanted(number)])).json()["Ids"] for number in ("PCC-1", "PCC-2")
    ]
    assert await listed("active") == ["PCC-1", "PCC-2"]
    done = await client.put("/sales/v2/receipts/finalize", json=[{"Id": final}])
    gone = await client.delete(f"/sales/v2/receipts/{void}")
    assert [(each.status_code, each.content) for each in (done, gone)] == [(200, b"")] * 2
    assert (await listed("active"), await listed("inactive")) == ([], ["PCC-1", "PCC-2"])
    assert registry.remaining[DREAM] == before - Decimal("3.5"), "what was voided is back in its package"
    assert (await client.delete(f"/sales/v2/receipts/{void}")).status_code == 404
    assert registry.remaining[DREAM] == before - Decimal("3.5"), "and is not brought back twice"
    await client.put("/sales/v2/receipts/unfinalize", json=[{"Id": final}])
    assert await listed("active") == ["PCC-1"]


async def test_a_receipt_is_listed_by_when_it_was_changed_and_not_by_when_it_was_made(
    client: httpx.AsyncClient, registry: World
) -> None:
    async def seen(start: str, end: str) -> bool:
        span = {"lastModifiedStart": start, "lastModifiedEnd": end}
        rows = (await client.get("/sales/v2/receipts/active", params=span)).json()["Data"]
        return any(row["ExternalReceiptNumber"] == "PCC-LATE" for row in rows)

    await client.post("/sales/v2/receipts", json=[wanted("PCC-LATE", SalesDateTime="2026-03-01T13:00:00.000")])
    assert not await seen("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")
    assert await seen("2026-03-12T17:00:00Z", "2026-03-13T17:00:00Z")
    later(registry, timedelta(hours=2))
    (late,) = [each for each in registry.receipts if each["ExternalReceiptNumber"] == "PCC-LATE"]
    registry.touch(late)
    assert not await seen("2026-03-12T17:00:00Z", "2026-03-12T18:59:59Z")
    assert await seen("2026-03-12T18:59:59Z", "2026-03-12T19:00:00Z")


@pytest.mark.parametrize(
    "params", [{"pageSize": "many"}, {"pageSize": "20", "pageNumber": "0"}, {"lastModifiedStart": "2026-03-12T0 00:00"}]
)
async def test_a_parameter_that_cannot_be_read_is_refused(client: httpx.AsyncClient, params: dict[str, str]) -> None:
    assert (await client.get("/sales/v2/receipts/active", params=params)).status_code == 400


async def test_where_it_is_switched_on_a_sale_over_the_limit_is_refused(
    client: httpx.AsyncClient, registry: World
) -> None:
    line = {"PackageLabel": DREAM, "Quantity": 71, "UnitOfMeasure": "Grams", "TotalAmount": 28.0}
    registry.switches.refuse_over_limit = True
    over = await client.post("/sales/v2/receipts", json=[wanted(Transactions=[line])])
    assert (over.status_code, "purchase limit" in over.text) == (400, True)
    line["Quantity"] = 70
    assert (await client.post("/sales/v2/receipts", json=[wanted(Transactions=[line])])).status_code == 200


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
