"""Patients and their cards."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from pcc_desk.desk.records import FoundPatient
from pcc_desk.domain.people import Card, Holder, Patient, card_key, name_key
from pcc_desk.domain.typed_people import phone_key
from pcc_desk.store.connection import Connection

PATIENT = "id, family_name, given_name, born, phone, certification_expires, certified_by, remarks"
CARD = "number, patient_id, holder, holder_name, expires_on, renewed_as"

ONE = f"SELECT {PATIENT} FROM patient WHERE id = ?"
CARDS = f"""
SELECT {CARD} FROM card WHERE patient_id = ?
ORDER BY holder = 'caregiver', renewed_as <> '', expires_on DESC, number_key"""
CARDS_NUMBERED = f"SELECT {CARD} FROM card INDEXED BY card_by_number WHERE number_key = ? ORDER BY patient_id"

FOUND = "id, family_name, given_name, born, card_number, card_expires"
_FOUND = f"SELECT {', '.join(f'p.{each}' for each in FOUND.split(', '))}"

BY_FAMILY = f"""
{_FOUND} FROM patient p INDEXED BY patient_by_family
WHERE p.family_key >= ? AND p.family_key < ? AND p.given_key >= ? AND p.given_key < ?
ORDER BY p.family_key, p.given_key, p.id LIMIT ?"""
"""The index alone tells all that is shown: each row that it led to would be a page to be decrypted."""
BY_GIVEN = f"""
{_FOUND} FROM patient p INDEXED BY patient_by_given
WHERE p.given_key >= ? AND p.given_key < ? ORDER BY p.given_key, p.family_key, p.id LIMIT ?"""
BY_BOTH_GIVEN_FIRST = f"""
WITH RECURSIVE named (given_key) AS (
    SELECT min(given_key) FROM patient INDEXED BY patient_by_given WHERE given_key >= ?1 AND given_key < ?2
    UNION ALL
    SELECT (SELECT min(n.given_key) FROM patient n INDEXED BY patient_by_given
            WHERE n.given_key > named.given_key AND n.given_key < ?2)
    FROM named WHERE named.given_key IS NOT NULL)
{_FOUND} FROM named CROSS JOIN patient p INDEXED BY patient_by_given
WHERE p.given_key = named.given_key AND p.family_key >= ?3 AND p.family_key < ?4 LIMIT ?5"""
"""Hops over the index from given name to given name: many are called by one."""
BY_BIRTH = f"""
{_FOUND} FROM patient p INDEXED BY patient_by_birth
WHERE p.born = ? ORDER BY p.family_key, p.given_key, p.id LIMIT ?"""
BY_CARD = """
SELECT p.id, p.family_name, p.given_name, p.born, c.number, c.expires_on
FROM card c INDEXED BY card_by_number JOIN patient p ON p.id = c.patient_id
WHERE c.number_key >= ? AND c.number_key < ? ORDER BY c.number_key, c.patient_id LIMIT ?"""
BY_BIRTH_BEGINNING = f"""
{_FOUND} FROM patient p INDEXED BY patient_by_birth
WHERE p.born >= ? AND p.born < ? ORDER BY p.born, p.family_key, p.given_key, p.id LIMIT ?"""
BY_PHONE = f"""
{_FOUND} FROM patient_phone t INDEXED BY patient_phone_by_key JOIN patient p ON p.id = t.patient_id
WHERE t.phone_key >= ? AND t.phone_key < ? ORDER BY t.phone_key, t.patient_id LIMIT ?"""
BY_TAG = f"""
{_FOUND} FROM (
    SELECT DISTINCT patient_id FROM dispensed_line INDEXED BY dispensed_line_by_label
    WHERE label = ? ORDER BY patient_id LIMIT ?) t
CROSS JOIN patient p ON p.id = t.patient_id"""
FOUND_ONE = f"SELECT {FOUND} FROM patient WHERE id = ?"

SHORTEST_PHONE = 4

AFTER = f"""
SELECT {PATIENT} FROM patient WHERE id > ? AND NOT EXISTS (SELECT 1 FROM merged m WHERE m.merged_id = patient.id)
ORDER BY id LIMIT ?"""
COUNT = "SELECT count(*) FROM patient"

_TAG = re.compile(r"1A4[0-9A-Z]{21}", re.ASCII)
_BEGINNING = re.compile(r"(?:19|20)[0-9]{2}(?:-[0-9]{0,2}(?:-[0-9]?)?)?", re.ASCII)
"""The beginning of a birth date."""

LAST = "\U0010ffff"
"""Sorts after every letter that a name or a card may hold."""


def patient_of(row: tuple[Any, ...]) -> Patient:
    """Return the patient of a row of `PATIENT`."""
    certified = row[5]
    return Patient(
        id=UUID(row[0]),
        family_name=row[1],
        given_name=row[2],
        born=date.fromisoformat(row[3]),
        phone=row[4],
        certification_expires=date.fromisoformat(certified) if certified else None,
        certified_by=row[6],
        remarks=row[7],
    )


def card_of(row: tuple[Any, ...]) -> Card:
    """Return the card of a row of `CARD`."""
    return Card(row[0], UUID(row[1]), Holder(row[2]), row[3], date.fromisoformat(row[4]), row[5])


def found_of(row: tuple[Any, ...]) -> FoundPatient:
    """Return the found patient of a row of `FOUND`."""
    expires = date.fromisoformat(row[5]) if row[5] else None
    return FoundPatient(UUID(row[0]), row[1], row[2], date.fromisoformat(row[3]), row[4] or "", expires)


def after(connection: Connection, last: UUID | None, limit: int) -> tuple[Patient, ...]:
    """Return the next patients by their ids."""
    rows = connection.execute(AFTER, (last.hex if last else "", limit))
    return tuple(patient_of(row) for row in rows)


def count(connection: Connection) -> int:
    """Return how many patients there are."""
    return int(connection.execute(COUNT).fetchone()[0])


def one(connection: Connection, patient_id: UUID) -> Patient | None:
    """Return a patient."""
    row = connection.execute(ONE, (patient_id.hex,)).fetchone()
    return patient_of(row) if row else None


def cards(connection: Connection, patient_id: UUID) -> tuple[Card, ...]:
    """Return a patient's cards, the best first."""
    return tuple(card_of(row) for row in connection.execute(CARDS, (patient_id.hex,)))


def cards_numbered(connection: Connection, key: str) -> tuple[Card, ...]:
    """Return the cards with this key."""
    return tuple(card_of(row) for row in connection.execute(CARDS_NUMBERED, (key,)))


def find(connection: Connection, typed: str, limit: int) -> tuple[FoundPatient, ...]:
    """Return the patients whose card, number, birth date or names begin with what was typed, in the order of `Ledger`.

    A package's tag finds those to whom something of it was dispensed.
    """
    unlike: dict[tuple[str, str | None], tuple[Any, ...]] = {}
    for row in _rows(connection, " ".join(typed.split()), limit):
        unlike.setdefault((row[0], row[4]), row)
    return tuple(map(found_of, islice(unlike.values(), limit)))


def found_one(connection: Connection, patient_id: UUID) -> FoundPatient | None:
    """Return a patient as a search shows them."""
    row = connection.execute(FOUND_ONE, (patient_id.hex,)).fetchone()
    return found_of(row) if row else None


def _rows(connection: Connection, typed: str, limit: int) -> list[tuple[Any, ...]]:
    names, _, last = typed.rpartition(" ")
    born, is_named = typed_date(typed), bool(names) and not any(each.isdigit() for each in names)
    if born is not None:
        return [*connection.execute(BY_BIRTH, (born.isoformat(), limit))]
    if is_named and (born := typed_date(last)) is not None:
        everybody = connection.execute(BY_BIRTH, (born.isoformat(), -1))
        return [row for row in everybody if is_called(f"{row[1]} {row[2]}", names)]
    if _TAG.fullmatch(typed.upper()):
        return [*connection.execute(BY_TAG, (typed.upper(), limit))]
    if any(each.isdigit() for each in typed):
        return _by_number(connection, typed, limit)
    return _by_name(connection, name_key(typed), limit)


def _by_number(connection: Connection, typed: str, limit: int) -> list[tuple[Any, ...]]:
    key = card_key(typed)
    rows = [*connection.execute(BY_CARD, (key, key + LAST, limit))]
    if _BEGINNING.fullmatch(typed):
        begins = f"{typed[:4]}-{typed[5:]}"  # a year alone would be compared as a number, which every date comes after
        rows += connection.execute(BY_BIRTH_BEGINNING, (begins, begins + LAST, limit)).fetchall()
    phone = phone_key(typed)
    if len(phone) >= SHORTEST_PHONE and not any(each.isalpha() for each in typed):
        rows += connection.execute(BY_PHONE, (phone, phone + LAST, limit)).fetchall()
    return rows


def is_called(name: str, typed: str) -> bool:
    """Whether each word that was typed begins a part of a name, in any order."""
    parts = name_key(name).split()
    return all(any(part.startswith(word) for part in parts) for word in name_key(typed).split())


def _by_name(connection: Connection, key: str, limit: int) -> list[tuple[Any, ...]]:
    """Try every way to part the words into family and given name: the family name first, then the other way round."""
    words = key.split()
    ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1)]
    rows: list[tuple[Any, ...]] = []
    for first, second in ways:
        if len(rows) < limit:
            rows += connection.execute(BY_FAMILY, (first, first + LAST, second, second + LAST, limit))
    for first, second in ways:
        if len(rows) < limit and second:
            rows += connection.execute(BY_BOTH_GIVEN_FIRST, (first, first + LAST, second, second + LAST, limit))
        elif len(rows) < limit:
            rows += connection.execute(BY_GIVEN, (first, first + LAST, limit))
    return rows


def typed_date(typed: str) -> date | None:
    """Return a whole birth date as it is typed: 1958-03-11, 3/11/1958, 03111958, 19580311. None for anything else."""
    text = typed.strip()
    parts: Iterable[str]
    if text.count("-") == 2:
        year, month, day = text.split("-")
    elif text.count("/") == 2:
        month, day, year = text.split("/")
    elif len(text) == 8 and text.isdecimal():
        is_year_first = text[:2] in {"19", "20"}  # no month is called so
        year, month, day = (text[:4], text[4:6], text[6:]) if is_year_first else (text[4:], text[:2], text[2:4])
    else:
        return None
    parts = (year, month, day)
    if len(year) != 4 or not all(each.isdecimal() for each in parts):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
