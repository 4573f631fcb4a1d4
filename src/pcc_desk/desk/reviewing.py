"""The review of what happened: all since the last one, signed by somebody who answers for it (45 CFR 164.308)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pcc_desk.desk.anomalies import Anomaly, Kind, Looking, digest_of
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Event, EventsAsked, Review
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.audit_entries import ReviewSigned, TrailLookedAt
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Role, name_key

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Overview:
    """What happened since the last review, from the entry `first` to `last`, and what was out of the ordinary."""

    first: int
    last: int
    since: datetime | None
    """None: nothing happened."""
    until: datetime | None
    anomalies: tuple[Anomaly, ...]

    @property
    def count(self) -> int:
        """How many entries these are."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class AlreadyReviewed:
    """Somebody signed for some of it meanwhile."""

    review: Review


@dataclass(frozen=True, slots=True)
class NothingNew:
    """Nothing happened since the last review."""


@dataclass(frozen=True, slots=True)
class OwnBreakGlass:
    """Whoever opened the store in an emergency does not review that."""


NotSigned = AlreadyReviewed | NothingNew | OwnBreakGlass


def note_trail(ledger: Ledger, patient_id: UUID | None, *, act: Act) -> None:
    """Put on record that somebody looks at who did what. Raises `NotPermitted`."""
    require(ledger, act, Right.AUDIT, patient_id)
    ledger.record(TrailLookedAt(patient_id), act)


def count_of_trail(ledger: Ledger, asked: EventsAsked, *, act: Act) -> int:
    """Return how many events an answer has. Raises `NotPermitted`."""
    require(ledger, act, Right.AUDIT)
    return ledger.count_events(asked)


def trail_of(ledger: Ledger, asked: EventsAsked, limit: int, offset: int, *, act: Act) -> tuple[Event, ...]:
    """Return a part of the events of an answer, newest first. Raises `NotPermitted`."""
    require(ledger, act, Right.AUDIT)
    return ledger.events(asked, limit, offset)


def last_review(ledger: Ledger, *, act: Act) -> Review | None:
    """Return the review that was signed last. Raises `NotPermitted`."""
    require(ledger, act, Right.AUDIT)
    return next(iter(ledger.signed_reviews(1)), None)


def reviewable(ledger: Ledger) -> tuple[int, int]:
    """Return the first entry that is not reviewed yet, and the last there is."""
    signed = ledger.signed_reviews(1)
    return (signed[0].last + 1 if signed else 1), ledger.last_seq()


async def look_over(desk: Desk, progress: Callable[[int, int], None] | None = None) -> Overview:
    """Go through all that happened since the last review. Other work goes on between the steps."""
    first, last = await desk.store.read(reviewable)
    looking = Looking(desk.shop, desk.review_rules)
    since: datetime | None = None
    until: datetime | None = None
    for at in range(first - 1, last, CHUNK):
        events = await desk.store.read(_chunk, at, last)
        looking.take(events)
        times = [each.at for each in events]
        since = min([*times, *([since] if since else [])])
        until = max([*times, *([until] if until else [])])
        if progress is not None:
            progress(min(at + CHUNK, last) - first + 1, last - first + 1)
    known = await desk.store.read(_visits, looking.to_ask)
    return Overview(first, last, since, until, looking.told(lambda patient, day: (patient, day) in known))


def _chunk(ledger: Ledger, after: int, last: int) -> tuple[Event, ...]:
    return ledger.events_after(after, last, CHUNK)


def _visits(ledger: Ledger, asked: tuple[tuple[UUID, date], ...]) -> frozenset[tuple[UUID, date]]:
    return frozenset(each for each in asked if ledger.had_visit(*each))


def sign_review(ledger: Ledger, seen: Overview, *, act: Act) -> Review | NotSigned:
    """Sign for all that was gone through: it only grows, so what was seen is what is signed. Raises `NotPermitted`."""
    require(ledger, act, Right.AUDIT)
    person = ledger.person(act.by)
    signed = ledger.signed_reviews(1)
    if signed and signed[0].last >= seen.first:
        return AlreadyReviewed(signed[0])
    if seen.since is None or seen.until is None:
        return NothingNew()
    is_own = any(each.kind is Kind.BREAK_GLASS and each.by == act.by for each in seen.anomalies)
    if is_own or person is None or person.role is Role.RECOVERY:
        return OwnBreakGlass()
    if name_key(person.name) in map(name_key, ledger.glass_broken(seen.first, seen.last)):
        return OwnBreakGlass()
    digest = digest_of(seen.anomalies)
    ledger.record(ReviewSigned(seen.first, seen.last, seen.since, seen.until, len(seen.anomalies), digest), act)
    return ledger.signed_reviews(1)[0]
