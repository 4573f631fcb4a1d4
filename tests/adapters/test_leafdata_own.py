"""What is Leaf Data's own beyond the contract of state systems, in Washington's shape."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.adapters.loading import STATE_SYSTEMS, installed, load_state_system
from pcc_desk.adapters.state.leafdata import LABEL, LeafData
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Dispensation, DispensedLine, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.sales import SoldLine
from pcc_desk.simulator import leafdata as simulator
from pcc_desk.simulator.world import World
from tests.adapters.outside import CARD, DREAM, NOW, ZONE, Cut, later, world
from tests.adapters.outside_leafdata import (
    CODE,
    DREAM_LOT,
    KEY,
    answering,
    by_path,
    leafdata,
    lot_sale,
    page,
    simulated,
)

TODAY = date(2026, 3, 12)

SAMPLE = {
    "sale": [
        {
            "external_id": "PCC-20260201-0007",
            "type": "retail_medical",
            "status": "sale",
            "sold_at": "02/01/2026 10:15am",
            "price_total": "25.00",
            "patient_medical_id": "PAT-1",
            "caregiver_id": "",
            "global_sold_by_user_id": "WAR010101.US1",
            "sale_items": [
                {
                    "external_id": "L1",
                    "type": "sale",
                    "sold_at": "02/01/2026 10:15am",
                    "qty": "1",
                    "uom": "ea",
                    "unit_price": "25.00",
                    "price_total": "25.00",
                    "name": "Gummies",
                    "global_inventory_id": "WAR010101.IN1",
                }
            ],
        }
    ]
}
"""The reference's sample, less the batch, which the desk does not know and another client leaves out."""


@pytest.fixture
def registry() -> World:
    return world()


@pytest.fixture
def wire(registry: World, tmp_path: Path) -> Cut:
    return simulated(registry, tmp_path)


@pytest.fixture
def adapter(registry: World, wire: Cut) -> LeafData:
    return leafdata(wire, registry)


def gummies() -> Dispensation:
    line = DispensedLine(
        "WAR010101.IN1", "Gummies", "edible", Quantity(1000, Unit.EACH), Measures(None, None, None, 1000), 2500
    )
    at = datetime(2026, 2, 1, 10, 15, 40, tzinfo=ZONE)
    return replace(lot_sale("PCC-20260201-0007", card="PAT-1", at=at), lines=(line,))


def taking(number: str = "WAR010101.SA1") -> tuple[list[httpx.Request], Any]:
    """Return the requests to come, and a system that takes every sale."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.method == "GET":
            return httpx.Response(200, json=page())
        return httpx.Response(200, json=[{"global_id": number}])

    return seen, answer


def test_it_is_installed_by_its_name_and_says_that_it_is_modelled() -> None:
    assert "leafdata" in installed(STATE_SYSTEMS)
    settings = {"base_url": "https://leaf.example/api/v1", "zone": "America/Los_Angeles", "licence": "WAR010101"}
    system = load_state_system("leafdata", {**settings, "name": "State tracker"}, {"key": KEY})
    assert system.name == f"State tracker ({LABEL})"
    assert LABEL == "modelled, unverified with any state"


async def test_every_capability_says_that_it_is_modelled(adapter: LeafData) -> None:
    assert all(LABEL in each.why for each in await adapter.capabilities())


async def test_where_there_is_no_call_it_says_where_to_look(adapter: LeafData, wire: Cut) -> None:
    for answer in (await adapter.standing(CARD), await adapter.caregiver("MI-C-1")):
        assert answer.kind is Silence.ABSENT
        assert "on the state's own page" in answer.reason
        assert not answer.is_outage
    assert wire.requests == []


async def test_a_sale_goes_over_as_the_reference_has_it() -> None:
    seen, answer = taking()
    assert await leafdata(httpx.MockTransport(answer), sold_by="WAR010101.US1").post(gummies()) == Posted(
        "WAR010101.SA1"
    )
    looked, sent = seen
    assert (looked.method, looked.url.params["f_external_id"]) == ("GET", "PCC-20260201-0007")
    assert (sent.method, sent.url.path) == ("POST", "/api/v1/sales")
    assert json.loads(sent.content) == SAMPLE
    assert (sent.headers["x-mjf-mme-code"], sent.headers["x-mjf-key"]) == (CODE, KEY)
    assert sent.headers["content-type"] == "application/json"
    assert "authorization" not in sent.headers


async def test_a_correction_goes_over_as_one_object_with_the_states_number() -> None:
    seen, answer = taking()
    assert await by_path(answer).correct("WAR010101.SA1", gummies()) == Posted("WAR010101.SA1")
    (sent,) = seen
    assert sent.url.path == "/api/v1/sales/update"
    sale = json.loads(sent.content)["sale"]
    assert (sale["global_id"], sale["external_id"]) == ("WAR010101.SA1", "PCC-20260201-0007")


async def test_what_a_caregiver_fetched_names_both(adapter: LeafData, registry: World) -> None:
    assert isinstance(await adapter.post(replace(lot_sale(), caregiver_card="MI-C-0012-0931")), Posted)
    last = registry.books["leafdata"][-1]["now"]
    assert (last["patient_medical_id"], last["caregiver_id"]) == (CARD, "MI-C-0012-0931")


@given(thousandths=st.integers(1, 10**10), price_cents=st.integers(0, 10**9))
async def test_any_quantity_and_price_goes_over_and_comes_back_exactly(thousandths: int, price_cents: int) -> None:
    kept: list[Any] = []

    def keep(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            kept.extend(json.loads(request.content)["sale"])
            return httpx.Response(200, json=[{"global_id": "A.SA1"}])
        return httpx.Response(200, json=page(*({**each, "global_id": "A.SA1"} for each in kept)))

    adapter = by_path(keep)
    given_out = lot_sale("PCC-1", thousandths)
    (line,) = given_out.lines
    assert await adapter.post(replace(given_out, lines=(replace(line, price_cents=price_cents),))) == Posted("A.SA1")
    receipts = await adapter.posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert receipts[0].lines == (SoldLine(DREAM_LOT, thousandths, price_cents, "Blue Dream"),)


async def test_what_stands_under_our_number_is_not_sent_again(adapter: LeafData, wire: Cut) -> None:
    first = await adapter.post(lot_sale("PCC-1"))
    assert await adapter.post(lot_sale("PCC-1", 7000)) == first
    assert [each.method for each in wire.requests] == ["GET", "POST", "GET"]


async def test_nothing_is_sent_when_it_cannot_be_told_whether_it_is_there() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(500, content=b"SQLSTATE[HY000]: General error")

    outcome = await by_path(answer).post(lot_sale())
    assert isinstance(outcome, Unanswered)
    assert outcome.kind is Silence.DOWN
    assert "SQLSTATE" not in outcome.reason
    assert seen == ["GET"]


async def test_of_sales_under_one_number_the_one_that_stands_is_meant_and_several_are_told() -> None:
    def held(*sales: tuple[str, str | None]) -> LeafData:
        return answering(body=page(*({"global_id": n, "external_id": "PCC-1", "deleted_at": d} for n, d in sales)))

    struck = "03/12/2026 01:00pm"
    assert await held(("A.SA1", struck), ("A.SA2", None)).find_posted("PCC-1") == Posted("A.SA2")
    assert await held(("A.SA1", struck), ("A.SA2", struck)).find_posted("PCC-1") == Posted("A.SA1")
    for answer in (
        await held(("A.SA1", None), ("A.SA2", None)).find_posted("PCC-1"),
        await held(("A.SA1", None), ("A.SA2", None)).post(lot_sale("PCC-1")),
    ):
        assert isinstance(answer, Unanswered)
        assert "2 sales under our number (A.SA1, A.SA2); strike all but one" in answer.reason
        assert answer.is_for_a_person
        assert not answer.is_outage


async def test_a_post_in_doubt_is_found_when_lists_have_caught_up(
    adapter: LeafData, registry: World, wire: Cut
) -> None:
    registry.switches.list_lag_s = 60
    wire.lost_posts = 1
    answer = await adapter.post(lot_sale("PCC-1"))
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT
    assert await adapter.find_posted("PCC-1") == NotPosted()
    later(registry, timedelta(seconds=61))
    assert isinstance(await adapter.find_posted("PCC-1"), Posted)


async def test_a_page_for_a_second_factor_is_never_followed_and_says_what_to_do(
    adapter: LeafData, registry: World, wire: Cut
) -> None:
    registry.switches.second_factor = True
    for answer in (
        await adapter.ping(),
        await adapter.stock(),
        await adapter.find_posted("PCC-1"),
        await adapter.posted_on(TODAY, NOW),
        await adapter.post(lot_sale()),
    ):
        assert isinstance(answer, Unanswered)
        assert answer.kind is Silence.DENIED
        assert "second factor" in answer.reason
        assert "switched off" in answer.reason
    assert {each.url.path for each in wire.requests} == {f"/api/v1/{each}" for each in ("mmes", "inventories", "sales")}


async def test_a_redirect_after_something_was_sent_leaves_it_in_doubt() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=page())
        return httpx.Response(302, headers={"Location": "http://elsewhere.example/"})

    adapter = by_path(answer)
    for outcome in (
        await adapter.post(lot_sale()),
        await adapter.correct("A.SA1", lot_sale()),
        await adapter.void("A.SA1", ""),
    ):
        assert isinstance(outcome, Unanswered)
        assert outcome.kind is Silence.TIMED_OUT
        assert "elsewhere.example" not in outcome.reason


async def test_what_the_state_refuses_comes_back_in_its_own_words(adapter: LeafData) -> None:
    answer = await adapter.post(lot_sale(grams=99_999_999))
    assert isinstance(answer, PostRefused)
    assert answer.why == (
        "The given data was invalid.; sale_items.0: The qty may not be greater than the inventory holds."
    )


async def test_a_wrong_key_or_an_expired_one_is_denied(registry: World, wire: Cut) -> None:
    wrong = leafdata(wire, registry, key="wrong-KEY")
    for answer in (await wrong.ping(), await wrong.post(lot_sale())):
        assert isinstance(answer, Unanswered)
        assert answer.kind is Silence.DENIED
        assert "wrong-KEY" not in answer.reason
    registry.switches.key_expired = True
    answer = await leafdata(wire, registry).ping()
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.DENIED


async def test_striking_a_sale_twice_leaves_it_struck(adapter: LeafData, registry: World) -> None:
    before = registry.remaining[DREAM]
    posted = await adapter.post(lot_sale("PCC-1"))
    assert isinstance(posted, Posted)
    assert registry.remaining[DREAM] == before - Decimal("3.5")
    assert await adapter.void(posted.receipt, "") == Voided(posted.receipt)
    assert await adapter.void(posted.receipt, "") == Voided(posted.receipt)
    assert registry.remaining[DREAM] == before


@pytest.mark.parametrize("number", ["../users", "A/B?x=1#y", "\udc80"])
async def test_a_sales_number_stays_one_piece_of_the_address(adapter: LeafData, wire: Cut, number: str) -> None:
    await adapter.void(number, "")
    assert wire.requests[0].url.raw_path.startswith(b"/api/v1/sales/")
    assert wire.requests[0].url.raw_path.count(b"/") == 4


async def test_pages_are_read_to_the_last(
    adapter: LeafData, registry: World, wire: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "PAGE_SIZE", 7)
    stock = await adapter.stock()
    assert isinstance(stock, tuple)
    assert len(stock) == len(registry.packages) > 14
    asked = [each.url.params.get("page") for each in wire.requests if each.url.path.endswith("/inventories")]
    assert asked[:3] == [None, "2", "3"]


async def test_lists_keyed_by_index_are_lists(adapter: LeafData, registry: World) -> None:
    plain = await adapter.stock(), await adapter.posted_on(TODAY, NOW)
    registry.switches.keyed_lists = True
    assert (await adapter.stock(), await adapter.posted_on(TODAY, NOW)) == plain
    assert isinstance(plain[1], tuple)
    assert len(plain[1]) > 5


async def test_stock_says_why_a_package_may_not_go_out(adapter: LeafData, registry: World) -> None:
    packages = await adapter.stock()
    assert isinstance(packages, tuple)
    by_tag = {each.label.rpartition(".IN")[2]: each for each in packages}
    assert set(by_tag) == set(registry.packages)
    for tag, known in registry.packages.items():
        package = by_tag[tag]
        may_not = known.is_on_hold or known.is_recalled or known.lab_state not in {"TestPassed", "NotRequired"}
        assert bool(package.blocked) == may_not, tag
        assert (package.product, package.category) == (known.package.product, known.package.category)
        assert (package.remaining.amount, package.expires_on) == (registry.remaining[tag], known.package.expires_on)


async def test_an_hour_after_midnight_in_utc_is_still_the_shops_day_and_what_is_posted_late_is_of_its_own(
    adapter: LeafData, registry: World
) -> None:
    late = datetime(2026, 3, 13, 3, 59, tzinfo=UTC)
    later(registry, late + timedelta(hours=9) - registry.clock())
    assert isinstance(await adapter.post(lot_sale("PCC-LATE", at=late)), Posted)
    for day, expected in ((TODAY, 1), (TODAY + timedelta(days=1), 0)):
        receipts = await adapter.posted_on(day, registry.clock())
        assert isinstance(receipts, tuple)
        assert [each.external_number for each in receipts].count("PCC-LATE") == expected


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)], ids=["23 hours", "25 hours"])
async def test_a_day_on_which_the_clock_changes_is_read_from_its_first_minute_to_its_last(
    day: date, tmp_path: Path
) -> None:
    first, last = datetime.combine(day, time(0, 1), ZONE), datetime.combine(day, time(23, 59), ZONE)
    registry = world(now=first)
    adapter = leafdata(simulated(registry, tmp_path), registry)
    for number, at in (("PCC-FIRST", first), ("PCC-LAST", last)):
        registry.clock = lambda at=at: at  # type: ignore[misc]
        assert isinstance(await adapter.post(lot_sale(number, at=at)), Posted)
    receipts = await adapter.posted_on(day, last + timedelta(days=2))
    assert isinstance(receipts, tuple)
    ours = [(each.external_number, each.sold_at) for each in receipts if each.external_number.startswith("PCC-")]
    assert ours == [("PCC-FIRST", first), ("PCC-LAST", last)]


async def test_the_simulated_system_speaks_at_the_root_and_where_washington_had_it(registry: World, wire: Cut) -> None:
    headers = simulator.credentials(registry)
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1:1", headers=headers) as client:
        for root in ("", "/api/v1"):
            licensees = (await client.get(f"{root}/mmes")).json()
            assert [each["code"] for each in licensees] == [CODE, "WAR990099"]
            areas = (await client.get(f"{root}/areas")).json()
            assert list(areas) == list(page())
        answer = await client.post("/sales", content=b'{"sale": {}}')
        assert answer.status_code == 422
        assert answer.json()["validation_messages"] == {"sale": ["An array of sales is required."]}
        assert (await client.post("/sales", content=b"not JSON")).status_code == 422
        assert (await client.put("/sales")).status_code == 405
        for update in ([{"global_id": "WAR000417.SA0"}], {"global_id": "WAR000417.SA0"}):
            assert (await client.post("/sales/update", json={"sale": update})).status_code == 404


async def test_a_sale_is_voided_by_its_status_too(adapter: LeafData, registry: World, wire: Cut) -> None:
    posted = await adapter.post(lot_sale("PCC-1"))
    assert isinstance(posted, Posted)
    headers = simulator.credentials(registry)
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1:1", headers=headers) as client:
        update = {"sale": {"global_id": posted.receipt, "status": "void"}}
        assert (await client.post("/sales/update", json=update)).status_code == 200
    receipts = await adapter.posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert [each.is_void for each in receipts if each.external_number == "PCC-1"] == [True]
