"""One appearance of a patient in the queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.people import Patient
from pcc_desk.domain.standing_alarms import StandingAlarm, unseen


class VisitState(StrEnum):
    """Where a visit stands."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    """Somebody saw the patient come in; nobody looked at photo and card yet."""
    VERIFIED = "verified"
    """Checked in, and the registry answered for the card."""
    WAITING = "waiting"
    """Checked in; the registry did not answer, or the patient was with somebody already."""
    WITH_COORDINATOR = "with coordinator"
    WITH_PHARMACIST = "with pharmacist"
    AT_TILL = "at the till"
    PARKED = "parked"
    DONE = "done"
    LEFT = "left"
    NO_SHOW = "no show"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for anything any more."""
        return self in OVER

    @property
    def waits(self) -> bool:
        """Whether the patient is here and nobody serves them."""
        return self in WAITS

    @property
    def is_served(self) -> bool:
        """Whether the patient is with somebody."""
        return self in SERVED


OVER = frozenset({VisitState.DONE, VisitState.LEFT, VisitState.NO_SHOW, VisitState.CANCELLED})
WAITS = frozenset({VisitState.ARRIVED, VisitState.VERIFIED, VisitState.WAITING})
SERVED = frozenset({VisitState.WITH_COORDINATOR, VisitState.WITH_PHARMACIST, VisitState.AT_TILL})
_HERE = frozenset({VisitState.WAITING, *SERVED, VisitState.PARKED, VisitState.DONE, VisitState.LEFT})

MOVES: Mapping[VisitState, frozenset[VisitState]] = {
    VisitState.EXPECTED: frozenset({*WAITS, VisitState.LEFT, VisitState.NO_SHOW, VisitState.CANCELLED}),
    VisitState.ARRIVED: frozenset({*WAITS, *SERVED, VisitState.PARKED, VisitState.DONE, VisitState.LEFT}),
    VisitState.VERIFIED: _HERE,
    VisitState.WAITING: frozenset({VisitState.VERIFIED, *_HERE}),
    VisitState.WITH_COORDINATOR: _HERE,
    VisitState.WITH_PHARMACIST: _HERE,
    VisitState.AT_TILL: _HERE,
    VisitState.PARKED: _HERE,
    VisitState.DONE: frozenset(),
    VisitState.LEFT: frozenset(),
    VisitState.NO_SHOW: frozenset(),
    VisitState.CANCELLED: frozenset(),
}
"""Into which states a visit may be brought from each. One that is over stays over; who comes late gets a new visit."""


class Reason(StrEnum):
    """What a patient comes for."""

    NEW = "new patient"
    FOLLOW_UP = "follow-up"
    REFILL = "refill"
    PROBLEM = "problem"
    PICK_UP = "pick-up"


USUAL_MINUTES = 30
"""For how long an appointment is taken to last whose length nobody said: the house's rule."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One appearance of a patient in the queue of `day`. Instants are UTC."""

    id: UUID
    patient_id: UUID
    day: date
    state: VisitState
    reason: Reason
    appointment_at: datetime | None = None
    arrived_at: datetime | None = None
    through: str = ""
    """The caregiver's name when a caregiver comes for the patient."""
    served_by: UUID | None = None
    minutes: int = 0
    """How long the appointment lasts; 0: nobody said."""
    link: str = ""
    """Where a telehealth visit takes place; empty: at the counter."""
    origin: str = ""
    """The event of a calendar, or the guest of a point of sale, that it came from; empty: it was typed here."""

    @property
    def ends_at(self) -> datetime | None:
        """When the appointment is over; None: there is none."""
        length = timedelta(minutes=self.minutes or USUAL_MINUTES)
        return self.appointment_at + length if self.appointment_at else None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A visit with what a coordinator needs to know before calling the name."""

    visit: Visit
    patient: Patient
    card_number: str
    """Empty when the patient has no card on record."""
    card_expires: date | None
    served_by_name: str
    is_known: bool
    """Whether the patient was dispensed to here before."""
    shares_name: bool
    """Whether another patient of today's queue has the same name."""
    needs_help: bool = False
    """Whether the patient answered something for which somebody has to act at once, and nobody has said that they did.
    """
    helped_by: str = ""
    """Who last said so, while no note is signed yet; empty: nobody."""

    def with_alarms(self, alarms: tuple[StandingAlarm, ...]) -> "QueueRow":
        """Return the row with what has to be done at once for the patient."""
        by = alarms[-1].seen.by if alarms and alarms[-1].seen is not None else ""
        return replace(self, needs_help=bool(unseen(alarms)), helped_by="" if unseen(alarms) else by)


Place = tuple[int, float, float, str, str]

_NO_TIME = 0.0


def place(row: QueueRow) -> Place:
    """Return where a visit stands in its queue, whatever the time is: longest wait first.

    Those who wait, those who are served, the parked, the expected, and at the end what is over.
    """
    visit = row.visit
    at = visit.appointment_at if visit.state is VisitState.EXPECTED else visit.arrived_at
    return _group(visit.state), _NO_TIME, _seconds(at), row.patient.family_name, visit.id.hex


def in_turn(rows: Iterable[QueueRow], now: datetime) -> tuple[QueueRow, ...]:
    """Return visits in the order in which they are called: promise first, then the longest wait.

    A promise is the time of an appointment that has come, to the second: whoever was given ten o'clock goes at ten
    before anybody without one; before ten they wait as everybody does.
    """

    def turn(row: QueueRow) -> Place:
        promised = row.visit.appointment_at
        is_due = row.visit.state.waits and promised is not None and promised <= now
        group, _, at, name, key = place(row)
        return group, _seconds(promised) - _FAR if is_due else _NO_TIME, at, name, key

    return tuple(sorted(rows, key=turn))


_FAR = 1e12
"""More seconds than any instant has: what is promised stands before everything else of its group."""


def _group(state: VisitState) -> int:
    if state.waits:
        return 0
    if state.is_served:
        return 1
    if state.is_over:
        return 4
    return 2 if state is VisitState.PARKED else 3


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else _NO_TIME
