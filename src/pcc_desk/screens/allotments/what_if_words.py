"""The answer to what somebody asks about before there is a basket, in a sentence or two."""

from datetime import date, timedelta
from fractions import Fraction
from typing import assert_never

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.quantity import rounded_down
from pcc_desk.domain.standing import NotForAge, Standing
from pcc_desk.domain.what_if import Fitting, Lasting, NotFitting, NotUnderstood, Question, answer
from pcc_desk.screens.words import day_words, short_unit
from pcc_desk.widgets.sheet import Line


def what_if_lines(question: Question | NotUnderstood, standing: Standing, today: date) -> tuple[Line, ...]:
    """Return how a question was understood, and its answer."""
    if isinstance(question, NotUnderstood):
        return (((question.why, "muted"),),)
    understood = " + ".join(line.words for line in question.lines) + (" a day" if question.is_daily else "")
    words, tone = _answer_words(question, standing, today)
    return (((f"{understood}: ", ""), (words, tone)),)


def _answer_words(question: Question, standing: Standing, today: date) -> tuple[str, str]:
    found = answer(question, standing)
    match found:
        case CannotTell(reason=reason):
            return f"cannot tell: {reason}.", "warning"
        case NotForAge(bar=bar):
            return f"no: {bar}.", "danger"
        case Fitting(limit=None):
            return "fits; no limit counts it.", "good"
        case Fitting(limit=limit, left=left):
            assert limit is not None  # noqa: S101 - the case above is for None
            return f"fits. {rounded_down(left, 2)} {short_unit(limit.unit)} left of {limit.window} afterwards.", "good"
        case NotFitting(limit=limit, over=over, fitting=fitting):
            excess = f"{-rounded_down(-over, 2)} {short_unit(limit.unit)}"
            return f"no: {limit.window} over by {excess}. {_fitting_words(fitting)}", "danger"
        case Lasting():
            return _lasting_words(found, today)
        case _:
            assert_never(found)


def _fitting_words(fitting: tuple[str, ...]) -> str:
    if len(fitting) == 1:
        return f"At most {fitting[0]} fits."
    some = [f"{most} of line {number}" for number, most in enumerate(fitting, 1) if not most.startswith("0 ")]
    return f"Fits with {', or '.join(some)}." if some else "Take a line out."


def _lasting_words(found: Lasting, today: date) -> tuple[str, str]:
    if found.days is None or found.limit is None:
        return "no limit over several days counts it.", "muted"
    share = f"a day takes {_percent(found.share)} of {found.limit.window}"
    if found.days == 0:
        return f"not even one day of it may be dispensed now; {share}.", "danger"
    until = day_words(today + timedelta(days=found.days))
    unit = "day" if found.days == 1 else "days"
    return f"what may be dispensed now lasts {found.days} {unit}, until {until}; {share}.", "good"


def _percent(share: Fraction) -> str:
    return f"{-rounded_down(-share * 100, 1)} %"
