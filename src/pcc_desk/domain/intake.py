"""A new patient's intake: what was answered so far, what is missing, and what must be looked at at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.identity import Consent, Details, Physician, npi_fault
from pcc_desk.domain.people import Patient
from pcc_desk.domain.scoring import Instrument, alarm, score
from pcc_desk.domain.typed_people import typed_date, typed_email, typed_phone
from pcc_desk.domain.what_if import NotUnderstood


class IntakeState(StrEnum):
    """How far an intake is."""

    OPEN = "open"
    VERIFIED = "verified"
    """A person checked that nothing required is missing, and answers for it."""


class FieldKind(StrEnum):
    """What a field takes."""

    WORDS = "words"
    DAY = "day"
    DAY_TO_COME = "day to come"
    """Today or later: something is promised for it."""
    YES_NO = "yes or no"
    CHOICE = "choice"
    SCORE = "score"
    """A whole number from `least` to `most`."""
    PHONE = "phone"
    EMAIL = "e-mail"
    TIME = "time"
    NPI = "npi"


LONGEST_ANSWER = 200
"""Characters of an answer where the question says nothing else."""


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
    longest: int = LONGEST_ANSWER
    """How many characters an answer may have."""


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
class ConsentText:
    """What a patient is asked to agree to: the words of one version for one purpose."""

    purpose: str
    version: str
    label: str
    text: str

    @property
    def key(self) -> str:
        """Return the key of its answer."""
        return f"consent_{self.purpose}"


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """All that an intake goes by in a jurisdiction."""

    form: IntakeForm
    consents: tuple[ConsentText, ...] = ()
    instruments: tuple[Instrument, ...] = ()


NO_INTAKE = IntakeRules(IntakeForm("", ()))


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


def goes_on_at(form: IntakeForm, intake: Intake) -> str:
    """Return the key of the field at which an intake goes on: the one after the last that was left, or the first."""
    keys = [each.key for each in form.fields if is_asked(each, intake.answers)]
    at = keys.index(intake.last_field) + 1 if intake.last_field in keys else 0
    return keys[min(at, len(keys) - 1)]


MINOR = "minor"
"""The answer that the desk gives itself, by the birth date: it is asked of nobody."""

NOT_WRITTEN = "not written"
"""What is answered where the certification is silent."""

CERTIFICATION_ENDS = "cert_expires"
"""The key of the certification's last day."""

VAGUE_POINTS = {"cert_forms": "forms", "cert_limits": "dose limits", "cert_frequency": "how often"}
"""A recommendation that is blank in one of these is vague: the physician is asked."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")


def unusable(form: IntakeForm, answers: Mapping[str, str], today: date) -> tuple[tuple[str, str], ...]:
    """Return the keys of the answers that cannot be used, in order, each with what is wrong with it."""
    asked = [each for each in form.fields if is_asked(each, answers)]
    told = ((each.key, wrong_with(each, answers.get(each.key, ""), today)) for each in asked)
    return tuple((key, said) for key, said in told if said)


def wrong_with(each: IntakeField, answer: str, today: date) -> str:  # noqa: PLR0911 - a sentence for each kind
    """Return what is wrong with an answer, as a sentence; empty where nothing is, and where there is none."""
    if not answer:
        return ""
    match each.kind:
        case FieldKind.DAY | FieldKind.DAY_TO_COME:
            day = typed_date(answer)
            if isinstance(day, NotUnderstood):
                return day.why
            is_over = each.kind is FieldKind.DAY_TO_COME and day < today
            return f"{day} is over. Type a day that is still to come." if is_over else ""
        case FieldKind.PHONE:
            phone = typed_phone(answer)
            return phone.why if isinstance(phone, NotUnderstood) else ""
        case FieldKind.EMAIL:
            address = typed_email(answer)
            return address.why if isinstance(address, NotUnderstood) else ""
        case FieldKind.TIME:
            return "" if _TIME.fullmatch(answer) else "That is no time. Type it as 14:30."
        case FieldKind.YES_NO:
            return "" if answer in {"yes", "no"} else "Type yes or no."
        case FieldKind.CHOICE:
            return "" if answer in each.choices else f"Type one of: {', '.join(each.choices)}."
        case FieldKind.SCORE:
            is_number = answer.isascii() and answer.isdecimal() and len(answer) <= 2
            is_good = is_number and each.least <= int(answer) <= each.most
            return "" if is_good else f"Type a whole number from {each.least} to {each.most}."
        case FieldKind.NPI:
            return npi_fault(answer)
        case FieldKind.WORDS:
            return "" if answer.isprintable() else "There is a character that cannot be seen. Type it again."


def vague_points(answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return in what the certification is silent, so that the physician is to be asked."""
    silent = {key for key in VAGUE_POINTS if answers.get(key, "").casefold().rstrip(". ") == NOT_WRITTEN}
    return tuple(words for key, words in VAGUE_POINTS.items() if key in silent)


def alarms(rules: IntakeRules, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return what somebody has to do at once by what was answered."""
    return tuple(words for each in rules.instruments if (words := alarm(each, answers)))


def alarm_of(rules: IntakeRules, key: str, answer: str) -> str:
    """Return what somebody has to do at once by the answer to one question; empty where nothing."""
    each = next((each for each in rules.instruments if each.alarm_item and each.key(each.alarm_item) == key), None)
    return alarm(each, {key: answer}) if each is not None else ""


def scores(rules: IntakeRules, answers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what each measure comes to, or why it does not, in words."""
    return tuple((each.id, str(score(each, answers))) for each in rules.instruments)


def details_of(answers: Mapping[str, str], before: Details, physician_id: UUID | None) -> Details:
    """Return what an intake tells of a patient; what was not asked stays as it was."""
    told = {each.name: answers[each.name] for each in fields(Details) if answers.get(each.name)}
    return replace(before, **told, physician_id=physician_id)


def patient_of(answers: Mapping[str, str], before: Patient) -> Patient:
    """Return a patient with the telephone and the certification that an intake tells."""
    lapses = typed_date(answers.get(CERTIFICATION_ENDS, ""))
    return replace(
        before,
        phone=answers.get("phone") or before.phone,
        certified_by=answers.get("physician_name") or before.certified_by,
        certification_expires=lapses if isinstance(lapses, date) else before.certification_expires,
    )


def physician_of(answers: Mapping[str, str], physician_id: UUID) -> Physician:
    """Return the physician that an intake names."""
    return Physician(
        physician_id,
        answers.get("physician_name", ""),
        answers.get("physician_licence", ""),
        npi=answers.get("physician_npi", ""),
        fax=answers.get("physician_fax", ""),
    )


def consents_of(
    rules: IntakeRules, answers: Mapping[str, str], intake: Intake, day: date, by_whom: str
) -> tuple[Consent, ...]:
    """Return what was agreed to and what was not, by the words that were shown. Each id follows from the intake's."""
    return tuple(
        Consent(
            UUID(int=intake.id.int ^ (number + 1)),
            intake.patient_id,
            each.purpose,
            each.version,
            answers[each.key] == "yes",
            day,
            by_whom,
        )
        for number, each in enumerate(rules.consents)
        if answers.get(each.key)
    )
