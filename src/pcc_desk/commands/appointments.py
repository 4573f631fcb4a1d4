"""`pcc-desk appointments import`: appointments from a calendar file."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import click
from uuid6 import uuid7

from pcc_desk.adapters.calendars import read_calendar
from pcc_desk.commands.unlocking import shop_of, signing_in, unlocked
from pcc_desk.desk.calendars import Imported, LeftToPeople, Taken, take_event
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.calendars import CalendarEvent, NoCalendar
from pcc_desk.domain.entries import Act
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.shop import Shop
from pcc_desk.home import usual_home
from pcc_desk.settings import load_settings

FOUND = 1
SHOWN = 50


@click.group(short_help="Take appointments from a calendar.")
def appointments() -> None:
    """Take appointments from elsewhere."""


@appointments.command("import", short_help="Take appointments from a calendar file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@signing_in
@click.pass_context
def import_appointments(context: click.Context, *, file: Path, passphrase_fd: int | None, who: str | None) -> None:
    """Take what FILE (.ics) holds of the next 120 days. The same file twice is harmless.

    Whose an event is, is found by a card's number or a whole name in it; what fits nobody, or several, is told and left
    to you. The desk itself must be shut.
    """
    home: Path = context.find_root().obj or usual_home(os.environ)
    hours = load_settings(home).opening.hours()
    with unlocked(context, home, passphrase_fd, who) as (store, person):
        shop, now = store.read_now(shop_of), datetime.now(UTC)
        read = asyncio.run(read_calendar(str(file), shop.zone, now))
        if isinstance(read, NoCalendar):
            click.echo(f"{read.why} Nothing was taken.", err=True)
            context.exit(FOUND)
        done = Imported(left=list(read.left_out))
        for event in read.events:
            act = Act(uuid7(), datetime.now(UTC), person.id, shop.counter)
            outcome = store.write_now(_take, event, shop, hours, act)
            done.count(outcome)
    click.echo("\n".join(done.left[:SHOWN]), err=True)
    if len(done.left) > SHOWN:
        click.echo(f"{len(done.left) - SHOWN} more.", err=True)
    click.echo(f"Appointments: {done.words}")
    context.exit(FOUND if done.left else 0)


def _take(ledger: Ledger, event: CalendarEvent, shop: Shop, hours: Hours, act: Act) -> Taken | LeftToPeople:
    return take_event(ledger, event, shop=shop, hours=hours, act=act)
