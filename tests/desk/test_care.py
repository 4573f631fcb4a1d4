"""Who cares for a patient, what the patient agreed to, and what they ask of their own record."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.care import (
    Asked,
    Linked,
    Wrong,
    link_caregiver,
    note_consent,
    note_request,
    open_requests,
    settle_request,
    withdraw_consent,
)
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.requests import Request, RequestKind, RequestOutcome
from tests.desk.counter import CHIDI, CHIDIS_CARD, EVA, MARA, TODAY, Counter

IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)
TOMAS = {
    "family_name": "Reyes",
    "given_name": "Tomás",
    "born": "1971-01-19",
    "card_number": "MI-C-0099",
    "card_expires": "2027-01-31",
    "is_guardian": "yes",
}


def linked(counter: Counter, patient: UUID = EVA.id, **typed: str) -> Linked | Wrong:
    return link_caregiver(counter.ledger, patient, {**TOMAS, **typed}, TODAY, act=counter.act())


def wrong(counter: Counter, patient: UUID = EVA.id, **typed: str) -> dict[str, str]:
    told = linked(counter, patient, **typed)
    assert isinstance(told, Wrong), told
    return dict(told.wrong)


def test_a_caregiver_is_one_person_for_two_patients(counter: Counter) -> None:
    one, other = linked(counter), linked(counter, CHIDI.id, is_guardian="")
    assert isinstance(one, Linked)
    assert isinstance(other, Linked)
    assert one.caregiver.id == other.caregiver.id
    assert (one.link.is_guardian, one.link.starts, one.link.ends) == (True, TODAY, None)
    assert {each.patient_id for each in counter.ledger.cared_for(one.caregiver.id)} == {EVA.id, CHIDI.id}
    assert {each.patient_id for each in counter.ledger.cards_numbered("MIC0099")} == {EVA.id, CHIDI.id}


def test_a_last_day_ends_the_link_of_one_patient_only(counter: Counter) -> None:
    linked(counter)
    linked(counter, CHIDI.id)
    linked(counter, starts=str(TODAY - timedelta(days=9)), ends=str(TODAY))
    ends = {each.patient_id: each.ends for each in counter.ledger.cared_for(_caregiver(counter))}
    assert ends == {EVA.id: TODAY, CHIDI.id: None}


def _caregiver(counter: Counter) -> UUID:
    (who,) = counter.ledger.caregivers_on("MI-C-0099")
    return who.id


def test_a_caregiver_may_be_a_patient_too(counter: Counter) -> None:
    told = linked(counter, own_card=CHIDIS_CARD.number)
    assert isinstance(told, Linked)
    assert told.caregiver.patient_id == CHIDI.id


def test_what_cannot_be_a_caregiver_is_said_at_the_field(counter: Counter) -> None:
    assert "themselves" in wrong(counter, CHIDI.id, card_number=CHIDIS_CARD.number)["card_number"]
    assert "themselves" in wrong(counter, CHIDI.id, own_card=CHIDIS_CARD.number)["card_number"]
    himself = {"family_name": "OKAFOR", "given_name": "chidi", "born": "1958-03-11"}
    assert "themselves" in wrong(counter, CHIDI.id, **himself)["card_number"]
    assert "No patient has this card" in wrong(counter, own_card="MI-X-1")["own_card"]
    assert "before the first" in wrong(counter, ends=str(TODAY - timedelta(days=1)))["ends"]
    assert "under 18" in wrong(counter, born="2012-01-01")["born"]
    assert {"family_name", "card_number", "card_expires"} <= set(
        wrong(counter, family_name="", card_number="", card_expires="")
    )


def test_a_consent_is_given_by_the_words_of_a_version_and_taken_back_once(counter: Counter) -> None:
    text = counter.desk.intake_rules().consents[0]
    agreed = note_consent(
        counter.ledger, EVA.id, text, TODAY, is_given=True, by_whom="Tomás Reyes", act=counter.act()
    ).consent
    assert (agreed.version, agreed.by_whom, agreed.holds) == (text.version, "Tomás Reyes", True)
    gone = withdraw_consent(counter.ledger, EVA.id, agreed.id, "moved", TODAY, act=counter.act()).consent
    assert counter.ledger.consents(EVA.id) == (gone,)
    with pytest.raises(NoSuchRecord):
        withdraw_consent(counter.ledger, EVA.id, agreed.id, "again", TODAY, act=counter.act())


def asked(counter: Counter, kind: RequestKind) -> Request:
    return note_request(counter.ledger, MARA.id, kind, " all  of it ", TODAY, act=counter.act()).request


def settled(counter: Counter, request: Request, outcome: RequestOutcome, words: str = "") -> object:
    counter.put(*() if counter.ledger.person(IDA.id) else (StaffAdded(IDA),))
    act = replace(counter.act(), by=IDA.id)
    return settle_request(counter.ledger, MARA.id, request.id, outcome, words, act=act)


def test_the_clock_of_a_request_is_the_law_s(counter: Counter) -> None:
    access, amendment = (asked(counter, kind) for kind in RequestKind)
    assert access.due == date(2026, 4, 11)
    assert amendment.due == date(2026, 5, 11)
    assert access.words == "all of it"


def test_a_request_takes_longer_once_and_with_a_reason(counter: Counter) -> None:
    access = asked(counter, RequestKind.ACCESS)
    assert isinstance(settled(counter, access, RequestOutcome.EXTENDED), Wrong)
    longer = settled(counter, access, RequestOutcome.EXTENDED, "the archive is away")
    assert isinstance(longer, Asked)
    assert longer.request.due == date(2026, 5, 11)
    assert isinstance(settled(counter, access, RequestOutcome.EXTENDED, "again"), Wrong)
    assert isinstance(settled(counter, access, RequestOutcome.AMENDED, "x"), Wrong)
    assert isinstance(settled(counter, access, RequestOutcome.DENIED), Wrong)
    given = settled(counter, access, RequestOutcome.GIVEN)
    assert isinstance(given, Asked)
    act = replace(counter.act(), by=IDA.id)
    assert open_requests(counter.ledger, act=act) == ()
    with pytest.raises(NoSuchRecord):
        settled(counter, access, RequestOutcome.GIVEN)
    amendment = asked(counter, RequestKind.AMENDMENT)
    assert isinstance(settled(counter, amendment, RequestOutcome.GIVEN), Wrong)
    assert isinstance(settled(counter, amendment, RequestOutcome.AMENDED), Asked)


def test_the_request_whose_last_day_comes_first_stands_first_with_the_name_of_who_asks(counter: Counter) -> None:
    later = asked(counter, RequestKind.AMENDMENT)
    sooner = note_request(
        counter.ledger, CHIDI.id, RequestKind.ACCESS, "all of it", TODAY + timedelta(days=5), act=counter.act()
    ).request
    waiting = open_requests(counter.ledger, act=counter.act())
    assert [(each.request.id, each.name) for each in waiting] == [
        (sooner.id, "Okafor, Chidi"),
        (later.id, "Lindqvist, Mara"),
    ]
