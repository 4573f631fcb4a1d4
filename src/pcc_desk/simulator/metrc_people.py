"""METRC's patients, caregivers and check-ins (2.7)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.metrc_answers import is_v1, listed, message, objects, written
from pcc_desk.simulator.world import World

FIVE = ("PatientLicenseNumber", "Active", "FlowerOuncesAvailable", "ThcOuncesAvailable", "PurchaseAmountDays")
LOCATIONS = [{"Id": 1, "Name": "Michigan"}, {"Id": 4, "Name": "Ohio"}, {"Id": 5, "Name": "Indiana"}]
"""Where visiting patients are registered; not rooms of the shop."""


def _closed(world: World) -> Response | None:
    """Return why nobody may look anybody up. How the real one says so is unknown; it never means an unknown card."""
    if world.switches.lookup_absent:
        return message(405, "The requested resource does not support this here.")
    if world.switches.lookup_disabled:
        return message(403, "The look-up is disabled by the regulator.")
    return None


async def status(request: Request, world: World) -> Response:
    """Return the windows of a card; in version 1, and of 2024, five fields of each."""
    if (closed := _closed(world)) is not None:
        return closed
    rows = world.status(request.path_params["card"])
    if rows is None:
        return message(404, "Patient was not found.")
    if world.switches.five_field_status or is_v1(request):
        rows = [{name: row[name] for name in FIVE} for row in rows]
    return ExactResponse(rows)


async def caregiver(request: Request, world: World) -> Response:
    """Return a caregiver's card, and the cards of the patients."""
    if (closed := _closed(world)) is not None:
        return closed
    card = request.path_params["card"]
    theirs = [each for each in world.training.cards if each.number == card and each.holder == "caregiver"]
    if not theirs:
        return message(404, "Caregiver was not found.")
    ids = {each.patient_id for each in theirs}
    patients = [
        each.number
        for each in world.training.cards
        if each.patient_id in ids and each.holder == "patient" and not each.renewed_as
    ]
    said: dict[str, Any] = {"CaregiverLicenseNumber": card, "Active": True}
    is_old = world.switches.five_field_status or is_v1(request)
    return ExactResponse(said if is_old else {**said, "Patients": patients})


async def locations(request: Request, world: World) -> Response:
    """Return the home jurisdictions of visitors, bare."""
    return ExactResponse(LOCATIONS)


def _kept(world: World) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = world.books.setdefault("metrc", {}).setdefault("check_ins", [])
    return kept


async def check_ins(request: Request, world: World) -> Response:
    """Return the check-ins of some days."""
    first = request.query_params.get("checkinDateStart") or ""
    last = request.query_params.get("checkinDateEnd") or "9999"
    rows = [each for each in _kept(world) if first <= each["CheckInDate"] <= last and not each["Archived"]]
    return listed(request, [_shown(each) for each in rows])


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "Archived"}


def _wrong(world: World, wanted: Any) -> str:
    if not isinstance(wanted, dict) or wanted.get("PatientLicenseNumber") not in world.owner:
        return "Patient License Number was not found."
    if wanted.get("CheckInLocationId") not in {each["Id"] for each in LOCATIONS}:
        return "Check In Location was not found."
    dates = ("RegistrationStartDate", "RegistrationExpiryDate", "CheckInDate")
    missing = [name for name in dates if not isinstance(wanted.get(name), str)]
    return f"{missing[0]} is required." if missing else ""


def _row(number: int, wanted: dict[str, Any]) -> dict[str, Any]:
    place = wanted["CheckInLocationId"]
    return {
        "Id": number,
        "PatientLicenseNumber": wanted["PatientLicenseNumber"],
        "CheckInLocationId": place,
        "CheckInLocationName": next(each["Name"] for each in LOCATIONS if each["Id"] == place),
        "RegistrationStartDate": wanted["RegistrationStartDate"],
        "RegistrationExpiryDate": wanted["RegistrationExpiryDate"],
        "CheckInDate": wanted["CheckInDate"][:10],
        "Archived": False,
    }


async def check_in(request: Request, world: World) -> Response:
    """Record check-ins, all of them or none."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    wrong = [{"row": row, "message": why} for row, each in enumerate(sent) if (why := _wrong(world, each))]
    if wrong:
        return ExactResponse(wrong, 400)
    kept = _kept(world)
    ids = []
    for each in sent:
        kept.append(_row(len(kept) + 1, each))
        ids.append(len(kept))
        world.accepted("check_in", receipt=str(len(kept)), card=each["PatientLicenseNumber"])
    world.save()
    return written(request, ids)


async def change_check_in(request: Request, world: World) -> Response:
    """Replace check-ins."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    kept = _kept(world)
    for row, each in enumerate(sent):
        why = _wrong(world, each) or ("" if _standing(world, each.get("Id")) else "Check-in was not found.")
        if why:
            return ExactResponse([{"row": row, "message": why}], 400)
    for each in sent:
        kept[each["Id"] - 1] = _row(each["Id"], each)
        world.accepted("check_in_changed", receipt=str(each["Id"]), card=each["PatientLicenseNumber"])
    world.save()
    return Response(status_code=200)


def _standing(world: World, number: Any) -> dict[str, Any] | None:
    return next((each for each in _kept(world) if each["Id"] == number and not each["Archived"]), None)


async def archive_check_in(request: Request, world: World) -> Response:
    """Take a check-in back."""
    found = _standing(world, request.path_params["number"])
    if found is None:
        return message(404, "Check-in was not found.")
    found["Archived"] = True
    world.accepted("check_in_archived", receipt=str(found["Id"]), card=found["PatientLicenseNumber"])
    world.save()
    return Response(status_code=200)
