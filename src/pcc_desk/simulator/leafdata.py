"""Leaf Data over HTTP in Washington's shape (state-systems reference, 4.2 and 4.3). There is no call for patients.

Its own choices, where nothing public says how the real system does: days are filtered by the day of posting, both
counted; a page is asked for by `page`; a sale that is deleted stays in lists with its day; a correction answers with
the corrected sales, a deletion with an empty list; an external number is accepted twice unless told otherwise; a
patient's number is not looked at. An inventory is accepted by the tag alone as well, its number after ".IN".
"""

from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from pcc_desk.simulator import systems
from pcc_desk.simulator.exact import ExactResponse, read_exactly
from pcc_desk.simulator.leafdata_rows import (
    QUARANTINE,
    SHOP_FLOOR,
    UNITS,
    code,
    inventory,
    inventory_id,
    inventory_type,
    lab_result,
    read_moment,
    tag,
)
from pcc_desk.simulator.leafdata_sales import Complaints, Sales
from pcc_desk.simulator.world import World

PAGE_SIZE = 2500
Rows = Callable[[World], Iterable[dict[str, Any]]]


def credentials(world: World) -> dict[str, str]:
    """Return what lets a client in (4.2)."""
    return {"x-mjf-mme-code": code(world), "x-mjf-key": world.keys[1]}


def numbers(world: World) -> dict[str, Any]:
    """Return some numbers to try: packages by their inventories, in Leaf Data's units."""
    usual = systems.usual_numbers(world)
    packages = [
        {
            "label": inventory_id(world, each["label"]),
            "unit": UNITS[world.packages[each["label"]].package.remaining.unit],
            "quantity": each["quantity"],
        }
        for each in usual["packages"]
    ]
    return {**usual, "packages": packages}


def sell_elsewhere(world: World, card: str, label: str, quantity: Decimal) -> None:
    """Let another shop sell to a patient. Raises `ValueError` when there is no such card or inventory."""
    systems.sell_elsewhere(world, card, tag(label), quantity)


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of the state system, at the root and where Washington had them."""
    sales = Sales(world)

    def listed(rows: Rows) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return _refused(request, world) or _page(request, world, list(rows(world)))

        return answer

    def sold(handler: Callable[[Request, Sales], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return _refused(request, world) or await handler(request, sales)

        return answer

    found: list[BaseRoute] = []
    for root in ("", "/api/v1"):
        found += [
            Route(f"{root}/mmes", sold(_mmes)),
            Route(f"{root}/areas", listed(_areas)),
            Route(f"{root}/inventories", listed(_inventories)),
            Route(f"{root}/inventory_types", listed(_types)),
            Route(f"{root}/lab_results", listed(_lab_results)),
            Route(f"{root}/users", listed(_users)),
            Route(f"{root}/sales", sold(_sales)),
            Route(f"{root}/sales", sold(_create), methods=["POST"]),
            Route(f"{root}/sales/update", sold(_update), methods=["POST"]),
            Route(f"{root}/sales/{{number}}", sold(_delete), methods=["DELETE"]),
        ]
    return found


def label(world: World, tag: str) -> str:
    """Return what a package is called here."""
    return inventory_id(world, tag)


def error(status: int, words: str, fields: dict[str, list[str]] | None = None) -> Response:
    """Return an error as it is sent; without fields, an empty list stands in their place."""
    return ExactResponse({"error": True, "error_message": words, "validation_messages": fields or []}, status)


def _refused(request: Request, world: World) -> Response | None:
    expected = credentials(world)
    if world.switches.key_expired or any(request.headers.get(name) != value for name, value in expected.items()):
        return error(401, "Unauthorized.")
    return RedirectResponse("/mfa/verify", 302) if world.switches.second_factor else None


def _page(request: Request, world: World, rows: list[dict[str, Any]]) -> Response:
    """Return a page as Laravel does (4.2)."""
    asked_for = request.query_params.get("page", "1")
    number = int(asked_for) if asked_for.isdecimal() and int(asked_for) else 1
    rows = _filtered(request, world, rows)
    shown = rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    last = max(1, -(-len(rows) // PAGE_SIZE))
    data = {str(place): row for place, row in enumerate(shown)} if world.switches.keyed_lists and shown else shown
    return ExactResponse(
        {
            "total": len(rows),
            "per_page": PAGE_SIZE,
            "current_page": number,
            "last_page": last,
            "next_page_url": str(request.url.include_query_params(page=number + 1)) if number < last else None,
            "prev_page_url": str(request.url.include_query_params(page=number - 1)) if number > 1 else None,
            "from": (number - 1) * PAGE_SIZE + 1 if shown else None,
            "to": (number - 1) * PAGE_SIZE + len(shown) if shown else None,
            "data": data,
        }
    )


EXACTLY = {
    "f_global_id": "global_id",
    "f_external_id": "external_id",
    "f_status": "status",
    "f_type": "type",
    "f_sale_type": "type",
    "f_area_id": "global_area_id",
    "f_batch": "global_batch_id",
}
BETWEEN = (("f_date1", "f_date2", "created_at"), ("f_updated_at1", "f_updated_at2", "updated_at"))


def _filtered(request: Request, world: World, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = request.query_params
    for name, field in EXACTLY.items():
        if name in asked:
            rows = [row for row in rows if row.get(field) == asked[name]]
    for first, last, field in BETWEEN:
        since, until = (read_moment(asked.get(name, "")) for name in (first, last))
        if since or until:
            days = [(row, at.date() if (at := read_moment(row.get(field) or "")) else None) for row in rows]
            rows = [
                row
                for row, day in days
                if day and (not since or day >= since.date()) and (not until or day <= until.date())
            ]
    return rows


async def _mmes(request: Request, sales: Sales) -> Response:
    """Return the licensees: a bare list (4.2)."""
    world = sales.world
    ours = {
        "global_id": f"{code(world)}.MM1",
        "code": code(world),
        "name": world.training.shop.name,
        "deleted_at": None,
    }
    other = {"global_id": "WAR990099.MM2", "code": "WAR990099", "name": "Elsewhere", "deleted_at": None}
    wanted = request.query_params.get("f_mme_code")
    return ExactResponse([each for each in (ours, other) if wanted in {None, each["code"]}])


def _areas(world: World) -> Iterable[dict[str, Any]]:
    for base, name, kind in ((SHOP_FLOOR, "Sales floor", "non-quarantine"), (QUARANTINE, "Quarantine", "quarantine")):
        yield {"global_id": f"{code(world)}.{base}", "external_id": "", "name": name, "type": kind, "deleted_at": None}


def _inventories(world: World) -> Iterable[dict[str, Any]]:
    return (inventory(world, each) for each in world.packages.values())


def _types(world: World) -> Iterable[dict[str, Any]]:
    return (inventory_type(world, each) for each in world.packages.values())


def _lab_results(world: World) -> Iterable[dict[str, Any]]:
    return (row for each in world.packages.values() if (row := lab_result(world, each)))


def _users(world: World) -> Iterable[dict[str, Any]]:
    return ({"global_id": f"{code(world)}.US{place}"} for place, _ in enumerate(world.training.people, start=1))


async def _sales(request: Request, sales: Sales) -> Response:
    """Return sales. One that is asked for by its number is read as it is; lists lag behind."""
    rows = sales.as_they_are() if "f_global_id" in request.query_params else sales.as_listed()
    return _page(request, sales.world, rows)


async def _sent(request: Request) -> list[dict[str, Any]] | Response:
    """Return what was sent in its singular wrapper: an array, or one object where a correction may have one."""
    try:
        body = read_exactly(await request.body())
    except ValueError:
        return error(422, "The body is not JSON.")
    sent = body.get("sale") if isinstance(body, dict) else None
    if isinstance(sent, dict) and request.url.path.endswith("/update"):
        sent = [sent]
    if not isinstance(sent, list) or not sent or not all(isinstance(each, dict) for each in sent):
        return error(422, "The given data was invalid.", {"sale": ["An array of sales is required."]})
    return sent


def _invalid(complaints: list[Complaints]) -> Response | None:
    fields: dict[str, list[str]] = {}
    for each in complaints:
        fields |= each
    return error(422, "The given data was invalid.", fields) if fields else None


async def _create(request: Request, sales: Sales) -> Response:
    sent = await _sent(request)
    if isinstance(sent, Response):
        return sent
    return _invalid([sales.complaints(each) for each in sent]) or ExactResponse([sales.create(each) for each in sent])


async def _update(request: Request, sales: Sales) -> Response:
    sent = await _sent(request)
    if isinstance(sent, Response):
        return sent
    known = [sales.find(each.get("global_id")) for each in sent]
    if any(each is None or each["deleted_at"] for each in known):
        return error(404, "Sale not found.")
    wrong = _invalid([sales.complaints({**row, **each}, row) for each, row in zip(sent, known, strict=True) if row])
    return wrong or ExactResponse([sales.update(each) for each in sent])


async def _delete(request: Request, sales: Sales) -> Response:
    found = sales.find(request.path_params["number"])
    if found is None or found["deleted_at"]:
        return error(404, "Sale not found.")
    sales.delete(found["global_id"])
    return ExactResponse([])
