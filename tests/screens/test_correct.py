"""A correction by keyboard: what was really handed over, typed in the place of what the record says."""

from datetime import timedelta

import pytest

from pcc_desk.desk.amending import correct_dispensation, void_dispensation, what_stands
from pcc_desk.desk.dispensing import BasketLine
from pcc_desk.desk.outbox import post_due
from pcc_desk.domain.dispensing import Dispensation, PostingState, PostKind
from pcc_desk.widgets.field import Field
from tests.desk.counter import DREAM, Counter, grams, pieces
from tests.fakes_outside import Fault
from tests.screens.seat import NARROW, HeldStore, Seat, at_the_queue


async def refused(counter: Counter, *lines: BasketLine) -> Dispensation:
    """Hand something to Mara that the state refuses, so that it stays in the outbox."""
    given = await counter.give(*lines)
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    return given


async def open_correction(seat: Seat) -> None:
    await seat.press("ctrl+g", "o")
    await seat.see("not in METRC's record yet")
    await seat.press("c")
    await seat.see("Correct what was dispensed to Lindqvist, Mara")


def really(counter: Counter, given: Dispensation) -> list[tuple[str, int]]:
    """Return what the record says was handed over: quantities and prices in cents."""
    stands = what_stands(counter.ledger, given.id, act=counter.act())
    assert isinstance(stands, Dispensation)
    return [(str(each.quantity), each.price_cents) for each in stands.lines]


async def test_what_was_really_handed_over_is_typed_and_saved(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"), pieces(2))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.type("3\r45\r1\r9.99\rweighed again\r")
        await seat.see("Saved 10:00:00: corrected. METRC is told of it.")
        (correction,) = counter.ledger.amendments(given.id)
        assert (correction.kind, correction.why) == (PostKind.CORRECTION, "weighed again")
        assert really(counter, given) == [("3 g", 4500), ("1 each", 999)]


async def test_what_is_not_typed_stays_as_it_was_and_f2_saves(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"), pieces(2))
    async with at_the_queue(counter, NARROW) as seat:
        await open_correction(seat)
        await seat.press("down", "down", "down")
        await seat.type("18.50")
        await seat.press("down")
        await seat.type("wrong price")
        await seat.press("f2")
        await seat.see("corrected.")
        assert really(counter, given) == [("3.5 g", 5200), ("2 each", 1850)]


async def test_zero_takes_a_line_out_and_its_price_does_not_matter(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"), pieces(2))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.press("down", "down")
        await seat.type("0")
        await seat.press("down")
        await seat.type("-")
        await seat.press("down")
        await seat.type("the gummies stayed here\r")
        await seat.see("corrected.")
        assert really(counter, given) == [("3.5 g", 5200)]


@pytest.mark.parametrize(
    ("row", "typed", "why"),
    [
        (0, "three", "Blue Dream: “three” is not a number. Type digits, such as 3.5."),
        (0, "2 each", "Blue Dream: This package is counted in grams, not in each."),
        (0, "-1", "Blue Dream: An amount cannot be below zero."),
        (0, " ", "Blue Dream: Type how much, in grams."),
        (1, "52,00", "Blue Dream: “52,00” is not an amount of money."),
        (1, "-1", "Blue Dream: A price cannot be below zero."),
        (1, " ", "Blue Dream: Type the price, such as 52.00; 0 when it cost nothing."),
        (2, "1.5", "Type a whole number."),
    ],
)
async def test_what_cannot_be_used_is_answered_in_a_sentence_and_stays_typed(
    counter: Counter, row: int, typed: str, why: str
) -> None:
    given = await refused(counter, grams("3.5"), pieces(2))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.press(*["down"] * row)
        await seat.type(f"{typed}\r")
        text = " ".join((await seat.see("Not taken.")).split())
        assert why in text
        assert seat.app.screen.query_one(Field).value == typed
        await seat.press("down", "f2")
        text = " ".join((await seat.see("Not saved.")).split())
        assert why in text
        assert seat.app.screen.query_one(Field).value == typed
        assert counter.ledger.amendments(given.id) == ()


async def test_nothing_is_corrected_without_a_reason_or_a_change(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.type("3")
        await seat.press("f2")
        text = await seat.see("Not saved. Type a reason: it goes on record.")
        assert "3 g" in text
        await seat.type("weighed again")
        await seat.press("up", "up")
        await seat.press("backspace")
        await seat.type("3.5")
        await seat.press("f2")
        text = await seat.see("Not saved: the record says so already.")
        assert "weighed again" in text
        assert counter.ledger.amendments(given.id) == ()


async def test_a_correction_that_leaves_nothing_is_a_void(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.type("0\r\rnever left\r")
        await seat.see("Press esc to leave, then v to void it.")
        assert counter.ledger.amendments(given.id) == ()


async def test_more_than_may_be_dispensed_is_warned_of_and_saved_all_the_same(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.type("4")
        assert "Save it if" not in seat.text
        await seat.press("backspace")
        await seat.type("90")
        await seat.see("What is added is more than may be dispensed now")
        await seat.press("backspace", "backspace")
        await seat.type("3")
        await seat.see(lambda text: "What is added" not in text)
        await seat.type("00")
        text = " ".join((await seat.see("Look again at what is added.")).split())
        assert "left. Save it if it was really handed over." in text
        await seat.type("\r\rthe scale was read wrongly\r")
        await seat.see("corrected.")
        assert really(counter, given) == [("300 g", 5200)]


async def test_leaving_asks_only_when_something_was_typed(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.press("escape")
        await seat.see("[Outbox")
        await seat.press("c")
        await seat.see("Correct what was dispensed")
        await seat.type("3")
        await seat.press("escape")
        await seat.see("The correction for Lindqvist, Mara is not saved. Leave it?")
        await seat.press("n")
        assert "3 g" in seat.text
        await seat.press("escape", "y")
        await seat.see("1 not in METRC's record yet")
        assert counter.ledger.amendments(given.id) == ()


async def test_a_second_correction_begins_with_what_the_first_says(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"))
    correct_dispensation(counter.ledger, given.id, (grams("3", 4500),), "weighed again", act=counter.act())
    counter.clock.advance(timedelta(seconds=1))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        assert "45.00" in seat.text
        await seat.type("2.5\r\rand again\r")
        await seat.see("corrected.")
        assert really(counter, given) == [("2.5 g", 4500)]


async def test_what_was_voided_is_not_corrected(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    await post_due(counter.desk)
    void_dispensation(counter.ledger, given.id, "rung up by mistake", act=counter.act())
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "o")
        await seat.see("not in METRC's record yet")
        await seat.press("c")
        await seat.see("it was voided already (rung up by mistake).")


async def test_one_package_on_two_lines_is_corrected_line_by_line(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"), BasketLine(DREAM.label, grams("1").quantity, 1500))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.press("down", "down")
        await seat.type("2\r30\rone more\r")
        await seat.see("corrected.")
        assert really(counter, given) == [("3.5 g", 5200), ("2 g", 3000)]


async def test_a_correction_saved_twice_at_once_is_recorded_once(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        held = HeldStore(counter.ledger)
        counter.desk.store = held
        await seat.type("3\r\rweighed again")
        await seat.press("f2", "f2", "enter", "escape")
        assert "Correct what was dispensed" in seat.text
        held.gate.set()
        await seat.see("corrected.")
        assert len(counter.ledger.amendments(given.id)) == 1


# From the chart, whether the state has it already or not


async def in_the_chart(seat: Seat, counter: Counter) -> None:
    await post_due(counter.desk)
    await seat.press("enter")
    await seat.see("[Chart]")
    await seat.see("dispensed")


async def test_what_the_state_has_already_is_corrected_from_the_chart(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    async with at_the_queue(counter) as seat:
        await in_the_chart(seat, counter)
        assert counter.posting(given).state is PostingState.ACCEPTED
        await seat.press("c")
        await seat.see("Correct what was dispensed to Lindqvist, Mara")
        await seat.type("3\r45\rweighed again\r")
        await seat.see("Saved 10:00:00: corrected. METRC is told of it.")
        assert really(counter, given) == [("3 g", 4500)]


async def test_what_the_state_has_already_is_voided_from_the_chart_for_a_reason(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    async with at_the_queue(counter, NARROW) as seat:
        await in_the_chart(seat, counter)
        await seat.press("v")
        text = await seat.see("Void what was dispensed to Lindqvist, Mara")
        assert given.external_number in text
        await seat.press("enter")
        await seat.see("Not saved. Type a reason: it goes on record.")
        assert counter.ledger.amendments(given.id) == ()
        await seat.type("rung up twice\r")
        await seat.prove()
        await seat.see("voided. METRC is told")
        (struck,) = counter.ledger.amendments(given.id)
        assert (struck.kind, struck.why) == (PostKind.VOID, "rung up twice")
        await seat.press("v")
        await seat.see("it was voided already (rung up twice)")


async def test_leaving_a_void_leaves_the_record_as_it_is(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    async with at_the_queue(counter) as seat:
        await in_the_chart(seat, counter)
        await seat.press("v")
        await seat.see("Void what was dispensed")
        await seat.type("rung up")
        await seat.press("escape")
        await seat.see("[Chart]")
        assert counter.ledger.amendments(given.id) == ()


async def test_a_line_that_is_no_dispensation_is_neither_corrected_nor_voided(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("[Chart]")
        await seat.press("c")
        await seat.see("That line is no dispensation. Choose one with the arrows first.")
        await seat.press("v")
        await seat.see("That line is no dispensation.")


async def test_a_package_that_was_handed_over_too_is_added(counter: Counter) -> None:
    given = await refused(counter, grams("3.5"))
    async with at_the_queue(counter, NARROW) as seat:
        await open_correction(seat)
        await seat.press("f3")
        await seat.see("another package")
        await seat.type("gumm")
        await seat.press("f2")
        await seat.see(lambda text: "“gumm” is not taken yet: press enter in its row" in " ".join(text.split()))
        await seat.press("enter")
        await seat.type("2\r39.98\r")
        await seat.type("they were in the bag\r")
        await seat.see("corrected.")
    assert really(counter, given) == [("3.5 g", 5200), ("2 each", 3998)]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("nothing of the kind", "No package in stock is called so."),
        ("1a40", "5 packages in stock are called so. Type more of the tag."),
        ("blue dream", "Blue Dream stands above already: change it there."),
    ],
)
async def test_a_package_is_added_only_when_it_is_one(counter: Counter, typed: str, why: str) -> None:
    given = await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.press("f3")
        await seat.type(f"{typed}\r")
        await seat.see(f"Not taken. {why}")
        await seat.press("up", "up")
        await seat.type("3")
        await seat.press("f3")
        assert any("3 g" in line for line in seat.lines), "what was typed stays"
    assert counter.ledger.amendments(given.id) == ()
