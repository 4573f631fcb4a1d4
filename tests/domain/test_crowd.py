"""Many newcomers compared with everybody: the same answer as one by one, and no slower for more people."""

from datetime import date, timedelta
from itertools import count
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from pcc_desk.domain.crowd import MOST, Crowd
from pcc_desk.domain.look_alikes import Alikeness, _is_mistyped, day_number, look_alikes, slips_of
from pcc_desk.domain.people import BEGINNING, Patient, name_key

NUMBERS = count(1)
NAMES = st.sampled_from(["Díaz", "Diaz", "Dias", "Okafor", "Okafer", "Ana", "Anna", "Ana María", "Li", "Yi", ""])
DAYS = st.dates(date(1956, 1, 1), date(1959, 12, 31))
PHONES = st.sampled_from(["", "313-555-0100", "1 313 555 0100"])


def a_person(family: str, given_name: str, born: date, phone: str = "") -> Patient:
    return Patient(UUID(int=next(NUMBERS)), family, given_name, born, phone)


people = st.builds(a_person, NAMES, NAMES, DAYS, PHONES)


@given(st.lists(people, max_size=12), people)
def test_the_likest_of_a_crowd_is_the_likest_of_all_compared_one_by_one(others: list[Patient], who: Patient) -> None:
    crowd = Crowd()
    for each in others:
        crowd.add(each)
    found = look_alikes(who, (), [each for each in others if _may_be_asked(who, each)], ())
    assert crowd.nearest(who) == (found[0].alikeness if found else None)


def _may_be_asked(who: Patient, other: Patient) -> bool:
    """Whether one is asked about the other at the counter: by birth date, telephone, or how the names begin."""
    family, given_name = name_key(who.family_name), name_key(who.given_name)
    ways = {(family[:BEGINNING], given_name[:1]), (given_name[:BEGINNING], family[:1])}
    begins = name_key(other.family_name)[:BEGINNING], name_key(other.given_name)[:1]
    return begins in ways or who.born == other.born or bool(who.phone and other.phone)


@settings(max_examples=6)
@given(st.dates(date(1930, 1, 1), date(2026, 12, 31)))
def test_the_days_of_a_slip_of_the_hand_are_those_that_are_taken_for_one(born: date) -> None:
    days = [date(1920, 1, 1) + timedelta(days=number) for number in range(40_000)]
    slips = slips_of(born)
    assert [day for day in days if day_number(day) in slips] == [
        day for day in days if _is_mistyped(born, day) and day != born
    ]


def test_whoever_shares_a_birth_date_with_very_many_costs_no_more_than_with_some() -> None:
    crowd = Crowd()
    for number in range(MOST * 5):
        crowd.add(a_person(f"Q{number}", f"Z{number}", date(1900, 1, 1)))
    assert sum(len(each) for each in crowd._born.values()) == MOST
    assert crowd.nearest(a_person("Díaz", "Ana", date(1985, 3, 11))) is None
    crowd.add(a_person("Díaz", "Ana", date(1985, 11, 3)))
    assert crowd.nearest(a_person("Ana", "Diaz", date(1985, 3, 11))) is Alikeness.LIKELY
