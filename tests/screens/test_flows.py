"""A visit by keyboard alone, and everything that may be pressed at the wrong moment."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.outbox import post_due
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.sales import Pull, Receipt, Sale, SoldLine
from pcc_desk.domain.visits import Reason, Visit, VisitState
from pcc_desk.widgets.sheet import Sheet
from tests.desk.counter import (
    ANA,
    CHIDI,
    CHIDIS_CARD,
    MARA,
    MARAS_CARD,
    OLGA,
    OPENING,
    STOCK,
    TODAY,
    Counter,
    expected,
    grams,
)
from tests.fakes_outside import FakePractice, Fault
from tests.screens.seat import NARROW, HeldStore, Seat, at_the_queue, seated


def visits(counter: Counter) -> dict[str, str]:
    """Return the state of each visit by family name."""
    return {row.patient.family_name: row.visit.state.value for row in counter.ledger.queue(TODAY)}


async def open_maras_chart(seat: Seat) -> None:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")


async def in_the_chart_after_asking(seat: Seat) -> None:
    await open_maras_chart(seat)
    await seat.press("r")
    await seat.see("METRC answered")


async def with_a_basket(seat: Seat, quantity: str = "3.5") -> None:
    await in_the_chart_after_asking(seat)
    await seat.press("d")
    await seat.see("Blue Dream")
    await seat.type(f"blue\r{quantity}\r")


# The door


async def test_a_wrong_secret_says_so_and_shows_nothing(counter: Counter) -> None:
    async with seated(counter) as seat:
        await seat.type("wrong\r")
        text = await seat.see("That is not the passphrase.")
        assert "wrong" not in text
        assert "Lindqvist" not in text
        await seat.unlock()


async def test_locking_takes_every_patient_off_the_screen_and_shuts_the_door(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await in_the_chart_after_asking(seat)
        await seat.press("f8")
        text = await seat.see("Locked.")
        assert "Lindqvist" not in text
        assert not seat.door.is_open
        await seat.unlock()
        assert "Lindqvist" in seat.text


async def test_the_key_that_locks_may_be_pressed_again_while_the_desk_is_being_shut(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        gate, shut = asyncio.Event(), seat.door.shut

        async def shuts_slowly(why: str = "") -> None:
            await gate.wait()
            await shut()

        seat.door.shut = shuts_slowly  # type: ignore[method-assign]
        await seat.press("f8")
        await seat.see("Locking …")
        await seat.press("f8")
        gate.set()
        await seat.see("Locked.")
        assert not seat.door.is_open


async def test_the_desk_is_locked_from_above_a_question_and_a_check_in(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("down", "enter")
        await seat.see("photo looked at")
        await seat.press("f8")
        await seat.see("Locked.")
        await seat.unlock()
        await with_a_basket(seat)
        await seat.press("escape")
        await seat.see("is not recorded. Leave it?")
        await seat.press("f8")
        text = await seat.see("Locked.")
        assert "Lindqvist" not in text
        assert not seat.door.is_open


# The queue


async def test_a_key_moves_the_visit_under_the_cursor_and_says_so(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        for key, state in (("space", VisitState.WITH_COORDINATOR), ("p", VisitState.PARKED), ("d", VisitState.DONE)):
            await seat.press(key)
            assert f"Saved 10:00:00: {state}." in seat.text
            assert visits(counter)["Lindqvist"] == state
        await seat.press("space")
        assert "This visit is over" in seat.text
        assert visits(counter)["Lindqvist"] == "done"


async def test_a_visit_goes_from_hand_to_hand_and_back_into_the_line(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        for key, state in (
            ("space", VisitState.WITH_COORDINATOR),
            ("m", VisitState.WITH_PHARMACIST),
            ("t", VisitState.AT_TILL),
            ("w", VisitState.WAITING),
            ("l", VisitState.LEFT),
        ):
            await seat.press(key)
            assert f"Saved 10:00:00: {state}." in seat.text
            assert visits(counter)["Lindqvist"] == state


async def test_who_is_expected_comes_in_or_never_comes_and_a_key_that_does_not_fit_says_so(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("x")
        assert "This visit is waiting, and cannot be “no show” from there." in seat.text
        await seat.press("down")
        assert "Okafor, Chidi · card" in seat.text
        assert "This visit is waiting" not in seat.text
        await seat.press("h")
        assert "Saved 10:00:00: arrived." in seat.text
        assert visits(counter)["Okafor"] == "arrived"
        await seat.press("end", "x")
        assert visits(counter)["Reyes"] == "no show"
        assert "over 1" in seat.text


async def test_who_is_left_from_another_day_stands_in_the_queue_until_seen_off(counter: Counter) -> None:
    yesterday = TODAY - timedelta(days=1)
    old = Visit(
        UUID(int=0x01D), OLGA.id, yesterday, VisitState.PARKED, Reason.PROBLEM, None, OPENING - timedelta(days=1)
    )
    counter.book(old)
    async with at_the_queue(counter) as seat:
        assert "parked · since Wed 11 Mar" in seat.text
        await seat.press("down", "d")
        assert "since Wed 11 Mar" not in seat.text
        assert "Petrov" not in visits(counter)


async def test_a_link_is_shown_and_nothing_opens_it(counter: Counter) -> None:
    counter.book(replace(expected(OLGA, 9), link="https://meet.example/room-9"))
    async with at_the_queue(counter) as seat:
        await seat.press("end", "up")
        assert "telehealth" in seat.text
        assert "Telehealth: https://meet.example/room-9" in seat.text


async def test_who_is_found_and_is_here_shows_how_long_they_wait(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/lind")
        row = next(line for line in seat.lines if "Lindqvist" in line)
        assert "refill" in row
        assert "0:12" in row
        await seat.press("enter")
        await seat.see("Lindqvist, Mara   born")


async def test_who_was_opened_from_a_search_leaves_it_empty_for_the_next(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/lindq\r")
        await seat.see("[Chart]")
        await seat.press("escape")
        await seat.see("/ to search: card, name or birth date")
        await seat.type("/okafor")
        await seat.see("Okafor, Chidi")
        await seat.see(" okafor")
        assert "lindq" not in seat.text


async def test_who_is_expected_is_checked_in_after_photo_and_card_were_looked_at(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("down", "enter")
        await seat.see("Registry: METRC answered, asked 10:00:00")
        await seat.press("enter")
        assert "First look at and tick: name (i), photo (p), card (c)." in seat.text
        await seat.press("i", "p", "c", "enter")
        await seat.see("Saved 10:00:00: checked in.")
        assert visits(counter)["Okafor"] == "verified"


async def test_leaving_the_check_in_checks_nobody_in(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("down", "enter")
        await seat.see("photo looked at")
        await seat.press("i", "p", "c", "escape")
        assert visits(counter)["Okafor"] == "expected"


async def test_a_card_scanned_with_everything_behind_it_opens_exactly_that_patient(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type(f"/{CHIDIS_CARD.number.lower()}\r")
        assert "Okafor, Chidi   born 1958-03-11" in seat.text
        assert "[ ] photo" in seat.text


async def test_the_end_of_a_card_finds_nobody_and_the_place_says_that_beginnings_do(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type(f"/{CHIDIS_CARD.number[-4:]}")
        await seat.see("a card or telephone is found by its beginning, not its end.")
        await seat.press("escape")
        await seat.type("/nobody")
        await seat.see("Nobody by that card, name or birth date. f3: a new patient.")
        await seat.press("escape")
        await seat.press("a")
        await seat.type("/7723")
        await seat.see("a card or telephone is found by its beginning, not its end.")


async def test_a_search_narrows_with_each_letter_and_escape_brings_the_queue_back(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/pet")
        assert "Petrov, Olga" in seat.text
        assert "Okafor, Chidi" not in seat.text
        await seat.type("x")
        assert "Petrov, Olga" not in seat.text
        await seat.press("escape")
        assert "Okafor, Chidi" in seat.text


async def test_a_slash_in_a_birth_date_is_typed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/3/11/1958")
        assert "Okafor, Chidi" in seat.text
        assert "Lindqvist" not in seat.text


async def test_a_lapsed_card_is_refused_with_its_day(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type("/petrov\r")
        await seat.press("i", "p", "c", "enter")
        assert "lapsed on Wed 11 Mar. Ask for the renewed card." in seat.text
        assert "Petrov" not in visits(counter)


async def test_keys_typed_ahead_of_a_place_are_meant_for_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter", "d")
        await seat.see("Dispense to Lindqvist, Mara")
        assert visits(counter)["Lindqvist"] == "waiting"


async def test_keys_typed_ahead_of_the_check_in_are_meant_for_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.type(f"/{CHIDIS_CARD.number}\ripc\r")
        await seat.see("checked in.")
        assert visits(counter)["Okafor"] == "verified"
        assert visits(counter)["Lindqvist"] == "waiting"


# The chart


async def test_a_note_is_signed_once_however_often_the_key_is_pressed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await in_the_chart_after_asking(seat)
        await seat.press("n")
        await seat.type("sleeps better")
        held = counter.desk.store = HeldStore(counter.ledger)
        await seat.press("f2", "f2", "f2")
        held.gate.set()
        await seat.see("the note is signed.")
        await seat.rest()
        assert counter.recorded("note.signed") == 1


async def test_a_note_without_a_verification_is_kept_as_a_draft_and_taken_up_again(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await open_maras_chart(seat)
        await seat.press("n")
        await seat.type("sleeps better")
        await seat.press("f2")
        await seat.see("Not signed, kept as a draft.")
        await seat.press("escape")
        await seat.press("n")
        text = await seat.see("Taken up from your draft.")
        assert "sleeps better" in text
        assert counter.recorded("note.signed") == 0


async def test_a_basket_is_recorded_once_however_often_the_key_is_pressed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        held = counter.desk.store = HeldStore(counter.ledger)
        await seat.press("f2", "f2", "f2")
        held.gate.set()
        await seat.see("dispensed for 51.98 as PCC-20260312-")
        await seat.rest()
        assert counter.recorded("dispensation.recorded") == 1
        await seat.see("receipt 90000")


async def test_a_basket_over_the_allotment_is_refused_with_what_would_fit(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat, "71")
        await seat.see("No: a day over by 0.01 oz. At most 70.87 g fits.")
        await seat.press("f2")
        await seat.see("Not recorded.")
        assert counter.recorded("dispensation.recorded") == 0
        await seat.press("f4")
        assert "Not recorded." not in await seat.see("Nothing in the basket yet.")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("abc", "abc"), ("-3", "-3"), ("3.5.1", "3.5.1"), ("999999", "250 g left"), ("0", "0")],
)
async def test_a_quantity_that_is_none_is_answered_in_a_sentence_and_the_basket_stays(
    counter: Counter, typed: str, answer: str
) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat, "1")
        await seat.type(f"blue\r{typed}\r")
        assert answer in seat.text
        assert "1 g  Blue Dream" in seat.text


async def test_a_package_on_hold_does_not_go_out(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await in_the_chart_after_asking(seat)
        await seat.press("d")
        await seat.see("Held Kush")
        await seat.type("held\r")
        assert "Held Kush may not go out: on hold." in seat.text


async def test_a_basket_is_not_dropped_without_a_question(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("escape")
        await seat.see("is not recorded. Leave it?")
        await seat.press("escape")
        assert "3.5 g  Blue Dream" in seat.text
        await seat.press("f10")
        await seat.see("is not recorded. Leave it?")
        await seat.press("y")
        assert await seat.gone() == 0
        assert counter.recorded("dispensation.recorded") == 0


# The registry goes, and comes back


async def test_a_sale_in_an_outage_asks_for_its_duties_first_and_is_posted_afterwards(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        counter.state.is_down = True
        await open_maras_chart(seat)
        await seat.press("r")
        await seat.see("METRC down since 10:00")
        await seat.press("f6", "n")
        await seat.type("Bulletin 26-04\r")
        await seat.see("Saved 10:00:00: agency's notice.")
        await seat.press("escape")
        await seat.press("d")
        await seat.see("Blue Dream")
        await seat.type("blue\r3.5\r")
        await seat.press("f2")
        await seat.see("Record this as an outage sale?")
        await seat.press("escape")
        assert counter.recorded("dispensation.recorded") == 0
        await seat.press("f2")
        await seat.see("Record this as an outage sale?")
        await seat.press("y")
        await seat.see("1 recorded so far")
        counter.state.heal()
        counter.clock.advance(timedelta(minutes=2))
        seat.app.session.desk.bell.set()  # type: ignore[union-attr]
        await seat.see("receipt 90000")
        await seat.see("over-sales to report: 72 h left")


async def test_a_notice_noted_above_a_basket_is_known_to_it_at_once(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        counter.state.is_down = True
        await open_maras_chart(seat)
        await seat.press("r")
        await seat.see("METRC down since 10:00")
        await seat.press("d")
        await seat.see("Blue Dream")
        await seat.type("blue\r3.5\r")
        await seat.press("f2")
        await seat.see("Not recorded. The registry is out of reach.")
        await seat.press("f6", "n")
        await seat.type("Bulletin 26-04\r")
        await seat.see("Saved 10:00:00: agency's notice.")
        await seat.press("escape")
        text = await seat.see("Fits")
        assert "Not recorded" not in text
        assert "press f6, then n" not in text


async def test_a_registry_that_does_not_answer_is_never_shown_as_nothing_left(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        counter.state.will(Fault.LOST)
        await open_maras_chart(seat)
        await seat.press("r")
        text = await seat.see("could not tell")
        assert "flower 0" not in text
        assert "did not answer within 10 s" in text


async def test_the_practice_key_unplugs_only_in_the_practice_shop(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("f9")
        assert not counter.state.is_down
        await seat.press("f1")
        assert "Unplug" not in seat.text
        await seat.press("escape")
        counter.desk.practice = FakePractice(counter.state, counter.pos)
        await seat.press("f9")
        assert counter.state.is_down
        await seat.press("f9")
        assert not counter.state.is_down


# The end of the day


async def test_a_day_is_compared_and_a_side_that_cannot_be_read_is_not_called_different(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.pos.ring_up([given])
    assert await post_due(counter.desk) == 1
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "r")
        await seat.see("not compared yet")
        await seat.press("f5")
        await seat.see("1 matched   0 to fix   0 not compared")
        counter.state.is_down = True
        await seat.press("f5")
        text = await seat.see("NOT COMPARED. METRC: METRC cannot be reached.")
        assert "different" not in text
        await seat.see("[Reconcile ?]")


async def test_why_a_day_is_not_compared_is_read_to_its_end_on_a_narrow_screen_too(counter: Counter) -> None:
    why = "sales.csv cannot be used: row 10: the tag 1.23E+15 was damaged by a spreadsheet; export the report again"
    counter.pos.silence = Unanswered(Silence.DAMAGED, why)
    async with at_the_queue(counter, NARROW) as seat:
        await seat.press("ctrl+g", "r")
        await seat.see("not compared yet")
        await seat.press("f5")
        text = await seat.see("NOT COMPARED")
        assert why in " ".join(text.split())


async def test_a_sale_of_the_till_names_its_receipt_whole_and_what_to_do_on_a_narrow_screen(counter: Counter) -> None:
    at, line = counter.desk.shop.local(counter.clock.now()), SoldLine(STOCK[0].label, 3500, 5200, "Blue Dream")
    counter.pos.rung_up = [Sale("4471", at, (line,))]
    told = Receipt("90217", "", at, (replace(line, price_cents=9900),), printed="0000090217")

    async def posted_on(day: date, now: datetime) -> tuple[Receipt, ...]:
        return (told,) if day == TODAY else ()

    counter.state.posted_on = posted_on  # type: ignore[method-assign]
    async with at_the_queue(counter, NARROW) as seat:
        await seat.press("ctrl+g", "r")
        await seat.see("not compared yet")
        await seat.press("f5")
        await seat.see("PRICE                4471      0000090217")
        await seat.press("p")
        text = await seat.see("This desk did not dispense it.")
        assert "then x says that you did." in " ".join(text.split())


async def test_a_day_that_was_left_while_it_was_compared_is_not_shown_as_another(counter: Counter) -> None:
    counter.pos.ring_up([await counter.give(grams("3.5"))])
    assert await post_due(counter.desk) == 1
    gate, sales = asyncio.Event(), counter.pos.sales

    async def slowly(day: date) -> Pull | Unanswered:
        await gate.wait()
        return await sales(day)

    counter.pos.sales = slowly  # type: ignore[method-assign]
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "r")
        await seat.see("not compared yet")
        await seat.press("f5", "left")
        await seat.see("Wed 11 Mar")
        assert "Reading both sides of Thu 12 Mar …" in seat.text
        gate.set()
        text = await seat.see(lambda text: "Reading" not in text)
        assert "This day was not compared yet" in text
        await seat.press("right")
        await seat.see("1 matched")


async def test_what_one_cause_brought_about_is_decided_at_once(counter: Counter) -> None:
    at, lines = counter.desk.shop.local(counter.clock.now()), (SoldLine(STOCK[0].label, 3500, 5200),)
    counter.pos.rung_up = [Sale(f"47{n}", at - timedelta(minutes=90 - n), lines) for n in range(10, 13)]
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "r")
        await seat.see("not compared yet")
        await seat.press("f5")
        await seat.see("3 to fix")
        assert "Open · one of 3: nothing is there from 08:40 to 08:42" in seat.text
        await seat.press("e")
        await seat.type("the till was posted by hand\r\r\r")
        await seat.see("2 more of this cause are open. Say the same of them?")
        assert len(counter.ledger.decisions(TODAY)) == 1
        await seat.press("y")
        await seat.see("explained, with 2 more of its cause.")
        await seat.see("0 to fix   3 explained")
        assert len(counter.ledger.decisions(TODAY)) == 3
        await seat.press("o")
        await seat.type("not all of them\r")
        await seat.see("1 to fix   2 explained")
        await seat.press("e")
        await seat.type("this one neither\r\r\r")
        await seat.see("0 to fix   3 explained")


# Everywhere


async def test_every_place_is_reached_by_its_letter(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        for letter, place in (("a", "Allotment"), ("c", "Chart"), ("r", "Reconcile"), ("q", "Queue")):
            await seat.press("ctrl+g")
            await seat.see("Go to")
            await seat.press(letter)
            await seat.see(lambda text, place=place: f"[{place}" in text)  # type: ignore[misc]


async def test_help_names_every_key_of_the_screen(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("f1")
        await seat.see("Keys · Queue")
        text = seat.app.screen.query_one("#help", Sheet).text
        for binding in (
            "enter       Open",
            "space       Serve",
            "p           Park",
            "^g          Go",
            "f8          Lock",
        ):
            assert binding in text


async def test_where_no_patient_is_open_no_key_is_offered_that_is_for_one(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "c")
        text = await seat.see("No patient is open")
        assert "dispense" not in text
        await seat.press("d", "f1")
        text = await seat.see("Keys · Chart")
        assert "Outbox" in text
        assert "Dispense" not in text
        await seat.press("escape", "escape", "enter")
        assert "dispense" in await seat.see("Lindqvist, Mara")


async def test_help_is_headed_by_the_name_that_people_know(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("f6", "f1")
        await seat.see(lambda text: "Keys · Outage" in text and "Keys · OutageScreen" not in text)
        await seat.press("escape", "escape", "down", "enter")
        await seat.press("f1")
        await seat.see("Keys · Check-in")


async def test_help_names_no_key_that_does_nothing_here(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("[Chart]")
        await seat.press("f1")
        text = await seat.see("Keys · Chart")
        assert "Send again" in text
        assert "under the cursor" not in text
        assert "Type the state's number" not in text
        await seat.press("escape", "escape", "down", "enter", "f1")
        text = await seat.see("Keys · Check-in")
        assert "Lock" in text
        assert "Palette" not in text


async def test_the_look_is_changed_from_the_palette_and_remembered(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+p")
        await seat.type("light")
        await seat.press("enter")
        assert seat.app.theme == "pcc-light"
        assert seat.door.theme == "pcc-light"


async def test_a_chart_that_was_opened_is_in_the_journal_with_who_opened_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await open_maras_chart(seat)
        opened = [(entry, act) for entry, act in counter.ledger.acts.values() if entry.name == "chart.opened"]
        ((entry, act),) = opened
        assert getattr(entry, "patient_id") == MARA.id  # noqa: B009 - the union has other members
        assert act.by == ANA.id
        assert CHIDI.name not in seat.text
        assert MARAS_CARD.number in seat.text


async def test_what_is_noted_of_somebody_stands_below_where_the_row_has_no_room_for_it(counter: Counter) -> None:
    async with at_the_queue(counter, NARROW) as seat:
        assert "minor · first …" in seat.text
        assert "minor · first visit" not in seat.text
        await seat.press("down", "down")
        assert "minor · first visit" in seat.text


# What is read slowly


async def test_nothing_of_the_patient_before_is_in_sight_or_under_a_key_while_another_is_read(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("Lindqvist, Mara")
        await seat.press("a")
        await seat.see("MAY BE DISPENSED NOW")
        await seat.type("/okafor")
        quick, held = counter.desk.store, HeldStore(counter.ledger)
        counter.desk.store = held
        await seat.press("enter")
        assert "Lindqvist" not in seat.text
        await seat.press("escape", "r", "h", "e", "c")
        await seat.see("[Chart]")
        await seat.press("n", "d", "x")
        assert "The record is being read." in seat.text
        assert "Lindqvist" not in seat.text
        held.gate.set()
        await seat.see("Okafor, Chidi")
        counter.desk.store = quick
        await seat.press("a")
        await seat.see("MAY BE DISPENSED NOW")
        assert "Okafor, Chidi" in seat.text
    assert visits(counter)["Lindqvist"] == "waiting"


async def test_keys_typed_ahead_of_a_record_are_meant_for_its_patient(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("Lindqvist, Mara")
        await seat.press("a")
        await seat.see("MAY BE DISPENSED NOW")
        await seat.type("/okafor\rci")
        assert "Okafor, Chidi" in await seat.see("f2 finish")
