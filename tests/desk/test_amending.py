"""What was handed over is put right: corrected to what really was, or struck; the state is told of each, in order."""

from datetime import timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.amending import (
    AlreadyVoided,
    NoReasonGiven,
    NothingChanges,
    NothingHandedOver,
    NotToBeCounted,
    PutRight,
    correct,
    correct_dispensation,
    judge_added,
    void,
    void_dispensation,
    what_stands,
)
from pcc_desk.desk.dispensing import BasketLine, NotForSale
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.outbox import post_due
from pcc_desk.desk.postman import make_round
from pcc_desk.domain.basket import Fits, OverLimit
from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState, Trouble
from pcc_desk.domain.entries import StockRead
from pcc_desk.domain.purchases import PurchaseKind
from tests.desk.counter import DREAM, MARA, MARAS_CARD, TODAY, Counter, grams, pieces
from tests.fakes_outside import Fault, sold_lines

LONG = timedelta(minutes=10)


async def rounds(counter: Counter, number: int = 4) -> None:
    for _ in range(number):
        counter.clock.advance(LONG)
        await make_round(counter.desk)


async def corrected(counter: Counter, given: Dispensation, *lines: BasketLine) -> Posting:
    """Correct a dispensation; return how far the correction is on its way."""
    counter.clock.advance(timedelta(seconds=1))
    outcome = await correct(counter.desk, given.id, lines, "weighed again", counter.act())
    assert isinstance(outcome, PutRight), outcome
    return posting(counter, outcome.amendment.id)


async def struck(counter: Counter, given: Dispensation) -> Posting:
    """Strike a dispensation; return how far the void is on its way."""
    counter.clock.advance(timedelta(seconds=1))
    outcome = await void(counter.desk, given.id, "brought back unopened", counter.act())
    assert isinstance(outcome, PutRight), outcome
    return posting(counter, outcome.amendment.id)


def posting(counter: Counter, of: UUID) -> Posting:
    found = counter.ledger.posting(of)
    assert found is not None
    return found


# What is on record


async def test_a_correction_is_an_act_of_its_own_and_counts_what_was_really_handed_over(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    await corrected(counter, given, grams("5"))
    assert counter.recorded("dispensation.corrected") == 1
    lines = counter.ledger.purchases(MARA.id, TODAY)
    assert sum(each.measures.net_mg or 0 for each in lines) == 5000
    assert counter.ledger.dispensation(given.id) == given


async def test_a_void_is_an_act_of_its_own_and_goes_on_counting_where_the_law_does_not_give_back(
    counter: Counter,
) -> None:
    from pcc_desk.domain.allotment import evaluate

    given = await counter.give(grams("3.5"))
    before = evaluate(counter.desk.rules, counter.ledger.purchases(MARA.id, TODAY), None, None, TODAY)
    await struck(counter, given)
    assert counter.recorded("dispensation.voided") == 1
    after = evaluate(counter.desk.rules, counter.ledger.purchases(MARA.id, TODAY), None, None, TODAY)
    assert not counter.desk.rules.gives_back
    assert [each.used for each in after.limits] == [each.used for each in before.limits]


async def test_nothing_is_put_right_without_a_reason_or_after_a_void(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    ledger, act = counter.ledger, counter.act
    assert isinstance(void_dispensation(ledger, given.id, "  ", act=act()), NoReasonGiven)
    assert isinstance(correct_dispensation(ledger, given.id, (grams("1"),), "\t", act=act()), NoReasonGiven)
    await struck(counter, given)
    assert isinstance(void_dispensation(ledger, given.id, "again", act=act()), AlreadyVoided)
    assert isinstance(correct_dispensation(ledger, given.id, (grams("1"),), "no", act=act()), AlreadyVoided)
    with pytest.raises(NoSuchRecord):
        void_dispensation(ledger, UUID(int=9), "who", act=act())


async def test_a_correction_that_changes_nothing_or_leaves_nothing_is_refused(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))

    def outcome(*lines: BasketLine) -> object:
        return correct_dispensation(counter.ledger, given.id, lines, "weighed again", act=counter.act())

    assert isinstance(outcome(grams("3.5")), NothingChanges)
    assert isinstance(outcome(grams("3.5"), pieces(0)), NothingChanges)
    assert isinstance(outcome(grams("0")), NothingHandedOver)
    assert isinstance(outcome(), NothingHandedOver)
    strange = BasketLine("1A4-NOBODY", grams("1").quantity, 100)
    assert outcome(strange) == NotToBeCounted("1A4-NOBODY", "not in stock, and not in what was handed over")
    in_pieces = BasketLine(DREAM.label, pieces(1).quantity, 100)
    assert outcome(in_pieces) == NotToBeCounted(DREAM.label, "counted in grams")
    assert isinstance(outcome(grams("3.5", 4000)), PutRight)


async def test_what_is_no_longer_in_stock_is_weighed_by_what_was_handed_over(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.put(StockRead((), "METRC"))
    outcome = correct_dispensation(counter.ledger, given.id, (grams("1.75"),), "half of it", act=counter.act())
    assert isinstance(outcome, PutRight)
    assert outcome.amendment.lines[0].measures.net_mg == 1750


async def test_what_stands_is_what_the_last_correction_says_until_it_is_struck(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    assert what_stands(counter.ledger, given.id, act=counter.act()) == given
    await corrected(counter, given, grams("5"))
    stands = what_stands(counter.ledger, given.id, act=counter.act())
    assert isinstance(stands, Dispensation)
    assert [str(each.quantity) for each in stands.lines] == ["5 g"]
    await struck(counter, given)
    assert isinstance(what_stands(counter.ledger, given.id, act=counter.act()), AlreadyVoided)
    with pytest.raises(NoSuchRecord):
        what_stands(counter.ledger, UUID(int=9), act=counter.act())


async def test_only_what_a_correction_adds_is_judged_by_what_may_be_dispensed_now(counter: Counter) -> None:
    given = await counter.give(grams("60"), pieces(2))
    desk = counter.desk
    assert await judge_added(desk, given, (grams("60", 1), pieces(1))) is None
    assert await judge_added(desk, given, ()) is None
    assert isinstance(await judge_added(desk, given, (grams("61"), pieces(2))), Fits)
    assert isinstance(await judge_added(desk, given, (grams("30"), grams("31"))), Fits)
    assert isinstance(await judge_added(desk, given, (grams("90"),)), OverLimit)
    assert isinstance(await judge_added(desk, given, (grams("500"),)), NotForSale)


# On its way to the state


async def test_a_correction_goes_to_the_receipt_once(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    await make_round(counter.desk)
    (receipt,) = counter.state.receipts_of(given.external_number)
    told = await corrected(counter, given, grams("2"))
    await rounds(counter)
    assert posting(counter, told.id).state is PostingState.ACCEPTED
    assert counter.state.asked.count(f"correct {receipt}") == 1
    assert [each.milli for each in sold_lines(counter.state.taken[0].dispensation)] == [2000]


async def test_a_sale_that_was_not_sent_yet_is_sent_as_corrected_and_no_correction_follows(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    told = await corrected(counter, given, grams("2"))
    await rounds(counter)
    assert counter.posting(given).state is posting(counter, told.id).state is PostingState.ACCEPTED
    assert counter.state.done == [f"post {given.external_number}"]
    assert [each.milli for each in sold_lines(counter.state.taken[0].dispensation)] == [2000]


async def test_a_void_strikes_the_receipt_once(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    await make_round(counter.desk)
    told = await struck(counter, given)
    await rounds(counter)
    assert posting(counter, told.id).state is PostingState.ACCEPTED
    assert counter.state.voided == set(counter.state.receipts_of(given.external_number))
    assert sum(each.startswith("void") for each in counter.state.asked) == 1


async def test_what_was_struck_before_it_was_sent_is_never_sent(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    told = await struck(counter, given)
    await rounds(counter)
    assert counter.state.taken == []
    sale, amendment = counter.posting(given), posting(counter, told.id)
    assert (sale.state, sale.why) == (PostingState.GIVEN_UP, "struck before METRC knew of it")
    assert (amendment.state, amendment.why) == (
        PostingState.GIVEN_UP,
        "the dispensation is not in METRC's record",
    )


async def test_what_was_struck_while_nobody_knew_whether_it_arrived_is_found_and_struck(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.will(Fault.ANSWER_LOST)
    await post_due(counter.desk)
    await struck(counter, given)
    await rounds(counter)
    assert counter.state.done == [f"post {given.external_number}", f"void {given.external_number}"]


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.RESET_AFTER, Fault.FAILED_AFTER, Fault.GARBLED])
async def test_a_correction_whose_answer_was_lost_is_seen_on_the_receipt_and_not_told_again(
    counter: Counter, fault: Fault
) -> None:
    given = await counter.give(grams("3.5"))
    await make_round(counter.desk)
    told = await corrected(counter, given, grams("2"))
    counter.state.will(fault)
    await post_due(counter.desk)
    assert posting(counter, told.id).state is PostingState.IN_DOUBT
    await rounds(counter)
    assert posting(counter, told.id).state is PostingState.ACCEPTED
    assert counter.state.done.count(f"correct {given.external_number}") == 1


@pytest.mark.parametrize("kind", ["correction", "void"])
async def test_what_was_lost_on_its_way_is_told_again_after_a_look_at_the_receipt(counter: Counter, kind: str) -> None:
    given = await counter.give(grams("3.5"))
    await make_round(counter.desk)
    told = await (struck(counter, given) if kind == "void" else corrected(counter, given, grams("2")))
    counter.state.will(Fault.RESET)
    await post_due(counter.desk)
    assert posting(counter, told.id).state is PostingState.IN_DOUBT
    await rounds(counter)
    assert posting(counter, told.id).state is PostingState.ACCEPTED
    assert len(counter.state.done) == 2
    assert any(each.startswith("posted_on") for each in counter.state.asked)


async def test_a_refused_correction_waits_for_a_person_until_a_later_one_takes_its_place(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    await make_round(counter.desk)
    first = await corrected(counter, given, grams("2"))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    parked = posting(counter, first.id)
    assert (parked.state, parked.trouble) == (PostingState.PARKED, Trouble.REFUSED)
    assert parked.why == "METRC refused it: receipt is finalized"
    second = await corrected(counter, given, grams("3"))
    await rounds(counter)
    assert posting(counter, first.id).why == "a later one took its place"
    assert posting(counter, second.id).state is PostingState.ACCEPTED


async def test_where_no_corrections_are_offered_a_person_makes_them(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    await make_round(counter.desk)
    counter.state.amending_offered = False
    told = await struck(counter, given)
    await rounds(counter)
    parked = posting(counter, told.id)
    assert (parked.state, parked.trouble) == (PostingState.PARKED, Trouble.NOT_OFFERED)
    assert parked.why == "METRC offers no corrections here"


async def test_a_sale_that_the_state_refused_is_told_as_corrected_once_it_is(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    assert counter.posting(given).state is PostingState.PARKED
    await corrected(counter, given, grams("2"))
    await rounds(counter)
    assert counter.posting(given).state is PostingState.ACCEPTED
    assert [each.milli for each in sold_lines(counter.state.taken[0].dispensation)] == [2000]


async def test_a_sale_that_is_refused_again_as_corrected_waits_for_a_person_again(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.state.fate = lambda question: Fault.REFUSED if question.startswith("post ") else None
    await post_due(counter.desk)
    await corrected(counter, given, grams("2"))
    await rounds(counter, 8)
    assert counter.posting(given).state is PostingState.PARKED
    assert counter.state.posts_of(given.external_number) == 2


async def test_a_later_sale_of_the_patient_waits_for_the_correction_of_an_earlier_one(counter: Counter) -> None:
    first = await counter.give(grams("1"))
    await make_round(counter.desk)
    await corrected(counter, first, grams("2"))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    counter.clock.advance(timedelta(seconds=1))
    second = await counter.give(grams("1"), card=MARAS_CARD)
    await rounds(counter)
    assert counter.state.posts_of(second.external_number) == 0
    assert counter.posting(second).state is PostingState.WAITING


# A clock that is set back


@pytest.mark.parametrize("is_posted", [True, False])
async def test_after_the_clock_is_set_back_the_last_correction_is_still_the_one_that_stands(
    counter: Counter, is_posted: bool
) -> None:
    given = await counter.give(grams("3.5"))
    if is_posted:
        await post_due(counter.desk)
    await corrected(counter, given, grams("2"))
    counter.clock.advance(timedelta(minutes=-30))
    await corrected(counter, given, grams("10"))
    stands = what_stands(counter.ledger, given.id, act=counter.act())
    assert isinstance(stands, Dispensation)
    assert [str(each.quantity) for each in stands.lines] == ["10 g"]
    await rounds(counter, 8)
    assert [str(each.quantity) for each in counter.state.taken[0].dispensation.lines] == ["10 g"]


async def test_after_the_clock_is_set_back_a_void_still_strikes_what_was_corrected(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    await post_due(counter.desk)
    await corrected(counter, given, grams("10"))
    counter.clock.advance(timedelta(minutes=-30))
    await struck(counter, given)
    assert {each.kind for each in counter.ledger.purchases(MARA.id, TODAY)} == {PurchaseKind.VOID}
    await rounds(counter, 8)
    assert [each.partition(" ")[0] for each in counter.state.done] == ["post", "void"]
