"""Memory is looked through while nobody types."""

import gc
from collections.abc import Iterator

import pytest

from pcc_desk.widgets.tidying import DUE, NEVER, OVERDUE, QUIET_S, Tidying


@pytest.fixture
def tidying() -> Iterator[Tidying]:
    tidying = Tidying()
    tidying.begin()
    yield tidying
    tidying.end()


class Ring:
    """Something that holds itself, which only the collector frees."""

    def __init__(self, freed: list[str]) -> None:
        self.itself = self
        self._freed = freed

    def __del__(self) -> None:
        self._freed.append("freed")


def after(rounds: int) -> None:
    """Let as many rounds through what is younger have been, and none through everything."""
    gc.collect()
    for _ in range(rounds):
        gc.collect(1)


def an_old_ring(freed: list[str], rounds: int) -> None:
    ring = Ring(freed)
    after(rounds)
    del ring


def test_what_is_old_is_looked_through_once_nobody_types(tidying: Tidying) -> None:
    freed: list[str] = []
    an_old_ring(freed, DUE)
    assert not tidying.tidy(QUIET_S / 2)
    assert freed == []
    assert tidying.tidy(QUIET_S)
    assert freed == ["freed"]
    assert not tidying.tidy(QUIET_S), "there is nothing new"


def test_whoever_types_without_a_pause_does_not_put_it_off_for_ever(tidying: Tidying) -> None:
    freed: list[str] = []
    an_old_ring(freed, OVERDUE)
    assert tidying.tidy(0)
    assert freed == ["freed"]


def test_python_itself_looks_through_everything_only_when_the_desk_has_ended() -> None:
    before, tidying = gc.get_threshold(), Tidying()
    tidying.begin()
    tidying.begin()
    assert gc.get_threshold() == (*before[:2], NEVER)
    tidying.end()
    tidying.end()
    assert gc.get_threshold() == before
