"""A search finds, in the right order, exactly who a slow look at everybody finds."""

import random
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.entries import PatientRegistered
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.store.ledger import SqlLedger
from tests.fakes import FakeLedger
from tests.store.stores import JOURNAL_KEY, act, in_memory

FAMILY = (
    "Okafor",
    "Okafo",
    "Oka",
    "Núñez",
    "van der Berg",
    "Lindqvist",
    "Lindquist",
    "Haddad",
    "O'Brien",
    "Reyes",
    "Chidi",
)
GIVEN = ("Chidi", "Chika", "María José", "Mara", "Jan", "Ok", "Oskar", "Ana", "Anna Maria", "Haddad", "Lia")
DAYS = (date(1949, 7, 1), date(1958, 3, 11), date(1958, 3, 12), date(1983, 9, 30), date(2001, 12, 1))
WORDS = """
o c|ok ch|a|an ma|okafr|marb|lindqiust|nunze|rees|berg jan|maria|jose|afor|qvist|hadad|der|van|jan van|brien
1958|1958-03|1958-03-1|3/11/1958|19580311|okafor 1958-03-11|ch ok 3/11/1958|MI-P-00|517|5175550|0131|(517) 555-0131
"""
TYPED = st.one_of(
    st.sampled_from(WORDS.strip().replace("\n", "|").split("|")),
    st.text("abcdhijkmnoqrstuvy ", min_size=1, max_size=9),
    st.builds(
        lambda one, other, cut: f"{one[:cut]} {other[:cut]}".lower(),
        st.sampled_from(FAMILY),
        st.sampled_from(GIVEN),
        st.integers(1, 6),
    ),
)


def a_town(seed: int, size: int) -> tuple[FakeLedger, SqlLedger]:
    """Return the same town twice: in dictionaries, and in the database."""
    dice = random.Random(seed)  # noqa: S311 - invented people
    slow, quick = FakeLedger(), SqlLedger(in_memory(), JOURNAL_KEY)
    for number in range(size):
        phone = f"517-555-{dice.randrange(10_000):04}" if dice.random() < 0.7 else ""
        patient = Patient(
            UUID(int=dice.getrandbits(128)), dice.choice(FAMILY), dice.choice(GIVEN), dice.choice(DAYS), phone
        )
        card = Card(f"MI-P-{number:04}", patient.id, Holder.PATIENT, "", date(2027, 1, 1))
        cards = (card,) if dice.random() < 0.9 else ()
        for ledger in (slow, quick):
            ledger.record(PatientRegistered(patient, cards), act())
    return slow, quick


TOWNS = [a_town(seed, size) for seed, size in ((1, 4), (2, 30), (3, 150))]


@pytest.mark.parametrize("town", TOWNS, ids=["4 people", "30 people", "150 people"])
@given(TYPED)
def test_a_search_finds_exactly_whom_a_slow_look_at_everybody_finds(
    town: tuple[FakeLedger, SqlLedger], typed: str
) -> None:
    slow, quick = town
    found, wanted = quick.find_patients(typed, 1000), slow.find_patients(typed, 1000)
    assert [each.name for each in found] == [each.name for each in wanted]
    assert found == wanted
    assert quick.find_patients(typed, 5) == wanted[:5]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("okafro chidi", "Okafor, Chidi"),
        ("lindqist", "Lindqvist, Mara"),
        ("qvist", "Lindqvist, Mara"),
        ("0131", "Okafor, Chidi"),
    ],
)
def test_a_slip_of_the_hand_the_middle_of_a_name_and_the_end_of_a_number_find_somebody(typed: str, name: str) -> None:
    ledger = SqlLedger(in_memory(), JOURNAL_KEY)
    for number, (family, first, phone) in enumerate(
        (("Okafor", "Chidi", "(517) 555-0131"), ("Lindqvist", "Mara", ""), ("Haddad", "Samir", "517-555-0199"))
    ):
        patient = Patient(UUID(int=number + 1), family, first, DAYS[1], phone)
        ledger.record(PatientRegistered(patient, ()), act())
    assert [each.name for each in ledger.find_patients(typed, 5)] == [name]
