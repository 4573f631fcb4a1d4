"""Sums over what was dispensed, made by the database in one statement along a patient's own rows."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from pcc_desk.domain.products import Basis
from pcc_desk.domain.totals import Sums
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries import records

COLUMNS = {
    Basis.NET_G: "net_mg",
    Basis.NET_OZ: "net_mg",
    Basis.NET_ML: "volume_ul",
    Basis.NET_FLOZ: "volume_ul",
    Basis.THC_MG: "thc_ug",
    Basis.COUNT: "count_milli",
}
"""Measures that a line is kept with. Of any other nothing is known."""

OF_A_PATIENT = "FROM dispensed_line WHERE patient_id = ? AND day >= ?"


def totals(connection: Connection, patient_id: UUID, sums: Sums) -> tuple[int, ...] | None:
    """Return what each sum comes to for a patient; None when a line spoils them, or was corrected or struck."""
    if records.is_amended(connection, patient_id):
        return None
    statement, values = statement_for(sums)
    spoilt, *found = connection.execute(statement, (*values, patient_id.hex, sums.first.isoformat())).fetchone()
    return None if spoilt else tuple(each or 0 for each in found)


@lru_cache(maxsize=256)
def statement_for(sums: Sums) -> tuple[str, tuple[str, ...]]:
    """Return the statement for sums, with the values that stand before the patient's. Spoiling lines come first."""
    spoiling = [f"category NOT IN ({_marks(sums.categories)})"]
    values = [*sums.categories]
    for measure, categories in sums.measured:
        spoiling.append(f"({COLUMNS.get(measure, 'NULL')} IS NULL AND category IN ({_marks(categories)}))")
        values += categories
    columns = [f"count(*) FILTER (WHERE {' OR '.join(spoiling)})"]
    for each in sums.asked:
        until = " AND day <= ?" if each.last is not None else ""
        condition = f"day >= ?{until} AND category IN ({_marks(each.categories)})"
        columns.append(f"sum({COLUMNS.get(each.measure, 'NULL')}) FILTER (WHERE {condition})")
        values.append(each.first.isoformat())
        if each.last is not None:
            values.append(each.last.isoformat())
        values += each.categories
    return f"SELECT {', '.join(columns)} {OF_A_PATIENT}", tuple(values)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)
