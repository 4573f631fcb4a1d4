"""Whose licence or card was scanned: nobody is guessed, and who is easily taken for another is told."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from pcc_desk.desk.matching import ExactMatch, LikelyMatch, NoMatch, SeveralMatch, how_many, match_card, match_licence
from pcc_desk.desk.merging import merge
from pcc_desk.domain.entries import PatientRegistered
from pcc_desk.domain.licences import Licence
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.people_entries import PatientChanged
from tests.desk.counter import BEN, CHIDI, CHIDIS_CARD, CHIDIS_OLD_CARD, MARA, MARAS_CARD, TODAY, Counter

HIS = Licence("OKAFOR", "CHIDI", "EMEKA", CHIDI.born, date(2028, 3, 11), "7723", "MI")


def somebody(number: int, family: str, given: str, born: date = CHIDI.born) -> Patient:
    return Patient(UUID(int=0x900 + number), family, given, born)


def test_name_and_birth_date_that_agree_are_one_patient_with_the_card_that_counts(counter: Counter) -> None:
    found = match_licence(counter.ledger, HIS, act=counter.act())
    assert isinstance(found, ExactMatch)
    assert (found.candidate.patient.id, found.candidate.card_number) == (CHIDI.id, CHIDIS_CARD.number)
    assert found.alike == ()
    assert how_many(found) == 1


@pytest.mark.parametrize(
    ("family", "given"), [("Okafor", "CHIDI"), ("OKÁFOR", "chidi"), ("okafor", "Chidi Obi"), ("O Kafor", "Chidi")]
)
def test_accents_case_and_the_middle_name_make_no_difference_but_a_blank_does(
    counter: Counter, family: str, given: str
) -> None:
    found = match_licence(counter.ledger, replace(HIS, family_name=family, given_name=given), act=counter.act())
    assert isinstance(found, LikelyMatch if family == "O Kafor" else ExactMatch)


@pytest.mark.parametrize(
    ("family", "given", "why"),
    [
        ("OKAFOR", "CHIDDI", "given name written otherwise"),
        ("OKAFOR", "CHI", "given name written otherwise"),
        ("OKAFOR", "CHIKA", "other given name: a twin?"),
        ("OKAFRO", "CHIDI", "family name written otherwise"),
        ("BRANDT", "CHIDI", "other family name: changed?"),
        ("CHIDI", "OKAFOR", "the names changed places"),
    ],
)
def test_names_that_differ_are_likely_at_most_and_say_why(counter: Counter, family: str, given: str, why: str) -> None:
    licence = replace(HIS, family_name=family, given_name=given, middle_name="")
    found = match_licence(counter.ledger, licence, act=counter.act())
    assert isinstance(found, LikelyMatch)
    assert [(each.patient.id, each.why) for each in found.candidates] == [(CHIDI.id, why)]


@pytest.mark.parametrize(
    ("second", "on_record", "is_same"),
    [
        ("MANUEL", "Chidi Luis", False),
        ("MANUEL", "Chidi Manuel", True),
        ("M", "Chidi Manuel", True),
        ("MANUEL", "Chidi M", True),
        ("MANUEL", "Chidi Luis Manuel", True),
        ("MANUEL", "Chidi", True),
        ("", "Chidi Luis", True),
    ],
)
def test_second_names_that_contradict_may_be_of_twins(
    counter: Counter, second: str, on_record: str, is_same: bool
) -> None:
    counter.put(PatientChanged(replace(CHIDI, given_name=on_record), "asked"))
    found = match_licence(counter.ledger, replace(HIS, middle_name=second), act=counter.act())
    if is_same:
        assert isinstance(found, ExactMatch)
    else:
        assert isinstance(found, LikelyMatch)
        assert [each.why for each in found.candidates] == ["other second name: a twin?"]


@pytest.mark.parametrize("is_family", [True, False])
def test_a_name_that_was_cut_is_never_taken_for_the_same(counter: Counter, is_family: bool) -> None:
    licence = replace(HIS, family_is_cut=is_family, given_is_cut=not is_family)
    found = match_licence(counter.ledger, licence, act=counter.act())
    assert isinstance(found, LikelyMatch)
    assert found.candidates[0].why == "name cut to fit: compare it all"


def test_another_birth_date_is_somebody_else_of_the_same_name(counter: Counter) -> None:
    found = match_licence(counter.ledger, replace(HIS, born=date(1958, 3, 12)), act=counter.act())
    assert isinstance(found, NoMatch)
    assert [each.id for each in found.alike] == [CHIDI.id]
    assert how_many(found) == 0


def test_two_of_the_same_name_and_birth_date_are_several(counter: Counter) -> None:
    other = somebody(1, "Okafor", "Chidi")
    counter.put(PatientRegistered(other, ()))
    found = match_licence(counter.ledger, HIS, act=counter.act())
    assert isinstance(found, SeveralMatch)
    assert {each.patient.id for each in found.candidates} == {CHIDI.id, other.id}


def test_a_twin_and_a_namesake_are_told_beside_an_exact_match(counter: Counter) -> None:
    twin, namesake, other = (
        somebody(1, "Okafor", "Chika"),
        somebody(2, "Okafor", "Chidi", date(1983, 9, 30)),
        somebody(3, "Okafor", "Chidiebere", date(1970, 1, 1)),
    )
    counter.put(*(PatientRegistered(each, ()) for each in (twin, namesake, other)))
    found = match_licence(counter.ledger, HIS, act=counter.act())
    assert isinstance(found, ExactMatch)
    assert {each.id for each in found.alike} == {twin.id, namesake.id}


def test_a_record_that_was_merged_into_another_is_told_as_the_one_that_is_kept(counter: Counter) -> None:
    double = somebody(1, "Okafor", "Chidi")
    counter.put(PatientRegistered(double, (Card("MI-P-0041-9999", double.id, Holder.PATIENT, "Chidi Okafor", TODAY),)))
    merge(counter.ledger, CHIDI.id, double.id, "one person", TODAY, act=counter.act(BEN))
    by_licence = match_licence(counter.ledger, HIS, act=counter.act())
    by_card = match_card(counter.ledger, "MI-P-0041-9999", act=counter.act())
    for found in (by_licence, by_card):
        assert isinstance(found, ExactMatch)
        assert found.candidate.patient.id == CHIDI.id
        assert found.alike == ()


def test_a_card_is_its_patients_however_it_is_written(counter: Counter) -> None:
    for number in (MARAS_CARD.number, "mi p 0032 1187", "MIP00321187"):
        found = match_card(counter.ledger, number, act=counter.act())
        assert isinstance(found, ExactMatch)
        assert found.candidate.patient.id == MARA.id


def test_a_card_that_was_renewed_still_leads_to_its_patient(counter: Counter) -> None:
    found = match_card(counter.ledger, CHIDIS_OLD_CARD.number, act=counter.act())
    assert isinstance(found, ExactMatch)
    assert found.candidate.patient.id == CHIDI.id


@pytest.mark.parametrize(
    ("holder", "why"), [(Holder.CAREGIVER, "For whom today?"), (Holder.PATIENT, "Two patients have this card number.")]
)
def test_a_card_of_several_says_how_that_comes(counter: Counter, holder: Holder, why: str) -> None:
    for number in (1, 2):
        patient = somebody(number, "Reyes", f"Lia {number}")
        counter.put(PatientRegistered(patient, (Card("MI-C-0099-0001", patient.id, holder, "Tomás", TODAY),)))
    found = match_card(counter.ledger, "MI-C-0099-0001", act=counter.act())
    assert isinstance(found, SeveralMatch)
    assert found.why.endswith(why)
    assert how_many(found) == 2


def test_a_card_that_nobody_has_is_nobodys(counter: Counter) -> None:
    assert match_card(counter.ledger, "MI-P-9999-9999", act=counter.act()) == NoMatch()
