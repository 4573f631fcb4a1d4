"""Stock as the state system tells it and prices as the point of sale does; systems that are not connected."""

from dataclasses import replace

import pytest

from pcc_desk.desk.absent import NoPointOfSale, NoStateSystem
from pcc_desk.desk.links import LinkState
from pcc_desk.desk.stock import packages, read_stock
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.quantity import Quantity, Unit
from tests.desk.counter import DREAM, GUMMIES, OPENING, STOCK, TODAY, Counter, grams


async def test_stock_is_read_with_the_prices_of_the_point_of_sale(counter: Counter) -> None:
    counter.state.packages = (replace(DREAM, unit_price_cents=None), replace(GUMMIES, unit_price_cents=None))
    counter.pos.price_list = {DREAM.label: 1500}
    assert await read_stock(counter.desk) is None
    prices = {each.label: each.unit_price_cents for each in packages(counter.ledger)}
    assert prices == {DREAM.label: 1500, GUMMIES.label: GUMMIES.unit_price_cents}


async def test_what_was_known_stays_while_the_state_system_keeps_silent(counter: Counter) -> None:
    counter.state.is_down = True
    assert await read_stock(counter.desk) == Unanswered(Silence.DOWN, "METRC cannot be reached")
    assert {each.label for each in packages(counter.ledger)} == {each.label for each in STOCK}


async def test_a_price_stays_as_it_was_while_the_point_of_sale_keeps_silent(counter: Counter) -> None:
    counter.state.packages = (replace(DREAM, unit_price_cents=None),)
    counter.pos.silence = Unanswered(Silence.DOWN, "the folder of reports cannot be read")
    assert await read_stock(counter.desk) is None
    (left,) = packages(counter.ledger)
    assert left.unit_price_cents == DREAM.unit_price_cents
    assert counter.desk.links.of("POS export").state is LinkState.DOWN
    assert counter.desk.links.of("METRC").state is LinkState.UP


async def test_stock_that_was_read_again_still_lacks_what_the_state_was_not_told_yet(counter: Counter) -> None:
    await counter.give(grams("3.5"))
    counter.state.packages = STOCK
    await read_stock(counter.desk)
    (left,) = [each for each in packages(counter.ledger) if each.label == DREAM.label]
    assert left.remaining == Quantity(DREAM.remaining.milli - 3500, Unit.GRAMS)


async def test_a_state_system_that_is_not_connected_says_so_to_every_question(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    absent = NoStateSystem()
    answers = [
        await absent.ping(),
        await absent.standing("MI-P-0032-1187"),
        await absent.post(given),
        await absent.find_posted(given.external_number),
        await absent.posted_on(TODAY, OPENING),
        await absent.stock(),
    ]
    assert {each.kind for each in answers} == {Silence.ABSENT}
    assert not any(each.is_outage for each in answers)
    await absent.close()


@pytest.mark.parametrize("question", ["sales", "prices"])
async def test_a_point_of_sale_that_is_not_connected_says_so(question: str) -> None:
    absent = NoPointOfSale()
    answer = await (absent.sales(TODAY) if question == "sales" else absent.prices())
    assert answer.kind is Silence.ABSENT
