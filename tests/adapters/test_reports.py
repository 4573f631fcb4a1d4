"""Reports of points of sale as files: every rule of the POS reference's 7.2, hostile and damaged files among them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pcc_desk.adapters.pos.lines import merged
from pcc_desk.adapters.pos.reading import Damaged, UnknownColumns, read_sales
from pcc_desk.adapters.pos.tables import open_table
from pcc_desk.domain.columns import ColumnMap, SaleField, WrongColumns, column_map, header_hash
from pcc_desk.domain.sales import Buyer, Kind, LineUnit, Pull

ZONE = ZoneInfo("America/Detroit")
DUTCHIE = (
    "Order ID", "Order Time", "Budtender Name", "Customer Name", "Customer Type", "Product Name", "Category",
    "Package ID", "Total Inventory Sold", "Gross Sales", "Discounted Amount", "Net Sales", "Return Date",
    "Order Profit",
)  # fmt: skip
TAG, OTHER = "1A4050100000843567000401", "1A4050100000843567000402"


def row(number: str = "4401", **cells: str) -> dict[str, str]:
    """Return a row of Dutchie's sales report, by title."""
    usual = {
        "Order ID": number, "Order Time": "03/12/2026 02:30:00 PM", "Customer Type": "Medical",
        "Product Name": "Dream, Blue", "Category": "Flower", "Package ID": TAG, "Total Inventory Sold": "3.5",
        "Gross Sales": "$1,120.00", "Discounted Amount": "$5.65", "Net Sales": "$1,114.35", "Order Profit": "$8.00",
    }  # fmt: skip
    return {**usual, **{key.replace("_", " "): value for key, value in cells.items()}}


def quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(each in cell for each in f'{delimiter}"\n\r') else cell


def written(
    *rows: Mapping[str, str],
    titles: tuple[str, ...] = DUTCHIE,
    preamble: int = 0,
    delimiter: str = ",",
    end: str = "\r\n",
    below: str = "",
    last_end: bool = True,
) -> str:
    """Return a report as text."""
    lines = [f"Title {each}" for each in range(preamble)]
    lines.append(delimiter.join(titles))
    lines += [delimiter.join(quoted(each.get(title, ""), delimiter) for title in titles) for each in rows]
    lines += [below] if below else []
    return end.join(lines) + (end if last_end else "")


def read(text: str | bytes, columns: ColumnMap | None = None, *, guess: bool = False) -> Pull:
    return read_sales(text.encode() if isinstance(text, str) else text, ZONE, columns, guess=guess)


def why_not(text: str | bytes, columns: ColumnMap | None = None) -> str:
    with pytest.raises(Damaged) as refused:
        read(text, columns)
    assert str(refused.value).isprintable()
    return str(refused.value)


def read_or_why(raw: bytes) -> Pull | str:
    """Return the sales, or why there are none."""
    try:
        return read_sales(raw, ZONE)
    except Damaged as refused:
        return str(refused)


TWO = row(), row("4402", Package_ID=OTHER, Net_Sales="(5.00)", Total_Inventory_Sold="-1")


# Rules 1 and 2: where the columns stand


@pytest.mark.parametrize("preamble", [0, 4, 7, 19])
def test_the_header_is_found_below_titles(preamble: int) -> None:
    assert read(written(*TWO, preamble=preamble)).sales == read(written(*TWO)).sales


def test_a_header_below_twenty_rows_is_none() -> None:
    assert "no row of titles is among its first 20 rows" in why_not(written(*TWO, preamble=20))


@pytest.mark.parametrize("turn", range(len(DUTCHIE)))
def test_columns_may_be_dragged_about(turn: int) -> None:
    titles = DUTCHIE[turn:] + DUTCHIE[:turn]
    assert read(written(*TWO, titles=titles)).sales == read(written(*TWO)).sales


def test_columns_that_are_not_needed_may_be_hidden() -> None:
    titles = ("Order ID", "Order Time", "Package ID", "Total Inventory Sold", "Net Sales")
    (sale, _) = read(written(*TWO, titles=titles)).sales
    assert (sale.lines[0].milli, sale.lines[0].price_cents, sale.lines[0].product) == (3500, 111_435, "")


def test_a_preamble_full_of_separators_does_not_hide_the_one_of_the_table() -> None:
    text = "Birchwood, Relief, Lansing, MI, USA\nfrom, to, by\n" + written(*TWO, delimiter=";")
    assert read(text).sales == read(written(*TWO)).sales


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_same_report_in_every_writing_says_the_same(delimiter: str, end: str, encoding: str) -> None:
    rows = (row(Product_Name='Crème "brûlée"\n2 g'), row("4402"))
    written_so = written(*rows, delimiter=delimiter, end=end).encode(encoding)
    assert read(written_so).sales == read(written(*rows)).sales
    assert read(written_so).sales[0].lines[0].product == 'Crème "brûlée" 2 g'


# Rule 3: money


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$1,114.35", 111_435),
        ("(5.00)", -500),
        ("-12.00", -1200),
        ("($12.00)", -1200),
        ("-$12.00", -1200),
        ("52", 5200),
    ],
)
def test_money_is_exact(text: str, cents: int) -> None:
    assert read(written(row(Net_Sales=text))).sales[0].lines[0].price_cents == cents


def test_money_that_is_not_needed_may_be_blank_and_is_then_not_known() -> None:
    known, unknown = read(written(row(), row("4402", Discounted_Amount=""))).sales
    assert (known.lines[0].discount_cents, unknown.lines[0].discount_cents) == (565, None)


def test_more_than_two_decimals_are_refused() -> None:
    assert "row 2, the line's total" in why_not(written(row(Net_Sales="10.005")))


# Rule 4: units


def test_the_unit_comes_from_the_package_unless_a_column_says_it() -> None:
    assert read(written(row())).sales[0].lines[0].unit is LineUnit.UNKNOWN
    titles = (*DUTCHIE, "UOM")
    chosen = {**dict(ANY), SaleField.UNIT: "UOM"}
    pull = read(written(row(UOM="g"), titles=titles), column_map(chosen, titles))
    assert pull.sales[0].lines[0].unit is LineUnit.GRAMS


ANY = {
    SaleField.NUMBER: "Order ID",
    SaleField.TIME: "Order Time",
    SaleField.LABEL: "Package ID",
    SaleField.QUANTITY: "Total Inventory Sold",
    SaleField.PRICE: "Net Sales",
}


# Rule 6: returns


def test_a_return_date_marks_the_line_and_the_sale_stays() -> None:
    pull = read(written(row(Return_Date="03/13/2026"), row(Package_ID=OTHER), row("4402")))
    first, second = pull.sales
    assert [line.is_returned for line in first.lines] == [True, False]
    assert (first.kind, second.kind) == (Kind.SALE, Kind.SALE)
    assert pull.totals.lines == 2


@pytest.mark.parametrize("no_date", ["", "N/A", "01/01/1900", "1900-01-01", "01/01/1900 12:00:00 AM", "0001-01-01"])
def test_no_date_and_the_year_1900_are_no_return(no_date: str) -> None:
    assert not read(written(row(Return_Date=no_date))).sales[0].lines[0].is_returned


def test_rows_below_zero_are_a_return_and_beside_others_an_exchange() -> None:
    below = {"Total_Inventory_Sold": "-1", "Net_Sales": "(5.00)"}
    pull = read(written(row("4401", **below), row("4402"), row("4402", Package_ID=OTHER, **below)))
    assert [each.kind for each in pull.sales] == [Kind.RETURN, Kind.EXCHANGE]
    assert pull.totals.units == ((TAG, 2500), (OTHER, -1000))


# Rule 7: what the state does not track


@pytest.mark.parametrize("no_tag", ["", "N/A", " - "])
def test_what_bears_no_tag_is_kept_apart(no_tag: str) -> None:
    pull = read(written(row(Package_ID=no_tag, Net_Sales="2.00"), row("4402"), row("4402", Package_ID=no_tag)))
    assert [each.kind for each in pull.sales] == [Kind.NON_CANNABIS, Kind.SALE]
    assert pull.totals.units == ((TAG, 3500),)


def test_a_fee_without_a_quantity_is_there_once() -> None:
    (sale,) = read(written(row(), row(Package_ID="", Total_Inventory_Sold="", Net_Sales="2.00"))).sales
    assert [line.milli for line in sale.lines] == [3500, 1000]


# Rule 8: what spreadsheets do


@pytest.mark.parametrize("damaged", ["1.23E+15", "1,23E+15", "1E+15", "1.23457e+15", "1.05E23", "12.3E+14"])
@pytest.mark.parametrize("title", ["Package_ID", "Order_ID"])
def test_a_long_number_that_a_spreadsheet_damaged_stops_with_why(damaged: str, title: str) -> None:
    reason = why_not(written(row(), {**row("4402"), title.replace("_", " "): damaged}))
    assert "row 3" in reason
    assert "was damaged by a spreadsheet, and its digits are not in the file any more" in reason


def test_tags_of_digits_only_that_all_end_in_zeros_were_cut_by_a_spreadsheet() -> None:
    rows = [row(f"44{each}", Package_ID=f"12345678901{each}0") for each in range(1234, 1240)]
    assert "a spreadsheet cut them" in why_not(written(*rows))
    rows[-1] = row("4460", Package_ID="1234567890123456")
    assert len(read(written(*rows)).sales) == 6


def test_a_tag_that_merely_holds_an_e_is_one() -> None:
    assert read(written(row(Package_ID="1e12"))).sales[0].lines[0].label == "1E12"


@pytest.mark.parametrize("formula", [f'="{TAG}"', f"={TAG}", " =A2", f"+{TAG}", f"@{TAG}", f"'{TAG}"])
def test_a_tag_that_is_a_formula_stops_with_its_row(formula: str) -> None:
    why = why_not(written(row(), row("4402", Package_ID=formula)))
    assert f"row 3: the tag {formula.strip()} is a formula" in why


def test_a_sale_of_which_only_some_rows_are_void_stops_with_its_row() -> None:
    titles = (*DUTCHIE, "Void Date")
    chosen = {**dict(ANY), SaleField.VOIDED: "Void Date"}
    struck = row(Void_Date="03/11/2026 02:30:00 PM")
    assert read(written(struck, struck, titles=titles), column_map(chosen, titles)).sales[0].kind is Kind.VOID
    for rows in ((struck, row()), (row(), struck)):
        with pytest.raises(Damaged, match="row 3: of the sale 4401 some rows are void and others are not"):
            read(written(*rows, titles=titles), column_map(chosen, titles))


# Rule 9: evidence


def test_the_hash_the_rows_and_the_control_totals_are_kept() -> None:
    raw = written(*TWO).encode()
    pull = read(raw)
    assert pull.sha256 == hashlib.sha256(raw).hexdigest()
    assert (pull.rows, pull.totals.records, pull.totals.cents) == (2, 2, 111_435 - 500)
    assert pull.totals.units == ((TAG, 3500), (OTHER, -1000))


# Rule 10: twice, and overlapping


def test_the_same_file_twice_is_harmless_and_of_two_that_overlap_the_later_sale_is_right() -> None:
    """Without numbers of lines a line is known by nothing: the first one may have been taken off the sale."""
    first = read(written(row(), row(Package_ID=OTHER), row("4402")))
    later = read(written(row(Package_ID=OTHER, Net_Sales="52.00"), row("4403")))
    assert merged((first, first)) == first.sales
    both = {each.number: each for each in merged((first, later))}
    assert set(both) == {"4401", "4402", "4403"}
    assert [(line.label, line.price_cents) for line in both["4401"].lines] == [(OTHER, 5200)]


def test_where_lines_have_numbers_the_later_line_is_right_and_two_of_one_number_stay_apart() -> None:
    first, later = read(written(row(), row(Package_ID=OTHER))), read(written(row(Net_Sales="52.00")))

    def numbered(pull: Pull, *numbers: str) -> Pull:
        (sale,) = pull.sales
        lines = (replace(line, number=number) for line, number in zip(sale.lines, numbers, strict=True))
        return replace(pull, sales=(replace(sale, lines=tuple(lines)),))

    (sale,) = merged((numbered(first, "71", "72"), numbered(later, "71")))
    assert [line.price_cents for line in sale.lines] == [5200, 111_435]
    (sale,) = merged((numbered(first, "71", "71"), numbered(later, "71")))
    assert [line.price_cents for line in sale.lines] == [5200, 111_435]


def test_two_stores_may_have_the_same_number() -> None:
    titles = (*DUTCHIE, "Store")
    pull = read(written(row(Store="North"), row(Store="South"), titles=titles))
    assert [(each.store, each.number) for each in pull.sales] == [("North", "4401"), ("South", "4401")]
    assert len(merged((pull, replace(pull, sha256="another")))) == 2


# Rule 11: known again


def test_a_report_is_known_again_by_its_titles_in_any_order_and_case() -> None:
    assert header_hash(DUTCHIE) == header_hash(reversed([f" {each.upper()} " for each in DUTCHIE]))
    assert header_hash(DUTCHIE) != header_hash(DUTCHIE[1:])


FOREIGN = ("Beleg", "Zeit", "Ware", "Etikett", "Menge", "Netto")
CHOSEN = {
    SaleField.NUMBER: "Beleg",
    SaleField.TIME: "zeit",
    SaleField.LABEL: "ETIKETT",
    SaleField.QUANTITY: "Menge",
    SaleField.PRICE: "Netto",
    SaleField.PRODUCT: "Ware",
}
SOLD = {"Beleg": "7", "Zeit": "2026-03-12 14:30", "Ware": "Dream", "Etikett": TAG, "Menge": "3.5", "Netto": "52.00"}


def test_columns_that_nobody_knows_are_asked_about_once() -> None:
    text = written(SOLD, titles=FOREIGN, preamble=3)
    with pytest.raises(UnknownColumns, match="no column is known for the number of the sale") as unknown:
        read(text)
    columns = column_map(CHOSEN, FOREIGN)
    known = {unknown.value.header: columns}
    shuffled = written(SOLD, titles=FOREIGN[::-1], preamble=6)
    assert read_sales(text.encode(), ZONE, known).sales == read_sales(shuffled.encode(), ZONE, known).sales
    assert read(text, columns).sales[0].lines[0].label == TAG


def test_plain_names_are_a_proposal_that_somebody_accepts() -> None:
    titles = ("Receipt Number", "Sold At", "Tag", "Qty", "Subtotal")
    text = written(
        {"Receipt Number": "7", "Sold At": "2026-03-12T14:30:00-04:00", "Tag": TAG, "Qty": "1", "Subtotal": "9.00"},
        titles=titles,
    )
    assert "guessed by their names; a person must look at them once" in why_not(text)
    assert read(text, guess=True).sales[0].number == "7"


def test_the_normal_form_of_green_check_says_what_it_lacks() -> None:
    titles = (
        "transaction_id", "receipt_date", "customer_id_number", "customer_id_type", "product_id", "product_name",
        "product_grams", "product_price_per_unit", "transaction_subtotal",
    )  # fmt: skip
    reason = why_not(written(dict.fromkeys(titles, "1"), titles=titles))
    assert "the state's package tag" in reason
    assert "it looks like Green Check’s retail sales, normal form" in reason


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({SaleField.NUMBER: "Order ID"}, "No column is named for: when it was paid"),
        ({**ANY, SaleField.PRICE: "Gross"}, "The report has no column “gross”"),
        ({**ANY, SaleField.BATCH: "Net Sales"}, "“net sales” cannot be both"),
        ({**ANY, SaleField.NUMBER: ""}, "No column is named for: the number of the sale"),
    ],
)
def test_what_columns_cannot_mean_is_said(chosen: dict[SaleField, str], why: str) -> None:
    with pytest.raises(WrongColumns, match=why):
        column_map(chosen, DUTCHIE)


def test_a_column_that_is_there_twice_cannot_be_named() -> None:
    with pytest.raises(WrongColumns, match="has the column “net sales” twice"):
        column_map(ANY, (*DUTCHIE, "Net  Sales"))


# Damage


def test_a_footer_of_totals_and_a_second_header_are_no_rows() -> None:
    pull = read(written(row(), row("4402"), below='Total:,,,,,,,,7,$2,$1,"$2,228.70",,$16.00'))
    assert (len(pull.sales), pull.rows) == (2, 2)
    doubled = written(row()) + written(row("4402"))
    assert (len(read(doubled).sales), read(doubled).rows) == (2, 2)


def test_a_report_that_stands_in_its_file_twice_is_refused_with_the_row() -> None:
    once = written(row(), row("4402"))
    assert "row 5: the whole report stands in the file again; export it once" in why_not(once + once)
    assert read(written(row(), row()) + written(row("4402"))).rows == 3  # a page of its own


def test_a_sum_is_no_row_wherever_its_word_stands() -> None:
    titles = ("Net Sales", "Order Time", "Order ID", "Package ID", "Total Inventory Sold", "Store")
    for below in ("1114.35,,Grand Total,,,", "1114.35,,,,,Total:", "1114.35,,4402,,,Total"):
        assert read(written(row(), titles=titles, below=below)).rows == 1
    assert "no time of sale" in why_not(written(row(), titles=titles, below="1114.35,,4402,,,Main"))


def test_a_number_that_a_spreadsheet_shortened_is_refused_with_its_row() -> None:
    """1.23E+03 was 1,234.56 once: its digits are not in the file."""
    for title in ("Net_Sales", "Total_Inventory_Sold", "Discounted_Amount"):
        why = why_not(written(row(), row("4402", **{title: "1.23E+03"})))
        assert "row 3, " in why
        assert "“1.23E+03” is not a number but what a spreadsheet made of one" in why


def test_bytes_of_zero_are_refused_with_their_line() -> None:
    raw = written(row(), row("4402"), row("4403")).encode()
    for damaged in (raw[:-20] + b"\0" * 20, raw + b"\0" * 512, raw.replace(b"4403", b"44\0" + b"3")):
        with pytest.raises(Damaged, match=r"line [45] holds bytes of zero"):
            read_sales(damaged, ZONE)
    assert len(read(raw.decode().encode("utf-16")).sales) == 3


def test_a_short_footer_is_none_of_the_rows_either() -> None:
    assert read(written(row(), below="Grand Total,5")).rows == 1


def test_cells_beyond_the_titles_are_dropped_when_they_are_empty_and_refused_when_not() -> None:
    lines = written(row(), row("4402")).splitlines()
    assert len(read("\n".join([lines[0], lines[1] + ",,", lines[2]]) + "\n").sales) == 2
    assert "row 2 has 15 columns, the header has 14" in why_not("\n".join([lines[0], lines[1] + ",x"]) + "\n")


def test_a_cell_that_ends_the_file_and_is_shorter_than_all_the_others_was_cut() -> None:
    titles = ("Order ID", "Order Time", "Package ID", "Total Inventory Sold", "Net Sales")
    whole = written(*(row(f"44{each}") for each in range(10, 20)), titles=titles, last_end=False).replace('"', "")
    rows = whole.replace("$1,114.35", "114.35")
    assert len(read(rows).sales) == 10
    for cut in (1, 2, 3, 4):
        assert "seems cut" in why_not(rows[:-cut]), cut
    assert len(read(rows + "\r\n").sales) == 10


def test_a_cell_that_nobody_reads_shows_too_that_the_file_was_cut() -> None:
    """What stood below it is gone, whatever the column means."""
    titles = ("Order ID", "Order Time", "Package ID", "Total Inventory Sold", "Net Sales", "Modified")
    rows = (row(f"44{each}", Modified="2026-03-12T14:30:00-04:00") for each in range(10, 20))
    whole = written(*rows, titles=titles, last_end=False)
    assert len(read(whole).sales) == 10
    assert "“2026-03-12T14:30:00-04:”, seems cut" in why_not(whole[:-2])
    short = written(*(row(f"44{each}", Modified="10") for each in range(10, 20)), titles=titles, last_end=False)
    assert len(read(short[:-1]).sales) == 10  # 1 below 10 is a number like any other


def test_a_tag_that_ends_the_file_and_is_shorter_than_all_the_others_was_cut() -> None:
    titles = ("Order ID", "Order Time", "Total Inventory Sold", "Net Sales", "Package ID")
    whole = written(*(row(f"44{each}") for each in range(10, 20)), titles=titles, last_end=False)
    assert len(read(whole).sales) == 10
    assert f"its last cell, “{TAG[:-3]}”, seems cut" in why_not(whole[:-3])


REPORT = written(row(Product_Name="Crème\n2"), *(row(f"44{each}") for each in range(10, 14)), preamble=2)
RAW = REPORT.encode()


@pytest.mark.parametrize("at", range(0, len(RAW), 7))
def test_a_file_cut_anywhere_is_refused_or_ends_between_two_sales(at: int) -> None:
    """The end of a line is where no file tells that more was to come; its control totals do."""
    pull = read_or_why(RAW[:at])
    if isinstance(pull, str):
        assert re.search(r"row \d+|line \d+|its end|its last cell|empty|no column is known|no row of titles", pull), (
            pull
        )
    else:
        assert pull.sales == read(RAW).sales[: len(pull.sales)]


@given(
    at=st.integers(0, len(RAW)),
    until=st.integers(0, len(RAW)),
    other=st.binary(max_size=8) | st.text(alphabet='",;\n\r\t\x00$()-=1e9', max_size=8).map(str.encode),
)
@example(at=0, until=0, other=b"\xff\xfe")
@example(at=5, until=5, other=b"\x00")
def test_bytes_dropped_doubled_or_put_between_end_in_sales_or_in_a_sentence(at: int, until: int, other: bytes) -> None:
    low, high = min(at, until), max(at, until)
    for raw in (RAW[:low] + other + RAW[high:], RAW[:high] + RAW[low:]):
        pull = read_or_why(raw)
        if isinstance(pull, str):
            assert pull.isprintable()
            assert len(pull) < 320
        else:
            assert all(line.label.isprintable() for sale in pull.sales for line in sale.lines)


@given(st.binary(max_size=400))
def test_any_bytes_at_all_end_in_a_sentence_or_in_sales(raw: bytes) -> None:
    pull = read_or_why(raw)
    assert not isinstance(pull, str) or pull.isprintable()


def test_one_line_of_many_megabytes_is_refused() -> None:
    assert "row 2: it is cut or not a table" in why_not(",".join(DUTCHIE).encode() + b"\n" + b"x" * 5_000_000)


def test_a_table_of_a_million_columns_is_refused() -> None:
    assert "columns" in why_not("a," * 100_000 + "\n" + "1," * 100_000)


def test_a_file_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(written(*(row(str(each)) for each in range(500))), encoding="utf-8")
    with open_table(path, frozenset({"order id", "order time"})) as table:
        assert next(table.rows)[0] == table.header_at + 1
    assert read_sales(path, ZONE).source == "sales.csv"


# What the sale says


def test_everything_a_report_tells_comes_over() -> None:
    titles = (
        "Sale Number", "Paid At", "Opened", "Tag", "Qty", "UOM", "Net Price", "Discount", "Tax", "Customer Type",
        "Patient ID", "Caregiver ID", "Type", "Refund Of", "Reference", "Metrc ID", "Submit Status", "Batch",
        "Source Package", "Line", "Voided", "Item",
    )  # fmt: skip
    cells = (
        "7", "2026-03-12T23:58:00-05:00", "2026-03-12T23:50:00", "1a40", "1", "ea", "9.00", "1.00", "0.54", "Caregiver",
        "mi-p-0417", "MI-C-1", "Refund", "6", "PCC-1", "90217", "None", "B7", "1a39", "3", "", "Gummies",
    )  # fmt: skip
    (sale,) = read(written(dict(zip(titles, cells, strict=True)), titles=titles), guess=True).sales
    assert (sale.kind, sale.refers_to, sale.external_number, sale.state_receipt) == (Kind.RETURN, "6", "PCC-1", "90217")
    assert (sale.buyer, sale.patient_key, sale.caregiver_key) == (Buyer.CAREGIVER, "MIP0417", "MIC1")
    assert str(sale.sold_at) == "2026-03-13 00:58:00-04:00"
    assert str(sale.business_day) == "2026-03-13"
    assert str(sale.opened_at) == "2026-03-12 23:50:00-04:00"
    (line,) = sale.lines
    assert (line.label, line.raw_label, line.unit, line.source_label) == ("1A40", "1a40", LineUnit.EACH, "1A39")
    assert (line.number, line.batch, line.discount_cents, line.tax_cents, line.product) == (
        "3",
        "B7",
        100,
        54,
        "Gummies",
    )
    assert "MIP0417" not in repr(sale)


@pytest.mark.parametrize("said", ["yes", "TRUE", "1", "03/12/2026 03:00:00 PM", "2026-03-12"])
def test_a_sale_that_was_struck_stands_for_nothing(said: str) -> None:
    titles = (*DUTCHIE, "Voided")
    columns = column_map({**ANY, SaleField.VOIDED: "Voided"}, titles)
    pull = read(written(row(Voided=said), row("4402", Voided="no"), titles=titles), columns)
    assert [each.is_void for each in pull.sales] == [True, False]
    assert pull.totals.records == 1


@pytest.mark.parametrize(
    "text", ["2026-03-12 14:30", "2026-03-12T18:30:00Z", "3/12/2026 2:30 PM", "03/12/2026 14:30:00", "1773340200000"]
)
def test_times_in_every_known_form_are_the_same_instant(text: str) -> None:
    assert str(read(written(row(Order_Time=text))).sales[0].sold_at) == "2026-03-12 14:30:00-04:00"


def test_a_cell_that_a_spreadsheet_would_run_is_text() -> None:
    assert read(written(row(Product_Name="=HYPERLINK(1)"))).sales[0].lines[0].product == "=HYPERLINK(1)"
