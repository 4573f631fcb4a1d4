"""A new patient is put on record by keyboard alone, from where nobody was found."""

import pytest

from pcc_desk.desk.errors import NotSaved
from pcc_desk.desk.people import CERTIFIED_UNTIL
from pcc_desk.domain.people import Patient
from pcc_desk.domain.scans import ScannedCard
from pcc_desk.screens.people.register import Register, beginning
from pcc_desk.widgets.form import FormSheet
from tests.desk.counter import CHIDI, CHIDIS_CARD, Counter
from tests.domain.printed_licences import printed
from tests.screens.seat import NAMES, NARROW, Seat, at_the_queue
from tests.screens.test_not_saved import FailingStore

FIELDS = "Rosa\r1979-06-09\rMI-P-0200-1\r2027-01-31\r"


def keys_of(typed: str) -> list[str]:
    return [NAMES.get(each, each) for each in typed]


def named(counter: Counter, name: str) -> list[Patient]:
    return [each for each in counter.ledger.patients.values() if each.name == name]


async def registering(seat: Seat, looked_for: str = "Nunez") -> None:
    await seat.press("slash")
    await seat.type(looked_for)
    await seat.see("f3 new" if " " in looked_for else "f3: a new patient")
    await seat.press("f3")
    await seat.see("A new patient")


@pytest.mark.parametrize("size", [(100, 30), NARROW])
async def test_a_new_patient_goes_from_nobody_found_to_the_check_in(counter: Counter, size: tuple[int, int]) -> None:
    async with at_the_queue(counter, size) as seat:
        await registering(seat)
        await seat.type(f"\r{FIELDS}")
        await seat.press("f2")
        await seat.see("MI-P-0200-1")
        assert "Check-in" in seat.text or "Registry" in seat.text
        (patient,) = named(counter, "Nunez, Rosa")
        await seat.press("i", "p", "c", "enter")
        await seat.see(": checked in.")
    assert counter.ledger.open_visit(patient.id, counter.desk.today) is not None


async def test_what_is_wrong_stands_under_its_field_and_nothing_is_lost(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.type("\rRosa\r1979-02-30\r---\r")
        await seat.press("f2")
        await seat.see("Not saved: 3 fields cannot be used yet.")
        assert "There is no day 1979-02-30 in the calendar." in seat.text
        assert "There is no letter or digit in that card number." in seat.text
        assert {"Nunez", "Rosa", "1979-02-30", "---"} <= set(seat.app.screen.query_one(FormSheet).values.values())
        await seat.press("ctrl+u")
        await seat.type("1979-06-09\r")
        assert "There is no day" not in seat.text
    assert not named(counter, "Nunez, Rosa")


async def test_papers_that_lapsed_are_told_where_they_are_typed_and_refuse_nothing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        form = seat.app.screen.query_one(FormSheet)
        await seat.type("\rRosa\r1979-06-09\rMI-P-0200-1\r2025-01-31\r")
        await seat.see("This card lapsed 405 d ago. Look at the day again")
        form.go_to(CERTIFIED_UNTIL)
        await seat.type("2025-03-12\r")
        await seat.see("This certification lapsed 365 d ago.")
        await seat.press("f2")
        await seat.see("Registry")
    (patient,) = named(counter, "Nunez, Rosa")
    assert str(patient.certification_expires) == "2025-03-12"


async def test_a_megabyte_pasted_into_a_name_is_said_to_be_too_long(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.paste("x" * 1_000_000)
        await seat.see("That is too long: at most 200 characters.")
        assert seat.app.screen.query_one(FormSheet).editor.value == "Nunez"


async def test_somebody_like_them_is_looked_at_first_and_may_be_the_one(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat, "Okafo, Chidi")
        await seat.press("f2")
        await seat.see("Type the birth date")
        await seat.type("3/11/1958")
        await seat.press("f2")
        await seat.see("one of these? Nothing is saved yet.")
        assert "same person?" in seat.text
        await seat.press("escape")
        await seat.see("Not saved. Look at who is like them")
        await seat.press("f2")
        await seat.see("one of these?")
        await seat.press("enter")
        await seat.see(CHIDIS_CARD.number)
    assert len([each for each in counter.ledger.patients.values() if each.born == CHIDI.born]) == 1


async def test_a_twin_is_saved_once_somebody_said_so(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat, "Okafor, Ngozi")
        await seat.press("down", "down")
        await seat.type("1958-03-11")
        await seat.press("f2")
        await seat.see("look-alike")
        await seat.press("f2")
        await seat.see("No card is on record: nothing may be dispensed.")
    assert named(counter, "Okafor, Ngozi")


async def test_a_card_of_somebody_else_is_said_at_the_card(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat, "Brandt, Elke")
        await seat.press("down", "down")
        await seat.type(f"1961-07-20\r{CHIDIS_CARD.number}\r2027-01-01")
        await seat.press("f2")
        await seat.see("two patients cannot have one card")
        await seat.see("is the card of Okafor, Chidi")


async def test_what_is_typed_is_there_again_after_the_desk_locked(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.type("\rRosa\r1979")
        await seat.press("f8")
        await seat.unlock()
        await seat.press("n")
        await seat.see("Taken up from your draft.")
        assert seat.app.screen.query_one(FormSheet).values == {
            "family_name": "Nunez",
            "given_name": "Rosa",
            "born": "1979",
        }


async def test_a_card_that_is_scanned_into_the_form_goes_into_its_field(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.type("\rRosa\r")
        await seat.scan("MI-P-0200-1234\r")
        await seat.see("Scanned card MI-P-0200-1234. See that it is read right.")
        await seat.see("card number                             MI-P-0200-1234")
        assert "Rosa" in seat.text


async def test_a_scan_types_over_nothing_and_says_what_stands_there_otherwise(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.type("\rRosa\r1979-06-09\rMI-P-0200-1\r")
        await seat.scan("MI-P-0200-9999\r")
        await seat.see("Typed otherwise, and left so: card number.")
        await seat.see("card number                             MI-P-0200-1")
        assert "9999" not in "".join(line for line in seat.lines if "card number    " in line)


async def test_a_card_scanned_into_its_own_field_is_whole_though_its_first_key_was_typed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        screen = seat.app.screen
        assert isinstance(screen, Register)
        screen.form.go_to("card_number")
        await seat.type("M")
        screen.takes_scan(ScannedCard("MI-P-0200-1"))
        await seat.see("See that it is read right.")
        assert "Typed otherwise" not in seat.text
        assert screen.form.editor.value == "MI-P-0200-1"


async def test_a_card_scanned_with_the_cursor_in_its_empty_field_is_there(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.type("\rRosa\r1979-06-09\r")
        await seat.scan("MI-P-0200-1234\r")
        await seat.see("Scanned card MI-P-0200-1234. See that it is read right.")
        assert seat.app.screen.query_one(FormSheet).editor.value == "MI-P-0200-1234"


async def test_a_licence_scanned_with_the_cursor_in_a_cleared_family_name_fills_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.press("ctrl+u")
        await seat.scan(printed())
        await seat.see("See that it is read right.")
        form = seat.app.screen.query_one(FormSheet)
        assert form.editor.value == "OKAFOR"
        assert form.values["given_name"] == "CHIDI EMEKA"
        assert form.values["born"] == "1958-03-11"


async def test_a_licence_that_is_pasted_leaves_what_is_typed_just_now(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.type("\rChid")
        await seat.paste(printed())
        await seat.see("family name, given names.")
        form = seat.app.screen.query_one(FormSheet)
        assert form.editor.value == "Chid"
        assert form.values["born"] == "1958-03-11"
        await seat.type("i")
        assert form.editor.value == "Chidi"


async def test_a_licence_that_is_pasted_leaves_the_field_that_it_tells_nothing_of(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.press("up", *["down"] * 8)
        await seat.type("speaks Igbo")
        await seat.paste(printed())
        await seat.see("See that it is read right.")
        assert seat.app.screen.query_one(FormSheet).editor.value == "speaks Igbo"


async def test_a_form_that_is_typed_in_one_go_has_each_answer_in_its_field(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat)
        await seat.press("ctrl+u")
        await seat.press(
            *keys_of("Nunez-Ybarra de la Vega\rRosa\t1979-06-09\rMI-P-0200-1\r2027-01-31\r"), apart_s=0.002
        )
        form = seat.app.screen.query_one(FormSheet)
        await seat.see("2027-01-31")
        await seat.rest()
        assert form.values == {
            "family_name": "Nunez-Ybarra de la Vega",
            "given_name": "Rosa",
            "born": "1979-06-09",
            "card_number": "MI-P-0200-1",
            "card_expires": "2027-01-31",
        }
        await seat.press(*keys_of("\tby Doctor Amara Osei-Lindqvist"), "f2", apart_s=0.002)
        await seat.see("photo looked at")
    (patient,) = named(counter, "Nunez-Ybarra de la Vega, Rosa")
    assert patient.certified_by == "by Doctor Amara Osei-Lindqvist"


async def test_who_was_told_apart_is_asked_of_again_once_the_name_is_another(counter: Counter) -> None:
    store = counter.desk.store = FailingStore(counter.ledger)
    async with at_the_queue(counter) as seat:
        await registering(seat, "Okafor, Ngozi")
        await seat.press("down", "down")
        await seat.type("1958-03-11")
        await seat.press("f2")
        await seat.see("look-alike")
        store.fails = NotSaved("The disk is full.")
        await seat.press("f2")
        await seat.hear("The disk is full.")
        store.fails = None
        await seat.press("up", "ctrl+u")
        await seat.type("Chidy")
        await seat.press("f2")
        await seat.see("same person?")
    assert not named(counter, "Okafor, Chidy")


async def test_to_be_told_whose_card_it_is_is_on_record_as_a_search(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await registering(seat, "Brandt, Elke")
        await seat.press("down", "down")
        await seat.type(f"1961-07-20\r{CHIDIS_CARD.number}\r2027-01-01")
        before = counter.recorded("patients.searched")
        await seat.press("f2")
        await seat.see("is the card of Okafor, Chidi")
        assert counter.recorded("patients.searched") == before + 1


def test_what_was_looked_for_begins_the_form() -> None:
    assert beginning("") == {}
    assert beginning("MI-P-1") == {"card_number": "MI-P-1"}
    assert beginning("3/11/1958") == {"born": "3/11/1958"}
    assert beginning("Ana María Díaz") == {"family_name": "Díaz", "given_name": "Ana María"}
    assert beginning("Díaz Romero, Ana") == {"family_name": "Díaz Romero", "given_name": "Ana"}
