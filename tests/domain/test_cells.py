"""Nothing that the desk writes is run by the spreadsheet that opens it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.cells import safe_cell, table_text


@pytest.mark.parametrize(
    "evil", ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", "|calc", "=HYPERLINK(1)", "-=1", "+"]
)
def test_what_a_spreadsheet_would_run_is_text(evil: str) -> None:
    assert safe_cell(evil) == f"'{evil}"


@pytest.mark.parametrize("plain", ["", "Blue Dream", "-5.00", "+1", "-1,114.35", "3.5", "-", "1A405", "4401", "-$5.00"])
def test_words_and_numbers_stay_as_they_are(plain: str) -> None:
    assert safe_cell(plain) == plain


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), max_size=5))
def test_no_cell_of_a_table_begins_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(table_text(rows), newline="")))
    for row in read:
        for cell in row:
            assert not cell.startswith(("=", "@", "\t"))
            assert not cell.startswith(("+", "-")) or not any(each.isalpha() or each in "(!|" for each in cell)
