"""What is BioTrack's own beyond the contract of state systems: before the simulated one, and by known samples."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.adapters.loading import STATE_SYSTEMS, NoSuchAdapter, load_state_system
from pcc_desk.adapters.state.biotrack import connect
from pcc_desk.adapters.state.biotrack_json import BioTrackJson
from pcc_desk.adapters.state.biotrack_licensee import BioTrackLicensee
from pcc_desk.adapters.state.biotrack_nm import BioTrackNewMexico
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call
from pcc_desk.domain.dispensing import NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.registry import CardNotFound, RegistryStanding
from pcc_desk.simulator.world import World
from tests.adapters.outside import CARD, NOW, Cut, later, world
from tests.adapters.outside_biotrack import (
    ACCOUNT,
    DREAM_CODE,
    GENERATIONS,
    LICENCE,
    action,
    biotrack,
    by_path,
    of_barcode,
    sent,
    simulated,
)

TODAY = date(2026, 3, 12)
LOGIN = {"success": 1, "sessionid": "9ca3"}
LOOK_UP = {"success": 1, "card_key": "K1"}


@pytest.fixture
def registry() -> World:
    return world()


@pytest.fixture
def wire(registry: World, tmp_path: Path) -> Cut:
    return simulated(registry, tmp_path)


def actions(wire: Cut) -> list[str]:
    """Return the actions that went over the wire, or the paths where there are none."""
    return [action(each) or each.url.path for each in wire.requests]


def legacy(answers: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """Return the legacy adapter before a server that answers each action so, and what it is sent."""
    seen: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(sent(request))
        said = answers[action(request)]
        said = said.pop(0) if isinstance(said, list) else said
        return httpx.Response(200, **({"content": said} if isinstance(said, bytes) else {"json": said}))

    return by_path(answer), seen


# Connecting


def test_it_is_found_by_its_entry_point_in_each_generation() -> None:
    assert "biotrack" in {each.name for each in entry_points(group=STATE_SYSTEMS)}
    settings = {"base_url": "https://sts.example", "licence": LICENCE, "zone": "America/Denver"}
    kinds = {"json": BioTrackJson, "nm": BioTrackNewMexico, "licensee": BioTrackLicensee}
    for generation, kind in kinds.items():
        assert isinstance(load_state_system("biotrack", {**settings, "generation": generation}, ACCOUNT), kind)
    with pytest.raises(NoSuchAdapter, match="needs the setting “generation”"):
        load_state_system("biotrack", settings, ACCOUNT)
    with pytest.raises(NoSuchAdapter, match="cannot work with its settings"):
        load_state_system("biotrack", {**settings, "generation": "4"}, ACCOUNT)


def test_an_address_of_the_legacy_interface_may_be_whole_and_must_be_safe() -> None:
    settings = {"base_url": "https://sts.example/serverjson.asp", "licence": LICENCE, "zone": "America/Denver"}
    assert connect({**settings, "generation": "json"}, ACCOUNT).name == "BioTrack"
    with pytest.raises(ValueError, match="https://"):
        connect({**settings, "generation": "nm", "legacy_url": "http://sts.example"}, ACCOUNT)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_no_password_is_in_any_words_of_the_adapter(generation: str) -> None:
    adapter = biotrack(httpx.MockTransport(lambda request: httpx.Response(200)), generation)
    assert not any(each in repr(adapter) + str(vars(adapter)) for each in ACCOUNT.values())


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_wrong_password_is_denied_and_not_repeated(generation: str, wire: Cut) -> None:
    account = {**ACCOUNT, "password": "wrong-WORD-1"}
    answer = await biotrack(wire, generation, account=account).ping()
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.DENIED
    assert not any(each in answer.reason for each in account.values())
    posted = await biotrack(wire, generation, account=account).post(of_barcode())
    assert isinstance(posted, Unanswered)
    assert posted.kind is Silence.DENIED


async def test_words_of_theirs_that_repeat_ours_are_told_without_them() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"success": 0, "error": f"No user {ACCOUNT['username']}\x1b[2J", "errorcode": 62}
        )

    answer = await biotrack(httpx.MockTransport(refuse)).ping()
    assert answer == Unanswered(Silence.DENIED, "BioTrack does not let this account in: No user …[2J")


# The legacy interface


async def test_the_sample_of_a_sale_parses_and_what_goes_out_is_exact() -> None:
    took = {"success": 1, "transactionid": "700123", "sessiontime": "1769962501"}
    adapter, seen = legacy({"card_lookup": LOOK_UP, "sale_dispense": took})
    at = datetime.fromtimestamp(1769962500, UTC)
    assert await adapter.post(of_barcode(milli=3333, card="6553000000000001", at=at)) == Posted("700123")
    asked, sale = seen
    assert asked["card_id"] == "6553000000000001"
    assert {name: sale[name] for name in sale if name != "nonce"} == {
        "API": "4.0",
        "action": "sale_dispense",
        "sessionid": "9ca3",
        "terminal_id": "1",
        "sale_time": 1769962500,
        "card_id": "6553000000000001",
        "card_key": "K1",
        "data": [{"barcodeid": DREAM_CODE, "quantity": "3.333", "price": "28.00"}],
    }


async def test_every_call_has_a_nonce_of_its_own_and_is_of_the_kind_that_the_server_wants(wire: Cut) -> None:
    adapter = biotrack(wire, "json")
    await adapter.standing(CARD)
    await adapter.post(of_barcode())
    await adapter.stock()
    nonces = [sent(each)["nonce"] for each in wire.requests]
    assert len(nonces) == len(set(nonces)) == 4
    assert {each.headers["content-type"] for each in wire.requests} == {"text/JSON"}
    assert {each.url.path for each in wire.requests} == {"/serverjson.asp"}


@pytest.mark.parametrize("code", [63, "63", None])
async def test_a_session_that_ended_is_opened_again_once(code: Any) -> None:
    over = {"success": "0", "error": "Your session has expired.", **({} if code is None else {"errorcode": code})}
    adapter, seen = legacy({"sync_check": [over, {"success": "1"}, over, over]})
    assert await adapter.ping() == LICENCE
    assert [each["action"] for each in seen] == ["sync_check", "sync_check"]
    answer = await adapter.ping()
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.DENIED
    assert len(seen) == 4


async def test_a_sale_refused_for_an_ended_session_was_not_made_and_is_made_in_a_new_one(
    registry: World, wire: Cut
) -> None:
    adapter = biotrack(wire, "json", registry)
    await adapter.standing(CARD)
    later(registry, timedelta(minutes=56))
    assert isinstance(await adapter.post(of_barcode()), Posted)
    assert actions(wire) == ["login", "card_lookup", "sale_dispense", "login", "sale_dispense"]
    receipts = await adapter.posted_on(TODAY, registry.clock())
    assert isinstance(receipts, tuple)
    assert [each.lines[0].label for each in receipts].count(DREAM_CODE) == 1 + sum(
        each.lines[0].label == DREAM_CODE for each in receipts[:-1]
    )


async def test_a_sale_is_never_sent_again_when_its_answer_is_lost(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "json", registry)
    await adapter.standing(CARD)
    wire.lost = 1
    answer = await adapter.post(of_barcode())
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT
    assert actions(wire).count("sale_dispense") == 1


async def test_what_is_lost_before_the_sale_is_sent_leaves_nothing_in_doubt(registry: World, wire: Cut) -> None:
    for lost_at in (1, 2):  # the log-in, the look-up
        adapter = biotrack(wire, "json", registry)
        if lost_at == 2:
            await adapter.ping()
        wire.lost = 1
        answer = await adapter.post(of_barcode())
        assert isinstance(answer, Unanswered)
        assert answer.kind is Silence.DOWN
        assert answer.reason.endswith("nothing was sent")
    assert "sale_dispense" not in actions(wire)


async def test_without_a_session_each_call_says_who_we_are(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "json", registry, session="none")
    assert await adapter.ping() == LICENCE
    assert isinstance(await adapter.post(of_barcode()), Posted)
    assert "login" not in actions(wire)
    assert all(sent(each)["nosession"] == 1 and "sessionid" not in sent(each) for each in wire.requests)


async def test_a_header_that_leaked_is_stripped_and_one_inside_the_answer_is_left(registry: World, wire: Cut) -> None:
    registry.switches.leaked_header = True
    assert await biotrack(wire, "json", registry).ping() == LICENCE
    row = {"id": "1", "inventorytype": "6", "productname": "Content-Type: text/plain", "remaining_quantity": "1"}
    raw = (
        b"content-type: TEXT/PLAIN; charset=x\r\n\r\n"
        + json.dumps({"success": "1", "inventory": [{**row, "transactionid": 7}]}).encode()
    )
    adapter, _ = legacy({"sync_inventory": raw})
    (package,) = await adapter.stock()
    assert package.product == "Content-Type: text/plain"


async def test_an_empty_answer_to_a_question_is_no_answer_and_to_a_sale_leaves_it_in_doubt(
    registry: World, wire: Cut
) -> None:
    adapter = biotrack(wire, "json", registry)
    await adapter.standing(CARD)
    registry.switches.empty_answers = True
    asked, posted = await adapter.stock(), await adapter.post(of_barcode())
    assert isinstance(asked, Unanswered)
    assert asked.kind is Silence.UNREADABLE
    assert isinstance(posted, Unanswered)
    assert posted.kind is Silence.TIMED_OUT


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"success": 1, "card_key": "K1"}, Silence.ABSENT),
        ({"success": "1", "card_key": 7, "status": "perhaps"}, Silence.ABSENT),
        ({"success": 0, "error": "Card 6553 not found", "errorcode": 602}, Silence.WITHHELD),
        ({"success": 0, "error": "No privilege", "errorcode": "62"}, Silence.WITHHELD),
        ({"success": 1, "card_key": "K1", "active": "perhaps"}, Silence.UNREADABLE),
    ],
)
async def test_a_look_up_that_does_not_say_whether_the_card_is_active_tells_nothing(answer: Any, kind: Silence) -> None:
    adapter, _ = legacy({"card_lookup": answer})
    said = await adapter.standing("6553")
    assert isinstance(said, Unanswered)
    assert said.kind is kind
    assert "6553" not in said.reason


@pytest.mark.parametrize(("written", "active"), [("1", True), (0, False), (True, True)])
async def test_a_look_up_that_says_it_is_believed_without_figures(written: Any, active: bool) -> None:
    adapter, _ = legacy({"card_lookup": {**LOOK_UP, "active": written}})
    assert await adapter.standing(CARD) == RegistryStanding(CARD, active, ())


async def test_a_refusal_of_a_sale_is_certain_and_the_next_one_looks_the_card_up_anew() -> None:
    over = {"success": "0", "error": "Over the limit for card 6553", "errorcode": 602}
    adapter, seen = legacy({"card_lookup": LOOK_UP, "sale_dispense": over})
    for _ in range(2):
        assert await adapter.post(of_barcode(card="6553")) == PostRefused("Over the limit for card …")
    assert [each["action"] for each in seen] == ["card_lookup", "sale_dispense"] * 2


@pytest.mark.parametrize("code", [17, "62"])
async def test_a_refusal_that_is_about_our_account_is_no_refusal_of_the_sale(code: Any) -> None:
    no = {"success": 0, "error": "Missing privilege", "errorcode": code}
    adapter, _ = legacy({"card_lookup": LOOK_UP, "sale_dispense": no})
    answer = await adapter.post(of_barcode())
    assert isinstance(answer, Unanswered)
    assert answer.kind is (Silence.WITHHELD if code == "62" else Silence.DENIED)


SALE = {
    "transactionid": "4857",
    "transactionid_original": "4857",
    "inventoryid": "0000000090000178",
    "itemnumber": "0",
    "quantity": "1",
    "price": "8.00",
    "sessiontime": "1773327600",
    "location": "999999",
    "terminal_id": "1",
    "deleted": "0",
}
"""15:00 UTC on 12 March 2026: eleven in the morning in Detroit."""


async def test_rows_of_a_sale_are_one_receipt_and_its_corrections_take_their_place() -> None:
    rows = [
        SALE,
        {**SALE, "inventoryid": 90000179, "itemnumber": 1, "quantity": 2.5, "price": 20},
        {**SALE, "transactionid": 4860, "itemnumber": 0, "price": "7.50", "sessiontime": 1773331200},
        {**SALE, "transactionid": 4858, "transactionid_original": 4858, "deleted": 1},
    ]
    adapter, _ = legacy({"sync_sale": {"success": 1, "sale": rows}})
    kept, gone = await adapter.posted_on(TODAY, NOW)
    assert (kept.number, kept.is_void, kept.external_number) == ("4857", False, "")
    assert {(each.label, each.milli, each.price_cents) for each in kept.lines} == {
        ("0000000090000178", 1000, 750),
        ("90000179", 2500, 2000),
    }
    assert kept.sold_at == datetime.fromtimestamp(1773327600, UTC)
    assert (gone.number, gone.is_void, len(gone.lines)) == ("4858", True, 1)


async def test_a_day_is_that_of_the_shops_clock_at_which_the_state_took_the_sale(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "json", registry)
    posted = await adapter.post(of_barcode(at=NOW - timedelta(days=1)))
    assert isinstance(posted, Posted)
    today, yesterday = await adapter.posted_on(TODAY, NOW), await adapter.posted_on(TODAY - timedelta(days=1), NOW)
    assert isinstance(today, tuple)
    assert isinstance(yesterday, tuple)
    assert posted.receipt in {each.number for each in today}
    assert posted.receipt not in {each.number for each in yesterday}
    late = {**SALE, "sessiontime": 1773374399}  # a second before midnight in Detroit
    early = {**SALE, "transactionid": "4858", "transactionid_original": "4858", "sessiontime": 1773374400}
    other, _ = legacy({"sync_sale": {"success": 1, "sale": [late, early]}})
    assert [each.number for each in await other.posted_on(TODAY, NOW)] == ["4857"]
    assert [each.number for each in await other.posted_on(TODAY + timedelta(days=1), NOW)] == ["4858"]


async def test_a_day_once_read_is_read_again_from_its_first_sale_and_earlier_sales_stay_where_they_are() -> None:
    day = 86_400
    first = {**SALE, "transactionid": "100", "transactionid_original": "100", "sessiontime": 1773327600 - day}
    corrected = {**first, "transactionid": "4859", "price": "1.00", "sessiontime": 1773331200}
    adapter, seen = legacy(
        {"sync_sale": [{"success": 1, "sale": [first, SALE]}, {"success": 1, "sale": [SALE, corrected]}]}
    )
    assert [each.number for each in await adapter.posted_on(TODAY, NOW)] == ["4857"]
    assert [each.number for each in await adapter.posted_on(TODAY, NOW)] == ["4857"]
    assert [each["transaction_start"] for each in seen] == [0, 4857]


async def test_a_sale_of_which_only_a_later_correction_is_left_stays_on_its_day() -> None:
    day = 86_400
    rows = [
        {**SALE, "transactionid": "4856", "transactionid_original": "4856"},
        {**SALE, "transactionid": "4870", "sessiontime": 1773327600 + day},
        {**SALE, "transactionid": "4860", "transactionid_original": "4860", "sessiontime": 1773331200},
    ]
    adapter, _ = legacy({"sync_sale": {"success": 1, "sale": rows}})
    assert [each.number for each in await adapter.posted_on(TODAY, NOW)] == ["4856", "4857", "4860"]


async def test_other_shops_of_the_company_are_left_out_where_the_settings_name_ours() -> None:
    rows = [SALE, {**SALE, "transactionid": "4858", "transactionid_original": "4858", "location": 7}]

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"success": 1, "sale": rows})

    receipts = await by_path(answer, location="7", since_transaction="4000").posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert [each.number for each in receipts] == ["4858"]


async def test_what_was_refunded_shows_as_sold_and_is_corrected_by_a_person() -> None:
    rows = [SALE, {**SALE, "transactionid": "4859", "refunded": "1", "quantity": "1"}]
    adapter, seen = legacy({"sync_sale": {"success": 1, "sale": rows}})
    (receipt,) = await adapter.posted_on(TODAY, NOW)
    assert not receipt.is_void
    answer = await adapter.correct("4857", of_barcode())
    assert isinstance(answer, PostRefused)
    assert "refunded before" in answer.why
    assert {each["action"] for each in seen} == {"sync_sale"}


async def test_a_correction_sends_the_least_that_makes_it_right_and_nothing_when_it_is(
    registry: World, wire: Cut
) -> None:
    adapter = biotrack(wire, "json", registry)
    posted = await adapter.post(of_barcode(milli=7000))
    assert isinstance(posted, Posted)
    for milli in (3500, 3500):
        assert await adapter.correct(posted.receipt, of_barcode(milli=milli)) == posted
    cheaper = of_barcode(milli=3500)
    cheaper = replace(cheaper, lines=tuple(replace(each, price_cents=1999) for each in cheaper.lines))
    assert await adapter.correct(posted.receipt, cheaper) == posted
    changes = [each for each in wire.requests if action(each) in {"sale_refund", "sale_modify"}]
    assert [action(each) for each in changes] == ["sale_refund", "sale_modify"]
    assert sent(changes[0])["data"] == [{"barcodeid": DREAM_CODE, "quantity": "3.5", "price": "0.00"}]
    assert sent(changes[1])["price"] == "19.99"
    receipts = await adapter.posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    (ours,) = [each for each in receipts if each.number == posted.receipt]
    assert [(each.milli, each.price_cents) for each in ours.lines] == [(3500, 1999)]


async def test_a_sale_that_became_larger_is_not_patched_up(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "json", registry)
    posted = await adapter.post(of_barcode(milli=3500))
    assert isinstance(posted, Posted)
    answer = await adapter.correct(posted.receipt, of_barcode(milli=7000))
    assert isinstance(answer, PostRefused)
    assert "post what was dispensed anew" in answer.why
    assert not {"sale_refund", "sale_modify"} & set(actions(wire))


async def test_a_void_told_again_is_as_it_was(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "json", registry)
    posted = await adapter.post(of_barcode())
    assert isinstance(posted, Posted)
    for _ in range(2):
        assert await adapter.void(posted.receipt, "rung up twice") == Voided(posted.receipt)
    assert isinstance(await adapter.void("999999", "never there"), PostRefused)
    assert isinstance(await adapter.correct("../1", of_barcode()), PostRefused)


@pytest.mark.parametrize(
    ("row", "milli", "unit", "blocked"),
    [
        ({"inventorytype": "6", "remaining_quantity": "3.5009"}, 3500, "Grams", ""),
        ({"inventorytype": 28, "remaining_quantity": 12}, 12000, "Each", ""),
        ({"inventorytype": "28", "remaining_quantity": 1, "seized": "1"}, 1000, "Each", "seized"),
        ({"inventorytype": "28", "remaining_quantity": 1, "is_sample": 1}, 1000, "Each", "a sample"),
        ({"inventorytype": "9", "remaining_quantity": 1}, 1000, "Each", "counted in the way of type 9"),
    ],
    ids=str,
)
async def test_stock_is_exact_and_says_what_may_not_be_sold(row: Any, milli: int, unit: str, blocked: str) -> None:
    whole = {"id": "0000000090000178", "productname": "Blue Dream", "transactionid": "7", "usable_weight": "3.5001"}
    older = {**whole, "remaining_quantity": "99", "inventorytype": "28", "transactionid": 6}
    gone = {**whole, "id": "2", "remaining_quantity": 1, "inventorytype": "28", "deleted": "1"}
    adapter, _ = legacy({"sync_inventory": {"success": 1, "inventory": [{**whole, **row}, older, gone]}})
    (package,) = await adapter.stock()
    assert (package.remaining.milli, package.remaining.unit, package.blocked[: len(blocked)]) == (milli, unit, blocked)
    assert bool(package.blocked) == bool(blocked)
    assert package.unit_net_mg == (3501 if unit == "Each" else None)


# New Mexico

CARD_KEY = "eyJhbGciOiJIUzI1NiJ9.eyJjYXJkaWQiOiI2MTYyIn0.e2CblqUx3"
PATIENT = {
    "CardActive": True,
    "Sessiontime": 1646418516,
    "CardExpiration": {"Year": "2027", "Month": "09", "Day": "16"},
    "CardLimit": 229.49762,
    "Privileges": "Qualified Patient (QP)",
    "CardID": "6162379089849357",
    "CardKey": CARD_KEY,
}


def new_mexico(answers: dict[str, Any], seen: list[httpx.Request] | None = None) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(200, json=answers[request.url.path])

    return by_path(answer, "nm")


async def test_the_sample_of_a_patient_parses_digit_by_digit() -> None:
    answer = await new_mexico({"/v1/patient/lookup": PATIENT}).standing("6162379089849357")
    assert answer == RegistryStanding("6162379089849357", True, (), date(2027, 9, 16), grams=Decimal("229.49762"))
    assert str(answer.grams) == "229.49762"


async def test_the_sample_of_a_dispense_parses_and_what_goes_out_is_exact() -> None:
    seen: list[httpx.Request] = []
    took = {"TransactionID": 700123, "RequestID": "r", "ExternalID": "PCC-7"}
    adapter = new_mexico({"/v1/patient/lookup": PATIENT, "/v1/dispense": took}, seen)
    given = of_barcode("PCC-7", 3333, "6162379089849357")
    assert await adapter.post(given) == Posted("700123")
    assert all(each.headers["authorization"] == "Bearer token-1" for each in seen)
    assert sent(seen[1]) == {
        "LocationLicense": LICENCE,
        "Type": "MEDICAL",
        "TerminalID": "1",
        "Datetime": "2026-03-12T13:00:00-04:00",
        "ExternalID": "PCC-7",
        "RequestID": str(given.id),
        "PatientCardKey": CARD_KEY,
        "Items": [
            {"Barcode": DREAM_CODE, "Price": "28.00", "Quantity": "3.333", "Tax": {"Excise": "0.00", "Other": "0.00"}}
        ],
    }
    assert b'"Price":28.00,"Quantity":3.333' in seen[1].content


async def test_a_key_of_a_card_is_used_while_it_is_fresh_and_asked_for_anew_when_it_is_stale(
    registry: World, wire: Cut
) -> None:
    adapter = biotrack(wire, "nm", registry)
    assert isinstance(adapter, BioTrackNewMexico)
    passed = [0.0]
    adapter._ticks = lambda: passed[0]
    registry.switches.session_s = 86_400
    await adapter.standing(CARD)
    assert isinstance(await adapter.post(of_barcode("PCC-1")), Posted)
    passed[0] += 4 * 3600
    later(registry, timedelta(hours=4))
    assert isinstance(await adapter.post(of_barcode("PCC-2")), Posted)
    looked = [each for each in actions(wire) if each == "/v1/patient/lookup"]
    assert len(looked) == 2


async def test_a_key_that_the_state_calls_stale_is_a_refusal_and_not_used_again(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "nm", registry)
    registry.switches.card_key_s = 60
    await adapter.standing(CARD)
    later(registry, timedelta(minutes=5))
    answer = await adapter.post(of_barcode())
    assert answer == PostRefused("Patient card key is invalid or expired")
    assert isinstance(await adapter.post(of_barcode()), Posted)


async def test_grams_are_what_the_state_says_after_a_sale_too(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "nm", registry)
    before = await adapter.standing(CARD)
    await adapter.post(of_barcode(milli=3500))
    after = await adapter.standing(CARD)
    assert isinstance(before, RegistryStanding)
    assert isinstance(after, RegistryStanding)
    assert before.grams is not None
    assert after.grams is not None
    assert abs(before.grams - after.grams - Decimal("3.5")) <= Decimal("0.00002")


async def test_a_sale_to_a_card_that_nobody_knows_is_refused_before_it_is_sent(registry: World, wire: Cut) -> None:
    answer = await biotrack(wire, "nm", registry).post(of_barcode(card="X-1"))
    assert answer == PostRefused("the registry knows no such card")
    assert "/v1/dispense" not in actions(wire)


async def test_an_old_token_is_renewed_and_one_that_is_refused_is_renewed_once(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "nm", registry)
    await adapter.standing(CARD)
    later(registry, timedelta(hours=1))
    assert isinstance(await adapter.standing(CARD), RegistryStanding)
    assert actions(wire) == ["/v1/login", "/v1/patient/lookup", "/v1/patient/lookup", "/v1/login", "/v1/patient/lookup"]


async def test_a_look_up_that_is_not_allowed_or_not_understood_says_nothing_of_the_card(
    registry: World, wire: Cut
) -> None:
    registry.switches.may_look_up_patients = False
    for answer in (
        await biotrack(wire, "nm", registry).standing(CARD),
        await by_path(lambda request: httpx.Response(400, json={"Error": f"bad card {CARD}"}), "nm").standing(CARD),
    ):
        assert isinstance(answer, Unanswered)
        assert answer.kind is Silence.WITHHELD
        assert CARD not in answer.reason


async def test_an_answer_for_another_card_or_sale_is_not_taken() -> None:
    answer = await new_mexico({"/v1/patient/lookup": PATIENT}).standing("6162379089849358")
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.UNREADABLE
    other = {"TransactionID": 1, "ExternalID": "PCC-2"}
    adapter = new_mexico({"/v1/patient/lookup": {**PATIENT, "CardID": None}, "/v1/dispense": other})
    posted = await adapter.post(of_barcode("PCC-1"))
    assert isinstance(posted, Unanswered)
    assert posted.kind is Silence.TIMED_OUT


async def test_without_the_legacy_interface_nothing_is_read_back(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "nm", registry)
    offered = {each.call: each.is_offered for each in await adapter.capabilities()}
    for call, answer in {
        Call.CORRECT: await adapter.correct("1", of_barcode()),
        Call.VOID: await adapter.void("1", "why"),
        Call.POSTED_ON: await adapter.posted_on(TODAY, NOW),
        Call.STOCK: await adapter.stock(),
        Call.FIND_POSTED: await adapter.find_posted("PCC-1"),
        Call.CAREGIVER: await adapter.caregiver("C-1"),
    }.items():
        assert offered[call] is False
        assert isinstance(answer, Unanswered)
        assert answer.kind is Silence.ABSENT


# Licensees

LICENSED_SALE = {
    "ID": 5001,
    "TransactionID": 61092,
    "CardID": CARD,
    "ExternalID": "PCC-1",
    "RequestID": "r",
    "CreatedOn": "2026-03-12T15:00:00Z",
    "Deleted": False,
    "Item": [{"Barcode": DREAM_CODE, "Price": 28.00, "Quantity": 3.5, "VoidReason": ""}],
}


def pages(*sales: list[dict[str, Any]] | None) -> Any:
    """Return the licensee's adapter before a list of so many pages."""

    def answer(request: httpx.Request) -> httpx.Response:
        place = int(request.url.params.get("cursor", "0"))
        following = place + 1 if place + 1 < len(sales) else 0
        return httpx.Response(200, json={"NextCursor": following, "NextTransactionID": 9, "Sale": sales[place]})

    return by_path(answer, "licensee")


async def test_our_number_is_looked_for_through_all_pages() -> None:
    other = {**LICENSED_SALE, "ID": 5000, "ExternalID": "PCC-10"}
    assert await pages([other], [other], [LICENSED_SALE]).find_posted("PCC-1") == Posted("5001")
    assert await pages([other], [other]).find_posted("PCC-1") == NotPosted()
    assert await pages(None).find_posted("PCC-1") == NotPosted()


async def test_a_list_of_which_a_page_is_missing_says_neither_that_it_is_there_nor_that_it_is_not() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("cursor"):
            return httpx.Response(503)
        return httpx.Response(200, json={"NextCursor": 7, "Sale": [LICENSED_SALE]})

    adapter = by_path(answer, "licensee")
    for said in (await adapter.find_posted("PCC-2"), await adapter.posted_on(TODAY, NOW)):
        assert isinstance(said, Unanswered)
        assert said.kind is Silence.DOWN


async def test_a_day_of_a_licensee_goes_by_when_the_state_took_a_sale() -> None:
    seconds = {**LICENSED_SALE, "ID": "5002", "CreatedOn": 1773331200, "ExternalID": "PCC-2", "Deleted": True}
    tomorrow = {**LICENSED_SALE, "ID": 5003, "CreatedOn": "2026-03-13T04:00:00+00:00"}
    reason = [{**LICENSED_SALE["Item"][0], "VoidReason": "rung up twice"}]  # type: ignore[index]
    void = {**LICENSED_SALE, "ID": 5004, "Item": reason}
    receipts = await pages([LICENSED_SALE, seconds], [tomorrow, void]).posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert {each.number: (each.external_number, each.is_void) for each in receipts} == {
        "5001": ("PCC-1", False),
        "5002": ("PCC-2", True),
        "5004": ("PCC-1", True),
    }
    assert [(each.milli, each.price_cents) for each in receipts[0].lines] == [(3500, 2800)]


async def test_each_call_of_a_licensee_says_for_which_company_and_shop_it_is(registry: World, wire: Cut) -> None:
    adapter = biotrack(wire, "licensee", registry)
    await adapter.ping()
    assert all(each.headers["x-ubi"] == "UBI-PC-000417" for each in wire.requests)
    assert all(each.headers["x-license"] == LICENCE for each in wire.requests)
    assert ["x-session-token" in each.headers for each in wire.requests] == [False, True]


async def test_what_a_batch_says_is_wrong_is_a_refusal_in_its_words() -> None:
    part = {"ErrorCode": "12", "ItemIndex": 0, "Message": "Invalid barcode", "Success": False, "TransactionID": 0}
    body = {"Data": [part], "Error": "1 item failed", "ErrorCode": "5", "errorCount": 1}
    for status in (200, 400):

        def answer(request: httpx.Request, status: int = status) -> httpx.Response:
            return httpx.Response(status, json=body)

        assert await by_path(answer, "licensee").post(of_barcode()) == PostRefused("1 item failed; Invalid barcode")


async def test_what_is_modelled_is_offered_as_untried() -> None:
    offers = {each.call: each.is_offered for each in await pages(None).capabilities()}
    assert offers[Call.POST] is offers[Call.CORRECT] is None
    assert offers[Call.STANDING] is False
    assert offers[Call.FIND_POSTED] is True


async def test_an_unknown_card_is_an_answer_in_new_mexico(registry: World, wire: Cut) -> None:
    assert await biotrack(wire, "nm", registry).standing("X-1") == CardNotFound("X-1")


async def test_a_sentence_of_theirs_stands_in_ours_without_its_end() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"success": 0, "error": "Invalid username or password.", "errorcode": 62})

    answer = await biotrack(httpx.MockTransport(refuse)).ping()
    assert isinstance(answer, Unanswered)
    assert answer.reason.endswith("Invalid username or password")
