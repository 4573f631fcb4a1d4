"""Runs the simulated world on loopback and says where it is, in one line of JSON."""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.desk.errors import DeskError
from pcc_desk.shipped import data_folder
from pcc_desk.simulator import hands, keeping, pos, pos_apis
from pcc_desk.simulator.befalling import Befalling
from pcc_desk.simulator.exact import ExactResponse
from pcc_desk.simulator.listening import Listening, PortTaken
from pcc_desk.simulator.make_training import SEED
from pcc_desk.simulator.past import live_through
from pcc_desk.simulator.scenario import Scenario, read_scenario
from pcc_desk.simulator.switches import Switches
from pcc_desk.simulator.systems import NAMES, System, load_system
from pcc_desk.simulator.training import load_training
from pcc_desk.simulator.world import Mode, World


def create_app(world: World, exports: Path | None, system: str = "metrc") -> Befalling:
    """Return the world as an application: a state system at the root, the hands of people under /practice."""
    world.system = system
    loaded = load_system(system)
    inside = Starlette(
        routes=[
            *pos.routes(world, exports),
            *pos_apis.routes(world),
            *hands.routes(world, loaded),
            *loaded.routes(world),
        ],
        exception_handlers={HTTPException: _no_such_route},
    )
    inside.router.redirect_slashes = False
    return Befalling(inside, world, loaded)


async def _no_such_route(request: Request, error: Exception) -> Response:
    """Answer in JSON where there is no such route, or not with this method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    return ExactResponse({"Message": "No HTTP resource was found that matches the request."}, status, headers)


def make_world(
    home: Path | None,
    seed: int,
    now: datetime | None = None,
    keys: tuple[str, str] | None = None,
    *,
    other_days: bool = False,
) -> World:
    """Return a world with its past behind it; one kept in `home` goes on, begun today or, when told so, on another day.

    `now` sets the world's clock to that instant, from where it runs on. Without keys a kept world that goes on over
    days has those that it had.
    """
    offset = now - datetime.now(UTC) if now else timedelta(0)
    switches = Switches()
    began = now or datetime.now(UTC)
    file = home / "world.json" if home else None
    kept = keeping.read(file) if file and other_days else None
    if kept is not None:
        began = keeping.began(kept) or began
        keys = keys or keeping.keys(kept)
    world = World(
        training=load_training(data_folder() / "training", began),
        clock=lambda: datetime.now(UTC) + offset + timedelta(seconds=switches.clock_skew_s),
        keys=keys or (secrets.token_urlsafe(24), secrets.token_urlsafe(24)),
        file=file,
        switches=switches,
    )
    if not world.load(other_days=other_days):
        live_through(world, seed)
    return world


def arguments() -> argparse.ArgumentParser:
    """Return what the command takes."""
    parser = argparse.ArgumentParser(
        prog="pcc-desk simulate", usage=f"%(prog)s {'|'.join(NAMES)} [options]", description=__doc__
    )
    parser.add_argument("system", nargs="?", choices=NAMES, default="metrc")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--home", type=Path, help="where the world is kept over a restart; without it, nowhere")
    parser.add_argument("--fresh", action="store_true", help="forget the world that is kept there")
    parser.add_argument("--exports", type=Path, help="where the point of sale writes its reports; HOME/exports")
    parser.add_argument("--scenario", type=Path, help="switches and faults, TOML or JSON; docs/simulator.md")
    parser.add_argument("--ledger", type=Path, help="note every write that is accepted, a line of JSON each")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="of the invented past, and of faults that come by chance"
    )
    parser.add_argument("--down", action="store_true", help="begin with the state system down")
    parser.add_argument("--daily", action="store_true", help="begin anew on the first start of a day")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input is closed")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop. What cannot be used ends in a sentence."""
    given = arguments().parse_args(argv)
    try:
        return _run(given)
    except (DeskError, PortTaken) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's own error stream
    except OSError as error:
        print(f"{error.filename or ''}: {error.strerror or error}", file=sys.stderr)  # noqa: T201
    return 1


def _run(given: argparse.Namespace) -> int:
    os.umask(0o077)
    scenario = read_scenario(given.scenario) if given.scenario else Scenario()
    exports: Path | None = given.exports or (given.home / "exports" if given.home else None)
    for folder in (given.home, exports):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    if given.home and given.fresh:
        (given.home / "world.json").unlink(missing_ok=True)
    world = make_world(given.home, given.seed, other_days=not given.daily)
    world.ledger = given.ledger
    app = create_app(world, exports, given.system)
    hands.begin(world, app.system, scenario, given.seed)
    if given.down:
        world.mode = Mode.DOWN
    if exports is not None:
        pos.write_catalogue(world, exports)
    world.save()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(app, exports, given.port, with_parent=given.with_parent))
    return 0


async def serve(app: Befalling, exports: Path | None, port: int, *, with_parent: bool) -> None:
    """Serve on loopback; say so in one line when ready. Raises `PortTaken`."""
    listening = Listening(app, app.world.line_to_clients, port)
    serving = asyncio.create_task(listening.serve())
    await listening.ready(serving)
    line = ready_line(app.world, app.system, exports, listening.port, listening.control_port)
    print(json.dumps(line), flush=True)  # noqa: T201 - the line is what others wait for
    if with_parent:
        threading.Thread(target=_end_with_parent, args=(listening,), daemon=True).start()
    await serving


def _end_with_parent(listening: Listening) -> None:
    """Let the server end when standard input is closed, which happens when whoever started it is gone."""
    while sys.stdin.read(1024):
        continue
    listening.stop()


def ready_line(world: World, system: System, exports: Path | None, port: int, control_port: int) -> dict[str, object]:
    """Return where everything is, and some numbers to try."""
    return {
        "system": system.name,
        "base_url": f"http://127.0.0.1:{port}",
        "control_url": f"http://127.0.0.1:{control_port}/practice",
        "vendor_key": world.keys[0],
        "user_key": world.keys[1],
        "credentials": system.credentials(world),
        "zone": world.training.shop.zone,
        "exports": str(exports) if exports else None,
        "ledger": str(world.ledger.absolute()) if world.ledger else None,
        "pos": pos_apis.connections(world, f"http://127.0.0.1:{port}"),
        **system.numbers(world),
    }
