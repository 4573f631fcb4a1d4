"""What a person decides about a posting: to try again, to look, to type the state's number, to give up."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from pcc_desk.desk.outbox_work import move_posting, posting_of
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import OutboxRow
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.dispensing import Posting, PostingState, Trouble
from pcc_desk.domain.entries import Act

SENDS_FOR_AT_MOST = timedelta(minutes=2)
"""One that is on its way for longer was left there by a desk that was shut in the middle."""

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class NotParked:
    """The posting does not wait for a person."""

    posting: Posting


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is left to decide: it is in the state's record, or was given up."""

    posting: Posting


@dataclass(frozen=True, slots=True)
class BeingSent:
    """It is on its way at this moment; what comes of it is known in a few seconds."""

    posting: Posting


@dataclass(frozen=True, slots=True)
class NeverSent:
    """There is nothing to look up: it was not sent yet."""

    posting: Posting


@dataclass(frozen=True, slots=True)
class MayBeThere:
    """It may be in the state's record, and nobody said that they looked."""

    posting: Posting


@dataclass(frozen=True, slots=True)
class NoNumber:
    """That is no number of a state's record. `why` is a sentence that says what to type."""

    why: str


@dataclass(frozen=True, slots=True)
class NumberTaken:
    """Another dispensation is in the state's record under that number."""

    external_number: str


@dataclass(frozen=True, slots=True)
class NoReason:
    """A reason is missing."""


Undecided = Settled | BeingSent


def outbox(ledger: Ledger, *, act: Act) -> tuple[OutboxRow, ...]:
    """Return every posting that is not settled, oldest first, with what it tells of whom."""
    require(ledger, act, Right.SEE_POSTS)
    seen = sight_of(ledger, act)
    return tuple(replace(row, patient=seen(row.patient) if row.patient else None) for row in ledger.outbox())


def parked_of(ledger: Ledger, patient_id: UUID, *, act: Act) -> Posting | None:
    """Return the oldest posting of a patient that waits for a person."""
    require(ledger, act, Right.SEE_POSTS, patient_id)
    parked = (each for each in ledger.unposted() if each.state is PostingState.PARKED)
    kept = ledger.kept_as(patient_id)
    return next((each for each in parked if ledger.kept_as(each.patient_id) == kept), None)


def send_again(ledger: Ledger, of: UUID, *, act: Act) -> Posting | NotParked:
    """Let a parked posting be tried again, by look-up first: somebody may have entered it meanwhile.

    Raises `NoSuchRecord` when nothing of that id was dispensed or put right.
    """
    posting = posting_of(ledger, of)
    require(ledger, act, Right.DECIDE_POSTS, posting.patient_id)
    if posting.state is not PostingState.PARKED:
        return NotParked(posting)
    again = replace(posting, state=PostingState.IN_DOUBT, next_try_at=act.at, lookups_missed=0, trouble=Trouble.NONE)
    return move_posting(ledger, again, act=act)


def try_now(ledger: Ledger, of: UUID, *, act: Act, is_not_there: bool = False) -> Posting | MayBeThere | Undecided:
    """Let a posting be tried at once instead of at its next try, or instead of waiting for a person.

    One that may have arrived is sent again only when somebody looked and says that it is not there. Raises
    `NoSuchRecord`.
    """
    posting = posting_of(ledger, of)
    require(ledger, act, Right.DECIDE_POSTS, posting.patient_id)
    refusal = _refusal(posting, act)
    if refusal is not None:
        return refusal
    is_doubtful = posting.state is PostingState.PARKED and posting.may_have_arrived
    if is_doubtful and not is_not_there:
        return MayBeThere(posting)
    state = posting.state if posting.state is PostingState.IN_DOUBT and not is_not_there else PostingState.WAITING
    again = replace(posting, state=state, next_try_at=act.at, lookups_missed=0, trouble=Trouble.NONE)
    return move_posting(ledger, again, act=act)


def look_up_now(ledger: Ledger, of: UUID, *, act: Act) -> Posting | NeverSent | Undecided:
    """Let the state be asked at once whether it has a posting. Raises `NoSuchRecord`.

    One that it refused is not sent again for that, found or not.
    """
    posting = posting_of(ledger, of)
    require(ledger, act, Right.DECIDE_POSTS, posting.patient_id)
    refusal = _refusal(posting, act)
    if refusal is not None:
        return refusal
    if posting.attempts == 0:
        return NeverSent(posting)
    trouble = posting.trouble if posting.trouble is Trouble.REFUSED else Trouble.LOST
    looking = replace(posting, state=PostingState.IN_DOUBT, next_try_at=act.at, trouble=trouble)
    return move_posting(ledger, looking, act=act)


def enter_by_hand(ledger: Ledger, of: UUID, typed: str, *, act: Act) -> Posting | NoNumber | NumberTaken | Undecided:
    """Put on record under which number a person found or entered it in the state's record. Raises `NoSuchRecord`."""
    posting = posting_of(ledger, of)
    require(ledger, act, Right.DECIDE_POSTS, posting.patient_id)
    refusal = _refusal(posting, act)
    if refusal is not None:
        return refusal
    number = " ".join(typed.split())
    if not number or not number.isprintable() or len(number) > LONGEST_NUMBER:
        return NoNumber("Type the number that the state's page shows for it.")
    if number == posting.external_number:
        return NoNumber(f"{number} is our own number. Type the one that the state's page shows for it.")
    others = [each for each in ledger.postings_under(number) if each.dispensation_id != posting.dispensation_id]
    if others:
        return NumberTaken(others[0].external_number)
    entered = replace(
        posting,
        state=PostingState.ACCEPTED,
        receipt=number,
        trouble=Trouble.NONE,
        why="entered by hand",
        entered_by=act.by,
    )
    return move_posting(ledger, entered, act=act)


def give_up(ledger: Ledger, of: UUID, why: str, *, act: Act) -> Posting | NoReason | Undecided:
    """Settle a posting without the state: nothing of it is sent any more. Raises `NoSuchRecord`."""
    posting = posting_of(ledger, of)
    require(ledger, act, Right.GIVE_UP_POSTS, posting.patient_id)
    refusal = _refusal(posting, act)
    if refusal is not None:
        return refusal
    reason = " ".join(why.split())
    if not reason:
        return NoReason()
    given_up = replace(posting, state=PostingState.GIVEN_UP, why=reason, entered_by=act.by)
    return move_posting(ledger, given_up, act=act)


def _refusal(posting: Posting, act: Act) -> Undecided | None:
    if posting.state.is_settled:
        return Settled(posting)
    is_under_way = posting.state is PostingState.SENDING and act.at - posting.next_try_at < SENDS_FOR_AT_MOST
    return BeingSent(posting) if is_under_way else None
