"""What the ledger in memory knows of the ends of days."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pcc_desk.desk.records import ComparedOnRecord, PacketOnRecord
from pcc_desk.domain.closing import DaySignature, Decided
from pcc_desk.domain.closing_entries import DaySigned, FindingDecided, PacketWritten
from pcc_desk.domain.entries import Act, DayCompared


class FakeClosings:
    """Implements `desk.ports_closing.ClosingLedger` over the acts that were recorded."""

    acts: dict[UUID, tuple[Any, Act]]

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
