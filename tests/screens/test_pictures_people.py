"""How the screens about people look, as text, wide and narrow. A change of a picture is looked at before it is kept."""

from dataclasses import replace
from uuid import UUID

import pytest
from syrupy.assertion import SnapshotAssertion

from pcc_desk.desk.care import link_caregiver, note_request
from pcc_desk.desk.identity import change_patient, note_details
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.identity import Details
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.people_entries import IntakeAnswered, IntakeBegun
from pcc_desk.domain.requests import RequestKind
from pcc_desk.domain.rules import AgeBar
from pcc_desk.widgets.form import FormSheet
from tests.desk.counter import MARA, TODAY, TOMAS_CARD, Counter
from tests.screens.scenes import BOTH_SIZES, Scenes, looks_as_agreed
from tests.screens.seat import Seat, at_the_queue

IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)

scene = Scenes()


@scene
async def register_begun(counter: Counter, seat: Seat) -> None:
    await seat.type("/nunez, rosa")
    await seat.press("f3")
    await seat.see("A new patient")


@scene
async def register_with_faults(counter: Counter, seat: Seat) -> None:
    await seat.press("n")
    await seat.type("Nunez\rRosa\r2030-01-01\r---\r2027-01-31\r911")
    await seat.press("f2")
    await seat.see("Not saved")


@scene
async def register_somebody_like_them(counter: Counter, seat: Seat) -> None:
    await seat.press("n")
    await seat.type("Okafor\rChidy\r1958-03-11")
    await seat.press("f2")
    await seat.see("Nothing is saved yet")


async def at_the_intake(seat: Seat) -> FormSheet:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("i")
    await seat.see("Intake of")
    return seat.app.screen.query_one(FormSheet)


@scene
async def intake_begun(counter: Counter, seat: Seat) -> None:
    await at_the_intake(seat)


@scene
async def intake_with_faults(counter: Counter, seat: Seat) -> None:
    form = await at_the_intake(seat)
    form.go_to("papers_match")
    await seat.type("no\rthe birth date\rMensah, Ike\r\r1234567894\r\rchronic pain\rnot written\r")
    await seat.see("Vague on forms")


@scene
async def intake_that_alarms(counter: Counter, seat: Seat) -> None:
    form = await at_the_intake(seat)
    form.go_to("phq9_8")
    await seat.type("0\r2\r")
    await seat.press("up")
    await seat.see("AT ONCE")
    await seat.see("better off dead or of hurting")


@scene
async def person(counter: Counter, seat: Seat) -> None:
    linked = {
        "family_name": "Reyes",
        "given_name": "Tomás",
        "card_number": "MI-C-0099",
        "card_expires": "2027-01-31",
        "is_guardian": "no",
    }
    ledger, act = counter.ledger, counter.act
    link_caregiver(ledger, MARA.id, linked, counter.desk.today, act=act())
    change_patient(ledger, replace(MARA, family_name="Brandt"), "married", act=act())
    note_request(ledger, MARA.id, RequestKind.ACCESS, "everything since 2024", counter.desk.today, act=act())
    note_details(ledger, MARA.id, Details(preferred_name="Mara", language="Swedish", contact_by="text"), act=act())
    await seat.press("enter")
    await seat.see("Brandt, Mara   born")
    await seat.press("p")
    await seat.see("was called")


async def at_the_person(seat: Seat) -> None:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("p")
    await seat.see("wants to be reached by")


@scene
async def person_to_be_merged(counter: Counter, seat: Seat) -> None:
    await at_the_person(seat)
    await seat.press("m")
    await seat.see("Merge with another record")
    await seat.type("o\rthe same")
    await seat.press("f2")
    await seat.see("2 others are found")


@scene
async def physician(counter: Counter, seat: Seat) -> None:
    await at_the_person(seat)
    await seat.press("y")
    await seat.see("NPI")
    await seat.type("Mensah, Ike\r\r1234567894\r")
    await seat.press("f2")
    await seat.see("Not saved")


@scene
async def record_to_be_written_out(counter: Counter, seat: Seat) -> None:
    counter.put(StaffAdded(IDA))
    counter.desk.person = IDA
    await at_the_person(seat)
    await seat.press("w")
    await seat.type("/media/stick\r")
    await seat.see("Here no record can be written out.")


@scene
async def basket_of_somebody_young(counter: Counter, seat: Seat) -> None:
    no_smoke = AgeBar(21, ("flower", "preroll"), "no smokable form")
    words = (("minors", "under 21: no smokable form"),)
    rules = replace(counter.desk.rules_on(TODAY), not_below=(no_smoke,), people=words)
    counter.desk.rules_on = lambda on, order_began=None: rules
    await seat.type(f"/{TOMAS_CARD.number}\r")
    await seat.see("of caregiver")
    await seat.press("i", "p", "c", "enter")
    await seat.see("checked in.")
    await seat.press("enter")
    await seat.see("Reyes, Eva   born")
    await seat.press("d")
    await seat.type("blue\r")
    await seat.see("Blue Dream may not go out")


async def alarmed(counter: Counter, seat: Seat) -> None:
    counter.put(IntakeBegun(MARA.id, UUID(int=7), "1"))
    counter.put(IntakeAnswered(MARA.id, UUID(int=7), "phq9_9", "2", "Stay with the patient. Call 988."))
    await seat.press("enter")
    await seat.see("AT ONCE")


@scene
async def what_was_done_at_once(counter: Counter, seat: Seat) -> None:
    await alarmed(counter, seat)
    await seat.press("k")
    await seat.see("Done at once")
    await seat.press("f2")
    await seat.see("Say in one line")


@scene
async def alarm_acknowledged(counter: Counter, seat: Seat) -> None:
    await alarmed(counter, seat)
    await seat.press("k")
    await seat.type("988 on the line, her sister is here")
    await seat.press("f2")
    await seat.see("acknowledged")


@BOTH_SIZES
@pytest.mark.parametrize("name", scene)
async def test_a_screen_about_people_looks_as_it_was_agreed(
    counter: Counter, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]
) -> None:
    async with at_the_queue(counter, size) as seat:
        await looks_as_agreed(scene[name], counter, seat, snapshot)
