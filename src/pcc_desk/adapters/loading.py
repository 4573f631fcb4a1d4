"""Finds an adapter by its entry point, ours like anyone's."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pcc_desk.adapters.clean import cleaned
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports_outside import PointOfSale, StateSystem

STATE_SYSTEMS = "pcc_desk.state_system"
POINTS_OF_SALE = "pcc_desk.pos"


class NoSuchAdapter(DeskError):
    """No installed package offers an adapter of that name, it does not load, or it does not fit."""


def load_state_system(name: str, settings: Mapping[str, str], credentials: Mapping[str, str]) -> StateSystem:
    """Return a connection to a state system. Raises `NoSuchAdapter` saying what is installed, or what is wrong."""
    connection: StateSystem = _connect(STATE_SYSTEMS, name, settings, credentials)
    _require("state system", name, connection, _calls_of(StateSystem))
    return connection


def load_pos(name: str, settings: Mapping[str, str], credentials: Mapping[str, str]) -> PointOfSale:
    """Return a connection to a point of sale. Raises `NoSuchAdapter` saying what is installed, or what is wrong."""
    connection: PointOfSale = _connect(POINTS_OF_SALE, name, settings, credentials)
    _require("point of sale", name, connection, _calls_of(PointOfSale))
    return connection


def installed(group: str) -> tuple[str, ...]:
    """Return the names of the adapters of a group."""
    return tuple(sorted({each.name for each in entry_points(group=group)}))


def _connect(group: str, name: str, settings: Mapping[str, str], credentials: Mapping[str, str]) -> Any:
    """Return what an adapter makes of its settings. Its own words are not repeated: they could hold a credential."""
    connect = find(group, name)
    try:
        return connect(settings, credentials)
    except Exception as error:
        missing = cleaned(error.args[0], 40) if type(error) is KeyError and error.args else ""
        kind = type(error).__name__
        wrong = f"needs the setting “{missing}”" if missing else f"cannot work with its settings ({kind})"
    raise NoSuchAdapter(f"The adapter “{name}” {wrong}. Correct it in the settings file.")


def _calls_of(port: type) -> set[str]:
    return {name for name, each in vars(port).items() if callable(each) and not name.startswith("_")}


def _require(kind: str, name: str, connection: object, calls: set[str]) -> None:
    lacking = {each for each in calls if not callable(getattr(connection, each, None))}
    if not isinstance(getattr(connection, "name", None), str):
        lacking.add("name")
    if lacking:
        words = ", ".join(sorted(lacking))
        raise NoSuchAdapter(
            f"The adapter “{name}” is no {kind}: it lacks {words}. Choose another in the settings file."
        )


def find(group: str, name: str) -> Any:
    """Return what connects by an adapter, loading it. Raises `NoSuchAdapter`."""
    found: list[EntryPoint] = [each for each in entry_points(group=group) if each.name == name]
    if not found:
        known = ", ".join(installed(group)) or "none"
        raise NoSuchAdapter(f"There is no adapter “{name}”. Installed are: {known}. Correct it in the settings file.")
    return loaded(found[0])


def loaded(entry: EntryPoint) -> Any:
    """Return what connects by an installed adapter. Raises `NoSuchAdapter`, without its own words."""
    try:
        return entry.load()
    except Exception as error:
        raise NoSuchAdapter(
            f"The adapter “{entry.name}” does not load ({type(error).__name__}). Install its package again."
        ) from error
