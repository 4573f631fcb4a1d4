"""The hands of whoever tests: they turn switches, set faults, and read what was accepted, while the world runs."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pcc_desk.simulator.exact import ExactResponse, exact_json, read_exactly
from pcc_desk.simulator.faults import Does, Fault
from pcc_desk.simulator.scenario import Scenario, ScenarioRefused, parse_fault, parse_scenario, parse_switches
from pcc_desk.simulator.systems import System
from pcc_desk.simulator.world import Mode, World

Hand = Callable[[Request], Awaitable[Response]]


def begin(world: World, system: System, scenario: Scenario, seed: int) -> None:
    """Let a world behave as a scenario says, and as no other said before. Raises `ScenarioRefused`."""
    for fault in scenario.faults:
        _try(world, system, fault)
    world.mode = Mode.UP
    world.turn(asdict(type(world.switches)()))
    world.turn(scenario.switches)
    world.faults.begin(seed if scenario.seed is None else scenario.seed)
    for fault in scenario.faults:
        world.faults.add(fault)


def _try(world: World, system: System, fault: Fault) -> None:
    """Raise `ScenarioRefused` when another shop is to sell what there is not: it sells on a copy of the world."""
    if fault.does is not Does.ELSEWHERE:
        return
    copy = replace(world, file=None, ledger=None, receipts=[], till=[], books={}, notes=[])
    try:
        system.sell_elsewhere(copy, fault.card, fault.label, fault.quantity)
    except ValueError as error:
        raise ScenarioRefused(str(error)) from error


class Hands:
    """What can be done to a running world."""

    def __init__(self, world: World, system: System) -> None:
        self.world = world
        self.system = system

    async def scenario(self, request: Request) -> Response:
        """Read the scenario, or put another in its place."""
        if request.method == "PUT":
            begin(self.world, self.system, parse_scenario(await _body(request)), self.world.faults.seed)
        faults, switches = self.world.faults, asdict(self.world.switches)
        return ExactResponse({"seed": faults.seed, "switches": switches, "faults": faults.shown()})

    async def faults(self, request: Request) -> Response:
        """Read the faults, set one more, or take all of them away."""
        if request.method == "DELETE":
            self.world.faults.clear()
        if request.method == "POST":
            fault = parse_fault(await _body(request))
            _try(self.world, self.system, fault)
            return ExactResponse({"fault": self.world.faults.add(fault)})
        return ExactResponse({"faults": self.world.faults.shown()})

    async def one_fault(self, request: Request) -> Response:
        """Take a fault away."""
        if not self.world.faults.remove(request.path_params["number"]):
            raise ScenarioRefused("There is no fault of this number.")
        return ExactResponse({"faults": self.world.faults.shown()})

    async def switches(self, request: Request) -> Response:
        """Read the switches, or turn some."""
        if request.method == "POST":
            self.world.turn(parse_switches(await _body(request)))
        return ExactResponse(asdict(self.world.switches))

    async def refuse(self, request: Request) -> Response:
        """Refuse connections from now on, for a time."""
        fault = parse_fault({"does": "refuse", **_table(await _body(request))})
        return ExactResponse({"refusing": self.world.line_to_clients.refuse(float(fault.seconds))})

    async def elsewhere(self, request: Request) -> Response:
        """Let another shop sell now."""
        fault = parse_fault({"does": "elsewhere", **_table(await _body(request))})
        _try(self.world, self.system, fault)
        self.system.sell_elsewhere(self.world, fault.card, fault.label, fault.quantity)
        return ExactResponse({"sold": fault.quantity})

    async def ledger(self, request: Request) -> Response:
        """Read every write that was accepted."""
        text = "".join(exact_json(note) + "\n" for note in self.world.notes)
        return PlainTextResponse(text, media_type="application/jsonl")


def routes(world: World, system: System) -> list[Route]:
    """Return the routes by which a running world is changed and read."""
    hands = Hands(world, system)
    return [
        _route("scenario", hands.scenario, "GET", "PUT"),
        _route("faults", hands.faults, "GET", "POST", "DELETE"),
        _route("faults/{number:int}", hands.one_fault, "DELETE"),
        _route("switches", hands.switches, "GET", "POST"),
        _route("refuse", hands.refuse, "POST"),
        _route("elsewhere", hands.elsewhere, "POST"),
        _route("ledger", hands.ledger, "GET"),
    ]


def _route(path: str, hand: Hand, *methods: str) -> Route:
    async def answer(request: Request) -> Response:
        try:
            return await hand(request)
        except (ScenarioRefused, ValueError) as error:
            return ExactResponse({"refused": str(error)}, 400)

    return Route(f"/practice/{path}", answer, methods=list(methods))


async def _body(request: Request) -> Any:
    try:
        return read_exactly(await request.body())
    except (ValueError, RecursionError) as error:
        raise ScenarioRefused("The body is not JSON.") from error


def _table(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise ScenarioRefused("The body must be a table of names and values.")
    return said
