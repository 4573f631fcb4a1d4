"""A scan is read from any place, presses nothing, and leads to the person in a few keys."""

import asyncio
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest
from textual import events
from textual.widgets import TextArea

from pcc_desk.adapters.state.manual import Manual
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import NoteSigned, PatientRegistered
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.people_entries import CardNoted, PatientsMerged
from pcc_desk.domain.registry import RegistryAnswer
from pcc_desk.domain.visits import VisitState
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.gate import Fate, Gate, Stroke
from tests.desk.counter import (
    CHIDI,
    CHIDIS_CARD,
    CHIDIS_OLD_CARD,
    DREAM,
    GUMMIES,
    MARA,
    MARAS_CARD,
    OLGA,
    TODAY,
    Counter,
    says,
)
from tests.domain.printed_licences import changed, printed
from tests.screens.seat import NARROW, WIDE, Seat, at_the_queue

TWIN = Patient(UUID(int=0x42), "Okafor", "Chika", CHIDI.born)
OTHER = Card("MI-P-0066-4411", OLGA.id, Holder.PATIENT, "Olga Petrov", date(2027, 1, 31))
NAMESAKE = Patient(UUID(int=0x43), "Okafor", "Chidi", date(1983, 9, 30))


def state_of(counter: Counter, patient: Patient) -> str:
    """Return where the visit of a patient stands today; empty when there is none."""
    visit = counter.ledger.open_visit(patient.id, TODAY)
    return visit.state.value if visit else ""


@dataclass(slots=True)
class Noting(Gate):
    """Notes which keys it was asked about."""

    held: list[str] = field(default_factory=list)

    def key(self, stroke: Stroke, *, is_typing: bool) -> Fate:
        """Note the key, and go on."""
        self.held.append(stroke.key)
        return Gate.key(self, stroke, is_typing=is_typing)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_returning_patient_is_verified_in_four_keys_after_the_scan(
    counter: Counter, size: tuple[int, int]
) -> None:
    async with at_the_queue(counter, size) as seat:
        await seat.scan(printed())
        text = await seat.see("METRC answered")
        assert "Scanned: driver licence, MI, read whole" in text
        assert "OKAFOR, CHIDI EMEKA   born 1958-03-11   expires 2028-03-11" in text
        assert "Okafor, Chidi   born 1958-03-11" in text
        keys = ("i", "p", "c", "enter")
        assert len(keys) <= 4
        await seat.press(*keys)
        await seat.hear("checked in.")
        assert state_of(counter, CHIDI) == VisitState.VERIFIED
        assert counter.recorded("standing.asked") == 1


async def test_of_one_person_with_two_cards_both_are_asked_for_at_check_in_and_that_is_said(counter: Counter) -> None:
    counter.put(PatientsMerged(CHIDI.id, OLGA.id, "the same passport"), CardNoted(OLGA.id, OTHER))
    counter.state.standings[OTHER.number] = says(OTHER)
    async with at_the_queue(counter, NARROW) as seat:
        await seat.scan(f"{CHIDIS_CARD.number}\r")
        await seat.see(f"Also asked for card {OTHER.number}, which is theirs too")
    assert counter.state.asked[-2:] == [f"standing {OTHER.number}", f"standing {CHIDIS_CARD.number}"]


async def test_that_the_other_card_has_no_answer_is_said_at_check_in(counter: Counter) -> None:
    counter.put(PatientsMerged(CHIDI.id, OLGA.id, "the same passport"), CardNoted(OLGA.id, OTHER))
    counter.state.standings[OTHER.number] = Unanswered(Silence.BUSY, "METRC is busy")
    async with at_the_queue(counter) as seat:
        await seat.scan(f"{CHIDIS_CARD.number}\r")
        await seat.see(f"Could not tell for card {OTHER.number}, which is theirs too: METRC is busy.")


async def test_it_is_said_at_check_in_which_of_two_cards_was_read_by_hand(counter: Counter) -> None:
    counter.put(PatientsMerged(CHIDI.id, OLGA.id, "the same passport"), CardNoted(OLGA.id, OTHER))
    counter.desk.state = Manual("OARRS")
    page = "y\r2027-06-30\r1.5 oz\r4\r"
    async with at_the_queue(counter) as seat:
        await seat.scan(f"{CHIDIS_CARD.number}\r")
        await seat.see("press r and type what it shows")
        await seat.press("r")
        await seat.see(f"Look for card {OTHER.number} now")
        await seat.type(page)
        await seat.see(f"Look for card {CHIDIS_CARD.number} now")
        await seat.press("escape")
        await seat.see(f"The registry was not asked for card {CHIDIS_CARD.number}, which is theirs too.")
        await seat.press("r")
        await seat.see(f"Look for card {OTHER.number} now")
        await seat.type(page)
        await seat.see(f"Look for card {CHIDIS_CARD.number} now")
        await seat.type(page)
        await seat.see(f"Also asked for card {OTHER.number}, which is theirs too: the lower answer")
        assert "was not asked for card" not in seat.text


async def test_no_key_of_a_scan_presses_anything(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(printed(changed(("DCS", "NOBODY"), ("DAC", "DPLDA"))))
        await seat.see("Nobody on record has this.")
        assert state_of(counter, MARA) == VisitState.WAITING
        assert state_of(counter, CHIDI) == VisitState.EXPECTED
        await seat.press("escape")
        assert counter.recorded("visit.moved") == 0


@pytest.mark.parametrize("place", ["a", "c", "r"])
async def test_a_scan_opens_the_check_in_from_any_place(counter: Counter, place: str) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", place)
        await seat.scan(printed())
        await seat.see("Scanned: driver licence, MI, read whole")


async def test_a_scan_into_a_note_leaves_the_note_as_it_was(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("Lindqvist, Mara   born")
        await seat.press("r")
        await seat.see("METRC answered")
        await seat.press("n")
        await seat.type("sleeps better")
        await seat.scan(printed())
        await seat.see("Scanned: driver licence, MI, read whole")
        await seat.press("escape")
        assert seat.app.screen.query_one(TextArea).text == "sleeps better"
        await seat.type(" now")
        assert seat.app.screen.query_one(TextArea).text == "sleeps better now"


async def test_a_scan_into_the_search_line_leaves_it_as_it_was_and_chooses_nobody(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/lind")
        await seat.scan(CHIDIS_CARD.number + "\r")
        await seat.see("Scanned: card MI-P-0041-7723")
        await seat.press("escape")
        assert seat.app.screen.query_one(Field).value == "lind"


async def test_a_pasted_licence_is_a_scan_and_pasted_words_are_words(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("/")
        seat.app.post_message(events.Paste("lind"))
        await seat.rest()
        assert seat.app.screen.query_one(Field).value == "lind"
        seat.app.post_message(events.Paste(printed()))
        await seat.see("Scanned: driver licence, MI, read whole")
        await seat.press("escape")
        assert seat.app.screen.query_one(Field).value == "lind"


async def test_what_is_typed_fast_in_the_search_line_is_typed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press(*"/okafor", apart_s=0.035)
        assert seat.app.screen.query_one(Field).value == "okafor"
        assert "Okafor, Chidi" in seat.text


async def test_words_with_a_year_among_them_that_come_in_one_go_stand_in_their_field(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("/")
        await seat.scan("okafor 03111958")
        await seat.rest()
        assert seat.app.screen.query_one(Field).value == "okafor 03111958"
        assert "Okafor, Chidi" in seat.text


async def test_enter_behind_what_was_typed_waits_for_no_scan(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/lindq")
        await seat.see("Lindqvist")
        held: list[str] = []
        gate = seat.app.gate = Noting(seat.app.session.gate().is_shaped, held=held)  # type: ignore[union-attr]
        await seat.press("enter")
        assert (held, gate.is_collecting) == ([], False)
        await seat.press("x")
        assert held == ["x"]


async def test_the_card_of_somebody_who_is_here_goes_to_their_chart(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "r")
        await seat.scan(MARAS_CARD.number + "\r")
        await seat.see("Lindqvist, Mara   born")


async def test_a_card_that_was_renewed_leads_to_the_one_that_counts(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(CHIDIS_OLD_CARD.number)
        text = await seat.see("was replaced by this one")
        assert f"card {CHIDIS_CARD.number}, valid to 2027-02-28" in text


async def test_the_card_scanned_at_the_check_in_is_known_as_the_patients(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(printed())
        await seat.see("photo looked at")
        await seat.scan(CHIDIS_CARD.number + "\r")
        text = await seat.see("it is this patient’s")
        assert "[ ] card seen (c)" in text
        await seat.scan(MARAS_CARD.number)
        await seat.see("Lindqvist, Mara   born")


async def test_the_registry_is_asked_once_though_r_is_pressed_while_it_is_asked(counter: Counter) -> None:
    answers, standing = asyncio.Event(), counter.state.standing
    asked: list[str] = []

    async def slowly(card_number: str) -> RegistryAnswer:
        asked.append(card_number)
        await answers.wait()
        return await standing(card_number)

    counter.state.standing = slowly  # type: ignore[method-assign]
    async with at_the_queue(counter) as seat:
        await seat.scan(CHIDIS_CARD.number + "\r")
        await seat.see("Registry: asking")
        await seat.press("r", "r")
        assert asked == [CHIDIS_CARD.number]
        answers.set()
        await seat.see("METRC answered")
        await seat.press("r")
        assert asked == [CHIDIS_CARD.number] * 2


async def test_a_renewed_card_that_is_scanned_while_the_registry_is_asked_is_asked_for_anew(counter: Counter) -> None:
    newer = Card("MI-P-0041-9999", CHIDI.id, Holder.PATIENT, "Chidi Okafor", date(2028, 2, 28))
    counter.state.standings[newer.number] = says(newer)
    standing = counter.state.standing
    asked: list[str] = []

    async def slowly(card_number: str) -> RegistryAnswer:
        asked.append(card_number)
        if card_number == CHIDIS_CARD.number:
            await asyncio.Event().wait()
        return await standing(card_number)

    counter.state.standing = slowly  # type: ignore[method-assign]
    async with at_the_queue(counter) as seat:
        await seat.scan(CHIDIS_CARD.number + "\r")
        await seat.see("Registry: asking")
        counter.put(CardNoted(CHIDI.id, newer, CHIDIS_CARD.number))
        await seat.scan(CHIDIS_CARD.number + "\r")
        await seat.see("METRC answered")
        assert asked == [CHIDIS_CARD.number, newer.number]


async def test_a_twin_and_a_namesake_are_told(counter: Counter) -> None:
    counter.put(PatientRegistered(TWIN, ()), PatientRegistered(NAMESAKE, ()))
    async with at_the_queue(counter) as seat:
        await seat.scan(printed())
        text = await seat.see("photo looked at")
        assert "A twin?: Okafor, Chika, born the same day" in text
        assert "Another of this name: Okafor, Chidi, born 1983-09-30" in text


async def test_a_twin_and_a_namesake_are_told_of_who_was_searched_by_hand_too(counter: Counter) -> None:
    counter.put(PatientRegistered(TWIN, ()), PatientRegistered(NAMESAKE, ()))
    async with at_the_queue(counter) as seat:
        await seat.type("/" + CHIDIS_CARD.number + "\r")
        text = await seat.see("photo looked at")
        assert "A twin?: Okafor, Chika, born the same day" in text
        assert "Another of this name: Okafor, Chidi, born 1983-09-30" in text


async def test_who_has_no_card_yet_comes_into_the_queue_and_to_their_chart(counter: Counter) -> None:
    counter.put(PatientRegistered(NAMESAKE, ()))
    async with at_the_queue(counter) as seat:
        await seat.type("/1983-09-30\r")
        await seat.see("No card is on record")
        await seat.see("for: new patient (f)")
        await seat.press("enter")
        await seat.see("There is no card to check in with. h: into the queue, to be advised.")
        await seat.press("h")
        await seat.see("arrived, not checked in. Nothing may be dispensed.")
        await seat.press("enter")
        await seat.see("visit: arrived · new patient")


async def test_what_was_not_ticked_is_said_until_something_is(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(printed())
        await seat.see("photo looked at")
        await seat.press("enter")
        await seat.see("First look at and tick: name (i), photo (p), card (c).")
        await seat.press("i")
        assert "First look at" not in seat.text
        await seat.press("enter")
        await seat.see("First look at and tick: photo (p), card (c).")


async def test_where_it_is_not_certain_the_birth_date_is_asked_and_nobody_is_guessed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(printed(changed(("DAC", "CHIDDI"))))
        text = await seat.see("Ask for the birth date")
        assert "given name written otherwise" in text
        (row,) = (line for line in seat.lines if "Okafor, Chidi " in line)
        assert "1958 " in row
        assert "1958-03-11" not in row
        assert "…7723" in row
        await seat.press("enter")
        await seat.see("Type the birth date first, as 1958-03-11 or 3/11/1958.")
        await seat.type("1/1/1990\r")
        await seat.see("That is not the birth date of the one marked.")
        seat.app.screen.query_one(Field).value = ""
        await seat.type("3/11/1958\r")
        await seat.see("name and birth date agree (i)")


async def test_a_caregivers_card_for_several_asks_for_whom(counter: Counter) -> None:
    child = Patient(UUID(int=0x58), "Reyes", "Lia", date(2014, 5, 6))
    counter.put(PatientRegistered(child, (Card("MI-C-0007-3310", child.id, Holder.CAREGIVER, "Tomás Reyes", TODAY),)))
    async with at_the_queue(counter) as seat:
        await seat.scan("MI-C-0007-3310")
        text = await seat.see("For whom today?")
        assert "Reyes, Eva" in text
        assert "Reyes, Lia" in text
        await seat.type("2014-05-06\r")
        await seat.see("That is the birth date of the one marked now.")
        await seat.press("enter")
        await seat.see("Reyes, Lia   born 2014-05-06")


async def test_who_is_on_record_with_another_birth_date_is_not_taken_for_the_same(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(printed(changed(("DBB", "03121958"))))
        text = await seat.see("Nobody on record by this name and birth date.")
        assert "Okafor, Chidi, born 1958." in " ".join(text.split())


async def test_a_licence_with_a_birth_date_that_is_none_says_so_and_opens_nothing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(printed(changed(("DBB", "02311958"))))
        await seat.hear("birth date “02311958” is no date")
        assert "photo looked at" not in seat.text


async def test_a_web_address_is_shown_and_not_opened(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan("https://example.org/verify?card=0041\r")
        await seat.hear("a web address, not opened: https://example.org/verify?card=0041")


async def test_what_has_no_known_shape_says_so_and_does_nothing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan("[red]loyalty[/red] points of whom/else\r")
        await seat.hear("of no shape that is known here. Nothing was done with it.")


async def test_words_that_come_as_fast_as_a_scan_go_into_the_field_that_is_typed_in(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("/")
        await seat.scan("lindqvist mara and words\r")
        await seat.see("lindqvist mara and words")
        assert seat.app.screen.query_one(Field).value == "lindqvist mara and words"


async def test_words_that_come_in_one_go_are_looked_for_and_the_enter_behind_them_counts(counter: Counter) -> None:
    counter.put(PatientRegistered(Patient(UUID(int=0x44), "Featherstonehaugh", "Wilhelmina", date(1960, 2, 2)), ()))
    async with at_the_queue(counter) as seat:
        await seat.press("/")
        await seat.scan("featherstonehaugh wilhelmina\r")
        await seat.see("Featherstonehaugh, Wilhelmina   born 1960-02-02")
        assert seat.app.screen_stack[-2].query_one(Field).value == "featherstonehaugh wilhelmina"


async def test_words_that_come_in_one_go_into_a_note_are_there_once_and_the_key_behind_them_signs(
    counter: Counter,
) -> None:
    words = "sleeps better since the tincture\n" + "and walks each morning with the dog; " * 9 + "no pain"
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("Lindqvist, Mara   born")
        await seat.press("r")
        await seat.see("METRC answered")
        await seat.press("n")
        await seat.see("Consultation note")
        await seat.press(*("enter" if each == "\n" else each for each in words), "f2", apart_s=0.002)
        await seat.see("the note is signed.")
    (note,) = [each for each, _ in counter.ledger.acts.values() if isinstance(each, NoteSigned)]
    assert note.text == words


async def test_a_code_of_no_known_shape_with_control_characters_is_a_scan_in_a_field_too(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/lind")
        await seat.scan("points of whom\x1e or of\x02 nobody at all")
        await seat.see("lindpoints of whom or of nobody at all")


async def test_a_question_that_is_open_is_not_answered_by_a_scan(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g")
        await seat.scan(CHIDIS_CARD.number + "\r")
        await seat.hear("Answer what is asked here first, then scan again.")


async def test_before_the_shut_door_and_behind_the_curtain_nothing_is_scanned(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("f7")
        await seat.scan(CHIDIS_CARD.number + "\r")
        assert state_of(counter, CHIDI) == VisitState.EXPECTED
        await seat.press("f8")
        await seat.see("Locked.")
        await seat.scan("open the counter now\r", apart_s=0.001)
        await seat.see("[Today")


async def test_a_scan_is_on_record_as_a_search_without_a_word_of_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(printed())
        await seat.see("photo looked at")
    assert counter.recorded("patients.searched") == 1
    assert counter.recorded("record.looked_at") >= 1


async def test_with_a_prefix_what_follows_is_a_scan_at_any_pace(counter: Counter) -> None:
    counter.desk.scanner_prefix = "f13"
    async with at_the_queue(counter) as seat:
        await seat.press("f13", *CHIDIS_CARD.number, apart_s=0.1)
        await seat.see("Scanned: card MI-P-0041-7723")


# Dispense


async def to_dispense(seat: Seat) -> None:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("r")
    await seat.see("METRC answered")
    await seat.press("d")
    await seat.see("Blue Dream")


async def test_the_tag_of_a_piece_puts_it_into_the_basket_each_time(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await to_dispense(seat)
        await seat.scan(GUMMIES.label + "\r")
        await seat.see("1 each  Gummies")
        await seat.scan(GUMMIES.label + "\r")
        await seat.see("BASKET  39.98")


async def test_the_tag_of_something_by_weight_asks_how_much(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await to_dispense(seat)
        await seat.scan(DREAM.label + "\r")
        await seat.see("how much of Blue Dream")
        await seat.type("3.5\r")
        await seat.see("BASKET  51.98")


async def test_a_tag_that_is_not_in_stock_says_so(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await to_dispense(seat)
        await seat.scan("1A4050100000111000000999")
        await seat.see("no such package in stock")


async def test_a_tag_elsewhere_says_where_tags_go(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.scan(DREAM.label)
        await seat.hear("Tags go into a basket")
