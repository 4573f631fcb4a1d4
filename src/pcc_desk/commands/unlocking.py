"""Unlocking the store of a shop for a command: the passphrase, typed or from a file descriptor."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import click
from uuid6 import uuid7

from pcc_desk.desk.audit import FailedTry, note_wanting, notice_of, sign_in
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, proved
from pcc_desk.desk.staff import break_glass
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import THE_DESK_ITSELF, Person
from pcc_desk.domain.shop import Shop
from pcc_desk.settings import is_practice
from pcc_desk.store.elsewhere import keyring_place
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import SLOT_FILES, Opened, Owner, owner_named, owners, unlock, unlock_by_recovery
from pcc_desk.store.vault_in_hand import VaultInHand

SHUT = 5
LONGEST_SECRET = 1000

F = TypeVar("F", bound=Callable[..., object])


class NoShop(DeskError):
    """There is no store, or it holds no shop yet."""


class NotOnStaff(DeskError):
    """Somebody has a key to the store and no place in the shop."""


def signing_in(command: F) -> F:
    """Give a command the options by which somebody says who they are: `who` and `passphrase_fd`."""
    descriptor = click.option(
        "--passphrase-fd", type=click.IntRange(min=0), metavar="FD", help="Read your passphrase from this descriptor."
    )
    name = click.option("--as", "who", metavar="NAME", help="Your name, where several people work.")
    return name(descriptor(command))


def entering(command: Callable[..., object]) -> Callable[..., object]:
    """Give a command the options by which somebody comes in, by the recovery sheet if need be: one `entrance`."""

    @click.option("--sheet", "why", metavar="REASON", help="Come in by the recovery sheet; the reason is on record.")
    @signing_in
    @wraps(command)
    def run(*args: object, who: str | None, passphrase_fd: int | None, why: str | None, **kwargs: object) -> object:
        return command(*args, entrance=Entrance(who, passphrase_fd, why), **kwargs)

    return run


@contextmanager
def unlocked(
    context: click.Context, home: Path, descriptor: int | None, who: str | None = None
) -> Iterator[tuple[EncryptedStore, Person]]:
    """Open the store as the person whose passphrase it is. Ends the command with a sentence when it does not open."""
    with _entered(home, _opened(context, home, descriptor, who)) as entered:
        yield entered


@dataclass(frozen=True, slots=True)
class Entrance:
    """How somebody says who they are."""

    who: str | None = None
    descriptor: int | None = None
    """Where the secret is read from; None: it is typed."""
    why: str | None = None
    """Why the recovery sheet is used in place of a person's secret; None: it is not."""


@contextmanager
def with_vault(
    context: click.Context, home: Path, entrance: Entrance
) -> Iterator[tuple[EncryptedStore, Person, VaultInHand]]:
    """Open the store, by the recovery sheet where a reason is given, and keep the vault in hand. Else as `unlocked`."""
    if entrance.why is None:
        opened = _opened(context, home, entrance.descriptor, entrance.who)
    else:
        opened = _opened_by_sheet(context, home, entrance)
    kept = opened.copy()
    try:
        with _entered(home, opened) as (store, person):
            kept.follow(store.key_generation)
            act = Act(uuid7(), datetime.now(UTC), person.id, store.read_now(shop_of).counter)
            is_owed = entrance.why is not None and bool(store.read_only)
            if entrance.why is not None and not is_owed:
                store.write_now(break_glass, entrance.who or "", entrance.why, act=act)
            yield store, person, VaultInHand(home, store, kept)
            if entrance.why is not None and is_owed and not store.read_only:
                store.write_now(break_glass, entrance.who or "", entrance.why, act=act)
    finally:
        kept.wipe()


def _opened_by_sheet(context: click.Context, home: Path, entrance: Entrance) -> Opened:
    if not (entrance.who and entrance.why and entrance.why.strip()):
        raise click.UsageError("With the recovery sheet, say who you are with --as, and give a reason with --sheet.")
    _require_shop(home)
    code = _secret(entrance.descriptor, "Code of the recovery sheet")
    opened = unlock_by_recovery(home, code)
    if not isinstance(opened, Opened):
        click.echo(opened.reason, err=True)
        context.exit(SHUT)
    return opened


def _opened(context: click.Context, home: Path, descriptor: int | None, who: str | None) -> Opened:
    _require_shop(home)
    person_id = _who(context, home, who)
    opened = unlock(home, _secret(descriptor), person_id)
    if not isinstance(opened, Opened):
        click.echo(opened.reason, err=True)
        context.exit(SHUT)
    return opened


def _require_shop(home: Path) -> None:
    if not any((home / each).exists() for each in SLOT_FILES):
        raise NoShop(f"No shop is set up in {home}. Run pcc-desk setup.")


def _who(context: click.Context, home: Path, name: str | None) -> UUID | None:
    """Return whose secret it will be. Ends the command when that has to be said."""
    known = owners(home)
    if name is None and len(known) > 1:
        click.echo(f"Say who you are with --as: {', '.join(each.name for each in known)}.", err=True)
        context.exit(SHUT)
    return None if name is None else owner_named(home, name).id


@contextmanager
def _entered(home: Path, opened: Opened) -> Iterator[tuple[EncryptedStore, Person]]:
    tries, failed_at = opened.tries, opened.failed_at
    store = EncryptedStore.open(home, opened)
    try:
        _look_elsewhere(store, home)
        person = store.read_now(_somebody, opened.owner)
        _put_on_record(store, person, failed_at)
        if not store.read_only:
            store.told_of(tries)
        yield store, person
    finally:
        store.close()


def _look_elsewhere(store: EncryptedStore, home: Path) -> None:
    """Compare the record with what the keyring of this computer knows of it, and say what is wrong."""
    if is_practice(home):
        return
    store.second_place = keyring_place(home)
    found = store.look_elsewhere_now(is_at_desk=False)
    if found.words and found.words != store.read_only:
        click.echo(found.words, err=True)
    if found.wanting is not None and not store.read_only:
        shop = store.read_now(shop_of)
        store.write_now(note_wanting, found.wanting, act=Act(uuid7(), datetime.now(UTC), THE_DESK_ITSELF, shop.counter))


def _put_on_record(store: EncryptedStore, person: Person, failed_at: tuple[datetime, ...]) -> None:
    """Put on record who came in, and say what is wrong. A store that is read only is read all the same."""
    if store.read_only:
        click.echo(store.read_only, err=True)
        return
    shop, wanting = store.read_now(lambda ledger: ledger.shop()), store.anchor_wanting
    if shop is None:
        return
    failed = tuple(FailedTry(each, person.id) for each in failed_at)
    act = Act(uuid7(), datetime.now(UTC), person.id, shop.counter)
    told = store.write_now(
        sign_in, failed, act=act, new_id=uuid7, where="command", wanting=wanting, troubles=store.vault_troubles
    )
    if failed or wanting is not None or store.vault_troubles:
        click.echo(notice_of(told, shop), err=True)


def _somebody(ledger: Ledger, owner: Owner) -> Person:
    """Return whoever opened the store, as they are on record. Raises `NotOnStaff`."""
    person = ledger.person(owner.id)
    if person is None or person.has_left:
        raise NotOnStaff(f"{owner.name} is not on the staff of this shop. Ask a manager.")
    return person


def shop_of(ledger: Ledger) -> Shop:
    """Return the shop of a store. Raises `NoShop`."""
    shop = ledger.shop()
    if shop is None:
        raise NoShop("This store holds no shop: its set-up was not finished. Run pcc-desk setup again.")
    return shop


def act_of(store: EncryptedStore, person: Person, right: Right) -> Act:
    """Return that somebody does something by a command. The secret that opened the store for it is the proof.

    Raises `NoShop`.
    """
    act = Act(uuid7(), datetime.now(UTC), person.id, store.read_now(shop_of).counter)
    return proved(act, right, act.at)


def secret_from(descriptor: int, of_what: str = "a passphrase") -> str:
    """Return the line that a file descriptor holds. Ends the command when it cannot be read."""
    try:
        with os.fdopen(descriptor, "rb") as file:
            return file.read(LONGEST_SECRET).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"File descriptor {descriptor} cannot be read as {of_what}.") from error


def _secret(descriptor: int | None, what: str = "Passphrase") -> str:
    if descriptor is None:
        secret: str = click.prompt(what, hide_input=True, err=True)
        return secret
    return secret_from(descriptor, "a secret")
