"""Sums over what was dispensed, made by the database in one statement along a patient's own rows."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from pcc_desk.domain.products import Basis
from pcc_desk.domain.totals import Sum, Total
from pcc_desk.store.connection import Connection

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


def totals(connection: Connection, patient_id: UUID, sums: Sequence[Sum]) -> tuple[Total, ...]:
    """Return what each sum comes to for a patient."""
    if not sums:
        return ()
    statement, values = statement_for(tuple(sums))
    first = min(each.first for each in sums).isoformat()
    row = connection.execute(statement, (*values, patient_id.hex, first)).fetchone()
    return tuple(Total(row[at] or 0, row[at + 1]) for at in range(0, len(row), 2))


@lru_cache(maxsize=64)
def statement_for(sums: tuple[Sum, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the statement for sums, with the values that stand before the patient's."""
    columns, values = [], []
    for each in sums:
        condition, found = _condition(each)
        column = COLUMNS.get(each.measure) if each.measure is not None else None
        is_unknown = f" AND {column} IS NULL" if column else ""
        columns.append(f"sum({column or 'NULL'}) FILTER (WHERE {condition})")
        columns.append(f"count(*) FILTER (WHERE {condition}{is_unknown})")
        values += [*found, *found]
    return f"SELECT {', '.join(columns)} {OF_A_PATIENT}", tuple(values)


def _condition(each: Sum) -> tuple[str, list[str]]:
    marks = ", ".join("?" for _ in each.categories)
    words = f"day >= ? AND category {'NOT IN' if each.is_but else 'IN'} ({marks})"
    values = [each.first.isoformat(), *each.categories]
    if each.last is not None:
        return f"{words} AND day <= ?", [*values, each.last.isoformat()]
    return words, values
