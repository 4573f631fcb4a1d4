"""What the end of a day needs of the world."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from pcc_desk.desk.records import ComparedOnRecord, PacketOnRecord
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.closing import DaySignature, Decided


class ClosingLedger(Protocol):
    """What a ledger knows of the ends of days."""

    def comparisons_of(self, day: date) -> tuple[ComparedOnRecord, ...]:
        """Return every comparison of a day, oldest first."""
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

    def packets_of(self, day: date) -> tuple[PacketOnRecord, ...]:
        """Return the packets of a day that were written, oldest first."""
        ...


class Packets(Protocol):
    """Where the evidence of closed days goes."""

    def fingerprint(self) -> str:
        """Return the fingerprint of the key that the shop signs its packets with. Raises `NotSaved`."""
        ...

    async def write(
        self, name: str, about: Mapping[str, Any], documents: Mapping[str, bytes]
    ) -> tuple[str, str] | Unanswered:
        """Write a packet beside the store, signed. Return the file's name and the SHA-256 of its bytes."""
        ...
