"""METRC's packages, laboratory results, units and rooms (2.11)."""

from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.metrc_answers import listed, message
from pcc_desk.simulator.packages import packages_row
from pcc_desk.simulator.world import World

UNITS = [
    {"QuantityType": "WeightBased", "Name": "Grams", "Abbreviation": "g"},
    {"QuantityType": "CountBased", "Name": "Each", "Abbreviation": "ea"},
]
TESTED = ("TestPassed", "TestFailed")


def _rows(world: World) -> list[dict[str, Any]]:
    return [packages_row(each, world.remaining[label]) for label, each in world.packages.items()]


async def active(request: Request, world: World) -> Response:
    """Return the packages."""
    return listed(request, _rows(world))


async def on_hold(request: Request, world: World) -> Response:
    """Return the packages that are held."""
    return listed(request, [row for row in _rows(world) if row["IsOnHold"]])


async def inactive(request: Request, world: World) -> Response:
    """Return the packages that are finished; none is."""
    return listed(request, [row for row in _rows(world) if row["IsFinished"]])


async def one(request: Request, world: World) -> Response:
    """Return a package by its number or its label."""
    which = request.path_params["which"]
    found = next((row for row in _rows(world) if which in {row["Label"], str(row["Id"])}), None)
    return message(404, "Package was not found.") if found is None else ExactResponse(found)


async def in_transit(request: Request, world: World) -> Response:
    """Return the packages on their way here; none is."""
    return listed(request, [])


async def items(request: Request, world: World) -> Response:
    """Return the items; what is a number inside a package is a word here (2.11)."""
    return listed(request, [_item(each) for each in _items(world).values()])


async def no_items(request: Request, world: World) -> Response:
    """Return the items that are no longer made; there are none."""
    return listed(request, [])


async def item(request: Request, world: World) -> Response:
    """Return an item by its number."""
    found = _items(world).get(request.path_params["number"])
    return message(404, "Item was not found.") if found is None else ExactResponse(_item(found))


def _items(world: World) -> dict[int, dict[str, Any]]:
    return {row["Item"]["Id"]: row["Item"] for row in _rows(world)}


def _item(inside: dict[str, Any]) -> dict[str, Any]:
    by_weight = inside["UnitOfMeasureName"] == "Grams"
    return {
        **inside,
        "ProductCategoryType": "Buds" if by_weight else "InfusedEdible",
        "QuantityType": "WeightBased" if by_weight else "CountBased",
        "DefaultLabTestingState": "NotSubmitted",
        "ApprovalStatus": "Approved",
        "StrainName": None,
        "ItemBrandName": None,
        "AdministrationMethod": None,
        "UnitCbdPercent": None,
        "UnitCbdContent": None,
        "UnitCbdContentUnitOfMeasureName": None,
        "ServingSize": None,
        "NumberOfDoses": None,
        "Description": None,
        "Allergens": None,
    }


async def employees(request: Request, world: World) -> Response:
    """Return who works here; the licence numbers are invented."""
    rows = [
        {"FullName": each.name, "License": {"Number": f"EMP-{place:04d}", "StartDate": None, "EndDate": None}}
        for place, each in enumerate(world.training.people, start=1)
    ]
    return listed(request, rows)


async def lab_results(request: Request, world: World) -> Response:
    """Return what the laboratory found in a package, one row for each analyte; it is asked for by number."""
    which = request.query_params.get("packageId")
    for label, each in world.packages.items():
        row = packages_row(each, world.remaining[label])
        if str(row["Id"]) == which:
            amounts = (("THC (%)", each.thc_percent), ("THC (mg/unit)", each.thc_mg))
            found = [_result(row, place, name, amount) for place, (name, amount) in enumerate(amounts) if amount]
            return listed(request, found if each.lab_state in TESTED else [])
    return message(404, "Package was not found.")


def _result(row: dict[str, Any], place: int, name: str, amount: str) -> dict[str, Any]:
    passed = row["LabTestingState"] == "TestPassed"
    return {
        "PackageId": row["Id"],
        "LabTestResultId": row["Id"] * 10 + place,
        "LabFacilityName": "Practice Laboratory",
        "SourcePackageLabel": row["Label"],
        "ProductName": row["Item"]["Name"],
        "TestPerformedDate": "2026-01-05",
        "OverallPassed": passed,
        "RevokedDate": None,
        "ResultReleased": True,
        "ResultReleaseDateTime": "2026-01-06T12:00:00+00:00",
        "ExpirationDateTime": None,
        "TestTypeName": name,
        "TestPassed": passed,
        "TestResultLevel": Decimal(amount),
        "TestComment": None,
        "TestInformationalOnly": False,
        "LabTestDetailRevokedDate": None,
    }


async def units(request: Request, world: World) -> Response:
    """Return the units, bare."""
    return ExactResponse(UNITS)


async def rooms(request: Request, world: World) -> Response:
    """Return the rooms of the shop."""
    kinds = {"ForPlantBatches": False, "ForPlants": False, "ForHarvests": False, "ForPackages": True}
    room = {"Id": 1, "Name": "Sales floor", "LocationTypeId": 1, "LocationTypeName": "Default", **kinds}
    return listed(request, [room])
