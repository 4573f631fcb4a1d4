"""What a person types of the state's page: nothing is guessed, and an empty answer is not zero."""

from datetime import date
from decimal import Decimal

import pytest

from pcc_desk.domain.typed_readings import (
    CardSays,
    NotSaid,
    typed_card,
    typed_figure,
    typed_last_day,
    typed_page,
)
from pcc_desk.domain.what_if import NotUnderstood


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("y", CardSays.ACTIVE),
        ("Active", CardSays.ACTIVE),
        (" yes ", CardSays.ACTIVE),
        ("n", CardSays.NOT_ACTIVE),
        ("not  active", CardSays.NOT_ACTIVE),
        ("u", CardSays.NO_SUCH_CARD),
        ("no such card", CardSays.NO_SUCH_CARD),
        ("d", CardSays.PAGE_DOWN),
        ("down", CardSays.PAGE_DOWN),
    ],
)
def test_the_card_is_typed_by_a_letter_or_in_words(typed: str, said: CardSays) -> None:
    assert typed_card(typed) is said


@pytest.mark.parametrize("typed", ["", "  ", "x", "a card", "nn", "1"])
def test_the_card_is_never_guessed(typed: str) -> None:
    assert isinstance(typed_card(typed), NotUnderstood)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2.5", Decimal("2.5")),
        (" 2.50 oz ", Decimal("2.50")),
        ("1 ounce", Decimal(1)),
        ("0", Decimal(0)),
        ("-0.25", Decimal("-0.25")),
        ("", NotSaid()),
        ("   ", NotSaid()),
    ],
)
def test_a_figure_is_exact_and_an_empty_one_is_not_said(typed: str, said: object) -> None:
    assert typed_figure(typed, "oz") == said


@pytest.mark.parametrize("typed", ["12", "12 day", "12 days", "12days "])
def test_a_unit_may_stand_in_the_plural(typed: str) -> None:
    assert typed_figure(typed, "day") == Decimal(12)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2,5", "is no amount"),
        ("70 g", "counted in oz, not in g"),
        ("none", "Nothing left is typed as 0."),
        ("a lot", "a number such as 2.5"),
        ("2.5 2026-01-01..", "Only the number that is left"),
        ("2.5 oz of flower", "Only the number that is left"),
        ("1e3", "is no amount"),
        ("NaN", "a number such as 2.5"),
    ],
)
def test_a_figure_that_is_none_is_refused_in_a_sentence(typed: str, why: str) -> None:
    refused = typed_figure(typed, "oz")
    assert isinstance(refused, NotUnderstood)
    assert why in refused.why


def test_the_cards_last_day_is_a_day_or_not_shown() -> None:
    assert typed_last_day("2027-06-30") == date(2027, 6, 30)
    assert (typed_last_day(""), typed_last_day("none")) == (NotSaid(), NotSaid())
    assert isinstance(typed_last_day("6/30/2027"), NotUnderstood)
    assert isinstance(typed_last_day("2027-02-30"), NotUnderstood)


def test_the_page_has_a_name_of_one_short_line() -> None:
    assert typed_page("  State   portal ") == "State portal"
    for typed in ("", "  ", "x" * 61, "a\x1b[2Jb", "a\u202eb"):
        assert isinstance(typed_page(typed), NotUnderstood), typed
