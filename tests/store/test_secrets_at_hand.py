"""The vault at an open desk: what is seen of it by anybody, and what only who proves who they are has in hand."""

from pathlib import Path

import pytest

from pcc_desk.desk import staffing
from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.ports_secrets import SecretSeen
from pcc_desk.desk.rights import NotProved
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store.vault import SLOT_FILES, Cost, Opened, WrongSecret, unlock
from pcc_desk.store.vault_in_hand import SecretsAtHand, VaultInHand
from tests.fakes import NOON, TYPED
from tests.store.stores import new_id
from tests.store.test_vault_marks import FIRST, IDA, SECOND, come_in, home

pytestmark = pytest.mark.usefixtures("quick_secrets")

__all__ = ["home"]


def typed() -> Act:
    return Act(new_id(), NOON, IDA.id, "counter-1", TYPED)


async def test_a_wrong_secret_is_counted_and_the_right_one_changes_people_and_key_while_the_store_is_open(
    home: Path,
) -> None:
    store = come_in(home)
    at_hand = SecretsAtHand(home, store, IDA.id, cost=Cost())
    assert at_hand.seen() == {IDA.id: (SecretSeen(SecretKind.PASSPHRASE, 100),)}
    assert isinstance(await at_hand.in_hand("not this passphrase"), StaysShut)
    assert at_hand.seen()[IDA.id][0].tries_left == 99
    vault = await at_hand.in_hand(FIRST)
    assert isinstance(vault, VaultInHand)
    ben = await staffing.take_on(store, vault, "Ben Osei", Role.COORDINATOR, SECOND, new_act=typed)
    assert isinstance(ben, Person)
    vault.close()
    assert at_hand.seen().keys() == {IDA.id, ben.id}
    again = await at_hand.in_hand(FIRST)
    assert isinstance(again, VaultInHand)
    with pytest.raises(NotProved):
        await staffing.change_key(store, again, new_act=lambda: Act(new_id(), NOON, IDA.id, "counter-1"))
    await staffing.see_off(store, again, ben.id, new_act=typed)
    again.close()
    assert (store.key_generation, set(at_hand.seen())) == (2, {IDA.id})
    store.close()
    assert isinstance(unlock(home, SECOND, ben.id), WrongSecret)
    opened = unlock(home, FIRST, IDA.id)
    assert isinstance(opened, Opened)
    opened.wipe()


async def test_a_list_that_somebody_changed_is_answered_for_at_the_open_desk(home: Path) -> None:
    for name in SLOT_FILES:
        path = home / name
        path.write_text(path.read_text().replace('"generation": 1', '"generation": 0'))
    store = come_in(home)
    at_hand = SecretsAtHand(home, store, IDA.id, cost=Cost())
    assert VaultTrouble.SLOTS_CHANGED in at_hand.troubles
    assert store.read_only
    vault = await at_hand.in_hand(FIRST)
    assert isinstance(vault, VaultInHand)
    assert not await staffing.seal(vault, "   ", new_act=typed)
    assert await staffing.seal(vault, "a test of ours", new_act=typed)
    vault.close()
    assert (at_hand.troubles, store.read_only) == ((), "")
    store.close()
    store = come_in(home)
    assert (store.vault_troubles, store.read_only) == ((), "")
    store.close()
