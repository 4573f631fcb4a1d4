"""Who certifies a patient: one physician for all their patients, and nobody else's by a slip of the hand."""

from dataclasses import replace
from uuid import UUID

import pytest

from pcc_desk.desk.physicians import Certified, NotNoted, OtherName, note_physician
from pcc_desk.domain.identity import Physician
from pcc_desk.domain.people import Patient
from pcc_desk.domain.people_entries import PhysicianKept
from tests.desk.counter import CHIDI, EVA, MARA, Counter

MENSAH = {"name": "Mensah, Ike", "licence": "L-1", "npi": "1234567893", "practice": "Elm Street", "fax": "313-555-0144"}


def noted(counter: Counter, patient: Patient = MARA, **typed: str) -> Physician:
    told = note_physician(counter.ledger, patient.id, {**MENSAH, **typed}, act=counter.act())
    assert isinstance(told, Certified), told
    return told.physician


def wrong(counter: Counter, patient: Patient = MARA, **typed: str) -> dict[str, str]:
    told = note_physician(counter.ledger, patient.id, {**MENSAH, **typed}, act=counter.act())
    assert isinstance(told, NotNoted), told
    return dict(told.wrong)


def of(counter: Counter, patient: Patient) -> Physician | None:
    physician_id = counter.ledger.details(patient.id).physician_id
    return counter.ledger.physician(physician_id) if physician_id else None


def test_who_certifies_is_on_record_by_name_and_as_a_physician_in_one_entry(counter: Counter) -> None:
    before = len(counter.ledger.acts)
    told = noted(counter, secure_address="mensah@direct.example")
    assert len(counter.ledger.acts) == before + 1
    assert of(counter, MARA) == told
    assert told == Physician(
        told.id, "Mensah, Ike", "L-1", "1234567893", "Elm Street", "313-555-0144", "mensah@direct.example"
    )
    patient = counter.ledger.patient(MARA.id)
    assert patient is not None
    assert patient.certified_by == "Mensah, Ike"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"npi": "1234567894"}, "npi", "check digit"),
        ({"npi": "12345"}, "npi", "ten digits"),
        ({"name": " "}, "name", "Type the physician"),
        ({"fax": "12"}, "fax", "7 to 15 digits"),
        ({"practice": "Elm\x07"}, "practice", "cannot be seen"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_at_its_field(
    counter: Counter, typed: dict[str, str], field: str, words: str
) -> None:
    told = note_physician(counter.ledger, MARA.id, MENSAH | typed, act=counter.act())
    assert isinstance(told, NotNoted)
    assert words in told.wrong[field]
    assert of(counter, MARA) is None
    assert counter.recorded("patient.physician") == 0


def test_a_new_fax_is_true_for_every_patient_of_the_physician(counter: Counter) -> None:
    noted(counter)
    noted(counter, CHIDI, fax="", practice="")
    assert of(counter, CHIDI) == of(counter, MARA)
    changed = noted(counter, fax="313-555-0199", practice="")
    assert (changed.fax, changed.practice) == ("313-555-0199", "")
    assert of(counter, CHIDI) == changed


def test_another_name_is_another_physician_and_changes_nobody_elses(counter: Counter) -> None:
    mensah = noted(counter)
    noted(counter, CHIDI)
    moreau = noted(counter, name="Moreau, Lise", npi="", licence="L-9")
    assert moreau.id != mensah.id
    assert of(counter, CHIDI) == mensah


def test_another_name_with_the_same_npi_is_theirs_only_once_somebody_said_so(counter: Counter) -> None:
    mensah = noted(counter)
    noted(counter, CHIDI)
    typed = {**MENSAH, "name": "Mensah-Okafor, Ike"}
    assert note_physician(counter.ledger, MARA.id, typed, act=counter.act()) == OtherName(mensah)
    assert of(counter, CHIDI) == of(counter, MARA) == mensah
    told = note_physician(counter.ledger, MARA.id, typed, act=counter.act(), is_renamed=True)
    assert isinstance(told, Certified)
    assert (told.physician.id, told.is_changed) == (mensah.id, True)
    assert of(counter, CHIDI) == told.physician


def test_an_npi_of_somebody_else_is_never_taken_over(counter: Counter) -> None:
    noted(counter)
    assert "Mensah, Ike’s, on record" in wrong(counter, CHIDI, name="Moreau, Lise")["npi"]
    noted(counter, CHIDI, name="Moreau, Lise", npi="")
    assert "Mensah, Ike’s, on record" in wrong(counter, CHIDI, name="Moreau, Lise")["npi"]


def test_of_two_of_one_name_the_licence_tells_who_is_meant(counter: Counter) -> None:
    noted(counter, npi="")
    other = noted(counter, CHIDI, npi="", licence="L-2")
    assert "2 of that name are on record (licences: L-1; L-2)" in wrong(counter, EVA, npi="", licence="")["licence"]
    assert noted(counter, EVA, npi="", licence="L-2").id == other.id


def test_what_is_typed_again_unchanged_is_no_entry(counter: Counter) -> None:
    noted(counter)
    noted(counter)
    assert counter.recorded("patient.physician") == 1


MOREAU = Physician(UUID(int=0xD2), "Moreau, Lise", "L-9", "1245319599", "Oak Street", "313-555-0177")


@pytest.mark.parametrize("npi", [MOREAU.npi, ""])
def test_another_physician_on_record_keeps_what_is_theirs_where_the_formers_still_stands(
    counter: Counter, npi: str
) -> None:
    noted(counter)
    counter.put(PhysicianKept(MOREAU))
    told = note_physician(counter.ledger, MARA.id, {**MENSAH, "name": MOREAU.name, "npi": npi}, act=counter.act())
    assert isinstance(told, Certified)
    assert told.physician == of(counter, MARA) == MOREAU
    assert (told.is_known, told.is_changed, told.left_out) == (True, False, ("licence", "practice", "fax"))


def test_what_was_typed_of_another_physician_on_record_is_theirs_all_the_same(counter: Counter) -> None:
    noted(counter)
    counter.put(PhysicianKept(MOREAU))
    changed = noted(counter, name=MOREAU.name, npi="", licence="", fax="313-555-0188")
    assert changed == replace(MOREAU, fax="313-555-0188")


def test_a_namesake_on_record_keeps_what_is_theirs(counter: Counter) -> None:
    noted(counter)
    namesake = replace(MOREAU, name="Mensah, Ike")
    counter.put(PhysicianKept(namesake))
    assert noted(counter, npi=MOREAU.npi) == namesake


def test_another_physician_is_not_put_on_record_with_what_the_former_left_standing(counter: Counter) -> None:
    noted(counter)
    moreau = noted(counter, name="Moreau, Lise", npi="", practice="Oak Street")
    assert moreau == Physician(moreau.id, "Moreau, Lise", "", practice="Oak Street")


def test_with_another_npi_beside_the_same_name_nothing_else_is_dropped(counter: Counter) -> None:
    noted(counter)
    told = noted(counter, npi=MOREAU.npi)
    assert (told.npi, told.licence, told.practice, told.fax) == (MOREAU.npi, "L-1", "Elm Street", "313-555-0144")
