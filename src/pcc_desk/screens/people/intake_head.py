"""What stands above the questions of an intake: whose it is, what is missing, what its answers come to."""

from collections.abc import Mapping
from datetime import date

from pcc_desk.domain.intake import IntakeRules, missing, unusable, vague_points
from pcc_desk.domain.people import Patient
from pcc_desk.domain.scoring import score
from pcc_desk.widgets.sheet import Line


def head_lines(
    patient: Patient, rules: IntakeRules, answers: Mapping[str, str], today: date, at_once: tuple[Line, ...]
) -> tuple[Line, ...]:
    """Return the lines. What has to be done `at_once` stands in the place of what is missing."""
    title = ((f"Intake of {patient.name}", "heading"), (f"   born {patient.born}", "muted"))
    return (title, *(at_once or (_missing_line(rules, answers, today),)), *_points_line(rules, answers))


def _missing_line(rules: IntakeRules, answers: Mapping[str, str], today: date) -> Line:
    lacking = missing(rules.form, answers)
    wrong = len(unusable(rules.form, answers, today))
    if not lacking and wrong:
        return ((f"Nothing is missing, {wrong} cannot be used. f4 goes there.", "warning"),)
    if not lacking:
        return (("Nothing is missing. f2 finishes the intake.", "good"),)
    first = ", ".join(each.label for each in lacking[:3])
    return ((f"{len(lacking)} still missing: {first}{' …' if len(lacking) > 3 else ''}", "warning"),)


def _points_line(rules: IntakeRules, answers: Mapping[str, str]) -> tuple[Line, ...]:
    """Return what the certification leaves open, or else the scores of what was begun."""
    vague = vague_points(answers)
    if vague:
        words = f"The certification is vague on {', '.join(vague)}: ask the physician in writing."
        return (((words, "warning"),),)
    if not rules.instruments:
        return ()
    begun = {key for key in answers if answers[key]}
    told = [
        f"{each.title.partition(':')[0]} {score(each, answers)}"
        for each in rules.instruments
        if any(each.key(item) in begun for item in range(1, len(each.items) + 1))
    ]
    return (((" · ".join(told), "muted"),),)
