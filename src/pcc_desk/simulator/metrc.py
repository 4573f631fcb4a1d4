"""METRC over HTTP, versions 1 and 2 side by side. Sections named here are those of the state-systems reference."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pcc_desk.simulator import metrc_deliveries as deliveries
from pcc_desk.simulator import metrc_members as members
from pcc_desk.simulator import metrc_people as people
from pcc_desk.simulator import metrc_sales as sales
from pcc_desk.simulator import metrc_stock as stock
from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.metrc_answers import Unreadable, in_the_states_way, is_v1, message
from pcc_desk.simulator.world import World

Handler = Callable[[Request, World], Awaitable[Response]]

FLAGS = {
    "CanSellToConsumers": True,
    "CanSellToPatients": True,
    "CanSellToExternalPatients": False,
    "CanSellToCaregivers": True,
    "AdvancedSales": False,
    "SalesRequirePatientNumber": True,
    "SalesRequireCaregiverNumber": True,
    "SalesRequireCaregiverPatientNumber": True,
    "SalesRequireExternalPatientNumber": False,
    "SalesRequireExternalPatientIdentificationMethod": False,
    "CanHaveMemberPatients": True,
    "CanReportPatientCheckIns": True,
    "CanSpecifyPatientSalesLimitExemption": True,
    "CanDeliverSalesToPatients": True,
    "EnableExternalIdentifier": True,
    "CanReportPatientsAdverseResponses": False,
}


def credentials(world: World) -> dict[str, str]:
    """Return what lets a client in (2.2)."""
    vendor, user = world.keys
    return {"vendor_key": vendor, "user_key": user, "licenseNumber": world.training.shop.licence}


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of the state system. A permission is the name of the switch that gives it."""

    def route(
        path: str, handler: Handler, method: str = "GET", *, permission: str = "", needs_licence: bool = True
    ) -> Route:
        async def answer(request: Request) -> Response:
            refused = _refused(request, world, permission, needs_licence=needs_licence)
            if refused is None:
                try:
                    refused = await handler(request, world)
                except Unreadable as error:
                    refused = message(400, str(error))
            return in_the_states_way(refused, world.switches)

        return Route(path, answer, methods=[method])

    def both(path: str, handler: Handler, method: str = "GET", **more: Any) -> list[Route]:
        return [route(path.replace("{v}", version), handler, method, **more) for version in ("v2", "v1")]

    view, write, ask, checks_in = "may_view_sales", "may_sell", "may_look_up_patients", "may_check_in"
    manage = "may_manage_patients"
    receipts = "/sales/{v}/receipts"
    return [
        *both("/facilities/{v}", _facilities, needs_licence=False),
        *both("/patients/{v}/statuses/{card}", people.status, permission=ask),
        *both("/caregivers/{v}/status/{card}", people.caregiver, permission=ask),
        *both("/patient-checkins/{v}/locations", people.locations, needs_licence=False),
        *both("/patient-checkins/{v}", people.check_ins, permission=checks_in),
        *both("/patient-checkins/{v}", people.check_in, "POST", permission=checks_in),
        *both("/patient-checkins/{v}", people.change_check_in, "PUT", permission=checks_in),
        *both("/patient-checkins/{v}/{number:int}", people.archive_check_in, "DELETE", permission=checks_in),
        *both("/patients/{v}/active", members.active, permission=manage),
        *both("/patients/{v}/{number:int}", members.one, permission=manage),
        *both("/patients/{v}/{number:int}", members.remove, "DELETE", permission=manage),
        route("/patients/v2", members.add, "POST", permission=manage),
        route("/patients/v2", members.update, "PUT", permission=manage),
        route("/patients/v1/add", members.add, "POST", permission=manage),
        route("/patients/v1/update", members.update, "POST", permission=manage),
        *both("/employees/{v}", stock.employees),
        *both("/items/{v}/active", stock.items),
        *both("/items/{v}/inactive", stock.no_items),
        *both("/items/{v}/{number:int}", stock.item),
        *both("/packages/{v}/intransit", stock.in_transit),
        *both("/packages/{v}/active", stock.active),
        *both("/packages/{v}/onhold", stock.on_hold),
        *both("/packages/{v}/inactive", stock.inactive),
        *both("/packages/{v}/{which}", stock.one),
        *both("/labtests/{v}/results", stock.lab_results),
        *both("/unitsofmeasure/{v}/active", stock.units, needs_licence=False),
        *both("/locations/{v}/active", stock.rooms),
        *both("/sales/{v}/customertypes", sales.customer_types, needs_licence=False),
        route("/sales/v2/patientregistration/locations", people.locations, needs_licence=False),
        *both(f"{receipts}/active", sales.active, permission=view),
        *both(f"{receipts}/inactive", sales.inactive, permission=view),
        route("/sales/v2/receipts/external/{number}", sales.external, permission=view),
        route("/sales/v2/receipts/finalize", sales.finalize, "PUT", permission=write),
        route("/sales/v2/receipts/unfinalize", sales.unfinalize, "PUT", permission=write),
        *both(receipts, sales.post, "POST", permission=write),
        *both(receipts, sales.correct, "PUT", permission=write),
        *both(receipts + "/{number:int}", sales.one, permission=view),
        *both(receipts + "/{number:int}", sales.void, "DELETE", permission=write),
        route("/sales/v1/transactions", sales.totals, permission=view),
        route("/sales/v1/transactions/{start}/{end}", sales.totals, permission=view),
        route("/sales/v1/deliveries", sales.retired),
        *both("/sales/{v}/paymenttypes", deliveries.payment_types),
        *both("/sales/{v}/counties", deliveries.counties, needs_licence=False),
        *both("/sales/{v}/deliveries/returnreasons", deliveries.return_reasons),
        *both("/sales/{v}/deliveries/active", deliveries.active, permission=view),
        *both("/sales/{v}/deliveries/inactive", deliveries.inactive, permission=view),
        *both("/sales/{v}/deliveries", deliveries.post, "POST", permission=write),
        *both("/sales/{v}/deliveries", deliveries.correct, "PUT", permission=write),
        *both("/sales/{v}/deliveries/complete", deliveries.complete, "PUT", permission=write),
        *both("/sales/{v}/deliveries/{number:int}", deliveries.one, permission=view),
        *both("/sales/{v}/deliveries/{number:int}", deliveries.void, "DELETE", permission=write),
    ]


def _refused(request: Request, world: World, permission: str, *, needs_licence: bool) -> Response | None:
    """Return the refusal of a wrong key or a licence that is not the key's, not JSON (2.4); or of a permission."""
    expected = base64.b64encode(":".join(world.keys).encode()).decode()
    if request.headers.get("authorization") != f"Basic {expected}" or world.switches.key_expired:
        return PlainTextResponse("Unauthorized.", 401, media_type="text/html")
    if world.switches.v1_key_only and not is_v1(request):
        return PlainTextResponse("This key is valid only for v1.", 401, media_type="text/html")
    if needs_licence and request.query_params.get("licenseNumber") != world.training.shop.licence:
        return sales.not_yours()
    if permission and not getattr(world.switches, permission):
        return message(403, "The user does not have the permission that this needs.")
    return None


async def _facilities(request: Request, world: World) -> Response:
    shop = world.training.shop
    licence = {"Number": shop.licence, "StartDate": "2024-01-01", "EndDate": None, "LicenseType": "Provisioning Center"}
    return ExactResponse([{"Name": shop.name, "DisplayName": shop.name, "License": licence, "FacilityType": FLAGS}])
