"""What the ledger knows of the ends of days."""

from datetime import date
from uuid import UUID

from pcc_desk.desk.records import ComparedOnRecord, PacketOnRecord
from pcc_desk.domain.closing import Decided
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.signatures import DaySignature
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries import closings


class ClosingRecords:
    """Implements `desk.ports_closing.ClosingLedger`."""

    _connection: Connection

    def comparisons_of(self, day: date) -> tuple[ComparedOnRecord, ...]:
        """Return every comparison of a day, oldest first."""
        return closings.comparisons(self._connection, day)

    def last_comparison(self, day: date) -> DayComparison | None:
        """Return the newest comparison of a day."""
        return closings.last(self._connection, day)

    def compared_days(self, since: date) -> tuple[date, ...]:
        """Return the days that were ever compared, the last first, from one on."""
        return closings.days(self._connection, since)

    def decisions(self, day: date) -> tuple[Decided, ...]:
        """Return what was decided about the differences of a day, oldest first."""
        return closings.decisions(self._connection, day)

    def day_signatures(self, day: date) -> tuple[DaySignature, ...]:
        """Return the signatures under a day, oldest first."""
        return closings.signatures(self._connection, day)

    def notes_unsigned(self, day: date) -> int:
        """Return how many notes of visits of a day are left unsigned."""
        return closings.unsigned(self._connection, day)

    def dispensation_numbered(self, external_number: str) -> UUID | None:
        """Return which dispensation bears our own number; None: none does."""
        return closings.ours(self._connection, external_number)

    def packets_of(self, day: date) -> tuple[PacketOnRecord, ...]:
        """Return the packets of a day that were written, oldest first."""
        return closings.packets(self._connection, day)
