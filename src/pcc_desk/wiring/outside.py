"""The systems outside that the settings name, as a desk is handed them: the state's, the point of sale, the printer.

What each needs is loaded when it is connected.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pcc_desk.desk.ports_outside import PointOfSale, Printer, StateSystem
    from pcc_desk.settings import Settings
    from pcc_desk.store.engine import EncryptedStore


async def state_system(settings: "Settings", store: "EncryptedStore | None") -> "StateSystem":
    """Return the state system, with its keys out of the store."""
    from pcc_desk.adapters.loading import load_state_system
    from pcc_desk.desk.absent import NoStateSystem

    chosen = settings.state_system
    if chosen is None or store is None:
        return NoStateSystem()
    told = {**chosen.connection(), "licence": settings.shop.licence, "zone": settings.shop.zone}
    return load_state_system(chosen.adapter, told, await store.credentials(chosen.adapter))


async def point_of_sale(settings: "Settings", store: "EncryptedStore | None") -> "PointOfSale":
    """Return the point of sale, with its keys out of the store."""
    from pcc_desk.adapters.loading import load_pos
    from pcc_desk.desk.absent import NoPointOfSale

    chosen = settings.pos
    if chosen is None or store is None:
        return NoPointOfSale()
    told = {"licence": settings.shop.licence, **chosen.connection(), "zone": settings.shop.zone}
    return load_pos(chosen.adapter, told, await store.credentials(chosen.adapter))


def printer(settings: "Settings") -> "Printer | None":
    """Return the printer; None: no command prints."""
    from pcc_desk.adapters.printer import CommandPrinter

    command = settings.print_command
    return CommandPrinter(command) if command else None
