"""Whatever goes wrong, and in whatever order: each dispensation ends up in the state's record once, or with a person.

A few of the schedules that `make schedules` lives by the ten thousand.
"""

import pytest

from tests.desk.schedules import Result, figures, live_all

FEW = 200


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """Return what became of a few hundred lives of a desk."""
    return live_all(range(FEW))


def test_under_any_schedule_of_faults_and_kills_nothing_is_lost_doubled_or_out_of_order(results: list[Result]) -> None:
    assert len(results) == FEW
    assert not [each for each in results if each.wrong], figures(results, 0)
    assert sum(each.duplicates + each.lost for each in results) == 0


def test_the_schedules_do_send_and_do_leave_some_to_a_person(results: list[Result]) -> None:
    assert sum(each.posts for each in results) > FEW
    assert sum(each.parked for each in results) > FEW // 10


def test_the_same_seed_is_the_same_life(results: list[Result]) -> None:
    assert live_all(range(6, 8)) == results[6:8]
