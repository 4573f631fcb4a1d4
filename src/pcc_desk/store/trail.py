"""Keeps, beside the journal, what each entry tells of who did what to whom; and what audits put on record."""

from pcc_desk.domain import audit_entries as audited
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.told import told_of
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros

KEEP = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)"


def keep(connection: Connection, seq: int, entry: Entry, act: Act) -> None:
    """Keep what the entry of that number tells."""
    told = told_of(entry)
    patient = told.patient_id.hex if told.patient_id else None
    row = (seq, micros(act.at), act.by.hex, told.act, patient, told.outcome, ",".join(told.changed))
    connection.execute(KEEP, row)


def looked(entry: Entry, connection: Connection, act: Act) -> None:
    """Change no table but that of the events: nothing became otherwise."""


def reviewed(entry: audited.ReviewSigned, connection: Connection, act: Act) -> None:
    """Keep a review. Of two that end with the same entry the first stands."""
    connection.execute(
        "INSERT OR IGNORE INTO review VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.last,
            entry.first,
            act.id.hex,
            micros(entry.since),
            micros(entry.until),
            entry.anomalies,
            entry.digest,
            entry.meaning,
            act.by.hex,
            micros(act.at),
        ),
    )


def disclosed(entry: audited.Disclosed, connection: Connection, act: Act) -> None:
    """Keep a disclosure; an earlier one that it corrects stays as it is."""
    connection.execute(
        "INSERT INTO disclosure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.patient_id.hex,
            entry.made_on.isoformat(),
            entry.disclosure_id.hex,
            entry.recipient,
            entry.address,
            entry.what,
            entry.purpose,
            entry.corrects.hex if entry.corrects else None,
            act.by.hex,
            micros(act.at),
        ),
    )
