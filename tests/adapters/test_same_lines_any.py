"""Any two tables come to one answer, whether what is the same in both is laid aside or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcc_desk.adapters import day_files, rows_by_column
from pcc_desk.adapters.day_files import compare_files
from pcc_desk.domain.reconciling.findings import Compared
from pcc_desk.domain.reconciling.terms import Context, Hours, KnownCard, KnownPackage, Terms

DAY = date(2026, 3, 11)
DETROIT = ZoneInfo("America/Detroit")
SALE = "Order ID,Order Time,Patient Number,Package ID,Quantity,Net Sales"
RECEIPT = "ReceiptNumber,SalesDateTime,PatientLicenseNumber,PackageLabel,QuantitySold,TotalPrice"
TAGS = ("1A4050100000111000000417", "1a4050100000111000000417", "1A4050100000111000000418")
PEOPLE = ("MI-P-1001", "mi p 1001", "MI-P-2002", "2002", "")


@dataclass(frozen=True)
class Files:
    """Two files in which the same may stand, once or often, and written in several ways."""

    pos: str
    state: str


def rest_of_a_line() -> st.SearchStrategy[str]:
    moments = st.sampled_from(["12:00:00", "12:00:01", "12:07:00", "20:30:00"])
    days = st.sampled_from(["2026-03-11 ", "2026-03-11 ", "2026-03-11T", "2026-03-12 "])
    cells = st.tuples(
        st.builds("{}{}".format, days, moments),
        st.sampled_from(PEOPLE),
        st.sampled_from(TAGS),
        st.sampled_from(["1", "2", "3.5", "3.50", "-1"]),
        st.sampled_from(["10.00", "10", "12.50", "0"]),
    )
    return cells.map(",".join)


@st.composite
def files(draw: st.DrawFn) -> Files:
    rests = draw(st.lists(rest_of_a_line(), min_size=1, max_size=24))
    most = draw(st.sampled_from([1, 30]))
    ours = [rest for rest in rests for _ in range(draw(st.sampled_from([1, 1, 1, 1, 1, 0, 2])) if most > 1 else 1)]
    theirs = [rest for rest in rests for _ in range(draw(st.sampled_from([1, 1, 1, 1, 1, 0, 2])) if most > 1 else 1)]
    ours += draw(st.lists(rest_of_a_line(), max_size=3))
    theirs += draw(st.lists(rest_of_a_line(), max_size=3))
    if draw(st.booleans()):
        theirs = draw(st.permutations(theirs))
    ends = draw(st.sampled_from(["\n", "\r\n"])), draw(st.sampled_from(["\n", "\r\n"]))
    lines_each = draw(st.sampled_from([1, 1, 2]))
    pos = [f"{1000 + place // lines_each},{rest}" for place, rest in enumerate(ours)]
    state = [f"{90_000 + place // lines_each},{rest}" for place, rest in enumerate(theirs)]
    return Files(
        "".join(each + ends[0] for each in [SALE, *pos]), "".join(each + ends[1] for each in [RECEIPT, *state])
    )


def written(folder: Path, told: Files) -> tuple[Path, Path]:
    pos, state = folder / "pos.csv", folder / "state.csv"
    pos.write_text(told.pos, newline="")
    state.write_text(told.state, newline="")
    return pos, state


def whole(pos: Path, state: Path, terms: Terms, context: Context) -> Compared:
    """Return the answer of everything in both files, also where one of them is refused."""
    with patch.object(day_files, "_asks_nothing_of_all", lambda terms, context: False):
        return compare_files(pos, state, DAY, DETROIT, terms=terms, context=context)


@contextmanager
def pieces_of(size: int) -> Iterator[None]:
    with patch.object(rows_by_column, "PIECE", size):
        yield


TERMS = st.sampled_from([Terms(), Terms(hours=(Hours(time(8), time(20)),) * 7), Terms(least_cents=0)])
CONTEXTS = st.sampled_from(
    [
        Context(),
        Context(cards={"MIP1001": KnownCard(DAY - timedelta(days=1))}, over_limit={"1001": "7 g too much"}),
        Context(packages={TAGS[0]: KnownPackage(TAGS[0]), TAGS[2]: KnownPackage(TAGS[2], balance_milli=-1)}),
    ]
)


@given(told=files(), terms=TERMS, context=CONTEXTS, size=st.sampled_from([120, 400, 131_072]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_two_files_they_have_one_answer(
    tmp_path: Path, told: Files, terms: Terms, context: Context, size: int
) -> None:
    pos, state = written(tmp_path, told)
    with pieces_of(size):
        found = compare_files(pos, state, DAY, DETROIT, terms=terms, context=context)
    assert found == whole(pos, state, terms, context)
