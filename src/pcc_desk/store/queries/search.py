"""Patients by who they are: by birth date, by name."""

from datetime import date

from pcc_desk.domain.people import Patient
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries.patients import LAST, PATIENT, patient_of

BORN = f"""
SELECT {PATIENT} FROM patient INDEXED BY patient_by_birth
WHERE born = ? ORDER BY family_key, given_key, id LIMIT ?"""
NAMED = f"""
SELECT {PATIENT} FROM patient INDEXED BY patient_by_family
WHERE family_key = ? AND given_key >= ? AND given_key < ? ORDER BY given_key, id LIMIT ?"""


def born(connection: Connection, day: date, limit: int) -> tuple[Patient, ...]:
    """Return who was born on a day, by name."""
    return tuple(map(patient_of, connection.execute(BORN, (day.isoformat(), limit))))


def named(connection: Connection, family_key: str, given_key: str, limit: int) -> tuple[Patient, ...]:
    """Return whose family name is this one and whose given names begin so."""
    return tuple(map(patient_of, connection.execute(NAMED, (family_key, given_key, given_key + LAST, limit))))
