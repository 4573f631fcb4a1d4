"""Reports as points of sale write them, as spreadsheets leave them, and as a crash cuts them."""

import gzip
import os
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.adapters.pos.csv import PosCsv, connect
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.sales import Pull

DAY = date(2026, 3, 12)
HEADER = "Order ID,Order Time,Product Name,Package ID,Total Inventory Sold,Net Sales,Return Date,Reference"
ROW = '4401,03/12/2026 02:30:00 PM,"Dream, Blue",1A40500000417,3.5,"$1,052.00",,PCC-1'


@pytest.fixture
def pos(tmp_path: Path) -> PosCsv:
    return connect({"folder": str(tmp_path), "zone": "America/Detroit", "name": "POS"}, {})


def report(good: str, other: str) -> str:
    """Return a report of one row in which something else stands."""
    return f"{HEADER}\n{ROW.replace(good, other)}\n"


def put(folder: Path, text: str | bytes, name: str = "sales-2026-03-12.csv") -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(raw)


async def read(pos: PosCsv) -> Pull:
    sales = await pos.sales(DAY)
    assert isinstance(sales, Pull), sales
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


async def test_lines_of_an_order_come_together_and_what_was_returned_or_carries_no_tag_is_told_as_such(
    pos: PosCsv, tmp_path: Path
) -> None:
    rows = [
        ROW,
        "4401,03/12/2026 02:30:00 PM,Gummies,1A40500000420,2,36.00,,PCC-1",
        "4401,03/12/2026 02:30:00 PM,Lighter,,1,2.00,,PCC-1",
        "4402,03/12/2026 03:30:00 PM,Gummies,1A40500000420,1,18.00,03/12/2026,",
    ]
    put(tmp_path, "\n".join([HEADER, *rows]))
    sale, returned = (await read(pos)).sales
    assert [line.label for line in sale.lines] == ["1A40500000417", "1A40500000420", ""]
    assert [line.is_returned for line in (*sale.lines, *returned.lines)] == [False, False, False, True]


async def test_only_sales_of_the_day_on_the_shops_clock_and_around_it_count(pos: PosCsv, tmp_path: Path) -> None:
    other = ROW.replace("03/12/2026 02:30:00 PM", "03/10/2026 11:59:59 PM").replace("4401", "4400")
    first = ROW.replace("03/12/2026 02:30:00 PM", "03/12/2026 12:00:00 AM").replace("4401", "4399")
    put(tmp_path, f"{HEADER}\n{other}\n{first}\n{ROW}\n")
    assert [sale.number for sale in (await read(pos)).sales] == ["4399", "4401"]


async def test_a_day_on_which_the_clock_changed_keeps_its_local_times(tmp_path: Path) -> None:
    pos = PosCsv("POS", tmp_path, ZoneInfo("America/Detroit"))
    day = date(2026, 11, 1)
    put(tmp_path, report("03/12/2026 02:30:00 PM", "11/01/2026 03:00:00 AM"), f"sales-{day}.csv")
    answer = await pos.sales(day)
    assert isinstance(answer, Pull)
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
        ("", "it is empty"),
        ("Order ID,Order Time\n1,2\n", "no column is known for the state's package tag; how much of the package"),
        (
            f"{HEADER.replace('Net Sales', 'Gross Sales')}\n{ROW}\n",
            "no column is known for the line's total before tax, after discount",
        ),
        (f"{HEADER}\n{ROW}\n4402,03/12/2026 02:3", "row 3 has 2 columns, the header has 8; it may be cut"),
        (f'{HEADER}\n{ROW}\n4402,"03/12/2026', "row 3: it is cut or not a table"),
        (report("1A40500000417", "1.0E+22"), "row 2: the tag 1.0E+22 was damaged by a spreadsheet"),
        (report("1A40500000417", " ? "), "row 2: “?” stands in the place of the tag; export the report with its tags"),
        (report("3.5", "many"), "row 2, how much of the package: “many” is not a number"),
        (report("3.5", ""), "row 2, how much of the package: “” is not a number"),
        (report("3.5", "3.5000001"), "row 2, how much of the package: 3.5000001 has more than 6 decimals"),
        (report("3.5", "NaN"), "row 2, how much of the package: “NaN” is not a number"),
        (report("3.5", "1e99"), "row 2, how much of the package: “1e99” is not a number"),
        (report(",3.5,", ',"3,5",'), "row 2, how much of the package: “3,5” is not a number"),
        (report("$1,052.00", "52,00"), "“52,00” is not an amount of money"),
        (report("$1,052.00", "10.005"), "“10.005” is not an amount of money"),
        (report("$1,052.00", "=1+1"), "“=1+1” is not an amount of money"),
        (report("$1,052.00", ""), "row 2, the line's total before tax, after discount: “” is not an amount of money"),
        (report("03/12/2026", "03/13/2026"), "all its sales are of other days"),
        (report("Dream, Blue", "Crème ∞").encode().replace("è".encode(), b"\xe8"), "a letter in line 2 is broken"),
        (report("03/12/2026 02:30:00 PM", "noon"), "row 2: “noon” is no time of sale"),
        (report("03/12/2026 02:30:00 PM", "03/12/2026"), "only a day; export the report with times"),
        (report("03/12/2026 02:30:00 PM", "46093.60417"), "what a spreadsheet keeps of one; export the report again"),
        (report("03/12/2026 02:30:00 PM", "01/01/1900 12:00:00 AM"), "is no time of sale"),
        (report("03/12/2026 02:30:00 PM", "03/12/2026 14:30:00 PM"), "is no time of sale"),
        (report("4401", ""), "row 2 has no order number"),
        (f"{HEADER},Order ID\n{ROW},4401", "the column “order id” is there twice"),
        (b"PK\x03\x04" + b"\x00\xe9" * 40, "it is a workbook or a ZIP, not CSV; export it as CSV"),
        (gzip.compress(report("4401", "4402").encode()), "it is compressed; unpack it"),
        (b"%PDF-1.7\n", "it is a PDF, not CSV; export it as CSV"),
        (b"\xff\xfe" + b"\x00\xd8" * 40, "its letters are written in an unknown way"),
    ],
)
async def test_a_damaged_report_is_refused_whole_and_says_where(
    pos: PosCsv, tmp_path: Path, text: str | bytes, why: str
) -> None:
    put(tmp_path, text)
    reason = await why_not(pos)
    assert why in reason
    assert "sales-2026-03-12.csv" in reason
    assert not reason.endswith((".", "?"))


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


async def test_columns_may_stand_in_any_order(pos: PosCsv, tmp_path: Path) -> None:
    titles, cells = HEADER.split(","), ["4401", "03/12/2026 02:30:00 PM", "Dream", "1a40", "3.5", "$52.00", "", "PCC-1"]
    put(tmp_path, f"{HEADER}\n{','.join(cells)}\n")
    before = (await read(pos)).sales
    put(tmp_path, f"{','.join(reversed(titles))}\n{','.join(reversed(cells))}\n")
    assert (await read(pos)).sales == before


async def test_letters_beyond_ascii_come_over(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, report("Dream, Blue", "Crème “brûlée” Ελένη"))
    assert (await read(pos)).sales[0].lines[0].product == "Crème “brûlée” Ελένη"


async def test_a_cell_may_hold_lines_quotes_and_commas(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, report("Dream, Blue", 'Dream,\n""Blue""').replace("\n", "\r\n"))
    assert (await read(pos)).sales[0].lines[0].product == 'Dream, "Blue"'


@pytest.mark.parametrize(
    ("quantity", "price", "exactly"),
    [
        ("3.5", "52", (3500, 5200)),
        ("1,000", '"$1,114.35"', (1_000_000, 111_435)),
        ("0.125", "$0.01", (125, 1)),
        ("-3.5", "-52.00", (-3500, -5200)),
        ("-1", "($18.00)", (-1000, -1800)),
        ("-1", "-$18.00", (-1000, -1800)),
        ("1", "0", (1000, 0)),
    ],
)
async def test_quantities_and_money_are_exact_and_what_was_taken_back_is_below_zero(
    pos: PosCsv, tmp_path: Path, quantity: str, price: str, exactly: tuple[int, int]
) -> None:
    put(tmp_path, f'{HEADER}\n4401,2026-03-12 14:30:00,Dream,1A40,"{quantity}",{price},,\n')
    (line,) = (await read(pos)).sales[0].lines
    assert (line.milli, line.price_cents) == exactly
    assert type(line.milli) is type(line.price_cents) is int


async def test_what_stands_twice_in_a_report_is_twice_in_the_sale_for_a_person_to_see(
    pos: PosCsv, tmp_path: Path
) -> None:
    put(tmp_path, f"{HEADER}\n{ROW}\n{ROW}\n")
    day = await read(pos)
    assert [len(sale.lines) for sale in day.sales] == [2]
    assert day.rows == 2


async def test_a_row_of_totals_is_no_sale(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, f'{HEADER}\n{ROW}\nTotal,,,,3.5,"$1,052.00",,\n')
    assert [sale.number for sale in (await read(pos)).sales] == ["4401"]


@pytest.mark.parametrize(
    ("day", "times"),
    [
        (date(2026, 11, 1), ["12:00:00 AM", "01:30:00 AM", "01:30:00 AM", "11:59:59 PM"]),
        (date(2026, 3, 8), ["12:00:00 AM", "01:59:59 AM", "03:00:00 AM", "11:59:59 PM"]),
    ],
    ids=["the clock goes back", "the clock goes forward"],
)
async def test_no_sale_is_lost_on_a_night_when_the_clock_changes(
    pos: PosCsv, tmp_path: Path, day: date, times: list[str]
) -> None:
    rows = [f"{4400 + each},{day:%m/%d/%Y} {time},Dream,1A40,1,8.00,," for each, time in enumerate(times)]
    put(tmp_path, "\n".join([HEADER, *rows]), f"sales-{day}.csv")
    answer = await pos.sales(day)
    assert isinstance(answer, Pull)
    assert [sale.sold_at.strftime("%I:%M:%S %p") for sale in answer.sales] == times
    assert {sale.sold_at.date() for sale in answer.sales} == {day}


async def test_a_cell_that_a_spreadsheet_would_run_is_text_here(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, report("Dream, Blue", "=HYPERLINK(1)|calc"))
    assert (await read(pos)).sales[0].lines[0].product == "=HYPERLINK(1)|calc"


async def test_words_about_a_damaged_cell_are_short_and_steer_no_terminal(pos: PosCsv, tmp_path: Path) -> None:
    for cell in ("\x1b[2J\u202e", "9" * 100_000):
        for good in ("3.5", "$1,052.00", "03/12/2026 02:30:00 PM"):
            put(tmp_path, report(good, cell))
            reason = await why_not(pos)
            assert reason.isprintable()
            assert len(reason) < 260


async def test_a_tag_steers_no_terminal(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, report("1A40500000417", " 1a4\x1b[2J "))
    assert (await read(pos)).sales[0].lines[0].label == "1A4[2J"


async def test_one_line_of_fifty_megabytes_is_refused(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, HEADER.encode() + b"\n" + b"x" * 50_000_000)
    assert "it is cut or not a table" in await why_not(pos)


REPORT = f"{HEADER}\n{ROW}\n{ROW.replace('4401', '4402')}\n".encode()


@given(
    at=st.integers(0, len(REPORT)),
    until=st.integers(0, len(REPORT)),
    other=st.binary(max_size=8) | st.text(alphabet='",;\n\r\t\x00$()-=1e9', max_size=8).map(str.encode),
)
async def test_no_damage_to_a_report_ever_raises(
    tmp_path_factory: pytest.TempPathFactory, at: int, until: int, other: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    put(folder, REPORT[:at] + other + REPORT[max(at, until) :])
    assert isinstance(await PosCsv("POS", folder, ZoneInfo("America/Detroit")).sales(DAY), Pull | Unanswered)


# Several reports of a day


def written_at(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))


async def test_the_same_report_under_two_names_is_one(pos: PosCsv, tmp_path: Path) -> None:
    put(tmp_path, f"{HEADER}\n{ROW}\n")
    one = await read(pos)
    put(tmp_path, f"{HEADER}\n{ROW}\n", "sales-2026-03-12 (1).csv")
    both = await read(pos)
    assert (both.sales, both.sha256, both.rows) == (one.sales, one.sha256, one.rows)


async def test_of_two_reports_that_overlap_the_one_written_last_is_right(pos: PosCsv, tmp_path: Path) -> None:
    second = ROW.replace("4401", "4402")
    put(tmp_path, f"{HEADER}\n{ROW}\n")
    put(tmp_path, f"{HEADER}\n{ROW.replace('3.5', '7')}\n{second}\n", "sales-2026-03-12 (1).csv")
    for times, milli in (((1_000, 2_000), 7000), ((2_000, 1_000), 3500)):
        written_at(tmp_path / "sales-2026-03-12.csv", times[0])
        written_at(tmp_path / "sales-2026-03-12 (1).csv", times[1])
        day = await read(pos)
        assert [(each.number, each.lines[0].milli) for each in day.sales] == [("4401", milli), ("4402", 3500)]
        assert (day.rows, len(day.sha256)) == (3, 64)


async def test_what_was_ordered_the_day_before_and_paid_today_stands_under_the_day_before(
    pos: PosCsv, tmp_path: Path
) -> None:
    ordered = ROW.replace("4401", "4390")
    before = ROW.replace("4401", "4380").replace("03/12/2026", "03/11/2026")
    put(tmp_path, f"{HEADER}\n{ordered}\n{before}\n", "sales-2026-03-11.csv")
    put(tmp_path, f"{HEADER}\n{ROW}\n")
    assert [each.number for each in (await read(pos)).sales] == ["4380", "4390", "4401"]
    put(tmp_path, f"{HEADER}\n{ordered}\nbroken", "sales-2026-03-11.csv")
    assert "sales-2026-03-11.csv cannot be used: row 3" in await why_not(pos)


async def test_the_sources_of_a_day_are_the_reports_that_tell_of_it(pos: PosCsv, tmp_path: Path) -> None:
    """A business day may end in the night: what the next report says of it is of the day too."""
    put(
        tmp_path,
        f"{HEADER}\n{ROW.replace('03/12/2026', '03/11/2026').replace('4401', '4380')}\n",
        "sales-2026-03-11.csv",
    )
    put(tmp_path, f"{HEADER}\n{ROW}\n")
    morning = ROW.replace("03/12/2026", "03/13/2026").replace("4401", "4420")
    put(tmp_path, f"{HEADER}\n{morning}\n", "sales-2026-03-13.csv")
    pull = await read(pos)
    assert ([each.number for each in pull.sales], pull.source) == (["4380", "4401", "4420"], "sales-2026-03-12.csv")
    put(tmp_path, f"{HEADER}\n{morning.replace('02:30:00 PM', '12:30:00 AM')}\n", "sales-2026-03-13.csv")
    assert (await read(pos)).source == "sales-2026-03-12.csv, sales-2026-03-13.csv"


async def test_reports_may_be_called_otherwise(tmp_path: Path) -> None:
    other = connect({"folder": str(tmp_path), "zone": "America/Detroit", "file": "Report %d.%m.%Y.csv"}, {})
    put(tmp_path, f"{HEADER}\n{ROW}\n", "Report 12.03.2026.csv")
    assert len((await read(other)).sales) == 1
    for wrong in ("../sales.csv", "", "a/b.csv"):
        with pytest.raises(ValueError, match="no name in the folder"):
            connect({"folder": ".", "zone": "America/Detroit", "file": wrong}, {})


async def test_a_folder_that_is_gone_is_told_by_the_cheapest_question(pos: PosCsv, tmp_path: Path) -> None:
    assert await pos.ping() == f"reports in {tmp_path.name}"
    gone = PosCsv("POS", tmp_path / "gone", ZoneInfo("America/Detroit"))
    answer = await gone.ping()
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.ABSENT
