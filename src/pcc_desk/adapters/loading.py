"""Finds an adapter by its entry point, ours like anyone's."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import PointOfSale, StateSystem

STATE_SYSTEMS = "pcc_desk.state_system"
POINTS_OF_SALE = "pcc_desk.pos"


class NoSuchAdapter(DeskError):
    """No installed package offers an adapter of that name, or it does not load."""


def load_state_system(name: str, settings: Mapping[str, str], credentials: Mapping[str, str]) -> StateSystem:
    """Return a connection to a state system. Raises `NoSuchAdapter` naming what is installed."""
    connection: StateSystem = _load(STATE_SYSTEMS, name)(settings, credentials)
    return connection


def load_pos(name: str, settings: Mapping[str, str], credentials: Mapping[str, str]) -> PointOfSale:
    """Return a connection to a point of sale. Raises `NoSuchAdapter` naming what is installed."""
    connection: PointOfSale = _load(POINTS_OF_SALE, name)(settings, credentials)
    return connection


def installed(group: str) -> tuple[str, ...]:
    """Return the names of the adapters of a group."""
    return tuple(sorted({each.name for each in entry_points(group=group)}))


def _load(group: str, name: str):  # type: ignore[no-untyped-def]
    found: list[EntryPoint] = [each for each in entry_points(group=group) if each.name == name]
    if not found:
        known = ", ".join(installed(group)) or "none"
        raise NoSuchAdapter(f"There is no adapter “{name}”. Installed are: {known}. Correct it in the settings file.")
    try:
        return found[0].load()
    except Exception as error:
        raise NoSuchAdapter(
            f"The adapter “{name}” does not load ({type(error).__name__}). Install its package again."
        ) from error
