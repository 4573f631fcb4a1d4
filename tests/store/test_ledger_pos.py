"""What every ledger keeps of points of sale: what the columns of reports mean."""

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.columns import ColumnMap, SaleField
from pcc_desk.domain.pos_entries import ColumnsSaid
from tests.store.stores import act

FIRST = ColumnMap(((SaleField.NUMBER, "beleg"), (SaleField.TIME, "zeit")))
SECOND = ColumnMap(((SaleField.NUMBER, "nummer"),))


def test_nothing_was_said_at_first(ledger: Ledger) -> None:
    assert ledger.columns_said() == {}


def test_what_was_said_last_of_each_kind_of_report_counts(ledger: Ledger) -> None:
    for header, columns in (("ab", FIRST), ("cd", FIRST), ("ab", SECOND)):
        ledger.record(ColumnsSaid(header, columns), act())
    assert ledger.columns_said() == {"ab": SECOND, "cd": FIRST}
