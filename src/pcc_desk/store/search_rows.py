"""Keeps what finds a name, or a telephone number, by any three characters in it."""

from uuid import UUID

from pcc_desk.domain.people import Patient, name_key
from pcc_desk.domain.typed_people import phone_key
from pcc_desk.store.connection import Connection

FORGET = "DELETE FROM name_inside WHERE rowid = ?"
KEEP = "INSERT INTO name_inside (rowid, words, patient_id) VALUES (?, ?, ?)"


def keep(connection: Connection, patient: Patient) -> None:
    """Let a patient be found so, by what they are called now."""
    number = number_of(patient.id)
    connection.execute(FORGET, (number,))
    connection.execute(KEEP, (number, words_of(patient), patient.id.hex))


def number_of(patient_id: UUID) -> int:
    """Return the number of a patient in the index: the part of the id that is drawn by lot."""
    return patient_id.int & 0x7FFF_FFFF_FFFF_FFFF


def words_of(patient: Patient) -> str:
    """Return what is looked through."""
    return f"{name_key(patient.family_name)} {name_key(patient.given_name)} {phone_key(patient.phone)}".strip()
