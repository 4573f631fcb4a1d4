"""What is wrong with the key to the state system stands on the first place after unlocking, with what to do."""

from datetime import timedelta

import pytest

from pcc_desk.domain.answers import Silence, Unanswered
from tests.desk.counter import MARAS_CARD, TODAY, Counter
from tests.screens.seat import NARROW, WIDE, at_the_queue


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_key_that_ends_soon_is_told_before_the_day_begins(counter: Counter, size: tuple[int, int]) -> None:
    counter.state.key_ends = TODAY + timedelta(days=5)  # type: ignore[attr-defined]
    async with at_the_queue(counter, size) as seat:
        text = await seat.see("METRC: key ends in 5 d, on Tue 17 Mar 2026.")
        assert "enter it with pcc-desk keys." in " ".join(text.split())


async def test_an_employee_whose_key_is_not_told_of_patients_reads_what_to_do_and_the_notice_goes_when_it_is_mended(
    counter: Counter,
) -> None:
    why = "METRC accepts this employee's key; have “Lookup Patients” given to it there"
    good = counter.state.standings[MARAS_CARD.number]
    counter.state.standings[MARAS_CARD.number] = Unanswered(Silence.WITHHELD, why)
    async with at_the_queue(counter) as seat:
        assert why not in seat.text
        await counter.ask()
        await seat.press("f5")
        text = await seat.see(f"{why}.")
        assert "METRC up" in text
        counter.state.standings[MARAS_CARD.number] = good
        await counter.ask()
        await seat.press("f5")
        await seat.see(lambda text: why not in text)
