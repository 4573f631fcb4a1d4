"""The agency's word that sales may go on in an outage: put on record from its document, and taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.outages import NothingTyped
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act, ExceptionAnnounced, ExceptionWithdrawn
from pcc_desk.domain.outages import AnnouncedException
from pcc_desk.domain.rules import OutagePolicy, Rules
from pcc_desk.domain.typed_exceptions import LONGEST, TypedException


@dataclass(frozen=True, slots=True)
class Announced:
    """It is on record, and expires by itself."""

    exception: AnnouncedException


@dataclass(frozen=True, slots=True)
class NoExceptionsHere:
    """The law of the jurisdiction knows no announced exception; its policy is another."""

    policy: OutagePolicy


@dataclass(frozen=True, slots=True)
class BadTime:
    """It ends before it begins, is over already, or lasts for longer than any exception does. `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class NoDocument:
    """No document was named: an exception rests on one."""


ExceptionRefusal = NoExceptionsHere | BadTime | NoDocument


def announce_exception(
    ledger: Ledger, typed: TypedException, *, rules: Rules, act: Act
) -> Announced | ExceptionRefusal:
    """Put on record that the agency lets sales go on for a time: by a manager, from a document."""
    require(ledger, act, Right.ANNOUNCE_EXCEPTIONS)
    if rules.outage.policy is not OutagePolicy.AGENCY_EXCEPTION_ONLY:
        return NoExceptionsHere(rules.outage.policy)
    why = _bad_time(typed, act.at)
    if why:
        return BadTime(why)
    if not typed.document:
        return NoDocument()
    exception = AnnouncedException(
        act.id, rules.jurisdiction, typed.document, typed.starts, typed.ends, typed.cap_kind, typed.cap, act.at, act.by
    )
    ledger.record(ExceptionAnnounced(exception), act)
    return Announced(exception)


def _bad_time(typed: TypedException, now: datetime) -> str:
    if typed.ends <= typed.starts:
        return "It would end before it begins. Change one of the two."
    if typed.ends <= now:
        return "It is over already. Nothing would rest on it."
    if typed.ends - typed.starts > LONGEST:
        return f"It would last for more than {LONGEST.days} days. Type the days of the announcement."
    return ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Nothing rests on it any more."""

    exception: AnnouncedException


def withdraw_exception(ledger: Ledger, exception_id: UUID, why: str, *, act: Act) -> Withdrawn | NothingTyped:
    """Take an exception back before it ends. Raises `NoSuchRecord` when none of that id is there to be taken back."""
    require(ledger, act, Right.ANNOUNCE_EXCEPTIONS)
    if not why.strip():
        return NothingTyped()
    known = next((each for each in ledger.exceptions(act.at) if each.id == exception_id), None)
    if known is None or known.withdrawn_at is not None:
        raise NoSuchRecord(f"There is no exception {exception_id} to take back.")
    ledger.record(ExceptionWithdrawn(exception_id, why.strip()), act)
    return Withdrawn(known)
