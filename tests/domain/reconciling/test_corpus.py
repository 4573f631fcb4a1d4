"""Every class alone, every two of them in one day, many at once: each is found, and nothing is invented."""

from itertools import combinations

import pytest

from pcc_desk.domain.reconciling.classes import ABOUT, FindingClass
from tests.domain.reconciling.days import KINDS, compared, day_with, said, score

ALONE = [*KINDS]
PAIRS = list(combinations(KINDS, 2))


def test_there_is_a_seed_for_every_class_that_is_about_a_sale() -> None:
    assert {*KINDS, FindingClass.PULL_FAILED} == set(FindingClass)
    assert set(ABOUT) == set(FindingClass)
    assert len(FindingClass) == 27


@pytest.mark.parametrize("seed", range(5))
def test_a_day_on_which_both_sides_agree_has_nothing_to_tell(seed: int) -> None:
    outcome = compared(day_with(count=60, seed=seed))
    assert (outcome.findings, outcome.not_compared, outcome.matched) == ((), (), 60)


@pytest.mark.parametrize("kind", ALONE)
def test_each_class_alone_is_found_and_nothing_else(kind: FindingClass) -> None:
    for seed in range(6):
        made = day_with(kind, seed=seed)
        outcome = compared(made)
        result = score(made, outcome)
        assert (result.missed, result.invented) == ((), ()), [said(each) for each in outcome.findings]
        for each in outcome.findings:
            assert each.why
            assert each.fix
            assert each.never


@pytest.mark.parametrize("kind", ALONE)
def test_each_two_classes_in_one_day_are_found_and_nothing_else(kind: FindingClass) -> None:
    for one, other in PAIRS:
        if one is kind:
            made = day_with(one, other, seed=KINDS.index(one) * 31 + KINDS.index(other))
            result = score(made, compared(made))
            assert (result.missed, result.invented) == ((), ()), (one, other)
