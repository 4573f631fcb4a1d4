"""How a scan looks, as text, wide and narrow. A change of a picture is looked at before it is kept."""

import pytest
from syrupy.assertion import SnapshotAssertion

from pcc_desk.domain.entries import PatientRegistered
from tests.desk.counter import OLGAS_CARD, Counter
from tests.domain.printed_licences import changed, printed
from tests.screens.scenes import BOTH_SIZES, Scenes, looks_as_agreed
from tests.screens.seat import WIDE, Seat, at_the_queue
from tests.screens.test_scanning import NAMESAKE, TWIN

scene = Scenes()


@scene
async def licence_read_whole(counter: Counter, seat: Seat) -> None:
    await seat.scan(printed())
    await seat.see("METRC answered")


@scene
async def licence_with_doubts_and_a_twin(counter: Counter, seat: Seat) -> None:
    counter.put(PatientRegistered(TWIN, ()), PatientRegistered(NAMESAKE, ()))
    await seat.scan(printed().replace("@", '"'))
    await seat.see("METRC answered")


@scene
async def perhaps_one_of_these(counter: Counter, seat: Seat) -> None:
    counter.put(PatientRegistered(TWIN, ()))
    await seat.scan(printed(changed(("DAC", "CHIDDI"))))
    await seat.see("Ask for the birth date")


@scene
async def nobody_on_record(counter: Counter, seat: Seat) -> None:
    await seat.scan(printed(changed(("DCS", "BRANDT"), ("DAC", "ELKE"))))
    await seat.see("Nobody on record")


@scene
async def a_lapsed_card_while_the_registry_is_down(counter: Counter, seat: Seat) -> None:
    counter.state.is_down = True
    await seat.scan(OLGAS_CARD.number)
    await seat.see("could not tell")
    await seat.see(lambda text: len(seat.lines) < WIDE[1] or "METRC down" in text)  # narrow, the check-in covers it


@BOTH_SIZES
@pytest.mark.parametrize("name", scene)
async def test_a_scan_looks_as_it_was_agreed(
    counter: Counter, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]
) -> None:
    async with at_the_queue(counter, size) as seat:
        await looks_as_agreed(scene[name], counter, seat, snapshot)
