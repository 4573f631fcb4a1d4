"""Whom a limit binds and how much it allows them, by example: groups, waivers, practitioners, ceilings."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from pcc_desk.domain.allotment import CannotTell, Entitlement, SetAmount
from pcc_desk.domain.cohorts import AgeGroup, Belongs, NamedGroup
from pcc_desk.domain.rules import Source
from pcc_desk.domain.windows import RollingDays
from tests.domain.by_hand import a_limit, ask, first, left
from tests.domain.random_rules import ruled

THIRTY = RollingDays(30, 30, 30)
TODAY = "2024-03-10"


# -- whom it binds


ADULT, YOUNG, VISITOR = AgeGroup(21, None, "age>=21"), AgeGroup(18, 20, "age 18-20"), NamedGroup("visiting")


@pytest.mark.parametrize(
    ("belongs", "bound"),
    [
        (Belongs(), {"all", "adult", "young"}),
        (Belongs(20), {"all", "young"}),
        (Belongs(21), {"all", "adult"}),
        (Belongs(17), {"all"}),
        (Belongs(21, frozenset({"visiting"})), {"all", "adult", "adult visitor"}),
        (Belongs(20, frozenset({"visiting"})), {"all", "young"}),
        (Belongs(None, frozenset({"visiting"})), {"all", "adult", "young", "adult visitor"}),
        (Belongs(None, frozenset({"age>=21"})), {"all", "adult", "young"}),
    ],
)
def test_a_limit_binds_those_of_whom_it_cannot_be_told_that_they_are_not_in_its_group(
    belongs: Belongs, bound: set[str]
) -> None:
    groups = {"all": (), "adult": (ADULT,), "young": (YOUNG,), "adult visitor": (ADULT, VISITOR)}
    rules = ruled(*(replace(a_limit(THIRTY, name=name), cohort=cohort) for name, cohort in groups.items()))
    assert {each.limit.id for each in ask(rules, TODAY, patient=Entitlement(belongs)).limits} == bound


@pytest.mark.parametrize(("age", "bound"), [(21, ["larger"]), (20, ["usual"]), (None, ["usual"])])
def test_a_limit_takes_the_place_of_another_only_for_those_who_surely_belong(age: int | None, bound: list[str]) -> None:
    larger = replace(a_limit(THIRTY, "20", name="larger"), cohort=(ADULT,), replaces="usual")
    where = ask(ruled(a_limit(THIRTY, name="usual"), larger), TODAY, patient=Entitlement(Belongs(age)))
    assert [each.limit.id for each in where.limits] == bound


# -- amounts that somebody set


def set_to(
    *amounts: SetAmount, source: Source = Source.PRACTITIONER, ceiling: bool = False, rule: str | None = "10"
) -> object:
    limit = replace(a_limit(THIRTY, rule), source=source, is_ceiling=ceiling)
    return left(limit, TODAY, patient=Entitlement(amounts=amounts))


def ordered(amount: int) -> SetAmount:
    return SetAmount("limit", Fraction(amount))


def waived(amount: int | None, starts: str = "2000-01-01", ends: str = "2100-01-01") -> SetAmount:
    return SetAmount(
        "limit",
        None if amount is None else Fraction(amount),
        is_waiver=True,
        starts=date.fromisoformat(starts),
        ends=date.fromisoformat(ends),
    )


def test_a_practitioner_sets_the_amount_and_stays_below_a_ceiling() -> None:
    assert set_to(ordered(20)) == 20
    assert set_to(ordered(20), ceiling=True) == 10
    assert set_to(ordered(5), ceiling=True) == 5
    assert set_to(ordered(20), rule=None) == 20
    assert set_to(rule=None) is None
    assert set_to(ordered(20), ceiling=True, rule=None) == 20
    assert set_to(SetAmount("limit", None)) == 10
    assert set_to(SetAmount("another", Fraction(1))) == 10


def test_of_several_papers_the_lowest_counts_and_a_waiver_before_an_order_in_any_order() -> None:
    assert set_to(ordered(20), ordered(15)) == set_to(ordered(15), ordered(20)) == 15
    assert set_to(waived(30), ordered(5)) == set_to(ordered(5), waived(30)) == 30
    assert set_to(waived(30), waived(25), ceiling=True) == 25


@pytest.mark.parametrize(
    ("starts", "ends", "amount"),
    [
        ("2024-03-10", "2024-03-10", 30),
        ("2024-03-11", "2024-12-31", 10),
        ("2024-01-01", "2024-03-09", 10),
    ],
)
def test_a_waiver_holds_from_its_first_day_to_its_last(starts: str, ends: str, amount: int) -> None:
    assert set_to(waived(30, starts, ends)) == amount


def test_a_limit_that_is_waived_altogether_does_not_bind_meanwhile() -> None:
    for waiver, count in ((waived(None), 0), (waived(None, "2024-03-11"), 1), (replace(waived(None), limit_id="x"), 1)):
        assert len(ask(a_limit(THIRTY), TODAY, patient=Entitlement(amounts=(waiver,))).limits) == count


@pytest.mark.parametrize(
    ("source", "ceiling", "amounts", "remark"),
    [
        (Source.FIXED, False, (), ""),
        (Source.PRACTITIONER, True, (), "a ceiling: a practitioner may have set less"),
        (Source.PRACTITIONER, False, (), "unless a practitioner set it"),
        (Source.REGISTRY, False, (), "the registry's own figure decides"),
        (Source.FIXED, False, (replace(waived(30), paper="petition 7"),), "waiver: petition 7"),
        (Source.FIXED, False, (ordered(5),), "practitioner's amount"),
        (Source.FIXED, False, (waived(30, "2030-01-01"), replace(ordered(5), limit_id="x")), ""),
    ],
)
def test_an_amount_says_where_it_comes_from(
    source: Source, ceiling: bool, amounts: tuple[SetAmount, ...], remark: str
) -> None:
    limit = replace(a_limit(THIRTY), source=source, is_ceiling=ceiling)
    assert first(ask(limit, TODAY, patient=Entitlement(amounts=amounts))).remark == remark


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (Source.FIXED, "not in the rules"),
        (Source.PRACTITIONER, "on the practitioner's order"),
        (Source.REGISTRY, "in the registry or on the order"),
    ],
)
def test_an_amount_that_is_not_known_says_where_it_would_be(source: Source, where: str) -> None:
    found = first(ask(replace(a_limit(THIRTY, None), source=source), TODAY))
    assert found.amount == found.left == CannotTell(f"the amount is {where} and is not known here")
    assert found.remark == ""
