"""What becomes of the differences of a day, and for what its signatures hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from pcc_desk.domain.closing import Compared, DayFinding, Decided, Decision, Fate, Found, findings_of, found_in
from pcc_desk.domain.people import Role
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayTotals, Finding, Unlike
from pcc_desk.domain.sales import Sale
from pcc_desk.domain.signatures import (
    Closed,
    DaySignature,
    DayState,
    closings_of,
    day_digest,
    lapsed,
    state_of,
    valid_for,
)

DAY = date(2026, 11, 23)
T0 = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ANA, BEN = UUID(int=1), UUID(int=2)


def a_difference(kind: FindingClass, number: str, what: str = "3.5 g, 14:12") -> Finding:
    return Finding(kind, Sale(number, T0, ()), None, what, "post it")


MISSING, PRICE = (
    found_in([a_difference(kind, number)])[0]
    for kind, number in ((FindingClass.MISSING_IN_STATE, "4471"), (FindingClass.PRICE, "4480"))
)


def at(minutes: int) -> datetime:
    return T0 + timedelta(minutes=minutes)


def decided(minutes: int, decision: Decision, of: Found = MISSING, words: str = "because", by: UUID = ANA) -> Decided:
    return Decided(UUID(int=1000 + minutes), DAY, of.key, of.digest, decision, words, by, None, at(minutes), by)


def through(comparisons: list[tuple[datetime, bool, list[Found]]], *decisions: Decided) -> tuple[DayFinding, ...]:
    return findings_of([Compared(when, is_whole, tuple(found)) for when, is_whole, found in comparisons], decisions)


def one(comparisons: list[tuple[datetime, bool, list[Found]]], *decisions: Decided) -> DayFinding:
    (found,) = through(comparisons, *decisions)
    return found


def test_a_difference_is_open_until_somebody_decides() -> None:
    assert one([(at(0), True, [MISSING])]).fate is Fate.OPEN


@pytest.mark.parametrize(
    ("decision", "fate"),
    [(Decision.FIXED, Fate.FIXING), (Decision.EXPLAINED, Fate.EXPLAINED), (Decision.ASSIGNED, Fate.ASSIGNED)],
)
def test_a_decision_says_where_it_stands(decision: Decision, fate: Fate) -> None:
    assert one([(at(0), True, [MISSING])], decided(1, decision)).fate is fate


def test_only_a_comparison_made_afterwards_verifies_a_fix() -> None:
    first = (at(0), True, [MISSING])
    fixed = decided(5, Decision.FIXED)
    assert one([first], fixed).fate is Fate.FIXING
    assert one([first, (at(9), True, [])], fixed).fate is Fate.VERIFIED


def test_a_fix_that_a_later_comparison_still_finds_is_open_again_and_says_so() -> None:
    found = one([(at(0), True, [MISSING]), (at(9), True, [MISSING])], decided(5, Decision.FIXED))
    assert (found.fate, found.outlived_its_fix) == (Fate.OPEN, True)


def test_a_comparison_that_could_not_be_made_verifies_nothing() -> None:
    found = one([(at(0), True, [MISSING]), (at(9), False, [])], decided(5, Decision.FIXED))
    assert (found.fate, found.gone_at) == (Fate.FIXING, None)


def test_a_difference_that_changed_after_it_was_explained_is_open() -> None:
    changed = replace(MISSING, digest="b")
    comparisons = [(at(0), True, [MISSING]), (at(9), True, [changed])]
    found = one(comparisons, decided(5, Decision.EXPLAINED))
    assert (found.fate, found.first, found.latest) == (Fate.OPEN, MISSING, changed)


def test_an_explanation_outlasts_later_comparisons_that_say_the_same() -> None:
    comparisons = [(at(0), True, [MISSING]), (at(9), True, [MISSING])]
    assert one(comparisons, decided(5, Decision.EXPLAINED)).fate is Fate.EXPLAINED


def test_a_missing_sale_whose_package_turns_out_to_be_finished_is_the_same_difference_and_not_verified() -> None:
    (finished,) = found_in([a_difference(FindingClass.PACKAGE_FINISHED, "4471")])
    assert (finished.key, finished.digest) == (MISSING.key, MISSING.digest)
    found = one([(at(0), True, [MISSING]), (at(9), True, [finished])])
    assert (found.fate, found.gone_at) == (Fate.OPEN, None)


def test_what_was_opened_again_is_open() -> None:
    found = one([(at(0), True, [MISSING])], decided(5, Decision.EXPLAINED), decided(6, Decision.OPEN))
    assert found.fate is Fate.OPEN
    assert len(found.decided) == 2


def test_a_difference_that_comes_back_is_there_again() -> None:
    comparisons = [(at(0), True, [MISSING]), (at(5), True, []), (at(9), True, [MISSING])]
    found = one(comparisons)
    assert (found.fate, found.gone_at, found.first_at) == (Fate.OPEN, None, at(0))


def test_the_order_of_decisions_is_that_of_their_instants() -> None:
    decisions = [decided(6, Decision.OPEN), decided(5, Decision.EXPLAINED)]
    assert one([(at(0), True, [MISSING])], *decisions).fate is Fate.OPEN


def test_a_decision_about_another_difference_is_nothing_to_this_one() -> None:
    found = through([(at(0), True, [MISSING, PRICE])], decided(1, Decision.EXPLAINED, PRICE))
    assert [each.fate for each in found] == [Fate.OPEN, Fate.EXPLAINED]


def signature(minutes: int, role: Role, by: UUID, digest: str = "now") -> DaySignature:
    return DaySignature(UUID(int=minutes), DAY, at(minutes), by, "somebody", role, "meaning", UUID(int=9), digest)


ANAS, BENS = signature(1, Role.COORDINATOR, ANA), signature(2, Role.INVENTORY, BEN)


@pytest.mark.parametrize(
    ("signatures", "state"),
    [
        ([], DayState.OPEN),
        ([ANAS], DayState.HALF_SIGNED),
        ([BENS], DayState.HALF_SIGNED),
        ([ANAS, BENS], DayState.CLOSED),
        ([BENS, ANAS], DayState.CLOSED),
        ([ANAS, replace(BENS, by=ANA)], DayState.HALF_SIGNED),
        ([ANAS, replace(BENS, digest="before")], DayState.HALF_SIGNED),
        ([replace(ANAS, digest="before"), replace(BENS, digest="before")], DayState.REOPENED),
        ([replace(ANAS, digest="before"), replace(BENS, digest="before"), replace(ANAS, at=at(9))], DayState.REOPENED),
    ],
)
def test_a_day_is_closed_by_two_people_for_the_same(signatures: list[DaySignature], state: DayState) -> None:
    assert state_of(signatures, "now") is state


def test_a_day_closed_twice_has_two_closings() -> None:
    before = [replace(ANAS, digest="before"), replace(BENS, digest="before")]
    again = [replace(ANAS, at=at(20), id=UUID(int=20)), replace(BENS, at=at(21), id=UUID(int=21))]
    closings = closings_of([*again, *before])
    assert [each.digest for each in closings] == ["before", "now"]
    assert closings[1] == Closed(at(21), (again[0], again[1]))


def test_a_signature_lapses_when_something_changes_and_those_of_an_earlier_closing_do_not() -> None:
    closed = [replace(ANAS, digest="before"), replace(BENS, digest="before")]
    again = replace(ANAS, at=at(20), id=UUID(int=20), digest="between")
    assert lapsed([*closed, again], "now") == (again,)
    assert lapsed([*closed, again], "between") == ()
    assert lapsed([ANAS], "now") == ()


def test_a_second_signature_of_the_same_role_closes_nothing() -> None:
    assert closings_of([ANAS, replace(ANAS, by=BEN, at=at(3))]) == ()
    assert valid_for([ANAS, replace(ANAS, by=BEN, at=at(3))], "now") == (ANAS,)


def test_what_is_signed_for_changes_with_everything_that_matters() -> None:
    found = through([(at(0), True, [MISSING])])
    first = day_digest(DAY, "sides", DayTotals(), found)
    decided_now = through([(at(0), True, [MISSING])], decided(1, Decision.EXPLAINED))
    changed = through([(at(0), True, [replace(MISSING, digest="b")])])
    others = (
        day_digest(DAY, "other", DayTotals(), found),
        day_digest(DAY + timedelta(days=1), "sides", DayTotals(), found),
        day_digest(DAY, "sides", DayTotals(), decided_now),
        day_digest(DAY, "sides", DayTotals(), changed),
        day_digest(DAY, "sides", DayTotals(), ()),
        day_digest(DAY, "sides", DayTotals(is_controlled=True), found),
        day_digest(DAY, "sides", DayTotals(unlike=(Unlike("sales", "a", 1, "b", 2),)), found),
    )
    assert len({first, *others}) == 8


def test_comparing_again_with_the_same_outcome_changes_nothing_that_was_signed_for() -> None:
    once = through([(at(0), True, [MISSING])], decided(1, Decision.EXPLAINED))
    again = through([(at(0), True, [MISSING]), (at(9), True, [MISSING])], decided(1, Decision.EXPLAINED))
    assert day_digest(DAY, "sides", DayTotals(), once) == day_digest(DAY, "sides", DayTotals(), again)


def test_two_findings_about_one_sale_are_told_apart() -> None:
    cheap, dear = (a_difference(FindingClass.PRICE, "4480", what) for what in ("one line", "another line"))
    first, second = found_in([cheap, dear])
    assert first.key != second.key
    assert first.digest != second.digest


def test_a_sale_that_was_too_young_and_then_missing_is_one_finding_with_one_history() -> None:
    kinds = FindingClass.NOT_YET_VISIBLE, FindingClass.MISSING_IN_STATE
    young, missing = (found_in([a_difference(kind, "4471")])[0] for kind in kinds)
    comparisons = [(at(0), True, [young]), (at(20), True, [missing])]
    found = one(comparisons, decided(5, Decision.ASSIGNED, young))
    assert (found.first_at, found.gone_at, found.fate) == (at(0), None, Fate.OPEN)
    assert len(found.decided) == 1


def test_findings_about_two_packages_of_one_sale_keep_their_own_decisions() -> None:
    first, second = (
        found_in([replace(a_difference(FindingClass.QTY, "4480"), tag=tag)])[0] for tag in ("1A4A", "1A4B")
    )
    fixed, explained = decided(5, Decision.FIXED, first), decided(6, Decision.EXPLAINED, second)
    both = through([(at(0), True, [first, second]), (at(9), True, [second])], fixed, explained)
    assert [(each.key, each.fate) for each in both] == [(first.key, Fate.VERIFIED), (second.key, Fate.EXPLAINED)]
