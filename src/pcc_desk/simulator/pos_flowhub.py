"""A point of sale that speaks as Flowhub's public API does (POS reference, 3), with what is odd about it.

`world.books["pos"]` may hold `locations` (how many the key is for), `time_zone`, `variants` (a tag's variant: two tags
of one make it ambiguous), and `forgets` (so many orders fewer on the pages than it says there are).
"""

from datetime import date
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.packages import package_id
from pcc_desk.simulator.pos import called
from pcc_desk.simulator.pos_till import Rung, RungLine, in_utc, kept, key, rung
from pcc_desk.simulator.world import World

PREFIX = "/pos/flowhub"
LOCATION, IMPORT = "loc-417", "imp-9041"


def credentials(world: World) -> dict[str, str]:
    """Return what a client needs."""
    return {"client_id": "birchwood", "key": key(world)}


def routes(world: World) -> list[Route]:
    """Return what it answers."""
    paths = (
        ("/v0/clientsLocations", _locations),
        ("/v1/orders/findByLocationId/{place}", _orders),
        ("/v0/locations/{place}/inventory", _inventory),
    )
    return [Route(f"{PREFIX}{path}", _guarded(world, answer)) for path, answer in paths]


def _guarded(world: World, answer: Any) -> Any:
    async def asked(request: Request) -> Response:
        if request.headers.get("key") != key(world) or request.headers.get("clientId") != "birchwood":
            return ExactResponse({"message": "Unauthorized"}, 401)
        found = answer(world, request)
        return found if isinstance(found, Response) else ExactResponse(found)

    return asked


def _locations(world: World, request: Request) -> Any:
    shop = world.training.shop
    ours = {
        "locationId": LOCATION,
        "importId": IMPORT,
        "locationName": shop.name,
        "timeZone": kept(world, "time_zone", shop.zone),
        "licenseType": ["Medical"],
    }
    others = [
        {**ours, "locationId": f"loc-{each}", "importId": f"imp-{each}", "locationName": f"Other {each}"}
        for each in range(1, kept(world, "locations", 1))
    ]
    return {"status": 200, "data": [*others, ours]}


def _day(request: Request, name: str) -> date | None:
    """Return a bound; None for one that is not written as a day only."""
    said = request.query_params.get(name, "")
    try:
        return date.fromisoformat(said) if len(said) == 10 else None
    except ValueError:
        return None


def _orders(world: World, request: Request) -> Any:
    """Tell orders by the day on which they were opened, on the store's clock."""
    if request.path_params["place"] != IMPORT:
        return ExactResponse({"message": "Location not found"}, 404)
    first, last = _day(request, "created_after"), _day(request, "created_before")
    if first is None or last is None:
        return ExactResponse({"message": "created_after must be in format yyyy-mm-dd"}, 404)
    shop = world.training.shop
    found = [_order(each) for each in rung(world) if first <= shop.local(each.opened_at).date() <= last]
    size = int(request.query_params.get("page_size", "100"))
    skip = (int(request.query_params.get("page", "1")) - 1) * size
    told = found[: len(found) - kept(world, "forgets", 0)]
    return {"total": len(found), "orders": told[skip : skip + size]}


def _cents(value: Decimal) -> int:
    return int(value * 100)


def _order(sale: Rung) -> dict[str, Any]:
    sign = -1 if sale.return_of else 1
    return {
        "id": f"id-{sale.number}",
        "orderId": sale.number,
        "createdAt": in_utc(sale.opened_at),
        "completedOn": in_utc(sale.at),
        "orderStatus": "sold" if sale.kind == "sale" else "cancelled",
        "orderType": "in_store",
        "voided": sale.voided_at is not None,
        "originalSaleId": f"id-{sale.return_of}" if sale.return_of else "",
        "customerId": sale.card and f"cust-{sale.card[-4:]}",
        "customerType": "medCustomer" if sale.is_medical else "recCustomer",
        "totals": {
            "FinalTotal": sign * _cents(sale.net + sale.tax),
            "SubTotal": sign * _cents(sale.net),
            "TotalDiscounts": _cents(sale.discount),
            "TotalFees": 0,
            "TotalTaxes": sign * _cents(sale.tax),
        },
        "itemsInCart": [_item(each, sign) for each in sale.lines],
        "payments": [{"paymentType": "cash", "amount": sign * _cents(sale.net + sale.tax)}],
    }


def _item(line: RungLine, sign: int) -> dict[str, Any]:
    grams = line.package is not None and line.package.remaining.unit.value == "Grams"
    return {
        "id": f"item-{line.place}",
        "variantId": variant(line.label),
        "productName": line.package.product if line.package else "Coupon",
        "quantity": sign * line.quantity,
        "unitOfWeight": "grams" if grams else "each",
        "totalPrice": sign * _cents(line.net + line.discount),
        "itemDiscounts": [{"name": "House", "penniesOff": sign * _cents(line.discount)}] if line.discount else [],
        "tax": [{"name": "Sales Tax", "thisTaxInPennies": sign * _cents(line.tax)}],
    }


def variant(label: str) -> str:
    """Return the variant under which a package is sold: each has its own unless the world says otherwise."""
    return f"var-{package_id(label)}" if label else "var-none"


def _inventory(world: World, request: Request) -> Any:
    if request.path_params["place"] != LOCATION:
        return ExactResponse({"message": "Location not found"}, 404)
    shared, names = kept(world, "variants", {}), called(world)
    rows = [
        {
            "regulatoryId": names[tag.upper()],
            "productName": each.package.product,
            "category": each.package.category,
            "quantity": world.remaining[tag],
            "inventoryUnitOfMeasure": "grams" if each.package.remaining.unit.value == "Grams" else "each",
            "isSoldByWeight": each.package.remaining.unit.value == "Grams",
            "preTaxPriceInPennies": each.package.unit_price_cents or 0,
            "priceInMinorUnits": each.package.unit_price_cents or 0,
            "expirationDate": each.package.expires_on.isoformat() if each.package.expires_on else None,
            "variantId": shared.get(tag, variant(names[tag.upper()])),
        }
        for tag, each in world.packages.items()
    ]
    pipe = {"regulatoryId": "", "productName": "Pipe", "category": "Accessory", "quantity": 9, "variantId": "var-none"}
    return {"status": 200, "data": [*rows, pipe]}
