"""What appointments and the morning check need of the record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from pcc_desk.domain.lapses import Lapse, LapseCount
from pcc_desk.domain.visits import QueueRow, Visit


@dataclass(frozen=True, slots=True)
class MorningCheck:
    """That somebody did the check of a day. The instant is UTC."""

    day: date
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class MissedMorning:
    """A morning on which nobody did the check, and what somebody said why. The instant is UTC."""

    day: date
    why: str
    at: datetime
    """When it was said."""
    by_name: str


class VisitLedger(Protocol):
    """What the ledger knows of appointments, of what lapses, and of the morning check."""

    def visits_between(self, first: date, last: date) -> tuple[QueueRow, ...]:
        """Return the visits of the days from `first` to `last` that have a time, by that time."""
        ...

    def visit_from(self, origin: str) -> Visit | None:
        """Return the visit that came from an event of a calendar, or from a guest of a point of sale."""
        ...

    def last_morning_check(self, day: date) -> MorningCheck | None:
        """Return the newest check of the morning of a day, or else of the last day before it that had one."""
        ...

    def missed_mornings(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days from `first` to `last` whose check was never done, the last first.

        Those on which somebody came, or something was handed over, and of which nobody said why.
        """
        ...

    def explained_mornings(self, first: date, last: date) -> tuple[MissedMorning, ...]:
        """Return what was said of the days from `first` to `last` whose check was never done, the last day first."""
        ...

    def unsigned_notes(self, patient_id: UUID) -> tuple[date, ...]:
        """Return the days of a patient's visits of which somebody began a note and did not sign it, the first first."""
        ...

    def lapses(self, first: date, last: date, limit: int) -> tuple[Lapse, ...]:
        """Return whose card or certification ends on the days from `first` to `last`, the soonest first.

        Of each clock at most `limit`. A card that was renewed is none; a certification of which nobody knows is none.
        """
        ...

    def count_lapses(self, day: date) -> tuple[LapseCount, ...]:
        """Return how many cards, and how many certifications, end within each of `lapses.STEPS` days of a day."""
        ...

    def stock_read_at(self) -> datetime | None:
        """Return when the oldest package in stock was last read; None: there is none."""
        ...
