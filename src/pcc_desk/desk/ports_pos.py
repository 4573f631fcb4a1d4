"""What points of sale need of the record."""

from collections.abc import Mapping
from typing import Protocol

from pcc_desk.domain.columns import ColumnMap


class PosLedger(Protocol):
    """What a ledger knows of points of sale."""

    def columns_said(self) -> Mapping[str, ColumnMap]:
        """Return what the columns of reports mean, as somebody said last, by the hash of their titles."""
        ...
