"""Everything a registry, or something before it, may send instead of an answer."""

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from pcc_desk.adapters.http import LARGEST, Wire
from pcc_desk.adapters.state.metrc import connect
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import NotPosted, PostRefused
from pcc_desk.domain.registry import CardNotFound, RegistryStanding
from tests.adapters.outside import CARD, KEYS, answering, by_path, metrc, sale

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)

WINDOW = {"PatientLicenseNumber": CARD, "Active": True, "FlowerOuncesAvailable": 2.5, "PurchaseAmountDays": 1.0}


@pytest.mark.parametrize(
    ("status", "asked", "posted"),
    [
        (301, Silence.UNREADABLE, Silence.UNREADABLE),
        (302, Silence.UNREADABLE, Silence.UNREADABLE),
        (401, Silence.DENIED, Silence.DENIED),
        (403, Silence.WITHHELD, Silence.WITHHELD),
        (405, Silence.ABSENT, Silence.ABSENT),
        (429, Silence.BUSY, Silence.BUSY),
        (500, Silence.DOWN, Silence.TIMED_OUT),
        (502, Silence.DOWN, Silence.TIMED_OUT),
        (503, Silence.DOWN, Silence.TIMED_OUT),
        (504, Silence.DOWN, Silence.TIMED_OUT),
    ],
)
async def test_a_status_that_is_no_answer_is_told_by_its_kind_and_a_post_is_in_doubt_where_it_may_be_done(
    status: int, asked: Silence, posted: Silence
) -> None:
    adapter = answering(status, raw=b"<html>sorry</html>", headers={"Location": "http://elsewhere.example/"})
    answer = await adapter.standing(CARD)
    assert isinstance(answer, Unanswered)
    assert answer.kind is asked
    outcome = await adapter.post(sale())
    assert isinstance(outcome, Unanswered)
    assert outcome.kind is posted
    for words in (answer.reason, outcome.reason):
        assert "METRC" in words
        assert not any(secret in words for secret in (*KEYS, CARD, "elsewhere.example"))


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422])
async def test_a_refusal_of_a_post_is_certain_and_says_why(status: int) -> None:
    answer = await answering(status, [{"row": 0, "message": "Quantity must be\x1b[31m greater"}]).post(sale())
    assert answer == PostRefused("Quantity must be[31m greater")


async def test_being_asked_too_often_says_when_to_come_again() -> None:
    answer = await answering(429, raw=b"", headers={"Retry-After": "17"}).standing(CARD)
    assert answer == Unanswered(Silence.BUSY, "METRC is asked too often; again in 17 s", 17)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b'[{"Active": tru',
        b"\xff\xfe\x00",
        b'{"Data": 7}',
        b'"text"',
        b"7",
        b"[7]",
        b'["x"]',
        b'[{"Active": true, "FlowerOuncesAvailable": NaN}]',
        b'[{"Active": true, "FlowerOuncesAvailable": Infinity}]',
        b'[{"Active": true, "FlowerOuncesAvailable": 1e999999}]',
        b'[{"Active": true, "FlowerOuncesAvailable": true}]',
        b'[{"Active": true, "FlowerOuncesAvailable": {"a": 1}}]',
        b'[{"Active": "yes", "FlowerOuncesAvailable": 1.0}]',
        b'[{"FlowerOuncesAvailable": 1.0}]',
        b'[{"Active": true, "PatientLicenseNumber": 7, "FlowerOuncesAvailable": 1.0}]',
        b'[{"Active": true, "PatientLicenseNumber": ["P"], "FlowerOuncesAvailable": 1.0}]',
        b'[{"Active": true, "PatientLicenseExpirationDate": 1700000000, "FlowerOuncesAvailable": 1.0}]',
        b'[{"Active": true, "PatientLicenseExpirationDate": "soon", "FlowerOuncesAvailable": 1.0}]',
        b"[" * 100_000,
        b"[" * 60 + b"]" * 60,
    ],
)
async def test_what_cannot_be_understood_is_never_taken_for_a_standing(raw: bytes) -> None:
    answer = await answering(raw=raw).standing(CARD)
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.UNREADABLE
    assert "\n" not in answer.reason


async def test_figures_come_over_digit_by_digit() -> None:
    raw = b'[{"Active": true, "FlowerOuncesAvailable": 0.1000000000000000055, "PurchaseAmountDays": 30.0}]'
    answer = await answering(raw=raw).standing(CARD)
    assert isinstance(answer, RegistryStanding)
    assert str(answer.windows[0].available[0][1]) == "0.1000000000000000055"


async def test_names_of_fields_are_read_in_any_case() -> None:
    answer = await answering(body=[{key.lower(): value for key, value in WINDOW.items()}]).standing(CARD)
    assert isinstance(answer, RegistryStanding)
    assert answer.active


async def test_one_inactive_window_makes_the_card_inactive() -> None:
    answer = await answering(body=[WINDOW, {**WINDOW, "Active": False}]).standing(CARD)
    assert isinstance(answer, RegistryStanding)
    assert not answer.active


async def test_an_answer_without_end_is_cut_off() -> None:
    answer = await answering(raw=b"[" + b" " * (LARGEST + 1) + b"]").standing(CARD)
    assert isinstance(answer, Unanswered)
    assert "more than 8 MB" in answer.reason


@pytest.mark.parametrize(
    ("error", "asked", "posted"),
    [
        (httpx.ConnectError("secret words"), Silence.DOWN, Silence.DOWN),
        (httpx.ConnectTimeout("secret words"), Silence.DOWN, Silence.DOWN),
        (httpx.ReadTimeout("secret words"), Silence.TIMED_OUT, Silence.TIMED_OUT),
        (httpx.WriteTimeout("secret words"), Silence.TIMED_OUT, Silence.TIMED_OUT),
        (httpx.ReadError("secret words"), Silence.TIMED_OUT, Silence.TIMED_OUT),
        (httpx.RemoteProtocolError("secret words"), Silence.TIMED_OUT, Silence.TIMED_OUT),
    ],
)
async def test_a_broken_connection_is_down_only_where_nothing_can_have_arrived(
    error: httpx.HTTPError, asked: Silence, posted: Silence
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    adapter = by_path(fail)
    for answer, kind in ((await adapter.standing(CARD), asked), (await adapter.post(sale()), posted)):
        assert isinstance(answer, Unanswered)
        assert answer.kind is kind
        assert answer.is_outage
        assert "secret" not in answer.reason


async def test_a_post_is_sent_once_whatever_comes_back() -> None:
    seen: list[str] = []

    def count(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        raise httpx.ReadTimeout("", request=request)

    await by_path(count).post(sale())
    assert seen == ["POST"]


async def test_a_post_carries_exact_digits_local_time_and_our_number() -> None:
    bodies: list[bytes] = []

    def keep(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={"Ids": [90417]})

    await by_path(keep).post(sale("PCC-7", 3333))
    (row,) = json.loads(bodies[0], parse_float=str)
    assert row["ExternalReceiptNumber"] == "PCC-7"
    assert row["SalesDateTime"] == "2026-03-12T13:00:00.000"
    assert row["Transactions"][0]["Quantity"] == "3.333"
    assert row["Transactions"][0]["TotalAmount"] == "28.00"


async def test_a_post_that_was_taken_without_a_number_is_in_doubt() -> None:
    bodies: tuple[Any, ...] = ({}, {"Ids": []}, {"Ids": [True]}, {"Ids": ["x"]}, [])
    for body in bodies:
        answer = await answering(body=body).post(sale())
        assert isinstance(answer, Unanswered), body
        assert answer.kind is Silence.TIMED_OUT


def receipt(number: int, **more: Any) -> dict[str, Any]:
    line = {"PackageLabel": "1A4", "QuantitySold": 1.0, "TotalPrice": 2.0}
    return {"Id": number, "SalesDateTime": "2026-03-12T09:00:00.000", "Transactions": [line], **more}


@pytest.mark.parametrize("body", [{"Message": "Receipt is locked."}, [{"row": 0, "message": "Receipt is locked."}]])
async def test_a_change_that_was_taken_with_a_complaint_is_in_doubt(body: object) -> None:
    adapter = answering(200, body=body)
    told = Unanswered(Silence.TIMED_OUT, "METRC took it and complained all the same: Receipt is locked.")
    assert await adapter.correct("90417", sale("PCC-1")) == told
    assert await adapter.void("90417", "struck") == told


async def test_a_day_of_which_one_page_is_missing_is_not_half_a_day() -> None:
    def pages(request: httpx.Request) -> httpx.Response:
        if request.url.params["pageNumber"] == "2":
            return httpx.Response(503)
        return httpx.Response(200, json={"Data": [receipt(1)], "TotalPages": 2})

    answer = await by_path(pages).posted_on(TODAY, NOW)
    assert isinstance(answer, Unanswered)


async def test_pages_without_end_are_given_up() -> None:
    asked: list[str] = []

    def endless(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["pageNumber"])
        return httpx.Response(200, json={"Data": [], "TotalPages": 10**9})

    answer = await by_path(endless).stock()
    assert isinstance(answer, Unanswered)
    assert len(asked) == 500


async def test_a_receipt_seen_twice_counts_once_as_it_was_last_changed() -> None:
    first = receipt(1, LastModified="2026-03-12T09:00:00+00:00")
    voided = {**first, "LastModified": "2026-03-12T10:00:00+00:00", "ArchivedDate": "2026-03-12"}

    def lists(request: httpx.Request) -> httpx.Response:
        rows = [first] if request.url.path.endswith("/active") else [voided]
        return httpx.Response(200, json={"Data": rows, "TotalPages": 1})

    answer = await by_path(lists).posted_on(TODAY, NOW)
    assert isinstance(answer, tuple)
    assert [each.is_void for each in answer] == [True]


async def test_not_there_by_401_is_believed_only_when_the_key_works_elsewhere() -> None:
    def unauthorised(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401)

    answer = await by_path(unauthorised).find_posted("PCC-1")
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.DENIED


async def test_a_web_servers_page_is_not_the_registrys_word_that_there_is_no_such_thing() -> None:
    page = answering(404, raw=b"<html>Not Found</html>")
    for answer in (await page.find_posted("PCC-1"), await page.standing(CARD)):
        assert isinstance(answer, Unanswered)
        assert answer.kind is Silence.UNREADABLE
    told = answering(404, {"Message": "not found"})
    assert await told.find_posted("PCC-1") == NotPosted()
    assert await told.standing(CARD) == CardNotFound(CARD)


async def test_what_a_name_holds_steers_no_terminal() -> None:
    item = {"Name": "Blue\x1b[2J\u202edream\n", "ProductCategoryName": "Buds"}
    row = {
        "Label": "1a4",
        "Quantity": 1.5,
        "UnitOfMeasureName": "Grams",
        "LabTestingState": "TestPassed",
        "Item": item,
    }
    (package,) = await answering(body={"Data": [row], "TotalPages": 1}).stock()  # type: ignore[misc]
    assert package.product == "Blue[2Jdream"
    assert package.remaining.milli == 1500


def test_an_address_outside_this_computer_is_never_asked_in_clear() -> None:
    with pytest.raises(ValueError, match="https://"):
        Wire("METRC", "http://registry.example")


def test_keys_are_in_no_words_of_the_adapter() -> None:
    adapter = metrc(httpx.MockTransport(lambda request: httpx.Response(200)))
    assert not any(key in repr(adapter) + str(vars(adapter)) for key in KEYS)


@pytest.mark.parametrize("look_up", ["patients", "caregivers"])
async def test_401_of_one_look_up_is_no_bad_key_where_the_key_works_elsewhere(look_up: str) -> None:
    def only_facilities(request: httpx.Request) -> httpx.Response:
        if "facilities" in request.url.path:
            return httpx.Response(200, json=[{"DisplayName": "Ours", "License": {"Number": "PC-000417"}}])
        return httpx.Response(401)

    adapter = by_path(only_facilities)
    answer = await (adapter.standing(CARD) if look_up == "patients" else adapter.caregiver(CARD))
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.WITHHELD
    assert f"lacks “Lookup {look_up.capitalize()}” there" in answer.reason


async def test_403_says_which_permission_is_to_be_given() -> None:
    answer = await answering(403, {"Message": "no"}).caregiver(CARD)
    assert answer == Unanswered(
        Silence.WITHHELD,
        "METRC accepts this employee's key and does not let it do that; have “Lookup Caregivers” given to it there "
        "(HTTP 403)",
    )


def test_the_keys_last_day_is_known_when_it_was_entered_with_them() -> None:
    settings = {"base_url": "https://registry.example", "licence": "L", "zone": "America/Detroit"}
    keys = {"vendor_key": "v", "user_key": "u"}
    assert connect(settings, keys).key_ends is None
    assert connect(settings, {**keys, "key_ends": "2027-01-31"}).key_ends == date(2027, 1, 31)
    assert connect({**settings, "key_ends": "2027-02-01"}, keys).key_ends == date(2027, 2, 1)
    with pytest.raises(ValueError, match="2027"):
        connect(settings, {**keys, "key_ends": "31.1.2027"})
