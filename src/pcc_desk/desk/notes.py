"""The consultation note: written in a visit, signed on a verification."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pcc_desk.desk.believing import newest
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act, DraftKept, NoteSigned
from pcc_desk.domain.rules import OutageRule
from pcc_desk.domain.verification import NotVerified, card_asked_for, proof

NOTE_LIMIT = 20_000
"""Characters in one note."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The note is in the record."""

    note_id: UUID


@dataclass(frozen=True, slots=True)
class NothingWritten:
    """There are no words to sign."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """The note has too many characters."""

    characters: int
    at_most: int


def sign_note(
    ledger: Ledger,
    visit_id: UUID,
    text: str,
    *,
    outage: OutageRule,
    fresh_for: timedelta,
    act: Act,
    is_out: bool,
) -> Signed | NothingWritten | TooLong | NotVerified:
    """Sign a consultation note for a visit. The note gets the act's id; a draft of it is no longer needed.

    Raises `NoSuchRecord` for an unknown visit.
    """
    visit = ledger.visit(visit_id)
    require(ledger, act, Right.SIGN_NOTES, visit.patient_id if visit else None)
    if visit is None:
        raise NoSuchRecord(f"There is no visit {visit_id}.")
    words = text.strip()
    if not words:
        return NothingWritten()
    if len(words) > NOTE_LIMIT:
        return TooLong(len(words), NOTE_LIMIT)
    verification, lie = newest(ledger, visit.patient_id, act.at, fresh_for)
    worth = lie or proof(verification, act.at, fresh_for, outage, is_out=is_out)
    if isinstance(worth, NotVerified):
        return worth
    asked_for = card_asked_for(worth.verification, ledger.cards(visit.patient_id))
    if isinstance(asked_for, NotVerified):
        return asked_for
    ledger.record(NoteSigned(act.id, visit.patient_id, visit.id, worth.verification.id, words), act)
    return Signed(act.id)


def keep_draft(ledger: Ledger, visit_id: UUID, text: str, *, act: Act) -> None:
    """Keep unsigned words for the person who wrote them; empty text says that they are no longer needed.

    Raises `NoSuchRecord` for an unknown visit.
    """
    visit = ledger.visit(visit_id)
    require(ledger, act, Right.SIGN_NOTES, visit.patient_id if visit else None)
    if visit is None:
        raise NoSuchRecord(f"There is no visit {visit_id}.")
    kept = ledger.draft(visit_id, act.by)
    if text != (kept.text if kept else ""):
        ledger.record(DraftKept(visit.id, visit.patient_id, act.by, text), act)


def draft_of(ledger: Ledger, visit_id: UUID, *, act: Act) -> str:
    """Return the words that whoever asks left unsigned for a visit; empty when there are none."""
    require(ledger, act, Right.SIGN_NOTES)
    kept = ledger.draft(visit_id, act.by)
    return kept.text if kept else ""
