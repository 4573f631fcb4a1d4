"""METRC's member patients: those of this facility, not those of the state's registry (2.7)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.judging import is_amount
from pcc_desk.simulator.metrc_answers import listed, message, objects, written
from pcc_desk.simulator.world import World

DATES = ("LicenseEffectiveStartDate", "LicenseEffectiveEndDate", "ActualDate")
MOST_PLANTS = 10_000


def _kept(world: World) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = world.books.setdefault("metrc", {}).setdefault("members", [])
    return kept


def _standing(world: World, number: Any) -> dict[str, Any] | None:
    return next((each for each in _kept(world) if each["PatientId"] == number and not each["Archived"]), None)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "Archived"} | {
        "RecommendedSmokableQuantity": Decimal(row["RecommendedSmokableQuantity"])
    }


async def active(request: Request, world: World) -> Response:
    """Return the member patients."""
    return listed(request, [_shown(each) for each in _kept(world) if not each["Archived"]])


async def one(request: Request, world: World) -> Response:
    """Return a member patient by METRC's number."""
    found = _standing(world, request.path_params["number"])
    return message(404, "Patient was not found.") if found is None else ExactResponse(_shown(found))


def _complaints(wanted: Any) -> Iterator[str]:
    """Yield what is wrong with a member patient; which fields are required is told by the description of 2024."""
    if not isinstance(wanted, dict) or not isinstance(wanted.get("LicenseNumber"), str) or not wanted["LicenseNumber"]:
        yield "LicenseNumber is required."
        return
    for name in DATES:
        if not _is_date(wanted.get(name)):
            yield f"{name} is required."
    plants = wanted.get("RecommendedPlants")
    if not isinstance(plants, int) or isinstance(plants, bool) or not 0 <= plants <= MOST_PLANTS:
        yield "RecommendedPlants is required."
    if not is_amount(wanted.get("RecommendedSmokableQuantity")):
        yield "RecommendedSmokableQuantity is required."
    if not isinstance(wanted.get("HasSalesLimitExemption"), bool):
        yield "HasSalesLimitExemption is required."


def _is_date(said: Any) -> bool:
    try:
        date.fromisoformat(str(said)[:10])
    except ValueError:
        return False
    return isinstance(said, str)


def _wrong(sent: list[Any]) -> Response | None:
    rows = [{"row": row, "message": why} for row, each in enumerate(sent) if (why := next(_complaints(each), ""))]
    return ExactResponse(rows, 400) if rows else None


def _row(number: int, wanted: dict[str, Any], number_of_card: str) -> dict[str, Any]:
    return {
        "PatientId": number,
        "LicenseNumber": number_of_card,
        "RegistrationDate": wanted["ActualDate"][:10],
        "LicenseEffectiveStartDate": wanted["LicenseEffectiveStartDate"][:10],
        "LicenseEffectiveEndDate": wanted["LicenseEffectiveEndDate"][:10],
        "RecommendedPlants": wanted["RecommendedPlants"],
        "RecommendedSmokableQuantity": str(wanted["RecommendedSmokableQuantity"]),
        "HasSalesLimitExemption": wanted["HasSalesLimitExemption"],
        "OtherFacilitiesCount": 0,
        "Archived": False,
    }


async def add(request: Request, world: World) -> Response:
    """Take patients on as members, all of them or none."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    if (wrong := _wrong(sent)) is not None:
        return wrong
    kept, ids = _kept(world), []
    for each in sent:
        kept.append(_row(len(kept) + 1, each, each["LicenseNumber"]))
        ids.append(len(kept))
        world.accepted("member", receipt=str(len(kept)), card=each["LicenseNumber"])
    world.save()
    return written(request, ids)


async def update(request: Request, world: World) -> Response:
    """Put other figures in the place of members', found by the number of their card; one may get a new number."""
    sent = await objects(request)
    if isinstance(sent, Response):
        return sent
    if (wrong := _wrong(sent)) is not None:
        return wrong
    members = {each["LicenseNumber"]: each for each in _kept(world) if not each["Archived"]}
    if any(each["LicenseNumber"] not in members for each in sent):
        return message(404, "Patient was not found.")
    for each in sent:
        before = members[each["LicenseNumber"]]
        renamed = each.get("NewLicenseNumber")
        row = _row(
            before["PatientId"], each, renamed if isinstance(renamed, str) and renamed else before["LicenseNumber"]
        )
        before.update(row | {"RegistrationDate": before["RegistrationDate"]})
        world.accepted("member_changed", receipt=str(before["PatientId"]), card=before["LicenseNumber"])
    world.save()
    return Response(status_code=200)


async def remove(request: Request, world: World) -> Response:
    """Let a member go."""
    found = _standing(world, request.path_params["number"])
    if found is None:
        return message(404, "Patient was not found.")
    found["Archived"] = True
    world.accepted("member_removed", receipt=str(found["PatientId"]), card=found["LicenseNumber"])
    world.save()
    return Response(status_code=200)
