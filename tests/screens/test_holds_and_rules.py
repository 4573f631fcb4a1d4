"""At the counter: what is set aside by itself, and rules that have changed since somebody last dispensed."""

from dataclasses import replace
from uuid import UUID

from pcc_desk.domain.entries import HoldPlaced
from pcc_desk.domain.holds import HeldAmount, Hold
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.visits import VisitState
from pcc_desk.rulebook import fingerprint, rules_for
from tests.desk.counter import ANA, CHIDI, MARA, TODAY, Counter
from tests.screens.seat import Seat, at_the_queue

MICHIGAN = rules_for("MI", TODAY)


def stricter() -> Rules:
    """Return Michigan's rules with two ounces a day."""
    day, *others = MICHIGAN.limits
    rules = replace(MICHIGAN, limits=(replace(day, amount=day.amount and day.amount - 1), *others))
    return replace(rules, fingerprint=fingerprint(rules))


def holds(counter: Counter, patient_id: UUID = MARA.id) -> tuple[Hold, ...]:
    return counter.ledger.holds(patient_id, TODAY)


async def with_a_basket(seat: Seat) -> None:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("r")
    await seat.see("METRC answered")
    await seat.press("d")
    await seat.see("Blue Dream")
    await seat.type("blue\r3.5\r")
    await seat.see("Fits.")


# What is set aside


async def test_checking_in_sets_aside_what_the_registry_allows(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("down", "enter")
        await seat.see("Registry: METRC answered, asked 10:00:00")
        assert holds(counter, CHIDI.id) == ()
        await seat.press("i", "p", "c", "enter")
        await seat.see("Saved 10:00:00: checked in.")
        (hold,) = holds(counter, CHIDI.id)
        assert hold.has_left
        assert [row.visit.id for row in counter.ledger.queue(TODAY) if row.patient == CHIDI] == [hold.visit_id]


async def test_asking_the_registry_in_a_visit_sets_aside_and_ending_the_visit_gives_back(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("Lindqvist, Mara   born")
        assert holds(counter) == ()
        await seat.press("r")
        await seat.see("METRC answered")
        (hold,) = holds(counter)
        assert hold.is_open
        await seat.press("x")
        await seat.see("the visit is done.")
        assert holds(counter) == (replace(hold, is_open=False),)


async def test_asking_in_the_record_of_somebody_who_is_expected_only_sets_nothing_aside(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "a")
        await seat.type("okafor\r")
        await seat.press("c")
        await seat.see("visit: expected")
        await seat.press("r")
        await seat.see("METRC answered")
        assert holds(counter, CHIDI.id) == ()


async def test_what_is_set_aside_for_another_visit_is_told(counter: Counter) -> None:
    other = UUID(int=0xE0FF)
    full = tuple(sorted((HeldAmount(each.id, each.amount or each.first_amount) for each in MICHIGAN.limits), key=str))  # type: ignore[arg-type]
    counter.put(HoldPlaced(Hold(UUID(int=0xF0), MARA.id, other, TODAY, full)))
    async with at_the_queue(counter) as seat:
        await seat.press("enter")
        await seat.see("Lindqvist, Mara   born")
        await seat.press("r")
        await seat.see("set aside for another visit of today.")
        assert len(holds(counter)) == 1


# The rules


async def test_the_rules_of_today_are_put_on_record_once_after_unlocking(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.rest()
        assert counter.recorded("rules.taken_up") == 1
        await seat.press("f8")
        await seat.see("Locked.")
        await seat.unlock()
        await seat.rest()
        assert counter.recorded("rules.taken_up") == 1


async def test_rules_that_changed_are_read_before_the_next_dispensing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("f2")
        await seat.see("dispensed for 51.98")
        rules = stricter()
        counter.desk.rules_on = lambda on, order_began=None: rules
        await seat.press("d")
        await seat.see("Blue Dream")
        await seat.type("blue\r3.5\r")
        await seat.press("f2")
        text = await seat.see("The rules have changed since you last dispensed.")
        assert "What a sale goes by" in text
        assert "2.5" in text
        assert "1.5" in text
        await seat.press("n")
        await seat.see("Not recorded. The rules have changed since you last dispensed.")
        assert counter.recorded("dispensation.recorded") == 1
        assert counter.recorded("rules.acknowledged") == 0
        await seat.press("f2")
        await seat.see("y i have read it")
        await seat.press("y")
        await seat.see("dispensed for 51.98")
        assert counter.recorded("dispensation.recorded") == 2
        assert counter.ledger.known_rules(ANA.id) == rules.fingerprint


async def test_escape_is_not_now(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await with_a_basket(seat)
        await seat.press("f2")
        await seat.see("dispensed for 51.98")
        rules = stricter()
        counter.desk.rules_on = lambda on, order_began=None: rules
        await seat.press("d")
        await seat.see("Blue Dream")
        await seat.type("blue\r3.5\r")
        await seat.press("f2")
        await seat.see("The rules have changed")
        await seat.press("escape")
        assert "3.5 g  Blue Dream" in await seat.see("Not recorded.")
        assert counter.ledger.open_visit(MARA.id, TODAY) is not None
        assert counter.ledger.queue(TODAY)[0].visit.state is VisitState.WAITING
