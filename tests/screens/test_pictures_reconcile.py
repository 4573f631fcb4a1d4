"""How the end of a day looks, as text, wide and narrow. A change of a picture is looked at before it is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from pcc_desk.desk.closing import Intent, day_on_record, decide, sign_day
from pcc_desk.desk.day_end import read_day
from pcc_desk.desk.outbox import post_due
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.closing import Decision
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.sales import LineUnit
from pcc_desk.domain.shelf import ShelfPackage
from tests.desk.counter import ANA, CHIDIS_CARD, DREAM, GUMMIES, HELD, TODAY, Counter, grams, pieces
from tests.desk.test_closing import NOOR
from tests.screens.scenes import BOTH_SIZES, Scenes, looks_as_agreed
from tests.screens.seat import Seat, at_the_queue

scene = Scenes()


async def a_day(counter: Counter) -> None:
    """Three sales, one of which says another quantity at the till, and one more that the state has not."""
    counter.put(StaffAdded(NOOR))
    given = [
        await counter.give(grams("3.5")),
        await counter.give(grams("7"), pieces(1)),
        await counter.give(pieces(2), card=CHIDIS_CARD),
    ]
    counter.pos.ring_up(given)
    await post_due(counter.desk)
    counter.clock.advance(timedelta(hours=2))
    till = counter.pos.rung_up
    till[2] = replace(till[2], lines=(replace(till[2].lines[0], milli=1000),))
    till.append(replace(till[0], number="5000", external_number="", sold_at=till[0].sold_at + timedelta(hours=1)))


async def a_closed_day(counter: Counter) -> None:
    """A day that agrees, signed by both."""
    counter.put(StaffAdded(NOOR))
    counter.pos.ring_up([await counter.give(grams("3.5")), await counter.give(pieces(2), card=CHIDIS_CARD)])
    await post_due(counter.desk)
    counter.clock.advance(timedelta(minutes=2))
    day = await read_day(counter.desk, TODAY)
    for person in (ANA, NOOR):
        sign_day(counter.ledger, TODAY, day.digest, act=counter.act(person))


async def compared(seat: Seat) -> None:
    """Go to the place and compare."""
    await seat.press("ctrl+g", "r")
    await seat.press("f5")
    await seat.see("0 not compared")


@scene
async def differences(counter: Counter, seat: Seat) -> None:
    await a_day(counter)
    await compared(seat)


@scene
async def decided_in_every_way(counter: Counter, seat: Seat) -> None:
    await a_day(counter)
    day = await read_day(counter.desk, TODAY)
    ways = (
        Intent(Decision.EXPLAINED, "Posted again on the 13th, under its own date", ANA.id, TODAY),
        Intent(Decision.FIXED, "receipt 90002 edited to 1 each"),
    )
    for found, intent in zip(day.findings, ways, strict=True):
        decide(counter.ledger, TODAY, found.key, intent, act=counter.act())
    await seat.press("ctrl+g", "r")
    await seat.see("explained")


@scene
async def explaining(counter: Counter, seat: Seat) -> None:
    await a_day(counter)
    await compared(seat)
    await seat.press("e")
    await seat.type("Posted again on the 13th\rnoor\r")
    await seat.see("2 of 3")


@scene
async def before_signing(counter: Counter, seat: Seat) -> None:
    await a_day(counter)
    await compared(seat)
    await seat.press("f2")
    await seat.see("Not ready to be signed")


@scene
async def ready_to_be_signed(counter: Counter, seat: Seat) -> None:
    counter.pos.ring_up([await counter.give(grams("3.5"))])
    await post_due(counter.desk)
    counter.clock.advance(timedelta(minutes=2))
    await compared(seat)
    await seat.press("f2")
    await seat.see("f2 signs")


@scene
async def open_again(counter: Counter, seat: Seat) -> None:
    await a_closed_day(counter)
    counter.pos.rung_up[0] = replace(counter.pos.rung_up[0], lines=())
    await compared(seat)


@scene
async def past_days(counter: Counter, seat: Seat) -> None:
    await a_closed_day(counter)
    await seat.press("ctrl+g", "r")
    await seat.press("h")
    await seat.see("Closed Thu 12 Mar")


@scene
async def packages(counter: Counter, seat: Seat) -> None:
    counter.state.packages = (DREAM, GUMMIES, HELD)
    counter.pos.shelf = (
        ShelfPackage(DREAM.label, DREAM.product, 249_000, LineUnit.GRAMS, "flower"),
        ShelfPackage(
            GUMMIES.label, GUMMIES.product, 40_000, LineUnit.EACH, "edible", potency_mg="950", unit_weight_mg=60
        ),
        ShelfPackage(HELD.label, HELD.product, 50_000, LineUnit.GRAMS, "flower", "Active"),
        ShelfPackage("1A40501000001110000009999", "Old batch", 3_000, LineUnit.EACH, "edible"),
    )
    await seat.press("ctrl+g", "r")
    await seat.press("i")
    await seat.see("3 differ")


@scene
async def packages_that_cannot_be_read(counter: Counter, seat: Seat) -> None:
    counter.pos.silence = Unanswered(Silence.ABSENT, "no columns of a stock report are known")
    await seat.press("ctrl+g", "r")
    await seat.press("i")
    await seat.see("NOT COMPARED")


@BOTH_SIZES
@pytest.mark.parametrize("name", scene)
async def test_the_end_of_a_day_looks_as_it_was_agreed(
    counter: Counter, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]
) -> None:
    async with at_the_queue(counter, size) as seat:
        await looks_as_agreed(scene[name], counter, seat, snapshot)


async def test_a_difference_is_explained_by_keys_alone(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await a_day(counter)
        await compared(seat)
        await seat.press("e")
        await seat.type("Posted again on the 13th\rnobody at all\r")
        await seat.see("Nobody, or more than one, on the staff is called so")
        await seat.press(*["backspace"] * 13)
        await seat.type("had\r2026-02-31\r")
        await seat.see("“2026-02-31” is no day")
        await seat.press(*["backspace"] * 10)
        await seat.type("2026-03-20\r")
        await seat.see("Saved")
        (decided,) = counter.ledger.decisions(TODAY)
        assert (decided.owner, decided.decision) == (NOOR.id, Decision.EXPLAINED)


async def test_a_decision_without_words_is_asked_for_again(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await a_day(counter)
        await compared(seat)
        await seat.press("x", "enter")
        await seat.see("Say it in words")
        await seat.press("escape")
        await seat.rest()
        assert counter.ledger.decisions(TODAY) == ()


async def test_the_key_goes_round_the_differences_that_are_open(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await a_day(counter)
        await compared(seat)
        first = next(line for line in seat.lines if "▸" in line)
        await seat.press("n")
        assert next(line for line in seat.lines if "▸" in line) != first
        await seat.press("n")
        assert next(line for line in seat.lines if "▸" in line) == first


async def test_a_day_is_signed_after_the_secret(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await ready_to_be_signed(counter, seat)
        await seat.press("f2")
        await seat.see("type your PIN or passphrase again")
        await seat.prove()
        await seat.see("The other signature is still missing")
        (signature,) = counter.ledger.day_signatures(TODAY)
        assert signature.by == ANA.id
        await seat.see("signed by Ana Ruiz, one missing")


async def test_a_day_with_something_left_to_do_is_not_signed_whatever_is_pressed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await a_day(counter)
        await compared(seat)
        await seat.press("f2")
        await seat.see("Not ready to be signed")
        await seat.press("f2", "enter", "f2")
        await seat.rest()
        assert counter.ledger.day_signatures(TODAY) == ()
        assert day_on_record(counter.ledger, TODAY, act=counter.act()).signatures == ()


async def test_a_missing_post_goes_out_from_the_difference(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        counter.state.is_down = True
        counter.note_notice()
        await counter.ask()
        late = await counter.give(grams("1"))
        counter.pos.ring_up([late])
        await post_due(counter.desk)
        counter.state.heal()
        await compared(seat)
        await seat.press("p")
        await seat.see("Post PCC-")
        await seat.press("y")
        await seat.see("it is tried now")
        await post_due(counter.desk)
        await seat.press("v")
        await seat.see("1 verified")


async def test_what_another_till_sold_cannot_be_put_right_here_and_that_is_said(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await a_day(counter)
        await compared(seat)
        await seat.press("p")
        await seat.see("This desk did not dispense it.")
