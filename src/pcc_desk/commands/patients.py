"""`pcc-desk patients`: bring patients along from a table, and hand out one patient's whole record."""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.tables import Damaged, Table, open_table
from pcc_desk.commands.patient_rows import NEEDED, TITLES, Tally, as_csv, batches, brought, typed_in
from pcc_desk.commands.unlocking import act_of, shop_of, signing_in, unlocked
from pcc_desk.desk.bringing import Tried, crowd_on_record, say_columns, whole_record
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right
from pcc_desk.domain.columns import title_key
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Holder, card_key
from pcc_desk.home import usual_home, write_private
from pcc_desk.rulebook.intake import intake_for
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.whole_records import write_record

FOUND = 1


class Said(click.ParamType[tuple[str, str]]):
    """`born=Birth day`: what a column means."""

    name = "FIELD=TITLE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return field and title."""
        field, sign, title = str(value).partition("=")
        if not sign or field not in TITLES:
            self.fail(f"Say it as FIELD=TITLE; a field is one of {', '.join(TITLES)}.", param, ctx)
        return field, title_key(title)


@click.group(short_help="Bring patients along, and hand out one patient's record.")
def patients() -> None:
    """Bring patients along from another system, or hand out what is on record of one."""


@patients.command("import", short_help="Bring patients along from a table.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", "said", type=Said(), multiple=True, help="What a column means: born='Birth day'. Remembered.")
@click.option("--check", is_flag=True, help="Say what the columns mean and which rows are wrong; keep nothing.")
@click.option("--anyway", is_flag=True, help="Bring those along too who are probably on record already.")
@click.option("--yes", is_flag=True, help="Keep it without asking.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Where rows that are wrong are named.")
@signing_in
@click.pass_context
def import_patients(
    context: click.Context,
    *,
    file: Path,
    said: tuple[tuple[str, str], ...],
    check: bool,
    anyway: bool,
    yes: bool,
    errors: Path | None,
    passphrase_fd: int | None,
    who: str | None,
) -> None:
    """Bring patients along from FILE (CSV with a row of titles).

    Who is on record already is left as they are: the same file twice is harmless. Rows that cannot be used are named in
    a file beside it, by their number and without a word of what stands in them. So is who is like somebody on record:
    held back where they are probably one person, brought along where not. The desk itself must be shut.
    """
    home: Path = context.find_root().obj or usual_home(os.environ)
    known = frozenset(title for titles in TITLES.values() for title in titles)
    with unlocked(context, home, passphrase_fd, who) as (store, person):
        try:
            with open_table(file, known) as table:
                columns = _columns(store, table, dict(said))
                header, preview, unread = table.header, _preview(table, columns), _unread(table, columns)
                rows = sum(1 for _ in table.rows) + len(preview)
        except Damaged as error:
            click.echo(f"{file.name} cannot be used: {error}. Nothing was kept.", err=True)
            context.exit(FOUND)
        click.echo("\n".join((*_told(columns, preview, rows), *unread)))
        lacking = [each for each in NEEDED if each not in columns]
        if lacking:
            example = f"--column {lacking[0]}='Title of the column'"
            click.echo(f"No column is known for: {', '.join(lacking)}. Say it: {example}", err=True)
            context.exit(FOUND)
        if not (check or yes or click.confirm("Do the columns mean that?", err=True)):
            click.echo("Nothing was kept.")
            return
        act, tally = act_of(store, person, Right.BRING_ALONG), Tally()
        if not check:
            store.write_now(_remember, header, columns, act)
        today = store.read_now(shop_of).day(act.at)
        crowd = store.read_now(lambda ledger: crowd_on_record(ledger, act=act))
        tried = Tried() if check else None
        with open_table(file, known) as table, _progress(rows) as progress:
            for batch in batches(table, columns):
                go = store.read_now if check else store.write_now
                tally.add(go(brought, batch, crowd, act, today, tried=tried, anyway=anyway))
                progress.update(len(batch))
    if tally.wrong or tally.alike:
        place = errors or file.with_name(f"{file.name}.errors.csv")
        write_private(place, as_csv(sorted((*tally.wrong, *tally.alike))).encode())
        click.echo(f"{_named(tally)}; {place} names each by the number of its row.", err=True)
    verb = "would be brought along" if check else "brought along"
    held = f", {tally.held} held back" if tally.held else ""
    click.echo(f"{tally.new} {verb}, {tally.there} on record already, {tally.merged} merged there{held}.")
    if tally.wrong:
        context.exit(FOUND)


def _named(tally: Tally) -> str:
    """Return how many rows the file names, as clauses."""
    faults = len(tally.wrong) - tally.held
    told = (
        f"{faults} faults in rows" if faults else "",
        f"{tally.held} held back, who are probably on record already" if tally.held else "",
        f"{len(tally.alike)} brought along, who are like somebody on record" if tally.alike else "",
    )
    return "; ".join(each for each in told if each)


def _remember(ledger: Ledger, header: str, columns: dict[str, str], act: Act) -> None:
    say_columns(ledger, header, columns, act=act)


def _progress(rows: int) -> Any:
    return click.progressbar(length=rows, label="Patients", file=sys.stderr)


def _columns(store: EncryptedStore, table: Table, said: Mapping[str, str]) -> dict[str, str]:
    """Return under which title each field stands: as is said now, was said once, or seems."""
    keys = [title_key(each) for each in table.titles]
    for field, title in said.items():
        if keys.count(title) != 1:
            many = "no column" if title not in keys else "several columns"
            raise Damaged(f"it has {many} “{cleaned(title, 60)}” for {field}")
    guessed = {
        field: next(title for title in titles if title in keys)
        for field, titles in TITLES.items()
        if any(title in keys for title in titles)
    }
    remembered = store.read_now(lambda ledger: ledger.patient_columns(table.header))
    return {**guessed, **remembered, **said}


def _preview(table: Table, columns: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the first rows as they would be read."""
    found = []
    for _, row in table.rows:
        found.append(typed_in(row, table.titles, columns))
        if len(found) == 3:
            break
    return found


def _told(columns: Mapping[str, str], preview: Sequence[Mapping[str, str]], rows: int) -> Iterator[str]:
    """Yield what each column means, with the shape of what stands in it: no name is shown on a terminal."""
    yield f"{rows} rows."
    for field in TITLES:
        if field in columns:
            shapes = ", ".join(_shape(each.get(field, "")) for each in preview)
            yield f"  {field:<22} {columns[field]:<26} {shapes}"


def _unread(table: Table, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return which columns nothing is taken from, and how to say what they mean; empty where there is none."""
    titles = [each for each in table.titles if each.strip() and title_key(each) not in columns.values()]
    if not titles:
        return ()
    named = ", ".join(f"“{cleaned(each, 60)}”" for each in titles)
    free = ", ".join(each for each in TITLES if each not in columns)
    how = f" --column FIELD=TITLE says what one means; a field is {free}." if free else ""
    return (f"Not read: {named}.{how}",)


def _shape(words: str) -> str:
    """Return words with every letter as x and every digit as 9."""
    return re.sub(r"[0-9]", "9", re.sub(r"[^\W\d_]", "x", cleaned(words, 24))) or "(empty)"


@patients.command("export", short_help="Hand out one patient's whole record.")
@click.option("--patient", "card", required=True, metavar="CARD", help="The number of the patient's own card.")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder for the two files.",
)
@signing_in
@click.pass_context
def export_patient(
    context: click.Context, *, card: str, folder: Path, passphrase_fd: int | None, who: str | None
) -> None:
    """Write one patient's whole record into two files, to be read and as JSON, for a request of theirs to see it.

    Only whoever runs the desk can read the files. That they were written goes on record (45 CFR 164.524).
    """
    home: Path = context.find_root().obj or usual_home(os.environ)
    with unlocked(context, home, passphrase_fd, who) as (store, person):
        found = store.read_now(_whose, card)
        if len(found) != 1:
            many = f"{len(found)} patients have this card" if found else "No patient has this card"
            click.echo(f"{many}. Type the number of the patient's own card.", err=True)
            context.exit(FOUND)
        shop, act = store.read_now(shop_of), act_of(store, person, Right.EXPORT)
        form = intake_for(shop.jurisdiction).form
        whole = store.write_now(whole_record, found.pop(), "files", act=act, form=form)
        name = write_record(whole, shop, act, folder)
    click.echo(f"Written: {name}.txt and .json, {len(whole.lines)} entries. Hand them over and delete them.")


def _whose(ledger: Ledger, card: str) -> set[UUID]:
    """Return the patients whose own card it is, each under the record that is kept."""
    cards = ledger.cards_numbered(card_key(card))
    return {ledger.kept_as(each.patient_id) for each in cards if each.holder is Holder.PATIENT}
