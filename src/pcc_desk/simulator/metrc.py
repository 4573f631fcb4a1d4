"""METRC's version 2 over HTTP, as far as a desk meets it. Sections are those of the state-systems reference."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pcc_desk.simulator.exact import ExactResponse, read_exactly
from pcc_desk.simulator.packages import packages_row
from pcc_desk.simulator.world import Mode, World

LARGEST_PAGE = 20
LARGEST_BODY = 10
LONGEST_WINDOW = timedelta(hours=24)
MAINTENANCE = (
    "<html><head><title>503 Service Unavailable</title></head><body><h1>Down for maintenance</h1></body></html>"
)

Handler = Callable[[Request], Awaitable[Response]]


class Unreadable(ValueError):
    """A parameter cannot be read; the text says which."""


class Outage:
    """Lets every route of the state system behave as the world's mode says."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or keep silent."""
        if scope["type"] != "http" or scope["path"].startswith("/practice"):
            await self.app(scope, receive, send)
            return
        match self.world.mode:
            case Mode.UP:
                await self.app(scope, receive, send)
            case Mode.DOWN:
                await Response(MAINTENANCE, 503, media_type="text/html")(scope, receive, send)
            case Mode.SILENT:
                await _until_gone(receive)
            case Mode.LOST_ANSWER:
                await self.app(scope, receive, _nowhere)
                await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        await asyncio.sleep(0)


async def _nowhere(message: Any) -> None:
    """Lose a message."""


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of the state system."""

    def guarded(handler: Callable[[Request, World], Awaitable[Response]], *, needs_licence: bool = True) -> Handler:
        async def answer(request: Request) -> Response:
            refused = _refused(request, world, needs_licence=needs_licence)
            try:
                return refused if refused is not None else await handler(request, world)
            except Unreadable as error:
                return _message(400, str(error))

        return answer

    return [
        Route("/facilities/v2", guarded(_facilities, needs_licence=False)),
        Route("/patients/v2/statuses/{card}", guarded(_status)),
        Route("/caregivers/v2/status/{card}", guarded(_caregiver)),
        Route("/packages/v2/active", guarded(_packages)),
        Route("/sales/v2/customertypes", guarded(_customer_types)),
        Route("/sales/v2/receipts/active", guarded(_active)),
        Route("/sales/v2/receipts/inactive", guarded(_inactive)),
        Route("/sales/v2/receipts/external/{number}", guarded(_external)),
        Route("/sales/v2/receipts/finalize", guarded(_finalize), methods=["PUT"]),
        Route("/sales/v2/receipts/unfinalize", guarded(_unfinalize), methods=["PUT"]),
        Route("/sales/v2/receipts", guarded(_post), methods=["POST"]),
        Route("/sales/v2/receipts", guarded(_correct), methods=["PUT"]),
        Route("/sales/v2/receipts/{number:int}", guarded(_receipt)),
        Route("/sales/v2/receipts/{number:int}", guarded(_void), methods=["DELETE"]),
    ]


def credentials(world: World) -> dict[str, str]:
    """Return what lets a client in (2.2)."""
    vendor, user = world.keys
    return {"vendor_key": vendor, "user_key": user, "licenseNumber": world.training.shop.licence}


def _refused(request: Request, world: World, *, needs_licence: bool) -> Response | None:
    """Return the refusal of a wrong key (not JSON, 2.4), or of a licence that is not the key's."""
    expected = base64.b64encode(":".join(world.keys).encode()).decode()
    if request.headers.get("authorization") != f"Basic {expected}":
        return PlainTextResponse("Unauthorized.", 401, media_type="text/html")
    if needs_licence and request.query_params.get("licenseNumber") != world.training.shop.licence:
        return PlainTextResponse("Not valid for this license.", 401, media_type="text/html")
    return None


def _message(status: int, words: str) -> Response:
    return ExactResponse({"Message": words}, status)


async def _facilities(request: Request, world: World) -> Response:
    shop = world.training.shop
    licence = {"Number": shop.licence, "StartDate": "2024-01-01", "EndDate": None, "LicenseType": "Provisioning Center"}
    kind = {"CanSellToPatients": True, "CanSellToCaregivers": True, "AdvancedSales": False}
    return ExactResponse([{"Name": shop.name, "DisplayName": shop.name, "License": licence, "FacilityType": kind}])


async def _status(request: Request, world: World) -> Response:
    if not world.switches.may_look_up_patients:
        return _message(403, "The user does not have the Lookup Patients permission.")
    rows = world.status(request.path_params["card"])
    return _message(404, "Patient was not found.") if rows is None else ExactResponse(rows)


async def _caregiver(request: Request, world: World) -> Response:
    card = request.path_params["card"]
    theirs = [each for each in world.training.cards if each.number == card and each.holder == "caregiver"]
    if not theirs:
        return _message(404, "Caregiver was not found.")
    ids = {each.patient_id for each in theirs}
    patients = [
        each.number
        for each in world.training.cards
        if each.patient_id in ids and each.holder == "patient" and not each.renewed_as
    ]
    return ExactResponse({"CaregiverLicenseNumber": card, "Active": True, "Patients": patients})


async def _customer_types(request: Request, world: World) -> Response:
    return ExactResponse(["Consumer", "Patient", "Caregiver"])


async def _packages(request: Request, world: World) -> Response:
    return _paged(request, [packages_row(each, world.remaining[label]) for label, each in world.packages.items()])


def _paged(request: Request, rows: list[dict[str, Any]]) -> Response:
    """Return one page in the envelope of eight names; without a page size, everything (2.3)."""
    size = _count(request, "pageSize", 0)
    page = _count(request, "pageNumber", 1)
    if size > LARGEST_PAGE:
        return _message(400, f"pageSize must not exceed {LARGEST_PAGE}.")
    shown = rows[(page - 1) * size : page * size] if size else rows
    return ExactResponse(
        {
            "Data": shown,
            "Total": len(rows),
            "TotalRecords": len(rows),
            "PageSize": size or len(rows),
            "RecordsOnPage": len(shown),
            "Page": page,
            "CurrentPage": page,
            "TotalPages": -(-len(rows) // size) if size else 1,
        }
    )


def _count(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    if not text.isdecimal() or int(text) < 1:
        raise Unreadable(f"{name} must be a number above zero.")
    return int(text)


async def _active(request: Request, world: World) -> Response:
    return _receipts(request, world, is_active=True)


async def _inactive(request: Request, world: World) -> Response:
    return _receipts(request, world, is_active=False)


def _receipts(request: Request, world: World, *, is_active: bool) -> Response:
    """Return receipts by their last change; active are those neither final nor void (2.9)."""
    now = world.clock()
    start = _instant(request.query_params.get("lastModifiedStart")) or now - LONGEST_WINDOW
    end = _instant(request.query_params.get("lastModifiedEnd")) or start + LONGEST_WINDOW
    if end - start > LONGEST_WINDOW:
        return _message(400, "The range of lastModified must not exceed 24 hours.")
    rows = [
        shown(each, world, in_list=True)
        for each in world.receipts
        if "IsElsewhere" not in each
        and (not each["IsFinal"] and each["ArchivedDate"] is None) == is_active
        and start <= datetime.fromisoformat(each["LastModified"]) <= end
    ]
    return _paged(request, rows)


def shown(receipt: dict[str, Any], world: World, *, in_list: bool) -> dict[str, Any]:
    """Return a receipt as it is sent; lists may leave its lines out."""
    return receipt if world.switches.lines_in_lists or not in_list else {**receipt, "Transactions": []}


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("lastModified must be a time in ISO 8601, a + in it written as %2B.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _ours(world: World, number: int) -> dict[str, Any] | None:
    return next((each for each in world.receipts if each["Id"] == number and "IsElsewhere" not in each), None)


async def _receipt(request: Request, world: World) -> Response:
    found = _ours(world, request.path_params["number"])
    return _message(404, "Receipt was not found.") if found is None else ExactResponse(found)


async def _external(request: Request, world: World) -> Response:
    number = request.path_params["number"]
    found = next((each for each in world.receipts if each["ExternalReceiptNumber"] == number), None)
    return _message(404, "Receipt was not found.") if found is None else ExactResponse(found)


async def _objects(request: Request) -> list[Any] | Response:
    """Return the array that was sent, or why it is not accepted (2.3)."""
    try:
        sent = read_exactly(await request.body())
    except ValueError:
        return _message(400, "The body is not JSON.")
    if not isinstance(sent, list):
        return _message(400, "An array is expected.")
    return sent if len(sent) <= LARGEST_BODY else _message(413, f"At most {LARGEST_BODY} objects are accepted.")


async def _post(request: Request, world: World) -> Response:
    sent = await _objects(request)
    if isinstance(sent, Response):
        return sent
    wrong = [{"row": row, "message": why} for row, each in enumerate(sent) if (why := world.complaint(each))]
    if wrong:
        return ExactResponse(wrong, 400)
    ids = [world.add_receipt(each) for each in sent]
    world.save()
    return ExactResponse({"Ids": ids, "Warnings": None})


async def _correct(request: Request, world: World) -> Response:
    sent = await _objects(request)
    if isinstance(sent, Response):
        return sent
    for each in sent:
        found = _ours(world, each.get("Id", 0)) if isinstance(each, dict) else None
        if found is None:
            return _message(404, "Receipt was not found.")
        if found["IsFinal"]:
            return _message(400, "A finalized receipt cannot be changed.")
        lines = [world._line(line, found["RecordedDateTime"]) for line in each["Transactions"]]
        total = sum(line["TotalPrice"] for line in lines)
        world.touch(found, Transactions=lines, TotalPackages=len(lines), TotalPrice=total)
    return Response(status_code=200)


async def _finalize(request: Request, world: World) -> Response:
    return await _set_final(request, world, is_final=True)


async def _unfinalize(request: Request, world: World) -> Response:
    return await _set_final(request, world, is_final=False)


async def _set_final(request: Request, world: World, *, is_final: bool) -> Response:
    sent = await _objects(request)
    if isinstance(sent, Response):
        return sent
    for each in sent:
        found = _ours(world, each.get("Id", 0)) if isinstance(each, dict) else None
        if found is None:
            return _message(404, "Receipt was not found.")
        world.touch(found, IsFinal=is_final)
    return Response(status_code=200)


async def _void(request: Request, world: World) -> Response:
    found = _ours(world, request.path_params["number"])
    if found is None or found["ArchivedDate"] is not None:
        return _message(404, "Receipt was not found.")
    for line in found["Transactions"]:
        if line["PackageLabel"] in world.remaining:
            world.remaining[line["PackageLabel"]] += line["QuantitySold"]
    world.touch(found, ArchivedDate=world.today.isoformat())
    return Response(status_code=200)
