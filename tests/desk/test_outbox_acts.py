"""What is parked for a person says why, and what a person decides is done and is on record."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest

from pcc_desk.adapters.state.manual import Manual
from pcc_desk.desk.amending import PutRight, void_dispensation
from pcc_desk.desk.links import LinkState
from pcc_desk.desk.outbox import post_due
from pcc_desk.desk.outbox_acts import (
    BeingSent,
    MayBeThere,
    NeverSent,
    NoNumber,
    NoReason,
    NumberTaken,
    Settled,
    enter_by_hand,
    give_up,
    look_up_now,
    outbox,
    try_now,
)
from pcc_desk.desk.ports import Store
from pcc_desk.desk.postman import make_round
from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState, Trouble
from tests.desk.counter import BEN, CHIDIS_CARD, MARA, Counter, grams
from tests.fakes import FakeStore
from tests.fakes_outside import Fault, PowerCut

LONG = timedelta(minutes=10)


async def rounds(counter: Counter, number: int = 4) -> None:
    for _ in range(number):
        counter.clock.advance(LONG)
        await make_round(counter.desk)


async def parked_without_a_look_up(counter: Counter, fault: Fault = Fault.ANSWER_LOST) -> Dispensation:
    counter.state.lookup_offered = False
    given = await counter.give(grams("3.5"))
    counter.state.will(fault)
    await post_due(counter.desk)
    await rounds(counter, 1)
    return given


# Parked with what is known


async def test_where_nothing_can_be_looked_up_a_person_decides_with_what_is_known(counter: Counter) -> None:
    given = await parked_without_a_look_up(counter)
    posting = counter.posting(given)
    assert (posting.state, posting.trouble) == (PostingState.PARKED, Trouble.NO_LOOKUP)
    assert posting.why == "METRC offers no look-up here; METRC did not answer within 10 s"
    await rounds(counter, 6)
    assert counter.state.posts_of(given.external_number) == 1


async def test_a_list_that_contradicts_the_look_up_parks_the_post(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.will(Fault.ANSWER_LOST)
    counter.state.fate = lambda question: Fault.DISAGREES
    await post_due(counter.desk)
    await rounds(counter)
    posting = counter.posting(given)
    assert (posting.state, posting.trouble) == (PostingState.PARKED, Trouble.DISAGREE)
    number = given.external_number
    assert posting.why == f"METRC answers that it has no {number}, and lists it as receipt 90000"
    assert counter.state.posts_of(number) == 1


async def test_a_receipt_alike_without_our_number_parks_the_post(counter: Counter) -> None:
    from dataclasses import replace

    given = await counter.give(grams("3.5"))
    await counter.state.post(replace(given, external_number=""))
    counter.state.will(Fault.LOST)
    await post_due(counter.desk)
    await rounds(counter)
    posting = counter.posting(given)
    assert (posting.state, posting.trouble) == (PostingState.PARKED, Trouble.DISAGREE)
    assert "receipt 90000 of 10:00 says the same without a number of ours" in posting.why


async def test_a_post_that_is_refused_because_it_is_there_already_is_found(counter: Counter) -> None:
    counter.state.refuses_doubles, counter.state.list_offered = True, False
    given = await counter.give(grams("3.5"))
    counter.state.will(Fault.ANSWER_LOST)
    counter.state.fate = lambda question: (
        Fault.DISAGREES if question.startswith("find") and counter.state.posts_of(given.external_number) == 1 else None
    )
    await post_due(counter.desk)
    await rounds(counter, 6)
    assert counter.posting(given).state is PostingState.ACCEPTED
    assert counter.state.posts_of(given.external_number) == 2
    assert len(counter.state.receipts_of(given.external_number)) == 1


@pytest.mark.parametrize(
    ("fault", "trouble", "why"),
    [
        (Fault.KEY_EXPIRED, Trouble.DENIED, "the key of METRC has expired"),
        (Fault.DISABLED, Trouble.DISABLED, "the regulator switched this call of METRC off"),
        (Fault.BUSY, Trouble.BUSY, "METRC is asked too often; again in 40 s"),
    ],
)
async def test_a_refused_key_and_a_call_switched_off_wait_and_say_so(
    counter: Counter, fault: Fault, trouble: Trouble, why: str
) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.will(fault)
    await post_due(counter.desk)
    posting = counter.posting(given)
    assert (posting.state, posting.trouble, posting.why) == (PostingState.WAITING, trouble, why)
    await rounds(counter)
    assert counter.posting(given).state is PostingState.ACCEPTED


async def test_a_system_that_is_asked_too_often_is_left_alone_for_as_long_as_it_said(counter: Counter) -> None:
    await counter.ask()
    first, second = await counter.give(grams("1")), await counter.give(grams("1"), card=CHIDIS_CARD)
    counter.state.will(Fault.BUSY)
    asked, began = len(counter.state.asked), counter.clock.now()
    assert await make_round(counter.desk) == 0
    assert len(counter.state.asked) == asked + 1
    link = counter.desk.links.of("METRC")
    assert (link.state, link.remark) == (LinkState.DEGRADED, "asked too often; again in 40 s")
    assert not counter.desk.registry_is_out
    for _ in range(3):
        counter.clock.advance(timedelta(seconds=13))
        await make_round(counter.desk)
    assert len(counter.state.asked) == asked + 1
    waited = counter.posting(first).next_try_at - began
    assert timedelta(seconds=40) <= waited <= timedelta(seconds=50)
    counter.clock.advance(timedelta(seconds=12))
    await make_round(counter.desk)
    assert {counter.posting(each).state for each in (first, second)} == {PostingState.ACCEPTED}


async def test_a_call_switched_off_is_not_asked_for_each_time_the_system_says_that_it_is_well(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.fate = lambda question: Fault.DISABLED if question.startswith("post ") else None
    for _ in range(40):
        await make_round(counter.desk)
        counter.clock.advance(timedelta(seconds=15))
    assert counter.state.posts_of(given.external_number) <= 8


async def test_nothing_of_a_patient_overtakes_what_is_earlier_and_everybody_elses_goes_on(counter: Counter) -> None:
    first = await counter.give(grams("1"))
    counter.clock.advance(timedelta(seconds=1))
    second = await counter.give(grams("2"))
    elses = await counter.give(grams("1"), card=CHIDIS_CARD)
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    await rounds(counter)
    assert counter.posting(first).state is PostingState.PARKED
    assert counter.posting(second).state is PostingState.WAITING
    assert counter.posting(elses).state is PostingState.ACCEPTED
    assert isinstance(give_up(counter.ledger, first.id, "the package is not ours", act=counter.act()), Posting)
    await rounds(counter, 1)
    assert counter.posting(second).state is PostingState.ACCEPTED
    assert counter.state.posts_of(first.external_number) == 1


# What a person decides


async def test_what_may_be_there_is_sent_again_only_when_somebody_looked(counter: Counter) -> None:
    given = await parked_without_a_look_up(counter, Fault.LOST)
    assert isinstance(try_now(counter.ledger, given.id, act=counter.act()), MayBeThere)
    assert counter.posting(given).state is PostingState.PARKED
    assert isinstance(try_now(counter.ledger, given.id, act=counter.act(), is_not_there=True), Posting)
    await rounds(counter, 1)
    assert counter.posting(given).state is PostingState.ACCEPTED
    assert len(counter.state.receipts_of(given.external_number)) == 1


async def test_the_number_that_a_person_typed_is_on_record_with_who_did(counter: Counter) -> None:
    given = await parked_without_a_look_up(counter)
    assert isinstance(enter_by_hand(counter.ledger, given.id, " 90000 ", act=counter.act(BEN)), Posting)
    posting = counter.posting(given)
    assert (posting.state, posting.receipt, posting.entered_by) == (PostingState.ACCEPTED, "90000", BEN.id)
    await rounds(counter)
    assert counter.state.posts_of(given.external_number) == 1


async def test_a_number_is_typed_for_one_dispensation_only(counter: Counter) -> None:
    other = await counter.give(grams("1"), card=CHIDIS_CARD)
    await make_round(counter.desk)
    given = await parked_without_a_look_up(counter)
    taken = counter.posting(other).receipt
    assert enter_by_hand(counter.ledger, given.id, taken, act=counter.act()) == NumberTaken(other.external_number)
    for typed in ("", "  ", "9\x1b[2J", given.external_number, "9" * 41):
        assert isinstance(enter_by_hand(counter.ledger, given.id, typed, act=counter.act()), NoNumber)
    assert counter.posting(given).state is PostingState.PARKED


async def test_a_look_up_is_asked_for_at_once_and_sends_nothing_that_was_refused(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    assert isinstance(look_up_now(counter.ledger, given.id, act=counter.act()), NeverSent)
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    assert isinstance(look_up_now(counter.ledger, given.id, act=counter.act()), Posting)
    await rounds(counter)
    posting = counter.posting(given)
    assert (posting.state, posting.trouble) == (PostingState.PARKED, Trouble.REFUSED)
    assert posting.why == "METRC refused it: package is not in this facility"
    assert counter.state.posts_of(given.external_number) == 1


async def test_giving_up_needs_a_reason_and_nothing_is_decided_twice(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    ledger = counter.ledger
    assert isinstance(give_up(ledger, given.id, " ", act=counter.act()), NoReason)
    assert isinstance(give_up(ledger, given.id, "rung up twice", act=counter.act(BEN)), Posting)
    posting = counter.posting(given)
    assert (posting.state, posting.why, posting.entered_by) == (PostingState.GIVEN_UP, "rung up twice", BEN.id)
    for outcome in (
        give_up(ledger, given.id, "again", act=counter.act()),
        try_now(ledger, given.id, act=counter.act()),
        look_up_now(ledger, given.id, act=counter.act()),
        enter_by_hand(ledger, given.id, "1", act=counter.act()),
    ):
        assert outcome == Settled(posting)
    await rounds(counter)
    assert counter.state.taken == []


async def test_what_is_on_its_way_is_left_alone_unless_a_killed_desk_left_it_there(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.will(Fault.CUT_AFTER)
    with pytest.raises(PowerCut):
        await post_due(counter.desk)
    assert isinstance(give_up(counter.ledger, given.id, "no", act=counter.act()), BeingSent)
    counter.clock.advance(LONG)
    assert isinstance(enter_by_hand(counter.ledger, given.id, "90000", act=counter.act()), Posting)


async def test_what_a_person_decided_while_the_answer_was_on_its_way_stands(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.will(Fault.LOST)
    await post_due(counter.desk)
    counter.clock.advance(LONG)

    def meanwhile(question: str) -> Fault | None:
        if question.startswith("find"):
            enter_by_hand(counter.ledger, given.id, "77", act=counter.act())
        return None

    counter.state.fate = meanwhile
    await post_due(counter.desk)
    posting = counter.posting(given)
    assert (posting.state, posting.receipt) == (PostingState.ACCEPTED, "77")


async def test_the_outbox_lists_what_is_not_settled_with_whom_it_is_about(counter: Counter) -> None:
    await parked_without_a_look_up(counter)
    (row,) = outbox(counter.ledger, act=counter.act())
    assert (row.patient, row.by, row.summary) == (MARA, "Ana Ruiz", "3.5 g Blue Dream (1A40…0417) · 52.00")


async def test_where_a_person_enters_everything_a_correction_waits_for_one_too(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.desk.state = Manual("OARRS")
    await rounds(counter, 2)
    assert isinstance(enter_by_hand(counter.ledger, given.id, "4471", act=counter.act()), Posting)
    counter.clock.advance(LONG)
    outcome = void_dispensation(counter.ledger, given.id, "rung up by mistake", act=counter.act())
    assert isinstance(outcome, PutRight)
    await rounds(counter, 2)
    posting = counter.ledger.posting(outcome.amendment.id)
    assert posting is not None
    assert (posting.state, posting.trouble) == (PostingState.PARKED, Trouble.NOT_OFFERED)


class Busy:
    """A store at which others come in between: each use case waits for its turn."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def read(self, *args: Any, **kwargs: Any) -> Any:
        """Read, and let the others go on."""
        found = await self._store.read(*args, **kwargs)
        await asyncio.sleep(0)
        return found

    async def write(self, *args: Any, **kwargs: Any) -> Any:
        """Let the others go on, and write."""
        await asyncio.sleep(0)
        return await self._store.write(*args, **kwargs)


async def test_two_who_post_at_once_tell_the_state_once(counter: Counter) -> None:
    sold = await counter.give(grams("3.5"))
    other = counter.desk_of(BEN)
    for desk in (counter.desk, other):
        desk.store = cast("Store", Busy(FakeStore(counter.ledger)))
    assert sorted(await asyncio.gather(post_due(counter.desk), post_due(other))) == [0, 1]
    assert len(counter.state.receipts_of(sold.external_number)) == 1
    assert counter.posting(sold).attempts == 1
