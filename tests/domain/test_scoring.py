"""Outcome measures by hand: what items come to, and that one without an answer is never 0."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.scoring import Instrument, NotScored, Scored, alarm, item_answer, score
from pcc_desk.rulebook.intake import intake_for

INSTRUMENTS = {each.id: each for each in intake_for("MI").instruments}


def answers(instrument: Instrument, *given: int | None) -> dict[str, str]:
    return {instrument.key(number): str(each) for number, each in enumerate(given, 1) if each is not None}


@pytest.mark.parametrize(
    ("name", "given", "value", "band"),
    [
        ("peg", (10, 10, 10), Fraction(10), ""),
        ("peg", (7, 6, 6), Fraction(19, 3), ""),
        ("gad7", (0,) * 7, Fraction(0), "minimal"),
        ("gad7", (3,) * 7, Fraction(21), "severe"),
        ("gad7", (1, 1, 1, 1, 0, 0, 0), Fraction(4), "minimal"),
        ("gad7", (1, 1, 1, 1, 1, 0, 0), Fraction(5), "mild"),
        ("gad7", (2, 2, 2, 2, 2, 0, 0), Fraction(10), "moderate"),
        ("gad7", (3, 3, 3, 3, 3, 0, 0), Fraction(15), "severe"),
        ("phq9", (0,) * 9, Fraction(0), "minimal"),
        ("phq9", (3,) * 9, Fraction(27), "severe"),
        ("phq9", (3, 3, 3, 0, 0, 0, 0, 0, 0), Fraction(9), "mild"),
        ("phq9", (3, 3, 3, 1, 0, 0, 0, 0, 0), Fraction(10), "moderate"),
        ("phq9", (3, 3, 3, 3, 2, 0, 0, 0, 0), Fraction(14), "moderate"),
        ("phq9", (3, 3, 3, 3, 3, 0, 0, 0, 0), Fraction(15), "moderately severe"),
        ("phq9", (3, 3, 3, 3, 3, 3, 2, 0, 0), Fraction(20), "severe"),
    ],
)
def test_a_whole_measure_comes_to_what_it_comes_to_by_hand(
    name: str, given: tuple[int, ...], value: Fraction, band: str
) -> None:
    instrument = INSTRUMENTS[name]
    assert len(given) == len(instrument.items)
    assert score(instrument, answers(instrument, *given)) == Scored(value, band)


@given(st.sampled_from(sorted(INSTRUMENTS)), st.data())
def test_a_measure_with_a_gap_is_not_scored(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    count = len(instrument.items)
    values = st.none() | st.integers(instrument.least, instrument.most)
    given = data.draw(st.lists(values, min_size=count, max_size=count).filter(lambda each: None in each))
    assert score(instrument, answers(instrument, *given)) == NotScored(given.count(None), count)


@pytest.mark.parametrize("typed", ["", "4", "-1", "x", "1.5", "²", "٣", "100"])
def test_what_no_item_can_have_is_no_answer(typed: str) -> None:
    assert item_answer(INSTRUMENTS["phq9"], typed) is None


@pytest.mark.parametrize("value", [1, 2, 3])
def test_item_nine_above_nought_is_acted_on_whatever_else_is_answered(value: int) -> None:
    phq9 = INSTRUMENTS["phq9"]
    alone = {phq9.key(9): str(value)}
    assert isinstance(score(phq9, alone), NotScored)
    assert "988" in alarm(phq9, alone)
    assert "988" in alarm(phq9, answers(phq9, *(0,) * 8, value))


def test_item_nine_at_nought_or_unasked_is_no_alarm_and_others_have_none() -> None:
    phq9 = INSTRUMENTS["phq9"]
    assert alarm(phq9, answers(phq9, *(3,) * 8, 0)) == ""
    assert alarm(phq9, answers(phq9, *(3,) * 8)) == ""
    assert alarm(INSTRUMENTS["gad7"], answers(INSTRUMENTS["gad7"], *(3,) * 7)) == ""


def test_a_score_is_told_with_its_band_and_a_gap_with_its_size() -> None:
    assert str(Scored(Fraction(10), "moderate")) == "10 moderate"
    assert str(Scored(Fraction(19, 3))) == "6.3"
    assert str(NotScored(1, 9)) == "not scored: 1 of 9 items have no answer"
