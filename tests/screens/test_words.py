from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, CategoryStanding
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import Fits, OverLimit
from pcc_desk.domain.products import Basis
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, RegistryStanding, Verification
from pcc_desk.domain.rules import Limit
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.windows import CalendarDay
from pcc_desk.screens import words

SHOP = Shop("Lakeshore Wellness", "PC-000417", "MI", "America/Detroit", "counter-1")
DAY_LIMIT = Limit("mi-day", Fraction("2.5"), "oz equivalent", CalendarDay(), (), frozenset(), frozenset())


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-3), "0:00"),
        (timedelta(seconds=7), "0:07"),
        (timedelta(minutes=9, seconds=59), "9:59"),
        (timedelta(minutes=10), "10 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2), "2 d"),
    ],
)
def test_an_age_is_told_in_the_unit_that_matters(passed: timedelta, said: str) -> None:
    assert words.age(passed) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 21), "lapsed 3 d ago"),
        (date(2026, 11, 24), "last day today"),
        (date(2026, 11, 30), "6 d"),
        (date(2027, 2, 22), "90 d"),
        (date(2027, 2, 23), ""),
    ],
)
def test_a_last_day_is_mentioned_when_it_is_near_or_past(day: date, said: str) -> None:
    assert words.until(day, date(2026, 11, 24)) == said


def test_what_is_left_is_rounded_down_and_what_was_used_is_rounded_up() -> None:
    assert words.figure(Fraction("2.4999")) == "2.49"
    assert words.used_figure(Fraction("0.0001")) == "0.01"
    assert words.used_figure(Fraction(0)) == "0.00"
    assert words.amount(3499, Basis.NET_OZ) == "3.49 g"
    assert words.amount(29_573, Basis.NET_FLOZ) == "29.57 mL"


def test_what_nobody_knows_is_never_a_number() -> None:
    unknown = CategoryStanding("concentrate", None, CannotTell("x"), CannotTell("x"), None)
    assert words.now_words(unknown) == "cannot tell"
    assert words.figure(CannotTell("x")) == "cannot tell"


def test_the_answer_of_the_registry_is_told_with_its_time_in_the_shop() -> None:
    asked = datetime(2026, 11, 24, 15, 31, 7, tzinfo=UTC)

    def said(answer: RegistryStanding | CardNotFound | Unanswered) -> str:
        from uuid import UUID

        return words.answer_words(
            Verification(UUID(int=1), UUID(int=2), "P-1", asked, "METRC", answer), SHOP, date(2026, 11, 24)
        )

    assert said(RegistryStanding("P-1", True, ())) == "METRC answered, asked 10:31:07"
    assert said(RegistryStanding("P-1", False, ())) == "METRC: card not active (asked 10:31:07)"
    assert said(CardNotFound("P-1")) == "METRC knows no card P-1 (asked 10:31:07)"
    assert said(Unanswered(Silence.DOWN, "METRC refused the connection")) == (
        "could not tell: METRC refused the connection (asked 10:31:07)"
    )
    assert words.answer_words(None, SHOP, date(2026, 11, 24)) == "not asked yet"


@pytest.mark.parametrize(
    ("largest", "fitting"),
    [
        ((Quantity(3500, Unit.GRAMS),), "At most 3.5 g fits."),
        ((Quantity(0, Unit.GRAMS),), "Nothing of it fits."),
        ((Quantity(0, Unit.GRAMS), Quantity(1000, Unit.EACH)), "It fits: line 2 with 1 each."),
        (
            (Quantity(3500, Unit.GRAMS), Quantity(1000, Unit.EACH)),
            "It fits: line 1 with 3.5 g, or line 2 with 1 each.",
        ),
        ((Quantity(0, Unit.GRAMS), Quantity(0, Unit.EACH)), "Take a line out."),
    ],
)
def test_a_refusal_names_the_limit_the_excess_rounded_up_and_what_would_fit(
    largest: tuple[Quantity, ...], fitting: str
) -> None:
    said, tone = words.verdict_words(OverLimit(DAY_LIMIT, Fraction("0.0011"), largest))
    assert said == f"No: a day over by 0.01 oz. {fitting}"
    assert tone == "danger"


def test_a_basket_that_fits_says_what_remains_rounded_down() -> None:
    said, tone = words.verdict_words(Fits(DAY_LIMIT, Fraction("1.239")))
    assert said == "Fits. 1.23 oz left of a day afterwards."
    assert tone == "good"
