"""Answers of a wrong shape, and of a right one with something impossible inside: none is taken for an answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.adapters.state.metrc import Metrc
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import NotPosted, Posted
from pcc_desk.domain.registry import CardNotFound, RegistryStanding
from tests.adapters.outside import CARD, KEYS, answering, by_path, metrc, sale

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
TAG = "1A4050100000000000000401"

CALLS: dict[str, Callable[[Metrc], Awaitable[Any]]] = {
    "ping": lambda metrc: metrc.ping(),
    "standing": lambda metrc: metrc.standing(CARD),
    "find_posted": lambda metrc: metrc.find_posted("PCC-1"),
    "posted_on": lambda metrc: metrc.posted_on(TODAY, NOW),
    "stock": lambda metrc: metrc.stock(),
}

LINE = {"PackageLabel": TAG, "QuantitySold": 3.5, "TotalPrice": 28.00}
RECEIPT = {
    "Id": 90417,
    "ExternalReceiptNumber": "PCC-1",
    "SalesDateTime": "2026-03-12T09:00:00.000",
    "Transactions": [LINE],
}
PACKAGE = {
    "Label": TAG,
    "Quantity": 3.5,
    "UnitOfMeasureName": "Grams",
    "LabTestingState": "TestPassed",
    "Item": {"Name": "Blue Dream", "ProductCategoryName": "Buds"},
}
WINDOW = {"PatientLicenseNumber": CARD, "Active": True, "FlowerOuncesAvailable": 2.5, "PurchaseAmountDays": 1.0}


def page(*rows: Any, **more: Any) -> dict[str, Any]:
    return {"Data": list(rows), "TotalPages": 1, **more}


async def not_understood(answer: Awaitable[Any]) -> str:
    said = await answer
    assert isinstance(said, Unanswered), said
    assert said.kind is Silence.UNREADABLE
    return said.reason


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
        b'[{"Id": 1}, 7]',
        b'{"Data": 7}',
        b'{"Data": ["x"], "TotalPages": 1}',
        b'{"Message": "ok"}',
        b"<html><body>Please sign in</body></html>",
        b'{"Data": [{"Id": 1',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 100_000,
        b"[1e99999]",
        b"[NaN]",
    ],
    ids=lambda raw: raw[:24].decode(),
)
async def test_what_is_no_list_is_never_an_empty_one(call: str, raw: bytes) -> None:
    reason = await not_understood(CALLS[call](answering(raw=raw)))
    assert reason.startswith("METRC sent")
    assert len(reason) < 120


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Data", "TotalPages", "Id", "Active", "Label", *RECEIPT, *PACKAGE, *WINDOW]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(body=JSON)
async def test_no_call_ever_raises_whatever_json_comes(body: Any) -> None:
    adapter = answering(body=body)
    for call in CALLS.values():
        await call(adapter)
    assert isinstance(await adapter.post(sale()), Posted | Unanswered)


@pytest.mark.parametrize(
    "change",
    [
        {"Id": None},
        {"Id": "x"},
        {"Id": 1.5},
        {"Id": True},
        {"SalesDateTime": None},
        {"SalesDateTime": "soon"},
        {"SalesDateTime": "0001-01-01T00:00:00"},
        {"SalesDateTime": "0001-01-01T00:00:00+00:00"},
        {"SalesDateTime": "9999-12-31T23:59:59-12:00"},
        {"ArchivedDate": "yesterday"},
        {"Transactions": "none"},
        {"Transactions": [LINE, 7]},
        {"Transactions": [{**LINE, "QuantitySold": None}]},
        {"Transactions": [{**LINE, "QuantitySold": "3.5 g"}]},
        {"Transactions": [{**LINE, "QuantitySold": 3.5000001}]},
        {"Transactions": [{**LINE, "QuantitySold": 1e25}]},
        {"Transactions": [{**LINE, "TotalPrice": None}]},
        {"Transactions": [{**LINE, "TotalPrice": 0.005}]},
        {"Transactions": [{**LINE, "PackageLabel": ""}]},
    ],
    ids=str,
)
async def test_a_day_with_one_impossible_receipt_is_not_compared_at_all(change: dict[str, Any]) -> None:
    await not_understood(answering(body=page(RECEIPT, {**RECEIPT, "Id": 2, **change})).posted_on(TODAY, NOW))


@pytest.mark.parametrize(
    "change",
    [
        {"Label": ""},
        {"Quantity": None},
        {"Quantity": True},
        {"Quantity": [3.5]},
        {"Quantity": "NaN"},
        {"Quantity": "1e-99999"},
        {"Quantity": 1e25},
        {"UseByDate": "soon"},
        {"ArchivedDate": 1700000000},
        {"Item": {"UnitThcPercent": 1e20}},
    ],
    ids=str,
)
async def test_stock_with_one_impossible_package_is_not_taken_over(change: dict[str, Any]) -> None:
    await not_understood(answering(body=page(PACKAGE, {**PACKAGE, **change})).stock())


async def test_quantities_are_exact_and_never_more_than_there_is() -> None:
    raw = b'{"TotalPages": 1, "Data": [%s]}' % b",".join(
        b'{"Label": "%d", "Quantity": %s, "UnitOfMeasureName": "Grams"}' % (place, digits)
        for place, digits in enumerate([b"3.5", b"3.5000", b"0.0019999999999999999999999", b'"12.345"', b"-2.0005"])
    )
    stock = await answering(raw=raw).stock()
    assert isinstance(stock, tuple)
    assert [each.remaining.milli for each in stock] == [3500, 3500, 1, 12345, -2001]
    assert all(type(each.remaining.milli) is int for each in stock)


@pytest.mark.parametrize("said", ["true", 1, "yes", []])
async def test_a_package_of_which_a_hold_cannot_be_read_is_not_sold(said: object) -> None:
    (package,) = await answering(body=page({**PACKAGE, "IsOnHold": said})).stock()  # type: ignore[misc]
    assert package.why_not_sold(TODAY) == "could not tell whether it is on hold"


async def test_a_package_below_zero_is_sold_out() -> None:
    (package,) = await answering(body=page({**PACKAGE, "Quantity": -1})).stock()  # type: ignore[misc]
    assert package.why_not_sold(TODAY) == "none left"


async def test_a_receipt_of_no_lines_anywhere_stays_a_receipt() -> None:
    answer = await answering(body=page({**RECEIPT, "Transactions": []})).posted_on(TODAY, NOW)
    assert isinstance(answer, tuple)
    assert [(each.number, each.lines) for each in answer] == [("90417", ())]


async def test_windows_of_another_card_are_not_this_patients() -> None:
    other = {**WINDOW, "PatientLicenseNumber": "MI-P-0099-9999"}
    for body in ([other], [WINDOW, other]):
        reason = await not_understood(answering(body=body).standing(CARD))
        assert "another card" in reason
        assert "9999" not in reason
    answer = await answering(body=[{**WINDOW, "PatientLicenseNumber": " mi p 0140 3193"}]).standing(CARD)
    assert isinstance(answer, RegistryStanding)


async def test_figures_that_are_absent_are_not_zero_and_those_below_zero_are_kept() -> None:
    body = [{"Active": True}, {**WINDOW, "FlowerOuncesAvailable": -0.25, "ThcOuncesAvailable": None}]
    answer = await answering(body=body).standing(CARD)
    assert isinstance(answer, RegistryStanding)
    assert answer.windows[0].figure("flower") is None
    assert str(answer.windows[1].figure("flower")) == "-0.25"
    assert answer.windows[1].figure("thc") is None


async def test_a_look_up_that_brings_another_receipt_settles_nothing() -> None:
    await not_understood(answering(body={**RECEIPT, "ExternalReceiptNumber": "PCC-2"}).find_posted("PCC-1"))
    assert await answering(body=RECEIPT).find_posted("PCC-1") == Posted("90417")
    assert await answering(body=page()).find_posted("PCC-1") == NotPosted()


async def test_of_one_receipt_the_last_change_counts_by_the_instant_and_not_by_its_letters() -> None:
    before = {**RECEIPT, "LastModified": "2026-03-12T11:30:00-04:00"}
    after = {**RECEIPT, "LastModified": "2026-03-12T11:10:00-05:00", "ArchivedDate": "2026-03-12"}
    answer = await answering(body=page(after, before)).posted_on(TODAY, NOW)
    assert isinstance(answer, tuple)
    assert [each.is_void for each in answer] == [True]


@pytest.mark.parametrize("call", ["stock", "posted_on"])
@pytest.mark.parametrize("pages", [{"TotalPages": 3}, {"TotalPages": "many"}, {"TotalPages": None}])
async def test_pages_that_repeat_or_do_not_say_how_many_they_are_are_not_the_whole(
    call: str, pages: dict[str, Any]
) -> None:
    await not_understood(CALLS[call](answering(body=page({**RECEIPT, **PACKAGE}, **pages))))


async def test_the_last_page_counts_too() -> None:
    def pages(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["pageNumber"])
        return httpx.Response(200, json=page({**PACKAGE, "Label": f"{TAG}-{number}"}, TotalPages=3))

    stock = await by_path(pages).stock()
    assert isinstance(stock, tuple)
    assert [each.label[-1] for each in stock] == ["1", "2", "3"]


class Dripping(httpx.AsyncByteStream):
    """A body that goes on for ever, each part in good time."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0)
            yield b""


async def test_an_answer_that_comes_drop_by_drop_is_not_waited_for() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Dripping()))
    answer = await metrc(transport, whole_s=0.01).standing(CARD)
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT
    posted = await metrc(transport, whole_s=0.01).post(sale())
    assert isinstance(posted, Unanswered)
    assert posted.kind is Silence.TIMED_OUT


async def test_when_to_come_again_is_said_only_in_seconds() -> None:
    answer = await answering(429, raw=b"", headers={"Retry-After": "Thu, 12 Mar 2026 17:00:30 GMT"}).standing(CARD)
    assert answer == Unanswered(Silence.BUSY, "METRC is asked too often")


async def test_a_request_that_the_server_gave_up_on_is_no_refusal() -> None:
    answer = await answering(408, raw=b"").post(sale())
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT


async def test_a_card_that_no_address_can_hold_is_asked_for_all_the_same() -> None:
    assert await answering(body=[]).standing("\udc80") == CardNotFound("\udc80")


@pytest.mark.parametrize("call", CALLS)
async def test_no_log_holds_a_card_a_key_or_an_address(call: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await CALLS[call](answering(500, raw=b"oops"))
    await answering(body={"Ids": [1]}).post(sale())
    assert not any(secret in caplog.text for secret in (CARD, "statuses", *KEYS))


async def test_an_exception_on_the_wire_takes_no_key_along() -> None:
    seen: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        raise httpx.ConnectError(f"[SSL: CERTIFICATE_VERIFY_FAILED] {request.headers}", request=request)

    answer = await by_path(fail).standing(CARD)
    assert answer == Unanswered(Silence.DOWN, "METRC could not be reached (refused or unknown)")
    assert seen[0].headers["authorization"].startswith("Basic ")
