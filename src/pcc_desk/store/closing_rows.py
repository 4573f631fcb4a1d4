"""Applies entries about the end of a day to their tables; `projection` calls it."""

from pcc_desk.domain.closing_entries import DaySigned, FindingDecided, PacketWritten
from pcc_desk.domain.entries import Act
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros


def decided(entry: FindingDecided, connection: Connection, act: Act) -> None:
    """Put a decision there. Nothing that was decided before goes."""
    about = entry.decided
    row = (about.day.isoformat(), micros(act.at), act.id.hex, codec.written(entry))
    connection.execute("INSERT INTO finding_decision VALUES (?, ?, ?, ?)", row)


def signed(entry: DaySigned, connection: Connection, act: Act) -> None:
    """Put a signature there."""
    row = (entry.signature.day.isoformat(), micros(act.at), act.id.hex, codec.written(entry))
    connection.execute("INSERT INTO day_signature VALUES (?, ?, ?, ?)", row)


def packed(entry: PacketWritten, connection: Connection, act: Act) -> None:
    """Put a packet there."""
    row = (entry.day.isoformat(), micros(act.at), act.id.hex, entry.file, entry.sha256, entry.digest)
    connection.execute("INSERT INTO day_packet VALUES (?, ?, ?, ?, ?, ?)", row)
