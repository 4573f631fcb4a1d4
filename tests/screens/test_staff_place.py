"""The Staff place by keyboard: everything that `pcc-desk staff` does, each after the secret; and one's own secret."""

from datetime import timedelta
from uuid import UUID

import pytest

from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import RECOVERY_NAME, Person, Role, SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble
from tests.desk.counter import ANA, BEN, Counter
from tests.fakes_secrets import CODE, FakeSecrets
from tests.screens.seat import NARROW, SECRET, Seat, at_the_queue

IDA = Person(UUID(int=0x1DA), "Ida Nkemelu", Role.MANAGER)
SHEET = Person(UUID(int=0x5EE7), RECOVERY_NAME, Role.RECOVERY)
NEW = "seven quiet herons fly"


@pytest.fixture
def managed(counter: Counter) -> Counter:
    """Return a counter at which the manager sits, and whose people have secrets."""
    counter.put(StaffAdded(IDA), StaffAdded(SHEET))
    counter.desk = counter.desk_of(IDA)
    secrets = FakeSecrets(counter.ledger, SECRET)
    for each in (ANA, BEN, IDA):
        secrets.kept[each.id] = {SecretKind.PASSPHRASE: "what they had before"}
    counter.desk.secrets = secrets
    return counter


def secrets_of(counter: Counter) -> FakeSecrets:
    assert isinstance(counter.desk.secrets, FakeSecrets)
    return counter.desk.secrets


async def at_staff(seat: Seat) -> None:
    await seat.press("ctrl+g", "s")
    await seat.see("[Staff")
    await seat.see("3 on the staff")


async def on(seat: Seat, name: str) -> None:
    """Put the cursor on somebody."""
    await seat.press("home")
    for _ in range(5):
        if any("▸" in line and name in line for line in seat.lines):
            return
        await seat.press("down")
    raise AssertionError(f"{name} is not in the list:\n{seat.text}")


async def test_the_list_says_who_works_here_as_what_and_by_what_they_open_the_desk(managed: Counter) -> None:
    secrets_of(managed).kept[BEN.id][SecretKind.PIN] = "385912"
    secrets_of(managed).off.add(BEN.id)
    async with at_the_queue(managed, NARROW) as seat:
        await at_staff(seat)
        (bens,) = (line for line in seat.lines if "Ben Osei" in line)
        assert all(each in bens for each in ("pharmacist", "passphrase and pin", "never", "off, off")), bens
        assert RECOVERY_NAME not in seat.text
        await on(seat, "Ben Osei")
        await seat.press("t")
        await seat.prove()
        await seat.see("The secrets of Ben Osei are taken again.")
        assert secrets_of(managed).off == set()
        assert managed.recorded("secret.tries_allowed") == 1


async def test_somebody_is_added_with_a_role_and_a_passphrase_after_the_managers_own(managed: Counter) -> None:
    async with at_the_queue(managed) as seat:
        await at_staff(seat)
        await seat.type("nNoor Haddad\r")
        await seat.see("What Noor Haddad is")
        await seat.press("down", "enter")
        await seat.see("The new passphrase of Noor Haddad")
        assert "birch stone river" in seat.text
        await seat.type(f"{NEW}\rsomething else here\r")
        await seat.see("The two differ.")
        await seat.type(f"{NEW}\r{NEW}\r")
        await seat.see("Adding and removing staff")
        assert NEW not in seat.text
        await seat.prove()
        await seat.see("Noor Haddad is on the staff as pharmacist.")
        (noor,) = (each for each in managed.ledger.everybody() if each.name == "Noor Haddad")
        assert secrets_of(managed).kept[noor.id] == {SecretKind.PASSPHRASE: NEW}
        assert managed.recorded("secret.given") == 1
        assert secrets_of(managed).is_open is False
        await seat.see("4 on the staff")


async def test_without_the_secret_nothing_is_changed_and_a_wrong_one_is_on_record(managed: Counter) -> None:
    async with at_the_queue(managed) as seat:
        await at_staff(seat)
        await on(seat, "Ana Ruiz")
        await seat.press("r", "down", "enter")
        await seat.see("type your PIN or passphrase again")
        await seat.type("not it\r")
        await seat.see("That is not the passphrase.")
        assert managed.recorded("proof.failed") == 1
        await seat.press("escape")
        await seat.see("Not done: your secret was not typed again.")
        assert managed.recorded("staff.role_given") == 0
        await seat.press("r", "down", "enter")
        await seat.prove()
        await seat.see("Ana Ruiz is pharmacist from their next sign-in on.")
        assert managed.recorded("staff.role_given") == 1


async def test_who_leaves_is_taken_off_and_the_key_changes_and_nobody_takes_off_themselves(managed: Counter) -> None:
    async with at_the_queue(managed) as seat:
        await at_staff(seat)
        await on(seat, "Ben Osei")
        await seat.press("d")
        await seat.see("Take Ben Osei off the staff?")
        await seat.press("y")
        await seat.prove()
        await seat.see("Ben Osei is off the staff, and the key of the store is changed.")
        assert (secrets_of(managed).key, BEN.id in secrets_of(managed).kept) == (2, False)
        assert "has left" in seat.text
        await on(seat, "Ida Nkemelu")
        await seat.press("d", "y")
        await seat.prove()
        await seat.see("Not changed. Nobody does that to themselves.")
        assert secrets_of(managed).key == 2
        await seat.press("k", "y")
        await seat.prove()
        await seat.see("The key of the store is changed.")
        assert secrets_of(managed).key == 3


async def test_a_secret_is_judged_as_the_command_judges_it(managed: Counter) -> None:
    async with at_the_queue(managed) as seat:
        await at_staff(seat)
        await on(seat, "Ana Ruiz")
        await seat.press("i")
        await seat.type("123456\r123456\r")
        await seat.prove()
        await seat.see("Not done. A PIN that repeats a digit, or counts, is the first one tried.")
        assert managed.recorded("secret.given") == 0
        await seat.press("i")
        await seat.type("385912\r385912\r")
        await seat.prove()
        await seat.see("The new PIN of Ana Ruiz is in use.")
        await seat.press("w")
        await seat.prove()
        await seat.see("The PIN of Ana Ruiz opens nothing any more.")


async def test_a_new_recovery_sheet_is_shown_once(managed: Counter) -> None:
    async with at_the_queue(managed) as seat:
        await at_staff(seat)
        await seat.press("h")
        await seat.prove()
        await seat.see(CODE)
        await seat.press("escape")
        assert CODE in seat.text, "only who says that it is written down takes it off the screen"
        await seat.press("f2")
        await seat.see("The recovery sheet is made anew")
        assert CODE not in seat.text


async def test_a_list_that_somebody_changed_is_said_and_sealed_for_a_reason(managed: Counter) -> None:
    secrets_of(managed).troubles = (VaultTrouble.SLOTS_CHANGED,)
    async with at_the_queue(managed) as seat:
        await at_staff_in_trouble(seat)
        await seat.type("z\r")
        await seat.see("Nothing is typed yet.")
        await seat.type("a disk was put back\r")
        await seat.prove()
        await seat.see("The list of who can open the desk is sealed as it stands.")
        assert (managed.recorded("slots.sealed"), managed.recorded("vault.wanting")) == (1, 1)
        await seat.see("3 on the staff")
        await seat.press("z")
        assert "what happened to the list" not in seat.text


async def at_staff_in_trouble(seat: Seat) -> None:
    await seat.press("ctrl+g", "s")
    await seat.see("Somebody touched who can open the desk: slots changed.")


async def test_a_coordinator_is_not_offered_the_place_and_changes_their_own_secret(counter: Counter) -> None:
    secrets = FakeSecrets(counter.ledger, SECRET)
    secrets.kept[ANA.id] = {SecretKind.PASSPHRASE: SECRET}
    counter.desk.secrets = secrets
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g")
        text = await seat.see("My own secret")
        assert "Staff" not in text
        await seat.press("m", "enter")
        await seat.prove()
        await seat.see("The new passphrase of Ana Ruiz")
        await seat.type("too short\rtoo short\r")
        await seat.hear("A passphrase has at least 15 characters")
        assert counter.recorded("secret.given") == 0
        await seat.press("ctrl+g", "m", "enter")
        await seat.prove()
        await seat.type(f"{NEW}\r{NEW}\r")
        await seat.hear("The new passphrase of Ana Ruiz is in use.")
        assert secrets.kept[ANA.id][SecretKind.PASSPHRASE] == NEW
        assert counter.recorded("secret.given") == 1
        assert secrets.is_open is False


async def test_one_s_own_secret_waits_for_nobody_longer_than_its_proof_lasts(counter: Counter) -> None:
    secrets = FakeSecrets(counter.ledger, SECRET)
    secrets.kept[ANA.id] = {SecretKind.PASSPHRASE: SECRET}
    counter.desk.secrets = secrets
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "m", "enter")
        await seat.prove()
        await seat.see("The new passphrase of Ana Ruiz")
        counter.clock.advance(timedelta(minutes=3))
        await seat.type(f"{NEW}\r{NEW}\r")
        await seat.hear("Not done. Before changing one's own secret, type your secret again.")
        assert secrets.kept[ANA.id][SecretKind.PASSPHRASE] == SECRET
