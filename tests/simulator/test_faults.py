"""Everything that can go wrong with a state system goes wrong on call, over real loopback, before a plain client."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from pcc_desk.simulator.biotrack_books import Books
from pcc_desk.simulator.faults import Does
from pcc_desk.simulator.leafdata_sales import Sales
from pcc_desk.simulator.systems import load_system
from tests.adapters.outside import CARD, DREAM, NOW, later, world
from tests.simulator.served import Outside, receipt, served

POST = "POST /sales/v2/receipts"
LOOK_UP = "GET /sales/v2/receipts/external/*"


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    async with served(world()) as outside:
        yield outside


FAULTS: list[tuple[dict[str, Any], type[httpx.HTTPError] | int, int]] = [
    ({"does": "refuse", "seconds": 0}, httpx.ReadError, 0),
    ({"does": "hang"}, httpx.ReadTimeout, 0),
    ({"does": "hang_after"}, httpx.ReadTimeout, 1),
    ({"does": "reset_before"}, httpx.ReadError, 0),
    ({"does": "reset_after"}, httpx.ReadError, 1),
    ({"does": "answer", "status": 429, "retry_after": 7, "body": "empty"}, 429, 0),
    ({"does": "answer", "status": 500, "body": "json"}, 500, 0),
    ({"does": "answer", "status": 500, "body": "json", "processed": True}, 500, 1),
    ({"does": "answer", "status": 503}, 503, 0),
    ({"does": "answer", "status": 302, "location": "https://mfa.example/"}, 302, 0),
    ({"does": "slow", "seconds": 30}, httpx.ReadTimeout, 1),
    ({"does": "truncate"}, 200, 1),
    ({"does": "cut_off"}, httpx.ReadError, 1),
    ({"does": "empty"}, 200, 1),
    ({"does": "leak_header"}, 200, 1),
    ({"does": "keyed"}, 200, 1),
    ({"does": "switch", "switches": {"key_expired": True}}, 401, 0),
    ({"does": "elsewhere", "card": CARD, "label": DREAM, "quantity": 1}, 200, 1),
    ({"does": "late", "shows_after_s": 60}, 200, 1),
]


@pytest.mark.parametrize(
    ("fault", "outcome", "done"), FAULTS, ids=["-".join(map(str, list(each[0].values())[:3])) for each in FAULTS]
)
async def test_a_fault_spoils_the_second_posting_only_and_what_is_said_to_be_done_is_done(
    outside: Outside, fault: dict[str, Any], outcome: type[httpx.HTTPError] | int, done: int
) -> None:
    await outside.set(route=POST, nth=2, **fault)
    assert (await outside.post("PCC-1")).status_code == 200
    if isinstance(outcome, int):
        assert (await outside.post("PCC-2")).status_code == outcome
    else:
        with pytest.raises(outcome):
            await outside.post("PCC-2")
    assert await outside.count("PCC-2") == done
    outside.world.turn({"key_expired": False})
    while True:  # a port that was shut opens a moment later
        try:
            answer = await outside.post("PCC-3")
        except httpx.ConnectError:
            continue
        break
    assert answer.status_code == 200
    assert await outside.count("PCC-3") == 1


def test_every_kind_of_fault_is_tried() -> None:
    assert {each["does"] for each, _, _ in FAULTS} == {each.value for each in Does}


async def test_connections_are_refused_for_a_time_and_the_hands_still_reach_the_world(outside: Outside) -> None:
    assert (await outside.post()).status_code == 200
    assert (await outside.hands.post("/practice/refuse", json={"seconds": 60})).json() == {"refusing": True}
    for _ in range(2):
        with pytest.raises((httpx.ConnectError, httpx.ReadError)):
            await outside.client.get("/facilities/v2")
    assert (await outside.hands.get("/practice/registry")).json() == {"mode": "up"}
    assert (await outside.hands.post("/practice/refuse", json={"seconds": 0})).json() == {"refusing": True}
    while True:
        try:
            assert (await outside.client.get("/facilities/v2")).status_code == 200
        except httpx.ConnectError:
            continue
        break


async def test_answers_tell_when_to_come_again_and_pages_are_no_json(outside: Outside) -> None:
    await outside.set(route="GET /facilities/v2", nth=1, does="answer", status=429, retry_after=7, body="json")
    await outside.set(route="GET /facilities/v2", nth=2, does="answer", status=500)
    often, page = [await outside.client.get("/facilities/v2") for _ in range(2)]
    assert (often.headers["retry-after"], list(often.json())) == ("7", ["Message"])
    assert (page.headers["content-type"].partition(";")[0], page.text[:6]) == ("text/html", "<html>")


async def test_half_an_answer_an_empty_one_and_one_behind_a_leaked_header_are_no_json(outside: Outside) -> None:
    whole = (await outside.client.get("/facilities/v2")).content
    for place, does in enumerate(("truncate", "empty", "leak_header"), start=1):
        await outside.set(route="GET /facilities/v2", nth=1, does=does)
        answer = await outside.client.get("/facilities/v2")
        with pytest.raises(ValueError, match="line"):
            json.loads(answer.content)
        expected = (whole[: len(whole) // 2], b"", b"Content-Type: text/plain\n\n" + whole)[place - 1]
        assert answer.content == expected


async def test_a_slow_answer_is_whole_in_the_end(outside: Outside) -> None:
    await outside.set(route="GET /sales/v2/customertypes", does="slow", seconds=0.001)
    assert (await outside.client.get("/sales/v2/customertypes")).json() == ["Consumer", "Patient", "Caregiver"]


async def test_after_a_reset_that_came_too_late_the_sale_is_found_by_its_number(outside: Outside) -> None:
    await outside.set(route=POST, nth=1, does="reset_after")
    with pytest.raises(httpx.ReadError):
        await outside.post("PCC-1")
    assert (await outside.client.get("/sales/v2/receipts/external/PCC-1")).status_code == 200


async def test_the_servers_clock_goes_wrong_in_its_header_and_in_its_records(outside: Outside) -> None:
    outside.world.clock = lambda: NOW + timedelta(seconds=outside.world.switches.clock_skew_s)
    await outside.hands.post("/practice/switches", json={"clock_skew_s": -3600})
    assert (await outside.post()).status_code == 200
    answer = await outside.client.get("/sales/v2/receipts/external/PCC-1")
    assert parsedate_to_datetime(answer.headers["date"]) == NOW - timedelta(hours=1)
    assert datetime.fromisoformat(answer.json()["LastModified"]).astimezone(UTC) == NOW - timedelta(hours=1)


async def test_a_switch_turns_back_after_its_time(outside: Outside) -> None:
    await outside.set(route="GET /facilities/v2", nth=1, does="switch", switches={"key_expired": True}, seconds=0.05)
    assert (await outside.client.get("/facilities/v2")).status_code == 401
    while outside.world.switches.key_expired:
        await asyncio.sleep(0)
    assert (await outside.client.get("/facilities/v2")).status_code == 200


async def test_what_the_regulator_switched_off_is_never_an_unknown_card(outside: Outside) -> None:
    for switches, status in (({"lookup_disabled": True}, 403), ({"lookup_absent": True}, 405)):
        await outside.hands.post("/practice/switches", json=switches)
        for path in (f"/patients/v2/statuses/{CARD}", f"/patients/v1/statuses/{CARD}", "/caregivers/v2/status/X"):
            assert (await outside.client.get(path)).status_code == status
    assert (await outside.post()).status_code == 200, "sales stay"


async def test_what_was_posted_shows_late(outside: Outside) -> None:
    await outside.hands.post("/practice/switches", json={"list_lag_s": 90})
    (number,) = (await outside.post()).json()["Ids"]

    async def seen() -> tuple[int, bool]:
        listed = (await outside.client.get("/sales/v2/receipts/active")).json()["Data"]
        found = await outside.client.get("/sales/v2/receipts/external/PCC-1")
        return found.status_code, any(each["Id"] == number for each in listed)

    assert await seen() == (404, False)
    outside.world.clock = lambda: NOW + timedelta(seconds=90)
    assert await seen() == (200, True)


@pytest.mark.parametrize(("refuses", "status"), [(True, 400), (False, 200)])
async def test_another_desk_sells_between_the_look_up_and_the_sale(
    outside: Outside, refuses: bool, status: int
) -> None:
    await outside.hands.post("/practice/switches", json={"refuse_over_limit": refuses, "cache_s": 0})
    sold = {"card": CARD, "label": DREAM, "quantity": 14}
    await outside.set(route="GET /patients/v2/statuses/*", nth=1, does="elsewhere", when="after", **sold)
    before, after = [(await outside.client.get(f"/patients/v2/statuses/{CARD}")).json()[0] for _ in range(2)]
    assert before["FlowerOuncesAvailable"] == 2.5
    assert after["FlowerOuncesAvailable"] == 2.0061
    assert (await outside.post(Transactions=receipt(grams=60)["Transactions"])).status_code == status
    listed = (await outside.client.get("/sales/v2/receipts/active")).json()["Data"]
    assert all(each["PatientLicenseNumber"] != CARD or each["ExternalReceiptNumber"] for each in listed), "not ours"


async def test_the_standing_is_as_old_as_the_switch_allows(outside: Outside) -> None:
    async def bought() -> float:
        answer: list[dict[str, float]] = (await outside.client.get(f"/patients/v2/statuses/{CARD}")).json()
        return answer[0]["FlowerOuncesPurchased"]

    first = await bought()
    await outside.post()
    assert await bought() == first
    await outside.hands.post("/practice/switches", json={"cache_s": 0})
    assert await bought() > first


async def test_faults_are_counted_read_and_taken_away(outside: Outside) -> None:
    for _ in range(2):
        await outside.set(route=LOOK_UP, nth=[2, 3], does="answer", status=500)
    statuses = [(await outside.client.get("/sales/v2/receipts/external/PCC-9/")).status_code for _ in range(4)]
    assert statuses == [404, 500, 500, 404]
    first, second = (await outside.hands.get("/practice/faults")).json()["faults"]
    assert (first["seen"], first["nth"], first["route"]) == (4, [2, 3], LOOK_UP)
    assert (await outside.hands.delete(f"/practice/faults/{first['fault']}")).json() == {"faults": [second]}
    assert (await outside.hands.delete(f"/practice/faults/{first['fault']}")).status_code == 400
    assert (await outside.hands.delete("/practice/faults")).json() == {"faults": []}


async def test_a_scenario_replaced_while_running_begins_with_everything_as_it_usually_is(outside: Outside) -> None:
    await outside.hands.post("/practice/switches", json={"key_expired": True})
    await outside.set(does="hang")
    answer = await outside.hands.put("/practice/scenario", json={"seed": 3, "switches": {"camel_case": True}})
    assert (answer.json()["seed"], answer.json()["faults"]) == (3, [])
    assert next(iter((await outside.client.get("/facilities/v2")).json()[0])) == "name"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"does": "explode"}),
        ("faults", {"does": "elsewhere", "card": "MI-P-9999-0000", "label": DREAM, "quantity": 1}),
        ("elsewhere", {"card": CARD, "label": "1A4", "quantity": 1}),
        ("elsewhere", []),
        ("switches", {"keys_expired": True}),
        ("refuse", {"seconds": "long"}),
    ],
)
async def test_what_cannot_be_set_is_refused_in_a_sentence_and_changes_nothing(
    outside: Outside, path: str, body: Any
) -> None:
    answer = await outside.hands.post(f"/practice/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["refused"].endswith(".")
    assert outside.world.faults.shown() == []
    assert (await outside.client.get("/facilities/v2")).status_code == 200


@pytest.mark.parametrize("system", ["metrc", "biotrack", "leafdata"])
async def test_in_every_system_another_shop_sells_by_the_numbers_that_the_ready_line_tells(system: str) -> None:
    made = world()
    loaded = load_system(system)
    numbers = loaded.numbers(made)
    sold = {"card": numbers["patients"][0], "label": numbers["packages"][0]["label"], "quantity": 2}
    async with served(made, system) as outside:
        before = made.purchased(sold["card"], 1)
        assert (await outside.hands.post("/practice/elsewhere", json=sold)).status_code == 200
        assert made.purchased(sold["card"], 1) > before
        await outside.set(does="elsewhere", route="GET /nothing", **sold)
        for wrong in ({"label": "1A4"}, {"card": "MI-P-9999-0000"}):
            fault = {"does": "elsewhere", **sold, **wrong}
            assert (await outside.hands.post("/practice/faults", json=fault)).status_code == 400
        count = len(made.receipts)
        assert (await outside.client.get("/nothing")).status_code == 404
        assert len(made.receipts) == count + 1


@pytest.mark.parametrize("system", ["metrc", "biotrack", "leafdata"])
async def test_every_system_fares_as_the_faults_say(system: str) -> None:
    async with served(world(), system) as outside:
        await outside.set(does="reset_before", nth=1)
        await outside.set(does="answer", status=503, nth=2)
        with pytest.raises(httpx.ReadError):
            await outside.client.post("/serverjson.asp", json={"action": "login"})
        assert (await outside.client.get("/sales")).status_code == 503


async def test_a_fault_can_be_for_one_action_of_biotracks_one_address() -> None:
    async with served(world(), "biotrack") as outside:
        await outside.set(does="answer", status=500, route="POST /serverjson.asp", action="sale_void")
        statuses = [
            (await outside.client.post("/serverjson.asp", json={"API": "4.0", "action": action})).status_code
            for action in ("login", "sale_void")
        ]
        assert statuses == [200, 500]


async def test_a_page_of_leafs_may_come_keyed_and_says_the_same() -> None:
    made = world()
    login = load_system("leafdata").credentials(made)
    async with served(made, "leafdata") as outside:
        await outside.set(does="keyed", route="GET /inventories", nth=2)
        plain, keyed = [(await outside.client.get("/inventories", headers=login)).json()["data"] for _ in range(2)]
        assert list(keyed) == [str(place) for place in range(len(plain))]
        assert list(keyed.values()) == plain


async def test_of_several_faults_that_meet_a_call_the_one_that_was_set_first_has_its_way(outside: Outside) -> None:
    await outside.set(does="answer", status=500)
    await outside.set(does="answer", status=503)
    assert (await outside.client.get("/facilities/v2")).status_code == 500


async def test_a_late_posting_is_taken_at_once_and_shows_a_day_later(outside: Outside) -> None:
    await outside.set(route=POST, nth=1, does="late", shows_after_s=86_400)
    assert (await outside.post("PCC-1")).status_code == 200
    assert (await outside.post("PCC-2")).status_code == 200
    span = {"lastModifiedStart": "2026-03-12T00:00:00Z", "lastModifiedEnd": "2026-03-13T00:00:00Z"}

    async def listed() -> set[str]:
        answer = await outside.client.get("/sales/v2/receipts/active", params=span)
        return {each["ExternalReceiptNumber"] for each in answer.json()["Data"]} & {"PCC-1", "PCC-2"}

    assert await listed() == {"PCC-2"}
    assert (await outside.client.get("/sales/v2/receipts/external/PCC-1")).status_code == 404
    assert [each["external"] for each in outside.world.notes] == ["PCC-1", "PCC-2"]
    later(outside.world, timedelta(days=1))
    assert await listed() == {"PCC-1", "PCC-2"}
    assert (await outside.client.get("/sales/v2/receipts/external/PCC-1")).status_code == 200


async def test_a_posting_may_be_late_and_its_answer_lost(outside: Outside) -> None:
    await outside.set(route=POST, does="late", shows_after_s=60)
    await outside.set(route=POST, does="reset_after")
    with pytest.raises(httpx.ReadError):
        await outside.post("PCC-1")
    assert await outside.count("PCC-1") == 1
    assert (await outside.client.get("/sales/v2/receipts/external/PCC-1")).status_code == 404


@pytest.mark.parametrize("system", ["biotrack", "leafdata"])
async def test_every_state_system_keeps_a_late_posting_out_of_its_lists(system: str) -> None:
    registry = world()
    loaded = load_system(system)
    loaded.routes(registry)
    registry.system = system
    if system == "leafdata":
        sales = Sales(registry)
        before = sales.as_listed()
        number = before[-1]["global_id"]
        registry.keep_back([number], 60)
        assert [each["global_id"] for each in before if each not in sales.as_listed()] == [number]
        later(registry, timedelta(seconds=61))
        assert sales.as_listed() == before
    else:
        books = Books(registry)
        listed = books.listed()
        registry.keep_back([str(listed[-1]["transaction"])], 60)
        assert books.listed() == listed[:-1]
        later(registry, timedelta(seconds=61))
        assert books.listed() == listed
