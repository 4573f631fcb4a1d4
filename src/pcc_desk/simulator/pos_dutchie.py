"""A point of sale that speaks as Dutchie's API does (POS reference, 2), with what is odd about it.

`world.books["pos"]` may hold `roles`, `pascal` (names begin with a capital), `noise` (doubles write their noise out),
`gross` (a line's price holds the discount still), `guests` (each with a `room`), `merged` (a customer into another).
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.pos import called
from pcc_desk.simulator.pos_till import Rung, RungLine, customer_of, in_utc, kept, key, number_of, rung
from pcc_desk.simulator.world import World

PREFIX = "/pos/dutchie"
NO_DATE = "1900-01-01T00:00:00"
LONGEST, SHORTEST = timedelta(days=31), timedelta(hours=12)
SELECTORS = (("TransactionId",), ("FromDateUTC", "ToDateUTC"), ("FromLastModifiedDateUTC", "ToLastModifiedDateUTC"))
NOISE = Decimal("0.00000000000001")


def credentials(world: World) -> dict[str, str]:
    """Return what a client needs."""
    return {"location_key": key(world), "integrator_key": ""}


def routes(world: World) -> list[Route]:
    """Return what it answers."""
    return [
        Route(f"{PREFIX}{path}", _guarded(world, role, answer))
        for path, role, answer in (
            ("/whoami", "", _whoami),
            ("/reporting/transactions", "Reporting", _transactions),
            ("/reporting/closing-report", "Reporting", _closing),
            ("/reporting/inventory", "Reporting", _inventory),
            ("/guestlist", "Customer", _guests),
            ("/customer/customers-paginated", "Customer", _customers),
        )
    ]


def _guarded(world: World, role: str, answer: Any) -> Any:
    async def asked(request: Request) -> Response:
        if _user(request) != key(world):
            return Response(None, 401)
        if role and role not in kept(world, "roles", ["Reporting", "Customer"]):
            return Response(None, 403)
        found = answer(world, request)
        if isinstance(found, Response):
            return found
        return ExactResponse(_capitals(found) if kept(world, "pascal", usual=False) else found)

    return asked


def _user(request: Request) -> str:
    try:
        given = base64.b64decode(request.headers.get("Authorization", "").removeprefix("Basic "), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return given.decode(errors="replace").partition(":")[0]


def _capitals(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: _capitals(each) for name, each in value.items()}
    return [_capitals(each) for each in value] if isinstance(value, list) else value


def _whoami(world: World, request: Request) -> Any:
    shop = world.training.shop
    return {"locationId": 417, "lspId": 7, "locationName": shop.name, "licenseNumber": shop.licence, "state": "MI"}


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _transactions(world: World, request: Request) -> Any:
    given = request.query_params
    chosen = [each for each in SELECTORS if any(name in given for name in each)]
    if len(chosen) != 1 or not all(name in given for name in chosen[0]):
        return ExactResponse({"message": "Exactly one selector must be given."}, 400)
    detail = given.get("IncludeDetail") == "true"
    if "TransactionId" in given:
        found = [each for each in rung(world) if number_of(each.number) == int(given["TransactionId"])]
    else:
        start, end = (_instant(given[name]) for name in chosen[0])
        found = [each for each in rung(world) if start <= each.at <= end]
    return [_transaction(world, each, detail=detail) for each in found]


def _transaction(world: World, sale: Rung, *, detail: bool) -> dict[str, Any]:
    local = world.training.shop.local(sale.at).replace(tzinfo=None).isoformat(timespec="milliseconds")
    sign = -1 if sale.return_of else 1
    row: dict[str, Any] = {
        "transactionId": number_of(sale.number),
        "customerId": customer_of(world, sale.card),
        "transactionDate": in_utc(sale.at, marked=False),
        "transactionDateLocalTime": local,
        "checkInDate": in_utc(sale.opened_at, marked=False),
        "voidDate": in_utc(sale.voided_at, marked=False) if sale.voided_at else NO_DATE,
        "isVoid": sale.voided_at is not None,
        "isReturn": bool(sale.return_of),
        "returnOnTransactionId": number_of(sale.return_of) if sale.return_of else None,
        "adjustmentForTransactionId": None,
        "transactionType": "Retail" if sale.kind == "sale" else sale.kind,
        "isMedical": sale.is_medical,
        "subtotal": _double(world, sign * (sale.net + sale.discount)),
        "totalDiscount": _double(world, sign * sale.discount),
        "totalBeforeTax": _double(world, sign * sale.net),
        "tax": _double(world, sign * sale.tax),
        "total": _double(world, sign * (sale.net + sale.tax)),
        "totalItems": len(sale.lines),
        "terminalName": "Till 1",
        "invoiceNumber": f"INV-{sale.number}",
        "referenceId": sale.reference or "N/A",
        "isTaxInclusive": False,
        "lastModifiedDateUTC": in_utc(sale.voided_at or sale.at),
    }
    if detail:
        row["items"] = [_item(world, sale, each, sign) for each in sale.lines]
    return row


def _item(world: World, sale: Rung, line: RungLine, sign: int) -> dict[str, Any]:
    price = line.net + line.discount if kept(world, "gross", usual=False) else line.net
    grams = line.package is not None and line.package.remaining.unit.value == "Grams"
    return {
        "transactionItemId": line.place,
        "transactionId": number_of(sale.number),
        "productId": 100 + line.place,
        "quantity": sign * line.quantity,
        "unitId": 1 if grams else 2,
        "unitPrice": _double(world, (price / line.quantity).quantize(Decimal("0.01")) if line.quantity else price),
        "totalPrice": _double(world, sign * price),
        "totalDiscount": _double(world, sign * line.discount),
        "packageId": None if line.is_coupon else line.label,
        "sourcePackageId": "",
        "batchName": "B-1",
        "unitWeight": Decimal("0.5"),
        "unitWeightUnit": "g",
        "isReturned": bool(line.returned_by),
        "returnDate": NO_DATE,
        "returnedByTransactionId": number_of(line.returned_by) if line.returned_by else None,
        "isCoupon": line.is_coupon,
        "taxes": [{"rateName": "Sales Tax", "rate": Decimal("0.06"), "amount": _double(world, sign * line.tax)}],
    }


def _double(world: World, value: Decimal) -> Decimal:
    return value + NOISE if value and kept(world, "noise", usual=False) else value


def _closing(world: World, request: Request) -> Any:
    given = request.query_params
    if "fromDateUTC" not in given or "toDateUTC" not in given:
        return PlainTextResponse("Both dates are required.", 400)
    start, end = _instant(given["fromDateUTC"]), _instant(given["toDateUTC"])
    if not SHORTEST <= end - start <= LONGEST:
        return PlainTextResponse("The range must be between 12 hours and 31 days.", 400)
    of_day = [each for each in rung(world) if start <= each.at < end]
    counted = [each for each in of_day if each.voided_at is None and not each.return_of]
    return {
        "grossSales": sum((each.net + each.discount for each in counted), Decimal("0.00")),
        "transactionCount": len(counted),
        "itemCount": sum(len(each.lines) for each in counted),
        "voidCount": sum(each.voided_at is not None for each in of_day),
        "returnTotal": sum((each.net for each in of_day if each.return_of), Decimal("0.00")),
        "netSales": sum((each.net for each in counted), Decimal("0.00")),
        "totalTax": sum((each.tax for each in counted), Decimal("0.00")),
    }


def _inventory(world: World, request: Request) -> Any:
    names = called(world)
    return [
        {
            "inventoryId": place,
            "productId": 100 + place,
            "productName": each.package.product,
            "category": each.package.category,
            "packageId": names[tag.upper()],
            "packageStatus": "Quarantine" if each.is_on_hold else "Active",
            "labTestStatus": each.lab_state,
            "quantityAvailable": world.remaining[tag],
            "quantityUnits": "g" if each.package.remaining.unit.value == "Grams" else "ea",
            "unitWeight": Decimal(each.weight_g or "0"),
            "unitWeightUnit": "g",
            "unitPrice": Decimal(each.package.unit_price_cents or 0) / 100,
            "medUnitPrice": None,
            "expirationDate": each.package.expires_on.isoformat() if each.package.expires_on else NO_DATE,
        }
        for place, (tag, each) in enumerate(world.packages.items(), start=1)
    ]


def _guests(world: World, request: Request) -> Any:
    """Tell who is checked in: not from hidden rooms, and of each customer the last check-in only."""
    last: dict[int, dict[str, Any]] = {}
    for each in kept(world, "guests", []):
        last[each["customerId"]] = each
    return [
        {name: value for name, value in each.items() if name != "room"}
        for each in last.values()
        if each.get("room") not in {"hidden", "on hold"}
    ]


def _customers(world: World, request: Request) -> Any:
    """Tell customers, a page at a time; the one after the last is empty."""
    page, size = (int(request.query_params.get(name, usual)) for name, usual in (("PageNumber", 0), ("PageSize", 1000)))
    merged = kept(world, "merged", {})
    rows = [
        {
            "customerId": 7000 + place,
            "mmjidNumber": card.number if str(7000 + place) not in merged else "N/A",
            "dateOfBirth": NO_DATE,
            "mergedIntoCustomerId": merged.get(str(7000 + place)),
        }
        for place, card in enumerate(world.training.cards)
    ]
    return rows[page * size : (page + 1) * size]
