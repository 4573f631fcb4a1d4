"""Signing a day at the desk: what is said to whoever cannot, and of a signature that holds no more."""

from dataclasses import replace
from datetime import timedelta

from pcc_desk.desk.closing import Intent, decide
from pcc_desk.desk.day_end import read_day
from pcc_desk.desk.outbox import post_due
from pcc_desk.domain.closing import Decision
from pcc_desk.domain.entries import StaffAdded
from tests.desk.counter import ANA, TODAY, Counter, grams
from tests.desk.test_closing import NOOR
from tests.screens.seat import Seat, at_the_queue


async def a_day(counter: Counter) -> None:
    """A day that agrees."""
    counter.put(StaffAdded(NOOR))
    counter.pos.ring_up([await counter.give(grams("3.5"))])
    await post_due(counter.desk)
    counter.clock.advance(timedelta(minutes=2))


async def one_more_sale(counter: Counter) -> None:
    """Another sale at the till that is in somebody's hands, read elsewhere."""
    till = counter.pos.rung_up
    till.append(replace(till[0], number="5000", external_number="", sold_at=till[0].sold_at + timedelta(hours=-1)))
    (found,) = (await read_day(counter.desk, TODAY)).findings
    intent = Intent(Decision.ASSIGNED, "Noor enters it", NOOR.id, TODAY)
    decide(counter.ledger, TODAY, found.key, intent, act=counter.act())


async def ask_to_sign(seat: Seat) -> None:
    await seat.press("ctrl+g", "r")
    await seat.press("f2")
    await seat.see("f2 signs, after your secret.")


async def sign_first(seat: Seat) -> None:
    await ask_to_sign(seat)
    await seat.press("f2")
    await seat.prove()
    await seat.see("The other signature is still missing")


async def test_whoever_signed_already_is_told_so_and_is_not_asked_for_their_secret() -> None:
    counter = Counter()
    await a_day(counter)
    async with at_the_queue(counter) as seat:
        await sign_first(seat)
        await seat.press("f2")
        await seat.see(f"{ANA.name} has signed already as coordinator.")
        await seat.press("f2")
        assert "type your PIN" not in seat.text
        assert f"{ANA.name} has signed already as coordinator." in seat.text


async def test_a_signature_that_was_refused_says_why_until_it_was_read() -> None:
    counter = Counter()
    await a_day(counter)
    async with at_the_queue(counter) as seat:
        await ask_to_sign(seat)
        await one_more_sale(counter)
        await seat.press("f2")
        await seat.prove()
        await seat.see("Not signed: something changed meanwhile.")
        assert "1 assigned" in seat.text


async def test_a_signature_that_holds_no_more_is_told_with_who_gave_it_and_when() -> None:
    counter = Counter()
    await a_day(counter)
    async with at_the_queue(counter) as seat:
        await sign_first(seat)
        await one_more_sale(counter)
        await seat.press("f2")
        text = " ".join((await seat.see("f2 signs, after your secret.")).split())
        assert f"coordinator: not signed; {ANA.name} signed Thu" in text
        assert "and something changed since" in text
