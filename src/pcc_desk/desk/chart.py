"""A patient's record, opened by somebody."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pcc_desk.desk.alarms import alarms_of
from pcc_desk.desk.audit import on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Happening, HappeningKind
from pcc_desk.desk.rights import Right, may, only_for, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.desk.standing import PatientStanding, read_standing
from pcc_desk.domain.entries import Act, ChartOpened
from pcc_desk.domain.people import Card, Patient
from pcc_desk.domain.standing_alarms import StandingAlarm
from pcc_desk.domain.visits import Visit
from pcc_desk.domain.withheld import Withheld

TIMELINE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Chart:
    """What the desk knows of a patient, as far as the role of whoever looks is given it."""

    patient: Patient
    cards: tuple[Card, ...]
    visit: Visit | None
    """Today's visit that is not over."""
    timeline: tuple[Happening, ...]
    known: PatientStanding | Withheld
    at_once: tuple[StandingAlarm, ...] = ()
    """What has to be done at once, by what the patient answered, and who saw to it."""


def note_opening(ledger: Ledger, patient_id: UUID, *, act: Act) -> None:
    """Put on record that somebody looks at a patient's record. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.OPEN_CHART, patient_id)
    if ledger.patient(patient_id) is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    ledger.record(ChartOpened(patient_id), act)


def look_into(ledger: Ledger, patient_id: UUID, day: date, *, act: Act) -> Chart:
    """Return a patient's record without the standing: today's open visit and what happened so far, newest first.

    Raises `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, Right.OPEN_CHART, patient_id)
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    timeline = ledger.timeline(patient_id, TIMELINE_LIMIT)
    if not may(ledger, act.by, Right.READ_NOTES):
        timeline = tuple(_without_words(each) for each in timeline)
    return Chart(
        sight_of(ledger, act)(patient),
        ledger.cards(patient_id),
        ledger.open_visit(patient_id, day),
        timeline,
        only_for(Right.SEE_ALLOTMENT),
        alarms_of(ledger, patient_id, act=act),
    )


def _without_words(each: Happening) -> Happening:
    is_clinical = each.kind in {HappeningKind.NOTE, HappeningKind.AT_ONCE}
    return replace(each, text=only_for(Right.READ_NOTES)) if is_clinical else each


async def open_chart(desk: Desk, patient_id: UUID) -> Chart:
    """Open a patient's record, which is an act of its own. One that can only be read is opened all the same."""
    await on_record(desk, note_opening, patient_id, act=desk.act())
    return await read_chart(desk, patient_id)


async def read_chart(desk: Desk, patient_id: UUID) -> Chart:
    """Read again a record that is open already."""
    record = await desk.store.read(look_into, patient_id, desk.today, act=desk.act())
    if not desk.may(Right.SEE_ALLOTMENT):
        return record
    known = await read_standing(desk, patient_id)
    return replace(record, known=known)
