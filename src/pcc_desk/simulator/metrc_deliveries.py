"""METRC's deliveries: planned, on the way, completed or void (2.10). Hubs and retailers' rounds are not simulated.

Our choice, where nothing public says it: what is sent out leaves the stock at once, what is brought back returns to it,
and a delivery counts for no patient's limit here.
"""

from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.judging import complaint, is_amount, is_time
from pcc_desk.simulator.metrc_answers import listed, message, objects, written
from pcc_desk.simulator.metrc_sales import shown
from pcc_desk.simulator.world import World, local_time

Delivery = dict[str, Any]

HEAD = (
    "TransporterFacilityLicenseNumber",
    "SalesCustomerType",
    "PatientLicenseNumber",
    "ConsumerId",
    "DriverEmployeeId",
    "DriverName",
    "DriversLicenseNumber",
    "PhoneNumberForQuestions",
    "VehicleMake",
    "VehicleModel",
    "VehicleLicensePlateNumber",
    "RecipientName",
    "RecipientAddress",
    "RecipientZoneId",
    "PlannedRoute",
    "EstimatedDepartureDateTime",
    "EstimatedArrivalDateTime",
)
RETURN_REASONS = ("Not At Home", "Refused By Patient", "Damaged")
PAYMENT_TYPES = ("Cash", "Check", "Debit")
COUNTIES = ("Ingham", "Kent", "Washtenaw")


async def return_reasons(request: Request, world: World) -> Response:
    """Return why packages come back; our own names, since the state's are unknown."""
    return listed(request, [{"Name": each, "RequiresNote": each == "Damaged"} for each in RETURN_REASONS])


async def payment_types(request: Request, world: World) -> Response:
    """Return the ways in which a delivery is paid; our own names."""
    return listed(request, [{"Name": each} for each in PAYMENT_TYPES])


async def counties(request: Request, world: World) -> Response:
    """Return some counties of the state."""
    return listed(request, [{"Id": place, "Name": each} for place, each in enumerate(COUNTIES, start=1)])


def _kept(world: World) -> list[Delivery]:
    kept: list[Delivery] = world.books.setdefault("metrc", {}).setdefault("deliveries", [])
    return kept


def _find(world: World, number: Any) -> Delivery | None:
    return next((each for each in _kept(world) if each["Id"] == number), None)


def _is_open(each: Delivery) -> bool:
    return each["CompletedDateTime"] is None and each["ArchivedDate"] is None


async def active(request: Request, world: World) -> Response:
    """Return the deliveries that are neither completed nor void."""
    return listed(request, [shown(_read(each), world) for each in _kept(world) if _is_open(each)])


async def inactive(request: Request, world: World) -> Response:
    """Return the others."""
    return listed(request, [shown(_read(each), world) for each in _kept(world) if not _is_open(each)])


async def one(request: Request, world: World) -> Response:
    """Return a delivery by its number."""
    found = _find(world, request.path_params["number"])
    return message(404, "Delivery was not found.") if found is None else ExactResponse(_read(found))


def _read(each: Delivery) -> Delivery:
    """Return a delivery with its amounts as numbers: what is kept as text came back from the disk as such."""
    lines = [
        {**line, "QuantitySold": Decimal(line["QuantitySold"]), "TotalPrice": Decimal(line["TotalPrice"])}
        for line in each["Transactions"]
    ]
    return {**each, "Transactions": lines, "TotalPrice": sum((line["TotalPrice"] for line in lines), Decimal(0))}


def _row(world: World, number: int, wanted: Delivery) -> Delivery:
    now = world.clock().isoformat(timespec="milliseconds")
    lines = [world.line(each, now) for each in wanted["Transactions"]]
    for line in lines:
        line |= {"QuantitySold": str(line["QuantitySold"]), "TotalPrice": str(line["TotalPrice"])}
    return {
        "Id": number,
        "SalesDeliveryNumber": f"{number:010d}",
        "SalesDateTime": local_time(wanted["SalesDateTime"]),
        **{name: wanted.get(name) for name in HEAD},
        "ActualArrivalDateTime": None,
        "PaymentType": None,
        "CompletedDateTime": None,
        "TotalPackages": len(lines),
        "Transactions": lines,
        "ArchivedDate": None,
        "RecordedDateTime": now,
        "RecordedByUserName": "practice",
        "LastModified": now,
    }


def _move(world: World, each: Delivery, times: int) -> None:
    for line in each["Transactions"]:
        if line["PackageLabel"] in world.remaining:
            world.remaining[line["PackageLabel"]] += times * Decimal(line["QuantitySold"])


def _note(world: World, kind: str, each: Delivery) -> None:
    world.accepted(
        kind,
        receipt=str(each["Id"]),
        card=each["PatientLicenseNumber"],
        lines=[
            (
                line["PackageLabel"],
                Decimal(line["QuantitySold"]),
                line["UnitOfMeasureName"],
                Decimal(line["TotalPrice"]),
            )
            for line in each["Transactions"]
        ],
        sold_at=each["SalesDateTime"],
    )


def _wrong(world: World, sent: list[Any]) -> Response | None:
    rows = [{"row": row, "message": why} for row, each in enumerate(sent) if (why := complaint(world, each))]
    return ExactResponse(rows, 400) if rows else None


async def post(request: Request, world: World) -> Response:
    """Plan deliveries, all of them or none."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    if (wrong := _wrong(world, sent)) is not None:
        return wrong
    kept, ids = _kept(world), []
    for each in sent:
        kept.append(_row(world, len(kept) + 1, each))
        ids.append(len(kept))
        _move(world, kept[-1], -1)
        _note(world, "delivery", kept[-1])
    world.save()
    return written(request, ids)


async def correct(request: Request, world: World) -> Response:
    """Replace deliveries that are on their way."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    known = [_find(world, each.get("Id")) if isinstance(each, dict) else None for each in sent]
    if any(each is None or not _is_open(each) for each in known):
        return message(404, "Delivery was not found.")
    for each in known:
        _move(world, each or {}, 1)
    if (wrong := _wrong(world, sent)) is not None:
        for each in known:
            _move(world, each or {}, -1)
        return wrong
    for each in sent:
        row = _row(world, each["Id"], each)
        _kept(world)[each["Id"] - 1] = row
        _move(world, row, -1)
        _note(world, "delivery_changed", row)
    world.save()
    return Response(status_code=200)


async def complete(request: Request, world: World) -> Response:
    """Say what was accepted of deliveries, and what came back."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    for row, each in enumerate(sent):
        found = _find(world, each.get("Id")) if isinstance(each, dict) else None
        if found is None or not _is_open(found):
            return message(404, "Delivery was not found.")
        if why := _unfinished(found, each):
            return ExactResponse([{"row": row, "message": why}], 400)
    for each in sent:
        _complete(world, _kept(world)[each["Id"] - 1], each)
    world.save()
    return Response(status_code=200)


def _unfinished(found: Delivery, said: dict[str, Any]) -> str:
    if not is_time(said.get("ActualArrivalDateTime")):
        return "ActualArrivalDateTime is required."
    accepted, returned = said.get("AcceptedPackages") or [], said.get("ReturnedPackages") or []
    if not isinstance(accepted, list) or not isinstance(returned, list):
        return "AcceptedPackages and ReturnedPackages must be arrays."
    out = {line["PackageLabel"]: Decimal(line["QuantitySold"]) for line in found["Transactions"]}
    for each in returned:
        if not isinstance(each, dict) or each.get("ReturnReason") not in RETURN_REASONS:
            return "Return Reason was not found."
        quantity = each.get("ReturnQuantityVerified")
        if not is_amount(quantity) or not 0 < quantity <= out.get(str(each.get("Label")), 0):
            return f"Package {each.get('Label')} did not go out in that quantity."
    named = {str(each) for each in accepted} | {str(each.get("Label")) for each in returned}
    return "" if named == set(out) else "Each package must be accepted or returned."


def _complete(world: World, found: Delivery, said: dict[str, Any]) -> None:
    for each in said.get("ReturnedPackages") or []:
        world.remaining[each["Label"]] += Decimal(each["ReturnQuantityVerified"])
    now = world.clock().isoformat(timespec="milliseconds")
    found.update(
        ActualArrivalDateTime=said["ActualArrivalDateTime"],
        PaymentType=said.get("PaymentType"),
        CompletedDateTime=now,
        LastModified=now,
    )
    _note(world, "delivery_completed", found)


async def void(request: Request, world: World) -> Response:
    """Void a delivery that is on its way; what went out is back in stock."""
    found = _find(world, request.path_params["number"])
    if found is None or not _is_open(found):
        return message(404, "Delivery was not found.")
    _move(world, found, 1)
    found.update(ArchivedDate=world.today.isoformat(), LastModified=world.clock().isoformat(timespec="milliseconds"))
    _note(world, "delivery_void", found)
    world.save()
    return Response(status_code=200)
