"""What the desk says of its copies, and what it does when somebody asks for one."""

from datetime import timedelta

import pytest

from pcc_desk.domain.backups import BackupState
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.screens.backup_words import made_words
from pcc_desk.screens.status_line import status_view
from tests.desk.counter import OPENING, Counter
from tests.desk.test_backups import FakeCopies

HOUR = timedelta(hours=1)


def sits(counter: Counter, role: Role) -> None:
    person = Person(counter.desk.new_id(), "Ida Nkemelu", role)
    counter.put(StaffAdded(person))
    counter.desk.person = person


@pytest.mark.parametrize(
    ("state", "span", "alert"),
    [
        (BackupState(OPENING - 5 * HOUR), "backup 5 h", ""),
        (BackupState(OPENING - 23 * HOUR), "backup 23 h", ""),
        (
            BackupState(OPENING - 31 * HOUR),
            "backup 31 h",
            "The newest good backup is 31 h old. Ctrl+P, Back up now.",
        ),
        (BackupState(None), "no backup yet", "There is no backup of this record. Ctrl+P, Back up now."),
        (
            BackupState(OPENING - HOUR, "There is no second copy. The stick is not there."),
            "backup 60 min",
            "There is no second copy. The stick is not there. Ctrl+P, Back up now.",
        ),
    ],
)
def test_the_status_line_says_how_old_the_newest_good_copy_is_and_what_to_do_when_it_is_too_old(
    counter: Counter, state: BackupState, span: str, alert: str
) -> None:
    sits(counter, Role.MANAGER)
    counter.desk.backups = state
    view = status_view(counter.desk, "Queue")
    assert span in [text for text, _ in view.systems]
    assert view.systems[-1][0] == "no posts waiting", "what waits for the state is never left out for it"
    assert (view.alert[0] if view.alert else "") == alert


def test_who_may_not_back_up_is_told_whom_to_tell(counter: Counter) -> None:
    counter.desk.backups = BackupState(None)
    assert status_view(counter.desk, "Queue").alert[0] == "There is no backup of this record. Tell a manager."


def test_before_it_was_looked_at_nothing_is_said_of_copies(counter: Counter) -> None:
    view = status_view(counter.desk, "Queue")
    assert not any("backup" in text for text, _ in view.systems)


async def test_whoever_backs_up_is_told_what_came_of_it(counter: Counter) -> None:
    sits(counter, Role.MANAGER)
    copies = FakeCopies()
    counter.desk.copies = copies
    assert await made_words(counter.desk) == ("Backed up and proved: 0.0 MB, 41 entries.", True)
    copies.damage = "The restored store is damaged."
    assert await made_words(counter.desk) == (
        "A copy was made and is not good. The restored store is damaged.",
        False,
    )
    copies.full = "The disk is full. Make room."
    assert await made_words(counter.desk) == ("No copy was made. The disk is full. Make room.", False)
    sits(counter, Role.COORDINATOR)
    assert (await made_words(counter.desk))[1] is False
