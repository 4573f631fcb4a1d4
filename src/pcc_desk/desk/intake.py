"""The intake of a new patient: each answer is on record when its field is left, and a person answers for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.physicians import NotNoted, of_another, on_record, with_known
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act
from pcc_desk.domain.identity import Details, Physician
from pcc_desk.domain.intake import (
    MINOR,
    Intake,
    IntakeField,
    IntakeRules,
    IntakeState,
    alarm_of,
    alarms,
    consents_of,
    details_of,
    missing,
    patient_of,
    physician_of,
    scores,
    unusable,
    vague_points,
)
from pcc_desk.domain.people import OF_AGE, Patient, age_on, name_key
from pcc_desk.domain.people_entries import IntakeAnswered, IntakeBegun, IntakeVerified

PHYSICIAN = 1 << 16
"""What makes the id of a physician of that of the intake which names them first."""

OF_PHYSICIAN = "physician_"
"""How the keys of the fields about the physician begin."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An intake as it was left, with the patient it is of."""

    patient: Patient
    intake: Intake
    is_new: bool
    """Whether it was begun just now."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Somebody answers for the intake."""

    intake: Intake
    scores: tuple[tuple[str, str], ...]
    alarms: tuple[str, ...]
    vague: tuple[str, ...]
    """In what the certification is silent: the physician is to be asked."""


@dataclass(frozen=True, slots=True)
class NotWhole:
    """Fields are missing, or cannot be used. Nothing was saved but what was already."""

    missing: tuple[IntakeField, ...]
    wrong: tuple[tuple[str, str], ...]
    """The keys of fields, each with its sentence."""


@dataclass(frozen=True, slots=True)
class VerifiedAlready:
    """Somebody answers for it already: it is changed no more. Another is begun where the patient comes anew."""


def open_intake(ledger: Ledger, patient_id: UUID, rules: IntakeRules, day: date, *, act: Act) -> Opened:
    """Open a patient's intake where it was left, or begin one. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.INTAKE, patient_id)
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    begun = ledger.intake(patient.id)
    if begun is not None:
        return Opened(patient, _with_age(begun, patient, day), is_new=False)
    ledger.record(IntakeBegun(patient.id, act.id, rules.form.version), act)
    return Opened(patient, _with_age(Intake(act.id, patient.id, rules.form.version, act.at), patient, day), is_new=True)


def _with_age(intake: Intake, patient: Patient, day: date) -> Intake:
    """Return an intake with what the birth date answers by itself."""
    is_minor = "yes" if age_on(patient.born, day) < OF_AGE else "no"
    return replace(intake, answers={**intake.answers, MINOR: is_minor})


def answer(
    ledger: Ledger, patient_id: UUID, key: str, words: str, rules: IntakeRules, *, act: Act
) -> Intake | VerifiedAlready:
    """Put an answer on record, as it was typed: what is wrong with it is said on the screen, and nothing is lost.

    One by which somebody has to do something at once says so on record, from now on.

    Raises `NoSuchRecord` where no intake of the patient was begun.
    """
    require(ledger, act, Right.INTAKE, patient_id)
    intake = _begun(ledger, patient_id)
    if intake.state is IntakeState.VERIFIED:
        return VerifiedAlready()
    if intake.answers.get(key, "") != words:
        ledger.record(IntakeAnswered(intake.patient_id, intake.id, key, words, alarm_of(rules, key, words)), act)
    return _begun(ledger, patient_id)


def _begun(ledger: Ledger, patient_id: UUID) -> Intake:
    intake = ledger.intake(patient_id)
    if intake is None:
        raise NoSuchRecord(f"No intake of the patient {patient_id} was begun.")
    return intake


def verify_intake(
    ledger: Ledger, patient_id: UUID, rules: IntakeRules, day: date, *, act: Act
) -> Verified | NotWhole | VerifiedAlready:
    """Answer for an intake: nothing that is required is missing, and nothing that was answered cannot be.

    What it tells of the patient, and what they agreed to, is on record from then on.
    Raises `NoSuchRecord` where no intake of the patient was begun.
    """
    require(ledger, act, Right.INTAKE, patient_id)
    intake = _begun(ledger, patient_id)
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    if intake.state is IntakeState.VERIFIED:
        return VerifiedAlready()
    answers = _with_age(intake, patient, day).answers
    lacking = missing(rules.form, answers)
    wrong = unusable(rules.form, answers, day)
    if lacking or wrong:
        return NotWhole(lacking, wrong)
    by_whom = answers.get("guardian_name", "") if answers[MINOR] == "yes" else ""
    details = ledger.details(patient.id)
    physician = _physician(ledger, answers, intake, details)
    if isinstance(physician, NotNoted):
        return NotWhole((), tuple((f"{OF_PHYSICIAN}{key}", said) for key, said in physician.wrong.items()))
    entry = IntakeVerified(
        patient_id=intake.patient_id,
        intake_id=intake.id,
        patient=patient_of(answers, patient),
        physician=physician,
        details=details_of(answers, details, physician.id),
        consents=consents_of(rules, answers, intake, day, by_whom),
        scores=scores(rules, answers),
        alarms=alarms(rules, answers),
    )
    ledger.record(entry, act)
    return Verified(_begun(ledger, patient_id), entry.scores, entry.alarms, vague_points(answers))


def _physician(ledger: Ledger, answers: Mapping[str, str], intake: Intake, details: Details) -> Physician | NotNoted:
    """Return the physician that the answers name, with what is known of them, or what the answers must still tell.

    Who is on record is found as in `note_physician`; nobody on record is called otherwise by an intake.
    """
    told = physician_of(answers, UUID(int=intake.id.int ^ PHYSICIAN))
    current = ledger.physician(details.physician_id) if details.physician_id else None
    known = on_record(ledger, told, current)
    if known is None or isinstance(known, NotNoted):
        return known or told
    return with_known(told, known) if name_key(known.name) == name_key(told.name) else of_another(known)
