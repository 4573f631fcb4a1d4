"""A point of sale that speaks as Cova's older platform does (POS reference, 4): a model of names that nobody verified.

`world.books["pos"]` may hold `summaries_only` (invoices are asked for one by one), `tag_field` (in which field of an
item the tag stands; empty: in none), and `tokens_end` (no token is good for a second call).
"""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pcc_desk.simulator.exact import ExactResponse, read_exactly
from pcc_desk.simulator.pos import called
from pcc_desk.simulator.pos_till import Rung, RungLine, guid, in_utc, kept, key, rung
from pcc_desk.simulator.world import World

PREFIX = "/pos/cova"
COMPANY, LOCATION = 293892, 293894


def credentials(world: World) -> dict[str, str]:
    """Return what a client needs."""
    return {
        "client_id": "birchwood",
        "client_secret": "s",
        "username": "desk@birchwood.example",
        "password": key(world),
    }


def routes(world: World) -> list[Route]:
    """Return what it answers."""
    return [
        Route(f"{PREFIX}/v1/oauth2/token", _token(world), methods=["POST"]),
        Route(f"{PREFIX}/v1/Companies({{company:int}})/InvoiceSummaries", _guarded(world, _summaries)),
        Route(f"{PREFIX}/v1/Companies({{company:int}})/Invoices({{key}})", _guarded(world, _invoice)),
        Route(
            f"{PREFIX}/dataplatform/v1/companies/{{company:int}}/DetailedProductData",
            _guarded(world, _products),
            methods=["POST"],
        ),
    ]


def _token(world: World) -> Any:
    async def asked(request: Request) -> Response:
        given = parse_qs((await request.body()).decode())
        if given.get("grant_type") != ["password"] or given.get("password") != [key(world)]:
            return ExactResponse({"error": "invalid_grant"}, 400)
        issued = world.books.setdefault("pos", {}).setdefault("tokens", [])
        issued.append(f"token-{len(issued) + 1}")
        return ExactResponse({"access_token": issued[-1], "token_type": "bearer", "expires_in": 43200})

    return asked


def _guarded(world: World, answer: Any) -> Any:
    async def asked(request: Request) -> Response:
        issued = kept(world, "tokens", [])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not issued or token != issued[-1]:
            return ExactResponse({"Message": "Authorization has been denied."}, 401)
        if kept(world, "tokens_end", usual=False):
            issued.append("none")
        if request.path_params["company"] != COMPANY:
            return ExactResponse({"Message": "Forbidden"}, 403)
        found = answer(world, request, await request.body())
        return found if isinstance(found, Response) else ExactResponse(found)

    return asked


def _summaries(world: World, request: Request, body: bytes) -> Any:
    """Tell invoices, the newest first."""
    given = request.query_params
    if given.get("$filter") != f"LocationId eq {LOCATION}":
        return []
    skip, top = int(given.get("$skip", 0)), int(given.get("$top", 100))
    whole = not kept(world, "summaries_only", usual=False)
    newest_first = sorted(
        (each for each in rung(world) if each.voided_at is None), key=lambda each: each.at, reverse=True
    )
    return [_told(world, each, whole=whole) for each in newest_first[skip : skip + top]]


def _invoice(world: World, request: Request, body: bytes) -> Any:
    found = [each for each in rung(world) if guid(each.number) == request.path_params["key"]]
    return _told(world, found[0], whole=True) if found else ExactResponse({"Message": "Not found"}, 404)


def _told(world: World, sale: Rung, *, whole: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "Id": guid(sale.number),
        "PrintableId": sale.number,
        "CreatedDateUtc": in_utc(sale.at, marked=False),
        "IsRefund": bool(sale.return_of),
        "OriginalInvoiceId": guid(sale.return_of) if sale.return_of else None,
        "LocationId": LOCATION,
        "EmployeeId": 7,
    }
    if whole:
        row["Orders"] = [{"Items": [_item(world, each) for each in sale.lines]}]
        row["Payments"] = [
            {"Amount": sale.net + sale.tax, "TransactionType": "Refund" if sale.return_of else "Purchase"}
        ]
    return row


def _item(world: World, line: RungLine) -> dict[str, Any]:
    """Tell an item; its price is that of one."""
    row: dict[str, Any] = {
        "Id": f"item-{line.place}",
        "ProductId": guid(line.label),
        "Description": line.package.product if line.package else "Coupon",
        "Quantity": line.quantity,
        "SellingPrice": (line.net / line.quantity).quantize(Decimal("0.0001")) if line.quantity else Decimal(0),
        "SerialNumber": None,
        "Sku": "SKU",
    }
    field = kept(world, "tag_field", "SerialNumber")
    return {**row, field: line.label or None} if field else row


def _products(world: World, request: Request, body: bytes) -> Any:
    given, names = read_exactly(body), called(world)
    rows = [
        {
            "ProductId": guid(names[tag.upper()]),
            "Name": each.package.product,
            "ClassificationName": each.package.category,
            "IsArchived": False,
            "IsNonStock": False,
            "LifeCycle": "Active",
            "Availability": [{"LocationId": LOCATION, "RoomId": 1, "InStockQuantity": world.remaining[tag]}],
        }
        for tag, each in world.packages.items()
    ]
    return {"Products": rows[given["Skip"] : given["Skip"] + given["Top"]]}
