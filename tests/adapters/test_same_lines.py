"""Two files rid of what is the same in both come to the same answer as everything in them."""

import csv
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcc_desk.adapters import day_files, rows_by_column
from pcc_desk.adapters.day_files import compare_files, read_sale_file
from pcc_desk.adapters.pos.shapes import known_titles
from pcc_desk.adapters.pos.tables import Table, open_table
from pcc_desk.adapters.pos.titles import columns_of
from pcc_desk.adapters.rows_by_column import CutRows, NotPlain, ReadRows
from pcc_desk.adapters.same_lines import laid_aside
from pcc_desk.adapters.side_columns import Readers, read_side
from pcc_desk.adapters.state.receipt_files import columns_of as columns_of_receipts
from pcc_desk.adapters.state.receipt_files import read_receipts, receipt_titles
from pcc_desk.domain.columns import ColumnMap
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared
from pcc_desk.domain.reconciling.terms import Context, Hours, KnownCard, Terms
from pcc_desk.simulator.seeded.making import Day, agreeing_day
from pcc_desk.simulator.seeded.seeds import SEEDS, seeded
from pcc_desk.simulator.seeded.writing import write_day

DAY = date(2026, 3, 11)
DETROIT = ZoneInfo("America/Detroit")
TERMS = Terms(posting_window=timedelta(hours=24))
OF_LISTS = [
    kind
    for kind in SEEDS
    if kind.value not in {"TAG_UNKNOWN", "PACKAGE_FINISHED", "PACKAGE_HOLD", "NEGATIVE_PACKAGE", "OVER_LIMIT", "HOURS"}
]


def whole(pos: Path, state: Path, terms: Terms = TERMS) -> Compared:
    return compare(read_sale_file(pos, DETROIT), read_receipts(state, DETROIT), DAY, terms=terms)


def rid(pos: Path, state: Path, terms: Terms = TERMS) -> Compared:
    return compare_files(pos, state, DAY, DETROIT, terms=terms, context=Context())


def of_sales(table: Table) -> ColumnMap:
    found = columns_of(table.titles)
    assert found is not None
    return found


def count_laid_aside(pos: Path, state: Path) -> int:
    readers = Readers(DETROIT, TERMS)
    sides = (
        read_side(pos, known_titles(), of_sales, readers, lambda name, rows: None),
        read_side(state, receipt_titles(), columns_of_receipts, readers, lambda name, rows: None),
    )
    left = laid_aside(*sides, readers)
    return len(sides[0].lines) - len(left.of_pos)


def a_day(kinds: list[FindingClass], count: int, seed: int, *, has_people: bool = True) -> Day:
    return seeded(agreeing_day(DAY, DETROIT, count, seed, has_people=has_people), kinds)


@pytest.mark.parametrize("has_people", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_a_day_of_all_classes_has_one_answer(tmp_path: Path, seed: int, has_people: bool) -> None:
    made = a_day(OF_LISTS * 2, 300, seed, has_people=has_people)
    pos, state, *_ = write_day(made, tmp_path)
    assert rid(pos, state) == whole(pos, state)
    assert count_laid_aside(pos, state) > (150 if has_people else 10)


@given(
    kinds=st.lists(st.sampled_from(OF_LISTS), max_size=8),
    count=st.integers(3, 40),
    seed=st.integers(0, 10**6),
    has_people=st.booleans(),
    is_crowded=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_day_has_one_answer(
    tmp_path: Path, kinds: list[FindingClass], count: int, seed: int, *, has_people: bool, is_crowded: bool
) -> None:
    made = a_day(kinds[:count], count, seed, has_people=has_people)
    if is_crowded:
        crowd(made, seed)
    pos, state, *_ = write_day(made, tmp_path)
    assert rid(pos, state) == whole(pos, state)


def crowd(made: Day, seed: int) -> None:
    """Let everybody buy one thing of one package at few moments: equal sales, equal receipts, and some lost."""
    dice = random.Random(seed)  # noqa: S311 - invented sales
    tag = made.new_tag()
    for place, sale in made.sales.items():
        at = made.at(12, dice.randrange(4) * 7)
        line = replace(sale.lines[0], label=tag, milli=1000, price_cents=1500, weight_mg=1000)
        made.sales[place] = replace(sale, sold_at=at, opened_at=at, lines=(line,))
        if place in made.receipts:
            receipt = made.receipts[place]
            made.receipts[place] = replace(receipt, sold_at=at, recorded_at=at, lines=(replace(line, number=""),))
    for place in list(made.receipts)[:2]:
        del made.receipts[place]


def test_prices_quantities_and_times_may_be_written_in_different_ways(tmp_path: Path) -> None:
    pos, state = tmp_path / "pos.csv", tmp_path / "state.csv"
    pos.write_text(
        "Order ID,Order Time,Package ID,Total Inventory Sold,Net Sales,Patient Number\n"
        '1,03/11/2026 2:12:00 PM,1a4050100000111000000417,3.50,"$1,052.00",MI-P-1\n'
    )
    state.write_text(
        "ReceiptNumber,SalesDateTime,PackageLabel,QuantitySold,TotalPrice,PatientLicenseNumber\n"
        "90,2026-03-11T14:12:00.000,1A4050100000111000000417,3.5,1052,mi p 1\n"
    )
    assert count_laid_aside(pos, state) == 1
    assert rid(pos, state) == whole(pos, state)
    assert rid(pos, state).matched == 1


def test_a_time_with_its_offset_is_of_the_shops_day_either_way(tmp_path: Path) -> None:
    pos, state = tmp_path / "pos.csv", tmp_path / "state.csv"
    line = "2026-03-12T02:50+00,1A4050100000111000000417,3.5,1052.00,MI-P-1\n"  # as long as a time without an offset
    pos.write_text(f"Order ID,Order Time,Package ID,Total Inventory Sold,Net Sales,Patient Number\n1,{line}")
    state.write_text(
        f"ReceiptNumber,SalesDateTime,PackageLabel,QuantitySold,TotalPrice,PatientLicenseNumber\n90,{line}"
    )
    assert count_laid_aside(pos, state) == 1
    assert rid(pos, state) == whole(pos, state)
    assert rid(pos, state).totals.sales == 1


def damaged(change: Callable[[str], str]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.write_text(change(path.read_text()))

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        damaged(lambda text: text[: len(text) * 2 // 3]),
        damaged(lambda text: text.replace("Each", "E,ach", 1)),
        damaged(lambda text: text + "Total,,,,,,,,,,,,,,,,\n"),
        damaged(lambda text: text.replace("2026-03-11T1", "2026-13-41T1", 1)),
        damaged(lambda text: text.replace("1A4FF03", "1.23E+15", 1)),
        damaged(lambda text: ""),
    ],
)
def test_a_damaged_file_says_the_same_either_way(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    pos, state, *_ = write_day(a_day([], 30, 1), tmp_path)
    damage(pos)
    told = rid(pos, state)
    context = Context(same_person=(frozenset({"A", "B"}),))  # which takes everything of both files
    assert told == compare_files(pos, state, DAY, DETROIT, terms=TERMS, context=context)
    assert told.not_compared or told.matched == 30


@pytest.mark.parametrize("is_told_there", [True, False])
@pytest.mark.parametrize("file", ["pos", "state"])
def test_a_number_that_is_two_peoples_is_refused_with_its_row_either_way(
    tmp_path: Path, file: str, is_told_there: bool
) -> None:
    rows = "12:00:00,1A4050100000111000000417,1,10.00,{0}", "12:00:00,1A4050100000111000000418,1,10.00,{1}"
    titles = {
        "pos": "Order ID,Order Time,Package ID,Quantity,Net Sales,Patient Number",
        "state": "ReceiptNumber,SalesDateTime,PackageLabel,QuantitySold,TotalPrice,PatientLicenseNumber",
    }
    for name, title in titles.items():
        numbers = ("7", "7") if name == file else ("8", "9") if is_told_there else ("8", "8")
        people = ("MI-P-1001", "MI-P-2002") if is_told_there or name == file else ("", "")
        lines = [f"{n},2026-03-11 {row.format(*people)}" for n, row in zip(numbers, rows, strict=True)]
        (tmp_path / f"{name}.csv").write_text("\n".join([title, *lines, ""]))
    (found,) = rid(tmp_path / "pos.csv", tmp_path / "state.csv").not_compared
    assert found.side.lower() == file
    assert "row 3: it is of another patient than the rows of the same number (7) above" in found.why


def test_a_sale_may_name_its_patient_in_some_rows_and_in_several_ways(tmp_path: Path) -> None:
    pos = tmp_path / "pos.csv"
    people = ("", "MI-P-1001", "mi p 1001", "", "1001")
    rows = [f"7,2026-03-11 12:00:00,1A405010000011100000041{n},1,10.00,{who}" for n, who in enumerate(people)]
    pos.write_text("\n".join(["Order ID,Order Time,Package ID,Quantity,Net Sales,Patient Number", *rows, ""]))
    (sale,) = read_sale_file(pos, DETROIT).sales
    assert (sale.patient_key, len(sale.lines)) == ("MIP1001", 5)


TWO_SALES = (
    "{number},2026-03-11 12:00:00,{tag},1,10.00,{discount},{weight},{opened}\n"
    "1001,2026-03-11 13:00:00,1A4050100000111000000418,1,10.00,,,\n"
)


@pytest.mark.parametrize(
    "cells",
    [
        {"number": ""},
        {"number": "n/a"},
        {"number": " 1001"},
        {"number": "1.23E+15"},
        {"number": "100\u200b1"},
        {"number": "1" * 61},
        {"discount": "1.2.3"},
        {"weight": "much"},
        {"opened": "in the morning"},
        {"opened": "n/a"},
        {"tag": "?"},
    ],
)
def test_a_cell_that_cannot_be_read_in_a_line_that_is_the_same_says_the_same_either_way(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    pos, state = tmp_path / "pos.csv", tmp_path / "state.csv"
    tag = "1A4050100000111000000417"
    told = TWO_SALES.format(**{"number": "1000", "tag": tag, "discount": "", "weight": "", "opened": "", **cells})
    pos.write_text(f"Order ID,Order Time,Package ID,Quantity,Net Sales,Discount,Weight g,Opened\n{told}")
    theirs = {"tag": cells.get("tag", tag), "weight": cells.get("weight", "")}
    told = TWO_SALES.format(number="1000", discount="", opened="", **theirs)
    state.write_text(f"ReceiptNumber,SalesDateTime,PackageLabel,QuantitySold,TotalPrice,A,Weight g,B\n{told}")
    context = Context(same_person=(frozenset({"A", "B"}),))  # which takes everything of both files
    assert rid(pos, state) == compare_files(pos, state, DAY, DETROIT, terms=TERMS, context=context)


@given(
    kinds=st.lists(st.sampled_from(list(SEEDS)), max_size=12),
    count=st.integers(12, 40),
    seed=st.integers(0, 10**6),
    is_crowded=st.booleans(),
    is_open_late=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_day_has_one_answer_with_all_that_may_be_known_of_it(
    tmp_path: Path, kinds: list[FindingClass], count: int, seed: int, *, is_crowded: bool, is_open_late: bool
) -> None:
    made = a_day(kinds[:count], count, seed)
    if is_crowded:
        crowd(made, seed)
    terms = made.terms if is_open_late else replace(made.terms, hours=(Hours(time(12), time(12, 0, 7)),) * 7)
    packages = dict(list((made.context.packages or {}).items())[seed % 3 :])
    cards = {each.patient_key: KnownCard(DAY) for each in list(made.sales.values())[: seed % 4]}
    over = {each.number: "over the limit" for each in list(made.sales.values())[: seed % 2]}
    context = replace(
        made.context,
        packages=packages or None,
        cards={**made.context.cards, **cards},
        over_limit={**made.context.over_limit, **over},
    )
    pos, state, *_ = write_day(made, tmp_path)
    sales, receipts = read_sale_file(pos, DETROIT), read_receipts(state, DETROIT)
    expected = compare(sales, receipts, DAY, terms=terms, context=context)
    assert compare_files(pos, state, DAY, DETROIT, terms=terms, context=context) == expected


def test_with_rules_the_same_lines_are_laid_aside_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []

    def counted(*given: Any, **known: Any) -> Compared:
        left.append(len(given[0].sales))
        return compare(*given, **known)

    monkeypatch.setattr(day_files, "compare", counted)
    made = a_day([FindingClass.PACKAGE_HOLD], 100, 1)
    pos, state, *_ = write_day(made, tmp_path)
    terms = replace(made.terms, hours=(Hours(time(8), time(21)),) * 7)
    found = compare_files(pos, state, DAY, DETROIT, terms=terms, context=made.context)
    assert [each.kind for each in found.findings] == [FindingClass.PACKAGE_HOLD]
    assert left[0] < 50


def test_digits_that_a_spreadsheet_may_have_cut_take_the_whole_look() -> None:
    readers = Readers(DETROIT, TERMS)
    from pcc_desk.domain.columns import SaleField

    assert readers.of[SaleField.LABEL]["6853296789574115000"]
    with pytest.raises(NotPlain):
        readers.refuse_lost_digits()


CELLS = st.text(st.sampled_from(["a", "é", " ", ";", "7", "\t", "'"]), max_size=5)


@given(
    rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=60),
    end=st.sampled_from(["\n", "\r\n"]),
    piece=st.integers(60, 400),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_cut_at_the_signs_is_what_a_reader_of_csv_reads(
    monkeypatch: pytest.MonkeyPatch, rows: list[list[str]], end: str, piece: int
) -> None:
    monkeypatch.setattr(rows_by_column, "PIECE", piece)
    titles = ["Order ID", "Order Time", "Package ID", "Quantity", "Net Sales"]
    raw = "".join(",".join(row) + end for row in [titles, *rows]).encode()
    with open_table(raw, known_titles()) as table:
        read = ReadRows(raw, table)
        cut = CutRows(raw, table)
        wanted = (4, 0, 2)
        assert joined(cut.columns(wanted)) == joined([[[row[place] for row in rows] for place in wanted]])
        places = range(0, len(rows), 3)
        assert list(cut.rows(places)) == [(place + 2, rows[place]) for place in places]
        said = [row for row in rows if any(row)]
        assert joined(read.columns(wanted)) == joined([[[row[place] for row in said] for place in wanted]])


def joined(chunks: Iterable[list[list[str]]]) -> list[tuple[str, ...]]:
    return [row for columns in chunks for row in zip(*columns, strict=True)]


@pytest.mark.parametrize(
    "body",
    [
        '1,2026-03-11 12:00,"A,B",1,2\n',
        "1,2026-03-11 12:00,A,1\n",
        "1,2026-03-11 12:00,A,1,2,3\n1,2026-03-11 12:00,A,1\n",
        "1,2026-03-11 12:00\nA,1,2\n",
        "1,2026-03-11 12:00,A,1,2\n\n",
        "1,2026-03-11 12:00,A,1,2\r",
        "1,2026-03-11 12:00,A\r,1,2\n",
        "1,2026-03-11 12:00,A,1,2",
        "1,2026-03-11 12:00,A,1,2\n" * 40 + f"1,2026-03-11 12:00,{'A' * 200_000},1,2\n",
        "Order ID,Order Time,Package ID,Quantity,Net Sales\n",
    ],
)
def test_what_is_no_plain_row_is_left_to_a_reader_of_csv(body: str) -> None:
    raw = f"Order ID,Order Time,Package ID,Quantity,Net Sales\n{body}".encode()
    with open_table(raw, known_titles()) as table, pytest.raises(NotPlain):
        list(CutRows(raw, table).columns((0, 1)))


def test_a_quoted_file_is_rid_of_the_same_lines_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pos, state, *_ = write_day(a_day(OF_LISTS, 200, 5), tmp_path)
    plain = rid(pos, state)
    for path in (pos, state):
        with path.open(newline="") as file:
            rows = list(csv.reader(file))
        with path.open("w", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    assert rid(pos, state) == plain
    monkeypatch.setattr(rows_by_column, "MOST_KEPT", 0)
    assert rid(pos, state) == plain
    assert count_laid_aside(pos, state) > 100
