"""Posts: what was dispensed goes into the state's record, once.

Posting is not idempotent anywhere. Our own number is in the record before the first attempt; after an answer that
stayed away the number is looked up, twice with a wait for the registry's lag, before anything is sent again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import (
    Dispensation,
    NotPosted,
    Posted,
    Posting,
    PostingState,
    PostRefused,
)
from pcc_desk.domain.entries import Act, PostingMoved

LIST_LAG = timedelta(seconds=65)
"""METRC's lists may lag by a minute (state-systems reference, section 2.6); and a little more."""

LOOKUPS_BEFORE_SENDING_AGAIN = 2

RETRY_WAITS = tuple(timedelta(seconds=each) for each in (5, 15, 30, 60, 120, 300))
"""How long to wait after the first, second … failure of a system that is down."""

BATCH = 20


def move_posting(ledger: Ledger, posting: Posting, *, act: Act) -> Posting:
    """Put the new condition of a posting on record."""
    ledger.record(
        PostingMoved(
            dispensation_id=posting.dispensation_id,
            patient_id=posting.patient_id,
            state=posting.state,
            attempts=posting.attempts,
            lookups_missed=posting.lookups_missed,
            next_try_at=posting.next_try_at,
            receipt=posting.receipt,
            why=posting.why,
        ),
        act,
    )
    return posting


@dataclass(frozen=True, slots=True)
class NotParked:
    """The posting does not wait for a person."""

    posting: Posting


def parked_of(ledger: Ledger, patient_id: UUID) -> Posting | None:
    """Return the oldest posting of a patient that waits for a person."""
    parked = (each for each in ledger.unposted() if each.state is PostingState.PARKED)
    return next((each for each in parked if each.patient_id == patient_id), None)


def send_again(ledger: Ledger, dispensation_id: UUID, *, act: Act) -> Posting | NotParked:
    """Let a parked posting be tried again; by look-up first when it may have arrived before.

    Raises `NoSuchRecord` when nothing of that id was dispensed.
    """
    posting = ledger.posting(dispensation_id)
    if posting is None:
        raise NoSuchRecord(f"Nothing was dispensed under {dispensation_id}.")
    if posting.state is not PostingState.PARKED:
        return NotParked(posting)
    again = replace(posting, state=PostingState.IN_DOUBT, next_try_at=act.at, lookups_missed=0)
    return move_posting(ledger, again, act=act)


def _due(ledger: Ledger, at: datetime, is_back: bool) -> tuple[tuple[Posting, Dispensation], ...]:
    """Return what to work on. When the system just came back, nobody waits for the next try."""
    due = ledger.due_postings(at, BATCH)
    if is_back:
        known = {each.dispensation_id for each in due}
        held_up = (PostingState.WAITING, PostingState.IN_DOUBT)
        due += tuple(
            each
            for each in ledger.unposted()
            if each.dispensation_id not in known and each.state in held_up and each.lookups_missed == 0
        )
    found = []
    for each in due:
        dispensation = ledger.dispensation(each.dispensation_id)
        if dispensation is None:
            raise NoSuchRecord(f"Nothing was dispensed under {each.dispensation_id}.")
        found.append((each, dispensation))
    return tuple(found)


async def post_due(desk: Desk, *, is_back: bool = False) -> int:
    """Work on every posting that is due, oldest first. Return how many reached the state's record.

    Stops at the first that finds the system out of reach: the others would find the same.
    """
    accepted = 0
    for posting, dispensation in await desk.store.read(_due, desk.clock.now(), is_back):
        moved = await _work_on(desk, posting, dispensation)
        accepted += moved.state is PostingState.ACCEPTED
        if moved.state is not PostingState.ACCEPTED and desk.links.of(desk.state.name).reason:
            break
    return accepted


async def _work_on(desk: Desk, posting: Posting, dispensation: Dispensation) -> Posting:
    if posting.state is PostingState.WAITING:
        return await _send(desk, posting, dispensation)
    return await _look_up(desk, posting)


async def _move(desk: Desk, posting: Posting) -> Posting:
    return await desk.store.write(move_posting, posting, act=desk.act())


async def _send(desk: Desk, posting: Posting, dispensation: Dispensation) -> Posting:
    now = desk.clock.now()
    sending = replace(posting, state=PostingState.SENDING, attempts=posting.attempts + 1, next_try_at=now)
    await _move(desk, sending)
    answer = await desk.state.post(dispensation)
    now = desk.clock.now()
    desk.links.heard(desk.state.name, answer, now)
    match answer:
        case Posted(receipt=receipt):
            moved = replace(sending, state=PostingState.ACCEPTED, receipt=receipt, why="")
        case PostRefused(why=why):
            moved = replace(sending, state=PostingState.PARKED, why=f"{desk.state.name} refused it: {why}")
        case Unanswered(kind=Silence.TIMED_OUT | Silence.UNREADABLE, reason=reason):
            moved = replace(
                sending, state=PostingState.IN_DOUBT, lookups_missed=0, next_try_at=now + RETRY_WAITS[0], why=reason
            )
        case Unanswered(reason=reason):
            moved = replace(
                sending, state=PostingState.WAITING, next_try_at=now + _retry_wait(sending.attempts), why=reason
            )
    return await _move(desk, moved)


async def _look_up(desk: Desk, posting: Posting) -> Posting:
    answer = await desk.state.find_posted(posting.external_number)
    now = desk.clock.now()
    desk.links.heard(desk.state.name, answer, now)
    missed = posting.lookups_missed + 1
    match answer:
        case Posted(receipt=receipt):
            moved = replace(posting, state=PostingState.ACCEPTED, receipt=receipt, why="")
        case NotPosted() if missed >= LOOKUPS_BEFORE_SENDING_AGAIN:
            moved = replace(posting, state=PostingState.WAITING, lookups_missed=0, next_try_at=now)
        case NotPosted():
            moved = replace(posting, state=PostingState.IN_DOUBT, lookups_missed=missed, next_try_at=now + LIST_LAG)
        case Unanswered(reason=reason):
            wait = _retry_wait(posting.attempts)
            moved = replace(posting, state=PostingState.IN_DOUBT, next_try_at=now + wait, why=reason)
    return await _move(desk, moved)


def _retry_wait(attempts: int) -> timedelta:
    return RETRY_WAITS[min(attempts, len(RETRY_WAITS)) - 1] if attempts > 0 else RETRY_WAITS[0]


async def look_for_return(desk: Desk) -> bool:
    """Ask a system that is not up for the cheapest answer. Return whether it just came back."""
    answer = await desk.state.ping()
    return desk.links.heard(desk.state.name, answer, desk.clock.now())
