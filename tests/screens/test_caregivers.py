"""Who fetches for a patient is shown at check-in, in the chart and before dispensing."""

import pytest

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import DispensationRecorded
from pcc_desk.domain.registry import CaregiverStanding
from tests.desk.counter import EVA, MARAS_CARD, TOMAS_CARD, Counter
from tests.screens.seat import NARROW, WIDE, Seat, at_the_queue

TOMAS = TOMAS_CARD.number


async def at_the_check_in(seat: Seat) -> None:
    await seat.press("slash")
    await seat.type(f"{TOMAS}")
    await seat.see("Reyes, Eva")
    await seat.press("enter")
    await seat.see("of caregiver Tomás Reyes")


async def in_the_chart(seat: Seat) -> None:
    await seat.press("i", "p", "c", "enter")
    await seat.see("checked in.")
    await seat.press("enter")
    await seat.see("Reyes, Eva   born")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_good_card_is_said_to_be_good_with_its_time(counter: Counter, size: tuple[int, int]) -> None:
    async with at_the_queue(counter, size) as seat:
        await at_the_check_in(seat)
        await seat.see(f"Caregiver: card {TOMAS} good for this patient (asked 10:00:00)")
        await in_the_chart(seat)
        await seat.see(
            lambda text: f"caregiver Tomás Reyes: card {TOMAS} good for this patient" in " ".join(text.split())
        )
        await seat.press("d")
        await seat.see(lambda text: "through Tomás Reyes: card good for this patient" in " ".join(text.split()))
        await seat.type("blue\r3.5\r")
        await seat.press("f2")
        await seat.see("dispensed for")
    entry = next(each for each, _ in counter.ledger.acts.values() if isinstance(each, DispensationRecorded))
    assert (entry.dispensation.patient_id, entry.dispensation.caregiver_card) == (EVA.id, TOMAS)
    assert entry.caregiver_untold == ""


async def test_a_refused_card_is_told_in_words_and_lets_nothing_out(counter: Counter) -> None:
    counter.state.caregivers[TOMAS] = CaregiverStanding(TOMAS, True, (MARAS_CARD.number,))
    async with at_the_queue(counter) as seat:
        await at_the_check_in(seat)
        await seat.see(f"Caregiver: card {TOMAS} not for this patient (asked 10:00:00)")
        await in_the_chart(seat)
        await seat.press("d")
        await seat.see("not for this patient")
        await seat.type("blue\r3.5\r")
        await seat.press("f2")
        await seat.see("Not recorded. Card MI-C-0007-3310 of caregiver Tomás Reyes is not for this patient.")
    assert counter.recorded(DispensationRecorded.name) == 0


async def test_where_nobody_can_tell_a_person_is_asked_and_no_is_no(counter: Counter) -> None:
    counter.state.caregivers[TOMAS] = Unanswered(Silence.ABSENT, "METRC does not offer this call here")
    async with at_the_queue(counter, NARROW) as seat:
        await at_the_check_in(seat)
        await seat.see(lambda text: "Caregiver: could not tell: METRC does not offer this call here" in text)
        await in_the_chart(seat)
        await seat.press("d")
        await seat.see("Blue Dream")
        await seat.type("blue\r3.5\r")
        await seat.press("f2")
        await seat.see("on caregivers:")
        assert "Go on by the card itself?" in " ".join(seat.text.split())
        await seat.press("n")
        await seat.see("Not recorded.")
        assert counter.recorded(DispensationRecorded.name) == 0
        await seat.press("f2")
        await seat.see("on caregivers:")
        await seat.press("y")
        await seat.see("dispensed for")
    assert counter.recorded(DispensationRecorded.name) == 1
