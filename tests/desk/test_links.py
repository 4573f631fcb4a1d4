"""What is known of the systems outside."""

from datetime import UTC, datetime, timedelta

import pytest

from pcc_desk.desk.links import Link, Links, LinkState
from pcc_desk.domain.answers import Silence, Unanswered

NINE = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_system_never_heard_of_is_neither_up_nor_down() -> None:
    links = Links()
    assert links.of("METRC") == Link("METRC", LinkState.UNKNOWN)
    assert links.all() == ()


def test_a_good_answer_is_dated() -> None:
    links = Links()
    assert links.heard("METRC", "Birchwood Relief", NINE) is False
    assert links.of("METRC") == Link("METRC", LinkState.UP, NINE, NINE)
    links.heard("METRC", (), NINE + MINUTE)
    assert links.of("METRC") == Link("METRC", LinkState.UP, NINE + MINUTE, NINE)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Silence.DOWN, LinkState.DOWN),
        (Silence.TIMED_OUT, LinkState.DOWN),
        (Silence.UNREADABLE, LinkState.DOWN),
        (Silence.DENIED, LinkState.REFUSED),
        (Silence.DISABLED, LinkState.REFUSED),
        (Silence.ABSENT, LinkState.ABSENT),
    ],
)
def test_each_kind_of_silence_is_told_apart(kind: Silence, state: LinkState) -> None:
    links = Links()
    links.heard("METRC", "fine", NINE)
    links.heard("METRC", Unanswered(kind, "why"), NINE + MINUTE)
    assert links.of("METRC") == Link("METRC", state, NINE, NINE + MINUTE, "why")


def test_a_system_is_down_since_the_first_time_it_kept_silent() -> None:
    links = Links()
    for minutes in range(3):
        links.heard("METRC", Unanswered(Silence.DOWN, f"silence {minutes}"), NINE + minutes * MINUTE)
    assert links.of("METRC") == Link("METRC", LinkState.DOWN, None, NINE, "silence 2")


def test_only_the_first_answer_after_a_silence_is_a_return() -> None:
    links = Links()
    links.heard("METRC", Unanswered(Silence.DOWN, "silent"), NINE)
    assert links.heard("METRC", "fine", NINE + MINUTE) is True
    assert links.heard("METRC", "fine", NINE + 2 * MINUTE) is False
    assert links.of("METRC").reason == ""


def test_systems_are_kept_apart_in_the_order_in_which_they_were_heard_of() -> None:
    links = Links()
    links.heard("METRC", Unanswered(Silence.DOWN, "silent"), NINE)
    links.heard("POS", "fine", NINE)
    assert [(each.name, each.state) for each in links.all()] == [("METRC", LinkState.DOWN), ("POS", LinkState.UP)]
