"""`pcc-desk practice-day`: a day of visits in the practice shop without a screen, each act said once it is saved."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from pcc_desk.desk.errors import DeskError
from pcc_desk.home import first_look, make_private, usual_practice_home
from pcc_desk.practice import PASSPHRASE, connect, refresh, refuse_real, sitter

if TYPE_CHECKING:
    from pcc_desk.desk.desk import Desk
    from pcc_desk.simulator.day import DayLived
    from pcc_desk.wiring import StoreDoor


class NotOpened(DeskError):
    """The practice shop does not open."""


@click.command(short_help="Live a day of visits in the practice shop.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws who comes and what they take.")
@click.option("--count", type=click.IntRange(min=0), default=20, show_default=True, help="How many visits.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="The practice shop's folder.")
@click.pass_context
def practice_day(context: click.Context, seed: int, count: int, home: Path | None) -> None:
    """Live a day of visits in the practice shop, without a screen.

    Each visit is made as at the desk: check-in, the registry asked over HTTP, a note, something handed over, told to
    the state. Standard output has one line for each act, `ACK` and its id, written once the act is saved; the sum of
    the day goes to the error stream. The same seed draws the same visits. The shop is made when it is not there, goes
    on when it is, and is never a real one.
    """
    folder = home or context.find_root().obj or usual_practice_home(os.environ)
    refuse_real(folder)
    make_private(folder)
    refresh(folder, datetime.now(UTC))
    lived = asyncio.run(_at_the_desk(folder, seed, count))
    words = f"{lived.visits} visits, {lived.dispensed} dispensed, {lived.refused} refused."
    click.echo(words, err=True)


def acknowledge(act_id: UUID) -> None:
    """Say that an act is saved. One write to the descriptor: whoever listens hears a whole line or none."""
    os.write(sys.stdout.fileno(), f"ACK {act_id}\n".encode())


async def _at_the_desk(home: Path, seed: int, count: int) -> "DayLived":
    from pcc_desk.simulator.control import PracticeClient, RunningWorld
    from pcc_desk.simulator.day import Acknowledging, live
    from pcc_desk.wiring import StoreDoor

    with RunningWorld(home / "world", home / "exports") as world:
        connect(home, world.ready)
        look = first_look(home)
        door = StoreDoor(home, look.shop_name if look else "", PracticeClient(str(world.ready["control_url"])))
        try:
            desk = await _opened(door)
            desk.store = Acknowledging(desk.store, acknowledge)
            return await live(desk, seed, count)
        finally:
            await door.shut()


async def _opened(door: "StoreDoor") -> "Desk":
    from pcc_desk.desk.door import StaysShut

    desk = await door.open(PASSPHRASE, sitter(door.home))
    if isinstance(desk, StaysShut):
        raise NotOpened(desk.reason)
    return desk
