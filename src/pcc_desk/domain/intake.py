"""A new patient's intake: what was answered so far, what is missing, and what must be looked at at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class IntakeState(StrEnum):
    """How far an intake is."""

    OPEN = "open"
    VERIFIED = "verified"
    """A person checked that nothing required is missing, and answers for it."""


class FieldKind(StrEnum):
    """What a field takes."""

    WORDS = "words"
    DAY = "day"
    YES_NO = "yes or no"
    CHOICE = "choice"
    SCORE = "score"
    """A whole number from `least` to `most`."""
    NUMBER = "number"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class IntakeField:
    """A question of the intake."""

    key: str
    label: str
    kind: FieldKind = FieldKind.WORDS
    required: bool = False
    example: str = ""
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 10
    only_if: str = ""
    """`key=answer`: it is asked, and required, only where another field says so."""
    source: str = ""
    """Why it is asked: a law, a form."""


@dataclass(frozen=True, slots=True)
class IntakeSection:
    """Questions under one title."""

    title: str
    fields: tuple[IntakeField, ...]


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """The questions that are asked in a jurisdiction."""

    version: str
    sections: tuple[IntakeSection, ...]

    @property
    def fields(self) -> tuple[IntakeField, ...]:
        """Every question, in order."""
        return tuple(each for section in self.sections for each in section.fields)


@dataclass(frozen=True, slots=True)
class Intake:
    """An intake as it is on record. `answers` by the keys of their fields."""

    id: UUID
    patient_id: UUID
    form: str
    """The version of the questions."""
    begun_at: datetime
    state: IntakeState = IntakeState.OPEN
    answers: Mapping[str, str] = field(default_factory=dict)
    last_field: str = ""
    """Where somebody wrote last."""


def is_asked(each: IntakeField, answers: Mapping[str, str]) -> bool:
    """Return whether a field is asked, by what was answered so far."""
    key, _, wanted = each.only_if.partition("=")
    return not key or answers.get(key, "") == wanted


def missing(form: IntakeForm, answers: Mapping[str, str]) -> tuple[IntakeField, ...]:
    """Return the fields that are required and have no answer, in order. An answer of "not known" is one."""
    return tuple(
        each
        for each in form.fields
        if each.required and is_asked(each, answers) and not answers.get(each.key, "").strip()
    )
