"""Applies entries about points of sale to their table; `projection` calls it."""

from pcc_desk.domain.entries import Act
from pcc_desk.domain.pos_entries import ColumnsSaid
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros


def said(entry: ColumnsSaid, connection: Connection, act: Act) -> None:
    """Let what was said last of a kind of report be what counts."""
    row = (entry.header, micros(act.at), act.by.hex, codec.written(entry))
    connection.execute("INSERT OR REPLACE INTO pos_columns VALUES (?, ?, ?, ?)", row)
