"""A scanner's keys are told from a person's by how closely they follow one another."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.scans import is_shaped
from pcc_desk.widgets.gate import LONGEST_S, SHORTEST_SCAN, Ended, Fate, Gate, Stroke
from tests.domain.printed_licences import printed

CARD = "MI-P-0041-7723"
NAMES = {"\r": "enter", "\n": "ctrl+j", "\x1e": "ctrl+circumflex_accent"}


class Typist:
    """Presses keys at a gate, with a clock of its own; keeps what came through, in its order, and the scans."""

    def __init__(self, *, is_typing: bool, prefix: str = "") -> None:
        self.gate = Gate(is_shaped, prefix)
        self.is_typing = is_typing
        self.at = 100.0
        self.through = ""
        self.longest_held = 0.0
        self.scans: list[Ended] = []

    def end(self, at: float) -> None:
        """Let the gate end, as a silence does."""
        if not self.gate.is_collecting:
            return
        ended = self.gate.end()
        if ended.is_scan:
            self.scans.append(ended)
            self.through = self.through[: len(self.through) - ended.passed]
        else:
            for each in ended.given_back:
                self.longest_held = max(self.longest_held, at - each.at)
                self.through += each.text

    def press(self, text: str, apart_s: float, key: str | None = None) -> None:
        """Press a key some time after the one before."""
        due = self.at + self.gate.rest
        self.at += apart_s
        if self.gate.is_over(self.at):
            self.end(due)
        stroke = Stroke(key or NAMES.get(text, text), text, self.at, None)
        if self.gate.key(stroke, is_typing=self.is_typing) is Fate.PASS:
            self.through += text

    def rest(self) -> None:
        """Press nothing for a while."""
        self.end(self.at + self.gate.rest)
        self.at += 10

    def type(self, text: str, *gaps: float) -> None:
        """Press keys, each after its gap; the gaps begin anew where they are fewer."""
        for at, each in enumerate(text):
            self.press(each, gaps[at % len(gaps)])


FIELD_OR_NOT = pytest.mark.parametrize("is_typing", [True, False], ids=["in a field", "where letters are commands"])


@FIELD_OR_NOT
@pytest.mark.parametrize("pace_s", [0.0, 0.001, 0.005, 0.02])
@pytest.mark.parametrize("text", [CARD, CARD + "\r", "1A4050100000111000000417", "https://example.org/v/1\r"])
def test_what_a_scanner_types_comes_as_one_and_no_key_gets_through(text: str, pace_s: float, is_typing: bool) -> None:
    typist = Typist(is_typing=is_typing)
    typist.type(text, pace_s)
    typist.rest()
    assert [each.text for each in typist.scans] == [text]
    assert typist.through == ""


@FIELD_OR_NOT
def test_a_licence_comes_byte_for_byte_with_every_enter_in_it(is_typing: bool) -> None:
    typist = Typist(is_typing=is_typing)
    typist.type(printed(), 0.003)
    typist.rest()
    assert [each.text for each in typist.scans] == [printed()]
    assert not typist.scans[0].is_cut
    assert typist.through == ""


@FIELD_OR_NOT
def test_a_hiccup_of_the_scanner_parts_no_scan(is_typing: bool) -> None:
    typist = Typist(is_typing=is_typing)
    typist.type(printed()[:200], 0.003)
    typist.press(printed()[200], 0.14)
    typist.type(printed()[201:], 0.003)
    typist.rest()
    assert [each.text for each in typist.scans] == [printed()]


def test_two_scans_in_a_row_are_two() -> None:
    typist = Typist(is_typing=False)
    for _ in range(2):
        typist.type(CARD + "\r", 0.004)
        typist.at += 0.2
    typist.rest()
    assert [each.text for each in typist.scans] == [CARD + "\r"] * 2


# People

HUNDRED_WORDS_A_MINUTE = (0.12, 0.09, 0.14, 0.11)
ROLLING_FINGERS = (0.09, 0.012, 0.11, 0.028, 0.13, 0.008, 0.02, 0.15)
"""Neighbouring keys that fall almost together, as in "th" and "er"."""
ASLEEP_ON_THE_KEY = (0.033,)
"""A key held down: thirty times a second."""


@FIELD_OR_NOT
@pytest.mark.parametrize("gaps", [HUNDRED_WORDS_A_MINUTE, ROLLING_FINGERS, ASLEEP_ON_THE_KEY])
@pytest.mark.parametrize(
    "text", ["okafor, chidi", "MI-P-0041-7723\r", "3/11/1958\r", "the patient sleeps better at night\r"]
)
def test_what_a_fast_person_types_gets_through_whole_and_in_order(
    text: str, gaps: tuple[float, ...], is_typing: bool
) -> None:
    typist = Typist(is_typing=is_typing)
    typist.type(text, *gaps)
    typist.rest()
    assert typist.through == text
    assert typist.scans == []
    assert typist.longest_held < 0.1


def test_a_letter_in_a_field_is_never_held_for_a_person() -> None:
    typist = Typist(is_typing=True)
    for at, each in enumerate("okafor chidi"):
        typist.press(each, ROLLING_FINGERS[at % len(ROLLING_FINGERS)])
        assert typist.through.endswith(each)


@given(st.text("abcdefgh 0123456789-/\r", min_size=1, max_size=60), st.randoms(use_true_random=False), st.booleans())
def test_no_typing_of_any_person_is_swallowed_or_reordered(text: str, rng: random.Random, is_typing: bool) -> None:
    typist = Typist(is_typing=is_typing)
    in_a_row = 0
    for each in text:
        is_close = rng.random() < 0.3 and in_a_row < 3
        in_a_row = in_a_row + 1 if is_close else 0
        typist.press(each, rng.uniform(0.002, 0.029) if is_close else rng.uniform(0.04, 0.4))
    typist.rest()
    assert typist.through == text
    assert typist.scans == []


@FIELD_OR_NOT
@pytest.mark.parametrize("text", ["okafor", "lindqvist m", "2026-11-24\r", "3/11/1958\r", "blue dream\r3.5\r"])
def test_a_short_burst_of_no_known_shape_goes_back_as_typing(text: str, is_typing: bool) -> None:
    assert len(text) < SHORTEST_SCAN
    typist = Typist(is_typing=is_typing)
    typist.type(text, 0.001)
    typist.rest()
    assert typist.through == text
    assert typist.scans == []


def test_a_burst_of_twenty_characters_is_a_scan_whatever_its_shape() -> None:
    typist = Typist(is_typing=False)
    text = "loyalty-points-of-abc"[:SHORTEST_SCAN]
    typist.type(text, 0.001)
    typist.rest()
    assert [each.text for each in typist.scans] == [text]


def test_a_key_that_is_held_down_is_no_scan_however_fast_it_repeats() -> None:
    typist = Typist(is_typing=True)
    typist.type("x" * 60, 0.016)
    typist.rest()
    assert typist.through == "x" * 60
    assert typist.scans == []


def test_a_scan_that_goes_on_for_too_long_is_told_to_be_cut_and_its_rest_is_swallowed() -> None:
    typist = Typist(is_typing=False)
    typist.type("71" * 150, 0.02)
    typist.rest()
    (scan,) = typist.scans
    assert scan.is_cut
    assert len(scan.text) == pytest.approx(LONGEST_S / 0.02, abs=2)
    assert typist.through == ""


# A prefix


@FIELD_OR_NOT
def test_what_follows_the_prefix_is_a_scan_at_any_pace_and_of_any_shape(is_typing: bool) -> None:
    typist = Typist(is_typing=is_typing, prefix="f13")
    typist.press("", 0.1, "f13")
    typist.type("abc\r", 0.1)
    typist.rest()
    assert [each.text for each in typist.scans] == ["abc\r"]
    assert typist.through == ""


def test_without_the_prefix_a_scanner_is_still_known_by_its_pace() -> None:
    typist = Typist(is_typing=False, prefix="f13")
    typist.type(CARD, 0.004)
    typist.rest()
    assert [each.text for each in typist.scans] == [CARD]


# Bytes lost, doubled, in another order


@given(
    st.lists(st.tuples(st.sampled_from(["drop", "double", "swap"]), st.integers(0, 1000)), max_size=20), st.booleans()
)
def test_whatever_happens_to_the_bytes_nothing_of_a_scan_gets_through(
    faults: list[tuple[str, int]], is_typing: bool
) -> None:
    letters = list(printed())
    for kind, where in faults:
        at = where % (len(letters) - 1)
        if kind == "drop":
            del letters[at]
        elif kind == "double":
            letters.insert(at, letters[at])
        else:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    typist = Typist(is_typing=is_typing)
    typist.type("".join(letters), 0.003, 0.001, 0.008)
    typist.rest()
    assert [each.text for each in typist.scans] == ["".join(letters)]
    assert typist.through == ""
