"""The questions of an intake as a form asks them."""

from collections.abc import Mapping

from pcc_desk.domain.intake import FieldKind, IntakeField, IntakeRules, is_asked
from pcc_desk.widgets.form import YES_NO, Question

EXAMPLES = {
    FieldKind.YES_NO: "yes / no",
    FieldKind.DAY: "2026-11-30",
    FieldKind.DAY_TO_COME: "2026-11-30",
    FieldKind.NPI: "ten digits",
}

COUNTER = "counter: "
"""How the source of what is asked at every counter begins."""


def questions(rules: IntakeRules, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """Return the questions that are asked by what was answered so far, each part under its title."""
    found: list[Question] = []
    for section in rules.form.sections:
        asked = [each for each in section.fields if is_asked(each, answers)]
        if asked:
            found.append(Question(f"§ {section.title}", section.title, is_heading=True))
        found += [_question(each) for each in asked]
    return tuple(found)


def why(each: IntakeField) -> str:
    """Return why a question is asked, in words for whoever asks it: its source without the name of our own research."""
    return each.source.removeprefix(COUNTER)


def _question(each: IntakeField) -> Question:
    choices = YES_NO if each.kind is FieldKind.YES_NO else each.choices
    is_yes_no = each.kind is FieldKind.YES_NO
    scale = f"{each.least} to {each.most}" if each.kind is FieldKind.SCORE else ""
    example = EXAMPLES.get(each.kind, "") if is_yes_no or not each.example else each.example
    label = f"{'*' if each.required else ' '} {each.label}"
    return Question(each.key, label, example or scale or " / ".join(choices), choices, longest=each.longest)
