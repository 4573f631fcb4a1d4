"""Today: the morning check by keyboard, what it shows first, and what it never shows as nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from pcc_desk.desk.care import note_request
from pcc_desk.desk.rights import GRANTS, Right
from pcc_desk.domain.entries import DayCompared
from pcc_desk.domain.people import Role
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.requests import RequestKind
from pcc_desk.domain.visit_entries import MorningChecked, MorningsExplained
from pcc_desk.domain.visits import VisitState
from tests.desk.counter import CHIDI, CHIDIS_CARD, MARA, OLGA, OPENING, SHOP, STOCK, TODAY, Counter, expected, grams
from tests.fakes_visits import FakePrinter
from tests.screens.seat import NARROW, seated
from tests.screens.test_roles import sit_down


@pytest.mark.parametrize("role", Role)
async def test_the_desk_begins_with_the_check_for_those_who_do_it(counter: Counter, role: Role) -> None:
    sit_down(counter, role)
    async with seated(counter) as seat:
        await seat.open()
        assert ("[Today" in seat.text) is (role in GRANTS[Right.CHECK_MORNING])
        assert counter.recorded("act.denied") == 0


async def test_the_whole_check_takes_two_keys_and_stands_on_record_with_what_was_seen(counter: Counter) -> None:
    counter.state.packages = STOCK
    async with seated(counter) as seat:
        await seat.open()
        assert "The morning check is not done yet." in seat.text
        assert "Today !" in seat.text
        await seat.press("f5")
        await seat.see("Asked 10:00:00.")
        await seat.press("f2")
        await seat.see("Saved 10:00:00: the check of today is done.")
        assert "Checked today at 10:00 by Ana Ruiz." in seat.text
        assert "Today !" not in seat.text
    (entry,) = (each for each, _ in counter.ledger.acts.values() if isinstance(each, MorningChecked))
    words = {each.what: (each.words, each.is_good) for each in entry.seen}
    assert words["METRC"] == ("up, last answer 0:00 ago", True)
    assert words["POS export"] == ("up, last answer 0:00 ago", True)
    assert words["Plan products"] == ("not known", False)


async def test_a_missed_check_is_marked_in_every_place_until_it_is_done(counter: Counter) -> None:
    async with seated(counter) as seat:
        await seat.unlock()
        assert "Today !" in seat.text
        await seat.press("ctrl+g", "t")
        await seat.see("[Today !]")
        await seat.press("f2")
        await seat.press("q")
        await seat.see("[Queue")
        assert "Today !" not in seat.text
        counter.clock.advance(timedelta(days=1))
        await seat.press("f5")
        await seat.see("Today !")
        await seat.press("ctrl+g", "t")
        await seat.see("Last: Thu 12 Mar, Ana Ruiz.")


async def test_mornings_without_a_check_are_listed_until_a_line_says_why(counter: Counter) -> None:
    for number in range(5):
        earlier = TODAY - timedelta(days=number + 1)
        counter.book(replace(expected(MARA, number), day=earlier, state=VisitState.DONE, arrived_at=OPENING))
    async with seated(counter, NARROW) as seat:
        await seat.open()
        await seat.see("mornings without a check 5, the last 3 of them")
        await seat.press("home")
        await seat.see("Wed 11 Mar")
        await seat.press("m")
        await seat.see("Why was there no check on Wed 11 Mar?")
        await seat.type("the power was out\r")
        await seat.see("Saved 10:00:00: why there was no check, Wed 11 Mar.")
        await seat.see("mornings without a check 4")
        await seat.press("m")
        await seat.type("all: I was ill\r")
        await seat.see("why there was no check, 4 mornings.")
        await seat.see(lambda text: "mornings without" not in text)
        await seat.press("m")
        assert "Why was there" not in seat.text
    whys = [each.why for each, _ in counter.ledger.acts.values() if isinstance(each, MorningsExplained)]
    assert whys == ["the power was out", "I was ill"]


async def test_why_mornings_had_no_check_stands_below_what_ends_soon_with_who_said_so(counter: Counter) -> None:
    why = f"the power was out until eleven, {'and then it was out again, ' * 4}until noon"
    counter.put(MorningsExplained((TODAY - timedelta(days=2), TODAY - timedelta(days=1)), why))
    async with seated(counter, NARROW) as seat:
        await seat.open()
        await seat.press("end")
        await seat.see("why there was no check, last 30 d 2")
        text = " ".join(seat.text.split())
        assert text.index("Wed 11 Mar no check Ana Ruiz, 10:00:00: the") < text.index("Tue 10 Mar no check Ana Ruiz")
        await seat.press("m")
        assert "Why was there" not in seat.text
        await seat.press("enter")
        text = " ".join((await seat.see("No check on Tue 10 Mar")).split())
        assert f"{why} Said by Ana Ruiz, 10:00:00." in text
        await seat.press("escape")
        await seat.see("[Today")


async def test_what_is_read_behind_the_first_frame_is_said_as_being_read_and_never_as_none(counter: Counter) -> None:
    gate = asyncio.Event()
    read = counter.desk.store.read

    async def slowly(use_case, *args, **kwargs):  # type: ignore[no-untyped-def]
        if use_case.__name__ in {"glance_at_stock", "glance_back", "prepare_visit", "lapsing"}:
            await gate.wait()
        return await read(use_case, *args, **kwargs)

    counter.desk.store.read = slowly  # type: ignore[method-assign]
    async with seated(counter) as seat:
        await seat.open()
        text = await seat.see("Reading packages …")
        assert "Packages       reading …" in text
        assert "Day before     reading …" in text
        assert text.count("reading …") >= 5
        assert " 0 d" not in text
        assert "within 7 d" not in text
        gate.set()
        text = await seat.see("within 7 d 0")
        assert "reading …" not in text


async def test_a_day_that_went_on_after_it_was_compared_is_not_called_fine(counter: Counter) -> None:
    """What was sold that evening, after two had signed, is in no comparison yet."""
    day, ends = TODAY - timedelta(days=1), counter.desk.shop.ends(TODAY - timedelta(days=1))
    counter.put(DayCompared(DayComparison(day, SHOP.zone, ends - timedelta(hours=3), 9, 9, 9, (), ())))
    async with seated(counter) as seat:
        await seat.open()
        await seat.see("Wed 11 Mar, compared before its end (Wed 21:00), 0 of 2 signed  ^g, r compares.")
        counter.put(DayCompared(DayComparison(day, SHOP.zone, ends, 9, 9, 9, (), ())))
        await seat.press("ctrl+g", "q")
        await seat.see("[Queue")
        await seat.press("ctrl+g", "t")
        await seat.see("Wed 11 Mar, compared Thu 00:00: nothing different, 0 of 2 signed")


async def test_asking_can_be_stopped_by_a_key(counter: Counter) -> None:
    never = asyncio.Event()

    async def waits() -> str:
        await never.wait()
        return "POS"

    async with seated(counter) as seat:
        await seat.open()
        counter.pos.ping = waits  # type: ignore[method-assign]
        await seat.press("f5")
        await seat.see("Asking POS export …")
        await seat.press("escape")
        text = await seat.see("Stopped. What was asked until then stands")
        assert "Asking" not in text
        assert "POS export     not asked yet" in text


async def test_a_system_that_is_away_says_what_still_works(counter: Counter) -> None:
    async with seated(counter) as seat:
        await seat.open()
        counter.state.is_down = True
        await seat.press("f5")
        text = await seat.see("Packages were not read")
        assert "METRC          down" in text
        assert "Without it: notice first, then sales (f6)." in text
        assert "Packages       5 packages read" in text, "what was known of the stock stays"


async def test_posts_that_wait_for_a_person_are_told_and_where_to_decide(counter: Counter) -> None:
    counter.state.is_down = True
    await counter.give(grams("1"))
    async with seated(counter) as seat:
        await seat.open()
        await seat.see("Posts          1 waits to go out by itself")


async def test_enter_opens_the_chart_of_who_comes_and_slash_finds_anybody_in_the_queue(counter: Counter) -> None:
    async with seated(counter, NARROW) as seat:
        await seat.open()
        await seat.press("enter")
        await seat.see("Okafor, Chidi   born")
        await seat.press("ctrl+g", "t")
        await seat.see("[Today")
        await seat.type(f"/{CHIDIS_CARD.number}\ripc\r")
        await seat.see("checked in.")
        assert "[Queue" in seat.text


async def test_the_brief_names_nobody_and_goes_to_the_printer(counter: Counter) -> None:
    counter.desk.printer = FakePrinter()
    counter.book(replace(expected(MARA, 9), appointment_at=OPENING + timedelta(hours=2)))
    async with seated(counter) as seat:
        await seat.open()
        await seat.press("b")
        await seat.see("Brief for Thursday 12 March 2026")
        await seat.press("p")
        await seat.see("Sent to the printer 10:00:00.")
        (printed,) = counter.desk.printer.printed
        for patient in counter.ledger.patients.values():
            assert not {patient.family_name, patient.given_name, str(patient.born)} & set(printed.split())
        assert not any(card.number in printed for card in counter.ledger.all_cards)
        assert "11:00" not in printed
        assert "12:00" not in printed
        assert "Appointments: 3" in printed
        assert len(printed.splitlines()) <= 60
        assert "no day was compared lately" in printed
        assert not {"ctrl+g,", "f5", "(f6).", "^g", "Ctrl+P,"} & set(printed.split())


async def test_who_came_already_stays_on_the_list_of_the_day_and_who_was_called_off_does_not(counter: Counter) -> None:
    (reyes,) = (row.visit for row in counter.ledger.queue(TODAY) if row.patient.family_name == "Reyes")
    counter.ledger.visits[reyes.id] = replace(reyes, state=VisitState.CANCELLED)
    (chidi,) = (row.visit for row in counter.ledger.queue(TODAY) if row.patient.family_name == "Okafor")
    counter.ledger.visits[chidi.id] = replace(chidi, state=VisitState.VERIFIED, arrived_at=OPENING)
    async with seated(counter) as seat:
        await seat.open()
        assert "Reyes" not in seat.text
        assert "verified · " in seat.text


async def test_requests_about_their_own_record_stand_with_the_last_day_of_each_and_open_the_chart(
    counter: Counter,
) -> None:
    for patient, kind, days in (
        (MARA, RequestKind.ACCESS, 25),
        (CHIDI, RequestKind.AMENDMENT, 25),
        (OLGA, RequestKind.ACCESS, 33),
    ):
        made = TODAY - timedelta(days=days)
        note_request(counter.ledger, patient.id, kind, "all of it", made, act=counter.act())
    async with seated(counter) as seat:
        await seat.open()
        text = await seat.see("requests about their own record 3")
        assert text.index("OVERDUE since Mon 9 Mar") < text.index("in 5 d") < text.index("in 35 d")
        line = next(each for each in seat.lines if "in 5 d" in each)
        assert "Lindqvist, Mara" in line
        assert "to see the record" in line
        assert "to amend" in next(each for each in seat.lines if "in 35 d" in each)
        await seat.press("home", "enter")
        await seat.see("Petrov, Olga")
        assert "[Chart]" in seat.text
