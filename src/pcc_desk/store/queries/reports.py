"""What the columns of reports mean."""

from pcc_desk.domain.columns import ColumnMap
from pcc_desk.domain.pos_entries import ColumnsSaid
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection

SAID = "SELECT body FROM pos_columns ORDER BY header"


def said(connection: Connection) -> dict[str, ColumnMap]:
    """Return what the columns of reports mean, by the hash of their titles."""
    entries = (codec.read(ColumnsSaid.name, ColumnsSaid.version, body) for (body,) in connection.execute(SAID))
    return {each.header: each.columns for each in entries if isinstance(each, ColumnsSaid)}
