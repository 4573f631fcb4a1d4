"""Applies entries about the stock to its table; `projection` calls it."""

from pcc_desk.domain import entries as happened
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import name_key
from pcc_desk.domain.products import Package
from pcc_desk.store.connection import Connection
from pcc_desk.store.inserts import insert
from pcc_desk.store.instants import micros


def read(entry: happened.StockRead, connection: Connection, act: Act) -> None:
    """Put the packages there that were read, in the place of all others."""
    connection.execute("DELETE FROM package")
    for package in entry.packages:
        _put_package(connection, package, act)


def typed(entry: happened.PackageTyped, connection: Connection, act: Act) -> None:
    """Put a package there that a person typed."""
    connection.execute("DELETE FROM package WHERE label = ?", (entry.package.label,))
    _put_package(connection, entry.package, act)


def _put_package(connection: Connection, package: Package, act: Act) -> None:
    insert(
        connection,
        "package",
        package.label,
        package.product,
        name_key(package.product),
        package.category,
        package.remaining.milli,
        package.remaining.unit.value,
        package.unit_net_mg,
        package.unit_volume_ul,
        package.unit_thc_ug,
        package.blocked,
        package.expires_on.isoformat() if package.expires_on else None,
        package.unit_price_cents,
        micros(act.at),
    )
