"""Backing up from the desk: what is on record of it, what is due, what is let go, and what is said when it fails."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from pcc_desk.desk.backups import BackedUp, back_up, look, see_to_it
from pcc_desk.desk.rights import NotPermitted
from pcc_desk.domain.backups import (
    BackupFailed,
    BackupMade,
    BackupNotProved,
    BackupProved,
    BackupsRemoved,
    CopyMade,
    CopyNotMade,
    CopyOnDisk,
    NotProved,
    Proved,
    Second,
)
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import THE_DESK_ITSELF, Person, Role
from tests.desk.counter import OPENING, Counter
from tests.fakes import FakeStore

HOUR = timedelta(hours=1)
NAMED = (BackupMade, BackupProved, BackupNotProved, BackupFailed, BackupsRemoved)


@dataclass
class FakeCopies:
    """Copies that lie nowhere."""

    lying: list[CopyOnDisk] = field(default_factory=list)
    full: str = ""
    damage: str = ""
    second: Second = Second.KEPT
    second_why: str = ""

    async def make(self, at: datetime) -> CopyMade | CopyNotMade:
        if self.full:
            return CopyNotMade(self.full)
        copy = CopyOnDisk(f"copy-{at:%Y%m%dT%H%M%SZ}.db", at, 4096)
        self.lying.insert(0, copy)
        return CopyMade(copy, 41, self.second, self.second_why)

    async def prove(self, name: str) -> Proved | NotProved:
        copy = next(each for each in self.lying if each.name == name)
        return NotProved(name, copy.made_at, self.damage) if self.damage else Proved(name, copy.made_at, 41)

    async def renew(self) -> None:
        """Nobody left."""

    async def listed(self) -> tuple[CopyOnDisk, ...]:
        return tuple(self.lying)

    async def remove(self, copies: tuple[CopyOnDisk, ...]) -> tuple[str, ...]:
        self.lying = [each for each in self.lying if each not in copies]
        return tuple(each.name for each in copies)


@pytest.fixture
def copies(counter: Counter) -> FakeCopies:
    fake = FakeCopies()
    counter.desk.copies = fake
    return fake


def on_record(counter: Counter) -> list[tuple[str, bool]]:
    """Return which of our entries are on record, and whether the desk itself made them."""
    kept = counter.ledger.acts.values()
    return [(entry.name, act.by == THE_DESK_ITSELF) for entry, act in kept if isinstance(entry, NAMED)]


def sits(counter: Counter, role: Role) -> None:
    person = Person(counter.desk.new_id(), "Ida Nkemelu", role)
    counter.put(StaffAdded(person))
    counter.desk.person = person


async def test_a_copy_its_proof_and_who_made_it_are_on_record(counter: Counter, copies: FakeCopies) -> None:
    sits(counter, Role.MANAGER)
    outcome = await back_up(counter.desk, counter.desk.act)
    assert isinstance(outcome, BackedUp)
    assert outcome.trouble == ""
    assert on_record(counter) == [("backup.made", False), ("backup.proved", False)]
    assert counter.desk.backups is not None
    assert counter.desk.backups.newest_proved == OPENING


async def test_who_may_not_back_up_is_told_and_nothing_is_copied(counter: Counter, copies: FakeCopies) -> None:
    sits(counter, Role.COORDINATOR)
    with pytest.raises(NotPermitted, match="Making backups is for a compliance officer or manager"):
        await back_up(counter.desk, counter.desk.act)
    assert copies.lying == []


async def test_the_desk_itself_copies_when_the_newest_good_one_is_a_day_old_and_not_before(
    counter: Counter, copies: FakeCopies
) -> None:
    await see_to_it(counter.desk)
    assert on_record(counter) == [("backup.made", True), ("backup.proved", True)]
    counter.clock.advance(23 * HOUR)
    await see_to_it(counter.desk)
    assert len(copies.lying) == 1
    counter.clock.advance(HOUR)
    await see_to_it(counter.desk)
    assert len(copies.lying) == 2


async def test_a_full_disk_is_on_record_and_tried_again_after_an_hour(counter: Counter, copies: FakeCopies) -> None:
    copies.full = "The disk is full. Make room."
    for _ in range(3):
        await see_to_it(counter.desk)
        counter.clock.advance(timedelta(minutes=5))
    assert on_record(counter) == [("backup.failed", True)]
    assert counter.desk.backups is not None
    assert counter.desk.backups.trouble == "No copy was made. The disk is full. Make room."
    copies.full = ""
    counter.clock.advance(HOUR)
    await see_to_it(counter.desk)
    assert counter.desk.backups.trouble == ""
    assert counter.desk.backups.newest_proved == counter.clock.now()


async def test_a_copy_that_is_not_good_counts_for_nothing_and_lets_none_go(
    counter: Counter, copies: FakeCopies
) -> None:
    old = [CopyOnDisk(f"copy-old-{number}.db", OPENING - number * HOUR, 1) for number in range(1, 60)]
    copies.lying, copies.damage = list(old), "The restored store is damaged."
    outcome = await back_up(counter.desk, counter.desk.act_by_itself)
    assert isinstance(outcome, BackedUp)
    assert outcome.trouble == "The newest copy is not good. The restored store is damaged."
    assert len(copies.lying) == 60
    assert counter.desk.backups is not None
    assert counter.desk.backups.newest_proved is None


async def test_after_a_good_one_the_copies_whose_time_is_over_go_and_that_is_on_record(
    counter: Counter, copies: FakeCopies
) -> None:
    copies.lying = [CopyOnDisk(f"copy-old-{number}.db", OPENING - number * HOUR, 1) for number in range(1, 6)]
    outcome = await back_up(counter.desk, counter.desk.act_by_itself)
    assert isinstance(outcome, BackedUp)
    assert len(outcome.removed) == 5
    assert on_record(counter)[-1] == ("backups.removed", True)


async def test_a_copy_that_was_deleted_by_hand_is_no_copy(counter: Counter, copies: FakeCopies) -> None:
    await back_up(counter.desk, counter.desk.act_by_itself)
    copies.lying.clear()
    assert (await look(counter.desk)).newest_proved is None


async def test_a_copy_that_the_desk_was_shut_over_is_proved_by_the_next(counter: Counter, copies: FakeCopies) -> None:
    copies.lying = [CopyOnDisk("copy-evening.db", OPENING - HOUR, 1)]
    await see_to_it(counter.desk)
    assert on_record(counter) == [("backup.proved", True)]
    assert counter.desk.backups is not None
    assert counter.desk.backups.newest_proved == OPENING - HOUR


async def test_that_the_second_medium_was_not_there_is_said_and_the_first_copy_counts(
    counter: Counter, copies: FakeCopies
) -> None:
    copies.second, copies.second_why = Second.FAILED, "/media/stick is not there."
    await see_to_it(counter.desk)
    assert counter.desk.backups is not None
    assert counter.desk.backups.trouble == "There is no second copy. /media/stick is not there."
    assert counter.desk.backups.newest_proved == OPENING
    assert (await look(counter.desk)).trouble == counter.desk.backups.trouble


async def test_where_nothing_may_be_written_nothing_is_copied_either(counter: Counter, copies: FakeCopies) -> None:
    store = counter.desk.store
    assert isinstance(store, FakeStore)
    store.read_only = "The disk takes nothing."
    await see_to_it(counter.desk)
    assert copies.lying == []
