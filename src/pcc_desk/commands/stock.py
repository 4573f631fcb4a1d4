"""`pcc-desk stock import`: the stock of a shop whose state system people read, from a table."""

import os
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from uuid6 import uuid7

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.catalogue import table
from pcc_desk.adapters.pos.tables import Damaged
from pcc_desk.commands.unlocking import shop_of, signing_in, unlocked
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.stock import BY_HAND, keep_stock
from pcc_desk.domain.entries import Act
from pcc_desk.domain.products import Package
from pcc_desk.domain.typed_packages import NEEDED, NoPackage, Told, package_of
from pcc_desk.home import usual_home
from pcc_desk.rulebook import OWN_FOLDER, rules_for
from pcc_desk.settings import load_settings

FOUND = 1
LARGEST = 20 * 1024 * 1024
SHOWN = 20

TITLES: dict[str, tuple[str, ...]] = {
    Told.LABEL: ("package id", "package label", "package tag", "package", "label", "tag", "barcode"),
    Told.PRODUCT: ("product name", "product", "item name", "item"),
    Told.CATEGORY: ("category", "product category", "kind"),
    Told.QUANTITY: ("quantity", "available", "remaining", "left", "amount"),
    Told.UNIT: ("unit", "unit of measure", "uom"),
    Told.WEIGHT: ("unit weight (g)", "net weight (g)", "weight of one (g)", "grams each"),
    Told.VOLUME: ("unit volume (ml)", "volume of one (ml)", "ml each"),
    Told.THC: ("unit thc (mg)", "thc of one (mg)", "thc (mg)"),
    Told.PRICE: ("unit price", "price of one", "price"),
    Told.EXPIRES: ("expires", "expiration date", "use by", "last day"),
}
"""Under which titles a column may stand."""


@click.group(short_help="Tell the stock of a shop whose state system people read.")
def stock() -> None:
    """Tell the desk what is in stock where no program reads it."""


@stock.command("import", short_help="Take the stock from a table.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Read the table and say what is in it; keep nothing.")
@click.option("--yes", is_flag=True, help="Keep it without asking.")
@signing_in
@click.pass_context
def import_stock(
    context: click.Context, *, file: Path, check: bool, yes: bool, passphrase_fd: int | None, who: str | None
) -> None:
    """Take the whole stock from FILE (CSV with a row of titles), as the state's page shows it now.

    What is not in it is no longer in stock. When a line cannot be used, it is named and nothing at all is kept. The
    desk itself must be shut.
    """
    home: Path = context.find_root().obj or usual_home(os.environ)
    chosen = load_settings(home).state_system
    if chosen is not None and chosen.adapter != "manual":
        click.echo(f"{chosen.name} tells the stock of this shop. Press f5 where packages are dispensed.", err=True)
        context.exit(FOUND)
    with unlocked(context, home, passphrase_fd, who) as (store, person):
        shop, now = store.read_now(shop_of), datetime.now(UTC)
        rules = rules_for(shop.jurisdiction, shop.day(now), own=home / OWN_FOLDER)
        try:
            packages, wrong = read_table(_bytes(file), rules.listed)
        except Damaged as error:
            packages, wrong = (), (f"{file.name} cannot be used: {error}.",)
        if wrong:
            more = [f"{len(wrong) - SHOWN} more."] if len(wrong) > SHOWN else []
            click.echo("\n".join([*wrong[:SHOWN], *more, "Nothing was kept."]), err=True)
            context.exit(FOUND)
        click.echo("\n".join(_told(packages)))
        if check or not (yes or click.confirm("Is this the whole stock, as the state's page shows it?", err=True)):
            click.echo("Nothing was kept.")
            return
        act = Act(uuid7(), now, person.id, shop.counter)
        store.write_now(_keep, packages, act)
        click.echo(f"Kept: {_count(packages)} in stock.")


def _keep(ledger: Ledger, packages: tuple[Package, ...], act: Act) -> None:
    keep_stock(ledger, packages, BY_HAND, act=act)


def read_table(raw: bytes, categories: Collection[str]) -> tuple[tuple[Package, ...], tuple[str, ...]]:
    """Return the packages of a table, and a sentence on each line that cannot be used. Raises `Damaged`.

    Lines are counted as a person sees them, the row of titles among them.
    """
    at, rows = table(raw, TITLES, tuple(each.value for each in NEEDED))
    found: dict[str, Package] = {}
    wrong = []
    for number, row in rows:
        told = {each: row[at[each]] for each in Told if each in at}
        package = package_of(told, categories)
        if isinstance(package, NoPackage):
            wrong.append(f"Line {number}: {cleaned(package.why, 400)}")
        elif package.label in found:
            wrong.append(f"Line {number}: The tag {package.label} is there twice.")
        else:
            found[package.label] = package
    if not rows:
        wrong.append("There is no line below the titles.")
    return tuple(found.values()), tuple(wrong)


def _bytes(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise Damaged(f"it is larger than {LARGEST // 1024 // 1024} MB")
    return file.read_bytes()


def _told(packages: tuple[Package, ...]) -> Iterator[str]:
    for each in packages[:SHOWN]:
        yield f"{each.label:<26}{each.product[:34]:<36}{each.category:<16}{each.remaining!s:>14}"
    if len(packages) > SHOWN:
        yield f"{len(packages) - SHOWN} more."


def _count(packages: tuple[Package, ...]) -> str:
    return "1 package" if len(packages) == 1 else f"{len(packages)} packages"
