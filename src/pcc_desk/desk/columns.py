"""What the columns of a point of sale's reports mean: said once, by a person, and on record with who said it."""

from collections.abc import Mapping
from datetime import date

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.ports_outside import ReadsReports
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.columns import ColumnMap, Report
from pcc_desk.domain.entries import Act
from pcc_desk.domain.pos_entries import ColumnsSaid


def known_columns(ledger: Ledger) -> Mapping[str, ColumnMap]:
    """Return what the columns of reports mean, by the hash of their titles."""
    return ledger.columns_said()


def say_columns(ledger: Ledger, header: str, columns: ColumnMap, *, act: Act) -> ColumnMap:
    """Put on record what the columns of a kind of report mean. Said again, it is as it was said last."""
    require(ledger, act, Right.RECONCILE)
    if ledger.columns_said().get(header) != columns:
        ledger.record(ColumnsSaid(header, columns), act)
    return columns


async def let_it_know(desk: Desk) -> None:
    """Tell a point of sale that is known by its reports what was said of their columns."""
    if isinstance(desk.pos, ReadsReports):
        desk.pos.know(await desk.store.read(known_columns))


async def report_of(desk: Desk, day: date) -> Report | Unanswered:
    """Return the beginning of a day's report, for a person to say what its columns mean."""
    act = desk.act()
    await desk.store.read(require, act, Right.RECONCILE)
    if not isinstance(desk.pos, ReadsReports):
        return Unanswered(Silence.ABSENT, f"{desk.pos.name} is not read from reports: it has no columns")
    await let_it_know(desk)
    return await desk.pos.report(day)
