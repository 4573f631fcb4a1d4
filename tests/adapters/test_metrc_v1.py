"""METRC's version 1 beside version 2: bare lists, postings that answer with nothing, no look-up of our number."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.adapters.loading import NoSuchAdapter, load_state_system
from pcc_desk.adapters.state.metrc import Metrc
from pcc_desk.adapters.state.metrc_v1 import MetrcV1
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call
from pcc_desk.domain.dispensing import Posted, PostRefused
from pcc_desk.domain.registry import RegistryStanding
from tests.adapters.outside import CARD, NOW, metrc, sale, simulated, world

METRC = {"base_url": "https://registry.example", "licence": "PC-1", "zone": "America/Detroit"}
TODAY = NOW.date()


def taking(listed: httpx.Response) -> tuple[list[str], Metrc]:
    """Return the calls to come, and a registry that takes every posting and shows this list of receipts."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(200) if request.method != "GET" else listed

    return asked, metrc(httpx.MockTransport(answer), kind=MetrcV1)


def row(number: Any, external: str = "PCC-1") -> dict[str, Any]:
    return {"Id": number, "ExternalReceiptNumber": external, "SalesDateTime": "2026-03-12T09:00:00.000"}


def test_a_setting_chooses_the_version() -> None:
    assert type(load_state_system("metrc", METRC, {})) is Metrc
    assert type(load_state_system("metrc", {**METRC, "version": "2"}, {})) is Metrc
    assert type(load_state_system("metrc", {**METRC, "version": "1"}, {})) is MetrcV1
    with pytest.raises(NoSuchAdapter, match="cannot work with its settings"):
        load_state_system("metrc", {**METRC, "version": "3"}, {})


async def test_every_call_goes_to_the_paths_of_version_1(tmp_path: Path) -> None:
    registry = world()
    wire = simulated(registry, tmp_path)
    system = metrc(wire, registry, kind=MetrcV1)
    posted = await system.post(sale("PCC-1"))
    assert isinstance(posted, Posted)
    assert isinstance(await system.ping(), str)
    answer = await system.standing(CARD)
    assert isinstance(answer, RegistryStanding)
    assert [column for column, _ in answer.windows[0].available] == ["flower", "thc"]
    await system.caregiver("MI-C-0012-0931")
    await system.stock()
    await system.posted_on(TODAY, NOW)
    await system.correct(posted.receipt, sale("PCC-1"))
    await system.void(posted.receipt, "")
    assert all("/v1" in each.url.path for each in wire.requests)
    assert not any({"pageNumber", "pageSize"} & set(each.url.params) for each in wire.requests)


async def test_the_receipt_of_a_posting_is_read_off_the_active_list() -> None:
    asked, system = taking(httpx.Response(200, json=[row(998), row(1001), row(5000, "PCC-2")]))
    assert await system.post(sale("PCC-1")) == Posted("1001")
    assert asked == ["POST /sales/v1/receipts", "GET /sales/v1/receipts/active"]


@pytest.mark.parametrize(
    "listed",
    [
        httpx.Response(200, json=[]),
        httpx.Response(200, json=[row(1, "PCC-2")]),
        httpx.Response(200, json=[row(None)]),
        httpx.Response(200, json={"Data": [row(1)], "TotalPages": 3}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(401),
        httpx.Response(404, json={}),
        httpx.Response(405),
        httpx.Response(429),
        httpx.Response(503),
    ],
    ids=lambda each: f"{each.status_code} {each.text[:24]}",
)
async def test_what_was_taken_and_is_not_in_the_list_is_in_doubt_and_never_unsent(listed: httpx.Response) -> None:
    answer = await taking(listed)[1].post(sale("PCC-1"))
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT
    assert answer.reason.startswith("METRC took it and its number is not known")


async def test_what_was_refused_is_not_looked_for() -> None:
    asked: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(400, json={"Message": "No."})

    assert await metrc(httpx.MockTransport(refuse), kind=MetrcV1).post(sale()) == PostRefused("No.")
    assert asked == ["POST"]


async def test_what_version_1_lacks_is_told() -> None:
    asked, system = taking(httpx.Response(200, json=[row(1)]))
    found = await system.find_posted("PCC-1")
    assert isinstance(found, Unanswered)
    assert found.kind is Silence.ABSENT
    assert asked == []
    offers = {each.call: each for each in await system.capabilities()}
    assert [call for call, each in offers.items() if not each.is_offered] == [Call.FIND_POSTED]
    assert "no finalizing" in offers[Call.CORRECT].why
