"""Every test of a screen gets a counter of its own, with a small morning on it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from pcc_desk.desk.check_in import CheckedIn, check_in
from pcc_desk.domain.visits import Reason
from tests.desk.counter import CHIDI, CHIDIS_CARD, EVA, EVAS_CARD, MARA, MARAS_CARD, OPENING, TODAY, Counter, expected


@pytest.fixture(scope="session", autouse=True)
def _styles_are_read_once() -> Iterator[None]:
    """Let the applications of a run share the rules that the same words of style, and the same colours, come to."""
    reads, known = Stylesheet._parse_rules, dict[object, list[RuleSet]]()

    def read_once(self: Stylesheet, *words: Any, **more: Any) -> list[RuleSet]:
        key = (words, tuple(more.items()), tuple(sorted(self._variables.items())))
        if key not in known:
            known[key] = reads(self, *words, **more)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", read_once)
        yield


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
