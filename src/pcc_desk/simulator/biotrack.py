"""BioTrack in three of its generations on one port: legacy JSON, New Mexico's version 3, licensees (3).

They keep the same books, so that what is sold by one is read by the others.
"""

from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pcc_desk.simulator import biotrack_legacy as legacy
from pcc_desk.simulator import biotrack_licensee as licensee
from pcc_desk.simulator import biotrack_nm as new_mexico
from pcc_desk.simulator.biotrack_books import Books, barcode
from pcc_desk.simulator.world import World


def label(world: World, tag: str) -> str:
    """Return what a package is called here."""
    return barcode(tag)


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of the state system."""
    books = Books(world)

    async def act(request: Request) -> Response:
        return await legacy.serve(request, books)

    legacy_route = Route("/serverjson.asp", act, methods=["POST"])
    return [legacy_route, *new_mexico.routes(books), *licensee.routes(books)]


def credentials(world: World) -> dict[str, str]:
    """Return what lets a client in; the company's number goes by other names in the newer generations (3.3, 3.4)."""
    company, username, password = Books(world).account()
    return {
        "company": company,
        "username": username,
        "password": password,
        "license_number": company,
        "UBI": company,
        "LocationLicense": world.training.shop.licence,
    }


def numbers(world: World) -> dict[str, Any]:
    """Return some numbers to try, packages by their barcodes."""
    cards = [each for each in world.training.cards if not each.renewed_as]
    sold = [
        {"label": barcode(tag), "unit": each.package.remaining.unit.value, "quantity": str(world.remaining[tag])}
        for tag, each in world.packages.items()
        if each.lab_state == "TestPassed" and not each.package.why_not_sold(world.today)
    ]
    return {
        "licence": world.training.shop.licence,
        "patients": [each.number for each in cards if each.holder == "patient"][:8],
        "caregivers": [each.number for each in cards if each.holder == "caregiver"][:4],
        "packages": sold[:12],
    }


def sell_elsewhere(world: World, card: str, label: str, quantity: Decimal) -> None:
    """Let another shop sell to a card. Raises `ValueError` when there is no such card or package."""
    tag = Books(world).tags.get(label)
    if card not in world.owner or tag is None:
        raise ValueError(f"There is no card {card} or no package {label} in this world.")
    unit = world.packages[tag].package.remaining.unit.value
    line = {"PackageLabel": tag, "Quantity": quantity, "UnitOfMeasure": unit, "TotalAmount": Decimal(0)}
    at = world.training.shop.local(world.clock()).replace(tzinfo=None).isoformat(timespec="milliseconds")
    world.add_receipt({"SalesDateTime": at, "PatientLicenseNumber": card, "Transactions": [line]}, takes_stock=False)
    world.receipts[-1]["IsElsewhere"] = True
    world.save()
