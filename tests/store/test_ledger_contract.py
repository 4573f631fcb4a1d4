"""What every ledger does: the one in memory that tests of the desk rest on, and the one on the encrypted disk."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pcc_desk.desk.errors import AlreadyRecorded
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain import entries as happened
from pcc_desk.domain.people import Patient, Person, Role, card_key
from pcc_desk.domain.visits import VisitState
from tests.fakes import ANA, NOON, SHOP, a_card, a_caregivers_card
from tests.store.stores import (
    DAY,
    a_patient,
    act,
    arrived,
    booked,
    given,
    new_id,
    put,
    registered,
)

BEN = Person(new_id(), "Ben Osei", Role.PHARMACIST)


def names(ledger: Ledger, typed: str, limit: int = 50) -> list[str]:
    return [found.name for found in ledger.find_patients(typed, limit)]


# Recording


def test_an_empty_ledger_knows_nobody_and_nothing(ledger: Ledger) -> None:
    nobody = new_id()
    assert (ledger.shop(), ledger.person(nobody), ledger.patient(nobody), ledger.visit(nobody)) == (None,) * 4
    assert (ledger.cards(nobody), ledger.cards_numbered("MI"), ledger.queue(DAY), ledger.packages()) == ((),) * 4
    assert (ledger.open_visit(nobody, DAY), ledger.draft(nobody, nobody), ledger.package("1A4")) == (None,) * 3
    assert (ledger.last_verification(nobody), ledger.verification(nobody, nobody)) == (None, None)
    assert (ledger.purchases(nobody, DAY), ledger.timeline(nobody, 9), ledger.unposted()) == ((),) * 3
    assert not ledger.has_bought(nobody)
    assert (ledger.dispensation(nobody), ledger.posting(nobody), ledger.last_comparison(DAY)) == (None,) * 3
    assert (ledger.patients_after(None, 9), ledger.count_patients()) == ((), 0)
    assert not ledger.is_recorded(nobody)


def test_an_act_is_recorded_once(ledger: Ledger) -> None:
    once = act()
    ledger.record(happened.StaffAdded(ANA), once)
    assert ledger.is_recorded(once.id)
    with pytest.raises(AlreadyRecorded):
        ledger.record(happened.StaffAdded(BEN), once)
    assert ledger.person(BEN.id) is None
    assert ledger.person(ANA.id) == ANA


def test_that_the_clock_was_set_back_is_seen_by_what_was_recorded_after_an_act(ledger: Ledger) -> None:
    before, asked, after = act(), act(), act()
    earlier = replace(before, at=asked.at - timedelta(hours=2))
    set_back = replace(after, at=asked.at - timedelta(hours=1))
    ledger.record(happened.StaffAdded(ANA), earlier)
    ledger.record(happened.StaffAdded(BEN), asked)
    assert not ledger.was_set_back(asked.id, asked.at)
    ledger.record(happened.ShopOpened(SHOP), set_back)
    assert ledger.was_set_back(asked.id, asked.at)
    assert not ledger.was_set_back(asked.id, set_back.at), "that instant itself is not before it"
    assert not ledger.was_set_back(set_back.id, asked.at)
    assert not ledger.was_set_back(act().id, asked.at)


def test_the_shop_is_the_one_set_up_last(ledger: Ledger) -> None:
    put(ledger, happened.ShopOpened(SHOP), happened.ShopOpened(replace(SHOP, name="Lakeshore, moved")))
    assert ledger.shop() == replace(SHOP, name="Lakeshore, moved")


# Patients and cards


def test_a_patient_comes_back_as_registered(ledger: Ledger) -> None:
    whole = a_patient("Núñez-O’Hara", "María José", date(1931, 2, 28), "Prefers Spanish.\nHard of hearing.")
    bare = Patient(new_id(), "Li", "Bo", date(2020, 2, 29))
    put(ledger, happened.PatientRegistered(whole, ()), happened.PatientRegistered(bare, ()))
    assert ledger.patient(whole.id) == whole
    assert ledger.patient(bare.id) == bare


def test_a_patients_own_valid_card_comes_before_the_replaced_and_the_caregivers(ledger: Ledger) -> None:
    patient = a_patient()
    longest = a_card(patient, "MI-P-2", date(2028, 1, 1))
    shorter = a_card(patient, "MI-P-1", date(2027, 1, 1))
    replaced = a_card(patient, "MI-P-0", date(2029, 1, 1), renewed_as="MI-P-2")
    caregivers = replace(a_caregivers_card(patient), expires_on=date(2031, 1, 1))
    put(ledger, happened.PatientRegistered(patient, (caregivers, replaced, shorter, longest)))
    assert ledger.cards(patient.id) == (longest, shorter, replaced, caregivers)
    assert ledger.find_patients("okafor", 5)[0].card_number == longest.number


def test_one_caregivers_card_serves_several_patients(ledger: Ledger) -> None:
    first, second = a_patient("Reyes", "Eva"), a_patient("Reyes", "Luz")
    cards = [a_caregivers_card(each) for each in (first, second)]
    put(ledger, *(happened.PatientRegistered(each, (card,)) for each, card in zip((first, second), cards, strict=True)))
    assert ledger.cards_numbered(card_key("mi c 0012/0931")) == tuple(cards)
    assert ledger.cards_numbered(card_key("MI-C-0012-093")) == ()
    assert names(ledger, "MI-C-0012") == ["Reyes, Eva", "Reyes, Luz"]


# Search


@pytest.fixture
def town(ledger: Ledger) -> Ledger:
    registered(ledger, a_patient("Okafor", "Chidi", date(1958, 3, 11)), "MI-P-0041-7723")
    registered(ledger, a_patient("Okafor", "Ada", date(1958, 11, 3)), "MI-P-0041-7724")
    registered(ledger, a_patient("Chidi", "Oko", date(1990, 1, 2)), "MI-P-9041-0001")
    registered(ledger, a_patient("Núñez", "María José", date(1980, 12, 31)), "MI-P-1000-0001")
    registered(ledger, a_patient("van der Berg", "Jan", date(1971, 1, 19)), "MI-P-1000-0002")
    registered(ledger, a_patient("Straße", "Åsa", date(1962, 6, 6)))
    registered(ledger, a_patient("Оkafor", "Cyril", date(1958, 3, 12)), "MI-P-1000-0003")
    return ledger


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("MI-P-0041", ["Okafor, Chidi", "Okafor, Ada"]),
        ("mip0041 7723", ["Okafor, Chidi"]),
        ("0041-7723", []),
        ("1958-03-11", ["Okafor, Chidi"]),
        ("3/11/1958", ["Okafor, Chidi"]),
        (" 03/11/1958 ", ["Okafor, Chidi"]),
        ("03111958", ["Okafor, Chidi"]),
        ("1958-13-11", []),
        ("2/30/1958", []),
        ("okafor", ["Okafor, Ada", "Okafor, Chidi"]),
        ("Okafor, Chidi", ["Okafor, Chidi"]),
        ("chidi okaf", ["Okafor, Chidi"]),
        ("chi ok", ["Chidi, Oko", "Okafor, Chidi"]),
        ("OK C", ["Okafor, Chidi", "Chidi, Oko"]),
        ("afor", ["Okafor, Ada", "Okafor, Chidi", "Оkafor, Cyril"]),
        ("nunez", ["Núñez, María José"]),
        ("maria jose nu", ["Núñez, María José"]),
        ("Nu\u0301n\u0303ez", ["Núñez, María José"]),
        ("jan van der", ["van der Berg, Jan"]),
        ("van der berg jan", ["van der Berg, Jan"]),
        ("STRASSE", ["Straße, Åsa"]),
        ("asa", ["Straße, Åsa"]),
        ("Оkafor", ["Оkafor, Cyril"]),
        ("okafor cyril", ["Оkafor, Cyril"]),
        ("", []),
        ("   ", []),
    ],
)
def test_search_goes_by_the_beginning_of_card_birth_date_and_names(town: Ledger, typed: str, found: list[str]) -> None:
    assert names(town, typed) == found


@pytest.mark.parametrize(
    "typed", ["%", "_", "*", "%%", "'", '"', "' OR '1'='1", "\\", ";--", "?", "[a-z]", "-", "\x00", "\ud800"]
)
def test_search_takes_signs_for_nothing_but_signs(town: Ledger, typed: str) -> None:
    assert names(town, typed) == []
    assert town.patient(new_id()) is None


@pytest.mark.parametrize("typed", ["oka%", "oka_", "*oka*", "MI-P-%1", "1%", "ok' --"])
def test_a_sign_among_letters_matches_no_more_than_the_letters(town: Ledger, typed: str) -> None:
    plain = "".join(each for each in typed if each.isalnum())
    assert names(town, typed) == names(town, plain)


def test_search_hands_out_no_more_than_asked_for_by_name(ledger: Ledger) -> None:
    for number, family in enumerate(("Adams", "Adair", "Addo", "Adler")):
        registered(ledger, a_patient(family, "Zoe", date(1950, 1, 1)), f"MI-P-7000-{number}")
    assert names(ledger, "ad", 2) == ["Adair, Zoe", "Adams, Zoe"]
    assert names(ledger, "1950-01-01", 3) == ["Adair, Zoe", "Adams, Zoe", "Addo, Zoe"]
    assert names(ledger, "MI-P-7000", 2) == ["Adams, Zoe", "Adair, Zoe"]
    assert names(ledger, "zoe", 9) == ["Adair, Zoe", "Adams, Zoe", "Addo, Zoe", "Adler, Zoe"]
    assert names(ledger, "zoe", 2) == ["Adair, Zoe", "Adams, Zoe"]


def test_family_names_come_before_given_names(ledger: Ledger) -> None:
    for family, first in (("Zarate", "Ana"), ("Anders", "Zoe"), ("Ansel", "Bo"), ("Baker", "Anouk")):
        registered(ledger, a_patient(family, first))
    assert names(ledger, "an") == ["Anders, Zoe", "Ansel, Bo", "Zarate, Ana", "Baker, Anouk"]
    assert names(ledger, "an", 3) == ["Anders, Zoe", "Ansel, Bo", "Zarate, Ana"]
    assert names(ledger, "an z") == ["Anders, Zoe", "Zarate, Ana"]


def test_who_has_two_cards_of_the_same_beginning_is_shown_with_each(ledger: Ledger) -> None:
    registered(ledger, a_patient(), "MI-P-0041-1", "MI-P-0041-2")
    assert [found.card_number for found in ledger.find_patients("MI-P-0041", 5)] == ["MI-P-0041-1", "MI-P-0041-2"]
    assert [found.card_number for found in ledger.find_patients("okafor", 5)] == ["MI-P-0041-1"]


# The queue


def test_the_queue_is_in_the_order_of_work(ledger: Ledger) -> None:
    patients = [registered(ledger, a_patient(f"Person {letter}")) for letter in "ABCDEFGH"]
    visits = [
        booked(patients[0], -120),
        arrived(patients[1], -1, VisitState.DONE),
        arrived(patients[2], -90, VisitState.PARKED),
        arrived(patients[3], -10),
        arrived(patients[4], -40),
        arrived(patients[5], -100, VisitState.WITH_COORDINATOR),
        arrived(patients[6], -200, VisitState.LEFT),
        booked(patients[7], -150),
    ]
    put(ledger, *(happened.VisitBooked(each) for each in visits))
    put(ledger, happened.VisitBooked(booked(patients[0], 0, DAY + timedelta(days=1))))
    assert [row.visit for row in ledger.queue(DAY)] == [visits[at] for at in (4, 3, 5, 2, 7, 0, 6, 1)]


def test_a_row_of_the_queue_tells_what_is_needed_before_calling_the_name(ledger: Ledger) -> None:
    put(ledger, happened.StaffAdded(BEN))
    known = registered(ledger, a_patient("Okafor", "Chidi"), "MI-P-1")
    namesake = registered(ledger, a_patient("Okafor", "Chidi", date(1999, 9, 9)))
    other = registered(ledger, a_patient("Okafor", "Ada"))
    put(ledger, given(known))
    visits = [replace(arrived(known, 0), served_by=BEN.id, through="Tomás Reyes"), arrived(namesake, 1)]
    visits += [arrived(other, 2), arrived(other, 3, VisitState.DONE)]
    put(ledger, *(happened.PatientCheckedIn(each, "MI-P-1", DAY) for each in visits))
    first, second, third, fourth = ledger.queue(DAY)
    assert (first.patient, first.visit) == (known, visits[0])
    assert (first.card_number, first.card_expires, first.served_by_name) == ("MI-P-1", date(2027, 2, 28), "Ben Osei")
    assert (second.card_number, second.card_expires, second.served_by_name) == ("", None, "")
    assert [row.is_known for row in (first, second, third)] == [True, False, False]
    assert [row.shares_name for row in (first, second, third, fourth)] == [True, True, False, False]


def test_a_visit_moves_with_whoever_serves_it_and_keeps_the_rest(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    visit = replace(arrived(patient, 5), appointment_at=NOON, through="Tomás Reyes")
    put(ledger, happened.VisitBooked(visit))
    put(ledger, happened.VisitMoved(visit.id, patient.id, VisitState.WITH_COORDINATOR, BEN.id))
    assert ledger.visit(visit.id) == replace(visit, state=VisitState.WITH_COORDINATOR, served_by=BEN.id)
    put(ledger, happened.VisitMoved(visit.id, patient.id, VisitState.PARKED, None))
    assert ledger.visit(visit.id) == replace(visit, state=VisitState.PARKED)


def test_the_open_visit_is_one_of_that_day_not_over_and_under_way_before_expected(ledger: Ledger) -> None:
    patient, other = registered(ledger, a_patient()), registered(ledger, a_patient("Else"))
    over = [arrived(patient, 1, VisitState.DONE), arrived(patient, 2, VisitState.LEFT)]
    tomorrow = booked(patient, 0, DAY + timedelta(days=1))
    put(ledger, *(happened.VisitBooked(each) for each in (*over, tomorrow, arrived(other, 3))))
    assert ledger.open_visit(patient.id, DAY) is None
    early, late = booked(patient, -60), booked(patient, 60)
    put(ledger, happened.VisitBooked(early), happened.VisitBooked(late))
    assert ledger.open_visit(patient.id, DAY) == early
    waiting = arrived(patient, 9)
    put(ledger, happened.PatientCheckedIn(waiting, "MI-P-1", DAY))
    assert ledger.open_visit(patient.id, DAY) == waiting
