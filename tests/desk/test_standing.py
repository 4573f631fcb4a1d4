"""What a patient may still be dispensed, and on what that rests."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest

from pcc_desk.desk.by_hand import Seen, save_reading
from pcc_desk.desk.chart import open_chart, read_chart
from pcc_desk.desk.dispensing import Recorded, hand_over
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.identity import Changed
from pcc_desk.desk.links import LinkState
from pcc_desk.desk.merging import merge
from pcc_desk.desk.standing import read_standing
from pcc_desk.desk.verifying import ask_or_read, ask_standing
from pcc_desk.domain.allotment import CannotTell
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import OverLimit
from pcc_desk.domain.entries import StandingAsked
from pcc_desk.domain.people_entries import CardNoted
from pcc_desk.domain.registry import CardNotFound, Verification
from pcc_desk.domain.typed_readings import CardSays
from pcc_desk.domain.verification import NotVerified, UnderOutage, Verified
from tests.desk.counter import CHIDI, CHIDIS_CARD, FRESH_FOR, MARA, MARAS_CARD, TODAY, Counter, grams, says

DAY = timedelta(days=1)


async def left(counter: Counter) -> list[Fraction | CannotTell]:
    known = await read_standing(counter.desk, MARA.id)
    return [each.left for each in known.standing.limits]


async def test_the_registry_is_asked_once_and_its_answer_is_kept_with_its_time(counter: Counter) -> None:
    asked_at = counter.clock.now()
    visit_id = UUID(int=5)
    verification = await ask_standing(counter.desk, MARA.id, MARAS_CARD.number, visit_id)
    assert counter.state.asked == [f"standing {MARAS_CARD.number}"]
    assert counter.ledger.last_verification(MARA.id) == verification
    assert (verification.asked_at, verification.system, verification.visit_id) == (asked_at, "METRC", visit_id)
    assert verification.answer == says(MARAS_CARD)
    assert counter.desk.links.of("METRC").last_good == counter.clock.now()


async def test_reading_a_standing_asks_nobody(counter: Counter) -> None:
    await read_standing(counter.desk, MARA.id)
    await open_chart(counter.desk, MARA.id)
    assert counter.state.asked == []


async def test_that_nobody_answered_is_kept_too(counter: Counter) -> None:
    counter.state.is_down = True
    verification = await ask_standing(counter.desk, MARA.id, MARAS_CARD.number)
    assert counter.ledger.last_verification(MARA.id) == verification
    assert isinstance(verification.answer, Unanswered)
    assert counter.desk.links.of("METRC").state is LinkState.DOWN


async def test_a_card_the_registry_does_not_know_is_an_answer_and_not_an_outage(counter: Counter) -> None:
    counter.state.standings.clear()
    await counter.ask()
    known = await read_standing(counter.desk, MARA.id)
    assert isinstance(known.proof, Verified)
    assert known.proof.verification.answer == CardNotFound(MARAS_CARD.number)
    assert all(isinstance(each.left, CannotTell) for each in known.standing.limits)
    assert counter.desk.links.of("METRC").state is LinkState.UP


async def test_before_anybody_asked_nothing_is_known(counter: Counter) -> None:
    known = await read_standing(counter.desk, MARA.id)
    assert known.verification is None
    assert isinstance(known.proof, NotVerified)
    assert await left(counter) == [CannotTell("the registry was not asked yet")] * 2


async def test_what_the_registry_said_counts_while_it_is_fresh(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "2.5", "4")
    await counter.ask()
    counter.clock.advance(FRESH_FOR)
    assert await left(counter) == [Fraction("2.5"), 4]
    counter.clock.advance(timedelta(seconds=60))
    assert await left(counter) == [CannotTell("the registry's answer is 16 min old, too old")] * 2


async def test_how_old_an_answer_is_stands_in_the_unit_that_a_person_would_say(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "2.5", "4")
    await counter.ask()
    counter.clock.advance(timedelta(days=4, hours=3))
    assert await left(counter) == [CannotTell("the registry's answer is 4 d old, too old")] * 2


async def test_an_answer_that_is_dated_in_the_future_is_not_said_to_be_old(counter: Counter) -> None:
    await counter.ask()
    counter.clock.advance(timedelta(minutes=-3))
    assert await left(counter) == [CannotTell("what the registry said is dated in the future")] * 2


async def test_after_the_clock_is_set_back_the_registry_is_asked_again_and_that_answer_counts(counter: Counter) -> None:
    counter.clock.advance(timedelta(hours=1))
    await counter.ask()
    counter.clock.advance(timedelta(hours=-1))
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "1", "1")
    await counter.ask()
    assert await left(counter) == [1, 1]
    counter.clock.advance(timedelta(hours=1, minutes=5))
    assert await left(counter) == [CannotTell("the clock was set back since the registry was asked")] * 2
    known = await read_standing(counter.desk, MARA.id)
    assert isinstance(known.proof, NotVerified)
    assert known.proof.reason == "The computer's clock was set back since the registry was asked. Press r to ask again."
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("1"),), counter.act()), NotVerified)


async def test_after_the_clock_is_set_back_no_older_answer_for_another_card_counts(counter: Counter) -> None:
    merged(counter)
    counter.clock.advance(timedelta(minutes=10))
    await counter.ask()
    counter.clock.advance(timedelta(minutes=-10))
    counter.state.standings[CHIDIS_CARD.number] = says(CHIDIS_CARD, "0.1", "0.1")
    await counter.ask()
    counter.clock.advance(timedelta(minutes=11))
    assert await left(counter) == [Fraction("0.1")] * 2
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("20"),), counter.act()), OverLimit)


async def test_an_act_that_took_a_while_is_no_sign_of_a_clock_that_was_set_back(counter: Counter) -> None:
    begun = counter.act()
    counter.clock.advance(timedelta(seconds=60))
    await counter.ask()
    counter.ledger.record(
        StandingAsked(Verification(begun.id, CHIDI.id, "X", begun.at, "METRC", says(CHIDIS_CARD))), begun
    )
    assert isinstance((await read_standing(counter.desk, MARA.id)).proof, Verified)


async def test_the_newest_answer_counts_also_when_it_is_none(counter: Counter) -> None:
    await counter.ask()
    counter.clock.advance(timedelta(minutes=1))
    counter.state.will(None)
    counter.state.standings[MARAS_CARD.number] = Unanswered(Silence.DENIED, "METRC refused the key")
    await counter.ask()
    assert await left(counter) == [CannotTell("METRC refused the key")] * 2


async def test_in_an_outage_michigan_goes_by_our_own_record(counter: Counter) -> None:
    await counter.lose_the_registry()
    known = await read_standing(counter.desk, MARA.id)
    assert isinstance(known.proof, UnderOutage)
    assert known.standing.rests_on_own_record
    assert await left(counter) == [Fraction("2.5"), 10]


async def test_an_outage_seen_too_long_ago_lets_nothing_go_by_our_own_record(counter: Counter) -> None:
    counter.state.is_down = True
    await counter.ask()
    counter.clock.advance(FRESH_FOR + timedelta(seconds=1))
    known = await read_standing(counter.desk, MARA.id)
    assert not known.standing.rests_on_own_record
    assert await left(counter) == [CannotTell("METRC cannot be reached")] * 2


async def test_what_was_just_handed_over_is_taken_off_what_the_registry_said_before(counter: Counter) -> None:
    given = await counter.give(grams("14"))
    used = Fraction(14_000) / Fraction("28349.5")
    assert await left(counter) == [Fraction("2.5") - used, 10 - used]
    known = await read_standing(counter.desk, MARA.id)
    assert [each.product for each in known.purchases] == [given.lines[0].product]


async def test_looking_at_a_record_is_an_act_of_its_own_and_reading_it_again_is_not(counter: Counter) -> None:
    before = counter.recorded("chart.opened")
    chart = await open_chart(counter.desk, MARA.id)
    assert counter.recorded("chart.opened") == before + 1
    assert chart.patient == MARA
    await read_chart(counter.desk, MARA.id)
    assert counter.recorded("chart.opened") == before + 1


async def test_a_patient_who_is_not_on_record_has_no_standing(counter: Counter) -> None:
    with pytest.raises(NoSuchRecord):
        await read_standing(counter.desk, UUID(int=0xDEAD))
    with pytest.raises(NoSuchRecord):
        await open_chart(counter.desk, UUID(int=0xDEAD))


# One person with two cards


def merged(counter: Counter) -> None:
    done = merge(counter.ledger, MARA.id, CHIDI.id, "the same passport", TODAY, act=counter.act())
    assert isinstance(done, Changed)


async def test_after_a_merge_both_good_cards_are_asked_for_and_the_lower_answer_counts(counter: Counter) -> None:
    counter.state.standings[CHIDIS_CARD.number] = says(CHIDIS_CARD, "0.5", "4")
    merged(counter)
    asked = await ask_standing(counter.desk, MARA.id, MARAS_CARD.number)
    assert counter.state.asked == [f"standing {CHIDIS_CARD.number}", f"standing {MARAS_CARD.number}"]
    assert counter.recorded("standing.asked") == 2
    known = await read_standing(counter.desk, MARA.id)
    assert known.verification == asked, "the card that was shown is the one the sale rests on"
    assert [each.card_number for each in known.beside] == [CHIDIS_CARD.number]
    assert await left(counter) == [Fraction("0.5"), 4]


async def test_by_whichever_card_they_come_the_other_is_asked_for_too(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "1", "3")
    merged(counter)
    asked = await ask_or_read(counter.desk, CHIDI.id, CHIDIS_CARD.number)
    assert isinstance(asked, Verification)
    assert asked.card_number == CHIDIS_CARD.number
    assert await left(counter) == [1, 3]


async def test_a_card_that_lapsed_or_was_renewed_is_not_asked_for(counter: Counter) -> None:
    counter.put(CardNoted(MARA.id, replace(MARAS_CARD, number="MI-P-0032-2222"), MARAS_CARD.number))
    counter.put(CardNoted(MARA.id, replace(MARAS_CARD, number="MI-P-0032-3333", expires_on=TODAY - DAY)))
    counter.put(CardNoted(MARA.id, replace(MARAS_CARD, number="MI-P-0032-4444", expires_on=TODAY)))
    await ask_standing(counter.desk, MARA.id, "MI-P-0032-2222")
    assert counter.state.asked == ["standing MI-P-0032-4444", "standing MI-P-0032-2222"]


async def test_while_the_other_card_has_no_answer_nothing_rests_on_the_one_that_has(counter: Counter) -> None:
    await counter.ask()
    merged(counter)
    known = await read_standing(counter.desk, MARA.id)
    assert known.proof == NotVerified(
        f"The registry was not asked for card {CHIDIS_CARD.number}, which is theirs too. Press r to ask.", True
    )
    no_answer = CannotTell("another card of theirs has no fresh answer")
    assert await left(counter) == [no_answer] * 2
    counter.state.standings[CHIDIS_CARD.number] = Unanswered(Silence.BUSY, "METRC is busy")
    await counter.ask()
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("1"),), counter.act()), NotVerified)
    reason = (await read_standing(counter.desk, MARA.id)).proof
    assert isinstance(reason, NotVerified)
    assert reason.reason.startswith(
        f"Could not tell for card {CHIDIS_CARD.number}, which is theirs too: METRC is busy."
    )
    counter.state.standings[CHIDIS_CARD.number] = CardNotFound(CHIDIS_CARD.number)
    await counter.ask()
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("1"),), counter.act()), Recorded)


async def test_an_answer_for_the_other_card_that_is_no_longer_fresh_is_asked_for_again(counter: Counter) -> None:
    merged(counter)
    await counter.ask()
    counter.clock.advance(FRESH_FOR - timedelta(seconds=30))
    act = counter.act()
    newest = Verification(act.id, MARA.id, MARAS_CARD.number, act.at, "METRC", says(MARAS_CARD))
    counter.ledger.record(StandingAsked(newest), act)
    assert isinstance((await read_standing(counter.desk, MARA.id)).proof, Verified)
    counter.clock.advance(timedelta(seconds=60))
    assert isinstance((await read_standing(counter.desk, MARA.id)).proof, NotVerified)


async def test_what_was_read_by_hand_of_one_card_does_not_hide_what_the_system_said_of_the_other(
    counter: Counter,
) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "0.5", "0.5")
    merged(counter)
    await counter.ask()
    limits = [each.limit.id for each in (await read_standing(counter.desk, MARA.id)).standing.limits]
    read = Seen("State portal", CardSays.ACTIVE, by_limit=tuple((name, Decimal(2)) for name in limits))
    await save_reading(counter.desk, MARA.id, CHIDIS_CARD.number, read, since=counter.clock.now())
    assert all(isinstance(each, CannotTell) for each in await left(counter))
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("20"),), counter.act()), CannotTell)


async def test_a_figure_that_is_told_of_one_of_two_cards_only_is_not_known(counter: Counter) -> None:
    whole = says(CHIDIS_CARD)
    counter.state.standings[CHIDIS_CARD.number] = replace(whole, windows=whole.windows[:1])
    merged(counter)
    await counter.ask()
    assert await left(counter) == [Fraction("2.5"), CannotTell("the registry gave no flower figure for 30 days")]


async def test_of_a_window_that_is_told_twice_the_lower_counts_beside_another_card_too(counter: Counter) -> None:
    low, high = says(MARAS_CARD, "0.5", "4"), says(MARAS_CARD)
    counter.state.standings[MARAS_CARD.number] = replace(low, windows=low.windows + high.windows)
    merged(counter)
    await counter.ask()
    assert await left(counter) == [Fraction("0.5"), 4]


async def test_in_an_outage_our_own_record_of_both_cards_decides(counter: Counter) -> None:
    merged(counter)
    await counter.lose_the_registry()
    known = await read_standing(counter.desk, MARA.id)
    assert isinstance(known.proof, UnderOutage)
    assert await left(counter) == [Fraction("2.5"), 10]
