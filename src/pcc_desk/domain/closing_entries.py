"""What happens at the end of a day: decisions, signatures, packets. The rules of `domain.entries` hold here as well."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pcc_desk.domain.closing import Decided
from pcc_desk.domain.signatures import DaySignature


@dataclass(frozen=True, slots=True)
class FindingDecided:
    """Somebody decided what becomes of a difference between the records of a day."""

    name: ClassVar = "finding.decided"
    version: ClassVar = 1
    decided: Decided


@dataclass(frozen=True, slots=True)
class DaySigned:
    """Somebody signed for a day, as it was known then."""

    name: ClassVar = "day.signed"
    version: ClassVar = 1
    signature: DaySignature


@dataclass(frozen=True, slots=True)
class PacketWritten:
    """The evidence of a closed day was written into a file beside the store. `digest` is what was signed for."""

    name: ClassVar = "packet.written"
    version: ClassVar = 1
    day: date
    file: str
    sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class ShelvesCompared:
    """The packages at the till were compared with the state's: how many there are, and how many differ."""

    name: ClassVar = "shelves.compared"
    version: ClassVar = 1
    till: int
    state: int
    differences: int
    catalogue: int
    is_compared: bool
    """Whether both sides were read."""


@dataclass(frozen=True, slots=True)
class DaySheetPrinted:
    """The sheet of a closed day was sent to the printer. It bears the journal's end, and no patient."""

    name: ClassVar = "day.sheet_printed"
    version: ClassVar = 1
    day: date


ClosingEntry = FindingDecided | DaySigned | PacketWritten | ShelvesCompared | DaySheetPrinted
