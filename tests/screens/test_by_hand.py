"""What the state's page shows, typed by keyboard: nothing is guessed, and an empty row is not zero."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from pcc_desk.adapters.state.manual import Manual
from pcc_desk.desk.absent import NoStateSystem
from pcc_desk.desk.by_hand import Seen, save_reading, to_enter
from pcc_desk.desk.dispensing import Recorded, hand_over
from pcc_desk.domain.people_entries import PatientsMerged
from pcc_desk.domain.registry import CardNotFound, Reading, RegistryStanding, Verification
from pcc_desk.domain.rules import RegistryFigure
from pcc_desk.domain.typed_readings import CardSays
from tests.desk.counter import CHIDI, CHIDIS_CARD, MARA, MARAS_CARD, OPENING, Counter, grams
from tests.screens.seat import NARROW, HeldStore, Seat, at_the_queue


@pytest.fixture
def manual(counter: Counter) -> Counter:
    """Put people in the place of the state system."""
    counter.desk.state = Manual("OARRS")
    return counter


def read(counter: Counter) -> Verification | None:
    return counter.ledger.last_verification(MARA.id)


async def at_the_form(seat: Seat) -> None:
    await seat.press("a")
    await seat.see("MAY BE DISPENSED NOW")
    await seat.press("r")
    await seat.see("Read by hand for Lindqvist, Mara")


async def test_what_is_read_is_typed_row_by_row_and_counts_at_once(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        assert f"Look for card {MARAS_CARD.number} now" in seat.text
        await seat.type("y\r2027-06-30\r1.5 oz\r4\r")
        text = await seat.see("Saved 10:00:00: read by hand by Ana Ruiz from OARRS, 10:00.")
        assert "OARRS 1.50 · own sum 2.50 · OARRS counts" in text
        assert "OARRS read by hand, last 0:00 ago" in text
    limits = (("mi-day", Decimal("1.5")), ("mi-30d", Decimal(4)))
    answer = RegistryStanding(MARAS_CARD.number, True, (), date(2027, 6, 30), None, limits)
    verification = read(manual)
    assert verification is not None
    assert (verification.answer, verification.read) == (answer, Reading("Ana Ruiz", "OARRS"))


async def test_of_one_person_with_two_cards_the_page_is_read_for_both(manual: Counter) -> None:
    manual.put(PatientsMerged(MARA.id, CHIDI.id, "the same passport"))
    async with at_the_queue(manual, NARROW) as seat:
        await at_the_form(seat)
        assert f"Look for card {CHIDIS_CARD.number} now" in seat.text
        await seat.type("y\r2027-06-30\r1.5 oz\r4\r")
        await seat.see(f"Look for card {MARAS_CARD.number} now")
        await seat.type("y\r2027-06-30\r2 oz\r3\r")
        text = await seat.see(f"also for card {CHIDIS_CARD.number}")
        assert "OARRS 1.50" in text
        assert "OARRS 3" in text
    assert manual.recorded("standing.asked") == 2


async def test_who_leaves_before_the_second_card_has_read_one_and_nothing_rests_on_it(manual: Counter) -> None:
    manual.put(PatientsMerged(MARA.id, CHIDI.id, "the same passport"))
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y\r2027-06-30\r1.5 oz\r4\r")
        await seat.see(f"Look for card {MARAS_CARD.number} now")
        await seat.press("escape")
        await seat.see(f"The registry was not asked for card {MARAS_CARD.number}, which is theirs too.")


async def test_a_row_left_empty_is_not_zero(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y\r\r0\r\r")
        await seat.see("Saved 10:00:00")
        text = await seat.see("LIMITS")
        assert "cannot tell" in text
        assert "what was read does not show" in text
    verification = read(manual)
    assert verification is not None
    assert isinstance(verification.answer, RegistryStanding)
    assert verification.answer.by_limit == (("mi-day", Decimal(0)),)
    assert verification.answer.card_expires is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("\r", "Type what the page shows for the card: y for active"),
        ("maybe\r", "Type what the page shows for the card"),
        ("y\r6/30/2027\r", "“6/30/2027” is no day."),
        ("y\r2027-02-30\r", "is no day."),
        ("y\r\r2,5\r", "“2,5” is no amount."),
        ("y\r\r70 g\r", "This limit is counted in oz, not in g."),
        ("y\r\rnone\r", "Nothing left is typed as 0."),
        ("y\r\r1 2026-01-01..\r", "Only the number that is left belongs here"),
    ],
)
async def test_what_cannot_be_understood_is_answered_and_stays_typed(manual: Counter, typed: str, why: str) -> None:
    async with at_the_queue(manual, NARROW) as seat:
        await at_the_form(seat)
        await seat.type(typed)
        await seat.see(lambda text: why in " ".join(text.split()))
        assert "Not taken." in seat.text
        last = typed.rstrip("\r").split("\r")[-1]
        assert any(line.strip() == last for line in seat.lines) or not last
        assert read(manual) is None


async def test_f2_saves_at_once_and_goes_to_the_first_row_that_is_wrong(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.press("f2")
        await seat.see("Not saved. Type what the page shows for the card")
        await seat.press("down", "down")
        await seat.type("a lot")
        await seat.press("up", "up")
        await seat.type("y")
        await seat.press("f2")
        await seat.see("Not saved. Begin with the amount in oz")
        assert any(line.startswith("▸ left of a day") for line in seat.lines)
        assert read(manual) is None


async def test_a_page_must_be_named_and_is_remembered(counter: Counter) -> None:
    counter.desk.state = NoStateSystem()
    async with at_the_queue(counter) as seat:
        await at_the_form(seat)
        await seat.type("\r")
        await seat.see("Type on which page or monitor you read it")
        await seat.type("State [/x] portal\ry")
        await seat.press("f2")
        await seat.see("read by hand by Ana Ruiz from State [/x] portal, 10:00")
        await seat.press("r")
        await seat.see("Read by hand for")
        assert any(line.strip().startswith("page or monitor") and "State [/x] portal" in line for line in seat.lines)
        assert any(line.startswith("▸ card") for line in seat.lines)


@pytest.mark.parametrize(
    ("letter", "says", "told"),
    [
        ("u", CardNotFound(MARAS_CARD.number), f"no card {MARAS_CARD.number}, read by hand by Ana Ruiz from OARRS"),
        ("n", RegistryStanding(MARAS_CARD.number, False, ()), "card not active, read by hand by Ana Ruiz from OARRS"),
        ("d", None, "could not tell: OARRS was down when Ana Ruiz looked"),
    ],
)
async def test_that_the_card_is_not_there_or_the_page_is_down_can_be_said(
    manual: Counter, letter: str, says: object, told: str
) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type(letter)
        await seat.press("f2")
        await seat.see(told)
    verification = read(manual)
    assert verification is not None
    assert says is None or verification.answer == says


async def test_figures_of_a_card_that_is_not_there_are_refused(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.press("down", "down")
        await seat.type("1")
        await seat.press("up", "up")
        await seat.type("u")
        await seat.press("f2")
        await seat.see("It says “no such card”, and yet figures are typed.")
        assert read(manual) is None


async def test_a_figure_above_what_the_rules_allow_is_doubted_and_taken(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y\r\r25\r")
        await seat.see("The rules allow 2.50 oz in all. Look again whether the page says 25 oz.")
        await seat.type("9\r")
        await seat.see("Saved 10:00:00")
        assert "own sum counts" in seat.text


async def test_a_number_of_grams_is_asked_for_where_the_rules_read_one(manual: Counter) -> None:
    rules = manual.desk.rules
    limits = tuple(replace(each, registry=RegistryFigure()) for each in rules.limits)
    manual.desk.rules_on = lambda on, order_began=None: replace(rules, limits=limits)
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y\r\r\r\r28\r")
        text = await seat.see("Saved 10:00:00")
        assert "OARRS 0.98 · own sum 2.50" in text


# Where it is opened


async def test_at_the_check_in_r_opens_the_form_and_the_answer_stands_there(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await seat.type("/oka\r")
        await seat.see("a person reads it in OARRS; press r and type what it shows")
        await seat.press("i", "p", "c", "r")
        await seat.see("Read by hand for")
        await seat.type("y\r\r1\r4\r")
        text = await seat.see("for: ")
        assert "Registry: read by hand by Ana Ruiz from OARRS, 10:00" in text
        await seat.press("enter")
        await seat.see(": checked in.")
    assert manual.recorded("standing.asked") == 1


async def test_the_chart_tells_what_was_read_and_asks_for_the_states_number(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await seat.press("enter")
        await seat.press("r")
        await seat.see("Read by hand for")
        await seat.type("y\r\r1\r4\r")
        await seat.see("OARRS: card active, read by hand by Ana")
        outcome = await hand_over(manual.desk, MARA.id, (grams("3.5"),), manual.desk.act())
        assert isinstance(outcome, Recorded)
        await seat.see("1 post waiting, 1 for you to decide")
        await seat.press("f5")
        await seat.press("t")
        await seat.see("Enter it in OARRS, then type its number")
        assert outcome.dispensation.external_number in seat.text
        assert "3.5 g Blue Dream" in seat.text
        await seat.type("\r")
        await seat.see("Type the number that the state's page shows for it.")
        await seat.type("S-417\r")
        await seat.see("Saved 10:00:00: entered by hand under S-417.")
        await seat.see("receipt S-417")
    assert to_enter(manual.ledger, MARA.id, act=manual.act()) == ()


async def test_what_waits_to_be_entered_is_told_when_the_chart_is_opened(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        figures = (("mi-day", Decimal(1)), ("mi-30d", Decimal(4)))
        seen = Seen("OARRS", CardSays.ACTIVE, by_limit=figures)
        await save_reading(manual.desk, MARA.id, MARAS_CARD.number, seen, since=OPENING)
        await hand_over(manual.desk, MARA.id, (grams("3.5"),), manual.desk.act())
        await seat.press("enter")
        await seat.see("1 dispensation waits for you: enter it in OARRS, then type its number (t).")
        assert "send again" not in seat.lines[-1]
        await seat.press("t")
        await seat.see("Enter it in OARRS")
        await seat.press("escape")
        await seat.see("[Chart")
    assert len(to_enter(manual.ledger, MARA.id, act=manual.act())) == 1


async def test_where_a_program_posts_nobody_is_asked_for_numbers(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.press("t")
        assert "type its number" not in seat.text
        assert "send again" in seat.lines[-1]


async def test_with_the_registry_down_what_was_read_elsewhere_can_be_typed(counter: Counter) -> None:
    counter.state.is_down = True
    async with at_the_queue(counter) as seat:
        await seat.press("a")
        await seat.see("MAY BE DISPENSED NOW")
        await seat.press("h")
        await seat.see("Read by hand for")
        await seat.type("the agency's hotline\ry\r\r1\r4\r")
        await seat.see("read by hand by Ana Ruiz from the agency's hotline, 10:00")
        assert "METRC up" not in seat.text


# Leaving


async def test_leaving_with_something_typed_asks_and_drops_it(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y\r")
        await seat.press("escape")
        await seat.see("What was read for Lindqvist, Mara is not saved. Leave it?")
        await seat.press("n")
        await seat.see("Read by hand for")
        await seat.press("escape", "y")
        await seat.see("MAY BE DISPENSED NOW")
        assert read(manual) is None


async def test_leaving_with_nothing_typed_asks_nothing(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.press("escape")
        text = await seat.see("MAY BE DISPENSED NOW")
        assert "Saved" not in text
        assert "Press r to ask" in text


async def test_locking_leaves_nothing_of_what_was_typed(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y\r2027-06-30\r1.5")
        await seat.press("f8")
        text = await seat.see("Locked.")
        assert "Lindqvist" not in text
        assert "1.5" not in text
        assert read(manual) is None
        await seat.unlock()


async def test_it_is_saved_once_however_often_the_key_is_pressed_meanwhile(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        await seat.type("y")
        held = manual.desk.store = HeldStore(manual.ledger)
        await seat.press("f2", "f2", "enter", "escape", "f2")
        held.gate.set()
        await seat.see("Saved 10:00:00")
        await seat.rest()
    assert manual.recorded("standing.asked") == 1


async def test_what_is_read_counts_from_when_the_form_was_opened(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_form(seat)
        manual.clock.advance(timedelta(minutes=4))
        await seat.type("y")
        await seat.press("f2")
        await seat.see("Saved 10:04:00: read by hand by Ana Ruiz from OARRS, 10:00.")
    verification = read(manual)
    assert verification is not None
    assert verification.asked_at == OPENING
