"""METRC's receipts (2.9)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.judging import CUSTOMER_TYPES, complaint
from pcc_desk.simulator.metrc_answers import LONGEST_WINDOW, Unreadable, instant, listed, message, objects, written
from pcc_desk.simulator.world import World


def not_yours() -> Response:
    """Say that something is not for this licence: 401, and not JSON (2.4)."""
    return PlainTextResponse("Not valid for this license.", 401, media_type="text/html")


async def customer_types(request: Request, world: World) -> Response:
    """Return whom this facility may sell to, bare."""
    return ExactResponse(list(CUSTOMER_TYPES))


async def retired(request: Request, world: World) -> Response:
    """Say that a route is no more (2.1)."""
    return Response(status_code=405)


# Lists


async def active(request: Request, world: World) -> Response:
    """Return the receipts that are neither final nor void."""
    return _receipts(request, world, is_active=True)


async def inactive(request: Request, world: World) -> Response:
    """Return the receipts that are final or void."""
    return _receipts(request, world, is_active=False)


def _receipts(request: Request, world: World, *, is_active: bool) -> Response:
    rows = [each for each in _visible(world) if (not each["IsFinal"] and each["ArchivedDate"] is None) == is_active]
    asked = {name for name in request.query_params if request.query_params[name]}
    by_sale = asked & {"salesDateStart", "salesDateEnd"}
    if by_sale and asked & {"lastModifiedStart", "lastModifiedEnd"}:
        return message(400, "lastModified and salesDate cannot be asked for together.")
    if by_sale and world.switches.sales_date_filters:
        first, last = _sale_time(request, "salesDateStart", "0001"), _sale_time(request, "salesDateEnd", "9999")
        rows = [
            each for each in rows if first <= each["SalesDateTime"][:19] and each["SalesDateTime"][: len(last)] <= last
        ]
    else:
        span = _window(request, world)
        if span is None:
            return message(400, "The range of lastModified must not exceed 24 hours.")
        rows = [each for each in rows if span[0] <= datetime.fromisoformat(each["LastModified"]) <= span[1]]
    return listed(request, [shown(each, world) for each in rows])


def _window(request: Request, world: World) -> tuple[datetime, datetime] | None:
    """Return the times of last change that are asked for; None when they are more than a day apart."""
    start, end = instant(request, "lastModifiedStart"), instant(request, "lastModifiedEnd")
    now = world.clock()
    if start is None and end is None and not world.switches.last_day_only:
        return datetime.min.replace(tzinfo=now.tzinfo), now
    try:
        start = start or (end or now) - LONGEST_WINDOW
        end = end or start + LONGEST_WINDOW
    except OverflowError as error:
        raise Unreadable("lastModified is out of reach.") from error
    return None if end - start > LONGEST_WINDOW else (start, end)


def _sale_time(request: Request, name: str, otherwise: str) -> str:
    """Return a local time of sale, or a day, as text that compares."""
    text = request.query_params.get(name)
    if not text:
        return otherwise
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"{name} must be a date or a time in ISO 8601.") from error
    return text[:19]


def _visible(world: World) -> list[dict[str, Any]]:
    """Return this shop's receipts, as far as lists know of them yet."""
    ours = [each for each in world.receipts if "IsElsewhere" not in each and not world.is_late(str(each["Id"]))]
    lag = world.switches.list_lag_s
    if not lag:
        return ours
    before = world.clock() - timedelta(seconds=lag)
    return [each for each in ours if datetime.fromisoformat(each["RecordedDateTime"]) <= before]


def shown(receipt: dict[str, Any], world: World) -> dict[str, Any]:
    """Return a receipt as a list has it: with its lines or without."""
    return receipt if world.switches.lines_in_lists else {**receipt, "Transactions": []}


async def totals(request: Request, world: World) -> Response:
    """Return the sums of days, which version 1 alone has. Void receipts do not count."""
    first, last = (request.path_params.get(name) for name in ("start", "end"))
    try:
        for day in (first, last):
            date.fromisoformat(day or "2026-01-01")
    except ValueError:
        return message(400, "The days must be written as in 2026-03-12.")
    days: dict[str, dict[str, Any]] = {}
    for each in _visible(world):
        day = each["SalesDateTime"][:10]
        if each["ArchivedDate"] is None and (first or day) <= day <= (last or day):
            zero = {"SalesDate": day, "TotalTransactions": 0, "TotalPackages": 0, "TotalPrice": Decimal(0)}
            row = days.setdefault(day, zero)
            row["TotalTransactions"] += 1
            row["TotalPackages"] += each["TotalPackages"]
            row["TotalPrice"] += each["TotalPrice"]
    return ExactResponse([days[day] for day in sorted(days)])


# One


async def one(request: Request, world: World) -> Response:
    """Return a receipt by its number."""
    found = _ours(world, request.path_params["number"])
    return message(404, "Receipt was not found.") if found is None else ExactResponse(found)


async def external(request: Request, world: World) -> Response:
    """Return a receipt by the shop's own number; of several the first."""
    number = request.path_params["number"]
    found = next((each for each in _visible(world) if each["ExternalReceiptNumber"] == number), None)
    if found is not None:
        return ExactResponse(found)
    return not_yours() if world.switches.external_not_found == 401 else message(404, "Receipt was not found.")


def _ours(world: World, number: Any) -> dict[str, Any] | None:
    return next((each for each in world.receipts if each["Id"] == number and "IsElsewhere" not in each), None)


# Writing


async def post(request: Request, world: World) -> Response:
    """Record receipts, all of them or none."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    wrong: list[dict[str, Any]] = []
    for row, each in enumerate(sent):
        if why := complaint(world, each, [] if wrong else sent[:row]):
            wrong.append({"row": row, "message": why})
    if wrong:
        return ExactResponse(wrong, 400)
    ids = [world.add_receipt(each) for each in sent]
    for receipt in world.receipts[len(world.receipts) - len(ids) :]:
        _note(world, "post", receipt)
    world.save()
    return written(request, ids)


async def correct(request: Request, world: World) -> Response:
    """Replace receipts as a whole, all of them or none."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    for row, each in enumerate(sent):
        found = _ours(world, each.get("Id", 0)) if isinstance(each, dict) else None
        if found is None or found["ArchivedDate"] is not None:
            return message(404, "Receipt was not found.")
        why = "A finalized receipt cannot be changed." if found["IsFinal"] else complaint(world, each, (), found)
        if why:
            return ExactResponse([{"row": row, "message": why}], 400)
    for each in sent:
        _note(world, "correct", world.replace_receipt(each["Id"], each))
    world.save()
    return Response(status_code=200)


async def finalize(request: Request, world: World) -> Response:
    """Close receipts."""
    return await _set_final(request, world, is_final=True)


async def unfinalize(request: Request, world: World) -> Response:
    """Open receipts again."""
    return await _set_final(request, world, is_final=False)


async def _set_final(request: Request, world: World, *, is_final: bool) -> Response:
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    found = [_ours(world, each.get("Id", 0)) if isinstance(each, dict) else None for each in sent]
    if any(each is None or each["ArchivedDate"] is not None for each in found):
        return message(404, "Receipt was not found.")
    for each in found:
        if each is not None:
            world.touch(each, IsFinal=is_final)
            _note(world, "finalize" if is_final else "unfinalize", each)
    world.save()
    return Response(status_code=200)


async def void(request: Request, world: World) -> Response:
    """Archive a receipt; what it sold is back in its packages."""
    found = _ours(world, request.path_params["number"])
    if found is None or found["ArchivedDate"] is not None:
        return message(404, "Receipt was not found.")
    world.give_back(found)
    world.touch(found, ArchivedDate=world.today.isoformat())
    _note(world, "void", found)
    world.save()
    return Response(status_code=200)


def _note(world: World, kind: str, receipt: dict[str, Any]) -> None:
    world.accepted(
        kind,
        receipt=str(receipt["Id"]),
        external=receipt["ExternalReceiptNumber"],
        card=receipt["PatientLicenseNumber"],
        lines=[
            (each["PackageLabel"], each["QuantitySold"], each["UnitOfMeasureName"], each["TotalPrice"])
            for each in receipt["Transactions"]
        ],
        caregiver=receipt["CaregiverLicenseNumber"],
        sold_at=receipt["SalesDateTime"],
    )
