"""What there is to do for the post: whose turn it is, what is to be told, and what needs no call any more."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.amendments import Amendment, as_it_stands, first_in_line
from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState, PostKind, Trouble
from pcc_desk.domain.entries import Act, PostingMoved

BATCH = 20

WAITS_FOR_THE_SYSTEM = frozenset({Trouble.NONE, Trouble.DOWN, Trouble.LOST})
"""What a system's return ends. A key that was refused, or a call switched off, is no matter of being back."""


@dataclass(frozen=True, slots=True)
class Work:
    """A posting whose turn it is, with all that is known of it."""

    posting: Posting
    dispensation: Dispensation
    """What is to be told: of a sale all that was really handed over, of a correction what it says."""
    amendments: tuple[Amendment, ...]
    sale: Posting
    """Of the dispensation itself; the same as `posting` for a sale."""
    receipt: str
    """The state's number for it now, which a correction may have changed; empty when it has none."""

    @property
    def why(self) -> str:
        """The reason of the amendment it tells; empty for a sale."""
        return next((each.why for each in self.amendments if each.id == self.posting.amendment_id), "")

    @property
    def later(self) -> tuple[Amendment, ...]:
        """The amendments that came after what it tells; of a sale all of them."""
        ids = [each.id for each in self.amendments]
        told = self.posting.amendment_id
        return self.amendments[ids.index(told) + 1 :] if told in ids else self.amendments


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
            amendment_id=posting.amendment_id,
            trouble=posting.trouble,
            entered_by=posting.entered_by,
        ),
        act,
    )
    return posting


def move_if_unchanged(ledger: Ledger, before: Posting, after: Posting, *, act: Act) -> Posting:
    """Put a new condition on record unless a person decided meanwhile. That the state has it is put there anyway.

    Return the condition that stands.
    """
    require(ledger, act, Right.POST)
    now = posting_of(ledger, before.id)
    has_it = after.state is PostingState.ACCEPTED and now.state is not PostingState.ACCEPTED
    return move_posting(ledger, after, act=act) if now == before or has_it else now


def begin_to_send(ledger: Ledger, before: Posting, sending: Posting, *, act: Act) -> Posting | None:
    """Put on record that a posting is on its way; return what stands instead where it was moved meanwhile.

    Only whoever put it on its way sends it: another who finds it there would tell the state twice.
    """
    require(ledger, act, Right.POST)
    now = posting_of(ledger, before.id)
    if now != before:
        return now
    move_posting(ledger, sending, act=act)
    return None


def posting_of(ledger: Ledger, of: UUID) -> Posting:
    """Return the posting of a dispensation or an amendment. Raises `NoSuchRecord`."""
    posting = ledger.posting(of)
    if posting is None:
        raise NoSuchRecord(f"Nothing was dispensed or put right under {of}.")
    return posting


def work_of(ledger: Ledger, posting: Posting) -> Work:
    """Return what there is to do for a posting. Raises `NoSuchRecord` when its dispensation is not there."""
    given = ledger.dispensation(posting.dispensation_id)
    if given is None:
        raise NoSuchRecord(f"Nothing was dispensed under {posting.dispensation_id}.")
    amendments = ledger.amendments(given.id)
    ids = [each.id for each in amendments]
    told = amendments if posting.amendment_id is None else amendments[: ids.index(posting.amendment_id) + 1]
    sale = posting_of(ledger, given.id)
    receipts = [sale.receipt, *(posting_of(ledger, each.id).receipt for each in amendments)]
    receipt = next((each for each in reversed(receipts) if each), "")
    return Work(posting, as_it_stands(given, told), amendments, sale, receipt)


def due_work(ledger: Ledger, at: datetime, *, is_back: bool = False) -> tuple[Work, ...]:
    """Return what to work on, oldest first, of each patient at most one.

    When the system just came back, nobody waits for the next try. What waits for a person goes on when something
    later decided it.
    """
    due = {each.id: each for each in ledger.due_postings(at, BATCH)}
    for each in first_in_line(ledger.unposted(), ledger.kept_as):
        if each.state is PostingState.PARKED:
            work = work_of(ledger, each)
            if without_a_call(work, "") is not None or is_corrected_since(work):
                due[each.id] = each
        elif is_back and each.trouble in WAITS_FOR_THE_SYSTEM and each.lookups_missed == 0:
            due[each.id] = each
    return tuple(work_of(ledger, each) for each in due.values())


def without_a_call(work: Work, system: str) -> Posting | None:
    """Return how a posting is settled that the state need not hear of; None when it must."""
    posting = work.posting
    if posting.state not in {PostingState.WAITING, PostingState.PARKED}:
        return None
    why = ""
    if posting.kind is PostKind.SALE:
        if not posting.may_have_arrived and any(each.kind is PostKind.VOID for each in work.later):
            why = f"struck before {system} knew of it"
    elif work.sale.state is PostingState.GIVEN_UP:
        why = f"the dispensation is not in {system}'s record"
    elif posting.kind is PostKind.CORRECTION and work.later:
        why = "a later one took its place"
    return replace(posting, state=PostingState.GIVEN_UP, why=why, trouble=Trouble.NONE) if why else None


def is_corrected_since(work: Work) -> bool:
    """Whether a sale that the state would not take was corrected after that, so that it may be told anew."""
    posting = work.posting
    is_told_anew = posting.kind is PostKind.SALE and not posting.may_have_arrived
    return is_told_anew and any(each.at > posting.next_try_at for each in work.later)


def told_with_the_sale(ledger: Ledger, work: Work) -> tuple[Posting, ...]:
    """Return the postings of corrections that the state took together with the sale, since it was sent as corrected."""
    told = (posting_of(ledger, each.id) for each in work.amendments if each.kind is PostKind.CORRECTION)
    return tuple(each for each in told if each.state is PostingState.WAITING)
