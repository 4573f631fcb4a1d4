"""`pcc-desk pos`: what is known of reports of points of sale, what a file of sales holds, what its columns mean."""

import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.loading import POINTS_OF_SALE
from pcc_desk.adapters.pos.csv import report_of
from pcc_desk.adapters.pos.exported import read_any
from pcc_desk.adapters.pos.shapes import CONFIDENCE, PLAIN, shapes
from pcc_desk.adapters.pos.tables import Damaged
from pcc_desk.commands.adapters import installed_lines
from pcc_desk.commands.unlocking import act_of, signing_in, unlocked
from pcc_desk.desk.columns import known_columns, say_columns
from pcc_desk.desk.rights import Right
from pcc_desk.domain.columns import ColumnMap, Report, SaleField, WrongColumns, column_map, is_personal, title_key
from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.sales import Pull, short_tag
from pcc_desk.home import usual_home
from pcc_desk.settings import SettingsMissing, known_zone, load_settings

FOUND = 1
SHOWN = 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True, short_help="Read sales of the point of sale, and say what columns mean.")
@click.pass_context
def pos(context: click.Context) -> None:
    """List the adapters of points of sale and what is known of reports; or read one, or say what its columns mean."""
    if context.invoked_subcommand is None:
        click.echo("\n".join([*installed_lines(POINTS_OF_SALE, _home(context)), "", *_known()]))


def _known() -> list[str]:
    lines: list[str] = []
    for each in shapes():
        if each.id == PLAIN:
            continue
        lines.append(f"{each.pos}: {each.name}")
        titles = ", ".join(f"{field} = {names[0]}" for field, names in each.columns.items())
        lines.append(f"  columns   {titles or 'not known: say once what they mean (pcc-desk pos map)'}")
        lines.append(f"  how sure  {each.confidence}: {CONFIDENCE[each.confidence]} ({'; '.join(each.source)})")
        lines += [f"  note      {note}" for note in each.notes]
    return lines


@pos.command("read", short_help="Say what a file of sales holds; keep nothing.")
@click.argument("file", type=FILE)
@click.option("--zone", metavar="AREA/CITY", help="The shop's time zone; that of the settings when left out.")
@click.option("--tag-field", default="", metavar="NAME", help="Where an invoice of Cova bears the tag.")
@click.pass_context
def read_file(context: click.Context, file: Path, zone: str | None, tag_field: str) -> None:
    """Read the sales in FILE (CSV, or JSON as Dutchie, Flowhub or Cova answer) and say what is in it.

    Ends with 1 when it cannot be used, and says in which row and why. Nothing is kept, and no card number is shown.
    """
    try:
        pull = read_any(file, ZoneInfo(_zone(context, zone)), guess=True, tag_field=tag_field)
    except Damaged as error:
        click.echo(f"{cleaned(file.name, 120)} cannot be used: {error}.", err=True)
        context.exit(FOUND)
    click.echo("\n".join(_told(pull)))
    context.exit(0 if pull.is_complete else FOUND)


def _zone(context: click.Context, named: str | None) -> str:
    try:
        return known_zone(named) if named else load_settings(_home(context)).shop.zone
    except SettingsMissing as error:
        raise click.UsageError("No shop is set up here: name the zone, such as --zone America/Detroit.") from error
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _home(context: click.Context) -> Path:
    home: Path | None = context.find_root().obj
    return home or usual_home(os.environ)


def _told(pull: Pull) -> list[str]:
    totals = pull.totals
    days = sorted({each.business_day for each in pull.sales})
    kinds: dict[str, int] = {}
    for each in pull.sales:
        kinds[each.kind.value] = kinds.get(each.kind.value, 0) + 1
    span = f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0]) if days else "no day"
    lines = [
        f"{cleaned(pull.source, 120)}: {pull.rows} rows, {len(pull.sales)} sales of {span} ({pull.zone})",
        f"sha256 {pull.sha256}",
        f"{', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items())) or 'nothing'}",
        f"in all {totals.records} that count, {totals.lines} lines, {money(totals.cents)} before tax, after discount",
    ]
    lines += [f"  {short_tag(tag)}  {thousandths(milli)}" for tag, milli in totals.units[:SHOWN]]
    if len(totals.units) > SHOWN:
        lines.append(f"  and {len(totals.units) - SHOWN} more tags")
    if not pull.is_complete:
        lines.append(f"NOT WHOLE: {pull.why_partial}.")
    return lines


@pos.command("map", short_help="Say once what the columns of a report mean.")
@click.argument("file", type=FILE)
@click.option("--field", "fields", multiple=True, metavar="FIELD=TITLE", help="Such as number='Order ID'; repeat it.")
@click.option("--check", is_flag=True, help="Show what the columns seem to mean; keep nothing.")
@signing_in
@click.pass_context
def map_file(
    context: click.Context,
    *,
    file: Path,
    fields: tuple[str, ...],
    check: bool,
    passphrase_fd: int | None,
    who: str | None,
) -> None:
    """Say what the columns of FILE mean, for every report with the same titles in whatever order.

    Without --field what they seem to mean is taken as it is. FIELD is one of the names that --check shows. The desk
    itself must be shut; who said it is on record.
    """
    said = dict(map(_said, fields))
    if check:
        _show(context, _report(context, file, {}), said)
        return
    with unlocked(context, _home(context), passphrase_fd, who) as (store, person):
        report = _report(context, file, store.read_now(known_columns))
        columns = _columns(context, report, said)
        store.write_now(say_columns, report.header, columns, act=act_of(store, person, Right.RECONCILE))
    click.echo("\n".join(_meant(report, columns)))
    click.echo("Kept: reports with these titles are read so from now on.")


def _report(context: click.Context, file: Path, known: Mapping[str, ColumnMap]) -> Report:
    try:
        return report_of(file, known)
    except Damaged as error:
        click.echo(f"{cleaned(file.name, 120)} cannot be used: {error}.", err=True)
        context.exit(FOUND)


def _said(text: str) -> tuple[SaleField, str]:
    name, _, title = text.partition("=")
    try:
        return SaleField(name.strip().lower()), title.strip()
    except ValueError as error:
        known = ", ".join(SaleField)
        raise click.BadParameter(f"“{cleaned(name, 40)}” is no field. The fields are: {known}.") from error


def _columns(context: click.Context, report: Report, said: Mapping[SaleField, str]) -> ColumnMap:
    """Return what was said, over what the columns seem to mean: a column that is named means that and nothing else."""
    named = {title_key(title) for title in said.values()}
    seem = {field: title for field, title in report.columns.titles if title not in named}
    try:
        return column_map({**seem, **said}, report.titles)
    except WrongColumns as error:
        click.echo(str(error), err=True)
        context.exit(FOUND)


def _show(context: click.Context, report: Report, said: Mapping[SaleField, str]) -> None:
    """Show the columns with their first values and what they mean."""
    like = f"; it looks like {report.looks_like}" if report.looks_like else ""
    click.echo(f"{report.source}: titles in row {report.header_at}{like}")
    meant = {title: field for field, title in report.columns.titles}
    meant |= {title_key(title): field for field, title in said.items()}
    for place, title in enumerate(report.titles):
        field = meant.get(title_key(title))
        values = " · ".join(each[place] or "(empty)" for each in report.rows[:SHOWN])
        shown = "(not shown)" if is_personal(title, field) else values
        click.echo(f"  {(title or '(no title)')[:28]:<28}  {field.value if field else '–':<13} {shown[:90]}")
    click.echo("\n".join(["Fields:", *(f"  {each.value:<13} {each.words}" for each in SaleField)]))
    _columns(context, report, said)


def _meant(report: Report, columns: ColumnMap) -> list[str]:
    by_key = {title_key(each): each for each in report.titles}
    return [f"  {field.value:<13} {by_key.get(title, title)}" for field, title in columns.titles]
