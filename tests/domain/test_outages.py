"""What an outage carries, what an announced exception allows, and what is owed afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.allotment import Purchase, evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import Fits, Proposed, judge
from pcc_desk.domain.dispensing import Posting, PostingState
from pcc_desk.domain.outage_sheet import entered_words, review_lines
from pcc_desk.domain.outages import (
    AnnouncedException,
    CapKind,
    CapTerm,
    Duties,
    NoteKind,
    Outage,
    OutageNote,
    OutageReview,
    ReviewedSale,
    Verdict,
    carried,
    duties,
    exception_in_force,
    under_exception,
    unreported,
)
from pcc_desk.domain.oversales import judged_again
from pcc_desk.domain.products import Basis, Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, RegistryAnswer, RegistryStanding, RegistryWindow, Verification
from pcc_desk.domain.rules import OutagePolicy, OutageRule
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.typed_exceptions import FORM, TypedException, typed_exception
from pcc_desk.domain.verification import NotVerified, UnderOutage, Verified
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.rulebook import rules_for

NOON = datetime(2026, 3, 12, 16, 0, tzinfo=UTC)
"""Noon in Detroit and in Baltimore."""
TODAY = date(2026, 3, 12)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
WHO = UUID(int=0xDA)
SHOP = Shop("Birchwood Relief", "PC-000911", "MD", "America/New_York", "counter-1")
MICHIGAN, MARYLAND = rules_for("MI", TODAY), rules_for("MD", TODAY)
SILENT = Unanswered(Silence.DOWN, "METRC cannot be reached")
OUTAGE = Outage(UUID(int=1), "METRC", NOON, ())
VERIFICATION = Verification(UUID(int=2), UUID(int=3), "MD-1", NOON, "METRC", SILENT)
WORTH = UnderOutage(VERIFICATION, SILENT.reason)
FLOWER = ("flower", "preroll", "shake")
TWELVE = CapTerm(FLOWER, Basis.NET_G, Fraction(12_000))
EXCEPTION = AnnouncedException(
    UUID(int=4), "MD", "Bulletin 26-04", NOON, NOON + 6 * HOUR, CapKind.TYPED, (TWELVE,), NOON, WHO
)


def noted(kind: NoteKind, at: datetime = NOON) -> OutageNote:
    return OutageNote(UUID(int=9), OUTAGE.id, at, WHO, kind, "Bulletin 26-04")


# What it carries


def test_without_a_record_of_it_an_outage_carries_nothing() -> None:
    rule = OutageRule(sales_allowed=True, why="with duties")
    assert isinstance(carried(WORTH, rule, None, ()), NotVerified)
    assert carried(WORTH, rule, OUTAGE, ()) == WORTH


@pytest.mark.parametrize(
    ("kinds", "is_carried"),
    [((), False), ((NoteKind.DONE,), False), ((NoteKind.NOTICE,), True), ((NoteKind.DONE, NoteKind.OWN_REPORT), True)],
)
def test_where_a_notice_comes_first_nothing_is_carried_before_it(kinds: tuple[NoteKind, ...], is_carried: bool) -> None:
    rule = OutageRule(sales_allowed=True, why="after notice", notice_first=True)
    assert (carried(WORTH, rule, OUTAGE, map(noted, kinds)) == WORTH) is is_carried


def test_a_proof_that_rests_on_no_outage_is_left_as_it_is() -> None:
    rule = OutageRule(sales_allowed=True, why="after notice", notice_first=True)
    for worth in (Verified(VERIFICATION), NotVerified("why")):
        assert carried(worth, rule, None, ()) == worth


# The announced exception


@pytest.mark.parametrize(
    ("at", "is_in_force"),
    [
        (NOON - MOMENT, False),
        (NOON, True),
        (NOON + 6 * HOUR - MOMENT, True),
        (NOON + 6 * HOUR, False),
    ],
)
def test_an_exception_is_in_force_from_its_first_instant_up_to_its_last(at: datetime, is_in_force: bool) -> None:
    assert (exception_in_force([EXCEPTION], MARYLAND, at) is EXCEPTION) is is_in_force


def test_an_exception_of_another_jurisdiction_or_withdrawn_or_unknown_to_the_law_is_not_in_force() -> None:
    assert exception_in_force([replace(EXCEPTION, jurisdiction="OH")], MARYLAND, NOON) is None
    assert exception_in_force([replace(EXCEPTION, withdrawn_at=NOON)], MARYLAND, NOON) is None
    assert exception_in_force([replace(EXCEPTION, jurisdiction="MI")], MICHIGAN, NOON) is None


@pytest.mark.parametrize("policy", [each for each in OutagePolicy if each is not OutagePolicy.AGENCY_EXCEPTION_ONLY])
def test_no_other_policy_knows_an_exception(policy: OutagePolicy) -> None:
    rules = replace(MARYLAND, outage=replace(MARYLAND.outage, policy=policy))
    assert exception_in_force([EXCEPTION], rules, NOON) is None


def test_the_exception_that_was_entered_last_is_gone_by() -> None:
    later = replace(EXCEPTION, id=UUID(int=5), announced_at=NOON + MOMENT)
    assert exception_in_force([later, EXCEPTION], MARYLAND, NOON) is later


def test_under_no_exception_the_rules_stay_as_they_are() -> None:
    assert under_exception(MARYLAND, None) is MARYLAND
    assert not MARYLAND.outage.sales_allowed


def test_the_limits_of_an_exception_take_the_place_of_those_of_the_file() -> None:
    by_kind = {kind: under_exception(MARYLAND, replace(EXCEPTION, cap_kind=kind)).outage.limits for kind in CapKind}
    assert by_kind[CapKind.FILE] == MARYLAND.outage.limits
    assert by_kind[CapKind.UNCHANGED] == ()
    assert [each.id for each in by_kind[CapKind.TYPED]] == ["exception"]
    assert under_exception(MARYLAND, EXCEPTION).limits == MARYLAND.limits


@given(st.integers(1, 200_000), st.integers(1, 200_000))
def test_nothing_above_the_cap_of_an_exception_goes_out(cap_mg: int, sold_mg: int) -> None:
    cap = (CapTerm(FLOWER, Basis.NET_G, Fraction(cap_mg)),)
    rules = under_exception(MARYLAND, replace(EXCEPTION, cap=cap))
    standing = evaluate(rules, (), SILENT, NOON, TODAY, go_by_own_record=True)
    package = Package("1A4", "Blue Dream", "flower", Quantity(10**9, Unit.GRAMS))
    verdict = judge(standing, (Proposed(package, Quantity(sold_mg, Unit.GRAMS)),))
    assert sold_mg <= cap_mg or not isinstance(verdict, Fits)


def test_under_a_cap_what_it_does_not_name_is_not_sold() -> None:
    standing = evaluate(under_exception(MARYLAND, EXCEPTION), (), SILENT, NOON, TODAY, go_by_own_record=True)
    assert standing.only_in_outage == frozenset(FLOWER)


# Typed


def typed(text: str, code: str = "MD") -> TypedException | NotUnderstood:
    return typed_exception(text, rules_for(code, TODAY), SHOP, NOON)


def test_what_a_manager_types_is_understood_on_the_shops_clock() -> None:
    found = typed(FORM)
    assert isinstance(found, TypedException)
    assert (found.starts, found.ends) == (NOON + 2 * HOUR, NOON + 34 * HOUR)
    assert found.document == "Bulletin 26-04"
    flower, thc = found.cap
    assert flower == TWELVE
    assert (thc.basis, thc.at_most, "edible" in thc.categories, "flower" in thc.categories) == (
        Basis.THC_MG,
        Fraction(2_500_000),
        True,
        False,
    )


def test_now_and_a_last_day_without_a_time_are_meant_as_they_are_said() -> None:
    found = typed("now..2026-03-13 file; letter")
    assert isinstance(found, TypedException)
    assert (found.starts, found.ends) == (NOON, datetime(2026, 3, 14, 4, 0, tzinfo=UTC))
    assert (found.cap_kind, found.cap) == (CapKind.FILE, ())


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("now..2026-03-13 unchanged; letter", "IL", CapKind.UNCHANGED),
        ("now..2026-03-13; letter", "OH", CapKind.FILE),
        ("now..2026-03-13 1 oz flower, 2 g concentrate; letter", "IL", CapKind.TYPED),
    ],
)
def test_how_much_is_as_announced_or_as_the_file_says_or_unchanged(text: str, code: str, kind: CapKind) -> None:
    found = typed(text, code)
    assert isinstance(found, TypedException)
    assert found.cap_kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-12",
        "..2026-03-13 unchanged; letter",
        "now.. unchanged; letter",
        "2026-02-30..2026-03-13 unchanged; letter",
        "now..2026-03-13 25:00 unchanged; letter",
        "now..2026-03-13 12 flower; letter",
        "now..2026-03-13 0 g flower; letter",
        "now..2026-03-13 12 g moonrocks; letter",
        "now..2026-03-13 2 g thc; letter",
        "now..2026-03-13 12 g flower + 3 g flower; letter",
        "now..2026-03-13 twelve grams; letter",
    ],
)
def test_what_is_not_understood_is_answered_with_what_to_type(text: str) -> None:
    assert isinstance(typed(text), NotUnderstood)


def test_where_the_file_names_no_amount_one_must_be_typed() -> None:
    assert isinstance(typed("now..2026-03-13; letter", "IL"), NotUnderstood)


# What is owed


def test_the_deadlines_count_from_the_first_good_answer() -> None:
    rule = MICHIGAN.outage
    assert duties(OUTAGE, rule) == Duties(None, None)
    ended = replace(OUTAGE, ended_at=NOON)
    assert duties(ended, rule) == Duties(NOON + 24 * HOUR, NOON + 72 * HOUR)
    assert duties(ended, MARYLAND.outage) == Duties(None, None)


def reviewed(*verdicts: Verdict) -> OutageReview:
    sales = tuple(ReviewedSale(UUID(int=n), f"PCC-{n}", each, "why") for n, each in enumerate(verdicts))
    return OutageReview(OUTAGE.id, NOON, sales)


def test_what_is_to_be_reported_stays_so_until_something_is_noted_after_it() -> None:
    review = reviewed(Verdict.OVER, Verdict.WITHIN, Verdict.INACTIVE, Verdict.NOTHING_LEFT)
    assert unreported(None, ()) == 0
    assert unreported(review, ()) == 3
    assert unreported(review, [noted(NoteKind.OWN_REPORT, NOON - MOMENT), noted(NoteKind.NOTICE, NOON)]) == 3
    assert unreported(review, [noted(NoteKind.OWN_REPORT, NOON)]) == 0
    assert review.is_whole
    assert not reviewed(Verdict.OVER, Verdict.UNKNOWN).is_whole


def test_a_report_says_first_what_the_state_must_hear_of() -> None:
    lines = list(review_lines(reviewed(Verdict.UNKNOWN, Verdict.WITHIN, Verdict.OVER), SHOP))
    assert lines == [
        "Judged again Thu 12 Mar 2026 12:00: 1 to report, 1 cannot be told, 1 within the limits",
        "  PCC-2: over a limit, why",
        "  PCC-0: cannot tell, why",
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PostingState.ACCEPTED, "in the state's record as 90000"),
        (PostingState.PARKED, "not entered, for a person to decide: refused"),
        (PostingState.SENDING, "not entered yet"),
    ],
)
def test_a_sheet_says_of_each_sale_whether_it_is_entered(state: PostingState, words: str) -> None:
    assert entered_words(Posting(UUID(int=1), UUID(int=2), "PCC-1", state, 1, 0, NOON, "90000", "refused")) == words


# Judged again


def bought(grams: int, day: date = TODAY) -> Purchase:
    at = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    return Purchase(day, at, "flower", Measures(grams * 1000, None, None, None), "Blue Dream", posted_at=at)


def says(day: str, month: str) -> RegistryStanding:
    rows = tuple(RegistryWindow(Decimal(n), (("flower", Decimal(left)),)) for n, left in ((1, day), (30, month)))
    return RegistryStanding("MI-1", True, rows)


def again(
    answer: RegistryAnswer, *lines: Purchase, sold_on: date = TODAY, today: date = TODAY, is_entered: bool = True
) -> Verdict:
    asked_at = datetime(today.year, today.month, today.day, 20, tzinfo=UTC)
    then = evaluate(MICHIGAN, [each for each in lines if each.on <= sold_on], None, None, sold_on)
    now = evaluate(MICHIGAN, lines, answer, asked_at, today)
    return judged_again(then, now, answer, sold_on, is_entered=is_entered)[0]


def test_a_sale_that_the_registry_counts_within_its_limits_is_within() -> None:
    assert again(says("1", "8"), bought(7)) is Verdict.WITHIN


def test_a_sale_over_the_registrys_figure_or_our_own_sum_is_over() -> None:
    assert again(says("-0.01", "8"), bought(7)) is Verdict.OVER
    assert again(says("1", "8"), bought(71)) is Verdict.OVER
    assert again(SILENT, bought(71)) is Verdict.OVER


def test_where_the_registry_says_that_nothing_is_left_a_person_looks() -> None:
    assert again(says("0", "8"), bought(7)) is Verdict.NOTHING_LEFT


def test_a_figure_that_no_longer_covers_the_day_of_the_sale_says_nothing_of_it() -> None:
    yesterday, long_ago = TODAY - timedelta(days=1), TODAY - timedelta(days=60)
    assert again(says("-1", "8"), bought(7, yesterday), sold_on=yesterday) is Verdict.WITHIN
    assert again(says("-1", "-1"), bought(7, yesterday), sold_on=yesterday) is Verdict.OVER
    assert again(says("-1", "-1"), bought(7, long_ago), sold_on=long_ago) is Verdict.WITHIN


def test_a_card_that_the_registry_does_not_know_or_that_is_not_active_is_to_be_reported() -> None:
    assert again(CardNotFound("MI-1"), bought(7)) is Verdict.INACTIVE
    assert again(replace(says("1", "8"), active=False), bought(7)) is Verdict.INACTIVE


def test_what_the_registry_cannot_have_counted_cannot_be_told() -> None:
    assert again(says("1", "8"), bought(7), is_entered=False) is Verdict.UNKNOWN
    assert again(SILENT, bought(7)) is Verdict.UNKNOWN
