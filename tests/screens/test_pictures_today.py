"""How Today and the appointments look, as text, wide and narrow. A change is looked at before it is kept."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

import pytest
from syrupy.assertion import SnapshotAssertion

from pcc_desk.domain.entries import DayCompared, PatientRegistered
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.visits import VisitState
from tests.desk.counter import MARA, OPENING, SHOP, STOCK, TODAY, Counter, expected, grams
from tests.screens.scenes import BOTH_SIZES, Scenes, looks_as_agreed
from tests.screens.seat import Seat, seated

scene = Scenes()
DAY = timedelta(days=1)


@scene
async def today_not_asked(counter: Counter, seat: Seat) -> None:
    await seat.rest()


@scene
async def today_checked(counter: Counter, seat: Seat) -> None:
    await seat.press("f5")
    await seat.see("Asked 10:00:00.")
    await seat.press("f2")
    await seat.see("Checked today")
    await seat.press("down")


@scene
async def today_in_an_outage(counter: Counter, seat: Seat) -> None:
    counter.state.is_down = True
    await seat.press("f5")
    await seat.see("Packages were not read")


@scene
async def today_after_mornings_without_a_check(counter: Counter, seat: Seat) -> None:
    for number in range(5):
        earlier = TODAY - (number + 1) * DAY
        counter.book(replace(expected(MARA, 20 + number), day=earlier, state=VisitState.DONE, arrived_at=OPENING))
    await seat.press("f5")
    await seat.see("mornings without a check 5")
    await seat.press("home", "down")


@scene
async def today_why_there_was_no_check(counter: Counter, seat: Seat) -> None:
    await today_after_mornings_without_a_check(counter, seat)
    await seat.press("m")
    await seat.see("Why was there no check")


@scene
async def today_brief(counter: Counter, seat: Seat) -> None:
    await seat.press("b")
    await seat.see("Brief for")


@scene
async def today_help(counter: Counter, seat: Seat) -> None:
    await seat.press("f1")
    await seat.see("Keys · Today")


@scene
async def appointments_of_a_day(counter: Counter, seat: Seat) -> None:
    await seat.press("c")
    await seat.see("booked")
    await seat.press("down", "down", "down", "down")


@scene
async def appointments_of_a_week(counter: Counter, seat: Seat) -> None:
    await seat.press("c", "w")
    await seat.see("Sun 15 Mar")


@scene
async def appointment_being_moved(counter: Counter, seat: Seat) -> None:
    await seat.press("c", "w", "m")
    await seat.see("Another time for")


@scene
async def appointment_in_the_way(counter: Counter, seat: Seat) -> None:
    await seat.press("c", "w", "m")
    await seat.see("Another time for")
    await seat.type(" 13:10\r")
    await seat.see("Booked then already")


@scene
async def appointment_for_whom(counter: Counter, seat: Seat) -> None:
    await seat.press("c", "n")
    await seat.type("o")
    await seat.see("Okafor, Chidi")


def fill(counter: Counter) -> None:
    """Let papers end soon, and yesterday leave something."""
    counter.desk.hours = Hours(((time(9), time(17)),) * 7)
    counter.state.packages = STOCK
    for number, days in enumerate((0, 6, 20, 40, 80, 120)):
        ends = TODAY + days * DAY
        patient = Patient(UUID(int=0x900 + number), f"Ending{number}", "Ida", TODAY - 15000 * DAY, "", ends)
        card = Card(f"MI-P-9{number}", patient.id, Holder.PATIENT, "", ends + 7 * DAY)
        counter.put(PatientRegistered(patient, (card,)))
    counter.put(DayCompared(DayComparison(TODAY - DAY, SHOP.zone, OPENING - DAY, 9, 9, 9, (), ())))
    counter.book(replace(expected(MARA, 9), link="https://meet.example/r", appointment_at=OPENING + timedelta(hours=3)))


@BOTH_SIZES
@pytest.mark.parametrize("name", scene)
async def test_today_looks_as_it_was_agreed(
    counter: Counter, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]
) -> None:
    fill(counter)
    await counter.give(grams("70"))
    async with seated(counter, size) as seat:
        await seat.open()
        await looks_as_agreed(scene[name], counter, seat, snapshot)
