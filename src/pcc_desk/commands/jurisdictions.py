"""`pcc-desk jurisdictions`: which rules there are, what they say, and whether a file of one's own is good."""

import json
import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from pcc_desk.home import usual_home
from pcc_desk.rulebook import (
    OWN_FOLDER,
    RuleFile,
    RuleFileError,
    binding_differences,
    differences,
    file_for,
    fingerprint,
    problems_of,
    read_file,
    rule_files,
    rules_text,
)
from pcc_desk.rulebook.showing import as_lines

FINE = 0
FOUND = 1
LIST_SCHEMA = "jurisdictions/1"
SHOW_SCHEMA = "jurisdiction/1"
NOT_RULES = {"worked-examples.toml"}
"""Files that may lie beside rule files and are none."""

AT = click.option(
    "--at", "at", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day asked about; today when left out."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")


@click.group(short_help="Look at the rules, and check a file of your own.")
def jurisdictions() -> None:
    """Look at the rules of the jurisdictions, and check and compare rule files.

    A shop puts its own corrected file, such as us-mi.toml, into the folder `jurisdictions` of its data folder: it goes
    before the one that comes with the desk.
    """


@jurisdictions.command(name="list", short_help="List them, with the rules in force today.")
@AS_JSON
@click.pass_context
def list_all(context: click.Context, as_json: bool) -> None:
    """List every jurisdiction: how far its rules are to be trusted, how old the evidence is, what is in force today."""
    own = _own_folder(context)
    entries = []
    problems: list[str] = []
    for path in rule_files(own).values():
        try:
            entries.append(_entry(read_file(path), is_own=path.parent == own))
        except RuleFileError as error:
            problems += error.problems
    if as_json:
        _write({"schema": LIST_SCHEMA, "jurisdictions": entries, "problems": problems})
    else:
        for entry in entries:
            own_file = "  the shop's own file" if entry["is_shops_own"] else ""
            in_force = entry["ruleset"] or "none in force"
            click.echo(
                f"{entry['code']}  {entry['name']:<26}{entry['confidence']:<8}{entry['as_of']}  {in_force}{own_file}"
            )
        for problem in problems:
            click.echo(problem)
        click.echo(f"\n{len(entries)} jurisdictions: confidence, day of the evidence, rules in force today.")
    context.exit(FOUND if problems else FINE)


def _entry(file: RuleFile, *, is_own: bool) -> dict[str, str | bool | None]:
    today = _today()
    chosen = next((each for each in file.sets if each.holds(today)), None)
    return {
        "code": file.code,
        "name": file.name,
        "program": file.program,
        "confidence": (chosen.confidence if chosen else None) or file.confidence,
        "as_of": file.as_of.isoformat(),
        "ruleset": chosen.id if chosen else None,
        "fingerprint": fingerprint(file.rules(chosen)) if chosen else None,
        "is_shops_own": is_own,
        "file": file.path.name,
    }


@jurisdictions.command(short_help="Say what the rules of one are on a day.")
@click.argument("code")
@AT
@AS_JSON
@click.pass_context
def show(context: click.Context, code: str, at: datetime | None, as_json: bool) -> None:
    """Say in words what the rules of a jurisdiction are on a day. CODE is that of the list, such as MI."""
    file, is_own = file_for(code, own=_own_folder(context))
    on = _day(at)
    rules = file.rules(file.in_force(on), is_shops_own=is_own)
    rules = replace(rules, fingerprint=fingerprint(rules))
    if as_json:
        about = {"schema": SHOW_SCHEMA, "on": on.isoformat(), "is_shops_own": is_own, "fingerprint": rules.fingerprint}
        _write({**about, "rules": json.loads(rules_text(rules))})
    else:
        click.echo("\n".join(as_lines(rules, on, file)))


@jurisdictions.command(short_help="Say everything that is wrong with rule files.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|DIR…")
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...]) -> None:
    """Read rule files, or all those of a folder, and say everything that is wrong, a line for each problem."""
    told: list[str] = []
    count = 0
    for path in paths:
        files, strays = _files_in(path)
        told += strays
        for each in files:
            problems = problems_of(each)
            told += problems
            count += 1
            if not problems:
                click.echo(_good(read_file(each)))
    for line in told:
        click.echo(line)
    context.exit(FOUND if told else FINE)


def _files_in(path: Path) -> tuple[list[Path], list[str]]:
    """Return the rule files that a path stands for, and what else is to be said of it."""
    if not path.is_dir():
        return [path], []
    files = sorted(path.glob("us-??.toml"))
    strays = [
        f"{each.name} is not read: a rule file is called us-xx.toml, with the code in small letters."
        for each in sorted(path.glob("*.toml"))
        if each not in files and each.name not in NOT_RULES
    ]
    if not files and not strays:
        strays.append(f"{path.name} holds no rule file; one is called us-xx.toml, with the code in small letters.")
    return files, strays


def _good(file: RuleFile) -> str:
    sets = ", ".join(f"{each.id} from {each.first or 'ever'} to {each.last or 'now on'}" for each in file.sets)
    return f"{file.path.name}: good. {file.name}: {sets}."


@jurisdictions.command(short_help="Say what differs between two rule files.")
@click.argument("old")
@click.argument("new")
@AT
@click.pass_context
def diff(context: click.Context, old: str, new: str, at: datetime | None) -> None:
    """Say what differs between two rule files, each a file or the code of a jurisdiction.

    What is in force on one day is compared; a code stands for the rules that the desk goes by.
    """
    own = _own_folder(context)
    on = _day(at)
    before, after = _named(old, own), _named(new, own)
    texts = [rules_text(each.rules(each.in_force(on))) for each in (before, after)]
    found = differences(*texts)
    for line in found:
        click.echo(line)
    if not found:
        click.echo(f"Nothing is different on {on}.")
    elif not binding_differences(*texts):
        click.echo(f"\nWhat a sale goes by is the same on {on}.")
    later = _other_sets(before, after)
    if later:
        click.echo("\n".join(["", *later]))


def _other_sets(before: RuleFile, after: RuleFile) -> list[str]:
    """Tell of the sets of other days that only one of the files has."""
    dates = [
        {each.id: f"{each.first or 'ever'} to {each.last or 'now on'}" for each in file.sets}
        for file in (before, after)
    ]
    gone = [
        f"Only the old file has the set {name}, from {when}." for name, when in dates[0].items() if name not in dates[1]
    ]
    new = [
        f"Only the new file has the set {name}, from {when}." for name, when in dates[1].items() if name not in dates[0]
    ]
    return gone + new


def _named(name: str, own: Path | None) -> RuleFile:
    path = Path(name)
    return read_file(path) if path.suffix or path.exists() else file_for(name, own=own)[0]


def _own_folder(context: click.Context) -> Path:
    home: Path | None = context.find_root().obj
    return (home or usual_home(os.environ)) / OWN_FOLDER


def _day(at: datetime | None) -> date:
    return at.date() if at else _today()


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day on this computer is the one that is meant


def _write(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
