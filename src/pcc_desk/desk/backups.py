"""Backing the record up: a copy, its proof, and the end of copies whose time is over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import Clock, Copies, Ledger, Store
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.backups import (
    BackupEntry,
    BackupFailed,
    BackupMade,
    BackupNotProved,
    BackupOnRecord,
    BackupProved,
    BackupsRemoved,
    BackupState,
    CopyMade,
    CopyNotMade,
    CopyOnDisk,
    NotProved,
    Proved,
    Second,
    newest_proved,
    outlived,
)
from pcc_desk.domain.entries import Act

LOOK_EVERY = timedelta(minutes=5)
FIRST_LOOK = timedelta(seconds=20)
"""How long after the desk opens copies are first looked at: the person who opened it comes first."""

Actor = Callable[[], Act]


class Keeper(Protocol):
    """As much of a desk as copies need."""

    backups: BackupState | None
    backups_tried_at: datetime | None

    @property
    def store(self) -> Store:
        """The record."""
        ...

    @property
    def copies(self) -> Copies | None:
        """Where its copies go."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    def act_by_itself(self) -> Act:
        """Return that the program does something."""
        ...


class NoCopies(DeskError):
    """There is no place for copies."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A copy was made. `proof` says whether it is good, `removed` which older ones went for it."""

    made: CopyMade
    proof: Proved | NotProved
    removed: tuple[str, ...]

    @property
    def trouble(self) -> str:
        """What somebody has to know; empty when all is well."""
        return trouble_of(self.proof, self.made)


def trouble_of(proof: Proved | NotProved, made: CopyMade | None) -> str:
    """Return what somebody has to know of a copy and its proof; empty when all is well."""
    if isinstance(proof, NotProved):
        return f"The newest copy is not good. {proof.why}"
    return "" if made is None or made.second is not Second.FAILED else f"There is no second copy. {made.why}"


async def back_up(desk: Keeper, acting: Actor) -> BackedUp | CopyNotMade:
    """Make a copy of the record, prove it, and let copies go whose time is over. Each is on record.

    `acting` says who does it, `desk.act` or `desk.act_by_itself`, anew for each act. Raises `NotPermitted` for who may
    not, `ReadOnly` where nothing can be put on record.
    """
    copies = _copies(desk)
    await desk.store.read(_require, acting())
    await copies.renew()
    made = await copies.make(desk.clock.now())
    if isinstance(made, CopyNotMade):
        await desk.store.write(_record, BackupFailed(made.why), acting())
        desk.backups = replace(await look(desk), trouble=f"No copy was made. {made.why}")
        return made
    copy = made.copy
    entry = BackupMade(copy.name, copy.made_at, made.seq, copy.size, made.second, made.why)
    await desk.store.write(_record, entry, acting())
    proof = await prove(desk, copy, acting)
    removed = await _let_go(desk, acting) if isinstance(proof, Proved) else ()
    desk.backups = replace(await look(desk), trouble=trouble_of(proof, made))
    return BackedUp(made, proof, removed)


async def prove(desk: Keeper, copy: CopyOnDisk, acting: Actor) -> Proved | NotProved:
    """Prove a copy, and put on record whether it is good. Raises as `back_up` does."""
    copies = _copies(desk)
    await desk.store.read(_require, acting())
    proof = await copies.prove(copy.name)
    entry: BackupEntry = (
        BackupProved(proof.copy, proof.made_at, proof.seq)
        if isinstance(proof, Proved)
        else BackupNotProved(proof.copy, proof.made_at or copy.made_at, proof.why)
    )
    await desk.store.write(_record, entry, acting())
    return proof


async def _let_go(desk: Keeper, acting: Actor) -> tuple[str, ...]:
    copies = _copies(desk)
    listed, known = await copies.listed(), await desk.store.read(on_record)
    gone = await copies.remove(outlived(listed, _proved(known)))
    lost = {each.copy for each in known} - {each.name for each in listed}
    forgotten = tuple(sorted({*gone, *lost}))
    if forgotten:
        await desk.store.write(_record, BackupsRemoved(forgotten), acting())
    return gone


async def look(desk: Keeper) -> BackupState:
    """Return how the record is provided for: what is on record of copies that are there."""
    listed, known = await _copies(desk).listed(), await desk.store.read(on_record)
    newest = newest_proved(listed, _proved(known))
    return BackupState(newest.made_at if newest else None, _trouble(known))


def _trouble(known: tuple[BackupOnRecord, ...]) -> str:
    """Return what is on record against the newest copy."""
    if not known:
        return ""
    newest = known[0]
    if newest.failed:
        return f"The newest copy is not good. {newest.failed}"
    return f"There is no second copy. {newest.second_why}" if newest.second is Second.FAILED else ""


async def keep_backed_up(desk: Keeper, told: Callable[[], None]) -> None:
    """Look until cancelled whether a copy is due, and make it. `told` hears that something was looked at."""
    await asyncio.sleep(FIRST_LOOK.total_seconds())
    while True:
        try:
            await see_to_it(desk)
        except DeskError as error:
            desk.backups = replace(desk.backups or BackupState(None), trouble=str(error))
        told()
        await asyncio.sleep(LOOK_EVERY.total_seconds())


async def see_to_it(desk: Keeper) -> None:
    """Prove what was copied and not proved, and make a copy when the newest good one is as old as it may be.

    After one that was not made the next is tried an hour later: a full disk is not emptied by trying.
    """
    state = await look(desk)
    desk.backups = state if desk.backups is None else replace(state, trouble=state.trouble or desk.backups.trouble)
    if desk.store.read_only:
        return
    await _copies(desk).renew()
    waiting = await _unproved(desk)
    if waiting is not None:
        proof = await prove(desk, waiting, desk.act_by_itself)
        desk.backups = replace(await look(desk), trouble=trouble_of(proof, None))
    now = desk.clock.now()
    if desk.backups.is_late(now) and not _was_tried_lately(desk):
        desk.backups_tried_at = now
        await back_up(desk, desk.act_by_itself)


def _was_tried_lately(desk: Keeper) -> bool:
    tried = desk.backups_tried_at
    return tried is not None and desk.clock.now() - tried < timedelta(hours=1)


async def _unproved(desk: Keeper) -> CopyOnDisk | None:
    """Return the newest copy when nobody has tried it yet: the desk was shut between the copy and its proof."""
    listed, known = await _copies(desk).listed(), await desk.store.read(on_record)
    tried = {each.copy for each in known if each.proved_at is not None or each.failed}
    return listed[0] if listed and listed[0].name not in tried else None


def on_record(ledger: Ledger) -> tuple[BackupOnRecord, ...]:
    """Return what is on record of copies, newest first."""
    return ledger.backups()


def _proved(known: tuple[BackupOnRecord, ...]) -> frozenset[str]:
    return frozenset(each.copy for each in known if each.proved_at is not None)


def _require(ledger: Ledger, act: Act) -> None:
    require(ledger, act, Right.BACK_UP)


def _record(ledger: Ledger, entry: BackupEntry, act: Act) -> None:
    require(ledger, act, Right.BACK_UP)
    ledger.record(entry, act)


def _copies(desk: Keeper) -> Copies:
    if desk.copies is None:
        raise NoCopies("This desk keeps no copies.")
    return desk.copies
