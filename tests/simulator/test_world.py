"""The simulated world outlives the program, has people's hands in it, and goes away when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.adapters.pos.csv import PosCsv
from pcc_desk.domain.sales import Pull
from pcc_desk.simulator.exact import exact_json, read_exactly
from pcc_desk.simulator.make_training import SEED
from pcc_desk.simulator.pos import sales_of, write_catalogue
from pcc_desk.simulator.pos_till import rung
from pcc_desk.simulator.server import create_app, make_world
from pcc_desk.simulator.systems import load_system
from pcc_desk.simulator.world import Mode, World
from tests.adapters.outside import ADDRESS, CARD, DREAM, KEYS, NOW, world

LICENCE = {"licenseNumber": "PC-000417"}
TODAY = date(2026, 3, 12)
WANTED = {
    "SalesDateTime": "2026-03-12T13:00:00.000",
    "ExternalReceiptNumber": "PCC-1",
    "SalesCustomerType": "Patient",
    "PatientLicenseNumber": CARD,
    "Transactions": [{"PackageLabel": DREAM, "Quantity": 3.333, "UnitOfMeasure": "Grams", "TotalAmount": 28.01}],
}
SALE = {
    "number": "260001",
    "at": NOW.isoformat(),
    "reference": "PCC-1",
    "lines": [{"label": DREAM, "quantity": "3.333", "price": "28.01"}],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    return tmp_path


@pytest.fixture
def kept(home: Path) -> World:
    return world(home)


@pytest.fixture
async def client(kept: World, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(kept, home / "exports"))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, auth=KEYS, params=LICENCE) as client:
        yield client


def state(world: World) -> tuple[Any, ...]:
    return world.receipts, world.till, world.remaining


async def test_the_world_is_as_it_was_after_a_restart(client: httpx.AsyncClient, kept: World, home: Path) -> None:
    await client.post("/sales/v2/receipts", json=[WANTED])
    await client.post("/practice/till/sales", json=SALE)
    void = (await client.post("/sales/v2/receipts", json=[WANTED])).json()["Ids"][0]
    await client.delete(f"/sales/v2/receipts/{void}")
    again = world(home)
    assert state(again) == state(kept)
    assert exact_json(again.receipts) == exact_json(kept.receipts)
    assert again.status(CARD) == world(home).status(CARD)


async def test_after_a_restart_no_receipt_number_is_given_twice(client: httpx.AsyncClient, home: Path) -> None:
    await client.post("/sales/v2/receipts", json=[WANTED])
    again = world(home)
    again.add_receipt({**WANTED, "Transactions": []})
    numbers = [each["Id"] for each in again.receipts]
    assert len(numbers) == len(set(numbers))


async def test_the_next_day_begins_anew(client: httpx.AsyncClient, kept: World, home: Path) -> None:
    await client.post("/sales/v2/receipts", json=[WANTED])
    tomorrow = world(home, NOW + timedelta(days=1))
    assert all(each["ExternalReceiptNumber"] != "PCC-1" for each in tomorrow.receipts)
    assert tomorrow.today == TODAY + timedelta(days=1)


@pytest.mark.parametrize("damage", [b"", b'{"day": "2026-03-1', b"\xff\xfe\xff", b"[]", b'{"day": "2026-03-12"}'])
def test_a_damaged_memory_is_a_new_beginning(home: Path, damage: bytes) -> None:
    fresh = world()
    (home / "world.json").write_bytes(damage)
    again = world(home)
    assert again.remaining == fresh.remaining
    assert len(again.receipts) == len(fresh.receipts)


def test_the_same_seed_and_moment_make_the_same_world() -> None:
    first, second = (make_world(None, SEED, NOW, KEYS) for _ in range(2))
    first.clock = second.clock = lambda: NOW
    assert [each["SalesDateTime"][:16] for each in first.receipts] == [
        each["SalesDateTime"][:16] for each in second.receipts
    ]
    assert first.remaining == second.remaining
    assert make_world(None, SEED + 1, NOW, KEYS).till != first.till


def test_without_keys_given_each_world_has_its_own() -> None:
    assert make_world(None, SEED, NOW).keys != make_world(None, SEED, NOW).keys


async def test_what_is_kept_is_for_its_owner_alone(client: httpx.AsyncClient, home: Path) -> None:
    await client.post("/practice/pos/export", params={"day": str(TODAY)})
    files = [path for path in home.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"world.json", f"sales-{TODAY}.csv", "catalogue.csv"}
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


# The registry's moods


async def test_it_goes_down_and_comes_up_by_the_practice_shops_own_hands(
    client: httpx.AsyncClient, kept: World
) -> None:
    assert (await client.get("/practice/registry")).json() == {"mode": "up"}
    refused = await client.post("/practice/registry", json={"mode": "off"})
    assert refused.status_code == 400
    assert refused.json()["refused"] == "The mode must be one of: up, down, silent, lost_answer."
    await client.post("/practice/registry", json={"mode": "down"})
    assert kept.mode is Mode.DOWN
    down = await client.get("/facilities/v2")
    assert down.status_code == 503
    assert "json" not in down.headers["content-type"]
    assert (await client.get("/practice/registry")).json() == {"mode": "down"}
    await client.post("/practice/registry", json={"mode": "up"})
    assert (await client.get("/facilities/v2")).status_code == 200


async def test_a_mood_that_it_does_not_have_is_refused(client: httpx.AsyncClient, kept: World) -> None:
    for body in (b'{"mode": "sideways"}', b"{}", b"[", b"7"):
        assert (await client.post("/practice/registry", content=body)).status_code == 400
    assert kept.mode is Mode.UP


@pytest.mark.parametrize(("mode", "is_done"), [("lost_answer", True), ("silent", False), ("down", False)])
async def test_in_an_outage_a_posting_is_done_only_where_just_the_answer_is_lost(
    client: httpx.AsyncClient, kept: World, mode: str, is_done: bool
) -> None:
    await client.post("/practice/registry", json={"mode": mode})
    count = len(kept.receipts)
    posting = asyncio.create_task(client.post("/sales/v2/receipts", json=[WANTED]))
    for _ in range(50):
        await asyncio.sleep(0)
    assert posting.done() == (mode == "down")
    assert len(kept.receipts) == count + is_done
    posting.cancel()
    await asyncio.gather(posting, return_exceptions=True)


async def test_while_the_registry_is_away_the_till_still_sells(client: httpx.AsyncClient, kept: World) -> None:
    kept.mode = Mode.SILENT
    assert (await client.post("/practice/till/sales", json=SALE)).status_code == 200
    assert sales_of(kept, TODAY)[-1]["reference"] == "PCC-1"


# The point of sale


async def report(client: httpx.AsyncClient, home: Path, day: date = TODAY) -> Pull:
    await client.post("/practice/pos/export", params={"day": str(day)})
    answer = await PosCsv("POS", home / "exports", ZoneInfo("America/Detroit")).sales(day)
    assert isinstance(answer, Pull), answer
    return answer


async def test_what_the_till_sold_comes_over_in_its_report_to_the_milligram_and_the_cent(
    client: httpx.AsyncClient, kept: World, home: Path
) -> None:
    await client.post("/practice/till/sales", json=SALE)
    day = await report(client, home)
    assert len(day.sales) == len(sales_of(kept, TODAY)) > 1
    (ours,) = [each for each in day.sales if each.external_number == "PCC-1"]
    assert (ours.number, ours.sold_at) == ("260001", NOW)
    (line,) = ours.lines
    assert (line.label, line.milli, line.price_cents, line.product) == (DREAM, 3333, 2801, "Blue Dream")


async def test_every_day_of_the_past_can_be_exported_and_read(
    client: httpx.AsyncClient, kept: World, home: Path
) -> None:
    for ago in range(43):
        day = TODAY - timedelta(days=ago)
        expected = sorted(each["number"] for each in sales_of(kept, day))
        if expected:
            told = (await report(client, home, day)).sales
            assert sorted(each.number for each in told if each.business_day == day) == expected


async def test_a_report_names_no_customer(client: httpx.AsyncClient, kept: World, home: Path) -> None:
    await report(client, home, TODAY - timedelta(days=3))
    text = (home / "exports" / f"sales-{TODAY - timedelta(days=3)}.csv").read_text(encoding="utf-8")
    for patient in kept.training.patients:
        assert patient.family_name not in text
    assert "MI-P-" not in text


async def test_the_same_sale_rung_up_again_is_sold_once(client: httpx.AsyncClient, home: Path) -> None:
    for _ in range(2):
        await client.post("/practice/till/sales", json=SALE)
    assert [each.external_number for each in (await report(client, home)).sales].count("PCC-1") == 1


async def test_the_catalogue_prices_every_package(client: httpx.AsyncClient, kept: World, home: Path) -> None:
    await report(client, home)
    prices = await PosCsv("POS", home / "exports", ZoneInfo("America/Detroit")).prices()
    assert prices == {label: each.package.unit_price_cents for label, each in kept.packages.items()}


async def test_a_sale_after_midnight_in_utc_is_of_the_shops_day(client: httpx.AsyncClient, home: Path) -> None:
    late = datetime(2026, 3, 13, 3, 59, 59, tzinfo=UTC)
    await client.post("/practice/till/sales", json={**SALE, "at": late.isoformat()})
    (ours,) = [each for each in (await report(client, home)).sales if each.external_number == "PCC-1"]
    assert str(ours.sold_at) == "2026-03-12 23:59:59-04:00"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_exact_json_is_read_back_as_it_was(value: Any) -> None:
    assert read_exactly(exact_json(value).encode()) == value


def test_what_is_purchased_counts_whole_days_back_and_no_voided_receipt(kept: World) -> None:
    before = {days: kept.purchased(CARD, days) for days in (1, 30)}
    for ago, archived in ((0, None), (0, "2026-03-12"), (29, None), (30, None)):
        day = TODAY - timedelta(days=ago)
        kept.add_receipt({**WANTED, "SalesDateTime": f"{day}T23:59:59.000"}, takes_stock=False)
        kept.receipts[-1]["ArchivedDate"] = archived
    ounces = Decimal("3.333") / Decimal("28.3495")
    assert abs(kept.purchased(CARD, 1) - before[1] - ounces) < Decimal("1e-9")
    assert abs(kept.purchased(CARD, 30) - before[30] - 2 * ounces) < Decimal("1e-9")


@pytest.mark.parametrize("system", ["metrc", "biotrack", "leafdata"])
async def test_the_till_and_its_reports_call_a_package_as_the_state_does(tmp_path: Path, system: str) -> None:
    registry = world(tmp_path)
    app = create_app(registry, tmp_path, system)
    label = load_system(system).numbers(registry)["packages"][0]["label"].upper()
    write_catalogue(registry, tmp_path)
    assert f"\n{label}," in (tmp_path / "catalogue.csv").read_text()
    tag = next(iter(registry.packages))
    registry.till = [rung_up("T-0", tag, registry.clock()), *registry.till]
    sale = rung_up("T-1", label, registry.clock())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://simulated") as client:
        assert (await client.post("/practice/till/sales", json=sale)).status_code == 200
        written = await client.post("/practice/pos/export", params={"day": registry.today.isoformat()})
    assert (tmp_path / written.json()["written"]).read_text().count(f",{label},") == 2
    before, now = (each.lines[0] for each in rung(registry) if each.number in {"T-0", "T-1"})
    assert (before.label.upper(), before.package) == (now.label, now.package)


def rung_up(number: str, label: str, at: datetime) -> dict[str, object]:
    lines = [{"label": label, "quantity": "1", "price": "10.00"}]
    return {"number": number, "at": at.isoformat(), "reference": "PCC-1", "lines": lines}
