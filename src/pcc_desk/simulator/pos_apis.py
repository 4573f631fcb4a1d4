"""The interfaces of the simulated point of sale: the same till, told in the way of each."""

from typing import Any

from starlette.routing import Route

from pcc_desk.simulator import pos_cova, pos_dutchie, pos_flowhub
from pcc_desk.simulator.world import World

APIS = (pos_dutchie, pos_flowhub, pos_cova)
PREFIX = "/pos/"
"""Where they stand below the address of the state system, whose being down does not concern them."""


def routes(world: World) -> list[Route]:
    """Return what all of them answer."""
    return [each for api in APIS for each in api.routes(world)]


def connections(world: World, address: str) -> dict[str, Any]:
    """Return by adapter what stands in the settings file, and the keys, for a world at an address."""
    at_cova = f"{address}{pos_cova.PREFIX}"
    return {
        "dutchie": {
            "settings": {"base_url": f"{address}{pos_dutchie.PREFIX}"},
            "credentials": pos_dutchie.credentials(world),
        },
        "flowhub": {
            "settings": {"base_url": f"{address}{pos_flowhub.PREFIX}"},
            "credentials": pos_flowhub.credentials(world),
        },
        "cova": {
            "settings": {
                "base_url": at_cova,
                "accounts_url": at_cova,
                "data_url": at_cova,
                "company": str(pos_cova.COMPANY),
                "location": str(pos_cova.LOCATION),
                "tag_field": "SerialNumber",
            },
            "credentials": pos_cova.credentials(world),
        },
    }
