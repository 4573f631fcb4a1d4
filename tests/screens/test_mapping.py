"""What the columns of a report mean is said once, by keyboard, and the next day asks nothing."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from pcc_desk.adapters.pos.csv import PosCsv
from pcc_desk.domain.columns import SaleField
from tests.desk.counter import TODAY, Counter
from tests.fakes_outside import ZONE
from tests.screens.seat import NARROW, WIDE, Seat, at_the_queue

TITLES = "Beleg;Zeit;Ware;Etikett;Menge;Netto"
ROWS = (
    f"7;{TODAY} 14:30;Blue Dream;1A4050100000000000000417;3.5;52.00",
    f"8;{TODAY} 15:10;Gummies;1A4050100000000000000420;2;36.00",
)


def write(folder: Path, titles: str = TITLES, rows: tuple[str, ...] = ROWS) -> None:
    (folder / f"sales-{TODAY}.csv").write_text("\n".join(["Kasse 1", titles, *rows, ""]), encoding="utf-8")


async def go(counter: Counter, seat: Seat, folder: Path) -> None:
    counter.desk.pos = PosCsv("POS", folder, ZONE)
    await seat.press("ctrl+g", "r")
    await seat.see("f5 compares")


async def say_them_all(seat: Seat) -> None:
    """Name the five that are needed: the columns in their order, by the digits."""
    for key in ("1", "down", "2", "down", "down", "3", "down", "4", "down", "5"):
        await seat.press(key)


async def test_why_nothing_is_kept_is_read_to_its_end_on_a_narrow_screen(counter: Counter, tmp_path: Path) -> None:
    write(tmp_path)
    async with at_the_queue(counter, NARROW) as seat:
        await go(counter, seat, tmp_path)
        await seat.press("f5")
        await seat.see("press m and say once")
        await seat.press("m")
        await seat.see("Still needed: 1 the number of the sale")
        await seat.press("f2")
        text = await seat.see("Not saved. No column is named for: the number of the sale")
        assert "Without it a sale cannot be laid beside a receipt." in " ".join(text.split())


async def test_what_nobody_knows_is_asked_once_and_kept_with_who_said_it(counter: Counter, tmp_path: Path) -> None:
    write(tmp_path)
    async with at_the_queue(counter) as seat:
        await go(counter, seat, tmp_path)
        await seat.press("f5")
        await seat.see("press m and say once what its columns mean; nobody has yet")
        await seat.press("m")
        await seat.see("Still needed: 1 the number of the sale")
        await seat.press("f2")
        await seat.see("Not saved. No column is named for: the number of the sale")
        await say_them_all(seat)
        await seat.see("All that is needed is named.")
        await seat.press("f2")
        await seat.see("reports with these titles are read so from now on")
        (columns,) = counter.ledger.columns_said().values()
        assert columns.title_of(SaleField.LABEL) == "etikett"
        await seat.see("POS report cannot be read")
        assert "POS down" not in seat.text
        await seat.press("f5")
        await seat.see("0 not compared")
        await seat.see("POS up, answered 0:00 ago")
    write(tmp_path, ";".join(reversed(TITLES.split(";"))), tuple(";".join(reversed(each.split(";"))) for each in ROWS))
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "r")
        await seat.press("f5")
        await seat.see("0 not compared")


async def test_a_column_turns_through_what_no_other_means_and_back(counter: Counter, tmp_path: Path) -> None:
    write(tmp_path)
    async with at_the_queue(counter) as seat:
        await go(counter, seat, tmp_path)
        await seat.press("m")
        await seat.see("Still needed")
        await seat.press("right")
        await seat.see("1 the number of the sale  ")
        await seat.press("down", "right")
        await seat.see("2 when it was paid  ")
        await seat.press("1")
        await seat.see(lambda text: text.count("1 the number of the sale") == 1)
        await seat.press("delete")
        await seat.see("Still needed: 1 the number of the sale, 2 when it was paid")
        await seat.press("left")
        await seat.see("how far the posting to the st")
        await seat.press("escape")
        await seat.see("What the columns mean is not saved. Leave it?")
        await seat.press("y")
        await seat.see("Reconcile")
        assert counter.ledger.columns_said() == {}


async def test_a_known_report_shows_what_it_means(counter: Counter, tmp_path: Path) -> None:
    write(tmp_path, "Order ID;Order Time;Product Name;Package ID;Total Inventory Sold;Net Sales")
    async with at_the_queue(counter) as seat:
        await go(counter, seat, tmp_path)
        await seat.press("m")
        await seat.see("looks like Dutchie: Sales report")
        await seat.see("All that is needed is named.")
        await seat.press("escape")
        await seat.see("f5 compares")


async def test_without_a_report_that_is_said(counter: Counter, tmp_path: Path) -> None:
    async with at_the_queue(counter) as seat:
        await go(counter, seat, tmp_path)
        await seat.press("m")
        await seat.see(f"There is no sales-{TODAY}.csv among its reports")


async def test_a_point_of_sale_without_reports_has_no_columns(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "r")
        await seat.press("m")
        await seat.see("is not read from reports: it has no columns")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["100x30", "80x24"])
async def test_pictures_of_what_columns_mean(
    counter: Counter, tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    write(tmp_path)
    async with at_the_queue(counter, size) as seat:
        await go(counter, seat, tmp_path)
        await seat.press("m")
        await seat.see("Still needed")
        await seat.press("1", "down", "2", "down", "right")
        await seat.rest()
        assert seat.text == snapshot
