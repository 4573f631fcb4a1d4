"""Who has little left, told for everybody before anybody comes."""

from fractions import Fraction
from uuid import UUID

import pytest

from pcc_desk.desk import morning
from pcc_desk.desk.morning import Low, low_standings
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.entries import DispensationRecorded
from pcc_desk.domain.people import Patient
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity
from pcc_desk.rulebook import rules_for
from tests.desk.counter import ANA, CHIDIS_CARD, DREAM, MARA, OPENING, TODAY, WAX, Counter, grams


async def lows(counter: Counter) -> tuple[Low, ...]:
    return await low_standings(counter.desk, lambda done, total: None)


def handed_over(counter: Counter, patient: Patient, package: Package, milli: int) -> None:
    """Put on record that something was handed over, whatever the rules say of it."""
    quantity = Quantity(milli, package.remaining.unit)
    line = DispensedLine(package.label, package.product, package.category, quantity, package.measures(quantity), 100)
    given = Dispensation(UUID(int=0xD15), patient.id, None, "MI-P-1", "", OPENING, ANA.id, "PCC-0", (line,))
    counter.put(DispensationRecorded(given, TODAY, UUID(int=0xF00)))


async def test_nobody_is_low_who_bought_nothing(counter: Counter) -> None:
    assert await lows(counter) == ()


async def test_whoever_has_less_than_a_fifth_of_a_limit_left_is_told_with_the_limit_and_when_more_comes_back(
    counter: Counter,
) -> None:
    await counter.give(grams("60"))
    await counter.give(grams("3.5"), card=CHIDIS_CARD)
    (low,) = await lows(counter)
    assert (low.patient.family_name, low.limit.id) == ("Lindqvist", "mi-day")
    assert low.share < morning.LITTLE
    assert low.then is not None
    assert (low.then.on - counter.desk.today).days == 1


async def test_whose_standing_cannot_be_told_comes_last_and_is_not_called_low(counter: Counter) -> None:
    await counter.give(grams("60"), card=CHIDIS_CARD)
    handed_over(counter, MARA, WAX, 1000)
    first, second = await lows(counter)
    assert first.patient.family_name == "Okafor"
    assert second.patient.family_name == "Lindqvist"
    assert isinstance(second.left, CannotTell)


async def test_how_far_it_is_is_told_and_everybody_is_looked_at(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(morning, "AT_ONCE", 2)
    await low_standings(counter.desk, lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)
    assert [done for done, _ in told] == [2, 4, 4]


async def test_rules_that_do_not_simply_add_up_are_counted_line_by_line(counter: Counter) -> None:
    handed_over(counter, MARA, DREAM, 130_000)
    connecticut = rules_for("CT", counter.desk.today)
    counter.desk.rules_on = lambda day, order_began=None, /: connecticut
    (low,) = await lows(counter)
    assert (low.limit.id, low.left) == ("ct-5.0", Fraction("11.7475"))
