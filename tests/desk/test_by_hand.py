"""A state system that a person works: what is read there counts, and what was dispensed waits until it is entered."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from pcc_desk.adapters.state.manual import Manual
from pcc_desk.desk.absent import NoStateSystem
from pcc_desk.desk.amending import PutRight, void
from pcc_desk.desk.by_hand import (
    NothingToSee,
    NotToEnter,
    Seen,
    is_by_hand,
    last_page,
    leave_to_people,
    nothing_sends,
    save_reading,
    to_enter,
)
from pcc_desk.desk.dispensing import Recorded, hand_over
from pcc_desk.desk.holds import Held, ask_and_set_aside, size_anew
from pcc_desk.desk.links import LinkState
from pcc_desk.desk.outbox import post_due
from pcc_desk.desk.outbox_acts import enter_by_hand
from pcc_desk.desk.postman import make_round
from pcc_desk.desk.reconcile import compare_day
from pcc_desk.desk.standing import read_standing
from pcc_desk.desk.stock import read_stock
from pcc_desk.desk.verifying import ToBeRead, ask_or_read
from pcc_desk.domain.allotment import CannotTell
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import OverLimit
from pcc_desk.domain.dispensing import Posting, PostingState
from pcc_desk.domain.entries import PostingMoved
from pcc_desk.domain.registry import CardNotFound, Reading, RegistryStanding, Verification
from pcc_desk.domain.rules import OutagePolicy
from pcc_desk.domain.typed_readings import CardSays
from pcc_desk.domain.verification import NotVerified, Verified
from pcc_desk.domain.visits import VisitState
from tests.desk.counter import ANA, BEN, FRESH_FOR, MARA, MARAS_CARD, OPENING, TODAY, Counter, expected, grams

DAY_ID, MONTH_ID = "mi-day", "mi-30d"
ACTIVE = Seen("OARRS", CardSays.ACTIVE)


@pytest.fixture
def counter(counter: Counter) -> Counter:
    """Return the counter of a shop whose state system people read."""
    counter.desk.state = Manual("OARRS")
    return counter


def left(limit_id: str, figure: str) -> tuple[str, Decimal]:
    return limit_id, Decimal(figure)


async def read(counter: Counter, seen: Seen = ACTIVE) -> Verification:
    outcome = await save_reading(counter.desk, MARA.id, MARAS_CARD.number, seen, since=counter.clock.now())
    assert isinstance(outcome, Verification), outcome
    return outcome


# Asking


async def test_nobody_is_asked_by_program_and_nothing_is_kept_until_a_person_has_read(counter: Counter) -> None:
    assert await ask_or_read(counter.desk, MARA.id, MARAS_CARD.number) == ToBeRead("a person reads it in OARRS")
    assert await ask_and_set_aside(counter.desk, MARA.id, MARAS_CARD.number) == ToBeRead("a person reads it in OARRS")
    assert counter.recorded("standing.asked") == 0
    known = await read_standing(counter.desk, MARA.id)
    assert isinstance(known.proof, NotVerified)
    assert all(isinstance(each.left, CannotTell) for each in known.standing.limits)


async def test_a_shop_without_any_state_system_is_to_read_as_well(counter: Counter) -> None:
    counter.desk.state = NoStateSystem()
    assert isinstance(await ask_or_read(counter.desk, MARA.id, MARAS_CARD.number), ToBeRead)
    await read(counter, replace(ACTIVE, by_limit=(left(DAY_ID, "1"), left(MONTH_ID, "4"))))
    known = await read_standing(counter.desk, MARA.id)
    assert isinstance(known.proof, Verified)
    assert [each.left for each in known.standing.limits] == [1, 4]


async def test_where_the_rules_rest_on_no_registry_nobody_has_to_read(counter: Counter) -> None:
    rules = counter.desk.rules
    free = replace(rules, outage=replace(rules.outage, policy=OutagePolicy.NOT_REGISTRY_BOUND))
    counter.desk.rules_on = lambda on, order_began=None: free
    assert isinstance(await ask_or_read(counter.desk, MARA.id, MARAS_CARD.number), Verification)
    known = await read_standing(counter.desk, MARA.id)
    assert isinstance(known.proof, Verified)
    assert [each.left for each in known.standing.limits] == [Fraction(5, 2), 10]


async def test_a_system_that_answers_is_asked_as_ever(counter: Counter) -> None:
    counter.desk.state = counter.state
    assert isinstance(await ask_or_read(counter.desk, MARA.id, MARAS_CARD.number), Verification)
    counter.state.is_down = True
    assert isinstance(await ask_or_read(counter.desk, MARA.id, MARAS_CARD.number), Verification)


# What is read


async def test_what_was_read_is_on_record_with_who_when_and_where(counter: Counter) -> None:
    since = counter.clock.now()
    counter.clock.advance(timedelta(minutes=2))
    seen = Seen("OARRS", CardSays.ACTIVE, date(2027, 6, 30), (left(DAY_ID, "1.50"),), Decimal(40))
    outcome = await save_reading(counter.desk, MARA.id, MARAS_CARD.number, seen, since=since)
    assert isinstance(outcome, Verification)
    assert counter.ledger.last_verification(MARA.id) == outcome
    assert (outcome.asked_at, outcome.system, outcome.read) == (since, "OARRS", Reading("Ana Ruiz", "OARRS"))
    assert outcome.answer == RegistryStanding(
        MARAS_CARD.number, True, (), date(2027, 6, 30), Decimal(40), (left(DAY_ID, "1.50"),)
    )
    _, act = counter.ledger.acts[outcome.id]
    assert (act.by, act.at) == (ANA.id, since + timedelta(minutes=2))


async def test_a_figure_that_the_page_does_not_show_cannot_be_told_and_is_not_zero(counter: Counter) -> None:
    await read(counter, replace(ACTIVE, by_limit=(left(DAY_ID, "0"),)))
    day, month = (await read_standing(counter.desk, MARA.id)).standing.limits
    assert day.left == 0
    assert isinstance(month.left, CannotTell)


@pytest.mark.parametrize(("figure", "counts"), [("1.5", "1.5"), ("2.5", "2.5"), ("9", "2.5"), ("-1", "0")])
async def test_the_lower_of_what_was_read_and_our_own_sum_counts(counter: Counter, figure: str, counts: str) -> None:
    await read(counter, replace(ACTIVE, by_limit=(left(DAY_ID, figure), left(MONTH_ID, "10"))))
    day, _ = (await read_standing(counter.desk, MARA.id)).standing.limits
    assert day.left == Fraction(counts)


async def test_what_is_dispensed_after_somebody_began_to_read_is_taken_off(counter: Counter) -> None:
    limits = (left(DAY_ID, "2"), left(MONTH_ID, "2"))
    await read(counter, replace(ACTIVE, by_limit=limits))
    outcome = await hand_over(counter.desk, MARA.id, (grams("28.34"),), counter.desk.act())
    assert isinstance(outcome, Recorded)
    day, _ = (await read_standing(counter.desk, MARA.id)).standing.limits
    assert isinstance(day.left, Fraction)
    assert Fraction(1) < day.left < Fraction("1.01")
    too_much = await hand_over(counter.desk, MARA.id, (grams("28.7"),), counter.desk.act())
    assert isinstance(too_much, OverLimit)


async def test_a_reading_is_fresh_from_when_somebody_began(counter: Counter) -> None:
    await read(counter)
    counter.clock.advance(FRESH_FOR)
    assert isinstance((await read_standing(counter.desk, MARA.id)).proof, Verified)
    counter.clock.advance(timedelta(seconds=1))
    assert isinstance((await read_standing(counter.desk, MARA.id)).proof, NotVerified)


@pytest.mark.parametrize("says", [CardSays.NOT_ACTIVE, CardSays.NO_SUCH_CARD])
async def test_a_card_that_is_not_good_by_the_page_buys_nothing(counter: Counter, says: CardSays) -> None:
    outcome = await read(counter, Seen("OARRS", says))
    assert isinstance(outcome.answer, RegistryStanding | CardNotFound)
    refused = await hand_over(counter.desk, MARA.id, (grams("1"),), counter.desk.act())
    assert isinstance(refused, NotVerified)


@pytest.mark.parametrize("says", [CardSays.NO_SUCH_CARD, CardSays.PAGE_DOWN])
async def test_figures_of_a_card_that_is_not_shown_are_refused(counter: Counter, says: CardSays) -> None:
    for seen in (
        Seen("OARRS", says, by_limit=(left(DAY_ID, "1"),)),
        Seen("OARRS", says, grams=Decimal(0)),
        Seen("OARRS", says, expires=date(2027, 6, 30)),
    ):
        outcome = await save_reading(counter.desk, MARA.id, MARAS_CARD.number, seen, since=OPENING)
        assert outcome == NothingToSee(says)
    assert counter.recorded("standing.asked") == 0


async def test_a_page_that_is_down_is_an_outage_until_a_person_finds_it_up(counter: Counter) -> None:
    await make_round(counter.desk)
    await read(counter, Seen("OARRS", CardSays.PAGE_DOWN))
    await make_round(counter.desk)
    link = counter.desk.links.of("OARRS")
    assert (link.state, link.reason) == (LinkState.DOWN, "OARRS was down when Ana Ruiz looked")
    proof = (await read_standing(counter.desk, MARA.id)).proof
    assert isinstance(proof, NotVerified)  # Michigan wants a notice first
    assert "out of reach" in proof.reason
    counter.clock.advance(timedelta(minutes=30))
    await read(counter)
    assert counter.desk.links.of("OARRS").state is LinkState.BY_HAND
    assert counter.desk.links.of("OARRS").last_good == OPENING + timedelta(minutes=30)
    assert (counter.recorded("outage.began"), counter.recorded("outage.ended")) == (1, 1)


async def test_what_was_read_in_place_of_a_system_that_answers_says_nothing_of_its_link(counter: Counter) -> None:
    counter.desk.state = counter.state
    counter.state.is_down = True
    await ask_or_read(counter.desk, MARA.id, MARAS_CARD.number)
    before = counter.desk.links.of("METRC")
    await read(counter, replace(ACTIVE, page="the agency's hotline", by_limit=(left(DAY_ID, "1"),)))
    assert counter.desk.links.of("METRC").state is before.state
    day, _ = (await read_standing(counter.desk, MARA.id)).standing.limits
    assert day.left == 1


async def test_the_page_of_last_time_is_remembered(counter: Counter) -> None:
    assert last_page(counter.ledger) == ""
    await read(counter, replace(ACTIVE, page="State portal"))
    assert last_page(counter.ledger) == "State portal"


async def test_it_is_known_that_a_person_works_it(counter: Counter) -> None:
    assert await is_by_hand(counter.desk)
    assert not nothing_sends(counter.desk)
    await make_round(counter.desk)
    assert counter.desk.links.of("OARRS").state is LinkState.BY_HAND
    assert nothing_sends(counter.desk)
    counter.desk.state = counter.state
    assert not await is_by_hand(counter.desk)


async def test_a_call_that_is_not_offered_leaves_the_system_as_it_is(counter: Counter) -> None:
    await make_round(counter.desk)
    assert await read_stock(counter.desk) is not None
    await compare_day(counter.desk, TODAY)
    assert counter.desk.links.of("OARRS").state is LinkState.BY_HAND
    up = counter.desk.links.heard("METRC", "Birchwood", OPENING)
    counter.desk.links.heard("METRC", Unanswered(Silence.ABSENT, "METRC offers no look-up of patients"), OPENING)
    assert (up, counter.desk.links.of("METRC").state) == (False, LinkState.UP)


# A whole visit


async def test_a_visit_with_a_state_system_that_a_person_works(counter: Counter) -> None:
    visit = counter.book(replace(expected(MARA, 1), state=VisitState.WAITING, arrived_at=OPENING))
    await make_round(counter.desk)
    await read(counter, replace(ACTIVE, by_limit=(left(DAY_ID, "1"), left(MONTH_ID, "6"))))
    held = await size_anew(counter.desk, MARA.id, visit)
    assert isinstance(held, Held)
    given = await hand_over(counter.desk, MARA.id, (grams("3.5"),), counter.desk.act())
    assert isinstance(given, Recorded)
    await make_round(counter.desk)
    (waiting,) = to_enter(counter.ledger, MARA.id, act=counter.act())
    assert waiting.dispensation == given.dispensation
    assert waiting.posting.state is PostingState.PARKED
    assert waiting.posting.why == "enter it in OARRS, then type its number"
    await make_round(counter.desk)
    moves = counter.recorded("posting.moved")
    counter.clock.advance(timedelta(minutes=3))
    counter.desk = replace(counter.desk, person=BEN)
    entered = await counter.desk.store.write(
        enter_by_hand, given.dispensation.id, "  S-2026-00417 ", act=counter.desk.act()
    )
    assert isinstance(entered, Posting)
    assert (entered.state, entered.receipt) == (PostingState.ACCEPTED, "S-2026-00417")
    assert (entered.entered_by, entered.why) == (BEN.id, "entered by hand")
    assert counter.ledger.posting(given.dispensation.id) == entered
    assert counter.recorded("posting.moved") == moves + 1
    assert to_enter(counter.ledger, MARA.id, act=counter.act()) == ()
    assert counter.state.taken == []
    assert counter.ledger.accepted_since(OPENING)[0].receipt == "S-2026-00417"


# What was dispensed


async def test_what_waits_already_or_is_settled_is_left_alone(counter: Counter) -> None:
    counter.desk.state = counter.state
    given = await counter.give(grams("1"))
    await post_due(counter.desk)
    settled = leave_to_people(counter.ledger, given.id, "OARRS", act=counter.desk.act_by_itself())
    assert isinstance(settled, NotToEnter)
    assert to_enter(counter.ledger, MARA.id, act=counter.act()) == ()


async def test_what_was_struck_before_anybody_entered_it_need_not_be_entered(counter: Counter) -> None:
    figures = (left(DAY_ID, "1"), left(MONTH_ID, "6"))
    await read(counter, replace(ACTIVE, by_limit=figures))
    given = await hand_over(counter.desk, MARA.id, (grams("1"),), counter.desk.act())
    assert isinstance(given, Recorded)
    await make_round(counter.desk)
    voided = await void(counter.desk, given.dispensation.id, "rung up twice", counter.act())
    assert isinstance(voided, PutRight), voided
    await make_round(counter.desk)
    await make_round(counter.desk)
    assert to_enter(counter.ledger, MARA.id, act=counter.act()) == ()


async def test_what_may_have_arrived_before_a_person_took_over_is_looked_for_first(counter: Counter) -> None:
    counter.desk.state = counter.state
    given = await counter.give(grams("1"))
    counter.put(PostingMoved(given.id, MARA.id, PostingState.IN_DOUBT, 1, 0, OPENING, "", "METRC did not answer"))
    counter.desk.state = Manual("OARRS")
    await make_round(counter.desk)
    (waiting,) = to_enter(counter.ledger, MARA.id, act=counter.act())
    assert waiting.posting.state is PostingState.PARKED
    assert waiting.posting.why.startswith(f"it may be there already, look for {given.external_number} first")
