"""What somebody has to do at once for a patient by an answer of the intake, and who has seen to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AlarmSeen:
    """Somebody saw what has to be done at once, and said what was done. `by` is a name."""

    at: datetime
    by: str
    words: str
    """What was done; withheld from whoever reads no notes."""
    alarms: tuple[UUID, ...]
    """What they saw, by the id of each."""


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """What somebody has to do at once for a patient, since when. It stands until a note about the patient is signed."""

    patient_id: UUID
    at: datetime
    id: UUID
    """Of the act that raised it."""
    words: str
    """Withheld from whoever reads no notes."""
    seen: AlarmSeen | None = None
    """Who saw to it first; None: nobody said so."""


def with_seen(alarms: Iterable[StandingAlarm], seen: Iterable[AlarmSeen]) -> tuple[StandingAlarm, ...]:
    """Return alarms, the first first, each with who saw to it.

    Whoever acknowledges answers for what stood before them, and for nothing else: neither for what was raised
    afterwards, nor for what stood under a record that was found to be the same person's only then.
    """
    told = sorted(seen, key=lambda each: each.at)
    return tuple(
        replace(alarm, seen=next((each for each in told if alarm.id in each.alarms), None))
        for alarm in sorted(alarms, key=lambda each: each.at)
    )


def unseen(alarms: Iterable[StandingAlarm]) -> tuple[StandingAlarm, ...]:
    """Return those to which nobody has seen."""
    return tuple(each for each in alarms if each.seen is None)
