"""The part of the ledger that knows appointments, what lapses, and the morning check."""

from datetime import date, datetime
from uuid import UUID

from pcc_desk.desk.ports_visits import MissedMorning, MorningCheck
from pcc_desk.domain.lapses import Lapse, LapseCount
from pcc_desk.domain.visits import QueueRow, Visit
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries import merged, mornings, visits


class SqlVisits:
    """Implements `desk.ports_visits.VisitLedger`."""

    _connection: Connection

    def visits_between(self, first: date, last: date) -> tuple[QueueRow, ...]:
        """Return the visits of some days that have a time, by that time."""
        return merged.under_kept(self._connection, visits.between(self._connection, first, last))

    def visit_from(self, origin: str) -> Visit | None:
        """Return the visit that came from an event of a calendar, or from a guest of a point of sale."""
        return visits.from_origin(self._connection, origin)

    def last_morning_check(self, day: date) -> MorningCheck | None:
        """Return the newest check of a day, or of the last day before it that had one."""
        return mornings.last_check(self._connection, day)

    def missed_mornings(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days on which the shop was at work, nobody did the check, and nobody said why."""
        return mornings.missed(self._connection, first, last)

    def explained_mornings(self, first: date, last: date) -> tuple[MissedMorning, ...]:
        """Return what was said of some days whose check was never done, the last day first."""
        return mornings.explained(self._connection, first, last)

    def unsigned_notes(self, patient_id: UUID) -> tuple[date, ...]:
        """Return the days of a patient's visits with a note that was begun and not signed."""
        found, _ = merged.gathered(self._connection, patient_id, mornings.unsigned_notes)
        return tuple(sorted(set(found)))

    def lapses(self, first: date, last: date, limit: int) -> tuple[Lapse, ...]:
        """Return whose card or certification ends on some days, the soonest first."""
        return merged.lapses(self._connection, first, last, limit)

    def count_lapses(self, day: date) -> tuple[LapseCount, ...]:
        """Return how many cards and certifications end within each step."""
        return mornings.count_lapses(self._connection, day)

    def stock_read_at(self) -> datetime | None:
        """Return when the oldest package in stock was last read."""
        return mornings.stock_read_at(self._connection)
