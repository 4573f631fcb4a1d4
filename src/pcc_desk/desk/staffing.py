"""Changes of the staff that are made in two places: on record, and in the vault.

The record comes first. What a kill leaves undone in the vault is done when somebody opens the desk next.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger, Store
from pcc_desk.desk.ports_secrets import Vault
from pcc_desk.desk.staff import (
    HasLeft,
    LastManager,
    NameTaken,
    Oneself,
    add_person,
    allow_tries,
    let_go,
    may_change,
    note_pin_taken,
    note_secret,
    seal_slots,
)
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, Role, SecretKind

NewAct = Callable[[], Act]
"""Return a fresh act of whoever does it."""


async def take_on(
    store: Store, vault: Vault, name: str, role: Role, secret: str, *, new_act: NewAct
) -> Person | NameTaken:
    """Put somebody on the staff and give them a passphrase. Raises `SecretRefused` before anything was done."""
    vault.judge(name, SecretKind.PASSPHRASE, secret)
    person = await store.write(add_person, name, role, act=new_act())
    if isinstance(person, Person):
        await give_secret(store, vault, person, SecretKind.PASSPHRASE, secret, new_act=new_act)
    return person


async def give_secret(
    store: Store, vault: Vault, person: Person, kind: SecretKind, secret: str, *, new_act: NewAct
) -> None:
    """Give somebody a PIN or a passphrase. Raises `SecretRefused` or another `DeskError`, and nothing was done then."""
    vault.judge(person.name, kind, secret)
    await store.write(note_secret, person.id, kind, act=new_act())
    await asyncio.to_thread(vault.give_secret, person, kind, secret)


async def make_sheet(store: Store, vault: Vault, *, new_act: NewAct) -> str:
    """Make the recovery sheet anew and return its code, which is kept nowhere."""
    recovery = await store.read(recovery_person)
    await store.write(note_secret, recovery.id, SecretKind.RECOVERY, act=new_act())
    return await asyncio.to_thread(vault.new_sheet, recovery)


def recovery_person(ledger: Ledger) -> Person:
    """Return in whose name the recovery sheet opens the desk. Raises `NoSuchRecord` in a store of an older desk."""
    found = next((each for each in ledger.everybody() if each.role is Role.RECOVERY), None)
    if found is None:
        raise NoSuchRecord("This shop was set up before there were recovery sheets. Restore a copy into a new shop.")
    return found


async def take_pin(store: Store, vault: Vault, person_id: UUID, *, new_act: NewAct) -> bool:
    """Take a person's PIN away; whether there was one."""
    if SecretKind.PIN not in vault.kinds().get(person_id, ()):
        return False
    await store.write(note_pin_taken, person_id, act=new_act())
    return await asyncio.to_thread(vault.take_pin, person_id)


async def allow_again(store: Store, vault: Vault, person_id: UUID, *, new_act: NewAct) -> None:
    """Let a person's secrets be tried again that were tried too often."""
    await store.write(allow_tries, person_id, act=new_act())
    await asyncio.to_thread(vault.allow_again, person_id)


async def seal(vault: Vault, reason: str, *, new_act: NewAct) -> bool:
    """Answer for who can open the store as the files say now; whether a reason was given: without, nothing is done."""
    words = " ".join(reason.split())
    if words:
        await asyncio.to_thread(vault.answer_for, seal_slots, words, new_act())
    return bool(words)


async def change_key(store: Store, vault: Vault, *, new_act: NewAct) -> None:
    """Change the key of the store for everybody who can open it. Raises `NotPermitted` or `NotProved`."""
    await store.read(may_change, act=new_act())
    await asyncio.to_thread(vault.change_key, new_act())


async def see_off(
    store: Store, vault: Vault, person_id: UUID, *, new_act: NewAct
) -> Person | HasLeft | Oneself | LastManager:
    """Take somebody off the staff, and change the key of the store, so that nothing they have opens it from now on."""
    outcome = await store.write(let_go, person_id, act=new_act())
    if isinstance(outcome, Person) or (isinstance(outcome, HasLeft) and person_id in vault.kinds()):
        await asyncio.to_thread(vault.change_key, new_act(), frozenset({person_id}))
    return outcome


async def finish_leaving(store: Store, vault: Vault, *, new_act: NewAct) -> bool:
    """Change the key of the store where somebody who left has a slot still; whether that was so."""
    left = await store.read(lambda ledger: frozenset(each.id for each in ledger.everybody() if each.has_left))
    behind = vault.left_behind(left)
    if behind:
        await asyncio.to_thread(vault.change_key, new_act(), behind)
    return bool(behind)
