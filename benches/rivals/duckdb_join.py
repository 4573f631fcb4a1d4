"""Join two exports in duckdb, then look in Python for what is left: how many lines stay on each side."""

import sys
from typing import Any

import duckdb

READ = """
CREATE TABLE {name} AS SELECT row_number() OVER () AS id, substr("{time}", 1, 10) AS day, "{card}" AS card,
    "{package}" AS package, "{quantity}" AS quantity, "{price}" AS price, row_number() OVER (
        PARTITION BY substr("{time}", 1, 10), "{card}", "{package}", "{quantity}") AS place
FROM read_csv('{path}', all_varchar = true)
"""
LEFT = """
SELECT {one}.id, {one}.day, {one}.card, {one}.package, {one}.quantity, {one}.price FROM {one}
ANTI JOIN {other} USING (day, card, package, quantity, place)
"""


def main(pos: str, state: str) -> tuple[int, int]:
    base = duckdb.connect()
    names = ("Order Time", "Patient Number", "Package ID", "Quantity", "Net Sales")
    theirs = ("SalesDateTime", "PatientLicenseNumber", "PackageLabel", "QuantitySold", "TotalPrice")
    for name, path, titles in (("sale", pos, names), ("receipt", state, theirs)):
        fields = dict(zip(("time", "card", "package", "quantity", "price"), titles, strict=True))
        base.execute(READ.format(name=name, path=path, **fields))
    sales: list[Any] = base.execute(LEFT.format(one="sale", other="receipt")).fetchall()
    receipts: list[Any] = base.execute(LEFT.format(one="receipt", other="sale")).fetchall()
    by_card: dict[str, list[Any]] = {}
    for row in receipts:
        by_card.setdefault(row[2], []).append(row)
    left = 0
    for row in sales:
        near = by_card.get(row[2])
        if near:
            near.pop()
        else:
            left += 1
    return left, sum(map(len, by_card.values()))


if __name__ == "__main__":
    print(*main(sys.argv[1], sys.argv[2]))
