"""The time of an appointment as people type it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.typed_appointments import NotUnderstood, TypedAppointment, understand
from pcc_desk.domain.visits import Reason

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("typed", "at", "minutes", "reason", "link"),
    [
        ("11:00", (26, 11, 0), 30, Reason.FOLLOW_UP, ""),
        ("9:05 45m refill", (26, 9, 5), 45, Reason.REFILL, ""),
        ("fri 11:00", (27, 11, 0), 30, Reason.FOLLOW_UP, ""),
        ("thu 11:00", (26, 11, 0), 30, Reason.FOLLOW_UP, ""),
        ("11:00 +2 new patient", (28, 11, 0), 30, Reason.NEW, ""),
        ("2026-11-30 16:30 60min prob", (30, 16, 30), 60, Reason.PROBLEM, ""),
        ("11:00 https://meet.example/r", (26, 11, 0), 30, Reason.FOLLOW_UP, "https://meet.example/r"),
    ],
)
def test_what_is_typed_is_understood_in_any_order(
    typed: str, at: tuple[int, int, int], minutes: int, reason: Reason, link: str
) -> None:
    day, hour, minute = at
    wanted = TypedAppointment(datetime(2026, 11, day, hour, minute), minutes, reason, link)  # noqa: DTZ001 - on the wall
    assert understand(typed, THURSDAY, 30) == wanted
    assert understand(" ".join(reversed(typed.replace("new patient", "new").split())), THURSDAY, 30) == wanted
    assert understand(wanted.words, THURSDAY, 5) == wanted


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "The time is missing."),
        ("friday", "The time is missing."),
        ("25:00", "“25:00” is no time of a day."),
        ("11:00 2026-02-31", "“2026-02-31” is not understood."),
        ("11:00 http://meet.example", "A link begins with https://"),
        ("11:00 meet.example/r", "A link begins with https://"),
        ("11:00 ben", "“ben” is not understood."),
    ],
)
def test_what_is_not_understood_says_what_to_type(typed: str, why: str) -> None:
    found = understand(typed, THURSDAY, 30)
    assert isinstance(found, NotUnderstood)
    assert found.why.startswith(why)


@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer(typed: str) -> None:
    assert isinstance(understand(typed, THURSDAY, 30), TypedAppointment | NotUnderstood)
