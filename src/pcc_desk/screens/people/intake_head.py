"""What stands above the questions of an intake: whose it is, what is missing, what its answers come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pcc_desk.domain.intake import IntakeRules, missing, unusable, vague_points
from pcc_desk.domain.people import Patient
from pcc_desk.domain.scoring import score
from pcc_desk.widgets.sheet import Line

PHYSICIAN_CONTACT = "consent_physician_contact"
"""The key of the answer whether the physician may be asked."""

HOW_TO_ASK = {
    "yes": "ask the physician in writing",
    "no": "we may not ask the physician",
    "": "ask whether we may ask the physician",
}
"""What follows from a vague certification, by that answer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The intake that the head is about: what it goes by, what is answered, at which question somebody is, and when."""

    rules: IntakeRules
    answers: Mapping[str, str]
    at: str
    today: date


def head_lines(patient: Patient, shown: Shown, at_once: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines. What has to be done `at_once` stands in the place of what is missing."""
    title = ((f"Intake of {patient.name}", "heading"), (f"   born {patient.born}", "muted"))
    return (title, *(at_once or (_missing_line(shown),)), *_points_line(shown))


def _missing_line(shown: Shown) -> Line:
    lacking = missing(shown.rules.form, shown.answers)
    wrong = len(unusable(shown.rules.form, shown.answers, shown.today))
    if not lacking and wrong:
        return ((f"Nothing is missing, {wrong} cannot be used. f4 goes there.", "warning"),)
    if not lacking:
        return (("Nothing is missing. f2 finishes the intake.", "good"),)
    first = ", ".join(each.label for each in lacking[:3])
    return ((f"{len(lacking)} still missing: {first}{' …' if len(lacking) > 3 else ''}", "warning"),)


def _points_line(shown: Shown) -> tuple[Line, ...]:
    """Return what the certification leaves open, or else, and within a measure, the scores of what was begun."""
    rules, answers = shown.rules, shown.answers
    vague = vague_points(answers)
    is_at_measure = any(shown.at in each.keys for each in rules.instruments)
    if vague and not is_at_measure:
        how = HOW_TO_ASK.get(answers.get(PHYSICIAN_CONTACT, ""), HOW_TO_ASK[""])
        return (((f"Vague on {', '.join(vague)}: {how}.", "warning"),),)
    begun = {key for key in answers if answers[key]}
    told = [f"{each.title.partition(':')[0]} {score(each, answers)}" for each in rules.instruments if begun & each.keys]
    return (((" · ".join(told), "muted"),),) if told else ()
