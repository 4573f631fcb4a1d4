"""Posts in words: how far each is, what the state said, what that means, what a person can do."""

from datetime import datetime

from pcc_desk.desk.amending import AlreadyVoided, NoReasonGiven, PutRight
from pcc_desk.desk.outbox_acts import (
    BeingSent,
    MayBeThere,
    NeverSent,
    NoNumber,
    NoReason,
    NumberTaken,
    Settled,
)
from pcc_desk.desk.records import Happening, HappeningKind
from pcc_desk.domain.dispensing import Posting, PostingState, PostKind, Trouble
from pcc_desk.domain.shop import Shop
from pcc_desk.screens.words import asked_words, day_words

KINDS = {PostKind.SALE: "sale", PostKind.CORRECTION: "correction", PostKind.VOID: "void"}

POSTED_KINDS = frozenset({HappeningKind.DISPENSED, HappeningKind.CORRECTED, HappeningKind.VOIDED})


def now_words(posting: Posting, *, is_first: bool) -> str:
    """Return in at most fifteen letters how far a posting is."""
    match posting.state:
        case PostingState.PARKED:
            return "yours to decide"
        case PostingState.IN_DOUBT | PostingState.SENDING if is_first:
            return "being looked up"
        case _ if not is_first:
            return "after another"
        case _:
            return {Trouble.DENIED: "key refused", Trouble.DISABLED: "switched off"}.get(posting.trouble, "post waits")


def next_words(posting: Posting, now: datetime, shop: Shop, *, is_first: bool, is_out: bool) -> str:
    """Return when a posting is tried next; nothing where that hangs on something else.

    `is_out`: nothing is sent before the state system answers again.
    """
    if posting.state is PostingState.PARKED or not is_first:
        return "–"
    if is_out:
        return "on return"
    if posting.next_try_at <= now:
        return "now"
    return asked_words(posting.next_try_at, shop, shop.day(now))


def meaning(posting: Posting, system: str, *, is_first: bool) -> str:
    """Return what a posting's condition means, and what to do about it."""
    number, told = posting.external_number, KINDS[posting.kind]
    if not is_first:
        return "It waits for the earlier one of this patient, so that the order is kept."
    if posting.state is PostingState.PARKED:
        page = f"Look on {system}'s page for {number}"
        there = f"If it is there, type its number (e); if it is not, say so and send the {told} again (t)."
        return {
            Trouble.REFUSED: f"It is not in {system}'s record. Put right what is wrong and try again (t), "
            "or do it there and type its number (e), or correct (c) or void it (v).",
            Trouble.NOT_OFFERED: f"No program can do this here. Do it on {system}'s page, then type its number (e).",
            Trouble.NO_LOOKUP: f"It may be in the record, and nothing can look. {page}. {there}",
            Trouble.DISAGREE: f"The answers disagree. {page}. {there}",
        }.get(posting.trouble, f"{page}. {there}")
    return {
        Trouble.DENIED: "It waits until the key is put right, and is tried again by itself.",
        Trouble.DISABLED: "It waits until the regulator switches the call on, and is tried again by itself.",
        Trouble.BUSY: f"Nothing was done there. It is tried again by itself, once {system} lets the shop ask again.",
        Trouble.DOWN: "Nothing was done there. It is tried again by itself.",
        Trouble.LOST: "It may have arrived. It is looked up before anything is sent again.",
        Trouble.REFUSED: "It is looked up, and not sent again unless you say so.",
    }.get(posting.trouble, "It goes out by itself." if posting.attempts == 0 else "It is looked up first.")


def state_words(happening: Happening, *, is_by_hand: bool = False) -> str:
    """Return in at most fifteen letters how a line of the timeline stands in the state's record.

    `is_by_hand`: nothing is sent by itself here, so that every post waits for a person.
    """
    if happening.kind not in POSTED_KINDS:
        return ""
    match happening.posting:
        case PostingState.ACCEPTED | None if happening.receipt:
            return f"receipt {happening.receipt}"
        case PostingState.IN_DOUBT | PostingState.SENDING:
            return "being looked up"
        case PostingState.PARKED if not is_by_hand:
            return "decide: press o"
        case PostingState.GIVEN_UP:
            return "nothing sent"
        case _:
            return "post waits"


def looked_up_words(timeline: tuple[Happening, ...], shop: Shop, now: datetime) -> str:
    """Return until when the oldest post in doubt is being looked up; empty when none is."""
    doubtful = [each for each in timeline if each.posting in {PostingState.IN_DOUBT, PostingState.SENDING}]
    if not doubtful:
        return ""
    oldest = doubtful[-1]
    then = shop.local(max(oldest.next_try_at or now, now))
    return f"post of {shop.local(oldest.at):%H:%M} being looked up until {then:%H:%M}"


def since_words(at: datetime, shop: Shop, now: datetime) -> str:
    """Return since when a posting is to be told: the time, or the day when that was another one."""
    local = shop.local(at)
    return f"{local:%H:%M:%S}" if shop.day(at) == shop.day(now) else day_words(local.date())


Decided = (
    Posting
    | PutRight
    | MayBeThere
    | Settled
    | BeingSent
    | NeverSent
    | NoNumber
    | NumberTaken
    | NoReason
    | NoReasonGiven
    | AlreadyVoided
)


def decided_words(outcome: Decided, done: str) -> tuple[str, str]:  # noqa: PLR0911 - a sentence for each
    """Return what became of a decision, and the tone. `done` is what is said when it was taken."""
    match outcome:
        case Posting() | PutRight():
            return done, "good"
        case MayBeThere():
            return "It may be in the state's record. Look there first.", "warning"
        case Settled(posting=posting):
            how = f"receipt {posting.receipt}" if posting.receipt else f"{posting.state}, {posting.why}"
            return f"Nothing was changed: it is settled already ({how}).", "warning"
        case BeingSent():
            return "It is on its way at this moment. Wait for its answer.", "warning"
        case NeverSent():
            return "There is nothing to look up: it was not sent yet.", "warning"
        case NoNumber(why=why):
            return f"Not saved. {why}", "danger"
        case NumberTaken(external_number=number):
            return f"Not saved. {number} is in the state's record under that number.", "danger"
        case NoReason() | NoReasonGiven():
            return "Not saved. Type a reason: it goes on record.", "danger"
        case AlreadyVoided(void=void):
            return f"Nothing was changed: it was voided already ({void.why}).", "warning"
