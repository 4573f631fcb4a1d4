"""Two clocks: the registry's card and the physician's certification, each with its own last day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

STEPS = (7, 30, 45, 90)
"""Days before the end at which a coordinator reminds somebody; 45 and 90 are what Florida and Arizona go by."""


class ClockKind(StrEnum):
    """What ends."""

    CARD = "card"
    CERTIFICATION = "certification"


@dataclass(frozen=True, slots=True)
class Lapse:
    """A last day that comes."""

    kind: ClockKind
    patient_id: UUID
    name: str
    """Family name first."""
    last_day: date
    holder: str = ""
    """The caregiver's name where it is a caregiver's card."""


def soonest_first(lapse: Lapse) -> tuple[date, str, str, str]:
    """Return the place of a last day among others."""
    return lapse.last_day, lapse.kind, lapse.patient_id.hex, lapse.holder


@dataclass(frozen=True, slots=True)
class LapseCount:
    """How many end within so many days, the last of them included; a larger step counts those of a smaller again."""

    kind: ClockKind
    within_days: int
    count: int


def step_of(last_day: date, today: date) -> int | None:
    """Return the smallest step that a last day lies within; None: later than all, or over already."""
    days = (last_day - today).days
    return next((each for each in STEPS if 0 <= days <= each), None)
