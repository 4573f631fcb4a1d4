"""Runs the simulated world on loopback and says where it is, in one line of JSON."""

import argparse
import asyncio
import json
import os
import secrets
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from pcc_desk.shipped import data_folder
from pcc_desk.simulator import metrc, pos
from pcc_desk.simulator.make_training import SEED
from pcc_desk.simulator.past import live_through
from pcc_desk.simulator.systems import load_system
from pcc_desk.simulator.training import load_training
from pcc_desk.simulator.world import Mode, World


def create_app(world: World, exports: Path, system: str = "metrc") -> Starlette:
    """Return the world as an application: a state system at the root, the practice shop's hands under /practice."""
    world.system = system
    middleware = [Middleware(metrc.Outage, world=world)]
    return Starlette(routes=[*pos.routes(world, exports), *load_system(system).routes(world)], middleware=middleware)


def make_world(home: Path | None, seed: int, now: datetime | None = None, keys: tuple[str, str] | None = None) -> World:
    """Return a world with its past behind it; one kept in `home` earlier today goes on.

    `now` sets the world's clock to that instant, from where it runs on.
    """
    offset = now - datetime.now(UTC) if now else timedelta(0)
    training = load_training(data_folder() / "training", now or datetime.now(UTC))
    world = World(
        training=training,
        clock=lambda: datetime.now(UTC) + offset,
        keys=keys or (secrets.token_urlsafe(24), secrets.token_urlsafe(24)),
        file=home / "world.json" if home else None,
    )
    if not world.load():
        live_through(world, seed)
    return world


def arguments() -> argparse.ArgumentParser:
    """Return what the command takes."""
    parser = argparse.ArgumentParser(prog="pcc-desk simulate metrc", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--home", type=Path, required=True, help="where the world is kept over a restart")
    parser.add_argument("--exports", type=Path, help="where the point of sale writes its reports; HOME/exports")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--down", action="store_true", help="begin with the state system down")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input is closed")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop."""
    given = arguments().parse_args(argv)
    exports = given.exports or given.home / "exports"
    os.umask(0o077)
    given.home.mkdir(parents=True, exist_ok=True)
    exports.mkdir(parents=True, exist_ok=True)
    world = make_world(given.home, given.seed)
    if given.down:
        world.mode = Mode.DOWN
    pos.write_catalogue(world, exports)
    asyncio.run(serve(world, exports, given.port, with_parent=given.with_parent))
    return 0


async def serve(world: World, exports: Path, port: int, *, with_parent: bool) -> None:
    """Serve on loopback; say so in one line when ready."""
    config = uvicorn.Config(
        create_app(world, exports),
        "127.0.0.1",
        port,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        if serving.done():
            serving.result()
            raise SystemExit(f"Port {port} cannot be used; take another with --port.")
        await asyncio.sleep(0.01)
    print(json.dumps(ready_line(world, exports, server)), flush=True)  # noqa: T201 - the line is what others wait for
    if with_parent:
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    await serving


def _end_with_parent(server: uvicorn.Server) -> None:
    """Let the server end when standard input is closed, which happens when whoever started it is gone."""
    while sys.stdin.read(1024):
        continue
    server.should_exit = True


def ready_line(world: World, exports: Path, server: uvicorn.Server) -> dict[str, object]:
    """Return where everything is, and some numbers to try."""
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    return {
        "base_url": url,
        "control_url": f"{url}/practice",
        "vendor_key": world.keys[0],
        "user_key": world.keys[1],
        "licence": world.training.shop.licence,
        "exports": str(exports),
        "cards": [each.number for each in world.training.cards if not each.renewed_as][:8],
        "packages": [[label, each.package.remaining.unit.value] for label, each in list(world.packages.items())[:8]],
    }
