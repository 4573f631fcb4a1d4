"""A patient's record, opened by somebody."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord, ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Happening
from pcc_desk.desk.standing import PatientStanding, read_standing
from pcc_desk.domain.entries import Act, ChartOpened
from pcc_desk.domain.visits import Visit

TIMELINE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Chart:
    """What the desk knows of a patient."""

    visit: Visit | None
    """Today's visit that is not over."""
    timeline: tuple[Happening, ...]
    known: PatientStanding


def note_opening(ledger: Ledger, patient_id: UUID, *, act: Act) -> None:
    """Put on record that somebody looks at a patient's record. Raises `NoSuchRecord` for an unknown id."""
    if ledger.patient(patient_id) is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    ledger.record(ChartOpened(patient_id), act)


def visit_and_timeline(ledger: Ledger, patient_id: UUID, day: date) -> tuple[Visit | None, tuple[Happening, ...]]:
    """Return today's open visit and what happened so far, newest first."""
    return ledger.open_visit(patient_id, day), ledger.timeline(patient_id, TIMELINE_LIMIT)


async def open_chart(desk: Desk, patient_id: UUID) -> Chart:
    """Open a patient's record, which is an act of its own. One that can only be read is opened all the same."""
    with suppress(ReadOnly):
        await desk.store.write(note_opening, patient_id, act=desk.act())
    return await read_chart(desk, patient_id)


async def read_chart(desk: Desk, patient_id: UUID) -> Chart:
    """Read again a record that is open already."""
    visit, timeline = await desk.store.read(visit_and_timeline, patient_id, desk.today)
    return Chart(visit, timeline, await read_standing(desk, patient_id))
