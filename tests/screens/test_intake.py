"""An hour's intake by keyboard: every answer is kept, a gap is a key away, and it goes on where it was left."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.alarms import Acknowledged, NothingToSeeTo, NotSaid, acknowledge
from pcc_desk.desk.chart import look_into
from pcc_desk.desk.intake import NotWhole, Verified, verify_intake
from pcc_desk.domain.entries import NoteSigned, StaffAdded
from pcc_desk.domain.identity import Details, Physician
from pcc_desk.domain.intake import IntakeState, missing
from pcc_desk.domain.people_entries import DetailsNoted, IntakeAnswered, IntakeBegun, PhysicianKept
from pcc_desk.domain.withheld import Withheld
from pcc_desk.screens.people.intake import TakeIntake
from pcc_desk.widgets.form import FormSheet
from tests.desk.counter import CHIDI, EVA, MARA, TODAY, Counter
from tests.screens.seat import NARROW, Seat, at_the_queue
from tests.screens.test_person import IDA

WHOLE = {
    "language": "English",
    "accessibility": "large print",
    "contact_by": "telephone",
    "shared_contact": "no",
    "id_document": "passport",
    "id_good": "yes",
    "consent_privacy_notice": "yes",
    "consent_treatment_record": "yes",
    "consent_physician_contact": "yes",
    "consent_messages": "no",
    "consent_research": "no",
    "papers_match": "yes",
    "physician_name": "Mensah, Ike",
    "cert_condition": "chronic pain",
    "cert_forms": "not written",
    "cert_limits": "not written",
    "cert_frequency": "as needed",
    "conditions": "none",
    "past_use": "never",
    "medicines": "apixaban 5 mg",
    "allergies": "none",
    "pregnancy": "does not apply",
    "heart": "none",
    "psychiatric": "none",
    "substance": "none",
    "goal": "sleep through",
    "consultation_day": str(TODAY + timedelta(days=3)),
    "consultation_time": "10:00",
}


async def at_the_intake(seat: Seat) -> FormSheet:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("i")
    await seat.see("Intake of Lindqvist, Mara")
    return seat.app.screen.query_one(FormSheet)


def answers(counter: Counter) -> dict[str, str]:
    kept = counter.ledger.intake(MARA.id)
    assert kept is not None
    return dict(kept.answers)


async def fill(seat: Seat, form: FormSheet, **others: str) -> None:
    for key, words in {**WHOLE, **others}.items():
        form.go_to(key)
        await seat.press("ctrl+u")
        await seat.type(words)
        await seat.see(lambda _, words=words: form.editor.value == words)  # type: ignore[misc]
    await seat.press("down")


async def test_each_answer_is_on_record_once_its_field_is_left(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_intake(seat)
        await seat.type("Mara L.\rshe\rSpan")
        await seat.see("Saved 10:00:00")
        assert answers(counter) == {"preferred_name": "Mara L.", "pronouns": "she"}
        await seat.press("escape")
        await seat.see("goes on where you left it")
        assert answers(counter)["language"] == "Span"


async def test_help_names_the_keys_that_go_through_the_questions(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_intake(seat)
        await seat.press("f1")
        text = await seat.see("Keys · An intake")
        for words in ("↓ or tab", "↑ or shift tab", "page down", "page up"):
            assert words in text
        assert text.count("↓ or tab") == 1


async def test_it_goes_on_at_the_field_after_the_last_that_was_left(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_intake(seat)
        await seat.type("\r\rSpanish\r")
        await seat.press("f8")
        await seat.unlock()
        form = await at_the_intake(seat)
        await seat.see("Taken up where it was left.")
        assert form.current.key == "accessibility"
        assert form.values["language"] == "Spanish"


@pytest.mark.parametrize("size", [(100, 30), NARROW])
async def test_an_answer_stands_beside_its_question_where_an_intake_goes_on_far_below(
    counter: Counter, size: tuple[int, int]
) -> None:
    async with at_the_queue(counter, size) as seat:
        form = await at_the_intake(seat)
        form.go_to("phq9_9")
        await seat.type("1\r2026-11-30")
        await seat.press("escape")
        await seat.see("A signed note ends this.")
        await at_the_intake_again(seat)
        await seat.see("Taken up where it was left.")
        here = [line.split() for line in seat.lines if line.strip().startswith("▸")]
        assert here == [["▸", "*", "at", "14:30"]]


async def test_one_key_goes_from_gap_to_gap(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        visited = []
        for _ in range(3):
            await seat.press("f4")
            visited.append(form.current.key)
        assert visited == ["language", "accessibility", "contact_by"]
        form.go_to("consultation_time")
        await seat.press("f4")
        assert form.current.key == "language"


async def test_it_can_be_left_without_but_not_finished(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        await fill(seat, form, goal="", physician_npi="1234567894")
        await seat.press("f2")
        await seat.see("Not finished: 1 missing, 1 cannot be used.")
        assert form.current.key == "goal"
        await seat.press("f4")
        assert form.current.key == "physician_npi"
        await seat.press("f4")
        await seat.type("sleep through\r")
        await seat.see("Nothing is missing, 1 cannot be used.")
        await seat.press("f4")
        assert form.current.key == "physician_npi"
        form.go_to("goal")
        form.go_to("physician_npi")
        await seat.see("The check digit of this NPI is wrong: a digit is")
        kept = counter.ledger.intake(MARA.id)
        assert kept is not None
        assert kept.state is IntakeState.OPEN


async def test_a_whole_intake_is_finished_by_a_person_and_tells_what_follows(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        await fill(seat, form)
        await seat.see("Nothing is missing")
        await seat.see("Vague on forms, dose limits")
        await seat.press("f2")
        await seat.see("Finish this intake?")
        await seat.press("y")
        await seat.see("is finished")
        await seat.see("Booked: Sun 15 Mar 10:00")
    kept = counter.ledger.intake(MARA.id)
    assert kept is not None
    assert kept.state is IntakeState.VERIFIED
    details = counter.ledger.details(MARA.id)
    assert (details.language, details.accessibility) == ("English", "large print")
    held = {each.purpose: each.holds for each in counter.ledger.consents(MARA.id)}
    assert held == {
        "privacy_notice": True,
        "treatment_record": True,
        "physician_contact": True,
        "messages": False,
        "research": False,
    }
    physician = counter.ledger.physician(details.physician_id) if details.physician_id else None
    assert physician is not None
    assert physician.name == "Mensah, Ike"


@pytest.mark.parametrize("size", [(100, 30), NARROW])
async def test_a_certification_that_lapsed_is_told_where_it_is_typed_and_before_finishing_and_refuses_nothing(
    counter: Counter, size: tuple[int, int]
) -> None:
    async with at_the_queue(counter, size) as seat:
        form = await at_the_intake(seat)
        await fill(seat, form)
        form.go_to("cert_expires")
        await seat.type("2024-03-12\r")
        await seat.see("This certification lapsed 730 d ago. Look at")
        await seat.press("f4")
        await seat.see("Nothing that must be answered is missing.")
        await seat.press("f2")
        await seat.see("Finish this intake?")
        await seat.see("This certification lapsed 730 d ago.")
        await seat.press("y")
        await seat.see("is finished")
    patient = counter.ledger.patient(MARA.id)
    assert patient is not None
    assert str(patient.certification_expires) == "2024-03-12"


async def test_a_certification_on_its_last_day_is_not_doubted(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("cert_expires")
        await seat.type(f"{TODAY}\r")
        await seat.see("Saved")
        assert "lapsed" not in seat.text


async def test_a_vague_certification_is_a_question_to_the_physician_only_where_the_patient_agrees(
    counter: Counter,
) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("cert_forms")
        await seat.type("Not written.\r")
        await seat.see("Vague on forms: ask whether we may ask the physician.")
        form.go_to("consent_physician_contact")
        await seat.type("n\r")
        await seat.see("Vague on forms: we may not ask the physician.")
        form.go_to("consent_physician_contact")
        await seat.press("ctrl+u")
        await seat.type("y\r")
        await seat.see("Vague on forms: ask the physician in writing.")


async def test_why_something_is_asked_is_said_in_words_for_whoever_asks_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("shared_contact")
        await seat.see("needed · a shared phone or e-mail needs consent before a message")


async def test_what_a_measure_comes_to_is_seen_while_it_is_asked(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("cert_forms")
        await seat.type("not written\r")
        await seat.see("Vague on forms")
        form.go_to("peg_1")
        await seat.type("7\r6\r")
        await seat.see("PEG not scored: 1 of 3 items have no answer")
        await seat.type("8\r")
        await seat.see("PEG 7")
        form.go_to("cert_forms")
        await seat.see("Vague on forms")


async def test_thoughts_of_self_harm_are_said_at_once_whatever_is_missing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("phq9_9")
        await seat.see("better off dead")
        await seat.type("1\r")
        await seat.see("AT ONCE: Stay with the patient; 988 Suicide and Crisis Lifeline")


async def test_a_minor_is_asked_for_the_guardian_and_nobody_else_is(counter: Counter) -> None:
    assert counter.ledger.patient(EVA.id) == EVA
    rules = counter.desk.intake_rules()
    asked = {each.key for each in missing(rules.form, {"minor": "yes"})}
    assert {"guardian_name", "guardian_proof"} <= asked
    assert not {"guardian_name", "guardian_proof"} & {each.key for each in missing(rules.form, {"minor": "no"})}


@pytest.mark.parametrize("size", [(100, 30), NARROW])
async def test_a_question_that_follows_from_an_answer_appears_below_it(counter: Counter, size: tuple[int, int]) -> None:
    async with at_the_queue(counter, size) as seat:
        form = await at_the_intake(seat)
        form.go_to("papers_match")
        await seat.type("n\r")
        assert form.current.key == "papers_differ"
        await seat.press("up")
        await seat.press("ctrl+u")
        await seat.type("y\r")
        assert form.current.key == "physician_name"


async def test_a_finished_intake_is_not_changed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        await fill(seat, form)
        await seat.press("f2")
        await seat.see("Finish this intake?")
        await seat.press("y")
        await seat.see("is finished")
        before = answers(counter)
        form = await at_the_intake_again(seat)
        await seat.type("x\r")
        await seat.see("This intake is finished")
        assert answers(counter) == before


async def at_the_intake_again(seat: Seat) -> FormSheet:
    await seat.press("i")
    await seat.see("Intake of Lindqvist, Mara")
    assert isinstance(seat.app.screen, TakeIntake)
    return seat.app.screen.query_one(FormSheet)


def test_nothing_is_known_of_who_has_no_intake(counter: Counter) -> None:
    assert counter.ledger.intake(CHIDI.id) is None
    assert counter.ledger.details(CHIDI.id) == Details()


async def test_what_has_to_be_done_at_once_outlives_the_form_until_a_note_is_signed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("phq9_9")
        await seat.type("1\r")
        await seat.see("AT ONCE: Stay with the patient")
        await seat.press("escape")
        text = await seat.see("A signed note ends this.")
        assert text.count("AT ONCE: Stay with the patient") == 2
        await seat.press("escape")
        await seat.see("[Queue")
        await seat.press("f5")
        await seat.see("AT ONCE: chart")
        for key in ("d", "l"):
            await seat.press(key)
            await seat.see("Something has to be done at once for Lindqvist, Mara")
            await seat.press("n")
            await seat.see("AT ONCE: chart")
        await seat.press("enter")
        await seat.see("A signed note ends this.")
        await seat.press("x")
        await seat.see("End the visit all the same?")
        await seat.press("n")
        await seat.see("A signed note ends this.")
        assert counter.ledger.open_visit(MARA.id, TODAY) is not None
        await seat.press("r")
        await seat.see("METRC answered")
        await seat.press("n")
        await seat.type("Talked with her; her sister takes her home.")
        await seat.press("f2")
        await seat.see("the note is signed.")
        await seat.rest()
        assert "AT ONCE" not in seat.text


def test_who_reads_no_notes_is_told_that_something_has_to_be_done_and_by_whom(counter: Counter) -> None:
    counter.put(StaffAdded(IDA), IntakeBegun(MARA.id, UUID(int=7), "1"))
    counter.put(IntakeAnswered(MARA.id, UUID(int=7), "phq9_9", "2", "Stay with the patient."))
    seen = look_into(counter.ledger, MARA.id, TODAY, act=replace(counter.act(), by=IDA.id))
    (alarm,) = seen.at_once
    assert isinstance(alarm.words, Withheld)
    (alarm,) = look_into(counter.ledger, MARA.id, TODAY, act=counter.act()).at_once
    assert alarm.words == "Stay with the patient."


async def test_somebody_says_in_the_chart_what_was_done_at_once_and_all_see_it_until_a_note_is_signed(
    counter: Counter,
) -> None:
    async with at_the_queue(counter, NARROW) as seat:
        form = await at_the_intake(seat)
        form.go_to("phq9_9")
        await seat.type("1\r")
        await seat.see("f3: say what was done.")
        await seat.press("escape")
        await seat.see("k: say what was done. A signed note ends this.")
        await seat.press("k")
        await seat.see("Done at once: Lindqvist, Mara")
        await seat.press("f2")
        await seat.see("Say in one line what was done")
        await seat.type("988 on the line, her sister is here")
        await seat.press("f2")
        await seat.see("it is on record who saw to it.")
        await seat.see("AT ONCE, acknowledged Thu 12 Mar 10:00 by Ana Ruiz: 988 on the line")
        await seat.press("k")
        assert "Done at once" not in seat.text
        await seat.press("escape")
        await seat.see("[Queue")
        await seat.press("f5")
        await seat.see("at once: seen")
        assert "AT ONCE: chart" not in seat.text
    assert counter.recorded("alarm.acknowledged") == 1


async def test_what_was_done_at_once_is_said_in_the_intake_and_the_same_answer_anew_calls_for_help_again(
    counter: Counter,
) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        await seat.press("f3")
        assert "Done at once" not in seat.text
        form.go_to("phq9_9")
        await seat.type("1\r")
        await seat.press("f3")
        await seat.see("Done at once: Lindqvist, Mara")
        await seat.type("the pharmacist is with her\r")
        await seat.see("AT ONCE, acknowledged Thu 12 Mar 10:00 by Ana Ruiz: the pharmacist is with her.")
        counter.clock.advance(timedelta(minutes=5))
        form.go_to("phq9_9")
        await seat.press("ctrl+u")
        await seat.type("2\r")
        await seat.see("f3: say what was done.")


async def test_what_a_signed_note_ended_is_no_danger_where_the_intake_is_opened_again(counter: Counter) -> None:
    key = UUID(int=7)
    counter.put(IntakeBegun(MARA.id, key, "1"), IntakeAnswered(MARA.id, key, "phq9_9", "1", "Stay with the patient."))
    counter.put(NoteSigned(UUID(int=8), MARA.id, UUID(int=1), UUID(int=2), "Talked with her."))
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        await seat.see("still missing")
        assert form.values["phq9_9"] == "1"
        assert "AT ONCE" not in seat.text
        await seat.press("escape")
        await seat.see("goes on where you left it")
        assert "AT ONCE" not in seat.text


MENSAH = Physician(UUID(int=0xD1), "Mensah, Ike", "L-1", "1234567893", fax="313-555-0144")


def finished(counter: Counter, **answered: str) -> Verified | dict[str, str]:
    """Finish an intake with these answers; return what keeps it from that, by the keys of fields."""
    key = UUID(int=7)
    counter.put(IntakeBegun(MARA.id, key, "1"))
    counter.put(*(IntakeAnswered(MARA.id, key, field, words) for field, words in {**WHOLE, **answered}.items()))
    told = verify_intake(counter.ledger, MARA.id, counter.desk.intake_rules(), TODAY, act=counter.act())
    assert isinstance(told, Verified | NotWhole)
    return told if isinstance(told, Verified) else dict(told.wrong)


def test_an_npi_stands_on_record_once_also_where_an_intake_names_it_with_another_name(counter: Counter) -> None:
    counter.put(PhysicianKept(MENSAH))
    wrong = finished(counter, physician_name="Moreau, Lise", physician_npi=MENSAH.npi)
    assert isinstance(wrong, dict)
    assert "This NPI is Mensah, Ike’s, on record." in wrong["physician_npi"]
    assert counter.ledger.physicians("", 9) == (MENSAH,)
    assert isinstance(finished(counter, physician_name="Mensah, Ike", physician_npi=MENSAH.npi), Verified)
    assert counter.ledger.physicians("", 9) == (MENSAH,)
    assert counter.ledger.details(MARA.id).physician_id == MENSAH.id


def test_an_intake_calls_the_physician_of_a_patient_nothing_else(counter: Counter) -> None:
    counter.put(PhysicianKept(MENSAH), DetailsNoted(MARA.id, Details(physician_id=MENSAH.id)))
    wrong = finished(counter, physician_name="Moreau, Lise", physician_npi=MENSAH.npi)
    assert isinstance(wrong, dict)
    assert set(wrong) == {"physician_npi"}
    assert counter.ledger.physicians("", 9) == (MENSAH,)


def test_of_two_physicians_of_one_name_an_intake_asks_for_the_licence(counter: Counter) -> None:
    other = Physician(UUID(int=0xD2), "Mensah, Ike", "L-2")
    counter.put(PhysicianKept(MENSAH), PhysicianKept(other))
    wrong = finished(counter)
    assert isinstance(wrong, dict)
    assert "2 of that name are on record (licences: L-1; L-2)" in wrong["physician_licence"]
    assert isinstance(finished(counter, physician_licence="L-2"), Verified)
    assert counter.ledger.details(MARA.id).physician_id == other.id


def test_who_acknowledges_answers_for_what_they_were_shown(counter: Counter) -> None:
    key = UUID(int=7)
    counter.put(IntakeBegun(MARA.id, key, "1"))
    shown: list[UUID] = []

    def answered(answer: str) -> None:
        counter.put(IntakeAnswered(MARA.id, key, "phq9_9", answer, "Stay with the patient."))

    def said(words: str) -> Acknowledged | NotSaid | NothingToSeeTo:
        return acknowledge(counter.ledger, MARA.id, shown, words, act=counter.act())

    assert said("called 988") == NothingToSeeTo()
    answered("1")
    shown += [each.id for each in counter.ledger.standing_alarms(MARA.id)]
    assert isinstance(said("  "), NotSaid)
    assert isinstance(said("x" * 201), NotSaid)
    counter.clock.advance(timedelta(minutes=5))
    answered("2")
    told = said("called\n988")
    assert isinstance(told, Acknowledged)
    assert [each.seen.words if each.seen else "" for each in told.alarms] == ["called 988", ""]
    assert said("again") == NothingToSeeTo()


async def test_a_list_of_medicines_is_as_long_as_it_is(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        form = await at_the_intake(seat)
        form.go_to("medicines")
        words = "; ".join(f"medicine {number} 5 mg twice a day" for number in range(40))
        await seat.paste(words)
        await seat.press("down")
        await seat.see("Saved 10:00:00")
        assert answers(counter) == {"medicines": words}
