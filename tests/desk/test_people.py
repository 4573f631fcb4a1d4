"""A patient is put on record once, by who may, and never in silence beside somebody like them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from pcc_desk.desk.identity import Changed, change_patient
from pcc_desk.desk.people import (
    BORN,
    CARD,
    CARD_UNTIL,
    CERTIFIED_UNTIL,
    FAMILY,
    GIVEN,
    PHONE,
    AlikeOnRecord,
    CardOfAnother,
    Newcomer,
    NotRegistered,
    Registered,
    newcomer_of,
    register_patient,
)
from pcc_desk.desk.rights import NotPermitted
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.look_alikes import Alikeness
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.withheld import WITHHELD
from tests.desk.counter import CHIDI, CHIDIS_CARD, TODAY, Counter

WHOLE = {FAMILY: " Núñez ", GIVEN: "Rosa", BORN: "6/9/1979", CARD: "MI-P-0200-1", CARD_UNTIL: "2027-01-31"}
INVENTORY = Person(UUID(int=0x1F), "Ben Osei", Role.INVENTORY)


def newcomer(**typed: str) -> Newcomer:
    who = newcomer_of({**WHOLE, **typed}, UUID(int=0x900), TODAY)
    assert isinstance(who, Newcomer), who
    return who


def wrong(**typed: str) -> dict[str, str]:
    told = newcomer_of({**WHOLE, **typed}, UUID(int=0x900), TODAY)
    assert isinstance(told, NotRegistered), told
    return dict(told.wrong)


def test_what_is_typed_becomes_a_patient_with_a_card(counter: Counter) -> None:
    who = newcomer()
    outcome = register_patient(counter.ledger, who, act=counter.act())
    assert isinstance(outcome, Registered)
    on_record = counter.ledger.patient(who.patient.id)
    assert on_record is not None
    assert (on_record.name, on_record.born) == ("Núñez, Rosa", date(1979, 6, 9))
    (card,) = counter.ledger.cards(who.patient.id)
    assert (card.number, card.holder_name, card.expires_on) == ("MI-P-0200-1", "Rosa Núñez", date(2027, 1, 31))
    assert [each.patient_id for each in counter.ledger.find_patients("nunez", 5)] == [who.patient.id]


def test_a_patient_who_waits_for_a_card_is_taken_without(counter: Counter) -> None:
    outcome = register_patient(counter.ledger, newcomer(card_number="", card_expires=""), act=counter.act())
    assert isinstance(outcome, Registered)
    assert outcome.card is None


def test_every_field_that_is_wrong_has_its_own_sentence() -> None:
    assert set(wrong(family_name="", born="1958-02-30", phone="12")) == {FAMILY, BORN, PHONE}
    assert "lapses" in wrong(card_expires="")[CARD_UNTIL]
    assert "number" in wrong(card_number="")[CARD]
    assert "no day" in wrong(certification_expires="soon")[CERTIFIED_UNTIL]


def test_somebody_like_them_is_shown_before_anything_is_saved(counter: Counter) -> None:
    who = newcomer(family_name="Okafor", given_name="Chidi", born="1958-03-11")
    outcome = register_patient(counter.ledger, who, act=counter.act())
    assert isinstance(outcome, AlikeOnRecord)
    assert [(each.patient.id, each.alikeness) for each in outcome.alike] == [(CHIDI.id, Alikeness.SAME)]
    assert counter.ledger.patient(who.patient.id) is None
    told = register_patient(counter.ledger, who, frozenset({CHIDI.id}), act=counter.act())
    assert isinstance(told, Registered)


def test_somebody_is_known_by_a_former_name_too_and_the_name_is_told_as_it_is_now(counter: Counter) -> None:
    now = replace(CHIDI, family_name="Brandt", given_name="Ada")
    assert isinstance(change_patient(counter.ledger, now, "by court order", act=counter.act()), Changed)
    who = newcomer(family_name="Okafor", given_name="Chidi", born="1958-03-11")
    outcome = register_patient(counter.ledger, who, act=counter.act())
    assert isinstance(outcome, AlikeOnRecord)
    (alike,) = outcome.alike
    assert (alike.patient, alike.alikeness) == (now, Alikeness.SAME)
    assert alike.why == "names and birth date, by a former name"


def test_two_patients_cannot_have_one_card(counter: Counter) -> None:
    outcome = register_patient(counter.ledger, newcomer(card_number=CHIDIS_CARD.number.lower()), act=counter.act())
    assert isinstance(outcome, CardOfAnother)
    assert outcome.patient.id == CHIDI.id


def test_who_does_not_serve_registers_nobody(counter: Counter) -> None:
    counter.put(StaffAdded(INVENTORY))
    act = replace(counter.act(), by=INVENTORY.id)
    with pytest.raises(NotPermitted, match="Putting patients on record is for"):
        register_patient(counter.ledger, newcomer(), act=act)
    assert WITHHELD == "withheld"
