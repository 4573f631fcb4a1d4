"""Leaf Data's answers as they have been seen, of a wrong shape, and damaged: none is taken for what it is not."""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.adapters.state import leafdata_wire
from pcc_desk.adapters.state.fields import NotUnderstood
from pcc_desk.adapters.state.leafdata import LeafData
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import UNKNOWN_CATEGORY, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.sales import Receipt, SoldLine
from tests.adapters.outside import CARD, NOW, ZONE
from tests.adapters.outside_leafdata import CODE, KEY, answering, by_path, lot_sale, page

TODAY = date(2026, 3, 12)

ITEM = {
    "global_id": "WAR010101.SI1",
    "global_sale_id": "WAR010101.SA7",
    "external_id": "L1",
    "type": "sale",
    "sold_at": "03/12/2026 10:15am",
    "qty": "1.00",
    "uom": "ea",
    "unit_price": "25.00",
    "price_total": "25.00",
    "name": "Gummies",
    "global_batch_id": "WAR010101.BA1",
    "global_inventory_id": "WAR010101.IN1",
    "use_by_date": "00/00/0000",
    "returned_at": "",
    "returned_reason": None,
    "unit_cog": None,
}
SALE = {
    "global_id": "WAR010101.SA7",
    "external_id": "PCC-20260312-0007",
    "type": "retail_medical",
    "status": "sale",
    "sold_at": "03/12/2026 10:15am",
    "price_total": "25.00",
    "patient_medical_id": "PAT-1",
    "caregiver_id": "",
    "global_sold_by_user_id": "WAR010101.US1",
    "created_at": "03/12/2026 10:15am",
    "updated_at": "03/12/2026 10:15am",
    "deleted_at": None,
    "sale_items": [ITEM],
}
LOT = {
    "global_id": "WAM200002.IN7DNC",
    "external_id": 12345,
    "is_initial_inventory": "0",
    "net_weight": "0.00",
    "inventory_expires_at": "",
    "inventory_packaged_at": "09/25/2018",
    "qty": "140.0000",
    "uom": "gm",
    "serving_num": "1",
    "serving_size": "0",
    "sent_for_testing": "1",
    "deleted_at": None,
    "medically_compliant": "0",
    "lab_results_attested": "0",
    "lab_results_date": "0000-00-00 00:00:00",
    "batch_type": "extraction",
    "global_area_id": "WAM200002.ARHE3",
    "global_lab_result_id": "WAL400004.LRKPX",
    "global_inventory_type_id": "WAM200002.TYIGQ",
    "high_cbd": False,
    "created_at": "09/25/2018 9:48am",
    "updated_at": "09/25/2018 11:01am",
}
KIND = {
    "global_id": "WAM200002.TYIGQ",
    "name": "White Widow Bubble Hash",
    "intermediate_type": "usable_marijuana",
    "weight_per_unit_in_grams": "0.00",
    "uom": "gm",
}
RESULT = {"global_id": "WAL400004.LRKPX", "status": "passed", "testing_status": "completed", "thc_percent": "21.500"}
AREA = {"global_id": "WAM200002.ARHE3", "name": "Sales floor", "type": "non-quarantine"}

CALLS: dict[str, Callable[[LeafData], Awaitable[Any]]] = {
    "ping": lambda system: system.ping(),
    "find_posted": lambda system: system.find_posted("PCC-1"),
    "posted_on": lambda system: system.posted_on(TODAY, NOW),
    "stock": lambda system: system.stock(),
}
WRITES: dict[str, Callable[[LeafData], Awaitable[Any]]] = {
    "post": lambda system: system.post(lot_sale()),
    "correct": lambda system: system.correct("WAR010101.SA7", lot_sale()),
    "void": lambda system: system.void("WAR010101.SA7", ""),
}


def shelf(**lists: Any) -> LeafData:
    """Return a system with these lists; one that is a number answers with that status."""
    whole = {"inventories": [LOT], "inventory_types": [KIND], "lab_results": [RESULT], "areas": [AREA], **lists}

    def answer(request: httpx.Request) -> httpx.Response:
        rows = whole[request.url.path.rpartition("/")[2]]
        return httpx.Response(rows, json={}) if isinstance(rows, int) else httpx.Response(200, json=page(*rows))

    return by_path(answer)


def writing(status: int, body: Any = None, raw: bytes | None = None) -> LeafData:
    """Return a system that has nothing, and answers so to whatever is written."""
    content = raw if raw is not None else json.dumps(body).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=page())
        return httpx.Response(status, content=content)

    return by_path(answer)


async def not_understood(answer: Awaitable[Any]) -> str:
    said = await answer
    assert isinstance(said, Unanswered), said
    assert said.kind is Silence.UNREADABLE
    return said.reason


async def test_a_sale_that_was_read_back_is_exact() -> None:
    assert await answering(body=page(SALE)).posted_on(TODAY, NOW) == (
        Receipt(
            "WAR010101.SA7",
            "PCC-20260312-0007",
            datetime(2026, 3, 12, 10, 15, tzinfo=ZONE),
            (SoldLine("WAR010101.IN1", 1000, 2500, "Gummies"),),
        ),
    )


async def test_an_inventory_is_exact_with_its_type_and_its_result() -> None:
    assert await shelf().stock() == (
        Package(
            "WAM200002.IN7DNC",
            "White Widow Bubble Hash",
            "flower",
            Quantity(140_000, Unit.GRAMS),
            unit_thc_ug=215_000,
        ),
    )
    piece = {**LOT, "uom": "ea", "qty": "3.0000", "inventory_expires_at": "12/31/2026"}
    (package,) = await shelf(inventories=[piece], inventory_types=[{**KIND, "weight_per_unit_in_grams": 3.5}]).stock()  # type: ignore[misc]
    assert (package.remaining, package.unit_net_mg, package.unit_thc_ug, package.expires_on) == (
        Quantity(3000, Unit.EACH),
        3500,
        None,
        date(2026, 12, 31),
    )


@pytest.mark.parametrize(
    ("lists", "blocked"),
    [
        ({"lab_results": [{**RESULT, "status": "failed"}]}, "not released by the laboratory (failed)"),
        ({"lab_results": [{**RESULT, "status": "in_progress"}]}, "not released by the laboratory (in_progress)"),
        ({"lab_results": []}, "not released by the laboratory (no result known)"),
        ({"lab_results": 404}, "not released by the laboratory (no result known)"),
        ({"lab_results": [], "inventories": [{**LOT, "lab_results_attested": "1"}]}, ""),
        ({"lab_results": [], "inventories": [{**LOT, "lab_results_attested": True}]}, ""),
        ({"lab_results": [{**RESULT, "status": "failed"}], "inventories": [{**LOT, "lab_results_attested": 1}]}, None),
        ({"areas": [{**AREA, "type": "quarantine"}]}, "in quarantine"),
        ({"inventories": [{**LOT, "uom": "oz"}]}, "counted in oz, which this desk cannot weigh"),
    ],
    ids=str,
)
async def test_what_the_laboratory_or_the_area_does_not_release_stays_in(
    lists: dict[str, Any], blocked: str | None
) -> None:
    (package,) = await shelf(**lists).stock()  # type: ignore[misc]
    assert package.blocked == blocked if blocked is not None else package.blocked


async def test_what_has_no_type_has_no_name_and_no_category() -> None:
    (package,) = await shelf(inventory_types=403).stock()  # type: ignore[misc]
    assert (package.product, package.category) == ("unnamed product", UNKNOWN_CATEGORY)


async def test_stock_of_which_a_list_is_out_of_reach_is_not_told() -> None:
    for name in ("inventories", "inventory_types", "lab_results", "areas"):
        answer = await shelf(**{name: 503}).stock()
        assert isinstance(answer, Unanswered)
        assert answer.is_outage


async def test_what_was_deleted_is_no_stock() -> None:
    assert await shelf(inventories=[{**LOT, "deleted_at": "02/01/2026 10:15am"}]).stock() == ()
    assert len(await shelf(inventories=[{**LOT, "deleted_at": "0000-00-00 00:00:00"}]).stock()) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("02/01/2026 10:15am", (2026, 2, 1, 10, 15)),
        ("2/1/2026 1:05pm", (2026, 2, 1, 13, 5)),
        ("02/01/2026 13:05pm", (2026, 2, 1, 13, 5)),
        ("02/01/2026 12:05am", (2026, 2, 1, 0, 5)),
        ("02/01/2026 12:05pm", (2026, 2, 1, 12, 5)),
        ("02/01/2026 00:05am", (2026, 2, 1, 0, 5)),
        ("02/01/2026 10:15 AM", (2026, 2, 1, 10, 15)),
        ("02/01/2026", (2026, 2, 1, 0, 0)),
        ("02\\/01\\/2026 03:00pm", (2026, 2, 1, 15, 0)),
        ("2026-02-01 10:15:00", (2026, 2, 1, 10, 15)),
        ("", None),
        ("00/00/0000", None),
        ("00/00/0000 12:00am", None),
        ("0000-00-00 00:00:00", None),
        ("11/30/-0001 12:00am", None),
    ],
)
def test_times_are_read_as_they_have_been_seen(text: str, said: tuple[int, ...] | None) -> None:
    at = leafdata_wire.moment(text, ZONE)
    assert at == (datetime(*said, tzinfo=ZONE) if said else None)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "13:05pm",
        "02/01/2026 13:05am",
        "02/01/2026 00:05pm",
        "02/01/2026 24:00",
        "13/40/2026",
        "02/30/2026 1:00am",
    ],
)
def test_a_time_that_contradicts_itself_is_none(text: str) -> None:
    with pytest.raises(NotUnderstood):
        leafdata_wire.moment(text, ZONE)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"7",
        b'"down for maintenance"',
        b"true",
        b"{}",
        b"[7]",
        b'["Unauthorized"]',
        b'{"data": 7}',
        b'{"data": null, "last_page": 1}',
        b'{"data": {"a": {}}, "last_page": 1}',
        b'{"data": {"0": 7}, "last_page": 1}',
        b"<html><body>Please sign in</body></html>",
        b'{"data": [{"global_id": 1',
        b"[" * 100_000,
        b'{"data":' * 100_000,
        b"[1e99999]",
        b"[NaN]",
    ],
    ids=lambda raw: raw[:24].decode(),
)
async def test_what_is_no_list_is_never_an_empty_one(call: str, raw: bytes) -> None:
    reason = await not_understood(CALLS[call](answering(raw=raw)))
    assert reason.startswith("Leaf Data (modelled, unverified with any state) sent")
    assert len(reason) < 160


@pytest.mark.parametrize("call", ["find_posted", "posted_on", "stock"])
@pytest.mark.parametrize(
    "change",
    [{"last_page": 3}, {"last_page": "many"}, {"last_page": None}, {"current_page": 2}, {"total": 41}],
    ids=str,
)
async def test_pages_that_are_not_the_whole_are_not_taken_for_it(call: str, change: dict[str, Any]) -> None:
    await not_understood(CALLS[call](answering(body=page({**SALE, **LOT, "external_id": "PCC-1"}, **change))))


async def test_pages_without_end_are_given_up() -> None:
    asked: list[str] = []

    def endless(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("page", "1"))
        return httpx.Response(200, json={"data": [], "current_page": asked[-1], "last_page": 10**9})

    await not_understood(by_path(endless).posted_on(TODAY, NOW))
    assert len(asked) == 100


async def test_of_a_sale_that_moved_between_pages_the_last_change_counts() -> None:
    struck = {**SALE, "updated_at": "03/12/2026 11:00am", "deleted_at": "03/12/2026 11:00am"}

    def pages(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", "1"))
        return httpx.Response(200, json=page(struck if number == 1 else SALE, current_page=number, last_page=2))

    receipts = await by_path(pages).posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert [each.is_void for each in receipts] == [True]


async def test_items_that_a_list_leaves_out_are_fetched() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        is_one = request.url.params.get("f_global_id") == "WAR010101.SA7"
        return httpx.Response(200, json=page(SALE if is_one else {**SALE, "sale_items": []}))

    receipts = await by_path(answer).posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert [len(each.lines) for each in receipts] == [1]


async def test_the_days_that_are_asked_for_reach_until_tomorrow() -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json=page())

    await by_path(answer).posted_on(date(2026, 3, 10), NOW)
    assert (asked[0].params["f_date1"], asked[0].params["f_date2"]) == ("03/10/2026", "03/13/2026")
    assert b"%2F" in asked[0].query


@pytest.mark.parametrize(
    "change",
    [
        {"global_id": None},
        {"global_id": ["x"]},
        {"sold_at": None},
        {"sold_at": "00/00/0000"},
        {"sold_at": "soon"},
        {"sold_at": "02/01/0001 10:15am"},
        {"sale_items": "none"},
        {"sale_items": [ITEM, 7]},
        {"sale_items": [{**ITEM, "qty": None}]},
        {"sale_items": [{**ITEM, "qty": "3.5 g"}]},
        {"sale_items": [{**ITEM, "qty": "3.5000001"}]},
        {"sale_items": [{**ITEM, "qty": True}]},
        {"sale_items": [{**ITEM, "price_total": ""}]},
        {"sale_items": [{**ITEM, "price_total": "0.005"}]},
        {"sale_items": [{**ITEM, "global_inventory_id": ""}]},
    ],
    ids=str,
)
async def test_a_day_with_one_impossible_sale_is_not_compared_at_all(change: dict[str, Any]) -> None:
    await not_understood(
        answering(body=page(SALE, {**SALE, "global_id": "WAR010101.SA8", **change})).posted_on(TODAY, NOW)
    )


async def test_a_look_up_that_brings_another_sale_settles_nothing() -> None:
    await not_understood(answering(body=page(SALE)).find_posted("PCC-1"))
    assert await answering(body=page(SALE)).find_posted("PCC-20260312-0007") == Posted("WAR010101.SA7")
    assert await answering(body=page({**SALE, "external_id": 12345})).find_posted("12345") == Posted("WAR010101.SA7")
    assert await answering(body=page(data={})).find_posted("PCC-1") == NotPosted()


@pytest.mark.parametrize(
    ("status", "asked", "written"),
    [
        (302, Silence.DENIED, Silence.TIMED_OUT),
        (401, Silence.DENIED, Silence.DENIED),
        (403, Silence.WITHHELD, Silence.WITHHELD),
        (404, Silence.ABSENT, None),
        (405, Silence.ABSENT, Silence.ABSENT),
        (422, Silence.UNREADABLE, None),
        (423, Silence.UNREADABLE, None),
        (500, Silence.DOWN, Silence.TIMED_OUT),
        (502, Silence.DOWN, Silence.TIMED_OUT),
        (504, Silence.DOWN, Silence.TIMED_OUT),
    ],
)
async def test_a_status_is_told_by_its_kind(status: int, asked: Silence, written: Silence | None) -> None:
    body = {"error": True, "error_message": "SQLSTATE\x1b[31m secret", "validation_messages": []}
    for call in CALLS.values():
        answer = await call(answering(status, body))
        assert isinstance(answer, Unanswered)
        assert answer.kind is asked
    for call in WRITES.values():
        outcome = await call(writing(status, body))
        assert outcome.kind is written if isinstance(outcome, Unanswered) else written is None
        assert "\x1b" not in str(outcome)
        assert not any(secret in str(outcome) for secret in (KEY, CARD))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"error": True, "error_message": "No.", "validation_messages": []}, "No."),
        (
            {"error": True, "error_message": "No.", "validation_messages": {"sold_at": ["Bad.", "Late."]}},
            "No.; sold_at: Bad., Late.",
        ),
        ({"error": "1", "error_message": "", "validation_messages": {}}, "HTTP 422"),
        (["First.", "Second."], "First.; Second."),
        ([{"qty": ["Too much."]}], "qty: Too much."),
        ("nonsense", "HTTP 422"),
    ],
    ids=str,
)
async def test_a_refusal_is_told_in_the_states_own_words(body: Any, why: str) -> None:
    for call in WRITES.values():
        assert await call(writing(422, body)) == PostRefused(why)


async def test_an_error_with_status_200_is_an_error() -> None:
    body = {"error": True, "error_message": "Nope.", "validation_messages": []}
    for call in CALLS.values():
        assert "Nope." in await not_understood(call(answering(200, body)))
    for call in WRITES.values():
        assert await call(writing(200, body)) == PostRefused("Nope.")


@pytest.mark.parametrize(
    "body", [None, {}, [], [{}], ["x"], [SALE, SALE], [{**SALE, "external_id": "PCC-OTHER"}], {"data": []}], ids=str
)
async def test_a_post_that_was_taken_without_a_number_is_in_doubt(body: Any) -> None:
    answer = await writing(200, body).post(lot_sale())
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT


@pytest.mark.parametrize("body", [SALE, [SALE], {"data": [SALE]}, {"0": SALE}], ids=["object", "list", "page", "keyed"])
async def test_the_number_of_what_was_created_is_read_in_any_wrapping(body: Any) -> None:
    assert await writing(201, body).post(lot_sale("PCC-20260312-0007")) == Posted("WAR010101.SA7")


async def test_an_empty_answer_to_a_deletion_is_enough() -> None:
    assert await writing(200, raw=b"").void("WAR010101.SA7", "") == Voided("WAR010101.SA7")


async def test_the_facility_is_called_by_its_name_where_that_is_told() -> None:
    names = [
        [{"global_id": "WAWA1.MM1", "code": CODE, "name": "Lakeshore"}, {"code": "X", "name": "Other"}],
        [{"global_id": "WAWA1.MM1", "name": "Lakeshore"}],
        {"data": [{"mme_code": CODE, "name": "Lakeshore"}]},
    ]
    for body in names:
        assert await answering(body=body).ping() == "Lakeshore"
    for body in ([{"global_id": "A"}, {"global_id": "B"}], []):
        assert await answering(body=body).ping() == CODE

    def only_areas(request: httpx.Request) -> httpx.Response:
        is_areas = request.url.path.endswith("/areas")
        return httpx.Response(200, json=page(AREA)) if is_areas else httpx.Response(404, json={})

    assert await by_path(only_areas).ping() == CODE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "last_page", "current_page", "total", "error", "0", "1", *SALE, *ITEM, *LOT, *KIND]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(body=JSON)
async def test_no_call_ever_raises_whatever_json_comes(body: Any) -> None:
    adapter = answering(body=body)
    for call in (*CALLS.values(), *WRITES.values()):
        await call(adapter)
    for call in WRITES.values():
        assert isinstance(await call(writing(200, body)), Posted | PostRefused | Voided | Unanswered)


@st.composite
def damaged(draw: st.DrawFn, sample: dict[str, Any]) -> dict[str, Any]:
    """Return a sample of which some fields are anything."""
    return {**sample, **draw(st.dictionaries(st.sampled_from(sorted(sample)), JSON, max_size=3))}


@given(sale=damaged(SALE) | damaged(ITEM).map(lambda item: {**SALE, "sale_items": [item]}))
async def test_a_damaged_sale_is_read_exactly_or_not_at_all(sale: Any) -> None:
    receipts = await answering(body=page(sale)).posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple | Unanswered)
    for each in receipts if isinstance(receipts, tuple) else ():
        assert all(type(line.milli) is int and type(line.price_cents) is int for line in each.lines)


@given(lot=damaged(LOT), kind=damaged(KIND), result=damaged(RESULT))
async def test_a_damaged_inventory_is_read_exactly_or_not_at_all(lot: Any, kind: Any, result: Any) -> None:
    stock = await shelf(inventories=[lot], inventory_types=[kind], lab_results=[result]).stock()
    assert isinstance(stock, tuple | Unanswered)
    for package in stock if isinstance(stock, tuple) else ():
        assert type(package.remaining.milli) is int


@given(raw=st.binary(max_size=60) | st.integers(0, 400).map(lambda end: json.dumps(page(SALE)).encode()[:end]))
async def test_bytes_that_end_anywhere_are_no_answer(raw: bytes) -> None:
    answer = await answering(raw=raw).posted_on(TODAY, NOW)
    assert isinstance(answer, Unanswered) or raw.strip() == b"[]"


@pytest.mark.parametrize("call", [*CALLS, *WRITES])
async def test_no_log_holds_a_card_a_key_or_an_address(call: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await {**CALLS, **WRITES}[call](answering(500, raw=b"oops"))
    await {**CALLS, **WRITES}[call](writing(200, []))
    assert not any(secret in caplog.text for secret in (CARD, KEY, "/sales"))


def test_the_key_is_in_no_words_of_the_adapter() -> None:
    adapter = answering()
    assert KEY not in repr(adapter) + str(vars(adapter))
