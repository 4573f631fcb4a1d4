"""The rule files: those that came with the desk, and the shop's own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pcc_desk.doctor.findings import Check, Finding, Found
from pcc_desk.rulebook import OWN_FOLDER, RuleFile, RuleFileError, differences, read_file, rule_files, rules_text
from pcc_desk.shipped import data_folder

SHOWN_DIFFERENCES = 5


def shipped_rules(_home: Path) -> Iterator[Finding]:
    """Whether every rule file that came with the desk can be read, and where no rules are in force today."""
    none_today = []
    paths = rule_files()
    try:
        for code, path in paths.items():
            if not any(each.holds(_today()) for each in read_file(path).sets):
                none_today.append(code)
    except RuleFileError as error:
        yield Finding("rules", Found.TROUBLE, str(error), "Put the file of the release back.")
        return
    if not paths:
        yield Finding("rules", Found.TROUBLE, f"No rule file lies in {data_folder()}.", "Install the desk again.")
        return
    says = f"Rules of {len(paths)} jurisdictions; pcc-desk jurisdictions list names them."
    if none_today:
        says += f" None are in force today for {', '.join(none_today)}."
    yield Finding("rules", Found.FINE, says, facts={"folder": str(data_folder()), "jurisdictions": ", ".join(paths)})


def own_rules(home: Path) -> Iterator[Finding]:
    """Whether the shop's own rule files can be read, and what is different in them."""
    shipped = rule_files()
    own = rule_files(home / OWN_FOLDER) if (home / OWN_FOLDER).is_dir() else {}
    for path in sorted((home / OWN_FOLDER).glob("*.toml")):
        if path not in own.values():
            says = f"{path.name} is not read: a rule file is called us-xx.toml, with the code in small letters."
            yield Finding("own rules", Found.WARNING, says, "Name it alike, or take it out.")
    for code, path in own.items():
        if path != shipped.get(code):
            yield _own_file(path, shipped.get(code))


def _own_file(path: Path, shipped: Path | None) -> Finding:
    try:
        mine = read_file(path)
        mine.in_force(_today())
    except RuleFileError as error:
        more = f" And {len(error.problems) - 1} more." if len(error.problems) > 1 else ""
        mend = (
            f'Run pcc-desk jurisdictions check "{path}"; until it is good, the desk of that jurisdiction has no rules.'
        )
        return Finding("own rules", Found.TROUBLE, f"{error}{more}", mend)
    if shipped is None:
        return Finding(
            "own rules", Found.INFORMATION, f"{path.name} has the rules of {mine.name}, which none ship for."
        )
    return _beside(mine, read_file(shipped))


def _beside(mine: RuleFile, shipped: RuleFile) -> Finding:
    """Tell what is different today in the shop's own file, and whether the other rests on newer evidence."""
    facts = {"file": str(mine.path)}
    told = [_text_today(shipped), _text_today(mine)]
    found = differences(told[0], told[1]) if told[0] else ("no rules ship for today",)
    says = f"The shop's own {mine.path.name} goes before the one that came with the desk"
    if not found:
        says += ", and says the same today."
        return Finding("own rules", Found.INFORMATION, says, "It may be taken out.", facts)
    more = f"; and {len(found) - SHOWN_DIFFERENCES} more" if len(found) > SHOWN_DIFFERENCES else ""
    says += f". Different today: {'; '.join(found[:SHOWN_DIFFERENCES])}{more}."
    if shipped.as_of > mine.as_of:
        says += f" The one that came with the desk rests on newer evidence, of {shipped.as_of}."
        mend = f'Run pcc-desk jurisdictions diff "{mine.path}" "{shipped.path}" and bring the shop\'s file up to date.'
        return Finding("own rules", Found.WARNING, says, mend, facts)
    return Finding("own rules", Found.INFORMATION, says, "", facts)


def _text_today(file: RuleFile) -> str:
    chosen = next((each for each in file.sets if each.holds(_today())), None)
    return rules_text(file.rules(chosen)) if chosen else ""


def _today() -> date:
    return date.today()  # noqa: DTZ011 - which day of the calendar, anywhere, is near enough


RULE_CHECKS: tuple[Check, ...] = (shipped_rules, own_rules)
