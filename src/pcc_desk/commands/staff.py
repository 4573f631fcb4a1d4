"""`pcc-desk staff`: who works here, what they may do, and by what they open the desk."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pcc_desk.commands.handing import hand_out
from pcc_desk.commands.unlocking import Entrance, act_of, entering, secret_from, signing_in, unlocked, with_vault
from pcc_desk.desk import staff as on_record
from pcc_desk.desk import staffing
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.rights import Right
from pcc_desk.desk.staff import HasLeft, LastManager, NameTaken, Oneself, needed_for_secret
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.home import usual_home
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import new_passphrase
from pcc_desk.store.vault.staffing import kinds_of

ROLES = [each.value for each in Role if each.is_held]


class NotDone(DeskError):
    """A change of the staff was refused. The message says why and what to do."""


@click.group(short_help="Say who works here, and by what they open the desk.")
def staff() -> None:
    """Say who works here, what they may do, and by what they open the desk. The desk itself must be shut.

    Every change is on record by whom it was made. A secret is typed, or read from a file descriptor; never written on a
    command line.
    """


@staff.command(name="list", short_help="List the staff.")
@signing_in
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")
@click.pass_context
def list_staff(context: click.Context, *, who: str | None, passphrase_fd: int | None, as_json: bool) -> None:
    """List who is and was on the staff, with their roles and by what each opens the desk."""
    home = _home(context)
    with unlocked(context, home, passphrase_fd, who) as (store, _):
        people, kinds = store.read_now(on_record.staff), kinds_of(home)
    rows = [
        {"name": each.name, "role": each.role.value, "has_left": each.has_left, "opens_by": _kinds(kinds, each)}
        for each in people
    ]
    if as_json:
        click.echo(json.dumps({"staff": rows}, indent=1))
        return
    width = max(len(str(each["name"])) for each in rows)
    for each in rows:
        by = "has left" if each["has_left"] else " and ".join(each["opens_by"]) or "no secret yet"  # type: ignore[arg-type]
        click.echo(f"{each['name']:<{width}}  {each['role']:<18}  {by}")


def _kinds(kinds: Any, person: Person) -> list[str]:
    return [each.value for each in kinds.get(person.id, ())]


@staff.command(short_help="Put somebody on the staff.")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they do here.")
@click.option("--secret-fd", type=click.IntRange(min=0), metavar="FD", help="Read their passphrase from here.")
@entering
@click.pass_context
def add(context: click.Context, *, name: str, role: str, secret_fd: int | None, entrance: Entrance) -> None:
    """Put NAME on the staff. They type their passphrase themselves, twice; nobody else needs to know it."""

    async def take_on(store: EncryptedStore, vault: Any, new_act: Callable[[], Act]) -> str:
        store.read_now(on_record.may_change, act=new_act())
        secret = _new_secret(name, SecretKind.PASSPHRASE, secret_fd)
        outcome = await staffing.take_on(store, vault, name, Role(role), secret, new_act=new_act)
        if isinstance(outcome, NameTaken):
            raise NotDone(f"{outcome.name} is on the staff already. Add a second name or an initial.")
        return f"{outcome.name} is on the staff as {role}."

    _change(context, entrance, take_on)


@staff.command(short_help="Take somebody off the staff, and change the key of the store.")
@click.argument("name")
@entering
@click.pass_context
def remove(context: click.Context, *, name: str, entrance: Entrance) -> None:
    """Take NAME off the staff. The whole store is enciphered anew, so that nothing they have opens it from now on.

    Copies of the store that they carried off stay open to them as they were.
    """

    async def see_off(store: EncryptedStore, vault: Any, new_act: Callable[[], Act]) -> str:
        person = _named(store, name)
        outcome = await staffing.see_off(store, vault, person.id, new_act=new_act)
        if isinstance(outcome, HasLeft):
            return f"{outcome.name} has left already; nothing that they have opens the store."
        _refused(outcome)
        return f"{person.name} is off the staff, and the key of the store is changed."

    _change(context, entrance, see_off)


@staff.command(short_help="Give somebody another role.")
@click.argument("name")
@click.argument("new_role", metavar="ROLE", type=click.Choice(ROLES))
@entering
@click.pass_context
def role(context: click.Context, *, name: str, new_role: str, entrance: Entrance) -> None:
    """Give NAME another ROLE, from their next sign-in on."""

    async def give(store: EncryptedStore, _: Any, new_act: Callable[[], Act]) -> str:
        person = _named(store, name)
        outcome = await store.write(on_record.give_role, person.id, Role(new_role), act=new_act())
        _refused(outcome)
        return f"{person.name} is {new_role} from now on."

    _change(context, entrance, give)


@staff.command(short_help="Give somebody a new passphrase or PIN.")
@click.argument("name")
@click.option("--pin", is_flag=True, help="A PIN for this computer, beside the passphrase.")
@click.option("--no-pin", is_flag=True, help="Take the PIN away.")
@click.option("--secret-fd", type=click.IntRange(min=0), metavar="FD", help="Read the new secret from here.")
@entering
@click.pass_context
def secret(
    context: click.Context,
    *,
    name: str,
    pin: bool,
    no_pin: bool,
    secret_fd: int | None,
    entrance: Entrance,
) -> None:
    """Give NAME a new passphrase, or a PIN that works on this computer only. One's own needs no manager."""

    async def give(store: EncryptedStore, vault: Any, new_act: Callable[[], Act]) -> str:
        person = _named(store, name)
        if person.has_left:
            raise NotDone(f"{person.name} has left.")
        if no_pin:
            had = await staffing.take_pin(store, vault, person.id, new_act=new_act)
            return f"The PIN of {person.name} opens nothing any more." if had else f"{person.name} had no PIN."
        kind = SecretKind.PIN if pin else SecretKind.PASSPHRASE
        chosen = _new_secret(person.name, kind, secret_fd)
        await staffing.give_secret(store, vault, person, kind, chosen, new_act=new_act)
        return f"The new {'PIN' if pin else 'passphrase'} of {person.name} is in use."

    _change(context, entrance, give, of=name)


@staff.command(short_help="Let secrets that were tried too often be tried again.")
@click.argument("name")
@entering
@click.pass_context
def allow(context: click.Context, *, name: str, entrance: Entrance) -> None:
    """Let the secrets of NAME be tried again, after they were tried too often."""

    async def let(store: EncryptedStore, vault: Any, new_act: Callable[[], Act]) -> str:
        person = _named(store, name)
        await staffing.allow_again(store, vault, person.id, new_act=new_act)
        return f"The secrets of {person.name} are taken again."

    _change(context, entrance, let)


@staff.command(short_help="Answer for who can open the store, after somebody changed the list.")
@click.option("--reason", required=True, help="What happened, as far as it is known. It goes on record.")
@entering
@click.pass_context
def seal(context: click.Context, *, reason: str, entrance: Entrance) -> None:
    """Answer for who can open the store, after somebody changed the list or put an older one back.

    Look at it first: pcc-desk staff list. Until it is sealed nothing is written.
    """

    async def answer(store: EncryptedStore, vault: Any, new_act: Callable[[], Act]) -> str:
        if not await staffing.seal(vault, reason, new_act=new_act):
            raise NotDone("Say what happened, with --reason.")
        return "The list of who can open the store is sealed as it stands."

    _change(context, entrance, answer)


@staff.command(short_help="Make the recovery sheet anew.")
@click.option("--sheet-fd", type=click.IntRange(min=0), metavar="FD", help="Write the code to this descriptor.")
@entering
@click.pass_context
def sheet(context: click.Context, *, sheet_fd: int | None, entrance: Entrance) -> None:
    """Make the recovery sheet anew; the one before opens nothing any more. Its code is shown once and kept nowhere."""

    async def make(store: EncryptedStore, vault: Any, new_act: Callable[[], Act]) -> str:
        return await staffing.make_sheet(store, vault, new_act=new_act)

    _change(context, entrance, make, say=lambda code: hand_out(code, sheet_fd))


@click.command(short_help="Change the key of the store.")
@entering
@click.pass_context
def rekey(context: click.Context, *, entrance: Entrance) -> None:
    """Change the key of the store: everything is enciphered anew. Nobody's secret changes. The desk must be shut."""

    async def change(store: EncryptedStore, vault: Any, new_act: Callable[[], Act]) -> str:
        await staffing.change_key(store, vault, new_act=new_act)
        return "The key of the store is changed."

    _change(context, entrance, change)


def _change(
    context: click.Context,
    entrance: Entrance,
    change: Callable[[EncryptedStore, Any, Callable[[], Act]], Any],
    say: Callable[[str], None] = click.echo,
    of: str | None = None,
) -> None:
    """Open the store with the vault in hand, change something, and say what became of it.

    `of` is whose secret is changed: one's own is not a matter of the staff.
    """
    with with_vault(context, _home(context), entrance) as (store, person, vault):
        right = Right.STAFF if of is None else needed_for_secret(_named(store, of).id, person.id)
        words = asyncio.run(change(store, vault, lambda: act_of(store, person, right)))
    say(words)


def _named(store: EncryptedStore, name: str) -> Person:
    person = store.read_now(on_record.named, name)
    if person is None:
        raise NotDone(f"There is no {name} on the staff. pcc-desk staff list names everybody.")
    return person


def _refused(outcome: object) -> None:
    """Raise `NotDone` with the sentence of a refusal."""
    match outcome:
        case HasLeft(name=name):
            raise NotDone(f"{name} has left.")
        case Oneself():
            raise NotDone("Nobody does that to themselves. Ask another manager, or use the recovery sheet.")
        case LastManager():
            raise NotDone("They are the only manager: nobody could change the staff any more. Name another one first.")
        case _:
            return


def _new_secret(name: str, kind: SecretKind, descriptor: int | None) -> str:
    if descriptor is not None:
        return secret_from(descriptor, "a secret")
    what = "PIN" if kind is SecretKind.PIN else "passphrase"
    if kind is SecretKind.PASSPHRASE:
        click.echo(f"For example, and by nobody's choice: {new_passphrase()}", err=True)
    while True:
        chosen: str = click.prompt(f"New {what} of {name} (not shown)", hide_input=True, err=True)
        if chosen == click.prompt("The same again", hide_input=True, err=True):
            return chosen
        click.echo("  The two differ. Type it twice, the same.", err=True)


def _home(context: click.Context) -> Path:
    home: Path = context.find_root().obj or usual_home(os.environ)
    return home
