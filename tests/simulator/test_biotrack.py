"""The simulated BioTrack on its wire, as any client meets it: three generations, their quirks, one set of books."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.simulator.biotrack import credentials, numbers, sell_elsewhere
from pcc_desk.simulator.biotrack_books import Books
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters.outside import CARD, DREAM, NOW, later, world

CODE = DREAM[-16:]
LINE = {"barcodeid": CODE, "quantity": "3.5", "price": "28.00"}
ITEM = {"Barcode": CODE, "Quantity": Decimal("3.5"), "Price": 28, "Tax": {"Excise": 0, "Other": 0}}


class Client:
    """Speaks to the simulator as somebody who never saw the desk."""

    def __init__(self, made: World) -> None:
        self.world = made
        self.who = credentials(made)
        app = create_app(made, Path(), "biotrack")
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:1")
        self.session = ""
        self.headers: dict[str, str] = {}

    async def raw(self, **body: Any) -> httpx.Response:
        """Post an action."""
        return await self._http.post("/serverjson.asp", json={"API": "4.0", "sessionid": self.session, **body})

    async def act(self, action: str, **more: Any) -> dict[str, Any]:
        """Post an action and return what was said; whatever happens the status is 200."""
        answer = await self.raw(action=action, **more)
        assert answer.status_code == 200
        said: dict[str, Any] = answer.json()
        return said

    async def log_in(self) -> dict[str, Any]:
        """Open a session of the legacy interface."""
        who = {name: self.who[name] for name in ("license_number", "username", "password")}
        said = await self.act("login", **who)
        self.session = said.get("sessionid", "")
        return said

    async def rest(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Make a call of a REST interface."""
        text = None if body is None else json.dumps(body, default=float)
        return await self._http.request(method, path, content=text, headers=self.headers)

    async def enter_new_mexico(self) -> None:
        """Take a token of version 3."""
        names = {"UBI": "UBI", "Username": "username", "Password": "password"}
        answer = await self.rest("POST", "/v1/login", {theirs: self.who[ours] for theirs, ours in names.items()})
        self.headers = {"Authorization": f"Bearer {answer.json()['Session']}"}

    async def enter_as_licensee(self) -> None:
        """Take a session of a licensee."""
        self.headers = {"X-Ubi": self.who["company"], "X-License": self.who["LocationLicense"]}
        body = {"Username": self.who["username"], "Password": self.who["password"]}
        answer = await self.rest("POST", "/v1/user/login", body)
        self.headers["X-Session-Token"] = answer.json()["session"]

    async def key(self) -> str:
        """Look a card up for its key, by version 3."""
        where = {"CardID": CARD, "LocationLicense": self.who["LocationLicense"]}
        return str((await self.rest("POST", "/v1/patient/lookup", where)).json()["CardKey"])

    def dispense(self, key: str, **more: Any) -> dict[str, Any]:
        """Return a sale of version 3."""
        return {
            "LocationLicense": self.who["LocationLicense"],
            "Type": "MEDICAL",
            "TerminalID": "1",
            "Datetime": "2026-03-12T13:00:00-04:00",
            "ExternalID": "PCC-1",
            "RequestID": "r-1",
            "PatientCardKey": key,
            "Items": [ITEM],
            **more,
        }


@pytest.fixture
def made() -> World:
    return world()


@pytest.fixture
def client(made: World) -> Client:
    return Client(made)


async def test_errors_come_as_200_and_a_wrong_password_has_no_code(client: Client) -> None:
    wrong = await client.act("login", license_number="x", username="y", password="z")
    assert str(wrong["success"]) == "0"
    assert "errorcode" not in wrong
    assert (await client.act("sync_sale"))["errorcode"] == "63"
    await client.log_in()
    assert (await client.act("sync_sale", API="3.0"))["errorcode"] == 17
    assert (await client.act("dance"))["errorcode"] == 602


async def test_a_session_ends_and_a_call_may_do_without_one(client: Client, made: World) -> None:
    said = await client.log_in()
    assert said["success"] == 1
    later(made, timedelta(minutes=55))
    over = await client.act("sync_check", data=[{"table": "sale", "transaction_start": "0"}])
    assert over == {"success": "0", "error": "Your session has expired.", "errorcode": "63"}
    who = {name: client.who[name] for name in ("license_number", "username", "password")}
    assert (await client.act("sync_check", nosession=1, sessionid="", **who))["success"] == 1


async def test_a_sale_needs_the_key_of_its_card_and_shows_one_row_for_each_line(client: Client) -> None:
    await client.log_in()
    sale = {
        "terminal_id": "1",
        "sale_time": int(NOW.timestamp()),
        "card_id": CARD,
        "data": [LINE, {**LINE, "price": 1}],
    }
    assert str((await client.act("sale_dispense", **sale))["success"]) == "0"
    key = (await client.act("card_lookup", card_id=CARD))["card_key"]
    took = await client.act("sale_dispense", **sale, card_key=key)
    rows = (await client.act("sync_sale", download=1, transaction_start=took["transactionid"]))["sale"]
    assert [(row["quantity"], row["price"], row["deleted"]) for row in rows] == [
        ("3.5", "28.00", "0"),
        ("3.5", "1.00", "0"),
    ]
    assert {type(row["sessiontime"]) for row in rows} == {int, str}
    assert {row["inventoryid"] for row in rows} == {CODE}


async def test_numbers_of_transactions_grow_and_corrections_get_new_ones(client: Client) -> None:
    await client.log_in()
    first = (await client.act("sale_dispense", data=[LINE]))["transactionid"]
    modified = (await client.act("sale_modify", transactionid=first, barcodeid=CODE, price="20.00"))["transactionid"]
    back = [{"barcodeid": CODE, "quantity": "1.5", "price": "0"}]
    refunded = (await client.act("sale_refund", transactionid=first, data=back))["transactionid"]
    assert int(first) < int(modified) < int(refunded)
    (row,) = (await client.act("sync_sale", transaction_start=first))["sale"]
    assert (row["transactionid_original"], row["transactionid"]) == (first, str(refunded))
    assert (row["quantity"], row["price"]) == ("2.0", "20.00")
    assert (await client.act("sale_void", transactionid=first))["success"] == "1"
    (row,) = (await client.act("sync_sale", transaction_start=first))["sale"]
    assert row["deleted"] == "1"
    assert str((await client.act("sale_void", transactionid=first))["success"]) == "0"


async def test_what_was_answered_is_told_again_by_its_nonce(client: Client) -> None:
    await client.log_in()
    took = await client.act("sale_dispense", data=[LINE], nonce="n-1")
    assert await client.act("nonce_replay", nonce="n-1") == took
    assert str((await client.act("nonce_replay", nonce="n-2"))["success"]) == "0"


async def test_headers_leak_and_answers_are_empty_when_told_to(client: Client, made: World) -> None:
    await client.log_in()
    made.switches.leaked_header = True
    assert (await client.raw(action="sync_sale")).text.startswith("Content-Type: text/plain\n")
    made.switches.empty_answers = True
    before = len(Books(made).sales)
    assert (await client.raw(action="sale_dispense", data=[LINE])).content == b""
    assert len(Books(made).sales) == before + 1


async def test_new_mexico_wants_a_token_and_keys_run_out(client: Client, made: World) -> None:
    assert (await client.rest("GET", "/heartbeat")).json() == {"Status": "success"}
    where = {"CardID": CARD, "LocationLicense": client.who["LocationLicense"]}
    assert (await client.rest("POST", "/v1/patient/lookup", where)).status_code == 401
    await client.enter_new_mexico()
    made.switches.session_s = 10**6
    patient = (await client.rest("POST", "/v1/patient/lookup", where)).json()
    assert set(patient["CardExpiration"]) == {"Year", "Month", "Day"}
    assert patient["CardActive"] is True
    assert isinstance(patient["CardLimit"], float)
    later(made, timedelta(hours=3))
    stale = await client.rest("POST", "/v1/dispense", client.dispense(patient["CardKey"]))
    assert stale.status_code == 400
    assert "Error" in stale.json()
    took = await client.rest("POST", "/v1/dispense", client.dispense(await client.key()))
    assert {took.json()[name] for name in ("RequestID", "ExternalID")} == {"r-1", "PCC-1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"Datetime": "2026-03-12T13:00:00-0400"},
        {"Datetime": "2026-03-12 13:00:00"},
        {"Items": [{**ITEM, "Price": "28.00"}]},
        {"Items": [{**ITEM, "Quantity": "3.5"}]},
        {"Items": []},
        {"Items": [{**ITEM, "Barcode": "0"}]},
        {"Items": [{**ITEM, "Quantity": 10**6}]},
        {"Type": "GIFT"},
        {"LocationLicense": "elsewhere"},
        {"ExternalID": 7},
    ],
    ids=str,
)
async def test_new_mexico_reads_strictly(client: Client, wrong: dict[str, Any]) -> None:
    await client.enter_new_mexico()
    before = len(Books(client.world).sales)
    answer = await client.rest("POST", "/v1/dispense", client.dispense(await client.key(), **wrong))
    assert answer.status_code == 400
    assert answer.json()["Error"]
    assert len(Books(client.world).sales) == before


async def test_licensees_read_by_cursor_void_and_refund(client: Client) -> None:
    assert (await client.rest("GET", "/v1/sale")).status_code == 401
    await client.enter_as_licensee()
    body = {"CardID": CARD, "ExternalID": "PCC-1", "RequestID": "r", "Type": "MEDICAL", "Item": [ITEM]}
    made = (await client.rest("POST", "/v1/sale", body)).json()
    number = made["Sale"][0]["ID"]
    found: list[dict[str, Any]] = []
    cursor = 0
    while True:
        page = (await client.rest("GET", f"/v1/sale?cursor={cursor}")).json()
        found += page["Sale"] or []
        cursor = page["NextCursor"]
        if not cursor:
            break
    assert [each["ID"] for each in found if each["ExternalID"] == "PCC-1"] == [number]
    refund = {"Item": [{**ITEM, "Quantity": 1, "Price": 8}]}
    left = (await client.rest("POST", f"/v1/sale/{number}/refund", refund)).json()["Sale"][0]["Item"][0]
    assert (left["Quantity"], left["Price"]) == (2.5, 20.0)
    assert "transactionID" in (await client.rest("PUT", f"/v1/sale/{number}/void", {"VoidReason": "twice"})).json()
    gone = (await client.rest("GET", f"/v1/sale/{number}")).json()["Sale"]
    assert (gone["Deleted"], gone["Item"][0]["VoidReason"]) == (True, "twice")


async def test_the_generations_keep_the_same_books_and_note_what_they_accept(client: Client, made: World) -> None:
    before = made.remaining[DREAM]
    await client.enter_new_mexico()
    took = (await client.rest("POST", "/v1/dispense", client.dispense(await client.key()))).json()
    await client.log_in()
    rows = (await client.act("sync_sale", transaction_start=took["TransactionID"]))["sale"]
    assert [row["transactionid"] for row in rows] == [str(took["TransactionID"])]
    assert made.remaining[DREAM] == before - Decimal("3.5")
    note = made.notes[-1]
    assert (note["kind"], note["receipt"], note["external"], note["card"]) == (
        "post",
        rows[0]["transactionid"],
        "PCC-1",
        CARD,
    )
    assert note["lines"][0]["label"] == CODE


async def test_another_shops_sale_lessens_what_is_left(client: Client, made: World) -> None:
    left = Books(made).grams_left(CARD)
    sell_elsewhere(made, CARD, CODE, Decimal(14))
    assert abs(left - Books(made).grams_left(CARD) - 14) < Decimal("0.001")
    with pytest.raises(ValueError, match="no card X-1"):
        sell_elsewhere(made, "X-1", CODE, Decimal(1))


async def test_duplicates_and_sales_over_the_limit_are_refused_when_told_to(client: Client, made: World) -> None:
    made.switches.refuse_duplicates = made.switches.refuse_over_limit = True
    await client.enter_new_mexico()
    sale = client.dispense(await client.key())
    assert (await client.rest("POST", "/v1/dispense", sale)).status_code == 200
    assert (await client.rest("POST", "/v1/dispense", sale)).status_code == 400
    much = {**sale, "ExternalID": "PCC-2", "Items": [{**ITEM, "Quantity": 400}]}
    assert "limit" in (await client.rest("POST", "/v1/dispense", much)).json()["Error"]


def test_the_numbers_to_try_are_those_of_the_wire(made: World) -> None:
    create_app(made, Path(), "biotrack")
    told = numbers(made)
    assert all(len(each["label"]) == 16 and each["label"].isdigit() for each in told["packages"])
    assert told["patients"]
    assert told["caregivers"]
