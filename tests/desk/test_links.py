"""What is known of the systems outside."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pcc_desk.desk.key_ends import key_notices, key_words
from pcc_desk.desk.links import LATELY, LONGEST_WAIT, SLOW, Circuit, Link, Links, LinkState
from pcc_desk.domain.answers import Silence, Unanswered

NINE = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WAIT = timedelta(seconds=15)
DOWN = Unanswered(Silence.DOWN, "silent")


def told(link: Link) -> tuple[LinkState, datetime | None, datetime | None, str]:
    """Return state, last good answer, since when, and why."""
    return link.state, link.last_good, link.since, link.reason


def test_a_system_never_heard_of_is_neither_up_nor_down() -> None:
    links = Links()
    assert links.of("METRC") == Link("METRC", LinkState.UNKNOWN)
    assert links.all() == ()


def test_a_good_answer_is_dated() -> None:
    links = Links()
    assert links.heard("METRC", "Birchwood Relief", NINE) is False
    assert told(links.of("METRC")) == (LinkState.UP, NINE, NINE, "")
    links.heard("METRC", (), NINE + MINUTE)
    assert told(links.of("METRC")) == (LinkState.UP, NINE + MINUTE, NINE, "")
    assert links.of("METRC").back_at == NINE


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Silence.DOWN, LinkState.DOWN),
        (Silence.TIMED_OUT, LinkState.DOWN),
        (Silence.UNREADABLE, LinkState.DOWN),
        (Silence.DAMAGED, LinkState.DAMAGED),
        (Silence.DENIED, LinkState.REFUSED),
        (Silence.DISABLED, LinkState.DISABLED),
        (Silence.BY_HAND, LinkState.BY_HAND),
    ],
)
def test_each_kind_of_silence_is_told_apart(kind: Silence, state: LinkState) -> None:
    links = Links()
    links.heard("METRC", "fine", NINE)
    links.heard("METRC", Unanswered(kind, "why"), NINE + MINUTE)
    assert told(links.of("METRC")) == (state, NINE, NINE + MINUTE, "why")


def test_a_report_that_could_not_be_used_is_forgotten_once_the_next_was_read() -> None:
    links = Links()
    links.heard("POS", Unanswered(Silence.DAMAGED, "row 3: the tag was damaged"), NINE)
    assert links.of("POS").state.is_trouble
    links.heard("POS", "184 sales", NINE + MINUTE)
    assert (links.of("POS").state, links.of("POS").remark) == (LinkState.UP, "")


def test_that_one_call_is_not_offered_says_nothing_of_a_system_that_is_there() -> None:
    links = Links()
    absent = Unanswered(Silence.ABSENT, "no look-up of patients")
    assert not links.heard("none", absent, NINE)
    assert told(links.of("none")) == (LinkState.ABSENT, None, NINE, "no look-up of patients")
    for name, before in (("METRC", "fine"), ("OARRS", Unanswered(Silence.BY_HAND, "read by people"))):
        links.heard(name, before, NINE)
        known = links.of(name)
        assert not links.heard(name, absent, NINE + MINUTE)
        assert links.of(name) == known


def test_a_system_is_down_since_the_first_time_it_kept_silent() -> None:
    links = Links()
    for minutes in range(3):
        links.heard("METRC", Unanswered(Silence.DOWN, f"silence {minutes}"), NINE + minutes * MINUTE)
    assert told(links.of("METRC")) == (LinkState.DOWN, None, NINE, "silence 2")


def test_one_call_that_failed_confirms_nothing_and_the_first_few_are_kept_as_evidence() -> None:
    links = Links()
    for number in range(8):
        links.heard("METRC", Unanswered(Silence.DOWN, f"silence {number}"), NINE + number * MINUTE)
        assert links.of("METRC").is_confirmed is (number > 0)
    assert [each.reason for each in links.of("METRC").evidence] == [f"silence {number}" for number in range(5)]
    links.heard("METRC", "fine", NINE + 9 * MINUTE)
    links.heard("METRC", DOWN, NINE + 60 * MINUTE)
    assert [each.at for each in links.of("METRC").evidence] == [NINE + 60 * MINUTE]
    assert not links.of("METRC").is_confirmed


def test_only_the_first_answer_after_a_silence_is_a_return() -> None:
    links = Links()
    links.heard("METRC", DOWN, NINE)
    links.heard("METRC", DOWN, NINE)
    assert links.heard("METRC", "fine", NINE + MINUTE) is True
    assert links.heard("METRC", "fine", NINE + 2 * MINUTE) is False
    assert told(links.of("METRC")) == (LinkState.UP, NINE + 2 * MINUTE, NINE + MINUTE, "")
    assert links.of("METRC").back_at == NINE + MINUTE


def test_a_system_that_answers_not_always_does_badly_for_a_while() -> None:
    links = Links()
    links.heard("METRC", DOWN, NINE)
    links.heard("METRC", "fine", NINE)
    assert (links.of("METRC").state, links.of("METRC").remark) == (LinkState.DEGRADED, "1 of 2 calls failed lately")
    assert links.of("METRC").state.answers
    links.heard("METRC", "fine", NINE + LATELY)
    assert links.of("METRC").state is LinkState.DEGRADED
    links.heard("METRC", "fine", NINE + LATELY + timedelta(seconds=1))
    assert (links.of("METRC").state, links.of("METRC").remark) == (LinkState.UP, "")


@pytest.mark.parametrize(("took", "state"), [(SLOW, LinkState.DEGRADED), (SLOW - MINUTE / 600, LinkState.UP)])
def test_a_system_that_answers_slowly_does_badly(took: timedelta, state: LinkState) -> None:
    links = Links()
    links.heard("METRC", "fine", NINE, took)
    assert links.of("METRC").state is state
    links.heard("METRC", "fine", NINE, timedelta(0))
    assert links.of("METRC").state is LinkState.UP


def test_a_probe_goes_at_once_and_then_after_waits_that_grow_to_the_longest() -> None:
    links = Links()
    assert links.of("METRC").circuit(NINE, WAIT) is Circuit.CLOSED
    links.heard("METRC", DOWN, NINE)
    assert links.of("METRC").circuit(NINE, WAIT) is Circuit.HALF_OPEN
    now = NINE
    for wait in (1, 2, 4, 8, 8, 8):
        links.heard("METRC", DOWN, now)
        assert links.of("METRC").circuit(now + WAIT * wait - timedelta(seconds=1), WAIT) is Circuit.OPEN
        now += WAIT * wait
        assert links.of("METRC").circuit(now, WAIT) is Circuit.HALF_OPEN
        assert wait <= LONGEST_WAIT
    links.heard("METRC", "fine", now)
    assert links.of("METRC").circuit(now, WAIT) is Circuit.CLOSED


def test_who_knows_that_it_may_be_back_lets_the_next_probe_go_at_once() -> None:
    links = Links()
    for _ in range(6):
        links.heard("METRC", DOWN, NINE)
    assert links.of("METRC").circuit(NINE, WAIT) is Circuit.OPEN
    links.let_probe("METRC")
    assert links.of("METRC").circuit(NINE, WAIT) is Circuit.HALF_OPEN


def test_systems_are_kept_apart_in_the_order_in_which_they_were_heard_of() -> None:
    links = Links()
    links.heard("METRC", DOWN, NINE)
    links.heard("POS", "fine", NINE)
    assert [(each.name, each.state) for each in links.all()] == [("METRC", LinkState.DOWN), ("POS", LinkState.UP)]


class Keyed:
    """A system that knows when its key ends."""

    def __init__(self, key_ends: date | None) -> None:
        self.key_ends = key_ends


@pytest.mark.parametrize(
    ("days", "words"), [(-2, "key ended 2 d ago"), (0, "key ends today"), (14, "key ends in 14 d"), (15, "")]
)
def test_the_end_of_a_key_is_told_in_time_where_it_is_known(days: int, words: str) -> None:
    today = date(2026, 3, 12)
    assert key_words(Keyed(today + timedelta(days=days)), today) == words
    assert key_words(Keyed(None), today) == ""
    assert key_words(object(), today) == ""


def test_what_is_wrong_with_a_key_is_told_with_what_to_do() -> None:
    today = date(2026, 3, 12)
    links = Links()
    links.heard("METRC", "fine", NINE)
    assert key_notices(Keyed(date(2026, 4, 1)), links.of("METRC"), today) == ()
    assert key_notices(Keyed(date(2026, 3, 17)), links.of("METRC"), today) == (
        "METRC: key ends in 5 d, on Tue 17 Mar 2026. Get a new one from the state; enter it with pcc-desk keys.",
    )
    links.heard("METRC", Unanswered(Silence.DENIED, "METRC does not accept this key"), NINE)
    assert key_notices(object(), links.of("METRC"), today) == (
        "METRC does not accept this key. Get a key that is good, and enter it with pcc-desk keys.",
    )


def test_a_key_that_is_not_told_of_patients_is_good_for_the_rest_until_it_is_told_again() -> None:
    links, today = Links(), date(2026, 3, 12)
    withheld = Unanswered(Silence.WITHHELD, "METRC accepts this employee's key; have “Lookup Patients” given to it")
    links.heard("METRC", withheld, NINE)
    links.told("METRC", "patients", withheld)
    link = links.of("METRC")
    assert (link.state, link.last_good) == (LinkState.UP, NINE)
    assert key_notices(object(), link, today) == (f"{withheld.reason}.",)
    links.told("METRC", "caregivers", "fine")
    links.told("METRC", "patients", DOWN)
    assert key_notices(object(), links.of("METRC"), today) == (f"{withheld.reason}.",)
    links.told("METRC", "patients", "fine")
    assert key_notices(object(), links.of("METRC"), today) == ()


def test_whoever_shows_a_system_is_told_once_it_does_otherwise_and_not_for_each_answer() -> None:
    links = Links()
    seen: list[LinkState] = []
    links.when_changed = lambda: seen.append(links.of("METRC").state)
    for minute, answer in enumerate(("good", "good", DOWN, DOWN, "good")):
        links.heard("METRC", answer, NINE + minute * MINUTE)
    links.was_read("METRC", "a person saw it", NINE + 9 * MINUTE)
    assert seen == [LinkState.UP, LinkState.DOWN, LinkState.UP, LinkState.BY_HAND]
