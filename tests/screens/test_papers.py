"""A patient's papers by keyboard: each kind of row, what is refused, what is left, and what counts afterwards."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest

from pcc_desk.domain.cohorts import NamedGroup
from pcc_desk.domain.entries import EntitlementNoted, StaffAdded
from pcc_desk.domain.papers import PaperAmount, Papers
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.rules import Rules, Source
from pcc_desk.domain.windows import Refill
from pcc_desk.rulebook import rules_for
from tests.desk.counter import BEN, MARA, TODAY, Counter
from tests.screens.seat import NARROW, HeldStore, Seat, at_the_queue

MICHIGAN = rules_for("MI", TODAY)
DAY, MONTH = MICHIGAN.limits
VISITORS = replace(
    DAY, id="visitors", amount=Fraction(1), window=Refill(30, early_days=5), cohort=(NamedGroup("visiting"),)
)
ORDERED = replace(MONTH, source=Source.PRACTITIONER, is_ceiling=True)
RULES = replace(MICHIGAN, fingerprint="", limits=(DAY, ORDERED, VISITORS), orders_before=date(2022, 8, 29))
LETTER = "Dr. Mensah, letter of 2 Jan"


@pytest.fixture
def rules(counter: Counter) -> Rules:
    """Put the counter under rules that ask for every kind of paper."""
    counter.desk.rules_on = lambda on, order_began=None: RULES
    return RULES


def on_record(counter: Counter) -> Papers:
    return counter.ledger.entitlement(MARA.id)


async def at_the_papers(seat: Seat) -> None:
    await seat.press("a")
    await seat.see("MAY BE DISPENSED NOW")
    await seat.press("e")
    await seat.see("Papers of Lindqvist, Mara")


async def at_the_row(seat: Seat, words: str, times: int = 1) -> None:
    """Put the cursor on the `times`th row that begins with words and press enter."""
    await at_the_papers(seat)
    await seat.press("home")
    for _ in range(len(seat.lines)):
        times -= any(line.startswith(f"▸ {words}") for line in seat.lines)
        if not times:
            break
        await seat.press("down")
    await seat.press("enter")


# Each kind of row


async def test_rules_that_ask_for_no_paper_say_so_and_still_take_a_waiver(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_papers(seat)
        assert "Lindqvist, Mara   born 1990-07-02 (35)" in seat.text
        assert "ask for no paper. A waiver may set a limit aside." in seat.text
        await seat.press("enter")
        await seat.see("These rules do not need it. There is nothing to type.")
        assert "practitioner" not in seat.text
        assert sum(line.strip().startswith("waiver") for line in seat.lines) == 2


@pytest.mark.usefixtures("rules")
async def test_what_the_rules_ask_for_stands_on_top(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_papers(seat)
        head = " ".join(each.strip() for each in seat.lines[4:7])
    assert "the group visiting; first day of the present supply; the day the order began;" in head
    assert "a practitioner's amount for 30 days." in head


@pytest.mark.usefixtures("rules")
async def test_enter_puts_a_patient_into_a_group_and_takes_them_out_again(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "visiting")
        await seat.see("Saved 10:00:00: visiting yes.")
        assert on_record(counter) == Papers(groups=("visiting",))
        await seat.press("enter")
        await seat.see("Saved 10:00:00: visiting no.")
        assert on_record(counter) == Papers()


@pytest.mark.usefixtures("rules")
async def test_a_group_is_changed_once_however_often_the_key_is_pressed_meanwhile(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_papers(seat)
        held = counter.desk.store = HeldStore(counter.ledger)
        await seat.press("enter", "enter", "enter")
        held.gate.set()
        await seat.see("visiting yes.")
        await seat.rest()
        assert counter.recorded("entitlement.noted") == 1


@pytest.mark.usefixtures("rules")
async def test_the_first_days_are_typed_and_taken_back(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "present supply")
        await seat.see("first day of the present supply: 2026-06-01, or none")
        await seat.type("2026-03-02\r")
        await seat.see("Saved 10:00:00: first day of the present supply 2026-03-02.")
        await seat.press("down", "enter")
        await seat.see("the day the order began: 2022-06-01, or none")
        await seat.type("2022-08-01")
        await seat.press("f2")
        await seat.see("Saved 10:00:00: the day the order began 2022-08-01.")
        assert on_record(counter) == Papers((), date(2026, 3, 2), date(2022, 8, 1))
        await seat.press("up", "enter")
        await seat.type("none\r")
        await seat.see("first day of the present supply not known.")
        assert on_record(counter) == Papers((), None, date(2022, 8, 1))


@pytest.mark.usefixtures("rules")
async def test_a_practitioners_amount_is_kept_with_its_days_and_paper_and_counts_at_once(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "practitioner's amount")
        await seat.see("such as: 8 2026-01-01..2026-12-31 Dr. Mensah, letter of 2 Jan")
        await seat.type(f"8 2026-01-01..2026-12-31 {LETTER}\r")
        await seat.see("Saved 10:00:00: practitioner's amount for 30 days 8 oz.")
        row = next(line for line in seat.lines if line.startswith("▸ practitioner's amount"))
        assert row.split()[3:7] == ["8", "oz", "2026-01-01", "2026-12-31"]
        assert f"8 oz 2026-01-01..2026-12-31 {LETTER}   in force" in seat.text
        await seat.press("escape")
        text = await seat.see("MAY BE DISPENSED NOW")
    days = (date(2026, 1, 1), date(2026, 12, 31))
    assert on_record(counter) == Papers(amounts=(PaperAmount(MONTH.id, Decimal(8), False, *days, LETTER),))
    assert "Saved 10:00:00: practitioner's amount for 30 days 8 oz." in text
    assert any(line.split()[:4] == ["30", "days", "8.00", "oz"] for line in text.splitlines())


async def test_a_waiver_is_put_on_record_by_a_pharmacist(counter: Counter) -> None:
    counter.desk = counter.desk_of(BEN)
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "waiver")
        await seat.type("none ..2026-12-31 Agency, letter 17\r")
        await seat.prove()
        await seat.see("Saved 10:00:00: waiver for a day no limit.")
        assert "no limit ..2026-12-31 Agency, letter 17   in force" in seat.text
        await seat.press("escape")
        text = await seat.see("LIMITS")
        assert "  a day  " not in text


async def test_amounts_that_are_over_or_not_yet_in_force_are_told_below_the_list(counter: Counter) -> None:
    counter.desk = counter.desk_of(BEN)
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "waiver")
        for typed in ("3 2026-01-01..2026-02-01 A", "4 2027-01-01.. B", "5 2025-01-01..2025-02-01 C"):
            await seat.type(f"{typed}\r")
            await seat.prove()
            await seat.see(f"waiver for a day {typed[0]} oz.")
            await seat.press("enter")
        text = seat.text
    assert "4 oz 2027-01-01.. B   not yet" in text
    assert "3 oz 2026-01-01..2026-02-01 A   over" in text
    assert "1 older on record" in text
    assert "none is in force" in text


async def test_groups_that_the_rules_know_no_longer_are_taken_off_by_enter(counter: Counter) -> None:
    counter.put(EntitlementNoted(MARA.id, ("former", "other"), TODAY, None))
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "first day")
        await seat.type("none\r")
        await seat.see("The rules know no group “former”.")
        assert "Take it off in the list first." in " ".join(seat.text.split())
        await seat.press("escape", "home", "enter")
        await seat.see("Saved 10:00:00: former, other no.")
        assert on_record(counter) == Papers((), TODAY, None)


# What is refused


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize(
    ("row", "typed", "why"),
    [
        ("present supply", "", "Type the day, such as 2026-06-01"),
        ("present supply", "6/1/2026", "“6/1/2026” is no day."),
        ("order began", "2026-02-30", "“2026-02-30” is no day."),
        ("practitioner's amount", "", "Begin with the amount in oz"),
        ("practitioner's amount", "Dr. Mensah", "Begin with the amount in oz"),
        ("practitioner's amount", "8", "Type who set it and in which document."),
        ("practitioner's amount", "8,5 Dr. Mensah", "“8,5” is no amount."),
        ("practitioner's amount", "8 g Dr. Mensah", "This limit is counted in oz, not in g."),
        ("practitioner's amount", "-8 Dr. Mensah", "not below zero"),
        ("practitioner's amount", "none Dr. Mensah", "A practitioner's amount is a number."),
        ("practitioner's amount", "10.01 Dr. Mensah", "no practitioner may go above 10.00 oz. Only a waiver may."),
        ("practitioner's amount", "8 2026-01-01 Dr. Mensah", "Type two points after the first day"),
        ("practitioner's amount", "8 2026-12-31..2026-01-01 Dr. Mensah", "is before the first"),
        ("practitioner's amount", "8 2026-13-01.. Dr. Mensah", "“2026-13-01” is no day."),
    ],
)
async def test_what_cannot_be_saved_is_refused_in_a_sentence_and_stays_typed(
    counter: Counter, row: str, typed: str, why: str
) -> None:
    async with at_the_queue(counter, NARROW) as seat:
        await at_the_row(seat, row)
        await seat.type(f"{typed}\r")
        await seat.see(lambda text: "Not saved." in text and why in " ".join(text.split()))
        assert any(line.strip() == typed for line in seat.lines) or not typed
        assert on_record(counter) == Papers()


@pytest.mark.usefixtures("rules")
async def test_a_waiver_that_one_may_not_enter_is_refused_by_name_of_who_may_and_stays_typed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "waiver")
        await seat.type("none Agency, letter 17\r")
        await seat.hear("Entering waivers is for a pharmacist, compliance officer or manager.")
        assert "none Agency, letter 17" in seat.text
        assert on_record(counter) == Papers()
        assert counter.recorded("act.denied") == 1


@pytest.mark.usefixtures("rules")
async def test_what_is_on_record_already_is_not_called_saved(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "present supply")
        await seat.type("none\r")
        await seat.see("That is on record already. Nothing was changed.")
        await seat.press("escape")
        assert "Saved" not in await seat.see("MAY BE DISPENSED NOW")


@pytest.mark.usefixtures("rules")
async def test_rules_that_change_meanwhile_are_shown_after_the_refusal(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_papers(seat)
        counter.desk.rules_on = lambda on, order_began=None: MICHIGAN
        await seat.press("enter")
        await seat.see("Not saved. The rules know no group “visiting”. They know: none.")
        await seat.see("ask for no paper")
        assert on_record(counter) == Papers()


# Leaving


@pytest.mark.usefixtures("rules")
async def test_escape_leaves_the_field_then_the_screen_with_what_was_saved(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "visiting")
        await seat.press("down", "enter")
        await seat.type("2026-03-02\r")
        await seat.see("Saved 10:00:00: first day of the present supply")
        await seat.press("enter")
        await seat.type("2026-")
        await seat.press("escape")
        assert "Papers of Lindqvist" in seat.text
        assert "2026-\n" not in seat.text
        await seat.press("escape")
        await seat.see("MAY BE DISPENSED NOW")
        assert "Saved 10:00:00: first day of the present supply 2026-03-02. 1 more before it." in seat.text


async def test_leaving_without_saving_says_nothing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_papers(seat)
        await seat.press("escape")
        assert "Saved" not in await seat.see("MAY BE DISPENSED NOW")


@pytest.mark.usefixtures("rules")
async def test_what_is_typed_for_one_row_is_not_dropped_for_another(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "present supply")
        await seat.type("2026-03-0")
        await seat.press("shift+tab", "down", "enter")
        await seat.see("is not saved: first day of the present supply.")
        await seat.type("2\r")
        await seat.see("Saved 10:00:00: first day of the present supply 2026-03-02.")


@pytest.mark.usefixtures("rules")
async def test_going_elsewhere_with_something_typed_asks_first(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "practitioner's amount")
        await seat.type("8 Dr. M")
        await seat.press("f10")
        await seat.see("What is typed for Lindqvist, Mara is not saved. Leave it?")
        await seat.press("n")
        await seat.type("ensah\r")
        await seat.see("Saved 10:00:00")
        assert on_record(counter).amounts[0].paper == "Dr. Mensah"


@pytest.mark.usefixtures("rules")
async def test_locking_with_something_typed_leaves_nothing_on_the_screen_nor_on_record(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "practitioner's amount")
        await seat.type(f"8 {LETTER}")
        await seat.press("f8")
        text = await seat.see("Locked.")
        assert "Mensah" not in text
        assert "Lindqvist" not in text
        assert on_record(counter) == Papers()
        await seat.unlock()


@pytest.mark.usefixtures("rules")
async def test_locking_while_something_is_being_saved_saves_it(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "visiting")
        await seat.press("f8")
        await seat.see("Locked.")
        assert on_record(counter).groups == ("visiting",)


# Text from people, and who may what


@pytest.mark.usefixtures("rules")
async def test_what_a_person_typed_is_never_markup(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "practitioner's amount")
        await seat.type("8 Dr. [/x] [b]Mensah\r")
        await seat.see("Saved 10:00:00")
        assert "Dr. [/x] [b]Mensah" in seat.text


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.MANAGER])
async def test_who_may_waive_is_not_told_that_others_may(counter: Counter, role: Role) -> None:
    person = Person(UUID(int=0xF0), "Noor Haddad", role)
    counter.put(StaffAdded(person))
    counter.desk = counter.desk_of(person)
    async with at_the_queue(counter) as seat:
        await at_the_row(seat, "waiver")
        await seat.see("What the agency allows instead, in oz, or none.")
        assert "is for a" not in seat.text
