"""The day's queue: who is expected, who waits, who is served."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import FoundPatient
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.birth_dates import typed_birth_date
from pcc_desk.domain.entries import Act, VisitMoved
from pcc_desk.domain.visits import MOVES, QueueRow, Visit, VisitState, in_turn

SEARCH_LIMIT = 50


def queue_of(ledger: Ledger, day: date, *, act: Act) -> tuple[QueueRow, ...]:
    """Return the visits of a day as they are called at the act's instant, and who was never seen off before it."""
    require(ledger, act, Right.SEE_QUEUE)
    seen = sight_of(ledger, act)
    return tuple(replace(row, patient=seen(row.patient)) for row in in_turn(ledger.queue(day), act.at))


def find_patients(ledger: Ledger, typed: str, *, act: Act) -> tuple[FoundPatient, ...]:
    """Return the patients whose card, number, birth date or names begin with what was typed; or else nearly so.

    A birth date in any usual form. A package's tag finds those to whom something of it was dispensed.
    """
    require(ledger, act, Right.FIND_PATIENT)
    born = typed_birth_date(typed, act.at.date())
    return ledger.find_patients(born.isoformat() if born else typed, SEARCH_LIMIT)


def visit_of(ledger: Ledger, patient_id: UUID, day: date, *, act: Act) -> Visit | None:
    """Return a patient's visit of a day that is not over."""
    require(ledger, act, Right.OPEN_CHART, patient_id)
    return ledger.open_visit(patient_id, day)


@dataclass(frozen=True, slots=True)
class VisitIsOver:
    """Nobody waits in this visit any more."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class NotFromHere:
    """A visit is not brought into a state from the one it is in."""

    visit: Visit
    state: VisitState


def move_visit(ledger: Ledger, visit_id: UUID, state: VisitState, *, act: Act) -> Visit | VisitIsOver | NotFromHere:
    """Bring a visit into another state, as `MOVES` allows; who calls a patient serves them from then on.

    Raises `NoSuchRecord` for an unknown id.
    """
    visit = ledger.visit(visit_id)
    require(ledger, act, Right.CHECK_IN, visit.patient_id if visit else None)
    if visit is None:
        raise NoSuchRecord(f"There is no visit {visit_id}.")
    if visit.state is state:
        return visit
    if visit.state.is_over:
        return VisitIsOver(visit)
    if state not in MOVES[visit.state]:
        return NotFromHere(visit, state)
    served_by = act.by if state.is_served else visit.served_by
    ledger.record(VisitMoved(visit.id, visit.patient_id, state, served_by), act)
    moved = ledger.visit(visit_id)
    assert moved is not None  # noqa: S101 - it was there a moment ago, in this same transaction
    return moved
