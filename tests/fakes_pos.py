"""What the ledger in memory knows of points of sale."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pcc_desk.domain.columns import ColumnMap
from pcc_desk.domain.entries import Act
from pcc_desk.domain.pos_entries import ColumnsSaid


class FakePosRecords:
    """Implements `desk.ports_pos.PosLedger` over the acts that were recorded."""

    acts: dict[UUID, tuple[Any, Act]]

    def columns_said(self) -> Mapping[str, ColumnMap]:
        """Return what the columns of reports mean, as somebody said last."""
        said = [(entry.header, entry.columns) for entry, _ in self.acts.values() if isinstance(entry, ColumnsSaid)]
        return dict(said)
