"""What was handed over reaches the state's record once, whatever happens on the way."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.desk.links import LONGEST_WAIT, LinkState
from pcc_desk.desk.outbox import LIST_LAG, RETRY_WAITS, NotParked, parked_of, post_due, send_again
from pcc_desk.desk.postman import LOOKS_BETWEEN_PINGS, keep_posting, make_round
from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState
from tests.desk.counter import CHIDIS_CARD, MARA, Counter, grams
from tests.fakes_outside import Fault, PowerCut

LONG = timedelta(minutes=10)
"""Longer than any wait between two tries."""


async def round_later(counter: Counter, passed: timedelta = LONG) -> None:
    counter.clock.advance(passed)
    await make_round(counter.desk)


def state_of(counter: Counter, given: Dispensation) -> PostingState:
    return counter.posting(given).state


# One post


async def test_what_is_posted_gets_its_receipt_and_is_not_sent_again(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    assert await make_round(counter.desk) == 1
    assert counter.posting(sold).receipt == counter.state.receipts_of(sold.external_number)[0]
    for _ in range(3):
        await round_later(counter)
    assert counter.state.posts_of(sold.external_number) == 1


async def test_a_registry_that_is_down_is_tried_again_after_growing_waits(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    for number, wait in enumerate((*RETRY_WAITS, RETRY_WAITS[-1]), start=1):
        counter.state.will(Fault.DOWN)
        await post_due(counter.desk)
        posting = counter.posting(sold)
        assert (posting.state, posting.attempts) == (PostingState.WAITING, number)
        assert posting.next_try_at == counter.clock.now() + wait
        assert posting.why == "METRC cannot be reached"
        counter.clock.advance(wait - timedelta(seconds=1))
        assert await post_due(counter.desk) == 0
        assert counter.state.posts_of(sold.external_number) == number
        counter.clock.advance(timedelta(seconds=1))
    assert await post_due(counter.desk) == 1


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBLED])
async def test_an_answer_that_is_lost_is_looked_up_and_found_without_a_second_post(
    counter: Counter, fault: Fault
) -> None:
    sold = await counter.give(grams("3.5"))
    counter.state.will(fault)
    await post_due(counter.desk)
    assert state_of(counter, sold) is PostingState.IN_DOUBT
    await round_later(counter)
    assert state_of(counter, sold) is PostingState.ACCEPTED
    assert counter.state.posts_of(sold.external_number) == 1
    assert len(counter.state.receipts_of(sold.external_number)) == 1


async def test_a_post_that_was_lost_on_its_way_is_sent_again_after_two_look_ups_a_lag_apart(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    counter.state.will(Fault.LOST)
    await post_due(counter.desk)
    counter.clock.advance(RETRY_WAITS[0])
    await post_due(counter.desk)
    assert counter.posting(sold).lookups_missed == 1
    counter.clock.advance(LIST_LAG - timedelta(seconds=1))
    await post_due(counter.desk)
    assert counter.state.posts_of(sold.external_number) == 1
    counter.clock.advance(timedelta(seconds=1))
    await post_due(counter.desk)
    await post_due(counter.desk)
    assert state_of(counter, sold) is PostingState.ACCEPTED
    assert counter.state.posts_of(sold.external_number) == 2
    assert len(counter.state.receipts_of(sold.external_number)) == 1


async def test_a_list_that_lags_behind_a_lost_answer_brings_no_second_receipt(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    counter.state.lag = timedelta(seconds=60)
    counter.state.will(Fault.ANSWER_LOST)
    await post_due(counter.desk)
    for _ in range(12):
        await round_later(counter, timedelta(seconds=7))
    assert state_of(counter, sold) is PostingState.ACCEPTED
    assert len(counter.state.receipts_of(sold.external_number)) == 1


async def test_a_refused_post_waits_for_a_person_and_goes_again_when_told(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    parked = parked_of(counter.ledger, MARA.id, act=counter.act())
    assert parked is not None
    assert parked.why.startswith("METRC refused it: ")
    for _ in range(3):
        await round_later(counter)
    assert counter.state.posts_of(sold.external_number) == 1
    outcome = send_again(counter.ledger, sold.id, act=counter.act())
    assert isinstance(outcome, Posting)
    for _ in range(3):
        await round_later(counter)
    assert state_of(counter, sold) is PostingState.ACCEPTED
    assert isinstance(send_again(counter.ledger, sold.id, act=counter.act()), NotParked)


async def test_one_refused_post_holds_up_nobody_elses(counter: Counter) -> None:
    refused = await counter.give(grams("3.5"))
    other = await counter.give(grams("1"), card=CHIDIS_CARD)
    counter.state.will(Fault.REFUSED)
    await make_round(counter.desk)
    assert state_of(counter, refused) is PostingState.PARKED
    assert state_of(counter, other) is PostingState.ACCEPTED


async def test_a_desk_that_was_killed_while_sending_looks_up_first(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    counter.state.will(Fault.CUT_AFTER)
    with pytest.raises(PowerCut):
        await post_due(counter.desk)
    assert state_of(counter, sold) is PostingState.SENDING
    await round_later(counter)
    assert state_of(counter, sold) is PostingState.ACCEPTED
    assert counter.state.posts_of(sold.external_number) == 1


# The postman


async def test_while_the_registry_is_down_it_is_pinged_and_not_posted_to(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    counter.state.is_down = True
    await make_round(counter.desk)
    posts = counter.state.posts_of(sold.external_number)
    for _ in range(5):
        await round_later(counter)
    assert counter.state.posts_of(sold.external_number) == posts
    assert counter.desk.links.of("METRC").state is LinkState.DOWN
    counter.state.heal()
    await round_later(counter, counter.desk.look_every * LONGEST_WAIT)
    assert state_of(counter, sold) is PostingState.ACCEPTED


async def test_an_outage_is_noticed_also_when_nobody_asks_for_anything(counter: Counter) -> None:
    await make_round(counter.desk)
    counter.state.is_down = True
    await round_later(counter, counter.desk.look_every)
    assert counter.desk.links.of("METRC").state is LinkState.UP
    await round_later(counter, counter.desk.look_every * (LOOKS_BETWEEN_PINGS - 1))
    assert counter.desk.links.of("METRC").state is LinkState.DOWN


async def test_the_bell_is_answered_at_once(counter: Counter) -> None:
    told: asyncio.Queue[int] = asyncio.Queue()
    postman = asyncio.create_task(keep_posting(counter.desk, told.put_nowait))
    assert await told.get() == 0
    sold = await counter.give(grams("3.5"))
    assert await told.get() == 1
    assert state_of(counter, sold) is PostingState.ACCEPTED
    postman.cancel()
    with pytest.raises(asyncio.CancelledError):
        await postman


# Whatever happens


FAULTS = st.sampled_from([None, None, *(fault for fault in Fault if fault not in {Fault.REFUSED, Fault.DISAGREES})])


@given(
    faults=st.lists(FAULTS, max_size=14),
    waits=st.lists(st.integers(1, 400), min_size=1, max_size=30),
    lag=st.integers(0, 60),
)
def test_under_any_schedule_of_faults_each_sale_ends_up_in_the_record_exactly_once(
    faults: list[Fault | None], waits: list[int], lag: int
) -> None:
    async def live() -> None:
        counter = Counter()
        counter.state.lag = timedelta(seconds=lag)
        sold = [await counter.give(grams("1")), await counter.give(grams("2"), card=CHIDIS_CARD)]
        counter.state.will(*faults)
        for wait in waits:
            counter.clock.advance(timedelta(seconds=wait))
            await survive(counter)
            for each in sold:
                assert len(counter.state.receipts_of(each.external_number)) <= 1
        counter.state.heal()
        for _ in range(8):
            counter.clock.advance(LONG)
            await survive(counter)
        for each in sold:
            (receipt,) = counter.state.receipts_of(each.external_number)
            assert counter.posting(each).state is PostingState.ACCEPTED
            assert counter.posting(each).receipt == receipt

    asyncio.run(live())


async def survive(counter: Counter) -> None:
    """Make a round; a kill in the middle of it is followed by a start."""
    with suppress(PowerCut):
        await make_round(counter.desk)
