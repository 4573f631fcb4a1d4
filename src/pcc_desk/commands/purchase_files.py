"""Purchases, proposed baskets and registry answers as files: JSON or CSV, read exactly or refused with the place."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

from pcc_desk.commands.amounts import read_exact, step
from pcc_desk.commands.clock import Clock
from pcc_desk.commands.refusing import InputRefused
from pcc_desk.domain.products import MEASURE_OF, Basis, Measures
from pcc_desk.domain.purchases import Purchase, PurchaseKind
from pcc_desk.domain.rules import Limit, Rules, Term
from pcc_desk.domain.scalable import Scalable
from pcc_desk.rulebook.words import smallest

FIELDS = ("on", "cat", "q", "product", "thc_pct", "dispensary", "kind", "posted_at")
BASES = tuple(basis.value for basis in Basis if basis is not Basis.VISIT)
LARGEST_FILE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it stands in a file, with every number exact."""

    where: str
    on: str
    category: str
    quantities: tuple[tuple[Basis, Fraction], ...]
    product: str
    thc_percent: Fraction | None
    dispensary: str = ""
    kind: PurchaseKind = PurchaseKind.SALE
    posted_at: str | None = ""
    """Empty: when it was sold. None: the state has not taken it."""

    def amounts(self, ounce_mg: Fraction) -> dict[str, Fraction]:
        """Return each measure in its smallest unit. Where the weight and the THC percentage are told, so is the THC."""
        found: dict[str, Fraction] = {}
        for basis, quantity in self.quantities:
            name = MEASURE_OF[basis]
            if not name:
                continue
            amount = quantity * smallest(basis, ounce_mg)
            if found.setdefault(name, amount) != amount:
                raise InputRefused(f"{self.where}: q gives the same measure twice, and not the same amount.")
        if "thc_ug" not in found and self.thc_percent is not None and "net_mg" in found:
            found["thc_ug"] = found["net_mg"] * self.thc_percent * 10
        return found


def read_rows(path: str, what: str, *, dated: bool) -> tuple[Row, ...]:
    """Return the lines of a JSON or CSV file; "-" is the standard input. Raises `InputRefused`."""
    text = read_text(path)
    name = "standard input" if path == "-" else Path(path).name
    if text.lstrip()[:1] in {"[", "{"}:
        found = _json(text, name)
        if isinstance(found, dict) and set(found) == {what}:
            found = found[what]
        if not isinstance(found, list):
            raise InputRefused(f"{name}: it must hold a list of {what}.")
        return tuple(_row(each, f"{name}, line {number} of the list", dated) for number, each in enumerate(found, 1))
    return tuple(_csv_rows(text, name, dated))


def read_text(path: str) -> str:
    """Return a file's text. Raises `InputRefused`."""
    try:
        if path == "-":
            return sys.stdin.read()
        file = Path(path)
        if file.stat().st_size > LARGEST_FILE:
            raise InputRefused(f"{file.name}: it is larger than {LARGEST_FILE // 1024**2} MiB. Give a smaller file.")
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputRefused(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputRefused(f"{path} is no text in UTF-8. Save it as UTF-8.") from error


def read_json(path: str) -> Any:
    """Return a JSON file, its numbers exact. Raises `InputRefused`."""
    return _json(read_text(path), "standard input" if path == "-" else Path(path).name)


def _json(text: str, name: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise InputRefused(f"{name}: an object names a field twice.")
        return found

    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        place = "nested too deeply, or with a number that is too long"
        if isinstance(error, json.JSONDecodeError):
            place = f"line {error.lineno}: {error.msg}"
        raise InputRefused(f"{name} is no JSON: {place}.") from error


def _csv_rows(text: str, name: str, dated: bool) -> Iterable[Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames or []
    except csv.Error as error:
        raise InputRefused(f"{name}, line 1: {error}.") from error
    allowed = {*FIELDS, *BASES, "basis", "quantity"}
    unknown = [each for each in header if each not in allowed]
    if not header or unknown:
        raise InputRefused(
            f"{name}: the first line must name the columns. {_listed(unknown)}Known are: {', '.join(sorted(allowed))}."
        )
    if len(set(header)) != len(header):
        raise InputRefused(f"{name}: the first line names a column twice.")
    try:
        for row in reader:
            where = f"{name}, line {reader.line_num}"
            if None in row or None in row.values():
                raise InputRefused(f"{where}: it has not as many cells as the first line has names.")
            yield _row(_nested(row, where), where, dated)
    except csv.Error as error:
        raise InputRefused(f"{name}, line {reader.line_num}: {error}.") from error


def _listed(unknown: list[str]) -> str:
    return f"Not known: {', '.join(unknown)}. " if unknown else ""


def _nested(row: dict[str, str], where: str) -> dict[str, Any]:
    """Return a row of cells as an object: how much is in a column a basis, in two columns, or in one as JSON."""
    cells = {name: cell.strip() for name, cell in row.items() if cell.strip()}
    quantities: dict[str, Any] = {name: cells.pop(name) for name in BASES if name in cells}
    if "q" in cells:
        inside = _json(cells.pop("q"), f"{where}, q")
        if not isinstance(inside, dict) or quantities.keys() & inside.keys():
            raise InputRefused(f'{where}: q must be an object such as {{"net_g": "3.5"}}, and name each basis once.')
        quantities |= inside
    if "basis" in cells and "quantity" in cells:
        quantities[cells.pop("basis")] = cells.pop("quantity")
    return {**cells, "q": quantities}


def _row(found: Any, where: str, dated: bool) -> Row:
    if not isinstance(found, dict):
        raise InputRefused(f'{where}: it must be an object such as {{"cat": "flower", "q": {{"net_g": "3.5"}}}}.')
    unknown = sorted(set(found) - set(FIELDS))
    if unknown:
        raise InputRefused(f"{where}: {', '.join(unknown)} is not known. Known are: {', '.join(FIELDS)}.")
    on = found.get("on", "")
    if dated and not on:
        raise InputRefused(f'{where}: "on" is missing. Write the day, such as "2026-03-12".')
    category = found.get("cat")
    if not isinstance(category, str) or not category.strip():
        raise InputRefused(f'{where}: "cat" is missing. Write the category, such as "flower".')
    percent = found.get("thc_pct")
    return Row(
        where=where,
        on=_text(on, "on", where) if dated else "",
        category=category.strip(),
        quantities=_quantities(found.get("q"), where),
        product=_text(found.get("product", ""), "product", where) or where.rpartition(", ")[2],
        thc_percent=None if percent is None else _percent(percent, where),
        dispensary=_text(found.get("dispensary", ""), "dispensary", where),
        kind=_kind(found.get("kind", "sale"), where),
        posted_at=_posted_at(found.get("posted_at", ""), where),
    )


def _text(value: Any, name: str, where: str) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise InputRefused(f'{where}: "{name}" must be text.')
    return str(value).strip()


def _posted_at(value: Any, where: str) -> str | None:
    return None if value is None else _text(value, "posted_at", where)


def _percent(value: Any, where: str) -> Fraction:
    percent = read_exact(value, f"{where}, thc_pct")
    if percent > 100:
        raise InputRefused(f"{where}: thc_pct is above 100. Write percent of the weight, such as 18.5.")
    return percent


def _kind(value: Any, where: str) -> PurchaseKind:
    try:
        return PurchaseKind(value)
    except ValueError as error:
        known = ", ".join(kind.value for kind in PurchaseKind)
        raise InputRefused(f"{where}: “{value}” is no kind of line. Known are: {known}.") from error


def _quantities(found: Any, where: str) -> tuple[tuple[Basis, Fraction], ...]:
    if not isinstance(found, Mapping) or not found:
        raise InputRefused(f'{where}: "q" must say how much, such as {{"net_g": "3.5"}}. Bases: {", ".join(BASES)}.')
    quantities = []
    for name, value in found.items():
        if name not in BASES:
            raise InputRefused(f"{where}: “{name}” is no basis. Known are: {', '.join(BASES)}.")
        quantities.append((Basis(name), read_exact(value, f"{where}, {name}")))
    return tuple(quantities)


def finer(rows: Iterable[Row], ounce_mg: Fraction) -> int:
    """Return into how many parts each smallest unit must be divided so that every quantity is a whole number."""
    parts = 1
    for row in rows:
        amounts = row.amounts(ounce_mg)
        parts = lcm(parts, *(each.denominator for each in amounts.values()))
        if not row.on and row.quantities:
            basis, quantity = row.quantities[0]
            if quantity:
                share = step(basis) / quantity
                parts = lcm(parts, *((each * share).denominator for each in amounts.values()))
    return parts


def in_finer_units(rules: Rules, parts: int) -> Rules:
    """Return the same rules with quantities counted in so many parts of the smallest units. A sale has no parts."""

    def divided(limit: Limit) -> Limit:
        return replace(limit, terms=tuple(split(term) for term in limit.terms))

    def split(term: Term) -> Term:
        return term if term.basis is Basis.VISIT else replace(term, per=term.per * parts)

    if parts == 1:
        return rules
    limits = tuple(divided(each) for each in rules.limits)
    outage = replace(rules.outage, limits=tuple(divided(each) for each in rules.outage.limits))
    return replace(rules, limits=limits, outage=outage, ounce_mg=rules.ounce_mg * parts)


def measures(row: Row, ounce_mg: Fraction, parts: int) -> Measures:
    """Return what a line amounts to, in parts of the smallest units."""
    found = {name: int(amount * parts) for name, amount in row.amounts(ounce_mg).items()}
    return Measures(**{"net_mg": None, "volume_ul": None, "thc_ug": None, "count_milli": None, **found})


def purchase(row: Row, clock: Clock, ounce_mg: Fraction, parts: int) -> Purchase:
    """Return a line as the limits count it."""
    on, at, _ = clock.moment(row.on, f"{row.where}, on")
    if row.posted_at is None:
        posted_at = None
    else:
        posted_at = clock.moment(row.posted_at, f"{row.where}, posted_at")[1] if row.posted_at else at
    return Purchase(
        on=on,
        at=at,
        category=row.category,
        measures=measures(row, ounce_mg, parts),
        product=row.product,
        posted_at=posted_at,
        dispensary=row.dispensary,
        thc_percent=row.thc_percent,
        kind=row.kind,
    )


def proposed(row: Row, ounce_mg: Fraction, parts: int) -> Scalable:
    """Return a line of a basket. Raises `InputRefused` when it is of nothing."""
    basis, quantity = row.quantities[0]
    if quantity == 0:
        raise InputRefused(f"{row.where}: a basket line of nothing. Take it out, or say how much.")
    count = next((each for name, each in row.quantities if name is Basis.COUNT), None)
    pieces = int(count) if count is not None and count.denominator == 1 and count > 0 else None
    share = step(basis) / quantity
    return Scalable(row.category, row.product, measures(row, ounce_mg, parts), share, row.thc_percent, pieces)


def taken(row: Row, steps: int) -> dict[str, Fraction]:
    """Return so many steps of a line, by the bases of its file."""
    basis, quantity = row.quantities[0]
    share = steps * step(basis) / quantity
    return {name.value: each * share for name, each in row.quantities}
