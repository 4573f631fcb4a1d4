"""The questions of an intake, the consents and the measures of a first visit, from `data/intake`."""

import tomllib
from pathlib import Path
from typing import Any

from pcc_desk.domain.intake import (
    LONGEST_ANSWER,
    ConsentText,
    FieldKind,
    IntakeField,
    IntakeForm,
    IntakeRules,
    IntakeSection,
)
from pcc_desk.domain.scoring import Band, Instrument, Way
from pcc_desk.rulebook.files import RuleFileError
from pcc_desk.shipped import data_folder

FOLDER = "intake"
NOTICE = "Notice and consents"
BEFORE_CONSULTATION = 1
"""How many sections of the ordinary form come after the measures: the first consultation."""

MOST_CHARACTERS = 10_000

KNOWN = frozenset(["key", "label", "kind", "required", "example", "choices", "only_if", "source", "longest"])


def intake_for(code: str) -> IntakeRules:
    """Return what an intake goes by in a jurisdiction: the ordinary questions, and what is asked there beside them.

    Raises `RuleFileError` for a file that cannot be used.
    """
    folder = data_folder() / FOLDER
    ordinary = _read(folder / "ordinary.toml")
    own_path = folder / f"us-{code.lower()}.toml"
    own = _read(own_path) if own_path.is_file() else {}
    consents = tuple(_consent(each) for each in _read(folder / "consents.toml")["consent"])
    instruments = tuple(_instrument(each) for each in _read(folder / "instruments.toml")["instrument"])
    sections = [_section(each, folder) for each in ordinary["section"]]
    last = len(sections) - BEFORE_CONSULTATION
    whole = (
        *sections[:2],
        IntakeSection(NOTICE, tuple(_consent_field(each) for each in consents)),
        *sections[2:last],
        *(_items(each) for each in instruments),
        *(_section(each, own_path) for each in own.get("section", ())),
        *sections[last:],
    )
    version = " ".join(each["version"] for each in (ordinary, own) if each)
    form = IntakeForm(version, whole)
    keys = [each.key for each in form.fields]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise RuleFileError(f"{own_path.name}: the key “{twice[0]}” is there twice. Give each question its own.")
    return IntakeRules(form, consents, instruments)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleFileError(f"{path.name} cannot be read: {error}. Put the file of the desk back.") from error


def _section(told: dict[str, Any], path: Path) -> IntakeSection:
    return IntakeSection(told["title"], tuple(_field(each, path) for each in told["field"]))


def _field(told: dict[str, Any], path: Path) -> IntakeField:
    strange = sorted(set(told) - KNOWN)
    if strange:
        raise RuleFileError(f"{path.name}: “{strange[0]}” is nothing that a question can say. Take it out.")
    kinds = {each.value: each for each in FieldKind}
    kind = told.get("kind", FieldKind.WORDS.value)
    if kind not in kinds:
        raise RuleFileError(f"{path.name}: “{kind}” is no kind of answer. There are: {', '.join(kinds)}.")
    return IntakeField(
        key=told["key"],
        label=told["label"],
        kind=kinds[kind],
        required=told.get("required", False),
        example=told.get("example", ""),
        choices=tuple(told.get("choices", ())),
        only_if=told.get("only_if", ""),
        source=told.get("source", ""),
        longest=_longest(told, path),
    )


def _longest(told: dict[str, Any], path: Path) -> int:
    longest = told.get("longest", LONGEST_ANSWER)
    if not isinstance(longest, int) or not 1 <= longest <= MOST_CHARACTERS:
        raise RuleFileError(
            f"{path.name}: “{told['key']}” takes from 1 to {MOST_CHARACTERS} characters, not {longest}. Put it right."
        )
    return longest


def _consent(told: dict[str, Any]) -> ConsentText:
    return ConsentText(told["purpose"], told["version"], told["label"], told["text"])


def _consent_field(each: ConsentText) -> IntakeField:
    return IntakeField(each.key, each.label, FieldKind.YES_NO, required=True, example=each.text)


def _instrument(told: dict[str, Any]) -> Instrument:
    return Instrument(
        id=told["id"],
        title=told["title"],
        way=Way(told["way"]),
        least=told["least"],
        most=told["most"],
        items=tuple(told["items"]),
        bands=tuple(Band(*each) for each in told.get("bands", ())),
        alarm_item=told.get("alarm_item", 0),
        alarm=told.get("alarm", ""),
    )


def _items(each: Instrument) -> IntakeSection:
    """Return the items of a measure. None is required: one that is missing leaves the measure without a score."""
    return IntakeSection(
        each.title,
        tuple(
            IntakeField(each.key(number), words, FieldKind.SCORE, least=each.least, most=each.most)
            for number, words in enumerate(each.items, 1)
        ),
    )
