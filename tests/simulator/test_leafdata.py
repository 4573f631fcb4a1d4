"""The simulated Leaf Data over real loopback: before a plain client, and before the adapter when it fails."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.state.leafdata import LeafData
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import NotPosted, Posted
from pcc_desk.simulator import leafdata
from pcc_desk.simulator.leafdata_sales import Sales
from pcc_desk.simulator.make_training import SEED
from pcc_desk.simulator.server import make_world
from pcc_desk.simulator.systems import load_system
from pcc_desk.simulator.world import World
from tests.adapters.outside import CARD, DREAM, KEYS, NOW, ZONE, later, world
from tests.adapters.outside_leafdata import CODE, DREAM_LOT, KEY, lot_sale
from tests.simulator.served import Outside, served

ITEM = {
    "global_inventory_id": DREAM_LOT,
    "qty": "3.50",
    "uom": "gm",
    "price_total": "28.00",
    "sold_at": "03/12/2026 01:00pm",
}
SALE = {
    "external_id": "PCC-1",
    "type": "retail_medical",
    "status": "sale",
    "sold_at": "03/12/2026 01:00pm",
    "price_total": "28.00",
    "patient_medical_id": CARD,
    "sale_items": [ITEM],
}

FAULTS: list[dict[str, Any]] = [
    {"does": "refuse", "seconds": 0},
    {"does": "hang"},
    {"does": "hang_after"},
    {"does": "reset_before"},
    {"does": "reset_after"},
    {"does": "answer", "status": 302, "location": "https://mfa.example/"},
    {"does": "answer", "status": 302, "location": "https://mfa.example/", "processed": True},
    {"does": "answer", "status": 429, "retry_after": 7, "body": "empty"},
    {"does": "answer", "status": 500, "body": "json"},
    {"does": "answer", "status": 500, "body": "html", "processed": True},
    {"does": "answer", "status": 503},
    {"does": "slow", "seconds": 30},
    {"does": "truncate"},
    {"does": "cut_off"},
    {"does": "empty"},
    {"does": "keyed"},
    {"does": "switch", "switches": {"key_expired": True}, "seconds": 0},
]

HOLDS_UP = {"hang", "hang_after", "slow"}
HASTY_S = 1.0
"""Long enough for a question to arrive on a machine that has other things to do; only what holds up is waited out."""


def adapter(outside: Outside, whole_s: float = WHOLE_S) -> LeafData:
    return LeafData(
        name="Leaf Data",
        base_url=f"{outside.address}/api/v1",
        zone=ZONE,
        mme_code=CODE,
        key=KEY,
        categories={},
        whole_s=whole_s,
    )


def headers(state: World) -> dict[str, str]:
    return leafdata.credentials(state)


def under(state: World, number: str) -> int:
    return sum(each["external_id"] == number for each in Sales(state).as_they_are())


@pytest.mark.parametrize("route", ["POST /api/v1/sales", "GET /api/v1/sales"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: "-".join(map(str, each.values())))
async def test_whatever_befalls_a_posting_or_its_look_up_the_sale_is_there_once(
    route: str, fault: dict[str, Any]
) -> None:
    async with served(world(), "leafdata") as outside:
        hasty = adapter(outside, whole_s=HASTY_S if fault["does"] in HOLDS_UP else WHOLE_S)
        system = adapter(outside)
        await outside.set(route=route, nth=1, **fault)
        answer = await hasty.post(lot_sale("PCC-1"))
        if isinstance(answer, Unanswered) and answer.kind not in {Silence.TIMED_OUT, Silence.UNREADABLE}:
            assert under(outside.world, "PCC-1") == 0, "what may be sent again has not arrived"
        outside.world.switches.key_expired = False
        if not isinstance(answer, Posted):
            found = await system.find_posted("PCC-1")
            answer = await system.post(lot_sale("PCC-1")) if isinstance(found, NotPosted) else found
        assert isinstance(answer, Posted)
        assert under(outside.world, "PCC-1") == 1
        await hasty.close()
        await system.close()


async def test_what_was_sold_corrected_and_struck_is_in_the_ledger_in_the_shops_units(tmp_path: Path) -> None:
    state = world()
    state.ledger = tmp_path / "ledger.jsonl"
    async with served(state, "leafdata") as outside:
        client = outside.client
        (sold,) = (await client.post("/sales", json={"sale": [SALE]}, headers=headers(state))).json()
        update = {**SALE, "global_id": sold["global_id"], "sale_items": [{**ITEM, "qty": 7}]}
        assert (await client.post("/sales/update", json={"sale": [update]}, headers=headers(state))).status_code == 200
        gone = await client.delete(f"/sales/{sold['global_id']}", headers=headers(state))
        assert (gone.status_code, gone.json()) == (200, [])
        assert (await client.delete(f"/sales/{sold['global_id']}", headers=headers(state))).status_code == 404
    notes = [json.loads(line, parse_float=Decimal) for line in state.ledger.read_text().splitlines()]
    assert [(each["kind"], each["external"], each["card"]) for each in notes] == [
        (kind, "PCC-1", CARD) for kind in ("post", "correct", "void")
    ]
    label = f"WAR000417.IN{DREAM}"
    assert [(each["lines"][0]["label"], each["lines"][0]["unit"]) for each in notes] == [(label, "Grams")] * 3
    assert {(each["caregiver"], each["sold_at"]) for each in notes} == {(None, SALE["sold_at"])}
    assert [each["lines"][0]["quantity"] for each in notes] == [Decimal("3.5"), 7, 7]


async def test_lists_lag_and_a_single_read_does_not() -> None:
    state = world()
    state.switches.list_lag_s = 60
    async with served(state, "leafdata") as outside:
        client = outside.client
        (sold,) = (await client.post("/sales", json={"sale": [SALE]}, headers=headers(state))).json()

        async def seen(**asked: str) -> list[Any]:
            rows = (await client.get("/sales", params=asked, headers=headers(state))).json()["data"]
            return [each["deleted_at"] for each in rows]

        assert await seen(f_external_id="PCC-1") == []
        assert await seen(f_global_id=sold["global_id"]) == [None]
        later(state, timedelta(seconds=61))
        await client.delete(f"/sales/{sold['global_id']}", headers=headers(state))
        assert await seen(f_external_id="PCC-1") == [None]
        assert await seen(f_global_id=sold["global_id"]) == ["03/12/2026 01:01pm"]
        later(state, timedelta(seconds=61))
        assert await seen(f_external_id="PCC-1") == ["03/12/2026 01:01pm"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sold_at": "2026-03-12T13:00:00"}, "sold_at"),
        ({"type": "gift"}, "type"),
        ({"price_total": "free"}, "price_total"),
        ({"sale_items": []}, "sale_items"),
        ({"sale_items": [7]}, "sale_items.0"),
        ({"sale_items": [{**ITEM, "global_inventory_id": "WAR000417.IN0"}]}, "sale_items.0"),
        ({"sale_items": [{**ITEM, "qty": "0"}]}, "sale_items.0"),
        ({"sale_items": [{**ITEM, "qty": True}]}, "sale_items.0"),
        ({"sale_items": [{**ITEM, "uom": "ea"}]}, "sale_items.0"),
        ({"sale_items": [{**ITEM, "price_total": None}]}, "sale_items.0"),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_sale_is_told_by_field(change: dict[str, Any], field: str) -> None:
    state = world()
    async with served(state, "leafdata") as outside:
        sent = {"sale": [{**SALE, **change}]}
        answer = await outside.client.post("/sales", json=sent, headers=headers(state))
    assert answer.status_code == 422
    assert answer.json()["error"] is True
    assert list(answer.json()["validation_messages"]) == [field]
    assert under(state, "PCC-1") == 0


async def test_a_number_is_used_twice_unless_the_state_refuses_that() -> None:
    state = world()
    async with served(state, "leafdata") as outside:
        for expected in (200, 200, 422):
            state.switches.refuse_duplicates = expected == 422
            sent = await outside.client.post("/sales", json={"sale": [SALE]}, headers=headers(state))
            assert sent.status_code == expected
    assert under(state, "PCC-1") == 2


async def test_lists_without_items_are_completed_sale_by_sale() -> None:
    state = world()
    state.switches.lines_in_lists = False
    async with served(state, "leafdata") as outside:
        system = adapter(outside)
        assert isinstance(await system.post(lot_sale("PCC-1")), Posted)
        receipts = await system.posted_on(NOW.date(), NOW)
        await system.close()
    assert isinstance(receipts, tuple)
    assert all(each.lines for each in receipts)


async def test_what_was_sold_is_there_after_a_restart(tmp_path: Path) -> None:
    def started() -> World:
        state = make_world(tmp_path, SEED, NOW, KEYS)
        state.clock = lambda: NOW
        return state

    async with served(started(), "leafdata") as outside:
        sent = await outside.client.post("/sales", json={"sale": [SALE]}, headers=headers(outside.world))
        assert sent.status_code == 200
    async with served(started(), "leafdata") as outside:
        system = adapter(outside)
        assert await system.find_posted("PCC-1") == Posted(sent.json()[0]["global_id"])
        assert outside.world.remaining[DREAM] == world().remaining[DREAM] - Decimal("3.5")
        await system.close()


async def test_a_wrong_key_is_told_in_the_systems_own_shape() -> None:
    state = world()
    async with served(state, "leafdata") as outside:
        answer: httpx.Response = await outside.client.get("/sales", headers={**headers(state), "x-mjf-key": "wrong"})
    assert (answer.status_code, answer.json()["error"], answer.json()["validation_messages"]) == (401, True, [])


async def test_a_sale_over_the_limit_is_refused_where_the_state_refuses_such_a_one() -> None:
    state = world()
    state.turn({"refuse_over_limit": True})
    async with served(state, "leafdata") as outside:

        async def sells(grams: str, number: str) -> int:
            sale = {**SALE, "external_id": number, "sale_items": [{**ITEM, "qty": grams}]}
            answer = await outside.client.post("/sales", json={"sale": [sale]}, headers=headers(state))
            if answer.status_code != 200:
                assert answer.json()["validation_messages"] == {
                    "patient_medical_id": ["The sale exceeds the patient's purchase limit."]
                }
            return answer.status_code

        left = state.status(CARD)[0]["FlowerOuncesAvailable"] if state.status(CARD) else 0  # type: ignore[index]
        assert left == Decimal("2.5")
        assert await sells("70.88", "PCC-1") == 422
        assert await sells("42", "PCC-2") == 200
        assert await sells("28.88", "PCC-3") == 422
        load_system("leafdata").sell_elsewhere(state, CARD, DREAM, Decimal(14))
        assert await sells("28.87", "PCC-4") == 422
        assert await sells("14.87", "PCC-5") == 200
        state.turn({"refuse_over_limit": False})
        assert await sells("100", "PCC-6") == 200
