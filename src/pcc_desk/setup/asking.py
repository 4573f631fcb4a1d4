"""Asks the questions at the keyboard, each until its answer is right."""

import click

from pcc_desk.domain.people import Role
from pcc_desk.rulebook import jurisdictions
from pcc_desk.setup.questions import QUESTIONS, Answers, Question


def ask_answers() -> Answers:
    """Return a judged answer for every question. Raises `click.Abort` when the person stops."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        if question.is_asked(answers):
            answers[question.key] = _ask(question)
    return answers


def _ask(question: Question) -> str:
    for line in _choices(question):
        click.echo(f"  {line}")
    while True:
        typed = str(
            click.prompt(
                question.words,
                default=question.proposal if question.proposal is not None else None,
                hide_input=question.is_secret,
                show_default=bool(question.proposal),
            )
        )
        try:
            answer = question.judge(typed)
        except ValueError as error:
            words = str(error).rstrip(".")
            click.echo(f"  {words[:1].upper()}{words[1:]}.")
            continue
        if question.key != "passphrase" or typed == click.prompt("The same again", hide_input=True):
            return answer
        click.echo("  The two differ. Type it twice, the same.")


def _choices(question: Question) -> list[str]:
    """Return what there is to choose from, a line each."""
    if question.key == "jurisdiction":
        return [f"{each.code}  {each.name}: {each.program}" for each in jurisdictions()]
    if question.key == "role":
        return [f"{role}" for role in Role if role.is_held]
    return []
