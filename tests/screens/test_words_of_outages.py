"""What is said of the hours that are left, and of an exception."""

from datetime import timedelta

import pytest

from pcc_desk.domain.outages import AnnouncedException, CapKind
from pcc_desk.screens.outages.outage_words import LAW, exception_words, left_words
from tests.desk.counter import ANA, OPENING, SHOP


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (24 * 60, "24 h left"),
        (24 * 60 - 1, "23 h left"),
        (90, "1 h left"),
        (89, "89 min left"),
        (1, "1 min left"),
        (0, "0 min late"),
        (-30, "30 min late"),
        (-181, "3 h late"),
    ],
)
def test_the_time_that_is_left_is_never_told_too_long(minutes: int, words: str) -> None:
    assert left_words(OPENING + timedelta(minutes=minutes), OPENING) == words


def test_every_policy_of_the_law_has_its_words() -> None:
    assert all(words.endswith(".") for words in LAW.values())
    assert len(LAW) == 7


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (CapKind.FILE, "up to the amounts of the rule file."),
        (CapKind.UNCHANGED, "within the ordinary limits."),
    ],
)
def test_an_exception_is_told_with_its_document_and_its_time(kind: CapKind, words: str) -> None:
    ends = OPENING + timedelta(hours=30)
    exception = AnnouncedException(ANA.id, "MD", "Bulletin 26-04", OPENING, ends, kind, (), OPENING, ANA.id)
    told = exception_words(exception, SHOP)
    assert told == f"Exception Bulletin 26-04: Thu 12 Mar 10:00 to Fri 13 Mar 16:00, {words}"
