"""Appointments by keyboard alone: booked, moved, called off, and imported."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from pcc_desk.adapters.calendars import read_calendar
from pcc_desk.desk.queue import queue_of
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.shelf import Guest
from pcc_desk.domain.visits import Reason, VisitState
from tests.desk.counter import CHIDI, MARA, OLGA, OPENING, SHOP, TODAY, Counter, expected
from tests.screens.seat import NARROW, Seat, at_the_queue, seated

OPEN = Hours(((time(9), time(17)),) * 7)


async def calendar(seat: Seat) -> None:
    await seat.press("c")
    await seat.see("2 booked")


def booked(counter: Counter, family: str) -> list[str]:
    days = (TODAY + timedelta(days=each) for each in range(9))
    rows = (row for day in days for row in queue_of(counter.ledger, day, act=counter.act()))
    return [
        f"{SHOP.local(row.visit.appointment_at):%a %H:%M} {row.visit.reason}"
        for row in rows
        if row.patient.family_name == family and row.visit.appointment_at and not row.visit.state.is_over
    ]


async def test_an_appointment_is_booked_at_a_free_time_with_few_keys(counter: Counter) -> None:
    counter.desk.hours = OPEN
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        text = await seat.see("open 09:00–17:00")
        assert "11:00–11:30 Okafor, Chidi" in text
        assert "13:00       free" in text
        await seat.press("end", "enter")
        await seat.type("petrov\r")
        await seat.see("An appointment for Petrov, Olga")
        assert "2026-03-12 16:30" in seat.text
        await seat.type("\r")
        await seat.see("Saved 10:00:00: Thu 12 Mar 16:30.")
        assert booked(counter, "Petrov") == ["Thu 16:30 follow-up"]
        await seat.press("escape")
        await seat.see("[Queue")
        assert "16:30 Petrov, Olga" in seat.text


@pytest.mark.parametrize("left_by", ["escape", "f8"])
async def test_whom_somebody_looked_for_and_did_not_pick_is_on_record_and_was_masked(
    counter: Counter, left_by: str
) -> None:
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        await seat.press("n")
        await seat.type("petrov")
        text = await seat.see("Petrov, Olga")
        assert str(OLGA.born.year) in text
        assert str(OLGA.born) not in text
        assert "card …" in text
        await seat.press(left_by)
        await seat.see("2 booked" if left_by == "escape" else "passphrase or PIN")
        assert counter.recorded("patients.searched") == 1


async def test_what_stands_at_that_time_is_told_and_booked_beside_only_by_a_yes(counter: Counter) -> None:
    counter.desk.hours = OPEN
    async with at_the_queue(counter, NARROW) as seat:
        await calendar(seat)
        await seat.press("n")
        await seat.type("petrov\r")
        await seat.see("An appointment for Petrov")
        await seat.press(*["backspace"] * 20)
        await seat.type("2026-03-12 11:15 problem\r")
        text = await seat.see("Booked then already:")
        assert "Okafor, Chidi at 11:00" in text
        await seat.press("n")
        await seat.see("Nothing was booked.")
        assert booked(counter, "Petrov") == []
        await seat.press("n")
        await seat.type("petrov\r")
        await seat.see("An appointment for Petrov")
        await seat.press(*["backspace"] * 20)
        await seat.type("20:00\r")
        await seat.see("The shop is open 09:00–17:00 that day.")
        await seat.press("y")
        await seat.see("Saved 10:00:00: Thu 12 Mar 20:00.")


async def test_an_appointment_is_moved_and_called_off(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        await seat.press("m")
        await seat.see("Another time for Okafor, Chidi")
        await seat.press(*["backspace"] * 40)
        await seat.type("sat 14:00 https://meet.example/r\r")
        text = await seat.see("Saved 10:00:00: Sat 14 Mar 14:00.")
        assert "Telehealth: https://meet.example/r" in text
        assert booked(counter, "Okafor") == ["Sat 14:00 follow-up"]
        await seat.press("x")
        await seat.see("Call off the appointment of Okafor, Chidi?")
        await seat.press("y")
        await seat.see("called off.")
        assert booked(counter, "Okafor") == []
        await seat.press("t", "w")
        text = await seat.see("Mon 9 Mar")
        assert "Sun 15 Mar" in text
        assert "Okafor" not in text


async def test_what_a_line_does_not_say_of_an_appointment_that_is_moved_stays_as_it_was(counter: Counter) -> None:
    (visit,) = (each for each in counter.ledger.visits.values() if each.patient_id == CHIDI.id)
    counter.ledger.visits[visit.id] = replace(visit, minutes=45, reason=Reason.PROBLEM)
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        await seat.press("m")
        await seat.see("11:00 45m problem")
        await seat.press("ctrl+u")
        await seat.type("14:00\r")
        await seat.see("Saved 10:00:00: Thu 12 Mar 14:00.")
        await seat.see("14:00–14:45 Okafor, Chidi")
        assert booked(counter, "Okafor") == ["Thu 14:00 problem"]
        await seat.press("m")
        await seat.see("Another time")
        await seat.press("ctrl+u")
        await seat.type("14:00 refill\r")
        await seat.see("14:00–14:45 Okafor, Chidi            refill")
        assert booked(counter, "Okafor") == ["Thu 14:00 refill"]


async def test_in_a_week_the_day_under_the_cursor_is_meant(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        await seat.press("m")
        await seat.see("Another time")
        await seat.press("ctrl+u")
        await seat.type("fri 14:00\r")
        await seat.see("Fri 13 Mar 14:00.")
        await seat.press("t", "w", "end")
        await seat.see("14:00–14:30 Okafor, Chidi")
        await seat.press("n")
        await seat.type("petrov\r")
        await seat.see("An appointment for Petrov, Olga")
        assert "2026-03-13" in seat.text
        await seat.press("escape", "m")
        await seat.see("Another time")
        await seat.press("ctrl+u")
        await seat.type("15:00\r")
        await seat.see("Fri 13 Mar 15:00.")


async def test_a_time_that_cannot_be_stays_in_the_line_with_why(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        await seat.press("n")
        await seat.type("petrov\r")
        await seat.see("An appointment for Petrov, Olga")
        await seat.press("ctrl+u")
        await seat.type("2026-03-11 09:00 refill\r")
        text = await seat.see("is over. Type a time that is still to come.")
        assert "An appointment for Petrov, Olga" in text
        assert "2026-03-11 09:00 refill" in text
        await seat.press("ctrl+u")
        await seat.type("2026-03-13 09:00 refill\r")
        await seat.see("Saved 10:00:00: Fri 13 Mar 09:00.")
        assert booked(counter, "Petrov") == ["Fri 09:00 refill"]


async def test_what_is_not_understood_stays_in_the_line_with_what_to_type(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        await seat.press("m")
        await seat.see("Another time")
        await seat.type(" soonish\r")
        text = await seat.see("“soonish” is not understood.")
        assert "soonish" in text.split("“soonish”")[1]
        await seat.press("escape")
        assert booked(counter, "Okafor") == ["Thu 11:00 follow-up"]


async def test_who_came_is_not_moved_any_more(counter: Counter) -> None:
    (visit,) = (each for each in counter.ledger.visits.values() if each.patient_id == CHIDI.id)
    counter.ledger.visits[visit.id] = replace(visit, state=VisitState.VERIFIED, arrived_at=OPENING)
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        await seat.press("m")
        await seat.see("This visit is verified, and is not moved any more.")


async def test_a_calendar_file_is_taken_from_the_screen_and_what_fits_nobody_is_told(
    counter: Counter, tmp_path: Path
) -> None:
    file = tmp_path / "week.ics"
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{at}\r\nSUMMARY:{who}\r\nDTSTART:20260313T1{at}0000\r\nEND:VEVENT\r\n"
        for at, who in enumerate(("Mara Lindqvist", "Somebody Else"))
    )
    file.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n", newline="")
    counter.desk.read_calendar = lambda path: read_calendar(path, SHOP.zone, datetime(2026, 3, 12, 14, tzinfo=UTC))
    async with at_the_queue(counter) as seat:
        await calendar(seat)
        for told in ("1 booked, 0 moved", "0 booked, 0 moved, 0 called off, 1 as it was"):
            await seat.press("i")
            await seat.see("A calendar file")
            await seat.type(f"{file}\r")
            text = await seat.see("Left to you")
            assert "“Somebody Else”, Fri 13 Mar 2026 11:00, fits nobody on record" in text
            await seat.press("escape")
            await seat.see(told)
        await seat.press("i")
        await seat.see("A calendar file")
        await seat.type(f"{tmp_path / 'none.ics'}\r")
        await seat.see("The file cannot be read")
    assert booked(counter, "Lindqvist") == ["Fri 10:00 follow-up"]


async def test_all_that_a_calendar_leaves_to_people_can_be_read(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "week.ics"
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{at}\r\nSUMMARY:Nobody Number {at}\r\nDTSTART:20260313T{at}0000\r\nEND:VEVENT\r\n"
        for at in range(10, 24)
    )
    file.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n", newline="")
    counter.desk.read_calendar = lambda path: read_calendar(path, SHOP.zone, datetime(2026, 3, 12, 14, tzinfo=UTC))
    async with at_the_queue(counter, NARROW) as seat:
        await calendar(seat)
        await seat.press("i")
        await seat.type(f"{file}\r")
        await seat.see("“Nobody Number 10”, Fri 13 Mar 2026 10:00, fits nobody on record")
        await seat.press("pagedown")
        await seat.see("“Nobody Number 23”, Fri 13 Mar 2026 23:00,")


async def test_the_queue_of_the_point_of_sale_is_taken_by_a_key(counter: Counter) -> None:
    counter.pos.guests = (Guest("Olga Petrov", OPENING, number="7"),)
    async with seated(counter) as seat:
        await seat.open()
        await calendar(seat)
        assert "[Today" in seat.text
        await seat.press("g")
        await seat.see("1 booked, 0 moved")
        assert {row.visit.state for row in counter.ledger.queue(TODAY) if row.patient == OLGA} == {VisitState.ARRIVED}
        assert MARA.id in {row.patient.id for row in counter.ledger.queue(TODAY)}


async def test_a_long_link_stands_whole_below_the_appointments_and_is_never_begun_in_the_queue(
    counter: Counter,
) -> None:
    link = f"https://meet.example/{'r' * 170}/end"
    counter.book(replace(expected(OLGA, 9), link=link))
    async with at_the_queue(counter, size=NARROW) as seat:
        await seat.press("end", "up")
        assert "telehealth (c: the link)" in seat.text
        assert "https" not in seat.text
        await seat.press("c")
        await seat.see("3 booked")
        await seat.press("end")
        assert link in "".join(line.strip() for line in seat.text.splitlines())
