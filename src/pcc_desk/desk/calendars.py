"""Appointments from elsewhere: a calendar file, or the queue of the point of sale. Taken twice, they stand once.

Whose an event is, is found by a card's number in it or by a whole name, and never guessed: what fits nobody, or
several, is left to a person.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from pcc_desk.desk.appointments import Booked, InTheWay, NotBooked, When, book
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.calendars import Calendar, CalendarEvent, card_words, is_named, names_in, reason_in
from pcc_desk.domain.entries import Act, VisitBooked, VisitMoved
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.people import card_key
from pcc_desk.domain.shelf import Guest
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.visit_entries import AppointmentMoved
from pcc_desk.domain.visits import Reason, Visit, VisitState

NAMESAKES = 20
"""How many patients of one name are looked at."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one event: booked, moved, called off, or as it was. `way` is what stands at the same time."""

    what: str
    visit: Visit
    way: InTheWay | None = None


@dataclass(frozen=True, slots=True)
class LeftToPeople:
    """Nothing became of it, and why, as a sentence."""

    why: str


BOOKED, MOVED, CALLED_OFF, AS_IT_WAS = "booked", "moved", "called off", "as it was"


@dataclass(slots=True)
class Imported:
    """What became of a whole file, or of a whole queue."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((BOOKED, MOVED, CALLED_OFF, AS_IT_WAS), 0))
    beside: int = 0
    """How many were booked beside something else, or outside the opening hours."""
    left: list[str] = field(default_factory=list)
    """Sentences on what a person has to see to."""

    def count(self, outcome: Taken | LeftToPeople) -> None:
        """Count what became of one more."""
        if isinstance(outcome, LeftToPeople):
            self.left.append(outcome.why)
        else:
            self.counts[outcome.what] += 1
            self.beside += outcome.way is not None

    @property
    def words(self) -> str:
        """What became of it, in one sentence."""
        told = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        beside = f" {self.beside} at a time when something else is booked or the shop is closed." if self.beside else ""
        return f"{told}, {len(self.left)} left to you.{beside}"


def take_event(ledger: Ledger, event: CalendarEvent, *, shop: Shop, hours: Hours, act: Act) -> Taken | LeftToPeople:
    """Book an event, or bring what came of it earlier to where it is now.

    What somebody came for is never touched, nor a link that a person typed where the event has none.
    """
    require(ledger, act, Right.BOOK)
    known = ledger.visit_from(event.origin)
    if known is not None:
        return _again(ledger, known, event, shop, act)
    at = f"“{event.summary}”, {shop.written(event.at)},"
    if event.is_cancelled:
        return LeftToPeople(f"{at} was called off before it was ever taken: nothing to do.")
    found = _whose(ledger, event, at)
    if isinstance(found, LeftToPeople):
        return found
    when, reason = When(event.at, event.minutes, event.link), reason_in(event)
    outcome = book(ledger, found, reason, when, shop=shop, hours=hours, act=act, origin=event.origin)
    way = outcome if isinstance(outcome, InTheWay) else None
    if way is not None:
        outcome = book(ledger, found, reason, when, shop=shop, hours=hours, act=act, origin=event.origin, anyway=True)
    if isinstance(outcome, Booked):
        return Taken(BOOKED, outcome.visit, way)
    why = outcome.why if isinstance(outcome, NotBooked) else "It cannot be booked."
    return LeftToPeople(f"{at} is not booked: {why}")


def _again(ledger: Ledger, known: Visit, event: CalendarEvent, shop: Shop, act: Act) -> Taken:
    if known.state is not VisitState.EXPECTED:
        return Taken(AS_IT_WAS, known)
    if event.is_cancelled:
        ledger.record(VisitMoved(known.id, known.patient_id, VisitState.CANCELLED, None), act)
        return Taken(CALLED_OFF, known)
    link = event.link or known.link
    if (known.appointment_at, known.minutes, known.link) == (event.at, event.minutes, link):
        return Taken(AS_IT_WAS, known)
    day = shop.day(event.at)
    ledger.record(AppointmentMoved(known.id, known.patient_id, day, event.at, event.minutes, link), act)
    return Taken(MOVED, known)


def _whose(ledger: Ledger, event: CalendarEvent, at: str) -> UUID | LeftToPeople:
    """Return the one patient whom an event is about. `at` is how it is told of."""
    by_card = {card.patient_id for word in card_words(event) for card in ledger.cards_numbered(card_key(word))}
    if len(by_card) == 1:
        return next(iter(by_card))
    if by_card:
        return LeftToPeople(f"{at} holds cards of several patients. Book it for the right one.")
    for name in names_in(event):
        named = _named(ledger, name)
        if len(named) == 1:
            return next(iter(named))
        if named:
            return LeftToPeople(f"{at} fits {len(named)} patients of that name. Book it for the right one.")
    return LeftToPeople(f"{at} fits nobody on record, by card or whole name. Register the patient, or book it.")


def _named(ledger: Ledger, name: str) -> set[UUID]:
    found = ledger.find_patients(name.replace(",", " "), NAMESAKES)
    return {each.patient_id for each in found if is_named(name, each.family_name, each.given_name)}


def take_guest(ledger: Ledger, guest: Guest, *, shop: Shop, act: Act) -> Taken | LeftToPeople:
    """Let somebody who is checked in at the point of sale stand in the queue as arrived.

    Who vanishes there, because a room hides them or they were put on hold, stays here until somebody sees them off.
    """
    require(ledger, act, Right.BOOK)
    day, origin = shop.day(act.at), f"pos:{guest.number or guest.customer}:{guest.checked_in_at.isoformat()}"
    known = ledger.visit_from(origin)
    if known is not None:
        return Taken(AS_IT_WAS, known)
    named = _named(ledger, guest.name)
    if len(named) != 1:
        who = f"fits {len(named)} patients of that name" if named else "fits nobody on record"
        return LeftToPeople(f"“{guest.name}” at the point of sale {who}. Search and check in the right one.")
    patient_id = next(iter(named))
    waiting = ledger.open_visit(patient_id, day)
    if waiting is not None and waiting.state is not VisitState.EXPECTED:
        return Taken(AS_IT_WAS, waiting)
    if waiting is not None:
        ledger.record(VisitMoved(waiting.id, patient_id, VisitState.ARRIVED, None), act)
        return Taken(MOVED, waiting)
    visit = Visit(
        act.id,
        patient_id,
        day,
        VisitState.ARRIVED,
        Reason.REFILL,
        arrived_at=guest.checked_in_at,
        origin=origin,
    )
    ledger.record(VisitBooked(visit), act)
    return Taken(BOOKED, visit)


async def import_calendar(desk: Desk, calendar: Calendar, told: Callable[[int, int], None]) -> Imported:
    """Take every event of a file, one at a time; what was taken stands when it is stopped, and is harmless twice."""
    done = Imported(left=list(calendar.left_out))
    for number, event in enumerate(calendar.events, 1):
        told(number, len(calendar.events))
        act = desk.act()
        outcome = await desk.store.write(take_event, event, shop=desk.shop, hours=desk.hours, act=act)
        done.count(outcome)
    return done


async def import_guests(desk: Desk) -> Imported | Unanswered:
    """Take who is checked in at the point of sale."""
    guests = await desk.pos.queue()
    if isinstance(guests, Unanswered):
        return guests
    done = Imported()
    for guest in guests:
        if abs(desk.clock.now() - guest.checked_in_at) < timedelta(days=1):
            done.count(await desk.store.write(take_guest, guest, shop=desk.shop, act=desk.act()))
    return done
