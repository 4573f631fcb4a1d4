"""Posts: what was dispensed, corrected or struck goes into the state's record, once and in order.

Posting is not idempotent anywhere. Our own number is in the record before the first attempt; after an answer that
stayed away the number is looked up, twice with a wait for the registry's lag, and the day's list is read, before
anything is sent again. Where nothing can be looked up, or the answers contradict each other, a person decides. A
correction and a void may be told twice; after an unclear end the receipt is looked at all the same. Nothing of a
patient overtakes what is earlier and not settled.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.outbox_acts import NotParked, parked_of, send_again
from pcc_desk.desk.outbox_work import (
    BATCH,
    Work,
    begin_to_send,
    due_work,
    move_if_unchanged,
    move_posting,
    told_with_the_sale,
    without_a_call,
)
from pcc_desk.desk.seeing import (
    Found,
    Missing,
    Seen,
    SeenOtherwise,
    look_at_receipt,
    look_for_sale,
    look_for_sale_twice,
)
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Posted, Posting, PostingState, PostKind, PostRefused, Trouble, Voided

__all__ = [
    "BATCH",
    "LIST_LAG",
    "LOOKUPS_BEFORE_SENDING_AGAIN",
    "RETRY_WAITS",
    "NotParked",
    "look_for_return",
    "move_posting",
    "parked_of",
    "post_due",
    "send_again",
]

SPREAD_PERCENT = 25
"""By up to how much more than the state asked for a posting waits."""

LIST_LAG = timedelta(seconds=65)
"""METRC's lists may lag by a minute (state-systems reference, section 2.6); and a little more."""

LOOKUPS_BEFORE_SENDING_AGAIN = 2

RETRY_WAITS = tuple(timedelta(seconds=each) for each in (5, 15, 30, 60, 120, 300))
"""How long to wait after the first, second … failure of a system that is down."""

TROUBLES = {
    Silence.DENIED: Trouble.DENIED,
    Silence.WITHHELD: Trouble.DENIED,
    Silence.DISABLED: Trouble.DISABLED,
    Silence.BUSY: Trouble.BUSY,
    Silence.TIMED_OUT: Trouble.LOST,
    Silence.UNREADABLE: Trouble.LOST,
}
"""What a silence means for a posting; any other one: the system is down."""


async def post_due(desk: Desk, *, is_back: bool = False) -> int:
    """Work on every posting whose turn it is, oldest first. Return how many reached the state's record.

    Stops at the first that finds the system out of reach: the others would find the same. What is settled lets the
    patient's next one go at once.
    """
    accepted = 0
    has_settled = True
    while has_settled:
        has_settled = False
        for work in await desk.store.read(due_work, desk.clock.now(), is_back=is_back):
            moved = await _work_on(desk, work)
            accepted += moved.state is PostingState.ACCEPTED
            has_settled = has_settled or moved.state.is_settled
            if not moved.state.is_settled and (desk.links.of(desk.state.name).reason or moved.trouble is Trouble.BUSY):
                return accepted
        is_back = False
    return accepted


async def _work_on(desk: Desk, work: Work) -> Posting:
    needless = without_a_call(work, desk.state.name)
    if needless is not None:
        return await _move(desk, work.posting, needless)
    if work.posting.state in {PostingState.WAITING, PostingState.PARKED}:
        return await _send(desk, work)
    return await _look(desk, work)


async def _move(desk: Desk, before: Posting, after: Posting) -> Posting:
    return await desk.store.write(move_if_unchanged, before, after, act=desk.act_by_itself())


def _hear(desk: Desk, answer: object) -> None:
    """Let the links know of an answer. That one call is not offered says nothing of the system."""
    if not (isinstance(answer, Unanswered) and answer.kind is Silence.ABSENT):
        desk.links.heard(desk.state.name, answer, desk.clock.now())


async def _tell(desk: Desk, work: Work) -> Posted | Voided | PostRefused | Unanswered:
    match work.posting.kind:
        case PostKind.SALE:
            return await desk.state.post(work.dispensation)
        case PostKind.CORRECTION:
            return await desk.state.correct(work.receipt, work.dispensation)
        case PostKind.VOID:
            return await desk.state.void(work.receipt, work.why)


async def _send(desk: Desk, work: Work) -> Posting:
    posting, now = work.posting, desk.clock.now()
    sending = replace(
        posting,
        state=PostingState.SENDING,
        attempts=posting.attempts + 1,
        next_try_at=now,
        lookups_missed=0,
        trouble=Trouble.NONE,
    )
    moved = await desk.store.write(begin_to_send, posting, sending, act=desk.act_by_itself())
    if moved is not None:
        return moved
    answer = await _tell(desk, work)
    _hear(desk, answer)
    now = desk.clock.now()
    match answer:
        case Posted(receipt=receipt) | Voided(receipt=receipt):
            moved = _accepted(sending, receipt)
        case PostRefused(why=why) if sending.attempts > 1:  # perhaps because it is there, from an earlier attempt
            words = f"{desk.state.name} refused it: {why}"
            moved = _in_doubt(sending, Trouble.REFUSED, words, now + _retry_wait(sending.attempts))
        case PostRefused(why=why):
            moved = _parked(sending, Trouble.REFUSED, f"{desk.state.name} refused it: {why}", now)
        case Unanswered(kind=Silence.TIMED_OUT | Silence.UNREADABLE, reason=reason):
            moved = _in_doubt(sending, Trouble.LOST, reason, now + _retry_wait(sending.attempts, sending.id, answer))
        case Unanswered(reason=reason, is_for_a_person=True):
            moved = _parked(sending, Trouble.NOT_OFFERED, reason, now)
        case Unanswered(kind=kind, reason=reason):
            trouble, then = TROUBLES.get(kind, Trouble.DOWN), now + _retry_wait(sending.attempts, sending.id, answer)
            moved = replace(sending, state=PostingState.WAITING, trouble=trouble, next_try_at=then, why=reason)
    moved = await _move(desk, sending, moved)
    if moved.state is PostingState.ACCEPTED and posting.kind is PostKind.SALE:
        await _settle_corrections(desk, work, moved.receipt)
    return moved


async def _settle_corrections(desk: Desk, work: Work, receipt: str) -> None:
    """Note the corrections that the state took together with the sale itself."""
    for each in await desk.store.read(told_with_the_sale, work):
        await _move(desk, each, replace(_accepted(each, receipt), why="posted with the sale"))


async def _see(desk: Desk, work: Work) -> Seen | Unanswered:
    """Look whether the state has it already."""
    if work.posting.kind is not PostKind.SALE:
        return await look_at_receipt(desk, work)
    if work.posting.lookups_missed + 1 < LOOKUPS_BEFORE_SENDING_AGAIN:
        return await look_for_sale(desk, work)
    return await look_for_sale_twice(desk, work)


async def _look(desk: Desk, work: Work) -> Posting:
    posting = work.posting
    seen = await _see(desk, work)
    _hear(desk, seen)
    now, missed = desk.clock.now(), posting.lookups_missed + 1
    match seen:
        case Found(receipt=receipt):
            moved = _accepted(posting, receipt)
        case SeenOtherwise(why=why):
            moved = _parked(posting, Trouble.DISAGREE, why, now)
        case Missing(is_sure=is_sure) if is_sure or missed >= LOOKUPS_BEFORE_SENDING_AGAIN:
            if posting.trouble is Trouble.REFUSED:
                moved = _parked(posting, Trouble.REFUSED, posting.why, now)
            else:
                again = replace(posting, state=PostingState.WAITING, lookups_missed=0, next_try_at=now)
                moved = replace(again, trouble=Trouble.NONE)
        case Missing():
            moved = replace(_in_doubt(posting, posting.trouble, posting.why, now + LIST_LAG), lookups_missed=missed)
        case Unanswered(reason=reason, is_for_a_person=True):
            known = f"; {posting.why}" if posting.why else ""
            moved = _parked(posting, Trouble.NO_LOOKUP, f"{reason}{known}", now)
        case Unanswered(kind=kind, reason=reason):
            trouble = posting.trouble if posting.trouble is Trouble.REFUSED else TROUBLES.get(kind, Trouble.DOWN)
            why = posting.why if posting.trouble is Trouble.REFUSED else reason
            moved = _in_doubt(posting, trouble, why, now + _retry_wait(posting.attempts, posting.id, seen))
    return await _move(desk, posting, moved)


def _accepted(posting: Posting, receipt: str) -> Posting:
    return replace(posting, state=PostingState.ACCEPTED, receipt=receipt, trouble=Trouble.NONE, why="")


def _parked(posting: Posting, trouble: Trouble, why: str, now: datetime) -> Posting:
    """Let a posting wait for a person. When it was parked stands where its next try stood."""
    return replace(posting, state=PostingState.PARKED, trouble=trouble, why=why, lookups_missed=0, next_try_at=now)


def _in_doubt(posting: Posting, trouble: Trouble, why: str, then: datetime) -> Posting:
    return replace(posting, state=PostingState.IN_DOUBT, trouble=trouble, why=why, next_try_at=then)


def _retry_wait(attempts: int, of: UUID | None = None, silence: Unanswered | None = None) -> timedelta:
    """Return how long to wait: never less than the state asked for, and spread so that not all come at once."""
    wait = RETRY_WAITS[min(attempts, len(RETRY_WAITS)) - 1] if attempts > 0 else RETRY_WAITS[0]
    if of is None or silence is None or not silence.again_in_s:
        return wait
    asked_for = timedelta(seconds=silence.again_in_s)
    return max(wait, asked_for + asked_for * (of.int % SPREAD_PERCENT) / 100)


async def look_for_return(desk: Desk) -> bool:
    """Ask a system that is not up for the cheapest answer. Return whether it just came back."""
    answer = await desk.state.ping()
    return desk.links.heard(desk.state.name, answer, desk.clock.now())
