"""Appointments: booked, moved and called off. Nobody is booked twice at one time without somebody saying so."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.entries import Act, VisitBooked, VisitMoved
from pcc_desk.domain.hours import Hours, link_trouble
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.visit_entries import AppointmentMoved
from pcc_desk.domain.visits import QueueRow, Reason, Visit, VisitState


@dataclass(frozen=True, slots=True)
class When:
    """The time of an appointment that somebody wants. The instant is UTC."""

    at: datetime
    minutes: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointment stands, new or at its new time."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Something is there at that time already, or the shop is closed. Said `anyway`, it is booked all the same."""

    others: tuple[QueueRow, ...]
    closed: str
    """Why it is not within the opening hours, as a clause; empty when it is."""


@dataclass(frozen=True, slots=True)
class NotBooked:
    """Nothing was booked, moved or called off, whatever anybody says."""

    why: str
    """A sentence that says what to do."""


def appointments_of(ledger: Ledger, first: date, last: date, *, act: Act) -> tuple[QueueRow, ...]:
    """Return the appointments of the days from `first` to `last`, those called off left out, by their time."""
    require(ledger, act, Right.SEE_QUEUE)
    seen = sight_of(ledger, act)
    rows = ledger.visits_between(first, last)
    return tuple(replace(row, patient=seen(row.patient)) for row in rows if row.visit.state is not VisitState.CANCELLED)


def book(
    ledger: Ledger,
    patient_id: UUID,
    reason: Reason,
    when: When,
    *,
    shop: Shop,
    hours: Hours,
    act: Act,
    anyway: bool = False,
    origin: str = "",
) -> Booked | InTheWay | NotBooked:
    """Book an appointment under the act's id. Raises `NoSuchRecord` for an unknown patient."""
    require(ledger, act, Right.BOOK, patient_id)
    if ledger.patient(patient_id) is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    refused = _refused(ledger, when, None, patient_id, shop=shop, hours=hours, now=act.at, anyway=anyway)
    if refused is not None:
        return refused
    visit = Visit(
        act.id,
        patient_id,
        shop.day(when.at),
        VisitState.EXPECTED,
        reason,
        when.at,
        minutes=when.minutes,
        link=when.link,
        origin=origin,
    )
    ledger.record(VisitBooked(visit), act)
    return Booked(visit)


def move_appointment(
    ledger: Ledger,
    visit_id: UUID,
    when: When,
    *,
    shop: Shop,
    hours: Hours,
    act: Act,
    reason: Reason | None = None,
    anyway: bool = False,
) -> Booked | InTheWay | NotBooked:
    """Put an appointment that is still expected to another time. Told again, it is as it was.

    `reason` is what the patient comes for from then on; None: what they came for before.
    Raises `NoSuchRecord` for an unknown id.
    """
    visit = _expected(ledger, visit_id, act)
    if isinstance(visit, NotBooked):
        return visit
    reason = reason or visit.reason
    if (visit.appointment_at, visit.minutes, visit.link, visit.reason) == (when.at, when.minutes, when.link, reason):
        return Booked(visit)
    refused = _refused(ledger, when, visit, visit.patient_id, shop=shop, hours=hours, now=act.at, anyway=anyway)
    if refused is not None:
        return refused
    day = shop.day(when.at)
    ledger.record(AppointmentMoved(visit.id, visit.patient_id, day, when.at, when.minutes, when.link, reason), act)
    return Booked(replace(visit, day=day, appointment_at=when.at, minutes=when.minutes, link=when.link, reason=reason))


def cancel_appointment(ledger: Ledger, visit_id: UUID, *, act: Act) -> Booked | NotBooked:
    """Call an appointment off that is still expected. Raises `NoSuchRecord` for an unknown id."""
    visit = _expected(ledger, visit_id, act)
    if isinstance(visit, NotBooked):
        return visit
    ledger.record(VisitMoved(visit.id, visit.patient_id, VisitState.CANCELLED, None), act)
    return Booked(replace(visit, state=VisitState.CANCELLED))


def _expected(ledger: Ledger, visit_id: UUID, act: Act) -> Visit | NotBooked:
    visit = ledger.visit(visit_id)
    require(ledger, act, Right.BOOK, visit.patient_id if visit else None)
    if visit is None:
        raise NoSuchRecord(f"There is no visit {visit_id}.")
    if visit.state is not VisitState.EXPECTED:
        return NotBooked(f"This visit is no appointment any more: {visit.state}. Book a new one.")
    return visit


def _refused(
    ledger: Ledger,
    when: When,
    moving: Visit | None,
    patient_id: UUID,
    *,
    shop: Shop,
    hours: Hours,
    now: datetime,
    anyway: bool,
) -> InTheWay | NotBooked | None:
    trouble = link_trouble(when.link)
    if trouble:
        return NotBooked(trouble)
    if not 1 <= when.minutes <= 480:
        return NotBooked("An appointment lasts between 1 minute and 8 hours. Type another length.")
    if when.at + timedelta(minutes=when.minutes) <= now:
        return NotBooked(f"{shop.written(when.at)} is over. Type a time that is still to come.")
    closed = hours.why_not(shop.local(when.at), when.minutes)
    found = _at_that_time(ledger, when, moving, shop)
    kept = ledger.kept_as(patient_id)
    same = tuple(row for row in found if ledger.kept_as(row.visit.patient_id) == kept)
    others = found if len(found) >= hours.at_once else same
    return InTheWay(others, closed) if (others or closed) and not anyway else None


def _at_that_time(ledger: Ledger, when: When, moving: Visit | None, shop: Shop) -> tuple[QueueRow, ...]:
    """Return who else has an appointment at that time; where one ends as another begins, neither is in the way."""
    day, ends = shop.day(when.at), when.at + timedelta(minutes=when.minutes)
    found = []
    for row in ledger.visits_between(day - timedelta(days=1), day + timedelta(days=1)):
        other = row.visit
        if other.state.is_over or (moving is not None and other.id == moving.id):
            continue
        begins, closes = other.appointment_at, other.ends_at
        if begins is not None and closes is not None and begins < ends and when.at < closes:
            found.append(row)
    return tuple(found)
