"""What is typed of a paper is understood exactly, or refused with what to type instead."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.typed_papers import TypedAmount, TypedDay, typed_amount, typed_day
from pcc_desk.domain.what_if import NotUnderstood

EVER = (date.min, date.max)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("typed", "unit", "understood"),
    [
        ("8 2026-01-01..2026-12-31 Dr. Mensah, letter of 2 Jan", "oz", (8, *YEAR, "Dr. Mensah, letter of 2 Jan")),
        (" 2.5oz  2026-01-01 .. 2026-12-31  Dr. M ", "oz", ("2.5", *YEAR, "Dr. M")),
        (
            "8 2026-01-01.. 2 letters",
            "oz",
            NotUnderstood("“2” is no day. Type year, month and day, such as 2026-06-01."),
        ),
        ("8 2026-01-01.. Dr. M", "oz", (8, date(2026, 1, 1), date.max, "Dr. M")),
        ("8 ..2026-12-31 Dr. M", "oz", (8, date.min, date(2026, 12, 31), "Dr. M")),
        ("8 Dr. M, 2 letters", "oz", (8, *EVER, "Dr. M, 2 letters")),
        ("8 G. Miller", "oz", (8, *EVER, "G. Miller")),
        ("8 ounces Dr. M", "oz", (8, *EVER, "Dr. M")),
        ("8 fl. oz Dr. M", "fl oz", (8, *EVER, "Dr. M")),
        ("30 days Dr. M", "days", (30, *EVER, "Dr. M")),
        ("-1 Dr. M", "oz", (-1, *EVER, "Dr. M")),
        ("8", "oz", (8, *EVER, "")),
        ("NONE Agency", "oz", (None, *EVER, "Agency")),
        ("none 2026-01-01..2026-12-31", "oz", (None, *YEAR, "")),
    ],
)
def test_an_amount_its_days_and_its_paper_are_told_apart(
    typed: str, unit: str, understood: NotUnderstood | tuple[str | int | None, date, date, str]
) -> None:
    if isinstance(understood, NotUnderstood):
        assert typed_amount(typed, unit) == understood
        return
    amount, *others = understood
    assert typed_amount(typed, unit) == TypedAmount(None if amount is None else Decimal(amount), *others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Begin with the amount in oz"),
        ("nonesuch", "Begin with the amount in oz"),
        ("1,000 Dr. M", "“1,000” is no amount."),
        ("1.2.3 Dr. M", "“1.2.3” is no amount."),
        ("1e9 Dr. M", "“1e9” is no amount."),
        ("8Dr. M", "“8Dr.” is no amount."),
        ("12345678901 Dr. M", "is no amount."),
        ("8 g Dr. M", "This limit is counted in oz, not in g."),
        ("8mg Dr. M", "not in mg."),
        ("8 fl oz Dr. M", "not in fl oz."),
        ("8 2026-01-01 Dr. M", "Type two points after the first day"),
        ("8 1/2/2026-3/4/2026 Dr. M", "Type two points after the first day"),
        ("8 2026-02-30.. Dr. M", "“2026-02-30” is no day."),
        ("8 1/2/2026..3/4/2026 Dr. M", "“1/2/2026” is no day."),
    ],
)
def test_an_amount_that_could_be_misread_is_refused(typed: str, why: str) -> None:
    outcome = typed_amount(typed, "oz")
    assert isinstance(outcome, NotUnderstood), outcome
    assert why in outcome.why


@pytest.mark.parametrize(
    ("typed", "day"), [(" 2026-06-01 ", date(2026, 6, 1)), ("2024-02-29", date(2024, 2, 29)), ("None", None)]
)
def test_a_day_or_none_is_understood(typed: str, day: date | None) -> None:
    assert typed_day(typed) == TypedDay(day)


@pytest.mark.parametrize(
    "typed", ["", "2026-6-1", "20260601", "2026-W10-1", "6/1/2026", "2025-02-29", "２０２６-06-01"]
)
def test_what_is_no_day_is_refused_with_how_to_type_one(typed: str) -> None:
    outcome = typed_day(typed)
    assert isinstance(outcome, NotUnderstood)
    assert "such as 2026-06-01" in outcome.why


@given(st.text())
def test_nothing_typed_is_a_fault(typed: str) -> None:
    assert isinstance(typed_amount(typed, "oz"), TypedAmount | NotUnderstood)
    assert isinstance(typed_day(typed), TypedDay | NotUnderstood)


@given(st.decimals(0, 99999, places=3), st.dates(), st.dates(), st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True))
def test_what_is_written_plainly_comes_back_exactly(amount: Decimal, starts: date, ends: date, paper: str) -> None:
    assert typed_amount(f"{amount} {starts}..{ends} {paper}", "oz") == TypedAmount(amount, starts, ends, paper)
