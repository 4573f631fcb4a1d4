"""Two sides paired: the best first, and as many as can be."""

from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.reconciling.most_pairs import as_many_as_can_be

FITTING = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), unique=True, max_size=16)


def most(fitting: list[tuple[int, int]]) -> int:
    """Return how many pairs there can be, by trying everything."""
    if not fitting:
        return 0
    (one, other), *rest = fitting
    return max(most(rest), 1 + most([each for each in rest if each[0] != one and each[1] != other]))


@given(FITTING)
def test_there_are_as_many_pairs_as_can_be_each_of_what_fits_and_nobody_in_two(fitting: list[tuple[int, int]]) -> None:
    found = as_many_as_can_be(fitting)
    assert len(found) == most(fitting)
    assert set(found) <= set(fitting)
    assert len({one for one, _ in found}) == len({other for _, other in found}) == len(found)


def test_the_best_stays_where_nobody_else_could_have_one_for_it() -> None:
    assert as_many_as_can_be([(1, 1), (2, 1), (1, 2)]) == [(1, 2), (2, 1)]
    assert as_many_as_can_be([(1, 1), (1, 2), (2, 1), (3, 1)]) == [(1, 2), (2, 1)]
    assert as_many_as_can_be([(1, 1), (2, 1)]) == [(1, 1)]
