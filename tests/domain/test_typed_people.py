"""What is typed of a person is taken in any usual way, and whatever cannot be is answered by a sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.typed_people import (
    LONGEST_NAME,
    phone_key,
    typed_birth,
    typed_card_number,
    typed_date,
    typed_name,
    typed_phone,
)
from pcc_desk.domain.what_if import NotUnderstood

TODAY = date(2026, 3, 12)
BORN = date(1958, 3, 11)


def why(answer: object) -> str:
    assert isinstance(answer, NotUnderstood), answer
    return answer.why


@pytest.mark.parametrize(
    "typed",
    [
        "1958-03-11",
        "1958/3/11",
        "3/11/1958",
        "03-11-1958",
        "03111958",
        " 11 Mar 1958 ",
        "March 11, 1958",
        "11 MARCH 1958",
    ],
)
def test_a_birth_date_is_taken_in_any_usual_form(typed: str) -> None:
    assert typed_birth(typed, TODAY) == BORN


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the birth date"),
        ("1958-02-30", "There is no day 1958-02-30 in the calendar."),
        ("13/11/1958", "There is no month 13."),
        ("11 Foo 1958", "There is no month “foo”."),
        ("3/11/58", "four digits"),
        ("2026-03-13", "is in the future"),
        ("1905-01-01", "more than 120 years ago"),
        ("yesterday", "That is no day."),
        ("٣/١١/١٩٥٨", "That is no day."),
    ],
)
def test_a_birth_date_that_cannot_be_is_a_sentence(typed: str, said: str) -> None:
    assert said in why(typed_birth(typed, TODAY))


def test_somebody_born_today_is_taken() -> None:
    assert typed_birth("2026-03-12", TODAY) == TODAY


@given(st.text(max_size=40))
def test_nothing_that_is_typed_as_a_day_is_more_than_a_day_or_a_sentence(typed: str) -> None:
    assert isinstance(typed_date(typed), date | NotUnderstood)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert typed_date(f"{day}") == typed_date(f"{day:%m/%d/%Y}") == typed_date(f"{day:%m%d%Y}") == day


def test_a_name_is_kept_with_single_blanks_and_its_accents() -> None:
    assert typed_name("  Ng\N{LATIN SMALL LETTER U WITH HORN}  Thị ", "family name") == "Ngư Thị"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" ", "Type the family name."),
        ("…!", "There is no letter"),
        ("Ana\u202e", "cannot be seen"),
        ("x" * 1_000_000, f"has 1000000 characters; at most {LONGEST_NAME}"),
    ],
)
def test_a_name_that_cannot_be_kept_is_a_sentence(typed: str, said: str) -> None:
    assert said in why(typed_name(typed, "family name"))


def test_a_card_number_is_kept_as_printed_and_needs_a_letter_or_digit() -> None:
    assert typed_card_number(" MI-P 0041 ") == "MI-P 0041"
    assert "no letter or digit" in why(typed_card_number("---"))


def test_a_telephone_number_has_so_many_digits_or_stays_empty() -> None:
    assert typed_phone("(313) 555-0100") == "(313) 555-0100"
    assert typed_phone(" ") == ""
    assert "this has 3 digits" in why(typed_phone("911"))
    assert phone_key("+1 (313) 555-0100") == phone_key("313-555-0100") == "3135550100"
