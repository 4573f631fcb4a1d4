"""Closing a day: both sides are read once more, somebody signs, and the second signature writes the evidence."""

from dataclasses import dataclass
from datetime import date

from pcc_desk.desk.backups import back_up
from pcc_desk.desk.closing import CannotSign, DayOnRecord, day_on_record, sign_day
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.evidence import write_evidence
from pcc_desk.desk.reconcile import compare_day
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.backups import CopyNotMade
from pcc_desk.domain.entries import Act
from pcc_desk.domain.signatures import DaySignature, DayState


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody signed. With the second signature the day is closed."""

    signature: DaySignature
    is_closed: bool
    packet: str | Unanswered | None
    """The name of the packet's file, or why none was written; None: the day is not closed yet."""
    head: str
    """The journal's end as 20 characters for paper; empty where nothing keeps it."""
    copy: str
    """What became of the copy of the record that a closed day ends with, as a clause; empty: none was due."""


async def read_day(desk: Desk, day: date) -> DayOnRecord:
    """Compare a day and return all that is known of it then. Raises `NotPermitted`."""
    await compare_day(desk, day)
    return await desk.store.read(day_on_record, day, act=desk.act())


async def sign_and_close(desk: Desk, day: date, seen: str, act: Act) -> Signed | CannotSign:
    """Sign for a day as it was seen, by an act that carries its proof.

    With the second signature the day's packet is written, the journal's end is kept, and the record is copied.

    Raises `NotPermitted`, and `NotSaved` when the signature is not on record.
    """
    outcome = await desk.store.write(sign_day, day, seen, act=act)
    if not isinstance(outcome, DaySignature):
        return outcome
    known = await desk.store.read(day_on_record, day, act=desk.act())
    is_closed = known.state is DayState.CLOSED
    head = desk.keeper.paper_head() if desk.keeper is not None else ""
    packet = await write_evidence(desk, known, head) if is_closed else None
    if is_closed and desk.keeper is not None:
        desk.keeper.keep_anchor()
    return Signed(outcome, is_closed, packet, head, await _copied(desk) if is_closed else "")


def has_packet(known: DayOnRecord) -> bool:
    """Whether the evidence of what was signed for last was written: a power cut may have come between."""
    return any(each.digest == known.digest for each in known.packets)


async def write_packet(desk: Desk, day: date) -> str | Unanswered:
    """Write the packet of a day that is closed and has none. Raises `NotPermitted`."""
    known = await desk.store.read(day_on_record, day, act=desk.act())
    if known.state is not DayState.CLOSED:
        return Unanswered(Silence.ABSENT, "the day is not closed any more")
    head = desk.keeper.paper_head() if desk.keeper is not None else ""
    return await write_evidence(desk, known, head)


async def _copied(desk: Desk) -> str:
    """Copy the record, as every closed day ends with. The day is closed whatever becomes of it."""
    if desk.copies is None:
        return ""
    try:
        copied = await back_up(desk, desk.act_by_itself)
    except DeskError as error:
        return f"no copy was made: {error}"
    if isinstance(copied, CopyNotMade):
        return f"no copy was made: {copied.why}"
    return copied.trouble or "the record was copied, and the copy proved"
