"""Unlocking the store of a shop for a command: the passphrase, typed or from a file descriptor."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.people import Person
from pcc_desk.domain.shop import Shop
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import SLOT_FILES, Opened, Owner, unlock

SHUT = 5
LONGEST_SECRET = 1000


class NoShop(DeskError):
    """There is no store, or it holds no shop yet."""


class NotOnStaff(DeskError):
    """Somebody has a key to the store and no place in the shop."""


@contextmanager
def unlocked(context: click.Context, home: Path, descriptor: int | None) -> Iterator[tuple[EncryptedStore, Person]]:
    """Open the store as the person whose passphrase it is. Ends the command with a sentence when it does not open."""
    if not any((home / each).exists() for each in SLOT_FILES):
        raise NoShop(f"No shop is set up in {home}. Run pcc-desk setup.")
    opened = unlock(home, _secret(descriptor))
    if not isinstance(opened, Opened):
        click.echo(opened.reason, err=True)
        context.exit(SHUT)
    store = EncryptedStore.open(home, opened)
    try:
        yield store, store.read_now(_somebody, opened.owner)
    finally:
        store.close()


def _somebody(ledger: Ledger, owner: Owner) -> Person:
    """Return whoever opened the store, as they are on record. Raises `NotOnStaff`."""
    person = ledger.person(owner.id)
    if person is None:
        raise NotOnStaff(f"{owner.name} is not on the staff of this shop. Ask a manager.")
    return person


def shop_of(ledger: Ledger) -> Shop:
    """Return the shop of a store. Raises `NoShop`."""
    shop = ledger.shop()
    if shop is None:
        raise NoShop("This store holds no shop: its set-up was not finished. Run pcc-desk setup again.")
    return shop


def _secret(descriptor: int | None) -> str:
    if descriptor is None:
        secret: str = click.prompt("Passphrase", hide_input=True, err=True)
        return secret
    return secret_from(descriptor)


def secret_from(descriptor: int) -> str:
    """Return the secret that a file descriptor holds. Raises `click.UsageError` when it cannot be read."""
    try:
        with os.fdopen(descriptor, "rb") as file:
            return file.read(LONGEST_SECRET).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"File descriptor {descriptor} cannot be read as a passphrase.") from error
