"""What the ledger knows of points of sale."""

from collections.abc import Mapping

from pcc_desk.domain.columns import ColumnMap
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries import reports


class PosRecords:
    """Implements `desk.ports_pos.PosLedger`."""

    _connection: Connection

    def columns_said(self) -> Mapping[str, ColumnMap]:
        """Return what the columns of reports mean, by the hash of their titles."""
        return reports.said(self._connection)
