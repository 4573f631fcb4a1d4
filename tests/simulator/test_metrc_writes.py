"""What METRC's simulation accepts, what it refuses, and what it makes of either (state-systems reference, 2)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcc_desk.simulator.judging import complaint
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import ADDRESS, CARD, DREAM, KEYS, later, world
from tests.simulator.served import LICENCE, receipt

CAREGIVER = "MI-C-0012-0931"
CHECK_IN = {
    "PatientLicenseNumber": CARD,
    "CheckInLocationId": 4,
    "RegistrationStartDate": "2025-01-02",
    "RegistrationExpiryDate": "2027-01-01",
    "CheckInDate": "2026-03-12",
}


@pytest.fixture
def registry() -> World:
    return world()


@pytest.fixture
async def client(registry: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(registry, None))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, auth=KEYS, params=LICENCE) as client:
        yield client


async def test_last_change_moves_with_every_change(client: httpx.AsyncClient, registry: World) -> None:
    (number,) = (await client.post("/sales/v2/receipts", json=[receipt()])).json()["Ids"]
    path, seen = f"/sales/v2/receipts/{number}", []
    for method, where, body in (
        ("PUT", "/sales/v2/receipts", [receipt(grams=2, Id=number)]),
        ("PUT", "/sales/v2/receipts/finalize", [{"Id": number}]),
        ("PUT", "/sales/v2/receipts/unfinalize", [{"Id": number}]),
        ("DELETE", path, None),
    ):
        later(registry, timedelta(minutes=1))
        assert (await client.request(method, where, json=body)).status_code == 200
        seen.append((await client.get(path)).json()["LastModified"])
    assert len(set(seen)) == 4
    assert seen == sorted(seen)


async def test_a_correction_replaces_everything_and_moves_stock_by_the_difference(
    client: httpx.AsyncClient, registry: World
) -> None:
    before = registry.remaining[DREAM]
    (number,) = (await client.post("/sales/v2/receipts", json=[receipt()])).json()["Ids"]
    body = receipt("PCC-1-B", 2.25, Id=number, SalesCustomerType="Caregiver", CaregiverLicenseNumber=CAREGIVER)
    assert (await client.put("/sales/v2/receipts", json=[body])).content == b""
    found = (await client.get(f"/sales/v2/receipts/{number}")).json()
    assert (found["ExternalReceiptNumber"], found["CaregiverLicenseNumber"]) == ("PCC-1-B", CAREGIVER)
    assert registry.remaining[DREAM] == before - Decimal("2.25")
    for wrong in (receipt(Id=number, Transactions=[]), receipt(Id=1), {}):
        assert (await client.put("/sales/v2/receipts", json=[body, wrong])).status_code in {400, 404}
    assert registry.remaining[DREAM] == before - Decimal("2.25"), "all of them or none"


async def test_what_is_final_is_not_corrected_and_what_is_void_is_not_closed(client: httpx.AsyncClient) -> None:
    (number,) = (await client.post("/sales/v2/receipts", json=[receipt()])).json()["Ids"]
    await client.put("/sales/v2/receipts/finalize", json=[{"Id": number}])
    assert (await client.put("/sales/v2/receipts", json=[receipt(Id=number)])).status_code == 400
    await client.delete(f"/sales/v2/receipts/{number}")
    assert (await client.put("/sales/v2/receipts/unfinalize", json=[{"Id": number}])).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"SalesDateTime": "yesterday"},
        {"SalesDateTime": 7},
        {"SalesCustomerType": "Visitor"},
        {"SalesCustomerType": "Caregiver", "CaregiverLicenseNumber": "MI-C-9999-0000"},
        {"SalesCustomerType": "Caregiver"},
        {"PatientLicenseNumber": None},
        {"PatientLicenseNumber": [CARD]},
        {"ExternalReceiptNumber": 7},
        {"Transactions": "none"},
    ],
)
async def test_what_a_receipt_must_say_is_required(client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    answer = await client.post("/sales/v2/receipts", json=[receipt(**change)])
    assert (answer.status_code, [row["row"] for row in answer.json()]) == (400, [0])


async def test_receipts_of_one_body_share_the_stock_the_limit_and_their_numbers(
    client: httpx.AsyncClient, registry: World
) -> None:
    registry.remaining[DREAM] = Decimal(50)
    assert (await client.post("/sales/v2/receipts", json=[receipt("A", 30), receipt("B", 30)])).status_code == 400
    registry.remaining[DREAM] = Decimal(500)
    registry.turn({"refuse_over_limit": True, "refuse_duplicates": True})
    assert (await client.post("/sales/v2/receipts", json=[receipt("A", 40), receipt("B", 40)])).status_code == 400
    assert (await client.post("/sales/v2/receipts", json=[receipt("A", 1), receipt("A", 1)])).status_code == 400
    assert (await client.post("/sales/v2/receipts", json=[receipt("A", 30), receipt("B", 30)])).status_code == 200


async def test_a_zone_that_is_sent_with_a_time_of_sale_is_dropped(client: httpx.AsyncClient) -> None:
    await client.post("/sales/v2/receipts", json=[receipt(SalesDateTime="2026-03-12T18:00:00Z")])
    found = (await client.get("/sales/v2/receipts/external/PCC-1")).json()
    assert found["SalesDateTime"] == "2026-03-12T18:00:00.000", "the shop's own time, whatever was meant"


# Check-ins, packages, laboratories


async def test_a_visit_is_checked_in_changed_and_archived(client: httpx.AsyncClient, registry: World) -> None:
    (number,) = (await client.post("/patient-checkins/v2", json=[CHECK_IN])).json()["Ids"]
    (row,) = (await client.get("/patient-checkins/v2")).json()["Data"]
    assert row == {**CHECK_IN, "Id": number, "CheckInLocationName": "Ohio"}
    changed = {**CHECK_IN, "Id": number, "CheckInLocationId": 1}
    assert (await client.put("/patient-checkins/v2", json=[changed])).status_code == 200
    days = {"checkinDateStart": "2026-03-13", "checkinDateEnd": "2026-03-14"}
    assert (await client.get("/patient-checkins/v2", params=days)).json()["Data"] == []
    assert (await client.get("/patient-checkins/v1")).json()[0]["CheckInLocationName"] == "Michigan"
    assert (await client.delete(f"/patient-checkins/v2/{number}")).status_code == 200
    assert (await client.delete(f"/patient-checkins/v2/{number}")).status_code == 404
    assert (await client.get("/patient-checkins/v2")).json()["Total"] == 0
    assert [note["kind"] for note in registry.notes] == ["check_in", "check_in_changed", "check_in_archived"]
    wrong = {**CHECK_IN, "CheckInLocationId": 99}
    assert (await client.post("/patient-checkins/v2", json=[CHECK_IN, wrong])).json()[0]["row"] == 1
    assert (await client.get("/patient-checkins/v2/locations")).json()[0]["Name"] == "Michigan"


async def test_a_package_is_found_by_label_and_by_number_and_its_laboratory_by_number(
    client: httpx.AsyncClient,
) -> None:
    package = (await client.get(f"/packages/v2/{DREAM}")).json()
    assert (await client.get(f"/packages/v2/{package['Id']}")).json() == package
    assert (await client.get("/packages/v2/1A4")).status_code == 404
    held = (await client.get("/packages/v2/onhold")).json()["Data"]
    assert held
    assert all(row["IsOnHold"] for row in held)
    results = (await client.get("/labtests/v2/results", params={"packageId": package["Id"]})).json()["Data"]
    assert [row["SourcePackageLabel"] for row in results] == [DREAM]
    assert (await client.get("/labtests/v2/results", params={"packageId": DREAM})).status_code == 404


# Whatever is sent

OUTSIDE = world()

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(receipt())), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=200)
@given(
    st.dictionaries(st.sampled_from([*receipt(), "Id"]), JUNK, max_size=3),
    st.dictionaries(st.sampled_from(["PackageLabel", "Quantity", "UnitOfMeasure", "TotalAmount"]), JUNK, max_size=2),
)
def test_whatever_is_posted_is_refused_with_words_or_can_be_recorded(
    change: dict[str, Any], line: dict[str, Any]
) -> None:
    whole = receipt()
    whole["Transactions"] = [{**whole["Transactions"][0], **line, "Quantity": line.get("Quantity", 1)}]
    whole |= change
    if not complaint(OUTSIDE, whole):
        before = dict(OUTSIDE.remaining)
        OUTSIDE.add_receipt(whole)
        assert min(OUTSIDE.remaining.values()) >= 0
        OUTSIDE.give_back(OUTSIDE.receipts.pop())
        assert OUTSIDE.remaining == before
