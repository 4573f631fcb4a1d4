"""Who people are: whom somebody may be taken for."""

from pcc_desk.desk.ports_people import BEGINNING
from pcc_desk.domain.people import Card, Patient, name_key
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries.patients import LAST, PATIENT, patient_of

MOST_ALIKE = 200
"""Of each kind: who shares so much with more people than this is not told apart by it."""

LIKE_BORN = f"SELECT {PATIENT} FROM patient INDEXED BY patient_by_birth WHERE born = ? LIMIT ?"
LIKE_NAMED = f"""
SELECT {PATIENT} FROM patient INDEXED BY patient_by_family
WHERE family_key >= ? AND family_key < ? AND given_key >= ? AND given_key < ?
ORDER BY family_key, given_key, id LIMIT ?"""
LIKE_CARD = f"""
SELECT {", ".join(f"p.{each}" for each in PATIENT.split(", "))} FROM card c INDEXED BY card_by_number
JOIN patient p ON p.id = c.patient_id WHERE c.number_key = ? LIMIT ?"""


def like(connection: Connection, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
    """Return the patients among whom one that is like this may be, by id."""
    family, given = name_key(patient.family_name), name_key(patient.given_name)
    rows = connection.execute(LIKE_BORN, (patient.born.isoformat(), MOST_ALIKE)).fetchall()
    for first, second in ((family, given), (given, family)):
        span = first[:BEGINNING], first[:BEGINNING] + LAST, second[:1], second[:1] + LAST
        rows += connection.execute(LIKE_NAMED, (*span, MOST_ALIKE))
    for card in cards:
        rows += connection.execute(LIKE_CARD, (card.key, MOST_ALIKE))
    found = {row[0]: patient_of(row) for row in rows}
    return tuple(found[each] for each in sorted(found))
