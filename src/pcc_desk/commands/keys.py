"""`pcc-desk keys`: the keys of the shop's state system and point of sale, in the encrypted store and shown nowhere."""

import asyncio
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.keys import KEY_ENDS, names_of
from pcc_desk.adapters.loading import POINTS_OF_SALE, STATE_SYSTEMS, find
from pcc_desk.commands.unlocking import act_of, signing_in, unlocked
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act, KeysKept
from pcc_desk.domain.people import Person
from pcc_desk.home import usual_home
from pcc_desk.settings import PosSettings, Settings, StateSystemSettings, load_settings
from pcc_desk.store.engine import EncryptedStore

FOUND = 1
LONGEST = 500


Chosen = StateSystemSettings | PosSettings


@click.command(short_help="Enter or replace the keys of outside systems.")
@signing_in
@click.option("--check", is_flag=True, help="Say which keys are kept, and ask for none.")
@click.pass_context
def keys(context: click.Context, who: str | None, passphrase_fd: int | None, check: bool) -> None:
    """Enter or replace the keys by which the state system and the point of sale know the shop. The desk must be shut.

    What is typed is not shown, and an empty line leaves a key as it is. Who replaced which key is on record; the keys
    are in the encrypted store and nowhere else.
    """
    home: Path = context.find_root().obj or usual_home(os.environ)
    systems = _systems(load_settings(home))
    if not systems:
        click.echo("This shop has no state system. Name one in [state_system] of the settings file.", err=True)
        context.exit(FOUND)
    asked = [(chosen, names) for chosen, names in systems if names]
    if not asked:
        click.echo("\n".join(f"{chosen.name} needs no keys (adapter “{chosen.adapter}”)." for chosen, _ in systems))
        return
    with unlocked(context, home, passphrase_fd, who) as (store, person):
        if not check:  # before any is typed: nobody types keys that they may not enter
            store.read_now(require, act_of(store, person, Right.KEYS), Right.KEYS)
        for chosen, names in asked:
            kept = asyncio.run(store.credentials(chosen.adapter))
            if not check:
                typed = dict(_typed(chosen, names, kept))
                _keep(store, person, chosen, typed)
                kept |= typed
            if len(asked) > 1:
                click.echo(f"{chosen.name}:")
            click.echo("\n".join(_told(names, kept)))


def _systems(settings: Settings) -> list[tuple[Chosen, tuple[str, ...]]]:
    """Return what the shop is connected to, with the names of the keys that each takes."""
    named = ((STATE_SYSTEMS, settings.state_system), (POINTS_OF_SALE, settings.pos))
    return [(chosen, names_of(find(group, chosen.adapter))) for group, chosen in named if chosen is not None]


def _typed(chosen: Chosen, names: tuple[str, ...], kept: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is typed for each key, until it is right."""
    for name in names:
        known = "empty: stays as it is" if name in kept else "empty: left out"
        while True:
            is_day = name == KEY_ENDS
            words = f"the keys' last day, such as 2027-01-31 ({known})" if is_day else f"{name} (not shown; {known})"
            value = click.prompt(
                f"{chosen.name}, {words}", default="", show_default=False, hide_input=not is_day, err=True
            ).strip()
            wrong = _wrong(name, value)
            if not wrong:
                break
            click.echo(f"  {wrong}", err=True)
        if value:
            yield name, value


def _wrong(name: str, value: str) -> str:
    """Return why what was typed cannot be kept; empty when it can."""
    if name == KEY_ENDS and value:
        try:
            date.fromisoformat(value)
        except ValueError:
            return f"“{cleaned(value, 20)}” is no day. Type year, month and day: 2027-01-31."
    if len(value) > LONGEST or not value.isprintable():
        return f"A key is one line of at most {LONGEST} characters. Copy it anew."
    return ""


def _keep(store: EncryptedStore, person: Person, chosen: Chosen, typed: dict[str, str]) -> None:
    if not typed:
        return
    act = act_of(store, person, Right.KEYS)
    store.read_now(require, act, Right.KEYS)  # before any is kept: the keys themselves are in no transaction of ours
    for name, value in typed.items():
        store.keep_credential(chosen.adapter, name, value)
    store.write_now(_record, chosen.adapter, tuple(typed), act)


def _record(ledger: Ledger, system: str, names: tuple[str, ...], act: Act) -> None:
    require(ledger, act, Right.KEYS)
    ledger.record(KeysKept(system, names), act)


def _told(names: tuple[str, ...], kept: dict[str, str]) -> Iterator[str]:
    width = max(map(len, names))
    for name in names:
        told = kept.get(name, "not entered") if name == KEY_ENDS else "kept" if name in kept else "not entered"
        yield f"{name:<{width}}  {told}"
