"""`pcc-desk reconcile`: two exports of a day compared without a store, for accountants and for checking."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import click

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.exported import is_json, read_any
from pcc_desk.adapters.pos.reading import Damaged, UnknownColumns, read_sales
from pcc_desk.adapters.pos.titles import sale_columns
from pcc_desk.adapters.state.receipt_files import read_receipts
from pcc_desk.commands.amounts import InputRefused
from pcc_desk.commands.reconcile_answer import as_lines, document
from pcc_desk.commands.reconcile_rules import read_rules
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared, NotCompared
from pcc_desk.domain.sales import Dispensed, Kind, Pull, Sale
from pcc_desk.rulebook.tables import clean
from pcc_desk.settings import known_zone

T = TypeVar("T")

CLEAN, FOUND, NOT_COMPARED = 0, 1, 2

HELP = """\b
Files: the point of sale's report (CSV of any known kind, or the JSON of its
interface) and the state's receipts (METRC's JSON, or CSV by the same names).
--desk adds what the desk itself handed out, --rules a TOML file with
tolerances, legal hours and windows. docs/reconcile-json.md describes all of it.

\b
Exit statuses of this command:
  0  both sides agree
  1  something was found
  2  not compared: a side could not be read, or not whole
"""


@click.command(epilog=HELP, short_help="Compare a day's sales with the state's receipts, from files.")
@click.option("--pos", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The sales.")
@click.option("--state", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The receipts.")
@click.option("--desk", type=click.Path(path_type=Path), metavar="FILE", help="What the desk handed out.")
@click.option("--zone", "zone_name", required=True, metavar="AREA/CITY", help="The shop's time zone.")
@click.option("--day", "day_text", required=True, metavar="DATE", help="The business day, such as 2026-03-11.")
@click.option("--rules", type=click.Path(path_type=Path), metavar="FILE", help="Tolerances, hours, windows, as TOML.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")
@click.pass_context
def reconcile(
    context: click.Context,
    /,
    *,
    pos: Path,
    state: Path,
    desk: Path | None,
    zone_name: str,
    day_text: str,
    rules: Path | None,
    as_json: bool,
) -> None:
    """Compare a day's sales with the state's receipts, and name every difference with its fix."""
    zone, day = _zone(zone_name), _day(day_text)
    terms, known = read_rules(rules, zone)
    sales = _side(pos, "POS", lambda: _sales(pos, zone))
    receipts = _side(state, "state", lambda: read_receipts(state, zone))
    own = _side(desk, "desk", lambda: _own(desk, zone)) if desk is not None else ()
    if isinstance(own, NotCompared):
        outcome = compare(own, receipts, day)
    else:
        outcome = compare(sales, receipts, day, desk=own, terms=terms, context=known)
    if as_json:
        click.echo(json.dumps(document(day, zone.key, outcome, terms), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(clean(each) for each in as_lines(day, zone.key, outcome, terms)))
    context.exit(_status(outcome))


def _status(outcome: Compared) -> int:
    if outcome.not_compared:
        return NOT_COMPARED
    return FOUND if outcome.findings else CLEAN


def _side(path: Path | None, side: str, read: Callable[[], T]) -> T | NotCompared:
    """Return what a file tells, or why it tells nothing: a side that cannot be read is never different."""
    name = cleaned(path.name, 120) if path is not None else ""
    try:
        return read()
    except UnknownColumns as error:
        return NotCompared(side, f"what the columns of {name} mean is not known: {error}")
    except Damaged as error:
        return NotCompared(side, f"{name} cannot be used: {error}")
    except OSError as error:
        return NotCompared(side, f"{name} cannot be read ({error.strerror})")


def _sales(path: Path, zone: ZoneInfo) -> Pull:
    if is_json(path):
        return read_any(path, zone)
    columns, header = sale_columns(path)
    return read_sales(path, zone, {header: columns} if columns else None, guess=True)


def _own(path: Path | None, zone: ZoneInfo) -> tuple[Dispensed, ...]:
    if path is None:
        return ()
    return tuple(_dispensed(each) for each in _sales(path, zone).sales)


def _dispensed(told: Sale) -> Dispensed:
    """Return what the desk handed out, from rows in the form of a sale."""
    return Dispensed(
        number=told.external_number or told.number,
        sold_at=told.sold_at,
        lines=told.lines,
        receipt=told.state_receipt,
        why_unposted="" if told.state_receipt else told.submit_status,
        is_void=told.kind is Kind.VOID,
        buyer=told.buyer,
        patient_key=told.patient_key,
        caregiver_key=told.caregiver_key,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(known_zone(name))
    except ValueError as error:
        raise InputRefused(f"--zone: {error}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputRefused(f"--day: “{clean(text)}” is no day. Write it as 2026-03-11.") from error
