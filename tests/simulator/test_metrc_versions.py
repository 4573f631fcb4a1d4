"""METRC's two versions side by side, and the ways in which states differ (state-systems reference, 2 and 10)."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from pcc_desk.simulator.exact import read_exactly
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import ADDRESS, CARD, KEYS, world
from tests.simulator.served import LICENCE, receipt

CAREGIVER = "MI-C-0012-0931"


@pytest.fixture
def registry() -> World:
    return world()


@pytest.fixture
async def client(registry: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(registry, None))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, auth=KEYS, params=LICENCE) as client:
        yield client


# Version 1


async def test_version_1_posts_without_a_number_and_lists_without_pages(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sales/v1/receipts", json=[receipt("PCC-1")])
    assert (answer.status_code, answer.content) == (200, b"")
    bare = (await client.get("/sales/v1/receipts/active")).json()
    paged = (await client.get("/sales/v2/receipts/active", params={"pageSize": 20})).json()["Data"]
    assert isinstance(bare, list)
    (ours,) = [each for each in bare if each["ExternalReceiptNumber"] == "PCC-1"]
    assert bare[: len(paged)] == paged
    assert (await client.get("/sales/v1/receipts/external/PCC-1")).status_code == 404, "version 2 only"
    assert (await client.get(f"/sales/v1/receipts/{ours['Id']}")).json() == ours
    assert (await client.delete(f"/sales/v1/receipts/{ours['Id']}")).content == b""
    assert (await client.get(f"/sales/v2/receipts/{ours['Id']}")).json()["ArchivedDate"] == "2026-03-12"


async def test_version_1_has_five_fields_and_version_2_has_them_where_the_switch_says_so(
    client: httpx.AsyncClient, registry: World
) -> None:
    (old, *_), (new, *_) = [(await client.get(f"/patients/{v}/statuses/{CARD}")).json() for v in ("v1", "v2")]
    assert len(old) == 5
    assert (len(new), {name: new[name] for name in old}) == (19, old)
    registry.switches.five_field_status = True
    assert (await client.get(f"/patients/v2/statuses/{CARD}")).json()[0] == old
    assert (await client.get(f"/caregivers/v2/status/{CAREGIVER}")).json() == {
        "CaregiverLicenseNumber": CAREGIVER,
        "Active": True,
    }


async def test_routes_that_were_retired_answer_405_and_unknown_ones_404_in_json(client: httpx.AsyncClient) -> None:
    for path, status in (
        ("/sales/v1/receipts", 405),
        ("/sales/v1/deliveries", 405),
        ("/sales/v3/receipts", 404),
        ("/sales/v1/receipts/finalize", 404),
    ):
        assert (await client.get(path)).status_code == status, path
    assert list((await client.get("/nothing")).json()) == ["Message"]


async def test_version_1_sums_days_without_what_was_voided(client: httpx.AsyncClient) -> None:
    async def today() -> dict[str, Any]:
        (row,) = read_exactly((await client.get("/sales/v1/transactions/2026-03-12/2026-03-12")).content)
        return dict(row)

    before = await today()
    for number in ("PCC-1", "PCC-2"):
        await client.post("/sales/v1/receipts", json=[receipt(number)])
    found = (await client.get("/sales/v2/receipts/external/PCC-2")).json()
    await client.delete(f"/sales/v2/receipts/{found['Id']}")
    after = await today()
    assert after["TotalTransactions"] == before["TotalTransactions"] + 1
    assert after["TotalPrice"] == before["TotalPrice"] + 28
    assert len((await client.get("/sales/v1/transactions")).json()) > 30
    assert (await client.get("/sales/v1/transactions/yesterday/today")).status_code == 400


async def test_a_key_for_version_1_is_refused_by_version_2_and_not_in_json(
    client: httpx.AsyncClient, registry: World
) -> None:
    registry.switches.v1_key_only = True
    assert (await client.get("/facilities/v1")).status_code == 200
    refused = await client.get("/facilities/v2")
    assert (refused.status_code, refused.headers["content-type"].partition(";")[0]) == (401, "text/html")


# How it is asked


@pytest.mark.parametrize(
    "path", ["/facilities/v2/", "/sales/v2/receipts/active/", f"/patients/v1/statuses/{CARD}/", "/packages/v2/active//"]
)
async def test_a_slash_at_the_end_is_overlooked(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("switch", "calls"),
    [
        ("may_look_up_patients", [("GET", f"/patients/v2/statuses/{CARD}"), ("GET", f"/caregivers/v1/status/{CARD}")]),
        ("may_sell", [("POST", "/sales/v2/receipts"), ("DELETE", "/sales/v1/receipts/80001")]),
        ("may_view_sales", [("GET", "/sales/v2/receipts/active"), ("GET", "/sales/v1/transactions")]),
        ("may_check_in", [("GET", "/patient-checkins/v2"), ("POST", "/patient-checkins/v1")]),
    ],
)
async def test_a_permission_that_is_missing_is_403_in_json_and_nothing_else_is(
    client: httpx.AsyncClient, registry: World, switch: str, calls: list[tuple[str, str]]
) -> None:
    registry.turn({switch: False})
    for method, path in calls:
        answer = await client.request(method, path, json=[receipt()])
        assert (answer.status_code, list(answer.json())) == (403, ["Message"])
    assert (await client.get("/packages/v2/active")).status_code == 200
    assert (await client.get("/facilities/v2")).status_code == 200


async def test_an_expired_key_is_401_everywhere(client: httpx.AsyncClient, registry: World) -> None:
    registry.switches.key_expired = True
    for path in ("/facilities/v2", "/sales/v1/receipts/active"):
        assert (await client.get(path)).status_code == 401


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_bare_object_is_refused(client: httpx.AsyncClient, version: str, method: str) -> None:
    answer = await client.request(method, f"/sales/{version}/receipts", json=receipt())
    assert answer.status_code == 400


# How states differ


def names(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(names, value))
    return set(value).union(*map(names, value.values())) if isinstance(value, dict) else set()


async def test_the_case_of_names_is_switched_all_the_way_down(client: httpx.AsyncClient, registry: World) -> None:
    await client.post("/sales/v2/receipts", json=[receipt()])
    for path in ("/facilities/v2", "/packages/v2/active", "/sales/v2/receipts/active", f"/patients/v2/statuses/{CARD}"):
        registry.switches.camel_case = False
        pascal = names((await client.get(path)).json())
        registry.switches.camel_case = True
        camel = names((await client.get(path)).json())
        assert all(name[0].isupper() for name in pascal)
        assert camel == {name[0].lower() + name[1:] for name in pascal}


async def test_unset_dates_are_null_or_of_year_1(client: httpx.AsyncClient, registry: World) -> None:
    await client.post("/sales/v2/receipts", json=[receipt()])
    assert (await client.get("/sales/v2/receipts/external/PCC-1")).json()["ArchivedDate"] is None
    registry.switches.sentinel_dates = True
    found = (await client.get("/sales/v2/receipts/external/PCC-1")).json()
    assert found["ArchivedDate"] == "0001-01-01T00:00:00+00:00"
    assert found["CaregiverLicenseNumber"] is None


async def test_lists_may_leave_lines_out(client: httpx.AsyncClient, registry: World) -> None:
    await client.post("/sales/v2/receipts", json=[receipt()])
    registry.switches.lines_in_lists = False
    rows = (await client.get("/sales/v2/receipts/active")).json()["Data"]
    assert all(row["Transactions"] == [] for row in rows)
    assert len((await client.get(f"/sales/v2/receipts/{rows[-1]['Id']}")).json()["Transactions"]) == 1


async def test_without_a_window_a_list_has_the_last_day_or_everything(
    client: httpx.AsyncClient, registry: World
) -> None:
    day = (await client.get("/sales/v2/receipts/inactive")).json()["Total"]
    registry.switches.last_day_only = False
    assert (await client.get("/sales/v2/receipts/inactive")).json()["Total"] > day


async def test_receipts_are_found_by_their_day_of_sale_but_not_together_with_last_change(
    client: httpx.AsyncClient, registry: World
) -> None:
    await client.post("/sales/v2/receipts", json=[receipt(SalesDateTime="2026-03-01T23:59:59.000")])

    async def days(**params: str) -> set[str]:
        rows = (await client.get("/sales/v2/receipts/active", params=params)).json()["Data"]
        return {row["SalesDateTime"][:10] for row in rows}

    assert await days(salesDateStart="2026-03-01", salesDateEnd="2026-03-01") == {"2026-03-01"}
    assert "2026-03-01" not in await days(salesDateStart="2026-03-02")
    mixed = {"salesDateStart": "2026-03-01", "lastModifiedStart": "2026-03-12T00:00:00Z"}
    assert (await client.get("/sales/v2/receipts/active", params=mixed)).status_code == 400
    registry.switches.sales_date_filters = False
    assert "2026-03-12" in await days(salesDateStart="2026-03-01", salesDateEnd="2026-03-01")


async def test_a_number_that_is_not_there_is_404_or_401(client: httpx.AsyncClient, registry: World) -> None:
    for status in (404, 401):
        registry.switches.external_not_found = status
        assert (await client.get("/sales/v2/receipts/external/PCC-9")).status_code == status
