"""Reports as points of sale write them, as spreadsheets leave them, and as a crash cuts them."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pcc_desk.adapters.pos.csv import PosCsv, connect
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.reconciliation import DaySales

DAY = date(2026, 3, 12)
HEADER = "Order ID,Order Time,Product Name,Package ID,Total Inventory Sold,Net Sales,Return Date,Reference"
ROW = '4401,03/12/2026 02:30:00 PM,"Dream, Blue",1A40500000417,3.5,"$1,052.00",,PCC-1'


@pytest.fixture
def pos(tmp_path: Path) -> PosCsv:
    return connect({"folder": str(tmp_path), "zone": "America/Detroit", "name": "POS"}, {})


def put(folder: Path, text: str | bytes, name: str = "sales-2026-03-12.csv") -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(raw)


async def read(pos: PosCsv) -> DaySales:
    sales = await pos.sales(DAY)
    assert isinstance(sales, DaySales), sales
    return sales


async def why_not(pos: PosCsv) -> str:
    answer = await pos.sales(DAY)
    assert isinstance(answer, Unanswered), answer
    return answer.reason


async def test_a_report_is_read_exactly(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, f"{HEADER}\n{ROW}\n")
    day = await read(pos)
    (sale,) = day.sales
    assert (sale.number, sale.external_number, str(sale.sold_at)) == ("4401", "PCC-1", "2026-03-12 14:30:00-04:00")
    (line,) = sale.lines
    assert (line.label, line.milli, line.price_cents, line.product) == ("1A40500000417", 3500, 105_200, "Dream, Blue")
    assert (day.rows, day.source, len(day.sha256)) == (1, "sales-2026-03-12.csv", 64)


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"Birchwood Relief\nSales report\n\n{HEADER}\n{ROW}\n",
        f"{HEADER},Budtender\n{ROW},Ana\n",
        f"{HEADER}\n{ROW}\n\n,,,,,,,\n",
        HEADER.replace("Order ID", " order  id ") + f"\n{ROW}\n",
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"{HEADER}\n{ROW}\n".replace(",", ";").replace('"Dream; Blue"', '"Dream, Blue"').replace("$1;052", "$1,052"),
    ],
    ids=["bom and crlf", "titles", "another column", "blank rows", "spaces", "utf-16", "semicolons"],
)
async def test_the_same_report_in_other_clothes_says_the_same(pos: PosCsv, tmp_path: Path, text: str | bytes) -> None:
    put(tmp_path, text)
    (sale,) = (await read(pos)).sales
    assert sale.lines[0].milli == 3500
    assert sale.lines[0].price_cents == 105_200


async def test_lines_of_an_order_come_together_and_what_was_returned_or_carries_no_tag_is_left_out(
    pos: PosCsv, tmp_path: Path
) -> None:
    rows = [
        ROW,
        "4401,03/12/2026 02:30:00 PM,Gummies,1A40500000420,2,36.00,,PCC-1",
        "4401,03/12/2026 02:30:00 PM,Lighter,,1,2.00,,PCC-1",
        "4402,03/12/2026 03:30:00 PM,Gummies,1A40500000420,1,18.00,03/12/2026,",
    ]
    put(tmp_path, "\n".join([HEADER, *rows]))
    (sale,) = (await read(pos)).sales
    assert [line.label for line in sale.lines] == ["1A40500000417", "1A40500000420"]


async def test_only_sales_of_the_day_on_the_shops_clock_count(pos: PosCsv, tmp_path: Path) -> None:
    other = ROW.replace("03/12/2026 02:30:00 PM", "03/11/2026 11:59:59 PM").replace("4401", "4400")
    first = ROW.replace("03/12/2026 02:30:00 PM", "03/12/2026 12:00:00 AM").replace("4401", "4399")
    put(tmp_path, f"{HEADER}\n{other}\n{first}\n{ROW}\n")
    assert [sale.number for sale in (await read(pos)).sales] == ["4399", "4401"]


async def test_a_day_on_which_the_clock_changed_keeps_its_local_times(tmp_path: Path) -> None:
    pos = PosCsv("POS", tmp_path, ZoneInfo("America/Detroit"))
    day = date(2026, 11, 1)
    put(tmp_path, f"{HEADER}\n{ROW.replace('03/12/2026 02:30:00 PM', '11/01/2026 03:00:00 AM')}\n", f"sales-{day}.csv")
    answer = await pos.sales(day)
    assert isinstance(answer, DaySales)
    assert str(answer.sales[0].sold_at) == "2026-11-01 03:00:00-05:00"


async def test_a_report_without_sales_is_a_day_without_sales_but_no_report_is_none(pos: PosCsv, tmp_path: Path) -> None:
    answer = await pos.sales(DAY)
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.ABSENT
    assert "sales-2026-03-12.csv" in answer.reason
    put(tmp_path, HEADER + "\n")
    assert (await read(pos)).sales == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no row holds the columns it needs (order id, order time, package id"),
        ("Order ID,Order Time\n1,2\n", "no row holds the columns it needs"),
        (f"{HEADER}\n{ROW}\n4402,03/12/2026 02:3", "row 3 has 2 columns, the header has 8; it may be cut"),
        (f'{HEADER}\n{ROW}\n4402,"03/12/2026', "it is cut or not a table"),
        (f"{HEADER}\n{ROW.replace('1A40500000417', '1.0E+22')}", "damaged by a spreadsheet; export the report again"),
        (f"{HEADER}\n{ROW.replace('3.5', 'many')}", "row 2"),
        (f"{HEADER}\n{ROW.replace('$1,052.00', '=1+1')}", "row 2"),
        (f"{HEADER}\n{ROW.replace('03/12/2026 02:30:00 PM', 'noon')}", "row 2: “noon” is no time of sale"),
        (f"{HEADER}\n{ROW.replace('4401', '')}", "row 2 has no order number"),
        (f"{HEADER},Order ID\n{ROW},4401", "the column “order id” is there twice"),
        (b"\xff\xff\xfe", "its letters are written in an unknown way"),
    ],
)
async def test_a_damaged_report_is_refused_whole_and_says_where(
    pos: PosCsv, tmp_path: Path, text: str | bytes, why: str
) -> None:
    put(tmp_path, text)
    reason = await why_not(pos)
    assert why in reason
    assert reason.startswith("sales-2026-03-12.csv cannot be used")


async def test_a_file_of_absurd_size_is_not_read(pos: PosCsv, tmp_path: Path) -> None:
    with (tmp_path / "sales-2026-03-12.csv").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    assert "larger than 64 MB" in await why_not(pos)


async def test_a_folder_in_place_of_a_file_is_told(pos: PosCsv, tmp_path: Path) -> None:
    (tmp_path / "sales-2026-03-12.csv").mkdir()
    assert "cannot be read" in await why_not(pos)


async def test_cells_that_would_steer_a_terminal_are_cleaned(pos: PosCsv, tmp_path: Path) -> None:
    row = ROW.replace("Dream, Blue", "Blue\x1b[2J\u202edream")
    put(tmp_path, f"{HEADER}\n{row}\n")
    assert (await read(pos)).sales[0].lines[0].product == "Blue[2Jdream"


async def test_prices_are_by_tag(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, "Package ID,Product Name,Unit Price\n1a40,Dream,$14.85\n,Lighter,2.00\n", "catalogue.csv")
    assert await pos.prices() == {"1A40": 1485}
    put(tmp_path, "Package ID,Unit Price\n1a40,free\n", "catalogue.csv")
    answer = await pos.prices()
    assert isinstance(answer, Unanswered)
    assert "row 2" in answer.reason
