"""What has to be done at once for a patient: who saw to it, and what they did."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, may, only_for, require
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people_entries import AlarmAcknowledged
from pcc_desk.domain.standing_alarms import StandingAlarm, unseen
from pcc_desk.domain.withheld import Withheld

LONGEST = 200
"""Characters: one line."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """It is on record that somebody saw to it."""

    alarms: tuple[StandingAlarm, ...]
    """What still stands, for a note to be signed."""


@dataclass(frozen=True, slots=True)
class NotSaid:
    """Nobody said in one line what was done, and that is to be on record."""

    why: str


@dataclass(frozen=True, slots=True)
class NothingToSeeTo:
    """A note was signed meanwhile, or a colleague acknowledged it."""


def alarms_of(ledger: Ledger, patient_id: UUID, *, act: Act) -> tuple[StandingAlarm, ...]:
    """Return what has to be done at once for a patient and who saw to it; in words for who reads clinical notes."""
    require(ledger, act, Right.OPEN_CHART, patient_id)
    alarms = ledger.standing_alarms(patient_id)
    return alarms if may(ledger, act.by, Right.READ_NOTES) else tuple(map(_without_words, alarms))


def _without_words(alarm: StandingAlarm) -> StandingAlarm:
    withheld: Withheld = only_for(Right.READ_NOTES)
    seen = replace(alarm.seen, words=withheld) if alarm.seen is not None else None
    return replace(alarm, words=withheld, seen=seen)


def acknowledge(
    ledger: Ledger, patient_id: UUID, shown: Collection[UUID], words: str, *, act: Act
) -> Acknowledged | NotSaid | NothingToSeeTo:
    """Put on record that somebody saw what has to be done at once, and what was done, in one line.

    It takes away no more than the question whether anybody has acted: what was answered stays in the chart, now with
    who saw to it, until a note about the patient is signed, because a line is no record of the conversation. What is
    not among `shown`, the alarms that they saw, goes on calling for help: one that was raised meanwhile, by the same
    answer too, and one of a record that is merged later; and so does what was acknowledged under a record that turns
    out to be another person's.
    """
    require(ledger, act, Right.ACT_AT_ONCE, patient_id)
    text = " ".join(words.split())
    if not text:
        return NotSaid("Say in one line what was done: who was called, who stays with the patient.")
    if len(text) > LONGEST:
        return NotSaid(f"That is longer than {LONGEST} characters. One line is enough; the note says the rest.")
    waiting = tuple(each.id for each in unseen(ledger.standing_alarms(patient_id)) if each.id in shown)
    if not waiting:
        return NothingToSeeTo()
    ledger.record(AlarmAcknowledged(patient_id, waiting, text), act)
    return Acknowledged(ledger.standing_alarms(patient_id))
