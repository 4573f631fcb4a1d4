"""What the end of a day needs of the world."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from pcc_desk.desk.records import ComparedOnRecord, PacketOnRecord
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.closing import Decided
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.signatures import DaySignature


class Weight(Enum):
    """How a line of a report stands on its page."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    SMALL = "small"


ReportLine = tuple[Weight, str]


class ClosingLedger(Protocol):
    """What a ledger knows of the ends of days."""

    def comparisons_of(self, day: date) -> tuple[ComparedOnRecord, ...]:
        """Return every comparison of a day, oldest first."""
        ...

    def last_comparison(self, day: date) -> DayComparison | None:
        """Return the newest comparison of a day."""
        ...

    def compared_days(self, since: date) -> tuple[date, ...]:
        """Return the days that were ever compared, the last first, from one on."""
        ...

    def decisions(self, day: date) -> tuple[Decided, ...]:
        """Return what was decided about the differences of a day, oldest first."""
        ...

    def day_signatures(self, day: date) -> tuple[DaySignature, ...]:
        """Return the signatures under a day, oldest first."""
        ...

    def notes_unsigned(self, day: date) -> int:
        """Return how many notes of visits of a day are left unsigned."""
        ...

    def dispensation_numbered(self, external_number: str) -> UUID | None:
        """Return which dispensation bears our own number; None: none does."""
        ...

    def packets_of(self, day: date) -> tuple[PacketOnRecord, ...]:
        """Return the packets of a day that were written, oldest first."""
        ...


class Packets(Protocol):
    """Where the evidence of closed days goes."""

    async def fingerprint(self) -> str:
        """Return the fingerprint of the key that the shop signs its packets with."""
        ...

    async def write(
        self, name: str, about: Mapping[str, Any], documents: Mapping[str, Any], report: tuple[ReportLine, ...]
    ) -> tuple[str, str] | Unanswered:
        """Write a packet beside the store, signed; the report is drawn as a page for people.

        Documents are JSON values, by the name of their file; of a name in .jsonl a list. Return the file's name and
        the SHA-256 of its bytes, or why nothing was written.
        """
        ...
