"""What is done once, when a desk is open: who came in goes on record, what a kill left is finished, reading ahead."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pcc_desk.desk.door import Emergency

if TYPE_CHECKING:
    from pcc_desk.desk.desk import Desk
    from pcc_desk.store.engine import EncryptedStore
    from pcc_desk.store.vault import Opened

WARMS_AFTER_S = 1.0
"""How long after the unlocking what a search looks through is read ahead: the first place stands by then."""


async def mark_opened_by_sheet(desk: "Desk", emergency: Emergency) -> None:
    """Put on record who opened the desk with the recovery sheet, and why; mark the desk, and let it end."""
    from pcc_desk.desk.audit import on_record
    from pcc_desk.desk.staff import GLASS_BROKEN_FOR, break_glass

    act = desk.act()
    await on_record(desk, break_glass, emergency.who, emergency.why, act=act)
    desk.person = replace(desk.person, name=f"{emergency.who} ({desk.person.name.lower()})")
    desk.glass_broken_until, desk.session_limit = act.at + GLASS_BROKEN_FOR, min(desk.session_limit, GLASS_BROKEN_FOR)


async def finish_leaving_owed(home: Path, desk: "Desk", store: "EncryptedStore", kept: "Opened") -> None:
    """Change the key of the store where somebody who left has a slot still: a kill came between."""
    from pcc_desk.desk.staffing import finish_leaving
    from pcc_desk.store.vault_in_hand import VaultInHand

    if not store.read_only:
        await finish_leaving(store, VaultInHand(home, store, kept), new_act=desk.act)


async def sign_in(home: Path, desk: "Desk", store: "EncryptedStore", opened: "Opened") -> None:
    """Put on record who came in, and what was found meanwhile; let them be told. Owed where nothing is written now."""
    from pcc_desk.desk.audit import FailedTry, came_in

    failed, tries = tuple(FailedTry(each, desk.person.id) for each in opened.failed_at), opened.tries
    await came_in(desk, failed, store.anchor_wanting, store.vault_troubles)
    if not store.read_only:
        await asyncio.to_thread(store.told_of, tries)


async def warm_soon(store: "EncryptedStore") -> None:
    """Read ahead what a search looks through, once the first place stands."""
    await asyncio.sleep(WARMS_AFTER_S)
    from pcc_desk.store.warming import warm

    await warm(store)
