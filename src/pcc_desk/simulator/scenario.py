"""Reads a scenario: which switches are turned, and which faults befall which calls. docs/simulator.md describes it."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from pcc_desk.desk.errors import DeskError
from pcc_desk.simulator.faults import Does, Fault
from pcc_desk.simulator.switches import Switches

METHODS = ("*", "GET", "POST", "PUT", "DELETE")
LONGEST_S = 3600
LONGEST_SPAN_S = 7 * 86_400
MOST_FAULTS = 1000
SWITCHES: Mapping[str, type] = {each.name: type(each.default) for each in fields(Switches)}
WITHIN: Mapping[str, tuple[int, int]] = {
    "clock_skew_s": (-366 * 86_400, 366 * 86_400),
    "external_not_found": (401, 404),
}

EVERY = {"does", "route", "action", "nth", "chance"}
OWN: Mapping[Does, tuple[set[str], set[str]]] = {
    Does.REFUSE: ({"seconds"}, set()),
    Does.HANG: (set(), set()),
    Does.HANG_AFTER: (set(), set()),
    Does.RESET_BEFORE: (set(), set()),
    Does.RESET_AFTER: (set(), set()),
    Does.ANSWER: ({"status"}, {"body", "retry_after", "location", "processed"}),
    Does.SLOW: ({"seconds"}, set()),
    Does.TRUNCATE: (set(), set()),
    Does.CUT_OFF: (set(), set()),
    Does.EMPTY: (set(), set()),
    Does.LEAK_HEADER: (set(), set()),
    Does.KEYED: (set(), set()),
    Does.SWITCH: ({"switches"}, {"seconds"}),
    Does.LATE: ({"shows_after_s"}, set()),
    Does.ELSEWHERE: ({"card", "label", "quantity"}, {"when"}),
}
"""What each kind of fault must say, and what it may say, beside what every fault may."""


class ScenarioRefused(DeskError):
    """A scenario cannot be used; the words say where and why."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How the state system behaves from the start."""

    seed: int | None = None
    switches: Mapping[str, bool | int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def read_scenario(path: Path) -> Scenario:
    """Return what a file says: JSON when its name ends in .json, otherwise TOML. Raises `ScenarioRefused`."""
    try:
        text = path.read_text(encoding="utf-8")
        is_json = path.suffix.lower() == ".json"
        said = json.loads(text, parse_float=Decimal) if is_json else tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise ScenarioRefused(f"The scenario {path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ScenarioRefused(f"The scenario {path} is neither TOML nor JSON as it stands: {error}.") from error
    return parse_scenario(said)


def parse_scenario(said: Any) -> Scenario:
    """Return the scenario that was written. Raises `ScenarioRefused`."""
    whole = _table(said, "The scenario", {"seed", "switches", "fault"})
    rows = whole.get("fault", [])
    if not isinstance(rows, list) or len(rows) > MOST_FAULTS:
        raise ScenarioRefused(f"fault is a list of at most {MOST_FAULTS} faults; in TOML, begin each with [[fault]].")
    return Scenario(
        seed=_whole(whole["seed"], "seed", 0, 2**63) if "seed" in whole else None,
        switches=parse_switches(whole.get("switches", {})),
        faults=tuple(parse_fault(row, f"Fault {place}") for place, row in enumerate(rows, start=1)),
    )


def parse_switches(said: Any) -> dict[str, bool | int]:
    """Return switches as they were written. Raises `ScenarioRefused`."""
    table: dict[str, bool | int] = _table(said, "switches", set(SWITCHES))
    for name, value in table.items():
        if type(value) is not SWITCHES[name]:
            kind = "true or false" if SWITCHES[name] is bool else "a whole number"
            raise ScenarioRefused(f"The switch {name} is {kind}, not {value!r}.")
        least, most = WITHIN.get(name, (0, LONGEST_SPAN_S))
        if not least <= value <= most:
            raise ScenarioRefused(f"The switch {name} goes from {least} to {most}, not to {value!r}.")
    return table


def parse_fault(said: Any, where: str = "The fault") -> Fault:
    """Return a fault as it was written. Raises `ScenarioRefused`."""
    kind = said.get("does") if isinstance(said, dict) else None
    if kind not in tuple(Does):
        raise ScenarioRefused(f"{where} must say what it does, one of: {', '.join(Does)}. It says {kind!r}.")
    needed, possible = OWN[Does(kind)]
    row = _table(said, f"{where} ({kind})", EVERY | needed | possible)
    if missing := sorted(needed - set(row)):
        raise ScenarioRefused(f"{where} ({kind}) does not say: {', '.join(missing)}.")
    read: dict[str, Any] = {"does": Does(kind)}
    for name, value in row.items():
        if name == "route":
            read["method"], read["path"] = _route(value, where)
        elif name != "does":
            read[name] = READERS[name](value, f"{where}: {name}")
    if kind == Does.ANSWER and read.get("location") and read["status"] not in range(300, 400):
        raise ScenarioRefused(f"{where}: a location goes with a status from 300 to 399.")
    return Fault(**read)


def _table(said: Any, what: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise ScenarioRefused(f"{what} must be a table of names and values.")
    if unknown := sorted(map(str, set(said) - known)):
        raise ScenarioRefused(f"{what} knows no {', '.join(unknown)}. It knows: {', '.join(sorted(known))}.")
    return said


def _route(said: Any, where: str) -> tuple[str, str]:
    method, space, path = said.partition(" ") if isinstance(said, str) else ("", "", "")
    if said == "*":
        return "*", "*"
    if not space or method not in METHODS or not path.startswith(("/", "*")):
        raise ScenarioRefused(f'{where}: route is a method and a path, as in "POST /sales/v2/receipts"; * is any.')
    return method, path


def _whole(said: Any, what: str, least: int, most: int) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not least <= said <= most:
        raise ScenarioRefused(f"{what} is a whole number from {least} to {most}, not {said!r}.")
    return said


def _number(most: int) -> Callable[[Any, str], Decimal]:
    def read(said: Any, what: str) -> Decimal:
        is_number = isinstance(said, int | Decimal) and not isinstance(said, bool)
        if not is_number or not Decimal(said).is_finite() or not 0 <= said <= most:
            raise ScenarioRefused(f"{what} is a number from 0 to {most}, not {said}.")
        return Decimal(said)

    return read


def _nth(said: Any, what: str) -> frozenset[int]:
    each = said if isinstance(said, list) else [said]
    if not each:
        raise ScenarioRefused(f"{what} is empty; leave it out to mean each call.")
    return frozenset(_whole(one, what, 1, 10**9) for one in each)


def _text(said: Any, what: str) -> str:
    if not isinstance(said, str) or not said or not said.isprintable():
        raise ScenarioRefused(f"{what} is a text of one line, not {said!r}.")
    return said


def _one_of(*known: str) -> Callable[[Any, str], str]:
    def read(said: Any, what: str) -> str:
        if said not in known:
            raise ScenarioRefused(f"{what} is one of {', '.join(known)}, not {said!r}.")
        return str(said)

    return read


def _yes_or_no(said: Any, what: str) -> bool:
    if not isinstance(said, bool):
        raise ScenarioRefused(f"{what} is true or false, not {said!r}.")
    return said


READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "action": _text,
    "nth": _nth,
    "chance": _number(1),
    "seconds": _number(LONGEST_S),
    "status": lambda said, what: _whole(said, what, 200, 599),
    "body": _one_of("html", "json", "empty"),
    "retry_after": lambda said, what: _whole(said, what, 0, LONGEST_S),
    "location": _text,
    "processed": _yes_or_no,
    "switches": lambda said, _: parse_switches(said),
    "card": _text,
    "label": _text,
    "quantity": _number(10**6),
    "shows_after_s": lambda said, what: _whole(said, what, 1, LONGEST_SPAN_S),
    "when": _one_of("before", "after"),
}
