"""BioTrack's interface for licensees (state-systems reference, 3.4).

Its own choices, where nothing public says how the real one does: a sale is sent in the shape in which it is read; a
page holds fifty rows, and the next one is asked for by `cursor`; `VoidReason` goes with a void.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pcc_desk.simulator.biotrack_books import Books, Sale, Wrong, amount, barcode
from pcc_desk.simulator.biotrack_legacy import inventory_type
from pcc_desk.simulator.biotrack_rest import after, anybody, body, error, items, text
from pcc_desk.simulator.exact import ExactResponse

PAGE_SIZE = 50


def routes(books: Books) -> list[BaseRoute]:
    """Return the routes."""
    return [
        Route("/v1/user/login", after(books, anybody, _log_in), methods=["POST"]),
        Route("/v1/inventory/room", after(books, _licensee, _rooms)),
        Route("/v1/inventory", after(books, _licensee, _inventory)),
        Route("/v1/sale", after(books, _licensee, _sales)),
        Route("/v1/sale", after(books, _licensee, _create), methods=["POST"]),
        Route("/v1/sale/{id}", after(books, _licensee, _sale)),
        Route("/v1/sale/{id}", after(books, _licensee, _update), methods=["PUT"]),
        Route("/v1/sale/{id}/refund", after(books, _licensee, _refund), methods=["POST"]),
        Route("/v1/sale/{id}/void", after(books, _licensee, _void), methods=["PUT"]),
    ]


def _licensee(request: Request, books: Books) -> bool:
    sent = request.headers
    who = sent.get("x-ubi"), sent.get("x-license")
    is_ours = who == (books.account()[0], books.world.training.shop.licence)
    return is_ours and books.is_open(sent.get("x-session-token"))


async def _log_in(request: Request, books: Books) -> Response:
    sent = await body(request)
    if not books.lets_in(request.headers.get("x-ubi"), sent.get("Username"), sent.get("Password")):
        return error(401, "Invalid credentials")
    return ExactResponse({"session": books.open_session()})


def _page(request: Request, name: str, rows: list[dict[str, Any]]) -> Response:
    """Return a page. The last one names no next."""
    start = int(amount(request.query_params.get("cursor", "0")))
    shown = rows[start : start + PAGE_SIZE] if start >= 0 else []
    following = start + PAGE_SIZE if start + PAGE_SIZE < len(rows) else 0
    last = max((each.get("TransactionID", 0) for each in rows), default=0)
    return ExactResponse({"NextCursor": following, "NextTransactionID": last, name: shown or None})


async def _rooms(request: Request, books: Books) -> Response:
    room = {"Deleted": False, "ExternalID": "", "ID": 1, "LocationLicense": books.world.training.shop.licence}
    return _page(request, "Room", [room | {"Name": "Sales floor", "Quarantine": False, "TransactionID": 600_000}])


async def _inventory(request: Request, books: Books) -> Response:
    return _page(request, "Inventory", [_stock(books, tag) for tag in books.world.packages])


def _stock(books: Books, tag: str) -> dict[str, Any]:
    each = books.world.packages[tag]
    is_grams = each.package.remaining.unit.value == "Grams"
    weight = Decimal(each.weight_g or "0")
    return {
        "ID": barcode(tag),
        "ProductName": each.package.product,
        "Strain": each.package.product,
        "InventoryType": inventory_type(each),
        "RemainingAmount": books.world.remaining[tag],
        "UOM": "g" if is_grams else "each",
        "UnitBased": not is_grams,
        "UsableWeight": weight,
        "MedUsableWeight": weight,
        "RecUsableWeight": weight,
        "NetPackageWeight": weight,
        "QAStatus": "passed" if each.lab_state == "TestPassed" else "failed",
        "LabSample": None,
        "ExpirationDate": each.package.expires_on.isoformat() if each.package.expires_on else "",
        "PackageDate": "",
        "RoomID": 1,
        "Status": "",
        "Seized": each.is_on_hold or each.is_recalled,
        "Destroyed": False,
        "Deleted": False,
        "LocationLicense": books.world.training.shop.licence,
        "TransactionID": 600_001,
    }


async def _sales(request: Request, books: Books) -> Response:
    return _page(request, "Sale", [_shown(each) for each in books.listed()])


async def _sale(request: Request, books: Books) -> Response:
    sale = books.find("id", request.path_params["id"])
    return error(404, "Sale not found") if sale is None else ExactResponse({"Sale": _shown(sale)})


def _shown(sale: Sale) -> dict[str, Any]:
    """Return a sale as it is read."""
    return {
        "ID": sale["id"],
        "TransactionID": max(each["transaction"] for each in sale["lines"]),
        "CardID": sale["card"],
        "ExternalID": sale["external"],
        "RequestID": sale["request"],
        "OrderingPhysician": "",
        "Type": sale["type"],
        "Location": 1,
        "CreatedByUserID": 1,
        "CreatedOn": datetime.fromisoformat(sale["at"]).isoformat(timespec="seconds"),
        "UpdatedOn": datetime.fromisoformat(sale["updated"]).isoformat(timespec="seconds"),
        "Deleted": sale["deleted"],
        "Item": [
            {
                "Barcode": each["label"],
                "ExternalID": "",
                "FormID": 0,
                "ItemNumber": each["item"],
                "OrderTypeID": 0,
                "Price": Decimal(each["price"]),
                "Quantity": Decimal(each["quantity"]),
                "TaxCollected": {"Excise": 0, "Other": 0},
                "TransactionID": each["transaction"],
                "VoidReason": each["void_reason"],
            }
            for each in sale["lines"]
            if not each["deleted"] or sale["deleted"]
        ],
    }


def _said(sent: dict[str, Any], books: Books) -> dict[str, str]:
    card = text(sent, "CardID")
    if card and books.card(card) is None:
        raise Wrong("Invalid card")
    names = {"external": "ExternalID", "request": "RequestID", "type": "Type"}
    return {"card": card} | {ours: text(sent, theirs) for ours, theirs in names.items()}


def _written(books: Books, number: int, sale: Sale, **more: Any) -> Response:
    stock = [_stock(books, books.tags[each["label"]]) for each in sale["lines"]]
    moment = int(books.now.timestamp())
    answer = {"Inventory": stock, **more, "Sale": [_shown(sale)], "SessionTime": moment, "TransactionID": number}
    return ExactResponse(answer)


async def _create(request: Request, books: Books) -> Response:
    sent = await body(request)
    sale = books.create(items(sent.get("Item")), called_by="id", **_said(sent, books))
    return _written(books, sale["transaction"], sale)


async def _update(request: Request, books: Books) -> Response:
    sent = await body(request)
    sale = books.find("id", request.path_params["id"])
    if sale is None or sale["deleted"]:
        return error(404, "Sale not found")
    books.replace(sale, items(sent.get("Item")), **_said(sent, books))
    return ExactResponse(_shown(sale))


async def _refund(request: Request, books: Books) -> Response:
    sent = await body(request)
    sale = books.find("id", request.path_params["id"])
    if sale is None or sale["deleted"]:
        return error(404, "Sale not found")
    number = books.refund(sale, items(sent.get("Item")))
    return _written(books, number, sale, Refund=[_shown(sale)])


async def _void(request: Request, books: Books) -> Response:
    sale = books.find("id", request.path_params["id"])
    if sale is None:
        return error(404, "Sale not found")
    raw = await request.body()
    why = text(await body(request), "VoidReason") if raw.strip() else ""
    return ExactResponse({"transactionID": books.void(sale, why)})
