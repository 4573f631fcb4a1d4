"""Tables that a spreadsheet may open: no cell that the desk writes is run there (POS reference, 7.2, rule 12)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""With what a cell begins that a spreadsheet may take for something to run."""
_A_NUMBER = re.compile(r"[+-]?[$]?\d{1,3}(,?\d{3})*(\.\d+)?%?|[+-]?\d+(\.\d+)?|-", re.ASCII)


def safe_cell(text: str) -> str:
    """Return a cell as a spreadsheet takes it for text. Numbers are left as they are, those below zero as well."""
    if not text.startswith(_RUNS) or _A_NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV text, lines ended as RFC 4180 has it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe_cell(each) for each in row] for row in rows)
    return out.getvalue()
