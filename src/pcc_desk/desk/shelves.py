"""The packages at the till beside those in the state's record, with what this desk moved and the state has not yet."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.monitor import kept_back
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.amendments import as_it_stands
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.closing_entries import ShelvesCompared
from pcc_desk.domain.dispensing import DispensedLine, PostingState, PostKind
from pcc_desk.domain.entries import Act
from pcc_desk.domain.products import Package
from pcc_desk.domain.reconciling.findings import NotCompared
from pcc_desk.domain.reconciling.shelves import PackageFinding, check_catalogue, compare_packages
from pcc_desk.domain.sales import tag_key
from pcc_desk.domain.shelf import ShelfPackage


@dataclass(frozen=True, slots=True)
class Shelves:
    """How the packages differ. With anything in `not_compared` there are no `differences`."""

    at: datetime
    till: int
    """How many packages each side has."""
    state: int
    differences: tuple[PackageFinding, ...]
    catalogue: tuple[PackageFinding, ...]
    """What in the till's catalogue cannot be."""
    not_compared: tuple[NotCompared, ...]


def on_the_way(ledger: Ledger) -> dict[str, int]:
    """Return thousandths by tag that were dispensed here and are not in the state's record yet, as it stands now."""
    moved: dict[str, int] = {}
    for of in {each.dispensation_id for each in ledger.unposted()}:
        posting, given = ledger.posting(of), ledger.dispensation(of)
        if given is None or posting is None:
            continue
        amendments = ledger.amendments(of)
        is_void = any(each.kind is PostKind.VOID for each in amendments)
        stands = {} if is_void else _lines_of(as_it_stands(given, amendments).lines)
        has = _lines_of(given.lines) if posting.state is PostingState.ACCEPTED else {}
        for label in stands.keys() | has.keys():
            moved[label] = moved.get(label, 0) + stands.get(label, 0) - has.get(label, 0)
    return moved


def _lines_of(lines: tuple[DispensedLine, ...]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for line in lines:
        label = tag_key(line.label)
        amounts[label] = amounts.get(label, 0) + line.quantity.milli
    return amounts


def keep_shelves(ledger: Ledger, compared: ShelvesCompared, *, act: Act) -> None:
    """Put on record that the packages were compared, and how many differ. Raises `NotPermitted`."""
    require(ledger, act, Right.RECONCILE)
    ledger.record(compared, act)


async def compare_shelves(desk: Desk) -> Shelves:
    """Read the packages of both sides and compare them. A side that cannot be read compares nothing.

    Raises `NotPermitted`.
    """
    act = desk.act()
    await desk.store.read(require, act, Right.RECONCILE)
    shelf, state = await asyncio.gather(desk.pos.stock(), _state_stock(desk))
    if not isinstance(shelf, Unanswered) and shelf and not any(each.label for each in shelf):
        shelf = Unanswered(Silence.ABSENT, f"{desk.pos.name} tells its stock by product and no package's tag")
    moved = await desk.store.read(on_the_way)
    sides = ((desk.pos.name, shelf), (desk.state.name, state))
    silent = tuple(NotCompared(name, side.reason) for name, side in sides if isinstance(side, Unanswered))
    tills: tuple[ShelfPackage, ...] = () if isinstance(shelf, Unanswered) else shelf
    records: tuple[Package, ...] = () if isinstance(state, Unanswered) else state
    shelves = Shelves(
        at=desk.clock.now(),
        till=len(tills),
        state=len(records),
        differences=() if silent else compare_packages(tills, records, moved),
        catalogue=check_catalogue(tills),
        not_compared=silent,
    )
    counted = ShelvesCompared(shelves.till, shelves.state, len(shelves.differences), len(shelves.catalogue), not silent)
    await desk.store.write(keep_shelves, counted, act=act)
    return shelves


async def _state_stock(desk: Desk) -> tuple[Package, ...] | Unanswered:
    out_of_reach = await kept_back(desk)
    return out_of_reach or await desk.state.stock()
