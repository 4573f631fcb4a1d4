"""The form by which somebody says what was done at once for a patient."""

from collections.abc import Mapping
from typing import assert_never

from pcc_desk.desk.alarms import LONGEST, Acknowledged, NothingToSeeTo, NotSaid, acknowledge
from pcc_desk.desk.desk import Desk
from pcc_desk.domain.people import Patient
from pcc_desk.domain.standing_alarms import StandingAlarm, unseen
from pcc_desk.screens.people.ask import WHOLE_FORM, Answer, Ask, saved_words
from pcc_desk.widgets.form import Question


def acknowledge_form(desk: Desk, patient: Patient, alarms: tuple[StandingAlarm, ...]) -> Ask:
    """Return the form for one line on what was done."""
    waiting = unseen(alarms)
    asked = (Question("text", "what was done", "who was called, who stays with the patient", longest=LONGEST),)

    async def save(typed: Mapping[str, str]) -> Answer:
        act = desk.act()
        shown = tuple(each.id for each in waiting)
        outcome = await desk.store.write(acknowledge, patient.id, shown, typed["text"], act=act)
        match outcome:
            case NotSaid(why=why):
                return {"text": why}
            case NothingToSeeTo():
                return {WHOLE_FORM: "A colleague saw to it meanwhile, or signed a note. Go back to read it."}
            case Acknowledged():
                return saved_words(desk, act, "it is on record who saw to it.")
            case _:
                assert_never(outcome)

    lead = " ".join(dict.fromkeys(each.words for each in waiting))
    return Ask(desk, patient, "Done at once", lead, asked, save=save)
