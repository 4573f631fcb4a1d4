"""Before a risky act the secret is asked for again, for that act alone."""

from pcc_desk.domain.dispensing import Dispensation
from tests.desk.counter import Counter, grams
from tests.screens.seat import Seat, at_the_queue


async def at_a_void(seat: Seat, counter: Counter) -> Dispensation:
    """Type why Mara's newest dispensation is void, up to where the secret is asked for."""
    given = await counter.give(grams("3.5"))
    await seat.press("enter")
    await seat.see("3.5 g Blue Dream")
    await seat.press("v")
    await seat.see("Void what was dispensed to Lindqvist, Mara")
    await seat.type("rung up twice\r")
    await seat.see("type your PIN or passphrase again")
    return given


async def test_a_wrong_secret_is_refused_and_on_record_and_nothing_is_struck(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        given = await at_a_void(seat, counter)
        await seat.type("not it\r")
        await seat.see("That is not your secret.")
        assert "not it" not in seat.text
        assert counter.recorded("proof.failed") == 1
        await seat.type("nor this\r")
        await seat.rest()
        assert counter.recorded("proof.failed") == 2
        await seat.press("escape")
        await seat.see("Not done: your secret was not typed again.")
        assert counter.ledger.amendments(given.id) == ()


async def test_with_the_right_secret_the_act_is_done_and_no_failure_is_on_record(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        given = await at_a_void(seat, counter)
        await seat.prove()
        await seat.see("voided. METRC is told")
        assert len(counter.ledger.amendments(given.id)) == 1
        assert counter.recorded("proof.failed") == 0
