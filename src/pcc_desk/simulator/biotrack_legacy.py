"""BioTrack's legacy interface: one address, actions, and HTTP 200 whatever happens (state-systems reference, 3.1, 3.2).

Its own choices, where nothing public says how the real one does: what `card_lookup` answers beside `card_key`, and all
words of errors; a sale to a card needs its key; `nonce_replay` answers what was answered to the action of that nonce;
prices are those of a line. Numbers are text in some places and not in others, as at the real one.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.simulator.biotrack_books import Books, Line, Sale, Wrong, amount, barcode
from pcc_desk.simulator.exact import exact_json, read_exactly
from pcc_desk.simulator.training import TrainingPackage

VERSION = "4.0"
LEAKED = "Content-Type: text/plain\n\n"

WRONG_VERSION, NO_PRIVILEGE, NO_SESSION, GENERIC = 17, 62, 63, 602

TYPES = {
    "flower": 6,
    "preroll": 28,
    "edible": 22,
    "beverage": 23,
    "concentrate": 24,
    "vape": 24,
    "topical": 25,
    "capsule": 34,
    "tincture": 35,
    "patch": 36,
    "suppository": 37,
}
PIECES, GRAMS = 28, 6

Answer = dict[str, Any]
Action = Callable[[Books, dict[str, Any]], Answer]


async def serve(request: Request, books: Books) -> Response:
    """Answer an action."""
    switches = books.world.switches
    answer = act(books, await request.body())
    if switches.empty_answers:
        return Response(b"", media_type="text/plain")
    text = exact_json(answer)
    return Response(f"{LEAKED}{text}" if switches.leaked_header else text, media_type="application/json")


def act(books: Books, raw: bytes) -> Answer:
    """Do what a body asks for, once it is clear who asks."""
    try:
        body = read_exactly(raw)
    except (ValueError, RecursionError):
        return error("Invalid JSON.", GENERIC)
    if not isinstance(body, dict) or body.get("API") != VERSION:
        return error("Invalid API version.", WRONG_VERSION)
    refused = None if body.get("action") == "login" else _refused(books, body)
    if refused is not None:
        return refused
    try:
        answer = ACTIONS.get(str(body.get("action")), _no_such_action)(books, body)
    except Wrong as wrong:
        answer = error(str(wrong), GENERIC)
    if isinstance(body.get("nonce"), str) and body["action"] in WRITES:
        books.book["nonces"][body["nonce"]] = answer
        books.world.save()
    return answer


def _refused(books: Books, body: dict[str, Any]) -> Answer | None:
    """Return the refusal of whoever may not ask; None when they may."""
    if str(body.get("nosession")) == "1":
        return None if _is_let_in(books, body) else error("Invalid username or password.")
    if not books.is_open(body.get("sessionid")):
        return error("Your session has expired.", str(NO_SESSION))
    return None


def _no_such_action(books: Books, body: dict[str, Any]) -> Answer:
    return error("Invalid action.", GENERIC)


def error(words: str, code: int | str | None = None) -> Answer:
    """Return an error; that of a wrong password has no code."""
    found: Answer = {"success": 0 if isinstance(code, int) else "0", "error": words}
    return found if code is None else found | {"errorcode": code}


def _is_let_in(books: Books, body: dict[str, Any]) -> bool:
    return books.lets_in(body.get("license_number"), body.get("username"), body.get("password"))


def _log_in(books: Books, body: dict[str, Any]) -> Answer:
    if not _is_let_in(books, body):
        return error("Invalid username or password.")
    return {"success": 1, "admin": "1", "sessionid": books.open_session(), "time": _seconds(books.now.isoformat())}


def _seconds(moment: str) -> str:
    return str(int(datetime.fromisoformat(moment).timestamp()))


def _card_lookup(books: Books, body: dict[str, Any]) -> Answer:
    switches = books.world.switches
    if switches.lookup_absent:
        return _no_such_action(books, body)
    if switches.lookup_disabled:
        return error("This function is not available.", GENERIC)
    if not switches.may_look_up_patients:
        return error("You do not have the privilege to do that.", NO_PRIVILEGE)
    card = books.card(body.get("card_id"))
    if card is None:
        return error("Card not found.", GENERIC)
    helper = body.get("caregiver_card_id")
    helpers = {each.number for each in books.world.training.cards if each.holder == "caregiver"}
    if helper and helper not in helpers:
        return error("Caregiver card not found.", GENERIC)
    status = {"active": str(int(card["active"]))} if switches.card_status else {}
    return {"success": 1, "card_key": books.make_key(card["number"]), **status}


def _dispense(books: Books, body: dict[str, Any]) -> Answer:
    card = body.get("card_id")
    if card and (books.card(card) is None or books.card_of(body.get("card_key")) != card):
        raise Wrong("Invalid card or card key.")
    sold = body.get("sale_time")
    sale = books.create(
        _lines(body.get("data")),
        card=card,
        caregiver=body.get("caregiver_card_id"),
        terminal=str(body.get("terminal_id") or ""),
        type="MEDICAL" if card else "RECREATIONAL",
        sold=_moment(books, sold) if sold is not None else None,
    )
    return {"success": 1, "transactionid": str(sale["transaction"]), "sessiontime": _seconds(sale["at"])}


def _moment(books: Books, seconds: Any) -> str:
    try:
        return datetime.fromtimestamp(int(amount(seconds)), books.now.tzinfo).isoformat()
    except (OverflowError, OSError, ValueError) as error_:
        raise Wrong("Invalid sale time.") from error_


def _lines(data: Any) -> list[Line]:
    if not isinstance(data, list) or not data or not all(isinstance(each, dict) for each in data):
        raise Wrong("No items.")
    return [(str(each.get("barcodeid")), amount(each.get("quantity")), amount(each.get("price"))) for each in data]


def _sale(books: Books, body: dict[str, Any]) -> Sale:
    sale = books.find("transaction", body.get("transactionid"))
    if sale is None or sale["deleted"]:
        raise Wrong("Invalid transaction.")
    return sale


def _modify(books: Books, body: dict[str, Any]) -> Answer:
    item = "" if body.get("item_number") is None else str(body["item_number"])
    number = books.reprice(_sale(books, body), str(body.get("barcodeid")), item, amount(body.get("price")))
    return {"success": 1, "transactionid": str(number)}


def _refund(books: Books, body: dict[str, Any]) -> Answer:
    return {"success": "1", "transactionid": books.refund(_sale(books, body), _lines(body.get("data")))}


def _void(books: Books, body: dict[str, Any]) -> Answer:
    books.void(_sale(books, body), "")
    return {"success": "1"}


def _range(body: dict[str, Any]) -> tuple[int, int]:
    first, last = (body.get(f"transaction_{end}") or 0 for end in ("start", "end"))
    return int(amount(first)), int(amount(last)) or 10**18


def _sync_sale(books: Books, body: dict[str, Any]) -> Answer:
    first, last = _range(body)
    is_active = str(body.get("active")) == "1"
    rows = [_sale_row(books, sale, line) for sale in books.listed() for line in sale["lines"]]
    shown = [
        row for row in rows if first <= int(row["transactionid"]) <= last and not (is_active and row["deleted"] == "1")
    ]
    return {"success": 1, "sale": shown}


def _sale_row(books: Books, sale: Sale, line: dict[str, Any]) -> Answer:
    seconds = _seconds(sale["at"])
    return {
        "transactionid": str(line["transaction"]),
        "transactionid_original": str(sale["transaction"]),
        "inventoryid": line["label"],
        "itemnumber": line["item"],
        "quantity": line["quantity"],
        "price": line["price"],
        "sessiontime": int(seconds) if line["item"] % 2 else seconds,
        "location": books.world.training.shop.licence,
        "terminal_id": sale["terminal"] or "1",
        "deleted": str(int(line["deleted"])),
        "refunded": "0",
    }


def _sync_inventory(books: Books, body: dict[str, Any]) -> Answer:
    rows = [inventory_row(books, tag, each) for tag, each in books.world.packages.items()]
    return {"success": 1, "inventory": rows}


def inventory_type(each: TrainingPackage) -> int:
    """Return the type of a package: by what it is, where that is counted as the type is."""
    is_grams = each.package.remaining.unit.value == "Grams"
    kind = TYPES.get(each.package.category, GRAMS if is_grams else PIECES)
    return GRAMS if is_grams else PIECES if kind == GRAMS else kind


def inventory_row(books: Books, tag: str, each: TrainingPackage) -> Answer:
    """Return a package as the legacy interface lists it."""
    weight = each.weight_g or "0"
    return {
        "id": barcode(tag),
        "inventorytype": str(inventory_type(each)),
        "strain": each.package.product,
        "productname": each.package.product,
        "remaining_quantity": f"{books.world.remaining[tag]:f}",
        "usable_weight": weight,
        "rec_usableweight": weight,
        "net_package": weight,
        "currentroom": 1,
        "location": books.world.training.shop.licence,
        "inventorystatus": "0",
        "inventoryparentid": [],
        "parentid": [],
        "is_sample": 0,
        "seized": str(int(each.is_on_hold or each.is_recalled)),
        "wet": "0",
        "source_id": "0",
        "sessiontime": _seconds(books.now.isoformat()),
        "transactionid": "600001",
        "transactionid_original": "600001",
        "deleted": "0",
    }


def _sync_check(books: Books, body: dict[str, Any]) -> Answer:
    asked = body.get("data")
    tables = [each for each in asked if isinstance(each, dict)] if isinstance(asked, list) else []
    newest = sum((Decimal(each["transaction"]) for each in books.listed()), Decimal(0))
    summary = [{"table": each.get("table"), "match": 0, "sum": f"{newest:f}"} for each in tables]
    return {"success": 1, "summary": summary}


def _nonce_replay(books: Books, body: dict[str, Any]) -> Answer:
    kept: Answer | None = books.book["nonces"].get(body.get("nonce"))
    return kept or error("Nonce not found.", GENERIC)


ACTIONS: dict[str, Action] = {
    "login": _log_in,
    "card_lookup": _card_lookup,
    "sale_dispense": _dispense,
    "sale_modify": _modify,
    "sale_refund": _refund,
    "sale_void": _void,
    "sync_sale": _sync_sale,
    "sync_inventory": _sync_inventory,
    "sync_check": _sync_check,
    "nonce_replay": _nonce_replay,
}
WRITES = frozenset({"sale_dispense", "sale_modify", "sale_refund", "sale_void"})
