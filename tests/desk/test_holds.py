"""What a patient may still buy is set aside for the visit they are in, and given back when it ends."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from pcc_desk.desk.check_in import CheckedIn, check_in
from pcc_desk.desk.dispensing import Recorded, hand_over, judge_now
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.holds import GivenBack, Held, HeldElsewhere, NothingToHold, close, set_aside
from pcc_desk.desk.queue import move_visit
from pcc_desk.desk.standing import read_standing
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.domain.basket import Fits, OverLimit
from pcc_desk.domain.entries import HoldPlaced, VisitBooked
from pcc_desk.domain.holds import HeldAmount, Hold, set_aside_elsewhere
from pcc_desk.domain.visits import Reason, Visit, VisitState
from pcc_desk.domain.windows import Possession, Transaction
from tests.desk.counter import CHIDI, FRESH_FOR, MARA, MARAS_CARD, TODAY, Counter, expected, grams, says

OUNCE = Fraction("28349.5")


def arrives(counter: Counter) -> Visit:
    came = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(came, CheckedIn)
    return came.visit


async def verified(counter: Counter) -> Visit:
    visit = arrives(counter)
    await ask_standing(counter.desk, MARA.id, MARAS_CARD.number, visit.id)
    return visit


async def held(counter: Counter, visit: Visit) -> Hold:
    outcome = await set_aside(counter.desk, MARA.id, visit.id)
    assert isinstance(outcome, Held), outcome
    return outcome.hold


def another(counter: Counter, number: int = 1) -> Visit:
    """Return a second visit of the same patient on the same day: at another counter, some day."""
    visit = replace(expected(MARA, number), state=VisitState.WAITING, arrived_at=counter.clock.now())
    counter.put(VisitBooked(visit))
    return visit


def left(hold: Hold) -> dict[str, Fraction]:
    return {each.limit_id: each.left for each in hold.amounts}


# Reserving


async def test_all_that_may_still_be_bought_is_set_aside_for_the_visit(counter: Counter) -> None:
    visit = await verified(counter)
    hold = await held(counter, visit)
    assert (hold.patient_id, hold.visit_id, hold.day, hold.is_open) == (MARA.id, visit.id, TODAY, True)
    assert sorted(left(hold).values()) == [Fraction("2.5"), Fraction(10)]
    assert counter.ledger.holds(MARA.id, TODAY) == (hold,)
    assert (await read_standing(counter.desk, MARA.id)).hold == hold


async def test_the_same_request_gives_the_same_hold_and_puts_nothing_on_record(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    assert await held(counter, visit) == first
    assert counter.recorded("hold.placed") == 1


async def test_before_the_registry_answered_nothing_is_set_aside(counter: Counter) -> None:
    outcome = await set_aside(counter.desk, MARA.id, arrives(counter).id)
    assert outcome == NothingToHold("the registry was not asked yet")
    assert counter.recorded("hold.placed") == 0


async def test_a_lower_figure_of_the_registry_makes_the_hold_smaller_and_a_higher_one_larger(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    for day, month in (("1", "3.25"), ("2", "4"), ("0", "4")):
        counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, day, month)
        await ask_standing(counter.desk, MARA.id, MARAS_CARD.number, visit.id)
        again = await held(counter, visit)
        assert again.id == first.id
        assert sorted(left(again).values()) == sorted({Fraction(day), Fraction(month)} - {0})


async def test_a_figure_that_fell_to_nothing_sets_nothing_aside_any_more(counter: Counter) -> None:
    visit = await verified(counter)
    await held(counter, visit)
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "0", "0")
    await ask_standing(counter.desk, MARA.id, MARAS_CARD.number, visit.id)
    assert await set_aside(counter.desk, MARA.id, visit.id) == NothingToHold("nothing is left")
    (hold,) = counter.ledger.holds(MARA.id, TODAY)
    assert not hold.has_left


async def test_a_hold_stays_as_it_is_when_nothing_fresh_is_known(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    counter.clock.advance(FRESH_FOR + timedelta(seconds=1))
    assert await held(counter, visit) == first
    assert counter.recorded("hold.placed") == 1


async def test_an_expected_patient_can_be_set_aside_for_before_they_come(counter: Counter) -> None:
    visit = counter.book(expected(MARA, 1))
    await counter.ask()
    assert (await held(counter, visit)).visit_id == visit.id


@pytest.mark.parametrize("over", [VisitState.DONE, VisitState.LEFT])
async def test_nothing_is_set_aside_for_a_visit_that_is_over(counter: Counter, over: VisitState) -> None:
    visit = await verified(counter)
    move_visit(counter.ledger, visit.id, over, act=counter.act())
    assert await set_aside(counter.desk, MARA.id, visit.id) == NothingToHold("the visit is over")


async def test_nothing_is_set_aside_for_a_visit_of_another_day(counter: Counter) -> None:
    visit = await verified(counter)
    counter.clock.advance(timedelta(days=1))
    await counter.ask()
    assert await set_aside(counter.desk, MARA.id, visit.id) == NothingToHold("the visit is one of 2026-03-12")


async def test_a_visit_of_somebody_else_or_of_nobody_is_a_fault(counter: Counter) -> None:
    visit = arrives(counter)
    with pytest.raises(NoSuchRecord):
        await set_aside(counter.desk, CHIDI.id, visit.id)
    with pytest.raises(NoSuchRecord):
        await set_aside(counter.desk, MARA.id, UUID(int=0xDEAD))
    with pytest.raises(NoSuchRecord):
        close(counter.ledger, UUID(int=0xDEAD), act=counter.act())


async def test_bounds_on_one_sale_or_one_item_are_there_for_every_visit_and_set_nothing_aside(
    counter: Counter,
) -> None:
    michigan = counter.desk.rules
    first, second = michigan.limits
    bounds = (
        replace(first, id="sale", window=Transaction()),
        replace(first, id="home", window=Possession()),
        replace(second, id="item", is_per_item=True),
    )
    counter.desk.rules_on = lambda on, order_began=None: replace(michigan, limits=bounds)
    visit = await verified(counter)
    assert await set_aside(counter.desk, MARA.id, visit.id) == NothingToHold("no limit here adds up over the visits")


# Other visits


async def test_what_is_set_aside_for_one_visit_is_not_there_for_another(counter: Counter) -> None:
    first = await verified(counter)
    await held(counter, first)
    second = another(counter)
    outcome = await set_aside(counter.desk, MARA.id, second.id)
    assert outcome == HeldElsewhere(counter.ledger.holds(MARA.id, TODAY))
    assert counter.recorded("hold.placed") == 1


async def test_two_visits_share_what_the_first_left_over(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "1", "1")
    first = await verified(counter)
    await held(counter, first)
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "1.75", "5")
    await counter.ask()
    second = another(counter)
    assert sorted(left(await held(counter, second)).values()) == [Fraction("0.75"), Fraction(4)]


async def test_what_is_set_aside_elsewhere_is_not_sold_here(counter: Counter) -> None:
    first = await verified(counter)
    await held(counter, first)
    counter.clock.advance(timedelta(minutes=1))
    early = replace(another(counter), arrived_at=counter.clock.now() - timedelta(hours=1))
    counter.put(VisitBooked(early))
    counter.ledger.visits = {early.id: early, first.id: replace(first, state=VisitState.EXPECTED)}
    assert isinstance(await judge_now(counter.desk, MARA.id, (grams("0.01"),)), OverLimit)
    outcome = await hand_over(counter.desk, MARA.id, (grams("0.01"),), counter.desk.act())
    assert isinstance(outcome, OverLimit)
    move_visit(counter.ledger, first.id, VisitState.LEFT, act=counter.act())
    assert isinstance(await judge_now(counter.desk, MARA.id, (grams("0.01"),)), Fits)


# Dispensing


async def test_a_dispensing_draws_on_the_hold_of_its_visit_in_the_same_entry(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    outcome = await hand_over(counter.desk, MARA.id, (grams("14"),), counter.desk.act())
    assert isinstance(outcome, Recorded)
    (hold,) = counter.ledger.holds(MARA.id, TODAY)
    used = Fraction(14_000) / OUNCE
    assert [each.used for each in hold.amounts] == [used, used]
    assert [each.amount for each in hold.amounts] == [each.amount for each in first.amounts]
    assert await held(counter, visit) == hold
    assert counter.recorded("hold.placed") == 1


async def test_all_that_is_set_aside_may_be_bought_and_not_a_step_more(counter: Counter) -> None:
    visit = await verified(counter)
    await held(counter, visit)
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("70.88"),), counter.desk.act()), OverLimit)
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("70.87"),), counter.desk.act()), Recorded)
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("0.01"),), counter.desk.act()), OverLimit)
    (hold,) = counter.ledger.holds(MARA.id, TODAY)
    assert all(each.used <= each.amount for each in hold.amounts)


async def test_more_than_is_set_aside_may_be_bought_where_it_is_free_and_empties_the_hold(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "0.5", "0.5")
    visit = await verified(counter)
    await held(counter, visit)
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD)
    await counter.ask()
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("28"),), counter.desk.act()), Recorded)
    (hold,) = counter.ledger.holds(MARA.id, TODAY)
    assert [each.used for each in hold.amounts] == [Fraction("0.5")] * 2
    assert not hold.has_left


async def test_a_dispensing_without_a_hold_draws_on_none(counter: Counter) -> None:
    await verified(counter)
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("1"),), counter.desk.act()), Recorded)
    assert counter.ledger.holds(MARA.id, TODAY) == ()


async def test_a_refused_basket_draws_on_nothing(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("200"),), counter.desk.act()), OverLimit)
    assert counter.ledger.holds(MARA.id, TODAY) == (first,)


# Giving back


@pytest.mark.parametrize("over", [VisitState.DONE, VisitState.LEFT])
async def test_a_visit_that_ends_gives_back_what_is_left_in_the_same_act(counter: Counter, over: VisitState) -> None:
    visit = await verified(counter)
    await held(counter, visit)
    acts = len(counter.ledger.acts)
    move_visit(counter.ledger, visit.id, over, act=counter.act())
    assert len(counter.ledger.acts) == acts + 1
    (hold,) = counter.ledger.holds(MARA.id, TODAY)
    assert not hold.is_open
    assert sorted(left(await held(counter, another(counter))).values()) == [Fraction("2.5"), Fraction(10)]


async def test_a_parked_visit_keeps_what_is_set_aside_for_it(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    move_visit(counter.ledger, visit.id, VisitState.PARKED, act=counter.act())
    assert await held(counter, visit) == first


async def test_what_is_set_aside_can_be_given_back_before_the_visit_ends_and_asked_for_again(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    await hand_over(counter.desk, MARA.id, (grams("14"),), counter.desk.act())
    outcome = close(counter.ledger, visit.id, act=counter.act())
    assert isinstance(outcome, GivenBack)
    assert not outcome.hold.is_open
    nothing = NothingToHold("nothing is set aside for the visit")
    assert close(counter.ledger, visit.id, act=counter.act()) == nothing
    assert counter.recorded("hold.closed") == 1
    assert (await read_standing(counter.desk, MARA.id)).hold is None
    again = await held(counter, visit)
    assert again.id == first.id
    assert again.amounts == outcome.hold.amounts


async def test_what_was_given_back_is_not_set_aside_again_while_nothing_fresh_is_known(counter: Counter) -> None:
    visit = await verified(counter)
    await held(counter, visit)
    close(counter.ledger, visit.id, act=counter.act())
    counter.clock.advance(FRESH_FOR + timedelta(minutes=1))
    outcome = await set_aside(counter.desk, MARA.id, visit.id)
    assert outcome == NothingToHold("the registry's answer is 16 min old, too old")
    assert counter.recorded("hold.placed") == 1


async def test_of_a_limit_of_which_nothing_is_known_now_as_much_stays_set_aside(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    silent = replace(says(MARAS_CARD), windows=says(MARAS_CARD, "1").windows[:1])
    counter.state.standings[MARAS_CARD.number] = silent
    await ask_standing(counter.desk, MARA.id, MARAS_CARD.number, visit.id)
    before, after = left(first), left(await held(counter, visit))
    day, month = (each.id for each in counter.desk.rules.limits)
    assert (before[day], after[day]) == (Fraction("2.5"), Fraction(1))
    assert before[month] == after[month] == Fraction(10)


async def test_a_hold_expires_with_the_business_day(counter: Counter) -> None:
    visit = await verified(counter)
    first = await held(counter, visit)
    counter.clock.advance(timedelta(days=1))
    known = await read_standing(counter.desk, MARA.id)
    assert known.hold is None
    assert all(each.held == 0 for each in known.standing.limits)
    assert first.is_live(TODAY)
    assert not first.is_live(TODAY + timedelta(days=1))
    assert set_aside_elsewhere([first], None, TODAY + timedelta(days=1)) == {}


def test_what_is_set_aside_elsewhere_adds_up_without_the_own_the_closed_and_what_was_drawn() -> None:
    def hold(visit: int, *, is_open: bool = True) -> Hold:
        amounts = (HeldAmount("day", Fraction(2), Fraction(1, 3)),)
        return Hold(UUID(int=visit), MARA.id, UUID(int=visit), TODAY, amounts, is_open=is_open)

    holds = [hold(1), hold(2), hold(3), hold(4, is_open=False)]
    assert set_aside_elsewhere(holds, UUID(int=1), TODAY) == {"day": 2 * Fraction(5, 3)}
    assert set_aside_elsewhere(holds, None, TODAY) == {"day": 3 * Fraction(5, 3)}


async def test_of_a_limit_that_binds_no_longer_only_what_was_drawn_is_kept(counter: Counter) -> None:
    visit = await verified(counter)
    await held(counter, visit)
    michigan = counter.desk.rules
    counter.desk.rules_on = lambda on, order_began=None: replace(michigan, limits=michigan.limits[:1], fingerprint="")
    hold = await held(counter, visit)
    assert [each.limit_id for each in hold.amounts] == [michigan.limits[0].id]
    assert [entry.hold.id for entry, _ in counter.ledger.acts.values() if isinstance(entry, HoldPlaced)] == [
        hold.id
    ] * 2
