"""What is in stock: the state system says what and how much, the point of sale says for how much.

Where people read the state system, they tell the stock: as a whole from a table, or a package as it is needed.
"""

from dataclasses import replace

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.monitor import kept_back
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.entries import Act, PackageTyped, StockRead
from pcc_desk.domain.products import Package


def packages(ledger: Ledger) -> tuple[Package, ...]:
    """Return the packages in stock as last read, less what was dispensed here since."""
    return ledger.packages()


def keep_stock(ledger: Ledger, read: tuple[Package, ...], system: str, *, act: Act) -> None:
    """Put the packages on record as they were just read. A price that was not read stays as it was known."""
    require(ledger, act, Right.READ_STOCK)
    known = {each.label: each.unit_price_cents for each in ledger.packages()}
    priced = tuple(
        each if each.unit_price_cents is not None else replace(each, unit_price_cents=known.get(each.label))
        for each in read
    )
    ledger.record(StockRead(priced, system), act)


BY_HAND = "by hand"
"""In the place of a system's name where a person told the stock."""


def keep_package(ledger: Ledger, package: Package, *, act: Act) -> None:
    """Put a package on record as a person typed it: with how much the state's page shows of it now."""
    require(ledger, act, Right.READ_STOCK)
    ledger.record(PackageTyped(package), act)


async def read_stock(desk: Desk) -> Unanswered | None:
    """Read stock and prices and keep them. Return why that was not possible; what was known before stays."""
    act = desk.act()
    await desk.store.read(require, act, Right.READ_STOCK)
    out_of_reach = await kept_back(desk)
    if out_of_reach is not None:
        return out_of_reach
    stock = await desk.state.stock()
    desk.links.heard(desk.state.name, stock, desk.clock.now())
    if isinstance(stock, Unanswered):
        return stock
    prices = await desk.pos.prices()
    desk.links.heard(desk.pos.name, prices, desk.clock.now())
    if not isinstance(prices, Unanswered):
        stock = tuple(replace(each, unit_price_cents=prices.get(each.label)) for each in stock)
    await desk.store.write(keep_stock, stock, desk.state.name, act=act)
    return None
