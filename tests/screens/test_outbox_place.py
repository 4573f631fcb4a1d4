"""The outbox by keyboard: what waits and why, and what a person decides about it."""

from datetime import timedelta

from pcc_desk.desk.outbox import post_due
from pcc_desk.domain.dispensing import Dispensation, PostingState, PostKind
from tests.desk.counter import ANA, Counter, grams
from tests.fakes_outside import Fault
from tests.screens.seat import NARROW, Seat, at_the_queue


async def parked(counter: Counter, fault: Fault = Fault.LOST) -> Dispensation:
    """Leave a sale of Mara's parked: it may have arrived, and nothing can look."""
    counter.state.lookup_offered = False
    given = await counter.give(grams("3.5"))
    counter.state.will(fault)
    await post_due(counter.desk)
    counter.clock.advance(timedelta(minutes=1))
    await post_due(counter.desk)
    assert counter.posting(given).state is PostingState.PARKED
    return given


async def open_outbox(seat: Seat) -> None:
    await seat.press("ctrl+g", "o")
    await seat.see("[Outbox")


async def test_the_outbox_says_what_waits_since_when_and_what_it_means(counter: Counter) -> None:
    given = await parked(counter)
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        text = await seat.see("1 not in METRC's record yet, 1 for you to decide.")
        assert "Lindqvist, Mara" in text
        assert "yours to decide" in text
        assert "said: METRC offers no look-up here; METRC did not answer within 10 s." in text
        assert f"Look on METRC's page for {given.external_number}" in " ".join(text.split())


async def test_what_may_be_there_is_sent_again_after_a_yes_only(counter: Counter) -> None:
    given = await parked(counter)
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        await seat.see("yours to decide")
        await seat.press("t")
        await seat.see("is not there?")
        await seat.press("n")
        assert counter.state.posts_of(given.external_number) == 1
        await seat.press("t")
        await seat.see("is not there?")
        await seat.press("y")
        await seat.see("Everything is in the state's record.")
        assert len(counter.state.receipts_of(given.external_number)) == 1


async def test_a_number_typed_by_hand_is_saved_with_who_typed_it(counter: Counter) -> None:
    given = await parked(counter, Fault.ANSWER_LOST)
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        await seat.see("yours to decide")
        await seat.press("e")
        await seat.type(f"{given.external_number}\r")
        await seat.see("is our own number.")
        await seat.press("escape", "e")
        await seat.type("90000\r")
        await seat.see("METRC's number 90000, typed by Ana Ruiz.")
        posting = counter.posting(given)
        assert (posting.receipt, posting.entered_by) == ("90000", ANA.id)


async def test_giving_up_needs_a_reason_and_a_yes(counter: Counter) -> None:
    given = await parked(counter)
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        await seat.see("yours to decide")
        await seat.press("g", "enter")
        await seat.see("Type a reason: it goes on record.")
        await seat.type("never handed over\r")
        await seat.see("Give up the sale for Lindqvist, Mara?")
        await seat.press("n")
        assert counter.posting(given).state is PostingState.PARKED
        await seat.press("enter")
        await seat.see("Give up the sale for Lindqvist, Mara?")
        await seat.press("y")
        await seat.prove()
        await seat.see("given up.")
        assert counter.posting(given).why == "never handed over"


async def test_what_was_refused_is_voided_and_nothing_is_sent(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        await seat.see("METRC refused it: package is not in this facility.")
        await seat.press("v")
        await seat.type("rung up by mistake\r")
        await seat.see("Void what was dispensed to Lindqvist, Mara?")
        await seat.press("y")
        await seat.prove()
        await seat.see("Everything is in the state's record.")
        (void,) = counter.ledger.amendments(given.id)
        assert (void.kind, void.why) == (PostKind.VOID, "rung up by mistake")
        assert counter.state.taken == []


async def test_a_look_up_is_asked_for_by_a_key(counter: Counter) -> None:
    given = await parked(counter, Fault.ANSWER_LOST)
    counter.state.lookup_offered = True
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        await seat.see("yours to decide")
        await seat.press("l")
        await seat.see("Everything is in the state's record.")
        assert counter.posting(given).receipt == "90000"
        assert counter.state.posts_of(given.external_number) == 1


async def test_enter_opens_the_chart_and_o_comes_back(counter: Counter) -> None:
    await parked(counter)
    async with at_the_queue(counter, NARROW) as seat:
        await open_outbox(seat)
        await seat.see("yours to decide")
        await seat.press("enter")
        text = await seat.see("Lindqvist, Mara   born")
        assert "decide: press o" in text
        await seat.press("o")
        await seat.see("1 for you to decide.")
        await seat.press("escape")
        await seat.see("[Queue")


async def test_keys_do_nothing_where_nothing_waits(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        await seat.press("t", "l", "e", "v", "g", "enter")
        assert "Everything is in the state's record." in seat.text


async def test_the_chart_says_until_when_a_post_is_being_looked_up(counter: Counter) -> None:
    counter.state.lag = timedelta(seconds=60)
    await counter.give(grams("3.5"))
    counter.state.will(Fault.ANSWER_LOST)
    await post_due(counter.desk)
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        text = await seat.see("post of 10:00 being looked up until 10:01")
        assert text.count("being looked up") == 2
        assert "post waits" not in text


async def test_what_waits_for_the_systems_return_says_so(counter: Counter) -> None:
    await counter.give(grams("3.5"))
    counter.state.is_down = True
    await post_due(counter.desk)
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        await seat.see("on return")
        await seat.press("t")
        await seat.see("It is tried as soon as METRC answers again.")


async def test_words_of_a_state_never_reach_the_terminal_as_more_than_words(counter: Counter) -> None:
    await counter.give(grams("3.5"))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    from dataclasses import replace

    given = next(iter(counter.ledger.dispensed.values()))
    given.posting = replace(given.posting, why="[red]no[/] \x1b[2J")
    async with at_the_queue(counter) as seat:
        await open_outbox(seat)
        text = await seat.see("[red]no[/]")
        assert "\x1b" not in text


async def test_an_empty_outbox_shows_no_keys_that_do_nothing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "o")
        text = await seat.see("Everything is in the state's record.")
        for key in ("enter chart", "t try now", "l look up", "e number", "v void", "c correct"):
            assert key not in text
        assert "esc back" in text
