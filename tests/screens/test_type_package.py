"""A shop whose state system people read types what is in stock, and dispenses from it."""

import pytest

from pcc_desk.adapters.state.manual import Manual
from pcc_desk.domain.entries import DispensationRecorded, PackageTyped, StockRead
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from tests.desk.counter import Counter
from tests.screens.seat import NARROW, WIDE, Seat, at_the_queue
from tests.screens.test_flows import open_maras_chart

TAG = "1A4050100000111000007777"


@pytest.fixture
def manual(counter: Counter) -> Counter:
    """Put people in the place of the state system, and empty the shelves."""
    counter.desk.state = Manual("State page")
    counter.put(StockRead((), "by hand"))
    return counter


async def at_the_package(seat: Seat) -> None:
    await open_maras_chart(seat)
    await seat.press("d")
    await seat.see("State page is read by hand: type a package (f3), or import the stock.")
    await seat.press("f3")
    await seat.see("A package in stock")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_what_is_typed_is_in_stock_exactly(manual: Counter, size: tuple[int, int]) -> None:
    async with at_the_queue(manual, size) as seat:
        await at_the_package(seat)
        await seat.type(f"{TAG.lower()}\rMoon Haze\rflower\r28.125\rg\r\r\r\r14.85\r2027-06-30\r")
        await seat.see("Saved 10:00:00: 28.125 g of Moon Haze in stock.")
        await seat.see("14.85")
    entry = next(each for each, _ in manual.ledger.acts.values() if isinstance(each, PackageTyped))
    assert entry.package.label == TAG
    assert manual.ledger.package(TAG) == Package(
        TAG,
        "Moon Haze",
        "flower",
        Quantity(28_125, Unit.GRAMS),
        expires_on=entry.package.expires_on,
        unit_price_cents=1485,
    )


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("\r" * 10, "The tag is missing."),
        (f"{TAG}\rMoon\rmoonrock\r1\rg", "The rules know no category “moonrock”."),
        (f"{TAG}\rMoon\rflower\r1,5\rg", "“1,5” is not a number."),
        (f"{TAG}\rMoon\rflower\r1.5\reach", "Pieces are counted whole."),
        (f"{TAG}\rMoon\rflower\r1.5\roz", "“oz” is no unit here."),
    ],
)
async def test_what_cannot_be_used_is_answered_at_its_row_and_nothing_is_kept(
    manual: Counter, typed: str, why: str
) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_package(seat)
        await seat.type(typed)
        await seat.press("f2")
        await seat.see(lambda text: f"Not saved. {why}" in " ".join(text.split()))
    assert manual.recorded(PackageTyped.name) == 0


async def test_stock_that_a_program_reads_is_not_typed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await open_maras_chart(seat)
        await seat.press("d")
        await seat.see("Blue Dream")
        await seat.press("f3")
        assert "A package in stock" not in seat.text
        assert "f5 read stock" in seat.text
    assert counter.recorded(DispensationRecorded.name) == 0


async def test_a_package_that_was_being_typed_is_there_after_the_lock(manual: Counter) -> None:
    async with at_the_queue(manual) as seat:
        await at_the_package(seat)
        await seat.type(f"{TAG}\rMoon Haze\rflower\r28")
        await seat.press("f8")
        await seat.see("Draft kept for A.")
        await seat.unlock()
        await at_the_package(seat)
        await seat.see("Taken up from your draft.")
        assert "Moon Haze" in seat.text
        await seat.type(".125\rg\r\r\r\r\r\r")
        await seat.see("28.125 g of Moon Haze in stock.")
