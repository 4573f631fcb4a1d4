"""Handing over: judged and recorded in one transaction, refused by name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from pcc_desk.desk.absent import NoStateSystem
from pcc_desk.desk.check_in import CheckedIn, check_in
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.dispensing import (
    BasketLine,
    EmptyBasket,
    NotForSale,
    Recorded,
    Refusal,
    hand_over,
    judge_now,
)
from pcc_desk.desk.errors import AlreadyRecorded, NoSuchRecord
from pcc_desk.desk.stock import packages
from pcc_desk.desk.who_buys import CardLapsed
from pcc_desk.domain.answers import CannotTell, Silence, Unanswered
from pcc_desk.domain.basket import Fits, OverLimit
from pcc_desk.domain.dispensing import PostingState
from pcc_desk.domain.entries import PatientRegistered, StandingAsked, StockRead
from pcc_desk.domain.people_entries import CardNoted
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, Verification
from pcc_desk.domain.rules import CardEnds, OutageRule
from pcc_desk.domain.verification import NotVerified
from pcc_desk.domain.visits import Reason
from pcc_desk.rulebook import rules_for
from tests.desk.counter import (
    CHIDIS_CARD,
    DREAM,
    EVA,
    EVAS_CARD,
    FRESH_FOR,
    HELD,
    LAST_GRAMS,
    MARA,
    MARAS_CARD,
    OLGA,
    OLGAS_CARD,
    STOCK,
    TODAY,
    TOMAS_CARD,
    WAX,
    Counter,
    grams,
    pieces,
    says,
)
from tests.fakes_outside import FakePractice


async def give(
    counter: Counter, *lines: BasketLine, to: UUID = MARA.id, desk: Desk | None = None
) -> Recorded | Refusal:
    desk = desk or counter.desk
    return await hand_over(desk, to, lines, desk.act())


def handed_over(counter: Counter) -> int:
    return counter.recorded("dispensation.recorded")


# -- what is recorded


async def test_what_is_handed_over_is_on_record_with_everything_it_rests_on(counter: Counter) -> None:
    came = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(came, CheckedIn)
    await counter.ask()
    act = counter.desk.act()
    outcome = await hand_over(counter.desk, MARA.id, (grams("3.5", 5200), pieces(2, 3998)), act)
    assert isinstance(outcome, Recorded)
    given = outcome.dispensation
    assert counter.ledger.dispensation(act.id) == given
    assert (given.patient_id, given.visit_id, given.at, given.by) == (MARA.id, came.visit.id, act.at, act.by)
    assert (given.card_number, given.caregiver_card, given.outage) == (MARAS_CARD.number, "", "")
    assert given.total_cents == 9198
    first, second = given.lines
    assert (first.label, first.product, first.category, first.measures.net_mg) == (
        DREAM.label,
        "Blue Dream",
        "flower",
        3500,
    )
    assert (second.quantity, second.measures.net_mg) == (Quantity(2000, Unit.EACH), 90_000)
    assert outcome.fits.limit is not None
    assert outcome.fits.limit.id == "mi-day"
    assert outcome.fits.left == Fraction("2.5") - Fraction(3_500 * 16 + 90_000) / (16 * Fraction("28349.5"))


async def test_the_state_will_be_told_and_the_postman_is_rung(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    posting = counter.posting(given)
    assert (posting.state, posting.attempts, posting.external_number) == (
        PostingState.WAITING,
        0,
        given.external_number,
    )
    assert counter.desk.bell.is_set()
    assert counter.state.taken == []


async def test_our_own_number_names_the_day_of_the_shop_and_is_never_used_twice(counter: Counter) -> None:
    counter.clock.at = datetime(2026, 3, 13, 3, 0, tzinfo=UTC)  # eleven at night in Detroit
    numbers = {(await counter.give(grams("1"))).external_number for _ in range(5)}
    assert len(numbers) == 5
    assert all(each.startswith("PCC-20260312-") for each in numbers)


async def test_a_refusal_records_nothing_and_rings_nobody(counter: Counter) -> None:
    await counter.ask()
    assert isinstance(await give(counter, grams("71")), OverLimit)
    assert handed_over(counter) == 0
    assert not counter.desk.bell.is_set()


async def test_the_same_act_tried_twice_is_on_record_once(counter: Counter) -> None:
    await counter.ask()
    act = counter.desk.act()
    await hand_over(counter.desk, MARA.id, (grams("3.5"),), act)
    with pytest.raises(AlreadyRecorded):
        await hand_over(counter.desk, MARA.id, (grams("3.5"),), act)
    assert handed_over(counter) == 1


async def test_in_the_practice_shop_the_till_rings_it_up_once(counter: Counter) -> None:
    counter.desk.practice = FakePractice(counter.state, counter.pos)
    given = await counter.give(grams("3.5"))
    (sale,) = counter.pos.rung_up
    assert sale.external_number == given.external_number
    await give(counter, grams("200"))
    assert len(counter.pos.rung_up) == 1


async def test_a_till_that_is_gone_takes_nothing_back_and_is_told(counter: Counter) -> None:
    practice = FakePractice(counter.state, counter.pos)
    practice.gone = Unanswered(Silence.DOWN, "the till is gone")
    counter.desk.practice = practice
    await counter.ask()
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, Recorded)
    assert outcome.remark == "The till did not ring it up: the till is gone."
    assert handed_over(counter) == 1


# -- the verification comes first


async def test_nothing_goes_out_before_the_registry_was_asked(counter: Counter) -> None:
    outcome = await give(counter, grams("3.5"))
    assert outcome == NotVerified("The registry was not asked for this patient. Press r to ask.")
    assert handed_over(counter) == 0


async def test_nothing_goes_out_on_an_answer_that_is_too_old(counter: Counter) -> None:
    await counter.ask()
    counter.clock.advance(FRESH_FOR)
    assert isinstance(await give(counter, grams("3.5")), Recorded)
    counter.clock.advance(timedelta(seconds=1))
    assert isinstance(await give(counter, grams("3.5")), NotVerified)


async def test_another_patients_answer_carries_nothing(counter: Counter) -> None:
    await counter.ask(CHIDIS_CARD)
    assert isinstance(await give(counter, grams("3.5")), NotVerified)


async def test_an_answer_for_a_card_that_is_not_the_patients_carries_nothing(counter: Counter) -> None:
    act = counter.act()
    asked = Verification(act.id, MARA.id, CHIDIS_CARD.number, act.at, "METRC", says(CHIDIS_CARD))
    counter.ledger.record(StandingAsked(asked), act)
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, NotVerified)
    assert CHIDIS_CARD.number in outcome.reason


async def test_a_card_the_registry_does_not_know_buys_nothing(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = CardNotFound(MARAS_CARD.number)
    await counter.ask()
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, NotVerified)
    assert outcome.reason.startswith("The registry knows no card")


async def test_a_card_that_is_not_active_buys_nothing(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = replace(says(MARAS_CARD), active=False)
    await counter.ask()
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, NotVerified)
    assert "is not active" in outcome.reason


async def test_a_card_that_lapsed_by_our_record_buys_nothing(counter: Counter) -> None:
    await counter.ask(OLGAS_CARD)
    outcome = await give(counter, grams("3.5"), to=OLGA.id)
    assert outcome == CardLapsed(OLGAS_CARD.number, OLGAS_CARD.expires_on)


async def test_a_card_that_lapsed_by_our_record_buys_nothing_in_an_outage_either(counter: Counter) -> None:
    await counter.lose_the_registry(OLGAS_CARD)
    assert isinstance(await give(counter, grams("3.5"), to=OLGA.id), CardLapsed)


@pytest.mark.parametrize(("expires", "sold"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
async def test_a_card_that_lapsed_by_the_registry_buys_nothing(counter: Counter, expires: date, sold: bool) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, expires=expires)
    await counter.ask()
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, Recorded) is sold
    if not sold:
        assert outcome == CardLapsed(MARAS_CARD.number, expires)


def ending_at_the_start(counter: Counter) -> None:
    """Let a card end when its last day begins, as some laws have it."""

    def rules_on(on: date, order_began: date | None = None) -> object:
        return replace(rules_for("MI", on, order_began=order_began), card_ends=CardEnds.START_OF_DAY)

    counter.desk.rules_on = rules_on  # type: ignore[assignment]


@pytest.mark.parametrize(("left", "sold"), [(1, True), (0, False)])
async def test_a_card_that_ends_when_its_last_day_begins_buys_nothing_on_that_day(
    counter: Counter, left: int, sold: bool
) -> None:
    ending_at_the_start(counter)
    ends = replace(MARAS_CARD, expires_on=TODAY + timedelta(days=left))
    counter.ledger.all_cards[counter.ledger.all_cards.index(MARAS_CARD)] = ends
    await counter.ask()
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, Recorded) if sold else outcome == CardLapsed(MARAS_CARD.number, TODAY)


async def test_a_card_that_was_replaced_since_the_registry_was_asked_buys_nothing(counter: Counter) -> None:
    await counter.ask()
    counter.put(CardNoted(MARA.id, replace(MARAS_CARD, number="MI-P-0032-2222"), MARAS_CARD.number))
    refused = await give(counter, grams("3.5"))
    assert isinstance(refused, NotVerified)
    assert "was replaced by MI-P-0032-2222" in refused.reason


# -- the outage


async def test_in_an_outage_michigan_sells_on_and_the_record_says_why(counter: Counter) -> None:
    await counter.lose_the_registry()
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, Recorded)
    assert outcome.dispensation.outage == "METRC cannot be reached"


async def test_in_an_outage_our_own_limits_hold_to_the_last_step_of_the_scale(counter: Counter) -> None:
    await counter.lose_the_registry()
    assert isinstance(await give(counter, grams("70.88")), OverLimit)
    assert isinstance(await give(counter, grams("70.87")), Recorded)
    assert isinstance(await give(counter, grams("0.01")), OverLimit)


async def test_where_the_law_stops_sales_in_an_outage_nothing_goes_out(counter: Counter) -> None:
    michigan = counter.desk.rules
    strict = replace(michigan, outage=OutageRule(sales_allowed=False, why="no sale without the registry"))
    counter.desk.rules_on = lambda on, order_began=None: strict
    await counter.lose_the_registry()
    assert isinstance(await give(counter, grams("3.5")), NotVerified)


async def test_an_outage_that_is_over_carries_nothing_until_the_registry_is_asked_again(counter: Counter) -> None:
    await counter.lose_the_registry()
    counter.state.heal()
    await counter.ask(CHIDIS_CARD)
    outcome = await give(counter, grams("3.5"))
    assert isinstance(outcome, NotVerified)
    assert "is back now" in outcome.reason
    await counter.ask()
    assert isinstance(await give(counter, grams("3.5")), Recorded)


# -- the allotment


async def test_one_step_of_the_scale_over_is_refused_and_the_largest_that_fits_is_told(counter: Counter) -> None:
    await counter.ask()
    outcome = await give(counter, grams("70.88"))
    assert isinstance(outcome, OverLimit)
    assert outcome.largest == (Quantity(70_870, Unit.GRAMS),)
    assert isinstance(await give(counter, BasketLine(DREAM.label, outcome.largest[0], 5200)), Recorded)


async def test_the_registrys_lower_figure_is_never_passed(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "0.5", "10")
    await counter.ask()
    assert isinstance(await give(counter, grams("14.18")), OverLimit)
    assert isinstance(await give(counter, grams("14.17")), Recorded)


async def test_a_second_basket_in_the_same_minute_sees_the_first(counter: Counter) -> None:
    await counter.ask()
    assert isinstance(await give(counter, grams("42")), Recorded)
    refused = await give(counter, grams("28.88"))
    assert isinstance(refused, OverLimit)
    assert refused.largest == (Quantity(28_870, Unit.GRAMS),)
    assert isinstance(await give(counter, grams("28.87")), Recorded)
    assert isinstance(await give(counter, grams("0.01")), OverLimit)


async def test_nothing_is_handed_to_a_minor_who_came_alone(counter: Counter) -> None:
    await counter.ask(EVAS_CARD)
    refused = await give(counter, grams("1"), to=EVA.id)
    assert isinstance(refused, NotVerified)
    assert refused.reason.startswith("The patient is 13: below 18 through a caregiver or guardian only.")
    await counter.ask(TOMAS_CARD)
    assert isinstance(await give(counter, grams("1"), to=EVA.id), Recorded)


async def test_a_purchase_through_the_caregiver_counts_for_the_patient(counter: Counter) -> None:
    await counter.ask(TOMAS_CARD)
    assert isinstance(await give(counter, grams("42"), to=EVA.id), Recorded)
    assert isinstance(await give(counter, grams("28.88"), to=EVA.id), OverLimit)
    outcome = await give(counter, grams("28.87"), to=EVA.id)
    assert isinstance(outcome, Recorded)
    assert (outcome.dispensation.card_number, outcome.dispensation.caregiver_card) == (
        EVAS_CARD.number,
        TOMAS_CARD.number,
    )


async def test_a_concentrate_is_not_sold_while_nobody_can_tell_what_it_counts(counter: Counter) -> None:
    await counter.ask()
    outcome = await give(counter, BasketLine(WAX.label, Quantity(1000, Unit.GRAMS), 4000))
    assert isinstance(outcome, CannotTell)
    assert handed_over(counter) == 0


# -- the stock


async def test_an_empty_basket_hands_nothing_over(counter: Counter) -> None:
    await counter.ask()
    assert await give(counter) == EmptyBasket()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (BasketLine("1A40-NO-SUCH-TAG", Quantity(1000, Unit.GRAMS), 0), "not in stock"),
        (BasketLine(HELD.label, Quantity(1000, Unit.GRAMS), 0), "on hold"),
        (BasketLine(DREAM.label, Quantity(1000, Unit.EACH), 0), "counted in grams"),
        (BasketLine(LAST_GRAMS.label, Quantity(5010, Unit.GRAMS), 0), "only 5 g left"),
        (BasketLine(DREAM.label, Quantity(0, Unit.GRAMS), 0), "nothing of it in the basket"),
        (BasketLine(DREAM.label, Quantity(-1000, Unit.GRAMS), 0), "nothing of it in the basket"),
    ],
)
async def test_what_is_not_for_sale_is_refused_with_the_reason(counter: Counter, line: BasketLine, why: str) -> None:
    await counter.ask()
    outcome = await give(counter, grams("1"), line)
    assert isinstance(outcome, NotForSale)
    assert (outcome.label, outcome.why) == (line.label, why)
    assert handed_over(counter) == 0


async def test_two_lines_of_one_package_share_what_it_holds(counter: Counter) -> None:
    await counter.ask()
    outcome = await give(counter, grams("3", package=LAST_GRAMS), grams("2.01", package=LAST_GRAMS))
    assert isinstance(outcome, NotForSale)
    assert outcome.why == "only 5 g left"
    assert isinstance(await give(counter, grams("3", package=LAST_GRAMS), grams("2", package=LAST_GRAMS)), Recorded)


async def test_stock_runs_out(counter: Counter) -> None:
    await counter.ask()
    assert isinstance(await give(counter, grams("5", package=LAST_GRAMS)), Recorded)
    outcome = await give(counter, grams("0.01", package=LAST_GRAMS))
    assert isinstance(outcome, NotForSale)
    assert outcome.why == "none left"
    (left,) = [each for each in packages(counter.ledger) if each.label == LAST_GRAMS.label]
    assert left.remaining == Quantity(0, Unit.GRAMS)


async def test_a_package_put_on_hold_while_the_basket_was_filled_is_not_sold(counter: Counter) -> None:
    await counter.ask()
    assert isinstance(await judge_now(counter.desk, MARA.id, (grams("1"),)), Fits)
    counter.put(StockRead((replace(DREAM, blocked="recalled"), *STOCK[1:]), "METRC"))
    outcome = await give(counter, grams("1"))
    assert isinstance(outcome, NotForSale)
    assert outcome.why == "recalled"


# -- judging while typing


async def test_judging_a_basket_tells_what_handing_it_over_would(counter: Counter) -> None:
    assert isinstance(await judge_now(counter.desk, MARA.id, (grams("1"),)), CannotTell)
    await counter.ask()
    judged = await judge_now(counter.desk, MARA.id, (grams("1"),))
    assert isinstance(judged, Fits)
    assert handed_over(counter) == 0
    outcome = await give(counter, grams("1"))
    assert isinstance(outcome, Recorded)
    assert outcome.fits == judged
    assert await judge_now(counter.desk, MARA.id, ()) == EmptyBasket()


async def test_a_patient_who_is_not_on_record_is_handed_nothing(counter: Counter) -> None:
    with pytest.raises(NoSuchRecord):
        await give(counter, grams("1"), to=UUID(int=0xDEAD))


async def test_a_basket_for_somebody_without_a_card_is_refused(counter: Counter) -> None:
    nobody = replace(MARA, id=UUID(int=0x99))
    counter.put(PatientRegistered(nobody, ()))
    assert isinstance(await give(counter, grams("1"), to=nobody.id), NotVerified)


async def test_a_shop_in_a_state_without_a_registry_dispenses_by_its_own_rules(counter: Counter) -> None:
    oklahoma = rules_for("OK", TODAY)
    counter.desk.rules_on = lambda day, order_began=None, /: oklahoma
    counter.state.standings.clear()
    counter.desk.state = NoStateSystem()
    await counter.ask()
    within = await hand_over(counter.desk, MARA.id, (grams("84.9"),), counter.desk.act())
    assert isinstance(within, Recorded)
    assert within.dispensation.outage == ""
    over = await hand_over(counter.desk, MARA.id, (grams("85"),), counter.desk.act())
    assert isinstance(over, OverLimit)
