"""Answers of BioTrack of a wrong shape, or with something impossible inside: none is taken for an answer."""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.adapters.http import LARGEST
from pcc_desk.desk.ports_outside import StateSystem
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Posted, PostRefused, Voided
from tests.adapters.outside import CARD
from tests.adapters.outside_biotrack import ACCOUNT, GENERATIONS, answering, biotrack, by_path, of_barcode

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)

ASKING: dict[str, Callable[[StateSystem], Awaitable[Any]]] = {
    "ping": lambda system: system.ping(),
    "standing": lambda system: system.standing(CARD),
    "caregiver": lambda system: system.caregiver("C-1"),
    "find_posted": lambda system: system.find_posted("PCC-1"),
    "posted_on": lambda system: system.posted_on(TODAY, NOW),
    "stock": lambda system: system.stock(),
}
WRITING: dict[str, Callable[[StateSystem], Awaitable[Any]]] = {
    "post": lambda system: system.post(of_barcode()),
    "correct": lambda system: system.correct("700123", of_barcode()),
    "void": lambda system: system.void("700123", "rung up twice"),
}

NO_ANSWERS = [
    b"",
    b"null",
    b"7",
    b'"down for maintenance"',
    b"true",
    b"[7]",
    b"[]",
    b"<html><body>Please sign in</body></html>",
    b"Content-Type: text/plain\n\n<html>",
    b'{"Data": [{"Id": 1',
    b'{"success": ',
    b'{"success": "perhaps"}',
    b'{"success": {}}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"1" * 100_000,
    b"[1e99999]",
    b'{"success": NaN}',
    b"\xff\xfe\x00",
]


@pytest.mark.parametrize("call", ASKING)
@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("raw", NO_ANSWERS, ids=lambda raw: raw[:24].decode(errors="replace"))
async def test_what_is_no_answer_is_never_taken_for_one(generation: str, call: str, raw: bytes) -> None:
    answer = await ASKING[call](answering(generation, raw=raw))
    assert isinstance(answer, Unanswered)
    assert answer.kind in {Silence.UNREADABLE, Silence.ABSENT}
    assert len(answer.reason) < 140
    assert "\n" not in answer.reason


@pytest.mark.parametrize("call", WRITING)
@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("raw", NO_ANSWERS, ids=lambda raw: raw[:24].decode(errors="replace"))
async def test_a_write_that_is_answered_with_no_answer_is_never_done_and_never_refused(
    generation: str, call: str, raw: bytes
) -> None:
    answer = await WRITING[call](answering(generation, raw=raw))
    assert isinstance(answer, Unanswered)


@pytest.mark.parametrize("raw", NO_ANSWERS, ids=lambda raw: raw[:24].decode(errors="replace"))
@pytest.mark.parametrize("generation", ["json", "nm", "licensee"])
async def test_a_sale_that_is_answered_with_no_answer_is_in_doubt(generation: str, raw: bytes) -> None:
    """The look-up before it is answered well."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/patient/lookup" or b"card_lookup" in request.content:
            return httpx.Response(200, json={"success": 1, "CardActive": True})
        return httpx.Response(200, content=raw)

    said = await by_path(answer, generation).post(of_barcode())
    assert isinstance(said, Unanswered)
    assert said.kind is Silence.TIMED_OUT


NAMES = [
    *("success", "error", "errorcode", "sessionid", "card_key", "active", "transactionid", "transactionid_original"),
    *("sale", "inventory", "summary", "inventoryid", "itemnumber", "quantity", "price", "sessiontime", "deleted"),
    *("id", "inventorytype", "remaining_quantity", "usable_weight", "seized", "refunded", "location"),
    *("CardActive", "CardLimit", "CardExpiration", "Year", "Month", "Day", "CardKey", "CardID", "TransactionID"),
    *("ExternalID", "Status", "Error", "Data", "Message", "Sale", "Item", "ID", "CreatedOn", "Deleted", "Barcode"),
    *("Quantity", "Price", "VoidReason", "NextCursor", "Inventory", "RemainingAmount", "UOM", "UnitBased", "QAStatus"),
]
LIKELY = st.sampled_from([0, 1, "0", "1", "700123", "PCC-1", "2026-03-12T15:00:00Z", 1773331200, "success", 10**15])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | LIKELY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    max_leaves=16,
)
BODIES = JSON | st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8).map(lambda each: {"success": 1, **each})


@pytest.mark.parametrize("generation", GENERATIONS)
@given(body=BODIES, status=st.sampled_from([200, 200, 200, 201, 400, 401, 404, 422]))
async def test_no_call_ever_raises_whatever_json_comes(generation: str, body: Any, status: int) -> None:
    adapter = answering(generation, status, body)
    for call in ASKING.values():
        await call(adapter)
    for call in WRITING.values():
        assert isinstance(await call(adapter), Posted | PostRefused | Voided | Unanswered)


@pytest.mark.parametrize("generation", GENERATIONS)
@given(body=BODIES)
async def test_not_even_a_log_in_does(generation: str, body: Any) -> None:
    adapter = biotrack(
        httpx.MockTransport(lambda request: httpx.Response(200, content=json.dumps(body).encode())), generation
    )
    assert isinstance(await adapter.ping(), str | Unanswered)
    assert not isinstance(await adapter.post(of_barcode()), Exception)


@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_nobody_is_followed_elsewhere(generation: str, status: int) -> None:
    adapter = answering(generation, status, raw=b"", headers={"Location": "http://elsewhere.example/"})
    for call in (*ASKING.values(), *WRITING.values()):
        answer = await call(adapter)
        assert isinstance(answer, Unanswered)
        assert "elsewhere.example" not in answer.reason


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_an_answer_without_end_is_cut_off(generation: str) -> None:
    answer = await answering(generation, raw=b"{" + b" " * (LARGEST + 1) + b"}").ping()
    assert isinstance(answer, Unanswered)
    assert "more than 8 MB" in answer.reason


ROW = {
    "transactionid": "4857",
    "transactionid_original": "4857",
    "inventoryid": "0000000090000178",
    "itemnumber": "0",
    "quantity": "1",
    "price": "8.00",
    "sessiontime": "1773327600",
    "deleted": "0",
}


@pytest.mark.parametrize(
    "change",
    [
        {"transactionid": None},
        {"transactionid": "x"},
        {"transactionid": True},
        {"transactionid": -1},
        {"transactionid": [1]},
        {"transactionid_original": "x"},
        {"inventoryid": ""},
        {"inventoryid": {}},
        {"inventoryid": "9" * 70},
        {"quantity": None},
        {"quantity": "3.5 g"},
        {"quantity": 3.5000001},
        {"quantity": 1e25},
        {"quantity": "NaN"},
        {"price": None},
        {"price": "0.005"},
        {"sessiontime": None},
        {"sessiontime": "soon"},
        {"sessiontime": 0},
        {"sessiontime": 10**11 * 9},
        {"deleted": "perhaps"},
        {"deleted": 2},
    ],
    ids=str,
)
async def test_a_day_with_one_impossible_row_is_not_compared_at_all(change: dict[str, Any]) -> None:
    answer = await answering("json", body={"success": 1, "sale": [ROW, {**ROW, **change}]}).posted_on(TODAY, NOW)
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.UNREADABLE


SALE = {
    "ID": 1,
    "ExternalID": "PCC-1",
    "CreatedOn": "2026-03-12T15:00:00Z",
    "Deleted": False,
    "Item": [{"Barcode": "1", "Quantity": 1, "Price": 2}],
}


@pytest.mark.parametrize(
    "change",
    [
        {"ID": None},
        {"ID": {}},
        {"ID": -1},
        {"CreatedOn": None},
        {"CreatedOn": "soon"},
        {"CreatedOn": "2026-03-12T15:00:00"},
        {"CreatedOn": "9999-12-31T23:59:59-12:00"},
        {"Deleted": "perhaps"},
        {"Item": "none"},
        {"Item": [7]},
        {"Item": [{"Barcode": "1", "Quantity": 1}]},
        {"Item": [{"Barcode": "1", "Quantity": 1, "Price": 0.005}]},
    ],
    ids=str,
)
async def test_a_day_of_a_licensee_with_one_impossible_sale_is_not_compared_at_all(change: dict[str, Any]) -> None:
    body = {"NextCursor": 0, "Sale": [SALE, {**SALE, **change}]}
    answer = await answering("licensee", body=body).posted_on(TODAY, NOW)
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.UNREADABLE


@pytest.mark.parametrize(
    "change",
    [
        {"CardActive": None},
        {"CardActive": "yes"},
        {"CardLimit": "much"},
        {"CardLimit": True},
        {"CardLimit": [1]},
        {"CardLimit": 1e25},
        {"CardExpiration": "soon"},
        {"CardExpiration": {"Year": 2027, "Month": 13, "Day": 1}},
        {"CardExpiration": {"Year": 2027, "Month": 1.5, "Day": 1}},
        {"CardExpiration": {"Year": 2027}},
        {"CardID": "another"},
        {"CardID": True},
    ],
    ids=str,
)
async def test_a_card_with_something_impossible_is_not_told_of(change: dict[str, Any]) -> None:
    body = {"CardActive": True, "CardLimit": 1, "CardExpiration": None, "CardID": CARD, **change}
    answer = await answering("nm", body=body).standing(CARD)
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.UNREADABLE


async def test_pages_that_repeat_or_do_not_end_are_given_up() -> None:
    again = answering("licensee", body={"NextCursor": 7, "Sale": []})
    assert isinstance(await again.find_posted("PCC-1"), Unanswered)

    def endless(request: httpx.Request) -> httpx.Response:
        place = int(request.url.params.get("cursor", "0"))
        return httpx.Response(200, json={"NextCursor": place + 1, "Sale": []})

    assert isinstance(await by_path(endless, "licensee").find_posted("PCC-1"), Unanswered)


@pytest.mark.parametrize("generation", ["json", "nm", "licensee"])
async def test_a_key_that_could_break_out_of_a_header_is_not_used(generation: str) -> None:
    def let_in(request: httpx.Request) -> httpx.Response:
        word = "a\r\nX-Evil: 1"
        return httpx.Response(200, json={"success": 1, "sessionid": word, "Session": word, "session": word})

    answer = await biotrack(httpx.MockTransport(let_in), generation).ping()
    assert isinstance(answer, Unanswered)
    assert "without a session" in answer.reason


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_no_log_holds_a_card_or_a_password(generation: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for call in (*ASKING.values(), *WRITING.values()):
        await call(answering(generation, 500, raw=b"oops"))
    assert not any(secret in caplog.text for secret in (CARD, *ACCOUNT.values()))
