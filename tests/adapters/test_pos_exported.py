"""Answers of interfaces that somebody kept as files are read as the interfaces are."""

import json
from zoneinfo import ZoneInfo

import httpx
import pytest

from pcc_desk.adapters.pos.exported import read_any
from pcc_desk.adapters.pos.reading import Damaged
from pcc_desk.adapters.pos.titles import begins_as_json
from pcc_desk.adapters.state.receipt_files import read_receipts
from pcc_desk.simulator import pos_cova, pos_dutchie, pos_flowhub
from tests.adapters.outside import ADDRESS
from tests.adapters.outside_pos import Loopback, rung_up, till

ZONE = ZoneInfo("America/Detroit")
SALES = (rung_up("4401", "2026-03-12T10:00"), rung_up("4402", "2026-03-12T14:30"))


async def answer(path: str, headers: dict[str, str] | None = None, auth: tuple[str, str] | None = None) -> bytes:
    made = till(*SALES)
    made.books["pos"]["tokens"] = ["token"]
    async with httpx.AsyncClient(transport=Loopback(made), base_url=ADDRESS) as client:
        return (await client.get(path, headers=headers, auth=auth or httpx.USE_CLIENT_DEFAULT)).content


async def test_transactions_of_dutchie() -> None:
    key = pos_dutchie.credentials(till())["location_key"]
    span = "FromDateUTC=2026-03-12T00:00:00Z&ToDateUTC=2026-03-13T00:00:00Z&IncludeDetail=true"
    raw = await answer(f"{pos_dutchie.PREFIX}/reporting/transactions?{span}", auth=(key, ""))
    pull = read_any(raw, ZONE, name="dutchie.json")
    assert [(each.number, each.lines[0].price_cents) for each in pull.sales] == [("4401", 5200), ("4402", 5200)]
    assert (pull.rows, pull.is_complete, pull.source) == (2, True, "dutchie.json")


async def test_orders_of_flowhub_bear_no_tags_and_are_not_whole() -> None:
    keys = pos_flowhub.credentials(till())
    path = f"{pos_flowhub.PREFIX}/v1/orders/findByLocationId/{pos_flowhub.IMPORT}"
    days = "created_after=2026-03-12&created_before=2026-03-12"
    raw = await answer(f"{path}?{days}", {"clientId": keys["client_id"], "key": keys["key"]})
    pull = read_any(raw, ZONE)
    assert len(pull.sales) == 2
    assert "no package tag" in pull.why_partial


async def test_invoices_of_cova_bear_tags_where_somebody_says_it() -> None:
    path = f"{pos_cova.PREFIX}/v1/Companies({pos_cova.COMPANY})/InvoiceSummaries"
    raw = await answer(f"{path}?$filter=LocationId eq {pos_cova.LOCATION}", {"Authorization": "Bearer token"})
    assert not read_any(raw, ZONE).is_complete
    pull = read_any(raw, ZONE, tag_field="SerialNumber")
    assert pull.is_complete
    assert [each.number for each in pull.sales] == ["4401", "4402"]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'[{"transactionId": 1', "it is cut or no JSON"),
        (b'[{"a": 1}]', "sales of no point of sale that is known"),
        (b'{"a": 1}', "it is one object, and neither a list of sales nor"),
        (b'[{"transactionId": 1}]', "missing|list of lines"),
    ],
)
def test_what_is_none_of_them_is_said(raw: bytes, why: str) -> None:
    with pytest.raises(Damaged, match=why):
        read_any(raw, ZONE)


def transaction(number: int | None = 4401, **line: object) -> dict[str, object]:
    """Return a sale as Dutchie tells it, with something else in its line."""
    item = {"transactionItemId": 1, "quantity": 1.0, "totalPrice": 12.0, "totalDiscount": 0.0, "packageId": "1A4050"}
    return {
        "transactionId": number,
        "transactionDate": "2026-03-12T14:30:00Z",
        "totalBeforeTax": 12.0,
        "items": [item | line],
    }


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (transaction(None), "object 2 of 2: a transaction has no number"),
        (transaction(4402, quantity=None), "transaction 4402: quantity is missing"),
        (transaction(4402, totalPrice="much"), "transaction 4402: totalPrice is no number"),
        (transaction(4402, packageId=1.05e23), "transaction 4402: packageId is no tag"),
        (transaction(4402, packageId=["1A4050"]), "transaction 4402: packageId is no tag"),
        (transaction(4402, packageId="1.05E+23"), "transaction 4402: the tag 1.05E.23 was damaged by a spreadsheet"),
        (transaction(4402, packageId='="1A4050"'), "transaction 4402: the tag .* is a formula of a spreadsheet"),
        (transaction(4402, packageId="?"), "transaction 4402: “.” stands in the place of the tag"),
    ],
)
def test_what_is_wrong_with_a_sale_is_said_of_it_and_what_is_no_tag_is_not_taken_for_none(
    wrong: dict[str, object], why: str
) -> None:
    assert read_any(json.dumps([transaction(), transaction(4402, packageId=None)]).encode(), ZONE).rows == 2
    with pytest.raises(Damaged, match=why):
        read_any(json.dumps([transaction(), wrong]).encode(), ZONE)


@pytest.mark.parametrize(("name", "why"), [("QuantitySold", "no quantity"), ("PackageLabel", "no package")])
def test_what_is_wrong_with_a_receipt_is_said_of_it(name: str, why: str) -> None:
    line = {"PackageLabel": "1A4050", "QuantitySold": 1, "TotalPrice": 12}
    told = {"Id": 880, "ReceiptNumber": "0001", "SalesDateTime": "2026-03-12T10:30:00", "Transactions": [line]}
    assert read_receipts(json.dumps([told]).encode(), ZONE).rows == 1
    with pytest.raises(Damaged, match=f"receipt 0001: .*{why}"):
        read_receipts(json.dumps([told | {"Transactions": [line | {name: None}]}]).encode(), ZONE)
    with pytest.raises(Damaged, match=r"receipt 0001: the tag 1\.05E\+23 was damaged by a spreadsheet"):
        read_receipts(json.dumps([told | {"Transactions": [line | {"PackageLabel": "1.05E+23"}]}]).encode(), ZONE)
    with pytest.raises(Damaged, match="object 2 of 2: a receipt has no number"):
        read_receipts(json.dumps([told, told | {"Id": None}]).encode(), ZONE)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_in_letters_of_several_bytes_is_read_as_a_table_would_be(encoding: str) -> None:
    """What keeps an answer as a file may write it so."""
    told = {"Id": 880, "SalesDateTime": "2026-03-12T10:30:00", "Transactions": [], "ProductName": "Crème"}
    assert read_any(json.dumps([transaction()], ensure_ascii=False).encode(encoding), ZONE).rows == 1
    assert read_receipts(("\n" * 200 + json.dumps([told], ensure_ascii=False)).encode(encoding), ZONE).rows == 1


def test_a_table_is_no_json() -> None:
    assert not begins_as_json(b"Order ID,Order Time\n")
    assert begins_as_json(json.dumps([]).encode())
    assert read_any(b"[]", ZONE).sales == ()


async def test_a_page_of_flowhub_is_not_taken_for_the_whole() -> None:
    keys = pos_flowhub.credentials(till())
    path = f"{pos_flowhub.PREFIX}/v1/orders/findByLocationId/{pos_flowhub.IMPORT}"
    days = "created_after=2026-03-12&created_before=2026-03-12"
    raw = await answer(f"{path}?{days}", {"clientId": keys["client_id"], "key": keys["key"]})
    told = json.loads(raw)
    pull = read_any(json.dumps({**told, "total": 250}).encode(), ZONE)
    assert (pull.is_complete, pull.why_partial) == (False, "it holds 2 of 250 orders; fetch every page")


def test_a_time_at_the_edge_of_the_calendar_is_refused_and_no_accident() -> None:
    row = {"transactionId": 1, "transactionDate": "9999-12-31T23:59:59-14:00", "totalBeforeTax": 1, "items": []}
    with pytest.raises(Damaged, match="a time lies outside the calendar"):
        read_any(json.dumps([row]).encode(), ZONE)
