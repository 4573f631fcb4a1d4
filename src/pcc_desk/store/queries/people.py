"""Who people are: whom somebody may be taken for, what they were called, who cares for them, what they agreed to."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pcc_desk.desk.ports_people import RecordLine
from pcc_desk.domain.identity import (
    NO_DETAILS,
    Caregiver,
    CareLink,
    Consent,
    Details,
    FormerName,
    PatientStatus,
    Physician,
    Standing,
)
from pcc_desk.domain.intake import Intake, IntakeState
from pcc_desk.domain.people import BEGINNING, Card, Patient, card_key, name_key
from pcc_desk.domain.people_entries import CaregiverKept, DetailsNoted, PatientColumnsSaid, PhysicianKept
from pcc_desk.domain.requests import Request, RequestKind, RequestOutcome
from pcc_desk.domain.typed_people import phone_key
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant
from pcc_desk.store.queries.patients import LAST, PATIENT, patient_of

MOST_ALIKE = 200
"""Of each kind: who shares so much with more people than this is not told apart by it."""

_OF_PATIENT = ", ".join(f"p.{each}" for each in PATIENT.split(", "))

LIKE_BORN = f"SELECT {PATIENT} FROM patient INDEXED BY patient_by_birth WHERE born = ? LIMIT ?"
LIKE_NAMED = f"""
SELECT {PATIENT} FROM patient INDEXED BY patient_by_family
WHERE family_key >= ? AND family_key < ? AND given_key >= ? AND given_key < ?
ORDER BY family_key, given_key, id LIMIT ?"""
NAMESAKES = f"""
SELECT {PATIENT} FROM patient INDEXED BY patient_by_birth
WHERE born = ? AND family_key = ? AND given_key = ? ORDER BY id"""
LIKE_CARD = f"""
SELECT {_OF_PATIENT} FROM card c INDEXED BY card_by_number
JOIN patient p ON p.id = c.patient_id WHERE c.number_key = ? LIMIT ?"""
LIKE_PHONE = f"""
SELECT {_OF_PATIENT} FROM patient_phone n INDEXED BY patient_phone_by_key
JOIN patient p ON p.id = n.patient_id WHERE n.phone_key = ? LIMIT ?"""

FORMER_NAMES = """
SELECT family_name, given_name, born, until, why FROM former_name WHERE patient_id = ? ORDER BY until DESC, id DESC"""
STATUS = "SELECT status, since, why FROM patient_status WHERE patient_id = ?"
DETAILS = "SELECT body FROM patient_details WHERE patient_id = ?"
CARE_OF = """
SELECT l.starts, l.ends, l.is_guardian, c.id, c.body FROM care_link l JOIN caregiver c ON c.id = l.caregiver_id
WHERE l.patient_id = ? ORDER BY c.name_key, c.id"""
CARED_BY = """
SELECT l.patient_id, l.starts, l.ends, l.is_guardian FROM care_link l INDEXED BY care_link_by_caregiver
WHERE l.caregiver_id = ? ORDER BY l.patient_id"""
CAREGIVER = "SELECT body FROM caregiver WHERE id = ?"
BY_CARD = "SELECT body FROM caregiver INDEXED BY caregiver_by_card WHERE card_key = ? ORDER BY id"
PHYSICIAN = "SELECT body FROM physician WHERE id = ?"
PHYSICIANS = """
SELECT body FROM physician INDEXED BY physician_by_name WHERE name_key >= ? AND name_key < ? ORDER BY name_key, id
LIMIT ?"""
PHYSICIANS_NUMBERED = "SELECT body FROM physician WHERE npi = ? ORDER BY id"
"""A shop knows few enough to look at each."""
CONSENTS = """
SELECT id, purpose, version, is_given, day, by_whom, withdrawn_on, withdrawn_why FROM consent
WHERE patient_id = ? ORDER BY day, id"""
INTAKE = """
SELECT id, form, begun_at, state, last_field FROM intake WHERE patient_id = ? ORDER BY begun_at DESC, id DESC LIMIT 1"""
ANSWERS = "SELECT field, answer FROM intake_answer WHERE patient_id = ? AND intake_id = ? ORDER BY field"
COLUMNS_SAID = "SELECT body FROM journal WHERE name = ? ORDER BY seq DESC"
RECORD = """
SELECT e.seq, e.at, s.name, j.name, j.version, j.body
FROM event e INDEXED BY event_by_patient CROSS JOIN journal j ON j.seq = e.seq LEFT JOIN staff s ON s.id = e.by_person
WHERE e.patient_id = ? ORDER BY e.at, e.seq"""
_REQUEST = "SELECT patient_id, id, kind, made_on, words, is_extended, outcome, settled_words FROM record_request"
REQUESTS = f"{_REQUEST} WHERE patient_id = ? ORDER BY made_on, id"
OPEN_REQUESTS = f"{_REQUEST} INDEXED BY record_request_open WHERE outcome IS NULL ORDER BY made_on, id"


def like(connection: Connection, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
    """Return the patients among whom one that is like this may be, by id."""
    family, given = name_key(patient.family_name), name_key(patient.given_name)
    rows = connection.execute(LIKE_BORN, (patient.born.isoformat(), MOST_ALIKE)).fetchall()
    for first, second in ((family, given), (given, family)):
        span = first[:BEGINNING], first[:BEGINNING] + LAST, second[:1], second[:1] + LAST
        rows += connection.execute(LIKE_NAMED, (*span, MOST_ALIKE))
    for card in cards:
        rows += connection.execute(LIKE_CARD, (card.key, MOST_ALIKE))
    if phone_key(patient.phone):
        rows += connection.execute(LIKE_PHONE, (phone_key(patient.phone), MOST_ALIKE))
    found = {row[0]: patient_of(row) for row in rows}
    return tuple(found[each] for each in sorted(found))


def namesakes(connection: Connection, patient: Patient) -> tuple[Patient, ...]:
    """Return the patients of the same birth date and names, by id."""
    keys = patient.born.isoformat(), name_key(patient.family_name), name_key(patient.given_name)
    return tuple(map(patient_of, connection.execute(NAMESAKES, keys)))


def former_names(connection: Connection, patient_id: UUID) -> tuple[FormerName, ...]:
    """Return what a patient was called, the last first."""
    rows = connection.execute(FORMER_NAMES, (patient_id.hex,))
    return tuple(FormerName(row[0], row[1], date.fromisoformat(row[2]), instant(row[3]), row[4]) for row in rows)


def status(connection: Connection, patient_id: UUID) -> Standing:
    """Return how a patient stands with the shop; active unless somebody said otherwise."""
    row = connection.execute(STATUS, (patient_id.hex,)).fetchone()
    return Standing(PatientStatus(row[0]), instant(row[1]), row[2]) if row else Standing(PatientStatus.ACTIVE)


def _kept(body: str, kind: Any) -> Any:
    return codec.read(kind.name, kind.version, body)


def details(connection: Connection, patient_id: UUID) -> Details:
    """Return what is known of a patient."""
    row = connection.execute(DETAILS, (patient_id.hex,)).fetchone()
    kept: Details = _kept(row[0], DetailsNoted).details if row else NO_DETAILS
    return kept


def _caregiver(body: str) -> Caregiver:
    who: Caregiver = _kept(body, CaregiverKept).caregiver
    return who


def care_of(connection: Connection, patient_id: UUID) -> tuple[tuple[CareLink, Caregiver], ...]:
    """Return who may buy for a patient, or might once, by name."""
    rows = connection.execute(CARE_OF, (patient_id.hex,)).fetchall()
    return tuple((_link(patient_id, UUID(row[3]), row[:3]), _caregiver(row[4])) for row in rows)


def _link(patient_id: UUID, caregiver_id: UUID, row: tuple[Any, ...]) -> CareLink:
    ends = date.fromisoformat(row[1]) if row[1] else None
    return CareLink(patient_id, caregiver_id, date.fromisoformat(row[0]), ends, bool(row[2]))


def cared_for(connection: Connection, caregiver_id: UUID) -> tuple[CareLink, ...]:
    """Return for whom a caregiver may buy, or might once."""
    rows = connection.execute(CARED_BY, (caregiver_id.hex,))
    return tuple(_link(UUID(row[0]), caregiver_id, row[1:]) for row in rows)


def caregiver(connection: Connection, caregiver_id: UUID) -> Caregiver | None:
    """Return a caregiver."""
    row = connection.execute(CAREGIVER, (caregiver_id.hex,)).fetchone()
    return _caregiver(row[0]) if row else None


def caregivers_on(connection: Connection, number: str) -> tuple[Caregiver, ...]:
    """Return the caregivers with a card of this number."""
    return tuple(_caregiver(row[0]) for row in connection.execute(BY_CARD, (card_key(number),)))


def physician(connection: Connection, physician_id: UUID) -> Physician | None:
    """Return a physician."""
    row = connection.execute(PHYSICIAN, (physician_id.hex,)).fetchone()
    who: Physician | None = _kept(row[0], PhysicianKept).physician if row else None
    return who


def physicians(connection: Connection, typed: str, limit: int) -> tuple[Physician, ...]:
    """Return the physicians whose names begin with what was typed."""
    key = name_key(typed)
    return tuple(
        _kept(row[0], PhysicianKept).physician for row in connection.execute(PHYSICIANS, (key, key + LAST, limit))
    )


def physicians_numbered(connection: Connection, npi: str) -> tuple[Physician, ...]:
    """Return the physicians with a National Provider Identifier."""
    return tuple(_kept(row[0], PhysicianKept).physician for row in connection.execute(PHYSICIANS_NUMBERED, (npi,)))


def consents(connection: Connection, patient_id: UUID) -> tuple[Consent, ...]:
    """Return what a patient agreed to or not, the first first."""
    return tuple(
        Consent(
            UUID(row[0]),
            patient_id,
            row[1],
            row[2],
            bool(row[3]),
            date.fromisoformat(row[4]),
            row[5],
            date.fromisoformat(row[6]) if row[6] else None,
            row[7],
        )
        for row in connection.execute(CONSENTS, (patient_id.hex,))
    )


def intake(connection: Connection, patient_id: UUID) -> Intake | None:
    """Return the last intake of a patient."""
    row = connection.execute(INTAKE, (patient_id.hex,)).fetchone()
    if row is None:
        return None
    answers = connection.execute(ANSWERS, (patient_id.hex, row[0])).fetchall()
    given = {field: answer for field, answer in answers if answer}
    return Intake(UUID(row[0]), patient_id, row[1], instant(row[2]), IntakeState(row[3]), given, row[4])


def _request(row: tuple[Any, ...]) -> Request:
    return Request(
        UUID(row[1]),
        UUID(row[0]),
        RequestKind(row[2]),
        date.fromisoformat(row[3]),
        row[4],
        bool(row[5]),
        RequestOutcome(row[6]) if row[6] else None,
        row[7],
    )


def requests(connection: Connection, patient_id: UUID) -> tuple[Request, ...]:
    """Return what a patient asked of their record, the first first."""
    return tuple(map(_request, connection.execute(REQUESTS, (patient_id.hex,))))


def open_requests(connection: Connection) -> tuple[Request, ...]:
    """Return what is not settled, the oldest first."""
    return tuple(map(_request, connection.execute(OPEN_REQUESTS)))


def columns_said(connection: Connection, header: str) -> Mapping[str, str]:
    """Return under which title each field of a file of patients stands, as somebody said last; empty: nobody did."""
    for (body,) in connection.execute(COLUMNS_SAID, (PatientColumnsSaid.name,)):
        said: PatientColumnsSaid = _kept(body, PatientColumnsSaid)
        if said.header == header:
            return dict(said.columns)
    return {}


def record_of(connection: Connection, patient_id: UUID) -> tuple[RecordLine, ...]:
    """Return every entry about one record of a patient, by time."""
    return tuple(
        RecordLine(row[0], instant(row[1]), row[2] or "", codec.read(row[3], row[4], row[5]))
        for row in connection.execute(RECORD, (patient_id.hex,))
    )
