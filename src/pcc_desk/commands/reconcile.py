"""`pcc-desk reconcile`: two exports of a day compared without a store, for accountants and for checking."""

import atexit
import gc
import json
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.day_files import compare_files, read_sale_file
from pcc_desk.adapters.pos.reading import collector_resting
from pcc_desk.commands.reconcile_answer import Document, as_lines, document
from pcc_desk.commands.reconcile_rules import read_rules
from pcc_desk.commands.refusing import InputRefused, failing_with, printable
from pcc_desk.domain.reconciling.findings import Compared, DayTotals, NotCompared

CLEAN, FOUND, NOT_COMPARED = 0, 1, 2
A_PAGE = 200

HELP = """\b
Files: the point of sale's report (CSV of any known kind, or the JSON of its
interface) and the state's receipts (METRC's JSON, or CSV by the same names).
--desk adds what the desk itself handed out, --rules a TOML file with
tolerances, legal hours and windows. docs/reconcile-json.md describes all of it.

\b
Exit statuses of this command:
  0  both sides agree
  1  something was found
  2  not compared: a side could not be read, or not whole; neither holds
     anything of the day; or an option cannot be used
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
@failing_with(NOT_COMPARED)
@collector_resting()
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
    atexit.register(gc.freeze)  # so that the process ends without looking through all that it made
    zone, day = _zone(zone_name), _day(day_text)
    terms, known = read_rules(rules, zone)
    is_watched = sys.stderr.isatty()
    progress = _told if is_watched else _silent
    outcome = compare_files(pos, state, day, zone, desk=desk, terms=terms, context=known, progress=progress)
    if _holds_nothing(outcome):
        why = f"holds nothing of {day}; see --day, or export the day again"
        silent = NotCompared("POS", f"{pos.name} {why}"), NotCompared("state", f"{state.name} {why}")
        outcome = Compared(0, (), silent, DayTotals())
    elif desk is not None and _is_of_another_day(desk, zone, outcome):
        why = f"{desk.name} holds other days and nothing of {day}; see --day, or write it again"
        outcome = Compared(0, (), (NotCompared("desk", why),), DayTotals())
    if is_watched:
        click.echo(f"\r{'':78}\r", nl=False, err=True)
    if as_json:
        click.echo(_json(document(day, zone.key, outcome, terms, known)))
    else:
        click.echo("\n".join(printable(each) for each in as_lines(day, zone.key, outcome, terms, known)))
    context.exit(_status(outcome))


def _json(told: Document) -> str:
    """Return the answer as JSON, set out for the eye while it is short enough for one."""
    return json.dumps(told, indent=2 if len(told["findings"]) <= A_PAGE else None, ensure_ascii=False)


def _holds_nothing(outcome: Compared) -> bool:
    """Whether neither side holds anything of the day: the wrong day was asked for, or nothing was exported."""
    totals = outcome.totals
    counts = (totals.sales, totals.receipts, totals.dispensed, totals.voids, totals.returns, totals.ignored)
    return not (outcome.findings or outcome.not_compared or any(counts))


def _is_of_another_day(desk: Path, zone: ZoneInfo, outcome: Compared) -> bool:
    """Whether a file of what the desk handed out tells of other days only: an empty one may be that of a quiet day."""
    if outcome.not_compared or outcome.totals.dispensed:
        return False
    return bool(read_sale_file(desk, zone).sales)


def _status(outcome: Compared) -> int:
    if outcome.not_compared:
        return NOT_COMPARED
    return FOUND if outcome.findings else CLEAN


def _told(name: str, rows: int) -> None:
    """Say how far reading is, on one line that the next replaces."""
    click.echo(f"\rReading {cleaned(name, 50)}: {rows:,} rows ", nl=False, err=True)


def _silent(name: str, rows: int) -> None:
    """Say nothing: nobody watches."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputRefused(
            f"--zone: “{cleaned(name, 60)}” is no time zone; write one such as America/Detroit."
        ) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputRefused(f"--day: “{cleaned(text, 60)}” is no day. Write it as 2026-03-11.") from error
