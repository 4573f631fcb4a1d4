"""Which copies are kept, and how old the newest good one may be."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from pcc_desk.domain.backups import BackupState, CopyOnDisk, newest_proved, outlived

NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def copy_of(at: datetime) -> CopyOnDisk:
    return CopyOnDisk(f"copy-{at:%Y%m%dT%H%M%SZ}.db", at, 1000)


def names(*copies: CopyOnDisk) -> frozenset[str]:
    return frozenset(each.name for each in copies)


def test_after_ten_years_of_daily_copies_seven_days_five_weeks_twelve_months_and_seven_years_are_left() -> None:
    lying: tuple[CopyOnDisk, ...] = ()
    for number in range(3650):
        lying += (copy_of(NOW + number * DAY),)
        gone = names(*outlived(lying, names(*lying)))
        lying = tuple(each for each in lying if each.name not in gone)
    last = NOW + 3649 * DAY
    assert {(last - each.made_at).days for each in lying} >= set(range(7))
    assert len({each.made_at.date().isocalendar()[:2] for each in lying}) >= 5
    by_year = Counter(each.made_at.year for each in lying)
    assert sorted(by_year) == list(range(2030, 2037))
    assert all(by_year[year] == 1 for year in range(2030, 2035))
    assert len({(each.made_at.year, each.made_at.month) for each in lying if last - each.made_at < 365 * DAY}) == 12
    assert len(lying) <= 7 + 5 + 12 + 7


def test_nothing_goes_while_nothing_was_proved() -> None:
    lying = tuple(copy_of(NOW - number * DAY) for number in range(60))
    assert outlived(lying, frozenset()) == ()


def test_the_last_proved_copy_stays_however_old_it_is_and_so_does_every_newer_one() -> None:
    lying = tuple(copy_of(NOW - number * timedelta(minutes=30)) for number in range(200))
    good = lying[150]
    gone = outlived(lying, names(good))
    assert good not in gone
    assert all(each.made_at < good.made_at for each in gone)


def test_of_two_copies_of_a_day_the_proved_one_is_kept_rather_than_the_newer_one() -> None:
    new = copy_of(NOW)
    morning, evening = copy_of(NOW - 40 * DAY), copy_of(NOW - 40 * DAY + timedelta(hours=3))
    assert outlived((new, evening, morning), names(new, morning)) == (evening,)


def test_the_newest_good_copy_is_one_that_is_there() -> None:
    there, lost = copy_of(NOW - 3 * DAY), copy_of(NOW)
    assert newest_proved((there,), names(there, lost)) == there
    assert newest_proved((), names(lost)) is None


@pytest.mark.parametrize(
    ("state", "is_late"),
    [
        (BackupState(None), True),
        (BackupState(NOW - timedelta(hours=23, minutes=59)), False),
        (BackupState(NOW - timedelta(hours=24)), True),
    ],
)
def test_no_copy_is_as_late_as_one_of_a_day_ago(state: BackupState, is_late: bool) -> None:
    assert state.is_late(NOW) is is_late
