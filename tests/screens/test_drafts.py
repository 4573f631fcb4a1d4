"""What is typed in a form when the desk locks: there again for whoever typed it, and only where it still is right."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pcc_desk.domain.papers import Papers
from pcc_desk.domain.rules import Rules
from pcc_desk.widgets.field import Field
from tests.desk.counter import BEN, DREAM, Counter, grams
from tests.screens.seat import Seat, at_the_queue
from tests.screens.test_by_hand import at_the_form, manual, read
from tests.screens.test_correct import open_correction, refused
from tests.screens.test_flows import in_the_chart_after_asking, open_maras_chart, with_a_basket
from tests.screens.test_papers import at_the_papers, at_the_row, on_record, rules

__all__ = ["manual", "rules"]


async def lock_and_unlock(seat: Seat, said: str = "Locked. Draft kept for A.") -> None:
    await seat.press("f8")
    text = await seat.see("Locked.")
    assert said in text
    assert "Lindqvist" not in text
    await seat.unlock()


async def open_basket(seat: Seat) -> None:
    await open_maras_chart(seat)
    await seat.press("d")
    await seat.see("Blue Dream")


async def test_a_basket_and_the_line_that_was_being_typed_are_there_after_the_lock(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        basket = next(line for line in seat.lines if "BASKET" in line)
        assert basket.split() != ["BASKET", "0.00"]
        await seat.type("blue\r1.2")
        await lock_and_unlock(seat)
        await open_basket(seat)
        await seat.see("Taken up from your draft.")
        assert basket in seat.lines
        assert seat.app.screen.query_one(Field).value == "1.2"
        await seat.type("5\r")
        await seat.see(" 2     1.25 g")


async def test_another_person_does_not_see_it_and_it_waits_for_its_owner(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        ana = counter.desk.person
        await seat.press("f8")
        await seat.see("Draft kept for A.")
        counter.desk.person = BEN
        await seat.unlock()
        await open_basket(seat)
        assert "Taken up" not in seat.text
        assert "BASKET  0.00" in seat.text
        await seat.press("escape")
        await lock_and_unlock(seat, "Locked.")
        await seat.press("f8")
        await seat.see("Locked.")
        counter.desk.person = ana
        await seat.unlock()
        await open_basket(seat)
        await seat.see("Taken up from your draft.")


async def test_a_basket_that_was_left_is_not_offered_again(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("escape")
        await seat.see("Leave it?")
        await seat.press("y")
        await seat.see("When ")
        await seat.press("d")
        await seat.see("BASKET")
        assert "Taken up" not in seat.text
        assert "BASKET  0.00" in seat.text
        await lock_and_unlock(seat, "Locked.")


async def test_a_basket_is_not_offered_once_something_was_dispensed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("f8")
        await seat.see("Draft kept for A.")
        counter.clock.advance(timedelta(minutes=1))
        ana, counter.desk.person = counter.desk.person, BEN
        await counter.give(grams("3.5"))
        counter.desk.person = ana
        await seat.unlock()
        await open_basket(seat)
        text = await seat.see("Something was dispensed since your basket was kept.")
        assert "BASKET  0.00" in text


async def test_a_basket_kept_after_the_sale_that_it_became_is_not_offered_either(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await counter.give(grams("3.5"))
        await seat.type("blue\r1.2")
        await lock_and_unlock(seat)
        await open_basket(seat)
        text = await seat.see("Something was dispensed since your basket was kept.")
        assert "BASKET  0.00" in text


async def test_a_line_whose_package_is_gone_is_left_out_and_named(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("f8")
        await seat.see("Draft kept for A.")
        package, read_at = counter.ledger.stock[DREAM.label]
        counter.ledger.stock[DREAM.label] = (replace(package, remaining=grams("1").quantity), read_at)
        await seat.unlock()
        await open_basket(seat)
        text = await seat.see("Left out, since it is not in stock so any more:")
        assert "BASKET  0.00" in text


async def test_what_was_read_by_hand_is_there_and_counts_from_when_it_was_read(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y\r2027-06-30\r1.5")
        began = manual.clock.now()
        await lock_and_unlock(seat)
        manual.clock.advance(timedelta(minutes=7))
        await at_the_form(seat)
        text = await seat.see("Taken up from your draft.")
        assert "counts from 10:00 on" in text
        assert seat.app.screen.query_one(Field).value == "1.5"
        await seat.press("f2")
        await seat.see("Saved 10:07:00")
        found = read(manual)
        assert found is not None
        assert found.asked_at == began


async def test_a_correction_is_there_unless_the_record_says_something_else_now(counter: Counter) -> None:
    await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.type("2\r")
        await lock_and_unlock(seat)
        await open_correction(seat)
        text = await seat.see("Taken up from your draft.")
        assert "2 g" in text
        await seat.press("escape", "y")
        await seat.press("c")
        await seat.see("Correct what was dispensed")
        assert "Taken up" not in seat.text


@pytest.mark.usefixtures("rules")
async def test_an_amount_on_a_paper_is_there_in_its_row(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "practitioner's amount")
        await seat.type("8 Dr. M")
        await lock_and_unlock(seat)
        await at_the_papers(seat)
        await seat.see("Taken up from your draft.")
        assert on_record(counter) == Papers()
        await seat.type("ensah\r")
        await seat.see("Saved 10:00:00")
        assert on_record(counter).amounts[0].paper == "Dr. Mensah"


@pytest.mark.usefixtures("rules")
async def test_an_amount_for_a_limit_that_these_rules_no_longer_have_is_not_taken_up(
    counter: Counter, rules: Rules
) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "practitioner's amount")
        await seat.type("8 Dr. M")
        await seat.press("f8")
        await seat.see("Draft kept for A.")
        bare = replace(rules, limits=())
        counter.desk.rules_on = lambda day, order_began=None: bare
        await seat.unlock()
        await at_the_papers(seat)
        await seat.see("rests on something that is no longer so. It was not taken up.")


async def test_a_note_of_an_outage_is_there_for_the_same_outage_only(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        counter.state.is_down = True
        await in_the_chart(seat)
        await seat.press("f6", "d")
        await seat.type("copied the card")
        await lock_and_unlock(seat)
        await seat.press("f6")
        await seat.see("Taken up from your draft.")
        assert seat.app.screen.query_one(Field).value == "copied the card"


async def in_the_chart(seat: Seat) -> None:
    await open_maras_chart(seat)
    await seat.press("r")
    await seat.see("METRC down since 10:00")


async def test_nothing_typed_is_nothing_kept(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await in_the_chart_after_asking(seat)
        await seat.press("d")
        await seat.see("Blue Dream")
        await lock_and_unlock(seat, "Locked.")
        assert counter.recorded("form.kept") == 0


async def test_a_correction_with_an_added_package_is_there_after_the_lock(counter: Counter) -> None:
    await refused(counter, grams("3.5"))
    async with at_the_queue(counter) as seat:
        await open_correction(seat)
        await seat.press("f3")
        await seat.see("another package")
        await seat.type("gumm\r2")
        rows = [line for line in seat.lines if "umm" in line]
        assert rows
        await lock_and_unlock(seat)
        await open_correction(seat)
        await seat.see("Taken up from your draft.")
        assert [line for line in seat.lines if "umm" in line] == rows


async def test_a_disclosure_that_was_begun_is_there_after_the_lock(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await open_maras_chart(seat)
        await seat.press("l")
        await seat.see("Nothing was disclosed")
        await seat.press("n")
        await seat.type("\rState police\rLansing\rpurchases of 2026")
        await lock_and_unlock(seat)
        await open_maras_chart(seat)
        await seat.press("l")
        await seat.see("Taken up from your draft.")
        assert "recipient: State police" in seat.text
        assert seat.app.screen.query_one(Field).value == "purchases of 2026"


async def test_with_the_recovery_sheet_nothing_typed_is_kept_and_that_is_said(counter: Counter) -> None:
    counter.desk.glass_broken_until = counter.clock.now() + timedelta(hours=4)
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await lock_and_unlock(seat, "Locked. With the recovery sheet nothing that is typed is kept for later.")
        await open_basket(seat)
        assert "Taken up" not in seat.text
        assert "BASKET  0.00" in seat.text
