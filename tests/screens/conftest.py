"""Every test of a screen gets a counter of its own, with a small morning on it."""

from datetime import timedelta

import pytest

from pcc_desk.desk.check_in import CheckedIn, check_in
from pcc_desk.domain.visits import Reason
from tests.desk.counter import CHIDI, CHIDIS_CARD, EVA, EVAS_CARD, MARA, MARAS_CARD, OPENING, TODAY, Counter, expected


@pytest.fixture
def counter() -> Counter:
    """Return a counter at ten in the morning: Mara waits, Chidi and Eva are expected."""
    counter = Counter()
    counter.clock.at = OPENING - timedelta(minutes=12)
    arrived = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(arrived, CheckedIn)
    counter.clock.at = OPENING
    counter.book(expected(CHIDI, 1))
    counter.book(expected(EVA, 2, Reason.PICK_UP))
    return counter


__all__ = ["CHIDIS_CARD", "EVAS_CARD", "counter"]
