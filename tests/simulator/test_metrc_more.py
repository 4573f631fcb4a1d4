"""What METRC's documents list beside receipts: member patients, deliveries, items, employees, look-ups."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import ADDRESS, CARD, DREAM, KEYS, world

LICENCE = {"licenseNumber": "PC-000417"}
ENVELOPE = {"Data", "Total", "TotalRecords", "PageSize", "RecordsOnPage", "Page", "CurrentPage", "TotalPages"}

MEMBER = {
    "LicenseNumber": "MI-P-7777-0001",
    "LicenseEffectiveStartDate": "2026-01-01",
    "LicenseEffectiveEndDate": "2027-01-01",
    "RecommendedPlants": 6,
    "RecommendedSmokableQuantity": 2.5,
    "HasSalesLimitExemption": False,
    "ActualDate": "2026-03-12",
}


@pytest.fixture
def registry(tmp_path: Path) -> World:
    return world(tmp_path)


@pytest.fixture
async def client(registry: World, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(registry, tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, auth=KEYS, params=LICENCE) as client:
        yield client


def delivery(quantity: float = 3.5, **more: Any) -> dict[str, Any]:
    line = {"PackageLabel": DREAM, "Quantity": quantity, "UnitOfMeasure": "Grams", "TotalAmount": 28.0}
    return {
        "SalesDateTime": "2026-03-12T13:00:00.000",
        "SalesCustomerType": "Patient",
        "PatientLicenseNumber": CARD,
        "DriverName": "Invented Driver",
        "RecipientAddress": {"Street1": "1 Invented Rd", "City": "Lansing", "State": "MI", "PostalCode": "48901"},
        "Transactions": [line],
        **more,
    }


@pytest.mark.parametrize(
    "path",
    [
        "/items/{v}/active",
        "/items/{v}/inactive",
        "/employees/{v}",
        "/patients/{v}/active",
        "/packages/{v}/intransit",
        "/sales/{v}/paymenttypes",
        "/sales/{v}/counties",
        "/sales/{v}/deliveries/active",
        "/sales/{v}/deliveries/inactive",
        "/sales/{v}/deliveries/returnreasons",
    ],
)
async def test_lists_are_in_the_envelope_in_version_2_and_bare_in_version_1(
    client: httpx.AsyncClient, path: str
) -> None:
    second = await client.get(path.replace("{v}", "v2"))
    assert second.status_code == 200
    assert set(second.json()) == ENVELOPE
    assert (await client.get(path.replace("{v}", "v1"))).json() == second.json()["Data"]


async def test_what_is_a_number_inside_a_package_is_a_word_among_the_items(client: httpx.AsyncClient) -> None:
    package = (await client.get(f"/packages/v2/{DREAM}")).json()
    item = (await client.get(f"/items/v2/{package['Item']['Id']}")).json()
    for name in ("ProductCategoryType", "QuantityType"):
        assert isinstance(package["Item"][name], int)
        assert isinstance(item[name], str)
    assert (item["Name"], item["QuantityType"]) == (package["Item"]["Name"], "WeightBased")
    assert (await client.get("/items/v2/1")).status_code == 404


async def test_counties_need_no_licence_and_payment_types_do(client: httpx.AsyncClient) -> None:
    nobodys = {"licenseNumber": "PC-999999"}
    assert (await client.get("/sales/v2/counties", params=nobodys)).status_code == 200
    assert (await client.get("/sales/v2/paymenttypes", params=nobodys)).status_code == 401


async def test_a_member_patient_is_taken_on_renamed_and_let_go(client: httpx.AsyncClient, registry: World) -> None:
    added = await client.post("/patients/v2", json=[MEMBER])
    assert added.json() == {"Ids": [1], "Warnings": None}
    assert (await client.get("/patients/v2/1")).json() == {
        "PatientId": 1,
        "LicenseNumber": "MI-P-7777-0001",
        "RegistrationDate": "2026-03-12",
        "LicenseEffectiveStartDate": "2026-01-01",
        "LicenseEffectiveEndDate": "2027-01-01",
        "RecommendedPlants": 6,
        "RecommendedSmokableQuantity": 2.5,
        "HasSalesLimitExemption": False,
        "OtherFacilitiesCount": 0,
    }
    change = {**MEMBER, "NewLicenseNumber": "MI-P-7777-0002", "RecommendedPlants": 0}
    changed = await client.put("/patients/v2", json=[change])
    assert (changed.status_code, changed.content) == (200, b"")
    (row,) = (await client.get("/patients/v2/active")).json()["Data"]
    assert (row["LicenseNumber"], row["RecommendedPlants"]) == ("MI-P-7777-0002", 0)
    assert (await client.put("/patients/v2", json=[change])).status_code == 404
    assert (await client.delete("/patients/v2/1")).content == b""
    assert (await client.get("/patients/v2/1")).status_code == 404
    assert [each["kind"] for each in registry.notes] == ["member", "member_changed", "member_removed"]


async def test_version_1_has_other_paths_for_members_and_says_nothing(client: httpx.AsyncClient) -> None:
    added = await client.post("/patients/v1/add", json=[MEMBER])
    assert (added.status_code, added.content) == (200, b"")
    assert (await client.post("/patients/v1/update", json=[{**MEMBER, "RecommendedPlants": 1}])).status_code == 200
    (row,) = (await client.get("/patients/v1/active")).json()
    assert row["RecommendedPlants"] == 1


@pytest.mark.parametrize("name", sorted(MEMBER))
async def test_a_member_without_a_required_field_is_refused_with_its_row(client: httpx.AsyncClient, name: str) -> None:
    lacking = {key: value for key, value in MEMBER.items() if key != name}
    answer = await client.post("/patients/v2", json=[MEMBER, lacking])
    assert answer.status_code == 400
    assert answer.json() == [{"row": 1, "message": f"{name} is required."}]
    assert (await client.get("/patients/v2/active")).json()["Total"] == 0


async def test_an_employee_who_may_not_manage_patients_is_told_so(client: httpx.AsyncClient, registry: World) -> None:
    registry.turn({"may_manage_patients": False})
    assert (await client.get("/patients/v2/active")).status_code == 403
    assert (await client.get(f"/patients/v2/statuses/{CARD}")).status_code == 200


async def test_a_delivery_leaves_the_stock_and_what_comes_back_returns(
    client: httpx.AsyncClient, registry: World
) -> None:
    before = registry.remaining[DREAM]
    assert (await client.post("/sales/v2/deliveries", json=[delivery()])).json() == {"Ids": [1], "Warnings": None}
    assert registry.remaining[DREAM] == before - Decimal("3.5")
    found = (await client.get("/sales/v2/deliveries/1")).json()
    assert (found["DriverName"], found["RecipientAddress"]["City"]) == ("Invented Driver", "Lansing")
    done = {"Id": 1, "ActualArrivalDateTime": "2026-03-12T14:00:00.000", "PaymentType": "Cash", "AcceptedPackages": []}
    back = {"Label": DREAM, "ReturnQuantityVerified": 3.5, "ReturnUnitOfMeasure": "Grams"}
    wrong = {**done, "ReturnedPackages": [{**back, "ReturnReason": "Because"}]}
    assert (await client.put("/sales/v2/deliveries/complete", json=[wrong])).status_code == 400
    assert (await client.put("/sales/v2/deliveries/complete", json=[done])).status_code == 400
    right = {**done, "ReturnedPackages": [{**back, "ReturnReason": "Not At Home"}]}
    assert (await client.put("/sales/v2/deliveries/complete", json=[right])).content == b""
    assert registry.remaining[DREAM] == before
    assert (await client.get("/sales/v2/deliveries/active")).json()["Total"] == 0
    assert (await client.get("/sales/v2/deliveries/inactive")).json()["Total"] == 1


async def test_a_delivery_is_corrected_and_voided(client: httpx.AsyncClient, registry: World) -> None:
    before = registry.remaining[DREAM]
    await client.post("/sales/v2/deliveries", json=[delivery()])
    assert (await client.put("/sales/v2/deliveries", json=[delivery(7, Id=1)])).status_code == 200
    assert registry.remaining[DREAM] == before - 7
    assert (await client.put("/sales/v2/deliveries", json=[delivery(10**6, Id=1)])).status_code == 400
    assert registry.remaining[DREAM] == before - 7
    assert (await client.delete("/sales/v2/deliveries/1")).content == b""
    assert registry.remaining[DREAM] == before
    assert (await client.delete("/sales/v2/deliveries/1")).status_code == 404


async def test_a_kept_world_knows_its_deliveries_and_members_with_exact_amounts(
    client: httpx.AsyncClient, registry: World, tmp_path: Path
) -> None:
    await client.post("/sales/v2/deliveries", json=[delivery(3.125)])
    await client.post("/patients/v2", json=[MEMBER])
    again = world(tmp_path)
    transport = httpx.ASGITransport(app=create_app(again, tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, auth=KEYS, params=LICENCE) as other:
        (kept,) = (await other.get("/sales/v2/deliveries/active")).json()["Data"]
        assert kept["Transactions"][0]["QuantitySold"] == 3.125
        assert (await other.get("/patients/v2/1")).json()["RecommendedSmokableQuantity"] == 2.5
