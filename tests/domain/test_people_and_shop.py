"""Names, cards, ages, and which day it is in the shop."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.people import Card, Holder, Patient, age_on, card_key, name_key
from pcc_desk.domain.shop import Shop

SHOP = Shop("Birchwood Relief", "PC-000911", "MI", "America/Detroit", "counter-1")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Okafor", "okafor"),
        ("Tomás", "tomas"),
        ("Toma\u0301s", "tomas"),
        ("O’Brien-Nuñez", "o brien nunez"),
        ("  van   der  Berg ", "van der berg"),
        ("Weiß", "weiss"),
        ("\uff21\uff4e\uff41", "ana"),
        ("", ""),
    ],
)
def test_names_are_searched_without_accents_case_and_signs(name: str, key: str) -> None:
    assert name_key(name) == key


@given(st.text(max_size=20))
def test_a_search_key_is_words_with_single_spaces(name: str) -> None:
    key = name_key(name)
    assert key == " ".join(key.split())
    assert all(c.isalnum() or c == " " for c in key)


@pytest.mark.parametrize("typed", ["MI-P-0041-7723", "mi p 0041 7723", "MIP00417723", " mi-p–0041—7723 "])
def test_a_card_is_the_same_however_it_is_typed(typed: str) -> None:
    card = Card("MI-P-0041-7723", UUID(int=1), Holder.PATIENT, "Chidi Okafor", date(2027, 2, 28))
    assert card_key(typed) == card.key == "MIP00417723"


def test_a_patient_is_listed_by_family_name() -> None:
    assert Patient(UUID(int=1), "Okafor", "Chidi", date(1958, 3, 11)).name == "Okafor, Chidi"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(1958, 3, 11), date(2026, 3, 10), 67),
        (date(1958, 3, 11), date(2026, 3, 11), 68),
        (date(2026, 3, 11), date(2026, 3, 11), 0),
    ],
)
def test_a_year_of_age_is_full_on_the_birthday_and_the_29th_of_february_turns_on_1_march(
    born: date, day: date, age: int
) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # Winter: Detroit is five hours behind.
        (datetime(2026, 3, 8, 4, 59, 59, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 3, 8, 5, 0, tzinfo=UTC), date(2026, 3, 8)),
        # Clocks went forward at 2 in the morning of the 8th: four hours behind from then on.
        (datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 4, 0, tzinfo=UTC), date(2026, 3, 9)),
        # Clocks go back in the night of 1 November: both hours from 1 to 2 are the 1st.
        (datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 5, 0, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_the_day_is_the_shops_also_in_the_nights_when_clocks_change(instant: datetime, day: date) -> None:
    assert SHOP.day(instant) == day
    assert SHOP.starts(day).astimezone(UTC) <= instant < SHOP.ends(day).astimezone(UTC)


def test_the_day_of_an_instant_does_not_depend_on_the_zone_it_is_written_in() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert SHOP.day(datetime(2026, 3, 12, 8, 0, tzinfo=tokyo)) == date(2026, 3, 11)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 3, 12), 24), (date(2026, 11, 1), 25)])
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    assert SHOP.ends(day).astimezone(UTC) - SHOP.starts(day).astimezone(UTC) == timedelta(hours=hours)


def test_an_instant_without_a_zone_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SHOP.day(datetime(2026, 3, 12, 8, 0))  # noqa: DTZ001 - that is the point


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - Hypothesis adds the zone
def test_every_instant_lies_in_the_one_day_that_is_named_for_it(instant: datetime) -> None:
    day = SHOP.day(instant)
    assert SHOP.starts(day).astimezone(UTC) <= instant < SHOP.ends(day).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 12, 7, 59, tzinfo=UTC), date(2026, 3, 11)),
        (datetime(2026, 3, 12, 8, 0, tzinfo=UTC), date(2026, 3, 12)),
        (datetime(2026, 3, 8, 7, 30, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 11, 1, 8, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), date(2026, 11, 1)),
    ],
)
def test_where_a_day_begins_at_four_a_sale_before_it_counts_on_the_day_before(instant: datetime, day: date) -> None:
    late = replace(SHOP, day_begins_minute=4 * 60)
    assert late.day(instant) == day
    assert late.starts(day) <= instant < late.ends(day)
