"""What the ledger in memory knows of the ends of days."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pcc_desk.desk.records import ComparedOnRecord, Draft, PacketOnRecord
from pcc_desk.domain.closing import Decided
from pcc_desk.domain.closing_entries import DaySigned, FindingDecided, PacketWritten
from pcc_desk.domain.entries import Act, DayCompared
from pcc_desk.domain.signatures import DaySignature
from pcc_desk.domain.visits import Visit


class FakeClosings:
    """Implements `desk.ports_closing.ClosingLedger` over the acts that were recorded."""

    acts: dict[UUID, tuple[Any, Act]]
    drafts: dict[tuple[UUID, UUID], Draft]
    visits: dict[UUID, Visit]
    dispensed: dict[UUID, Any]

    def comparisons_of(self, day: date) -> tuple[ComparedOnRecord, ...]:
        """Return every comparison of a day, oldest first."""
        found = [
            ComparedOnRecord(key, entry)
            for key, (entry, _) in self.acts.items()
            if isinstance(entry, DayCompared) and entry.comparison.day == day
        ]
        return tuple(sorted(found, key=lambda each: (each.entry.comparison.compared_at, each.id.hex)))

    def compared_days(self, since: date) -> tuple[date, ...]:
        """Return the days that were ever compared, the last first, from one on."""
        days = {entry.comparison.day for entry, _ in self.acts.values() if isinstance(entry, DayCompared)}
        return tuple(sorted((day for day in days if day >= since), reverse=True))

    def decisions(self, day: date) -> tuple[Decided, ...]:
        """Return what was decided about the differences of a day, oldest first."""
        found = [each.decided for each in self._by_time(FindingDecided)]
        return tuple(each for each in found if each.day == day)

    def day_signatures(self, day: date) -> tuple[DaySignature, ...]:
        """Return the signatures under a day, oldest first."""
        found = [each.signature for each in self._by_time(DaySigned)]
        return tuple(each for each in found if each.day == day)

    def notes_unsigned(self, day: date) -> int:
        """Return how many notes of visits of a day are left unsigned."""
        return sum(self.visits[visit].day == day for visit, _ in self.drafts if visit in self.visits)

    def dispensation_numbered(self, external_number: str) -> UUID | None:
        """Return which dispensation bears our own number; None: none does."""
        found = (key for key, each in self.dispensed.items() if each.dispensation.external_number == external_number)
        return next(found, None)

    def packets_of(self, day: date) -> tuple[PacketOnRecord, ...]:
        """Return the packets of a day that were written, oldest first."""
        found = [
            (act.at, key, entry)
            for key, (entry, act) in self.acts.items()
            if isinstance(entry, PacketWritten) and entry.day == day
        ]
        return tuple(
            PacketOnRecord(day, at, each.file, each.sha256, each.digest)
            for at, _, each in sorted(found, key=lambda one: (one[0], one[1].hex))
        )

    def _by_time(self, kind: type[Any]) -> list[Any]:
        found: list[tuple[datetime, str, Any]] = [
            (act.at, key.hex, entry) for key, (entry, act) in self.acts.items() if isinstance(entry, kind)
        ]
        return [entry for _, _, entry in sorted(found, key=lambda one: one[:2])]
