"""Which rule file is read: the shop's own where there is one, else the one that came with the desk."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pcc_desk.domain.rules import Rules
from pcc_desk.rulebook.canonical import fingerprint
from pcc_desk.rulebook.files import RuleFile, RuleFileError
from pcc_desk.rulebook.reading import read_file
from pcc_desk.rulebook.tables import clean
from pcc_desk.shipped import data_folder

OWN_FOLDER = "jurisdictions"
"""What the folder of a shop's own rule files is called in its data folder."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What can be said of a jurisdiction without a day: for choosing one."""

    code: str
    name: str
    program: str
    confidence: str
    path: Path
    as_of: date
    is_shops_own: bool = False


def rule_files(own: Path | None = None) -> dict[str, Path]:
    """Return the file of each jurisdiction by its code. The shop's own goes before the one that ships."""
    found = _in_folder(data_folder() / "jurisdictions")
    if own is not None:
        found |= _in_folder(own)
    return dict(sorted(found.items()))


def _in_folder(folder: Path) -> dict[str, Path]:
    return {path.stem[3:].upper(): path for path in folder.glob("us-??.toml")}


def jurisdictions(own: Path | None = None) -> tuple[Jurisdiction, ...]:
    """Return the jurisdictions that there are rules for, by name. Raises `RuleFileError` for the first bad file."""
    found = [jurisdiction_in(path, is_shops_own=_is_own(path, own)) for path in rule_files(own).values()]
    return tuple(sorted(found, key=lambda each: each.name))


def jurisdiction_in(path: Path, *, is_shops_own: bool = False) -> Jurisdiction:
    """Return the jurisdiction of one file. Raises `RuleFileError`."""
    read = read_file(path)
    return Jurisdiction(read.code, read.name, read.program, read.confidence.value, path, read.as_of, is_shops_own)


def file_for(code: str, *, own: Path | None = None) -> tuple[RuleFile, bool]:
    """Return the file of a jurisdiction and whether it is the shop's own. Raises `RuleFileError`.

    A file of the shop's own that is wrong is refused: the one that ships may be the laxer.
    """
    files = rule_files(own)
    path = files.get(code.upper())
    if path is None:
        raise RuleFileError(f"There is no rule file for “{clean(code)[:20]}”. There are: {', '.join(files)}.")
    return read_file(path), _is_own(path, own)


def rules_for(code: str, on: date, *, own: Path | None = None, order_began: date | None = None) -> Rules:
    """Return the rules of a jurisdiction in force on a day. Raises `RuleFileError`.

    `own` is the folder of the shop's own files. For an order that began before the day which the rules name
    (`orders_before`), the rules before them still hold.
    """
    file, is_own = file_for(code, own=own)
    return _rules(file, on, order_began, is_shops_own=is_own)


def rules_in(path: Path, on: date) -> Rules:
    """Return the rules of one file in force on a day. Raises `RuleFileError`."""
    return _rules(read_file(path), on, None, is_shops_own=False)


def _rules(file: RuleFile, on: date, order_began: date | None, *, is_shops_own: bool) -> Rules:
    rules = file.rules(file.set_for(on, order_began), is_shops_own=is_shops_own)
    return replace(rules, fingerprint=fingerprint(rules))


def _is_own(path: Path, own: Path | None) -> bool:
    return own is not None and path.parent == own
