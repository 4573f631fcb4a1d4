"""What is said when something particular to a patient cannot be put on record."""

from datetime import date
from fractions import Fraction

import pytest

from pcc_desk.desk.dispensing import Refusal
from pcc_desk.desk.entitlements import (
    AboveCeiling,
    AmountRefusal,
    EndsBeforeStarts,
    FixedByLaw,
    NoPaper,
    NoSuchAmount,
    UnknownGroup,
    UnknownLimit,
)
from pcc_desk.desk.holds import HeldElsewhere, NothingToHold
from pcc_desk.desk.rules import RulesChanged
from pcc_desk.rulebook import rules_for
from pcc_desk.screens import words

TODAY = date(2026, 3, 12)
DAY = rules_for("MI", TODAY).limits[0]

REFUSALS: tuple[tuple[AmountRefusal | UnknownGroup, str], ...] = (
    (UnknownGroup("visitors", ("enhanced", "visiting")), "They know: enhanced, visiting."),
    (UnknownGroup("visitors", ()), "They know: none."),
    (UnknownLimit("mi-year"), "no limit mi-year"),
    (NoSuchAmount("An amount is a number."), "An amount is a number."),
    (NoPaper(), "Type who set it and in which document."),
    (EndsBeforeStarts(TODAY, date(2026, 3, 1)), "The last day (2026-03-01) is before the first (2026-03-12)."),
    (FixedByLaw(DAY), f"The amount for {DAY.window} is the law's, and no practitioner sets it."),
    (AboveCeiling(DAY, Fraction("2.5")), "above 2.50 oz"),
)


@pytest.mark.parametrize(("refusal", "said"), REFUSALS)
def test_each_refusal_says_what_is_so_and_what_to_do(refusal: AmountRefusal | UnknownGroup, said: str) -> None:
    told = words.amount_words(refusal)
    assert said in told
    assert told.endswith(".")


def test_changed_rules_are_to_be_read() -> None:
    changed: Refusal = RulesChanged("", "", "abc")
    assert words.refusal_words(changed).endswith("Press f2 again and read what is different.")


def test_only_what_is_set_aside_for_another_visit_is_told() -> None:
    assert words.held_words(NothingToHold("nothing is left")) == ""
    assert "another visit" in words.held_words(HeldElsewhere(()))
