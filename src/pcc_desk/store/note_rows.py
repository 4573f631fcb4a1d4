"""Applies entries about notes, and about what is typed and not saved yet, to their tables; `projection` calls it."""

from pcc_desk.domain import entries as happened
from pcc_desk.domain.entries import Act
from pcc_desk.store import people_rows
from pcc_desk.store.connection import Connection
from pcc_desk.store.inserts import insert
from pcc_desk.store.instants import micros
from pcc_desk.store.queries import merged


def signed(entry: happened.NoteSigned, connection: Connection, act: Act) -> None:
    """Put a note there; its draft goes, and what had to be done at once is over."""
    insert(
        connection,
        "note",
        entry.patient_id.hex,
        micros(act.at),
        entry.note_id.hex,
        entry.visit_id.hex,
        entry.verification_id.hex,
        act.by.hex,
        entry.text,
    )
    connection.execute("DELETE FROM draft WHERE visit_id = ? AND person_id = ?", (entry.visit_id.hex, act.by.hex))
    people_rows.noted(connection, entry.patient_id, merged.of_one(connection, entry.patient_id))


def drafted(entry: happened.DraftKept, connection: Connection, act: Act) -> None:
    """Keep what is typed of a note, in the place of what was; nothing typed: keep nothing."""
    key = (entry.visit_id.hex, entry.person_id.hex)
    connection.execute("DELETE FROM draft WHERE visit_id = ? AND person_id = ?", key)
    if entry.text:
        insert(connection, "draft", *key, entry.text, micros(act.at))


def kept_form(entry: happened.FormKept, connection: Connection, act: Act) -> None:
    """Keep what is typed in a form, in the place of what was; nothing typed: keep nothing."""
    drop_form(connection, entry.person_id.hex, entry.form, entry.about.hex)
    if entry.content:
        key = entry.person_id.hex, entry.form, entry.about.hex
        insert(connection, "form_draft", *key, entry.content, micros(act.at))


def drop_form(connection: Connection, *key: str) -> None:
    """Keep nothing of a form any more: by who typed it, its name, and what it is about."""
    connection.execute("DELETE FROM form_draft WHERE person_id = ? AND form = ? AND about = ?", key)
